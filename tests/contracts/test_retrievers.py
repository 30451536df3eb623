"""What every retriever keeps to. A new one is added to RETRIEVERS and has to pass."""

from __future__ import annotations

import math

import numpy as np
import pytest

from chatrec.retrieval.collaborative import HistoryRetriever
from chatrec.retrieval.dense import DenseRetriever
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.types import EVIDENCE_KINDS, Query
from tests.contracts.test_history_models import MODELS, WITHOUT_PAST
from tests.contracts.toy import CATALOG, WordEncoder, toy_histories


def dense():
    encoder = WordEncoder()
    vectors = encoder.encode([item.genres[0] for item in CATALOG])
    vectors[:, 2] += np.linspace(0, 0.5, len(vectors))  # no two alike
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    return DenseRetriever(CATALOG, encoder, vectors)


def of_model(name):
    return HistoryRetriever(CATALOG, MODELS[name](toy_histories()))


RETRIEVERS = {
    "dense": dense,
    "lexical": lambda: LexicalRetriever(CATALOG),
    **{name: lambda name=name: of_model(name) for name in MODELS},
    "fusion": lambda: Fusion(CATALOG, [dense(), *map(of_model, MODELS)]),
}
WITHOUT_QUERY = {*WITHOUT_PAST, "fusion"}  # find something for nobody and nothing too
QUERIES = [
    Query(text="space", liked=("s0",), seen=frozenset({"s0"})),
    Query(text="a crime film with a heist", history=("c4", "all"), disliked=("s1",)),
    Query(near=("s2",), liked=("c5",), history=("all",)),
]


@pytest.fixture(scope="module", params=RETRIEVERS)
def retriever(request):
    return RETRIEVERS[request.param]()


@pytest.fixture(params=QUERIES, ids=["liked", "history", "near"])
def query(request):
    return request.param


def test_at_most_k_known_items_each_once_best_first(retriever, query):
    for k in (1, 3, 100):
        found = retriever.retrieve(query, k)
        ids = [candidate.item_id for candidate in found]
        assert 1 <= len(found) <= k
        assert len(set(ids)) == len(ids)
        assert all(item_id in CATALOG for item_id in ids)
        scores = [candidate.score for candidate in found]
        assert all(map(math.isfinite, scores))
        assert scores == sorted(scores, reverse=True)


def test_the_same_query_gives_the_same_candidates_and_fewer_are_the_first_of_more(retriever):
    query = QUERIES[0]
    three = retriever.retrieve(query, 3)
    assert retriever.retrieve(query, 3) == three
    ids = [candidate.item_id for candidate in three]
    assert [c.item_id for c in retriever.retrieve(query, 5)][: len(ids)] == ids


def test_candidates_name_their_retriever_and_known_kinds_of_evidence(retriever):
    for candidate in retriever.retrieve(QUERIES[0], 10):
        assert candidate.source in (retriever.name, "backfill")
        assert all(piece.kind in EVIDENCE_KINDS and piece.text for piece in candidate.evidence)


def test_nothing_to_go_by_gives_nothing(retriever):
    assert bool(retriever.retrieve(Query(), 5)) == (retriever.name in WITHOUT_QUERY)


def test_what_goes_with_a_liked_item_leads(retriever):
    found = retriever.retrieve(Query(liked=("c4",), seen=frozenset({"c4", "all"})), 10)
    if retriever.name not in WITHOUT_PAST:
        others = [c.item_id for c in found if c.item_id not in ("c4", "all")]
        assert all(item_id.startswith("c") for item_id in others[:3])
