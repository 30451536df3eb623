"""Ranking metrics, on ranks: 1 is the top, and a target that was not ranked has rank infinity."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ranks = NDArray[np.float64]


def hit_rate(ranks: Ranks, k: int) -> Ranks:
    """1 where the target is among the first ``k``, else 0; one target a list (= recall@k).

    >>> hit_rate(np.array([1.0, 11.0]), 10).tolist()
    [1.0, 0.0]
    """
    return (ranks <= k).astype(np.float64)


def ndcg(ranks: Ranks, k: int) -> Ranks:
    """Discounted gain with one target a list: ``1 / log2(1 + rank)`` within ``k``, else 0
    (Järvelin & Kekäläinen, TOIS 2002; the ideal gain is 1).

    >>> ndcg(np.array([1.0, 3.0, 11.0]), 10).tolist()
    [1.0, 0.5, 0.0]
    """
    return np.where(ranks <= k, 1.0 / np.log2(1.0 + ranks), 0.0)


def reciprocal_rank(ranks: Ranks) -> Ranks:
    """``1 / rank``, 0 for a target that was not ranked.

    >>> reciprocal_rank(np.array([2.0, np.inf])).tolist()
    [0.5, 0.0]
    """
    return 1.0 / ranks


def gini(exposure: NDArray[np.int64]) -> float:
    """Gini coefficient of how often each item was shown: 0 is even, towards 1 one item has all.

    >>> gini(np.array([1, 1, 1, 1]))
    0.0
    """
    shown = np.sort(exposure)
    n, total = len(shown), shown.sum()
    if n == 0 or total == 0:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ shown / (n * total))


def self_information(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """``-log2`` of each item's share of all interactions, (n_items,): how unexpected it is in bits
    (Vargas & Castells, RecSys 2011). An item without interactions counts as if it had one.

    >>> self_information(np.array([2, 1, 1])).tolist()
    [1.0, 2.0, 2.0]
    """
    share = np.maximum(counts, 1) / max(int(counts.sum()), 1)
    return -np.log2(share)


def variety(vectors: NDArray[np.float32]) -> Ranks:
    """1 less the mean cosine of all pairs of a list, for lists (B, k, D) of unit vectors, (B,).

    Rows of zeros stand for no item; fewer than two items give 0 (Ziegler et al., WWW 2005).

    >>> variety(np.eye(2, dtype=np.float32)[None]).tolist()
    [1.0]
    """
    items = (vectors != 0).any(axis=2).sum(axis=1)
    whole = np.square(vectors.sum(axis=1, dtype=np.float64)).sum(axis=1)
    alone = np.square(vectors.astype(np.float64)).sum(axis=(1, 2))
    pairs = np.maximum(items * (items - 1), 1)
    return np.where(items > 1, 1.0 - (whole - alone) / pairs, 0.0)


class Resamples:
    """Bootstrap over groups (users): draws that many means share, so that they can be compared."""

    def __init__(self, groups: NDArray[np.int64], *, seed: int = 0, draws: int = 2000) -> None:
        """``groups`` (n,) says to whom each value belongs; whole groups are drawn."""
        names, self._index = np.unique(groups, return_inverse=True)
        rng = np.random.default_rng(seed)
        picks = rng.integers(0, len(names), size=(draws, len(names)))
        self._drawn: NDArray[np.float32] = np.zeros(picks.shape, dtype=np.float32)
        for drawn, row in zip(self._drawn, picks, strict=True):
            drawn += np.bincount(row, minlength=len(names))
        self._sizes = self._sums(np.ones(len(groups)))

    def interval(self, values: NDArray[np.float64]) -> tuple[float, float]:
        """95 % interval of the mean of ``values`` (n,)."""
        low, high = np.quantile(self._sums(values) / self._sizes, [0.025, 0.975])
        return float(low), float(high)

    def mean_with_interval(self, values: NDArray[np.float64]) -> dict[str, Any]:
        """The plain ``mean`` of ``values`` (n,) and its ``interval``, as figures are written."""
        return {"mean": float(values.mean()), "interval": self.interval(values)}

    def _sums(self, values: NDArray[np.float64]) -> NDArray[np.float32]:
        """The sum of the values in each draw, (draws,)."""
        sums = np.bincount(self._index, weights=values, minlength=self._drawn.shape[1])
        total: NDArray[np.float32] = self._drawn @ sums.astype(np.float32)
        return total


def bootstrap_interval(
    values: NDArray[np.float64], groups: NDArray[np.int64], *, seed: int = 0, draws: int = 2000
) -> tuple[float, float]:
    """95 % interval of the mean of ``values`` (n,), resampling whole groups (users).

    Means of groups weigh by their size, as in the plain mean. One group gives its mean twice.
    """
    return Resamples(groups, seed=seed, draws=draws).interval(values)
