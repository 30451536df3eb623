"""A database looked at with each damage planted, and left as it is: SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.postgres_server import PostgresServer
from chatrec.conversation.sessions import NEW
from chatrec.errors import DataError, StorageError
from chatrec.storage import open_storage
from chatrec.storage.examination import examine
from tests.contracts.session_store import CALM, CALM_EXCHANGE
from tests.storage.conftest import run_sql


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the shared memory of readers."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.name: path.read_bytes() for path in files if not path.name.endswith("-shm")}


def test_a_whole_database_is_told_with_its_revision(where: str) -> None:
    found = examine(where)
    assert (found.exists, found.problems, found.active_keys) == (True, (), 0)
    assert found.revision == found.known[-1]
    assert found.kind == ("postgresql" if "://" in where else "sqlite")


def test_keys_in_force_are_counted(where: str) -> None:
    storage = open_storage(where)
    storage.keys.create("ann")
    storage.keys.revoke(storage.keys.create("ann").entry.key_id)
    storage.close()
    assert examine(where).active_keys == 1


def test_a_database_without_tables_is_left_without(bare: str) -> None:
    for _ in range(2):
        found = examine(bare)
        assert (found.revision, found.problems, found.active_keys) == (None, (), None)
    assert "://" in bare or not Path(bare).parent.exists()


def test_a_database_of_another_version_is_told(where: str) -> None:
    run_sql(where, "UPDATE alembic_version SET version_num = '9999'")
    try:
        found = examine(where)
        assert found.revision == "9999"
        assert "9999" not in found.known
    finally:
        run_sql(where, f"UPDATE alembic_version SET version_num = '{found.known[-1]}'")


def test_a_missing_table_is_named(made_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    path.write_bytes(made_file.read_bytes())
    run_sql(str(path), "DROP TABLE feedback")
    assert examine(str(path)).problems == ("its table feedback is missing",)


@pytest.mark.parametrize("live", [False, True])
def test_looking_changes_nothing_in_a_closed_or_an_open_file(tmp_path: Path, live: bool) -> None:
    path = tmp_path / "kept.db"
    storage = open_storage(path)
    storage.sessions.put("ann", "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
    if not live:
        storage.close()
    before = contents(tmp_path)
    found = examine(str(path))
    assert (found.problems, found.risks) == ((), ())
    assert contents(tmp_path) == before
    storage.close()


def test_what_a_killed_server_left_in_the_log_is_read(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "kept.db")
    storage.keys.create("ann")
    left = tmp_path / "left"
    left.mkdir()
    for name, content in contents(tmp_path).items():  # as a kill leaves them
        if name.startswith("kept.db") and not name.endswith(".lock"):
            (left / name).write_bytes(content)
    storage.close()
    assert (left / "kept.db-wal").stat().st_size
    before = contents(left)
    assert examine(str(left / "kept.db")).active_keys == 1
    assert contents(left) == before


def test_damaged_pages_are_found(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    storage = open_storage(path)
    for number in range(30):
        storage.sessions.put("ann", f"s{number}", CALM, version=NEW, exchange=CALM_EXCHANGE)
    storage.close()
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[half : half + 8192] = bytes(8192)
    path.write_bytes(content)
    with pytest.raises(DataError, match="malformed"):
        examine(str(path))


def test_rows_that_refer_to_nothing_are_found(made_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    path.write_bytes(made_file.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO feedback (owner, event_id, item_id, kind, at) "
            "VALUES ('nobody', 'e', 'i', 'like', 0)"
        )
    assert examine(str(path)).problems == ("1 rows refer to rows that are gone, in feedback",)


def test_a_file_without_a_write_ahead_log_is_a_risk(made_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    path.write_bytes(made_file.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    assert examine(str(path)).risks == ("it has no write-ahead log",)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    path.write_bytes(b"\x80\x04 a pickle, say" * 100)
    with pytest.raises(DataError, match=r"can't be read as a database \(file is not a database\)"):
        examine(str(path))


def test_a_server_without_fsync_is_a_risk(server: PostgresServer) -> None:
    open_storage(server.url).close()
    assert any("fsync=off" in risk for risk in examine(server.url).risks)


def test_a_server_is_only_read(server: PostgresServer) -> None:
    import psycopg

    from chatrec.storage import examination

    real = psycopg.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examination, "_server_looked_at", lambda where, connection: connection)
        patch.setattr(psycopg, "connect", lambda *a, **k: _Kept(real(*a, **k)))
        connection = examine(server.url)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("CREATE TABLE made (x int)")
    connection.close()


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(StorageError, match=r"postgresql.*can't be used at the moment") as caught:
        examine("postgresql://ann:secret@127.0.0.1:9/chatrec")
    assert "secret" not in str(caught.value)


class _Kept:
    """A connection that its block doesn't close."""

    def __init__(self, connection: object) -> None:
        self._connection = connection

    def __enter__(self) -> object:
        return self._connection

    def __exit__(self, *told: object) -> None:
        """Stays open."""
