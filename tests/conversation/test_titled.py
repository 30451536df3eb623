"""Years and lengths relative to a title, over a small film catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Item
from tests.conversation.toy_films import TODAY, converse, read, said

RELATIVE: list[tuple[str, dict[str, Any]]] = [
    ("something made before Alien", {"year_max": 1978}),
    ("older than Alien", {"year_max": 1978}),
    ("released after The Matrix", {"year_min": 2000}),
    ("newer than The Matrix", {"year_min": 2000}),
    ("a thriller from before Heat", {"genres_all": ("Thriller",), "year_max": 1994}),
    ("the same year as Volver", {"year_min": 2006, "year_max": 2006}),
    ("from the same decade as Jaws", {"year_min": 1970, "year_max": 1979}),
    ("shorter than Titanic", {"runtime_max": 193}),
    ("longer than Heat", {"runtime_min": 171}),
    (
        "what did Spielberg make before Saving Private Ryan",
        {"people_all": ("Steven Spielberg",), "year_max": 1997},
    ),
    (
        "before Spielberg did Saving Private Ryan",
        {"people_all": ("Steven Spielberg",), "year_max": 1997},
    ),
    ("vor Alien", {"year_max": 1978}),
    ("after 2010", {"year_min": 2011}),
]


@pytest.mark.parametrize(("text", "limits"), RELATIVE)
def test_titles_set_years_and_lengths(text: str, limits: dict[str, Any]) -> None:
    state = read(text).state
    assert said(state.constraints) == limits
    assert state.near == ()


@pytest.mark.parametrize("text", ["what should I watch after Alien?", "something like Alien"])
def test_what_goes_with_a_title_is_no_year(text: str) -> None:
    state = read(text).state
    assert (state.near, said(state.constraints)) == (("alien",), {})


def test_his_films_before_a_title_are_of_the_person_named_before() -> None:
    state = converse("films by Spielberg", ("ryan",), "and before he did Jaws?").state
    assert said(state.constraints) == {"people_all": ("Steven Spielberg",), "year_max": 1974}


def test_a_title_of_several_films_is_that_of_the_person_asked_for() -> None:
    films = Catalog(
        [
            Item("lynch", "Dune", 1984, creators=("David Lynch",)),
            Item("part2", "Dune: Part Two", 2024, creators=("Denis Villeneuve",)),
            Item("arrival", "Arrival", 2016, creators=("Denis Villeneuve",)),
        ]
    )
    reader = Understanding(films)
    state = reader.read("hello", converse("hello").state, today=TODAY).state
    asked = reader.read("what did Villeneuve make before Dune?", state, today=TODAY).state
    assert asked.constraints.year_max == 2023
    assert reader.read("made before Dune", state, today=TODAY).state.constraints.year_max == 1983


def test_a_title_without_a_year_sets_no_limit_and_it_says_so() -> None:
    turned = read("older than Blank Reel")
    assert said(turned.state.constraints) == {}
    assert turned.unknown == ("older than Blank Reel",)


@pytest.mark.parametrize(
    "title", ["Airplane!", "What's Up, Doc?", "When Harry Met Sally...", "Heat"]
)
@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("{} is one of my favourites", "liked"),
        ("{} was boring", "disliked"),
        ("I have seen {} already", "seen"),
        ("I loved {}", "liked"),
    ],
)
def test_a_title_that_ends_in_a_mark_ends_no_sentence(title: str, words: str, held: str) -> None:
    films = [Item("a", title, 1980, ("Comedy",)), Item("b", "Big", 1988, ("Comedy",))]
    reader = Understanding(Catalog(films))
    state = reader.read("a comedy from the 1980s", DialogueState()).state
    read = reader.read(words.format(title), state.with_reply("Here.", ["b"])).state
    assert getattr(read, held) == ("a",)
    assert read.constraints == state.constraints


def test_a_number_within_a_title_points_at_no_item_of_the_list() -> None:
    films = [
        Item("a", "Mesrine: Public Enemy #1 (L'ennemi public n°1)", 2008),
        Item("b", "Big", 1988, ("Comedy",)),
    ]
    shown = DialogueState().with_reply("Here.", ["b"])
    said = "Mesrine: Public Enemy #1 is one of my favourites"
    assert Understanding(Catalog(films)).read(said, shown).state.liked == ("a",)


def test_an_abbreviation_within_a_title_ends_no_sentence() -> None:
    films = [Item("a", "Sunset Blvd. (a.k.a. Sunset Boulevard)", 1950), Item("b", "Big", 1988)]
    reader = Understanding(Catalog(films))
    state = reader.read("something from the 1980s", DialogueState()).state
    read = reader.read("Sunset Blvd. is one of my favourites", state).state
    assert (read.liked, read.constraints) == (("a",), state.constraints)
