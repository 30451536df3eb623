"""A small contest whose outcome is known: one branch knows some users, another the rest."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from chatrec.data.interactions import Histories
from chatrec.evaluation.comparison import Contest, compare
from chatrec.evaluation.fusers import reciprocal_rank_fuser
from chatrec.evaluation.scorers import popularity_scorer
from chatrec.evaluation.splits import Case, Split, split_histories

USERS, N = 40, 300


def knowing(first: int, end: int) -> Any:
    """Finds the target of the users ``first`` to ``end``, if more than 3 of their items are known.

    Of others it knows only what they have had.
    """

    def score(cases: Sequence[Case]) -> NDArray[np.float32]:
        scores = np.full((len(cases), N), -np.inf, np.float32)
        for row, case in enumerate(cases):
            knows = first <= case.user < end and len(case.past) > 3
            scores[row, case.target if knows else case.past[0]] = 1
        return scores

    return score


@pytest.fixture(scope="module")
def split() -> Split:
    rng = np.random.default_rng(1)
    pasts = [rng.permutation(N)[: 8 + user % 7].tolist() for user in range(USERS)]
    made = Histories.from_pasts([*pasts, list(range(N))], N)
    timed = Histories(made.users, made.starts, made.items, made.weights, made.weights * 0, N)
    return split_histories(timed, "time", targets=1).of_users(range(USERS))


@pytest.fixture(scope="module")
def told(split: Split) -> dict[str, Any]:
    scorers = {
        "popularity": popularity_scorer(split.training.counts),
        "early": knowing(0, 10),
        "late": knowing(10, USERS),
    }
    contest = Contest(
        scorers,
        peers=("popularity", "early"),
        pool=("early", "late"),
        fusers={"fused": reciprocal_rank_fuser},
        ablated=reciprocal_rank_fuser,
        about={"gender": {str(user): "FM"[user % 2] for user in range(USERS)}},
    )
    return compare(contest, split, np.eye(N, dtype=np.float32))


def test_the_fused_order_is_set_against_every_other(told: dict[str, Any]) -> None:
    assert told["leader"] == "fused"
    assert told["best peer"] == "early"
    assert list(told["orders"]) == ["popularity", "early", "late", "fused"]
    assert told["orders"]["early"]["hr@10"]["mean"] == pytest.approx(0.25)
    assert told["orders"]["fused"]["hr@10"]["mean"] == 1.0
    low, high = told["leader minus"]["early"]["interval"]
    assert 0 < low < high
    assert set(told["leader minus"]) == {"popularity", "early", "late"}


def test_whatever_is_no_peer_is_set_against_the_best_one(told: dict[str, Any]) -> None:
    against = told["minus best peer"]
    assert against["fused"] == told["leader minus"]["early"]
    assert "popularity" not in against
    json.dumps(told)


def test_the_pool_keeps_what_each_branch_alone_has(told: dict[str, Any]) -> None:
    pool = told["pool"]["fused"]
    assert (pool["best branch"], pool["pool gain"]) == ("late", pytest.approx(1 / 0.75 - 1))
    assert pool["unique"]["early"] == {"hits": 10, "kept": 1.0}


def test_ablation_tells_what_is_lost_without_a_branch(told: dict[str, Any]) -> None:
    assert told["ablation"]["without"]["early"]["recall@200"]["mean"] == pytest.approx(0.75)
    assert told["ablation"]["without"]["late"]["recall@200"]["mean"] == pytest.approx(0.25)
    assert (
        told["ablation"]["without"]["late"]["adds"]["mean"]
        > told["ablation"]["without"]["early"]["adds"]["mean"]
        > 0
    )


def test_groups_of_users_and_items_have_figures_for_each_order(told: dict[str, Any]) -> None:
    assert set(told["groups"]) == {"activity", "item", "gender"}
    genders = told["groups"]["gender"]["fused"]["groups"]
    assert {name: group["users"] for name, group in genders.items()} == {"F": 20, "M": 20}
    assert set(told["groups"]["activity"]) == {"popularity", "early", "fused"}


def test_cold_users_are_those_same_users_with_less_known(told: dict[str, Any]) -> None:
    assert list(told["cold users"]) == ["1", "3", "5", "all"]
    found = [told["cold users"][n]["fused"]["hr@10"]["mean"] for n in ("1", "3", "5", "all")]
    assert found[:2] == [0, 0]  # the branches know nobody with so little
    assert found[2:] == [1, 1]
