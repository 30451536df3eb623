import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from chatrec.data.interactions import Histories
from chatrec.errors import DataError
from chatrec.evaluation.figures import Figures
from chatrec.evaluation.groups import case_groups, read_users
from chatrec.evaluation.ranking import Ranked
from chatrec.evaluation.splits import Case, Split

INF = np.inf


def split_of(pasts: Sequence[Sequence[int]], targets: Sequence[int], n_items: int) -> Split:
    """One case a user."""
    training = Histories.from_pasts(pasts, n_items)
    cases = tuple(
        Case(user, past, target, np.ones(len(past), bool))
        for user, (past, target) in enumerate(zip(training, targets, strict=True))
    )
    return Split(training.users, cases, (), training, training.sizes)


def ranked(ranks: Sequence[float], tops: Sequence[Sequence[int]] | None = None) -> Ranked:
    rows = np.full((len(ranks), 10), -1, np.int32)
    for row, items in enumerate(tops or []):
        rows[row, : len(items)] = items
    return Ranked(np.array(ranks, float), rows)


SPLIT = split_of([[0, 0, 1], [0, 2], [1, 3]], [2, 1, 0], 5)  # item 4 is not in training


def test_order_tells_how_well_it_finds_and_what_it_shows() -> None:
    vectors = np.eye(5, dtype=np.float32)
    vectors[1] = vectors[0]
    figures = Figures(SPLIT, vectors).order(ranked([1, 2, INF], [[0, 1], [0, 2], [3]]))
    assert figures["hr@10"]["mean"] == pytest.approx(2 / 3)
    assert figures["ndcg@10"]["mean"] == pytest.approx((1 + 1 / np.log2(3)) / 3)
    assert figures["mrr"]["mean"] == pytest.approx(0.5)
    # counts are 3, 2, 1, 1 of 7; lists are of two, two and one item
    bits = -np.log2(np.array([3, 2, 1, 1]) / 7)
    lists = [bits[[0, 1]].mean(), bits[[0, 2]].mean(), bits[3]]
    assert figures["novelty@10"]["mean"] == pytest.approx(np.mean(lists))
    assert figures["popularity@10"]["mean"] == pytest.approx((2.5 + 2 + 1) / 3)
    assert figures["diversity@10"]["mean"] == pytest.approx((0 + 1 + 0) / 3)
    assert figures["coverage@10"] == 1.0  # all four that can be ranked
    assert figures["gini@10"] == pytest.approx(0.15)  # shown 2, 1, 1 and 1 times
    json.dumps(figures)


def test_differences_are_paired_and_an_order_does_not_differ_from_itself() -> None:
    figures = Figures(SPLIT)
    first, second = ranked([1, 1, 5]), ranked([2, 2, 5])
    gain = figures.difference(first, second)
    assert gain["mean"] == pytest.approx(2 / 3 * (1 - 1 / np.log2(3)))
    assert gain["interval"][0] <= gain["mean"] <= gain["interval"][1]
    assert figures.difference(first, first) == {"mean": 0.0, "interval": (0.0, 0.0)}
    assert figures.difference(first, ranked([11, 1, 5]), "hr@10")["mean"] == pytest.approx(1 / 3)


def test_pool_tells_what_one_branch_alone_finds_and_what_fusion_keeps() -> None:
    split = split_of([[0]] * 5, [1] * 5, 300)
    a, b = ranked([1, 200, 201, INF, 7]), ranked([5, 250, 200, INF, INF])
    pool = Figures(split).pool({"a": a, "b": b}, ranked([1, 3, 201, INF, 200]))
    assert (pool["best branch"], pool["best branch recall"]) == ("a", pytest.approx(3 / 5))
    assert pool["union"]["mean"] == pytest.approx(4 / 5)
    assert pool["union gain"] == pytest.approx(1 / 3)
    assert pool["pool"]["mean"] == pytest.approx(3 / 5)
    assert pool["pool gain"] == pytest.approx(0)
    assert pool["union kept"] == pytest.approx(3 / 4)
    assert pool["unique"] == {"a": {"hits": 2, "kept": 1.0}, "b": {"hits": 1, "kept": 0.0}}


def test_groups_have_their_own_figures_and_the_gap_between_the_best_and_the_worst() -> None:
    labels = np.array(["x", "y", ""])
    told = Figures(SPLIT).groups(ranked([1, 3, 1]), labels)
    assert list(told["groups"]) == ["x", "y"]
    assert told["groups"]["y"]["ndcg@10"] == {"mean": 0.5, "interval": (0.5, 0.5)}
    assert (told["groups"]["x"]["users"], told["gap"]) == (1, 0.5)


def test_users_are_parted_in_thirds_by_activity_and_targets_by_how_rare_they_are() -> None:
    pasts = [[0] * n for n in (9, 1, 5, 2, 7, 3)]
    pasts[0] += [1, 1, 1, 1]
    groups = case_groups(
        split_of(pasts, [1, 2, 0, 1, 2, 0], 3), {"age": {"0": "old", "3": "young"}}
    )
    assert [label[0] for label in groups["activity"]] == ["3", "1", "2", "1", "3", "2"]
    assert groups["item"].tolist() == [
        "cold, below 5", "not in training", "5 and more",
        "cold, below 5", "not in training", "5 and more",
    ]  # fmt: skip
    assert groups["age"].tolist() == ["old", "", "", "young", "", ""]


def test_what_is_known_of_users_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("user_id,gender,age,zip\n7,F,25-34,1\n8,,18-24,2\n")
    assert read_users(path) == {"gender": {"7": "F"}, "age": {"7": "25-34", "8": "18-24"}}
    path.write_text("user_id,zip\n7,1\n")
    with pytest.raises(DataError, match="user_id is needed, and gender, age or both"):
        read_users(path)
