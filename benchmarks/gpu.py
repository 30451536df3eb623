"""How fast decoder and item head run on this machine's accelerator, in bf16 and in NF4.

Measures, for each decoder and precision: prefill, decoding (greedy, and drawn as reasons are)
alone and in batches, the ranking pass over the catalogue, memory, and how far the hidden states
are from those of the same weights in float32. It needs torch, transformers, safetensors, jinja2
and filelock, peft for ``--adapter``, bitsandbytes for NF4 and llguidance to check that a regex is
kept (without the last two, that part is reported as not measured). Nothing else of chatrec's
requirements is imported.

``--model`` is a folder as ``save_pretrained`` writes it and may be repeated; ``CHATREC_GPU_MODEL``
names folders too, separated by ``:``. A folder with a ``config.json`` and a tokenizer but no
weights gets weights drawn at random: how long a pass takes doesn't depend on their values (how
well NF4 keeps the hidden states does).

Run: ``python benchmarks/gpu.py --model FOLDER [--model FOLDER] [--adapter FOLDER] --to JSON``.
``--smoke`` measures tiny sizes, which only shows that the script works; so does a call without a
model on a machine without a GPU.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import torch
import transformers

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a bare checkout will do

from chatrec.generation.adapter_files import ITEM_HEAD, base_key, recorded_base
from chatrec.generation.decoding import Sampling, rows_of
from chatrec.generation.item_head import ItemHead, load_head
from chatrec.generation.loading import load_local
from chatrec.generation.model import LocalDecoder
from chatrec.generation.shared_batch import Batch
from chatrec.prompting import Message

PACKAGES = ("torch", "transformers", "peft", "bitsandbytes")
TEXT_DIM = 384  # all-MiniLM-L6-v2
TEMPERATURE = 0.6  # as the reasons are written
SEED = 2026
ANSWER = "(yes|no|perhaps)"
PRECISIONS: tuple[Literal["bf16", "nf4"], ...] = ("bf16", "nf4")


@dataclass(frozen=True)
class Sizes:
    """How much is measured. Lengths are in tokens."""

    prefill: int = 511
    prompt: int = 200
    new: int = 48
    window: int = 384
    batches: tuple[int, ...] = (1, 5, 32)
    rank_batches: tuple[int, ...] = (1, 32)
    items: int = 10_000
    warm_up: int = 3
    runs: int = 15


SMOKE = Sizes(16, 16, 4, 16, (1, 2), (1, 2), 50, 1, 2)


def main() -> None:
    options = _options()
    transformers.utils.logging.disable_progress_bar()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    folders = [
        *options.model,
        *map(Path, filter(None, os.environ.get("CHATREC_GPU_MODEL", "").split(":"))),
    ]
    if not folders and device.type != "cpu" and not options.smoke:
        sys.exit(
            "gpu.py: no decoder was named; give --model FOLDER (config.json, tokenizer, weights)"
        )
    smoke = options.smoke or (not folders and device.type == "cpu")
    sizes = SMOKE if smoke else Sizes()
    figures: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(device),
        "smoke": smoke,
        "sizes": asdict(sizes),
        "decoders": [],
    }
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders or [tiny_folder(Path(scratch))]:
            for entry in measure_decoder(folder, options.adapter, device, sizes):
                figures["decoders"].append(entry)
                print(f"{entry['decoder']} in {entry['precision']}: done", file=sys.stderr)
                write(figures, options.to)  # what is measured stays, should a later one fail
    print(json.dumps(figures, indent=1))


def measure_decoder(
    folder: Path, adapter: Path | None, device: torch.device, sizes: Sizes
) -> Iterator[dict[str, Any]]:
    """One entry for each precision, as each is measured."""
    fits = adapter is not None and base_key(recorded_base(adapter)) == base_key(folder.name)
    used = adapter if fits else None
    reference: torch.Tensor | None = None
    with weights_in(folder, device) as (source, drawn):
        for precision in PRECISIONS:
            entry: dict[str, Any] = {
                "decoder": folder.name,
                "precision": precision,
                "weights": "drawn at random" if drawn else "as in the folder",
                "adapter": None if used is None else used.name,
            }
            if precision == "nf4" and importlib.util.find_spec("bitsandbytes") is None:
                yield entry | {"not_measured": "bitsandbytes is not installed"}
                continue
            begun = time.perf_counter()
            decoder = load_local(
                str(source), adapter=used, precision=precision, device=device, cache=None
            )
            entry["load_s"] = round(time.perf_counter() - begun, 2)
            entry["weights_mib"] = round(_weight_bytes(decoder.model) / 2**20, 1)
            entry |= measure(decoder, used, sizes)
            entry["regex_kept"] = keeps_regex(decoder)
            rows = _rows(decoder, 4, sizes.window)
            hidden = decoder.last_hidden(rows)
            if reference is None:
                decoder.model.float()
                reference = decoder.last_hidden(rows)
            cosine = torch.nn.functional.cosine_similarity(hidden, reference)
            entry["lowest_cosine_to_float32"] = round(float(cosine.min()), 5)
            del decoder
            _forget(device)
            yield entry


def measure(decoder: LocalDecoder, adapter: Path | None, sizes: Sizes) -> dict[str, Any]:
    """Times and memory of one loaded decoder."""
    device = decoder.device
    head = (
        ItemHead(decoder.hidden_size, TEXT_DIM).to(device).eval()
        if adapter is None
        else load_head(adapter / ITEM_HEAD, device)[0]
    )
    text = torch.randn(sizes.items, TEXT_DIM, generator=torch.Generator().manual_seed(SEED))
    with torch.inference_mode():
        items = head.item_vectors(torch.nn.functional.normalize(text, dim=-1).to(device))
    popularity = torch.zeros(sizes.items, device=device)

    def rank(rows: list[list[int]]) -> None:
        with torch.inference_mode():
            head.logits(decoder.last_hidden(rows), items, popularity).log_softmax(dim=-1).cpu()

    prompt = _rows(decoder, 1, sizes.prefill)
    figures: dict[str, Any] = {
        "prefill": timed(lambda: decoder.last_hidden(prompt), device, sizes),
        "decoding": [],
        "ranking": [],
    }
    for batch in sizes.batches:
        for temperature in (0.0, TEMPERATURE):
            figures["decoding"].append(decode(decoder, batch, temperature, sizes))
    for batch in sizes.rank_batches:
        rows = _rows(decoder, batch, sizes.window)
        entry = timed(partial(rank, rows), device, sizes)
        entry["prompts_per_s"] = round(batch / entry["ms"] * 1000, 1)
        figures["ranking"].append({"prompts": batch, **entry})
    return figures


def timed(act: Callable[[], object], device: torch.device, sizes: Sizes) -> dict[str, float]:
    """The median time of ``act``, its fastest and slowest (ms), and its peak memory (MiB)."""
    for _ in range(sizes.warm_up):
        act()
    times = []
    with peak_memory(device) as peak:
        for _ in range(sizes.runs):
            _wait(device)
            begun = time.perf_counter()
            act()
            _wait(device)
            times.append((time.perf_counter() - begun) * 1000)
    return {
        "ms": round(statistics.median(times), 2),
        "ms_fastest": round(min(times), 2),
        "ms_slowest": round(max(times), 2),
        **peak,
    }


def decode(decoder: LocalDecoder, batch: int, temperature: float, sizes: Sizes) -> dict[str, float]:
    """Tokens per second of chatrec's own loop after the prefill, all rows together.

    Nothing ends a row, so that every run makes the same number of tokens.
    """
    rows = _rows(decoder, batch, sizes.prompt)
    sampling = Sampling(sizes.new, temperature, SEED)
    rates, firsts = [], []
    with peak_memory(decoder.device) as peak:
        for run in range(1 + min(3, sizes.runs)):
            begun = time.perf_counter()
            running = Batch(decoder.model, lambda: decoder.model, pad_id=0, stop_ids=frozenset())
            running.join(rows_of(rows, sampling))
            first = time.perf_counter()
            while running.rows:
                running.step()
            made = len(running.told) - batch
            if run:  # the first is the warm-up
                rates.append(made / (time.perf_counter() - first))
                firsts.append((first - begun) * 1000)
    return {
        "rows": batch,
        "temperature": temperature,
        "tokens_per_s": round(statistics.median(rates), 1),
        "ms_to_first_token": round(statistics.median(firsts), 2),
        **peak,
    }


def keeps_regex(decoder: LocalDecoder) -> bool | str:
    """Whether three answers under a regex match it."""
    if importlib.util.find_spec("llguidance") is None:
        return "llguidance is not installed"
    prompts = [(Message("user", f"Is {number} even?"),) for number in range(3)]
    answers = [""] * len(prompts)
    for chunk in decoder.generate(prompts, max_new_tokens=16, regex=ANSWER):
        answers[chunk.index] += chunk.text
    return all(re.fullmatch(ANSWER, answer) for answer in answers)


@contextmanager
def weights_in(folder: Path, device: torch.device) -> Iterator[tuple[Path, bool]]:
    """A folder with weights of that name, and whether they had to be drawn."""
    if any(folder.glob("*.safetensors")):
        yield folder, False
        return
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / folder.name
        # A folder on this machine, so there is no revision to pin.
        config = transformers.AutoConfig.from_pretrained(  # nosec B615
            folder, local_files_only=True
        )
        torch.manual_seed(SEED)
        with torch.device(device):
            model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
        model.save_pretrained(target)
        del model
        _forget(device)
        tokenizer = transformers.AutoTokenizer.from_pretrained(  # nosec B615
            folder, local_files_only=True
        )
        tokenizer.save_pretrained(target)
        yield target, True


def tiny_folder(parent: Path) -> Path:
    """A decoder of two small layers, without weights."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    folder = parent / "tiny-llama"
    end = "<|im_end|>"
    words = [end, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE({word: n for n, word in enumerate(words)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=end).save_pretrained(
        folder
    )
    transformers.LlamaConfig(
        vocab_size=len(words),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        bos_token_id=0,
        eos_token_id=0,
    ).save_pretrained(folder)
    return folder


def machine(device: torch.device) -> dict[str, Any]:
    """What the figures were measured on."""
    facts: dict[str, Any] = {
        "device": device.type,
        "cpu_cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {
            name: _version(name) for name in ("torch", "transformers", "peft", "bitsandbytes")
        },
    }
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        facts |= {
            "gpu": properties.name,
            "gpu_memory_gib": round(properties.total_memory / 2**30, 1),
            "cuda": torch.version.cuda,
        }
    return facts


@contextmanager
def peak_memory(device: torch.device) -> Iterator[dict[str, float]]:
    """Fills in ``peak_mib``, the most memory allocated on a GPU meanwhile; nothing on a CPU."""
    found: dict[str, float] = {}
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    yield found
    if device.type == "cuda":
        found["peak_mib"] = round(torch.cuda.max_memory_allocated(device) / 2**20, 1)


def write(figures: dict[str, Any], path: Path | None) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _rows(decoder: LocalDecoder, n_rows: int, length: int) -> list[list[int]]:
    generator = torch.Generator().manual_seed(SEED + n_rows)
    size = len(decoder.tokenizer)
    rows: list[list[int]] = torch.randint(1, size, (n_rows, length), generator=generator).tolist()
    return rows


def _weight_bytes(model: Any) -> int:
    tensors = {t.data_ptr(): t for t in (*model.parameters(), *model.buffers())}
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _forget(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.empty_cache()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--adapter", type=Path, metavar="FOLDER", help="for the model that it fits")
    parser.add_argument("--to", type=Path, metavar="JSON")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
