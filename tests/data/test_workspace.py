"""Opening a workspace: seals, users, the built-in films, the cache."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from chatrec.data.importing import import_workspace
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError, RequestError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    items, met = tmp_path / "items.csv", tmp_path / "met.csv"
    items.write_text("item_id,title\n1,Moon\n2,Her\n")
    met.write_text("user_id,item_id,timestamp\nu,2,\nu,1,5\nu,2,5\nu,1,3\nv,1,1\n")
    import_workspace(items, met, tmp_path / "ws", domain="film", progress=False)
    return tmp_path / "ws"


def test_history_is_oldest_first_with_unknown_times_leading(folder: Path) -> None:
    history = Workspace.open(folder).history("u")
    assert [(met.item_id, met.timestamp) for met in history] == [
        ("2", None),
        ("1", 3.0),
        ("1", 5.0),
        ("2", 5.0),
    ]


def test_open_gives_catalogue_domain_path_and_interactions(folder: Path) -> None:
    workspace = Workspace.open(str(folder))
    assert (len(workspace.catalog), workspace.domain, workspace.path) == (2, "film", folder)
    assert len(workspace.interactions) == 5


def test_an_unknown_user_is_named(folder: Path) -> None:
    with pytest.raises(RequestError, match="unknown user 'x'; the workspace has 2 users"):
        Workspace.open(folder).history("x")


def test_open_refuses_what_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no workspace \(it has no manifest.json\)"):
        Workspace.open(tmp_path)


@pytest.mark.parametrize("name", ["catalog.parquet", "interactions.parquet", "report.json"])
def test_open_refuses_an_altered_file(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(DataError, match=f"{name} was altered"):
        Workspace.open(folder)


def test_open_refuses_a_missing_file(folder: Path) -> None:
    (folder / "interactions.parquet").unlink()
    with pytest.raises(DataError, match=r"interactions.parquet is missing"):
        Workspace.open(folder)


def test_open_refuses_a_damaged_or_foreign_manifest(folder: Path) -> None:
    manifest = folder / "manifest.json"
    values = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(values | {"format": 99}))
    with pytest.raises(DataError, match="has the format 99"):
        Workspace.open(folder)
    manifest.write_text("{")
    with pytest.raises(DataError, match="is damaged"):
        Workspace.open(folder)


def test_the_cache_is_outside_the_seals(folder: Path) -> None:
    workspace = Workspace.open(folder)
    written = workspace.write_cached("dense.bin", b"abc")
    assert written == folder / "cache" / "dense.bin"
    assert written.read_bytes() == b"abc"
    assert [path.name for path in workspace.cache_dir.iterdir()] == ["dense.bin"]
    assert len(Workspace.open(folder).catalog) == 2


def test_builtin_has_films_and_caches_where_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATREC_CACHE", str(tmp_path / "cache"))
    workspace = Workspace.builtin()
    assert (workspace.path, workspace.interactions, workspace.report) == (None, (), None)
    assert workspace.domain == "film"
    name = f"builtin-{workspace.catalog.checksum[:12]}"
    assert workspace.cache_dir == tmp_path / "cache" / name
    assert workspace.cache_dir.is_dir()
    with pytest.raises(RequestError, match="has 0 users, as it has no interactions"):
        workspace.history("u")


def test_builtin_caches_below_home_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHATREC_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = Workspace.builtin().cache_dir
    assert folder.parent == tmp_path / ".cache" / "chatrec"


def test_a_folder_that_may_not_be_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(DataError, match=rf"{folder} can't be read \(Permission denied\)"):
        Workspace.open(folder)
    with pytest.raises(DataError, match="File name too long"):
        Workspace.open(folder / ("x" * 300))


def test_writers_of_one_cached_file_do_not_share_their_unfinished_ones(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.open(folder)
    (workspace.cache_dir / f".vectors.{os.getpid()}").mkdir()  # another container's process
    assert workspace.write_cached("vectors", b"1").read_bytes() == b"1"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError, match=r"vectors can't be written .*No space left"):
        workspace.write_cached("vectors", b"2")
    assert (workspace.cache_dir / "vectors").read_bytes() == b"1"
    assert len(list(workspace.cache_dir.iterdir())) == 2
