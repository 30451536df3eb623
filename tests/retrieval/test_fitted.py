"""What was learnt from a workspace is kept in its cache and belongs to its data alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chatrec.data.importing import import_workspace
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError, RequestError
from chatrec.retrieval.fitted import load_fitted, save_fitted

TENSORS = {"weights": np.eye(3, dtype=np.float32)[:, ::-1], "counts": np.array([3, 1])}
FACTS = {"l2": 300.0, "users": 2, "data": "toy"}


def workspace(folder: Path, met: str = "u,1\nv,2\n", titles: str = "1,Moon\n2,Her\n") -> Workspace:
    items, interactions = folder / "items.csv", folder / "met.csv"
    items.write_text(f"item_id,title\n{titles}")
    interactions.write_text(f"user_id,item_id\n{met}")
    import_workspace(items, interactions, folder / "ws", domain="film", progress=False)
    return Workspace.open(folder / "ws")


def test_what_is_saved_comes_back_with_its_facts(tmp_path: Path) -> None:
    ws = workspace(tmp_path)
    path = save_fitted(ws, "ease", TENSORS, FACTS)
    assert path == ws.cache_dir / "fitted" / "ease.safetensors"
    tensors, facts = load_fitted(ws, "ease")
    assert facts == FACTS
    assert set(tensors) == set(TENSORS)
    for name, tensor in TENSORS.items():
        np.testing.assert_array_equal(tensors[name], tensor)
        assert tensors[name].dtype == tensor.dtype


def test_nothing_saved_is_none_and_saving_again_replaces(tmp_path: Path) -> None:
    ws = workspace(tmp_path)
    assert load_fitted(ws, "ease") is None
    save_fitted(ws, "ease", TENSORS, FACTS)
    save_fitted(ws, "ease", {"counts": np.array([9])})
    tensors, facts = load_fitted(ws, "ease")
    assert (list(tensors), facts) == (["counts"], {})
    assert [file.name for file in (ws.cache_dir / "fitted").iterdir()] == ["ease.safetensors"]
    assert load_fitted(ws, "als") is None


def test_the_built_in_films_can_have_something_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATREC_CACHE", str(tmp_path))
    films = Workspace.builtin()
    save_fitted(films, "popularity", TENSORS)
    assert load_fitted(films, "popularity") is not None


def test_the_built_in_films_come_with_what_dialogues_teach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATREC_CACHE", str(tmp_path))
    films = Workspace.builtin()
    _, facts = load_fitted(films, "dialogues")
    assert facts["branches"] == ["dense", "lexical"]
    save_fitted(films, "dialogues", TENSORS, FACTS)  # what was saved here stands in its place
    assert load_fitted(films, "dialogues")[1] == FACTS
    assert load_fitted(films, "ease") is None


@pytest.mark.parametrize(
    ("met", "titles"), [("u,1\nv,1\n", "1,Moon\n2,Her\n"), ("u,1\nv,2\n", "1,Moon\n2,Saw\n")]
)
def test_other_data_is_refused(tmp_path: Path, met: str, titles: str) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    path = save_fitted(workspace(tmp_path / "old"), "ease", TENSORS)
    other = workspace(tmp_path / "new", met, titles)
    target = other.cache_dir / "fitted"
    target.mkdir()
    path.rename(target / path.name)
    with pytest.raises(DataError, match=r"another catalogue or other interactions.*fit it again"):
        load_fitted(other, "ease")


@pytest.mark.parametrize("kept", [0, 50])
def test_a_damaged_file_is_refused(tmp_path: Path, kept: int) -> None:
    ws = workspace(tmp_path)
    path = save_fitted(ws, "ease", TENSORS)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DataError, match="is damaged"):
        load_fitted(ws, "ease")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save

    ws = workspace(tmp_path)
    path = save_fitted(ws, "ease", TENSORS)
    path.write_bytes(save({"weights": np.eye(2)}))
    with pytest.raises(DataError, match="fit it again"):
        load_fitted(ws, "ease")


@pytest.mark.parametrize("name", ["", "../ease", "Ease", "a.b"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    ws = workspace(tmp_path)
    with pytest.raises(RequestError, match="lower-case letters, digits"):
        save_fitted(ws, name, TENSORS)
    with pytest.raises(RequestError, match="lower-case letters, digits"):
        load_fitted(ws, name)
