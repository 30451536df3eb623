"""Whose data it is: names of owners, and the checks that ids pass before they are stored.

An owner is an identity that a credential proves: ``local`` for this machine without a key, the
owner of a key, or one of the users that a key acts for. Knows nothing about requests.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from sqlalchemy import Connection

from chatrec.errors import RequestError, shortened
from chatrec.storage.database import insert_once
from chatrec.storage.tables import owners

LOCAL_OWNER = "local"
MAX_ID_BYTES = 1000  # PostgreSQL's keys have up to 2,704 bytes, and two ids make one
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")


def acting_for(owner: str, user_id: str) -> str:
    """The owner that a user of ``owner``'s is: equal user ids of two owners stay apart.

    >>> acting_for("acme", "u/1")
    'acme/u/1'
    """
    return f"{checked_name(owner)}/{checked_id('user_id', user_id)}"


def checked_name(name: str) -> str:
    """The name, if a key's owner may be called so; else RequestError."""
    if _NAME.fullmatch(name) is None:
        raise RequestError(
            f"owner is {shortened(name)}; allowed are up to 100 letters, digits and . _ @ -, "
            "beginning with a letter or digit"
        )
    return name


def checked_id(what: str, value: str, most_bytes: int = MAX_ID_BYTES) -> str:
    """The id, if every database can keep it; else RequestError naming it as ``what``."""
    plain = not any(unicodedata.category(char) in ("Cc", "Cs") for char in value)
    if not (plain and 1 <= len(value.encode()) <= most_bytes):
        raise RequestError(
            f"{what} is {shortened(value)}; it must have 1 to {most_bytes:,} bytes of UTF-8, "
            "without control characters"
        )
    return value


def ensure_owner(connection: Connection, owner: str, now: datetime) -> None:
    """Makes the owner known, whom all other rows refer to."""
    insert_once(connection, owners, owner=checked_id("owner", owner), created=now)
