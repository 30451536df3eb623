"""Every kind of file that chatrec reads back: damaged, foreign or altered, it is named and refused.

A pickle is put in the place of each. None is ever loaded: it would leave a file behind.
"""

from __future__ import annotations

import hashlib
import json
import logging
import pickle
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch import nn

from chatrec.assemble import label_binding
from chatrec.data.checksums import record_checksums, verify_checksums
from chatrec.data.workspace import SEALED, Workspace
from chatrec.errors import ChatrecError
from chatrec.generation import gguf
from chatrec.generation.adapter_files import (
    ADAPTER_CONFIG,
    ADAPTER_FILES,
    ADAPTER_WEIGHTS,
    ITEM_HEAD,
    check_adapter,
    write_checksums,
)
from chatrec.generation.item_head import HeadFacts, ItemHead, load_head, save_head
from chatrec.generation.loading import check_folder
from chatrec.generation.lora_merge import merge_lora
from chatrec.retrieval import item_index
from chatrec.retrieval.dense import VECTORS_FILE, kept_vectors
from chatrec.retrieval.encoder_adapter import FILES, EncoderAdapter, write_encoder_adapter
from chatrec.retrieval.fitted import load_fitted, save_fitted
from chatrec.training.checkpoints import BEST, CHECKPOINT, Checkpoints

BASE, WIDTH = "tiny", 8
Read = Callable[[], object]


@dataclass(frozen=True)
class Artefact:
    """A file, how it is read back, and how whoever can write it would make its seal fit."""

    path: Path
    read: Read
    seal_again: Callable[[], object] = lambda: None


class Evil:
    """Unpickled, it leaves a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


def films(tmp: Path, toy: Path) -> Workspace:
    return Workspace.open(shutil.copytree(toy, tmp / "films", dirs_exist_ok=True))


def sealed_table(name: str) -> Callable[[Path, Path], Artefact]:
    """A file of a workspace that its manifest seals, or the manifest itself."""

    def make(tmp: Path, toy: Path) -> Artefact:
        folder = films(tmp, toy).path
        assert folder is not None

        def read() -> object:
            workspace = Workspace.open(folder)
            return workspace.histories, workspace.report

        def seal_again() -> None:
            manifest = json.loads((folder / "manifest.json").read_text())
            for sealed in SEALED:
                digest = hashlib.sha256((folder / sealed).read_bytes()).hexdigest()
                manifest["files"][sealed]["sha256"] = digest
            (folder / "manifest.json").write_text(json.dumps(manifest))

        again = seal_again if name != "manifest.json" else lambda: None
        return Artefact(folder / name, read, again)

    return make


def fitted(tmp: Path, toy: Path) -> Artefact:
    workspace = films(tmp, toy)
    path = save_fitted(workspace, "ease", {"weights": np.eye(30)}, {"l2": 1.0})
    return Artefact(path, lambda: load_fitted(workspace, "ease"))


def vectors(tmp: Path, toy: Path) -> Artefact:
    from chatrec.data.checksums import arrays_sha256
    from chatrec.retrieval import dense

    workspace = films(tmp, toy)
    tensors = {"vectors": np.ones((30, 8), dtype=np.float32)}
    facts = {"key": dense._key(workspace.catalog, "r1"), "checksum": arrays_sha256(tensors)}
    path = workspace.cache_dir / VECTORS_FILE
    save_file(tensors, path, facts)
    return Artefact(path, lambda: kept_vectors(workspace, "r1"))


def lists(tmp: Path, toy: Path) -> Artefact:
    workspace = films(tmp, toy)
    rows = np.random.default_rng(3).normal(size=(64, 4)).astype(np.float32)
    item_index.item_index(workspace, rows, exact_up_to=8)
    path = workspace.cache_dir / item_index.LISTS_FILE
    return Artefact(path, lambda: item_index.item_index(workspace, rows, exact_up_to=8))


def adapter_folder(tmp: Path) -> Path:
    folder = tmp / "adapter"
    folder.mkdir()
    config = {"base_model_name_or_path": BASE, "r": 2, "lora_alpha": 4, "peft_type": "LORA"}
    (folder / ADAPTER_CONFIG).write_text(json.dumps(config))
    layer = "base_model.model.layers.0.self_attn.q_proj"
    lora = {"lora_A.weight": np.ones((2, WIDTH)), "lora_B.weight": np.ones((WIDTH, 2))}
    save_file({f"{layer}.{name}": m for name, m in lora.items()}, folder / ADAPTER_WEIGHTS)
    save_head(ItemHead(WIDTH, 4), HeadFacts(BASE, "e", "r", ("film",), 1, 1), folder / ITEM_HEAD)
    (folder / "CARD.md").write_text("# toy\n")
    write_checksums(folder)
    return folder


def of_adapter(name: str) -> Callable[[Path, Path], Artefact]:
    """A file of a decoder's adapter."""

    def make(tmp: Path, toy: Path) -> Artefact:
        folder = adapter_folder(tmp)

        def read() -> object:
            check_adapter(folder, base_name=BASE, hidden_size=WIDTH)
            merge_lora(_Model(), folder)
            return load_head(folder / ITEM_HEAD)

        again = (lambda: None) if name not in ADAPTER_FILES else (lambda: write_checksums(folder))
        return Artefact(folder / name, read, again)

    return make


