"""One message on the page with its answer, and messages that are read back from the storage.

Knows nothing about where they are stored or what is done with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatrec.conversation.comparison import comparison
from chatrec.conversation.recommender import Reply
from chatrec.conversation.sessions import Exchange, Shown
from chatrec.conversation.state import DialogueState, Feedback
from chatrec.conversation.taking_back import before_last
from chatrec.data.catalog import Catalog
from chatrec.errors import ChatrecError, RequestError
from chatrec.serving.cards import TurnView
from chatrec.serving.turns import Turn
from chatrec.types import Item, Recommendation

MARKS: tuple[Feedback, ...] = ("like", "dislike", "seen")


@dataclass(eq=False)
class Said:
    """A message. ``view`` is what the page shows of it, ``before`` the state that it met.

    ``turn`` is its place in the line, None where none was to be had. ``stored`` says that its
    answer is (about to be) stored; ``replaces`` is the message that it stands in for, until it is
    answered. ``stopped``: the visitor wanted no more of it. ``attempt`` counts how often the same
    message was answered before, in its place. ``error`` is what went wrong, where it is one of
    ours.
    """

    view: TurnView
    turn: Turn | None = None
    before: DialogueState | None = None
    stored: bool = False
    replaces: Said | None = None
    stopped: bool = False
    attempt: int = 0
    error: ChatrecError | None = None


def toggled(state: DialogueState, item_id: str, mark: str) -> Feedback | None:
    """The mark that an item has once this one was pressed: none where it had it.

    RequestError for a mark that there is not.
    """
    known = next((name for name in MARKS if name == mark), None)
    if known is None:
        raise RequestError(f"unknown mark {mark!r}; allowed are {', '.join(MARKS)}")
    return None if mark_of(item_id, state) == known else known


def marked(view: TurnView, state: DialogueState) -> TurnView:
    """The view with its items marked as the state holds them."""
    shown = () if view.reply is None else view.reply.recommendations
    marks = {r.item.item_id: mark_of(r.item.item_id, state) for r in shown}
    return replace(view, marks={item_id: mark for item_id, mark in marks.items() if mark})


def with_mark(state: DialogueState, item_id: str, mark: Feedback | None) -> DialogueState:
    """The state with this verdict on an item and no other; None for no verdict at all."""

    def less(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in ids if i != item_id)

    state = replace(
        state, liked=less(state.liked), disliked=less(state.disliked), seen=less(state.seen)
    )
    return state if mark is None else state.with_feedback(item_id, mark)


def without(said: Said, now: DialogueState) -> DialogueState:
    """The state that a message met, which is the last of those that led to ``now``.

    Limits that nothing lifts stay. RequestError where it can't be known.
    """
    before = before_last(now) if said.before is None else said.before
    return replace(before, guarded=now.guarded)


def read_back(exchanges: Sequence[Exchange], state: DialogueState, catalog: Catalog) -> list[Said]:
    """Stored exchanges as the page had them; marks are what the state holds of each title.

    A title that the catalogue has no more is shown without its facts.
    """
    return [Said(_view(exchange, state, catalog), stored=True) for exchange in exchanges]


def _view(exchange: Exchange, state: DialogueState, catalog: Catalog) -> TurnView:
    items = [catalog.get(item_id) for item_id in exchange.compared if item_id in catalog]
    reply = Reply(
        exchange.reply,
        exchange.led_by,
        tuple(_recommendation(shown, catalog) for shown in exchange.shown),
        state,
        exchange.chips,
        {},
        True,
        comparison(items, state.language) if len(items) > 1 else None,
        exchange.query,
        exchange.adapter,
    )
    return marked(TurnView(exchange.said, reply), state)


def mark_of(item_id: str, state: DialogueState) -> str:
    """What was said of an item: like, dislike, seen, or "" for nothing."""
    held = {"like": state.liked, "dislike": state.disliked, "seen": state.seen}
    return next((mark for mark in MARKS if item_id in held[mark]), "")


def _recommendation(shown: Shown, catalog: Catalog) -> Recommendation:
    known = shown.item_id in catalog
    return Recommendation(
        catalog.get(shown.item_id) if known else Item(shown.item_id, shown.title),
        shown.rank,
        shown.score,
        shown.rationale,
        shown.rationale_by,
        shown.evidence,
        shown.places,
    )


def number_in(value: object) -> int:
    """A count of at most six digits that came from the page; -1 for anything else."""
    digits = str(value)
    return int(digits) if digits.isdecimal() and len(digits) <= 6 else -1
