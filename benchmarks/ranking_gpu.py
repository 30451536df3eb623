"""Trains those models of ``ranking.py`` that have epochs on a machine with a GPU.

For a machine with torch, transformers, peft and pydantic, but not all of chatrec's needs.

    python benchmarks/ranking_gpu.py pack ../shared/data --work W --to packed             here
    python benchmarks/ranking_gpu.py lessons packed SET --run runs                        there
    python benchmarks/ranking_gpu.py train packed SET --run runs --model M --to out       there
    python benchmarks/ranking_gpu.py unpack packed SET out --work W --to models           here

``lessons`` asks the decoder's teachers, on the CPU; ``train`` waits for it once the sequential
model is done. After ``unpack``, ``ranking.py SET ../shared/data --work W --sequential
models/SET/sequential.safetensors --decoder models/SET/decoder.safetensors`` measures them. Of
TRIALS that one is brought back whose NDCG@10 on the validation items is best, its own and that of
its sum with the sequential model taken together; no trial sees a target.
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
from ranking_sets import SETS, TEACHERS, Protocol, fitted
from safetensors.torch import load_file, save_file

from chatrec.data.interactions import Histories, Past
from chatrec.generation.item_decoder import ItemDecoder, title_embeddings
from chatrec.generation.loading import load_layers
from chatrec.retrieval.collaborative import HistoryModel, Scores
from chatrec.retrieval.sequential import Network, SasRec, Shape
from chatrec.retrieval.together import Together
from chatrec.training.epochs import validation_ndcg
from chatrec.training.item_decoder import ItemDecoderOptions, train_item_decoder
from chatrec.training.sequential import SequentialOptions, train_sequential
from chatrec.training.teachers import FOLDS, Lessons, fold_lessons, keep_lessons, kept_lessons

SEQUENTIAL, DECODER, STATES = "sequential.safetensors", "decoder.safetensors", "states.npy"
ASKED_EVERY_S = 2.0
AWAITED = 0.5  # part of the seconds that lessons are waited for

BASE = ItemDecoderOptions(
    window=100,
    lora_rate=2e-3,
    item_rate=2e-3,
    validated=2000,
    validate_every=2,
    patience=4,
)
LARGE = replace(BASE, tokens=16_000, recent=1000, lessons=30, epochs=14, validated=1000)
SHORT = replace(BASE, tokens=8000, recent=50, lessons=4, epochs=10, dropout=0.3)
FEW = replace(BASE, tokens=6000, recent=1000, lessons=100, epochs=16, dropout=0.3)
TRIALS: Mapping[str, Sequence[ItemDecoderOptions]] = {
    "ml-1m": [
        replace(LARGE, taught=0.4),
        replace(LARGE, taught=0.15),
        replace(LARGE, taught=0.4, window=200),
    ],
    "ml-100k": [
        replace(FEW, taught=0.7),
        replace(FEW, taught=0.4),
        replace(FEW, taught=0.85, lora_rate=1e-3, item_rate=1e-3),
    ],
    "ml-latest-small": [
        replace(FEW, taught=0.7),
        replace(FEW, taught=0.4),
        replace(FEW, taught=0.85, lora_rate=1e-3, item_rate=1e-3),
    ],
    "amazon-video-games": [
        replace(SHORT, taught=0.6),
        replace(SHORT, taught=0.3),
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
    for name, act in (("lessons", lessons), ("train", train), ("unpack", unpack)):
        told = commands.add_parser(name)
        told.add_argument("packed", type=Path)
        told.add_argument("dataset", choices=SETS)
        told.set_defaults(act=act)
        if name == "unpack":
            told.add_argument("out", type=Path)
            told.add_argument("--work", type=Path, required=True)
            told.add_argument("--to", type=Path, required=True)
            continue
        told.add_argument("--run", type=Path, required=True)
        told.add_argument("--share", type=float, default=1.0, help="of the people, for a trial")
        if name == "train":
            told.add_argument("--model", help="folder of the decoder")
            told.add_argument("--to", type=Path, required=True)
            told.add_argument("--max-seconds", type=float, default=float("inf"))
    given = parser.parse_args()
    given.act(given)


def lessons(given: argparse.Namespace) -> None:
    """Ask the teachers, one process for each fold of the people."""
    began = time.monotonic()
    packed = part_of(Packed.read(given.packed, given.dataset), given.share)
    recent = TRIALS[given.dataset][0].lessons
    jobs = [(given.packed, given.dataset, given.share, recent, fold) for fold in range(FOLDS)]
    with ProcessPoolExecutor(FOLDS) as pool:
        folds = list(pool.map(_fold, jobs))
    keep_lessons(packed.histories, folds, recent, given.run / given.dataset, seed=SEED)
    print(f"{given.dataset}: lessons after {time.monotonic() - began:.0f} s", flush=True)


def _fold(job: tuple[Path, str, float, int, int]) -> Any:
    folder, name, share, recent, fold = job
    packed = part_of(Packed.read(folder, name), share)

    def fit(histories: Histories) -> list[HistoryModel]:
        return [fitted(teacher, SETS[name], histories) for teacher in TEACHERS]

    return fold_lessons(packed.histories, fit, recent, fold, seed=SEED)


def train(given: argparse.Namespace) -> None:
    """The sequential model, then one decoder after the other, as far as the seconds go."""
    began = time.monotonic()
    torch.set_float32_matmul_precision("high")
    name, run = given.dataset, given.run / given.dataset
    packed, protocol = part_of(Packed.read(given.packed, name), given.share), SETS[name]
    to = given.to / name
    to.mkdir(parents=True)
    say = _Saying(name, began)
    sequential = _sequential(packed, protocol, run, say)
    _save_sequential(sequential, to)
    place = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    sequential.network.to(place)
    sequential = SasRec(sequential.network, sequential.own, sequential.text, sequential.together)
    told: list[dict[str, Any]] = []
    held = packed.held.sample(BASE.validated, BASE.seed)
    say(f"sequential: {validation_ndcg(sequential, held):.4f}")
    until = began + AWAITED * given.max_seconds
    taught = _awaited(packed.histories, TRIALS[name][0].lessons, run, until)
    took = 0.0
    for number, options in enumerate(TRIALS[name]):
        if time.monotonic() - began + took > given.max_seconds:
            say(f"no time for trial {number} and those after it")
            break
        started = time.monotonic()
        decoder = _decoder(packed, sequential, taught, options, run / f"{number}", given.model, say)
        took = time.monotonic() - started
        alone = validation_ndcg(decoder, held)
        mixed = validation_ndcg(_Sum((decoder, sequential)), held)
        told.append({**asdict(options), "alone": alone, "mixed": mixed, "seconds": round(took, 1)})
        say(f"trial {number}: alone {alone:.4f}, mixed {mixed:.4f}, {took:.0f} s")
        if alone + mixed >= max(other["alone"] + other["mixed"] for other in told):
            _save_decoder(decoder, packed.asked, options, to)
        (to / "trials.json").write_text(json.dumps(told, indent=1), encoding="utf-8")


def _sequential(packed: Packed, protocol: Protocol, run: Path, say: _Saying) -> SasRec:
    """The sequential model, trained as ``ranking.py`` trains it."""

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

    first = trained(protocol.sequential, "first")
    return first if protocol.further is None else trained(protocol.further, "further", first)


def _decoder(
    packed: Packed,
    sequential: SasRec,
    taught: Lessons | None,
    options: ItemDecoderOptions,
    run: Path,
    model: str | None,
    say: _Saying,
) -> ItemDecoder:
    layers, tokenizer = load_layers(model, options.depth, cache=None)
    titles = title_embeddings(
        layers, lambda text: list(tokenizer.encode(text, add_special_tokens=False)), packed.titles
    )
    vectors = torch.from_numpy(sequential.own + sequential.text).to(layers.device)
    return train_item_decoder(
        packed.histories,
        packed.held,
        layers,
        titles,
        vectors,
        options,
        run,
        lessons=taught,
        report=say.report,
    )


def unpack(given: argparse.Namespace) -> None:
    """Make the files that ``ranking.py`` takes, with their settings beside them."""
    packed, protocol = Packed.read(given.packed, given.dataset), SETS[given.dataset]
    out, to = given.out / given.dataset, given.to / given.dataset
    to.mkdir(parents=True, exist_ok=True)
    kept = load_file(out / SEQUENTIAL)
    options = protocol.sequential
    network = Network(
        Shape(options.width, options.blocks, options.heads, options.window, packed.text.shape[1])
    )
    network.load_state_dict({n: tensor for n, tensor in kept.items() if n != "own"})
    with torch.inference_mode():
        text = network.text_part(torch.from_numpy(packed.text)).numpy()
    sequential = SasRec(network, kept["own"].numpy(), text, Together.of(packed.histories))
    _save_arrays(sequential.tensors(), to / SEQUENTIAL)
    told = asdict(options) | (
        {} if protocol.further is None else {"further": asdict(protocol.further)}
    )
    _write_json(to / "settings.json", told | {"trained": "benchmarks/ranking_gpu.py"})
    learnt = load_file(out / DECODER)
    settings = json.loads((out / "decoder.json").read_text("utf-8"))
    layers, tokenizer = load_layers(None, settings["depth"], cache=None)
    titles = title_embeddings(
        layers, lambda text: list(tokenizer.encode(text, add_special_tokens=False)), packed.titles
    )
    tensors = {
        "shape": np.array([settings[part] for part in ("depth", "rank", "window")]),
        "titles": titles.numpy(),
        "vectors": sequential.own + sequential.text,
        **{f"network.{n}": tensor.float().numpy() for n, tensor in learnt.items()},
    }
    _save_arrays(tensors, to / DECODER)
    if (out / STATES).is_file():  # not where the training was ended before
        read = [past[-settings["window"] :] for past in packed.asked]
        sizes = np.array([len(past) for past in read])
        _save_arrays(
            {"states": np.load(out / STATES), "items": np.concatenate(read), "sizes": sizes},
            to / "states.safetensors",
        )
    _write_json(to / "decoder.json", settings)
    print(given.dataset, settings)


class _Saying:
    """What is printed on the way, with the seconds since the beginning."""

    def __init__(self, name: str, began: float) -> None:
        self.name, self.began = name, began

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


def _awaited(histories: Histories, recent: int, run: Path, until: float) -> Lessons | None:
    """The lessons that another process is writing; None, and said so, if they don't come."""
    while (found := kept_lessons(histories, recent, run, seed=SEED)) is None:
        if time.monotonic() > until:
            print(f"{run}: no lessons came in time", flush=True)
            return None
        time.sleep(ASKED_EVERY_S)
    return found


def _save_sequential(model: SasRec, to: Path) -> None:
    """What can't be worked out again: the network and the items' own parts."""
    tensors = {n: p.detach().cpu().contiguous() for n, p in model.network.named_parameters()}
    save_file({**tensors, "own": torch.from_numpy(model.own)}, to / SEQUENTIAL)


def _save_decoder(
    model: ItemDecoder, asked: Sequence[Past], options: ItemDecoderOptions, to: Path
) -> None:
    """What was learnt, in bfloat16, the options, and the states after the pasts asked about."""
    learnt = {
        n: p.detach().to(torch.bfloat16).cpu().contiguous() for n, p in model.network.learnt.items()
    }
    for name, parameter in model.network.learnt.items():
        parameter.data = learnt[name].to(parameter.device, parameter.dtype)  # as it travels
    save_file(learnt, to / DECODER)
    np.save(to / STATES, model.states(asked).astype(np.float16))
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    _write_json(to / "decoder.json", asdict(options) | {"trained on": device})


def _save_arrays(arrays: Mapping[str, Any], to: Path) -> None:
    save_file({n: torch.from_numpy(np.ascontiguousarray(a)) for n, a in arrays.items()}, to)


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
