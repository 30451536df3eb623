"""One branch's best items for many cases at once, as arrays; what several branches find together.

Knows rows of scores and item_index; knows nothing about what made the scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatrec.data.interactions import Past

PAD = -1
RRF_CONSTANT = 60


@dataclass(frozen=True, slots=True)
class Tops:
    """The best items of C cases by one branch, best first.

    ``items`` (C, depth) int32 item_index, PAD where the branch found no more; ``scores``
    (C, depth) float32, falling along each row, -inf at the pads.
    """

    items: NDArray[np.int32]
    scores: NDArray[np.float32]

    @classmethod
    def of(cls, scores: NDArray[np.float32], seen: Sequence[Past], depth: int) -> Tops:
        """The ``depth`` best of each row of ``scores`` (C, n_items) without what ``seen`` has.

        Equal scores stand in catalogue order. Items that share a row's lowest score are no finds
        (nothing tells them apart, as where a history is empty), nor are those at -inf. ``scores``
        is left as it is. No cases give arrays of (0, depth).
        """
        masked = scores.astype(np.float32)  # a copy
        for row, past in enumerate(seen):
            masked[row, past] = -np.inf
        depth = min(depth, masked.shape[1])
        if not len(masked):
            return cls(np.zeros((0, depth), np.int32), np.zeros((0, depth), np.float32))
        items = _best(masked, depth)
        best = np.take_along_axis(masked, items, axis=1)
        lowest = np.where(masked == -np.inf, np.inf, masked).min(axis=1)
        found = np.isfinite(best)
        for row in np.flatnonzero(best[:, -1] <= lowest).tolist():  # the lowest is among the best
            if (masked[row] == lowest[row]).sum() > 1:
                found[row] &= best[row] != lowest[row]
        return cls(
            np.where(found, items, PAD).astype(np.int32),
            np.where(found, best, -np.inf).astype(np.float32),
        )

    @classmethod
    def of_one(cls, items: Sequence[int], scores: Sequence[float]) -> Tops:
        """One case's items, best first, with their scores."""
        return cls(
            np.array(items, dtype=np.int32)[None, :], np.array(scores, dtype=np.float32)[None, :]
        )

    @classmethod
    def joined(cls, parts: Sequence[Tops]) -> Tops:
        """The cases of all ``parts`` one after the other; all must have one depth."""
        return cls(
            np.concatenate([p.items for p in parts]), np.concatenate([p.scores for p in parts])
        )

    def __len__(self) -> int:
        return len(self.items)

    @property
    def depth(self) -> int:
        """How many items a case may have."""
        return int(self.items.shape[1])

    def to(self, depth: int) -> Tops:
        """The first ``depth`` of each case, with pads where there are fewer."""
        more = ((0, 0), (0, max(depth - self.depth, 0)))
        return Tops(
            np.pad(self.items[:, :depth], more, constant_values=PAD),
            np.pad(self.scores[:, :depth], more, constant_values=-np.inf),
        )

    def cut(self, depth: int) -> Tops:
        """The first ``depth`` of each case."""
        return Tops(self.items[:, :depth], self.scores[:, :depth])

    def pick(self, cases: NDArray[np.int64] | NDArray[np.bool_]) -> Tops:
        """These cases, by row or by mask."""
        return Tops(self.items[cases], self.scores[cases])

    def places(self, targets: NDArray[np.int32]) -> NDArray[np.int64]:
        """The place of each case's target (C,), from 0; ``depth`` where it is not among them."""
        hit = self.items == targets[:, None]
        return np.where(hit.any(axis=1), hit.argmax(axis=1), self.depth)

    def hits(self, targets: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Whether each case's target (C,) is among its items, (C,)."""
        found: NDArray[np.bool_] = (self.items == targets[:, None]).any(axis=1)
        return found


def by_reciprocal_rank(lists: Sequence[Tops], depth: int) -> Tops:
    """The ``depth`` best of all by summed ``1 / (60 + rank)``, best first; ties by item_index.

    Reciprocal-rank fusion (Cormack et al., SIGIR 2009) of lists of the same C cases.
    """
    items = np.concatenate([tops.items for tops in lists], axis=1)
    shares = np.concatenate(
        [np.tile(1.0 / (RRF_CONSTANT + 1.0 + np.arange(t.depth)), (len(t), 1)) for t in lists],
        axis=1,
    )
    order = np.argsort(items, axis=1, kind="stable")
    items, shares = np.take_along_axis(items, order, 1), np.take_along_axis(shares, order, 1)
    first = np.ones(items.shape, dtype=bool)
    first[:, 1:] = items[:, 1:] != items[:, :-1]
    runs = np.cumsum(first.ravel()) - 1  # the first column begins a run in every row
    totals = np.bincount(runs, weights=shares.ravel())[runs].reshape(items.shape)
    scores = np.where(first & (items != PAD), totals, -np.inf).astype(np.float32)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
    found = np.take_along_axis(scores, best, 1)
    kept = np.take_along_axis(items, best, 1)
    return Tops(np.where(np.isfinite(found), kept, PAD).astype(np.int32), found)


def union_hits(branches: Mapping[str, Tops], targets: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether any branch has the case's target, (C,)."""
    found = np.zeros(len(targets), dtype=bool)
    for tops in branches.values():
        found |= tops.hits(targets)
    return found


def unique_hits(
    branches: Mapping[str, Tops], targets: NDArray[np.int32]
) -> dict[str, NDArray[np.bool_]]:
    """By branch: whether it, and it alone, has the case's target, (C,)."""
    hits = {name: tops.hits(targets) for name, tops in branches.items()}
    finders = np.sum(list(hits.values()), axis=0) if hits else np.zeros(len(targets))
    return {name: hit & (finders == 1) for name, hit in hits.items()}


def _best(masked: NDArray[np.float32], depth: int) -> NDArray[np.int64]:
    """The columns of each row's ``depth`` best, best first; ties by column, also at the edge."""
    if depth == masked.shape[1]:
        return np.argsort(-masked, axis=1, kind="stable")
    columns = np.argpartition(-masked, depth - 1, axis=1)[:, :depth]
    values = np.take_along_axis(masked, columns, axis=1)
    edge = values.min(axis=1, keepdims=True)
    torn = (masked == edge).sum(axis=1) > (values == edge).sum(axis=1)
    for row in np.flatnonzero(torn):  # of equals at the edge, a partition takes any
        columns[row] = np.argsort(-masked[row], kind="stable")[:depth]
    columns.sort(axis=1)
    values = np.take_along_axis(masked, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1)
