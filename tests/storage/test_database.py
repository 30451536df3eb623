from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from importlib import util
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from filelock import FileLock
from sqlalchemy import Connection, insert, select, text

from chatrec.errors import DataError, StorageError
from chatrec.storage import Storage, database, open_storage
from chatrec.storage.database import Database, open_database
from chatrec.storage.tables import EPOCH, metadata, owners
from tests.storage.conftest import run_sql


@pytest.fixture
def opened(where: str) -> Any:
    base = open_database(where)
    yield base
    base.close()


def names(connection: Connection) -> list[str]:
    return sorted(connection.execute(select(owners.c.owner)).scalars())


def add(connection: Connection, owner: str) -> None:
    connection.execute(insert(owners).values(owner=owner, created=EPOCH))


def test_the_migrations_lead_to_the_tables_in_the_code(bare: str) -> None:
    made = open_database(bare)
    with made.reading() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, metadata)
        assert context.get_current_revision() == "0001"
    made.close()
    assert differences == []


def test_a_block_that_raises_is_undone(opened: Database) -> None:
    def broken() -> None:
        with opened.writing() as connection:
            add(connection, "ann")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    with opened.reading() as connection:
        assert names(connection) == []


def test_readers_see_what_was_committed_and_wait_for_no_writer(opened: Database) -> None:
    with opened.writing() as connection:
        add(connection, "ann")
    with opened.writing() as writer:
        add(writer, "ben")
        with opened.reading() as reader:
            assert names(reader) == ["ann"]
    with opened.reading() as reader:
        assert names(reader) == ["ann", "ben"]


def test_writers_wait_for_each_other(opened: Database) -> None:
    def write(number: int) -> None:
        for step in range(10):
            with opened.writing() as connection:
                add(connection, f"{number}-{step}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened.reading() as connection:
        assert len(names(connection)) == 60


def test_several_processes_may_make_the_tables_at_once(bare: str) -> None:
    code = "import sys, chatrec.storage as s; s.open_storage(sys.argv[1]).close()"
    command = [sys.executable, "-W", "error", "-c", code, bare]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 2, said


def test_a_database_of_a_newer_version_is_refused_and_left_alone(where: str) -> None:
    open_storage(where).close()
    run_sql(where, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DataError, match=r"another version of chatrec .*9999.*update chatrec"):
        open_storage(where)
    run_sql(where, "UPDATE alembic_version SET version_num = '0001'")
    open_storage(where).close()


def test_an_open_storage_answers(storage: Storage) -> None:
    storage.check()


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    base = open_database(tmp_path / "kept.db")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    with base.writing() as connection:
        found = {n: connection.execute(text(f"PRAGMA {n}")).scalar_one() for n in wanted}
    base.close()
    assert found == wanted


def test_the_file_is_its_user_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "chatrec" / "kept.db"
    storage = open_storage(path)
    storage.keys.create("ann")
    modes = {part.name: stat.S_IMODE(part.stat().st_mode) for part in path.parent.iterdir()}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {modes[f"kept.db{end}"] for end in ("", "-wal", "-shm")} == {0o600}
    storage.close()


def test_a_url_of_sqlite_names_the_same_file(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "kept.db")
    storage.keys.create("ann")
    storage.close()
    again = open_storage(f"sqlite:///{tmp_path / 'kept.db'}")
    assert again.has("ann")
    again.close()


def test_a_file_that_is_no_database_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, " * 1000)
    with pytest.raises(DataError, match=r"notes\.txt' can't be used as the database"):
        open_storage(path)
    assert path.read_text() == "not a database, " * 1000


@pytest.mark.parametrize("where", [".", "", ":memory:"])
def test_what_is_no_file_is_refused(where: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="can't be used as the database"):
        open_storage(where)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://u:secret@host/db", "no way to a database of kind 'mysql'"),
        ("postgresql://u:secret@host:port/db", "the database's URL can't be read"),
        ("postgresql+asyncpg://u:secret@h/db", "no way to a database of kind"),
    ],
)
def test_other_urls_are_refused_without_their_password(url: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        open_storage(url)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_one_line_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="psycopg (extra postgres) is not installed")
    with pytest.raises(StorageError, match="can't be used at the moment") as caught:
        open_storage(f"postgresql://u:secret@/db?host={tmp_path}")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_driver_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = util.find_spec
    monkeypatch.setattr(database, "find_spec", lambda n: None if n == "psycopg" else found(n))
    with pytest.raises(DataError, match=r"needs psycopg.*pip install 'chatrec\[postgres\]'"):
        open_storage("postgresql://u:secret@h/db")


def test_a_write_that_waits_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    storage = open_storage(tmp_path / "kept.db")
    held = sqlite3.connect(tmp_path / "kept.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="database is locked"):
        storage.keys.create("ann")
    assert not storage.has("ann")
    held.execute("ROLLBACK")
    held.close()
    storage.keys.create("ann")
    storage.close()


def damage(path: Path) -> None:
    """Overwrites all but the first page."""
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x55" * (len(content) - 4096)
    path.write_bytes(content)


def test_a_damaged_file_is_said_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    open_storage(path).close()
    damage(path)
    with pytest.raises(DataError, match=r"can't be used as it is .*restore it"):
        open_storage(path)


@pytest.mark.parametrize("act", ["read", "write"])
def test_damage_done_while_it_is_open_is_said(tmp_path: Path, act: str) -> None:
    path = tmp_path / "kept.db"
    storage = open_storage(path)
    storage.keys.create("ann")
    storage.close()  # its connections; the next ones see the damage
    damage(path)
    with pytest.raises(DataError, match=r"can't be used as it is .*restore it"):
        storage.keys.entries() if act == "read" else storage.keys.create("ben")
    storage.close()


def test_importing_it_loads_no_model_library() -> None:
    code = (
        "import sys, chatrec.storage; sys.exit(any(n in sys.modules for n in ('torch', 'fastapi')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert ran.returncode == 0, ran.stderr


def test_a_file_that_another_process_keeps_opening_is_named_as_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.db"
    monkeypatch.setattr(database, "OPENING_TIMEOUT_S", 0.01)
    with FileLock(f"{path}.lock"), pytest.raises(StorageError, match="another process has been"):
        open_database(path)
