"""What rankings are worth: figures with 95 % intervals by users, for orders, pools and groups.

Knows ranks, the first ten items of each list, how popular items are and what their texts say;
knows no scores. Every figure is JSON-safe.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.evaluation.ranking import DEPTH, TOP, Ranked
from chatrec.evaluation.splits import Split, users_of
from chatrec.metrics import (
    Resamples,
    gini,
    hit_rate,
    ndcg,
    reciprocal_rank,
    self_information,
    variety,
)

Values = NDArray[np.float64]
AT_ONCE = 4096  # lists whose text vectors are held at once
ACCURACY: Mapping[str, Callable[[Values], Values]] = {
    "hr@10": lambda ranks: hit_rate(ranks, TOP),
    "ndcg@10": lambda ranks: ndcg(ranks, TOP),
    "mrr": reciprocal_rank,
    "recall@50": lambda ranks: hit_rate(ranks, 50),
    "recall@100": lambda ranks: hit_rate(ranks, 100),
    "recall@200": lambda ranks: hit_rate(ranks, DEPTH),
}


class Figures:
    """Figures over one split's cases; intervals of all orders come from the same draws."""

    def __init__(
        self, split: Split, vectors: NDArray[np.float32] | None = None, *, seed: int = 0
    ) -> None:
        """``vectors`` (n_items, D): the items' unit text vectors, for the lists' variety."""
        self._counts = split.training.counts
        self._vectors = vectors
        self._seed = seed
        self._users = users_of(split.cases)
        self._resamples = Resamples(self._users, seed=seed)

    def order(self, ranked: Ranked) -> dict[str, Any]:
        """Means with intervals of one order: how well it finds targets, and what it shows.

        Novelty is in bits, popularity in training interactions an item, variety is 1 less the mean
        cosine of a list's texts. Coverage and Gini are over the items that could be ranked.
        """
        values = {name: of(ranked.ranks) for name, of in ACCURACY.items()}
        shown = ranked.tops >= 0
        lengths = np.maximum(shown.sum(axis=1), 1)
        for name, worth in (
            ("novelty@10", self_information(self._counts)),
            ("popularity@10", self._counts.astype(np.float64)),
        ):
            values[name] = (worth[ranked.tops] * shown).sum(axis=1) / lengths
        if self._vectors is not None:
            values["diversity@10"] = _varieties(ranked.tops, self._vectors)
        exposure = np.bincount(ranked.tops[shown], minlength=len(self._counts))[self._counts > 0]
        result: dict[str, Any] = {name: self._told(value) for name, value in values.items()}
        result["coverage@10"] = float((exposure > 0).mean())
        result["gini@10"] = gini(exposure.astype(np.int64))
        return result

    def accuracy(self, ranked: Ranked, metrics: Sequence[str]) -> dict[str, Any]:
        """Means with intervals of one order's ``metrics``, keys of ACCURACY."""
        return {name: self._told(ACCURACY[name](ranked.ranks)) for name in metrics}

    def difference(self, first: Ranked, second: Ranked, metric: str = "ndcg@10") -> dict[str, Any]:
        """Mean of the first less the second's, paired by case, with its interval."""
        of = ACCURACY[metric]
        return self._told(of(first.ranks) - of(second.ranks))

    def pool(self, branches: Mapping[str, Ranked], fused: Ranked) -> dict[str, Any]:
        """What the branches' first DEPTH items hold together, and what fusion keeps of it.

        ``union`` is how often any branch has the target, ``pool`` how often the first DEPTH of
        the fused order have it; gains are relative to the best single branch. ``unique`` are
        the hits that one branch alone has, and the share of them that the pool keeps.
        """
        hits = {name: ranked.ranks <= DEPTH for name, ranked in branches.items()}
        kept = fused.ranks <= DEPTH
        union = np.any(list(hits.values()), axis=0)
        best = max(hits, key=lambda name: float(hits[name].mean()))
        single = float(hits[best].mean())
        alone = np.sum(list(hits.values()), axis=0) == 1
        return {
            "depth": DEPTH,
            "best branch": best,
            "best branch recall": single,
            "pool": self._told(kept.astype(np.float64)),
            "pool gain": float(kept.mean()) / single - 1 if single else 0.0,
            "union": self._told(union.astype(np.float64)),
            "union gain": float(union.mean()) / single - 1 if single else 0.0,
            "union kept": _share(kept & union, union),
            "unique": {
                name: {
                    "hits": int((hit & alone).sum()),
                    "kept": _share(kept & hit & alone, hit & alone),
                }
                for name, hit in hits.items()
            },
        }

    def groups(self, ranked: Ranked, labels: NDArray[np.str_]) -> dict[str, Any]:
        """HR, NDCG and recall of one order by group; ``labels`` (C,) names each case's group.

        ``gap`` is the best group's NDCG@10 less the worst's. An empty label is no group.
        """
        told: dict[str, Any] = {}
        for label in sorted(set(labels.tolist()) - {""}):
            rows = labels == label
            resamples = Resamples(self._users[rows], seed=self._seed)
            told[label] = {
                "users": len(np.unique(self._users[rows])),
                "cases": int(rows.sum()),
            } | {
                name: resamples.mean_with_interval(ACCURACY[name](ranked.ranks[rows]))
                for name in ("hr@10", "ndcg@10", "recall@200")
            }
        means = [group["ndcg@10"]["mean"] for group in told.values()]
        return {"groups": told, "gap": max(means) - min(means) if means else 0.0}

    def _told(self, values: Values) -> dict[str, Any]:
        return self._resamples.mean_with_interval(values)


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else 0.0


def _varieties(tops: NDArray[np.int32], vectors: NDArray[np.float32]) -> Values:
    parts = []
    for start in range(0, len(tops), AT_ONCE):
        items = tops[start : start + AT_ONCE]
        parts.append(variety(vectors[items] * (items >= 0)[:, :, None]))
    return np.concatenate(parts)
