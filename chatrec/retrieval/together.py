"""Which items the same people have had, and how much more often than by chance.

Knows who met what; knows no order in time and no model. Models that count what goes together keep
one of these, so that new people, or more from people already met, can be added to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from chatrec.data.interactions import Histories, Past

LEAST_TOGETHER = 3  # people who had both, below which a lift says too little


class Together:
    """Who has had what: ``met`` (people, n_items) float32 of ones, and ``people`` (people,) int64.

    People are kept as 64 bits of their id's hash, which is enough to know them again.
    """

    def __init__(self, met: sparse.csr_matrix, people: NDArray[np.int64]) -> None:
        self.met = met
        self.people = people
        self._had_by = met.tocsc()
        self._had_by.sort_indices()

    @classmethod
    def of(cls, histories: Histories) -> Together:
        """From everybody's histories; an item that somebody met twice counts once."""
        return cls(histories.matrix(), _keys(histories.users))

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return int(self.met.shape[1])

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many people have had each item, (n_items,)."""
        counts: NDArray[np.int64] = np.diff(self._had_by.indptr).astype(np.int64)
        return counts

    def people_of(self, item: int) -> NDArray[np.int32]:
        """The rows of those who have had the item, rising."""
        begin, end = self._had_by.indptr[item], self._had_by.indptr[item + 1]
        rows: NDArray[np.int32] = self._had_by.indices[begin:end]
        return rows

    def lift(self, one: int, other: int) -> float | None:
        """P(both) / (P(one) P(other)) among the people; None where fewer than LEAST_TOGETHER
        have had both. 1 is what chance gives.
        """
        few, many = sorted((self.people_of(one), self.people_of(other)), key=len)
        places = np.searchsorted(many, few)
        both = int((many[np.minimum(places, len(many) - 1)] == few).sum()) if len(many) else 0
        if both < LEAST_TOGETHER:
            return None
        return both * len(self.people) / (len(few) * len(many))

    def counted(self, items: NDArray[np.int64]) -> sparse.csr_matrix:
        """How many people have had each of ``items`` and each item, (len(items), n_items)."""
        return (self._had_by[:, items].T @ self.met).tocsr()

    def added(self, new: Histories) -> tuple[Together, sparse.csr_matrix, sparse.csr_matrix]:
        """With these histories added; and the rows of ``new``'s users before and after.

        A user who is known already gets the items added to those they had. ``new`` may have more
        items than before, at the end. The rows are (len(new), n_items), empty before for people
        not met yet.
        """
        size = (len(self.people), new.n_items)
        grown = sparse.csr_matrix((self.met.data, self.met.indices, self.met.indptr), shape=size)
        keys = _keys(new.users)
        place = {int(key): row for row, key in enumerate(self.people)}
        rows = np.array([place.get(int(key), -1) for key in keys], dtype=np.int64)
        known = np.flatnonzero(rows >= 0)
        before = (
            sparse.csr_matrix(
                (np.ones(len(known), dtype=np.float32), (known, rows[known])), (len(new), size[0])
            )
            @ grown
        )
        after = before.maximum(new.matrix()).tocsr()
        kept = np.setdiff1d(np.arange(size[0]), rows[known])
        met = sparse.vstack([grown[kept], after]).tocsr()
        return Together(met, np.concatenate([self.people[kept], keys])), before, after

    def tensors(self) -> dict[str, NDArray[Any]]:
        """The matrix as compressed rows, and the people."""
        return {
            "met_starts": self.met.indptr.astype(np.int64),
            "met_items": self.met.indices.astype(np.int32),
            "met_people": self.people,
            "met_n_items": np.array([self.n_items], dtype=np.int64),
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, NDArray[Any]]) -> Together:
        """From what ``tensors`` gave."""
        starts, items, people = (tensors[f"met_{n}"] for n in ("starts", "items", "people"))
        ones = np.ones(len(items), dtype=np.float32)
        shape = (len(people), int(tensors["met_n_items"][0]))
        return cls(sparse.csr_matrix((ones, items, starts), shape=shape), people)


def strongest(
    past: Past, shares: NDArray[np.float32], item: int, together: Together
) -> tuple[int, float] | None:
    """The past's item with the greatest share (len(past),) in a score, with the lift of both.

    None where no share is above 0 or too few people have had both.
    """
    if not len(past) or not shares.max() > 0:
        return None
    other = int(past[int(shares.argmax())])
    lift = together.lift(other, item)
    return None if lift is None else (other, lift)


def _keys(users: tuple[str, ...]) -> NDArray[np.int64]:
    digests = (hashlib.blake2b(user.encode(), digest_size=8).digest() for user in users)
    return np.frombuffer(b"".join(digests), dtype=np.int64).copy()
