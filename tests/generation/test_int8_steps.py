"""Decoding with an int8 copy: how close it comes, what it shares, what stays untouched."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from chatrec.generation.int8_steps import Int8Linear, int8_copy
from chatrec.generation.model import LocalDecoder
from tests.generation.tiny_decoders import PROMPTS, texts, tiny_model


def int8_layer(linear: nn.Linear) -> Int8Linear:
    (layer,) = int8_copy(nn.Sequential(linear))
    assert isinstance(layer, Int8Linear)
    return layer


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("shape", [(64,), (5, 64), (2, 3, 64)])
def test_an_int8_layer_gives_nearly_what_the_layer_gives(
    shape: tuple[int, ...], bias: bool
) -> None:
    torch.manual_seed(7)
    linear = nn.Linear(64, 96, bias=bias)
    inputs = torch.randn(shape)
    with torch.inference_mode():
        expected, given = linear(inputs), int8_layer(linear)(inputs)
    assert given.shape == expected.shape
    assert given.dtype == inputs.dtype
    assert (given - expected).norm() < 0.02 * expected.norm()


def test_each_output_has_its_own_scale_and_an_empty_one_stays_zero() -> None:
    linear = nn.Linear(32, 3, bias=False)
    with torch.no_grad():
        linear.weight[0] *= 1000
        linear.weight[2] = 0
    inputs = torch.ones(1, 32)
    with torch.inference_mode():
        expected, given = linear(inputs)[0], int8_layer(linear)(inputs)[0]
    assert given[2] == 0
    assert torch.allclose(given[:2], expected[:2], rtol=0.05, atol=0.01)


@pytest.mark.parametrize("family", ["llama", "qwen3", "gemma3", "mistral"])
def test_the_copy_shares_the_embeddings_and_leaves_the_model_as_it_was(family: str) -> None:
    model, _ = tiny_model(family)
    before = {name: weight.clone() for name, weight in model.named_parameters()}
    twin = int8_copy(model)
    assert twin.get_input_embeddings().weight is model.get_input_embeddings().weight
    assert not any(type(module) is nn.Linear for module in twin.modules())
    assert isinstance(twin.get_output_embeddings(), Int8Linear)
    assert type(model.get_output_embeddings()) is nn.Linear
    assert all(torch.equal(weight, before[name]) for name, weight in model.named_parameters())
    ids = torch.tensor([[3, 1, 4, 1, 5]])
    with torch.inference_mode():
        expected, given = model(ids).logits, twin(ids).logits
    assert (given - expected).norm() < 0.1 * expected.norm()


def test_prompts_are_read_with_the_full_weights() -> None:
    model, tokenizer = tiny_model("llama")
    full = LocalDecoder(model, tokenizer, name="tiny", precision="float32")
    mixed = LocalDecoder(model, tokenizer, name="tiny", precision="float32", int8_steps=True)
    assert torch.equal(full.last_hidden([[1, 2, 3]]), mixed.last_hidden([[1, 2, 3]]))
    one_token = [texts(each.generate(PROMPTS, max_new_tokens=1), 3) for each in (full, mixed)]
    assert one_token[0] == one_token[1]
    again = [texts(mixed.generate(PROMPTS, max_new_tokens=9), 3) for _ in range(2)]
    assert again[0] == again[1]
