"""A decoder in 4 bits: what stays in 8, what it takes, and what still works with it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from bitsandbytes.nn import Linear4bit
from torch import nn

from chatrec.generation.int8_rows import Int8Embedding, Int8Map
from chatrec.generation.loading import quiet_peft
from chatrec.generation.model import LocalDecoder
from chatrec.generation.nf4 import NF4_BYTES, STEP_BYTES, finer_maps, quantised
from tests.generation.tiny_decoders import PROMPTS, texts, tiny_model

CPU = torch.device("cpu")


def in_4_bits(family: str) -> tuple[Any, Any]:
    model, tokenizer = tiny_model(family)
    return quantised(model.bfloat16(), CPU), tokenizer


def kinds(model: Any, of: type[nn.Module]) -> set[str]:
    return {name for name, module in model.named_modules() if isinstance(module, of)}


def test_finer_maps_are_the_sensitive_kinds_and_then_the_first_layers() -> None:
    shapes = {"q_proj": (8, 8), "v_proj": (4, 8), "gate_proj": (16, 8), "down_proj": (8, 16)}
    maps = {
        f"layers.{layer}.{kind}": nn.Linear(inputs, outputs)
        for layer in range(3)
        for kind, (outputs, inputs) in shapes.items()
    }

    def more(kind: str) -> float:
        outputs, inputs = shapes[kind]
        return outputs * (inputs * (1 - NF4_BYTES) + STEP_BYTES)

    assert finer_maps(maps, 0) == set()
    room = 3 * more("v_proj") + 3 * more("down_proj")
    kept = {f"layers.{layer}.{kind}" for layer in range(3) for kind in ("v_proj", "down_proj")}
    assert finer_maps(maps, room) == kept
    room += more("q_proj") + more("gate_proj")
    assert finer_maps(maps, room) == kept | {"layers.0.q_proj", "layers.0.gate_proj"}
    assert finer_maps(maps, 10 * room) == set(maps)


def test_a_tied_table_is_shared_in_int8_and_pays_for_finer_maps() -> None:
    model, _ = tiny_model("qwen3")
    maps = kinds(model, nn.Linear) - {"lm_head"}
    room = model.lm_head.weight.numel() - STEP_BYTES * model.config.vocab_size
    linears = {name: model.get_submodule(name) for name in sorted(maps, key=list(maps).index)}
    small = quantised(model.bfloat16(), CPU)
    table, output = small.get_input_embeddings(), small.get_output_embeddings()
    assert [type(table), type(output)] == [Int8Embedding, Int8Map]
    assert table.weight is output.weight
    assert table.steps is output.steps
    finer = kinds(small, Int8Map) - {"lm_head"}
    assert finer | kinds(small, Linear4bit) == maps
    assert {name for name in maps if name.endswith(("v_proj", "k_proj", "down_proj"))} <= finer
    spent = sum(
        linears[n].out_features * (linears[n].in_features * (1 - NF4_BYTES) + STEP_BYTES)
        for n in finer
    )
    assert 0 < spent <= room
    assert small.dtype == torch.bfloat16


@pytest.mark.parametrize("family", ["llama", "mistral", "gemma3"])
def test_other_embeddings_stay_and_all_maps_are_in_nf4(family: str) -> None:
    """Of Llama and Mistral here the output is apart; Gemma's embeddings are scaled."""
    model, _ = tiny_model(family)
    maps = kinds(model, nn.Linear) - {"lm_head"}
    before = model.get_input_embeddings().weight.clone()
    small = quantised(model.bfloat16(), CPU)
    assert kinds(small, Linear4bit) == maps
    assert not kinds(small, Int8Map)
    assert torch.equal(small.get_input_embeddings().weight, before.bfloat16())


def test_the_finer_maps_bring_it_closer_to_what_it_was() -> None:
    rows = torch.arange(3, 43).view(4, 10)
    with torch.inference_mode():
        exact = tiny_model("qwen3")[0].bfloat16()(rows).logits.float()
        mixed = in_4_bits("qwen3")[0](rows).logits.float()
        model, _ = tiny_model("qwen3")
        model.bfloat16()
        model.lm_head.weight = nn.Parameter(model.lm_head.weight.clone())  # not tied: plain NF4
        plain = quantised(model, CPU)(rows).logits.float()
    assert (mixed - exact).norm() < 0.8 * (plain - exact).norm()
    assert (mixed - exact).norm() > 0


def test_it_generates_alone_and_through_transformers() -> None:
    model, tokenizer = in_4_bits("qwen3")
    decoder = LocalDecoder(model, tokenizer, name="tiny", precision="nf4")
    assert any(texts(decoder.generate(PROMPTS, max_new_tokens=8), 3))
    model.tie_weights()
    ids = torch.tensor([decoder.encode_chat(PROMPTS[0])])
    written = model.generate(ids, max_new_tokens=4, do_sample=False)
    assert written.shape[1] > ids.shape[1]
    assert model.get_output_embeddings().weight is model.get_input_embeddings().weight


def test_a_lora_learns_beside_it() -> None:
    from peft import LoraConfig, get_peft_model

    model, _ = in_4_bits("qwen3")
    with quiet_peft():
        tuned = get_peft_model(model, LoraConfig(r=2, target_modules="all-linear"))
    trained = {n: p for n, p in tuned.named_parameters() if p.requires_grad}
    assert all("lora_" in name and "lm_head" not in name for name in trained)
    assert len(trained) == 2 * 2 * 7  # two matrices for each map of two layers
    ids = torch.tensor([[3, 1, 4, 1, 5]])
    tuned(input_ids=ids, labels=ids).loss.backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in trained.values())
    assert any(p.grad.abs().sum() > 0 for p in trained.values())
