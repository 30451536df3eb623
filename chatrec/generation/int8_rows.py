"""Weights in int8 with one scale a row: half of bf16's memory, and nearly nothing lost.

Symmetric about zero and rounded to nearest: each weight is off by at most half a step, which is its
row's largest magnitude divided by 127. Knows weights, linear maps and embeddings; knows no decoder.
``int8_steps.py`` has the maps that decode single tokens on a CPU; these work on any device, pass
gradients on to their inputs, and share their weights where an output is tied to the embeddings.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

_LARGEST = 127
_BLOCK = 8192  # rows that stand in a wider type at once


class Int8Rows(nn.Module):
    """A matrix (R, C) in int8 with ``steps`` (R,) in bf16, what one is worth in each row."""

    def __init__(self, weight: torch.Tensor) -> None:
        """Of a matrix (R, C), on whose device it stays."""
        super().__init__()
        codes, steps = [], []
        for block in torch.split(weight.detach(), _BLOCK):
            largest = torch.linalg.vector_norm(block.float(), ord=torch.inf, dim=1)
            step = (largest / _LARGEST).clamp(min=torch.finfo(torch.float32).tiny).bfloat16()
            rows = (block.float() / step.float()[:, None]).round_().clamp_(-_LARGEST, _LARGEST)
            codes.append(rows.to(torch.int8))
            steps.append(step)
        self.weight = nn.Parameter(torch.cat(codes), requires_grad=False)
        self.steps = nn.Parameter(torch.cat(steps), requires_grad=False)


class Int8Embedding(nn.Module):
    """An embedding of the rows: token ids (...) to vectors (..., C) in bf16."""

    def __init__(self, rows: Int8Rows) -> None:
        super().__init__()
        self.weight, self.steps = rows.weight, rows.steps

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return F.embedding(ids, self.weight).to(self.steps.dtype) * self.steps[ids][..., None]


class Int8Map(nn.Linear):
    """A linear map by the rows: (..., C) to (..., R), in the inputs' type."""

    def __init__(self, rows: Int8Rows, bias: nn.Parameter | None = None) -> None:
        outputs, inputs = rows.weight.shape
        super().__init__(inputs, outputs, bias=False, device="meta")
        self.weight, self.steps = rows.weight, rows.steps
        self.register_parameter("bias", bias)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        blocks = torch.split(self.weight, _BLOCK)
        products = [F.linear(inputs, block.to(inputs.dtype)) for block in blocks]  # whole codes
        whole = products[0] if len(products) == 1 else torch.cat(products, dim=-1)
        outputs = whole * self.steps.to(whole.dtype)
        return outputs if self.bias is None else outputs + self.bias.to(outputs.dtype)
