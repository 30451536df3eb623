"""The learning curve for ``few_shot.py``: how well the item head ranks after so many histories.

An example is one user's window: WINDOW successive items of a training user, drawn by seed, no more
than fit one prompt. Item head, its closed-form start, the LoRA and the popularity that the head
reads all come from these alone, through ``chatrec.training.lora.tune`` without wishes and
sentences. Nobody is learnt from who is validated or tested (``part_of``).
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from few_shot_runs import CHOICE_SEED, Budget, OutOfTimeError, Rows
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.generation.item_head import ItemHead, log_popularity
from chatrec.generation.model import LocalDecoder
from chatrec.generation.ranker import encode_parts
from chatrec.prompting import ranking_prompt
from chatrec.training.batches import Steps, Tokens, TuneOptions
from chatrec.training.examples import Met, TrainingSet, histories_of, part_of, shown
from chatrec.training.lora import tune
from chatrec.training.tensors import hidden_states
from chatrec.types import Item

if TYPE_CHECKING:
    from chatrec.data.workspace import Workspace

SPLIT_SEED = 2026  # that of chatrec tune
WINDOW = 50  # items; a prompt of 384 tokens holds about 45 titles
TARGETS, TESTED, LONGEST = 5, 200, 150  # as in tune_gpu.py
RECENT = 10  # items whose texts' mean the untuned dense order is by
READ_BATCH = 32
LEVELS = 127  # of a text vector's number
WINDOWS = 16  # a step
RIDGE_WINDOWS = 40
ITEM_BATCHES = (30, 120)  # tried: of the item side before the joint part
CHOSEN_AT = 64  # examples; other sizes take its item batches, and steps in these proportions:
MOST_STEPS: Mapping[int, int] = {16: 12, 64: 24, 256: 48}
ALL_ITEM_BATCHES, ALL_STEPS = 200, 120
START_S = 20  # of the time, for what comes before the joint part
STOPS, ALL_STOPS = 4, 6  # places at which a run is validated
COUNTED = 8

History = tuple[Met, ...]
Case = tuple[int, History, int]  # user, what they had before, the item after it


def pack(workspace: Workspace, name: str, to: Path) -> None:
    """Write what the items are called, their text vectors and the histories.

    The file is ``ranking-NAME.npz``; the vectors take 8 bits a number. Items keep title, year and
    genres alone, as ml-latest-small has them.
    """
    from chatrec.data.catalog import item_text
    from chatrec.retrieval.dense import TextEncoder, item_vectors

    films = [Item(i.item_id, i.title, i.year, i.genres) for i in workspace.catalog]
    texts = [item_text(film) for film in films]
    if texts == [item_text(item) for item in workspace.catalog]:
        vectors = item_vectors(workspace, TextEncoder())
    else:
        vectors = TextEncoder().encode(texts)
    step = float(np.abs(vectors).max()) / LEVELS
    parts: dict[str, list[History]] = {"train": [], "validation": [], "test": []}
    histories = histories_of(workspace.interactions, workspace.catalog)
    for user, history in sorted(histories.items()):
        if len(history) > 1:
            parts[part_of(user, SPLIT_SEED)].append(history)
    parts["test"] = [history[-LONGEST:] for history in parts["test"][:TESTED]]
    arrays: dict[str, Any] = {}
    for part, rows in parts.items():
        met = [m for history in rows for m in history]
        arrays[f"{part}_lengths"] = np.array([len(history) for history in rows], dtype=np.int32)
        arrays[f"{part}_items"] = np.array([m.index for m in met], dtype=np.uint16)
        arrays[f"{part}_liked"] = np.packbits([m.liked for m in met])
    items = [(film.title, film.year, film.genres) for film in films]
    np.savez_compressed(
        to / f"ranking-{name}.npz",
        vectors=np.round(vectors / step).astype(np.int8),
        step=np.float32(step),
        items=np.frombuffer(json.dumps(items).encode(), dtype=np.uint8),
        domain=np.array(workspace.domain),
        **arrays,
    )


def unpacked(path: Path, share: float = 1.0) -> tuple[TrainingSet, tuple[History, ...]]:
    """What ``pack`` wrote, and the test users' histories; of ``share`` of the users of each part.

    Items have title, year and genres alone. Vectors are unit again.
    """
    with np.load(path) as stored:
        vectors = stored["vectors"].astype(np.float32)
        told = json.loads(stored["items"].tobytes())
        domain = str(stored["domain"])
        parts = {name: _nested(name, stored) for name in ("train", "validation", "test")}
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    items = [Item(str(n), title, year, tuple(of)) for n, (title, year, of) in enumerate(told)]
    kept = {name: rows[: max(2, round(share * len(rows)))] for name, rows in parts.items()}
    data = TrainingSet(Catalog(items, domain), kept["train"], vectors, kept["validation"])
    return data, kept["test"]


def _nested(name: str, stored: Any) -> tuple[History, ...]:
    items = stored[f"{name}_items"].tolist()
    liked = np.unpackbits(stored[f"{name}_liked"], count=len(items)).astype(bool).tolist()
    met = [Met(index, like) for index, like in zip(items, liked, strict=True)]
    ends = np.cumsum(stored[f"{name}_lengths"]).tolist()
    return tuple(tuple(met[a:b]) for a, b in zip([0, *ends], ends, strict=False))


def drawn(data: TrainingSet, n: int, seed: int) -> TrainingSet:
    """The set with one window each of ``n`` of its users, and nobody to validate on."""
    rng = random.Random(f"few {seed}")
    windows = []
    for history in rng.sample(data.histories, min(n, len(data.histories))):
        start = rng.randrange(max(len(history) - WINDOW, 0) + 1)
        windows.append(history[start : start + WINDOW])
    return replace(data, histories=tuple(windows), validation=())


def cases_of(histories: Sequence[History]) -> list[Case]:
    """Each user's last five items, one after the other, the history growing."""
    return [
        (user, history[:end], history[end].index)
        for user, history in enumerate(histories)
        for end in range(max(len(history) - TARGETS, 1), len(history))
    ]


