"""The chat page's HTML: a conversation as text, cards, reasons, evidence and chips.

Pure functions from value objects to strings. Every text from outside goes through :func:`plain`,
so that nothing a user, a catalogue or a model writes becomes markup. What a button does stands in
its ``data-`` attributes; ``static/page.js`` passes these on and :mod:`chatrec.serving.ui` acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chatrec.conversation.filters import Filter
from chatrec.conversation.recommender import Reply
from chatrec.conversation.state import DialogueState
from chatrec.serving.markup import meta, plain, tile
from chatrec.serving.rating import RatingView, rating
from chatrec.types import NO_FACTS, Evidence, Item, Recommendation

MAX_TURNS_SHOWN = 20

_EVIDENCE_WORDS: Mapping[str, str] = {
    "genre": "Genre",
    "creator": "Made by",
    "cast": "With",
    "year": "Year",
    "country": "Country",
    "language": "Language",
    "runtime": "Length",
    "age_rating": "Age rating",
    "keyword": "Theme",
    "description": "About",
    "price": "Price",
    "fact": "Detail",
    "shared_creator": "Same maker",
    "shared_cast": "Same performer",
    "shared_genre": "Same genre",
    "shared_keyword": "Same theme",
    "similar": "Close to",
    "match": "You asked for",
    "together": "Often chosen with",
}
LED_BY_WORDS: Mapping[str, str] = {
    "item_head": "Ranked by the tuned item model",
    "labels": "Ranked by the language model",
    "fusion": "Ranked by combined search",
}
_SOURCE_WORDS: Mapping[str, str] = {
    "catalogue": "",  # the note below the facts says it once
    "your words": "as you asked",
    "liked": "you liked it",
    "named": "you named it",
    "history": "from your history",
    "title": "in the title",
    "interactions": "from what people chose",
    "dialogues": "from dialogues between people",
}
_MARK_WORDS: Mapping[str, str] = {
    "like": "Noted: you like this one",
    "dislike": "Noted: less like this",
    "seen": "Noted: you know this one",
}
INCOGNITO_WORDS = "Incognito: nothing of this conversation is kept."
_ACTIONS = (("like", "More like this"), ("dislike", "Not for me"), ("seen", "Seen it"))


@dataclass(frozen=True, slots=True)
class TurnView:
    """One exchange on the page. ``marks`` maps item ids to like, dislike or seen.

    Waiting while there is nothing, pending while there is neither a complete reply nor an
    ``error``.
    """

    said: str
    reply: Reply | None = None
    error: str = ""
    marks: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)

    @property
    def waiting(self) -> bool:
        """Whether nothing of the reply has come yet."""
        return not self.error and self.reply is None

    @property
    def pending(self) -> bool:
        """Whether more of the reply is still to come."""
        return not self.error and (self.reply is None or not self.reply.complete)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the empty page offers."""

    plural: str
    count: int
    prompts: tuple[str, ...]


def thread(
    turns: Sequence[TurnView],
    welcome: Welcome,
    *,
    asked: RatingView | None = None,
    incognito: bool = False,
) -> str:
    """The whole conversation, or the welcome while there is none.

    ``asked`` are titles to judge, shown at the end or in place of the welcome.
    """
    note = f"<p class='cr-incognito'>{INCOGNITO_WORDS}</p>" if incognito else ""
    if not turns:
        return note + (_welcome(welcome) if asked is None else rating(asked))
    shown = turns[-MAX_TURNS_SHOWN:]
    first = len(turns) - len(shown)
    older = "<p class='cr-note'>Earlier messages are not shown.</p>" if first else ""
    last = len(turns) - 1
    parts = [
        _turn(turn, number, welcome, busy=turns[-1].waiting, last=number == last)
        for number, turn in enumerate(shown, first)
    ]
    if asked is not None and not turns[-1].waiting:
        parts.append(rating(asked))
    status = f"<div role='status' aria-live='polite' class='cr-hidden'>{_spoken(turns[-1])}</div>"
    return f"{note}{older}{''.join(parts)}{status}"


