"""Vectors in a table of PostgreSQL with the pgvector extension: the interface of every index.

For catalogues that several servers share or that outgrow one machine's memory. Up to
``exact_up_to`` rows the database compares the query with each; beyond, it keeps an HNSW graph
(Malkov & Yashunin 2018), whose search breadth is chosen when the graph is built, so that on a
sample the recall against the exact answer meets ``recall``. Knows SQL and row numbers; knows
nothing about items, texts or encoders.

The table has the columns ``row`` (bigint, primary key) and ``vector``; beside it the table
``NAME_facts`` holds one JSON object: the next row's number and what was chosen for the graph. Needs
the extra ``scale`` (psycopg, pgvector).
"""

from __future__ import annotations

import json
import logging
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from chatrec.errors import DataError, RequestError
from chatrec.retrieval.vector_index import (
    NO_ROW,
    Rows,
    Scores,
    Vectors,
    between,
    checked_queries,
    checked_vectors,
    padded,
)

EXACT_UP_TO = 20_000  # beyond, the graph is much quicker than looking at every row
RECALL = 0.99
RECALL_AT = 100
SAMPLE = 100
BREADTHS = (100, 150, 200, 300, 400, 600, 800, 1000)  # 1000 is the most that pgvector takes
LONGEST_NAME = 56  # PostgreSQL's 63 less "_facts"
WIDEST = 2000  # vectors that pgvector's graph takes
SEED = 2026
NEEDED = (0, 8)  # its iterative scans
_log = logging.getLogger(__name__)


