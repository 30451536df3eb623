"""EASE: each item as a weighted sum of others, in closed form.

Steck, WWW 2019 (arXiv 1905.03375): with G the items' Gram matrix and P = (G + l2 I)^-1, the weights
are B = I - P / diag(P) by columns. Knows who met what; the order in time only has a say in what a
past counts for (:class:`chatrec.retrieval.recency.Recency`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import get_lapack_funcs

from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError
from chatrec.retrieval.recency import ALL_ALIKE, Recency
from chatrec.retrieval.together import Together, strongest

MAX_ITEMS = 30_000
BLOCK = 1024  # columns worked on at once where the whole would be a second copy

Weights = NDArray[np.float32]


class Ease:
    """Scores an item by the weights that the past's items have for it."""

    name = "ease"

    def __init__(
        self,
        weights: Weights,
        diagonal: Weights,
        together: Together,
        *,
        l2: float,
        recency: Recency = ALL_ALIKE,
    ) -> None:
        """``weights`` B (n_items, n_items), row j what item j speaks for; ``diagonal`` of P."""
        self._weights = weights
        self._diagonal = diagonal
        self._together = together
        self._l2 = l2
        self._recency = recency

    @classmethod
    def fit(cls, histories: Histories, *, l2: float = 300.0, recency: Recency = ALL_ALIKE) -> Self:
        """Takes n_items^3 steps and one n_items^2 float32 matrix (1.1 GB for 16,859 items).

        RequestError for an ``l2`` of 0 or less, or more than MAX_ITEMS items.
        """
        if l2 <= 0:
            raise RequestError(f"l2 is {l2}; above 0 is needed, such as 300")
        check_size(histories.n_items)
        together = Together.of(histories)
        gram = (together.met.T @ together.met).toarray(order="F")
        gram[np.diag_indices_from(gram)] += np.float32(l2)
        weights, diagonal = _weights(_inverse(gram))
        return cls(weights, diagonal, together, l2=l2, recency=recency)

    def scores(self, pasts: Sequence[Past]) -> NDArray[np.float32]:
        """Summed weights of each past's items, (B, n_items); below 0 speaks against an item."""
        weighed = self._recency.matrix(pasts, len(self._weights))
        scores: NDArray[np.float32] = weighed @ self._weights
        return scores

    def support(self, past: Past, item: int) -> tuple[int, float] | None:
        """The past's item that adds most to the score, and the lift of both."""
        shares = self._recency.weights(past) * self._weights[past, item]
        return strongest(past, shares, item, self._together)

    def updated(self, new: Histories) -> Self:
        """The same as if fitted with these histories too: new people, or more of people known.

        ``new`` may have more items, at the end. Takes n_items^2 steps for each of its users
        (Woodbury's identity on P) and a second matrix; fitting anew is faster for more users than
        about a fifth of the items, and exact where float32 errors of many updates add up.
        """
        check_size(new.n_items)
        together, before, after = self._together.added(new)
        inverse = self._grown_inverse(new.n_items)
        changed = np.flatnonzero((after - before).getnnz(axis=1))
        for rows, sign in ((before[changed], -1.0), (after[changed], 1.0)):
            _add_rows(inverse, rows[rows.getnnz(axis=1) > 0], sign)
        weights, diagonal = _weights(inverse)
        return type(self)(weights, diagonal, together, l2=self._l2, recency=self._recency)

    def _grown_inverse(self, n_items: int) -> Weights:
        """P, back from the weights, with 1 / l2 for items that nobody has had."""
        old = len(self._weights)
        inverse = np.zeros((n_items, n_items), dtype=np.float32)
        np.multiply(self._weights, -self._diagonal, out=inverse[:old, :old])
        inverse[np.diag_indices(n_items)] = np.float32(1 / self._l2)
        inverse[np.diag_indices(old)] = self._diagonal
        return inverse

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Weights, diagonal, options, and who met what."""
        return {
            "weights": self._weights,
            "diagonal": self._diagonal,
            "l2": np.array([self._l2]),
            **self._recency.tensors(),
            **self._together.tensors(),
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> Self:
        """From what ``tensors`` gave."""
        return cls(
            tensors["weights"],
            tensors["diagonal"],
            Together.from_tensors(tensors),
            l2=float(tensors["l2"][0]),
            recency=Recency.from_tensors(tensors),
        )


def check_size(n_items: int) -> None:
    """RequestError for more than MAX_ITEMS items, which says what they would need."""
    if n_items > MAX_ITEMS:
        raise RequestError(
            f"a linear model of {n_items:,} items needs {4e-9 * n_items**2:.1f} GB for each dense "
            f"matrix and {n_items:,}^3 steps; at most {MAX_ITEMS:,} items are allowed: "
            "use item-kNN or ALS"
        )


def _inverse(gram: Weights) -> Weights:
    """The inverse of a symmetric positive matrix (n, n), in its own memory (Fortran order)."""
    potrf, potri = get_lapack_funcs(("potrf", "potri"), (gram,))
    factor, failed = potrf(gram, lower=True, overwrite_a=True)
    if failed:
        raise RequestError(
            "EASE's matrix has no inverse in float32: raise l2 (it is added to its diagonal)"
        )
    inverse, _ = potri(factor, lower=True, overwrite_c=True)
    for begin in range(0, len(inverse), BLOCK):  # the upper half still holds the Gram matrix
        end = begin + BLOCK
        inverse[begin:end, end:] = inverse[end:, begin:end].T
        square = inverse[begin:end, begin:end]
        square[:] = np.tril(square) + np.tril(square, -1).T
    whole: Weights = inverse.T  # symmetric, and so in C order
    return whole


def _weights(inverse: Weights) -> tuple[Weights, Weights]:
    """B and the diagonal of P, from P (n, n), in its own memory."""
    diagonal: Weights = inverse.diagonal().copy()
    inverse /= -diagonal
    inverse[np.diag_indices_from(inverse)] = 0.0
    return inverse, diagonal


def _add_rows(inverse: Weights, rows: sparse.csr_matrix, sign: float) -> None:
    """P of G + sign * rows' rows from P of G, (n, n), in place (Woodbury)."""
    if not rows.shape[0]:
        return
    seen = np.asarray(rows @ inverse)  # (u, n)
    inner = np.asarray(rows @ seen.T) + sign * np.eye(len(seen), dtype=np.float32)
    solved = np.linalg.solve(inner, seen)
    for begin in range(0, len(inverse), BLOCK):
        inverse[:, begin : begin + BLOCK] -= seen.T @ solved[:, begin : begin + BLOCK]
