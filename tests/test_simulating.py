"""What simulated users want is in nothing that the system learns from; the command's shape."""

from pathlib import Path

import polars as pl
import pytest

from chatrec.data.workspace import INTERACTIONS, Workspace
from chatrec.errors import DataError
from chatrec.simulating import without_users


def test_copy_has_all_but_the_users_left_out(toy_workspace: Path, tmp_path: Path) -> None:
    kept = Workspace.open(without_users(toy_workspace, ["u0", "u7"], tmp_path / "copy"))
    whole = Workspace.open(toy_workspace)
    assert {*whole.histories.users} - {*kept.histories.users} == {"u0", "u7"}
    assert kept.catalog.checksum == whole.catalog.checksum
    ours = {i for i in whole.interactions if i.user_id not in ("u0", "u7")}
    assert {*kept.interactions} == ours


def test_copy_leaves_what_was_fitted_behind(toy_workspace: Path, tmp_path: Path) -> None:
    fitted = toy_workspace / "cache" / "ease.safetensors"
    fitted.parent.mkdir(exist_ok=True)
    fitted.write_bytes(b"learnt from everybody")
    try:
        copy = without_users(toy_workspace, ["u0"], tmp_path / "copy")
    finally:
        fitted.unlink()
    assert not (copy / "cache" / "ease.safetensors").exists()


def test_copy_is_sealed_like_any_workspace(toy_workspace: Path, tmp_path: Path) -> None:
    copy = without_users(toy_workspace, ["u0"], tmp_path / "copy")
    pl.read_parquet(copy / INTERACTIONS).head(3).write_parquet(copy / INTERACTIONS)
    with pytest.raises(DataError, match="was altered"):
        Workspace.open(copy)
