import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.evaluation.ranking import (
    figures_of,
    paired_difference,
    rank_cases,
    split_interactions,
)
from chatrec.evaluation.scorers import popularity_scorer
from chatrec.metrics import bootstrap_interval, gini, hit_rate, ndcg, reciprocal_rank
from chatrec.types import Interaction, Item

CATALOG = Catalog([Item(str(i), f"Film {i}") for i in range(10)])
ROWS = [Interaction("u", str(i), float(i)) for i in range(7)]


def test_the_last_items_are_the_cases_and_are_not_learnt_from():
    split = split_interactions(ROWS, CATALOG, "time", targets=2)
    assert [case.target for case in split.cases] == [5, 6]
    assert [len(case.past) for case in split.cases] == [5, 6]
    assert split.counts(10).tolist() == [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]


def test_seen_items_are_left_out_and_ties_count_against_the_target():
    split = split_interactions(ROWS, CATALOG, "time", targets=1)
    scores = np.zeros(10, np.float32)
    scores[:6] = 9.0  # all seen
    ranked = rank_cases(split, lambda cases: np.tile(scores, (len(cases), 1)))
    assert ranked.ranks.tolist() == [4.0]  # 7, 8 and 9 are tied with the target 6
    assert set(ranked.tops[0][:4].tolist()) == {6, 7, 8, 9}


def _knows_the_target(cases):
    return np.eye(10, dtype=np.float32)[[case.target for case in cases]]


def test_a_perfect_order_beats_popularity_by_the_whole_metric():
    split = split_interactions(ROWS, CATALOG, "time", targets=1)
    perfect = rank_cases(
        split, lambda cases: np.eye(10, dtype=np.float32)[[c.target for c in cases]]
    )
    popular = rank_cases(split, popularity_scorer(split.counts(10)))
    assert figures_of(split, perfect, 10)["ndcg@10"]["mean"] == 1.0
    assert paired_difference(split, perfect, popular)["mean"] > 0


@pytest.mark.parametrize(
    ("rows", "targets", "message"),
    [
        ([Interaction("u", "1")], 1, "needs times"),
        (ROWS, 0, "targets is 0"),
        (ROWS[:3], 1, "no user has 6 interactions"),
    ],
)
def test_what_cannot_be_split_is_refused(rows, targets, message):
    with pytest.raises(RequestError, match=message):
        split_interactions(rows, CATALOG, "time", targets=targets)


def test_metrics_by_hand():
    ranks = np.array([1.0, 2.0, 11.0, np.inf])
    assert hit_rate(ranks, 10).tolist() == [1, 1, 0, 0]
    assert ndcg(ranks, 10).tolist() == pytest.approx([1, 1 / np.log2(3), 0, 0])
    assert reciprocal_rank(ranks).tolist() == pytest.approx([1, 0.5, 1 / 11, 0])


def test_gini_of_one_item_taking_all():
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)


def test_interval_holds_the_mean_and_narrows_to_it_for_equal_values():
    values, groups = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0, 1, 2, 3])
    low, high = bootstrap_interval(values, groups)
    assert low < 0.5 < high
    assert bootstrap_interval(np.ones(4), groups) == (1.0, 1.0)
