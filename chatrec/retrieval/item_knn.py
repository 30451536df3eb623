"""Item-kNN: items are alike that the same people have had.

Cosine with shrinkage over who met what, and of each item only its nearest neighbours
(Sarwar et al., WWW 2001; Deshpande & Karypis, TOIS 2004). Sparse throughout, so it grows with the
pairs that somebody had together and not with the square of the items.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError
from chatrec.retrieval.recency import ALL_ALIKE, Recency
from chatrec.retrieval.together import Together, strongest

CHUNK = 1024  # items whose neighbours are looked for at once


class ItemKnn:
    """Scores an item by its likeness to those of the past that are among its neighbours."""

    name = "item_knn"

    def __init__(
        self,
        likeness: sparse.csc_matrix,
        together: Together,
        *,
        neighbours: int,
        shrink: float,
        recency: Recency = ALL_ALIKE,
    ) -> None:
        """``likeness`` (n_items, n_items): in column i the items that i is most like."""
        self._likeness = likeness
        self._together = together
        self._neighbours = neighbours
        self._shrink = shrink
        self._recency = recency

    @classmethod
    def fit(
        cls,
        histories: Histories,
        *,
        neighbours: int = 200,
        shrink: float = 20.0,
        recency: Recency = ALL_ALIKE,
    ) -> Self:
        """Likeness = people with both / (sqrt(people with one * people with other) + ``shrink``).

        RequestError for fewer than 1 neighbour or a shrinkage below 0.
        """
        if neighbours < 1 or shrink < 0:
            raise RequestError(
                f"neighbours is {neighbours} and shrink {shrink}; at least 1 and 0 are needed"
            )
        together = Together.of(histories)
        everything = np.arange(histories.n_items)
        likeness = _nearest(together, everything, neighbours, shrink)
        return cls(likeness, together, neighbours=neighbours, shrink=shrink, recency=recency)

    def scores(self, pasts: Sequence[Past]) -> NDArray[np.float32]:
        """Summed likeness to the items of each past, (B, n_items)."""
        weighed = self._recency.matrix(pasts, self._together.n_items)
        scores: NDArray[np.float32] = (weighed @ self._likeness).toarray()
        return scores

    def support(self, past: Past, item: int) -> tuple[int, float] | None:
        """The past's item that adds most to the score, and the lift of both."""
        own = slice(self._likeness.indptr[item], self._likeness.indptr[item + 1])
        among = past[:, None] == self._likeness.indices[own]
        shares = self._recency.weights(past) * (among @ self._likeness.data[own])
        return strongest(past, shares, item, self._together)

    def updated(self, new: Histories) -> Self:
        """The same as if fitted with these histories too: new people, or more of people known.

        Only the items that share people with what was met anew get new neighbours. ``new`` may
        have more items, at the end.
        """
        together, before, after = self._together.added(new)
        touched = np.unique((after - before).nonzero()[1])
        stale = np.union1d(touched, np.unique(together.counted(touched).indices))
        size = (new.n_items, new.n_items)
        old = self._likeness.tocoo()
        kept = ~np.isin(old.col, stale)
        likeness = sparse.csc_matrix((old.data[kept], (old.row[kept], old.col[kept])), size)
        likeness = (likeness + _nearest(together, stale, self._neighbours, self._shrink)).tocsc()
        return type(self)(
            likeness,
            together,
            neighbours=self._neighbours,
            shrink=self._shrink,
            recency=self._recency,
        )

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The likeness as compressed columns, the options, and who met what."""
        return {
            "likeness": self._likeness.data,
            "likeness_items": self._likeness.indices.astype(np.int32),
            "likeness_starts": self._likeness.indptr.astype(np.int64),
            "neighbours": np.array([self._neighbours], dtype=np.int64),
            "shrink": np.array([self._shrink]),
            **self._recency.tensors(),
            **self._together.tensors(),
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> Self:
        """From what ``tensors`` gave."""
        together = Together.from_tensors(tensors)
        parts = (tensors["likeness"], tensors["likeness_items"], tensors["likeness_starts"])
        return cls(
            sparse.csc_matrix(parts, shape=(together.n_items, together.n_items)),
            together,
            neighbours=int(tensors["neighbours"][0]),
            shrink=float(tensors["shrink"][0]),
            recency=Recency.from_tensors(tensors),
        )


def _nearest(
    together: Together, items: NDArray[np.int64], neighbours: int, shrink: float
) -> sparse.csc_matrix:
    """The likeness of ``items`` to their neighbours, in their columns, (n_items, n_items)."""
    empty = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
    found = [empty, *_neighbourhoods(together, items, neighbours, shrink)]
    near, likeness = (np.concatenate(parts) for parts in zip(*found, strict=True))
    columns = np.repeat(items, [len(rows) for rows, _ in found[1:]])
    shape = (together.n_items, together.n_items)
    return sparse.csc_matrix((likeness, (near, columns)), shape=shape)


def _neighbourhoods(
    together: Together, items: NDArray[np.int64], neighbours: int, shrink: float
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.float32]]]:
    """Each item's nearest others and how alike they are; ties in catalogue order."""
    roots = np.sqrt(together.counts)
    for begin in range(0, len(items), CHUNK):
        chunk = items[begin : begin + CHUNK]
        both = together.counted(chunk)
        both.sort_indices()
        for item, first, end in zip(chunk, both.indptr[:-1], both.indptr[1:], strict=True):
            near = both.indices[first:end]
            likeness = both.data[first:end] / (roots[item] * roots[near] + shrink)
            likeness[near == item] = 0.0
            best = np.argsort(-likeness, kind="stable")[:neighbours]
            best = best[likeness[best] > 0]
            yield near[best].astype(np.int32), likeness[best].astype(np.float32)
