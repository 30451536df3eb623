"""From a workspace to an adapter that is measured, checked and loaded again, on a tiny decoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatrec import tuning
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError, ModelError, RequestError
from chatrec.evaluation.splits import split_histories
from chatrec.generation.adapter_files import ADAPTER_FILES, CARD, ITEM_HEAD, check_adapter
from chatrec.generation.item_head import load_head
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.training.calibration import GRID
from chatrec.tuning import Notes, TuneOptions, tune_adapter
from tests.conftest import Tuned

ORDERS = ["popularity", "fused retrieval", "item head", "as shown"]


def tune_to(to: Path, *folders: Path, model: str) -> dict[str, Any]:
    return tune_adapter(
        folders,
        to,
        options=TuneOptions(steps=1),
        model=model,
        precision="auto",
        notes=Notes("", "", ""),
        say=lambda text: None,
    )


def test_adapter_is_whole_and_fits_its_base(tuned: Tuned, tiny_model_folder: Path) -> None:
    assert sorted(f.name for f in tuned.adapter.iterdir()) == sorted(
        (*ADAPTER_FILES, "checksums.json")
    )
    check_adapter(tuned.adapter, base_name="Tiny-Llama", hidden_size=32)
    decoder = load_decoder(str(tiny_model_folder), adapter=tuned.adapter, precision="auto")
    assert isinstance(decoder, LocalDecoder)
    assert not list(tuned.adapter.parent.glob(".*"))  # nothing half-written stays


def test_head_knows_its_domain_and_the_shares_chosen_on_validation_users(tuned: Tuned) -> None:
    _, facts = load_head(tuned.adapter / ITEM_HEAD)
    assert (facts.base, facts.domains) == ("Tiny-Llama", ("film",))
    assert facts.history_weight in GRID
    assert facts.wish_weight in GRID
    chosen = [line.rpartition(" ")[2] for line in tuned.said if "; chosen " in line]
    assert chosen == [str(facts.history_weight), str(facts.wish_weight)]


def test_figures_are_of_users_kept_from_training(tuned: Tuned, toy_workspace: Path) -> None:
    workspace = Workspace.open(toy_workspace)
    split = split_histories(workspace.histories, "foldin", targets=5)
    assert tuned.figures["users"] == len(split.tested) > 1
    assert tuned.figures["cases"] == 5 * tuned.figures["users"]
    assert list(tuned.figures["orders"]) == ORDERS
    for values in tuned.figures["orders"].values():
        low, high = values["ndcg@10"]["interval"]
        assert 0 <= low <= values["ndcg@10"]["mean"] <= high <= 1


def test_card_says_what_was_measured_and_where_the_data_came_from(tuned: Tuned) -> None:
    card = (tuned.adapter / CARD).read_text("utf-8")
    assert "made-up loans (34 items, " in card
    assert "chatrec tune toy" in card
    for name in ORDERS:
        mean = tuned.figures["orders"][name]["ndcg@10"]["mean"]
        assert f"- {name}: NDCG@10 {mean:.4f}" in card


def test_adapter_that_exists_is_not_overwritten(tuned: Tuned, toy_workspace: Path) -> None:
    before = {f.name: f.read_bytes() for f in tuned.adapter.iterdir()}
    with pytest.raises(DataError, match="is not empty; choose another --to"):
        tune_to(tuned.adapter, toy_workspace, model="never loaded")
    assert {f.name: f.read_bytes() for f in tuned.adapter.iterdir()} == before


def test_workspace_without_users_is_refused_and_nothing_is_written(
    toy_catalogue: Path, tiny_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RequestError, match="has no interactions to learn from"):
        tune_to(tmp_path / "adapter", toy_catalogue, model=str(tiny_model_folder))
    assert not list(tmp_path.iterdir())


def test_server_cannot_get_an_item_head(
    toy_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "load_decoder", lambda *args, **kwargs: object())
    with pytest.raises(ModelError, match="'http://decoder' is a server; an item head needs a"):
        tune_to(tmp_path / "adapter", toy_workspace, model="http://decoder")
