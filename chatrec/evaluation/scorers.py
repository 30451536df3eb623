"""Score vectors over the whole catalogue from the parts under test, for offline ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.evaluation.ranking import Scorer, Scores
from chatrec.evaluation.splits import Case
from chatrec.generation.ranker import ItemHeadRanker, ItemHeadScorer
from chatrec.retrieval.dense import PastTexts
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.types import Candidate, Query, Retriever

if TYPE_CHECKING:
    from chatrec.retrieval.collaborative import HistoryModel

ANCHORS = 10  # more than the words are taken from
UNRANKED = np.float32(-np.inf)


def popularity_scorer(counts: NDArray[np.int64]) -> Scorer:
    """Every case gets the items' training counts."""
    return lambda cases: np.tile(counts.astype(np.float32), (len(cases), 1))


def model_scorer(model: HistoryModel) -> Scorer:
    """What the model says after each case's past."""
    return lambda cases: model.scores([case.past for case in cases])


def text_scorer(vectors: NDArray[np.float32]) -> Scorer:
    """What the dense retriever says after a past without words; zeros without a past."""
    texts = PastTexts(vectors)
    return lambda cases: texts.scores([case.past for case in cases])


def head_scorer(scorer: ItemHeadScorer, catalog: Catalog) -> Scorer:
    """The item head after each case's history."""
    return lambda cases: np.stack([scorer.scores(case.query(catalog)) for case in cases])


def lexical_scorer(catalog: Catalog, retriever: LexicalRetriever) -> Scorer:
    """BM25 of the words that the last items of each past give; zeros where they give none."""

    @cache
    def weights(word: str) -> tuple[NDArray[np.int64], Scores]:
        found = retriever.weights(word)
        return np.array([*found], np.int64), np.array([*found.values()], np.float32)

    def score(cases: Sequence[Case]) -> Scores:
        scores = np.zeros((len(cases), len(catalog)), dtype=np.float32)
        for row, case in enumerate(cases):
            for word in retriever.anchor_words(case.recent(ANCHORS).query(catalog)):
                items, weight = weights(word)
                scores[row, items] += weight
        return scores

    return score


def pool_scorer(catalog: Catalog, rank: Callable[[Query], Sequence[Candidate]]) -> Scorer:
    """What ranks a query's pool, as scores by position; items outside the pool are not ranked."""

    def score(cases: Sequence[Case]) -> Scores:
        scores = np.full((len(cases), len(catalog)), UNRANKED, dtype=np.float32)
        for row, case in enumerate(cases):
            for position, candidate in enumerate(rank(case.query(catalog))):
                scores[row, catalog.index_of(candidate.item_id)] = -position
        return scores

    return score


def retriever_scorer(catalog: Catalog, retriever: Retriever, depth: int) -> Scorer:
    """The scores of the retriever's best, ``depth`` of them beside what the user has had."""

    def score(cases: Sequence[Case]) -> Scores:
        scores = np.full((len(cases), len(catalog)), UNRANKED, dtype=np.float32)
        for row, case in enumerate(cases):
            for candidate in retriever.retrieve(case.query(catalog), depth + len(case.past)):
                scores[row, catalog.index_of(candidate.item_id)] = candidate.score
        return scores

    return score


def blend_scorer(
    catalog: Catalog, retriever: Retriever, ranker: ItemHeadRanker, pool_size: int
) -> Scorer:
    """The order that is shown: the ranker over the retriever's pool."""
    return pool_scorer(
        catalog, lambda query: ranker.rank(query, retriever.retrieve(query, pool_size))[0]
    )
