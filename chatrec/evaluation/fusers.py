"""Fuses the branches' best items: by their ranks alone, or as learnt from validation cases.

Knows lists and cases; knows nothing about where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Self

import numpy as np

from chatrec.evaluation.ranking import DEPTH, Fuser, Scorer, tops_of
from chatrec.evaluation.splits import Case, Split, users_of
from chatrec.retrieval.fusion_features import Traits
from chatrec.retrieval.learned_fusion import LearnedFusion
from chatrec.retrieval.tops import Tops, by_reciprocal_rank, union_hits
from chatrec.training.fusion import LEAST_CASES, Cases, FusionFigures, train_fusion

MOST_CASES = 6000


def reciprocal_rank_fuser(branches: Sequence[str]) -> Fuser:
    """The first DEPTH by summed reciprocal rank in these branches' own first DEPTH."""

    def fuse(tops: Mapping[str, Tops], cases: Sequence[Case]) -> Tops:
        del cases
        return by_reciprocal_rank([tops[name].cut(DEPTH) for name in branches], DEPTH)

    return fuse


class LearnedFusers:
    """Makes learned fusions of any branches, from the same validation cases."""

    def __init__(self, cases: Cases, traits: Traits, *, seed: int = 2026) -> None:
        """``cases`` have the tops of all branches that may be asked for."""
        self._cases = cases
        self._traits = traits
        self._seed = seed
        self._fitted: dict[tuple[str, ...], tuple[LearnedFusion, FusionFigures]] = {}

    @classmethod
    def of_split(
        cls, split: Split, branches: Mapping[str, Scorer], traits: Traits, *, seed: int = 2026
    ) -> Self:
        """From at most MOST_CASES of the split's validation cases, drawn by ``seed``."""
        drawn = np.random.default_rng(seed).permutation(len(split.validation))[:MOST_CASES]
        cases = [split.validation[row] for row in np.sort(drawn)]
        tops = tops_of(cases, split.candidates, branches)
        pasts = [case.past for case in cases]
        targets = np.array([case.target for case in cases], dtype=np.int32)
        return cls(Cases(tops, pasts, targets, users_of(cases)), traits, seed=seed)

    def smaller(self, n: int) -> LearnedFusers:
        """The same from the first ``n`` cases alone, which takes less time."""
        return LearnedFusers(
            self._cases.pick(np.arange(min(n, len(self._cases.pasts)))),
            self._traits,
            seed=self._seed,
        )

    @property
    def found(self) -> bool:
        """Whether there are enough cases whose target some branch has."""
        tops = {name: found.cut(DEPTH) for name, found in self._cases.tops.items()}
        return int(union_hits(tops, self._cases.targets).sum()) >= LEAST_CASES

    def fit(self, branches: Sequence[str]) -> tuple[LearnedFusion, FusionFigures]:
        """The fusion of these branches, and how it did on users that were held out meanwhile."""
        names = tuple(branches)
        if names not in self._fitted:
            cases = replace(self._cases, tops={name: self._cases.tops[name] for name in names})
            self._fitted[names] = train_fusion(cases, self._traits, seed=self._seed)
        return self._fitted[names]

    def of(self, branches: Sequence[str]) -> Fuser:
        """The first DEPTH in the learned order of these branches' best."""
        fusion, _ = self.fit(branches)
        return lambda tops, cases: fusion.fuse(tops, [case.past for case in cases], DEPTH)