class PgvectorIndex:
    """One table as an index. It keeps one connection, which threads may share, until it is closed
    or nobody holds it.
    """

    def __init__(
        self,
        dsn: str,
        table: str,
        dim: int,
        *,
        exact_up_to: int = EXACT_UP_TO,
        recall: float = RECALL,
    ) -> None:
        """Open the table, or create it (and the extension, where the server has it).

        ``dsn`` is libpq's: ``postgresql://user@host/database`` or ``host=/run/postgresql``.
        Raises DataError where the server can't be reached or has no pgvector, and where the
        table's vectors have another width.
        """
        if not 1 <= dim <= WIDEST:
            raise RequestError(f"dim is {dim}; pgvector's graph takes 1 to {WIDEST} columns")
        self._dim, self._exact_up_to, self._recall = dim, exact_up_to, recall
        self._names = _names(table)
        self._lock = threading.RLock()  # all threads share the connection's one transaction
        self._connection = _connected(dsn)
        weakref.finalize(self, self._connection.close)
        try:
            self._create(table)
        except DataError:
            self._connection.close()
            raise

    @property
    def dim(self) -> int:
        """The width of the vectors."""
        return self._dim

    @property
    def facts(self) -> dict[str, Any]:
        """``next_row``; once there is a graph, its ``breadth``, ``recall`` (measured) and more."""
        return dict(self._run("SELECT facts FROM {facts}").fetchone()[0])

    def __len__(self) -> int:
        return int(self._run("SELECT count(*) FROM {table}").fetchone()[0])

    def close(self) -> None:
        """Close the connection; the table stays."""
        self._connection.close()

    def drop(self) -> None:
        """Delete the table with all its vectors."""
        self._run("DROP TABLE {table}, {facts}")

    def add(self, vectors: Vectors) -> Rows:
        """See :class:`~chatrec.retrieval.vector_index.VectorIndex`. Builds the graph when due."""
        return self._added(vectors, only_first=False)

    def fill(self, vectors: Vectors) -> bool:
        """Add the vectors unless some were added before; of several callers, one does it."""
        return bool(len(self._added(vectors, only_first=True)))

    def replace(self, rows: Sequence[int] | Rows, vectors: Vectors) -> None:
        """See :class:`~chatrec.retrieval.vector_index.VectorIndex`."""
        chosen = np.asarray(rows, dtype=np.int64).reshape(-1)
        fresh = checked_vectors(vectors, self._dim, len(chosen))
        with self._at_once():
            self._delete(chosen)
            self._copy(chosen, fresh)

    def remove(self, rows: Sequence[int] | Rows) -> None:
        """See :class:`~chatrec.retrieval.vector_index.VectorIndex`."""
        with self._at_once():
            self._delete(np.asarray(rows, dtype=np.int64).reshape(-1))

    def search(
        self, queries: Vectors, k: int, allowed: Sequence[int] | Rows | None = None
    ) -> tuple[Scores, Rows]:
        """See :class:`~chatrec.retrieval.vector_index.VectorIndex`.

        Exact where ``allowed`` is given and where ``k`` is more than the graph can be asked for.
        """
        asked = checked_queries(queries, k, self._dim)
        breadth = int(self.facts.get("breadth", 0))
        by_graph = allowed is None and breadth > 0 and k <= BREADTHS[-1]
        all_scores = np.zeros((len(asked), k), dtype=np.float32)
        all_rows = np.full((len(asked), k), NO_ROW, dtype=np.int64)
        for place, query in enumerate(asked):
            found = (
                self._by_graph(query, k, max(breadth, k))
                if by_graph
                else self._exact(query, k, allowed)
            )
            all_rows[place, : len(found)] = [row for row, _ in found]
            all_scores[place, : len(found)] = [score for _, score in found]
        return padded(all_scores, all_rows, k)

    def build_graph(self, *, seed: int = SEED) -> None:
        """Make the HNSW graph and choose how broadly it is searched; ``add`` calls it when due."""
        self._run("CREATE INDEX IF NOT EXISTS {graph} ON {table} USING hnsw (vector vector_ip_ops)")
        self._run("ANALYZE {table}")
        queries = self._sample(seed)
        truth = [{row for row, _ in self._exact(query, RECALL_AT, None)} for query in queries]
        recall = 1.0
        for breadth in BREADTHS:
            found = [self._by_graph(query, RECALL_AT, breadth) for query in queries]
            shared = [len(true & {r for r, _ in f}) for true, f in zip(truth, found, strict=True)]
            recall = sum(shared) / sum(map(len, truth)) if truth else 1.0
            if recall >= self._recall:
                break
        self._state(breadth=breadth, recall=recall, recall_at=RECALL_AT)
        _log.log(
            logging.INFO if recall >= self._recall else logging.WARNING,
            "the graph's recall@%d on %d sampled queries is %.4f at breadth %d (wanted: %.2f)",
            RECALL_AT, len(queries), recall, breadth, self._recall,
        )  # fmt: skip

    def _added(self, vectors: Vectors, *, only_first: bool) -> Rows:
        added = checked_vectors(vectors, self._dim)
        with self._at_once():
            first = int(self._run("SELECT facts FROM {facts} FOR UPDATE").fetchone()[0]["next_row"])
            if only_first and first:
                return np.zeros(0, dtype=np.int64)
            rows = np.arange(first, first + len(added), dtype=np.int64)
            self._copy(rows, added)
            self._state(next_row=first + len(added))
        if "breadth" not in self.facts and len(self) > self._exact_up_to:
            self.build_graph()
        return rows

    def _sample(self, seed: int) -> Vectors:
        """Queries that each lie between two stored vectors, (SAMPLE, dim) at most."""
        self._run("SELECT setseed(%s)", (1 / (1 + seed),))
        drawn = self._rows("SELECT vector FROM {table} ORDER BY random() LIMIT %s", (2 * SAMPLE,))
        vectors = np.stack([vector.to_numpy() for (vector,) in drawn]).astype(np.float32)
        return between(vectors, np.random.default_rng(seed))

    def _by_graph(self, query: Vectors, k: int, breadth: int) -> list[tuple[int, float]]:
        with self._at_once():
            self._run("SELECT set_config('hnsw.ef_search', %s, true)", (str(breadth),))
            self._run("SELECT set_config('hnsw.iterative_scan', 'strict_order', true)")
            self._run("SELECT set_config('enable_seqscan', 'off', true)")
            return self._rows(
                "SELECT row, -(vector <#> %s) FROM {table} ORDER BY vector <#> %s LIMIT %s",
                (query, query, k),
            )

    def _exact(
        self, query: Vectors, k: int, allowed: Sequence[int] | Rows | None
    ) -> list[tuple[int, float]]:
        """The graph can't serve this order: it isn't that of the operator itself."""
        if allowed is None:
            return self._rows(
                "SELECT row, -(vector <#> %s) AS score FROM {table} "
                "ORDER BY score DESC, row LIMIT %s",
                (query, k),
            )
        return self._rows(
            "SELECT row, -(vector <#> %s) AS score FROM {table} WHERE row = ANY(%s) "
            "ORDER BY score DESC, row LIMIT %s",
            (query, np.asarray(allowed, dtype=np.int64).tolist(), k),
        )

    def _copy(self, rows: Rows, vectors: Vectors) -> None:
        statement = self._sql("COPY {table} (row, vector) FROM STDIN WITH (FORMAT BINARY)")
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(["int8", "vector"])
            for row, vector in zip(rows.tolist(), vectors, strict=True):
                copy.write_row((row, vector))

    def _delete(self, rows: Rows) -> None:
        """RequestError, and nothing deleted, where a row is missing or comes twice."""
        deleted = self._rows(
            "DELETE FROM {table} WHERE row = ANY(%s) RETURNING row", (rows.tolist(),)
        )
        if len(deleted) != len(rows):
            missing = sorted(set(rows.tolist()) - {row for (row,) in deleted})
            raise RequestError(
                f"row {missing[0]} is not in the index, which has {len(self):,} rows: "
                "give rows that were added and not removed"
                if missing
                else "a row was given twice: give each row once"
            )

    def _create(self, table: str) -> None:
        from pgvector.psycopg import register_vector

        with self._at_once():
            self._run(
                "SELECT pg_advisory_xact_lock(hashtext('chatrec'))"
            )  # one creates, others wait
            self._create_extension()
            self._run(
                "CREATE TABLE IF NOT EXISTS {table} "
                f"(row bigint PRIMARY KEY, vector vector({self._dim:d}) NOT NULL)"
            )
            self._run("CREATE TABLE IF NOT EXISTS {facts} (facts jsonb NOT NULL)")
            self._run(
                "INSERT INTO {facts} SELECT %s::jsonb WHERE NOT EXISTS (SELECT FROM {facts})",
                (json.dumps({"next_row": 0}),),
            )
        register_vector(self._connection)
        width = self._run(
            "SELECT atttypmod FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attname = 'vector'",
            (self._names["table"].as_string(self._connection),),
        ).fetchone()
        if width is None or width[0] != self._dim:
            raise DataError(
                f"the table {table!r} holds vectors of the width {width and width[0]}, not "
                f"{self._dim}: name another table, or drop this one"
            )

    def _create_extension(self) -> None:
        import psycopg

        try:
            self._run("CREATE EXTENSION IF NOT EXISTS vector")
        except psycopg.Error as error:
            raise DataError(
                f"the database has no pgvector ({_line(error)}): install the extension on its "
                "server (Debian: postgresql-NN-pgvector) and let this user create it"
            ) from error
        (version,) = self._run(
            "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
        ).fetchone()
        if tuple(map(int, version.split(".")[:2])) < NEEDED:
            raise DataError(
                f"the database has pgvector {version}; 0.8 or newer is needed: update the "
                "extension on its server, then ALTER EXTENSION vector UPDATE"
            )

    def _state(self, **facts: Any) -> None:
        self._run("UPDATE {facts} SET facts = facts || %s::jsonb", (json.dumps(facts),))

    def _rows(self, statement: str, given: tuple[Any, ...]) -> list[Any]:
        return list(self._run(statement, given).fetchall())

    def _run(self, statement: str, given: tuple[Any, ...] = ()) -> Any:
        with self._alone():
            return self._connection.execute(self._sql(statement), given)

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """All that is done inside, or nothing of it."""
        with self._alone(), self._connection.transaction():
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other thread uses the connection; DataError where that was lost."""
        import psycopg

        try:
            with self._lock:
                yield
        except psycopg.OperationalError as error:
            if not self._connection.closed:
                raise
            raise DataError(
                f"the connection to PostgreSQL was lost ({_line(error)}): open the index again"
            ) from error

    def _sql(self, statement: str) -> Any:
        from psycopg import sql

        return sql.SQL(statement).format(**self._names)


def server_version(dsn: str) -> str:
    """The version of pgvector at ``dsn``, whether this database uses it yet or not.

    Changes nothing. DataError where the server can't be reached or hasn't got the extension.
    """
    with _connected(dsn) as connection:
        found = connection.execute(
            "SELECT coalesce(installed_version, default_version) FROM pg_available_extensions "
            "WHERE name = 'vector'"
        ).fetchone()
    if found is None:
        raise DataError(
            "the database's server has no pgvector: install the extension there (Debian: "
            "postgresql-NN-pgvector)"
        )
    return str(found[0])


def _names(table: str) -> dict[str, Any]:
    from psycopg import sql

    if not 1 <= len(table.encode()) <= LONGEST_NAME:
        raise RequestError(f"table name {table!r}: give 1 to {LONGEST_NAME} bytes")
    return {
        "table": sql.Identifier(table),
        "facts": sql.Identifier(f"{table}_facts"),
        "graph": sql.Identifier(f"{table}_graph"),
    }


def _connected(dsn: str) -> Any:
    try:
        import pgvector  # noqa: F401
        import psycopg
    except ImportError as error:
        raise DataError(f"{error.name} is not installed: pip install 'chatrec[scale]'") from error
    try:
        return psycopg.connect(dsn, autocommit=True)
    except psycopg.Error as error:
        raise DataError(
            f"PostgreSQL cannot be reached ({_line(error)}): start it, or give another address"
        ) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
