"""A small two-layer net that scores items by their features.

exp(score) is in proportion to the chance that the item is the one chosen (a conditional logit,
McFadden 1974, with a hidden layer beside the linear part). Plain numpy: it is trained elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

STEEPEST = 80.0  # exp() of more is infinite in float32, of this next to it
FARTHEST = 6.0  # standard deviations from the mean that a feature counts for

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceNet:
    """The net's parameters, all float32.

    ``mean`` and ``scale`` (F,) standardise; ``direct`` (F,) is the linear part; ``inward`` (F, H),
    ``bias`` (H,) and ``outward`` (H,) are the hidden one.
    """

    mean: Array
    scale: Array
    direct: Array
    inward: Array
    bias: Array
    outward: Array

    def standardised(self, features: Array) -> Array:
        """Features (..., F) as standard deviations from the mean, at most FARTHEST."""
        apart: Array = np.clip((features - self.mean) * self.scale, -FARTHEST, FARTHEST)
        return apart

    def scores(self, features: Array) -> Array:
        """The items' scores (...) by their features (..., F)."""
        given = self.standardised(features)
        hidden = given @ self.inward + self.bias
        hidden /= 1.0 + np.exp(np.minimum(-hidden, STEEPEST))  # SiLU
        return (given @ self.direct + hidden @ self.outward).astype(np.float32)

    def slopes(self) -> Array:
        """How the score of a usual item changes with each standardised feature, (F,)."""
        chance = 1.0 / (1.0 + np.exp(-self.bias))
        bend = chance * (1.0 + self.bias * (1.0 - chance))  # SiLU's slope
        slopes: Array = np.where(
            self.scale > 0, self.direct + self.inward @ (bend * self.outward), 0
        )
        return slopes.astype(np.float32)

    def tensors(self) -> dict[str, NDArray[Any]]:
        """All arrays, for safetensors."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> Self:
        """From what ``tensors`` gave."""
        return cls(**{f.name: tensors[f.name].astype(np.float32) for f in fields(cls)})
