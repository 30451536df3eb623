import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import chatrec.training.epochs as module
from chatrec.data.interactions import Histories
from chatrec.errors import ModelError, RequestError
from chatrec.retrieval.sequential import SasRec
from chatrec.training.epochs import validation_ndcg
from chatrec.training.sequential import (
    SequentialOptions,
    next_item_loss,
    train_sequential,
)
from chatrec.training.windows import HeldOut, batches_of, hold_out, windows_of

N = 20
OPTIONS = SequentialOptions(
    width=16, window=8, dropout=0.1, negatives=None, tokens=128, rate=0.01, warmup_steps=5,
    epochs=4, patience=5, validate_every=1, seed=1,
)  # fmt: skip


def circle(users: int = 60, length: int = 10) -> Histories:
    """Everybody goes round the items in order, each from another start: item i, then i + 1."""
    return Histories.from_pasts([[(u + i) % N for i in range(length)] for u in range(users)], N)


def weights(model: SasRec) -> dict[str, np.ndarray]:
    return model.tensors()


def assert_same(first: SasRec, second: SasRec) -> None:
    for name, tensor in weights(first).items():
        np.testing.assert_array_equal(weights(second)[name], tensor, err_msg=name)


def _steps(
    training: Histories, held_out: HeldOut, options: SequentialOptions, run: Path
) -> list[int]:
    """The steps that a run of training takes."""
    steps: list[int] = []
    train_sequential(training, held_out, options, run, report=lambda s, n, f: steps.append(s))
    return steps


@pytest.mark.parametrize("negatives", [None, 8])
def test_it_learns_what_follows_what(tmp_path: Path, negatives: int | None):
    training, held_out = hold_out(circle(), 1)
    options = replace(OPTIONS, negatives=negatives, epochs=25, patience=25)
    model = train_sequential(training, held_out, options, tmp_path)
    assert validation_ndcg(model, held_out) > 0.9
    fresh = np.array([17, 18, 19], dtype=np.int32)  # a history that training never met
    assert model.scores([fresh])[0].argmax() == 0


def test_options_suit_the_size_of_the_data():
    few = SequentialOptions.suited(circle(), seed=7)
    assert (few.window, few.tokens, few.dropout, few.seed) == (10, 1024, 0.3, 7)
    many = Histories.from_pasts([np.arange(3000) % 6000] * 200, 6000)
    suited = SequentialOptions.suited(many)
    assert (suited.window, suited.tokens, suited.dropout) == (200, 4096, 0.2)
    assert (suited.negatives, few.negatives) == (1024, 512)
    assert suited.rate < few.rate
    assert SequentialOptions.suited(Histories.from_pasts([], 3)).window == 1


def test_nothing_held_out_is_learnt_from_and_short_histories_whole():
    histories = Histories.from_pasts([[0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5], [7], []], N)
    training, held_out = hold_out(histories, 2)
    assert [past.tolist() for past in training] == [[0, 1, 2, 3], [0, 1, 2, 3, 4, 5], [7], []]
    assert [past.tolist() for past in held_out.pasts] == [[0, 1, 2, 3]]
    assert held_out.targets.tolist() == [4]
    assert hold_out(histories)[1].targets.tolist() == [6, 5]


def test_each_item_but_the_first_is_a_target_once_whatever_the_cuts():
    pasts = [list(range(n)) for n in (0, 1, 2, 8, 9, 10, 40)]
    histories = Histories.from_pasts(pasts, 40)
    cuts = set()
    for seed in range(20):
        pieces = windows_of(histories, 8, np.random.default_rng(seed))
        assert all(2 <= len(piece) <= 9 for piece in pieces)
        targets = sorted(item for piece in pieces for item in piece[1:])
        assert targets == sorted(item for past in pasts for item in past[1:])
        cuts.add(tuple(len(piece) for piece in pieces))
    assert len(cuts) > 1


def test_batches_hold_every_piece_once_within_their_size():
    rng = np.random.default_rng(0)
    pieces = [np.arange(n, dtype=np.int32) for n in rng.integers(2, 30, size=200)]
    batches = batches_of(pieces, 100, rng)
    assert sorted(len(p) for batch in batches for p in batch) == sorted(map(len, pieces))
    assert all(len(b) * (max(map(len, b)) - 1) <= 100 for b in batches)
    filled = sum(len(p) - 1 for p in pieces)
    assert filled / sum(len(b) * (max(map(len, b)) - 1) for b in batches) > 0.8


