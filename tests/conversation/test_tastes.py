"""Genres and people that are only told of weigh as words; those asked for are limits."""

from __future__ import annotations

import pytest

from chatrec.types import Constraints
from tests.conversation.toy_films import converse, read

TOLD = [
    "I usually like comedies",
    "I like to watch horror and action movies",
    "I'm a big fan of horror",
    "It was a comedy about two brothers",
    "Horror is my favorite",
    "My kids love comedies",
]
ASKED = [
    ("comedy", "Comedy"),
    ("a film that is a comedy", "Comedy"),
    ("I'd like a comedy", "Comedy"),
    ("I only like comedies", "Comedy"),
    ("I want to watch a comedy", "Comedy"),
    ("I loved Alien. Any good comedies?", "Comedy"),
    ("I saw Alien and would like a comedy now", "Comedy"),
    ("can you recommend a comedy?", "Comedy"),
    ("a film for my wife, she likes comedies", "Comedy"),
]


@pytest.mark.parametrize("text", TOLD)
def test_a_genre_that_is_told_of_rules_nothing_out_and_stays_a_word_of_the_wish(text: str) -> None:
    state = read(text).state
    assert state.constraints == Constraints()
    assert any(word in state.wish.lower() for word in ("comed", "horror"))


@pytest.mark.parametrize(("text", "genre"), ASKED)
def test_a_genre_that_is_asked_for_is_a_limit(text: str, genre: str) -> None:
    assert read(text).state.constraints.genres_all == (genre,)


def test_somebody_told_of_is_no_limit_and_somebody_asked_for_is() -> None:
    assert read("I like Tom Hanks, he is funny").state.constraints.people_all == ()
    assert read("It is about a cop with Tom Hanks").state.constraints.people_all == ()
    assert read("something with Tom Hanks").state.constraints.people_all == ("Tom Hanks",)


def test_a_taste_lasts_beside_the_next_request_and_takes_the_place_of_another_genre() -> None:
    assert converse("I love horror", "something slow").state.wish == "I love horror, something slow"
    other = converse("a comedy", "I love horror").state
    assert (other.constraints.genres_all, other.wish) == ((), "I love horror")


def test_a_year_told_of_a_film_is_no_limit_and_one_asked_for_is() -> None:
    assert read("it came out in the 90s and I saw it in 1999").state.constraints == Constraints()
    assert read("I saw Alien. Something from the 90s?").state.constraints.year_min == 1990
    assert read("I love films from the 90s").state.constraints.year_min == 1990


def test_live_action_is_no_genre() -> None:
    assert read("a live action film").state.constraints.genres_all == ()


@pytest.mark.parametrize(
    ("told", "years"),
    [
        ("it was made in the eigthies", (1980, 1989)),
        ("It came out in 1985, I think.", (1985, 1985)),
        ("it was released in the 90s please", (1990, 1999)),
    ],
)
def test_a_year_that_is_all_that_is_said_is_that_of_what_is_sought(told, years):
    limits = read(told).state.constraints
    assert (limits.year_min, limits.year_max) == years
    of_a_title = read("have you seen Alien?").state
    assert read(told, of_a_title).state.constraints == Constraints()
