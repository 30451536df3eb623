import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.errors import DataError
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.collaborative import HistoryRetriever
from chatrec.retrieval.dense import DenseRetriever
from chatrec.retrieval.fusion import BACKFILL, Fusion, shares
from chatrec.retrieval.fusion_features import Traits, feature_names
from chatrec.retrieval.item_knn import ItemKnn
from chatrec.retrieval.learned_fusion import LearnedFusion
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.retrieval.popularity import Popularity
from chatrec.retrieval.words import wish_words
from chatrec.types import Candidate, Constraints, Item, Place, Query, Retriever

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

    def encode_queries(self, texts, *, progress=False):
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


def test_what_is_disliked_has_no_say_in_dense_retrieval():
    averse = dense().retrieve(Query(text="space fear", disliked=("saw",)), 4)
    assert averse == dense().retrieve(Query(text="space fear"), 4)


def test_dense_says_which_named_item_is_similar():
    found = dense().retrieve(Query(near=("moon",)), 4)
    alien = next(c for c in found if c.item_id == "alien")
    assert [(e.kind, e.text) for e in alien.evidence] == [("similar", "Moon")]


def test_lexical_finds_names_and_stems_and_says_the_word():
    found = LexicalRetriever(CATALOG).retrieve(Query(text="clones by Duncan Jones"), 4)
    assert ids(found) == ["moon"]
    assert "duncan" in [e.text for e in found[0].evidence]


def test_lexical_puts_what_meets_more_of_a_wish_first():
    items = (
        Item("both", "One", keywords=("heist", "a long story", "of many other words", "twist")),
        Item("half", "Two", keywords=("twist", "twist ending", "twist upon twist")),
        *(Item(str(n), f"Other {n}", keywords=("calm",)) for n in range(9)),
    )
    found = LexicalRetriever(Catalog(items)).retrieve(Query(text="heist with a twist"), 4)
    assert ids(found) == ["both", "half"]
    assert found[1].score < found[0].score / 2


def test_lexical_takes_any_text_as_words_only():
    for text in ('"', "NEAR(a b)", "title:moon OR *", "'; DROP TABLE items"):
        LexicalRetriever(CATALOG).retrieve(Query(text=text), 4)
    assert ids(LexicalRetriever(CATALOG).retrieve(Query(text="moon"), 4)) == ["moon"]


def test_wish_words_leave_out_asking_words():
    assert wish_words("please recommend me a good film") == []


class Fixed:
    """Always finds the same, best first."""

    def __init__(self, name, scores):
        self.name, self.scores = name, scores

    def retrieve(self, query, k):
        return [Candidate(i, score, self.name) for i, score in list(self.scores.items())[:k]]


def test_fusion_adds_reciprocal_ranks_by_their_part_of_the_best_score():
    fused = Fusion(CATALOG, [Fixed("a", {"moon": 1.0, "saw": 0.5}), Fixed("b", {"saw": 3.0})])
    found = fused.retrieve(Query(), 2)
    assert ids(found) == ["saw", "moon"]
    assert found[0].score == pytest.approx(0.5 / 62 + 1 / 61)
    assert found[1].score == pytest.approx(1 / 61)


def test_fused_candidates_say_where_every_branch_had_them():
    fused = Fusion(CATALOG, [Fixed("a", {"moon": 1.0, "saw": 0.5}), Fixed("b", {"saw": 3.0})])
    query = Query(seen=frozenset({"moon"}))
    assert [c.places for c in fused.retrieve(Query(), 2)] == [
        (Place("a", 2, 2), Place("b", 1, 1)),
        (Place("a", 1, 2),),
    ]
    assert fused.retrieve(query, 1)[0].places == (Place("a", 1, 1), Place("b", 1, 1))
    assert fused.retrieve(Query(), 4)[-1].places == ()  # no branch found it


def test_scores_that_are_nearly_the_same_share_a_rank():
    found = [Candidate(str(i), score, "a") for i, score in enumerate((1.0, 0.98, 0.5, 0.0))]
    assert shares(found) == pytest.approx([1 / 61, 0.98 / 61, 0.5 / 63, 0.0])
    assert shares([]) == []


def test_a_branch_of_log_probabilities_brings_candidates_but_no_score():
    fused = Fusion(CATALOG, [Fixed("a", {"moon": 1.0}), Fixed("item_head", {"saw": -4.0})])
    found = fused.retrieve(Query(), 3)
    assert [(c.item_id, c.score) for c in found[:2]] == [("moon", 1 / 61), ("saw", 0.0)]
    assert found[1].source == "fusion"


