"""Implicit ALS: users and items as vectors whose product says who likes what.

Hu, Koren & Volinsky, ICDM 2008, weighed as in Rendle et al., RecSys 2022 (arXiv 2110.14037): what
was met counts 1, all else ``unseen``, and a row's regularisation grows with what it was met by.
Knows who met what; the order in time only has a say in what a past counts for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError
from chatrec.retrieval.recency import ALL_ALIKE, Recency
from chatrec.retrieval.together import Together, strongest

BATCH = 256  # rows solved at once

Factors = NDArray[np.float32]


class Als:
    """Scores an item by the product of its vector with the one that best explains the past."""

    name = "als"

    def __init__(
        self,
        items: Factors,
        together: Together,
        *,
        l2: float,
        unseen: float,
        recency: Recency = ALL_ALIKE,
    ) -> None:
        """``items`` (n_items, factors): zeros for an item that nobody had."""
        self._items = items
        self._gram = items.T @ items
        self._together = together
        self._l2 = l2
        self._unseen = unseen
        self._recency = recency

    @classmethod
    def fit(
        cls,
        histories: Histories,
        *,
        factors: int = 64,
        l2: float = 0.001,
        unseen: float = 0.3,
        iterations: int = 10,
        seed: int = 0,
        recency: Recency = ALL_ALIKE,
    ) -> Self:
        """Each iteration solves for all users, then for all items; the same seed, the same model.

        ``unseen`` is what an item not met counts, against 1 for one met. RequestError for values
        that are not above 0.
        """
        if min(factors, l2, unseen, iterations) <= 0:
            raise RequestError(
                f"factors, l2, unseen and iterations are {factors}, {l2}, {unseen} and "
                f"{iterations}; all must be above 0"
            )
        together = Together.of(histories)
        random = np.random.default_rng(seed)
        items: Factors = random.standard_normal((histories.n_items, factors), dtype=np.float32)
        items *= np.float32(0.1 / np.sqrt(factors))
        by_item = together.met.T.tocsr()
        for _ in range(iterations):
            people = solved(together.met, items, l2, unseen)
            items = solved(by_item, people, l2, unseen)
        return cls(items, together, l2=l2, unseen=unseen, recency=recency)

    def scores(self, pasts: Sequence[Past]) -> NDArray[np.float32]:
        """Products with each past's own vector (one least-squares solve each), (B, n_items)."""
        weighed = self._recency.matrix(pasts, len(self._items))
        scores: NDArray[np.float32] = (
            solved(weighed, self._items, self._l2, self._unseen, self._gram) @ self._items.T
        )
        return scores

    def support(self, past: Past, item: int) -> tuple[int, float] | None:
        """The past's item that adds most to the score, and the lift of both."""
        if not len(past) or not self._items[item].any():
            return None
        return strongest(past, self.shares(past, item), item, self._together)

    def shares(self, past: Past, item: int) -> NDArray[np.float32]:
        """What each item of the past adds to the score of ``item``, (len(past),).

        Hu et al., section 5: a past's vector is a sum over its items, and so is the score.
        """
        weights, had = self._recency.weights(past), self._items[past]
        left = self._unseen * self._gram + (had.T * weights) @ had
        strength = self._l2 * (weights.sum() + self._unseen * len(self._items))
        left[np.diag_indices_from(left)] += np.float32(strength)
        shares: NDArray[np.float32] = weights * (had @ np.linalg.solve(left, self._items[item]))
        return shares

    def updated(self, new: Histories) -> Self:
        """New people and what they met, with the vectors of known items as they are.

        An item without a vector gets the one that best explains who had it: one least-squares
        solve. Others change only by a new fit, so this is an approximation. ``new`` may have more
        items, at the end.
        """
        together, _, _ = self._together.added(new)
        items = np.zeros((new.n_items, self._items.shape[1]), dtype=np.float32)
        items[: len(self._items)] = self._items
        missing = np.flatnonzero(~items.any(axis=1) & (together.counts > 0))
        if len(missing):
            people = solved(together.met, items, self._l2, self._unseen)
            had_by = together.met.tocsc()[:, missing].T.tocsr()
            items[missing] = solved(had_by, people, self._l2, self._unseen)
        return type(self)(items, together, l2=self._l2, unseen=self._unseen, recency=self._recency)

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The items' vectors, the options, and who met what."""
        return {
            "items": self._items,
            "l2": np.array([self._l2]),
            "unseen": np.array([self._unseen]),
            **self._recency.tensors(),
            **self._together.tensors(),
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> Self:
        """From what ``tensors`` gave."""
        return cls(
            tensors["items"],
            Together.from_tensors(tensors),
            l2=float(tensors["l2"][0]),
            unseen=float(tensors["unseen"][0]),
            recency=Recency.from_tensors(tensors),
        )


def solved(
    met: sparse.csr_matrix,
    others: Factors,
    l2: float,
    unseen: float,
    gram: Factors | None = None,
) -> Factors:
    """The vectors of the rows of ``met`` (m, n), given those of its columns (n, f); (m, f).

    Row r minimises  sum_met w (1 - x.y)^2 + unseen sum_all (x.y)^2 + l2 (sum_met w + unseen n) x.x
    with w the row's entries. Zeros where a row has none. ``gram`` (f, f) spares computing the
    columns' own.
    """
    n, factors = others.shape
    everything = unseen * (others.T @ others if gram is None else gram)
    found = np.zeros((met.shape[0], factors), dtype=np.float32)
    filled = np.flatnonzero(np.diff(met.indptr))
    for begin in range(0, len(filled), BATCH):
        rows = filled[begin : begin + BATCH]
        left = np.empty((len(rows), factors, factors), dtype=np.float32)
        right = np.empty((len(rows), factors), dtype=np.float32)
        for place, row in enumerate(rows):
            span = slice(met.indptr[row], met.indptr[row + 1])
            had, weights = others[met.indices[span]], met.data[span]
            left[place] = everything + (had.T * weights) @ had
            left[place].flat[:: factors + 1] += l2 * (weights.sum() + unseen * n)
            right[place] = weights @ had
        found[rows] = np.linalg.solve(left, right[..., None])[..., 0]
    return found
