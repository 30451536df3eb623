"""Finds what other people chose, where the request brings them as examples.

A handful of examples (a history and the choice that followed it) is a neighbourhood for
collaborative filtering, small as it is: the more alike a person's history is to the asker's, the
more that person's items count. So examples help on a catalogue that no adapter was tuned for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chatrec.data.catalog import Catalog
from chatrec.retrieval.dense import Vectors
from chatrec.types import Candidate, Query

RECENT = 10
HISTORY_WEIGHT = 0.5  # of an item that an example's person had, next to what they chose


class ExampleRetriever:
    """Items of the examples, weighed by how alike the histories are.

    An item's score is the sum over examples of the cosine between the mean vectors of both
    histories, whole for the choice and half for what preceded it. Someone without a history is
    as close to every example.
    """

    name = "examples"

    def __init__(self, catalog: Catalog, vectors: Vectors) -> None:
        """``vectors``: unit vectors of the items in catalogue order, (n, dim)."""
        self._catalog = catalog
        self._vectors = vectors

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` candidates, best first; empty without examples and beside a wish.

        A wish says more than what somebody else chose without it.
        """
        if query.text:
            return []
        own = query.near or query.liked or query.history[-RECENT:]
        scores: dict[str, float] = {}
        for example in query.examples:
            likeness = self._likeness(own, example.history)
            for item_id in example.history:
                scores[item_id] = scores.get(item_id, 0.0) + HISTORY_WEIGHT * likeness
            scores[example.choice] = scores.get(example.choice, 0.0) + likeness
        best = sorted(scores, key=lambda item_id: -scores[item_id])[:k]
        return [Candidate(item_id, scores[item_id], self.name) for item_id in best]

    def _likeness(self, one: Sequence[str], other: Sequence[str]) -> float:
        """Cosine of the mean vectors, 0 at least; 1 where one of the two is empty."""
        if not one or not other:
            return 1.0
        means = [
            self._vectors[[self._catalog.index_of(i) for i in ids]].mean(0) for ids in (one, other)
        ]
        lengths = [float(np.linalg.norm(mean)) for mean in means]
        return max(float(means[0] @ means[1]) / max(lengths[0] * lengths[1], 1e-9), 0.0)
