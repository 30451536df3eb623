"""Everything that is stored, in one place: conversations, feedback, profiles, keys.

What concerns one owner as a whole is here: export, erasure, retention. Knows nothing about HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, exists, func, select

from chatrec.errors import RequestError
from chatrec.storage.database import Database, open_database
from chatrec.storage.feedback import FeedbackLog
from chatrec.storage.keys import Keys
from chatrec.storage.profiles import Profiles
from chatrec.storage.records import from_text
from chatrec.storage.sessions import StoredSessions
from chatrec.storage.tables import EPOCH, api_keys, exchanges, feedback, owners, profiles, sessions

EXPORT_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many rows of each kind were deleted."""

    sessions: int
    feedback: int
    profiles: int


class Storage:
    """An open database with its parts; may be used from several threads, not across a fork."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.sessions = StoredSessions(database)
        self.feedback = FeedbackLog(database)
        self.profiles = Profiles(database)
        self.keys = Keys(database)

    @property
    def kind(self) -> Literal["sqlite", "postgresql"]:
        """Which database it is."""
        return "sqlite" if self._database.is_sqlite else "postgresql"

    def has(self, owner: str) -> bool:
        """Whether anything was ever stored for the owner and not erased since."""
        with self._database.reading() as connection:
            query = select(exists().where(owners.c.owner == owner))
            return bool(connection.execute(query).scalar_one())

    def users_of(self, owner: str) -> tuple[str, ...]:
        """The owners ``OWNER/USER`` of whom something is stored, in the order of their names.

        They are users that the owner's keys act for.
        """
        with self._database.reading() as connection:
            return _users_of(connection, owner)

    def export_of(self, owner: str, *, with_users: bool = False) -> dict[str, Any]:
        """All that is stored of the owner, as JSON values; times in UTC as ISO 8601.

        What is damaged is given as the text that was found, under "damaged". Hashes of keys are
        left out. Empty lists where nothing is stored. ``with_users`` adds "users", with the same of
        each user that the owner's keys act for.
        """
        with self._database.reading() as connection:
            export = _export(connection, owner)
            if with_users:
                export["users"] = [_export(connection, u) for u in _users_of(connection, owner)]
            return export

    def erase(self, owner: str, *, with_users: bool = False) -> bool:
        """Deletes all that is stored of the owner; whether there was anything.

        Keys in force stay, and with them the owner's name: revoke them first. Those of other
        owners are left alone, and so are the users that this one's keys act for, unless
        ``with_users`` takes them along.
        """
        known = False
        with self._database.writing() as connection:
            for one in (owner, *(_users_of(connection, owner) if with_users else ())):
                known |= _erase(connection, one)
        self._database.flush_log()
        return known

    def delete_older_than(self, days: int) -> Deleted:
        """Deletes what was last changed more than ``days`` days ago.

        These are conversations, verdicts, and the profiles of owners who have neither any more. An
        ``event_id`` that was deleted can be stored anew. RequestError for less than one day.
        """
        if days < 1:
            raise RequestError(f"retention is {days} days; it must be at least 1")
        now = datetime.now(UTC)
        before = now - timedelta(days=min(days, (now - EPOCH).days))  # nothing is older
        idle = (
            profiles.c.updated < before,
            ~_refers(sessions, profiles),
            ~_refers(feedback, profiles),
        )
        with self._database.writing() as connection:
            deleted = Deleted(
                connection.execute(delete(sessions).where(sessions.c.updated < before)).rowcount,
                connection.execute(delete(feedback).where(feedback.c.at < before)).rowcount,
                connection.execute(delete(profiles).where(*idle)).rowcount,
            )
        self._forget_owners(before)
        self._database.flush_log()
        return deleted

    def check(self) -> None:
        """Raises StorageError unless the database answers."""
        self._database.check()

    def close(self) -> None:
        """Gives the connections back."""
        self._database.close()

    def _forget_owners(self, before: datetime) -> None:
        """Deletes owners without anything, but none that came just now and is about to store."""
        empty = [~_refers(table) for table in (sessions, feedback, profiles, api_keys)]
        with self._database.writing() as connection:
            connection.execute(delete(owners).where(owners.c.created < before, *empty))


def open_storage(where: str | Path) -> Storage:
    """The storage in a file (SQLite), or behind a ``postgresql://`` URL; made where there is none.

    Brings older tables up to date first. Safe to call from several processes at once. DataError
    where the file or URL can't be used, StorageError where the server isn't reached.
    """
    return Storage(open_database(where))


def _users_of(connection: Connection, owner: str) -> tuple[str, ...]:
    if "/" in owner:  # is a user already; "acme/u1" has nothing to do with acme's user "u1/x"
        return ()
    prefix = f"{owner}/"
    # No LIKE, which SQLite does without regard to case.
    theirs = func.substr(owners.c.owner, 1, len(prefix)) == prefix
    query = select(owners.c.owner).where(theirs).order_by(owners.c.owner)
    return tuple(connection.execute(query).scalars())


def _erase(connection: Connection, owner: str) -> bool:
    theirs = owners.c.owner == owner
    # Nobody may add to what is being deleted.
    found = connection.execute(select(owners.c.owner).where(theirs).with_for_update())
    known = found.one_or_none() is not None
    for table in (sessions, feedback, profiles):
        connection.execute(delete(table).where(table.c.owner == owner))
    connection.execute(
        delete(api_keys).where(api_keys.c.owner == owner, api_keys.c.revoked.is_not(None))
    )
    connection.execute(delete(owners).where(theirs, ~_refers(api_keys)))
    return known


def _export(connection: Connection, owner: str) -> dict[str, Any]:
    profile = [_plain(row) for row in _rows(connection, profiles, owner)]
    kept = _rows(connection, sessions, owner)
    return {
        "format": EXPORT_FORMAT,
        "owner": owner,
        "exported": datetime.now(UTC).isoformat(),
        "profile": profile[0] if profile else None,
        "sessions": [_conversation(connection, row) for row in kept],
        "feedback": [_plain(row) for row in _rows(connection, feedback, owner)],
        "keys": [_plain(row) for row in _rows(connection, api_keys, owner)],
    }


def _refers(table: Table, to: Table = owners) -> ColumnElement[bool]:
    """Whether ``table`` has a row of the same owner."""
    return exists().where(table.c.owner == to.c.owner)


def _rows(connection: Connection, table: Table, owner: str) -> list[Row[Any]]:
    query = select(table).where(table.c.owner == owner).order_by(*table.primary_key)
    return list(connection.execute(query))


def _conversation(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    said = (
        select(exchanges)
        .where(exchanges.c.owner == row.owner, exchanges.c.session_id == row.session_id)
        .order_by(exchanges.c.number)
    )
    return _plain(row) | {"exchanges": [_plain(part) for part in connection.execute(said)]}


def _plain(row: Row[Any]) -> dict[str, Any]:
    """The row as JSON values, without what is only of use in here."""
    left_out = {"owner", "version", "sha256"}
    record: dict[str, Any] = {}
    for name, value in row._mapping.items():
        if name in ("state", "record"):
            record[name] = _parsed(value)
        elif name not in left_out:
            record[name] = value.isoformat() if isinstance(value, datetime) else value
    return record


def _parsed(text: str) -> dict[str, Any]:
    try:
        return from_text(text)
    except ValueError:
        return {"damaged": text}
