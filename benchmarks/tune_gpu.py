"""Runs the training of ``chatrec tune`` on another machine, and brings it back as a checkpoint.

For a machine with a GPU that has torch, transformers, peft and pydantic, but not all of chatrec's
needs.

    python benchmarks/tune_gpu.py pack DIR... --to sets           here: workspaces -> small files
    python benchmarks/tune_gpu.py train sets --model M --to out   there: -> out/tuned.safetensors
    python benchmarks/tune_gpu.py unpack out/tuned.safetensors --run runs/NAME      here

After that ``chatrec tune DIR... --to adapters/NAME`` with the same ``--examples``, ``--batch``,
``--rate`` and ``--seed`` takes the run up as finished: it chooses the shares, measures and writes
the adapter with its card.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chatrec.data.catalog import Catalog
from chatrec.generation.item_head import log_popularity
from chatrec.generation.ranker import ItemHeadScorer
from chatrec.metrics import Resamples, hit_rate, ndcg, reciprocal_rank
from chatrec.training.examples import Met, TrainingSet, histories_of, part_of
from chatrec.types import Item, Query

if TYPE_CHECKING:
    from chatrec.data.workspace import Workspace
    from chatrec.settings import Precision

LISTS = ("genres", "creators", "cast", "countries", "keywords")
TUNED = "tuned.safetensors"
SPLIT_SEED = 2026
TARGETS = 5
TESTED = 200
LONGEST = 150


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    pack_command = commands.add_parser("pack")
    pack_command.add_argument("folders", type=Path, nargs="+")
    pack_command.add_argument("--to", type=Path, required=True)
    pack_command.set_defaults(run=pack)
    train_command = commands.add_parser("train")
    train_command.add_argument("folder", type=Path)
    train_command.add_argument("--model", help="folder or name of the decoder")
    train_command.add_argument("--to", type=Path, required=True)
    train_command.add_argument("--max-seconds", type=float, default=float("inf"))
    train_command.add_argument("--workers", type=int, default=0)
    train_command.add_argument("--histories", type=float, default=1.0, help="share to learn from")
    train_command.set_defaults(run=train)
    unpack_command = commands.add_parser("unpack")
    unpack_command.add_argument("file", type=Path)
    unpack_command.add_argument("--run", type=Path, required=True, dest="folder")
    unpack_command.set_defaults(run=unpack)
    train_command.add_argument("--seed", type=int, default=2026)
    train_command.add_argument("--examples", type=int, default=360)
    train_command.add_argument("--batch", type=int, default=1)
    train_command.add_argument("--rate", type=float, default=5e-4)
    given = parser.parse_args()
    given.run(given)


def pack(given: argparse.Namespace) -> None:
    """Write each workspace's training set as ``NAME.jsonl.gz`` (items) and ``NAME.npz``."""
    from chatrec.data.workspace import Workspace
    from chatrec.retrieval.dense import TextEncoder
    from chatrec.training.adapter import training_set

    given.to.mkdir(parents=True)
    encoder = TextEncoder()
    for number, folder in enumerate(given.folders):
        workspace = Workspace.open(folder)
        data = training_set(workspace, encoder, SPLIT_SEED)
        stem = given.to / f"{number}-{folder.name}"
        with gzip.open(stem.with_suffix(".jsonl.gz"), "wt", encoding="utf-8") as file:
            file.write(json.dumps({"domain": workspace.domain}) + "\n")
            for item in data.catalog:
                file.write(json.dumps(record(item)) + "\n")
        np.savez_compressed(
            stem.with_suffix(".npz"),
            vectors=data.text_vectors.astype(np.float16),
            **flat("train", data.histories),
            **flat("validation", data.validation),
            **flat("test", _test_histories(workspace)),
        )
        print(stem.name, len(data.catalog), len(data.histories), len(data.validation))


def train(given: argparse.Namespace) -> None:
    """Tune and write the best parameters with the run's log."""
    import torch

    from chatrec.generation.loading import load_local
    from chatrec.training.lora import TuneOptions, tune

    files = sorted(given.folder.glob("*.npz"))
    sets = [unpacked(path, given.histories) for path in files]
    precision: Precision = "bf16" if torch.cuda.is_available() else "auto"
    decoder = load_local(given.model, adapter=None, precision=precision, device=None, cache=None)
    options = TuneOptions(
        steps=given.examples,
        seed=given.seed,
        lora_rate=given.rate,
        max_seconds=given.max_seconds,
        workers=given.workers,
    ).times(given.batch)
    begun = time.monotonic()

    def report(step: int, steps: int, losses: Any) -> None:
        if step % 20 == 0:
            print(f"{time.monotonic() - begun:.0f} s, {step}/{steps}", dict(losses), flush=True)

    model, head = tune(decoder, sets, options, given.to / "run", report=report)
    _save(model, head, given.to, options, time.monotonic() - begun)
    figures = {
        path.stem: measured(decoder, head, data, path, given.histories)
        for path, data in zip(files, sets, strict=True)
    }
    (given.to / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures), flush=True)


