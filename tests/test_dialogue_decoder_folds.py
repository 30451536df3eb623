"""Which dialogues each fold's decoders learn from and score, on dialogues of one rule."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from chatrec.data.dialogues import Dialogue
from tests.test_dialogue_decoder_training import N_ITEMS, N_WORDS, WORDS, pairs, seeker

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

import dialogue_decoder_folds as folds  # noqa: E402  (their folder comes first)
from dialogue_decoder_examples import (  # noqa: E402
    DialogueExamples,
    examples_of,
    openings_of,
)
from dialogue_decoder_training import DialogueDecoderOptions, log_shares  # noqa: E402

N_TOLD, N_SILENT = 40, 8  # training dialogues with text, the first, and without
N_FOLDS, KEPT, WIDTH = 2, 3, 4
TITLES = [[item % 3] * (item % 2 + 1) for item in range(N_ITEMS)]
ASKED_OF = {"redial": (6, 0, 4), "inspired": (2,)}  # what is named before the one tested turn


def silent(n: int) -> list[Dialogue]:
    """The mentions of :func:`pairs`, without a word."""
    return [
        replace(one, utterances=tuple(replace(u, text="") for u in one.utterances))
        for one in pairs(n)
    ]


@pytest.fixture(scope="module")
def packed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``dialogue_decoder.py pack`` would write of the dialogues."""
    folder = tmp_path_factory.mktemp("packed")
    sets = {"training": examples_of([*pairs(N_TOLD), *silent(N_SILENT)], WORDS, longest=50)}
    for name, items in ASKED_OF.items():
        befores = [Dialogue(str(n), (seeker("I saw  ", item),)) for n, item in enumerate(items)]
        sets[name] = openings_of(befores, WORDS, longest=50)
    arrays = {f"{name}.{k}": a for name, one in sets.items() for k, a in one.arrays().items()}
    np.savez(folder / "examples.npz", **arrays)
    np.savez(
        folder / "items.npz",
        text=np.random.default_rng(0).normal(size=(N_ITEMS, WIDTH)).astype(np.float16),
        titles=np.concatenate(TITLES).astype(np.uint16),
        title_lengths=np.array([len(title) for title in TITLES], dtype=np.uint8),
    )
    facts = {"n_words": N_WORDS, "n_told": N_TOLD}
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


