"""Workspace, what was fitted for it, and the database, with each damage planted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from chatrec.data.catalog import item_text
from chatrec.data.workspace import Workspace
from chatrec.doctor.findings import Finding, worst
from chatrec.doctor.storing import (
    check_database,
    check_fitted,
    check_vector_database,
    check_workspace,
)
from chatrec.errors import DataError, StorageError
from chatrec.retrieval.dense import VECTORS_FILE, item_vectors
from chatrec.retrieval.fitted import save_fitted
from chatrec.settings import Settings
from chatrec.storage import open_storage
from chatrec.storage.examination import Examination
from tests.conversation.toy_films import FILMS

REACHED: dict[str, Any] = {"host": "0.0.0.0", "retention_days": 9, "allowed_hosts": ("a.b",)}


@pytest.fixture
def folder(toy_workspace: Path, tmp_path: Path) -> Path:
    """A copy of the toy workspace without its cache."""
    return shutil.copytree(toy_workspace, tmp_path / "toy", ignore=shutil.ignore_patterns("cache"))


class Encoder:
    """Embeds texts as their lengths, under the default's revision."""

    def __init__(self) -> None:
        from chatrec.retrieval.encoder import TextEncoder

        self.revision = TextEncoder().revision

    def encode(self, texts: list[str], *, progress: bool = False) -> np.ndarray:
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def by_level(findings: list[Finding], level: str) -> list[str]:
    return [finding.text for finding in findings if finding.level == level]


def test_a_whole_workspace_is_told_and_nothing_is_made(folder: Path) -> None:
    before = files(folder)
    workspace, found = check_workspace(folder)
    assert workspace is not None
    assert by_level(found, "ok") == [
        f"{folder}: {len(FILMS)} items of the kind 'film', 720 interactions"
    ]
    assert by_level(check_fitted(workspace), "warning") == [
        "nothing was learnt from the workspace's interactions"
    ]
    assert files(folder) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("manifest.json", None, "is no workspace"),
        ("manifest.json", b"{", "manifest.json is damaged"),
        ("catalog.parquet", b"PAR1", "catalog.parquet was altered"),
        ("interactions.parquet", None, "interactions.parquet is missing"),
        ("report.json", b"{}", "report.json was altered"),
    ],
)
def test_a_damaged_workspace_is_wrong(
    folder: Path, name: str, content: bytes | None, said: str
) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    workspace, (found,) = check_workspace(folder)
    assert workspace is None
    assert (found.level, said in found.text) == ("wrong", True)


def test_kept_vectors_are_verified(folder: Path) -> None:
    workspace = Workspace.open(folder)
    assert "aren't kept yet" in check_fitted(workspace)[0].text
    item_vectors(workspace, Encoder())
    assert check_fitted(workspace)[0].text == f"{len(FILMS)} of 2 numbers are whole"
    path = folder / "cache" / VECTORS_FILE
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    damaged = check_fitted(workspace)[0]
    assert (damaged.level, "was altered" in damaged.text) == ("warning", True)
    assert path.read_bytes() == bytes(content)


def test_damaged_vectors_are_computed_anew_and_the_log_says_so(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace.open(folder)
    right = item_vectors(workspace, Encoder())
    path = folder / "cache" / VECTORS_FILE
    for content in (path.read_bytes()[:-1], b"\x80\x04pickle", save({"vectors": right * 0})):
        path.write_bytes(content)
        np.testing.assert_array_equal(item_vectors(workspace, Encoder()), right)
    assert [VECTORS_FILE in record.message for record in caplog.records] == [True, True]
    assert len(item_text(workspace.catalog.items[0])) == right[0][0]


def test_what_was_fitted_is_verified_one_by_one(folder: Path) -> None:
    workspace = Workspace.open(folder)
    for name in ("ease", "als"):
        save_fitted(workspace, name, {"weights": np.eye(3)})
    assert len(by_level(check_fitted(workspace), "ok")) == 3
    path = folder / "cache" / "fitted" / "ease.safetensors"
    path.write_bytes(path.read_bytes()[:40])
    found = check_fitted(workspace)
    assert len(by_level(found, "ok")) == 2
    assert "ease.safetensors is damaged" in by_level(found, "wrong")[0]


def test_a_database_that_is_not_there_yet_stays_away(tmp_path: Path) -> None:
    settings = Settings(database=str(tmp_path / "folder" / "kept.db"))
    found = check_database(settings)
    assert worst(found) == "ok"
    assert not (tmp_path / "folder").exists()


def test_a_database_of_this_version_is_well(tmp_path: Path) -> None:
    open_storage(tmp_path / "kept.db").close()
    found = check_database(Settings(database=str(tmp_path / "kept.db")))
    assert [finding.level for finding in found] == ["ok", "ok"]


def test_no_database_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "kept.db").write_bytes(b"no database at all" * 99)
    found = check_database(Settings(database=str(tmp_path / "kept.db")))
    assert [finding.level for finding in found] == ["wrong"]


@pytest.mark.parametrize(
    ("changes", "level", "said"),
    [
        ({"revision": "9"}, "wrong", "made by another version"),
        ({"revision": "1"}, "warning", "2 is the newest"),
        ({"revision": None}, "ok", "has no tables yet"),
        ({"problems": ("page 3 is torn",)}, "wrong", "page 3 is torn"),
        ({"risks": ("fsync=off",)}, "warning", "fsync=off"),
    ],
)
def test_what_was_found_in_a_database_is_worded(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], level: str, said: str
) -> None:
    whole: dict[str, Any] = {"revision": "2", "known": ("1", "2"), "active_keys": 0}
    examined = Examination("postgresql", "db", **(whole | changes))
    monkeypatch.setattr("chatrec.doctor.storing.examine", lambda where: examined)
    found = check_database(Settings(database="postgresql://db/chatrec"))
    assert worst(found) == level
    assert any(said in text for text in by_level(found, level))


def test_a_server_that_cannot_be_reached_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(where: str) -> Examination:
        raise StorageError("the database can't be used at the moment; see that it runs")

    monkeypatch.setattr("chatrec.doctor.storing.examine", unreachable)
    assert worst(check_database(Settings(database="postgresql://db/chatrec"))) == "wrong"


def test_keys_are_needed_where_others_reach_the_server(tmp_path: Path) -> None:
    database = str(tmp_path / "kept.db")
    storage = open_storage(database)
    settings = Settings(database=database, **REACHED)
    assert "there is no API key" in by_level(check_database(settings), "wrong")[0]
    storage.keys.create("ann")
    storage.close()
    assert check_database(settings)[-1].text == "1 in force"
    assert worst(check_database(Settings(database=database, allow_anyone=True, **REACHED))) == "ok"


def test_a_vector_database_is_asked_for_its_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_vector_database(Settings()) == []
    settings = Settings(vector_database="host=db")
    monkeypatch.setattr("chatrec.retrieval.pgvector_index.server_version", lambda dsn: "0.8.1")
    assert check_vector_database(settings)[0].level == "ok"

    def missing(dsn: str) -> str:
        raise DataError("the database's server has no pgvector: install it")

    monkeypatch.setattr("chatrec.retrieval.pgvector_index.server_version", missing)
    assert check_vector_database(settings)[0].level == "wrong"


def test_a_manifest_that_seals_nothing_is_wrong(folder: Path) -> None:
    manifest = folder / "manifest.json"
    values = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(values | {"files": {}}))
    assert worst(check_workspace(folder)[1]) == "wrong"
