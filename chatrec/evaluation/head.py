"""An adapter's item head and what stands beside it on one workspace, measured on held-out cases.

Popularity is that of the training part alone. Knows a decoder's head and the retrievers that need
no fitting; which adapter is measured, and why, is the caller's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.workspace import Workspace
from chatrec.evaluation.comparison import FuserOf
from chatrec.evaluation.figures import Figures
from chatrec.evaluation.ranking import Fuser, rank_cases
from chatrec.evaluation.scorers import (
    blend_scorer,
    head_scorer,
    popularity_scorer,
    retriever_scorer,
)
from chatrec.evaluation.splits import Case, Split
from chatrec.generation.item_head import HeadFacts, ItemHead, log_popularity
from chatrec.generation.model import LocalDecoder
from chatrec.generation.ranker import ItemHeadRanker, ItemHeadScorer
from chatrec.retrieval.dense import DenseRetriever, item_vectors
from chatrec.retrieval.encoder import TextEncoder, Vectors
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.retrieval.tops import PAD, Tops
from chatrec.types import Candidate, Retriever

POOL = 200
KEPT = 1000


@dataclass(frozen=True, slots=True)
class HeadBench:
    """Everything that ranks one workspace by its texts and a head, popularity from ``counts``."""

    workspace: Workspace
    fusion: Fusion
    fusion_with_head: Fusion
    scorer: ItemHeadScorer
    counts: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        encoder: TextEncoder,
        decoder: LocalDecoder,
        head: ItemHead,
        counts: NDArray[np.int64],
    ) -> HeadBench:
        """Dense and lexical retrieval, and the decoder with its head as one more branch."""
        catalog = workspace.catalog
        vectors: Vectors = item_vectors(workspace, encoder)
        popularity = log_popularity(counts)
        scorer = ItemHeadScorer(decoder, head.eval(), catalog, vectors, popularity, kept=KEPT)
        branches: list[Retriever] = [
            DenseRetriever(catalog, encoder, vectors),
            LexicalRetriever(catalog),
        ]
        return cls(
            workspace,
            Fusion(catalog, branches),
            Fusion(catalog, [*branches, scorer]),
            scorer,
            counts,
        )

    def ranker(self, facts: HeadFacts) -> ItemHeadRanker:
        """The head blended with the fused order by the facts' shares."""
        return ItemHeadRanker(self.scorer, facts, self.workspace.catalog)


@dataclass(frozen=True, slots=True)
class HeadOrders:
    """A head's own order of all items, and the order that is shown."""

    catalog: Catalog
    scorer: ItemHeadScorer
    facts: HeadFacts

    def shown(self, fuser_of: FuserOf, branch: str) -> FuserOf:
        """Fusers whose order is the head's, blended with that of ``fuser_of``, over one pool.

        ``branch`` is the head's own name among the branches: its best bring half of the pool.
        """

        def of(names: Sequence[str]) -> Fuser:
            fuse = fuser_of(names)
            ranker = ItemHeadRanker(self.scorer, self.facts, self.catalog)

            def shown(tops: Mapping[str, Tops], cases: Sequence[Case]) -> Tops:
                fused = fuse(tops, cases)
                pools = [
                    self._pool(own, items, scores)
                    for own, items, scores in zip(
                        tops[branch].items, fused.items, fused.scores, strict=True
                    )
                ]
                queries = [case.query(self.catalog) for case in cases]
                return self._tops(
                    [
                        ranker.blend(query, pool, ranker.share(query))
                        for query, pool in zip(queries, pools, strict=True)
                    ]
                )

            return shown

        return of

    def _pool(
        self, own: NDArray[np.int32], items: NDArray[np.int32], scores: NDArray[np.float32]
    ) -> list[Candidate]:
        """POOL candidates in fused order; what fusion doesn't have scores as its last."""
        found = dict(zip(items[items != PAD].tolist(), scores[items != PAD].tolist(), strict=True))
        lowest = min(found.values(), default=0.0)
        brought = own[own != PAD][: POOL // 2].tolist()
        others = [item for item in found if item not in brought][: POOL - len(brought)]
        return [
            Candidate(self.catalog.items[item].item_id, found.get(item, lowest), "fusion")
            for item in (*brought, *others)
        ]

    def _tops(self, ranked: Sequence[Sequence[Candidate]]) -> Tops:
        items = np.full((len(ranked), POOL), PAD, dtype=np.int32)
        scores = np.full((len(ranked), POOL), -np.inf, dtype=np.float32)
        for row, candidates in enumerate(ranked):
            items[row, : len(candidates)] = [self.catalog.index_of(c.item_id) for c in candidates]
            scores[row, : len(candidates)] = [c.score for c in candidates]
        return Tops(items, scores)


def measure_head(bench: HeadBench, facts: HeadFacts, split: Split) -> dict[str, Any]:
    """Figures of every order on the split's cases, and the paired differences to the head's."""
    catalog = bench.workspace.catalog
    scorers = {
        "popularity": popularity_scorer(bench.counts),
        "fused retrieval": retriever_scorer(catalog, bench.fusion, POOL),
        "item head": head_scorer(bench.scorer, catalog),
        "as shown": blend_scorer(catalog, bench.fusion_with_head, bench.ranker(facts), POOL),
    }
    ranked = rank_cases(split.cases, split.candidates, scorers)
    figures = Figures(split)
    return {
        "users": len(split.tested),
        "cases": len(split.cases),
        "items": int(split.candidates.sum()),
        "orders": {name: figures.order(order) for name, order in ranked.items()},
        "item head minus": {
            name: figures.difference(ranked["item head"], ranked[name])
            for name in ("popularity", "fused retrieval")
        },
    }