def of_encoder(name: str) -> Callable[[Path, Path], Artefact]:
    """A file of the embedding model's adapter."""

    def make(tmp: Path, toy: Path) -> Artefact:
        folder = tmp / "encoder"
        matrices = {"0.q.lora_A.weight": torch.ones(2, 4), "0.q.lora_B.weight": torch.ones(4, 2)}
        told: Mapping[str, Any] = {"base": "b", "revision": "r", "scale": 2.0, "domains": ["film"]}
        write_encoder_adapter(folder, matrices, catalogs=["0"], card="# toy\n", **told)
        again = (lambda: None) if name not in FILES else (lambda: record_checksums(folder, FILES))
        return Artefact(folder / name, lambda: EncoderAdapter.open(folder, "b", "r"), again)

    return make


def of_run(name: str) -> Callable[[Path, Path], Artefact]:
    """A training run's checkpoint, or what validated best."""

    def make(tmp: Path, toy: Path) -> Artefact:
        weight = nn.Parameter(torch.ones(8))
        optimiser = torch.optim.AdamW([weight])
        weight.sum().backward()
        optimiser.step()
        run = Checkpoints(tmp / "run", "options", {"weight": weight}, optimiser)
        run.save(step=1)
        run.keep_best()
        return Artefact(tmp / "run" / name, run.resume if name == CHECKPOINT else run.take_best)

    return make


def converted(name: str) -> Callable[[Path, Path], Artefact]:
    """A file of the converted default decoder."""

    def make(tmp: Path, toy: Path) -> Artefact:
        folder = tmp / gguf.FOLDER_NAME
        folder.mkdir()
        for required in gguf.REQUIRED_FILES:
            (folder / required).write_text(json.dumps({"file": required * 9}))
        record_checksums(folder, gguf.REQUIRED_FILES)
        return Artefact(folder / name, lambda: gguf.check_copy(folder))

    return make


def source(tmp: Path, toy: Path) -> Artefact:
    path = tmp / gguf.GGUF_FILE
    path.write_bytes(b"GGUF" + bytes(96))
    right = hashlib.sha256(path.read_bytes()).hexdigest()

    def read() -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(gguf, "GGUF_SHA256", right)
            gguf.check_source(path)
        return path

    return Artefact(path, read)


def of_decoder(name: str) -> Callable[[Path, Path], Artefact]:
    """A file of any other decoder's folder, which nothing seals."""

    def make(tmp: Path, toy: Path) -> Artefact:
        folder = tmp / "model"
        folder.mkdir()
        save_file({"weight": np.ones(64)}, folder / "model.safetensors")
        for plain in ("config.json", "tokenizer.json"):
            (folder / plain).write_text(json.dumps({"hidden_size": 8}))
        return Artefact(folder / name, lambda: check_folder(folder))

    return make


