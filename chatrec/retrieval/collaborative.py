"""Collaborative retrieval: what people with a like history had next.

Knows the protocol of models that score a history, and makes a retriever of any of them; knows
nothing about how a model learns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Past
from chatrec.types import Candidate, Evidence, Query

DISLIKED_WEIGHT = 0.5  # of a disliked history's scores, which are taken off
SOURCE = "interactions"  # of evidence
TELLING_LIFT = 1.5  # the least that is worth telling; 1 is chance

Scores = NDArray[np.float32]
Support = tuple[int, float]


class HistoryModel(Protocol):
    """Scores every item after a history, also that of somebody it has never met.

    ``fit(histories, ...)``, ``from_tensors(tensors)`` and their options are each model's own
    classmethods. Item-kNN, EASE, ALS, popularity and SASRec are such models.
    """

    name: str

    def scores(self, pasts: Sequence[Past]) -> Scores:
        """What speaks for every item after each past, (B, n_items) float32.

        Higher is better: above 0 speaks for an item, 0 says that nothing is known. An empty past
        gives zeros, except where the past has no say (popularity). Items of the past are scored
        like any other: who must not see them again filters them.
        """
        ...

    def support(self, past: Past, item: int) -> Support | None:
        """The item_index of the past's item that speaks most for ``item``, and the lift of both.

        Lift is how many times as often people had both as chance would have it,
        P(both) / (P(one) P(other)). None where nothing in the past speaks for the item.
        """
        ...

    def tensors(self) -> dict[str, NDArray[Any]]:
        """All that ``from_tensors`` needs, for safetensors."""
        ...


class HistoryRetriever:
    """A retriever of any history model.

    The past is what the user has had, then what they liked, then what the wish is to be like,
    each once; scores after what they disliked are taken off.
    """

    def __init__(self, catalog: Catalog, model: HistoryModel) -> None:
        self.name = model.name
        self._catalog = catalog
        self._model = model

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` unseen candidates that something speaks for, best first, with evidence.

        Ids that the catalogue lacks have no say. Empty where nothing was had, liked or named,
        except with a model that needs no past.
        """
        return self.explained(query, self.found(query, k))

    def found(self, query: Query, k: int) -> list[Candidate]:
        """The same without evidence, which takes longer than finding them."""
        past = self._past(query)
        scores = self._scores(past, self._rows(query.disliked))
        scores[self._rows(tuple(query.seen))] = 0.0
        best = np.argsort(-scores, kind="stable")[:k]
        return [
            Candidate(self._catalog.items[row].item_id, float(scores[row]), self.name)
            for row in best.tolist()
            if scores[row] > 0
        ]

    def explained(self, query: Query, candidates: Sequence[Candidate]) -> list[Candidate]:
        """These candidates, which this retriever found for the query, with evidence."""
        past, index_of = self._past(query), self._catalog.index_of
        return [replace(c, evidence=self._evidence(past, index_of(c.item_id))) for c in candidates]

    def _scores(self, past: Past, disliked: Past) -> Scores:
        rows = self._model.scores([past, disliked] if len(disliked) else [past])
        scores: Scores = rows[0] - DISLIKED_WEIGHT * rows[1] if len(disliked) else rows[0]
        return scores

    def _past(self, query: Query) -> Past:
        """What speaks for other items, oldest first; of an item that stands twice the last."""
        named = (*query.history, *query.liked, *query.near)
        kept = dict.fromkeys(i for i in reversed(named) if i not in query.disliked)
        return self._rows(tuple(reversed(kept)))

    def _rows(self, item_ids: Sequence[str]) -> Past:
        known = (self._catalog.index_of(i) for i in item_ids if i in self._catalog)
        rows: Past = np.fromiter(known, dtype=np.int32)
        return rows

    def _evidence(self, past: Past, row: int) -> tuple[Evidence, ...]:
        found = self._model.support(past, row)
        if found is None or found[1] < TELLING_LIFT:
            return ()
        title = self._catalog.items[found[0]].title
        return (Evidence("together", f"{title} | {found[1]:.1f}", SOURCE),)
