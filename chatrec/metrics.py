"""Ranking metrics, on ranks: 1 is the top, and a target that was not ranked has rank infinity."""

from __future__ import annotations

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


def bootstrap_interval(
    values: NDArray[np.float64], groups: NDArray[np.int64], *, seed: int = 0, draws: int = 2000
) -> tuple[float, float]:
    """95 % interval of the mean of ``values`` (n,), resampling whole groups (users).

    Means of groups weigh by their size, as in the plain mean. One group gives its mean twice.
    """
    names, index = np.unique(groups, return_inverse=True)
    sums = np.bincount(index, weights=values)
    sizes = np.bincount(index).astype(np.float64)
    picks = np.random.default_rng(seed).integers(0, len(names), size=(draws, len(names)))
    means = sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
