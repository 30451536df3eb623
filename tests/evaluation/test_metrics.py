import importlib.util
import warnings

import numpy as np
import pytest

from chatrec.metrics import (
    Resamples,
    bootstrap_interval,
    gini,
    hit_rate,
    ndcg,
    reciprocal_rank,
    self_information,
    variety,
)


def test_metrics_by_hand() -> None:
    ranks = np.array([1.0, 2.0, 11.0, np.inf])
    assert hit_rate(ranks, 10).tolist() == [1, 1, 0, 0]
    assert ndcg(ranks, 10).tolist() == pytest.approx([1, 1 / np.log2(3), 0, 0])
    assert reciprocal_rank(ranks).tolist() == pytest.approx([1, 0.5, 1 / 11, 0])


def test_metrics_agree_with_ranx() -> None:
    if importlib.util.find_spec("ranx") is None:
        pytest.skip("ranx is not installed: `pip install ranx` to cross-check the metrics")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numba, at its import
        from ranx import Qrels, Run, evaluate

        rng = np.random.default_rng(7)
        cases, n_items = 40, 60
        scores = rng.permuted(np.tile(np.arange(n_items), (cases, 1)), axis=1)
        targets = rng.integers(0, n_items, cases)
        ranks = 1.0 + (scores > scores[np.arange(cases), targets][:, None]).sum(axis=1)
        qrels = Qrels({str(c): {str(t): 1} for c, t in enumerate(targets)})
        run = Run(
            {str(c): {str(i): float(s) for i, s in enumerate(row)} for c, row in enumerate(scores)}
        )
        names = ["hit_rate@10", "ndcg@10", "mrr", "recall@50"]
        theirs = evaluate(qrels, run, names)
    ours = [hit_rate(ranks, 10), ndcg(ranks, 10), reciprocal_rank(ranks), hit_rate(ranks, 50)]
    assert [theirs[name] for name in names] == pytest.approx([float(v.mean()) for v in ours])
    assert 0 < ours[0].mean() < 1


def test_gini_of_one_item_taking_all() -> None:
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)


def test_an_item_that_nobody_had_is_as_unexpected_as_one_had_once() -> None:
    assert self_information(np.array([3, 1, 0])).tolist() == pytest.approx([0.415, 2, 2], abs=1e-3)


def test_variety_is_over_the_pairs_that_are_there() -> None:
    vectors = np.zeros((3, 3, 4), np.float32)
    vectors[0, 0, 0] = vectors[0, 1, 0] = vectors[0, 2, 1] = 1  # two alike, one unlike
    vectors[1, 0, 0] = vectors[1, 1, 1] = 1
    vectors[2, 0, 0] = 1
    assert variety(vectors).tolist() == pytest.approx([2 / 3, 1, 0])


def test_interval_holds_the_mean_and_narrows_to_it_for_equal_values() -> None:
    values, groups = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0, 1, 2, 3])
    low, high = bootstrap_interval(values, groups)
    assert low < 0.5 < high
    assert bootstrap_interval(np.ones(4), groups) == (1.0, 1.0)


def test_a_mean_stands_beside_the_interval_of_the_same_draws() -> None:
    resamples = Resamples(np.array([0, 0, 1, 2]), seed=1)
    values = np.array([0.0, 1.0, 0.5, 1.0])
    assert resamples.mean_with_interval(values) == {
        "mean": 0.625,
        "interval": resamples.interval(values),
    }


def test_interval_is_that_of_whole_users_drawn_with_replacement() -> None:
    rng = np.random.default_rng(5)
    groups = rng.integers(0, 30, 200)
    values = rng.random(200)
    names = np.unique(groups)
    picks = np.random.default_rng(0).integers(0, len(names), size=(2000, len(names)))
    sums = np.array([values[groups == name].sum() for name in names])
    sizes = np.array([(groups == name).sum() for name in names])
    means = sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    assert Resamples(groups).interval(values) == pytest.approx(
        tuple(np.quantile(means, [0.025, 0.975])), rel=1e-5
    )
