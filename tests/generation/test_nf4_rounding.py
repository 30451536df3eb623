"""Rounding to NF4 after what a map was given: on the grid, and closer where it counts."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from bitsandbytes.functional import dequantize_4bit, quantize_4bit
from torch import nn

from chatrec.generation.int8_rows import Int8Map
from chatrec.generation.nf4 import quantised
from chatrec.generation.nf4_rounding import input_products, round_to_nf4, rounded
from tests.generation.tiny_decoders import SIZES, tiny_model

CPU = torch.device("cpu")
SAMPLE = [list(range(3, 60)), [5, 1, 9, 7] * 12]


def read_back(weight: torch.Tensor) -> torch.Tensor:
    whole: torch.Tensor = dequantize_4bit(*quantize_4bit(weight.bfloat16(), quant_type="nf4"))
    return whole.float()


def correlated(rows: int, width: int) -> torch.Tensor:
    """Inputs (rows, width) that mostly lie in a few directions, as hidden states do."""
    draw = torch.Generator().manual_seed(1)
    directions = torch.randn(width // 8, width, generator=draw)
    strengths = torch.randn(rows, width // 8, generator=draw)
    return strengths @ directions + 0.3 * torch.randn(rows, width, generator=draw)


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny decoders whose rows are two blocks wide."""
    monkeypatch.setitem(SIZES, "hidden_size", 128)


def test_the_outputs_are_closer_on_inputs_like_those_seen() -> None:
    weight = torch.randn(96, 128, generator=torch.Generator().manual_seed(2))
    seen, other = correlated(800, 128).split(400)
    new = rounded(weight[None], (seen.T @ seen)[None])[0]
    nearest = read_back(weight)
    ours, plain = (((w - weight) @ other.T).norm() for w in (read_back(new), nearest))
    assert ours < 0.6 * plain
    assert (new - weight).norm() > (nearest - weight).norm()  # the price, where nothing is seen


def test_quantising_what_was_rounded_changes_nothing() -> None:
    weight = torch.randn(2, 64, 128, generator=torch.Generator().manual_seed(3)).bfloat16().float()
    seen = correlated(400, 128)
    for new in rounded(weight, torch.stack([seen.T @ seen] * 2)):
        assert torch.allclose(read_back(new), new, rtol=0.01, atol=1e-6)


def test_maps_rounded_together_are_as_each_alone() -> None:
    weights = torch.randn(2, 16, 64, generator=torch.Generator().manual_seed(4))
    seen = correlated(400, 128)
    products = torch.stack([part.T @ part for part in (seen[:, :64], seen[:, 64:])])
    both = rounded(weights, products)
    for n in range(2):
        alone = rounded(weights[n : n + 1], products[n : n + 1])[0]
        assert torch.allclose(both[n], alone, atol=1e-5)


def test_inputs_that_go_along_with_none_are_rounded_to_nearest() -> None:
    weight = torch.randn(32, 128, generator=torch.Generator().manual_seed(5)).bfloat16().float()
    new = rounded(weight[None], torch.eye(128)[None])[0]
    assert torch.allclose(new, read_back(weight), rtol=0.01, atol=1e-6)


def test_an_input_that_is_always_nothing_is_no_trouble() -> None:
    seen = correlated(400, 64)
    seen[:, 7] = 0
    weights = torch.randn(1, 8, 64, generator=torch.Generator().manual_seed(6))
    weights[0, 3] = 0
    for products in (seen.T @ seen, torch.zeros(64, 64)):
        new = rounded(weights, products[None])
        assert new.isfinite().all()
        assert (new[0, 3].abs() < 1e-30).all()


def test_input_products_are_those_of_all_rows_and_leave_no_hooks() -> None:
    model, _ = tiny_model("llama")
    name = "model.layers.1.mlp.down_proj"
    given: list[torch.Tensor] = []
    hook = model.get_submodule(name).register_forward_pre_hook(lambda _, of: given.append(of[0]))
    found = input_products(model, [name], SAMPLE)
    hook.remove()
    inputs = torch.cat([of[0] for of in given])
    assert len(inputs) == sum(map(len, SAMPLE))
    assert torch.allclose(found[name], inputs.T @ inputs, rtol=1e-4, atol=1e-4)
    assert not model.get_submodule(name)._forward_pre_hooks


def test_maps_that_blocks_do_not_divide_stay_as_they_are() -> None:
    model, _ = tiny_model("llama")  # 32 wide, 64 within
    maps = {n: m for n, m in model.named_modules() if isinstance(m, nn.Linear) and n != "lm_head"}
    before = {name: linear.weight.clone() for name, linear in maps.items()}
    round_to_nf4(maps, model, SAMPLE)
    changed = {
        n.rpartition(".")[2] for n, m in maps.items() if not torch.equal(m.weight, before[n])
    }
    assert changed == {"down_proj"}


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("family", ["llama", "qwen3"])
def test_a_sample_brings_the_decoder_closer_and_takes_no_memory(family: str) -> None:
    exact: Any = tiny_model(family)[0].bfloat16()
    plain = quantised(tiny_model(family)[0].bfloat16(), CPU)
    ours = quantised(tiny_model(family)[0].bfloat16(), CPU, SAMPLE)
    with torch.inference_mode():
        whole, nearest, near = (
            m.get_decoder()(torch.tensor([SAMPLE[0]])).last_hidden_state.float()
            for m in (exact, plain, ours)
        )
    assert (near - whole).norm() < 0.8 * (nearest - whole).norm()
    assert [(n, type(m)) for n, m in ours.named_modules()] == [
        (n, type(m)) for n, m in plain.named_modules()
    ]
    assert ours.get_memory_footprint() == plain.get_memory_footprint()
    finer = [n for n, m in plain.named_modules() if isinstance(m, Int8Map)]
    assert bool(finer) == (family == "qwen3")
    for name in finer:
        assert torch.equal(ours.get_submodule(name).weight, plain.get_submodule(name).weight)
