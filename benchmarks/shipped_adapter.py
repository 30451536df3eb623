"""What the shipped adapter keeps in 4 bits, and what it knows of people it knows little of.

For a machine with a GPU that has torch, transformers, peft and bitsandbytes, but not all of
chatrec's needs:

    python benchmarks/shipped_adapter.py pack DIR... --model M --to sets    here: workspaces -> .npz
    python benchmarks/shipped_adapter.py run sets --model M --to ranks      there: -> ranks/*.json
    python benchmarks/shipped_adapter.py report sets ranks --to FILE        here: -> JSON, Markdown

``run`` ranks all items by the adapter's item head after every prompt (``shipped_cases.py``), with
the decoder in several forms: as the product loads it in bf16, NF4 (a part of it in int8) and
float32, and in NF4 made of the weights that hold the adapter, with some modules left in bf16. For
each NF4 form the item head's state side is also fitted anew: by ridge regression, on training
users' prompts, from this form's hidden states to what the state side says of those of the first
form; how strongly is chosen on validation users. Each form is written when it is done.
"""

from __future__ import annotations

import argparse
import gc
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from shipped_ranks import blended_ranks, item_ranks, refitted
from shipped_sets import PackedSet, in_bytes
from torch.nn import functional as F  # noqa: N812  (torch's own convention)
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

from chatrec.generation.adapter_files import ITEM_HEAD
from chatrec.generation.item_head import HeadFacts, ItemHead, load_head
from chatrec.generation.loading import load_local
from chatrec.generation.model import LocalDecoder
from chatrec.generation.nf4 import quantised
from chatrec.metrics import ndcg
from chatrec.quiet import quiet_loading

if TYPE_CHECKING:
    from chatrec.settings import Precision

ADAPTER = Path(__file__).resolve().parent.parent / "adapters" / "films"
SEED = 2026
STRENGTHS = (0.001, 0.01, 0.1, 1.0)  # of the ridge, in parts of the mean square of a hidden value
ROWS = {"cuda": 192, "cpu": 8}
LOADING_S = 6.0

States = dict[str, torch.Tensor]  # of each set, (P, H)


@dataclass(frozen=True, slots=True)
class Form:
    """A way to load the decoder with the adapter.

    ``merged``: quantised after the adapter was added to the weights, as nothing is beside them
    then, with the modules ``kept`` left in bf16. ``nearest``: as the product, but rounded without
    having read anything. ``cold``: measured in the cold start too; ``last``: only on so many last
    items of each user.
    """

    precision: Precision
    merged: bool = False
    kept: tuple[str, ...] = ()
    nearest: bool = False
    cold: bool = False
    last: int | None = None


FORMS = {
    "bf16": Form("bf16", cold=True),
    "nf4": Form("nf4", cold=True),
    "nf4, rounded to nearest": Form("nf4", nearest=True),
    "nf4, every map": Form("nf4", merged=True),
    "nf4, first q k v in bf16": Form(
        "nf4", merged=True, kept=tuple(f"model.layers.0.self_attn.{name}_proj" for name in "qkv")
    ),
    "float32": Form("float32", last=2),
    "nf4, v of seven layers in bf16": Form(
        "nf4", merged=True, kept=tuple(f"model.layers.{n}.self_attn.v_proj" for n in range(7))
    ),
    "nf4, first and last layer in bf16": Form(
        "nf4", merged=True, kept=("model.layers.0", "model.layers.29")
    ),
}


