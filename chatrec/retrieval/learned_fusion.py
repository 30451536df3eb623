"""The learned order of what several branches found.

An item's score is a weighted sum of what :mod:`chatrec.retrieval.fusion_features` says of it, so
that exp(score) is in proportion to the chance that it comes next (conditional logit; listwise
softmax as in Cao et al., ICML 2007). Knows branches by name and their best items; knows neither
retrievers nor how the weights are learnt (:mod:`chatrec.training.fusion`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.data.interactions import Past
from chatrec.errors import DataError, RequestError
from chatrec.retrieval.fusion_features import Traits, Union, feature_names, union_of
from chatrec.retrieval.tops import PAD, Tops

DEPTH = 200  # of each branch's best that the learned fusion looks at
AT_ONCE = 128  # cases whose features are held in memory together


@dataclass(frozen=True, slots=True, eq=False)
class LearnedFusion:
    """Weights (F,) float32 of the features that ``branches`` and ``traits`` give.

    F and the order of the features are those of
    :func:`~chatrec.retrieval.fusion_features.feature_names`.
    """

    branches: tuple[str, ...]
    weights: NDArray[np.float32]
    traits: Traits

    def __post_init__(self) -> None:
        expected = len(feature_names(self.branches))
        if self.weights.shape != (expected,):
            raise DataError(
                f"the learned fusion has weights of shape {self.weights.shape}, its branches "
                f"{', '.join(self.branches)} need {expected}: fit it again"
            )

    def fuse(
        self, tops: Mapping[str, Tops], pasts: Sequence[Past], depth: int | None = None
    ) -> Tops:
        """The union of the branches' best for C cases in the learned order, best first.

        ``tops`` has every branch's best for the same cases (others are not looked at, nor is what
        stands deeper than DEPTH), ``pasts`` the C histories before them. Scores are log-chances
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
            self._fused({n: tops[n].pick(rows).to(DEPTH) for n in self.branches}, pasts, rows)
            for rows in np.array_split(np.arange(len(pasts)), len(pasts) // AT_ONCE + 1)
        ]
        width = max(part.depth for part in parts)
        fused = Tops.joined([part.to(width) for part in parts])
        return fused if depth is None else fused.cut(depth)

    def _fused(
        self, tops: Mapping[str, Tops], pasts: Sequence[Past], rows: NDArray[np.int64]
    ) -> Tops:
        found = union_of(tops, self.branches, [pasts[row] for row in rows], self.traits)
        return ordered(found, found.features @ self.weights)

    def explained(self) -> dict[str, float]:
        """The weights by the features' names, greatest first."""
        names = feature_names(self.branches)
        order = np.argsort(-np.abs(self.weights), kind="stable")
        return {names[place]: float(self.weights[place]) for place in order}

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The weights; branches are facts, and traits come from the workspace."""
        return {"weights": self.weights}

    @classmethod
    def from_tensors(
        cls, tensors: Mapping[str, NDArray[Any]], branches: Sequence[str], traits: Traits
    ) -> LearnedFusion:
        """From what ``tensors`` gave; DataError where they don't go with the branches."""
        if "weights" not in tensors:
            raise DataError("the learned fusion's file has no weights: fit it again")
        return cls(tuple(branches), tensors["weights"].astype(np.float32), traits)


def ordered(found: Union, scores: NDArray[np.float32]) -> Tops:
    """The union by the scores (C, W), best first, as logarithms of a softmax over each row."""
    masked = np.where(found.items == PAD, -np.inf, scores)
    order = np.argsort(-masked, axis=1, kind="stable")
    items = np.take_along_axis(found.items, order, axis=1)
    best = np.take_along_axis(masked, order, axis=1)
    top = np.where(np.isfinite(best[:, :1]), best[:, :1], 0.0)
    total = np.log(np.maximum(np.exp(best - top).sum(axis=1, keepdims=True), 1e-30)) + top
    return Tops(items, (best - total).astype(np.float32))
