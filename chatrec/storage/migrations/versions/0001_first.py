"""Owners, keys, conversations, feedback and profiles.

A migration is never edited once it has been released; what follows comes as the next number.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _owner(table: str, *, key: bool = True) -> list[sa.schema.SchemaItem]:
    whose = sa.ForeignKeyConstraint(["owner"], ["owners.owner"], f"fk_{table}_owners")
    return [sa.Column("owner", sa.String, primary_key=key, nullable=False), whose]


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "owners",
        sa.Column("owner", sa.String, primary_key=True),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.String, primary_key=True),
        *_owner("api_keys", key=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("acts_for_users", sa.Boolean, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger),
        sa.Column("last_used", sa.String),
    )
    _conversations()
    op.create_table(
        "feedback",
        *_owner("feedback"),
        sa.Column("event_id", sa.String, primary_key=True),
        sa.Column("session_id", sa.String),
        sa.Column("item_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "profiles",
        *_owner("profiles"),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )


def _conversations() -> None:
    op.create_table(
        "sessions",
        *_owner("sessions"),
        sa.Column("session_id", sa.String, primary_key=True),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("exchanges", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "exchanges",
        sa.Column("owner", sa.String, primary_key=True),
        sa.Column("session_id", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner", "session_id"],
            ["sessions.owner", "sessions.session_id"],
            "fk_exchanges_sessions",
            ondelete="CASCADE",
        ),
    )