def rank(scores: NDArray[np.float32], past: Sequence[Met], target: int) -> int:
    """The target's rank among what is not in its past; worst among those that score the same."""
    kept = np.ones(len(scores), dtype=bool)
    kept[[met.index for met in past]] = False
    kept[target] = True
    return int((scores[kept] >= scores[target]).sum())


def popular(data: TrainingSet, cases: Sequence[Case]) -> list[int]:
    """Ranks by how often each item is in the set's histories."""
    scores = log_popularity(data.counts)
    return [rank(scores, past, target) for _, past, target in cases]


def dense(data: TrainingSet, cases: Sequence[Case]) -> list[int]:
    """Ranks by the cosine of an item's text to the mean text of the last ten items."""
    ranks = []
    for _, past, target in cases:
        mean = data.text_vectors[[met.index for met in past[-RECENT:]]].mean(axis=0)
        ranks.append(rank(data.text_vectors @ mean, past, target))
    return ranks


class Curve:
    """One set's ranks by number of examples, written as ``rows``."""

    def __init__(
        self, decoder: LocalDecoder, path: Path, share: float, workers: int, rows: Rows
    ) -> None:
        self._decoder, self._share, self._workers, self._rows = decoder, share, workers, rows
        self._data, histories = unpacked(path, share)
        self._test = cases_of(histories)
        self._encode = lru_cache(maxsize=1 << 17)(decoder.encode_text)

    def prepare(self, budget: Budget) -> None:
        """Write what needs no training, and the choices, if they aren't there yet.

        Raises OutOfTimeError.
        """
        data, test = self._data, self._test
        if self._rows.find(examples=0) is None:
            facts = {"items": len(data.catalog), "histories": len(data.histories)}
            users = [user for user, _, _ in test]
            self._rows.add(**facts, met=int(data.counts.sum()), users=users)
            self._rows.add(examples=0, dense=dense(data, test), popularity=popular(data, test))
        if self._rows.find(chosen=CHOSEN_AT) is None:
            self._choose(budget)

    def _choose(self, budget: Budget) -> None:
        """Of one draw of CHOSEN_AT examples: item batches and steps by the validation users."""
        data = drawn(self._data, CHOSEN_AT, CHOICE_SEED)
        data = replace(data, validation=self._data.validation)
        grid: dict[tuple[int, int], float] = {}
        for tried in ITEM_BATCHES:
            batches, steps = self._few(tried), self._few(MOST_STEPS[CHOSEN_AT])
            options = self._options(batches, steps, STOPS, CHOICE_SEED)
            _, log = self._tuned(data, options, budget)
            grid |= {(batches, step): figure for step, figure in _validated(log).items()}
        batches, steps = max(grid, key=lambda options: grid[options])
        self._rows.add(chosen=CHOSEN_AT, item_batches=batches, steps=steps, grid=[*grid.items()])

    def measure(self, n: int | None, seed: int, budget: Budget) -> None:
        """Write the test cases' ranks after ``n`` examples (None: all).

        Of all, the step with the best NDCG@10 of validation users counts, of those that the time
        allows. Raises OutOfTimeError where few examples' steps take longer.
        """
        begun = time.monotonic()
        if n is None:
            data, stops = self._data, ALL_STOPS
            batches, steps = self._few(ALL_ITEM_BATCHES), self._few(ALL_STEPS)
        else:
            data, stops = drawn(self._data, n, seed), STOPS
            batches, steps = self._chosen(n)
        options = self._options(batches, steps, stops, seed)
        ranks, log = self._tuned(data, options, budget, self._test)
        taken = log[-1]["step"]
        if n is not None and taken < steps:
            raise OutOfTimeError
        validated = _validated(log)
        self._rows.add(
            examples=n,
            seed=seed,
            item_batches=batches,
            steps=max(validated, key=lambda step: validated[step], default=taken),
            taken=taken,
            windows=taken * options.windows,
            tokens=self._tokens(data, options, taken),
            valid=[*validated.items()],
            met=int(data.counts.sum()),
            seconds=round(time.monotonic() - begun, 1),
            ranks=ranks,
            popularity=popular(data, self._test),
        )

    def _chosen(self, n: int) -> tuple[int, int]:
        """Item batches, and steps in proportion to those chosen."""
        line = self._rows.find(chosen=CHOSEN_AT)
        if line is None:
            raise LookupError("item batches and steps aren't chosen: call prepare first")
        return line["item_batches"], max(1, line["steps"] * MOST_STEPS[n] // MOST_STEPS[CHOSEN_AT])

    def _options(self, item_batches: int, steps: int, stops: int, seed: int) -> TuneOptions:
        """At most so many steps; validated so often where there is anybody to validate on."""
        return TuneOptions(
            steps=steps,
            windows=self._few(WINDOWS),
            wishes=0,
            sentences=0,
            item_batches=item_batches,
            ridge_windows=self._few(RIDGE_WINDOWS),
            validate_every=max(1, steps // stops),
            workers=self._workers,
            seed=seed,
        )

    def _tuned(
        self, data: TrainingSet, options: TuneOptions, budget: Budget, cases: Sequence[Case] = ()
    ) -> tuple[list[int], list[dict[str, Any]]]:
        """The cases' ranks, and the lines of the training's log."""
        seconds = budget.left - START_S
        if seconds <= 0:
            raise OutOfTimeError
        options = replace(options, max_seconds=seconds)
        with tempfile.TemporaryDirectory() as folder:
            run = Path(folder)
            model, head = tune(self._decoder, [data], options, run)
            log = (run / "log.jsonl").read_text("utf-8").splitlines()
        try:
            return self._read(model, head, data, cases), [json.loads(line) for line in log]
        finally:
            model.unload()

    @torch.inference_mode()
    def _read(
        self, model: Any, head: ItemHead, data: TrainingSet, cases: Sequence[Case]
    ) -> list[int]:
        model.eval()
        device = self._decoder.device
        items = head.item_vectors(torch.from_numpy(data.text_vectors).to(device))
        popularity = torch.from_numpy(log_popularity(data.counts)).to(device)
        ranks = []
        for at in range(0, len(cases), READ_BATCH):
            part = cases[at : at + READ_BATCH]
            ids = [self._prompt(past) for _, past, _ in part]
            hidden = hidden_states(model, ids)  # (B, T, H)
            ends = torch.tensor([len(row) - 1 for row in ids], device=device)
            states = hidden[torch.arange(len(ids), device=device), ends]
            scores = head.logits(states, items, popularity).cpu().numpy()  # (B, N)
            ranks += [rank(row, past, t) for row, (_, past, t) in zip(scores, part, strict=True)]
        return ranks

    def _prompt(self, past: History) -> list[int]:
        prompt = ranking_prompt(
            self._data.catalog.domain,
            shown(self._data.catalog, past),
            count_tokens=lambda text: len(self._encode(text)),
        )
        return encode_parts(prompt, self._encode)

    def _tokens(self, data: TrainingSet, options: TuneOptions, taken: int) -> int:
        """About how many tokens the steps read: counted in every COUNTED-th of them."""
        decoder = self._decoder
        tokens = Tokens(self._encode, decoder.encode_chat, decoder.end_id)
        steps, counted = Steps([data], options, tokens), range(0, taken, COUNTED)
        read = sum(len(window.ids) for step in counted for window in steps[step].windows)
        return round(read * taken / max(1, len(counted)))

    def _few(self, number: int) -> int:
        return max(1, round(self._share * number))


def _validated(log: Sequence[dict[str, Any]]) -> dict[int, float]:
    """Validation users' NDCG@10 by step, where it was measured."""
    name = "validation history"
    return {line["step"]: line[name] for line in log if name in line}
