"""The share of the item head, chosen on probes whose best share is known."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chatrec.training.calibration import GRID, Probe, Trial, best_weight
from chatrec.types import Candidate, Query

POOL = [Candidate(str(n), 1.0 - n / 10, "fusion") for n in range(5)]


def unchanged(query: Query, pool: Sequence[Candidate], weight: float) -> Sequence[Candidate]:
    del query, weight
    return pool


def chosen(right: str, good: Sequence[float]) -> tuple[float, dict[float, float]]:
    """What is chosen where the right item comes first under the ``good`` shares, else last."""

    def blend(query: Query, pool: Sequence[Candidate], weight: float) -> list[Candidate]:
        del query
        target = [c for c in pool if c.item_id == right]
        rest = [c for c in pool if c.item_id != right]
        return target + rest if weight in good else rest + target

    probes: list[Probe] = [(Query(text="a wish"), frozenset({right}))]
    return best_weight([Trial(probes, lambda query: POOL, blend)])


@pytest.mark.parametrize("weight", GRID)
def test_share_with_the_best_order_is_chosen(weight: float) -> None:
    best, means = chosen("3", [weight])
    assert best == weight
    assert means[weight] == 1.0
    assert set(means) == set(GRID)


def test_smaller_share_wins_a_tie() -> None:
    assert chosen("3", [0.5, 0.8])[0] == 0.5
    assert chosen("not in the pool", [0.8]) == (0.0, dict.fromkeys(GRID, 0.0))


def test_first_of_several_right_items_counts() -> None:
    def as_it_is(query: Query, pool: Sequence[Candidate], weight: float) -> Sequence[Candidate]:
        return pool if weight < 0.9 else pool[::-1]

    probes: list[Probe] = [(Query(), frozenset({"1", "4"}))]
    best, means = best_weight([Trial(probes, lambda query: POOL, as_it_is)])
    assert best == 0.9  # "4" comes first when turned round, "1" second as it is
    assert means[0.0] == pytest.approx(0.63093)  # 1 / log2(3)


def test_mean_is_taken_over_all_probes() -> None:
    probes: list[Probe] = [(Query(), frozenset({"0"})), (Query(), frozenset({"none"}))]
    assert best_weight([Trial(probes, lambda query: POOL, unchanged)])[1][0.0] == 0.5


def test_every_catalogue_counts_the_same() -> None:
    one: list[Probe] = [(Query(), frozenset({"0"}))]
    three: list[Probe] = [(Query(), frozenset({"none"}))] * 3
    trials = [Trial(p, lambda query: POOL, unchanged) for p in (one, three, [])]
    assert best_weight(trials)[1][0.0] == 0.5


def test_no_probes_give_the_head_no_share() -> None:
    assert best_weight([Trial([], lambda query: POOL, unchanged)])[0] == 0.0
    assert best_weight([])[0] == 0.0
