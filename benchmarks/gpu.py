"""How fast this machine's accelerator reads, decodes, ranks and tunes, in bf16 and in NF4.

Measures, for each decoder and precision: how long its weights take to be there, memory, prefill
and decoding alone and in batches, the one pass that ranks a catalogue, training with LoRA; each
beside transformers doing the same job with the same model (``gpu_measures.py``,
``gpu_training.py``). For weights from a folder also how far the hidden states are from those in
float32. It needs torch, transformers, safetensors, jinja2, filelock and peft, bitsandbytes for
NF4 and llguidance to check that a regex is kept (without the last two, that is reported as not
measured). Nothing else of chatrec's requirements is imported.

``--model`` is a folder as ``save_pretrained`` writes it and may be repeated; ``CHATREC_GPU_MODEL``
names folders too, separated by ``:``. ``--shape`` adds a decoder of a published model's sizes,
with weights drawn at random and the tokenizer of the first folder; a folder without weights is
drawn likewise. ``--max-seconds``, from when Python has imported everything, leaves out what
no longer fits, as the file then says.

Run: ``python benchmarks/gpu.py --model FOLDER [--shape qwen3-8b] [--adapter FOLDER] --to JSON``,
then ``python benchmarks/gpu.py table JSON`` for Markdown. ``--smoke`` measures tiny sizes, which
only shows that the script works; so does a call without a model on a machine without a GPU.
"""

import argparse
import gc
import importlib.metadata
import importlib.util
import json
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
import transformers

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a bare checkout will do

from gpu_decoders import SHAPES, Precision, Source, tiny_folder, weight_sizes
from gpu_measures import SMOKE, Sizes, decoding, ranking, soundness
from gpu_table import markdown
from gpu_training import training

from chatrec.generation.model import LocalDecoder

PACKAGES = ("torch", "transformers", "peft", "bitsandbytes")
PRECISIONS: tuple[Precision, ...] = ("bf16", "nf4")
SHAPE_ROWS = 8  # of a training pass: activations of the large shapes fill the memory

COMPARED = {
    "decoding": "generate of transformers: the same model, prompts, batch and number of tokens, "
    "greedy; times between the tokens that it hands to a streamer",
    "ranking": "generate writing 20 titles of 8 tokens after a prompt as long: it orders 20 items "
    "where the pass orders all",
    "training": "the same LoRA and rows with the language model's loss at every position, as a "
    "plain trainer takes it, against half the rows with a softmax over the items at the lines' "
    "ends and half with the language head at the answer's positions",
}

Figures = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if options.table is not None:
        print(markdown(json.loads(options.table.read_text(encoding="utf-8"))), end="")
        return 0
    transformers.utils.logging.disable_progress_bar()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    folders = [
        *options.model,
        *map(Path, filter(None, os.environ.get("CHATREC_GPU_MODEL", "").split(":"))),
    ]
    if not folders and (options.shape or (device.type != "cpu" and not options.smoke)):
        sys.exit(
            "gpu.py: no decoder was named; give --model FOLDER (config.json, tokenizer, weights), "
            "whose tokenizer a --shape takes too"
        )
    smoke = options.smoke or (not folders and device.type == "cpu")
    sizes = SMOKE if smoke else Sizes()
    clock = Clock(options.max_seconds)
    figures: Figures = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(device),
        "smoke": smoke,
        "sizes": asdict(sizes),
        "compared_with": COMPARED,
        "decoders": [],
    }
    with tempfile.TemporaryDirectory() as scratch:
        shapes = options.shape if folders else ["tiny-qwen3"]
        folders = folders or [tiny_folder(Path(scratch))]
        sources = [*map(Source, folders), *(Source(folders[0], shape) for shape in shapes)]
        for source in sources:
            for entry in measured(source, options.adapter, device, sizes, clock):
                if not any(entry is known for known in figures["decoders"]):
                    figures["decoders"].append(entry)
                figures["seconds"] = round(clock.gone, 1)
                write(figures, options.to)  # what is measured stays, should a later part fail
    print(json.dumps(figures, indent=1))
    return 1 if clock.failed else 0


def measured(
    source: Source, offered: Path | None, device: torch.device, sizes: Sizes, clock: "Clock"
) -> Iterator[Figures]:
    """One entry for each precision, again and again as it is filled in."""
    if source.shape is not None:
        sizes = replace(sizes, rows=min(SHAPE_ROWS, sizes.rows))
    adapter = source.adapter(offered)
    reference: torch.Tensor | None = None
    for precision in PRECISIONS:
        entry: Figures = {
            "decoder": source.name,
            "precision": precision,
            "weights": source.weights,
            "adapter": None if adapter is None else adapter.name,
            "seconds": {},
            "not_measured": {},
        }
        if precision == "nf4" and importlib.util.find_spec("bitsandbytes") is None:
            entry["not_measured"]["everything"] = "bitsandbytes is not installed"
            yield entry
            continue
        subject = Subject(source, precision, adapter, device, sizes, reference)
        for name, part in subject.parts.items():
            if "load" in entry["not_measured"]:
                entry["not_measured"][name] = "the decoder was not loaded"
            else:
                clock.run(entry, name, part)
            print(f"{clock.gone:.0f} s: {source.name}, {precision}, {name}", file=sys.stderr)
            yield entry
        reference = subject.reference
        del subject, part
        forget(device)


