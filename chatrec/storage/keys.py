"""API keys: made, recognised, listed, revoked. Only a hash of a key's secret is stored.

A secret is 256 random bits, so a plain SHA-256 is enough: there is nothing to guess that a slow
hash would slow down, and a key is looked up with every request. Knows nothing about HTTP.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import Row, insert, select, update

from chatrec.errors import RequestError
from chatrec.storage.database import Database
from chatrec.storage.owners import LOCAL_OWNER, checked_name, ensure_owner
from chatrec.storage.tables import api_keys

PREFIX = "chatrec_"  # so that scanners for leaked secrets can tell what they found
_KEY = re.compile(PREFIX + r"([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key without its secret; ``key_id`` is the part of it that may be shown.

    ``acts_for_users`` says that requests with it may name user ids, whose data is then kept apart.
    ``last_used`` is a day in UTC; None for a key that was never used.
    """

    key_id: str
    owner: str
    acts_for_users: bool
    created: datetime
    revoked: datetime | None
    last_used: date | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. The secret is nowhere else, and can't be shown again."""

    secret: str
    entry: KeyEntry

    def __repr__(self) -> str:
        return f"NewKey({self.entry.key_id!r})"


class Keys:
    """The keys of all owners; may be used from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, owner: str, *, acts_for_users: bool = False) -> NewKey:
        """A new key of ``owner``; RequestError for a name that isn't allowed.

        "local" isn't: what this machine keeps without a key is nobody's from elsewhere.
        """
        if checked_name(owner) == LOCAL_OWNER:
            raise RequestError(
                f"owner is {owner!r}, whom this machine is without a key; give another name"
            )
        key_id, secret, now = secrets.token_hex(6), secrets.token_urlsafe(32), datetime.now(UTC)
        with self._database.writing() as connection:
            ensure_owner(connection, owner, now)
            connection.execute(
                insert(api_keys).values(
                    key_id=key_id,
                    owner=owner,
                    sha256=_hash(secret),
                    acts_for_users=acts_for_users,
                    created=now,
                )
            )
        entry = KeyEntry(key_id, owner, acts_for_users, now, None, None)
        return NewKey(f"{PREFIX}{key_id}_{secret}", entry)

    def identify(self, secret: str) -> KeyEntry | None:
        """Whose key this is; None for anything but a key that exists and wasn't revoked.

        Takes as long for a wrong secret of an existing key as for the right one, and notes the day.
        """
        parts = _KEY.fullmatch(secret)
        if parts is None:
            return None
        query = select(api_keys).where(api_keys.c.key_id == parts[1])
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        known = "0" * 64 if row is None else row.sha256
        right = hmac.compare_digest(_hash(parts[2]), known)
        if row is None or not right or row.revoked is not None:
            return None
        return self._used(_entry(row))

    def entries(self) -> tuple[KeyEntry, ...]:
        """All keys, revoked ones too, in the order in which they were made."""
        query = select(api_keys).order_by(api_keys.c.created, api_keys.c.key_id)
        with self._database.reading() as connection:
            return tuple(_entry(row) for row in connection.execute(query))

    def any_active(self) -> bool:
        """Whether there is a key that wasn't revoked."""
        query = select(api_keys.c.key_id).where(api_keys.c.revoked.is_(None)).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def revoke(self, key_id: str) -> bool:
        """Ends the key at once and for good; whether there was one that hadn't been revoked."""
        revoked = (
            update(api_keys)
            .where(api_keys.c.key_id == key_id, api_keys.c.revoked.is_(None))
            .values(revoked=datetime.now(UTC))
        )
        with self._database.writing() as connection:
            return bool(connection.execute(revoked).rowcount)

    def _used(self, entry: KeyEntry) -> KeyEntry:
        """The key with today as the day of its last use, which is written once a day."""
        today = datetime.now(UTC).date()
        if entry.last_used == today:
            return entry
        used = update(api_keys).where(api_keys.c.key_id == entry.key_id)
        with self._database.writing() as connection:
            connection.execute(used.values(last_used=today.isoformat()))
        return replace(entry, last_used=today)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _entry(row: Row[tuple[object, ...]]) -> KeyEntry:
    last_used = None if row.last_used is None else date.fromisoformat(row.last_used)
    return KeyEntry(row.key_id, row.owner, row.acts_for_users, row.created, row.revoked, last_used)
