"""Checks an adapter folder before any of its files is parsed, and records its checksums.

An adapter is ``adapter_config.json`` and ``adapter_model.safetensors`` (LoRA, as peft writes
them), ``item_head.safetensors``, ``CARD.md`` and ``checksums.json``. Knows nothing about how an
adapter is trained or applied. The checksums show damage and careless edits; whoever can rewrite
the folder can rewrite them too, so only take adapters from people you trust.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from chatrec.data.checksums import record_checksums, verify_checksums
from chatrec.errors import ModelError

ADAPTER_CONFIG = "adapter_config.json"
ADAPTER_WEIGHTS = "adapter_model.safetensors"
ITEM_HEAD = "item_head.safetensors"
CARD = "CARD.md"
ADAPTER_FILES = (ADAPTER_CONFIG, ADAPTER_WEIGHTS, ITEM_HEAD, CARD)
HEADLESS_FILES = (ADAPTER_CONFIG, ADAPTER_WEIGHTS, CARD)  # of an adapter that ranks nothing

_READS_HIDDEN = ("q_proj", "k_proj", "v_proj", "qkv_proj", "gate_proj", "up_proj", "gate_up_proj")
_WRITES_HIDDEN = ("o_proj", "down_proj")


def write_checksums(folder: Path, files: Sequence[str] = ADAPTER_FILES) -> None:
    """Record the SHA-256 of every file of the adapter in ``folder/checksums.json``.

    Call it last, when all files are written. Raises ModelError when one is missing.
    """
    for name in files:
        if not (folder / name).is_file():
            raise ModelError(f"adapter {folder}: {name} is missing; write it before the checksums")
    record_checksums(folder, files)


def base_key(model_name: str) -> str:
    """What two names of one base have in common: the last path part, in lower case.

    >>> base_key("HuggingFaceTB/SmolLM2-135M-Instruct")
    'smollm2-135m-instruct'
    """
    return PurePosixPath(model_name.replace("\\", "/")).name.casefold()


def check_adapter(
    folder: Path, *, base_name: str, hidden_size: int, files: Sequence[str] = ADAPTER_FILES
) -> None:
    """Make sure that ``folder`` holds an intact adapter for this base, before it is loaded.

    ``hidden_size`` is the width of the decoder's hidden state. Raises ModelError that says which
    file is missing, truncated or changed, or which base the adapter was made for.
    """
    if not folder.is_dir():
        raise ModelError(f"adapter {folder} is not a folder; give the folder that tuning wrote")
    verify_checksums(folder, files, remedy="copy the adapter again or tune it anew")
    made_for = recorded_base(folder)
    if base_key(made_for) != base_key(base_name):
        raise ModelError(
            f"adapter {folder} was made for the base {made_for!r}, not for {base_name!r}; "
            f"load that base or tune an adapter for this one"
        )
    width = _adapter_width(folder)
    if width != hidden_size:
        raise ModelError(
            f"adapter {folder} is for hidden states {width} wide, but those of {base_name!r} are "
            f"{hidden_size} wide; load the base that it was made for"
        )


def recorded_base(folder: Path) -> str:
    """The base model's name in ``adapter_config.json``; ModelError where there is none."""
    path = folder / ADAPTER_CONFIG
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise ModelError(f"{path} is not a JSON file: {error}; tune the adapter anew") from error
    name = config.get("base_model_name_or_path") if isinstance(config, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise ModelError(f"{path} names no base_model_name_or_path; tune the adapter anew")
    return name


def _adapter_width(folder: Path) -> int:
    """The hidden size that the LoRA matrices fit, from the file's header alone."""
    from safetensors import SafetensorError, safe_open

    path = folder / ADAPTER_WEIGHTS
    try:
        with safe_open(path, framework="numpy") as tensors:
            for name in tensors.keys():  # noqa: SIM118 (safe_open gives no plain iteration)
                module, _, matrix = name.rpartition(".lora_")
                projection = module.rpartition(".")[2]
                shape = tensors.get_slice(name).get_shape()
                if projection in _READS_HIDDEN and matrix == "A.weight":  # (r, hidden)
                    return int(shape[1])
                if projection in _WRITES_HIDDEN and matrix == "B.weight":  # (hidden, r)
                    return int(shape[0])
    except SafetensorError as error:
        raise ModelError(f"{path} is not a safetensors file: {error}; tune it anew") from error
    raise ModelError(
        f"{path} holds no LoRA matrix of an attention or MLP projection; an empty adapter was "
        f"saved: tune it anew"
    )
