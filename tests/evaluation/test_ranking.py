from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from chatrec.data.interactions import Histories
from chatrec.evaluation.ranking import Scorer, rank_cases, tops_of
from chatrec.evaluation.scorers import popularity_scorer, text_scorer
from chatrec.evaluation.splits import Case
from chatrec.retrieval.dense import FADING, SHARPNESS
from chatrec.retrieval.tops import Tops

N = 10
ALL = np.ones(N, dtype=bool)


def case(past: Sequence[int], target: int, user: int = 0) -> Case:
    return Case(user, np.array(past, np.int32), target, np.ones(len(past), bool))


def fixed(*rows: Sequence[float]) -> Scorer:
    """The same scores for whatever is asked, as many rows as there are cases."""
    return lambda cases: np.array(rows, np.float32)[: len(cases)]


def rank(cases: Sequence[Case], scorer: Scorer, candidates: NDArray[np.bool_] = ALL) -> list[float]:
    return rank_cases(cases, candidates, {"it": scorer})["it"].ranks.tolist()


def test_seen_items_are_left_out_and_ties_count_against_the_target() -> None:
    scores = [9, 9, 9, 9, 9, 9, 0, 0, 0, 0.5]
    ranked = rank_cases([case(range(6), 6)], ALL, {"it": fixed(scores)})["it"]
    assert ranked.ranks.tolist() == [4.0]  # after 9, and tied with 7 and 8
    assert ranked.tops[0, 0] == 9
    assert not set(ranked.tops[0].tolist()) & set(range(6))


def test_items_outside_training_are_not_ranked_and_a_target_among_them_never_found() -> None:
    candidates = ALL.copy()
    candidates[[3, 8]] = False
    scores = [0.1, 0, 0, 9, 0.3, 0.2, 0.15, 0.12, 8, 0.05]
    assert rank([case([0], 4), case([0], 3)], fixed(scores, scores), candidates) == [1.0, np.inf]


def test_what_a_scorer_does_not_score_has_no_rank() -> None:
    scores = np.full(N, -np.inf, np.float32)
    scores[2] = 1.0
    ranked = rank_cases([case([0], 1)], ALL, {"it": fixed(scores.tolist())})["it"]
    assert ranked.ranks.tolist() == [np.inf]
    assert ranked.tops.tolist() == [[2] + [-1] * 9]


def test_branches_know_the_recent_items_while_all_that_was_had_is_left_out() -> None:
    pasts: list[list[int]] = []

    def scorer(cases: Sequence[Case]) -> NDArray[np.float32]:
        pasts.extend(c.past.tolist() for c in cases)
        return np.tile(np.arange(N, dtype=np.float32)[::-1], (len(cases), 1))

    ranked = rank_cases([case([0, 1, 2], 4)], ALL, {"it": scorer}, recent=1)["it"]
    assert pasts == [[2]]
    assert ranked.ranks.tolist() == [2.0]


def test_many_cases_are_ranked_as_they_would_be_alone() -> None:
    rng = np.random.default_rng(3)
    table = rng.normal(size=(700, N)).astype(np.float32)
    cases = [case([user % N], (user + 1) % N, user) for user in range(700)]

    def scorer(batch: Sequence[Case]) -> NDArray[np.float32]:
        return table[[c.user for c in batch]]

    alone = [rank([one], scorer)[0] for one in cases]
    assert rank(cases, scorer) == alone
    assert len(tops_of(cases, ALL, {"it": scorer})["it"]) == 700


def test_no_cases_give_no_lists() -> None:
    tops = tops_of([], ALL, {"it": fixed()})
    assert tops["it"].items.shape == (0, N)


def test_a_fused_order_is_ranked_by_its_own_lists() -> None:
    def second_first(tops: Mapping[str, Tops], cases: Sequence[Case]) -> Tops:
        items = tops["it"].items[:, [1, 0]]
        return Tops(items, np.tile(np.array([2, 1], np.float32), (len(cases), 1)))

    scores = [0, 5, 6, 7, 1, 2, 3, 4, 0.5, 0.1]
    cases = [case([0], 2), case([0], 3), case([0], 1)]
    ranked = rank_cases(cases, ALL, {"it": fixed(*[scores] * 3)}, {"fused": second_first})
    assert ranked["it"].ranks.tolist() == [2, 1, 3]
    assert ranked["fused"].ranks.tolist() == [1, 2, np.inf]
    assert ranked["fused"].tops[0, :3].tolist() == [2, 3, -1]


def test_text_scorer_is_a_soft_maximum_of_likenesses_that_fade() -> None:
    vectors = np.eye(4, dtype=np.float32)
    scores = text_scorer(vectors)([case([0, 1], 2), case([], 0)])
    apart = np.eye(4) - 0.25
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    weights = np.array([FADING, 1.0]) / (FADING + 1.0)
    near = np.exp(SHARPNESS * (apart @ apart[[0, 1]].T - 1)) @ weights
    np.testing.assert_allclose(scores[0], 1 + np.log(near) / SHARPNESS, rtol=1e-5)
    assert scores[0][1] > scores[0][0] > scores[0][2]  # the newer one is nearer than the older
    assert scores[1].tolist() == [0, 0, 0, 0]


def test_text_scorer_is_not_drawn_to_what_all_texts_share() -> None:
    texts = [[3, 1, 0], [3, 1, 1.2], [3, 0, 0], [3, -1, 0], [3, 0, -1.2]]
    vectors = np.array(texts, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    (scores,) = text_scorer(vectors)([case([0], 1)])
    alike, hub = 1, 2
    assert vectors[0] @ vectors[hub] > vectors[0] @ vectors[alike]
    assert scores[alike] > scores[hub]


def test_popularity_scorer_gives_the_counts_to_everybody() -> None:
    counts = Histories.from_pasts([[1, 1, 2]], 4).counts
    assert popularity_scorer(counts)([case([], 0)] * 2).tolist() == [[0, 2, 1, 0]] * 2
