"""What travels of ``ranking.py``'s sets to a machine with a GPU (``ranking_gpu.py``).

Knows arrays and titles; what makes them, :func:`pack`, needs the data sets, the rest does not.
"""

from __future__ import annotations

import argparse
import gzip
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from ranking_sets import SETS

from chatrec.data.interactions import Histories, Past
from chatrec.retrieval.collaborative import Scores
from chatrec.training.windows import HeldOut

SEED = 2026
COLD_LENGTHS = (1, 3, 5)  # as in chatrec.evaluation.comparison, which needs polars


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """What travels of a set: histories to learn from, validation items, titles, texts' vectors.

    ``asked`` are the pasts after which ``ranking.py`` will ask: those of the test cases, also cut
    to the last few items, and those of the validation items. They are read, never learnt from.
    """

    histories: Histories
    held: HeldOut
    asked: tuple[Past, ...]
    titles: tuple[str, ...]
    text: Scores

    @classmethod
    def read(cls, folder: Path, name: str) -> Packed:
        with np.load(folder / f"{name}.npz") as stored:
            starts, items = stored["starts"], stored["items"].astype(np.int32)
            learnt, asked = stored["learnt"].tolist(), stored["asked"].tolist()
            rows, targets = stored["rows"], stored["targets"].astype(np.int32)
            text = stored["text"].astype(np.float32)
        with gzip.open(folder / f"{name}.titles.json.gz", "rt", encoding="utf-8") as file:
            titles = tuple(json.load(file))
        pasts = [items[a : a + n] for a, n in zip(starts[:-1], learnt, strict=True)]
        held = HeldOut(tuple(pasts[row] for row in rows), targets)
        tested = [items[starts[user] : starts[user] + end] for user, end in asked]
        last = {user: past for (user, _), past in zip(asked, tested, strict=True)}
        cold = [past[-n:] for past in last.values() for n in COLD_LENGTHS]
        histories = Histories.from_pasts(pasts, len(titles))
        return cls(histories, held, (*tested, *cold, *held.pasts), titles, text)


def pack(given: argparse.Namespace) -> None:
    """Write the sets' ``NAME.npz`` and titles."""
    import ranking
    from ranking_decoder import held_out

    from chatrec.evaluation.splits import split_histories
    from chatrec.retrieval.dense import item_vectors
    from chatrec.retrieval.encoder import TextEncoder

    given.to.mkdir(parents=True, exist_ok=True)
    for name in given.sets:
        protocol = SETS[name]
        workspace = ranking.workspace_of(name, protocol, given.data, given.work)
        split = split_histories(workspace.histories, "time", targets=protocol.targets)
        held = held_out(split)
        rows = np.array([case.user for case in split.validation], dtype=np.int32)
        asked = split if protocol.users is None else split.sample(protocol.users, SEED)
        np.savez_compressed(
            given.to / f"{name}.npz",
            starts=workspace.histories.starts,
            items=workspace.histories.items.astype(np.uint16),
            learnt=split.training.sizes.astype(np.uint16),
            asked=np.array([(case.user, len(case.past)) for case in asked.cases], dtype=np.int32),
            rows=rows,
            targets=held.targets.astype(np.uint16),
            text=item_vectors(workspace, TextEncoder()).astype(np.float16),
        )
        with gzip.open(given.to / f"{name}.titles.json.gz", "wt", encoding="utf-8") as file:
            json.dump([item.title for item in workspace.catalog], file, ensure_ascii=False)
        print(name, len(split.training), len(held.pasts), len(asked.cases), flush=True)


def part_of(packed: Packed, share: float) -> Packed:
    """The first part of the people; all for a share of 1."""
    if share >= 1:
        return packed
    people = max(10, round(share * len(packed.histories)))
    some = packed.histories.pick(np.arange(people))
    held = packed.held
    few = max(10, round(share * len(held.pasts)))
    held = HeldOut(held.pasts[:few], held.targets[:few])
    return replace(packed, histories=some, held=held, asked=packed.asked[-few:])
