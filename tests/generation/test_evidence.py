import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import brief, evidence_for, own_facts
from chatrec.types import EVIDENCE_KINDS, Constraints, Evidence, Item, Query

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
    assert pieces[0] == Evidence("shared_creator", "Denis Villeneuve | Sicario", "liked")
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


@pytest.mark.parametrize(
    ("query", "tie"),
    [
        (Query(liked=("2",)), "liked"),
        (Query(near=("2",)), "named"),
        (Query(near=("2",), liked=("2",)), "liked"),
        (Query(history=("2",)), "history"),
        (Query(history=("2",), liked=("2",)), "liked"),
    ],
)
def test_a_link_says_what_its_title_is_to_the_user(query, tie):
    links = [p for p in evidence_for(ARRIVAL, query, CATALOG) if p.kind.startswith("shared_")]
    assert links
    assert {link.source for link in links} == {tie}


def asked(query):
    pieces = evidence_for(ARRIVAL, query, CATALOG)
    return [(piece.kind, piece.text) for piece in pieces if piece.source == "your words"]


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("something about a first contact", [("keyword", "first contact")]),
        ("my first film, with no contact", []),
        ("a contact lens first", []),
        ("films by Denis Villeneuve", [("creator", "Denis Villeneuve")]),
        ("anything with Amy Adams in it", [("cast", "Amy Adams")]),
        ("Amy something", []),
        ("sci-fi, please", [("genre", "Sci-Fi")]),
        ("science fiction", [("genre", "Sci-Fi")]),
        ("I like dramas but not sci-fi", [("genre", "Drama")]),
        ("a fi film about a sci", []),
    ],
)
def test_the_wish_asks_for_whole_phrases_only(wish, found):
    assert asked(Query(text=wish)) == found


def test_limits_that_were_read_out_of_the_wish_count_as_asked_for():
    limits = Constraints(
        year_min=2010,
        year_max=2019,
        genres_any=("sci-fi",),
        people_all=("Denis Villeneuve",),
        countries_any=("USA",),
        languages_any=("English",),
        runtime_max=120,
    )
    assert asked(Query(constraints=limits)) == [
        ("creator", "Denis Villeneuve"),
        ("genre", "Sci-Fi"),
        ("country", "USA"),
        ("language", "English"),
        ("year", "2016"),
        ("runtime", "116 minutes"),
    ]


def test_what_is_asked_for_comes_before_links_and_is_said_once():
    pieces = evidence_for(ARRIVAL, Query(text="a slow burn", liked=("2",)), CATALOG)
    assert pieces[0] == Evidence("keyword", "slow burn", "your words")
    assert texts(pieces, "keyword").count("slow burn") == 1


def test_a_fact_that_shares_a_word_with_the_wish_leads_its_kind():
    pieces = evidence_for(ARRIVAL, Query(text="a burn that goes on"), CATALOG)
    assert texts(pieces, "keyword") == ["slow burn", "first contact"]


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


def test_brief_adds_a_specific_piece_when_none_was_picked():
    pieces = [Evidence("year", "2016", "catalogue"), Evidence("genre", "Drama", "catalogue")]
    pieces += [Evidence("keyword", "heist", "catalogue")]
    assert [piece.kind for piece in brief(pieces, 2)] == ["year", "keyword"]


def test_brief_leaves_shared_genres_out_where_something_better_links_the_item():
    pieces = evidence_for(ARRIVAL, Query(liked=("2",)), CATALOG)
    assert texts(pieces, "shared_genre") == ["Drama | Sicario"]
    assert texts(brief(pieces), "shared_genre") == []


def test_brief_begins_with_a_shared_genre_where_nothing_else_links_the_item():
    other = Item("4", "Other", genres=("Drama",))
    pieces = evidence_for(ARRIVAL, Query(liked=("4",)), Catalog([ARRIVAL, other]))
    assert brief(pieces)[0] == Evidence("shared_genre", "Drama | Other", "liked")


def test_brief_keeps_plain_facts_for_when_they_are_asked_for():
    dull = {"language", "country", "year", "runtime", "age_rating"}
    assert not dull & {piece.kind for piece in brief(own_facts(ARRIVAL), 9)}
    query = Query(constraints=Constraints(languages_any=("English",)))
    assert texts(brief(evidence_for(ARRIVAL, query, CATALOG)), "language") == ["English"]


@pytest.mark.parametrize("n", [0, -1])
def test_brief_of_nothing_is_empty(n):
    assert brief(own_facts(ARRIVAL), n) == ()
    assert brief((), 4) == ()


def test_a_reason_is_never_made_from_what_others_chose():
    together = Evidence("together", "Sicario | 3.1", "interactions")
    assert brief((together,)) == ()
    assert together not in brief((together, *own_facts(ARRIVAL)), 50)
