"""Which maps of the default decoder 4 bits harm most, and what the product's mix of 4 and 8 costs.

On a CPU, with the packed sets of ``shipped_adapter.py pack``:

    python benchmarks/nf4_mix.py harm sets --model M --to harm.json
    python benchmarks/nf4_mix.py states sets --model M --group validation --cases 64 --to val.npz
    python benchmarks/nf4_mix.py states sets --model M --group warm --cases 500 --to test.npz \\
        --forms bf16 "nf4, mixed" "nf4, mixed, after a sample"
    python benchmarks/nf4_mix.py report sets --model M --harm harm.json --validation val.npz \\
        --test test.npz --to FILE

``harm`` tells, of every map, how far its rounding moves the item head's order after prompts of
training users, to the first order: an item is drawn by the head's own chances, and the gradient of
its log-chance is multiplied with the rounding error. The mean square of that is twice the
divergence of the chances. ``states`` keeps what the decoder makes of prompts, in several forms;
all compute in float32, with weights that were quantised as the product does ("after a sample"; the
others are rounded to nearest) and read back, and it goes on where it was stopped. ``report`` makes
figures of both.
"""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from bitsandbytes.functional import dequantize_4bit, quantize_4bit
from bitsandbytes.nn import Linear4bit
from shipped_adapter import ADAPTER, weights_bytes
from shipped_sets import PackedSet

from chatrec.generation.adapter_files import ITEM_HEAD
from chatrec.generation.int8_rows import Int8Embedding, Int8Map, Int8Rows
from chatrec.generation.item_head import load_head
from chatrec.generation.loading import load_local
from chatrec.generation.model import LocalDecoder
from chatrec.generation.nf4 import quantised
from chatrec.generation.nf4_sample import sample_rows

SEED = 2026
HARM_SEED, DRAW_SEED = 3, 5
ROWS = 4  # prompts that are read at once
KEPT = 16  # prompts after which the states are written

Weights = dict[str, torch.Tensor]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    harm_command = commands.add_parser("harm")
    harm_command.add_argument("--prompts", type=int, default=24, help="of each set")
    harm_command.set_defaults(act=harm)
    states_command = commands.add_parser("states")
    states_command.add_argument("--group", choices=("validation", "warm"), required=True)
    states_command.add_argument("--cases", type=int, required=True)
    states_command.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    states_command.set_defaults(act=states)
    report_command = commands.add_parser("report")
    for name in ("harm", "validation", "test"):
        report_command.add_argument(f"--{name}", type=Path, required=True)
    report_command.set_defaults(act=report)
    for command in (harm_command, states_command, report_command):
        command.add_argument("sets", type=Path)
        command.add_argument("--model", required=True, help="folder of the default decoder")
        command.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    given.act(given)


def harm(given: argparse.Namespace) -> None:
    """Write, of each prompt, what each weight's error in NF4 and int8 adds to a log-chance."""
    decoder = _merged(given.model).model.get_decoder().float()
    head, _ = load_head(ADAPTER / ITEM_HEAD)
    head.requires_grad_(False)
    weights = {name: w for name, w in decoder.named_parameters() if w.ndim == 2}
    decoder.requires_grad_(False)
    for weight in weights.values():
        weight.requires_grad_(True)
    errors = {
        kind: {name: there_and_back(w.data) - w.data for name, w in weights.items()}
        for kind, there_and_back in (("nf4", in_nf4), ("int8", in_int8))
    }
    draw, rows = torch.Generator().manual_seed(DRAW_SEED), []
    for data in packed(given.sets):
        group = data.groups["training"]
        tokens, before = group.tokens, group.before
        for row in np.random.default_rng(HARM_SEED).permutation(len(tokens))[: given.prompts]:
            hidden = decoder(torch.tensor([tokens[row]]), use_cache=False).last_hidden_state[0, -1]
            chances = log_chances(head, data, hidden, before[row])
            item = torch.multinomial(chances.detach().exp(), 1, generator=draw)
            decoder.zero_grad()
            chances[item].sum().backward()
            grown = {
                kind: {n: float((weights[n].grad * error).sum()) for n, error in of.items()}
                for kind, of in errors.items()
            }
            rows.append((data.name, len(tokens[row]), grown))
    given.to.write_text(json.dumps(rows), encoding="utf-8")


def states(given: argparse.Namespace) -> None:
    """Write the hidden states (P, H) of each form, and the numbers (P,) of the cases."""
    models = {name: form(given.model, FORMS[name]) for name in given.forms}
    tokens = [of for data in packed(given.sets) for of in data.groups[given.group].tokens]
    order = np.random.default_rng(SEED).permutation(len(tokens))[: given.cases].tolist()
    done = read_states(given.to) if given.to.exists() else {}
    for part in in_parts(order, KEPT):
        for few in in_parts(sorted(part, key=lambda case: len(tokens[case])), ROWS):
            for name, model in models.items():
                found = done.setdefault(name, {})
                if not all(case in found for case in few):
                    found |= zip(few, last_states(model, [tokens[c] for c in few]), strict=True)
        arrays: dict[str, Any] = {name: np.stack(list(of.values())) for name, of in done.items()}
        arrays |= {f"{name} ids": np.array(list(of)) for name, of in done.items()}
        np.savez(given.to, **arrays)
        print({name: len(of) for name, of in done.items()}, flush=True)