def test_the_sampled_loss_comes_close_to_the_full_one():
    torch.manual_seed(0)
    states, vectors = torch.randn(30, 4), torch.randn(50, 4)
    targets = torch.randint(0, 50, (30,))
    chances = torch.rand(50) + 0.1
    chances /= chances.sum()
    drawn = torch.multinomial(chances, 200_000, replacement=True)
    sampled = next_item_loss(states, vectors, targets, drawn, 200_000 * chances[drawn])
    full = next_item_loss(states, vectors, targets)
    assert float(sampled) == pytest.approx(float(full), abs=0.01)


def test_a_drawn_negative_that_is_the_target_does_not_count():
    states, vectors = torch.ones(1, 2), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    loss = next_item_loss(
        states, vectors, torch.tensor([0]), torch.tensor([0, 1]), torch.tensor([1.0, 1.0])
    )
    assert float(loss) == pytest.approx(np.log(2))  # of two items with equal logits


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tmp_path: Path):
    training, held_out = hold_out(circle(), 1)
    options = replace(OPTIONS, negatives=8)
    first = train_sequential(training, held_out, options, tmp_path / "a")
    assert_same(first, train_sequential(training, held_out, options, tmp_path / "b"))
    other = train_sequential(training, held_out, replace(options, seed=2), tmp_path / "c")
    assert not np.array_equal(other.own, first.own)


@pytest.mark.parametrize("at", [3, 14])
def test_a_killed_run_ends_with_the_very_weights_it_would_have_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
):
    training, held_out = hold_out(circle(), 1)
    options = replace(OPTIONS, negatives=8)
    whole = train_sequential(training, held_out, options, tmp_path / "whole")
    monkeypatch.setattr(module, "CHECKPOINT_EVERY_S", -1)  # after every step

    def kill_at(step: int, steps: int, figures: object) -> None:
        if step == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_sequential(training, held_out, options, tmp_path / "killed", report=kill_at)
    assert _steps(training, held_out, options, tmp_path / "killed")[0] == at
    resumed = train_sequential(training, held_out, options, tmp_path / "killed")
    assert_same(whole, resumed)


def test_a_finished_run_is_not_trained_again(tmp_path: Path):
    training, held_out = hold_out(circle(), 1)
    first = train_sequential(training, held_out, OPTIONS, tmp_path)
    assert _steps(training, held_out, OPTIONS, tmp_path) == []
    again = train_sequential(training, held_out, OPTIONS, tmp_path)
    assert_same(first, again)


def test_a_checkpoint_of_other_options_or_data_is_not_taken_up(tmp_path: Path):
    training, held_out = hold_out(circle(), 1)
    train_sequential(training, held_out, OPTIONS, tmp_path)
    assert _steps(training, held_out, OPTIONS, tmp_path) == []
    assert _steps(training, held_out, replace(OPTIONS, rate=0.02), tmp_path)[0] == 1
    other = hold_out(circle(users=50), 1)[0]
    assert _steps(other, held_out, OPTIONS, tmp_path)[0] == 1
    more_items = replace(other, n_items=N + 1)  # one that nobody has met
    assert _steps(more_items, held_out, OPTIONS, tmp_path)[0] == 1


