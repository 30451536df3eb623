"""Score vectors over the whole catalogue from the parts under test, for offline ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.evaluation.ranking import Case, Scorer
from chatrec.generation.ranker import ItemHeadRanker, ItemHeadScorer
from chatrec.types import Candidate, Query, Retriever

UNRANKED = -1e9


def popularity_scorer(counts: NDArray[np.int64]) -> Scorer:
    """Every case gets the items' training counts."""
    return lambda cases: np.tile(counts.astype(np.float32), (len(cases), 1))


def head_scorer(scorer: ItemHeadScorer, catalog: Catalog) -> Scorer:
    """The item head after each case's history."""
    return lambda cases: np.stack([scorer.scores(case.query(catalog)) for case in cases])


def pool_scorer(catalog: Catalog, rank: Callable[[Query], Sequence[Candidate]]) -> Scorer:
    """What ranks a query's pool, as scores by position; items outside the pool come last."""

    def score(cases: Sequence[Case]) -> NDArray[np.float32]:
        scores = np.full((len(cases), len(catalog)), UNRANKED, dtype=np.float32)
        for row, case in enumerate(cases):
            for position, candidate in enumerate(rank(case.query(catalog))):
                scores[row, catalog.index_of(candidate.item_id)] = -position
        return scores

    return score


def retriever_scorer(catalog: Catalog, retriever: Retriever, pool_size: int) -> Scorer:
    """A retriever's own order."""
    return pool_scorer(catalog, lambda query: retriever.retrieve(query, pool_size))


def blend_scorer(
    catalog: Catalog, retriever: Retriever, ranker: ItemHeadRanker, pool_size: int
) -> Scorer:
    """The order that is shown: the ranker over the retriever's pool."""
    return pool_scorer(
        catalog, lambda query: ranker.rank(query, retriever.retrieve(query, pool_size))[0]
    )
