"""The tables, as the newest migration leaves them; ``docs/storage.md`` says what each is for.

Text that users wrote, and states, are kept as JSON in plain ASCII: no character in it can upset a
database. Knows nothing about connections.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Time(TypeDecorator[datetime]):
    """An aware time as whole microseconds since 1970 UTC, which every database orders alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)


def _owner(*, key: bool = True) -> Column[str]:
    whose = ForeignKey("owners.owner")  # never cascading: what came meanwhile must not go with it
    return Column("owner", String, whose, primary_key=key, nullable=False)


owners = Table(
    "owners",
    metadata,
    Column("owner", String, primary_key=True),
    Column("created", Time, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", String, primary_key=True),
    _owner(key=False),
    Column("sha256", String, nullable=False),
    Column("acts_for_users", Boolean, nullable=False),
    Column("created", Time, nullable=False),
    Column("revoked", Time),
    Column("last_used", String),  # the day in UTC, as 2026-11-26
)

sessions = Table(
    "sessions",
    metadata,
    _owner(),
    Column("session_id", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("title", String, nullable=False),
    Column("created", Time, nullable=False),
    Column("updated", Time, nullable=False),
    Column("exchanges", Integer, nullable=False),
    Column("state", Text, nullable=False),  # last: it is the long one
)

exchanges = Table(
    "exchanges",
    metadata,
    Column("owner", String, primary_key=True),
    Column("session_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Time, nullable=False),
    Column("record", Text, nullable=False),
    ForeignKeyConstraint(
        ["owner", "session_id"], ["sessions.owner", "sessions.session_id"], ondelete="CASCADE"
    ),
)

feedback = Table(
    "feedback",
    metadata,
    _owner(),
    Column("event_id", String, primary_key=True),
    Column("session_id", String),  # an id only: the verdict outlives its conversation
    Column("item_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Time, nullable=False),
)

profiles = Table(
    "profiles",
    metadata,
    _owner(),
    Column("version", String, nullable=False),
    Column("updated", Time, nullable=False),
    Column("record", Text, nullable=False),
)
