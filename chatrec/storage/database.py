"""One database: opened, brought to the newest tables, read from and written to in transactions.

SQLite in a file, or PostgreSQL. What was written is on the disk when :meth:`Database.writing` ends.
Knows nothing about what the tables mean.
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chatrec.errors import ChatrecError, DataError, StorageError

BUSY_TIMEOUT_S = 10.0  # how long a write waits for those of other processes
OPENING_TIMEOUT_S = 60.0  # how long a start waits for the migrations of another process
CONNECT_TIMEOUT_S = 5
MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x63686174726563  # "chatrec": PostgreSQL's advisory locks are numbers
_WRITES = "chatrec_writes"
_PASSING = (OperationalError, InterfaceError, InternalError, IntegrityError)
_one_at_a_time = threading.Lock()  # alembic keeps what it works on in a global


class Database:
    """An open database; may be used from several threads, and has to be opened after a fork."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writes = engine.execution_options(**{_WRITES: True})
        self.is_sqlite = engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads; on SQLite one snapshot, which no writer delays."""
        with _understood(self._engine), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is durable once the block has ended, and undone if it raises.

        StorageError where the database can't be reached, or is busy for too long. Whether the
        block was stored isn't known then.
        """
        with _understood(self._engine), self._writes.begin() as connection:
            yield connection

    def check(self) -> None:
        """Raises StorageError unless the database answers."""
        with self.reading() as connection:
            connection.execute(select(1))

    def flush_log(self) -> None:
        """Takes what was deleted out of SQLite's log; where others read now, a later one does."""
        if self.is_sqlite:
            with _understood(self._engine), closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()


def open_database(where: str | Path) -> Database:
    """The database in a file, or behind a ``postgresql://`` URL, with its tables made or renewed.

    Safe to call from several processes at once. DataError where the file or URL can't be used,
    StorageError where the server isn't reached.
    """
    url = address_of(where)
    if url.get_backend_name() == "postgresql":
        return _open_postgresql(url)
    return _open_sqlite(Path(url.database or ""))


def insert_once(connection: Connection, table: Table, **values: Any) -> bool:
    """Inserts a row; False, and nothing changed, where there is one with the same key."""
    module: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    inserting = module.insert(table).values(**values).on_conflict_do_nothing()
    # The row is asked for, as psycopg doesn't count what it inserts.
    inserted = connection.execute(inserting.returning(*table.primary_key))
    return inserted.first() is not None


def address_of(where: str | Path) -> URL:
    """The address of a file, or of what a URL names; DataError where that can't be used."""
    allowed = "give the path of a file, or postgresql://USER:PASSWORD@HOST/NAME"
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError) as error:  # ValueError: for a port that is no number
        raise DataError(f"the database's URL can't be read; {allowed}") from error
    match url.drivername:
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return url.set(drivername="postgresql+psycopg")
        case "sqlite":
            return url
        case other:
            raise DataError(f"there is no way to a database of kind {other!r}; {allowed}")


def _open_postgresql(url: URL) -> Database:
    if find_spec("psycopg") is None:
        raise DataError(
            f"{url.render_as_string()} needs psycopg, which is not installed; "
            "run pip install 'chatrec[postgres]', or give the path of a file"
        )
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,  # a server that was restarted is found again
        hide_parameters=True,  # what users wrote stays out of messages
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
        connection.commit()

    return _migrated(Database(engine))


def _open_sqlite(path: Path) -> Database:
    from filelock import FileLock, Timeout

    path = path.expanduser()
    try:
        if path.is_dir() or path.name == ":memory:":
            raise FileNotFoundError("it is no file")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=OPENING_TIMEOUT_S):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            _switch_to_wal(path)
            return _migrated(Database(_sqlite_engine(path)))
    except Timeout as error:  # an OSError, too
        raise StorageError(
            f"{path}: another process has been opening it for {OPENING_TIMEOUT_S:.0f} seconds; "
            "end that process, or try again later"
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise DataError(
            f"{str(path)!r} can't be used as the database ({error}); give a file on a local disk "
            "that is chatrec's own, in a folder that can be written"
        ) from error


def _switch_to_wal(path: Path) -> None:
    """Sets what is remembered in the file. A file system without shared memory can't have it."""
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)) as connection:
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise sqlite3.NotSupportedError(f"its journal mode is {mode!r}, and can't be 'wal'")


def _sqlite_engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_S},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None  # transactions begin below, not by the driver
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        if connection.get_execution_options().get(_WRITES, False):
            _begin_writing(driver)
        else:
            driver.execute("BEGIN").close()

    return engine


def _begin_writing(driver: sqlite3.Connection) -> None:
    """Begins a transaction that has the right to write: one that only reads can't get it later.

    SQLite's own waiting asks ever more seldom, so that whoever waits longest comes last.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    driver.execute("PRAGMA busy_timeout=0").close()
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE").close()
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
            time.sleep(random.uniform(0.0005, 0.002))  # nosec B311  # no secret: a pause
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000:.0f}").close()


def _migrated(database: Database) -> Database:
    """The database with the newest tables; closed if that fails."""
    try:
        with database.writing() as connection:
            if not database.is_sqlite:  # there the file is locked
                lock = text("SELECT pg_advisory_xact_lock(:lock)")
                connection.execute(lock, {"lock": _MIGRATION_LOCK})
            _migrate(connection)
    except ChatrecError:
        database.close()
        raise
    return database


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _one_at_a_time:
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise DataError(
                f"the database was made by another version of chatrec ({error}); "
                "update chatrec, or give another database"
            ) from error


@contextmanager
def _understood(engine: Engine) -> Iterator[None]:
    """The drivers' errors as ours."""
    where = engine.url.render_as_string()
    try:
        yield
    except (*_PASSING, PoolTimeout, sqlite3.OperationalError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error)
        raise StorageError(
            f"the database {where} can't be used at the moment ({' '.join(reason.split())}); "
            "try again, and see that it runs and has room"
        ) from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error)
        raise DataError(
            f"the database {where} can't be used as it is ({' '.join(reason.split())}); "
            "see that chatrec may write there, restore it from a backup, or give another one"
        ) from error
