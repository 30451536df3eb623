"""The guard: what it measures on, and which changes let an adapter be kept."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_decoders import tiny_decoder

from chatrec.evaluation import preference_guard
from chatrec.evaluation.preference_guard import (
    Measured,
    Probes,
    Ranking,
    change,
    measured,
    probes_of,
)
from chatrec.generation.item_head import ItemHead
from chatrec.training.examples import Met, RankingExample, TrainingSet
from chatrec.training.preference_lora import Scores
from chatrec.training.preferences import Preference, PreferenceExample
from tests.conversation.toy_films import FILMS

HISTORIES, WISHES = "NDCG@10 after histories", "NDCG@10 after wishes"
ORDERED, GROUNDED = "held-out preferences in order", "reasons grounded at once"


class Fixed(Scores):
    """Scores that don't depend on the prompt: item 0 is best, then 1, and so on."""

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        return -torch.arange(12.0).repeat(len(hidden), 1)


def fixed() -> Fixed:
    return Fixed(ItemHead(32, 6, width=8), torch.zeros(12, 8), torch.zeros(12))


def values(*of: float) -> Measured:
    return Measured(np.array(of), np.arange(len(of)))


def stands(name: str, before: Measured, after: Measured) -> bool:
    return change(name, before, after, seed=0).stands


def test_ranks_are_among_what_was_not_met_yet() -> None:
    history = RankingExample((5, 6, 7, 8), (1, 2, 3), ((1,), (3,), (5,)), (1.0, 1.0, 0.5))
    wish = RankingExample((5, 6), (1,), ((4, 2),), (1.0,))
    two = (Preference(0, 1, (2, 0)), Preference(1, 3, (4,)))
    right = PreferenceExample((5, 6), (0, 1), (0, 1), two)
    probes = Probes((Ranking(history, (0,)),), (Ranking(wish),), ((right,), (right,)), ())
    found = dict(measured(tiny_decoder("llama"), fixed(), FILMS, probes, seed=0))
    assert found.keys() == {HISTORIES, WISHES, ORDERED}
    # 0 and then 1 are met: item 1 is first, item 3 second after 2; 5 was disliked. 2 is third.
    assert found[HISTORIES].values.tolist() == pytest.approx([1.0, 1 / np.log2(3)])
    assert found[WISHES].values.tolist() == [0.5]
    assert found[ORDERED].values.tolist() == [1, 0, 1] * 2
    assert found[ORDERED].groups.tolist() == [0, 0, 0, 1, 1, 1]


def test_reasons_count_that_pass_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = TrainingSet(FILMS, (), np.zeros((len(FILMS), 6), np.float32))
    monkeypatch.setattr(preference_guard, "REASONS", 3)
    probes = probes_of(data, [], lambda text: list(text.encode()), seed=1)
    asked = Probes((), (), (), probes.picks)
    found = dict(measured(tiny_decoder("llama"), fixed(), FILMS, asked, seed=1))
    assert found.keys() == {GROUNDED}
    assert found[GROUNDED].values.tolist() == [0, 0, 0]  # random weights write no sentence


def test_probes_are_of_validation_users_and_the_same_for_a_seed() -> None:
    user = tuple(Met(n, True) for n in range(9))
    data = TrainingSet(FILMS, (), np.zeros((len(FILMS), 6), np.float32), (user,))
    probes = probes_of(data, [], lambda text: list(text.encode()), seed=1)
    assert probes == probes_of(data, [], lambda text: list(text.encode()), seed=1)
    assert [case.met for case in probes.histories] == [(0,)]
    assert probes.histories[0].example.targets == tuple((n,) for n in range(1, 9))
    assert len(probes.wishes) == preference_guard.WISHES
    assert len(probes.picks) == preference_guard.REASONS


def test_ranking_may_fall_by_less_than_a_hundredth() -> None:
    before = values(*[0.5, 0.7] * 50)
    assert stands(HISTORIES, before, before)
    assert stands(WISHES, before, values(*[0.6, 0.596] * 50))
    assert not stands(WISHES, before, values(*[0.6, 0.58] * 50))


def test_small_fall_that_is_certain_is_refused() -> None:
    before = values(*[0.5, 0.7] * 50)
    assert not stands(HISTORIES, before, values(*[0.499, 0.699] * 50))


def test_preferences_may_not_be_ordered_worse() -> None:
    before = values(*[1.0, 0.0] * 50)
    assert stands(ORDERED, before, before)
    assert not stands(ORDERED, before, values(*[1.0, 0.0] * 49, 0.0, 0.0))


def test_one_reason_in_twenty_more_may_fail() -> None:
    before = values(*[1.0] * 100)
    assert stands(GROUNDED, before, values(*[1.0] * 95, *[0.0] * 5))
    assert not stands(GROUNDED, before, values(*[1.0] * 94, *[0.0] * 6))


def test_change_says_both_figures_and_the_interval() -> None:
    found = change(GROUNDED, values(1.0, 0.0), values(1.0, 1.0), seed=0)
    assert found.text() == "0.5000 before, 1.0000 after (+0.5000 [+0.0000, +1.0000], 2 cases)"