SELF_SEALED = {
    **{f"workspace {n}": sealed_table(n) for n in SEALED},
    **{f"adapter {n}": of_adapter(n) for n in ADAPTER_FILES},
    **{f"encoder adapter {n}": of_encoder(n) for n in FILES},
    **{f"converted decoder {n}": converted(n) for n in gguf.REQUIRED_FILES},
    "fitted": fitted,
    "item vectors": vectors,
    "item lists": lists,
    "checkpoint": of_run(CHECKPOINT),
    "best parameters": of_run(BEST),
    "default decoder": source,
}
SEALS = {
    "workspace manifest": sealed_table("manifest.json"),
    "adapter checksums": of_adapter("checksums.json"),
    "encoder adapter checksums": of_encoder("checksums.json"),
    "converted decoder checksums": converted("checksums.json"),
}
UNSEALED = {
    f"decoder {name}": of_decoder(name)
    for name in ("config.json", "tokenizer.json", "model.safetensors")
}
ALL = SELF_SEALED | SEALS | UNSEALED
# What is still read where seal and file were altered together: text that nobody parses.
UNPARSED = {"adapter CARD.md", "encoder adapter CARD.md"}


@pytest.fixture
def artefact(request: pytest.FixtureRequest, tmp_path: Path, toy_workspace: Path) -> Artefact:
    """The artefact of that name, whole."""
    made = ALL[request.param](tmp_path, toy_workspace)
    made.read()
    return made


def refusal(artefact: Artefact) -> str:
    """The error, which must name the file or its folder, on one line that says what to do."""
    with pytest.raises(ChatrecError) as caught:
        artefact.read()
    said = str(caught.value)
    assert artefact.path.name in said
    assert str(artefact.path.parent) in said
    assert "\n" not in said
    return said


@pytest.mark.parametrize("artefact", ALL, indirect=True)
@pytest.mark.parametrize("kept", [0, 5, -1])
def test_a_truncated_file_is_refused(artefact: Artefact, kept: int) -> None:
    content = artefact.path.read_bytes()
    if kept == -1 and content.rstrip() == content[:-1]:
        content = content.rstrip()  # a line's end alone says nothing
    artefact.path.write_bytes(content[:kept])
    refusal(artefact)


@pytest.mark.parametrize("artefact", ALL, indirect=True)
def test_a_pickle_in_its_place_is_refused_and_never_loaded(
    artefact: Artefact, tmp_path: Path
) -> None:
    artefact.path.write_bytes(pickle.dumps(Evil(tmp_path / "loaded")))
    refusal(artefact)
    assert not (tmp_path / "loaded").exists()


@pytest.mark.parametrize("artefact", SELF_SEALED, indirect=True)
def test_a_flipped_bit_is_noticed(artefact: Artefact) -> None:
    content = bytearray(artefact.path.read_bytes())
    content[-2] ^= 4
    artefact.path.write_bytes(content)
    refusal(artefact)


@pytest.mark.parametrize("artefact", sorted(set(SELF_SEALED) - UNPARSED), indirect=True)
def test_a_pickle_whose_seal_was_made_to_fit_is_refused(artefact: Artefact, tmp_path: Path) -> None:
    artefact.path.write_bytes(pickle.dumps(Evil(tmp_path / "loaded")))
    artefact.seal_again()
    refusal(artefact)
    assert not (tmp_path / "loaded").exists()


@pytest.mark.parametrize(
    "artefact",
    [n for n in ALL if n.startswith(("workspace", "adapter", "encoder", "converted"))],
    indirect=True,
)
def test_a_missing_file_is_named(artefact: Artefact) -> None:
    artefact.path.unlink()
    refusal(artefact)


