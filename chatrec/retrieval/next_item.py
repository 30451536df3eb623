"""What comes next: ridge regression of each next item on the faded past before it.

After the linear item transitions of SLIST (Choi et al., WWW 2021, arXiv 2103.16104). With S the
pasts of all interactions, each item weighed by how long ago it came, and Y what came next, the
weights are B = (S'S + l2 I)^-1 S'Y. Unlike EASE it knows the order in time: what people had after
an item, not only beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import lapack

from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError
from chatrec.retrieval.ease import Weights, check_size
from chatrec.retrieval.recency import Recency
from chatrec.retrieval.together import Together, strongest

FADING = Recency(recent=30, power=0.8)
ENTRIES = 8_000_000  # of the pasts' matrix, that are held at once


class NextItem:
    """Scores an item by the weights that the past's items, the last above all, have for it."""

    name = "next_item"

    def __init__(self, weights: Weights, together: Together, recency: Recency) -> None:
        """``weights`` (n_items, n_items): in row j what comes after item j."""
        self._weights = weights
        self._together = together
        self._recency = recency

    @classmethod
    def fit(cls, histories: Histories, *, l2: float = 300.0, recency: Recency = FADING) -> Self:
        """Takes n_items^3 steps and two n_items^2 float32 matrices.

        ``recency`` needs a ``recent``: pasts reach no further back, in fitting and in scoring.
        RequestError without one, for an ``l2`` of 0 or less, or for too many items.
        """
        if l2 <= 0 or recency.recent is None:
            raise RequestError(
                f"l2 is {l2} and recent {recency.recent}; l2 must be above 0, such as 300, and "
                "recent a number of items, such as 30"
            )
        check_size(histories.n_items)
        size = (histories.n_items, histories.n_items)
        gram, follows = (np.zeros(size, dtype=np.float32, order="F") for _ in range(2))
        for pasts, items in _pasts(histories, recency.by_age(recency.recent)):
            gram += (pasts.T @ pasts).toarray(order="F")
            came = sparse.csr_matrix(
                (np.ones_like(items, dtype=np.float32), items, np.arange(len(items) + 1)),
                shape=pasts.shape,
            )
            follows += (pasts.T @ came).toarray(order="F")
        gram[np.diag_indices_from(gram)] += np.float32(l2)
        _, weights, failed = lapack.sposv(gram, follows, overwrite_a=True, overwrite_b=True)
        if failed:
            raise RequestError(f"l2 {l2} is too small for these interactions: raise it")
        return cls(np.ascontiguousarray(weights), Together.of(histories), recency)

    def scores(self, pasts: Sequence[Past]) -> NDArray[np.float32]:
        """Summed weights of each past's items as they fade, (B, n_items)."""
        weighed = self._recency.matrix(pasts, len(self._weights))
        scores: NDArray[np.float32] = weighed @ self._weights
        return scores

    def support(self, past: Past, item: int) -> tuple[int, float] | None:
        """The past's item that adds most to the score, and the lift of both."""
        shares = self._recency.weights(past) * self._weights[past, item]
        return strongest(past, shares, item, self._together)

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The weights, the fading, and who met what."""
        recency, met = self._recency.tensors(), self._together.tensors()
        return {"weights": self._weights, **recency, **met}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> Self:
        """From what ``tensors`` gave."""
        together = Together.from_tensors(tensors)
        return cls(tensors["weights"], together, Recency.from_tensors(tensors))


def _pasts(
    histories: Histories, by_age: NDArray[np.float32]
) -> Iterator[tuple[sparse.csr_matrix, Past]]:
    """Batches of (m, n_items) weighed pasts, and the item_index that came next, (m,)."""
    places = np.arange(len(histories.items)) - np.repeat(histories.starts[:-1], histories.sizes)
    batch = max(ENTRIES // len(by_age), 1)
    for begin in range(0, len(places), batch):
        rows = np.arange(begin, min(begin + batch, len(places)))
        sizes = np.minimum(places[rows], len(by_age))
        starts = np.concatenate([[0], np.cumsum(sizes)])
        ages = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
        before = histories.items[np.repeat(rows, sizes) - ages - 1]
        shape = (len(rows), histories.n_items)
        yield sparse.csr_matrix((by_age[ages], before, starts), shape=shape), histories.items[rows]
