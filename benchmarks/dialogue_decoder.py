"""A decoder that reads ReDial's dialogues, in the loop of recommending in them.

    python benchmarks/dialogue_decoder.py pack ../shared/data --to FOLDER        here
    python benchmarks/dialogue_decoder.py run FOLDER --model M --to OUT          on a GPU
    python benchmarks/dialogue_decoder.py check ../shared/data FOLDER OUT        here
    python benchmarks/dialogue_decoder.py report ../shared/data FOLDER OUT --to FILE.json   here

``pack`` writes what ``run`` needs as small files: dialogues as ids, and what items are like; labels
of tested turns aren't among them. ``run`` trains decoders for each fold of the dialogues with text,
on all others, and has them score the turns of their fold; tested turns are scored by all. Where
several score, their log-chances are averaged. It needs torch, transformers and peft, but not all of
chatrec's needs. ``report`` gives the scores to the net that orders what retrieval found, as further
features, and sets it beside the same net without them; ``check`` does so in training dialogues
only, out of fold, for choices to be made there.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from dialogue_decoder_examples import DialogueExamples, examples_of, openings_of
from dialogue_decoder_folds import KEPT, SEED, TESTED, FoldPlan, FoldScores, Packed, learn_fold
from dialogue_decoder_network import DialogueWords
from dialogue_decoder_training import DialogueDecoderOptions
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from chatrec.data.catalog import Catalog, item_text

LONGEST = 384  # ids of a dialogue that are read at once
TEXT_WIDTH = 128  # of the items' text vectors
TITLE_IDS = 24
STARTING = 15.0  # seconds that starting the processes and writing may take
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
    running.add_argument("--at-once", type=int, default=4, help="folds that are learnt at once")
    running.add_argument("--depths", type=int, nargs="+", default=(16,), help="one each decoder")
    running.add_argument("--rank", type=int, default=16)
    running.add_argument("--dropout", type=float, default=0.1)
    running.add_argument("--share", type=float, default=1.0, help="of the dialogues to learn from")
    for name in ("tokens", "epochs", "lora_rate", "item_rate"):
        usual = getattr(DialogueDecoderOptions(), name)
        running.add_argument(f"--{name.replace('_', '-')}", type=type(usual), default=usual)
    running.set_defaults(run=run)
    checking = commands.add_parser("check")
    checking.add_argument("data", type=Path)
    checking.add_argument("folder", type=Path)
    checking.add_argument("results", type=Path)
    checking.set_defaults(run=check)
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


def run(given: argparse.Namespace) -> None:
    """Learn the folds side by side; ``scores.npz`` and ``log.json`` are written after each."""
    began = time.monotonic()
    given.to.mkdir(parents=True, exist_ok=True)
    options = DialogueDecoderOptions(
        given.tokens, given.epochs, lora_rate=given.lora_rate, item_rate=given.item_rate
    )
    waves = -(-given.folds // given.at_once)
    plan = FoldPlan(
        given.folder,
        given.model,
        0,
        given.folds,
        tuple(given.depths),
        given.rank,
        given.dropout,
        given.share,
        (given.max_seconds - STARTING) / waves,
        options,
    )
    scores = Scores(len(Packed(given.folder).told_asked()))
    arguments = {name: str(value) for name, value in vars(given).items() if name != "run"}
    log: dict[str, Any] = {"arguments": arguments, "decoders": []}
    spawning = multiprocessing.get_context("spawn")  # CUDA doesn't outlive a fork
    with ProcessPoolExecutor(given.at_once, mp_context=spawning) as workers:
        begun = [workers.submit(learn_fold, replace(plan, fold=f)) for f in range(given.folds)]
        for learnt in as_completed(begun):
            if learnt.exception() is not None:
                continue  # raised below, when what the others found is kept
            scores.add(learnt.result())
            scores.write(given.to / "scores.npz")
            log["decoders"] += learnt.result().log
            log["seconds"] = round(time.monotonic() - began, 1)
            log["device"] = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
            (given.to / "log.json").write_text(json.dumps(log, indent=1), encoding="utf-8")
            print(f"{scores.folds} folds: {log['seconds']} s", flush=True)
        for learnt in begun:
            learnt.result()


class Scores:
    """The log-chances of the KEPT best items at every turn, best first.

    A training turn's are of its own fold's decoders, a tested turn's the mean of all decoders'.
    """

    def __init__(self, n_told: int) -> None:
        self.folds = 0
        self._items = np.zeros((n_told, KEPT), dtype=np.uint16)
        self._chances = np.full((n_told, KEPT), np.nan, dtype=np.float16)
        self._sums: dict[str, NDArray[np.float32]] = {}

    def add(self, fold: FoldScores) -> None:
        """One more fold."""
        self._items[fold.turns], self._chances[fold.turns] = fold.items, fold.chances
        for name, rows in fold.tested.items():
            self._sums[name] = self._sums.get(name, np.float32(0)) + rows
        self.folds += 1

    def write(self, path: Path) -> None:
        """Training turns have NaN where they aren't scored yet."""
        arrays = {"training.items": self._items, "training.chances": self._chances}
        for name, sums in self._sums.items():
            means = torch.from_numpy(sums / np.float32(self.folds)).log_softmax(dim=-1)
            best = means.topk(KEPT, dim=1)
            arrays[f"{name}.items"] = best.indices.numpy().astype(np.uint16)
            arrays[f"{name}.chances"] = best.values.numpy().astype(np.float16)
        np.savez_compressed(path, **arrays)


def check(given: argparse.Namespace) -> None:
    """Print what the decoder brings in ReDial's training dialogues; no tested turn is looked at."""
    from dialogue_fused import gained_in_training, told_turns
    from dialogue_sets import COLLECTIONS

    collection = COLLECTIONS["redial"](given.data)
    first = told_turns(Packed(given.folder).told_asked(), collection.training)
    gained = gained_in_training(collection, first, given.results / "scores.npz", SEEDS)
    print(json.dumps(gained, indent=1))


def report(given: argparse.Namespace) -> None:
    """Write the figures with and without the decoder, and print them as Markdown."""
    from dialogue_fused import compared, gained_in_training, markdown, told_turns
    from dialogue_sets import COLLECTIONS

    began = time.process_time()
    collection = COLLECTIONS[given.set](given.data)
    first = told_turns(Packed(given.folder).told_asked(), collection.training)
    scores = given.results / "scores.npz"
    result = {
        "command": " ".join(["python", *sys.argv]),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "set": given.set,
        "seeds": list(SEEDS),
        "intervals": "95 %, bootstrap over dialogues, 2,000 draws",
        **collection.notes,
        "out of fold in training": gained_in_training(collection, first, scores, SEEDS),
        **compared(collection, first, scores, given.set, SEEDS),
        "decoder": json.loads((given.results / "log.json").read_text(encoding="utf-8")),
        "cpu_s": round(time.process_time() - began),
    }
    given.to.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(markdown(result))


if __name__ == "__main__":
    main()
