"""One comparison of many orders on one split: peers, the branches of the pool, and their fusion.

Knows scorers and how to make a fuser of branches; knows no model. What comes out is JSON-safe.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.evaluation.figures import Figures
from chatrec.evaluation.groups import case_groups, item_groups
from chatrec.evaluation.ranking import Fuser, Ranked, Scorer, rank_cases
from chatrec.evaluation.splits import Split

COLD_LENGTHS = (1, 3, 5)
SIDE_USERS = 2000  # at most, of whom the last case is for the ablation and the cold users
SEED = 2026
WHOLE = "whole"

FuserOf = Callable[[Sequence[str]], Fuser]


@dataclass(frozen=True, slots=True)
class Contest:
    """Who takes part. ``peers`` stand alone; ``pool`` names the branches that are fused (some may
    be peers too), each a key of ``scorers``; ``fusers`` make, of branches' names, an order.
    The first fuser leads: it is set against every order, and every order that is no peer against
    the best one. ``ablated`` makes the fusers that it is
    taken apart with, by branch.
    ``about`` says what is known of users, by kind and user id.
    """

    scorers: Mapping[str, Scorer]
    peers: Sequence[str]
    pool: Sequence[str]
    fusers: Mapping[str, FuserOf]
    ablated: FuserOf
    about: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def compare(
    contest: Contest, split: Split, vectors: NDArray[np.float32] | None = None
) -> dict[str, Any]:
    """All figures of all orders, paired differences, pool, ablation, groups and cold users.

    ``vectors`` (n_items, D): unit text vectors, for the lists' variety.
    """
    leader = next(iter(contest.fusers))
    fusers = {name: of(contest.pool) for name, of in contest.fusers.items()}
    ranked = rank_cases(split.cases, split.candidates, contest.scorers, fusers)
    figures = Figures(split, vectors)
    branches = {name: ranked[name] for name in contest.pool}
    orders = {name: figures.order(order) for name, order in ranked.items()}
    some = split.last().sample(SIDE_USERS, SEED)
    best = max(contest.peers, key=lambda name: float(orders[name]["ndcg@10"]["mean"]))
    return {
        "users": len(split.tested),
        "cases": len(split.cases),
        "items": int(split.candidates.sum()),
        "targets not in training": int((item_groups(split) == "not in training").sum()),
        "leader": leader,
        "best peer": best,
        "orders": orders,
        "leader minus": {
            name: figures.difference(ranked[leader], order)
            for name, order in ranked.items()
            if name != leader
        },
        "minus best peer": {
            name: figures.difference(order, ranked[best])
            for name, order in ranked.items()
            if name not in contest.peers
        },
        "pool": {name: figures.pool(branches, ranked[name]) for name in contest.fusers},
        "groups": _groups(figures, split, contest, ranked),
        "ablation": ablation(contest, some),
        "cold users": cold_users(contest, some, fusers),
    }


def ablation(contest: Contest, split: Split) -> dict[str, Any]:
    """By branch of the pool: how the fusion does without it, and what the branch adds."""
    parts = {
        branch: [other for other in contest.pool if other != branch]
        for branch in contest.pool
        if len(contest.pool) > 1
    }
    fusers = {f"without {branch}": contest.ablated(others) for branch, others in parts.items()}
    branches = {name: contest.scorers[name] for name in contest.pool}
    fusers[WHOLE] = contest.ablated(contest.pool)
    ranked = rank_cases(split.cases, split.candidates, branches, fusers)
    figures = Figures(split)
    without: dict[str, Any] = {}
    for branch in parts:
        order = ranked[f"without {branch}"]
        without[branch] = figures.accuracy(order, ("ndcg@10", "recall@200")) | {
            "adds": figures.difference(ranked[WHOLE], order),
            "adds to recall@200": figures.difference(ranked[WHOLE], order, "recall@200"),
        }
    whole = figures.accuracy(ranked[WHOLE], ("ndcg@10", "recall@200"))
    return {"cases": len(split.cases), WHOLE: whole, "without": without}


def cold_users(
    contest: Contest, split: Split, fusers: Mapping[str, Fuser]
) -> dict[str, dict[str, Any]]:
    """HR and NDCG as if only the last 1, 3 or 5 items of each past were known.

    What is left out is all that they have had, so lists of different lengths can be compared.
    """
    figures = Figures(split)
    told: dict[str, dict[str, Any]] = {}
    for length in (*COLD_LENGTHS, None):
        ranked = rank_cases(split.cases, split.candidates, contest.scorers, fusers, recent=length)
        told["all" if length is None else str(length)] = {
            name: figures.accuracy(order, ("hr@10", "ndcg@10")) for name, order in ranked.items()
        }
    return told


def _groups(
    figures: Figures, split: Split, contest: Contest, ranked: Mapping[str, Ranked]
) -> dict[str, Any]:
    """By kind of group, the peers and the fused orders."""
    shown = [*contest.peers, *contest.fusers]
    return {
        kind: {name: figures.groups(ranked[name], labels) for name in shown}
        for kind, labels in case_groups(split, contest.about).items()
    }
