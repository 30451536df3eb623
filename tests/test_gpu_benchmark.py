"""``benchmarks/gpu.py`` at tiny sizes: every part is measured, or the file says that it wasn't."""

import importlib
import json
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
PARTS = {"load", "decoding", "ranking", "training"}


@pytest.fixture
def call(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delenv("CHATREC_GPU_MODEL", raising=False)
    gpu = importlib.import_module("gpu")

    def printed(*arguments: object) -> str:
        capsys.readouterr()
        assert gpu.main([str(argument) for argument in arguments]) == 0
        return capsys.readouterr().out

    return printed


@pytest.mark.slow
def test_every_part_is_measured_and_stands_in_the_table(call, tmp_path):
    call("--smoke", "--to", tmp_path / "gpu.json")

    entries = json.loads((tmp_path / "gpu.json").read_text(encoding="utf-8"))["decoders"]

    named = [(entry["decoder"], entry["precision"]) for entry in entries]
    assert named == [(d, p) for d in ("tiny-llama", "tiny-qwen3") for p in ("bf16", "nf4")]
    for entry in entries:
        assert entry["not_measured"] == {}
        assert set(entry["seconds"]) >= PARTS
        for part in (*entry["decoding"], *entry["ranking"], entry["training"]):
            assert {"chatrec", "transformers"} <= set(part)
    assert [entry.get("regex_kept") for entry in entries] == [True, True, None, None]
    assert all("drawn at random" in entry["weights"] for entry in entries[2:])
    table = call("table", tmp_path / "gpu.json")
    assert table.count("| tiny-") == 4 * 6  # four tables, two of them with two batches
    assert "not measured" not in table


@pytest.mark.slow
def test_what_the_time_does_not_suffice_for_is_told(call, tmp_path):
    call("--smoke", "--max-seconds", "0", "--to", tmp_path / "gpu.json")

    entries = json.loads((tmp_path / "gpu.json").read_text(encoding="utf-8"))["decoders"]

    assert all(set(entry["not_measured"]) >= PARTS for entry in entries)
    table = call("table", tmp_path / "gpu.json")
    assert "- tiny-qwen3, nf4, training: not measured, the decoder was not loaded" in table
