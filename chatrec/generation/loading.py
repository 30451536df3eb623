"""Loads a local decoder: which weights, in which precision, with which adapter.

Knows transformers, bitsandbytes and peft; knows nothing about what the decoder is asked.
"""

from __future__ import annotations

import importlib.util
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import torch
from safetensors import SafetensorError, safe_open
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

from chatrec.errors import ModelError
from chatrec.generation.adapter_files import check_adapter
from chatrec.generation.gguf import DEFAULT_MODEL, default_decoder_dir
from chatrec.generation.lora_merge import is_plain_lora, merge_lora
from chatrec.generation.model import LocalDecoder
from chatrec.generation.nf4 import quantised
from chatrec.generation.nf4_sample import sample_rows
from chatrec.quiet import quiet_loading

if TYPE_CHECKING:
    from chatrec.settings import Precision

_JSON_FILES = (
    "config.json",
    "generation_config.json",
    "model.safetensors.index.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
)
# What transformers runs into with a model that it can't use.
_UNUSABLE = (
    OSError,
    ValueError,
    RuntimeError,
    ImportError,
    KeyError,
    TypeError,
    AttributeError,
    SafetensorError,
)
WeightPrecision = Literal["float32", "bf16", "nf4"]
SMALL = 2 * 1024**3  # bytes of weights that a GPU has room for as they are


def load_local(
    model: str | None,
    *,
    adapter: Path | None,
    precision: Precision,
    device: str | torch.device | None,
    cache: Path | None,
) -> LocalDecoder:
    """The decoder ``model`` (None: the default) on ``device``, with ``adapter`` if one is given.

    Only safetensors are read, never pickles. Raises ModelError.
    """
    place = _device(device)
    source, name = _source(model, cache)
    resolved = resolve_precision(precision, place, _weights_bytes(Path(source)))
    try:
        if adapter is None:
            weights, tokenizer = _load_pretrained(source, resolved, place)
        else:
            weights, tokenizer = _load_with_adapter(source, name, adapter, resolved, place)
    except torch.OutOfMemoryError as error:
        raise ModelError(
            f"decoder {name!r} in {resolved} does not fit into the memory of {place}; free some, "
            "load it with --precision nf4, or choose a smaller one"
        ) from error
    return LocalDecoder(
        weights.eval(),
        tokenizer,
        name=name,
        precision=resolved,
        int8_steps=precision == "auto" and place.type == "cpu",
    )


def _load_with_adapter(
    source: str, name: str, adapter: Path, precision: WeightPrecision, place: torch.device
) -> tuple[Any, Any]:
    """The decoder with the adapter merged into its weights, before these are quantised.

    So NF4 needs room for the bf16 weights in the machine's own memory for a while. Those of up to
    SMALL bytes are rounded after prompts made up, which the device reads with a copy in float32.
    """
    if precision == "nf4":
        _check_bitsandbytes()
        weights, tokenizer = _load_pretrained(source, "bf16", torch.device("cpu"))
    else:
        weights, tokenizer = _load_pretrained(source, precision, place)
    width = weights.config.get_text_config().hidden_size
    check_adapter(adapter, base_name=name, hidden_size=width)
    merged = apply_adapter(weights, adapter)
    if precision != "nf4":
        return merged, tokenizer
    small = merged.get_memory_footprint() <= SMALL
    return quantised(merged, place, _sample(tokenizer) if small else ()), tokenizer


def _sample(tokenizer: Any) -> list[list[int]]:
    return sample_rows(lambda text: list(tokenizer.encode(text, add_special_tokens=False)))


def load_layers(
    model: str | None, depth: int, *, device: str | torch.device | None = None, cache: Path | None
) -> tuple[Any, Any]:
    """The first ``depth`` layers of a decoder, in float32, and its tokenizer.

    The layers come with its embeddings and last norm. Raises ModelError, also where it has fewer
    layers.
    """
    source, name = _source(model, cache)
    weights, tokenizer = _load_pretrained(source, "float32", _device(device))
    stack = weights.get_decoder()
    if not 1 <= depth <= len(stack.layers):
        raise ModelError(f"depth is {depth}; decoder {name!r} has 1 to {len(stack.layers)} layers")
    stack.layers = stack.layers[:depth]
    stack.config.num_hidden_layers = depth
    return stack.eval(), tokenizer


def _source(model: str | None, cache: Path | None) -> tuple[str, str]:
    """Where the decoder ``model`` (None: the default) is loaded from, and its name."""
    if model is None or model == DEFAULT_MODEL:
        return str(default_decoder_dir(cache)), DEFAULT_MODEL
    return model, Path(model).resolve().name if Path(model).is_dir() else model


