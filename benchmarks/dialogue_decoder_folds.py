"""Trains decoders on all dialogues but a fold's, and has them score that fold's and tested turns.

A fold is learnt by one process, so that several are learnt side by side on one GPU: a small decoder
leaves most of it idle. Knows what ``dialogue_decoder.py pack`` wrote; knows no retrieval.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from dialogue_decoder_examples import DialogueExamples
from dialogue_decoder_network import DialogueNetwork
from dialogue_decoder_training import (
    DialogueDecoderOptions,
    Report,
    asked_scores,
    log_shares,
    mention_vectors,
    train_dialogue_decoder,
)
from numpy.typing import NDArray

from chatrec.generation.item_decoder import DecoderShape, ItemNetwork, title_embeddings
from chatrec.generation.loading import load_layers

TESTED = ("redial", "inspired")
KEPT = 200  # items whose scores come back for each turn
SCORING = 0.08  # of the time
HELD_OUT = 0.06  # of the dialogues with text, to stop by
SEED = 2026


class Packed:
    """What ``pack`` wrote."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / "examples.npz") as stored:
            self.examples = {
                name: DialogueExamples.of(
                    {k.partition(".")[2]: stored[k] for k in stored if k.startswith(f"{name}.")}
                )
                for name in ("training", *TESTED)
            }
        with np.load(folder / "items.npz") as stored:
            self.text = stored["text"].astype(np.float32)
            ends = np.cumsum(stored["title_lengths"])
            self.titles = [ids.tolist() for ids in np.split(stored["titles"], ends[:-1])]
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        self.n_words: int = facts["n_words"]
        self.n_told: int = facts["n_told"]  # the first training dialogues, which have text

    def told_asked(self) -> NDArray[np.int64]:
        """The dialogue of each asked turn of training dialogues with text, in order, (C,)."""
        training = self.examples["training"]
        dialogues = training.dialogues[training.asked[:, 0]].astype(np.int64)
        return dialogues[dialogues < self.n_told]


@dataclass(frozen=True, slots=True)
class FoldPlan:
    """How one of ``folds`` is learnt: by a decoder of each of the ``depths``, within ``seconds``.

    ``share`` is that of the dialogues to learn from and to score. What items are like is told to
    the first, third ... decoder by the mentions of all dialogues that it learns from; to the others
    by those without text alone, so that no turn with words is answered by its own mentions.
    """

    folder: Path
    model: str | None
    fold: int
    folds: int
    depths: tuple[int, ...]
    rank: int
    dropout: float
    share: float
    seconds: float
    options: DialogueDecoderOptions


@dataclass(frozen=True, slots=True, eq=False)
class FoldScores:
    """Mean log-chances of a fold's decoders.

    Of the KEPT best items at each of its C ``turns``: ``items`` and ``chances`` (C, K), best first.
    ``tested``: by set, of all items at every turn, (T, N). ``log`` is about each decoder.
    """

    turns: NDArray[np.int64]
    items: NDArray[np.uint16]
    chances: NDArray[np.float16]
    tested: dict[str, NDArray[np.float32]]
    log: list[dict[str, Any]]


