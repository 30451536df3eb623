"""What every vector index does, and the exact one: all inner products, the best k.

Knows vectors by row number; knows nothing about items, texts or encoders. An approximate index in
this process is in :mod:`chatrec.retrieval.ivf_index`, one in a database in
:mod:`chatrec.retrieval.pgvector_index`; :mod:`chatrec.retrieval.item_index` chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chatrec.errors import RequestError

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]
Rows = NDArray[np.int64]

NO_ROW = -1  # pads where an index has fewer than k
NO_SCORE = float("-inf")


class VectorIndex(Protocol):
    """Vectors under row numbers, searched by inner product (cosine, for unit vectors).

    Rows are numbered in the order in which they were added, from 0 on; a removed row's number is
    not given again. One thread at a time may change an index; several may search it.
    """

    @property
    def dim(self) -> int:
        """The width of the vectors."""
        ...

    def __len__(self) -> int:
        """How many rows can be found."""
        ...

    def add(self, vectors: Vectors) -> Rows:
        """The row numbers, (m,), that the vectors, (m, dim), were given.

        Raises RequestError for another width or a value that is not finite.
        """
        ...

    def replace(self, rows: Sequence[int] | Rows, vectors: Vectors) -> None:
        """Give rows, (m,), other vectors, (m, dim); RequestError where one is not in the index."""
        ...

    def remove(self, rows: Sequence[int] | Rows) -> None:
        """Make rows unfindable; RequestError where one is not in the index."""
        ...

    def search(
        self, queries: Vectors, k: int, allowed: Sequence[int] | Rows | None = None
    ) -> tuple[Scores, Rows]:
        """Inner products, (Q, k), and rows, (Q, k), of the best for each of queries, (Q, dim).

        Best first. ``allowed``: only these rows may be found; numbers that the index has not are
        passed over. Where fewer than ``k`` can be found, the rest is -inf and -1. Raises
        RequestError for a ``k`` below 1 and for queries of another width.
        """
        ...


class ExactIndex:
    """Every query is compared with every vector: recall 1, time and memory grow with the rows."""

    def __init__(self, dim: int) -> None:
        faiss = faiss_module()
        self._dim = dim
        self._index: Any = faiss.IndexIDMap(faiss.IndexFlatIP(dim))
        self._live = np.zeros(0, dtype=bool)

    @property
    def dim(self) -> int:
        """The width of the vectors."""
        return self._dim

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, vectors: Vectors) -> Rows:
        """See :class:`VectorIndex`."""
        added = checked_vectors(vectors, self._dim)
        rows = np.arange(len(self._live), len(self._live) + len(added), dtype=np.int64)
        self._index.add_with_ids(added, rows)
        self._live = np.concatenate([self._live, np.ones(len(added), dtype=bool)])
        return rows

    def replace(self, rows: Sequence[int] | Rows, vectors: Vectors) -> None:
        """See :class:`VectorIndex`."""
        chosen = live_rows(rows, self._live)
        fresh = checked_vectors(vectors, self._dim, len(chosen))
        self._index.remove_ids(chosen)
        self._index.add_with_ids(fresh, chosen)

    def remove(self, rows: Sequence[int] | Rows) -> None:
        """See :class:`VectorIndex`."""
        chosen = live_rows(rows, self._live)
        self._index.remove_ids(chosen)
        self._live[chosen] = False

    def search(
        self, queries: Vectors, k: int, allowed: Sequence[int] | Rows | None = None
    ) -> tuple[Scores, Rows]:
        """See :class:`VectorIndex`."""
        asked = checked_queries(queries, k, self._dim)
        parameters = None
        if allowed is not None:
            chosen = selector(allowed_mask(allowed, self._live))
            parameters = faiss_module().SearchParameters(sel=chosen)
        depth = min(k, max(len(self), 1))
        scores, rows = self._index.search(asked, depth, params=parameters)
        return padded(scores, rows, k)


def faiss_module() -> Any:
    """faiss, loaded at first use; untyped, as its stubs describe the C++ signatures."""
    import faiss

    return faiss


def selector(mask: NDArray[np.bool_]) -> Any:
    """What lets faiss find only the rows of the mask, (n,)."""
    return faiss_module().IDSelectorBitmap(np.packbits(mask, bitorder="little"))


def checked_vectors(vectors: Vectors, dim: int, n: int | None = None) -> Vectors:
    """The vectors as faiss wants them; RequestError for a wrong shape or what is not finite."""
    given = np.ascontiguousarray(vectors, dtype=np.float32)
    wanted = f"({'m' if n is None else n}, {dim})"
    if given.ndim != 2 or given.shape[1] != dim or (n is not None and len(given) != n):
        raise RequestError(
            f"vectors of the shape {given.shape} do not fit this index: give {wanted}"
        )
    if not np.isfinite([given.min(initial=0.0), given.max(initial=0.0)]).all():
        row = int(np.flatnonzero(~np.isfinite(given).all(axis=1))[0])
        raise RequestError(f"vector {row} has a value that is not finite: give finite numbers")
    return given


def checked_queries(queries: Vectors, k: int, dim: int) -> Vectors:
    """The queries as faiss wants them; RequestError for a wrong shape or a ``k`` below 1."""
    if k < 1:
        raise RequestError(f"k is {k}; it must be at least 1")
    return checked_vectors(queries, dim)


def live_rows(rows: Sequence[int] | Rows, live: NDArray[np.bool_]) -> Rows:
    """The row numbers as an array; RequestError where one is not in the index or comes twice."""
    chosen = np.asarray(rows, dtype=np.int64).reshape(-1)
    inside = (chosen >= 0) & (chosen < len(live))
    known = inside.copy()
    known[inside] = live[chosen[inside]]
    if not known.all():
        raise RequestError(
            f"row {chosen[~known][0]} is not in the index, which has {int(live.sum()):,} rows: "
            "give rows that were added and not removed"
        )
    if len(np.unique(chosen)) != len(chosen):
        raise RequestError("a row was given twice: give each row once")
    return chosen


def allowed_mask(allowed: Sequence[int] | Rows, live: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows are in the index and among ``allowed``, (len(live),)."""
    chosen = np.asarray(allowed, dtype=np.int64).reshape(-1)
    chosen = chosen[(chosen >= 0) & (chosen < len(live))]
    mask = np.zeros(len(live), dtype=bool)
    mask[chosen] = live[chosen]
    return mask


