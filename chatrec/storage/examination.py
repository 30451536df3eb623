"""Looks at a database without changing it: is it there, whose tables has it, is it whole?

Nothing is made, migrated or repaired. A SQLite file that no process has open is read without a lock
and without its log, since even a reader would leave files behind. Knows nothing about what to do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from sqlalchemy import URL

from chatrec.errors import DataError, StorageError
from chatrec.storage.database import CONNECT_TIMEOUT_S, MIGRATIONS, address_of
from chatrec.storage.tables import metadata

Kind = Literal["sqlite", "postgresql"]
MOST_PROBLEMS = 5
_BUSY_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found. ``revision`` is the newest migration made, None where there are no tables.

    ``known`` are the revisions that this chatrec has, the newest last. ``problems`` are words on
    what is broken, ``risks`` on what breaks a promise later. ``active_keys`` is None where it could
    not be counted.
    """

    kind: Kind
    where: str
    exists: bool = True
    revision: str | None = None
    known: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    active_keys: int | None = None


def examine(where: str) -> Examination:
    """The database in a file or behind a ``postgresql://`` URL, looked at and left as it is.

    DataError where the address can't be read or its driver is missing, or where what is there is
    no database; StorageError where the server isn't reached.
    """
    url = address_of(where)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url)
    path = Path(url.database or "").expanduser()
    if not path.exists():
        return Examination("sqlite", str(path), exists=False, known=_revisions())
    return _sqlite(path)


def _sqlite(path: Path) -> Examination:
    try:
        with _opened(path) as connection:
            return _looked_at(path, connection)
    except sqlite3.Error as error:
        raise DataError(
            f"{str(path)!r} can't be read as a database ({error}); restore it from a backup, or "
            "name another file"
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Reads only. Beside a log there are readers or writers, or one that was killed."""
    in_use = path.with_name(f"{path.name}-wal").exists()
    mode = "mode=ro" if in_use else "immutable=1"
    address = f"file:{quote(str(path))}?{mode}"
    with closing(sqlite3.connect(address, uri=True, timeout=_BUSY_TIMEOUT_S)) as connection:
        yield connection


def _looked_at(path: Path, connection: sqlite3.Connection) -> Examination:
    def rows(statement: str) -> list[Any]:
        return connection.execute(statement).fetchall()

    found = [line for (line,) in rows(f"PRAGMA integrity_check({MOST_PROBLEMS})") if line != "ok"]
    tables = {name for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    strays = rows("PRAGMA foreign_key_check")
    if strays:
        found.append(f"{len(strays)} rows refer to rows that are gone, in {strays[0][0]}")
    revision = None
    if "alembic_version" in tables:
        revision = next((name for (name,) in rows("SELECT version_num FROM alembic_version")), None)
    found += _missing(tables, revision)
    keys = None
    if "api_keys" in tables:
        keys = rows("SELECT count(*) FROM api_keys WHERE revoked IS NULL")[0][0]
    risks = ["it has no write-ahead log"] if tables and not _is_wal(path) else []
    return Examination(
        "sqlite", str(path), True, revision, _revisions(), tuple(found), tuple(risks), keys
    )


def _is_wal(path: Path) -> bool:
    """Whether the file's header says WAL: bytes 18 and 19 are 2 (SQLite's file format, 1.3.3)."""
    with path.open("rb") as file:
        return file.read(20)[18:20] == b"\x02\x02"


def _postgresql(url: URL) -> Examination:
    where = url.render_as_string()
    if find_spec("psycopg") is None:
        raise DataError(f"{where} needs psycopg; run pip install 'chatrec[postgres]'")
    import psycopg

    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(
            plain,
            connect_timeout=CONNECT_TIMEOUT_S,
            options="-c default_transaction_read_only=on",
            autocommit=True,
        ) as connection:
            return _server_looked_at(where, connection)
    except psycopg.Error as error:
        raise StorageError(
            f"the database {where} can't be used at the moment ({' '.join(str(error).split())}); "
            "see that it runs, and that name and password are right"
        ) from error


def _server_looked_at(where: str, connection: Any) -> Examination:
    def rows(statement: str) -> list[Any]:
        return list(connection.execute(statement).fetchall())

    tables = {
        name
        for (name,) in rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = ANY(current_schemas(false))"
        )
    }
    revision = None
    if "alembic_version" in tables:
        revision = next((name for (name,) in rows("SELECT version_num FROM alembic_version")), None)
    broken = rows("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
    found = [f"the index {name} is not valid" for (name,) in broken[:MOST_PROBLEMS]]
    found += _missing(tables, revision)
    off = rows(
        "SELECT name FROM pg_settings WHERE setting = 'off' "
        "AND name IN ('fsync', 'full_page_writes')"
    )
    risks = [
        f"the server runs with {name}=off, so a crash can lose or break data" for (name,) in off
    ]
    keys = None
    if "api_keys" in tables:
        keys = rows("SELECT count(*) FROM api_keys WHERE revoked IS NULL")[0][0]
    return Examination(
        "postgresql", where, True, revision, _revisions(), tuple(found), tuple(risks), keys
    )


def _missing(tables: set[str], revision: str | None) -> list[str]:
    """Tables of the newest revision that are gone; nothing for an older or an empty database."""
    if revision != _revisions()[-1]:
        return []
    gone = sorted(set(metadata.tables) - tables)
    return [f"its table {name} is missing" for name in gone]


def _revisions() -> tuple[str, ...]:
    """All revisions of the tables that this chatrec has, the newest last."""
    from alembic.script import ScriptDirectory

    walked = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return tuple(reversed([script.revision for script in walked]))
