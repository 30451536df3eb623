"""An adapter folder is checked before anything in it is parsed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from chatrec.errors import ModelError
from chatrec.generation.adapter_files import (
    ADAPTER_FILES,
    base_key,
    check_adapter,
    recorded_base,
    write_checksums,
)

BASE = "SmolLM2-135M-Instruct"


def matrices(width: int) -> dict[str, np.ndarray]:
    prefix = "base_model.model.model.layers.0"
    return {
        f"{prefix}.mlp.down_proj.lora_A.weight": np.zeros((2, 64), np.float32),
        f"{prefix}.self_attn.q_proj.lora_A.weight": np.zeros((2, width), np.float32),
        f"{prefix}.self_attn.q_proj.lora_B.weight": np.zeros((48, 2), np.float32),
    }


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": BASE}))
    save_file(matrices(32), folder / "adapter_model.safetensors")
    save_file({"scale": np.ones(1, np.float32)}, folder / "item_head.safetensors")
    (folder / "CARD.md").write_text("# films\n")
    write_checksums(folder)
    return folder


def check(folder: Path, base_name: str = BASE, hidden_size: int = 32) -> None:
    check_adapter(folder, base_name=base_name, hidden_size=hidden_size)


@pytest.mark.parametrize("base", [BASE, f"HuggingFaceTB/{BASE}", "/models/smollm2-135m-instruct/"])
def test_an_intact_adapter_passes_under_any_name_of_its_base(adapter: Path, base: str) -> None:
    check(adapter, base)
    assert recorded_base(adapter) == BASE


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="none is not a folder"):
        check(tmp_path / "none")


@pytest.mark.parametrize("name", [*ADAPTER_FILES, "checksums.json"])
def test_a_missing_file_is_named(adapter: Path, name: str) -> None:
    (adapter / name).unlink()
    with pytest.raises(ModelError, match=f"{name} is missing"):
        check(adapter)


@pytest.mark.parametrize("name", ADAPTER_FILES)
def test_a_truncated_file_is_named(adapter: Path, name: str) -> None:
    (adapter / name).write_bytes((adapter / name).read_bytes()[:-1])
    with pytest.raises(ModelError, match=f"{name} is truncated"):
        check(adapter)


@pytest.mark.parametrize("name", ADAPTER_FILES)
@pytest.mark.parametrize("longer", [False, True])
def test_a_changed_file_is_named(adapter: Path, name: str, longer: bool) -> None:
    content = bytearray((adapter / name).read_bytes())
    content[-1] ^= 1
    (adapter / name).write_bytes(bytes(content) + b"!" * longer)
    with pytest.raises(ModelError, match=f"{name} was changed"):
        check(adapter)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"CARD.md": 1}', '{"CARD.md": {"bytes": "x", "sha256": ""}}', "\xff"]
)
def test_damaged_checksums_are_refused(adapter: Path, text: str) -> None:
    (adapter / "checksums.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match=r"checksums.json is damaged"):
        check(adapter)


def test_a_file_that_the_checksums_leave_out_is_refused(adapter: Path) -> None:
    path = adapter / "checksums.json"
    recorded = json.loads(path.read_text())
    del recorded["item_head.safetensors"]
    path.write_text(json.dumps(recorded))
    with pytest.raises(ModelError, match="does not list item_head"):
        check(adapter)


def test_an_adapter_of_another_base_is_refused(adapter: Path) -> None:
    with pytest.raises(ModelError, match=f"made for the base '{BASE}', not for 'Qwen/Qwen3-4B'"):
        check(adapter, "Qwen/Qwen3-4B")


def test_an_adapter_of_another_width_is_refused(adapter: Path) -> None:
    with pytest.raises(ModelError, match=r"hidden states 32 wide, but those of .* are 576 wide"):
        check(adapter, hidden_size=576)


@pytest.mark.parametrize("config", ["[]", "{}", "nonsense", '{"base_model_name_or_path": " "}'])
def test_a_config_that_names_no_base_is_refused(adapter: Path, config: str) -> None:
    (adapter / "adapter_config.json").write_text(config)
    write_checksums(adapter)
    with pytest.raises(ModelError, match=r"adapter_config.json (names no|is not)"):
        check(adapter)


def test_an_adapter_saved_empty_is_refused(adapter: Path) -> None:
    save_file({}, adapter / "adapter_model.safetensors")
    write_checksums(adapter)
    with pytest.raises(ModelError, match="holds no LoRA matrix"):
        check(adapter)


def test_weights_that_are_no_safetensors_are_refused(adapter: Path) -> None:
    (adapter / "adapter_model.safetensors").write_bytes(b"\x80\x04pickle")
    write_checksums(adapter)
    with pytest.raises(ModelError, match="is not a safetensors file"):
        check(adapter)


def test_write_checksums_refuses_an_unfinished_adapter(adapter: Path) -> None:
    (adapter / "CARD.md").unlink()
    with pytest.raises(ModelError, match=r"CARD.md is missing; write it before"):
        write_checksums(adapter)


def test_a_copied_adapter_stays_intact(adapter: Path, tmp_path: Path) -> None:
    shutil.copytree(adapter, tmp_path / "copy")
    check(tmp_path / "copy")


def test_base_key_reads_windows_paths() -> None:
    assert base_key(r"C:\models\SmolLM2-135M-Instruct") == "smollm2-135m-instruct"
