"""Recommending inside dialogues, on ReDial, INSPIRED and OpenDialKG, beside what others published.

    python benchmarks/dialogue.py redial ../shared/data --to FILE.json

Each set brings its own catalogue and training dialogues; a recommender is trained on those alone
and tested by ``chatrec.evaluation.dialogue``. Nothing is chosen on the test turns. The data stays
where it is: the results hold figures only.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from dialogue_sets import COLLECTIONS, Collection
from numpy.typing import NDArray

from chatrec.data.dialogues import Utterance
from chatrec.evaluation.dialogue import DialogueScorer, evaluate_dialogue
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.dialogue_counts import DialogueCounts
from chatrec.retrieval.dialogue_features import GROUPS, DialogueFeatures, Pool
from chatrec.retrieval.likeness import Likeness
from chatrec.training.dialogue import learn_choices

Befores = Sequence[Sequence[Utterance]]
SEEDS = (2026, 2027, 2028)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("set", choices=sorted(COLLECTIONS))
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--to", type=Path, required=True)
    arguments.add_argument("--seeds", type=int, default=len(SEEDS))
    given = arguments.parse_args()
    began = time.process_time()
    collection = COLLECTIONS[given.set](given.data)
    result = {
        "command": " ".join(["python", *sys.argv]),
        "set": given.set,
        "seeds": list(SEEDS[: given.seeds]),
        "intervals": "95 %, bootstrap over dialogues, 2,000 draws",
        **collection.notes,
        "protocols": measure(collection, SEEDS[: given.seeds]),
        "published": published(given.data / "redial" / "cikm23_published_results.csv", given.set),
        "cpu_s": round(time.process_time() - began),
    }
    given.to.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measure(collection: Collection, seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Every test's figures, of nets for new items and for all, by seed and less each group."""
    n_items = len(collection.catalog)
    likeness = Likeness(collection.catalog)
    counts = DialogueCounts.learn(collection.training, n_items)
    features = DialogueFeatures(counts, likeness)
    pools = Pools(features)
    scorers: dict[str, DialogueScorer] = {"log-lifts added up": pools.as_drawn}
    for repeats in (False, True):
        choices = learn_choices(collection.training, likeness, n_items, repeats=repeats)
        kind = "learned, repeats allowed" if repeats else "learned"
        for seed in seeds:
            net = choices.train(seed=seed)
            scorers[f"{kind}, seed {seed}"] = pools.ordered(net, repeats)
        for group in GROUPS:
            if repeats == (group == "repetition"):
                net = choices.train(without=[group], seed=seeds[0])
                scorers[f"{kind}, less {group}"] = pools.ordered(net, repeats)
    return [
        evaluate_dialogue(
            file,
            protocol,
            collection.catalog,
            collection.listener.hear,
            scorers,
            collection.training,
        )
        for file, protocol in collection.tests
    ]


class Pools:
    """The pools of moments, each drawn up once, for many nets."""

    def __init__(self, features: DialogueFeatures) -> None:
        self._features = features
        self._drawn: dict[tuple[Any, bool, bytes], Pool] = {}

    def ordered(self, net: ChoiceNet, repeats: bool) -> DialogueScorer:
        """What :class:`~chatrec.retrieval.dialogue_recommender.DialogueRecommender` does."""

        def score(befores: Befores, allowed: NDArray[np.bool_]) -> NDArray[np.float32]:
            pools = [self._pool(before, allowed, repeats) for before in befores]
            return self._spread(pools, [net.scores(pool.features) for pool in pools])

        return score

    def as_drawn(self, befores: Befores, allowed: NDArray[np.bool_]) -> NDArray[np.float32]:
        """The pools' own order, before anything is learnt about features."""
        pools = [self._pool(before, allowed, False) for before in befores]
        return self._spread(pools, [-np.arange(len(pool.items)) for pool in pools])

    def _pool(self, before: Sequence[Utterance], allowed: NDArray[np.bool_], repeats: bool) -> Pool:
        key = (tuple(before), repeats, allowed.tobytes())
        if key not in self._drawn:
            self._drawn[key] = self._features.pool(before, repeats=repeats, allowed=allowed)
        return self._drawn[key]

    def _spread(self, pools: Sequence[Pool], scores: Sequence[Any]) -> NDArray[np.float32]:
        spread = np.full((len(pools), self._features.n_items), -np.inf, dtype=np.float32)
        for row, pool, own in zip(spread, pools, scores, strict=True):
            row[pool.items] = own
        return spread


def published(file: Path, name: str) -> list[dict[str, Any]]:
    """What He et al. report for zero-shot LLMs: new items, answers outside the list left out."""
    rows = pl.read_csv(file, infer_schema_length=None).filter(
        (pl.col("dataset") == name)
        & (pl.col("prompt") == "general")
        & (pl.col("condition") == "recommendation")
        & pl.col("oov_filtered").cast(pl.String).str.to_lowercase().eq("true")
        & pl.col("seen_excluded").cast(pl.String).str.to_lowercase().eq("true")
    )
    ks = (1, 5, 10, 20)
    return [
        {"model": row["model"], **{f"recall@{k}": round(row[f"recall@{k}_mean"], 4) for k in ks}}
        for row in rows.to_dicts()
    ]


if __name__ == "__main__":
    main()
