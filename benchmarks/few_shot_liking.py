"""TALLRec's task for ``few_shot.py``: will the user like the target, by the logits of yes and no.

The prompts are TALLRec's (Bao et al. 2023, arXiv 2305.00447) in the decoder's chat format; a LoRA
learns from the answer's token alone, as the choice between the two. Rates and numbers of steps are
chosen on validation rows with seeds of their own; what is measured are the test rows' scores.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from few_shot_runs import (
    CHOICE_SEED,
    SIZES,
    Budget,
    OutOfTimeError,
    Rows,
    in_zip_lines,
    zipped_lines,
)
from numpy.typing import NDArray
from scipy.stats import rankdata
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.generation.model import LocalDecoder
from chatrec.prompting import Message, neutralise
from chatrec.training.lora_kinds import with_lora
from chatrec.training.tensors import hidden_states

INSTRUCTION = (
    "Given the user's preference and unpreference, identify whether the user will like the target "
    '{noun} by answering "Yes." or "No.".'
)
NOUNS = {"film": "movie", "book": "book"}
RANK, DROPOUT, WARMUP = 16, 0.05, 4
BATCH, ALL_BATCH = 32, 64  # rows a step, of few examples and of all
READ_BATCH = 64  # rows at once where nothing is learnt
RATES = (5e-4, 2e-3)
FEW_STEPS, STEPS = (8, 16, 24), (16, 32, 48)  # tried for up to 64 examples, and for more
ALL_EPOCHS = {"film": (0.5, 1.0), "book": (1.0, 2.0)}  # after which it is validated
BOOKS_TO_CHOOSE_BY = 600
PACK_SEED = 2026
_TARGET = re.compile(r"target (?:movie|book) (.*)\?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """One prompt, its answer and whose it is.

    ``liked`` says whether the target was liked, ``user`` whose it is (a row of books is its own
    user), and ``past`` how many items the prompt says were liked and disliked.
    """

    prompt: str
    liked: bool
    user: int
    past: tuple[int, int]

    @property
    def target(self) -> str:
        """The target as the prompt has it."""
        found = _TARGET.search(self.prompt)
        if found is None:
            raise ValueError(f"no target in {self.prompt!r}")
        return found[1]


def pack_films(data: Path, to: Path) -> None:
    """Films, ``film.jsonl.gz``: train prompts are rebuilt, in the form of those that are there."""
    import polars as pl

    items = pl.read_parquet(data / "ml-100k" / "items.parquet")
    titles = dict(zip(items["item_id"].to_list(), items["title_raw"].to_list(), strict=True))
    records = []
    for part in ("train", "valid", "test"):
        frame = pl.read_parquet(data / "tallrec" / f"movie_{part}.parquet")
        for row in frame.iter_rows(named=True):
            prompt = film_prompt(titles, row)
            if row.get("prompt", prompt) != prompt:
                raise ValueError(f"rebuilt as {prompt!r}, but it is {row['prompt']!r}")
            liked = sum(row["history_liked"])
            past = (liked, len(row["history_liked"]) - liked)
            records.append((part, prompt, bool(row["liked"]), row["user_id"], past))
    zipped_lines(to / "film.jsonl.gz", records)


def film_prompt(titles: dict[int, str], row: dict[str, Any]) -> str:
    """TALLRec's input for a row of its film table."""
    parts: tuple[list[str], list[str]] = ([], [])
    for item, liked in zip(row["history_item_id"], row["history_liked"], strict=True):
        parts[bool(liked)].append(f'"{titles[item]}"')
    return (
        f"User Preference: {', '.join(parts[True])}\n"
        f"User Unpreference: {', '.join(parts[False])}\n"
        f'Whether the user will like the target movie "{row["item_title"]}"?'
    )


def pack_books(data: Path, to: Path) -> None:
    """Books, ``book.jsonl.gz``: examples and the rows to choose by are both of ``book_valid``."""
    import polars as pl

    valid = pl.read_parquet(data / "tallrec" / "book_valid.parquet").rows()
    random.Random(PACK_SEED).shuffle(valid)
    parts = {
        "train": valid[BOOKS_TO_CHOOSE_BY:],
        "valid": valid[:BOOKS_TO_CHOOSE_BY],
        "test": pl.read_parquet(data / "tallrec" / "book_test.parquet").rows(),
    }
    records = []
    for part, rows in parts.items():
        for number, (prompt, answer) in enumerate(rows):
            liked, disliked, _ = prompt.split("\n")
            past = tuple(line.count('" written by ') for line in (liked, disliked))
            records.append((part, prompt, answer == "Yes.", number, past))
    zipped_lines(to / "book.jsonl.gz", records)


