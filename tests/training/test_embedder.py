import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from chatrec.data.workspace import Workspace
from chatrec.errors import ModelError
from chatrec.retrieval.encoder import TextEncoder, load_model
from chatrec.training import embedder
from chatrec.training.checkpoints import CHECKPOINT
from chatrec.training.contrastive import both_ways, contrastive_loss
from chatrec.training.embedder import (
    EmbedderNotes,
    EmbedderOptions,
    tune_embedder,
)
from chatrec.training.query_sets import QueryBatch, QuerySet
from tests.retrieval.tiny_encoder import save_tiny_encoder

OPTIONS = EmbedderOptions(
    steps=6, batch=6, rank=2, rate=0.02, validate_every=3, validation_per_style=2, seed=1
)
NOTES = EmbedderNotes("toy films", "ours", "chatrec tune --retriever toy")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny_encoder(tmp_path_factory.mktemp("models") / "tiny"))


def tuned(workspace: Path, base: str, place: Path, options: EmbedderOptions = OPTIONS, **given):
    figures = tune_embedder(
        [Workspace.open(workspace)], place / "toy", options, NOTES, base=base, run=place / "run",
        **given,
    )  # fmt: skip
    return place / "toy", figures


def test_loss_is_that_of_each_target_among_the_negatives():
    queries, items = torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 0], [0, 1], [0.6, 0.8]])
    targets, negatives = torch.tensor([[True, False, True]]), torch.tensor([[False, True, False]])
    loss = contrastive_loss(queries, items, targets, negatives, 0.5)
    alone = [-np.log(np.exp(s / 0.5) / (np.exp(s / 0.5) + 1.0)) for s in (1.0, 0.6)]
    assert float(loss) == pytest.approx(np.mean(alone), abs=1e-6)


def test_request_without_targets_takes_no_part_in_the_loss():
    queries, items = torch.eye(2), torch.eye(2)
    targets = torch.tensor([[True, False], [False, False]])
    both = contrastive_loss(queries, items, targets, ~targets, 0.5)
    one = contrastive_loss(queries[:1], items, targets[:1], ~targets[:1], 0.5)
    assert float(both) == pytest.approx(float(one))


def test_way_back_counts_requests_that_the_item_does_not_fulfil():
    batch = QueryBatch(("a", "b"), np.eye(2, dtype=bool), ~np.eye(2, dtype=bool))
    queries, items = torch.eye(2), torch.eye(2)
    forth = both_ways(queries, items, batch, temperature=0.5, back_share=0.0, seed=0)
    both = both_ways(queries, items, batch, temperature=0.5, back_share=0.5, seed=0)
    assert float(both) == pytest.approx(1.5 * float(forth))


def test_tuning_learns_and_writes_an_adapter_that_loads(
    toy_workspace: Path, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    drawn = QuerySet.batch
    monkeypatch.setattr(QuerySet, "batch", lambda data, n, rng: drawn(data, n, random.Random(0)))
    options = replace(OPTIONS, steps=20, validate_every=20, rate=0.1, dropout=0.0)
    losses = []
    folder, figures = tuned(
        toy_workspace, base, tmp_path, options, report=lambda s, n, of: losses.append(of["loss"])
    )
    assert losses[-1] < 0.9 * losses[0]  # on the same requests again and again
    assert figures["best_step"] == figures["steps"] == 20
    plain, other = TextEncoder(base), TextEncoder(base, folder)
    assert other.adapter is not None
    assert other.adapter.domains == ("film",)
    assert other.adapter.catalogs == (Workspace.open(toy_workspace).catalog.checksum,)
    assert (plain.encode(["a film"]) == other.encode(["a film"])).all()
    assert np.abs(plain.encode_queries(["a film"]) - other.encode_queries(["a film"])).max() > 1e-3
    card = (folder / "CARD.md").read_text()
    for said in (base, "toy films", "ours", NOTES.command, "Seed:** 1", "| mean |"):
        assert said in card


def test_killed_run_ends_as_one_that_was_not(toy_workspace: Path, base: str, tmp_path: Path):
    whole, _ = tuned(toy_workspace, base, tmp_path / "whole")

    class KilledError(Exception):
        pass

    def kill(step: int, steps: int, losses: object) -> None:
        if step == 4:
            raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedder, "CHECKPOINT_EVERY_S", -1)  # after every step
        with pytest.raises(KilledError):
            tuned(toy_workspace, base, tmp_path / "killed", report=kill)
    assert not (tmp_path / "killed" / "toy").exists()
    taken_up = []
    folder, _ = tuned(
        toy_workspace, base, tmp_path / "killed", report=lambda s, n, of: taken_up.append(s)
    )
    assert taken_up[0] in (4, 5)
    first, second = (TextEncoder(base, f).encode_queries(["space"]) for f in (whole, folder))
    assert (first == second).all()