def test_what_a_branch_without_a_say_brings_stays_in_a_full_pool():
    full = {"moon": 1.0, "heat": 0.9, "alien": 0.8}
    fused = Fusion(CATALOG, [Fixed("a", full), Fixed("item_head", {"saw": -4.0})])
    assert ids(fused.retrieve(Query(), 3)) == ["moon", "heat", "saw"]


def test_the_rare_word_beats_the_common_one():
    found = Fusion(CATALOG, [LexicalRetriever(CATALOG)]).retrieve(Query(text="sci-fi clone"), 4)
    assert ids(found)[0] == "moon"


def test_lexical_keeps_the_items_to_be_like_beside_the_wish():
    query = Query(text="with a trap", near=("alien",))
    assert set(ids(LexicalRetriever(CATALOG).retrieve(query, 4))) == {"saw", "alien", "moon"}
    assert ids(LexicalRetriever(CATALOG).retrieve(Query(text="with a trap"), 4)) == ["saw"]


def test_lexical_has_nothing_to_look_for_where_the_limits_say_it_all():
    query = Query(text="a horror film", constraints=Constraints(genres_all=("Horror",)))
    assert LexicalRetriever(CATALOG).retrieve(query, 4) == []


def test_fusion_keeps_limits_and_seen_out_and_backfills():
    query = Query(
        text="space", seen=frozenset({"moon"}), constraints=Constraints(genres_none=("Horror",))
    )
    found = Fusion(CATALOG, [LexicalRetriever(CATALOG)]).retrieve(query, 4)
    assert ids(found) == ["heat"]
    assert found[0].source == BACKFILL


class Rejecting:
    """Leaves a tenth of every item with fear in it, where anything is disliked."""

    def factors(self, query):
        return np.where(VECTORS[:, 1] > 0, 0.1, 1.0) if query.disliked else None


def test_a_disliked_item_lowers_its_neighbours_after_the_fusion():
    fused = Fusion(CATALOG, [dense()], negation=Rejecting())
    averse = Query(text="space fear", disliked=("saw",))
    plain = {c.item_id: c.score for c in fused.retrieve(Query(text="space fear"), 4)}
    found = {c.item_id: c.score for c in fused.retrieve(averse, 4)}
    assert (next(iter(plain)), next(iter(found))) == ("alien", "moon")
    assert found["moon"] == plain["moon"]
    assert found["alien"] == pytest.approx(0.1 * plain["alien"])
    assert ids(Fusion(CATALOG, [dense()]).retrieve(averse, 4))[0] == "alien"


def test_what_is_near_to_a_disliked_item_is_not_kept_for_a_branch_without_a_say():
    branches = [Fixed("a", {"moon": 1.0, "heat": 0.9}), Fixed("item_head", {"alien": -1.0})]
    averse = Query(text="space", disliked=("saw",), seen=frozenset({"saw"}))
    held = Fusion(CATALOG, branches, negation=Rejecting())
    assert ids(Fusion(CATALOG, branches).retrieve(averse, 2)) == ["moon", "alien"]
    assert ids(held.retrieve(averse, 2)) == ["moon", "heat"]


TRAITS = Traits.of(Histories.from_pasts([[0], [1, 3], [3]], 4), CATALOG, VECTORS)


def learned(*branches: str) -> LearnedFusion:
    """Trusts the last branch alone."""
    names = feature_names(branches)
    weights = np.array([n == f"{branches[-1]}: rank" for n in names], dtype=np.float32)
    nothing = np.zeros_like(weights)
    none = np.zeros((len(weights), 1), np.float32)
    net = ChoiceNet(nothing, nothing + 1, weights, none, none[0], none[0])
    return LearnedFusion(branches, net, TRAITS)


def test_the_learned_fusion_orders_what_the_history_alone_asks_for():
    branches = [Fixed("a", {"saw": 1.0, "alien": 0.9}), Fixed("b", {"alien": 5.0, "heat": 4.0})]
    fused = Fusion(CATALOG, branches, learned=learned("a", "b"))
    had = Query(history=("moon",), seen=frozenset({"moon"}))
    assert fused.led_by(had) == "learned fusion"
    found = fused.retrieve(had, 3)
    assert ids(found) == ["alien", "heat", "saw"]
    assert np.exp([c.score for c in found]).sum() == pytest.approx(1.0)
    for wish in (Query(text="space", history=("moon",)), Query(near=("moon",)), Query()):
        assert fused.led_by(wish) == "reciprocal rank"
        assert fused.retrieve(wish, 3) == Fusion(CATALOG, branches).retrieve(wish, 3)


