"""Merges several retrievers' candidates into one pool that keeps to the hard limits.

Reciprocal-rank fusion (Cormack et al., SIGIR 2009): an item's score is the sum over branches of
``weight / (60 + rank)``, here times the candidate's score as a part of the branch's best. A rank
alone can't tell the one film that has the rare word from those that only share "comedy".
Scores within NEARLY of one another share a rank, since their order says nothing. A branch of weight
0 brings candidates without having a say in their order; they stay in the pool however low they
stand. Where the catalogue tells how well its items are received, that moves them by ACCLAIM. Items
that break a constraint or were seen are filtered here, and the pool is backfilled by looking
deeper, in the end over the whole catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.constraints import allowed
from chatrec.types import Candidate, Constraints, Evidence, Query, Retriever

RRF_CONSTANT = 60
NEARLY = 0.05  # part of a branch's best score
DEPTH = 200
ACCLAIM = 1.0  # the best received item's score counts 1.5 times, the worst's 0.5 times
WEIGHTS: Mapping[str, float] = {"item_head": 0.0}  # only brings candidates: the ranker judges them
BACKFILL = "backfill"
NO_LIMITS = Constraints()


class Fusion:
    """A retriever made of retrievers; its candidates carry all branches' evidence."""

    name = "fusion"

    def __init__(
        self,
        catalog: Catalog,
        retrievers: Sequence[Retriever],
        weights: Mapping[str, float] | None = None,
        acclaim: NDArray[np.float32] | None = None,
    ) -> None:
        """``weights`` by the retrievers' names, in place of WEIGHTS; 1.0 where absent.

        ``acclaim``: how well each item is received, from 0 to 1 in catalogue order, (n,).
        """
        self._catalog = catalog
        self._acclaim = acclaim
        self._retrievers = tuple(retrievers)
        given = WEIGHTS if weights is None else weights
        self._weights = {r.name: given.get(r.name, 1.0) for r in retrievers}

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` allowed candidates, best first; fewer only if the catalogue has no more."""
        permitted = self._permitted(query)
        depth = min(max(DEPTH, k), len(self._catalog))
        pool = self._fused(query, permitted, depth, k)
        if len(pool) < min(k, len(permitted)) and depth < len(self._catalog):
            pool = self._fused(query, permitted, len(self._catalog), k)
        return self._backfilled(pool, permitted, k)

    def _permitted(self, query: Query) -> dict[str, None]:
        limits = query.constraints
        return {
            item.item_id: None
            for item in self._catalog
            if item.item_id not in query.seen and (limits == NO_LIMITS or allowed(item, limits))
        }

    def _fused(
        self, query: Query, permitted: Mapping[str, None], depth: int, k: int
    ) -> list[Candidate]:
        """At most ``k`` of what the branches find down to ``depth``, best first."""
        scores: dict[str, float] = {}
        evidence: dict[str, tuple[Evidence, ...]] = {}
        brought: dict[str, None] = {}
        for retriever in self._retrievers:
            found = [c for c in retriever.retrieve(query, depth) if c.item_id in permitted]
            weight = self._weights[retriever.name]
            if weight == 0:
                brought |= dict.fromkeys(candidate.item_id for candidate in found)
            for candidate, share in zip(found, shares(found), strict=True):
                scores[candidate.item_id] = scores.get(candidate.item_id, 0.0) + weight * share
                known = evidence.get(candidate.item_id, ())
                evidence[candidate.item_id] = tuple(dict.fromkeys((*known, *candidate.evidence)))
        if self._acclaim is not None:
            for item_id in scores:
                place = float(self._acclaim[self._catalog.index_of(item_id)])
                scores[item_id] *= 1.0 + ACCLAIM * (place - 0.5)
        best = sorted(scores, key=lambda item_id: -scores[item_id])
        kept = set(list(brought)[: k // 2])
        others = [item_id for item_id in best if item_id not in kept][: k - len(kept)]
        kept |= set(others)
        return [Candidate(i, scores[i], self.name, evidence[i]) for i in best if i in kept]

    @staticmethod
    def _backfilled(
        pool: list[Candidate], permitted: Mapping[str, None], k: int
    ) -> list[Candidate]:
        """The pool, filled up to ``k`` with allowed items that no branch found."""
        found = {candidate.item_id for candidate in pool}
        rest = [item_id for item_id in permitted if item_id not in found]
        return pool + [Candidate(item_id, 0.0, BACKFILL) for item_id in rest[: k - len(pool)]]


def shares(found: Sequence[Candidate]) -> list[float]:
    """What one branch adds to each of its candidates, best first: 1/61 for the best, 0 at least.

    Scores are relevance from 0 on; a branch without a positive score adds nothing.
    """
    best = found[0].score if found else 0.0
    if best <= 0:
        return [0.0] * len(found)
    given, rank, leader = [], 1, best
    for place, candidate in enumerate(found, start=1):
        if leader - candidate.score > NEARLY * best:
            rank, leader = place, candidate.score
        given.append(max(candidate.score, 0.0) / best / (RRF_CONSTANT + rank))
    return given
