"""Which adapter reads a workspace's wishes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.retrieval.encoder import DEFAULT_ENCODER, TextEncoder
from chatrec.retrieval.encoder_adapter import write_encoder_adapter
from chatrec.retrieval.fitted_encoder import encoder_folder, workspace_encoder

LAYER = "0.model.encoder.layer.5.attention.self.value"


def write(folder: Path, *, domain: str = "film", catalog: str = "0a") -> Path:
    """An adapter of the default base that changes nothing."""
    nothing = {"lora_A": torch.ones(1, 384), "lora_B": torch.zeros(384, 1)}
    write_encoder_adapter(
        folder,
        {f"{LAYER}.{name}.weight": matrix for name, matrix in nothing.items()},
        base=DEFAULT_ENCODER,
        revision=TextEncoder().revision,
        scale=2.0,
        domains=[domain],
        catalogs=[catalog],
        card="# toy\n",
    )
    return folder


@pytest.fixture
def films(toy_workspace: Path, tmp_path: Path) -> Workspace:
    return Workspace.open(shutil.copytree(toy_workspace, tmp_path / "films"))


def folder_of(encoder: TextEncoder) -> Path | None:
    return None if encoder.adapter is None else encoder.adapter.folder


def test_the_one_asked_for_comes_before_the_workspaces_own_and_that_before_the_shipped(
    films: Workspace, tmp_path: Path
) -> None:
    asked, shipped = write(tmp_path / "asked", domain="book"), write(tmp_path / "shipped")
    assert folder_of(workspace_encoder(films)) is None
    assert folder_of(workspace_encoder(films, shipped=shipped)) == shipped
    own = write(encoder_folder(films), catalog=films.catalog.checksum)
    assert folder_of(workspace_encoder(films, shipped=shipped)) == own
    assert folder_of(workspace_encoder(films, asked, shipped)) == asked


def test_the_shipped_one_is_for_the_kinds_of_catalogue_that_it_learnt_from(
    films: Workspace, tmp_path: Path
) -> None:
    shipped = write(tmp_path / "shipped", domain="book")
    assert folder_of(workspace_encoder(films, shipped=shipped)) is None


def test_one_that_was_tuned_for_another_catalogue_is_refused(films: Workspace) -> None:
    own = write(encoder_folder(films), catalog="f" * 64)
    with pytest.raises(DataError, match=r"tuned for another catalogue .* --encoder`, or delete"):
        workspace_encoder(films)
    shutil.rmtree(own)
    assert folder_of(workspace_encoder(films)) is None
