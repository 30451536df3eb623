"""Every kind of file that chatrec reads back: damaged, foreign or altered, it is named and refused.

A pickle is put in the place of each. None is ever loaded: it would leave a file behind.
"""

from __future__ import annotations

import json
import logging
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from chatrec.assemble import label_binding
from chatrec.data.checksums import verify_checksums
from chatrec.data.workspace import Workspace
from chatrec.errors import ChatrecError
from chatrec.generation.adapter_files import (
    ADAPTER_CONFIG,
    ADAPTER_WEIGHTS,
    ITEM_HEAD,
)
from chatrec.retrieval.fitted import load_fitted
from tests.artefacts import ALL, SELF_SEALED, WIDTH, Artefact, converted, of_adapter, sealed_table

# What is still read where seal and file were altered together: text that nobody parses.
UNPARSED = {"adapter CARD.md", "encoder adapter CARD.md"}


class Evil:
    """Unpickled, it leaves a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


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
