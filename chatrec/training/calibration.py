"""Chooses how much the item head counts in the final order, on data that training did not see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from chatrec.metrics import ndcg
from chatrec.types import Candidate, Query

GRID = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)

Probe = tuple[Query, frozenset[str]]
Blend = Callable[[Query, Sequence[Candidate], float], Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Trial:
    """One catalogue's probes, and how a pool is found and blended there.

    A probe is a query with the ids that are right.
    """

    probes: Sequence[Probe]
    retrieve: Callable[[Query], Sequence[Candidate]]
    blend: Blend


def best_weight(trials: Sequence[Trial]) -> tuple[float, dict[float, float]]:
    """The weight of GRID with the best NDCG@10, and the NDCG@10 of each: means over the trials.

    A probe's rank is that of the first right item in the blended pool, infinity where the pool has
    none. Ties go to the smaller weight; trials without probes are left out.
    """
    tables = [_means(trial) for trial in trials if trial.probes]
    means = {w: float(np.mean([table[w] for table in tables])) if tables else 0.0 for w in GRID}
    return max(GRID, key=lambda weight: means[weight]), means


def _means(trial: Trial) -> dict[float, float]:
    ranks: dict[float, list[float]] = {weight: [] for weight in GRID}
    for query, right in trial.probes:
        pool = trial.retrieve(query)
        for weight in GRID:
            ranks[weight].append(_first_rank(trial.blend(query, pool, weight), right))
    return {weight: float(ndcg(np.array(values), 10).mean()) for weight, values in ranks.items()}


def _first_rank(ranked: Sequence[Candidate], right: frozenset[str]) -> float:
    return next((r for r, c in enumerate(ranked, start=1) if c.item_id in right), float("inf"))
