"""Wishes ordered by what dialogues teach, on small dialogues whose right answers are known."""

from dataclasses import replace

import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.dialogues import Dialogue, Utterance
from chatrec.errors import DataError
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.choice_order import MOMENT, ChoiceOrder, ChoicePools, query_of
from chatrec.retrieval.dialogue_counts import DialogueCounts
from chatrec.retrieval.dialogue_features import FEATURES, DialogueFeatures
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.likeness import Likeness
from chatrec.types import Candidate, Constraints, Example, Item, Query

CATALOG = Catalog(
    [
        Item("alien", "Alien", 1979, ("Horror",)),
        Item("thing", "The Thing", 1982, ("Horror",)),
        Item("notting", "Notting Hill", 1999, ("Romance",)),
        Item("actually", "Love Actually", 2003, ("Romance",)),
        Item("heat", "Heat", 1995, ("Crime",), ("Michael Mann",), keywords=("bank heist",)),
    ]
)
EVERYTHING = {item.item_id for item in CATALOG}


def talk(number: int, named: int, recommended: int, text: str = "") -> Dialogue:
    said = (Utterance("seeker", text, (named,)), Utterance("recommender", "", (recommended,)))
    return Dialogue(str(number), said, float(number))


# People who name Alien get The Thing; people who name Notting Hill get Love Actually.
TALKS = [talk(n, 0, 1) for n in range(12)] + [talk(n, 2, 3) for n in range(12, 20)]


class Search:
    """A branch that finds what it is told to."""

    name = "search"

    def __init__(self, found: dict[str, float]) -> None:
        self.found = found

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        return [Candidate(i, s, self.name) for i, s in self.found.items()][:k]


def hear(utterance: Utterance) -> Utterance:
    """Hears the one genre that the catalogue is asked for by its own name."""
    genres = ("Horror",) if "horror" in utterance.text else ()
    return replace(utterance, genres=(*utterance.genres, *genres))


def order_by(*features: str) -> ChoiceOrder:
    """An order that adds up these features as they are."""
    pools = ChoicePools(
        CATALOG,
        DialogueFeatures(DialogueCounts.learn(TALKS, 5), Likeness(CATALOG)),
        ("search",),
        hear,
    )
    width = len(pools.names)
    direct = np.array([float(name in features) for name in pools.names], dtype=np.float32)
    zeros, ones = np.zeros(width, np.float32), np.ones(width, np.float32)
    hidden = [np.zeros(shape, np.float32) for shape in ((width, 1), (1,), (1,))]
    return ChoiceOrder(pools, ChoiceNet(zeros, ones, direct, *hidden))


def ids(candidates: list[Candidate]) -> list[str]:
    return [candidate.item_id for candidate in candidates]


def test_what_is_chosen_beside_the_named_item_comes_first_and_says_so() -> None:
    found = order_by("beside").retrieve(Query(liked=("notting",)), {"search": []}, EVERYTHING)
    assert ids(found)[0] == "actually"
    assert "notting" not in ids(found)
    (piece,) = found[0].evidence
    assert (piece.kind, piece.source) == ("together", "dialogues")
    title, lift = piece.text.split(" | ")
    assert title == "Notting Hill"
    assert float(lift) > 1.5
    assert not found[-1].evidence


def test_what_was_liked_before_or_proposed_counts_as_named_ahead_of_what_is_liked_now() -> None:
    pools = order_by().pools
    query = Query(proposed=("heat",), history=("thing",), liked=("alien",), near=("notting",))
    rows = [pools.catalog.index_of(i) for i in ("heat", "thing", "alien", "notting")]
    assert pools.rows_named(query) == rows
    assert pools.rows_named(replace(query, disliked=("heat",))) == rows[1:]


def test_scores_are_log_chances_that_add_up_to_one() -> None:
    found = order_by("beside").retrieve(Query(near=("notting",)), {"search": []}, EVERYTHING)
    assert sum(np.exp(c.score) for c in found) == pytest.approx(1.0, abs=1e-5)
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_a_branch_has_its_say_by_score_place_lead_and_how_little_it_found() -> None:
    told = {"search": [Candidate("heat", 2.0, "search"), Candidate("alien", 1.0, "search")]}
    order = order_by("search score")
    assert ids(order.retrieve(Query(text="a heist"), told, EVERYTHING))[:2] == ["heat", "alien"]
    pool = order.pools.pool(Query(text="a heist"), told, EVERYTHING)
    row = dict(zip(order.pools.names, pool.features[pool.items.tolist().index(0)], strict=True))
    assert row["search score"] == pytest.approx(0.5)
    assert row["search place"] == pytest.approx(1 / np.log2(3))
    assert row["search lead"] == pytest.approx(-1.0)
    assert row["search rarity"] == pytest.approx(1 / np.log2(3))


