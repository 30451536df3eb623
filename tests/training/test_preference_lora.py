"""DPO on the item head: the loss by hand, and what training on pairs does to a tiny decoder."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_decoders import tiny_decoder

from chatrec.generation.item_head import ItemHead
from chatrec.training.batches import Sentence
from chatrec.training.lora_sum import further_matrices
from chatrec.training.preference_lora import (
    PreferenceOptions,
    Scores,
    hidden_at,
    margins_of,
    preference_loss,
    tune_on_preferences,
)
from chatrec.training.preferences import Preference, PreferenceExample

ONE = PreferenceExample(
    (5, 6, 7, 8, 9), (1, 3, 4), (1, 4), (Preference(0, 0, (1,)), Preference(2, 2, (1, 3)))
)
OTHER = PreferenceExample((9, 8, 7), (0, 2), (2,), (Preference(1, 4, (1,)),))
SENTENCE = Sentence((3, 4, 5, 6, 7), 2)
OPTIONS = PreferenceOptions(steps=12, prompts=2, sentences=1, rank=4, rate=5e-3, seed=1)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def scores() -> Scores:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        head = ItemHead(32, 6, width=8).eval().requires_grad_(False)
        items = head.item_vectors(torch.randn(5, 6))
    return Scores(head, items, torch.zeros(5))


def tuned(run: Path, options: PreferenceOptions = OPTIONS, **more: Any) -> Any:
    return tune_on_preferences(
        tiny_decoder("llama"),
        scores(),
        [ONE, OTHER],
        [SENTENCE],
        options,
        run,
        target_modules=("q_proj", "v_proj", "down_proj"),
        identity=more.pop("identity", {}),
        **more,
    )


def margins(model: Any) -> torch.Tensor:
    """Of all preferences, (3, 2)."""
    with torch.no_grad():
        hidden = hidden_at(model, [(e.ids, e.positions) for e in (ONE, OTHER)])
    return margins_of(scores().after(hidden), [ONE, OTHER])


def losses(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def test_one_rejected_item_gives_the_loss_of_dpo() -> None:
    loss = preference_loss(torch.tensor([[0.7], [-0.2]]), beta=0.5)
    by_hand = [-math.log(sigmoid(0.5 * 0.7)), -math.log(sigmoid(0.5 * -0.2))]
    assert loss.tolist() == pytest.approx(by_hand, rel=1e-5)


def test_several_rejected_items_give_the_loss_of_s_dpo() -> None:
    loss = preference_loss(torch.tensor([[0.7, -0.2, math.inf]]), beta=2.0)
    against = math.log(math.exp(-2.0 * 0.7) + math.exp(-2.0 * -0.2))
    assert loss.tolist() == pytest.approx([-math.log(sigmoid(-against))], rel=1e-5)


def test_margins_are_chosen_less_rejected_and_infinite_where_there_is_none() -> None:
    found = margins_of(torch.tensor([[4.0, 1, 0, 0, 0], [0, 1, 5, 2, 0]]), [ONE])
    assert found.tolist() == [[3.0, math.inf], [4.0, 3.0]]


def test_hidden_states_do_not_depend_on_the_company_in_a_batch() -> None:
    model = tiny_decoder("llama").model
    with torch.no_grad():
        both = hidden_at(model, [(ONE.ids, ONE.positions), (OTHER.ids, OTHER.positions)])
        alone = hidden_at(model, [(OTHER.ids, OTHER.positions)])
    assert both.shape == (3, 32)
    assert torch.allclose(both[2], alone[0], atol=1e-5)


def test_training_raises_every_margin(tmp_path: Path) -> None:
    before = margins(tiny_decoder("llama").model)
    after = margins(tuned(tmp_path / "run"))
    there = before.isfinite()
    assert (after[there] > before[there] + 0.1).all()
    first, *_, last = losses(tmp_path / "run")
    assert first["preference"] == pytest.approx((2 * math.log(2) + math.log(3)) / 3, abs=1e-4)
    assert last["preference"] < first["preference"]


def test_language_head_stays_closer_where_it_is_held(tmp_path: Path) -> None:
    loose = replace(OPTIONS, keep_words=1e-9, rate=2e-2)
    tuned(tmp_path / "loose", loose)
    tuned(tmp_path / "held", replace(loose, keep_words=30.0))
    assert losses(tmp_path / "held")[0]["words"] == pytest.approx(0.0, abs=1e-4)
    assert losses(tmp_path / "held")[-1]["words"] < losses(tmp_path / "loose")[-1]["words"] / 2


def test_order_of_all_items_stays_closer_where_it_is_held(tmp_path: Path) -> None:
    tuned(tmp_path / "loose", replace(OPTIONS, keep_order=0.0))
    tuned(tmp_path / "held", replace(OPTIONS, keep_order=10.0))
    assert losses(tmp_path / "held")[0]["order"] == pytest.approx(0.0, abs=1e-4)
    assert losses(tmp_path / "held")[-1]["order"] < losses(tmp_path / "loose")[-1]["order"] / 2


def test_killed_run_ends_where_an_unbroken_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(Exception):
        pass

    def kill(step: int, steps: int, figures: object) -> None:
        if step == 5:
            raise KilledError

    whole = further_matrices(tuned(tmp_path / "whole"))
    monkeypatch.setattr("chatrec.training.preference_lora.CHECKPOINT_EVERY_S", -1.0)
    with pytest.raises(KilledError):
        tuned(tmp_path / "broken", report=kill)
    broken = further_matrices(tuned(tmp_path / "broken"))
    assert len(losses(tmp_path / "broken")) == OPTIONS.steps + 1  # the step that was killed, twice
    for name, matrix in whole.items():
        assert torch.allclose(matrix, broken[name], atol=1e-6), name


def test_checkpoint_of_other_preferences_is_not_taken_up(tmp_path: Path) -> None:
    tuned(tmp_path / "run", identity={"examples": "one"})
    tuned(tmp_path / "run", identity={"examples": "other"})
    assert [line["step"] for line in losses(tmp_path / "run")] == [*range(1, 13)] * 2


def test_every_round_goes_through_all_prompts() -> None:
    assert PreferenceOptions(epochs=2, prompts=4).length(10) == 5
    assert PreferenceOptions(steps=3).length(10) == 3
    assert PreferenceOptions().times(3).prompts == 3 * PreferenceOptions().prompts
