"""Everybody's interactions as arrays: one history after the other, each oldest first.

Knows users, items and their order in time; knows no model. A workspace with millions of
interactions is learnt from in this shape (:attr:`chatrec.data.workspace.Workspace.histories`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from chatrec.data.catalog import Catalog

if TYPE_CHECKING:
    import polars as pl

Past = NDArray[np.int32]  # item_index of one user's items, oldest first


@dataclass(frozen=True, slots=True)
class Histories:
    """The histories of U users with N interactions over ``n_items`` items.

    ``users`` (U,) are user ids; user ``u`` has the rows ``starts[u]`` to ``starts[u + 1]`` of
    ``items`` (N,) item_index, ``weights`` (N,) as given, and ``times`` (N,) seconds or positions,
    NaN where unknown.
    """

    users: tuple[str, ...]
    starts: NDArray[np.int64]
    items: Past
    weights: NDArray[np.float32]
    times: NDArray[np.float64]
    n_items: int

    @classmethod
    def from_frame(cls, frame: pl.DataFrame, catalog: Catalog) -> Histories:
        """From columns user_id, item_id, weight, timestamp; users in the order of their ids.

        Interactions of one time, or without any, keep the order of the frame; those without a
        time come first. An item that the catalogue lacks is a RequestError.
        """
        import polars as pl  # not where histories are only trained on (benchmarks on a lent GPU)

        known = {item_id: catalog.index_of(item_id) for item_id in frame["item_id"].unique()}
        ordered = frame.select(
            "user_id",
            pl.col("item_id").replace_strict(known, return_dtype=pl.Int32).alias("item"),
            pl.col("weight").cast(pl.Float32),
            pl.col("timestamp").cast(pl.Float64),
        ).sort("user_id", "timestamp", nulls_last=False, maintain_order=True)
        sizes = ordered.group_by("user_id", maintain_order=True).len()
        return cls(
            tuple(sizes["user_id"]),
            np.concatenate([[0], np.cumsum(sizes["len"].to_numpy())]).astype(np.int64),
            ordered["item"].to_numpy().astype(np.int32),
            ordered["weight"].to_numpy(),
            ordered["timestamp"].fill_null(float("nan")).to_numpy(),
            len(catalog),
        )

    @classmethod
    def from_pasts(cls, pasts: Sequence[Sequence[int] | Past], n_items: int) -> Histories:
        """From item_index sequences, oldest first, without weights and times; users "0", "1"..."""
        sizes = [len(past) for past in pasts]
        empty = np.zeros(0, dtype=np.int32)
        items = np.concatenate([empty, *(np.asarray(past, dtype=np.int32) for past in pasts)])
        return cls(
            tuple(str(number) for number in range(len(pasts))),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            items,
            np.ones(len(items), dtype=np.float32),
            np.full(len(items), np.nan),
            n_items,
        )

    def __len__(self) -> int:
        return len(self.users)

    def __iter__(self) -> Iterator[Past]:
        for begin, end in zip(self.starts[:-1], self.starts[1:], strict=True):
            yield self.items[begin:end]

    @property
    def timed(self) -> bool:
        """Whether every interaction has a time or a position."""
        return not bool(np.isnan(self.times).any())

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many interactions each user has, (U,)."""
        return np.diff(self.starts)

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each item was met, (n_items,)."""
        return np.bincount(self.items, minlength=self.n_items).astype(np.int64)

    def matrix(self) -> sparse.csr_matrix:
        """Who met what: 1 where user and item met at least once, (U, n_items) float32."""
        rows = np.repeat(np.arange(len(self)), self.sizes)
        met = sparse.csr_matrix(
            (np.ones(len(self.items), dtype=np.float32), (rows, self.items)),
            shape=(len(self), self.n_items),
        )
        met.data[:] = 1.0  # scipy adds up an item that was met twice
        return met

    def pick(self, users: Sequence[int] | NDArray[np.int64]) -> Histories:
        """The histories of these users (rows), in this order."""
        rows = [np.arange(self.starts[u], self.starts[u + 1]) for u in users]
        return self._take(tuple(self.users[u] for u in users), rows)

    def without_last(self, n: int | NDArray[np.int64]) -> Histories:
        """Every history less its last ``n`` interactions, one number or each user's own (U,).

        Who has no more is left with none.
        """
        ends = np.maximum(self.starts[1:] - n, self.starts[:-1])
        rows = [np.arange(b, e) for b, e in zip(self.starts[:-1], ends, strict=True)]
        return self._take(self.users, rows)

    def recent(self, n: int) -> Histories:
        """Every history's last ``n`` interactions."""
        begins = np.maximum(self.starts[1:] - n, self.starts[:-1])
        rows = [np.arange(b, e) for b, e in zip(begins, self.starts[1:], strict=True)]
        return self._take(self.users, rows)

    def _take(self, users: tuple[str, ...], rows: Sequence[NDArray[np.int64]]) -> Histories:
        taken = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
        return Histories(
            users,
            np.concatenate([[0], np.cumsum([len(part) for part in rows])]).astype(np.int64),
            self.items[taken],
            self.weights[taken],
            self.times[taken],
            self.n_items,
        )
