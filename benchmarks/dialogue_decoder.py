"""A decoder that reads ReDial's dialogues, in the loop of recommending in them.

    python benchmarks/dialogue_decoder.py pack ../shared/data --to FOLDER        here
    python benchmarks/dialogue_decoder.py run FOLDER --model M --to OUT          on a GPU
    python benchmarks/dialogue_decoder.py report ../shared/data FOLDER OUT --to FILE.json   here

``pack`` writes what ``run`` needs as small files: dialogues as ids, and what items are like; labels
of tested turns aren't among them. ``run`` trains one decoder for each fold of the dialogues with
text, on all others, and has it score the turns of its fold; tested turns are scored by all, their
log-chances averaged. ``run`` needs torch, transformers and peft, but not all of chatrec's needs.
``report`` gives the scores to the net that orders what retrieval found, as further features, and
sets it beside the same net without them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from dialogue_decoder_examples import DialogueExamples, examples_of, openings_of
from dialogue_decoder_network import DialogueNetwork, DialogueWords
from dialogue_decoder_training import (
    DialogueDecoderOptions,
    Report,
    asked_scores,
    log_shares,
    mention_vectors,
    train_dialogue_decoder,
)
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from chatrec.data.catalog import Catalog, item_text
from chatrec.generation.item_decoder import DecoderShape, ItemNetwork, title_embeddings
from chatrec.generation.loading import load_layers

LONGEST = 384  # ids of a dialogue that are read at once
TEXT_WIDTH = 128  # of the items' text vectors
TITLE_IDS = 24
KEPT = 200  # items whose scores come back for each turn
SCORING = 0.12  # of a fold's time
HELD_OUT = 0.06  # of the dialogues with text, to stop by
TESTED = ("redial", "inspired")
SEED = 2026
SEEDS = (2026, 2027, 2028)  # of the nets that order


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    packing = commands.add_parser("pack")
    packing.add_argument("data", type=Path)
    packing.add_argument("--to", type=Path, required=True)
    packing.set_defaults(run=pack)
    running = commands.add_parser("run")
    running.add_argument("folder", type=Path)
    running.add_argument("--model", help="folder or name of the decoder")
    running.add_argument("--to", type=Path, required=True)
    running.add_argument("--max-seconds", type=float, default=320)
    running.add_argument("--folds", type=int, default=4)
    running.add_argument("--depth", type=int, default=16)
    running.add_argument("--rank", type=int, default=16)
    running.add_argument("--dropout", type=float, default=0.1)
    running.add_argument("--share", type=float, default=1.0, help="of the dialogues to learn from")
    for name in ("tokens", "epochs", "lora_rate", "item_rate"):
        usual = getattr(DialogueDecoderOptions(), name)
        running.add_argument(f"--{name.replace('_', '-')}", type=type(usual), default=usual)
    running.set_defaults(run=run)
    reporting = commands.add_parser("report")
    reporting.add_argument("data", type=Path)
    reporting.add_argument("folder", type=Path)
    reporting.add_argument("results", type=Path)
    reporting.add_argument("--set", choices=TESTED, default="redial")
    reporting.add_argument("--to", type=Path, required=True)
    reporting.set_defaults(run=report)
    given = parser.parse_args()
    given.run(given)


def pack(given: argparse.Namespace) -> None:
    """Write ``examples.npz``, ``items.npz`` and ``facts.json``."""
    from dialogue_sets import COLLECTIONS
    from transformers import AutoTokenizer

    from chatrec.data.dialogue_turns import read_benchmark
    from chatrec.data.dialogues import Dialogue
    from chatrec.evaluation.dialogue import turns_tested
    from chatrec.evaluation.dialogue_cases import moments_of
    from chatrec.generation.gguf import default_decoder_dir

    given.to.mkdir(parents=True)
    # A folder on this machine, so there is no revision to pin.
    tokenizer = AutoTokenizer.from_pretrained(default_decoder_dir(None))  # nosec B615

    def encode(text: str) -> list[int]:
        return tokenizer.encode(text, add_special_tokens=False)

    words = DialogueWords(encode, len(tokenizer))
    collections = {name: COLLECTIONS[name](given.data) for name in TESTED}
    both = collections["inspired"]  # which has all of ReDial's items, in the same order, and more
    told = [d for d in both.training if any(u.text for u in d.utterances)]
    silent = [d for d in both.training if not any(u.text for u in d.utterances)]
    arrays = _prefixed("training", examples_of([*told, *silent], words, longest=LONGEST))
    for name, collection in collections.items():
        file, protocol = collection.tests[0]
        benchmark = turns_tested(read_benchmark(file, protocol), protocol)
        moments, _ = moments_of(benchmark, collection.catalog, collection.listener.hear)
        befores = [Dialogue(m.dialogue_id, m.before) for m in moments]
        arrays |= _prefixed(name, openings_of(befores, words, longest=LONGEST))
    np.savez_compressed(given.to / "examples.npz", **arrays)
    pack_items(both.catalog, words, given.to / "items.npz")
    facts = {"n_words": words.n_words, "n_told": len(told)}
    (given.to / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    print({name: len(array) for name, array in arrays.items()})


def pack_items(catalog: Catalog, words: DialogueWords, to: Path) -> None:
    """Write what the items are like: vectors of their texts, and their titles as ids."""
    titles = [words.encode(f" {item.title}")[:TITLE_IDS] for item in catalog]
    np.savez_compressed(
        to,
        text=text_vectors([words.encode(item_text(i)) for i in catalog], words.n_words),
        titles=np.array([t for title in titles for t in title], dtype=np.uint16),
        title_lengths=np.array([len(title) for title in titles], dtype=np.uint8),
    )


def text_vectors(texts: Sequence[Sequence[int]], n_words: int) -> NDArray[np.float16]:
    """Latent semantic analysis of texts given as ids: (N, TEXT_WIDTH), of mean square 1.

    Deerwester et al., JASIS 1990. The decoder's own ids are what is counted, ln(1 + n) and inverse
    document frequency their weights.
    """
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    ids = np.array([i for text in texts for i in text])
    counts = sparse.csr_matrix((np.ones(len(ids)), (rows, ids)), shape=(len(texts), n_words))
    counts.sum_duplicates()
    held = np.bincount(counts.indices, minlength=n_words)
    counts.data = np.log1p(counts.data) * np.log(len(texts) / held[counts.indices])
    sizes = np.maximum(np.sqrt(counts.multiply(counts).sum(axis=1)), 1e-9)
    left, strengths, _ = svds(sparse.csr_matrix(counts / sizes), k=TEXT_WIDTH, random_state=SEED)
    vectors = left * np.sqrt(strengths)
    sized: NDArray[np.float16] = (vectors / np.sqrt((vectors**2).mean())).astype(np.float16)
    return sized


def _prefixed(name: str, examples: DialogueExamples) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {f"{name}.{k}": a for k, a in examples.arrays().items()}
    return arrays | {f"{name}.ids": examples.ids.astype(np.uint16)}


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


def run(given: argparse.Namespace) -> None:
    """Train and score fold after fold; ``scores.npz`` and ``log.json`` are written after each."""
    began = time.monotonic()
    given.to.mkdir(parents=True, exist_ok=True)
    packed = Packed(given.folder)
    training = packed.examples["training"]
    rng = np.random.default_rng(SEED)
    learnt_from = np.flatnonzero(rng.random(training.dialogues.max() + 1) < given.share)
    folds = rng.permutation(packed.n_told) % given.folds  # of each dialogue with text
    log: dict[str, Any] = {"arguments": {k: str(v) for k, v in vars(given).items()}, "folds": []}
    scores = Scores(packed)
    for fold in range(given.folds):
        left = given.max_seconds - (time.monotonic() - began)
        until = time.monotonic() + left / (given.folds - fold)
        told = np.flatnonzero(folds != fold)
        held_out = told[rng.random(len(told)) < HELD_OUT]
        away = np.union1d(np.flatnonzero(folds == fold), held_out)
        pieces = _pieces(training, np.setdiff1d(learnt_from, away))
        network = network_of(packed, pieces, given)
        figures: list[dict[str, float]] = []

        seconds = until - time.monotonic()  # with those that scoring takes
        options = DialogueDecoderOptions(
            tokens=given.tokens,
            epochs=given.epochs,
            max_seconds=max((1 - SCORING) * seconds, 1.0),
            lora_rate=given.lora_rate,
            item_rate=given.item_rate,
            seed=SEED + fold,
        )
        train_dialogue_decoder(
            network, training, pieces, _pieces(training, held_out), options, _noting(figures)
        )
        scores.add(
            network, np.intersect1d(learnt_from, np.flatnonzero(folds == fold)), given.tokens
        )
        log["folds"].append({"options": asdict(options), "pieces": len(pieces), "epochs": figures})
        log["seconds"] = round(time.monotonic() - began, 1)
        log["device"] = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
        scores.write(given.to / "scores.npz")
        (given.to / "log.json").write_text(json.dumps(log, indent=1), encoding="utf-8")
        print(f"fold {fold}: {log['seconds']} s", flush=True)


def _noting(figures: list[dict[str, float]]) -> Report:
    def note(told: Mapping[str, float]) -> None:
        figures.append(dict(told))
        print(json.dumps({name: round(value, 4) for name, value in told.items()}), flush=True)

    return note


def _pieces(examples: DialogueExamples, dialogues: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.flatnonzero(np.isin(examples.dialogues, dialogues))


def network_of(
    packed: Packed, pieces: NDArray[np.int64], given: argparse.Namespace
) -> DialogueNetwork:
    """An untrained network; its items' vectors are of their texts and of the pieces' mentions."""
    n_items, device = len(packed.text), "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(SEED)
    layers, _ = load_layers(given.model, given.depth, device="cpu", cache=None)
    told = packed.examples["training"]
    mentions = mention_vectors(told, pieces, packed.n_words, n_items)
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
        DecoderShape(given.depth, given.rank),
        dropout=given.dropout,
        lora_dropout=given.dropout,
    )
    with torch.no_grad():  # popularity is where it starts from
        items.bias.copy_(log_shares(told, pieces, n_items))
        items.leave.weight.zero_()
    return DialogueNetwork(items, packed.n_words).to(device)


class Scores:
    """The log-chances of the KEPT best items at every turn, best first."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._sums: dict[str, torch.Tensor] = {}
        self._models = 0
        asked = packed.examples["training"].asked
        dialogues = packed.examples["training"].dialogues[asked[:, 0]]
        self._told = np.where(dialogues < packed.n_told, dialogues, -1)  # of each asked turn
        n_told = int((self._told >= 0).sum())
        self._items = np.zeros((n_told, KEPT), dtype=np.uint16)
        self._chances = np.full((n_told, KEPT), np.nan, dtype=np.float16)

    def add(self, network: DialogueNetwork, dialogues: NDArray[np.int64], tokens: int) -> None:
        """Score the turns of these training dialogues, and all tested ones once more."""
        asked = np.flatnonzero(np.isin(self._told, dialogues))
        for some, chances in asked_scores(
            network, self._packed.examples["training"], asked, 2 * tokens
        ):
            best = chances.topk(KEPT, dim=1)
            self._items[some] = best.indices.cpu().numpy()
            self._chances[some] = best.values.cpu().numpy()
        self._models += 1
        for name in TESTED:
            examples = self._packed.examples[name]
            everything = np.arange(len(examples.asked))
            rows = torch.zeros((len(everything), network.items.bias.shape[0]))
            for some, chances in asked_scores(network, examples, everything, 2 * tokens):
                rows[torch.from_numpy(some)] = chances.float().cpu()
            self._sums[name] = self._sums.get(name, 0) + rows

    def write(self, path: Path) -> None:
        """Training turns have NaN where they aren't scored yet."""
        arrays = {"training.items": self._items, "training.chances": self._chances}
        for name, sums in self._sums.items():
            best = (sums / self._models).log_softmax(dim=-1).topk(KEPT, dim=1)
            arrays[f"{name}.items"] = best.indices.numpy().astype(np.uint16)
            arrays[f"{name}.chances"] = best.values.numpy().astype(np.float16)
        np.savez_compressed(path, **arrays)


def report(given: argparse.Namespace) -> None:
    """Write the figures with and without the decoder, and print them as Markdown."""
    from dialogue_fused import compared, markdown, told_turns
    from dialogue_sets import COLLECTIONS

    began = time.process_time()
    collection = COLLECTIONS[given.set](given.data)
    packed = Packed(given.folder)
    training = packed.examples["training"]
    asked = training.dialogues[training.asked[:, 0]]
    first = told_turns(asked, collection.training)
    result = {
        "command": " ".join(["python", *sys.argv]),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "set": given.set,
        "seeds": list(SEEDS),
        "intervals": "95 %, bootstrap over dialogues, 2,000 draws",
        **collection.notes,
        **compared(collection, first, given.results / "scores.npz", given.set, SEEDS),
        "decoder": json.loads((given.results / "log.json").read_text(encoding="utf-8")),
        "cpu_s": round(time.process_time() - began),
    }
    given.to.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(markdown(result))


if __name__ == "__main__":
    main()
