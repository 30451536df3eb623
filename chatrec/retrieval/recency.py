"""What a past counts for: its last items alone, or all with less for what is longer ago.

Knows pasts; knows no model. What people had lately says more about what comes next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from chatrec.data.interactions import Past
from chatrec.errors import RequestError


@dataclass(frozen=True, slots=True)
class Recency:
    """How the items of a past count. As it stands: all alike.

    ``recent``: only the last so many items count. ``half_life``: an item counts half as much as
    the one that came so many items later. ``power``: the last but ``age`` counts (1 + age) to the
    minus ``power``, which forgets fast at first and slowly then. The last counts 1. RequestError
    for less than 1 item, or a half-life or power of 0 or less.
    """

    recent: int | None = None
    half_life: float | None = None
    power: float | None = None

    def __post_init__(self) -> None:
        if self.recent is not None and self.recent < 1:
            raise RequestError(f"recent is {self.recent}; at least 1 item, or None for all")
        if self.half_life is not None and self.half_life <= 0:
            raise RequestError(f"half_life is {self.half_life}; above 0 items, or None for ever")
        if self.power is not None and self.power <= 0:
            raise RequestError(f"power is {self.power}; above 0, or None for all alike")

    def weights(self, past: Past) -> NDArray[np.float32]:
        """What each item of the past counts for, (len(past),), from 0 to 1; the last counts 1.

        An item that stands twice counts once, as the later one.
        """
        counted = self.by_age(len(past))[::-1].copy()
        counted[_repeated(past)] = 0.0
        return counted

    def by_age(self, n: int) -> NDArray[np.float32]:
        """What the last item of a past counts for, and the ``n`` - 1 before it, (n,)."""
        ages = np.arange(n)
        counted = np.ones(n, dtype=np.float64)
        if self.half_life is not None:
            counted *= np.exp2(-ages / self.half_life)
        if self.power is not None:
            counted *= (1.0 + ages) ** -self.power
        if self.recent is not None:
            counted[self.recent :] = 0.0
        return counted.astype(np.float32)

    def matrix(self, pasts: Sequence[Past], n_items: int) -> sparse.csr_matrix:
        """The weights of every past by item, (B, n_items) float32."""
        sizes = [len(past) for past in pasts]
        empty = np.zeros(0, dtype=np.int32)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        values = np.concatenate([empty.astype(np.float32), *map(self.weights, pasts)])
        rows = sparse.csr_matrix(
            (values, np.concatenate([empty, *pasts]), starts), shape=(len(pasts), n_items)
        )
        rows.sum_duplicates()  # all but one of an item's weights are 0
        rows.eliminate_zeros()
        return rows

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The numbers as arrays, (1,); 0 for None."""
        return {
            "recent": np.array([self.recent or 0], dtype=np.int64),
            "half_life": np.array([self.half_life or 0.0]),
            "power": np.array([self.power or 0.0]),
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> Recency:
        """From what ``tensors`` gave."""
        recent, half_life = int(tensors["recent"][0]), float(tensors["half_life"][0])
        return cls(recent or None, half_life or None, float(tensors["power"][0]) or None)


ALL_ALIKE = Recency()


def _repeated(past: Past) -> NDArray[np.bool_]:
    """Whether the place's item comes again later, (len(past),)."""
    again = np.ones(len(past), dtype=bool)
    _, last = np.unique(past[::-1], return_index=True)
    again[len(past) - 1 - last] = False
    return again
