from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chatrec.data.interactions import Histories
from chatrec.evaluation.fusers import LearnedFusers, reciprocal_rank_fuser
from chatrec.evaluation.ranking import Scorer, rank_cases
from chatrec.evaluation.splits import Case, Split, split_histories
from chatrec.retrieval.fusion_features import Traits
from chatrec.retrieval.tops import Tops

N = 120


def lists(*rows: Sequence[int]) -> Tops:
    items = np.array(rows, np.int32)
    return Tops(items, np.where(items < 0, -np.inf, 1.0).astype(np.float32))


def test_a_fuser_hears_the_branches_it_was_made_of() -> None:
    tops = {"a": lists([1, 2]), "b": lists([3, 4])}
    case = Case(0, np.zeros(0, np.int32), 0, np.zeros(0, bool))
    assert reciprocal_rank_fuser(["b"])(tops, [case]).items.tolist() == [[3, 4]]


def scorer(seed: int, edge: float) -> Scorer:
    """Noise, with ``edge`` added to the item that comes."""

    def score(cases: Sequence[Case]) -> NDArray[np.float32]:
        rng = np.random.default_rng([seed, int(cases[0].past.sum())])
        scores = rng.normal(size=(len(cases), N)).astype(np.float32)
        scores[np.arange(len(cases)), [case.target for case in cases]] += edge
        return scores

    return score


BRANCHES = {"knows": scorer(1, 4.0), "guesses": scorer(2, 0.0), "guesses too": scorer(3, 0.0)}


def split_of(users: int) -> Split:
    rng = np.random.default_rng(5)
    made = Histories.from_pasts([rng.permutation(N)[:12].tolist() for _ in range(users)], N)
    return split_histories(made, "random", targets=1)


def fusers_of(split: Split) -> LearnedFusers:
    nothing = np.zeros(N, np.float32)
    traits = Traits(
        nothing,
        nothing,
        np.ones((N, 2), np.float32),
        nothing,
        np.zeros((N, 1), np.float32),
        np.eye(N, 2, dtype=np.float32),
    )
    return LearnedFusers.of_split(split, BRANCHES, traits)


def test_a_learned_fusion_listens_to_the_branch_that_knows() -> None:
    split = split_of(150)
    learned = fusers_of(split)
    assert learned.found
    fusers = {"learned": learned.of([*BRANCHES]), "by rank": reciprocal_rank_fuser([*BRANCHES])}
    ranked = rank_cases(split.cases, split.candidates, BRANCHES, fusers)
    firsts = {name: float((order.ranks == 1).mean()) for name, order in ranked.items()}
    assert firsts["learned"] > firsts["by rank"] + 0.2
    assert firsts["learned"] > 0.8 * firsts["knows"] > 0.5


def test_a_fusion_without_the_branch_that_knows_does_not_know() -> None:
    split = split_of(150)
    fuser = fusers_of(split).smaller(100).of(["guesses", "guesses too"])
    ranked = rank_cases(split.cases, split.candidates, BRANCHES, {"without": fuser})
    assert (ranked["without"].ranks == 1).mean() < 0.1


def test_too_few_cases_are_told() -> None:
    assert not fusers_of(split_of(20)).found
    assert not fusers_of(replace(split_of(20), validation=())).found
