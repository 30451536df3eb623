"""Offline ranking of the whole catalogue: users' last items, one after the other.

``foldin`` tests users that training never saw (their part is ``test`` of
:func:`chatrec.training.examples.part_of`; where times are unknown, the last items are those last in
the file); ``time`` tests every user's last items. What the user has had is filtered. Knows rankings
as score vectors; how they are made is the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.metrics import bootstrap_interval, gini, hit_rate, ndcg, reciprocal_rank
from chatrec.training.examples import Met, histories_of, part_of
from chatrec.types import Interaction, Query

Protocol = Literal["foldin", "time"]
MIN_HISTORY = 5
TOP = 10

Scorer = Callable[[Sequence["Case"]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Case:
    """One prediction: the history before it (oldest first), and the item that came."""

    user: int
    past: tuple[Met, ...]
    target: int

    def query(self, catalog: Catalog) -> Query:
        """The case as a query without words."""
        ids = [(catalog.items[met.index].item_id, met.liked) for met in self.past]
        return Query(
            history=tuple(item_id for item_id, _ in ids),
            disliked=tuple(item_id for item_id, liked in ids if not liked),
            seen=frozenset(item_id for item_id, _ in ids),
        )


@dataclass(frozen=True, slots=True)
class Split:
    """Cases to test on, and the histories that may be learnt from (none of them holds a target)."""

    cases: tuple[Case, ...]
    training: tuple[tuple[Met, ...], ...]

    def counts(self, n_items: int) -> NDArray[np.int64]:
        """How often each item occurs in the training histories, (n_items,)."""
        met = [m.index for history in self.training for m in history]
        return np.bincount(met, minlength=n_items).astype(np.int64)


def split_interactions(
    interactions: Sequence[Interaction],
    catalog: Catalog,
    protocol: Protocol,
    *,
    targets: int,
    seed: int = 2026,
    part: str = "test",
) -> Split:
    """Each tested user's last ``targets`` items as cases; users with fewer than 5 before are left.

    Raises RequestError for ``time`` without times, or where no user can be tested.
    """
    if protocol == "time" and any(interaction.timestamp is None for interaction in interactions):
        raise RequestError(f"protocol {protocol!r} needs times; this workspace has none")
    if targets < 1:
        raise RequestError(f"targets is {targets}; at least 1 is needed")
    cases: list[Case] = []
    training: list[tuple[Met, ...]] = []
    for number, (user, history) in enumerate(sorted(histories_of(interactions, catalog).items())):
        if protocol == "time" or part_of(user, seed) == part:
            cases += cases_of(number, history, targets)
        if protocol == "time":
            training.append(history[: max(len(history) - targets, 0)])
        elif part_of(user, seed) == "train":
            training.append(history)
    if not cases:
        raise RequestError(
            f"no user has {targets + MIN_HISTORY} interactions to be tested with; "
            "import more interactions or ask for fewer targets"
        )
    return Split(tuple(cases), tuple(training))


def cases_of(user: int, history: tuple[Met, ...], targets: int) -> list[Case]:
    """The last ``targets`` items, one after the other; none if fewer than 5 come before."""
    cut = len(history) - targets
    if cut < MIN_HISTORY:
        return []
    return [Case(user, history[:end], history[end].index) for end in range(cut, len(history))]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The target's rank in each case, (n,), and each case's first ten items."""

    ranks: NDArray[np.float64]
    tops: tuple[NDArray[np.int64], ...]


def rank_cases(split: Split, scorer: Scorer, batch: int = 64) -> Ranked:
    """Rank the whole catalogue in every case; ties count against the target.

    A scorer gives (B, n_items) scores, higher is better. What the user has had is left out.
    """
    ranks: list[float] = []
    tops: list[NDArray[np.int64]] = []
    for start in range(0, len(split.cases), batch):
        cases = split.cases[start : start + batch]
        for case, scores in zip(cases, scorer(cases), strict=True):
            own = scores[case.target]
            scores = scores.copy()
            scores[[met.index for met in case.past]] = -np.inf
            better = int((scores >= own).sum()) - int(scores[case.target] >= own)
            ranks.append(better + 1.0)
            tops.append(np.argsort(-scores, kind="stable")[:TOP])
    return Ranked(np.array(ranks), tuple(tops))


def figures_of(split: Split, ranked: Ranked, n_items: int) -> dict[str, Any]:
    """Means with 95 % intervals by users, and coverage and Gini of the first ten."""
    ranks = ranked.ranks
    users = np.array([case.user for case in split.cases])
    values = {
        "hr@10": hit_rate(ranks, 10),
        "ndcg@10": ndcg(ranks, 10),
        "mrr": reciprocal_rank(ranks),
        "recall@50": hit_rate(ranks, 50),
        "recall@100": hit_rate(ranks, 100),
    }
    exposure = np.bincount(np.concatenate(ranked.tops), minlength=n_items).astype(np.int64)
    result: dict[str, Any] = {
        name: {"mean": float(v.mean()), "interval": bootstrap_interval(v, users)}
        for name, v in values.items()
    }
    result["coverage@10"] = float((exposure > 0).mean())
    result["gini@10"] = gini(exposure)
    return result


def paired_difference(split: Split, first: Ranked, second: Ranked) -> dict[str, Any]:
    """Mean NDCG@10 of the first less the second's, with its 95 % interval by users."""
    users = np.array([case.user for case in split.cases])
    difference = ndcg(first.ranks, 10) - ndcg(second.ranks, 10)
    return {"mean": float(difference.mean()), "interval": bootstrap_interval(difference, users)}
