"""Ranks held-out items on four public data sets: all peers, all branches, and their fusion.

    python benchmarks/ranking.py ml-1m ../shared/data --to benchmarks/results/NAME.json

By time: each user's last five items, one after the other, the past growing; on ml-1m the last item
alone (the recipe of eSASRec, whose figures stand beside). All items of the training part are
ranked, what the user has had is left out. amazon-video-games tests 10,000 users drawn by seed 2026.
SETTINGS were chosen on the validation items (the one before each user's targets): the best
NDCG@10, and of those within half a standard error of it the best recall@200 (not so next_item on
amazon-video-games, whose l2 is that of EASE there). The learned fusion learns from the same
validation items; no setting was chosen on the targets.

``--work`` keeps the imported workspace, the fitted models and the sequential model's run, which is
taken up again; ``--sequential FILE`` takes a trained one instead. ``--decoder`` adds the decoder
that reads histories item by item, trained from the sequential model's vectors and by TEACHERS (an
hour or more on a CPU; taken up again too), ``--decoder FILE`` a trained one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shlex
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import ranking_decoder as reader
from ranking_sets import SETS, TEACHERS, Protocol, fitted, form_of, made_from
from safetensors.numpy import load_file, save_file

from chatrec.data.importing import import_workspace
from chatrec.data.interactions import Histories
from chatrec.data.workspace import Workspace
from chatrec.evaluation.comparison import Contest, compare
from chatrec.evaluation.groups import read_users
from chatrec.evaluation.scorers import model_scorer
from chatrec.evaluation.splits import Split, split_histories
from chatrec.measuring import fusers_of, text_scorers
from chatrec.retrieval.collaborative import HistoryModel
from chatrec.retrieval.dense import item_vectors
from chatrec.retrieval.encoder import TextEncoder, Vectors
from chatrec.retrieval.fusion_features import Traits
from chatrec.retrieval.recency import Recency
from chatrec.retrieval.sequential import SasRec
from chatrec.training.sequential import train_sequential
from chatrec.training.teachers import Teachers, unremembering, weighed

SEED = 2026
PEERS = ("popularity", "item_knn", "ease", "ease_recent", "als", "sequential")


def main() -> None:
    given = _options()
    protocol, began = SETS[given.dataset], time.monotonic()
    workspace = workspace_of(given.dataset, protocol, given.data, given.work)
    split = split_histories(workspace.histories, "time", targets=protocol.targets)
    wanted = given.users if given.users is not None else protocol.users
    if wanted is not None:
        split = split.sample(wanted, SEED)
    vectors = item_vectors(workspace, TextEncoder())
    seconds: dict[str, float] = {}
    models = {
        name: _timed(
            seconds, name, lambda name=name: kept_fit(name, protocol, split.training, given)
        )
        for name in (*protocol.settings,)
    }
    models["sequential"] = _timed(
        seconds, "sequential", lambda: _sequential(protocol, split, vectors, given)
    )
    if given.decoder is not None:
        models["decoder"] = _timed(
            seconds,
            "decoder",
            lambda: _decoder(protocol, split, workspace, models["sequential"], given),
        )
    scorers = {name: model_scorer(model) for name, model in models.items()}
    scorers |= text_scorers(workspace.catalog, vectors)
    traits = Traits.of(split.training, workspace.catalog, vectors)
    fusers = _timed(seconds, "fusion", lambda: fusers_of(split, scorers, traits))
    users = given.data / given.dataset / "users.parquet"
    about = read_users(users) if users.is_file() else {}
    by_name = dict(fusers.by_name)
    if given.decoder is not None:
        by_name[reader.WITHOUT] = reader.without_decoder(next(iter(by_name.values())))
    contest = Contest(scorers, PEERS, (*scorers,), by_name, fusers.ablated, about)
    told = _timed(seconds, "ranking", lambda: compare(contest, split, vectors))
    facts = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": _command(given),
        "as run": shlex.join(["python", *sys.argv]),
        "machine": _machine(),
        "data": given.dataset,
        "protocol": "time",
        "targets": protocol.targets,
        "seed": SEED,
        "settings": {n: {k: _told(v) for k, v in s.items()} for n, s in protocol.settings.items()}
        | {"sequential": _sequential_facts(protocol, given)}
        | reader.decoder_facts(given.decoder, split),
        "published": protocol.published,
        "seconds": {name: round(took, 1) for name, took in seconds.items()},
        "seconds in all": round(time.monotonic() - began, 1),
    }
    given.to.parent.mkdir(parents=True, exist_ok=True)
    given.to.write_text(json.dumps(facts | fusers.told | told, indent=1) + "\n", encoding="utf-8")
    print("\n".join(_summary(told)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", choices=SETS)
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("--to", type=Path, required=True, help="JSON file to write")
    parser.add_argument("--work", type=Path, default=Path("runs/ranking"))
    parser.add_argument("--sequential", type=Path, help="safetensors of a trained SasRec")
    parser.add_argument(
        "--decoder",
        nargs="?",
        const=reader.TRAIN,
        type=Path,
        help="train it, or safetensors",
    )
    parser.add_argument("--users", type=int, help="test so many users only")
    return parser.parse_args()


def _command(given: argparse.Namespace) -> str:
    """What makes the same figures anywhere, the sequential model trained along the way."""
    users = [] if given.users is None else ["--users", str(given.users)]
    to = ["--to", f"benchmarks/results/{given.to.name}"]
    decoder = [] if given.decoder is None else ["--decoder"]
    return shlex.join(
        ["python", "benchmarks/ranking.py", given.dataset, "../shared/data", *decoder, *users, *to]
    )


def workspace_of(name: str, protocol: Protocol, data: Path, work: Path) -> Workspace:
    """The set imported with the project's own importer; ml-1m's times are its positions."""
    folder = work / "workspaces" / name
    if not folder.is_dir():
        source = data / name
        met = source / ("interactions.parquet" if protocol.domain == "game" else "ratings.parquet")
        if name == "ml-1m":
            order = pl.read_parquet(data / "ml-1m-order" / "order.parquet")
            timed = pl.read_parquet(met).join(order, on=["user_id", "item_id"])
            met = work / "ml-1m-timed.parquet"
            met.parent.mkdir(parents=True, exist_ok=True)
            timed.rename({"position": "timestamp"}).write_parquet(met)
        import_workspace(source / "items.parquet", met, folder, domain=protocol.domain)
    return Workspace.open(folder)


def kept_fit(
    name: str, protocol: Protocol, training: Histories, given: argparse.Namespace
) -> HistoryModel:
    """The model fitted on the training part; what was fitted is kept, and read back again."""
    form, settings, recency = form_of(name, protocol)
    key = hashlib.sha256(f"{form.name} {settings}".encode())
    key.update(training.items.tobytes() + training.starts.tobytes())
    stem = f"{form.name}-{key.hexdigest()[:12]}"
    path = given.work / "fitted" / given.dataset / f"{stem}.safetensors"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}")
        fitted = form.fit(training, **settings).tensors()
        save_file({n: np.ascontiguousarray(tensor) for n, tensor in fitted.items()}, part)
        part.replace(path)
    return made_from(form, _kept(path), recency)


@cache
def _kept(path: Path) -> dict[str, Any]:
    """The tensors of a file, held once by however many models."""
    return load_file(path)


def _sequential(
    protocol: Protocol, split: Split, vectors: Vectors, given: argparse.Namespace
) -> HistoryModel:
    if given.sequential is not None:
        return SasRec.from_tensors(load_file(given.sequential))
    held = reader.held_out(split)
    run = given.work / "sequential" / given.dataset
    model = train_sequential(
        split.training, held, protocol.sequential, run / "first", text_vectors=vectors
    )
    if protocol.further is None:
        return model
    return train_sequential(
        split.training, held, protocol.further, run / "further", text_vectors=vectors, start=model
    )


def _decoder(
    protocol: Protocol,
    split: Split,
    workspace: Workspace,
    sequential: SasRec,
    given: argparse.Namespace,
) -> HistoryModel:
    if given.decoder != reader.TRAIN:
        return reader.kept_decoder(given.decoder)
    run = given.work / "decoder" / given.dataset
    return reader.trained_decoder(
        split, workspace, sequential, _teachers(protocol, split, sequential, given), run
    )


def _teachers(
    protocol: Protocol, split: Split, sequential: SasRec, given: argparse.Namespace
) -> Teachers:
    """The decoder's teachers, with the set's own settings."""
    models = [kept_fit(name, protocol, split.training, given) for name in TEACHERS]
    whole = unremembering(sequential, split.training)
    held, candidates = reader.held_out(split), split.training.counts > 0
    return Teachers(
        lambda histories: [fitted(name, protocol, histories) for name in TEACHERS],
        whole,
        weighed([*models, *whole], held, candidates, SEED),
    )


def _sequential_facts(protocol: Protocol, given: argparse.Namespace) -> dict[str, Any]:
    """Its options; those that a trained model came with, if it came with any."""
    if given.sequential is None:
        further = {} if protocol.further is None else {"further": asdict(protocol.further)}
        return asdict(protocol.sequential) | further
    settings = given.sequential.with_name("settings.json")
    return json.loads(settings.read_text("utf-8")) if settings.is_file() else {}


def _timed(seconds: dict[str, float], name: str, work: Callable[[], Any]) -> Any:
    print(f"{name} ...", file=sys.stderr, flush=True)
    began = time.monotonic()
    result = work()
    seconds[name] = time.monotonic() - began
    return result


def _machine() -> dict[str, Any]:
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": os.environ.get("OMP_NUM_THREADS", "all"),
        "load": round(os.getloadavg()[0], 1),
    }


def _told(value: Any) -> Any:
    return asdict(value) if isinstance(value, Recency) else value


def _summary(told: Mapping[str, Any]) -> list[str]:
    lines = [f"{told['users']:,} users, {told['cases']:,} cases, {told['items']:,} items"]
    for name, order in told["orders"].items():
        means = [f"{m} {order[m]['mean']:.4f}" for m in ("hr@10", "ndcg@10", "recall@200")]
        lines.append(f"{name:16}" + "  ".join(means))
    best = told["leader minus"][told["best peer"]]
    pool = told["pool"][told["leader"]]
    low, high = best["interval"]
    lines.append(
        f"{told['leader']} minus {told['best peer']}: {best['mean']:+.4f} [{low:+.4f}, {high:+.4f}]"
    )
    lines.append(
        f"pool: recall@200 {pool['pool']['mean']:.4f}, {pool['best branch']} "
        f"{pool['best branch recall']:.4f}: {pool['pool gain']:+.1%}"
    )
    return lines


if __name__ == "__main__":
    main()
