"""A second LoRA over a decoder whose weights are in use: a twin that shares all of them.

Merging another adapter would take the decoder's whole memory once more. The twin has modules of
its own and the decoder's weights; what its adapter adds is computed beside each layer:
``y = W x + scale * B A x`` (Hu et al. 2021, arXiv 2106.09685). The decoder doesn't change and may
run at the same time. Knows nothing about what the twin is asked.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import torch
from torch import nn

from chatrec.errors import ModelError
from chatrec.generation.lora_merge import Update, lora_updates


class OverlaidLinear(nn.Module):
    """A linear layer of somebody else with a low-rank update of its own."""

    def __init__(self, linear: nn.Module, update: Update) -> None:
        super().__init__()
        self._linear, self._down, self._up, self._scale = (
            linear,
            update.down,
            update.up,
            update.scale,
        )

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(..., in) to (..., out), in the inputs' type."""
        down, up = (matrix.to(inputs.dtype) for matrix in (self._down, self._up))
        outputs: torch.Tensor = self._linear(inputs)
        return outputs.add_((inputs @ down.T) @ up.T, alpha=self._scale)


def overlaid(model: Any, folder: Path) -> Any:
    """A twin of ``model`` with the plain LoRA of ``folder``, which must have been checked.

    The low-rank matrices are kept in bf16. Layers of any kind that name their shape as nn.Linear
    does will do, int8 ones too. Raises ModelError where a matrix fits no layer.
    """
    shared = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    shared |= {id(m): m for m in model.modules() if not list(m.children())}
    twin = copy.deepcopy(model, shared)
    for update in lora_updates(folder):
        linear = _layer(twin, update.layer)
        if linear is None or _shape(linear) != (update.up.shape[0], update.down.shape[1]):
            raise ModelError(
                f"adapter {folder} does not fit the decoder at {update.layer!r}; load the base "
                "that it was made for or tune it anew"
            )
        parent, _, name = update.layer.rpartition(".")
        setattr(twin.get_submodule(parent), name, OverlaidLinear(linear, update.on(model.device)))
    return twin


def _layer(model: Any, name: str) -> nn.Module | None:
    try:
        found: nn.Module = model.get_submodule(name)
    except AttributeError:
        return None
    return found


def _shape(linear: nn.Module) -> tuple[Any, Any]:
    """The numbers of its outputs and inputs, (None, None) for what is no linear layer."""
    return getattr(linear, "out_features", None), getattr(linear, "in_features", None)