@pytest.mark.parametrize("artefact", ["fitted"], indirect=True)
def test_one_fitted_model_in_the_place_of_another_is_refused(artefact: Artefact) -> None:
    folder = artefact.path.parents[2]
    workspace = Workspace.open(folder)
    shutil.copy(artefact.path, artefact.path.with_name("als.safetensors"))
    with pytest.raises(ChatrecError, match=r"als.safetensors holds what was fitted as 'ease'"):
        load_fitted(workspace, "als")


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        (ITEM_HEAD, {"other": np.ones(3)}),
        (ITEM_HEAD, {"state.weight": np.ones((4, 8)), "item_linear.weight": np.ones((4, 4))}),
        (ADAPTER_WEIGHTS, {"x.q_proj.lora_A.weight": np.ones((2, WIDTH))}),
    ],
)
def test_a_safetensors_file_of_something_else_is_refused(
    tmp_path: Path, toy_workspace: Path, name: str, weights: dict[str, Any]
) -> None:
    made = of_adapter(name)(tmp_path, toy_workspace)
    facts = json.dumps({"base": "b", "encoder": "e", "encoder_revision": "r", "domains": [],
                        "history_weight": 1, "wish_weight": 1})  # fmt: skip
    save_file(weights, made.path, {"facts": facts})
    made.seal_again()
    with pytest.raises(ChatrecError, match="tune"):
        made.read()


@pytest.mark.parametrize("values", [{"r": 0}, {"r": "2"}, {"lora_alpha": None}])
def test_an_adapter_whose_config_has_no_scale_is_refused(
    tmp_path: Path, toy_workspace: Path, values: dict[str, Any]
) -> None:
    made = of_adapter(ADAPTER_CONFIG)(tmp_path, toy_workspace)
    config = json.loads(made.path.read_text())
    made.path.write_text(json.dumps(config | values))
    made.seal_again()
    assert "lora_alpha" in refusal(made)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"decoder": "x", "share": 9}', "\x80\x04"])
def test_a_damaged_note_on_labels_is_named_and_measured_anew(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Decoder:
        name = "x"

    monkeypatch.setattr("chatrec.generation.ranker.binds_labels", lambda decoder: 0.5)
    assert label_binding(Decoder(), tmp_path) == 0.5
    (note,) = (tmp_path / "label_binding").iterdir()
    note.write_bytes(text.encode("latin-1"))
    with caplog.at_level(logging.WARNING):
        assert label_binding(Decoder(), tmp_path) == 0.5
    assert str(note) in caplog.text
    assert json.loads(note.read_text())["share"] == 0.5


def test_what_lies_beside_a_sealed_copy_is_refused(tmp_path: Path, toy_workspace: Path) -> None:
    made = converted("config.json")(tmp_path, toy_workspace)
    (made.path.parent / "chat_template.jinja").write_text("{{ evil }}")
    with pytest.raises(ChatrecError, match=r"does not list chat_template\.jinja"):
        made.read()


def test_a_table_without_a_column_that_is_needed_is_refused(
    tmp_path: Path, toy_workspace: Path
) -> None:
    import polars as pl

    for change in (lambda f: f.drop("title"), lambda f: f.with_columns(pl.lit(3).alias("title"))):
        made = sealed_table("catalog.parquet")(tmp_path, toy_workspace)
        change(pl.read_parquet(made.path)).write_parquet(made.path)
        made.seal_again()
        assert "title" in refusal(made)
        shutil.rmtree(made.path.parent)


def test_checksums_that_name_a_file_elsewhere_reach_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "checksums.json").write_text('{"../x": {"bytes": 1, "sha256": ""}}')
    with pytest.raises(ChatrecError, match="is missing"):
        verify_checksums(tmp_path / "folder", ["y"], remedy="copy it again")


class _Model(nn.Module):
    """As much of a decoder as the adapter's one matrix goes to."""

    def __init__(self) -> None:
        super().__init__()
        layer = nn.Module()
        layer.self_attn = nn.Module()
        layer.self_attn.q_proj = nn.Linear(WIDTH, WIDTH, bias=False)
        self.layers = nn.ModuleList([layer])
