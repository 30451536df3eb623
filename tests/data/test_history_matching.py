"""Rows of uploaded histories become items, or are counted as what they are."""

from __future__ import annotations

import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.history_files import read_history
from chatrec.data.history_matching import MatchedHistory, match_history, verdicts
from chatrec.data.titles import TitleIndex
from chatrec.types import Item

ITEMS = Catalog(
    [
        Item("alien", "Alien", 1979, creators=("Ridley Scott",)),
        Item("aliens", "Aliens", 1986, creators=("James Cameron",)),
        Item("dune84", "Dune", 1984, creators=("David Lynch",)),
        Item("dune21", "Dune", 2021, creators=("Denis Villeneuve",)),
        Item("mi6", "Mission: Impossible - Fallout", 2018),
        Item("dark", "Dark", 2017),
        Item("budapest", "The Grand Budapest Hotel", 2014),
        Item("lotr", "The Lord of the Rings: The Fellowship of the Ring", 2001),
        Item("77", "Emma", 2020, creators=("Autumn de Wilde",)),
    ]
)
TITLES = TitleIndex(ITEMS)


def match(text: str) -> MatchedHistory:
    return match_history(read_history(text.encode()), ITEMS, TITLES)


def test_title_and_year_tell_items_apart() -> None:
    found = match("title,year\nDune,2021\nDune,1984\nALIEN,1979\nDune,2020\n")
    assert {met.item_id for met in found.met} == {"dune21", "dune84", "alien"}
    assert found.matched == 4  # a year may be one off


def test_a_title_without_a_year_that_two_items_have_is_ambiguous() -> None:
    found = match("title\nDune\nAlien\n")
    assert (found.matched, found.ambiguous, found.unmatched) == (1, 1, 0)
    assert found.ambiguous_examples == ("Dune",)


def test_another_years_film_and_another_makers_book_are_not_taken() -> None:
    assert match("title,year\nAlien,2003\nDark,2017\n").ids() == ("dark",)
    found = match("title,author\nEmma,Jane Austen\nAlien,Ridley Scott\n")
    assert (found.ids(), found.examples) == (("alien",), ("Emma",))


def test_one_letter_more_is_another_film() -> None:
    short = Catalog([item for item in ITEMS if item.item_id != "aliens"])
    file = read_history(b"title,year\nAliens,1986\nAlienz,1979\n")
    found = match_history(file, short, TitleIndex(short))
    assert (found.ids(), found.examples) == (("alien",), ("Aliens (1986)",))


def test_a_misspelt_long_title_is_found_and_an_unknown_one_counted() -> None:
    found = match("title\nThe Grand Budapst Hotel\nNo Such Film At All\n")
    assert (found.ids(), found.unmatched, found.examples) == (
        ("budapest",),
        1,
        ("No Such Film At All",),
    )


def test_episodes_are_their_show_once_and_colons_of_a_title_stay() -> None:
    found = match(
        'Title,Date\n"Dark: Season 1: Lies",1/2/20\n"Dark: Season 1: Secrets",1/1/20\n'
        '"Mission: Impossible - Fallout",1/3/20\n'
    )
    assert found.ids() == ("dark", "mi6")
    assert (found.rows, found.matched, found.source) == (3, 3, "Netflix")


def test_ids_of_the_catalogue_are_taken_as_they_are() -> None:
    found = match("userId,movieId,rating,timestamp\n1,77,4,9\n1,99,3,8\n")
    assert (found.ids(), found.examples) == (("77",), ("99",))


def test_items_stand_oldest_first_and_once_with_their_latest_rating() -> None:
    found = match(
        "Date,Name,Year,Letterboxd URI,Rating\n2024-01-03,Alien,1979,u,2\n"
        "2024-01-02,Dark,2017,u,5\n2024-01-01,Alien,1979,u,5\n"
    )
    assert [(m.item_id, m.rating) for m in found.met] == [("dark", 5.0), ("alien", 2.0)]


def test_a_part_of_a_title_needs_its_year() -> None:
    assert match("title,year\nThe Lord of the Rings,2001\n").ids() == ("lotr",)
    assert match("title\nThe Lord of the Rings\nDark\n").ids() == ("dark",)


@pytest.mark.parametrize(
    ("ratings", "scale", "expected"),
    [
        ([5, 4, 3, 2, 1], (1, 5), "liked liked seen disliked disliked"),
        ([5, 5, 5], (0.5, 5), "liked liked liked"),
        ([4, 4], (0.5, 5), "liked liked"),
        ([3, 3], (1, 5), "seen seen"),
        ([5, 5, 5, 4], (1, 5), "liked liked liked seen"),  # low for them, but above the middle
        ([1, 1, 1, 2.5], (0.5, 5), "disliked disliked disliked seen"),
        ([None, 9, 2], (1, 10), "seen liked disliked"),
    ],
)
def test_ratings_are_read_against_the_persons_own_mean(
    ratings: list[float | None], scale: tuple[float, float], expected: str
) -> None:
    assert verdicts(ratings, scale) == expected.split()


def test_time_played_praises_and_never_blames() -> None:
    assert verdicts([6000, 60, 0], (0, 6000), hours=True) == ["liked", "seen", "seen"]
    found = match("name,playtime_forever\nAlien,9000\nDark,1\n")
    assert (found.ids("liked"), found.ids("disliked"), found.mean) == (("alien",), (), None)


def test_counts_add_up() -> None:
    found = match("title\nDune\nAlien\nNothing Of The Kind\nAliens\n")
    assert found.matched + found.unmatched + found.ambiguous == found.rows == 4
