"""Loading a local decoder: by folder, in each precision, with and without an adapter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from bitsandbytes.functional import dequantize_4bit

from chatrec.errors import ModelError
from chatrec.generation import loading
from chatrec.generation.adapter_files import write_checksums
from chatrec.generation.int8_rows import Int8Map
from chatrec.generation.loading import load_local, quiet_peft, resolve_precision
from chatrec.generation.lora_merge import is_plain_lora, merge_lora
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.generation.nf4 import quantised
from chatrec.generation.nf4_sample import PEOPLE
from tests.generation.tiny_decoders import PROMPTS, texts, tiny_decoder, tiny_model


@pytest.fixture(scope="module")
def qwen() -> LocalDecoder:
    return tiny_decoder("qwen3")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "Tiny-Qwen3"
    model, tokenizer = tiny_model("qwen3")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """A LoRA adapter for the saved model whose matrices are far from zero."""
    from peft import LoraConfig, get_peft_model
    from safetensors.torch import save_file

    model, _ = tiny_model("qwen3")
    config = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj", "o_proj"])
    with quiet_peft():
        tuned = get_peft_model(model, config)
    with torch.no_grad():
        for name, weights in tuned.named_parameters():
            if "lora_B" in name:
                weights.copy_(torch.linspace(-0.5, 0.5, weights.numel()).view_as(weights))
    tuned.peft_config["default"].base_model_name_or_path = "someone/tiny-qwen3"
    folder = tmp_path / "adapter"
    tuned.save_pretrained(folder, save_embedding_layers=False)  # else it asks the hub
    save_file({"scale": torch.ones(1)}, folder / "item_head.safetensors")
    (folder / "CARD.md").write_text("# A card\n")
    write_checksums(folder)
    return folder


def test_a_saved_decoder_loads_by_path(saved: Path, qwen: LocalDecoder) -> None:
    loaded = load_decoder(str(saved), adapter=None, precision="auto", device="cpu")
    assert isinstance(loaded, LocalDecoder)
    assert (loaded.name, loaded.hidden_size, loaded.device.type) == ("Tiny-Qwen3", 32, "cpu")
    assert loaded.encode_chat(PROMPTS[0]) == qwen.encode_chat(PROMPTS[0])
    if loaded.precision == "float32":
        assert torch.equal(loaded.last_hidden([[1, 2], [3]]), qwen.last_hidden([[1, 2], [3]]))
    assert len(texts(loaded.generate(PROMPTS, max_new_tokens=9), 3)) == 3


def test_bf16_is_taken_as_asked(saved: Path) -> None:
    loaded = load_local(str(saved), adapter=None, precision="bf16", device="cpu", cache=None)
    assert loaded.model.dtype == torch.bfloat16
    assert texts(loaded.generate(PROMPTS, max_new_tokens=5), 3)


def test_nf4_runs_on_the_cpu(saved: Path) -> None:
    loaded = load_local(str(saved), adapter=None, precision="nf4", device="cpu", cache=None)
    projection = loaded.model.get_decoder().layers[0].self_attn.q_proj
    assert projection.weight.quant_state.quant_type == "nf4"
    assert any(texts(loaded.generate(PROMPTS, max_new_tokens=12), 3))
    assert loaded.last_hidden([[1, 2], [3]]).shape == (2, 32)
    assert np.isfinite(loaded.label_logprobs(PROMPTS, ["A", "BC"])).all()


def test_quantising_in_memory_is_quantising_while_reading(tmp_path: Path) -> None:
    model, tokenizer = tiny_model("llama")  # its output is not tied to the embeddings
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    read = load_local(str(tmp_path), adapter=None, precision="nf4", device="cpu", cache=None)
    kept = load_local(str(tmp_path), adapter=None, precision="bf16", device="cpu", cache=None)
    model = quantised(kept.model, torch.device("cpu"))
    held = LocalDecoder(model, kept.tokenizer, name="held", precision="nf4")
    rows = [[1, 2, 3], [4, 5]]
    assert torch.equal(held.last_hidden(rows), read.last_hidden(rows))


def restored(small: Any) -> torch.Tensor:
    """The weights of a quantised map, (out, in)."""
    if isinstance(small, Int8Map):
        return small.weight.float() * small.steps.float()[:, None]
    whole: torch.Tensor = dequantize_4bit(small.weight.data, small.weight.quant_state)
    return whole.float()


def test_an_adapter_is_merged_before_the_weights_are_quantised(saved: Path, adapter: Path) -> None:
    plain = load_local(str(saved), adapter=None, precision="nf4", device="cpu", cache=None)
    tuned = load_local(str(saved), adapter=adapter, precision="nf4", device="cpu", cache=None)
    whole = load_local(str(saved), adapter=adapter, precision="bf16", device="cpu", cache=None)
    for name, share in (("layers.0.self_attn.q_proj", 0.01), ("layers.1.mlp.gate_proj", 0.2)):
        small, full = (d.model.get_decoder().get_submodule(name) for d in (tuned, whole))
        weight = full.weight.float()
        assert (restored(small) - weight).abs().max() < share * weight.abs().max()
    rows = [plain.encode_chat(prompt) for prompt in PROMPTS]
    assert not torch.allclose(plain.last_hidden(rows), tuned.last_hidden(rows), atol=0.1)
    assert any(texts(tuned.generate(PROMPTS, max_new_tokens=8), 3))


def test_small_weights_are_rounded_after_a_sample_and_large_ones_without(
    saved: Path, adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []

    def watched(model: Any, place: torch.device, sample: list[list[int]]) -> Any:
        given.append(len(sample))
        return quantised(model, place, sample)

    monkeypatch.setattr(loading, "quantised", watched)
    for bound in (loading.SMALL, 0):
        monkeypatch.setattr(loading, "SMALL", bound)
        load_local(str(saved), adapter=adapter, precision="nf4", device="cpu", cache=None)
    assert given == [PEOPLE, 0]


def test_an_adapter_changes_the_decoder_as_peft_does(saved: Path, adapter: Path) -> None:
    from peft import PeftModel

    plain = load_local(str(saved), adapter=None, precision="auto", device="cpu", cache=None)
    tuned = load_local(str(saved), adapter=adapter, precision="auto", device="cpu", cache=None)
    rows = [plain.encode_chat(prompt) for prompt in PROMPTS]
    before = plain.last_hidden(rows)
    after = tuned.last_hidden(rows)
    assert not isinstance(tuned.model, PeftModel)
    assert not torch.allclose(before, after, atol=0.1)
    with quiet_peft():
        reference = PeftModel.from_pretrained(plain.model, str(adapter)).eval()
    beside = LocalDecoder(reference, plain.tokenizer, name="beside", precision="float32")
    assert torch.allclose(after, beside.last_hidden(rows), atol=1e-2)
    assert any(texts(tuned.generate(PROMPTS, max_new_tokens=8), 3))


@pytest.mark.parametrize("use_rslora", [False, True])
def test_plain_lora_is_merged_as_peft_merges_it(
    saved: Path, adapter: Path, use_rslora: bool
) -> None:
    from peft import PeftModel

    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps(config | {"use_rslora": use_rslora}))
    assert is_plain_lora(adapter)
    ours, theirs = tiny_model("qwen3")[0], tiny_model("qwen3")[0]
    merge_lora(ours, adapter)
    with quiet_peft():
        theirs = PeftModel.from_pretrained(theirs, str(adapter)).merge_and_unload()
    expected = dict(theirs.named_parameters())
    for name, weight in ours.named_parameters():
        assert torch.allclose(weight, expected[name], atol=1e-6), name


@pytest.mark.parametrize(
    "extra",
    [
        {"use_dora": True},
        {"rank_pattern": {"q_proj": 8}},
        {"bias": "all"},
        {"modules_to_save": ["lm_head"]},
        {"init_lora_weights": "pissa"},
        {"peft_type": "IA3"},
        {"use_something_new": True},
    ],
)
def test_an_adapter_that_is_more_than_lora_is_left_to_peft(
    adapter: Path, extra: dict[str, object]
) -> None:
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps(config | extra))
    assert not is_plain_lora(adapter)


def test_an_adapter_that_fits_no_layer_leaves_the_weights_as_they_were(adapter: Path) -> None:
    from safetensors.torch import load_file, save_file

    file = adapter / "adapter_model.safetensors"
    matrices = load_file(file)
    last = sorted(name for name in matrices if name.endswith("lora_A.weight"))[-1]
    save_file(matrices | {last: torch.ones(4, 7)}, file)
    model, _ = tiny_model("qwen3")
    before = {name: weight.clone() for name, weight in model.named_parameters()}
    with pytest.raises(ModelError, match=r"does not fit the decoder at 'model\.layers"):
        merge_lora(model, adapter)
    assert all(torch.equal(weight, before[name]) for name, weight in model.named_parameters())


@pytest.mark.parametrize("rank", [2, 8])
def test_matrices_of_another_rank_than_the_config_says_are_refused(
    adapter: Path, rank: int
) -> None:
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps(config | {"r": rank}))
    with pytest.raises(ModelError, match=rf"_proj', but its adapter_config.json says r = {rank}"):
        merge_lora(tiny_model("qwen3")[0], adapter)


def test_halves_of_different_ranks_leave_the_weights_as_they_were(adapter: Path) -> None:
    from safetensors.torch import load_file, save_file

    file = adapter / "adapter_model.safetensors"
    matrices = load_file(file)
    last = sorted(name for name in matrices if name.endswith("lora_A.weight"))[-1]
    save_file(matrices | {last: matrices[last][:3].clone()}, file)
    model, _ = tiny_model("qwen3")
    before = {name: weight.clone() for name, weight in model.named_parameters()}
    with pytest.raises(ModelError, match="says r = 4"):
        merge_lora(model, adapter)
    assert all(torch.equal(weight, before[name]) for name, weight in model.named_parameters())


def test_a_decoder_too_large_for_the_device_is_said(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: Any, **options: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(loading.AutoModelForCausalLM, "from_pretrained", full)
    with pytest.raises(ModelError, match=r"in bf16 does not fit into the memory of cpu; free some"):
        load_decoder(str(saved), adapter=None, precision="bf16", device="cpu")


def test_an_adapter_of_another_base_is_refused(saved: Path, adapter: Path) -> None:
    config = adapter / "adapter_config.json"
    config.write_text(config.read_text().replace("someone/tiny-qwen3", "someone/else"))
    write_checksums(adapter)
    with pytest.raises(ModelError, match="made for the base 'someone/else', not for 'Tiny-Qwen3'"):
        load_decoder(str(saved), adapter=adapter, precision="auto", device="cpu")


def test_an_adapter_cannot_go_to_a_server(adapter: Path) -> None:
    with pytest.raises(ModelError, match="cannot be applied to the server"):
        load_decoder("http://127.0.0.1:9/v1#m", adapter=adapter, precision="auto")


def test_a_folder_without_weights_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be loaded: .*; give a Hugging Face name"):
        load_decoder(str(tmp_path), adapter=None, precision="auto", device="cpu")


def test_damaged_weights_are_a_model_error(saved: Path, tmp_path: Path) -> None:
    for file in saved.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-500])
    with pytest.raises(ModelError, match=r"model\.safetensors is damaged"):
        load_decoder(str(tmp_path), adapter=None, precision="auto", device="cpu")


@pytest.mark.parametrize(
    ("device", "fast_bf16", "expected"),
    [
        ("cuda", False, "nf4"),
        ("cpu", True, "bf16"),
        ("cpu", False, "float32"),
        ("mps", False, "bf16"),
    ],
)
def test_auto_precision_follows_the_device(
    monkeypatch: pytest.MonkeyPatch, device: str, fast_bf16: bool, expected: str
) -> None:
    monkeypatch.setattr(loading, "_cpu_multiplies_bf16", lambda: fast_bf16)
    assert resolve_precision("auto", torch.device(device)) == expected
    assert resolve_precision("bf16", torch.device(device)) == "bf16"
    assert resolve_precision("nf4", torch.device(device)) == "nf4"


def test_a_small_decoder_is_not_quantised_on_a_gpu_unless_asked() -> None:
    gpu = torch.device("cuda")
    assert resolve_precision("auto", gpu, loading.SMALL) == "bf16"
    assert resolve_precision("auto", gpu, loading.SMALL + 1) == "nf4"
    assert resolve_precision("nf4", gpu, 1) == "nf4"
