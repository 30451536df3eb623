"""Verdicts on items, each stored exactly once and never said to be stored before it is durable.

Knows nothing about what a verdict does to a conversation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, get_args

from sqlalchemy import select

from chatrec.errors import ConflictError, RequestError, shortened
from chatrec.storage.database import Database, insert_once
from chatrec.storage.owners import checked_id, ensure_owner
from chatrec.storage.tables import feedback

FeedbackKind = Literal["like", "dislike", "seen", "more", "less"]
MAX_ITEM_ID_BYTES = 4000  # catalogues have their own ideas: addresses of pages, say
KINDS: tuple[FeedbackKind, ...] = get_args(FeedbackKind)


@dataclass(frozen=True, slots=True)
class FeedbackEvent:
    """One verdict. The client makes up ``event_id``, and sends it again with a repeated try.

    ``session_id`` is the conversation that showed the item, None outside of one.
    """

    event_id: str
    item_id: str
    kind: FeedbackKind
    session_id: str | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class FeedbackLog:
    """The verdicts of all owners; may be used from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, owner: str, event: FeedbackEvent) -> Literal["stored", "already"]:
        """Stores the event, or finds it stored; in both cases it is durable when this returns.

        ConflictError where the owner has stored something else under this ``event_id``; the time
        may differ. RequestError for a kind or an id that can't be kept. After a StorageError it
        isn't known whether it was stored: add it again.
        """
        values = _checked(event)
        with self._database.writing() as connection:
            ensure_owner(connection, owner, event.at)
            if insert_once(connection, feedback, owner=owner, at=event.at, **values):
                return "stored"
            same = select(feedback).where(
                feedback.c.owner == owner, feedback.c.event_id == event.event_id
            )
            row = connection.execute(same).one()._mapping
            differing = [name for name in values if row[name] != values[name]]
        if differing:
            raise ConflictError(
                f"event_id {event.event_id!r} was already used with another {differing[0]} "
                f"({shortened(row[differing[0]])}); give every verdict an event_id of its own"
            )
        return "already"

    def events(self, owner: str) -> tuple[FeedbackEvent, ...]:
        """The owner's events, oldest first."""
        names = ("event_id", "item_id", "kind", "session_id", "at")
        query = (
            select(*(feedback.c[name] for name in names))
            .where(feedback.c.owner == owner)
            .order_by(feedback.c.at, feedback.c.event_id)
        )
        with self._database.reading() as connection:
            return tuple(FeedbackEvent(*row) for row in connection.execute(query))

    def owners(self) -> tuple[str, ...]:
        """Everybody of whom there are events, in the order of their names."""
        query = select(feedback.c.owner).distinct().order_by(feedback.c.owner)
        with self._database.reading() as connection:
            return tuple(connection.execute(query).scalars())


def _checked(event: FeedbackEvent) -> dict[str, str | None]:
    if event.kind not in KINDS:
        raise RequestError(f"kind is {shortened(event.kind)}; allowed are {', '.join(KINDS)}")
    session_id = event.session_id
    return {
        "event_id": checked_id("event_id", event.event_id),
        "item_id": checked_id("item_id", event.item_id, MAX_ITEM_ID_BYTES),
        "kind": event.kind,
        "session_id": None if session_id is None else checked_id("session_id", session_id),
    }