def resolve_precision(
    precision: Precision, device: torch.device, weights: int | None = None
) -> WeightPrecision:
    """What the weights are loaded in, of which there are so many bytes (None: unknown).

    "bf16" and "nf4" are taken as asked, on any device. "auto" on CUDA is NF4, but bf16 for weights
    of up to SMALL bytes: of the default decoder NF4 spares 150 MiB, costs about .5 % of its NDCG@10
    (6 % with every map in 4 bits, rounded to nearest) and as much time again for each prompt
    (docs/quality.md). On a CPU it is bf16 where the CPU multiplies bf16 itself (AVX512-BF16 or
    AMX) and float32 elsewhere, since there bf16 is about six times slower than float32; float32
    takes twice the memory of bf16. There
    "auto" also decodes with an int8 copy of the weights. On other accelerators it is bf16.
    """
    if precision != "auto":
        return precision
    if device.type == "cuda":
        return "bf16" if weights is not None and weights <= SMALL else "nf4"
    if device.type == "cpu" and not _cpu_multiplies_bf16():
        return "float32"
    return "bf16"


def _weights_bytes(source: Path) -> int | None:
    """The size of a folder's weights; None where there is no such folder."""
    files = list(source.glob("*.safetensors")) if source.is_dir() else []
    return sum(file.stat().st_size for file in files) if files else None


def apply_adapter(model: Any, folder: Path) -> Any:
    """``model`` with the LoRA adapter of ``folder``, which must have been checked.

    The low-rank update is added to the weights, so that inference costs nothing more. Raises
    ModelError.
    """
    if is_plain_lora(folder):
        merge_lora(model, folder)
        return model
    from peft import PeftModel

    try:
        with quiet_peft():
            tuned = PeftModel.from_pretrained(model, str(folder), is_trainable=False)
    except (ValueError, RuntimeError, KeyError, TypeError, SafetensorError) as error:
        raise ModelError(
            f"adapter {folder} does not fit the decoder: {_first_line(error)}; tune it anew"
        ) from error
    return tuned.merge_and_unload()


@contextmanager
def quiet_peft() -> Iterator[None]:
    """Hides the one warning that peft 0.21 causes by reading a name transformers 5 deprecates."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        yield


def _device(device: str | torch.device | None) -> torch.device:
    if device is not None:
        return torch.device(device)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _cpu_multiplies_bf16() -> bool:
    # torch has no public name for these as of 2.13.
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _load_pretrained(
    source: str, precision: WeightPrecision, device: torch.device
) -> tuple[Any, Any]:
    options: dict[str, Any] = {"dtype": torch.float32 if precision == "float32" else torch.bfloat16}
    if precision == "nf4":
        options |= {"quantization_config": _nf4(), "device_map": {"": device}}
    local = Path(source).is_dir()
    if local:
        check_folder(Path(source))
    try:
        with quiet_loading():
            # No revision: whoever names a decoder of a hub says which; only safetensors are read.
            tokenizer = AutoTokenizer.from_pretrained(  # nosec B615
                source, local_files_only=local
            )
            model = AutoModelForCausalLM.from_pretrained(  # nosec B615
                source, use_safetensors=True, local_files_only=local, **options
            )
    except torch.OutOfMemoryError:  # a RuntimeError, too
        raise
    except _UNUSABLE as error:
        raise ModelError(
            f"decoder {source!r} cannot be loaded: {_first_line(error)}; give a Hugging Face name, "
            f"a folder with safetensors, an http(s) URL, or nothing for the default"
        ) from error
    return (model if precision == "nf4" else model.to(device)), tokenizer


def check_folder(folder: Path) -> None:
    """ModelError, naming the file, where what a decoder is loaded from is damaged.

    Of weights the header is read alone. A file that isn't there is not looked for.
    """
    for file in (folder / name for name in _JSON_FILES if (folder / name).is_file()):
        try:
            whole = isinstance(json.loads(file.read_text("utf-8")), dict)
        except (OSError, ValueError, RecursionError) as error:
            raise ModelError(f"{file} is damaged ({error}); copy the model again") from error
        if not whole:
            raise ModelError(f"{file} is no JSON object; copy the model again")
    for file in sorted(folder.glob("*.safetensors")):
        try:
            with safe_open(file, framework="pt"):
                pass
        except (OSError, SafetensorError) as error:
            raise ModelError(f"{file} is damaged ({error}); copy the model again") from error


def _check_bitsandbytes() -> None:
    if importlib.util.find_spec("bitsandbytes") is None:
        raise ModelError(
            "precision nf4 needs bitsandbytes, which is not installed; run "
            "`pip install 'chatrec[quant]'` or choose --precision bf16"
        )


def _nf4() -> BitsAndBytesConfig:
    _check_bitsandbytes()
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