def learn_fold(plan: FoldPlan) -> FoldScores:
    """Train the plan's decoders one after the other, and average their scores."""
    until = time.monotonic() + plan.seconds
    packed = Packed(plan.folder)
    training = packed.examples["training"]
    rng = np.random.default_rng(SEED)
    learnt_from = np.flatnonzero(rng.random(training.dialogues.max() + 1) < plan.share)
    fold_of = rng.permutation(packed.n_told) % plan.folds  # of each dialogue with text
    own, told = np.flatnonzero(fold_of == plan.fold), np.flatnonzero(fold_of != plan.fold)
    turns = np.flatnonzero(np.isin(packed.told_asked(), np.intersect1d(own, learnt_from)))
    asked = {"training": turns, **{n: np.arange(len(packed.examples[n].asked)) for n in TESTED}}
    sums = {n: torch.zeros((len(rows), len(packed.text))) for n, rows in asked.items()}
    log = []
    for number, depth in enumerate(plan.depths):
        began = time.monotonic()
        seed = SEED + plan.fold + plan.folds * number
        away = np.random.default_rng(seed).random(len(told)) < HELD_OUT
        held_out = told[away]
        pieces = pieces_of(training, np.setdiff1d(learnt_from, np.union1d(own, held_out)))
        silent = pieces[training.dialogues[pieces] >= packed.n_told]
        known = silent if number % 2 else pieces
        network = network_of(packed, pieces, known, plan, depth, seed)
        left = (until - time.monotonic()) / (len(plan.depths) - number)
        options = replace(plan.options, max_seconds=max((1 - SCORING) * left, 1.0), seed=seed)
        figures: list[dict[str, float]] = []
        train_dialogue_decoder(
            network,
            training,
            pieces,
            pieces_of(training, held_out),
            options,
            _noting(figures, plan.fold, depth),
        )
        for name, rows in asked.items():
            _add(sums[name], network, packed.examples[name], rows, plan.options.tokens)
        log.append(
            {
                "fold": plan.fold,
                "depth": depth,
                "vectors": "without text" if number % 2 else "all",
                "options": asdict(options),
                "pieces": len(pieces),
                "epochs": figures,
                "seconds": round(time.monotonic() - began, 1),
            }
        )
    means = {name: (total / len(plan.depths)).log_softmax(dim=-1) for name, total in sums.items()}
    best = means.pop("training").topk(KEPT, dim=1)
    return FoldScores(
        turns,
        best.indices.numpy().astype(np.uint16),
        best.values.numpy().astype(np.float16),
        {name: mean.numpy() for name, mean in means.items()},
        log,
    )


def _add(
    sums: torch.Tensor,
    network: DialogueNetwork,
    examples: DialogueExamples,
    asked: NDArray[np.int64],
    tokens: int,
) -> None:
    """Add the log-chances at the ``asked`` turns, which are the rows of ``sums``."""
    for some, chances in asked_scores(network, examples, asked, 2 * tokens):
        rows = torch.from_numpy(np.searchsorted(asked, some))
        sums[rows] += chances.float().cpu()


def _noting(figures: list[dict[str, float]], fold: int, depth: int) -> Report:
    def note(told: Mapping[str, float]) -> None:
        figures.append(dict(told))
        rounded = {name: round(value, 4) for name, value in told.items()}
        print(json.dumps({"fold": fold, "depth": depth, **rounded}), flush=True)

    return note


def pieces_of(examples: DialogueExamples, dialogues: NDArray[np.int64]) -> NDArray[np.int64]:
    """The pieces of these dialogues."""
    return np.flatnonzero(np.isin(examples.dialogues, dialogues))


def network_of(
    packed: Packed,
    pieces: NDArray[np.int64],
    known: NDArray[np.int64],
    plan: FoldPlan,
    depth: int,
    seed: int,
) -> DialogueNetwork:
    """An untrained network; its items' vectors are of their texts and of mentions in ``known``."""
    n_items, device = len(packed.text), "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(seed)
    layers, _ = load_layers(plan.model, depth, device="cpu", cache=None)
    told = packed.examples["training"]
    mentions = mention_vectors(told, known, packed.n_words, n_items)
    mentions = mentions / mentions.square().mean().sqrt()  # as large as the text vectors
    vectors = torch.cat([torch.from_numpy(packed.text), mentions], dim=1)
    vectors = vectors / vectors.shape[1] ** 0.5
    titles = title_embeddings(
        layers, lambda t: packed.titles[int(t)], list(map(str, range(n_items)))
    )
    items = ItemNetwork(
        layers,
        titles,
        vectors,
        DecoderShape(depth, plan.rank),
        dropout=plan.dropout,
        lora_dropout=plan.dropout,
    )
    with torch.no_grad():  # it starts about at popularity: nothing that is read counts yet
        items.bias.copy_(log_shares(told, pieces, n_items))
        items.leave.weight.zero_()
    return DialogueNetwork(items, packed.n_words).to(device)
