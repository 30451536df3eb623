import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from chatrec.errors import ModelError
from chatrec.retrieval import encoder as encoder_module
from chatrec.retrieval.encoder import TextEncoder, load_model
from chatrec.retrieval.encoder_adapter import CARD, WEIGHTS, write_encoder_adapter
from tests.retrieval.tiny_encoder import WIDTH, save_tiny_encoder

LAYER = "0.model.encoder.layer.0.attention.self.value"
TEXTS = ["a quiet film", "robots in space"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny_encoder(tmp_path_factory.mktemp("models") / "tiny"))


def matrices(rank: int = 2, width: int = WIDTH) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return {
        f"{LAYER}.lora_A.weight": torch.randn(rank, width, generator=generator),
        f"{LAYER}.lora_B.weight": torch.randn(width, rank, generator=generator),
    }


def write(folder: Path, of: str, **changed: object) -> Path:
    given = {"base": of, "revision": of, "scale": 2.0, "domains": ["film"], "catalogs": ["0a"]}
    given |= {"card": "# toy\n", **changed}
    write_encoder_adapter(folder, given.pop("matrices", matrices()), **given)
    return folder


@pytest.fixture(scope="module")
def adapter(base: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("adapters") / "toy", base)


def test_adapter_changes_how_wishes_are_read_and_not_how_items_are(base: str, adapter: Path):
    plain, tuned = TextEncoder(base), TextEncoder(base, adapter)
    before = tuned.encode(TEXTS)
    wishes = tuned.encode_queries(TEXTS)
    assert np.abs(wishes - plain.encode_queries(TEXTS)).max() > 1e-3
    assert (before == plain.encode(TEXTS)).all()
    assert (tuned.encode(TEXTS) == before).all()  # to the last bit, after the adapter was merged
    assert (tuned.encode_queries(TEXTS) == wishes).all()
    np.testing.assert_allclose(np.linalg.norm(wishes, axis=1), 1.0, atol=1e-6)


def test_without_an_adapter_wishes_and_items_are_read_alike(base: str):
    plain = TextEncoder(base)
    assert (plain.encode(TEXTS) == plain.encode_queries(TEXTS)).all()
    assert plain.revision == plain.query_revision == base


def test_merging_adds_scale_times_b_times_a(base: str, adapter: Path):
    tuned = TextEncoder(base, adapter)
    tuned.encode_queries(TEXTS)
    merged = dict(tuned._loaded.named_parameters())[f"{LAYER}.weight"]
    a, b = (m.to(torch.float16).float() for m in matrices().values())
    expected = dict(load_model(base).named_parameters())[f"{LAYER}.weight"] + 2.0 * b @ a
    torch.testing.assert_close(merged, expected)


def test_one_model_at_a_time_is_loaded(base: str, adapter: Path, monkeypatch: pytest.MonkeyPatch):
    loads = []
    monkeypatch.setattr(
        encoder_module, "load_model", lambda name: (loads.append(name), load_model(name))[1]
    )
    tuned = TextEncoder(base, adapter)
    tuned.encode(TEXTS)
    tuned.encode_queries(TEXTS)
    tuned.encode_queries(TEXTS)
    assert len(loads) == 1


def test_revision_of_items_stays_and_that_of_wishes_follows_the_adapter(
    base: str, adapter: Path, tmp_path: Path
):
    other = write(tmp_path / "other", base, matrices={n: 2 * m for n, m in matrices().items()})
    encoders = [TextEncoder(base), TextEncoder(base, adapter), TextEncoder(base, other)]
    assert {encoder.revision for encoder in encoders} == {base}
    assert len({encoder.query_revision for encoder in encoders}) == 3


def test_adapter_tells_what_it_learnt_from_and_who_reads_by_it(base: str, adapter: Path):
    tuned = TextEncoder(base, adapter)
    assert tuned.adapter is not None
    assert (tuned.adapter.domains, tuned.adapter.catalogs) == (("film",), ("0a",))
    assert tuned.reader == f"{base} tuned by {adapter}"
    assert TextEncoder(base).reader == base


