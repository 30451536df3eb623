import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.fact_words import Fact, columns_of, read_fact, telling_facts
from chatrec.types import Item


@pytest.mark.parametrize(
    ("text", "kind", "label", "value"),
    [
        ("episodes: 26", "count", "episodes", "26 episodes"),
        ("num_pages: 1310", "count", "pages", "1,310 pages"),
        ("pageCount: 310", "count", "pages", "310 pages"),
        ("founded: 1999", "event", "founded", "1999"),
        ("publisher: Ballantine Books", "label", "publisher", "Ballantine Books"),
        ("mean_rating: 8.9 of 10", "rating", "mean rating", "8.9 of 10"),
    ],
)
def test_a_column_is_read_by_its_name_and_value(text, kind, label, value):
    assert read_fact(text) == Fact(kind, label, value)


@pytest.mark.parametrize(
    "text",
    [
        "package: com.example.notes",
        "isbn: 0385506686",
        "lat: -37.829",
        "members: 8347",
        "downloads: 100,000 - 500,000",
        "ratings_count: 812",
        "review_count: 12",
        "release_date: 2001-01-01",
        "image_url: http://example.org/a.png",
        "is_free: True",
        "multiplayer: Yes",
        "hours: 20",
        "weight: 3.5",
        "episodes: 1",
        "type: ",
        "short_desc: Keep your notes in one place and share them",
        "made_in: Italy",
        "published: Tor",
        "note: Great!! ★★★",
        "rating: 8.9",
    ],
)
def test_what_no_person_would_say_is_left_unsaid(text):
    assert read_fact(text) is None


def catalog(*facts, domain="app"):
    return Catalog(
        [Item(str(n), f"Thing {n}", facts=given) for n, given in enumerate(facts)], domain=domain
    )


def told(things, number):
    return list(telling_facts(things.items[number], columns_of(things)))


def test_a_good_rating_is_told_with_its_scale_and_a_poor_one_not_at_all():
    things = catalog({"rating": "4.6"}, {"rating": "3.1"}, {"rating": "4.0"})
    assert told(things, 0) == ["rating: 4.6 of 5"]
    assert told(things, 1) == []
    tens = catalog({"mean_rating": "8.93"}, {"mean_rating": "2.0"}, {"mean_rating": "7.0"})
    assert told(tens, 0) == ["mean_rating: 8.9 of 10"]
    assert list(telling_facts(tens.items[0])) == []


def test_a_rating_names_its_raters_where_a_column_counts_them():
    rated = {"rating": "4.6", "rating_count": "120000"}
    things = catalog(rated, {"rating": "4.4", "rating_count": "3"}, {"rating": "4.0"})
    assert told(things, 0) == ["rating: 4.6 of 5 by 120,000"]
    assert told(things, 1) == []


def test_a_value_that_most_items_share_is_no_news():
    things = catalog(*[{"shop": "Main"}] * 3, {"shop": "Side"})
    assert told(things, 0) == []
    assert told(things, 3) == ["shop: Side"]


def test_what_the_title_or_a_field_says_is_not_said_again():
    item = Item("1", "Notes Special", creators=("Tor",), facts={"type": "Special", "maker": "TOR"})
    assert list(telling_facts(item)) == []