def padded(scores: Scores, rows: Rows, k: int) -> tuple[Scores, Rows]:
    """Scores and rows, (Q, k), with NO_SCORE and NO_ROW where none was found."""
    n_queries, found = rows.shape
    all_scores = np.full((n_queries, k), NO_SCORE, dtype=np.float32)
    all_rows = np.full((n_queries, k), NO_ROW, dtype=np.int64)
    all_rows[:, :found] = rows
    all_scores[:, :found] = np.where(rows >= 0, scores, NO_SCORE)
    return all_scores, all_rows


def best_of(scores: Scores, rows: Rows, k: int) -> tuple[Scores, Rows]:
    """The best ``k`` of one query's scores, (m,), and rows, (m,): best first, lower row first."""
    if len(scores) > k:
        top = scores >= np.partition(scores, -k)[-k]  # more than k where some are equal
        scores, rows = scores[top], rows[top]
    order = np.lexsort((rows, -scores))[:k]
    return scores[order], rows[order]


def between(vectors: Vectors, rng: np.random.Generator) -> Vectors:
    """Queries for choosing how broadly to search: from vectors, (2m, dim), m of unit length.

    Each lies between a vector and another one, from 0 to half of the way, as the search vector of
    a wish with a liked item does. Stored vectors alone would be too easy: each finds itself.
    """
    half = len(vectors) // 2
    share = rng.uniform(0.0, 1.0, (half, 1)).astype(np.float32)
    mixed: Vectors = vectors[:half] + share * vectors[half : 2 * half]
    norms = np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)
    unit: Vectors = (mixed / norms).astype(np.float32)
    return unit
