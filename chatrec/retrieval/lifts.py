"""How much more often an item is recommended once something was said than at all.

Knows numbered things that can be said (an item, a genre, a word) and how often each item followed;
knows nothing about dialogues. The log-lifts of independent things add up to a naive Bayes score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Scores = NDArray[np.float32]

KEPT_BYTES = 2**26  # of rows that are at hand for the next who asks


@dataclass(frozen=True, slots=True, eq=False)
class Lifts:
    """``counts`` (T, n_items) csr: how often each item followed each of T things.

    ``chances`` (n_items,) float64, all above 0 and together 1, are those of an item whatever was
    said; ``smoothing`` is how many imagined recommendations of that kind each thing starts with.
    """

    counts: sparse.csr_matrix
    chances: NDArray[np.float64]
    smoothing: float
    _rows: dict[int, Scores] = field(default_factory=dict, repr=False)  # those used lately

    @classmethod
    def of(
        cls,
        things: Sequence[int],
        items: Sequence[int],
        n_things: int,
        chances: NDArray[np.float64],
        smoothing: float,
    ) -> Lifts:
        """From pairs of a thing and an item that followed it; a pair may come more than once."""
        ones = np.ones(len(things), dtype=np.float32)
        shape = (n_things, len(chances))
        return cls(sparse.csr_matrix((ones, (things, items)), shape=shape), chances, smoothing)

    def after(self, thing: int) -> Scores:
        """ln P(item | thing) / P(item), (n_items,); zeros for a thing that nothing followed.

        >>> lifts = Lifts.of([0, 0], [1, 1], 1, np.array([0.5, 0.5]), 2.0)
        >>> [round(float(lift), 2) for lift in lifts.after(0)]
        [-0.69, 0.41]
        """
        row = self._rows.get(thing)
        if row is None:
            begin, end = self.counts.indptr[thing], self.counts.indptr[thing + 1]
            counts = self.counts.data[begin:end].astype(np.float64)
            total = counts.sum() + self.smoothing
            row = np.full(len(self.chances), np.log(self.smoothing / total), dtype=np.float32)
            places = self.counts.indices[begin:end]
            expected = self.smoothing * self.chances[places]
            row[places] += np.log1p(counts / expected)
            if 4 * len(row) * len(self._rows) > KEPT_BYTES:
                self._rows.clear()
            self._rows[thing] = row
        return row

    def summed(self, weights: Mapping[int, float]) -> Scores:
        """The log-lifts after each thing times its weight, added up, (n_items,)."""
        total = np.zeros(len(self.chances), dtype=np.float32)
        for thing, weight in weights.items():
            total += np.float32(weight) * self.after(thing)
        return total
