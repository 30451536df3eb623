"""A further LoRA beside an adapter's own, and both as one: the sum of two LoRAs is a LoRA.

``s1 B1 A1 + s2 B2 A2 = s1 [B1, (s2 / s1) B2] [A1; A2]``, so ranks r1 and r2 make one adapter of
rank r1 + r2 in the same file format (Hu et al. 2021, arXiv 2106.09685, for LoRA itself). Knows
peft's names and files; knows nothing about what was learnt.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from chatrec.data.whole_folder import whole_folder
from chatrec.errors import ModelError
from chatrec.generation.adapter_files import (
    ADAPTER_CONFIG,
    ADAPTER_WEIGHTS,
    CARD,
    ITEM_HEAD,
    write_checksums,
)
from chatrec.generation.loading import quiet_peft
from chatrec.generation.lora_merge import is_plain_lora

FURTHER = "further"
SCALE = 2.0  # of the further LoRA: lora_alpha / r, as in the first tuning
_DOWN = ".lora_A.weight"


def target_modules(folder: Path) -> tuple[str, ...]:
    """The names of the layers that the checked adapter in ``folder`` changes.

    ModelError for one that isn't plain LoRA, as nothing can be added to that.
    """
    config = _config(folder)
    modules = config.get("target_modules")
    if not is_plain_lora(folder) or not isinstance(modules, list):
        raise ModelError(
            f"adapter {folder} is not plain LoRA on named layers, so no further LoRA can be added "
            "to it; go on from one that `chatrec tune` wrote"
        )
    return tuple(sorted(modules))


def with_further_lora(model: Any, rank: int, modules: Sequence[str], layers: int) -> Any:
    """``model`` with one more LoRA, named ``FURTHER``, which alone can be trained.

    It is on the modules of the last ``layers`` layers, and begins as nothing: the model says what
    it said. ``model`` has its adapter merged into its weights, or beside them as peft puts it.
    """
    from peft import LoraConfig, PeftModel, get_peft_model

    for parameter in model.parameters():
        parameter.requires_grad_(False)
    depth = model.config.get_text_config().num_hidden_layers
    config = LoraConfig(
        r=rank,
        lora_alpha=int(SCALE * rank),
        lora_dropout=0.0,
        target_modules=list(modules),
        layers_to_transform=list(range(max(0, depth - layers), depth)),
        task_type="CAUSAL_LM",
    )
    with quiet_peft():
        if not isinstance(model, PeftModel):
            return get_peft_model(model, config, adapter_name=FURTHER)
        before = list(model.active_adapters)
        model.add_adapter(FURTHER, config)
        model.base_model.set_adapter([*before, FURTHER])
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(f".{FURTHER}." in name)
    return model


def further_matrices(model: Any) -> dict[str, Tensor]:
    """The matrices of the LoRA named ``FURTHER``, under the names that an adapter's file has."""
    from peft import get_peft_model_state_dict

    state = get_peft_model_state_dict(model, adapter_name=FURTHER, save_embedding_layers=False)
    return {name: value.detach().cpu() for name, value in state.items()}


def summed(
    folder: Path, further: Mapping[str, Tensor], strength: float = 1.0
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The adapter in ``folder`` and a further LoRA as one: its matrices and its configuration.

    Of what the further one changes, ``strength`` (0 to 1) is taken. Where it changes nothing, its
    part is zeros. ModelError where it changes what the adapter doesn't.
    """
    own, config = load_file(folder / ADAPTER_WEIGHTS), _config(folder)
    if not further.keys() <= own.keys():
        odd = min(further.keys() - own.keys())
        raise ModelError(
            f"adapter {folder} has no {odd}, which the further LoRA changes; tune on the layers "
            "that the adapter has"
        )
    more = next(m.shape[0] for name, m in further.items() if name.endswith(_DOWN))
    rank = config["r"]
    own_scale = config["lora_alpha"] / (math.sqrt(rank) if config.get("use_rslora") else rank)
    ratio = strength * SCALE / own_scale
    matrices = {}
    for name, matrix in own.items():
        if name.endswith(_DOWN):
            added = further.get(name, torch.zeros(more, matrix.shape[1]))
            matrices[name] = torch.cat([matrix, added], dim=0)  # (r1 + r2, in)
        else:
            added = further.get(name, torch.zeros(matrix.shape[0], more))
            matrices[name] = torch.cat([matrix, ratio * added], dim=1)  # (out, r1 + r2)
    whole = rank + more
    return matrices, config | {"r": whole, "lora_alpha": own_scale * whole, "use_rslora": False}


def write_summed(
    to: Path, adapter: Path, matrices: Mapping[str, Tensor], config: Mapping[str, Any], card: str
) -> None:
    """Write the adapter (bfloat16) with the item head of the one it came from; whole or not at all.

    ``card`` is the text of its CARD.md.
    """
    plain = {name: m.to(torch.bfloat16).contiguous() for name, m in matrices.items()}
    with whole_folder(to) as part:
        save_file(plain, part / ADAPTER_WEIGHTS, metadata={"format": "pt"})
        (part / ADAPTER_CONFIG).write_text(json.dumps(dict(config), indent=2) + "\n", "utf-8")
        shutil.copyfile(adapter / ITEM_HEAD, part / ITEM_HEAD)
        (part / CARD).write_text(card, encoding="utf-8")
        write_checksums(part)


def _config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / ADAPTER_CONFIG).read_text("utf-8"))
    return config
