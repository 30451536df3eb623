"""Two LoRAs as one: exactly their sum, in the files of any adapter."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file

from chatrec.errors import ModelError
from chatrec.generation.adapter_files import (
    ADAPTER_CONFIG,
    ADAPTER_WEIGHTS,
    CARD,
    ITEM_HEAD,
    check_adapter,
    write_checksums,
)
from chatrec.generation.loading import quiet_peft
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.training.lora_sum import (
    further_matrices,
    summed,
    target_modules,
    with_further_lora,
    write_summed,
)
from tests.conftest import Tuned

ROWS = [[5, 6, 7, 8], [9, 8, 7]]


def loaded(folder: Path, adapter: Path | None) -> LocalDecoder:
    decoder = load_decoder(str(folder), adapter=adapter, precision="auto")
    assert isinstance(decoder, LocalDecoder)
    decoder.model.float()  # rounding would hide what is exact
    return decoder


def learnt(decoder: LocalDecoder, adapter: Path, layers: int = 2) -> None:
    """A further LoRA with weights that matter."""
    decoder.model = with_further_lora(decoder.model, 3, target_modules(adapter), layers)
    torch.manual_seed(5)
    for parameter in decoder.model.parameters():
        if parameter.requires_grad:
            parameter.data = torch.randn_like(parameter) / 16


def hidden(decoder: LocalDecoder) -> torch.Tensor:
    core = decoder.model.get_decoder()
    with torch.no_grad():
        return torch.cat([core(torch.tensor([r])).last_hidden_state[0] for r in ROWS])


@pytest.fixture
def strong(tuned: Tuned, tmp_path: Path) -> Path:
    """The toy adapter with larger matrices in float32, so that it matters too."""
    folder = Path(shutil.copytree(tuned.adapter, tmp_path / "strong"))
    torch.manual_seed(6)
    matrices = load_file(folder / ADAPTER_WEIGHTS)
    save_file({n: torch.randn(m.shape) / 16 for n, m in matrices.items()}, folder / ADAPTER_WEIGHTS)
    write_checksums(folder)
    return folder


@pytest.mark.parametrize("layers", [1, 2])
def test_adapter_and_further_lora_are_exactly_their_sum(
    strong: Path, tiny_model_folder: Path, layers: int
) -> None:
    decoder = loaded(tiny_model_folder, strong)
    before = hidden(decoder)
    learnt(decoder, strong, layers)
    both = hidden(decoder)
    matrices, config = summed(strong, further_matrices(decoder.model))
    save_file({n: m.contiguous() for n, m in matrices.items()}, strong / ADAPTER_WEIGHTS)
    (strong / ADAPTER_CONFIG).write_text(json.dumps(config))
    write_checksums(strong)
    assert config["r"] == 4 + 3
    one = hidden(loaded(tiny_model_folder, strong))
    assert torch.allclose(one, both, atol=1e-5)
    assert not torch.allclose(one, before, atol=1e-2)


def test_the_sum_keeps_another_scale(strong: Path, tiny_model_folder: Path) -> None:
    config = json.loads((strong / ADAPTER_CONFIG).read_text())
    (strong / ADAPTER_CONFIG).write_text(json.dumps(config | {"lora_alpha": 3, "use_rslora": True}))
    name = "base_model.model.model.layers.0.self_attn.q_proj.lora_"
    own = load_file(strong / ADAPTER_WEIGHTS)
    down, up = own[f"{name}A.weight"], own[f"{name}B.weight"]
    further = {f"{name}A.weight": torch.ones(1, 32), f"{name}B.weight": torch.ones(32, 1)}
    matrices, made = summed(strong, further, 0.25)
    scale = made["lora_alpha"] / made["r"]
    assert made["use_rslora"] is False
    update = scale * matrices[f"{name}B.weight"] @ matrices[f"{name}A.weight"]
    assert torch.allclose(update, 3 / 4**0.5 * up @ down + 0.5, atol=1e-5)


def test_an_adapter_beside_the_weights_stays_on_while_more_is_learnt(
    strong: Path, tiny_model_folder: Path
) -> None:
    merged, beside = loaded(tiny_model_folder, strong), loaded(tiny_model_folder, None)
    with quiet_peft():
        beside.model = PeftModel.from_pretrained(beside.model, str(strong))
    learnt(merged, strong)
    learnt(beside, strong)
    assert torch.allclose(hidden(merged), hidden(beside), atol=1e-4)
    trained = [name for name, p in beside.model.named_parameters() if p.requires_grad]
    assert trained
    assert all(".further." in name for name in trained)
    assert further_matrices(merged.model).keys() == further_matrices(beside.model).keys()


def test_a_further_lora_begins_as_nothing(strong: Path, tiny_model_folder: Path) -> None:
    decoder = loaded(tiny_model_folder, strong)
    before = hidden(decoder)
    decoder.model = with_further_lora(decoder.model, 3, target_modules(strong), 2)
    assert torch.equal(hidden(decoder), before)


def test_written_adapter_is_whole_and_has_the_head_it_came_with(
    strong: Path, tiny_model_folder: Path, tmp_path: Path
) -> None:
    decoder = loaded(tiny_model_folder, strong)
    learnt(decoder, strong)
    made = tmp_path / "made"
    write_summed(made, strong, *summed(strong, further_matrices(decoder.model)), "a card")
    check_adapter(made, base_name="Tiny-Llama", hidden_size=32)
    assert (made / ITEM_HEAD).read_bytes() == (strong / ITEM_HEAD).read_bytes()
    assert (made / CARD).read_text() == "a card"
    assert not list(tmp_path.glob(".*"))
    close = hidden(loaded(tiny_model_folder, made))
    assert torch.allclose(close, hidden(decoder), atol=0.1)  # bfloat16


def test_an_adapter_of_another_kind_is_refused(strong: Path) -> None:
    config = json.loads((strong / ADAPTER_CONFIG).read_text())
    (strong / ADAPTER_CONFIG).write_text(json.dumps(config | {"use_dora": True}))
    with pytest.raises(ModelError, match="is not plain LoRA on named layers"):
        target_modules(strong)


def test_a_further_lora_of_layers_that_the_adapter_has_not_is_refused(strong: Path) -> None:
    with pytest.raises(ModelError, match=r"has no lm_head\.lora_A\.weight"):
        summed(strong, {"lm_head.lora_A.weight": torch.ones(1, 32)})
