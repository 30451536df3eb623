import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.retrieval.dense import DenseRetriever
from chatrec.retrieval.fusion import BACKFILL, Fusion
from chatrec.retrieval.lexical import LexicalRetriever, wish_words
from chatrec.types import Candidate, Constraints, Item, Query, Retriever

ITEMS = (
    Item("moon", "Moon", 2009, ("Sci-Fi",), ("Duncan Jones",), keywords=("clone", "solitude")),
    Item("saw", "Saw", 2004, ("Horror",), ("James Wan",), keywords=("trap",)),
    Item("alien", "Alien", 1979, ("Sci-Fi", "Horror"), ("Ridley Scott",), keywords=("spaceship",)),
    Item("heat", "Heat", 1995, ("Crime",), ("Michael Mann",), keywords=("heist",)),
)
CATALOG = Catalog(ITEMS)
# Axes: space, fear, crime.
VECTORS = np.array([[1, 0, 0], [0, 1, 0], [0.7, 0.7, 0], [0, 0, 1]], dtype=np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)


class WordEncoder:
    """Knows three words, one an axis."""

    def encode(self, texts, *, progress=False):
        return np.array([["space" in t, "fear" in t, "crime" in t] for t in texts], np.float32)


def dense() -> DenseRetriever:
    return DenseRetriever(CATALOG, WordEncoder(), VECTORS)


def ids(candidates):
    return [candidate.item_id for candidate in candidates]


@pytest.fixture(params=["dense", "lexical", "fusion"])
def retriever(request) -> Retriever:
    lexical = LexicalRetriever(CATALOG)
    return {"dense": dense(), "lexical": lexical, "fusion": Fusion(CATALOG, [dense(), lexical])}[
        request.param
    ]


def test_contract_at_most_k_best_first_each_once(retriever):
    found = retriever.retrieve(Query(text="space clone heist"), 2)
    assert 1 <= len(found) <= 2
    assert len(set(ids(found))) == len(found)
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_dense_puts_the_closest_text_first():
    assert ids(dense().retrieve(Query(text="space"), 4))[:2] == ["moon", "alien"]


def test_dense_without_words_or_items_finds_nothing():
    assert dense().retrieve(Query(), 4) == []


def test_a_disliked_item_lowers_its_neighbours():
    plain = ids(dense().retrieve(Query(text="space fear"), 4))
    averse = ids(dense().retrieve(Query(text="space fear", disliked=("saw",)), 4))
    assert plain[0] == "alien"
    assert averse.index("saw") > plain.index("saw")


def test_dense_says_which_named_item_is_similar():
    found = dense().retrieve(Query(near=("moon",)), 4)
    alien = next(c for c in found if c.item_id == "alien")
    assert [(e.kind, e.text) for e in alien.evidence] == [("similar", "Moon")]


def test_lexical_finds_names_and_stems_and_says_the_word():
    found = LexicalRetriever(CATALOG).retrieve(Query(text="clones by Duncan Jones"), 4)
    assert ids(found) == ["moon"]
    assert "duncan" in [e.text for e in found[0].evidence]


def test_lexical_takes_any_text_as_words_only():
    for text in ('"', "NEAR(a b)", "title:moon OR *", "'; DROP TABLE items"):
        LexicalRetriever(CATALOG).retrieve(Query(text=text), 4)
    assert ids(LexicalRetriever(CATALOG).retrieve(Query(text="moon"), 4)) == ["moon"]


def test_wish_words_leave_out_asking_words():
    assert wish_words("please recommend me a good film") == []


def test_fusion_adds_reciprocal_ranks():
    class Fixed:
        def __init__(self, name, order):
            self.name, self.order = name, order

        def retrieve(self, query, k):
            return [Candidate(i, 1.0, self.name) for i in self.order[:k]]

    fused = Fusion(CATALOG, [Fixed("a", ["moon", "saw"]), Fixed("b", ["saw"])])
    found = fused.retrieve(Query(), 2)
    assert ids(found) == ["saw", "moon"]
    assert found[0].score == pytest.approx(1 / 62 + 1 / 61)
    assert found[1].score == pytest.approx(1 / 61)


def test_fusion_keeps_limits_and_seen_out_and_backfills():
    query = Query(
        text="space", seen=frozenset({"moon"}), constraints=Constraints(genres_none=("Horror",))
    )
    found = Fusion(CATALOG, [LexicalRetriever(CATALOG)]).retrieve(query, 4)
    assert ids(found) == ["heat"]
    assert found[0].source == BACKFILL
