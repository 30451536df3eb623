"""The learned order of what several branches found.

A small net scores each item by what :mod:`chatrec.retrieval.fusion_features` says of it, so that
exp(score) is in proportion to the chance that it comes next. Knows branches by name and their best
items; knows neither retrievers nor how the net learns (:mod:`chatrec.training.fusion`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.data.interactions import Past
from chatrec.errors import DataError, RequestError
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.fusion_features import Traits, Union, feature_names, union_of
from chatrec.retrieval.tops import PAD, Tops

DEPTH = 200  # of each branch's best that are ordered
SCORED = 500  # of each branch's best whose scores and ranks have a say
AT_ONCE = 128  # cases whose features are held in memory together


@dataclass(frozen=True, slots=True, eq=False)
class LearnedFusion:
    """A net over the features that ``branches`` and ``traits`` give.

    The features are in the order of :func:`~chatrec.retrieval.fusion_features.feature_names`.
    DataError for a net of other features.
    """

    branches: tuple[str, ...]
    net: ChoiceNet
    traits: Traits

    def __post_init__(self) -> None:
        expected = len(feature_names(self.branches))
        if self.net.mean.shape != (expected,):
            raise DataError(
                f"the learned fusion has a net of shape {self.net.mean.shape}, its branches "
                f"{', '.join(self.branches)} need {expected} features: fit it again"
            )

    def fuse(
        self, tops: Mapping[str, Tops], pasts: Sequence[Past], depth: int | None = None
    ) -> Tops:
        """The union of the branches' best for C cases in the learned order, best first.

        ``tops`` has every branch's best for the same cases, down to SCORED where there are as many
        (others are not looked at, nor is what stands deeper; what no branch has among its first
        DEPTH is not ordered), ``pasts`` the C histories before them. Scores are log-chances
        within the union. ``depth`` cuts the order; None keeps all that was found. RequestError
        where a branch is missing.
        """
        missing = [branch for branch in self.branches if branch not in tops]
        if missing:
            raise RequestError(
                f"the learned fusion needs the branch {missing[0]!r}, but only "
                f"{', '.join(tops) or 'none'} were given: give all of {', '.join(self.branches)}"
            )
        parts = [
            self._fused({n: tops[n].pick(rows).to(SCORED) for n in self.branches}, pasts, rows)
            for rows in np.array_split(np.arange(len(pasts)), len(pasts) // AT_ONCE + 1)
        ]
        width = max(part.depth for part in parts)
        fused = Tops.joined([part.to(width) for part in parts])
        return fused if depth is None else fused.cut(depth)

    def _fused(
        self, tops: Mapping[str, Tops], pasts: Sequence[Past], rows: NDArray[np.int64]
    ) -> Tops:
        found = union_of(tops, self.branches, [pasts[row] for row in rows], self.traits, DEPTH)
        return ordered(found, self.net.scores(found.features))

    def explained(self) -> dict[str, float]:
        """By the features' names, how a score changes with a standard deviation more of it where
        all others are as usual; the greatest first.
        """
        names, slopes = feature_names(self.branches), self.net.slopes()
        order = np.argsort(-np.abs(slopes), kind="stable")
        return {names[place]: float(slopes[place]) for place in order}

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The net's; branches are facts, and traits come from the workspace."""
        return self.net.tensors()

    @classmethod
    def from_tensors(
        cls, tensors: Mapping[str, NDArray[Any]], branches: Sequence[str], traits: Traits
    ) -> LearnedFusion:
        """From what ``tensors`` gave; DataError where they are no net or go with others."""
        missing = [field.name for field in fields(ChoiceNet) if field.name not in tensors]
        if missing:
            raise DataError(f"the learned fusion's file has no {missing[0]!r}: fit it again")
        return cls(tuple(branches), ChoiceNet.from_tensors(tensors), traits)


def ordered(found: Union, scores: NDArray[np.float32]) -> Tops:
    """The union by the scores (C, W), best first, as logarithms of a softmax over each row."""
    masked = np.where(found.items == PAD, -np.inf, scores)
    order = np.argsort(-masked, axis=1, kind="stable")
    items = np.take_along_axis(found.items, order, axis=1)
    best = np.take_along_axis(masked, order, axis=1)
    top = np.where(np.isfinite(best[:, :1]), best[:, :1], 0.0)
    total = np.log(np.maximum(np.exp(best - top).sum(axis=1, keepdims=True), 1e-30)) + top
    return Tops(items, (best - total).astype(np.float32))
