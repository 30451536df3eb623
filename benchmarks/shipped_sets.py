"""The packed sets that the shipped adapter is measured on: item vectors in bytes, and prompts.

Knows the .npz files that ``shipped_adapter.py pack`` writes; needs numpy alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.generation.item_head import log_popularity

GROUPS = ("warm", "validation", "training", "cold")
UNRANKED = 65_535  # the rank of what another method doesn't bring at all


@dataclass(frozen=True)
class Group:
    """Prompts of one group: the chosen ``rows`` (P,) of what is stored."""

    stored: dict[str, NDArray[Any]]
    rows: NDArray[np.int64]

    def column(self, name: str) -> NDArray[Any]:
        """What there is of each prompt under that name, (P,)."""
        return self.stored[name][self.rows]

    @property
    def tokens(self) -> list[list[int]]:
        """The prompts' token ids."""
        return self._lists("tokens", "token_lengths")

    @property
    def before(self) -> list[list[int]]:
        """The items that were met before each prompt's target."""
        return self._lists("before", "before_lengths")

    @property
    def pool(self) -> list[list[int]]:
        """What dense retrieval brings, best first."""
        return self._lists("pool", "pool_lengths")

    @property
    def pool_scores(self) -> list[list[int]]:
        """Its scores, stretched to 255 for the best and 0 for the last."""
        return self._lists("pool_scores", "pool_lengths")

    def last(self, targets: int | None) -> Group:
        """The prompts that ask for one of their user's last ``targets`` items; None: for any."""
        if targets is None:
            return self
        return Group(self.stored, self.rows[self.column("back") <= targets])

    def _lists(self, name: str, lengths: str) -> list[list[int]]:
        ends = np.cumsum(self.stored[lengths].astype(np.int64))
        values, starts = self.stored[name], [0, *ends]
        return [values[starts[row] : ends[row]].tolist() for row in self.rows]


class PackedSet:
    """The item vectors (N, W), log popularity (N,) and prompts of one workspace."""

    def __init__(self, path: Path, every: int = 1) -> None:
        """``every``: of each group only each so many-th prompt."""
        with np.load(path) as stored:
            arrays = {name: stored[name] for name in stored.files}
        self.name = path.stem
        self.items = arrays["items"] * arrays["steps"][:, None]
        self.popularity = log_popularity(arrays["counts"])
        self.groups = {group: _group(arrays, group, every) for group in GROUPS}


def _group(arrays: dict[str, NDArray[Any]], group: str, every: int) -> Group:
    own = {n.removeprefix(f"{group} "): a for n, a in arrays.items() if n.startswith(f"{group} ")}
    return Group(own, np.arange(0, len(own["target"]), every))


def in_bytes(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Vectors (N, W) as int8 (N, W) and what one step is worth in each row, (N,).

    >>> codes, steps = in_bytes(np.array([[1.0, -0.5]], dtype=np.float32))
    >>> codes.tolist(), (codes * steps[:, None]).round(2).tolist()
    ([[127, -64]], [[1.0, -0.5]])
    """
    steps = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / 127
    return np.rint(vectors / steps[:, None]).astype(np.int8), steps


def ranks_of(
    scores: NDArray[np.float32], targets: NDArray[np.int64], before: list[list[int]]
) -> NDArray[np.int64]:
    """The targets' ranks by scores (N,) that are the same for everybody; ties count as worse.

    >>> ranks_of(np.array([3, 2, 1], dtype=np.float32), np.array([2, 2]), [[], [0]]).tolist()
    [3, 2]
    """
    ahead = (scores[None, :] >= scores[targets][:, None]).sum(axis=1)
    met = [int((scores[of] >= scores[t]).sum()) for of, t in zip(before, targets, strict=True)]
    ranks: NDArray[np.int64] = ahead - np.array(met)
    return ranks