def test_writing_again_replaces_the_adapter_whole(base: str, tmp_path: Path):
    folder = write(tmp_path / "toy", base)
    (folder / "left over").touch()
    write(folder, base, card="# other\n")
    assert sorted(path.name for path in folder.iterdir()) == [CARD, WEIGHTS, "checksums.json"]
    assert (folder / CARD).read_text() == "# other\n"
    assert [path.name for path in tmp_path.iterdir()] == ["toy"]


def test_no_texts_give_no_rows(base: str, adapter: Path):
    tuned = TextEncoder(base, adapter)
    assert tuned.encode([]).shape == tuned.encode_queries([]).shape == (0, WIDTH)


def test_missing_folder_is_refused(base: str, tmp_path: Path):
    with pytest.raises(
        ModelError,
        match=r"none is not a folder; give the folder that `chatrec tune DIR --encoder --to",
    ):
        TextEncoder(base, tmp_path / "none")


@pytest.mark.parametrize("name", [WEIGHTS, CARD, "checksums.json"])
def test_missing_file_is_refused(base: str, adapter: Path, tmp_path: Path, name: str):
    folder = Path(shutil.copytree(adapter, tmp_path / "copy"))
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"{name} is missing; copy the adapter again or tune"):
        TextEncoder(base, folder)


def test_truncated_weights_are_refused(base: str, adapter: Path, tmp_path: Path):
    folder = Path(shutil.copytree(adapter, tmp_path / "copy"))
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[:-10])
    with pytest.raises(ModelError, match=rf"{WEIGHTS} is truncated: {len(content) - 10} bytes"):
        TextEncoder(base, folder)


def test_tampered_weights_are_refused(base: str, adapter: Path, tmp_path: Path):
    folder = Path(shutil.copytree(adapter, tmp_path / "copy"))
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (folder / WEIGHTS).write_bytes(content)
    with pytest.raises(ModelError, match=r"was changed: its SHA-256 differs"):
        TextEncoder(base, folder)


def test_another_base_is_refused_by_name_and_revision(base: str, tmp_path: Path):
    folder = write(tmp_path / "elsewhere", base, base="bge-small", revision="0123")
    with pytest.raises(ModelError, match=r"was made for bge-small \(0123\), not for .*tiny"):
        TextEncoder(base, folder)


def test_file_of_another_kind_is_refused(base: str, adapter: Path, tmp_path: Path):
    from safetensors.torch import load_file, save_file

    folder = Path(shutil.copytree(adapter, tmp_path / "copy"))
    save_file(load_file(folder / WEIGHTS), folder / WEIGHTS, metadata={"kind": "decoder"})
    recorded = json.loads((folder / "checksums.json").read_text())
    content = (folder / WEIGHTS).read_bytes()

    recorded[WEIGHTS] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "checksums.json").write_text(json.dumps(recorded))
    with pytest.raises(ModelError, match=r"no adapter of an embedding model \(its kind is 'decod"):
        TextEncoder(base, folder)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (matrices(width=8), "does not fit the embedding model at '0.model"),
        ({}, "without their other half, or none"),
        (
            {
                f"{LAYER}.lora_A.weight": torch.ones(2, WIDTH),
                f"{LAYER}.lora_B.weight": torch.ones(WIDTH, 3),
            },
            "does not fit the embedding model at '0.model",
        ),
        ({f"{LAYER}.lora_B.weight": torch.ones(WIDTH, 2)}, "without their other half"),
    ],
)
def test_matrices_that_fit_no_layer_are_refused(
    base: str, tmp_path: Path, wrong: dict[str, torch.Tensor], message: str
):
    encoder = TextEncoder(base, write(tmp_path / "wrong", base, matrices=wrong))
    with pytest.raises(ModelError, match=message):
        encoder.encode_queries(TEXTS)
