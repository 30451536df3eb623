"""One visitor's conversation on the page: what was said, what came back, what is on its way.

Beside it what the visitor tells about themselves: titles judged, a history brought, the profile.

A message may come while the reasons of the last answer are still being written. That answer is
then finished at once, with plain sentences, and the new message is next. Events of one tab may
meet here, and the worker writes while they read. Knows nothing about Gradio or HTML.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.state import DialogueState, Feedback
from chatrec.errors import ChatrecError, RequestError
from chatrec.serving.cards import TurnView
from chatrec.serving.getting_to_know import Arriving, Titles
from chatrec.serving.schema import MAX_TEXT_CHARS
from chatrec.serving.turns import Hurried, Turn, Turns

FAILED = "something went wrong on this side. Please try again."
MARKS: tuple[Feedback, ...] = ("like", "dislike", "seen")


class Talk:
    """The conversation of one tab. ``state`` is None until something was answered or told.

    ``lifted`` says that a limit was taken away since the last message, ``left`` that the visitor
    is gone. ``open`` says that the profile is shown, ``note`` what it has to say once, ``wrong``
    that this is an error. ``incognito`` never changes: who switches begins anew.
    """

    # One lock for all, held for microseconds: Gradio copies the first, empty talk for each tab,
    # and a lock can't be copied.
    _lock = threading.Lock()

    def __init__(self, incognito: bool = False) -> None:
        self.incognito = incognito
        self.titles = Titles()
        self.arriving = Arriving()
        self.open = False
        self.note, self.wrong = "", False
        self.turns: tuple[TurnView, ...] = ()
        self.state: DialogueState | None = None
        self.lifted = False
        self.left = False
        self._owner = ""  # in the line of turns; a copy of this talk takes its own at first use
        self._asked: tuple[Turn | None, ...] = ()  # one for each of the turns, None: not to be had

    @property
    def waiting(self) -> bool:
        """Whether the newest message has no answer yet, so that the state is about to change."""
        return bool(self.turns) and self.turns[-1].waiting

    def ask(self, text: str, turns: Turns) -> Turn:
        """Says ``text``: it stands at the end at once, and what was on its way is hurried.

        Raises ChatrecError, which stands on the page too, where no turn can be had now.
        """
        with self._lock:
            number, self.lifted = len(self.turns), False
            self.turns = (*self.turns, TurnView(text))
            for earlier in filter(None, self._asked):
                earlier.hurry()
            try:
                answer = partial(self._answered, number, turns.recommender)
                turn = turns.begin(answer, self._owner or self._named(), conversation=self)
            except ChatrecError as error:
                self._change(number, error=str(error))
                self._asked = (*self._asked, None)
                raise
            self._asked = (*self._asked, turn)
            return turn

    def _named(self) -> str:
        self._owner = f"tab {secrets.token_hex(8)}"
        return self._owner

    def is_newest(self, turn: Turn) -> bool:
        """Whether nothing was said after it, and the conversation goes on."""
        return not self.left and turn is self._asked[-1]

    def leave(self) -> None:
        """The visitor is gone or has begun anew: nothing more is worked out for this one."""
        self.left = True
        for turn in filter(None, self._asked):
            self.give_up(turn)

    def give_up(self, turn: Turn) -> None:
        """Nobody watches this turn any more."""
        if turn.drop():
            with self._lock:
                self._change(self._asked.index(turn), error=FAILED)

    def mark(self, number: int, item_id: str, mark: str) -> None:
        """Sets the mark of an item that turn ``number`` shows, or clears it where it was set.

        Raises RequestError for anything that is not on the visitor's page.
        """
        with self._lock:
            if self.state is None:
                raise RequestError("nothing was recommended yet; ask for something first")
            if not 0 <= number < len(self.turns):
                raise RequestError(f"there is no turn {number}; reload the page")
            reply = self.turns[number].reply
            shown = () if reply is None else reply.recommendations
            if item_id not in {r.item.item_id for r in shown}:
                raise RequestError(f"item {item_id!r} was not shown there; reload the page")
            state, marks = _unmarked(self.state, item_id), dict(self.turns[number].marks)
            if marks.pop(item_id, None) != mark:
                known = next((name for name in MARKS if name == mark), None)
                if known is None:
                    raise RequestError(f"unknown mark {mark!r}; allowed are {', '.join(MARKS)}")
                state, marks[item_id] = state.with_feedback(item_id, known), known
            self.state = state
            self._change(number, marks=marks)

    def lift(self, name: str, value: str) -> None:
        """Takes a limit away. Raises RequestError for one that does not exist."""
        with self._lock:
            if self.state is not None:
                self.state = self.state.without(name, value)
                self.lifted = True

    def tell(
        self, recommender: Recommender, change: Callable[[DialogueState], DialogueState]
    ) -> None:
        """Changes the state outside of a message; not while an answer is about to change it.

        Raises RequestError then, and what ``change`` raises.
        """
        with self._lock:
            if self.waiting:
                raise RequestError("the answer is about to come; try again when it is there")
            self.state = change(self._begun(recommender))

    def say_once(self, note: str, *, wrong: bool = False) -> None:
        """What the profile's panel says until the next thing is said there."""
        self.note, self.wrong = note, wrong

    def _begun(self, recommender: Recommender) -> DialogueState:
        if self.state is not None:
            return self.state
        return replace(recommender.start(), incognito=self.incognito)

    def _answered(self, number: int, recommender: Recommender, hurried: Hurried) -> Iterator[Reply]:
        """The replies to turn ``number``, each put on the page's record before it is given."""
        text = self.turns[number].said
        try:
            if len(text) > MAX_TEXT_CHARS:
                raise RequestError(
                    f"the message has {len(text):,} characters; up to {MAX_TEXT_CHARS:,} are read. "
                    "Please shorten it."
                )
            state = self._begun(recommender)
            for reply in recommender.stream(text, state, hurried=hurried):
                with self._lock:
                    if self.turns[number].reply is None:
                        self.state = reply.state
                    elif self.state is not None:  # marks may have changed the rest meanwhile
                        self.state = replace(self.state, reasons=reply.state.reasons)
                    self._change(number, reply=reply)
                yield reply
        except ChatrecError as error:
            with self._lock:
                self._change(number, error=str(error))
            raise
        finally:
            with self._lock:
                if self.turns[number].pending:
                    self._change(number, error=FAILED)

    def _change(self, number: int, **changes: Any) -> None:
        changed = replace(self.turns[number], **changes)
        self.turns = (*self.turns[:number], changed, *self.turns[number + 1 :])


def _unmarked(state: DialogueState, item_id: str) -> DialogueState:
    def less(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in ids if i != item_id)

    return replace(
        state, liked=less(state.liked), disliked=less(state.disliked), seen=less(state.seen)
    )


def number_in(value: object) -> int:
    """A count of at most six digits that came from the page; -1 for anything else."""
    digits = str(value)
    return int(digits) if digits.isdecimal() and len(digits) <= 6 else -1
