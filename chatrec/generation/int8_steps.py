"""An int8 copy of a decoder for the decoding steps on a CPU.

A step runs one token for each row of a small batch: it reads every weight once and computes
little with it, so it takes as long as reading the weights takes. Int8 weights are a quarter of
float32 ones. The prompt, where the time goes into multiplying, stays with the full weights.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn

_LARGEST = 127
_BLOCK = 4096  # rows that are quantised at once


class Int8Linear(nn.Module):
    """A linear layer with int8 weights, one scale for each output, and bf16 activations.

    Weight-only round-to-nearest quantisation (W8A16), symmetric about zero: each weight is off by
    at most half a step, which is its row's largest magnitude divided by 127.
    """

    def __init__(
        self, weight: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None = None
    ) -> None:
        """``weight`` int8, (out, in); ``scale`` bf16, (out,); ``bias``, (out,)."""
        super().__init__()
        self.out_features, self.in_features = weight.shape
        self._weight, self._scale, self._bias = weight, scale, bias

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(..., in) to (..., out), in the inputs' type."""
        rows = inputs.reshape(-1, inputs.shape[-1]).to(torch.bfloat16)
        outputs = torch._weight_int8pack_mm(rows, self._weight, self._scale)
        outputs = outputs.reshape(*inputs.shape[:-1], -1).to(inputs.dtype)
        return outputs if self._bias is None else outputs + self._bias


@torch.no_grad()
def int8_copy(model: Any) -> Any:
    """``model`` with all its linear layers in int8; it shares every other weight with ``model``.

    The int8 weights lie in one piece of memory, and one piece of scratch serves them all: float
    tensors that come and go between lasting ones would leave holes in the heap, worth more than
    the copy itself.
    """
    shared = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    twin = copy.deepcopy(model, shared)
    layers = [
        (module, name, child)
        for module in list(twin.modules())
        for name, child in module.named_children()
        if type(child) is nn.Linear
    ]
    sizes = [linear.weight.numel() for _, _, linear in layers]
    rooms = torch.split(torch.empty(sum(sizes), dtype=torch.int8), sizes)
    scratch = torch.empty(_BLOCK * max(linear.in_features for _, _, linear in layers))
    for (module, name, linear), room in zip(layers, rooms, strict=True):
        setattr(module, name, _quantised(linear, room, scratch))
    return twin


def _quantised(linear: nn.Linear, room: torch.Tensor, scratch: torch.Tensor) -> Int8Linear:
    """The layer in int8, its weights written into ``room``."""
    weight = room.view(linear.weight.shape)
    scale = torch.empty(len(weight), dtype=torch.bfloat16)
    blocks = (torch.split(tensor, _BLOCK) for tensor in (linear.weight, weight, scale))
    for full, small, step in zip(*blocks, strict=True):
        rows = scratch[: full.numel()].view(full.shape).copy_(full)
        largest = torch.linalg.vector_norm(rows, ord=torch.inf, dim=1)
        step.copy_((largest / _LARGEST).clamp_(min=torch.finfo(torch.float32).tiny))
        small.copy_(rows.div_(step.float()[:, None]).round_().clamp_(-_LARGEST, _LARGEST))
    return Int8Linear(weight, scale, linear.bias)