class Subject:
    """A decoder in one precision, and what is measured of it, part by part.

    ``reference`` are the hidden states of the same weights in float32, once they are known.
    """

    def __init__(
        self,
        source: Source,
        precision: Precision,
        adapter: Path | None,
        device: torch.device,
        sizes: Sizes,
        reference: torch.Tensor | None,
    ) -> None:
        self.source, self.precision, self.adapter = source, precision, adapter
        self.device, self.sizes, self.reference = device, sizes, reference
        self._decoder: LocalDecoder | None = None
        self.parts: dict[str, Callable[[], Figures]] = {
            "load": self._load,
            "decoding": lambda: decoding(self._loaded, sizes),
            "ranking": lambda: ranking(self._loaded, adapter, sizes),
        }
        if not source.drawn:
            self.parts["soundness"] = self._sound
        self.parts["training"] = self._train

    @property
    def _loaded(self) -> LocalDecoder:
        if self._decoder is None:
            raise RuntimeError("the decoder was not loaded")
        return self._decoder

    def _load(self) -> Figures:
        self._decoder, seconds = self.source.load(self.precision, self.device, self.adapter)
        return {**seconds, **weight_sizes(self._decoder.model)}

    def _sound(self) -> Figures:
        found = soundness(self._loaded, self.reference, self.sizes)
        self.reference = found.pop("reference")
        return found

    def _train(self) -> Figures:
        """With the weights loaded anew, without the adapter."""
        self._decoder = None
        forget(self.device)
        decoder, _ = self.source.load(self.precision, self.device)
        return training(decoder, self.sizes)


class Clock:
    """How long everything and each part took, and whether a part still fits.

    A part is expected to take what it last took, of whichever decoder.
    """

    def __init__(self, max_seconds: float) -> None:
        self.failed = False
        self._max_seconds = max_seconds
        self._begun = time.perf_counter()
        self._took: dict[str, float] = {}

    @property
    def gone(self) -> float:
        """Seconds since the beginning."""
        return time.perf_counter() - self._begun

    def run(self, entry: Figures, name: str, part: Callable[[], Figures]) -> None:
        """Adds what ``part`` measures to ``entry``, or why it was not measured.

        A part that fails leaves the others their turn: the machine is lent only once.
        """
        begun, needed = self.gone, self._took.get(name, 0.0)
        if begun + needed > self._max_seconds:
            entry["not_measured"][name] = (
                f"{begun:.0f} of {self._max_seconds:.0f} s are gone and it takes about {needed:.0f}"
            )
            return
        try:
            entry |= part()
        except Exception as error:  # noqa: BLE001  (told here, in the file and by the exit status)
            traceback.print_exc()
            self.failed = True
            reason = (str(error).splitlines() or [""])[0]
            entry["not_measured"][name] = f"{type(error).__name__}: {reason}"
        self._took[name] = self.gone - begun
        entry["seconds"][name] = round(self._took[name], 1)


def machine(device: torch.device) -> Figures:
    """What the figures were measured on."""
    facts: Figures = {
        "device": device.type,
        "cpu_cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
    }
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        facts |= {
            "gpu": properties.name,
            "gpu_memory_gib": round(properties.total_memory / 2**30, 1),
            "cuda": torch.version.cuda,
        }
    return facts


def forget(device: torch.device) -> None:
    """Gives back the memory of what is no longer used, so that it isn't counted."""
    gc.collect()  # a decoder and what shares it refer to each other
    if device.type == "cuda":
        torch.cuda.empty_cache()


def write(figures: Figures, path: Path | None) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--shape", action="append", default=[], choices=list(SHAPES))
    parser.add_argument("--adapter", type=Path, metavar="FOLDER", help="for the model that it fits")
    parser.add_argument("--to", type=Path, metavar="JSON")
    parser.add_argument("--max-seconds", type=float, default=float("inf"))
    parser.add_argument("--smoke", action="store_true", help="tiny sizes")
    commands = parser.add_subparsers(help="instead of measuring")
    table = commands.add_parser("table", help="what was measured, as Markdown")
    table.add_argument("table", type=Path, metavar="JSON")
    parser.set_defaults(table=None)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
