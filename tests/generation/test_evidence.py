import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import brief, evidence_for, own_facts
from chatrec.types import EVIDENCE_KINDS, Evidence, Item, Query

ARRIVAL = Item(
    "1", "Arrival", 2016, ("Sci-Fi", "Drama"), ("Denis Villeneuve",), ("Amy Adams",), ("USA",),
    "English", 116, "PG-13", ("first contact", "slow burn"), "A linguist meets visitors.",
)  # fmt: skip
SICARIO = Item(
    "2", "Sicario", 2015, ("Crime", "Drama"), ("Denis Villeneuve",), ("Emily Blunt",),
    keywords=("slow burn", "border"),
)  # fmt: skip
BARE = Item("3", "Nameless")
CATALOG = Catalog([ARRIVAL, SICARIO, BARE])


def texts(pieces, kind):
    return [piece.text for piece in pieces if piece.kind == kind]


def test_links_to_a_liked_item_come_first():
    pieces = evidence_for(ARRIVAL, Query(liked=("2",)), CATALOG)
    assert pieces[0] == Evidence("shared_creator", "Denis Villeneuve | Sicario", "catalogue")
    assert texts(pieces, "shared_keyword") == ["slow burn | Sicario"]
    assert texts(pieces, "shared_genre") == ["Drama | Sicario"]
    assert texts(pieces, "shared_cast") == []


@pytest.mark.parametrize("field", ["liked", "near", "history"])
def test_near_liked_and_history_all_give_links(field):
    pieces = evidence_for(ARRIVAL, Query(**{field: ("2",)}), CATALOG)
    assert texts(pieces, "shared_creator") == ["Denis Villeneuve | Sicario"]


def test_only_the_last_ten_of_the_history_give_links():
    pieces = evidence_for(ARRIVAL, Query(history=("2", *["3"] * 10)), CATALOG)
    assert texts(pieces, "shared_creator") == []


def test_disliked_unknown_and_own_ids_give_no_links():
    query = Query(liked=("1", "2", "gone"), disliked=("2",))
    assert not any(p.kind.startswith("shared_") for p in evidence_for(ARRIVAL, query, CATALOG))


def test_wish_words_found_in_the_item_match():
    query = Query(text="something about a first contact with visitors, but not slow burn drama")
    assert texts(evidence_for(ARRIVAL, query, CATALOG), "match") == ["first contact", "visitors"]


def test_every_fact_of_the_item_is_evidence_of_a_known_kind():
    pieces = evidence_for(ARRIVAL, Query(), CATALOG)
    assert {piece.kind for piece in pieces} <= set(EVIDENCE_KINDS)
    assert texts(pieces, "runtime") == ["116 minutes"]
    assert texts(pieces, "year") == ["2016"]
    assert texts(pieces, "keyword") == ["first contact", "slow burn"]


def test_an_item_without_facts_has_no_evidence():
    assert evidence_for(BARE, Query(text="anything", liked=("1",)), CATALOG) == ()


def test_facts_and_price_are_evidence():
    item = Item("9", "Chess", price=9.99, facts={"players": "2", "empty": ""})
    assert texts(own_facts(item), "fact") == ["players: 2"]
    assert texts(own_facts(item), "price") == ["9.99"]


def test_brief_varies_kinds_and_keeps_a_specific_piece():
    picked = brief(evidence_for(ARRIVAL, Query(liked=("2",)), CATALOG), 4)
    assert len(picked) == 4
    assert picked[0].kind == "shared_creator"
    assert len({piece.kind.removeprefix("shared_") for piece in picked}) == 4


def test_brief_replaces_the_last_piece_when_none_is_specific():
    pieces = [Evidence("match", "drama", "your words"), Evidence("genre", "Drama", "catalogue")]
    pieces += [Evidence("year", "2016", "catalogue"), Evidence("keyword", "heist", "catalogue")]
    assert [piece.kind for piece in brief(pieces, 2)] == ["match", "keyword"]


def test_brief_takes_a_description_only_where_little_else_is_specific():
    kinds = [piece.kind for piece in brief(own_facts(ARRIVAL), 4)]
    assert "description" not in kinds
    plain = Item("5", "Game", genres=("Puzzle",), description="Slide tiles to free a cat.")
    assert "description" in [piece.kind for piece in brief(own_facts(plain), 2)]


@pytest.mark.parametrize("n", [0, -1])
def test_brief_of_nothing_is_empty(n):
    assert brief(own_facts(ARRIVAL), n) == ()
    assert brief((), 4) == ()
