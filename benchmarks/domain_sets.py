"""Small sets of four domains for benchmarks/domains.py: made here, read on the GPU machine.

Knows the public files, the project's importer and its text encoder; knows no decoder. The items are
those that at least LEAST people of the whole set met and one of the kept users met in their tail.
Descriptions, which films alone have, and further facts are left out of prompts and texts, so that
all domains are read alike.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tune_gpu import flat, nested, record, unpacked

from chatrec.training.examples import Met, TrainingSet, liked

if TYPE_CHECKING:
    from chatrec.data.interactions import Histories
    from chatrec.retrieval.encoder import TextEncoder

SEED = 2026
LEAST = 10  # people who met an item
TAIL = 60
SHORTEST, SHORTEST_TESTED = 5, 10  # items of those learnt from, and of those tested or chosen by
TRAINED, TESTED, CHOSEN_BY = 1000, 300, 100
INT8 = 127


@dataclass(frozen=True, slots=True)
class Source:
    """A public set: its folder, its interactions' file, and the domain of its workspace.

    ``shift`` is what its catalogue's item ids lack to those of its interactions.
    """

    folder: str
    interactions: str
    domain: str
    shift: int = 0


SOURCES = {
    "films": Source("ml-1m", "ratings.parquet", "film"),
    "games": Source("amazon-video-games", "interactions.parquet", "game"),
    "anime": Source("anime", "interactions.parquet", "anime"),
    # Its titles stand one item early: two books of a person share their author in 1.3 % of the
    # pairs with a shift by one, and in 0.4 % without or with another.
    "books": Source("book-crossing", "interactions.parquet", "book", shift=1),
}


@dataclass(frozen=True, slots=True)
class DomainSet:
    """A domain's training set, and the histories of the users to test on."""

    name: str
    data: TrainingSet
    test: tuple[tuple[Met, ...], ...]

    @property
    def learnt_from(self) -> TrainingSet:
        """What a decoder is tuned on: without validation users, since nothing is stopped early."""
        return replace(self.data, validation=())


def pack(data: Path, to: Path) -> None:
    """Write each domain as ``NAME.jsonl.gz`` (items) and ``NAME.npz``.

    benchmarks/tune_gpu.py does so too, but here the text vectors are int8, each stretched to its
    own largest component. A domain that is there already is left as it is.
    """
    from chatrec.retrieval.encoder import TextEncoder

    to.mkdir(parents=True, exist_ok=True)
    encoder = TextEncoder()
    for name, source in SOURCES.items():
        if not (to / f"{name}.npz").is_file():
            _pack(name, source, data, to, encoder)


def _pack(name: str, source: Source, data: Path, to: Path, encoder: TextEncoder) -> None:
    from chatrec.data.catalog import item_text
    from chatrec.data.workspace import Workspace
    from chatrec.evaluation.splits import shuffled

    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace.open(_imported(source, data, Path(scratch)))
        histories, catalog = workspace.histories, workspace.catalog
    parts = drawn(histories if histories.timed else shuffled(histories, SEED), SEED)
    kept = np.unique([met.index for part in parts.values() for h in part for met in h])
    place = np.zeros(len(catalog), dtype=np.int64)
    place[kept] = np.arange(len(kept))
    items = [replace(catalog.items[row], description="", facts={}) for row in kept]
    vectors = encoder.encode([item_text(item) for item in items])
    with gzip.open(to / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"domain": source.domain}) + "\n")
        file.writelines(json.dumps(record(item)) + "\n" for item in items)
    stretched = vectors / np.abs(vectors).max(axis=1, keepdims=True) * INT8
    arrays: dict[str, Any] = {"vectors": np.round(stretched).astype(np.int8)}
    for key, part in parts.items():
        arrays |= flat(key, [[Met(int(place[m.index]), m.liked) for m in h] for h in part])
    np.savez_compressed(to / f"{name}.npz", **arrays)
    sizes = {key: len(part) for key, part in parts.items()}
    print(f"{name}: {len(kept):,} of {len(catalog):,} items, users {sizes}", flush=True)


def read(folder: Path, share: float = 1.0) -> dict[str, DomainSet]:
    """The packed domains by name; of their users the first ``share``, at least two of each part."""
    found = {}
    for name in SOURCES:
        path = folder / f"{name}.npz"
        data = unpacked(path, share)
        with np.load(path) as stored:
            test = nested("test", stored)
        vectors = data.text_vectors
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        validation = data.validation[: max(2, round(share * len(data.validation)))]
        told = replace(data, text_vectors=unit.astype(np.float32), validation=validation)
        found[name] = DomainSet(name, told, test[: max(2, round(share * len(test)))])
    return found


def drawn(histories: Histories, seed: int) -> dict[str, list[list[Met]]]:
    """The tails of users drawn by ``seed``: "test", "validation" and "train".

    Tails have items alone that at least LEAST people met.
    """
    eligible = histories.counts >= LEAST
    parts: dict[str, list[list[Met]]] = {"test": [], "validation": [], "train": []}
    for user in np.random.default_rng(seed).permutation(len(histories)):
        rows = slice(histories.starts[user], histories.starts[user + 1])
        tail = _tail(histories.items[rows], histories.weights[rows], eligible)
        if len(tail) >= SHORTEST_TESTED and len(parts["test"]) < TESTED:
            parts["test"].append(tail)
        elif len(tail) >= SHORTEST_TESTED and len(parts["validation"]) < CHOSEN_BY:
            parts["validation"].append(tail)
        elif len(tail) >= SHORTEST and len(parts["train"]) < TRAINED:
            parts["train"].append(tail)
    return parts


def _tail(
    items: NDArray[np.int32], weights: NDArray[np.float32], eligible: NDArray[np.bool_]
) -> list[Met]:
    """The last TAIL eligible items; liked is what has at least the user's mean weight."""
    verdicts = liked(weights)
    met = [Met(int(i), bool(v)) for i, v in zip(items, verdicts, strict=True) if eligible[i]]
    return met[-TAIL:]


def _imported(source: Source, data: Path, scratch: Path) -> Path:
    """The workspace of a set, made by the project's importer.

    The times of ml-1m are its positions. What was met but not rated counts as much as the user's
    mean rating: neither liked nor disliked is known of it.
    """
    import polars as pl

    from chatrec.data.importing import import_workspace

    folder = data / source.folder
    met = pl.read_parquet(folder / source.interactions)
    if source.folder == "ml-1m":
        order = pl.read_parquet(data / "ml-1m-order" / "order.parquet")
        met = met.join(order, on=["user_id", "item_id"]).rename({"position": "timestamp"})
    if "rating" in met.columns:
        mean = pl.col("rating").mean().over("user_id")
        met = met.with_columns(pl.col("rating").fill_null(mean))
    items = pl.read_parquet(folder / "items.parquet").with_columns(pl.col("item_id") + source.shift)
    items.write_parquet(scratch / "items.parquet")
    met.write_parquet(scratch / "interactions.parquet")
    workspace = scratch / "workspace"
    import_workspace(
        scratch / "items.parquet",
        scratch / "interactions.parquet",
        workspace,
        domain=source.domain,
        progress=False,
    )
    return workspace


def sizes(sets: Sequence[DomainSet]) -> dict[str, dict[str, int]]:
    """How much each domain holds."""
    return {
        s.name: {
            "items": len(s.data.catalog),
            "training users": len(s.data.histories),
            "training interactions": int(s.data.counts.sum()),
            "validation users": len(s.data.validation),
            "test users": len(s.test),
        }
        for s in sets
    }