def test_training_stops_when_validation_gets_no_better_and_gives_the_best(tmp_path: Path):
    training, held_out = hold_out(circle(), 1)
    options = replace(OPTIONS, epochs=200, patience=2)
    model = train_sequential(training, held_out, options, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    found = [line["validation ndcg@10"] for line in lines]
    assert len(found) < 200
    best = found.index(max(found))
    assert len(found) == best + 1 + options.patience
    assert validation_ndcg(model, held_out) == pytest.approx(found[best])


def test_the_validation_rank_leaves_out_what_the_user_has_had(tmp_path: Path):
    training, held_out = hold_out(circle(), 1)
    model = train_sequential(training, held_out, replace(OPTIONS, epochs=1), tmp_path)
    pasts, targets = held_out.pasts, held_out.targets
    gains = []
    for past, target in zip(pasts, targets, strict=True):
        order = [i for i in np.argsort(-model.scores([past])[0]) if i not in set(past.tolist())]
        rank = 1 + order.index(target)
        gains.append(1 / np.log2(1 + rank) if rank <= 10 else 0.0)
    assert 0 < np.mean(gains) < 1
    assert validation_ndcg(model, held_out) == pytest.approx(np.mean(gains))


@pytest.mark.parametrize("same", [0.0, np.nan])
def test_a_model_that_tells_nothing_apart_validates_as_the_worst(same: float):
    class Same:
        def scores(self, pasts):
            return np.full((len(pasts), N), same, dtype=np.float32)

    assert validation_ndcg(Same(), hold_out(circle(), 1)[1]) == 0.0


def test_training_that_runs_away_is_said_and_not_kept(tmp_path: Path):
    training, held_out = hold_out(circle(), 1)
    text = np.full((N, 4), np.nan, dtype=np.float32)
    with pytest.raises(ModelError, match=r"the loss is nan at step 0, .*: lower the learning rate"):
        train_sequential(training, held_out, OPTIONS, tmp_path, text_vectors=text)
    assert not list(tmp_path.glob("*.safetensors"))


def test_going_on_from_kept_weights_learns_what_is_new_since(tmp_path: Path):
    training, held_out = hold_out(circle(), 1)
    text = np.random.default_rng(0).normal(size=(N + 1, 6)).astype(np.float32)
    options = replace(OPTIONS, epochs=12, patience=12)
    kept = train_sequential(training, held_out, options, tmp_path / "a", text_vectors=text[:N])
    news = Histories.from_pasts([[u % N, (u + 1) % N, N] for u in range(60)], N + 1)
    nothing = HeldOut((), np.zeros(0, dtype=np.int32))
    more = train_sequential(
        news, nothing, replace(OPTIONS, epochs=30), tmp_path / "b", text_vectors=text, start=kept
    )
    assert more.scores([np.array([4, 5], dtype=np.int32)])[0].argmax() == N
    again = train_sequential(
        news, nothing, replace(OPTIONS, epochs=0), tmp_path / "c", text_vectors=text, start=kept
    )
    grown = kept.with_new_items(text[N:])  # what nothing was learnt about stands by its text
    np.testing.assert_allclose(again.own + again.text, grown.own + grown.text, atol=1e-6)
    assert more.together.counts[N] == len(news)


def test_weights_of_another_shape_are_no_start(tmp_path: Path):
    training, held_out = hold_out(circle(), 1)
    kept = train_sequential(training, held_out, replace(OPTIONS, epochs=1), tmp_path / "a")
    with pytest.raises(RequestError, match=r"width=16.*width=8"):
        train_sequential(training, held_out, replace(OPTIONS, width=8), tmp_path / "b", start=kept)


def test_histories_without_a_next_item_are_refused(tmp_path: Path):
    alone = Histories.from_pasts([[1], [2], []], N)
    nothing = HeldOut((), np.zeros(0, dtype=np.int32))
    with pytest.raises(RequestError, match="none of the 3 histories has two items"):
        train_sequential(alone, nothing, OPTIONS, tmp_path)


def test_an_items_text_gives_it_a_place_without_any_interaction(tmp_path: Path):
    """Item N - 1 was never met; its text is that of item 0, which is what follows here."""
    pasts = [[(u + i) % (N - 1) for i in range(8)] for u in range(60)]
    training, held_out = hold_out(Histories.from_pasts(pasts, N), 1)
    text = np.random.default_rng(0).normal(size=(N, 16)).astype(np.float32)
    text[N - 1] = text[0]
    options = replace(OPTIONS, epochs=12, patience=12, negatives=None)
    model = train_sequential(training, held_out, options, tmp_path, text_vectors=text)
    cold = model.scores([np.array([15, 16, 17, 18], dtype=np.int32)])[0]
    assert cold.argmax() == 0
    assert np.abs(model.text[N - 1] - model.text[0]).max() < 1e-6


def test_progress_is_reported_and_logged(tmp_path: Path):
    training, held_out = hold_out(circle(), 1)
    told: list[tuple[int, int]] = []
    train_sequential(
        training, held_out, OPTIONS, tmp_path,
        report=lambda step, steps, figures: told.append((step, steps)), tensorboard=True,
    )  # fmt: skip
    assert told[0][0] == 1
    assert told[-1][0] == told[-1][1]
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2, 3, 4]
    assert lines[-1]["loss"] < lines[0]["loss"]
    assert list(tmp_path.glob("events.out.tfevents.*"))


def test_tensorboard_that_is_not_installed_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    training, held_out = hold_out(circle(), 1)
    with pytest.raises(RequestError, match="pip install tensorboard"):
        train_sequential(training, held_out, OPTIONS, tmp_path, tensorboard=True)
