"""Which LoRA a decoder is tuned with, how it begins, and what it is once training has ended.

Plain LoRA (Hu et al. 2021, arXiv 2106.09685); rsLoRA, whose scale falls with the root of the rank
(Kalajdzievski 2023, arXiv 2312.03732); DoRA, which learns each column's length apart from its
direction (Liu et al. 2024, arXiv 2402.09353); PiSSA, which begins as the largest singular parts of
the weights (Meng et al. 2024, arXiv 2404.02948). Knows peft; knows nothing about what is learnt.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from chatrec.generation.loading import quiet_peft

if TYPE_CHECKING:
    from chatrec.settings import LoraKind

ALPHA_OF_RANK = 2  # lora_alpha in times of the rank
_PISSA = "pissa_niter_16"  # steps of the randomised SVD
_NAME = "default"


def with_lora(
    model: Any, kind: LoraKind, rank: int, dropout: float
) -> tuple[Any, Callable[[], None]]:
    """The model wrapped with a LoRA on all its linear layers, which alone can be trained.

    It says what the model said. The second is to be called once training has ended: from then on
    the adapter changes the untouched base. That of PiSSA, which took parts out of the weights, is
    a plain LoRA of twice the rank then (section 3.2 there); the others stay what they are.
    """
    from peft import LoraConfig, get_peft_model

    for parameter in model.parameters():
        parameter.requires_grad_(False)
    config = LoraConfig(
        r=rank,
        lora_alpha=ALPHA_OF_RANK * rank,
        lora_dropout=dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
        use_rslora=kind == "rslora",
        use_dora=kind == "dora",
        init_lora_weights=_PISSA if kind == "pissa" else True,
    )
    with quiet_peft():
        tuned = get_peft_model(model, config)
    if kind != "pissa":
        return tuned, _stay
    begun = {name: tuple(w.detach().clone() for w in _pair(m)) for name, m in _layers(tuned)}

    @torch.no_grad()
    def settle() -> None:
        for name, layer in _layers(tuned):
            first_down, first_up = begun.pop(name)
            down, up = _pair(layer)
            weight = layer.get_base_layer().weight
            weight += (layer.scaling[_NAME] * first_up @ first_down).to(weight.dtype)
            layer.lora_A[_NAME].weight = nn.Parameter(torch.cat([down, first_down]))
            layer.lora_B[_NAME].weight = nn.Parameter(torch.cat([up, -first_up], dim=1))
            layer.r[_NAME] = 2 * rank
        config = tuned.peft_config[_NAME]
        config.r, config.lora_alpha = 2 * rank, 2 * ALPHA_OF_RANK * rank
        config.init_lora_weights = True

    return tuned, settle


def _stay() -> None:
    """What a LoRA that began as nothing needs at the end."""


def _layers(model: Any) -> list[tuple[str, Any]]:
    from peft.tuners.lora import LoraLayer

    return [(name, m) for name, m in model.named_modules() if isinstance(m, LoraLayer)]


def _pair(layer: Any) -> tuple[Any, Any]:
    """The layer's two matrices, (rank, in) and (out, rank)."""
    return layer.lora_A[_NAME].weight, layer.lora_B[_NAME].weight
