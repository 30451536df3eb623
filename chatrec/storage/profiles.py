"""What holds for an owner in every conversation: standing likes and limits, as one JSON object.

Knows nothing about what the object means.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update

from chatrec.conversation.sessions import NEW
from chatrec.errors import ConflictError, DataError, RequestError
from chatrec.storage.database import Database, insert_once
from chatrec.storage.owners import ensure_owner
from chatrec.storage.records import from_text, to_text
from chatrec.storage.tables import profiles

MAX_PROFILE_CHARS = 200_000  # of its JSON


@dataclass(frozen=True, slots=True)
class Profile:
    """A stored profile; ``version`` names what was read: hand it back when writing."""

    record: Mapping[str, Any]
    version: str
    updated: datetime


class Profiles:
    """One profile an owner; may be used from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, owner: str) -> Profile | None:
        """The owner's profile; None without one. DataError, naming the owner, if it is damaged."""
        query = select(profiles).where(profiles.c.owner == owner)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        try:
            return Profile(from_text(row.record), row.version, row.updated)
        except ValueError as error:
            raise DataError(
                f"the stored profile of {owner!r} is damaged ({error}); "
                "delete the profile, or restore the database from a backup"
            ) from error

    def put(self, owner: str, record: Mapping[str, Any], *, version: str) -> Profile:
        """Stores the profile; ``version`` is that of the one read, ``NEW`` where there was none.

        Durable when this returns. ConflictError, and nothing stored, where it has been written or
        deleted since; RequestError where the record isn't JSON or has over 200,000 characters.
        """
        text, now = _checked(record), datetime.now(UTC)
        new = {"version": secrets.token_hex(8), "updated": now, "record": text}
        same = (profiles.c.owner == owner) & (profiles.c.version == version)
        with self._database.writing() as connection:
            if version == NEW:
                ensure_owner(connection, owner, now)
                written = insert_once(connection, profiles, owner=owner, **new)
            else:
                changed = connection.execute(update(profiles).where(same).values(**new))
                written = bool(changed.rowcount)
        if not written:
            raise ConflictError(
                "the profile was changed or deleted by another request meanwhile; "
                "nothing was stored, read it again and repeat the change"
            )
        return Profile(from_text(text), str(new["version"]), now)

    def delete(self, owner: str) -> bool:
        """Forgets the profile; whether there was one."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(profiles).where(profiles.c.owner == owner))
        return bool(gone.rowcount)


def _checked(record: Mapping[str, Any]) -> str:
    try:
        text = to_text(record)
    except (TypeError, ValueError, RecursionError) as error:
        raise RequestError(f"the profile can't be kept as JSON: {error}") from error
    if len(text) > MAX_PROFILE_CHARS:
        raise RequestError(
            f"the profile has {len(text):,} characters as JSON; allowed are {MAX_PROFILE_CHARS:,}, "
            "remove something from it"
        )
    return text