def measured(
    decoder: Any, head: Any, data: TrainingSet, path: Path, share: float
) -> dict[str, Any]:
    """The head against popularity on the set's test users: their last five items, all ranked."""
    with np.load(path) as stored:
        histories = nested("test", stored)[: max(2, round(share * TESTED))]
    cases = [
        (user, met[:end], met[end].index)
        for user, met in enumerate(history[-LONGEST:] for history in histories)
        for end in range(max(len(met) - TARGETS, 1), len(met))
    ]
    users = np.array([user for user, _, _ in cases])
    decoder.model.eval()
    popularity = log_popularity(data.counts)
    scorer = ItemHeadScorer(decoder, head.eval(), data.catalog, data.text_vectors, popularity)
    ranks = {
        "popularity": [_rank(popularity, past, target) for _, past, target in cases],
        "item head": [
            _rank(scorer.scores(_query(data.catalog, past)), past, target)
            for _, past, target in cases
        ],
    }
    orders = {name: np.array(values) for name, values in ranks.items()}
    gains = ndcg(orders["item head"], 10) - ndcg(orders["popularity"], 10)
    return {
        "users": len(np.unique(users)),
        "cases": len(cases),
        **{name: _figures(order, users) for name, order in orders.items()},
        "difference": Resamples(users).mean_with_interval(gains),
    }


def _query(catalog: Catalog, past: Sequence[Met]) -> Query:
    ids = tuple(catalog.items[met.index].item_id for met in past)
    disliked = tuple(i for i, met in zip(ids, past, strict=True) if not met.liked)
    return Query(history=ids, disliked=disliked, seen=frozenset(ids))


def _rank(scores: Any, past: Sequence[Met], target: int) -> float:
    """The target's rank among what is not in its past; worst among those that score the same."""
    kept = np.ones(len(scores), dtype=bool)
    kept[[met.index for met in past]] = False
    kept[target] = True
    return float((scores[kept] >= scores[target]).sum())


def _figures(ranks: Any, users: Any) -> dict[str, Any]:
    values = {
        "hr@10": hit_rate(ranks, 10),
        "ndcg@10": ndcg(ranks, 10),
        "mrr": reciprocal_rank(ranks),
        "recall@50": hit_rate(ranks, 50),
        "recall@100": hit_rate(ranks, 100),
    }
    resamples = Resamples(users)
    return {name: resamples.mean_with_interval(v) for name, v in values.items()}


def _save(model: Any, head: Any, to: Path, options: Any, seconds: float) -> None:
    import torch
    from safetensors import safe_open
    from safetensors.torch import save_file

    named = {n: p for n, p in model.named_parameters() if p.requires_grad}
    tensors = {n: p.detach().to(torch.bfloat16).contiguous().cpu() for n, p in named.items()}
    for name, parameter in head.named_parameters():
        tensors[f"head.{name}"] = parameter.detach().float().contiguous().cpu()
    with safe_open(to / "run" / "checkpoint.safetensors", framework="pt") as stored:
        metadata = dict(stored.metadata())
    place = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    progress = json.loads(metadata["progress"]) | {"best": 0.0}  # these are the best ones already
    metadata |= {"progress": json.dumps(progress), "device": place, "seconds": f"{seconds:.0f}"}
    metadata["windows"] = str(options.windows)
    save_file(tensors, to / TUNED, metadata=metadata)
    (to / "run" / "log.jsonl").replace(to / "log.jsonl")
    print(f"{TUNED}: {sum(t.numel() for t in tensors.values()):,} parameters, {seconds:.0f} s")


def unpack(given: argparse.Namespace) -> None:
    """Make a finished run's checkpoint of what ``train`` wrote."""
    from safetensors import safe_open
    from safetensors.torch import save_file

    with safe_open(given.file, framework="pt") as stored:
        metadata = dict(stored.metadata())
        tensors = {name: stored.get_tensor(name).float() for name in stored.keys()}  # noqa: SIM118
    given.folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, given.folder / "checkpoint.safetensors", metadata=metadata)
    step = json.loads(metadata["progress"])["step"]
    print(f"{given.folder}: step {step}, {metadata['seconds']} s on {metadata['device']}")


def unpacked(path: Path, share: float) -> TrainingSet:
    """The set that ``pack`` wrote; ``share`` of its histories, the first ones."""
    with gzip.open(path.with_suffix(".jsonl.gz"), "rt", encoding="utf-8") as file:
        domain, *records = map(json.loads, file)
    items = [
        Item(**{k: tuple(v) if k in LISTS else v for k, v in record.items()}) for record in records
    ]
    with np.load(path) as stored:
        train, validation = nested("train", stored), nested("validation", stored)
        vectors = stored["vectors"].astype(np.float32)
    kept = train[: max(1, round(share * len(train)))] if train else ()
    return TrainingSet(Catalog(items, domain["domain"]), kept, vectors, validation)


def _test_histories(workspace: Workspace) -> list[tuple[Met, ...]]:
    histories = histories_of(workspace.interactions, workspace.catalog)
    return [h for user, h in sorted(histories.items()) if part_of(user, SPLIT_SEED) == "test"]


def record(item: Item) -> dict[str, Any]:
    values = {f.name: getattr(item, f.name) for f in fields(item) if f.name != "facts"}
    return {name: value for name, value in values.items() if value not in (None, (), "")}


def flat(name: str, histories: Sequence[Sequence[Met]]) -> dict[str, Any]:
    return {
        f"{name}_lengths": np.array([len(h) for h in histories], dtype=np.int32),
        f"{name}_items": np.array([m.index for h in histories for m in h], dtype=np.uint16),
        f"{name}_liked": np.array([m.liked for h in histories for m in h], dtype=bool),
    }


def nested(name: str, stored: Any) -> tuple[tuple[Met, ...], ...]:
    items, liked = stored[f"{name}_items"].tolist(), stored[f"{name}_liked"].tolist()
    met = [Met(index, like) for index, like in zip(items, liked, strict=True)]
    ends = np.cumsum(stored[f"{name}_lengths"]).tolist()
    return tuple(tuple(met[a:b]) for a, b in zip([0, *ends], ends, strict=False))


if __name__ == "__main__":
    main()
