"""``chatrec tune DIR --retriever`` on the toy workspace: fitted, saved, and read back."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest
import torch

from chatrec import fitting
from chatrec.assemble import item_decoders, text_encoder
from chatrec.data.importing import import_workspace
from chatrec.data.workspace import INTERACTIONS, Workspace
from chatrec.errors import DataError, RequestError
from chatrec.fitting import fit_retrieval, tune_encoders
from chatrec.retrieval.collaborative import HistoryRetriever
from chatrec.retrieval.dense import DEFAULT_ENCODER, DenseRetriever, TextEncoder, item_vectors
from chatrec.retrieval.encoder_adapter import write_encoder_adapter
from chatrec.retrieval.fitted import save_fitted
from chatrec.retrieval.fitted_branches import (
    FUSION,
    MODELS,
    fitted_fusion,
    fitted_models,
    fusion_of,
)
from chatrec.retrieval.fitted_encoder import encoder_folder
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.tops import PAD
from chatrec.training.embedder import EmbedderNotes, EmbedderOptions
from chatrec.training.fusion import FusionFigures
from chatrec.training.item_decoder import ItemDecoderOptions
from chatrec.training.sequential import SequentialOptions
from chatrec.types import Query

NOTHING = torch.zeros(384, 1)
TINY = SequentialOptions(width=8, blocks=1, window=12, epochs=2)


class Fitted(NamedTuple):
    """The workspace, what fitting gave back, and what it said."""

    folder: Path
    figures: dict[str, Any]
    said: list[str]


@pytest.fixture(scope="module")
def fitted(toy_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    folder = tmp_path_factory.mktemp("fitted") / "toy"
    shutil.copytree(toy_workspace, folder)
    said: list[str] = []
    figures = fit_retrieval(folder, sequential=TINY, say=said.append)
    return Fitted(folder, figures, said)


def whole(folder: Path) -> Fusion:
    """The fusion as it is assembled."""
    workspace = Workspace.open(folder)
    encoder = TextEncoder()
    vectors = item_vectors(workspace, encoder)
    dense = DenseRetriever(workspace.catalog, encoder, vectors)
    return fusion_of(workspace, [dense], vectors, encoder)


def test_every_model_is_fitted_measured_and_read_back(fitted: Fitted) -> None:
    assert set(fitted.figures["branches"]) == {*MODELS, "dense"}
    assert list(fitted_models(Workspace.open(fitted.folder))) == list(MODELS)
    for figures in fitted.figures["branches"].values():
        assert 0 <= figures["ndcg@10"] <= figures["recall@200"] <= fitted.figures["union"] <= 1
    assert fitted.figures["cases"] == 60
    json.dumps(fitted.figures)


def test_the_learned_fusion_beats_reciprocal_rank_and_leads_a_history(fitted: Fitted) -> None:
    assert fitted.figures["fit"]["learned_ndcg"] > fitted.figures["fit"]["reciprocal_ndcg"]
    history = tuple(i.item_id for i in Workspace.open(fitted.folder).history("u0"))[:8]
    query = Query(history=history, seen=frozenset(history))
    fusion = whole(fitted.folder)
    assert fusion.led_by(query) == "learned fusion"
    found = fusion.retrieve(query, 5)
    assert len({c.item_id for c in found} - set(history)) == 5
    assert any(piece.kind == "together" for c in found for piece in c.evidence)


def test_models_know_the_last_items_after_all(fitted: Fitted) -> None:
    workspace = Workspace.open(fitted.folder)
    scores = fitted_models(workspace)["popularity"].scores([np.zeros(0, np.int32)])
    assert (scores[0] == workspace.histories.counts).all()


def test_other_interactions_ask_for_another_fit(fitted: Fitted, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(fitted.folder, folder)
    workspace = Workspace.open(folder)
    pl.read_parquet(folder / INTERACTIONS).head(9).write_parquet(folder / INTERACTIONS)
    with pytest.raises(DataError, match="fit it again"):
        fitted_models(workspace)


def test_without_a_fit_there_are_no_branches_and_the_log_says_so(
    toy_workspace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace.open(toy_workspace)
    with caplog.at_level(logging.INFO):
        assert fitted_fusion(workspace, item_vectors(workspace, TextEncoder())) is None
    assert fitted_models(workspace) == {}
    assert "reciprocal rank orders" in caplog.text


def test_a_fusion_learns_from_what_its_branches_find_when_served(fitted: Fitted) -> None:
    workspace = Workspace.open(fitted.folder)
    everything = np.ones(len(workspace.catalog), dtype=bool)
    past = next(iter(workspace.histories))[:6]
    ids = tuple(workspace.catalog.items[row].item_id for row in past)
    for name, model in fitted_models(workspace).items():
        served = HistoryRetriever(workspace.catalog, model).found(
            Query(history=ids, seen=frozenset(ids)), 500
        )
        learnt = fitting._tops(model, [past], everything, above=0.0)
        rows = learnt.items[0][learnt.items[0] != PAD].tolist()
        assert [workspace.catalog.items[row].item_id for row in rows] == [
            candidate.item_id for candidate in served[: len(rows)]
        ], name
        assert len({candidate.score for candidate in served[len(rows) :]}) <= 1  # no finds: equals


def test_a_fusion_that_is_no_better_is_not_kept(
    toy_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_better(*args: Any, **options: Any) -> Any:
        fusion, figures = train(*args, **options)
        return fusion, replace(figures, learned_ndcg=figures.reciprocal_ndcg)

    train = fitting.train_fusion
    monkeypatch.setattr(fitting, "train_fusion", no_better)
    folder = tmp_path / "toy"
    shutil.copytree(toy_workspace, folder)
    save_fitted(Workspace.open(folder), FUSION, {"of": np.zeros(1)})  # that of an earlier fit
    said: list[str] = []
    fit_retrieval(folder, sequential=TINY, say=said.append)
    assert said[-1] == "the learned fusion was no better than reciprocal rank, which stays in use"
    assert not (folder / "cache" / "fitted" / f"{FUSION}.safetensors").exists()
    assert fitted_models(Workspace.open(folder))


def test_models_of_order_need_times(
    toy_workspace: Path, toy_films_file: Path, tmp_path: Path
) -> None:
    met = tmp_path / "met.csv"
    frame = pl.read_parquet(toy_workspace / INTERACTIONS)
    frame.select("user_id", "item_id").write_csv(met)
    folder = tmp_path / "untimed"
    import_workspace(toy_films_file, met, folder, domain="film", progress=False)
    figures = fit_retrieval(folder, say=lambda text: None)
    assert set(figures["branches"]) == {"popularity", "item_knn", "als", "ease", "dense"}


def test_too_few_people_are_refused_before_anything_is_learnt(
    toy_workspace: Path, toy_films_file: Path, tmp_path: Path
) -> None:
    met = tmp_path / "met.csv"
    frame = pl.read_parquet(toy_workspace / INTERACTIONS).select("user_id", "item_id")
    short = frame.group_by("user_id", maintain_order=True).head(4)
    short.write_csv(met)
    folder = tmp_path / "short"
    import_workspace(toy_films_file, met, folder, domain="film", progress=False)
    said: list[str] = []
    with pytest.raises(RequestError, match="has 0 people with 5 interactions or more, and 50"):
        fit_retrieval(folder, say=said.append)
    assert said == []


def test_a_workspace_without_interactions_is_refused(toy_catalogue: Path) -> None:
    with pytest.raises(RequestError, match="import some with --interactions"):
        fit_retrieval(toy_catalogue, say=lambda text: None)


def test_better_means_ahead_on_users_held_out() -> None:
    figures = FusionFigures(40, 10, 0.2, 0.2, "ease", 0.1)
    assert not figures.better
    assert replace(figures, learned_ndcg=0.21).better


def test_the_neighbours_of_what_is_disliked_come_from_interactions_too(fitted: Fitted) -> None:
    history = tuple(i.item_id for i in Workspace.open(fitted.folder).history("u0"))[:8]
    fusion = whole(fitted.folder)
    plain = fusion.retrieve(Query(history=history, seen=frozenset(history)), 9)
    averse = Query(history=history, disliked=(plain[0].item_id,), seen=frozenset(history))
    assert fusion.led_by(averse) == "learned fusion"
    assert fusion.retrieve(averse, 9)[0].item_id != plain[0].item_id


OPTIONS = EmbedderOptions(seed=3)
NOTES = EmbedderNotes("toy films", "ours", "chatrec tune toy --encoder")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Any:
    """reads(mrr): tuning writes an adapter that changes nothing, and reports ``mrr`` after .2."""

    def measured(mrr: float) -> list[Sequence[Workspace]]:
        learnt_from: list[Sequence[Workspace]] = []

        def tune(workspaces: Sequence[Workspace], to: Path, *given: Any, **named: Any) -> Any:
            assert given == (OPTIONS, NOTES)
            learnt_from.append(workspaces)
            layer = "0.model.encoder.layer.5.attention.self.value"
            write_encoder_adapter(
                to,
                {f"{layer}.lora_A.weight": torch.ones(1, 384), f"{layer}.lora_B.weight": NOTHING},
                base=DEFAULT_ENCODER,
                revision=TextEncoder().revision,
                scale=2.0,
                domains=sorted({workspace.domain for workspace in workspaces}),
                catalogs=[workspace.catalog.checksum for workspace in workspaces],
                card="# toy\n",
            )
            return {"base": {"mean": {"mrr": 0.2}}, "tuned": {"mean": {"mrr": mrr}}}

        monkeypatch.setattr(fitting, "tune_embedder", tune)
        return learnt_from

    return measured


@pytest.mark.parametrize(("after", "stays"), [(0.3, True), (0.2, False)])
def test_an_encoder_is_kept_for_the_workspace_only_where_it_reads_better(
    toy_catalogue: Path, tmp_path: Path, reads: Any, after: float, stays: bool
) -> None:
    learnt_from = reads(after)
    folder = tmp_path / "toy"
    shutil.copytree(toy_catalogue, folder)
    said: list[str] = []
    figures = tune_encoders([folder], None, NOTES, options=OPTIONS, say=said.append)
    assert figures[str(folder)]["tuned"]["mean"]["mrr"] == after
    assert [len(workspaces) for workspaces in learnt_from] == [1]
    workspace = Workspace.open(folder)
    assert encoder_folder(workspace).is_dir() == stays
    assert text_encoder(workspace).reader.endswith(
        f" tuned by {encoder_folder(workspace)}" if stays else DEFAULT_ENCODER
    )
    assert ("in use from now on" in said[-1]) == stays


def test_several_workspaces_teach_one_encoder(
    toy_workspace: Path, toy_catalogue: Path, tmp_path: Path, reads: Any
) -> None:
    learnt_from = reads(0.3)
    folders, to = [toy_workspace, toy_catalogue], tmp_path / "both"
    tune_encoders(folders, to, NOTES, options=OPTIONS, say=lambda text: None)
    assert [[w.path for w in workspaces] for workspaces in learnt_from] == [folders]
    assert text_encoder(Workspace.builtin(), to).reader == f"{DEFAULT_ENCODER} tuned by {to}"
    assert not any(encoder_folder(Workspace.open(f)).exists() for f in folders)
    with pytest.raises(DataError, match="choose another --to"):
        tune_encoders(folders, to, NOTES, options=OPTIONS, say=lambda text: None)


READER = ItemDecoderOptions(depth=1, rank=2, window=12, recent=12, tokens=64, epochs=1, validated=9)


def test_the_decoder_learns_to_read_histories_and_joins_the_branches(
    toy_workspace: Path, tmp_path: Path, tiny_model_folder: Path
) -> None:
    folder, said = tmp_path / "toy", list[str]()
    shutil.copytree(toy_workspace, folder)
    base = str(tiny_model_folder)
    figures = fit_retrieval(folder, sequential=TINY, decoder=READER, base=base, say=said.append)
    assert "training the decoder to read histories" in said
    assert 0 <= figures["branches"]["decoder"]["ndcg@10"] <= 1
    workspace = Workspace.open(folder)
    (decoder,) = item_decoders(workspace)
    past = np.array([0, 1, 2], dtype=np.int32)
    assert np.ptp(decoder.scores([past])[0]) > 0
    encoder = TextEncoder()
    vectors = item_vectors(workspace, encoder)
    dense = DenseRetriever(workspace.catalog, encoder, vectors)
    fusion = fusion_of(workspace, [dense], vectors, encoder, further=[decoder])
    found = fusion.retrieve(Query(history=("arrival", "moon")), 10)
    assert found


def test_the_decoder_is_not_trained_where_nothing_has_a_time(
    toy_films_file: Path, tmp_path: Path
) -> None:
    met = tmp_path / "met.csv"
    lines = [f"u{user},{item}" for user in range(9) for item in ("arrival", "moon")]
    met.write_text("\n".join(["user_id,item_id", *lines]), encoding="utf-8")
    folder = tmp_path / "toy"
    import_workspace(toy_films_file, met, folder, domain="film", progress=False)
    with pytest.raises(RequestError, match="have no times"):
        fit_retrieval(folder, decoder=READER, say=lambda text: None)
