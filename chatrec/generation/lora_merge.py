"""Adds a plain LoRA adapter to a decoder's weights, without peft.

peft merges every kind of adapter, but importing it and wrapping each layer first takes longer
than loading the default decoder does. For plain LoRA the whole merge is ``W += scale * B @ A``
(Hu et al. 2021, arXiv 2106.09685; the scale of rsLoRA: Kalajdzievski 2023, arXiv 2312.03732).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from chatrec.errors import ModelError
from chatrec.generation.adapter_files import ADAPTER_CONFIG, ADAPTER_WEIGHTS

# What an adapter's config may set and still be plain LoRA; all else must be unset.
_PLAIN = {
    "auto_mapping",
    "base_model_name_or_path",
    "inference_mode",
    "init_lora_weights",
    "lora_alpha",
    "lora_dropout",
    "megatron_core",
    "peft_type",
    "peft_version",
    "qalora_group_size",
    "r",
    "revision",
    "target_modules",
    "task_type",
    "use_rslora",
}
_PREFIX = "base_model.model."
_DOWN, _UP = ".lora_A.weight", ".lora_B.weight"


def is_plain_lora(folder: Path) -> bool:
    """Whether the adapter in ``folder``, which must have been checked, is plain LoRA.

    DoRA, ranks by layer, trained biases or tokens and whatever peft adds next are not.
    """
    config = _config(folder)
    extras = {name for name, value in config.items() if value not in (None, False, "none", {}, [])}
    return (
        extras <= _PLAIN
        and config.get("peft_type") == "LORA"
        and config.get("init_lora_weights") in (True, "gaussian")
    )


@dataclass(frozen=True, slots=True)
class Update:
    """What an adapter adds to one layer: ``scale * up @ down``.

    ``down`` is (r, in), ``up`` (out, r).
    """

    layer: str
    down: torch.Tensor
    up: torch.Tensor
    scale: float

    def on(self, device: torch.device) -> Update:
        """The same there, in bf16."""
        down, up = (matrix.to(device, torch.bfloat16) for matrix in (self.down, self.up))
        return Update(self.layer, down, up, self.scale)


def lora_updates(folder: Path) -> list[Update]:
    """The updates of the plain LoRA adapter in ``folder``.

    Raises ModelError where a matrix lacks its other half or hasn't the rank of the config.
    """
    rank, scale = _rank_and_scale(folder)
    matrices = load_file(folder / ADAPTER_WEIGHTS)
    updates = []
    for name, down in matrices.items():
        if not name.endswith(_DOWN):
            continue
        up = matrices.get(name.removesuffix(_DOWN) + _UP)
        if up is None:
            continue
        layer = name.removeprefix(_PREFIX).removesuffix(_DOWN)
        if down.ndim != 2 or up.ndim != 2 or not down.shape[0] == up.shape[1] == rank:
            raise ModelError(
                f"adapter {folder} has matrices of the shapes {tuple(up.shape)} and "
                f"{tuple(down.shape)} at {layer!r}, but its {ADAPTER_CONFIG} says r = {rank}; "
                "copy the adapter again or tune it anew"
            )
        updates.append(Update(layer, down, up, scale))
    if 2 * len(updates) != len(matrices):
        raise ModelError(f"adapter {folder} holds matrices without their other half; tune it anew")
    return updates


@torch.no_grad()
def merge_lora(model: Any, folder: Path) -> None:
    """Adds the plain LoRA adapter in ``folder`` to the weights of ``model``, in place.

    Raises ModelError, with ``model`` unchanged, where a matrix fits no layer.
    """
    updates = [(_weight(model, update.layer), update) for update in lora_updates(folder)]
    for weight, update in updates:
        if weight is None or weight.shape != (update.up.shape[0], update.down.shape[1]):
            raise ModelError(
                f"adapter {folder} does not fit the decoder at {update.layer!r}; load the base "
                "that it was made for or tune it anew"
            )
    for weight, update in updates:
        assert weight is not None
        whole = update.scale * (update.up.float() @ update.down.float())  # (out, in)
        weight += whole.to(device=weight.device, dtype=weight.dtype)


def _rank_and_scale(folder: Path) -> tuple[int, float]:
    """The rank, and what the update is multiplied with; ModelError where the config has neither."""
    config = _config(folder)
    rank, alpha = config.get("r"), config.get("lora_alpha")
    if not (
        isinstance(rank, int)
        and rank > 0
        and isinstance(alpha, int | float)
        and math.isfinite(alpha)
    ):
        raise ModelError(
            f"{folder / ADAPTER_CONFIG} has r = {rank!r} and lora_alpha = {alpha!r}; a whole "
            "number above 0 and a number are needed; tune the adapter anew"
        )
    return rank, float(alpha / (math.sqrt(rank) if config.get("use_rslora") else rank))


def _config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / ADAPTER_CONFIG).read_text("utf-8"))
    return config


def _weight(model: Any, layer: str) -> torch.Tensor | None:
    try:
        module = model.get_submodule(layer)
    except AttributeError:
        return None
    return module.weight if isinstance(module, torch.nn.Linear) else None
