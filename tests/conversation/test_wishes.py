"""What of a message is a wish, and what a list goes on from."""

from __future__ import annotations

import time

import pytest

from tests.conversation.toy_films import FILMS, converse, read


def test_a_title_that_the_catalogue_lacks_does_not_break_a_list() -> None:
    turned = read("I loved Arrival, Zorblax Rising and Moon")
    assert turned.state.liked == ("arrival", "moon")
    assert turned.state.near == ("arrival", "moon")
    assert turned.unknown == ("Zorblax Rising",)


def test_a_missing_title_at_the_end_of_a_list_is_reported() -> None:
    turned = read("I loved Arrival, Moon and Zorblax")
    assert turned.state.liked == ("arrival", "moon")
    assert turned.unknown == ("Zorblax",)


def test_a_person_between_titles_is_no_missing_title() -> None:
    assert read("I loved Arrival, Tom Hanks and Moon").unknown == ()


def test_beside_an_item_to_be_like_a_genre_that_is_a_limit_is_no_wish_of_its_own() -> None:
    state = read("like Alien, but as a comedy").state
    assert (state.near, state.constraints.genres_all, state.wish) == (("alien",), ("Comedy",), "")


def test_what_no_limit_says_stays_a_wish_beside_an_item_to_be_like() -> None:
    state = read("like Alien, but a comedy about dentists").state
    assert "dentists" in state.wish


def test_what_next_goes_on_with_the_wish() -> None:
    turned = converse("a comedy", ("shaun", "airplane"), "what next?")
    assert turned.act == "critique"
    assert turned.state.constraints.genres_all == ("Comedy",)
    assert {"shaun", "airplane"} <= turned.state.query(FILMS).seen


def test_what_next_after_seen_films_goes_on_from_them() -> None:
    state = read("I've seen Alien and Jaws, what next?").state
    assert state.near == state.seen == ("alien", "jaws")


def test_a_wish_beside_seen_films_is_not_to_be_like_them() -> None:
    assert read("a comedy, I've seen Alien, what next?").state.near == ()


def test_not_too_long_leaves_no_scrap_in_the_wish() -> None:
    state = read("a detective story, not too long").state
    assert state.wish == "a detective story"
    assert state.constraints.runtime_max is not None


def test_a_dislike_that_is_no_limit_is_reported_and_not_looked_for() -> None:
    turned = read("I don't like gloomy endings, a romance please")
    assert "gloomy" not in turned.state.wish
    assert turned.unknown == ("I don't like gloomy endings",)


def test_anime_is_animation_from_japan() -> None:
    constraints = read("anime").state.constraints
    assert constraints.genres_all == ("Animation",)
    assert constraints.countries_any == ("Japan",)


@pytest.mark.parametrize(
    "word", ["film", "movie", "game", "more", "like", "the", "really", "and", "i", "not", "no"]
)
def test_a_word_said_over_and_over_is_read_at_once(word: str) -> None:
    begun = time.process_time()
    read(f"{word} " * 120)
    assert time.process_time() - begun < 5
