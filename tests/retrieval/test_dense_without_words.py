"""Dense retrieval by what was met alone."""

import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.retrieval.dense import MET, DenseRetriever, centred, fading, nearness
from chatrec.types import Item, Query

N, DIM = 300, 12


class Mute:
    """There are no words to encode."""

    def encode_queries(self, texts, *, progress=False):
        raise AssertionError(f"asked to encode {texts}")


def unit(rows) -> np.ndarray:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def retriever(vectors) -> DenseRetriever:
    catalog = Catalog([Item(str(row), f"Title {row}") for row in range(len(vectors))])
    return DenseRetriever(catalog, Mute(), vectors)


def crowd() -> np.ndarray:
    """Texts that have much in common."""
    return unit(np.random.default_rng(5).normal(size=(N, DIM)) + 1.0)


@pytest.mark.parametrize("k", [10, N])  # by the index, and by all rows
def test_the_best_are_those_of_the_whole_catalogue(k):
    vectors, met = crowd(), [3, 44, 170, 8]
    found = retriever(vectors).retrieve(Query(history=tuple(map(str, met))), k)
    apart = centred(vectors, vectors.mean(axis=0))
    scores = nearness(apart, apart[met], fading(len(met)))
    best = np.argsort(-scores)[:10]
    assert [int(candidate.item_id) for candidate in found[:10]] == best.tolist()
    np.testing.assert_allclose([c.score for c in found[:10]], scores[best], rtol=1e-4)
    assert len(found) == k


def test_one_of_two_interests_is_as_good_as_what_lies_between_them():
    first, second, between = [1.0, 0, 0], [0, 1.0, 0], [1.0, 1.0, 0]
    away = [[0, 0, 1.0], [0, 0.1, 1.0], [0.1, 0, 1.0], [-1.0, -1.0, 0]]
    vectors = unit([first, second, [1.0, 0.1, 0], between, *away])
    found = retriever(vectors).retrieve(Query(liked=("0", "1")), len(vectors))
    order = [candidate.item_id for candidate in found]
    assert order.index("2") < order.index("3")


def test_in_a_history_the_newer_counts_more_and_what_is_named_counts_alike():
    vectors = unit([*np.eye(3), [1.0, 0, 0.2], [0, 1.0, 0.2], [0.1, 0.1, 1.0]])
    scores = {}
    for how in ("history", "liked"):
        found = retriever(vectors).retrieve(Query(**{how: ("0", "1")}), len(vectors))
        scores[how] = {candidate.item_id: candidate.score for candidate in found}
    assert scores["history"]["4"] > scores["history"]["3"] + 0.01
    assert scores["liked"]["4"] == pytest.approx(scores["liked"]["3"], abs=1e-5)


@pytest.mark.parametrize("how", ["history", "liked"])
def test_only_the_last_ones_are_started_from(how):
    vectors, met = crowd(), [str(row) for row in range(60)]
    dense = retriever(vectors)
    whole = dense.retrieve(Query(**{how: tuple(met)}), 5)
    last = dense.retrieve(Query(**{how: tuple(met[-MET:])}), 5)
    assert [c.score for c in whole] == [c.score for c in last]


def test_a_nearness_is_a_cosine_where_one_was_met():
    vectors = crowd()
    apart = centred(vectors, vectors.mean(axis=0))
    scores = nearness(apart, apart[[7]], fading(1))
    np.testing.assert_allclose(scores, apart @ apart[7], atol=1e-5)
    assert scores[7] == pytest.approx(1.0, abs=1e-5)