class OutOfTimeError(Exception):
    """The time is up in the middle of a form."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    pack_command = commands.add_parser("pack")
    pack_command.add_argument("folders", type=Path, nargs="+")
    pack_command.add_argument("--model", required=True, help="folder with the decoder's tokenizer")
    pack_command.add_argument("--targets", type=int, default=10, help="last items of a test user")
    pack_command.add_argument("--to", type=Path, required=True)
    pack_command.set_defaults(act=pack)
    run_command = commands.add_parser("run")
    run_command.add_argument("sets", type=Path)
    run_command.add_argument("--model", required=True, help="folder of the default decoder")
    run_command.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    run_command.add_argument("--max-seconds", type=float, default=float("inf"))
    run_command.add_argument("--every", type=int, default=1, help="take each so many-th prompt")
    run_command.add_argument("--to", type=Path, required=True)
    run_command.set_defaults(act=run)
    report_command = commands.add_parser("report")
    report_command.add_argument("sets", type=Path)
    report_command.add_argument("ranks", type=Path)
    report_command.add_argument("--to", type=Path, required=True)
    report_command.set_defaults(act=report)
    given = parser.parse_args()
    given.act(given)


def pack(given: argparse.Namespace) -> None:
    """Write each workspace's item vectors and prompts as ``NAME.npz``."""
    from shipped_cases import Cases, Remembered, arrays_of

    from chatrec.assemble import SHIPPED_ENCODER
    from chatrec.data.workspace import Workspace
    from chatrec.retrieval.dense import item_vectors

    given.to.mkdir(parents=True)
    tokenizer = AutoTokenizer.from_pretrained(given.model, local_files_only=True)  # nosec B615
    head, facts = load_head(ADAPTER / ITEM_HEAD)
    encoders = {"dense": Remembered(), "dense, tuned": Remembered(adapter=SHIPPED_ENCODER)}
    if facts.encoder_revision != encoders["dense"].revision:
        raise SystemExit(f"{ADAPTER} was tuned with another embedding model; take that one")
    persons: dict[str, int] = {}
    messages = {}
    for folder in given.folders:
        workspace = Workspace.open(folder)
        vectors = item_vectors(workspace, encoders["dense"])
        cases = Cases(
            workspace,
            lambda text: list(tokenizer.encode(text, add_special_tokens=False)),
            persons,
            people_of=folder.name.removesuffix("-builtin"),
            seed=SEED,
        )
        groups = {
            "warm": list(cases.warm("test", given.targets)),
            "validation": list(cases.warm("validation", max(1, given.targets // 3))),
            "training": list(cases.training()),
        }
        groups["cold"], messages[folder.name] = cases.cold(encoders, vectors)
        with torch.inference_mode():
            codes, steps = in_bytes(head.item_vectors(torch.from_numpy(vectors)).numpy())
        np.savez_compressed(
            given.to / f"{folder.name}.npz",
            items=codes,
            steps=steps,
            counts=cases.counts.astype(np.int32),
            **{f"{group} {n}": a for group, of in groups.items() for n, a in arrays_of(of).items()},
        )
        print(folder.name, {name: len(of) for name, of in groups.items()}, flush=True)
    (given.to / "messages.json").write_text(json.dumps(messages, indent=1), encoding="utf-8")


def run(given: argparse.Namespace) -> None:
    """Rank with every form of the decoder; write each one's ranks when they are there."""
    begun = time.monotonic()
    given.to.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    sets = [PackedSet(path, given.every) for path in sorted(given.sets.glob("*.npz"))]
    bench = Bench(sets, *load_head(ADAPTER / ITEM_HEAD, device), begun + given.max_seconds)
    with merged_folder(given.model) as merged:
        for number, name in enumerate(given.forms):
            try:
                found = bench.measure(FORMS[name], given.model, merged)
            except OutOfTimeError:
                print(f"no time is left for {given.forms[number:]}", flush=True)
                break
            found |= {"form": name, "reference": given.forms[0], "every": given.every}
            path = given.to / f"{number}-{name.replace(',', '').replace(' ', '-')}.json"
            path.write_text(json.dumps(found), encoding="utf-8")
            told = {k: v for k, v in found.items() if k not in ("ranks", "refit")}
            print(f"{time.monotonic() - begun:.0f} s", json.dumps(told), flush=True)


class Bench:
    """The sets and the item head; runs until ``deadline`` of the monotonic clock.

    The first form that is measured is what the others' state sides are fitted to.
    """

    def __init__(
        self, sets: Sequence[PackedSet], head: ItemHead, facts: HeadFacts, deadline: float
    ) -> None:
        self.sets = sets
        self._head = head
        self._facts = facts
        self._deadline = deadline
        self._aims: torch.Tensor | None = None  # (M, W)

    def measure(self, form: Form, model: str, merged: Path) -> dict[str, Any]:
        """Memory, times and ranks of a form; OutOfTimeError where it can't be done in time."""
        self._check_time(LOADING_S)
        gc.collect()  # the form before goes first
        begun, before = time.monotonic(), _allocated()
        decoder = load(form, model, merged, self._head.log_scale.device)
        found: dict[str, Any] = {
            "device": _device_name(),
            "last": form.last,
            "weights_bytes": weights_bytes(decoder.model),
            "allocated_bytes": _allocated() - before,
            "load_s": round(time.monotonic() - begun, 1),
        }
        begun = time.monotonic()
        states = {"warm": self.states(decoder, "warm", form.last)}
        ranks = {"warm": self.ranks(self._head, states["warm"], "warm", form.last)}
        if form.cold:
            cold = self.states(decoder, "cold")
            ranks["cold"] = self.ranks(self._head, cold, "cold")
            ranks["cold, blended"] = {
                data.name: blended_ranks(self._head, self._facts, data, cold[data.name])
                for data in self.sets
            }
        if form.last is None:
            states |= {g: self.states(decoder, g) for g in ("validation", "training")}
            found["validation"] = self.validation(self._head, states["validation"])
            found |= self._compared(states)
        found["read_s"] = round(time.monotonic() - begun, 1)
        return found | {"ranks": ranks}

    def states(self, decoder: LocalDecoder, group: str, last: int | None = None) -> States:
        """The hidden state at the end of every prompt of a group."""
        rows = {data.name: data.groups[group].last(last).tokens for data in self.sets}
        return {name: self._hidden(decoder, of) for name, of in rows.items()}

    def ranks(
        self, head: ItemHead, states: States, group: str, last: int | None = None
    ) -> dict[str, list[int]]:
        """The targets' ranks (from 1, worst among ties) after a group's states."""
        return {
            data.name: item_ranks(head, data, states[data.name], data.groups[group].last(last))
            for data in self.sets
        }

    def validation(self, head: ItemHead, states: States) -> float:
        """NDCG@10 over the validation prompts of all sets."""
        ranks = self.ranks(head, states, "validation").values()
        return round(float(ndcg(np.concatenate([np.array(r, float) for r in ranks]), 10).mean()), 6)

    def _compared(self, states: dict[str, States]) -> dict[str, Any]:
        """How close this form's projections are to the first one's, and the head fitted anew."""
        hidden = torch.cat(list(states["training"].values()))  # (M, H)
        with torch.inference_mode():
            said = self._head.state(hidden)
        if self._aims is None:
            self._aims = said.clone()
            return {}
        heads = {s: refitted(self._head, hidden, self._aims, s) for s in STRENGTHS}
        validation = {s: self.validation(head, states["validation"]) for s, head in heads.items()}
        chosen = max(STRENGTHS, key=lambda strength: validation[strength])
        return {
            "cosine": round(float(F.cosine_similarity(said, self._aims).mean()), 5),
            "refit": {
                "validation": validation,
                "strength": chosen,
                "ranks": {"warm": self.ranks(heads[chosen], states["warm"], "warm")},
            },
        }

    def _hidden(self, decoder: LocalDecoder, rows: Sequence[list[int]]) -> torch.Tensor:
        order = sorted(range(len(rows)), key=lambda row: -len(rows[row]))
        hidden = torch.zeros(len(rows), decoder.hidden_size, device=decoder.device)
        size = ROWS[decoder.device.type]
        for start in range(0, len(order), size):
            self._check_time(0)
            batch = order[start : start + size]
            hidden[batch] = decoder.last_hidden([rows[i] for i in batch])
        return hidden

    def _check_time(self, needed: float) -> None:
        if time.monotonic() > self._deadline - needed:
            raise OutOfTimeError


@contextmanager
def merged_folder(model: str) -> Iterator[Path]:
    """A folder, for as long as the context lasts, with the decoder that holds the adapter, bf16."""
    decoder = load_local(model, adapter=ADAPTER, precision="bf16", device="cpu", cache=None)
    with tempfile.TemporaryDirectory() as folder:
        with quiet_loading():
            decoder.model.save_pretrained(folder)
        decoder.tokenizer.save_pretrained(folder)
        yield Path(folder)


def load(form: Form, model: str, merged: Path, device: torch.device) -> LocalDecoder:
    """The decoder in a form; ``merged`` is the folder of the weights that hold the adapter."""
    if form.nearest:
        whole = load_local(model, adapter=ADAPTER, precision="bf16", device="cpu", cache=None)
        small = quantised(whole.model, device)
        return LocalDecoder(small, whole.tokenizer, name=whole.name, precision="nf4")
    if not form.kept:
        source, adapter = (str(merged), None) if form.merged else (model, ADAPTER)
        return load_local(
            source, adapter=adapter, precision=form.precision, device=device, cache=None
        )
    config = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
        llm_int8_skip_modules=["lm_head", *form.kept],
    )
    with quiet_loading():
        weights = AutoModelForCausalLM.from_pretrained(  # nosec B615
            merged, quantization_config=config, device_map={"": device}, dtype=torch.bfloat16
        )
    tokenizer = AutoTokenizer.from_pretrained(merged)  # nosec B615
    return LocalDecoder(weights.eval(), tokenizer, name=merged.name, precision="nf4")


def weights_bytes(model: Any) -> int:
    """What the weights take: parameters, buffers, and the scales of quantised ones, each once."""
    tensors = [*model.parameters(), *model.buffers()]
    for parameter in model.parameters():
        state = getattr(parameter, "quant_state", None)
        while state is not None:
            tensors += [t for t in (state.absmax, state.code, state.offset) if t is not None]
            state = state.state2
    return sum(t.numel() * t.element_size() for t in {t.data_ptr(): t for t in tensors}.values())


def report(given: argparse.Namespace) -> None:
    """Write the figures as JSON and print them as Markdown."""
    from shipped_report import figures, markdown

    forms = [json.loads(path.read_text("utf-8")) for path in sorted(given.ranks.glob("*.json"))]
    found = figures(given.sets, forms)
    given.to.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(markdown(found, given.to.name))


def _allocated() -> int:
    return torch.cuda.memory_allocated() if torch.cuda.is_available() else 0


def _device_name() -> str:
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"


if __name__ == "__main__":
    main()