def filter_bar(filters: Sequence[Filter], busy: bool = False, again: str = "") -> str:
    """The limits in force, each a button that takes it away; empty without limits.

    ``again`` is the message of a button that searches anew, after one was taken away.
    """
    chips = "".join(_filter_chip(limit, busy) for limit in filters)
    if again:
        chips = (
            f"<button type='button' class='cr-chip' data-act='say' data-text='{plain(again)}'>"
            f"Search again without it</button>{chips}"
        )
    group = "<div class='cr-filters' role='group' aria-label='Filters'>"
    return f"{group}{chips}</div>" if chips else ""


def _filter_chip(limit: Filter, busy: bool) -> str:
    label = plain(limit.label)
    return (
        f"<button type='button' class='cr-filter' data-act='unfilter' "
        f"data-name='{plain(limit.name)}' data-value='{plain(limit.value)}' "
        f"aria-label='Remove filter {label}'{_disabled(busy)}>{label}"
        "<span aria-hidden='true'>×</span></button>"
    )


_RATE = "<button type='button' class='cr-link' data-act='rate'>rate three titles</button>"


def _welcome(welcome: Welcome) -> str:
    prompts = "".join(
        f"<button type='button' class='cr-prompt' data-act='say' data-text='{plain(prompt)}'>"
        f"{plain(prompt)}</button>"
        for prompt in welcome.prompts
    )
    return (
        "<section class='cr-welcome'><h2>What are you in the mood for?</h2>"
        "<p>Say it in your own words. You get a short list, and for every pick a reason "
        f"that you can check. There are {welcome.count:,} {plain(welcome.plural)} to choose from."
        f"</p><div class='cr-prompts' role='group' aria-label='Examples'>{prompts}</div>"
        f"<p class='cr-or'>or {_RATE}</p></section>"
    )


def _turn(turn: TurnView, number: int, welcome: Welcome, *, busy: bool, last: bool) -> str:
    return (
        f"<article class='cr-turn' data-turn='{number}'>"
        f"<div class='cr-said'><span class='cr-hidden'>You: </span>{_lines(turn.said)}</div>"
        f"<div class='cr-answer'{' aria-busy=true' if turn.pending else ''}>"
        f"{_answer(turn, number, welcome, busy=busy, last=last)}</div></article>"
    )


def _answer(turn: TurnView, number: int, welcome: Welcome, *, busy: bool, last: bool) -> str:
    found = "" if turn.reply is None else _reply(turn.reply, turn, number, busy=busy)
    if turn.error:
        sorry = f"Sorry, that didn’t work: {turn.error}"
        return f"{found}<p class='cr-error' role='alert'>{plain(sorry)}</p>"
    if turn.reply is None:
        bones = "<div class='cr-bone'></div>" * 3
        return f"<p class='cr-wait'>Looking through {plain(welcome.plural)}…</p>{bones}"
    if not last or turn.pending:
        return found
    return found + _chips(turn.reply.chips, rate=number == 0 and not _knows(turn.reply.state))


def _knows(state: DialogueState) -> bool:
    """Whether anything is known of the visitor's taste but the wish."""
    return bool(state.liked or state.disliked or state.seen or state.history)


def _reply(reply: Reply, turn: TurnView, number: int, *, busy: bool) -> str:
    text = f"<div class='cr-text'>{_lines(reply.text)}</div>"
    if not reply.recommendations:
        return text
    cards = "".join(
        _card(r, turn.marks.get(r.item.item_id, ""), number, busy=busy, pending=turn.pending)
        for r in reply.recommendations
    )
    led = "" if turn.pending else f"<p class='cr-note'>{LED_BY_WORDS[reply.led_by]}</p>"
    return f"{text}<ol class='cr-cards'>{cards}</ol>{led}"


def _card(r: Recommendation, mark: str, turn: int, *, busy: bool, pending: bool) -> str:
    item = r.item
    year = "" if item.year is None else f" <span class='cr-year'>{item.year}</span>"
    said = f"<p class='cr-mark'>{_MARK_WORDS[mark]}</p>" if mark else ""
    return (
        f"<li class='cr-card{' is-' + mark if mark else ''}' data-item='{plain(item.item_id)}'>"
        f"{tile(item)}<div class='cr-body'>"
        f"<h3><span class='cr-hidden'>{r.rank}. </span>{plain(item.title)}{year}</h3>"
        f"<p class='cr-meta'>{meta(item)}</p>{_reason(r, pending)}{_why(r, turn)}"
        f"<div class='cr-acts'>{_actions(item, mark, turn, busy)}</div>{said}</div></li>"
    )


