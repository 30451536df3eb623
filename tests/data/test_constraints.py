"""Hard constraints: each kind alone, unknown values, and age ratings."""

from __future__ import annotations

import pytest

from chatrec.data.constraints import age_of, allowed
from chatrec.types import Constraints, Item

FILM = Item(
    "1",
    "Train to Busan",
    2016,
    genres=("Horror", "Science Fiction"),
    creators=("Yeon Sang-ho",),
    cast=("Gong Yoo",),
    countries=("South Korea",),
    language="Korean",
    runtime_min=118,
    age_rating="R",
    keywords=("zombie",),
    price=9.99,
)
BARE = Item("2", "Bare")


@pytest.mark.parametrize(
    "constraints",
    [
        Constraints(),
        Constraints(year_min=2016, year_max=2016),
        Constraints(genres_all=("horror", "Sci-Fi")),
        Constraints(genres_any=("Comedy", "HORROR")),
        Constraints(people_all=("gong yoo", "Yeon")),
        Constraints(countries_any=("Korea",), languages_any=("korean",)),
        Constraints(runtime_max=118, price_max=9.99, max_age=17),
        Constraints(keywords_none=("war",)),
        Constraints(ratings_any=("PG-13", "r")),
    ],
)
def test_allowed_keeps_an_item_within_the_limits(constraints: Constraints) -> None:
    assert allowed(FILM, constraints)


@pytest.mark.parametrize(
    "constraints",
    [
        Constraints(ratings_any=("PG", "PG-13")),
        Constraints(year_min=2017),
        Constraints(year_max=2015),
        Constraints(genres_all=("Horror", "Comedy")),
        Constraints(genres_any=("Comedy",)),
        Constraints(genres_none=("sci fi",)),
        Constraints(people_all=("Gong Yoo", "Bong Joon-ho")),
        Constraints(people_none=("GONG YOO",)),
        Constraints(countries_any=("USA",)),
        Constraints(countries_none=("south korea",)),
        Constraints(languages_none=("Korean",)),
        Constraints(runtime_min=119),
        Constraints(runtime_max=117),
        Constraints(price_max=9.98),
        Constraints(max_age=16),
        Constraints(keywords_none=("Zombies",)),
    ],
)
def test_allowed_refuses_an_item_beyond_a_limit(constraints: Constraints) -> None:
    assert not allowed(FILM, constraints)


@pytest.mark.parametrize(
    ("constraints", "kept"),
    [
        (Constraints(year_min=1900), False),
        (Constraints(runtime_max=500), False),
        (Constraints(max_age=99), False),
        (Constraints(languages_any=("English",)), False),
        (Constraints(languages_none=("English",), genres_none=("War",)), True),
        (Constraints(people_none=("Gong Yoo",), keywords_none=("war",)), True),
    ],
)
def test_unknown_values_break_only_what_asks_for_one(constraints: Constraints, kept: bool) -> None:
    assert allowed(BARE, constraints) is kept


def test_people_match_whole_words_only() -> None:
    item = Item("1", "A", creators=("Ridley Scott",))
    assert allowed(item, Constraints(people_all=("Scott",)))
    assert not allowed(item, Constraints(people_all=("Scot",)))


@pytest.mark.parametrize(
    ("rating", "age"),
    [
        ("G", 0),
        ("Approved", 8),
        ("Passed", 8),
        ("pg-13", 13),
        ("Rated R", 17),
        ("NC-17", 18),
        ("TV-14", 14),
        ("TV-Y7", 7),
        ("E10+", 10),
        ("Teen", 13),
        ("PEGI 16", 16),
        ("12+", 12),
        ("18", 18),
        ("R - 17+ (violence & profanity)", 17),
        ("Not Rated", None),
        ("Unrated", None),
        ("", None),
        ("2016 film", None),
    ],
)
def test_age_of_known_ratings(rating: str, age: int | None) -> None:
    assert age_of(rating) == age
