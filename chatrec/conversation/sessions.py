"""Conversations between requests: whose they are, what state they are in, what the page shows.

:class:`SessionStore` is what serving builds on. Here is the store in memory, for tests and for
incognito conversations; :mod:`chatrec.storage` has the one that outlives the process. Knows
nothing about HTTP, databases or models.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from chatrec.conversation.state import DialogueState
from chatrec.errors import ConflictError, RequestError, shortened
from chatrec.types import Evidence, LedBy, Place, Query, RationaleBy

if TYPE_CHECKING:
    from chatrec.conversation.recommender import Reply

NEW = ""  # the version of a session that is not stored yet
MAX_TITLE_CHARS = 60
JOINERS = "\u200c\u200d"  # invisible, but families of emoji and Persian words need them
MAX_EXCHANGES = 100  # of one session that are given back, the newest


@dataclass(frozen=True, slots=True)
class Shown:
    """One item as it was shown, with its reason; ``rank`` starts at 1."""

    item_id: str
    title: str
    rank: int
    score: float
    rationale: str
    rationale_by: RationaleBy
    evidence: tuple[Evidence, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message and its answer, as the page shows them; ``shown`` is in rank order.

    ``chips`` are the follow-ups that were offered, ``compared`` the ids of items side by side,
    ``query`` what the list was made for: None without one, and in what earlier versions stored.
    ``adapter`` tuned the decoder that answered, "" for none.
    """

    said: str
    reply: str
    led_by: LedBy
    shown: tuple[Shown, ...] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    chips: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    query: Query | None = None
    adapter: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A stored conversation. ``version`` names what was read: hand it back when writing."""

    session_id: str
    title: str
    state: DialogueState
    version: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A conversation as a list shows it; ``exchanges`` counts its messages from the user."""

    session_id: str
    title: str
    created: datetime
    updated: datetime
    exchanges: int


class SessionStore(Protocol):
    """Keeps conversations; an owner only ever reaches their own, whatever id they name.

    The same session id of two owners is two sessions. Every method may be called from several
    threads at once.
    """

    def get(self, owner: str, session_id: str) -> Session | None:
        """The stored session; None where the owner has none of this id.

        Raises DataError, naming the session, where what is stored is damaged.
        """
        ...

    def put(
        self,
        owner: str,
        session_id: str,
        state: DialogueState,
        *,
        version: str,
        exchange: Exchange | None = None,
        taken_back: int = 0,
    ) -> Session:
        """Stores the state, and the exchange that led to it; the session with its new version.

        ``version`` is that of the session which was read, or ``NEW`` where there was none. Of the
        exchanges stored before, the newest ``taken_back`` go. The write is durable when this
        returns. Raises ConflictError, and stores nothing, where the session has been written or
        deleted since, or has fewer exchanges than are to go.
        """
        ...

    def delete(self, owner: str, session_id: str) -> bool:
        """Forgets the session and its exchanges; whether there was one."""
        ...

    def rename(self, owner: str, session_id: str, title: str) -> bool:
        """Gives the session a title of 1 to 60 characters; whether there was one.

        A session begins under the first words of its first message. RequestError for a title that
        is empty, too long or has control characters; runs of white space become one space. The
        version stays, so a turn under way isn't disturbed.
        """
        ...

    def entries(self, owner: str, limit: int = 100, offset: int = 0) -> tuple[SessionEntry, ...]:
        """The owner's sessions, the one written last first."""
        ...

    def exchanges(self, owner: str, session_id: str) -> tuple[Exchange, ...]:
        """What was said and answered, oldest first: the newest 100. Empty without a session.

        Raises DataError, naming the session, where what is stored is damaged.
        """
        ...


def changed(
    store: SessionStore,
    owner: str,
    session_id: str,
    change: Callable[[DialogueState], DialogueState],
    tries: int = 10,
) -> Session | None:
    """The session with ``change`` made to its state; None where there is none.

    Where somebody else writes meanwhile, the change is made anew to what they wrote, up to
    ``tries`` times; then ConflictError.
    """
    while (session := store.get(owner, session_id)) is not None:
        try:
            return store.put(owner, session_id, change(session.state), version=session.version)
        except ConflictError:
            tries -= 1
            if tries <= 0:
                raise
    return None


def exchange_of(said: str, reply: Reply) -> Exchange:
    """The message and its complete reply, as a store keeps them."""
    shown = tuple(
        Shown(
            r.item.item_id,
            r.item.title,
            r.rank,
            r.score,
            r.rationale,
            r.rationale_by,
            r.evidence,
            r.places,
        )
        for r in reply.recommendations
    )
    items = () if reply.table is None else reply.table.items
    compared = tuple(item.item_id for item in items)
    asked = reply.query if shown else None
    return Exchange(
        said,
        reply.text,
        reply.led_by,
        shown,
        chips=reply.chips,
        compared=compared,
        query=asked,
        adapter=reply.adapter,
    )


