"""One conversation and the database it is kept in: written turn by turn, read back, never doubled.

What can't be written now is written with the next turn. Knows nothing about what a conversation is
about, nor what a page looks like.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chatrec.conversation.sessions import NEW, Exchange, Session, changed, first_title
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.errors import ConflictError, DataError, RequestError, StorageError
from chatrec.storage import FeedbackEvent, Storage
from chatrec.types import Example

Change = Callable[[DialogueState], DialogueState]
TRIES = 10  # of a write that others may come before
_ITEMS = ("history", "liked", "disliked", "seen", "near", "shown", "last_shown", "focus")


@dataclass(frozen=True, slots=True)
class _Write:
    """A turn to store: the state after and before it, and how many exchanges before it go."""

    state: DialogueState
    exchange: Exchange | None
    before: DialogueState
    taken_back: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation as it is stored."""

    session: Session
    exchanges: tuple[Exchange, ...]


class Kept:
    """Where the conversation ``session_id`` of ``owner`` is kept; used from several threads.

    ``trouble`` is why the newest could not be stored, "" while all is. ``gone`` says that the
    conversation was deleted elsewhere: it isn't stored again.
    """

    def __init__(self, storage: Storage, owner: str, session_id: str = "") -> None:
        self.owner = owner
        self.session_id = session_id or secrets.token_hex(16)
        self.trouble = ""
        self.gone = False
        self._storage = storage
        self._version = NEW
        self._latest = DialogueState()
        self._turns: list[_Write] = []  # what is still to be stored
        self._changes: list[Change] = []
        self._events: list[FeedbackEvent] = []
        self._closed = False
        self._lock = threading.Lock()

    def read(self) -> Stored | None:
        """What is stored, if it isn't what was read or written here last; else None.

        Raises StorageError, and DataError where it is damaged.
        """
        with self._lock:
            session = self._storage.sessions.get(self.owner, self.session_id)
            if session is None:
                self.gone = self.gone or self._version != NEW
                return None
            if session.version == self._version or self._turns:
                return None
            exchanges = self._storage.sessions.exchanges(self.owner, self.session_id)
            self._version = session.version
            return Stored(session, exchanges)

    def add(
        self,
        state: DialogueState,
        exchange: Exchange | None,
        *,
        before: DialogueState,
        taken_back: int = 0,
    ) -> None:
        """Stores a turn, durably, with the state after it; a failure is in ``trouble``.

        ``before`` is the state that it began with. Where something else was stored since then,
        its exchanges stay, and so do its verdicts.
        """
        with self._lock:
            self._turns.append(_Write(state, exchange, before, taken_back))
            self._store(state)

    def change(self, state: DialogueState, change: Change) -> None:
        """Stores the state after ``change`` was made to it outside of a turn."""
        with self._lock:
            self._changes.append(change)
            self._store(state)

    def judged(self, event: FeedbackEvent) -> None:
        """Stores a verdict, exactly once however often it has to be tried.

        Raises RequestError for one that can't be kept, such as another under the same id.
        """
        with self._lock:
            self._events.append(event)
            self._store(self._latest)

    def close(self, closed: bool = True) -> None:
        """Nothing is stored any more (or again); a write that is under way ends first."""
        with self._lock:
            self._closed = closed

    def _store(self, latest: DialogueState) -> None:
        """Everything that isn't stored yet; what fails is left for the next time."""
        self._latest = latest
        if self._closed:
            return
        try:
            while self._turns and not self.gone:
                self._write(self._turns[0])
                self._turns.pop(0)
            if self._changes and not self.gone:
                self._write_changes()
                self._changes.clear()
            self._write_events()
        except (StorageError, DataError) as error:
            self.trouble = str(error)
        else:
            self.trouble = ""

    def _write_events(self) -> None:
        while self._events:
            try:
                self._storage.feedback.add(self.owner, self._events[0])
            except RequestError:  # one that can't be kept is no reason to hold up the others
                self._events.pop(0)
                raise
            self._events.pop(0)

    def _write_changes(self) -> None:
        try:
            self._put(_Write(self._latest, None, self._latest, 0), self._version)
        except ConflictError:  # what was stored elsewhere is read before the next turn
            found = changed(self._storage.sessions, self.owner, self.session_id, self._all_changes)
            self.gone = found is None

    def _all_changes(self, state: DialogueState) -> DialogueState:
        for change in self._changes:
            state = leniently(change, state)
        return state

    def _write(self, write: _Write) -> None:
        try:
            self._put(write, self._version)
            return
        except ConflictError:
            now = self._storage.sessions.get(self.owner, self.session_id)
        for tries in range(TRIES, 0, -1):
            if now is None:
                self.gone = True
                return
            if now.state.turns == write.state.turns:  # stored by a try whose answer was lost
                self._version = now.version
                return
            merged = replace(write, state=with_verdicts(write.state, write.before, now.state))
            try:
                self._put(merged, now.version, adopt=False)
                return
            except ConflictError:
                if tries == 1:
                    raise
                now = self._storage.sessions.get(self.owner, self.session_id)

    def _put(self, write: _Write, version: str, *, adopt: bool = True) -> None:
        """Stores it over what has this version; unless adopted it is read before the next turn."""
        session = self._storage.sessions.put(
            self.owner,
            self.session_id,
            write.state,
            version=version,
            exchange=write.exchange,
            taken_back=write.taken_back,
        )
        if adopt:
            self._version = session.version
        title = "" if session.title else first_title(write.state)
        if title:  # it was stored before anything was said
            self._storage.sessions.rename(self.owner, self.session_id, title)


def leniently(change: Change, state: DialogueState) -> DialogueState:
    """Another state with a change that was right for one: as it is where there is nothing to do."""
    try:
        return change(state)
    except RequestError:
        return state


def with_verdicts(state: DialogueState, before: DialogueState, now: DialogueState) -> DialogueState:
    """``state`` with the verdicts that ``now`` has and ``before`` had not."""
    for item_id in now.liked:
        if item_id not in before.liked:
            state = state.with_feedback(item_id, "like")
    for item_id in now.disliked:
        if item_id not in before.disliked:
            state = state.with_feedback(item_id, "dislike")
    for item_id in now.seen:
        if item_id not in before.seen:
            state = state.with_feedback(item_id, "seen")
    return state


def within(state: DialogueState, catalog: Catalog) -> DialogueState:
    """A stored state to go on from: without the items that the catalogue has no more.

    The turns stay as they were, with what they showed.
    """

    def known(item_ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(item_id for item_id in item_ids if item_id in catalog)

    lists: dict[str, Any] = {name: known(getattr(state, name)) for name in _ITEMS}
    examples = (Example(known(e.history), e.choice) for e in state.examples if e.choice in catalog)
    kind, *values = state.question or ("",)
    lost = kind == "item" and not known(tuple(values))
    return replace(
        state,
        **lists,
        examples=tuple(example for example in examples if example.history),
        question=() if lost else state.question,
        past=tuple(within(before, catalog) for before in state.past),
    )
