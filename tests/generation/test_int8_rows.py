"""Weights in int8 by rows: how close they are, what they share, what passes through them."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from chatrec.generation import int8_rows
from chatrec.generation.int8_rows import Int8Embedding, Int8Map, Int8Rows


def whole(rows: Int8Rows) -> torch.Tensor:
    return rows.weight.float() * rows.steps.float()[:, None]


@pytest.mark.parametrize("block", [4, 100])
def test_each_weight_is_off_by_half_a_step_at_most(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(int8_rows, "_BLOCK", block)
    torch.manual_seed(1)
    weight = torch.randn(10, 32).bfloat16()
    weight[3] *= 1000
    weight[7] = 0
    rows = Int8Rows(weight)
    steps = rows.steps.float()[:, None]
    # A step is rounded to bf16, so that the largest codes may lack up to 127 / 256 of one more.
    assert ((whole(rows) - weight.float()).abs() <= steps).all()
    inner = rows.weight.abs() < 127
    assert ((whole(rows) - weight.float()).abs() <= 0.5001 * steps)[inner].all()
    assert (whole(rows)[7] == 0).all()
    assert (rows.weight.dtype, rows.weight.requires_grad) == (torch.int8, False)


@pytest.mark.parametrize("block", [4, 100])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_map_gives_what_its_rows_give(
    dtype: torch.dtype, bias: bool, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(int8_rows, "_BLOCK", block)
    torch.manual_seed(2)
    linear = nn.Linear(32, 10, bias=bias)
    rows = Int8Rows(linear.weight)
    inputs = torch.randn(2, 3, 32, dtype=dtype)
    given = Int8Map(rows, linear.bias)(inputs)
    expected = nn.functional.linear(inputs.float(), whole(rows), linear.bias)
    assert (given.dtype, given.shape) == (dtype, (2, 3, 10))
    tolerance = 1e-5 if dtype == torch.float32 else 0.02
    assert torch.allclose(given.float(), expected, atol=tolerance, rtol=tolerance)


def test_gradients_reach_the_inputs_of_a_map() -> None:
    rows = Int8Rows(torch.randn(5, 8))
    inputs = torch.randn(3, 8, requires_grad=True)
    Int8Map(rows)(inputs).sum().backward()
    assert inputs.grad is not None
    assert torch.allclose(inputs.grad, whole(rows).sum(dim=0).expand(3, 8), atol=1e-4)


def test_an_embedding_gives_its_rows_and_shares_them_with_a_map() -> None:
    rows = Int8Rows(torch.randn(12, 8).bfloat16())
    embedding, output = Int8Embedding(rows), Int8Map(rows)
    ids = torch.tensor([[3, 11], [0, 3]])
    assert torch.equal(embedding(ids), whole(rows)[ids].bfloat16())
    assert embedding.weight is output.weight
    assert embedding.steps is output.steps
