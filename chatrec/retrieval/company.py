"""Which things and items keep the same company: vectors whose products say how much more often than
by chance an item comes with a thing (another item, a word), smoothed over all others, so that pairs
never seen together get a say. Positive pointwise mutual information, factored (Levy & Goldberg,
NIPS 2014: what word2vec approximates). Knows counts of pairs only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

WIDTH = 64
CONTEXT_POWER = 0.75  # on the items' counts, so that rare ones don't stand out

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """``things`` (T, D) and ``items`` (n_items, D); their product is the expected log-lift."""

    things: Vectors
    items: Vectors

    @classmethod
    def of(cls, together: sparse.csr_matrix, width: int = WIDTH) -> Company:
        """From how often each thing and each item come together (T, n_items).

        At most ``width`` dimensions; fewer where there are few things or items, zeros where no two
        come together more often than by chance.
        """
        pmi = _positive_pmi(together)
        width = min(width, min(together.shape) - 1)
        if pmi.nnz == 0 or width < 1:
            nothing = [np.zeros((size, 1), dtype=np.float32) for size in together.shape]
            return cls(*nothing)
        left, strengths, right = svds(pmi, k=width, random_state=0)
        root = np.sqrt(np.maximum(strengths, 0.0))
        return cls((left * root).astype(np.float32), (right.T * root).astype(np.float32))

    def alike(self, weights: Mapping[int, float]) -> Vectors:
        """Mean cosine of each thing with the weighed ones, (T,): things of the same kind."""
        if not weights:
            return np.zeros(len(self.things), dtype=np.float32)
        units = self.things / np.maximum(np.linalg.norm(self.things, axis=1, keepdims=True), 1e-6)
        shares = np.array(list(weights.values()), dtype=np.float32)
        mean: Vectors = units @ (shares @ units[list(weights)] / shares.sum())
        return mean

    def drawn(self, weights: Mapping[int, float]) -> Vectors:
        """Summed expected log-lift of each item beside the weighed things, (n_items,)."""
        if not weights:
            return np.zeros(len(self.items), dtype=np.float32)
        shares = np.array(list(weights.values()), dtype=np.float32)
        total: Vectors = self.items @ (shares @ self.things[list(weights)])
        return total


def _positive_pmi(together: sparse.csr_matrix) -> sparse.csr_matrix:
    """ln P(item | thing) / P(item) where above 0."""
    counts = together.tocoo().astype(np.float64)
    of_thing = np.asarray(together.sum(axis=1), dtype=np.float64).ravel()
    of_item = np.asarray(together.sum(axis=0), dtype=np.float64).ravel() ** CONTEXT_POWER
    expected = of_thing[counts.row] * of_item[counts.col] / max(of_item.sum(), 1e-12)
    values = np.maximum(np.log(counts.data / expected), 0.0)
    found = sparse.csr_matrix((values, (counts.row, counts.col)), shape=together.shape)
    found.eliminate_zeros()
    return found
