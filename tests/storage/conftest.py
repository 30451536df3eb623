"""An empty storage on SQLite and on a real PostgreSQL: whoever asks for one runs on both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from benchmarks.postgres_server import PostgresServer, missing
from chatrec.storage import Storage, open_storage


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    with PostgresServer(durable=False) as started:
        yield started


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with tables and without rows."""
    path = tmp_path_factory.mktemp("made") / "kept.db"
    open_storage(path).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that has nothing in it, not even tables."""
    if request.param == "sqlite":
        return str(tmp_path / "chat's folder 100%" / "kept.db")
    url: str = request.getfixturevalue("server").url
    run_sql(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that has tables and no rows."""
    if request.param == "sqlite":
        return str(shutil.copy(request.getfixturevalue("made_file"), tmp_path))
    url: str = request.getfixturevalue("server").url
    open_storage(url).close()
    run_sql(url, "TRUNCATE owners CASCADE")
    return url


@pytest.fixture
def storage(where: str) -> Iterator[Storage]:
    """An empty storage."""
    opened = open_storage(where)
    yield opened
    opened.close()


def run_sql(where: str, *statements: str) -> None:
    """Executes the statements in the database behind chatrec's back."""
    url = where.replace("postgresql:", "postgresql+psycopg:", 1)
    engine = create_engine(url if "://" in where else f"sqlite:///{where}")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
