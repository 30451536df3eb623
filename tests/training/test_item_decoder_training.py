from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import chatrec.training.epochs as module
from chatrec.data.interactions import Histories
from chatrec.errors import RequestError
from chatrec.generation.item_decoder import ItemDecoder
from chatrec.training.epochs import Report, validation_ndcg
from chatrec.training.item_decoder import ItemDecoderOptions, train_item_decoder
from chatrec.training.teachers import Lessons
from chatrec.training.windows import HeldOut, hold_out
from tests.generation.tiny_decoders import tiny_model

N = 12
OPTIONS = ItemDecoderOptions(
    depth=2, rank=4, window=8, recent=8, dropout=0.1, tokens=128, lora_rate=0.01, item_rate=0.01,
    warmup_steps=5, epochs=3, patience=3, seed=1,
)  # fmt: skip


def circle(users: int = 48, length: int = 9) -> Histories:
    """Everybody goes round the items in order, each from another start: item i, then i + 1."""
    return Histories.from_pasts([[(u + i) % N for i in range(length)] for u in range(users)], N)


def trained(
    run: Path,
    options: ItemDecoderOptions = OPTIONS,
    report: Report | None = None,
    histories: Histories | None = None,
    lessons: Callable[[Histories], Lessons] | None = None,
    validation: HeldOut | None = None,
    titles_seed: int = 3,
    start: ItemDecoder | None = None,
) -> tuple[ItemDecoder, HeldOut]:
    training, held_out = hold_out(circle() if histories is None else histories, 1)
    held_out = held_out if validation is None else validation
    layers = tiny_model("llama")[0].get_decoder()
    torch.manual_seed(titles_seed)
    titles = torch.randn(N, layers.config.hidden_size)
    torch.manual_seed(3)
    vectors = torch.randn(N, 6)
    taught = None if lessons is None else lessons(training)
    model = train_item_decoder(
        training,
        held_out,
        layers,
        titles,
        vectors,
        options,
        run,
        lessons=taught,
        start=None if start is None else start.tensors(),
        report=report,
    )
    return model, held_out


def test_it_learns_what_follows_what(tmp_path: Path):
    options = replace(OPTIONS, epochs=12, patience=12, lora_rate=0.03, item_rate=0.03)
    model, held_out = trained(tmp_path, options)
    assert validation_ndcg(model, held_out) > 0.9
    fresh = np.array([9, 10, 11], dtype=np.int32)  # a history that training never met
    scores = model.scores([fresh])[0]
    assert max(set(range(N)) - set(fresh.tolist()), key=scores.__getitem__) == 0


def test_a_killed_run_ends_with_the_very_weights_it_would_have_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    whole, _ = trained(tmp_path / "whole")
    monkeypatch.setattr(module, "CHECKPOINT_EVERY_S", -1)  # after every step

    def kill(step: int, steps: int, figures: object) -> None:
        if step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path / "killed", report=kill)
    steps: list[int] = []
    resumed, _ = trained(tmp_path / "killed", report=lambda step, *_: steps.append(step))
    assert steps[0] == 5
    for name, tensor in whole.tensors().items():
        np.testing.assert_array_equal(resumed.tensors()[name], tensor, err_msg=name)


def test_a_checkpoint_of_another_decoder_is_not_taken_up(tmp_path: Path):
    def steps(seed: int) -> list[int]:
        taken: list[int] = []
        options = replace(OPTIONS, epochs=1)
        trained(tmp_path, options, report=lambda step, *_: taken.append(step), titles_seed=seed)
        return taken

    assert steps(3)[0] == 1
    assert steps(3) == []
    assert steps(4)[0] == 1  # of the same shape, with other embeddings


def test_only_the_last_items_of_a_history_are_targets(tmp_path: Path):
    """Everybody met 0, then 1, long ago; what counts is what they met since."""
    early = Histories.from_pasts([[0, 1, 0, 1, *range(2, 10)] for _ in range(20)], N)
    model, _ = trained(tmp_path, replace(OPTIONS, recent=5, epochs=6, patience=6), None, early)
    assert model.scores([np.array([0], dtype=np.int32)])[0].argmax() != 1


def test_it_learns_what_teachers_ranked_where_that_is_all_that_counts(tmp_path: Path):
    def always_the_fourth(training: Histories) -> Lessons:
        n = len(training.items)
        rows = np.arange(n, dtype=np.int32)
        items = np.tile(np.array([4, 7], dtype=np.int32), (n, 1))
        return Lessons(rows, items, np.tile(np.array([0.9, 0.1], dtype=np.float32), (n, 1)))

    options = replace(OPTIONS, taught=1.0, epochs=6, patience=6, lora_rate=0.03, item_rate=0.03)
    nobody = hold_out(Histories.from_pasts([], N))[1]
    model, _ = trained(tmp_path, options, None, None, always_the_fourth, nobody)
    chances = np.exp(model.scores([np.array([0, 1], dtype=np.int32)])[0]) / N
    assert chances[4] == pytest.approx(0.9, abs=0.1)
    assert chances[7] == pytest.approx(0.1, abs=0.1)


def test_few_interactions_are_all_learnt_from_and_more_often():
    few = ItemDecoderOptions.suited(circle(length=9), seed=7)
    assert (few.recent, few.seed) == (9, 7)
    many = ItemDecoderOptions.suited(circle(users=1000, length=200))
    learnt_whole = ItemDecoderOptions.suited(circle(users=1000, length=200), gpu=True)
    assert (learnt_whole.recent, learnt_whole.window, learnt_whole.lessons) == (200, 100, 60)
    assert learnt_whole.epochs > many.epochs
    assert learnt_whole.tokens > many.tokens
    assert many.recent < 200
    assert many.epochs < few.epochs


def test_histories_without_a_next_item_are_refused(tmp_path: Path):
    alone = Histories.from_pasts([[1], [2], []], N)
    with pytest.raises(RequestError, match="none of the 3 histories has two items"):
        trained(tmp_path, histories=alone)


def test_items_have_room_besides_the_vectors_that_they_came_with(tmp_path: Path):
    plain, _ = trained(tmp_path / "plain", replace(OPTIONS, epochs=1))
    wide, _ = trained(tmp_path / "wide", replace(OPTIONS, epochs=1, extra=5))
    past = [np.array([1, 2], dtype=np.int32)]
    assert plain.states(past).shape == (1, 6)
    assert wide.states(past).shape == (1, 11)
    tensors = wide.tensors()
    assert not tensors["vectors"][:, 6:].any()
    assert tensors["network.leaving"][:, 6:].any()  # learnt


def test_it_goes_on_from_weights_that_were_learnt_before(tmp_path: Path):
    first, held_out = trained(tmp_path / "first", replace(OPTIONS, epochs=6))
    still = replace(OPTIONS, epochs=1, lora_rate=0.0, item_rate=0.0)
    same, _ = trained(tmp_path / "same", still, start=first)
    for name, tensor in first.tensors().items():
        np.testing.assert_array_equal(same.tensors()[name], tensor, err_msg=name)
    more, _ = trained(tmp_path / "more", OPTIONS, start=first)
    assert validation_ndcg(more, held_out) > validation_ndcg(
        trained(tmp_path, OPTIONS)[0], held_out
    )


def test_weights_of_another_shape_are_no_start(tmp_path: Path):
    first, _ = trained(tmp_path / "first", replace(OPTIONS, epochs=1))
    with pytest.raises(RequestError, match="can't go on from weights of another shape"):
        trained(tmp_path / "other", replace(OPTIONS, epochs=1, rank=2), start=first)
