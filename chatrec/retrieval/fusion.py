"""Merges several retrievers' candidates into one pool that keeps to the hard limits.

Reciprocal-rank fusion (Cormack et al., SIGIR 2009): an item's score is the sum over branches of
``weight / (60 + rank)``. Items that break a constraint or were seen are filtered here, and the
pool is backfilled by looking deeper, in the end over the whole catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatrec.data.catalog import Catalog
from chatrec.data.constraints import allowed
from chatrec.types import Candidate, Constraints, Evidence, Query, Retriever

RRF_CONSTANT = 60
DEPTH = 200
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
    ) -> None:
        """``weights`` by the retrievers' names; 1.0 where absent."""
        self._catalog = catalog
        self._retrievers = tuple(retrievers)
        self._weights = {r.name: (weights or {}).get(r.name, 1.0) for r in retrievers}

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` allowed candidates, best first; fewer only if the catalogue has no more."""
        permitted = self._permitted(query)
        depth = min(max(DEPTH, k), len(self._catalog))
        pool = self._fused(query, permitted, depth)
        if len(pool) < min(k, len(permitted)) and depth < len(self._catalog):
            pool = self._fused(query, permitted, len(self._catalog))
        return self._backfilled(pool, permitted, k)

    def _permitted(self, query: Query) -> dict[str, None]:
        limits = query.constraints
        return {
            item.item_id: None
            for item in self._catalog
            if item.item_id not in query.seen and (limits == NO_LIMITS or allowed(item, limits))
        }

    def _fused(self, query: Query, permitted: Mapping[str, None], depth: int) -> list[Candidate]:
        scores: dict[str, float] = {}
        evidence: dict[str, tuple[Evidence, ...]] = {}
        for retriever in self._retrievers:
            found = [c for c in retriever.retrieve(query, depth) if c.item_id in permitted]
            for rank, candidate in enumerate(found, start=1):
                share = self._weights[retriever.name] / (RRF_CONSTANT + rank)
                scores[candidate.item_id] = scores.get(candidate.item_id, 0.0) + share
                known = evidence.get(candidate.item_id, ())
                evidence[candidate.item_id] = tuple(dict.fromkeys((*known, *candidate.evidence)))
        best = sorted(scores, key=lambda item_id: -scores[item_id])
        return [Candidate(i, scores[i], self.name, evidence[i]) for i in best]

    @staticmethod
    def _backfilled(
        pool: list[Candidate], permitted: Mapping[str, None], k: int
    ) -> list[Candidate]:
        """The pool cut to ``k``, or filled up with allowed items that no branch found."""
        if len(pool) >= k:
            return pool[:k]
        found = {candidate.item_id for candidate in pool}
        rest = [item_id for item_id in permitted if item_id not in found]
        return pool + [Candidate(item_id, 0.0, BACKFILL) for item_id in rest[: k - len(pool)]]
