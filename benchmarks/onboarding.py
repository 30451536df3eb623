"""Which three titles to ask a newcomer about: what the answers are worth to the recommender.

    python benchmarks/onboarding.py ml-latest-small WORKSPACE --to benchmarks/results/NAME.json

Users are split by hash (seed 2026): 60 % to learn from, 20 % validation, 20 % test. A held-out user
answers about three titles as their own ratings say (loved: at least their mean; not for me: more
than half a standard deviation below; not rated: haven't seen). The recommender then ranks all
titles but those that any of the fixed sets asks about, and is measured on what the user rated at
least as high as their own mean: NDCG@10 and the share of users with a hit among ten. Titles are
chosen by ``conversation/onboarding.py``, by popularity, at random out of everything, and at random
out of the best known. Settings of the choice were chosen on the validation users.

Two recommenders: the fusion of popularity and EASE over what was answered, and the same with dense
retrieval, which is what a workspace without a learned fusion has. Who loved none of the three
titles gets popularity. Intervals are from 10,000 bootstrap samples of
users; for "random" each user's mean over DRAWS draws counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.conversation.onboarding import ANSWERS, N_TITLES, Onboarding, answered, verdicts
from chatrec.conversation.state import DialogueState
from chatrec.data.interactions import Histories
from chatrec.data.workspace import Workspace
from chatrec.retrieval.collaborative import HistoryRetriever
from chatrec.retrieval.dense import DenseRetriever, TextEncoder, item_vectors
from chatrec.retrieval.ease import Ease
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.popularity import Popularity

SEED = 2026
DRAWS = 5
BEST_KNOWN = 200
K = 10
SAMPLES = 10_000

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Parts:
    """The rows of the users to learn from, to choose by and to test on."""

    training: Rows
    validation: Rows
    test: Rows


def parts_of(users: Sequence[str]) -> Parts:
    """60 / 20 / 20 % of the users, by hash."""
    tenth = [int(hashlib.sha256(f"{SEED}:{u}".encode()).hexdigest()[:8], 16) % 10 for u in users]
    of = np.array(tenth)
    return Parts(
        np.flatnonzero(of >= 4), np.flatnonzero((of >= 2) & (of < 4)), np.flatnonzero(of < 2)
    )


class Newcomers:
    """Held-out users who answer about titles, and what the recommender is then worth to each."""

    def __init__(self, workspace: Workspace, training: Histories, held: Histories) -> None:
        catalog = workspace.catalog
        encoder = TextEncoder()
        self.catalog = catalog
        self.dense = DenseRetriever(catalog, encoder, item_vectors(workspace, encoder))
        self._popular = HistoryRetriever(catalog, Popularity.fit(training))
        learnt = [self._popular, HistoryRetriever(catalog, Ease.fit(training))]
        self._fusions = {
            "popularity + EASE": Fusion(catalog, [], by_history=learnt),
            "popularity + EASE + dense": Fusion(catalog, [self.dense], by_history=learnt),
        }
        self.recommender = next(iter(self._fusions))
        self._answers = verdicts(held, np.arange(len(catalog)))  # (U, n)
        self._n = len(held)
        self._kept: dict[tuple[Any, ...], list[int]] = {}

    @property
    def recommenders(self) -> tuple[str, ...]:
        """What ``recommender`` may be set to."""
        return tuple(self._fusions)

    def worth(self, asked: Sequence[int], left_out: frozenset[int]) -> NDArray[np.float64]:
        """NDCG@10, HR@10 and how many of the titles were known, a row a user, (U, 3)."""
        return np.array([self._of(user, asked, left_out) for user in range(self._n)])

    def _of(self, user: int, asked: Sequence[int], left_out: frozenset[int]) -> tuple[float, ...]:
        told = self._answers[user]
        relevant = {*np.flatnonzero(told == 0).tolist()} - left_out - {*asked}
        barred = left_out | {*asked}
        ranked = [row for row in self._ranked(told, asked) if row not in barred][:K]
        hits = np.array([row in relevant for row in ranked], dtype=np.float64)
        discounts = 1 / np.log2(np.arange(2, K + 2))
        ideal = discounts[: len(relevant)].sum()
        known = sum(ANSWERS[told[row]] != "unknown" for row in asked)
        ndcg = float(hits @ discounts[: len(hits)] / ideal) if ideal else 0.0
        return ndcg, float(hits.any()), float(known)

    def _ranked(self, told: NDArray[np.int8], asked: Sequence[int]) -> list[int]:
        """The best rows after the answers; the same answers are worked out once."""
        known = tuple((row, int(told[row])) for row in asked if ANSWERS[told[row]] != "unknown")
        key = (self.recommender, *known)
        if key not in self._kept:
            state = DialogueState()
            for row, answer in known:
                state = answered(state, self.catalog.items[row].item_id, ANSWERS[answer])
            query = state.query(self.catalog)
            by = self._fusions[self.recommender] if query.liked else self._popular
            found = by.retrieve(query, K + 10 * N_TITLES)
            self._kept[key] = [self.catalog.index_of(c.item_id) for c in found]
        return self._kept[key]


def sets_of(newcomers: Newcomers, training: Histories) -> dict[str, list[list[int]]]:
    """The titles that each way of choosing asks about, as rows; several draws where at random."""
    catalog = newcomers.catalog
    chosen = Onboarding.of(catalog, newcomers.dense.similarity, training).titles()
    best = np.argsort(-training.counts, kind="stable")
    rng = np.random.default_rng(SEED)
    return {
        "information gain": [[catalog.index_of(item.item_id) for item in chosen]],
        "popularity": [best[:N_TITLES].tolist()],
        "random of the best known": [
            rng.choice(best[:BEST_KNOWN], N_TITLES, replace=False).tolist() for _ in range(DRAWS)
        ],
        "random": [
            rng.choice(len(catalog), N_TITLES, replace=False).tolist() for _ in range(DRAWS)
        ],
        "nothing asked": [[]],
    }


def interval(values: NDArray[np.float64], rng: np.random.Generator) -> list[float]:
    """The bootstrap 95 % interval of a mean over users."""
    draws = rng.integers(len(values), size=(SAMPLES, len(values)))
    return [round(float(q), 4) for q in np.quantile(values[draws].mean(axis=1), (0.025, 0.975))]


def figures(newcomers: Newcomers, sets: Mapping[str, list[list[int]]]) -> dict[str, Any]:
    """Each way's means with intervals, and how far the information gain is ahead of the others."""
    fixed = frozenset(row for name, draws in sets.items() if len(draws) == 1 for row in draws[0])
    worth = {
        name: np.mean([newcomers.worth(asked, fixed) for asked in draws], axis=0)
        for name, draws in sets.items()
    }
    rng = np.random.default_rng(SEED)
    ours = worth["information gain"]
    result: dict[str, Any] = {}
    for name, rows in worth.items():
        result[name] = {
            "ndcg@10": round(float(rows[:, 0].mean()), 4),
            "ndcg@10 interval": interval(rows[:, 0], rng),
            "hr@10": round(float(rows[:, 1].mean()), 4),
            "hr@10 interval": interval(rows[:, 1], rng),
            "titles known": round(float(rows[:, 2].mean()), 3),
        }
        if name != "information gain":
            for place, metric in enumerate(("ndcg@10", "hr@10")):
                ahead = ours[:, place] - rows[:, place]
                result[name][f"information gain ahead, {metric}"] = round(float(ahead.mean()), 4)
                result[name][f"information gain ahead, {metric} interval"] = interval(ahead, rng)
    return result


def main() -> None:
    """Measures on the test users (or those of --part), prints and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--part", choices=("validation", "test"), default="test")
    parser.add_argument("--to", type=Path)
    given = parser.parse_args()
    begun = time.process_time()
    workspace = Workspace.open(given.workspace)
    histories = workspace.histories
    parts = parts_of(histories.users)
    training = histories.pick(parts.training)
    held = histories.pick(getattr(parts, given.part))
    newcomers = Newcomers(workspace, training, held)
    sets = sets_of(newcomers, training)
    measured = {}
    for recommender in newcomers.recommenders:
        newcomers.recommender = recommender
        measured[recommender] = figures(newcomers, sets)
    report = {
        "data": given.name,
        "part": given.part,
        "users": {"training": len(training), given.part: len(held)},
        "seed": SEED,
        "titles": {
            name: [newcomers.catalog.items[row].label for row in draws[0]]
            for name, draws in sets.items()
            if len(draws) == 1
        },
        "figures": measured,
        "cpu_s": round(time.process_time() - begun),
        "command": f"python benchmarks/onboarding.py {given.name} WORKSPACE --part {given.part}",
    }
    text = json.dumps(report, indent=1, ensure_ascii=False)
    print(text)
    if given.to is not None:
        given.to.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
