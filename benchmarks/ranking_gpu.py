"""Trains those models of ``ranking.py`` that have epochs on a machine with a GPU.

For a machine with torch, transformers, peft and pydantic, but not all of chatrec's needs.

    python benchmarks/ranking_gpu.py pack ../shared/data --work W --to packed              here
    python benchmarks/ranking_gpu.py sequential packed SET --run runs --to packed          there
    python benchmarks/ranking_gpu.py weigh packed SET --work W                            here
    python benchmarks/ranking_gpu.py lessons packed SET --run runs                         there
    python benchmarks/ranking_gpu.py decoder packed SET --trial N --run runs --model M --to out
                                                                                           there
    python benchmarks/ranking_gpu.py unpack packed SET out --to models                     here

``sequential`` leaves SET.sequential.safetensors beside what was packed, ``weigh`` how much each of
the decoder's teachers counts, ``lessons`` asks them, on the CPU; ``decoder`` waits for that. After
``unpack``, ``ranking.py SET ../shared/data --work W --sequential models/SET/sequential.safetensors
--decoder models/SET/decoder.safetensors`` measures them. Of TRIALS that one is unpacked whose
NDCG@10 on the validation items is best, its own and that of its sum with the sequential model taken
together; no trial sees a target.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ranking_packed import SEED, Packed, pack, part_of
from ranking_sets import SETS, TEACHERS, fitted
from safetensors.numpy import load_file as load_arrays
from safetensors.torch import load_file, save_file

from chatrec.data.interactions import Histories, Past
from chatrec.generation.item_decoder import ItemDecoder, title_embeddings
from chatrec.generation.loading import load_layers
from chatrec.retrieval.collaborative import HistoryModel, Scores
from chatrec.retrieval.sequential import SasRec
from chatrec.training.epochs import validation_ndcg
from chatrec.training.item_decoder import ItemDecoderOptions, train_item_decoder
from chatrec.training.sequential import SequentialOptions, train_sequential
from chatrec.training.teachers import (
    FOLDS,
    Fold,
    Lessons,
    Teachers,
    fold_lessons,
    keep_lessons,
    kept_lessons,
    unremembering,
    weighed,
)

SEQUENTIAL, WEIGHTS = "sequential.safetensors", "weights.json"  # in a pack, after the set's name
DECODER, STATES, TOLD = "decoder.safetensors", "states.npy", "decoder.json"
ASKED_EVERY_S = 2.0

BASE = ItemDecoderOptions(
    window=100,
    lora_rate=2e-3,
    item_rate=2e-3,
    validated=2000,
    validate_every=2,
    patience=4,
)
LARGE = replace(BASE, tokens=16_000, recent=1000, lessons=60, epochs=14)
SHORT = replace(BASE, tokens=8000, recent=50, lessons=10, epochs=8, dropout=0.3)
SMALL = replace(BASE, tokens=6000, recent=1000, lessons=100, epochs=16, dropout=0.3)
TRIALS: Mapping[str, Sequence[ItemDecoderOptions]] = {
    "ml-1m": [
        replace(LARGE, taught=0.5),
        replace(LARGE, taught=0.8, extra=64),
        replace(LARGE, taught=0.3, extra=64, window=200),
    ],
    "ml-100k": [replace(SMALL, taught=0.7), replace(SMALL, taught=0.5, extra=64)],
    "ml-latest-small": [replace(SMALL, taught=0.7), replace(SMALL, taught=0.5, extra=64)],
    "amazon-video-games": [
        replace(SHORT, taught=0.8, extra=64),
        replace(SHORT, taught=0.6, extra=64, lora_rate=1e-3),
        replace(SHORT, taught=0.8),
        replace(  # for --start, on a CPU
            SHORT,
            taught=0.7,
            tokens=2000,
            epochs=3,
            lora_rate=6e-4,
            item_rate=6e-4,
            warmup_steps=20,
            validate_every=1,
            validated=1000,
        ),
    ],
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    told = commands.add_parser("pack")
    told.add_argument("data", type=Path)
    told.add_argument("--work", type=Path, required=True)
    told.add_argument("--to", type=Path, required=True)
    told.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    told.set_defaults(act=pack)
    acts = (sequential, weigh, lessons, decoder, unpack)
    about = {act.__name__: commands.add_parser(act.__name__) for act in acts}
    for act in acts:
        told = about[act.__name__]
        told.add_argument("packed", type=Path)
        told.add_argument("dataset", choices=SETS)
        told.set_defaults(act=act, share=1.0)
    for name in ("sequential", "lessons", "decoder"):
        about[name].add_argument("--run", type=Path, required=True)
        about[name].add_argument("--share", type=float, default=1.0, help="of people, for a trial")
    about["weigh"].add_argument("--work", type=Path, required=True)
    about["decoder"].add_argument("--trial", type=int, required=True)
    about["decoder"].add_argument("--model", help="folder of the decoder")
    about["decoder"].add_argument("--start", type=Path, help="unpacked weights to go on from")
    about["unpack"].add_argument("out", type=Path)
    for name in ("sequential", "decoder", "unpack"):
        about[name].add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    given.act(given)


def sequential(given: argparse.Namespace) -> None:
    """Train the sequential model, as ``ranking.py`` trains it."""
    name, run = given.dataset, given.run / given.dataset
    packed, protocol = part_of(Packed.read(given.packed, name), given.share), SETS[name]
    say = _Saying(name)

    def trained(options: SequentialOptions, part: str, start: SasRec | None = None) -> SasRec:
        return train_sequential(
            packed.histories,
            packed.held,
            options,
            run / part,
            text_vectors=packed.text,
            start=start,
            report=say.report,
        )

    model = trained(protocol.sequential, "first")
    if protocol.further is not None:
        model = trained(protocol.further, "further", model)
    _save_arrays(model.tensors(), given.to / f"{name}.{SEQUENTIAL}")


def weigh(given: argparse.Namespace) -> None:
    """Write how much each teacher counts, learnt on the validation items."""
    import ranking

    name, protocol = given.dataset, SETS[given.dataset]
    packed = Packed.read(given.packed, name)
    models = [ranking.kept_fit(t, protocol, packed.histories, given) for t in TEACHERS]
    models.extend(unremembering(_packed_sequential(given), packed.histories))
    weights = weighed(models, packed.held, packed.histories.counts > 0, SEED)
    _write_json(given.packed / f"{name}.{WEIGHTS}", weights)
    print(name, *zip((*TEACHERS, "sequential"), weights, strict=False))


def lessons(given: argparse.Namespace) -> None:
    """Ask the teachers, one process for each fold of the people."""
    name, say = given.dataset, _Saying(given.dataset)
    packed = part_of(Packed.read(given.packed, name), given.share)
    recent = TRIALS[name][0].lessons
    with ProcessPoolExecutor(FOLDS) as pool:
        folds = list(pool.map(_fold, [(given, recent, fold) for fold in range(FOLDS)]))
    weights = _weights(given)
    keep_lessons(packed.histories, weights, folds, recent, given.run / name, seed=SEED)
    say("lessons")


def _fold(job: tuple[argparse.Namespace, int, int]) -> Fold:
    given, recent, fold = job
    packed = part_of(Packed.read(given.packed, given.dataset), given.share)

    def fit(histories: Histories) -> list[HistoryModel]:
        return [fitted(teacher, SETS[given.dataset], histories) for teacher in TEACHERS]

    teachers = Teachers(
        fit, unremembering(_packed_sequential(given), packed.histories), _weights(given)
    )
    return fold_lessons(packed.histories, teachers, recent, fold, seed=SEED)


def decoder(given: argparse.Namespace) -> None:
    """Train one of TRIALS and leave it in a folder of its own."""
    torch.set_float32_matmul_precision("high")
    name, options = given.dataset, TRIALS[given.dataset][given.trial]
    run, to = given.run / name, given.to / f"{name}-{given.trial}"
    packed = part_of(Packed.read(given.packed, name), given.share)
    say = _Saying(f"{name}, trial {given.trial}")
    taught = _awaited(packed.histories, _weights(given), options.lessons, run)
    say("lessons are there")
    began = time.monotonic()
    sequence = _packed_sequential(given)
    layers, tokenizer = load_layers(given.model, options.depth, cache=None)
    titles = title_embeddings(
        layers, lambda text: list(tokenizer.encode(text, add_special_tokens=False)), packed.titles
    )
    vectors = torch.from_numpy(sequence.own + sequence.text).to(layers.device)
    model = train_item_decoder(
        packed.histories,
        packed.held,
        layers,
        titles,
        vectors,
        options,
        run / f"{given.trial}",
        lessons=taught,
        start=None if given.start is None else load_arrays(given.start),
        report=say.report,
    )
    held = packed.held.sample(options.validated, options.seed)
    alone = validation_ndcg(model, held)
    mixed = validation_ndcg(_Sum((model, sequence)), held)
    figures = {"alone": alone, "mixed": mixed, "seconds": round(time.monotonic() - began, 1)}
    say(f"{figures}")
    to.mkdir(parents=True)
    went_on = {} if given.start is None else {"went on from": given.start.parent.name}
    _save_decoder(model, packed.asked, asdict(options) | figures | went_on, to)
    say("saved")


def unpack(given: argparse.Namespace) -> None:
    """Make the files that ``ranking.py`` takes, with their settings beside them."""
    name, protocol = given.dataset, SETS[given.dataset]
    packed, to = Packed.read(given.packed, name), given.to / name
    to.mkdir(parents=True, exist_ok=True)
    sequence = _packed_sequential(given)
    _save_arrays(sequence.tensors(), to / SEQUENTIAL)
    options = asdict(protocol.sequential) | (
        {} if protocol.further is None else {"further": asdict(protocol.further)}
    )
    _write_json(to / "settings.json", options | {"trained": "benchmarks/ranking_gpu.py"})
    tried = {
        folder: json.loads((folder / TOLD).read_text("utf-8"))
        for folder in sorted(given.out.glob(f"{name}-*"))
    }
    out = max(tried, key=lambda folder: tried[folder]["alone"] + tried[folder]["mixed"])
    settings = tried[out]
    layers, tokenizer = load_layers(None, settings["depth"], cache=None)
    titles = title_embeddings(
        layers, lambda text: list(tokenizer.encode(text, add_special_tokens=False)), packed.titles
    )
    learnt = load_file(out / DECODER)
    vectors = np.pad(sequence.own + sequence.text, ((0, 0), (0, settings["extra"])))
    tensors = {
        "shape": np.array([settings[part] for part in ("depth", "rank", "window")]),
        "titles": titles.numpy(),
        "vectors": vectors,
        **{f"network.{n}": tensor.float().numpy() for n, tensor in learnt.items()},
    }
    _save_arrays(tensors, to / DECODER)
    if (out / STATES).is_file():
        read = [past[-settings["window"] :] for past in packed.asked]
        sizes = np.array([len(past) for past in read])
        states = np.load(out / STATES)
        _save_arrays(
            {"states": states, "items": np.concatenate(read), "sizes": sizes},
            to / "states.safetensors",
        )
    trials = {folder.name: told for folder, told in tried.items()}
    _write_json(to / TOLD, settings | {"chosen": out.name, "trials": trials})
    print(name, settings)


class _Saying:
    """What is printed on the way, with the seconds since the beginning."""

    def __init__(self, name: str) -> None:
        self.name, self.began = name, time.monotonic()

    def __call__(self, text: str) -> None:
        print(f"{self.name} {time.monotonic() - self.began:.0f} s: {text}", flush=True)

    def report(self, step: int, steps: int, figures: Mapping[str, float]) -> None:
        if len(figures) > 1:
            told = {name: round(value, 4) for name, value in figures.items()}
            self(f"step {step:,} of {steps:,}: {told}")


class _Sum:
    """The z-scores of several models together."""

    def __init__(self, models: Sequence[Any]) -> None:
        self.models = models

    def scores(self, pasts: Sequence[Past]) -> Scores:
        total: Scores = np.zeros((), dtype=np.float32)
        for model in self.models:
            scores = model.scores(pasts)
            spread = np.maximum(scores.std(axis=1, keepdims=True), 1e-6)
            total = total + (scores - scores.mean(axis=1, keepdims=True)) / spread
        return total


def _awaited(histories: Histories, weights: tuple[float, ...], recent: int, run: Path) -> Lessons:
    """The lessons that another process is writing, or has written."""
    while (found := kept_lessons(histories, weights, recent, run, seed=SEED)) is None:
        time.sleep(ASKED_EVERY_S)
    return found


def _packed_sequential(given: argparse.Namespace) -> SasRec:
    """The trained one that lies beside what was packed."""
    return SasRec.from_tensors(load_arrays(given.packed / f"{given.dataset}.{SEQUENTIAL}"))


def _weights(given: argparse.Namespace) -> tuple[float, ...]:
    return tuple(json.loads((given.packed / f"{given.dataset}.{WEIGHTS}").read_text("utf-8")))


def _save_decoder(
    model: ItemDecoder, asked: Sequence[Past], told: Mapping[str, Any], to: Path
) -> None:
    """What was learnt, in bfloat16, what is told of it, and the states after the pasts asked."""
    learnt = {
        n: p.detach().to(torch.bfloat16).cpu().contiguous() for n, p in model.network.learnt.items()
    }
    for name, parameter in model.network.learnt.items():
        parameter.data = learnt[name].to(parameter.device, parameter.dtype)  # as it travels
    save_file(learnt, to / DECODER)
    if torch.cuda.is_available():  # elsewhere ``ranking.py`` reads the pasts as well
        np.save(to / STATES, model.states(asked).astype(np.float16))
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    _write_json(to / TOLD, {**told, "trained on": device})


def _save_arrays(arrays: Mapping[str, Any], to: Path) -> None:
    save_file({n: torch.from_numpy(np.ascontiguousarray(a)) for n, a in arrays.items()}, to)


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
