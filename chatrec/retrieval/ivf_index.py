"""An approximate index for many vectors: only the lists nearest to the query are looked at.

Inverted file (Jégou et al. 2011): k-means puts the vectors into lists; a search looks into the
``probes`` lists whose centroids are nearest, first at codes of 2 bits a coordinate (product
quantization, in blocks that the processor compares at once: André et al. 2015), then at the vectors
of the best by those, whose inner products order what is found. How many probes a recall takes is
measured when the index is built, on queries that lie between stored vectors. Knows vectors by row
number; knows nothing about items, texts or encoders.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.retrieval.vector_index import (
    NO_ROW,
    Rows,
    Scores,
    Vectors,
    allowed_mask,
    best_of,
    between,
    checked_queries,
    checked_vectors,
    faiss_module,
    live_rows,
    padded,
    selector,
)

RECALL = 0.99
MARGIN = 0.4  # of what RECALL lets be missed is kept for queries unlike the sampled ones
DEPTHS = (100, 200, 500, 1000, 3000, 10_000)  # the k whose probes are measured
SAMPLE = 300  # queries that the probes are measured on
TRAINED_PER_LIST = 40
ROUNDS = 6  # of k-means
BLOCK = 65_536
CODE_BITS = 4  # for every two coordinates
TRAINED_CODES = 20_000  # vectors that the codes are learnt from
CANDIDATES = 6  # times k, and SPARE more, are found by their codes, then ordered by their vectors
SPARE = 100
SEED = 2026
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Depth:
    """For the best ``k``, ``probes`` lists hold the part ``recall`` of them, on the sample."""

    k: int
    probes: int
    recall: float


@dataclass(frozen=True, slots=True)
class Partition:
    """The lists of n vectors: centroids (L, dim), the list of each vector (n,), and probes.

    ``codebooks`` (dim / 2, 16, 2): what each code of two coordinates stands for.
    """

    centroids: Vectors
    codebooks: Vectors
    lists: NDArray[np.int32]
    depths: tuple[Depth, ...]


class IvfIndex:
    """Vectors in lists. It keeps the array it is given; only added vectors are copied."""

    def __init__(self, vectors: Vectors, partition: Partition) -> None:
        """``vectors`` (n, dim) and their partition, from :func:`partitioned` or a file."""
        faiss = faiss_module()
        self._vectors = checked_vectors(vectors, partition.centroids.shape[1])
        self._owned = False  # whether the vectors may be written to
        self._depths = partition.depths
        self._live = np.ones(len(vectors), dtype=bool)
        self._coarse: Any = _flat(partition.centroids)
        self._index: Any = faiss.IndexIVFPQFastScan(
            self._coarse, self.dim, len(partition.centroids),
            len(partition.codebooks), CODE_BITS, faiss.METRIC_INNER_PRODUCT,
        )  # fmt: skip
        self._index.own_fields = self._index.by_residual = False
        faiss.copy_array_to_vector(partition.codebooks.ravel(), self._index.pq.centroids)
        self._index.is_trained = True
        self._store(np.arange(len(vectors), dtype=np.int64), partition.lists)

    @property
    def dim(self) -> int:
        """The width of the vectors."""
        return int(self._vectors.shape[1])

    @property
    def depths(self) -> tuple[Depth, ...]:
        """How many lists are looked at for how many rows, and the recall measured with them."""
        return self._depths

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, vectors: Vectors) -> Rows:
        """See :class:`~chatrec.retrieval.vector_index.VectorIndex`.

        Copies all vectors once more, so add many at once. The centroids stay as they are: after
        many additions build the index anew.
        """
        added = checked_vectors(vectors, self.dim)
        rows = np.arange(len(self._live), len(self._live) + len(added), dtype=np.int64)
        self._vectors, self._owned = np.concatenate([self._vectors, added]), True
        self._live = np.concatenate([self._live, np.ones(len(added), dtype=bool)])
        self._store(rows, self._coarse.search(added, 1)[1].reshape(-1))
        return rows

    def replace(self, rows: Sequence[int] | Rows, vectors: Vectors) -> None:
        """See :class:`~chatrec.retrieval.vector_index.VectorIndex`; the given array is left."""
        chosen = live_rows(rows, self._live)
        fresh = checked_vectors(vectors, self.dim, len(chosen))
        self._index.remove_ids(chosen)
        if not self._owned:
            self._vectors, self._owned = self._vectors.copy(), True
        self._vectors[chosen] = fresh
        self._store(chosen, self._coarse.search(fresh, 1)[1].reshape(-1))

    def remove(self, rows: Sequence[int] | Rows) -> None:
        """See :class:`~chatrec.retrieval.vector_index.VectorIndex`."""
        chosen = live_rows(rows, self._live)
        self._index.remove_ids(chosen)
        self._live[chosen] = False

    def search(
        self, queries: Vectors, k: int, allowed: Sequence[int] | Rows | None = None
    ) -> tuple[Scores, Rows]:
        """See :class:`~chatrec.retrieval.vector_index.VectorIndex`.

        The best ``k`` of a part of the rows lie about as deep as the best ``k / part`` of all:
        that depth says how many lists are looked at. Beyond the deepest, all is compared.
        """
        asked = checked_queries(queries, k, self.dim)
        mask = self._live if allowed is None else allowed_mask(allowed, self._live)
        n_allowed = int(mask.sum())
        depth = self._depth(k * len(self) / n_allowed) if n_allowed else None
        if depth is None:
            return self._exact(asked, k, np.flatnonzero(mask))
        parameters = faiss_module().SearchParametersIVF(
            nprobe=depth.probes, **({} if allowed is None else {"sel": selector(mask)})
        )
        found = []
        for query in asked:  # one at a time: faiss shares several out among threads of its own
            _, near = self._index.search(query[None], CANDIDATES * k + SPARE, params=parameters)
            rows = near[near != NO_ROW]
            found.append(best_of(self._vectors[rows] @ query, rows, k))
        return _stacked(found, k)

    def _depth(self, k: float) -> Depth | None:
        """The shallowest that was measured for ``k`` or more."""
        return next((depth for depth in self._depths if depth.k >= k), None)

    def _store(self, rows: Rows, lists: NDArray[Any]) -> None:
        """Put rows, whose vectors are kept already, into their lists.

        For faiss to add them without looking for their lists again, it is given one centroid only.
        """
        if not len(rows):
            return
        faiss = faiss_module()
        order = np.argsort(lists, kind="stable")
        numbers, starts = np.unique(lists[order], return_index=True)
        try:
            for number, members in zip(numbers, np.split(rows[order], starts[1:]), strict=True):
                only = faiss.IndexIDMap(faiss.IndexFlatIP(self.dim))
                only.add_with_ids(self._vectors[members[:1]], np.array([number], dtype=np.int64))
                self._index.quantizer = only
                self._index.add_with_ids(self._vectors[members], members)
        finally:
            self._index.quantizer = self._coarse

    def _exact(self, queries: Vectors, k: int, rows: Rows) -> tuple[Scores, Rows]:
        """The best ``k`` of the rows, (m,), all of which are looked at."""
        all_of_them = len(rows) == len(self._vectors)
        vectors = self._vectors if all_of_them else self._vectors[rows]
        return _stacked([best_of(vectors @ query, rows, k) for query in queries], k)


def partitioned(
    vectors: Vectors,
    *,
    n_lists: int | None = None,
    recall: float = RECALL,
    seed: int = SEED,
    progress: bool = False,
) -> Partition:
    """The lists of vectors, (n, dim), and the probes that reach the recall on sampled queries.

    At least 16 vectors. ``n_lists``: the power of two nearest to 2 sqrt(n) unless given, so that
    finding the lists costs little beside looking into them.
    """
    if n_lists is None:
        n_lists = 2 ** round(math.log2(2 * math.sqrt(len(vectors))))
    faiss = faiss_module()
    trained = _sampled(vectors, TRAINED_PER_LIST * n_lists, seed)
    means = faiss.Kmeans(
        vectors.shape[1], n_lists, niter=ROUNDS, spherical=True, seed=seed, verbose=False,
        min_points_per_centroid=1, max_points_per_centroid=TRAINED_PER_LIST,
    )  # fmt: skip
    means.train(trained)
    lists = _nearest(vectors, _flat(means.centroids), progress)
    depths = measured_depths(vectors, means.centroids, lists, recall=recall, seed=seed)
    for depth in depths:
        _log.info(
            "%d vectors in %d lists: %d of them hold %.4f of the best %d, on %d sampled queries",
            len(vectors), n_lists, depth.probes, depth.recall, depth.k, SAMPLE,
        )  # fmt: skip
    return Partition(means.centroids, _codebooks(vectors, seed), lists, depths)


def measured_depths(
    vectors: Vectors,
    centroids: Vectors,
    lists: NDArray[np.int32],
    *,
    recall: float = RECALL,
    seed: int = SEED,
) -> tuple[Depth, ...]:
    """The fewest probes for each of DEPTHS whose lists hold enough of the true best.

    For each true neighbour of a query: at which place the query has its list. So one exact search
    tells the recall of every number of probes.
    """
    queries = _queries(vectors, seed)
    deepest = min(DEPTHS[-1], len(vectors))
    truth = _exact_rows(vectors, queries, deepest)
    order = np.argsort(-(queries @ centroids.T), axis=1)
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(len(centroids))[None, :], axis=1)
    at = np.take_along_axis(places, lists[truth].astype(np.int64), axis=1)  # (Q, deepest)
    wanted = 1 - (1 - recall) * (1 - MARGIN)
    depths = []
    for k in (k for k in DEPTHS if k < len(vectors)):
        reached = np.bincount(at[:, :k].ravel(), minlength=len(centroids)).cumsum() / at[:, :k].size
        probes = min(int(np.searchsorted(reached, wanted)) + 1, len(centroids))
        depths.append(Depth(k, probes, float(reached[probes - 1])))
    return tuple(depths)


def _queries(vectors: Vectors, seed: int) -> Vectors:
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(vectors), min(2 * SAMPLE, len(vectors)), replace=False)
    return between(vectors[chosen], rng)


def _exact_rows(vectors: Vectors, queries: Vectors, k: int) -> Rows:
    """The rows of the best ``k`` for each query, (Q, k), best first."""
    heap = faiss_module().ResultHeap(len(queries), k, keep_max=True)
    for begin in range(0, len(vectors), BLOCK):
        scores = queries @ vectors[begin : begin + BLOCK].T
        rows = np.broadcast_to(np.arange(begin, begin + scores.shape[1]), scores.shape)
        heap.add_result(np.ascontiguousarray(scores), np.ascontiguousarray(rows))
    heap.finalize()
    found: Rows = heap.I
    return found


def _nearest(vectors: Vectors, coarse: Any, progress: bool) -> NDArray[np.int32]:
    """The nearest centroid of each vector, (n,)."""
    from rich.progress import track

    blocks = range(0, len(vectors), BLOCK)
    found = [
        coarse.search(np.ascontiguousarray(vectors[begin : begin + BLOCK]), 1)[1][:, 0]
        for begin in track(blocks, "Sorting vectors into lists", disable=not progress)
    ]
    return np.concatenate(found).astype(np.int32)


def _codebooks(vectors: Vectors, seed: int) -> Vectors:
    """The most telling 16 points for every two coordinates (for each, if dim is odd)."""
    dim = vectors.shape[1]
    pairs = dim if dim % 2 else dim // 2
    quantizer = faiss_module().ProductQuantizer(dim, pairs, CODE_BITS)
    quantizer.cp.seed, quantizer.cp.niter = seed, ROUNDS
    quantizer.train(_sampled(vectors, TRAINED_CODES, seed))
    learnt: Vectors = faiss_module().vector_to_array(quantizer.centroids)
    return learnt.reshape(pairs, 2**CODE_BITS, dim // pairs)


def _sampled(vectors: Vectors, most: int, seed: int) -> Vectors:
    if len(vectors) <= most:
        return np.ascontiguousarray(vectors)
    rows = np.random.default_rng(seed).choice(len(vectors), most, replace=False)
    return np.ascontiguousarray(vectors[np.sort(rows)])


def _flat(centroids: Vectors) -> Any:
    index = faiss_module().IndexFlatIP(centroids.shape[1])
    index.add(np.ascontiguousarray(centroids))
    return index


def _stacked(found: Sequence[tuple[Scores, Rows]], k: int) -> tuple[Scores, Rows]:
    scores = np.zeros((len(found), k), dtype=np.float32)
    rows = np.full((len(found), k), NO_ROW, dtype=np.int64)
    for place, (best, where) in enumerate(found):
        scores[place, : len(best)], rows[place, : len(where)] = best, where
    return padded(scores, rows, k)