def test_words_that_only_ask_leave_the_history_in_charge():
    fused = Fusion(CATALOG, [Fixed("a", {"saw": 1.0})], learned=learned("a"))
    asking = Query(text="please recommend me a good film", liked=("moon",))
    assert fused.led_by(asking) == "learned fusion"


def test_the_learned_order_keeps_limits_and_dislikes_and_fills_the_pool():
    branches = [Fixed("a", {"saw": 2.0, "alien": 1.0}), Fixed("c", {"heat": 1.0})]
    fused = Fusion(CATALOG, branches, learned=learned("a"), negation=Rejecting())
    limits = Constraints(year_max=2004)
    query = Query(history=("moon",), seen=frozenset({"moon"}), constraints=limits)
    assert ids(fused.retrieve(query, 4)) == ["saw", "alien", "heat"]
    scores = [c.score for c in fused.retrieve(query, 4)]
    assert scores == sorted(scores, reverse=True)
    alone = Fusion(CATALOG, branches[:1], learned=learned("a")).retrieve(query, 4)
    assert ids(alone) == ["saw", "alien", "heat"]
    assert alone[-1].source == BACKFILL
    assert alone[-1].score <= alone[1].score
    averse = Query(history=("moon",), disliked=("saw",), seen=frozenset({"moon"}))
    by_saw = {c.item_id: c.score for c in fused.retrieve(averse, 4)}
    plain = {c.item_id: c.score for c in fused.retrieve(Query(history=("moon",)), 4)}
    assert by_saw["saw"] == pytest.approx(plain["saw"] + np.log(0.1))
    assert by_saw["heat"] == plain["heat"]


def test_branches_of_histories_are_asked_only_where_the_history_is_all():
    model = Popularity.fit(Histories.from_pasts([[CATALOG.index_of("heat")]], len(CATALOG)))
    by_history = [HistoryRetriever(CATALOG, model)]
    fused = Fusion(CATALOG, [Fixed("a", {"saw": 1.0})], by_history=by_history)
    assert set(ids(fused.retrieve(Query(history=("moon",)), 2))) == {"saw", "heat"}
    for wish in (Query(text="space", history=("moon",)), Query(near=("moon",)), Query()):
        assert fused.retrieve(wish, 2)[0].item_id == "saw"
        assert fused.retrieve(wish, 2)[1].source == BACKFILL


def test_what_stays_in_the_pool_has_the_evidence_of_branches_of_histories():
    moon, heat = (CATALOG.index_of(name) for name in ("moon", "heat"))
    model = ItemKnn.fit(Histories.from_pasts([[moon, heat]] * 9 + [[]] * 9, len(CATALOG)), shrink=0)
    fused = Fusion(CATALOG, [], by_history=[HistoryRetriever(CATALOG, model)])
    found = fused.retrieve(Query(history=("moon",), seen=frozenset({"moon"})), 1)
    assert ids(found) == ["heat"]
    assert [piece.text for piece in found[0].evidence] == ["Moon | 2.0"]


def test_a_learned_fusion_without_one_of_its_branches_is_refused():
    with pytest.raises(DataError, match=r"the branch 'gone'.*fit it again"):
        Fusion(CATALOG, [Fixed("a", {})], learned=learned("a", "gone"))


def test_a_fusion_over_other_retrievers_shares_what_was_learnt_and_leaves_the_first_as_it_is():
    first = Fusion(CATALOG, [Fixed("a", {"moon": 1.0})], learned=learned("a"))
    other = first.asking([Fixed("a", {"saw": 1.0}), Fixed("b", {"heat": 1.0})])
    liked = Query(liked=("alien",), seen=frozenset({"alien"}))
    assert other.led_by(liked) == first.led_by(liked) == "learned fusion"
    assert ids(other.retrieve(Query(text="x"), 2)) == ["saw", "heat"]
    assert ids(first.retrieve(Query(text="x"), 1)) == ["moon"]
    with pytest.raises(DataError, match=r"the branch 'a'.*fit it again"):
        first.asking([Fixed("b", {})])
