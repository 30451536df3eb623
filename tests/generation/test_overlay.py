"""A LoRA that lies over a decoder whose weights stay as they are."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from chatrec.errors import ModelError
from chatrec.generation.int8_steps import int8_copy
from chatrec.generation.loading import quiet_peft
from chatrec.generation.lora_merge import merge_lora
from chatrec.generation.overlay import overlaid
from tests.generation.tiny_decoders import tiny_model

IDS = torch.tensor([[5, 9, 3, 17, 2]])


@pytest.fixture(scope="module")
def model() -> Any:
    return tiny_model("llama")[0].eval()


def lora_of(model: Any, folder: Path, targets: list[str]) -> Path:
    """A plain LoRA adapter for the model, of matrices that change what it says."""
    from peft import LoraConfig, get_peft_model

    with quiet_peft():
        tuned = get_peft_model(
            copy.deepcopy(model), LoraConfig(r=4, lora_alpha=8, target_modules=targets)
        )
    torch.manual_seed(7)
    with torch.no_grad():
        for name, weights in tuned.named_parameters():
            if "lora_" in name:
                weights.copy_(torch.randn_like(weights).mul_(0.3).bfloat16())
    tuned.save_pretrained(folder, save_embedding_layers=False)
    return folder


@pytest.fixture(scope="module")
def adapter(model: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lora")
    return lora_of(model, folder, ["q_proj", "v_proj", "down_proj"])


def test_the_twin_says_what_the_merged_decoder_says(model: Any, adapter: Path) -> None:
    merged = copy.deepcopy(model)
    merge_lora(merged, adapter)
    with torch.inference_mode():
        found, wanted = overlaid(model, adapter)(IDS).logits, merged(IDS).logits
        assert torch.allclose(found, wanted, atol=1e-4)
        assert not torch.allclose(found, model(IDS).logits, atol=1e-2)


def test_the_decoder_itself_is_unchanged_and_shares_its_weights(model: Any, adapter: Path) -> None:
    with torch.inference_mode():
        before = model(IDS).logits
        twin = overlaid(model, adapter)
        twin(IDS)
        assert torch.equal(model(IDS).logits, before)
    own = {p.data_ptr() for p in model.parameters()}
    assert {p.data_ptr() for p in twin.parameters()} == own


def test_it_lies_over_int8_layers_too(model: Any, adapter: Path) -> None:
    small = int8_copy(model)
    with torch.inference_mode():
        full, rounded = overlaid(model, adapter)(IDS).logits, overlaid(small, adapter)(IDS).logits
    assert torch.nn.functional.cosine_similarity(full[0, -1], rounded[0, -1], dim=0) > 0.98


@pytest.mark.parametrize("kind", ["full", "int8"])
def test_matrices_of_another_width_are_refused_before_anything_is_asked(
    model: Any, tmp_path: Path, kind: str
) -> None:
    folder = lora_of(model, tmp_path / "narrow", ["k_proj"])
    matrices = load_file(folder / "adapter_model.safetensors")
    cut = {n: m[:-1].clone() if n.endswith("lora_B.weight") else m for n, m in matrices.items()}
    save_file(cut, folder / "adapter_model.safetensors")
    with pytest.raises(ModelError, match=r"does not fit the decoder at 'model.*k_proj'"):
        overlaid(model if kind == "full" else int8_copy(model), folder)


def test_an_adapter_of_another_shape_of_model_is_refused(model: Any, tmp_path: Path) -> None:
    other = tiny_model("llama")[0]
    layers = other.get_decoder().layers
    layers.append(copy.deepcopy(layers[0]))
    folder = lora_of(other, tmp_path / "deeper", ["q_proj"])
    with pytest.raises(ModelError, match="does not fit the decoder"):
        overlaid(model, folder)
