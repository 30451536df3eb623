"""A small one of every kind of file that chatrec reads back, and how it is read and sealed."""

from __future__ import annotations

import hashlib
import json
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

from chatrec.data.checksums import record_checksums
from chatrec.data.sealed_arrays import seal
from chatrec.data.workspace import SEALED, Workspace
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
from chatrec.retrieval.dense import VECTORS_FILE, kept_vectors, vectors_key
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
    workspace = films(tmp, toy)
    tensors = {"vectors": np.ones((30, 8), dtype=np.float32)}
    facts = seal(tensors, key=vectors_key(workspace.catalog, "r1"))
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


class _Model(nn.Module):
    """As much of a decoder as the adapter's one matrix goes to."""

    def __init__(self) -> None:
        super().__init__()
        layer = nn.Module()
        layer.self_attn = nn.Module()
        layer.self_attn.q_proj = nn.Linear(WIDTH, WIDTH, bias=False)
        self.layers = nn.ModuleList([layer])