def unpacked(path: Path, share: float = 1.0) -> dict[str, list[Asked]]:
    """The rows of "train", "valid" and "test"; ``share`` of each, evenly from its first on."""
    parts: dict[str, list[Asked]] = {"train": [], "valid": [], "test": []}
    for part, prompt, liked, user, past in in_zip_lines(path):
        parts[part].append(Asked(prompt, liked, user, tuple(past)))
    return {name: rows[:: max(1, round(1 / share))] for name, rows in parts.items()}


def auc(scores: Any, liked: Any) -> float:
    """The share of pairs of a liked and a disliked row in the right order; a tie is half a pair.

    See Hanley & McNeil, Radiology 1982. NaN where one kind is missing.

    >>> auc([0.9, 0.5, 0.5, 0.1], [True, True, False, False])
    0.875
    """
    liked = np.asarray(liked, dtype=bool)
    n, m = int(liked.sum()), int((~liked).sum())
    if n * m == 0:
        return float("nan")
    return float((rankdata(scores)[liked].sum() - n * (n + 1) / 2) / (n * m))


class Reader:
    """A decoder with the tokens of both answers, on one set's prompts."""

    def __init__(self, decoder: LocalDecoder, domain: str) -> None:
        self._decoder = decoder
        self._instruction = INSTRUCTION.format(noun=NOUNS[domain])
        yes, no = (decoder.encode_text(word)[0] for word in ("Yes", "No"))
        head = decoder.model.get_output_embeddings().weight
        self._direction = (head[yes].float() - head[no].float()).detach()  # (H,)

    def encoded(self, rows: Sequence[Asked]) -> list[list[int]]:
        """The ids of each row's prompt up to where the answer begins."""
        texts = (f"{self._instruction}\n{neutralise(row.prompt)}" for row in rows)
        return [self._decoder.encode_chat((Message("user", text),)) for text in texts]

    def margins(self, model: Any, ids: Sequence[list[int]]) -> Tensor:
        """The logit of yes less that of no after each prompt, (B,) float32."""
        with self._half_precision():
            hidden = hidden_states(model, ids)  # (B, T, H)
        ends = torch.tensor([len(row) - 1 for row in ids], device=hidden.device)
        return hidden[torch.arange(len(ids), device=hidden.device), ends] @ self._direction

    @torch.inference_mode()
    def scores(self, model: Any, ids: Sequence[list[int]]) -> NDArray[np.float32]:
        """``margins`` of any number of prompts, those of like length together."""
        model.eval()
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        scores = np.zeros(len(ids), dtype=np.float32)
        for at in range(0, len(order), READ_BATCH):
            rows = order[at : at + READ_BATCH]
            scores[rows] = self.margins(model, [ids[row] for row in rows]).cpu().numpy()
        return scores

    def tuned(
        self,
        rows: Sequence[Asked],
        seed: int,
        rate: float,
        stops: Sequence[int],
        budget: Budget,
        batch_size: int = BATCH,
    ) -> Iterator[tuple[int, Any]]:
        """The model after so many steps, for each of ``stops`` (0: untuned), ascending.

        Raises OutOfTimeError. The decoder is as it was once this has ended.
        """
        torch.manual_seed(seed)
        model, _ = with_lora(self._decoder.model, "lora", RANK, DROPOUT)
        try:
            learning = [p for p in model.parameters() if p.requires_grad]
            optimiser = torch.optim.AdamW(learning, lr=rate, weight_decay=0.0)
            ids = self.encoded(rows)
            liked = torch.tensor([float(row.liked) for row in rows], device=model.device)
            if stops[0] == 0:
                yield 0, model
            batches = _batches(len(rows), batch_size, stops[-1], seed)
            for step, batch in enumerate(batches, start=1):
                budget.check()
                model.train()
                optimiser.param_groups[0]["lr"] = rate * min(1.0, step / WARMUP)
                margins = self.margins(model, [ids[row] for row in batch])
                loss = F.binary_cross_entropy_with_logits(margins, liked[batch])
                loss.backward()  # type: ignore[no-untyped-call]
                torch.nn.utils.clip_grad_norm_(learning, 1.0)
                optimiser.step()
                optimiser.zero_grad()
                if step in stops:
                    yield step, model
        finally:
            model.unload()

    def _half_precision(self) -> AbstractContextManager[Any]:
        if self._decoder.device.type != "cuda":
            return nullcontext()
        return torch.autocast("cuda", torch.bfloat16)