@pytest.fixture
def plan(
    packed_folder: Path, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> folds.FoldPlan:
    """Two small decoders that have their time and no share left out."""
    monkeypatch.setattr(folds, "KEPT", KEPT)
    monkeypatch.setattr(folds, "HELD_OUT", 0.3)  # of few dialogues
    options = DialogueDecoderOptions(
        tokens=40, epochs=8, warmup_steps=5, lora_rate=5e-3, item_rate=2e-2
    )
    return folds.FoldPlan(
        packed_folder, str(tiny_model_folder), 0, N_FOLDS, (1, 1), 2, 0.0, 1.0, 600.0, options
    )


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[tuple[set[int], set[int]]]:
    """The dialogues that each decoder learns from and stops by; none is trained."""
    seen: list[tuple[set[int], set[int]]] = []

    def note(
        network: object, examples: DialogueExamples, pieces: Any, held_out: Any, *_: object
    ) -> None:
        seen.append((set(examples.dialogues[pieces]), set(examples.dialogues[held_out])))

    monkeypatch.setattr(folds, "train_dialogue_decoder", note)
    return seen


def dialogues_of(turns: Sequence[int], plan: folds.FoldPlan) -> set[int]:
    return set(folds.Packed(plan.folder).told_asked()[turns].tolist())


def test_what_was_packed_is_read_back(packed_folder: Path) -> None:
    packed = folds.Packed(packed_folder)
    assert set(packed.examples) == {"training", *ASKED_OF}
    assert [packed.examples[name].piece(0).tolist()[-2] for name in ASKED_OF] == [
        N_WORDS + items[0] for items in ASKED_OF.values()
    ]
    assert packed.titles == TITLES
    assert packed.text.shape == (N_ITEMS, WIDTH)
    assert packed.told_asked().tolist() == list(range(N_TOLD))  # one turn each, none of the silent


def test_every_turn_is_scored_by_a_decoder_that_never_saw_its_dialogue(
    plan: folds.FoldPlan, learnt: list[tuple[set[int], set[int]]]
) -> None:
    scored = []
    for fold in range(N_FOLDS):
        found = folds.learn_fold(replace(plan, fold=fold))
        scored += found.turns.tolist()
        own = dialogues_of(found.turns, plan)
        for from_, by in learnt[-len(plan.depths) :]:
            assert by
            assert not own & (from_ | by)
            assert not from_ & by
            assert own | from_ | by == set(range(N_TOLD + N_SILENT))
    assert sorted(scored) == list(range(N_TOLD))
    assert learnt[0] != learnt[1]  # each decoder holds other dialogues out


def test_a_share_of_the_dialogues_is_learnt_from_and_scored(
    plan: folds.FoldPlan, learnt: list[tuple[set[int], set[int]]]
) -> None:
    found = folds.learn_fold(replace(plan, share=0.5))
    assert 0 < len(found.turns) < N_TOLD // N_FOLDS
    all_learnt_from = set.union(*(from_ for from_, _ in learnt))
    assert len(all_learnt_from | dialogues_of(found.turns, plan)) < 0.75 * (N_TOLD + N_SILENT)


def test_a_fold_learns_the_rule_and_scores_its_turns_by_it(plan: folds.FoldPlan) -> None:
    found = folds.learn_fold(plan)
    packed = folds.Packed(plan.folder)
    training = packed.examples["training"]
    answers = {  # the item recommended in each dialogue
        int(training.dialogues[piece]): int(item)
        for piece, _, item, recommended in training.answers
        if recommended
    }
    right = [answers[d] for d in packed.told_asked()[found.turns].tolist()]
    assert found.items[:, 0].tolist() == right
    assert found.items.shape == found.chances.shape == (len(right), KEPT)
    assert (np.diff(found.chances, axis=1) <= 0).all()
    for name, named in ASKED_OF.items():
        chances = found.tested[name]
        assert chances.argmax(axis=1).tolist() == [item + 1 for item in named]
        assert np.exp(chances).sum(axis=1) == pytest.approx(1.0, abs=1e-4)
        assert all(row[item] == -np.inf for row, item in zip(chances, named, strict=True))


def test_the_log_tells_of_each_decoder(plan: folds.FoldPlan) -> None:
    quick = replace(plan, options=replace(plan.options, epochs=1))
    first, second = folds.learn_fold(quick).log
    assert (first["vectors"], second["vectors"]) == ("all", "without text")
    assert first["options"]["seed"] != second["options"]["seed"]
    assert [figures["epoch"] for figures in first["epochs"]] == [1]


def test_a_network_starts_from_popularity_whatever_it_reads(plan: folds.FoldPlan) -> None:
    packed = folds.Packed(plan.folder)
    training, pieces = packed.examples["training"], np.arange(6)
    network = folds.network_of(packed, pieces, pieces, plan, depth=1, seed=1)
    torch.testing.assert_close(network.items.bias.cpu(), log_shares(training, pieces, N_ITEMS))
    with torch.inference_mode():
        first, second = network(torch.tensor([[1, N_WORDS + 4, 2], [1, N_WORDS, 3]]))[:, -1]
    torch.testing.assert_close(first, second)


def test_items_are_like_their_texts_and_the_company_they_keep_where_it_is_told(
    plan: folds.FoldPlan,
) -> None:
    packed = folds.Packed(plan.folder)
    pieces = folds.pieces_of(packed.examples["training"], np.arange(N_TOLD, N_TOLD + N_SILENT))
    assert pieces.tolist() == list(range(N_TOLD, N_TOLD + N_SILENT))

    def vectors(known: NDArray[np.int64]) -> torch.Tensor:
        return folds.network_of(packed, pieces, known, plan, depth=1, seed=1).items.vectors.cpu()

    all_told, less_told = vectors(pieces), vectors(pieces[:2])
    text = torch.from_numpy(packed.text) / all_told.shape[1] ** 0.5
    torch.testing.assert_close(all_told[:, :WIDTH], text)
    assert not torch.equal(all_told[:, WIDTH:], less_told[:, WIDTH:])
