"""Ranks the catalogue in every case: by branches that score all items, and by fusing their best.

Items outside the training part and items that the user has had are left out; a target's rank is
worst among those that score the same. Knows rankings as score vectors and as lists; how they are
made is the caller's business, and what ranks are worth is that of :mod:`.figures`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatrec.evaluation.splits import Case
from chatrec.retrieval.learned_fusion import SCORED
from chatrec.retrieval.tops import Tops

TOP = 10
DEPTH = 200  # of what is fused
BATCH = 256

Scores = NDArray[np.float32]
Scorer = Callable[[Sequence[Case]], Scores]
Fuser = Callable[[Mapping[str, Tops], Sequence[Case]], Tops]


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """The target's rank in each case, (C,), inf where it wasn't ranked, and each case's first
    ten items, (C, 10) int32, -1 where there are no more.
    """

    ranks: NDArray[np.float64]
    tops: NDArray[np.int32]

    @classmethod
    def joined(cls, parts: Sequence[Ranked]) -> Ranked:
        """The cases of all parts, one after the other."""
        return cls(
            np.concatenate([part.ranks for part in parts]),
            np.concatenate([part.tops for part in parts]),
        )


def rank_cases(
    cases: Sequence[Case],
    candidates: NDArray[np.bool_],
    branches: Mapping[str, Scorer],
    fusers: Mapping[str, Fuser] | None = None,
    *,
    recent: int | None = None,
) -> dict[str, Ranked]:
    """By name, the ranking of every branch over all ``candidates`` (n_items,), and of every fuser
    over the union of the branches' best; it is given SCORED of each. A scorer gives (B, n_items)
    scores, higher is better. With ``recent`` the branches know the last so many items of each past;
    what is left out is still all that the user has had.
    """
    parts: dict[str, list[Ranked]] = {}
    for start in range(0, len(cases), BATCH):
        batch = cases[start : start + BATCH]
        known = batch if recent is None else [case.recent(recent) for case in batch]
        tops: dict[str, Tops] = {}
        for name, scorer in branches.items():
            scores = _open_scores(scorer(known), batch, candidates)
            tops[name] = Tops.of(scores, [], SCORED)
            ranked = Ranked(_ranks(scores, _targets(batch)), _ten(tops[name]))
            parts.setdefault(name, []).append(ranked)
        for name, fuser in (fusers or {}).items():
            fused = fuser(tops, known)
            ranked = Ranked(_places(fused, _targets(batch)), _ten(fused))
            parts.setdefault(name, []).append(ranked)
    return {name: Ranked.joined(ranked) for name, ranked in parts.items()}


def tops_of(
    cases: Sequence[Case], candidates: NDArray[np.bool_], branches: Mapping[str, Scorer]
) -> dict[str, Tops]:
    """By branch, its best SCORED items of every case, as a fuser gets them."""
    if not cases:
        nothing = np.zeros((0, len(candidates)), dtype=np.float32)
        return {name: Tops.of(nothing, [], SCORED) for name in branches}
    parts: dict[str, list[Tops]] = {name: [] for name in branches}
    for start in range(0, len(cases), BATCH):
        batch = cases[start : start + BATCH]
        for name, scorer in branches.items():
            scores = _open_scores(scorer(batch), batch, candidates)
            parts[name].append(Tops.of(scores, [], SCORED))
    return {name: Tops.joined(tops) for name, tops in parts.items()}


def _open_scores(scores: Scores, cases: Sequence[Case], candidates: NDArray[np.bool_]) -> Scores:
    """The scores with -inf for what isn't ranked, (B, n_items)."""
    assert not np.isnan(scores).any(), "a scorer gave NaN"
    ranked = np.where(candidates, scores, np.float32(-np.inf))
    for row, case in enumerate(cases):
        ranked[row, case.past] = -np.inf
    return ranked


def _ranks(scores: Scores, targets: NDArray[np.int32]) -> NDArray[np.float64]:
    own = scores[np.arange(len(scores)), targets]
    ranks = (scores >= own[:, None]).sum(axis=1)
    return np.where(np.isfinite(own), ranks, np.inf)


def _places(fused: Tops, targets: NDArray[np.int32]) -> NDArray[np.float64]:
    places = fused.places(targets)
    return np.where(places < fused.depth, places + 1.0, np.inf)


def _ten(tops: Tops) -> NDArray[np.int32]:
    items = tops.items[:, :TOP]
    return np.pad(items, ((0, 0), (0, TOP - items.shape[1])), constant_values=-1)


def _targets(cases: Sequence[Case]) -> NDArray[np.int32]:
    return np.array([case.target for case in cases], dtype=np.int32)