def test_checkpoint_of_other_options_is_not_taken_up(
    toy_workspace: Path, base: str, tmp_path: Path
):
    tuned(toy_workspace, base, tmp_path)
    assert (tmp_path / "run" / CHECKPOINT).is_file()
    steps = []
    tune_embedder(
        [Workspace.open(toy_workspace)], tmp_path / "second", replace(OPTIONS, seed=2), NOTES,
        base=base, run=tmp_path / "run", report=lambda s, n, of: steps.append(s),
    )  # fmt: skip
    assert steps == list(range(1, 7))


def test_time_limit_ends_the_run_with_an_adapter(toy_workspace: Path, base: str, tmp_path: Path):
    folder, figures = tuned(toy_workspace, base, tmp_path, replace(OPTIONS, max_seconds=0.0))
    assert figures["steps"] == 0
    assert figures["tuned"] == figures["base"]
    assert TextEncoder(base, folder).encode_queries(["space"]).shape == (1, 16)


def test_figures_are_those_of_the_share_that_is_written(
    toy_workspace: Path, base: str, tmp_path: Path
):
    whole, figures = tuned(toy_workspace, base, tmp_path / "whole")
    none, untuned = tuned(toy_workspace, base, tmp_path / "none", replace(OPTIONS, scale_share=0.0))
    assert figures["base"] == untuned["base"] == untuned["tuned"]
    vectors = [TextEncoder(base, folder).encode_queries(["space"]) for folder in (whole, none)]
    assert np.abs(vectors[0] - vectors[1]).max() > 1e-4
    np.testing.assert_allclose(vectors[1], TextEncoder(base).encode_queries(["space"]), atol=1e-6)


def test_log_has_a_line_a_step(toy_workspace: Path, base: str, tmp_path: Path):
    tuned(toy_workspace, base, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert "validation mrr" in lines[2]
    assert "validation mrr" not in lines[3]


def test_model_without_layers_is_refused():
    with pytest.raises(ModelError, match="no linear maps in layers named"):
        embedder._with_lora(torch.nn.Linear(2, 2), OPTIONS)


def test_texts_of_any_length_are_embedded_in_their_order(base: str, tmp_path: Path):
    texts = ["space", "a b c d e f", "war", *(["long " * n for n in range(1, 20)])]
    tuning = embedder._Tuning(load_model(base), [], replace(OPTIONS, dropout=0.0), tmp_path, "")
    with torch.no_grad():
        ours = tuning._embed(texts).numpy()
    np.testing.assert_allclose(ours, TextEncoder(base).encode_queries(texts), atol=1e-5)


def test_lora_starts_as_no_change(base: str):
    model = load_model(base)
    before = model.encode(["space"])
    parameters = embedder._with_lora(model, OPTIONS)
    assert (model.encode(["space"]) == before).all()
    assert all(".lora_" in name for name in parameters)


def test_only_the_last_layers_are_tuned(tmp_path: Path):
    model = load_model(str(save_tiny_encoder(tmp_path / "deep", layers=3)))
    names = embedder._with_lora(model, replace(OPTIONS, layers=2))
    assert {name.split(".layer.")[1][0] for name in names} == {"1", "2"}