def _reason(r: Recommendation, pending: bool) -> str:
    if r.rationale:
        return f"<p class='cr-reason'>{plain(r.rationale)}</p>"
    if pending:
        return "<p class='cr-reason is-coming'><span class='cr-hidden'>Reason to follow</span></p>"
    return ""


def _why(r: Recommendation, turn: int) -> str:
    if not r.evidence:
        return ""
    by = (
        "The language model wrote the reason from them, and it was checked against them."
        if r.rationale_by == "model"
        else "The reason was put together from them."
    )
    which = "The other" if any(fact.kind == "together" for fact in r.evidence) else "These"
    origin = f"{which} facts are from the catalogue."
    note = f"<p class='cr-note'>{origin} {by if r.rationale else ''}</p>"
    return (
        f"<details class='cr-why' data-key='{turn}:{plain(r.item.item_id)}'>"
        f"<summary>Why<span class='cr-hidden'> {plain(r.item.title)}</span>?</summary>"
        f"<dl>{_facts(r.evidence)}</dl>{note}</details>"
    )


def _facts(evidence: Sequence[Evidence]) -> str:
    """One line a kind and source, in the order in which they first come."""
    lines: dict[tuple[str, str], list[str]] = {}
    for fact in evidence:
        lines.setdefault((fact.kind, fact.source), []).append(_fact(fact))
    return "".join(
        f"<div><dt>{plain(_EVIDENCE_WORDS.get(kind, kind.replace('_', ' ').capitalize()))}</dt>"
        f"<dd>{', '.join(texts)}{_source(source)}</dd></div>"
        for (kind, source), texts in lines.items()
    )


def _source(source: str) -> str:
    said = _SOURCE_WORDS.get(source, source)
    return f" <span class='cr-source'>{plain(said)}</span>" if said else ""


def _fact(fact: Evidence) -> str:
    if fact.kind.startswith("shared_") and " | " in fact.text:
        shared, _, other = fact.text.rpartition(" | ")
        return f"{plain(shared)} as in {plain(other)}"
    if fact.kind == "together":
        title, _, lift = fact.text.rpartition(" | ")
        return f"{plain(title)} ({plain(lift)} times as often as by chance)"
    return plain(fact.text)


def _actions(item: Item, mark: str, turn: int, busy: bool) -> str:
    return "".join(
        f"<button type='button' class='cr-act' data-act='mark' data-mark='{name}' "
        f"data-turn='{turn}' data-item='{plain(item.item_id)}' "
        f"aria-pressed='{'true' if mark == name else 'false'}' "
        f"aria-label='{label}: {plain(item.title)}'{_disabled(busy)}>{label}</button>"
        for name, label in _ACTIONS
    )


def _chips(chips: Sequence[str], *, rate: bool) -> str:
    buttons = "".join(
        f"<button type='button' class='cr-chip' data-act='say' data-text='{plain(chip)}'>"
        f"{plain(chip)}</button>"
        for chip in chips
    )
    if rate:
        buttons += (
            "<button type='button' class='cr-chip' data-act='rate'>Rate three titles</button>"
        )
    if not buttons:
        return ""
    return f"<div class='cr-chips' role='group' aria-label='Go on with'>{buttons}</div>"


def _spoken(turn: TurnView) -> str:
    """What a screen reader says: once when the wait begins, once when the list is complete."""
    if turn.error:
        return ""  # the alert speaks for itself
    if turn.reply is None or turn.pending:
        return "Looking…"
    titles = ", ".join(r.item.label for r in turn.reply.recommendations)
    return plain(f"{turn.reply.text} {titles}")


def _lines(text: str) -> str:
    return "<br>".join(plain(line) for line in text.strip().splitlines())


def _disabled(busy: bool) -> str:
    return " disabled" if busy else ""