def first_title(state: DialogueState) -> str:
    """What a new session is called: the first words of its first message, at most 60 characters."""
    said = next((turn.text for turn in state.turns if turn.role == "user"), "")
    words = " ".join("".join(char if _shows(char) else " " for char in said).split())
    return words if len(words) <= MAX_TITLE_CHARS else f"{words[: MAX_TITLE_CHARS - 1].rstrip()}…"


def checked_title(title: str) -> str:
    """The title with single spaces; RequestError unless it has 1 to 60 characters that show."""
    words = " ".join(title.split())
    if not (1 <= len(words) <= MAX_TITLE_CHARS and all(map(_shows, words))):
        raise RequestError(
            f"title is {shortened(title)}; it must have 1 to {MAX_TITLE_CHARS} characters, "
            "none of them a control character"
        )
    return words


def _shows(char: str) -> bool:
    return char.isprintable() or char in JOINERS


def conflict(session_id: str) -> ConflictError:
    """The error of a write to a session that isn't any more as it was read."""
    return ConflictError(
        f"session {session_id!r} was changed or deleted by another request meanwhile; "
        "nothing was stored, send the request again"
    )


class MemorySessions:
    """A :class:`SessionStore` for one process; what it holds ends with it.

    Holds ``limit`` sessions of all owners together; beyond that the one unused for longest is
    dropped.
    """

    def __init__(self, limit: int = 1000) -> None:
        if limit < 1:
            raise ValueError(f"limit is {limit}; it must be at least 1")
        self._limit = limit
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, owner: str, session_id: str) -> Session | None:
        with self._lock:
            kept = self._kept.get((owner, session_id))
            if kept is None:
                return None
            self._kept.move_to_end((owner, session_id))
            return kept.session

    def put(
        self,
        owner: str,
        session_id: str,
        state: DialogueState,
        *,
        version: str,
        exchange: Exchange | None = None,
        taken_back: int = 0,
    ) -> Session:
        key, now = (owner, session_id), datetime.now(UTC)
        with self._lock:
            kept = self._kept.get(key)
            if version != (NEW if kept is None else kept.session.version):
                raise conflict(session_id)
            if taken_back > (0 if kept is None else kept.count):
                raise conflict(session_id)
            title = first_title(state) if kept is None else kept.session.title
            created = now if kept is None else kept.session.created
            session = Session(session_id, title, state, secrets.token_hex(8), created, now)
            self._kept[key] = kept = _Kept(session) if kept is None else kept
            kept.session = session
            kept.take_back(taken_back)
            if exchange is not None:
                kept.add(exchange)
            self._kept.move_to_end(key)
            if len(self._kept) > self._limit:
                self._kept.popitem(last=False)
            return session

    def delete(self, owner: str, session_id: str) -> bool:
        with self._lock:
            return self._kept.pop((owner, session_id), None) is not None

    def rename(self, owner: str, session_id: str, title: str) -> bool:
        title = checked_title(title)
        with self._lock:
            kept = self._kept.get((owner, session_id))
            if kept is None:
                return False
            kept.session = replace(kept.session, title=title)
            return True

    def entries(self, owner: str, limit: int = 100, offset: int = 0) -> tuple[SessionEntry, ...]:
        with self._lock:
            found = [kept for (whose, _), kept in self._kept.items() if whose == owner]
        found.sort(key=lambda kept: (kept.session.updated, kept.session.session_id), reverse=True)
        return tuple(kept.entry() for kept in found[offset : offset + limit])

    def exchanges(self, owner: str, session_id: str) -> tuple[Exchange, ...]:
        with self._lock:
            kept = self._kept.get((owner, session_id))
            return () if kept is None else tuple(kept.exchanges)

    def __len__(self) -> int:
        with self._lock:
            return len(self._kept)


class _Kept:
    """A session in memory with its exchanges; written under the store's lock."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.exchanges: deque[Exchange] = deque(maxlen=MAX_EXCHANGES)
        self.count = 0

    def add(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        self.count += 1

    def take_back(self, count: int) -> None:
        """Forgets the newest ``count``, of those that are still held."""
        for _ in range(min(count, len(self.exchanges))):
            self.exchanges.pop()
        self.count -= count

    def entry(self) -> SessionEntry:
        s = self.session
        return SessionEntry(s.session_id, s.title, s.created, s.updated, self.count)
