"""Chooses how much the item head counts in the final order, on data that training did not see."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from chatrec.metrics import ndcg
from chatrec.types import Candidate, Query

GRID = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)

Probe = tuple[Query, frozenset[str]]
Blend = Callable[[Query, Sequence[Candidate], float], Sequence[Candidate]]


def best_weight(
    probes: Sequence[Probe],
    retrieve: Callable[[Query], Sequence[Candidate]],
    blend: Blend,
) -> tuple[float, dict[float, float]]:
    """The weight of GRID with the best mean NDCG@10, and the mean of each.

    A probe is a query with the ids that are right; its rank is that of the first right one in the
    blended pool, infinity where the pool has none. Ties go to the smaller weight.
    """
    ranks: dict[float, list[float]] = {weight: [] for weight in GRID}
    for query, right in probes:
        pool = retrieve(query)
        for weight in GRID:
            ranks[weight].append(_first_rank(blend(query, pool, weight), right))
    means = {weight: _mean_ndcg(np.array(values)) for weight, values in ranks.items()}
    return max(GRID, key=lambda weight: means[weight]), means


def _first_rank(ranked: Sequence[Candidate], right: frozenset[str]) -> float:
    return next((r for r, c in enumerate(ranked, start=1) if c.item_id in right), float("inf"))


def _mean_ndcg(ranks: NDArray[np.float64]) -> float:
    return float(ndcg(ranks, 10).mean()) if len(ranks) else 0.0