def _batches(n: int, size: int, steps: int, seed: int) -> Iterator[list[int]]:
    """So many batches of row numbers; each row once before any comes again."""
    rng = random.Random(seed)
    to_come: list[int] = []
    for _ in range(steps):
        if len(to_come) < min(size, n):
            to_come += rng.sample(range(n), n)
        batch, to_come = to_come[:size], to_come[size:]
        yield batch


class Curve:
    """One domain's scores by number of examples, written as ``rows``."""

    def __init__(
        self, decoder: LocalDecoder, domain: str, path: Path, share: float, rows: Rows
    ) -> None:
        self._reader = Reader(decoder, domain)
        self._epochs, self._share, self._rows = ALL_EPOCHS[domain], share, rows
        parts = unpacked(path, share)
        self._train = parts["train"]
        self._ids = {part: self._reader.encoded(parts[part]) for part in ("valid", "test")}
        self._valid_liked = [row.liked for row in parts["valid"]]

    def prepare(self, budget: Budget) -> None:
        """Write the untuned scores and each size's rate and steps, those that aren't there yet.

        Raises OutOfTimeError.
        """
        if self._rows.find(examples=0) is None:
            untuned = self._reader.tuned(self._train[:2], 0, 0.0, (0,), budget)
            _, model = next(untuned)
            self._rows.add(examples=0, scores=self._test_scores(model))
            untuned.close()
        for n in SIZES:
            if self._rows.find(chosen=n) is None:
                self._choose(n, budget)

    def _choose(self, n: int, budget: Budget) -> None:
        drawn = _drawn(self._train, n, CHOICE_SEED)
        grid = {
            (rate, step): self._valid_auc(model)
            for rate in RATES
            for step, model in self._reader.tuned(
                drawn, CHOICE_SEED, rate, _stops(n, self._share), budget
            )
        }
        rate, steps = max(grid, key=lambda options: grid[options])
        self._rows.add(chosen=n, rate=rate, steps=steps, grid=[*grid.items()])

    def measure(self, n: int | None, seed: int, budget: Budget) -> None:
        """Write the test rows' scores after ``n`` examples (None: all). Raises OutOfTimeError."""
        begun = time.monotonic()
        told = self._after_all(seed, budget) if n is None else self._after(n, seed, budget)
        self._rows.add(examples=n, seed=seed, seconds=round(time.monotonic() - begun, 1), **told)

    def _after(self, n: int, seed: int, budget: Budget) -> dict[str, Any]:
        rate, steps = self._chosen(n)
        drawn = _drawn(self._train, n, seed)
        for _, model in self._reader.tuned(drawn, seed, rate, (steps,), budget):
            scores = self._test_scores(model)
        return {"rate": rate, "steps": steps, "scores": scores}

    def _after_all(self, seed: int, budget: Budget) -> dict[str, Any]:
        """After the stop with the best AUC on the validation rows, of those that were reached.

        Raises OutOfTimeError where none was.
        """
        rate, _ = self._chosen(max(SIZES))
        stops = [max(1, round(e * len(self._train) / ALL_BATCH)) for e in self._epochs]
        valid: dict[int, float] = {}
        try:
            for step, model in self._reader.tuned(
                self._train, seed, rate, stops, budget, ALL_BATCH
            ):
                valid[step] = self._valid_auc(model)
                if step == _best(valid):
                    scores = self._test_scores(model)
        except OutOfTimeError:
            if not valid:
                raise
        told = {"rate": rate, "steps": _best(valid), "batch": ALL_BATCH}
        return told | {"valid": [*valid.items()], "scores": scores}

    def _chosen(self, n: int) -> tuple[float, int]:
        line = self._rows.find(chosen=n)
        if line is None:
            raise LookupError(f"rate and steps of {n} examples aren't chosen: call prepare first")
        return line["rate"], line["steps"]

    def _valid_auc(self, model: Any) -> float:
        return auc(self._reader.scores(model, self._ids["valid"]), self._valid_liked)

    def _test_scores(self, model: Any) -> list[float]:
        return [round(float(s), 4) for s in self._reader.scores(model, self._ids["test"])]


def _best(figures: Mapping[int, float]) -> int:
    return max(figures, key=lambda step: figures[step])


def _drawn(rows: Sequence[Asked], n: int, seed: int) -> list[Asked]:
    return random.Random(seed).sample(rows, min(n, len(rows)))


def _stops(n: int, share: float) -> tuple[int, ...]:
    stops = FEW_STEPS if n <= 64 else STEPS
    return tuple(sorted({max(1, round(share * step)) for step in stops}))
