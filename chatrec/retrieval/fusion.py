"""Merges several retrievers' candidates into one pool that keeps to the hard limits.

Reciprocal-rank fusion (Cormack et al., SIGIR 2009): an item's score is the sum over branches of
``weight / (60 + rank)``, here times the candidate's score as a part of the branch's best. A rank
alone can't tell the one film that has the rare word from those that only share "comedy".
Scores within NEARLY of one another share a rank, since their order says nothing. A branch of weight
0 brings candidates without having a say in their order; they stay in the pool however low they
stand. Where the catalogue tells how well its items are received, that moves them by ACCLAIM.

Where a fusion was learnt from the workspace's interactions, it orders what histories alone ask for
(:mod:`chatrec.retrieval.learned_fusion`); where dialogues were learnt from, what they teach orders
wishes (:mod:`chatrec.retrieval.choice_order`); reciprocal rank orders the rest. Items near to what
the user rejects lose by :mod:`chatrec.retrieval.negation`. Items that break a constraint or were
seen are filtered here; the pool is backfilled by looking deeper, in the end over the whole
catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.constraints import permitted
from chatrec.errors import DataError
from chatrec.retrieval.choice_order import ChoiceOrder
from chatrec.retrieval.collaborative import HistoryRetriever
from chatrec.retrieval.learned_fusion import SCORED, LearnedFusion
from chatrec.retrieval.negation import Negation
from chatrec.retrieval.tops import PAD, RRF_CONSTANT, Tops
from chatrec.retrieval.words import wish_words
from chatrec.types import Candidate, Evidence, Place, Query, Retriever

NEARLY = 0.05  # part of a branch's best score
DEPTH = 200
ACCLAIM = 1.0  # the best received item's score counts 1.5 times, the worst's 0.5 times
WEIGHTS: Mapping[str, float] = {"item_head": 0.0}  # only brings candidates: the ranker judges them
BACKFILL = "backfill"
REJECTED = 0.5  # what is left of a score, below which a branch without a say can't bring the item

Order = Literal["learned fusion", "dialogues", "reciprocal rank"]


class Fusion:
    """A retriever made of retrievers; its candidates carry all branches' evidence."""

    name = "fusion"

    def __init__(
        self,
        catalog: Catalog,
        retrievers: Sequence[Retriever],
        weights: Mapping[str, float] | None = None,
        acclaim: NDArray[np.float32] | None = None,
        *,
        by_history: Sequence[HistoryRetriever] = (),
        negation: Negation | None = None,
        learned: LearnedFusion | None = None,
        choices: ChoiceOrder | None = None,
    ) -> None:
        """``weights`` by the retrievers' names, in place of WEIGHTS; 1.0 where absent.

        ``acclaim``: how well each item is received, from 0 to 1 in catalogue order, (n,).
        ``by_history`` are retrievers that are asked only where the history is all there is to go
        by: they know nothing of a wish. Without ``negation`` what the user rejects has no say here.
        ``learned`` and ``choices`` need their branches among all retrievers, else DataError.
        """
        self._catalog = catalog
        self._acclaim = acclaim
        self._by_history = tuple(by_history)
        self._given = WEIGHTS if weights is None else weights
        self._negation = negation
        self._learned = learned
        self._choices = choices
        self._take(retrievers)

    def asking(self, retrievers: Sequence[Retriever]) -> Fusion:
        """The same over other retrievers; those by history and what was learnt are shared.

        DataError as for a new one.
        """
        other = copy(self)
        other._take(retrievers)
        return other

    def _take(self, retrievers: Sequence[Retriever]) -> None:
        self._retrievers = tuple(retrievers)
        everyone = (*retrievers, *self._by_history)
        self._weights = {r.name: self._given.get(r.name, 1.0) for r in everyone}
        for order in (self._learned, self._choices):
            missing = [] if order is None else sorted({*order.branches} - {*self._weights})
            if missing:
                raise DataError(
                    f"the learned order was fitted with the branch {missing[0]!r}, which is not "
                    f"among {', '.join(self._weights)}: fit it again with `chatrec tune DIR`"
                )

    def led_by(self, query: Query) -> Order:
        """What orders the pool of this query: the learned fusion where there is one and the
        history is all that the query gives to go by; what dialogues teach where they were learnt
        from and the query is like a moment of one; else reciprocal rank.
        """
        if self._learned is not None and _by_history_alone(query):
            return "learned fusion"
        if self._choices is not None and self._choices.speaks_for(query):
            return "dialogues"
        return "reciprocal rank"

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` allowed candidates, best first; fewer only if the catalogue has no more.

        Scores of the learned order are log-chances, so below 0.
        """
        fitting = {item.item_id: None for item in permitted(self._catalog, query)}
        n_items = len(self._catalog)
        depth = max(DEPTH, k)
        if self.led_by(query) == "learned fusion":
            depth = max(SCORED, k) + len(query.seen)  # branches may find what was seen
        depth = min(depth, n_items)
        pool = self._fused(query, fitting, depth, k)
        if len(pool) < min(k, len(fitting)) and depth < n_items:
            pool = self._fused(query, fitting, n_items, k)
        return self._backfilled(pool, fitting, k)

    def _fused(
        self, query: Query, fitting: Mapping[str, None], depth: int, k: int
    ) -> list[Candidate]:
        """At most ``k`` of what the branches find down to ``depth``, best first."""
        by_history = self._by_history if _by_history_alone(query) else ()
        asked = {retriever.name: retriever.retrieve(query, depth) for retriever in self._retrievers}
        asked |= {retriever.name: retriever.found(query, depth) for retriever in by_history}
        found = {
            name: [c for c in candidates if c.item_id in fitting]
            for name, candidates in asked.items()
        }
        if self._choices is not None and self.led_by(query) == "dialogues":
            found[self._choices.name] = self._choices.retrieve(query, found, fitting.keys())
        scores, rejected = self._scores(query, found)
        best = sorted(scores, key=lambda item_id: -scores[item_id])
        brought = dict.fromkeys(
            candidate.item_id
            for name, candidates in found.items()
            for candidate in candidates
            if self._weights.get(name) == 0 and candidate.item_id not in rejected
        )
        kept = set(list(brought)[: k // 2])
        others = [item_id for item_id in best if item_id not in kept][: k - len(kept)]
        kept |= set(others)
        places = _places(found, kept)
        for retriever in by_history:
            pool = [c for c in found[retriever.name] if c.item_id in kept]
            found[retriever.name] = retriever.explained(query, pool)
        evidence = _evidence(found)
        return [
            Candidate(i, scores[i], self.name, evidence[i], places[i]) for i in best if i in kept
        ]

    def _scores(
        self, query: Query, found: Mapping[str, Sequence[Candidate]]
    ) -> tuple[dict[str, float], frozenset[str]]:
        """The score of everything found, and what is too near to a rejected item."""
        order = self.led_by(query)
        learned = order != "reciprocal rank"  # then scores are log-chances
        if order == "learned fusion":
            scores = self._learned_scores(query, found)
        elif order == "dialogues":
            scores = {c.item_id: c.score for c in found[order]}
        else:
            scores = self._shared_scores(found)
        factors = None if self._negation is None else self._negation.factors(query)
        if factors is None:
            return scores, frozenset()
        left = {item_id: float(factors[self._catalog.index_of(item_id)]) for item_id in scores}
        for item_id, part in left.items():
            scores[item_id] = (
                scores[item_id] + math.log(part) if learned else scores[item_id] * part
            )
        return scores, frozenset(item_id for item_id, part in left.items() if part < REJECTED)

    def _shared_scores(self, found: Mapping[str, Sequence[Candidate]]) -> dict[str, float]:
        """By reciprocal rank, the branches' weights and acclaim; 0 or more."""
        scores: dict[str, float] = {}
        for name, candidates in found.items():
            for candidate, share in zip(candidates, shares(candidates), strict=True):
                scores.setdefault(candidate.item_id, 0.0)
                scores[candidate.item_id] += self._weights[name] * share
        if self._acclaim is not None:
            for item_id in scores:
                place = float(self._acclaim[self._catalog.index_of(item_id)])
                scores[item_id] *= 1.0 + ACCLAIM * (place - 0.5)
        return scores

    def _learned_scores(
        self, query: Query, found: Mapping[str, Sequence[Candidate]]
    ) -> dict[str, float]:
        """By the learned fusion; what none of its branches found comes last."""
        assert self._learned is not None
        index_of = self._catalog.index_of
        tops = {
            name: Tops.of_one(
                [index_of(c.item_id) for c in found[name]], [c.score for c in found[name]]
            )
            for name in self._learned.branches
        }
        told = [i for i in (*query.history, *query.liked) if i not in query.disliked]
        once = reversed(dict.fromkeys(reversed(told)))  # of an item that stands twice the last
        past = np.array([index_of(i) for i in once if i in self._catalog], dtype=np.int32)
        fused = self._learned.fuse(tops, [past])
        rows = fused.items[0] != PAD
        scored = zip(fused.items[0][rows].tolist(), fused.scores[0][rows].tolist(), strict=True)
        scores = {self._catalog.items[row].item_id: score for row, score in scored}
        last = min(scores.values(), default=0.0) - 1.0
        everything = (c.item_id for candidates in found.values() for c in candidates)
        return dict.fromkeys(everything, last) | scores

    @staticmethod
    def _backfilled(pool: list[Candidate], fitting: Mapping[str, None], k: int) -> list[Candidate]:
        """The pool, filled up to ``k`` with allowed items that no branch found."""
        found = {candidate.item_id for candidate in pool}
        rest = [item_id for item_id in fitting if item_id not in found]
        last = min([0.0, *(candidate.score for candidate in pool)])
        return pool + [Candidate(item_id, last, BACKFILL) for item_id in rest[: k - len(pool)]]


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


def _by_history_alone(query: Query) -> bool:
    """Whether what the user had or liked is all that the query gives to go by."""
    told = query.history or query.liked
    return bool(told) and not query.near and not wish_words(query.text)


def _places(
    found: Mapping[str, Sequence[Candidate]], kept: Collection[str]
) -> dict[str, tuple[Place, ...]]:
    """Where each kept item stands among what every branch found and may be shown."""
    places: dict[str, list[Place]] = {item_id: [] for item_id in kept}
    for name, candidates in found.items():
        for place, candidate in enumerate(candidates, start=1):
            if candidate.item_id in places:
                places[candidate.item_id].append(Place(name, place, len(candidates)))
    return {item_id: tuple(had) for item_id, had in places.items()}


def _evidence(found: Mapping[str, Sequence[Candidate]]) -> dict[str, tuple[Evidence, ...]]:
    """Each item's evidence from all branches, each piece once."""
    evidence: dict[str, dict[Evidence, None]] = {}
    for candidates in found.values():
        for candidate in candidates:
            evidence.setdefault(candidate.item_id, {}).update(dict.fromkeys(candidate.evidence))
    return {item_id: tuple(pieces) for item_id, pieces in evidence.items()}
