"""Whom a wish is for, where nothing is rated: ages as words, genres named after their readers."""

from __future__ import annotations

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Item
from tests.conversation.toy_films import read, said

APPS = Catalog(
    [
        Item("shapes", "Shapes", genres=("Casual",), description="Dressing up and make-up."),
        Item("cars", "Cars", genres=("Racing",), description="Drive a busy road."),
    ],
    domain="app",
)
ANIME = Catalog(
    [
        Item("a", "Hana", genres=("Josei", "Romance")),
        Item("b", "Ken", genres=("Shounen",)),
        Item("c", "Rika", genres=("Shoujo", "Magic")),
        Item("d", "Pan", genres=("Kids",)),
    ],
    domain="anime",
)


def ask(catalog: Catalog, text: str) -> Turned:
    return Understanding(catalog).read(text, DialogueState())


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        (
            "something to keep a three year old busy on a drive",
            "something to keep a three year old busy on a drive, for kids",
        ),
        ("games for little children", "games for little children"),
        (
            "games for little children, nothing with dressing up or make-up",
            "games for little children",
        ),
        ("puzzles for teenagers", "puzzles for teenagers"),
    ],
)
def test_an_age_stays_a_word_of_the_wish_where_nothing_is_rated(text: str, wish: str) -> None:
    turned = ask(APPS, text)
    assert turned.state.wish == wish
    assert turned.state.constraints.max_age is None
    assert len(turned.unknown) == 1  # that nothing says what suits that age


def test_what_goes_on_a_refusal_with_or_is_refused_too() -> None:
    limits = ask(APPS, "games for kids, nothing with dressing up or make-up").state.constraints
    assert limits.keywords_none == ("dressing up", "make up")
    assert ask(APPS, "no make-up or maybe a little").state.constraints.keywords_none == ("make up",)


def test_a_childrens_genre_stands_for_an_age_where_nothing_is_rated() -> None:
    turned = ask(ANIME, "something for my five year old")
    assert said(turned.state.constraints) == {"genres_any": ("Kids",)}


def test_where_items_are_rated_an_age_is_a_limit() -> None:
    assert read("something for a three year old").state.constraints.max_age == 3


@pytest.mark.parametrize(
    ("text", "genres"),
    [
        ("magic for girls", ("Magic", "Shoujo")),
        ("for boys", ("Shounen",)),
        ("a love story for women", ("Romance", "Josei")),
        ("a story about women", ()),
    ],
)
def test_readers_ask_for_the_genre_named_after_them(text: str, genres: tuple[str, ...]) -> None:
    assert ask(ANIME, text).state.constraints.genres_all == genres


def test_readers_may_be_ruled_out() -> None:
    limits = ask(ANIME, "romance, but not for women").state.constraints
    assert limits.genres_none == ("Josei",)


def test_without_such_a_genre_readers_are_children_or_words() -> None:
    assert read("something for girls").state.constraints.max_age == 7
    assert ask(APPS, "a racing game for women").state.wish == "a racing game for women"
