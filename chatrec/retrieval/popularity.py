"""Popularity: what most people have had, or have had lately; the same for everybody.

Knows how often each item was met; knows nothing about the user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError


class Popularity:
    """Every item's count, whatever the past."""

    name = "popularity"

    def __init__(self, counts: NDArray[np.int64], since: float | None = None) -> None:
        """``counts`` (n_items,); ``since``: the time from which they were counted, None: ever."""
        self.counts = counts
        self._since = since

    @classmethod
    def fit(cls, histories: Histories, *, share: float = 1.0) -> Self:
        """Counts of the latest ``share`` of all interactions (1.0: of all of them).

        RequestError for a share outside (0, 1], or below 1 where an interaction has no time.
        Times that are only positions in each user's own history make no common "lately".
        """
        if not 0 < share <= 1:
            raise RequestError(f"share is {share}; allowed is above 0 up to 1")
        if share == 1 or not len(histories.items):
            return cls(histories.counts)
        if not histories.timed:
            raise RequestError(
                f"share is {share}, but some interactions have no time: use a share of 1"
            )
        since = float(np.quantile(histories.times, 1 - share, method="higher"))
        return cls(_counts(histories, since), since)

    def scores(self, pasts: Sequence[Past]) -> NDArray[np.float32]:
        """The counts once a past, (B, n_items)."""
        return np.tile(self.counts.astype(np.float32), (len(pasts), 1))

    def support(self, past: Past, item: int) -> None:
        """None: nothing in a past speaks for what is popular."""
        return

    def updated(self, new: Histories) -> Self:
        """With these interactions counted too; ``new`` may have more items, at the end.

        Exact, save that what was "lately" at the fit stays counted.
        """
        counts = _counts(new, self._since)
        counts[: len(self.counts)] += self.counts
        return type(self)(counts, self._since)

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The counts, and since when (NaN: ever)."""
        since = float("nan") if self._since is None else self._since
        return {"counts": self.counts, "since": np.array([since])}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> Self:
        """From what ``tensors`` gave."""
        since = float(tensors["since"][0])
        return cls(tensors["counts"], None if np.isnan(since) else since)


def _counts(histories: Histories, since: float | None) -> NDArray[np.int64]:
    late = histories.items if since is None else histories.items[histories.times >= since]
    return np.bincount(late, minlength=histories.n_items).astype(np.int64)