def in_parts(cases: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The cases, ``size`` at a time."""
    return (cases[start : start + size] for start in range(0, len(cases), size))


def read_states(path: Path) -> dict[str, dict[int, Any]]:
    """Of each form each case's state (H,), as ``states`` wrote it."""
    with np.load(path) as kept:
        names = [name for name in kept.files if not name.endswith(" ids")]
        return {n: dict(zip(kept[f"{n} ids"].tolist(), kept[n], strict=True)) for n in names}


def report(given: argparse.Namespace) -> None:
    """Write the figures as JSON and print them as Markdown."""
    from nf4_mix_report import figures, markdown

    model = _merged(given.model).model
    whole = weights_bytes(model)
    quantised(model, torch.device("cpu"))
    memory = {"bf16": whole, "nf4, mixed": weights_bytes(model)}
    head, _ = load_head(ADAPTER / ITEM_HEAD)
    chances = {
        part: _chances(path, packed(given.sets), group, head)
        for part, path, group in (
            ("validation", given.validation, "validation"),
            ("test", given.test, "warm"),
        )
    }
    found = figures(json.loads(given.harm.read_text("utf-8")), memory, chances)
    given.to.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(markdown({"file": given.to.name, **found}))


def _chances(path: Path, sets: Sequence[PackedSet], group: str, head: Any) -> dict[str, Any]:
    """Users, targets and, of each form, log-chances of all items, of the cases in every form."""
    done = read_states(path)
    shared = sorted(set.intersection(*(set(of) for of in done.values())))
    places = [(data, row) for data in sets for row in range(len(data.groups[group].rows))]
    before = {data.name: data.groups[group].before for data in sets}
    found: dict[str, Any] = {"users": [], "targets": [], "forms": {name: [] for name in done}}
    for case in shared:
        data, row = places[case]
        found["users"].append(int(data.groups[group].column("user")[row]))
        found["targets"].append(int(data.groups[group].column("target")[row]))
        for name, of in done.items():
            with torch.no_grad():
                state = torch.from_numpy(of[case])
                chances = log_chances(head, data, state, before[data.name][row])
            found["forms"][name].append(chances.double().numpy())
    return found


def log_chances(
    head: Any, data: PackedSet, state: torch.Tensor, before: Sequence[int]
) -> torch.Tensor:
    """Log-chances (N,) of all items after a state (H,); -inf of those met ``before``."""
    items, popularity = torch.from_numpy(data.items), torch.from_numpy(data.popularity)
    met = torch.zeros(len(items), dtype=torch.bool)
    met[list(before)] = True
    logits = head.logits(state[None], items, popularity)[0]
    chances: torch.Tensor = logits.masked_fill(met, -torch.inf).log_softmax(dim=-1)
    return chances


def last_states(model: Any, rows: Sequence[Sequence[int]]) -> Any:
    """The hidden state of each row's last token, (B, H)."""
    width = max(map(len, rows))
    ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in rows])
    ends = torch.tensor([len(row) - 1 for row in rows])
    with torch.inference_mode():
        hidden = model(ids, use_cache=False).last_hidden_state  # (B, T, H)
    return hidden[torch.arange(len(rows)), ends].numpy()


def form(folder: str, change: Callable[[LocalDecoder], Weights]) -> Any:
    """The decoder's layers in float32 with the weights that ``change`` makes of it."""
    decoder = _merged(folder)
    changed = copy.deepcopy(decoder.model.get_decoder()).float().eval()
    own = dict(changed.named_parameters())
    for name, weight in change(decoder).items():
        own[name].data = weight
    return changed


def _mixed(decoder: LocalDecoder) -> Weights:
    """The product's mix, rounded to nearest."""
    return _read_back(quantised(decoder.model, torch.device("cpu")))


def _after_a_sample(decoder: LocalDecoder) -> Weights:
    """The product's mix as the product rounds it."""
    sample = sample_rows(lambda text: decoder.tokenizer.encode(text, add_special_tokens=False))
    return _read_back(quantised(decoder.model, torch.device("cpu"), sample))


def _read_back(model: Any) -> Weights:
    """The weights of a model that ``quantised`` made, in float32."""
    found = {}
    for name, module in model.get_decoder().named_modules():
        if isinstance(module, Int8Map | Int8Embedding):
            found[f"{name}.weight"] = module.weight.float() * module.steps.float()[:, None]
        elif isinstance(module, Linear4bit):
            whole = dequantize_4bit(module.weight.data, module.weight.quant_state)
            found[f"{name}.weight"] = whole.float()
    return found


def _plain(decoder: LocalDecoder) -> Weights:
    """All maps of the layers in NF4, read back."""
    layers = decoder.model.get_decoder().layers.named_parameters(prefix="layers")
    return {name: in_nf4(weight.data) for name, weight in layers if weight.ndim == 2}


def in_nf4(weight: torch.Tensor) -> torch.Tensor:
    """A matrix in doubly quantised NF4, rounded to nearest and read back, in float32."""
    codes, state = quantize_4bit(weight.bfloat16(), quant_type="nf4", compress_statistics=True)
    whole: torch.Tensor = dequantize_4bit(codes, state)
    return whole.float().view(weight.shape)


def in_int8(weight: torch.Tensor) -> torch.Tensor:
    """The same in int8 by rows."""
    rows = Int8Rows(weight)
    return rows.weight.float() * rows.steps.float()[:, None]


def packed(folder: Path) -> list[PackedSet]:
    """The sets of a folder, by name."""
    return [PackedSet(path) for path in sorted(folder.glob("*.npz"))]


def _merged(folder: str) -> LocalDecoder:
    """The default decoder with the adapter in its weights, in bf16."""
    return load_local(folder, adapter=ADAPTER, precision="bf16", device="cpu", cache=None)


FORMS: dict[str, Callable[[LocalDecoder], Weights]] = {
    "bf16": lambda decoder: {},
    "nf4": _plain,
    "nf4, mixed": _mixed,
    "nf4, mixed, after a sample": _after_a_sample,
}


if __name__ == "__main__":
    main()
