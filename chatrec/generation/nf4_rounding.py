"""Rounds weights to NF4 so that the errors of a map cancel on inputs like those that it was given.

Rounded to nearest, each weight's error stands alone. Here the inputs are rounded one after the
other, and what an input's rounding adds to the outputs is taken back by the weights of the inputs
that are still to come, as far as these go along with it (Frantar et al. 2023, GPTQ, arXiv
2210.17323). Bits and memory stay as they are. Knows matrices and linear maps; reads no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

BLOCK = 64  # weights of a row that share a scale, as bitsandbytes has them
DAMPING = 0.01  # added to the inputs' products, in parts of their mean square; GPTQ's own


def round_to_nf4(
    maps: Mapping[str, nn.Linear], reader: Any, sample: Sequence[Sequence[int]]
) -> None:
    """Changes the weights of ``maps``, by their names in a model, to some that NF4 has.

    ``reader`` is the model or a copy of it; on its device it reads the ``sample``, rows of token
    ids. Quantising the weights then changes their scales alone, by little. Maps whose number of
    inputs is no multiple of BLOCK stay as they are.
    """
    shapes: dict[tuple[int, ...], list[str]] = {}
    for name, linear in maps.items():
        if linear.in_features % BLOCK == 0:
            shapes.setdefault(tuple(linear.weight.shape), []).append(name)
    names = [name for alike in shapes.values() for name in alike]
    products = input_products(reader, names, sample)
    for alike in shapes.values():
        seen = torch.stack([products[name] for name in alike])
        weights = torch.stack([maps[name].weight.data.float() for name in alike])
        new = rounded(weights.to(seen.device), seen)
        for name, weight in zip(alike, new, strict=True):
            maps[name].weight.data = weight.to(maps[name].weight)


def input_products(
    model: Any, names: Sequence[str], sample: Sequence[Sequence[int]]
) -> dict[str, torch.Tensor]:
    """Of each named module the sum of the outer products (C, C) of its inputs, in float32."""
    found: dict[str, torch.Tensor] = {}

    def adds_to(name: str) -> Any:
        def add(_: nn.Module, given: tuple[torch.Tensor, ...]) -> None:
            inputs = given[0].flatten(end_dim=-2).float()  # (T, C)
            product = inputs.T @ inputs
            found[name] = found[name] + product if name in found else product

        return add

    hooks = [model.get_submodule(n).register_forward_pre_hook(adds_to(n)) for n in names]
    try:
        with torch.inference_mode():
            for row in sample:
                model.get_decoder()(torch.tensor([row], device=model.device), use_cache=False)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def rounded(weights: torch.Tensor, products: torch.Tensor) -> torch.Tensor:
    """Weights (M, R, C) of M maps on NF4's grid, after the products (M, C, C) of their inputs.

    Each block's largest weight stays the largest, so that the block's scale does, too.
    """
    from bitsandbytes.functional import get_4bit_type

    code = get_4bit_type("nf4", device=str(weights.device)).float()  # (16,), -1 to 1, ascending
    borders = (code[1:] + code[:-1]) / 2
    passed_on = _passed_on(products)  # (M, C, C)
    weights = weights.clone()
    for start in range(0, weights.shape[-1], BLOCK):
        end = start + BLOCK
        block = weights[..., start:end]  # (M, R, BLOCK), a view
        largest = block.abs().max(dim=-1)
        scales = largest.values.bfloat16().float().clamp(min=torch.finfo(torch.float32).tiny)
        errors = torch.empty_like(block)
        for place in range(BLOCK):
            value, column = block[..., place].clone(), start + place  # (M, R)
            near = code[torch.bucketize(value / scales, borders)] * scales
            near = torch.where(largest.indices == place, scales.copysign(value), near)
            block[..., place] = near
            rows = passed_on[:, None, column]  # (M, 1, C)
            errors[..., place] = (value - near) / rows[..., column]
            block[..., place + 1 :] -= errors[..., place, None] * rows[..., column + 1 : end]
        weights[..., end:] -= errors @ passed_on[:, start:end, end:]
    return weights


def _passed_on(products: torch.Tensor) -> torch.Tensor:
    """The upper Cholesky factor of the products' inverse, (M, C, C)."""
    squares = products.double()
    means = squares.diagonal(dim1=-2, dim2=-1).mean(dim=-1).clamp(min=1e-12)
    ridge = DAMPING * means[:, None, None] * torch.eye(squares.shape[-1], device=squares.device)
    lower: torch.Tensor = torch.linalg.cholesky(torch.linalg.inv(squares + ridge))
    return lower.mT.float()