def test_the_moment_tells_how_much_was_named_and_how_many_words_are_known() -> None:
    order = order_by()
    pool = order.pools.pool(
        Query(text="a heist thriller", liked=("heat", "alien")), {"search": []}, EVERYTHING
    )
    assert order.pools.names[-3:] == MOMENT
    assert pool.features[0, -3:].tolist() == [2.0, 2.0, 0.0]


def test_genres_heard_and_genres_that_limit_both_match() -> None:
    order = order_by("genre match")
    heard = order.retrieve(Query(text="some horror"), {"search": []}, EVERYTHING)
    assert set(ids(heard)[:2]) == {"alien", "thing"}
    limited = Query(constraints=Constraints(genres_all=("Romance",)))
    assert set(ids(order.retrieve(limited, {"search": []}, EVERYTHING))[:2]) == {
        "notting",
        "actually",
    }


def test_nothing_permitted_gives_nothing() -> None:
    told = {"search": [Candidate("heat", 2.0, "search")]}
    assert order_by("search score").retrieve(Query(text="x"), told, set()) == []


def test_an_order_comes_back_from_its_tensors() -> None:
    order = order_by("beside", "after words", "company drawn")
    again = ChoiceOrder.from_tensors(order.tensors(), order.facts(), CATALOG, hear)
    for query in (Query(liked=("alien",)), Query(text="some horror", near=("notting",))):
        before, after = (o.retrieve(query, {"search": []}, EVERYTHING) for o in (order, again))
        assert ids(before) == ids(after)
        assert [c.score for c in before] == pytest.approx([c.score for c in after], abs=1e-5)
        assert [c.evidence for c in before] == [c.evidence for c in after]


def test_nothing_said_a_long_history_or_examples_are_no_moment_of_a_dialogue() -> None:
    speaks_for = order_by().speaks_for
    assert speaks_for(Query(constraints=Constraints(year_min=1990)))
    assert speaks_for(Query(text="something cheerful"))
    assert not speaks_for(Query(text="a film"))
    assert speaks_for(Query(text="a film", liked=("alien",)))
    assert not speaks_for(Query(text="a film", history=("alien",)))
    assert not speaks_for(Query(text="cheerful", examples=(Example(("alien",), "thing"),)))


def test_a_topic_that_no_dialogue_spoke_of_is_left_to_search() -> None:
    speaks_for = order_by().speaks_for
    assert not speaks_for(Query(text="something with a heist"))
    assert speaks_for(Query(text="something with a heist", near=("alien",)))


def test_fusion_orders_wishes_by_dialogues_and_keeps_the_limits() -> None:
    fusion = Fusion(CATALOG, [Search({"heat": 1.0})], choices=order_by("beside"))
    wish = Query(liked=("alien",), seen=frozenset({"alien"}))
    assert fusion.led_by(wish) == "dialogues"
    assert ids(fusion.retrieve(wish, 3))[0] == "thing"
    newer = replace(wish, constraints=Constraints(year_min=1990))
    assert set(ids(fusion.retrieve(newer, 5))) == {"notting", "actually", "heat"}
    assert fusion.led_by(replace(wish, history=("alien",))) == "dialogues"
    assert fusion.led_by(replace(wish, history=("alien",) * 11)) == "reciprocal rank"


def test_an_order_over_a_branch_that_is_not_there_is_refused() -> None:
    other = Search({})
    other.name = "other"
    with pytest.raises(DataError, match=r"'search', which is not among other: fit it again"):
        Fusion(CATALOG, [other], choices=order_by("beside"))


def test_a_moment_as_a_query_has_the_seekers_last_words_and_all_that_was_named() -> None:
    before = (
        Utterance("seeker", "hello, a scary one", (0,)),
        Utterance("recommender", "how about this", (1,)),
        Utterance("seeker", "seen it"),
    )
    query = query_of(before, CATALOG)
    assert query.text == "hello, a scary one seen it"
    assert query.liked == ("alien", "thing")
    assert query.seen == {"alien", "thing"}


def test_the_features_of_dialogues_keep_their_names_and_order() -> None:
    assert order_by().pools.names[: len(FEATURES)] == FEATURES
