"""What a new user said to the built-in films and was misread, by what it is about."""

from __future__ import annotations

from typing import Any

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Item
from tests.conversation.toy_films import NO_VIOLENCE, SHOWN, converse, read, said

KIDS = {"genres_any": ("Animation", "Family"), "max_age": 7}


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("a comedy that is not too scary for my kids", KIDS),
        ("un film pas trop long pour les enfants", KIDS),
        ("Filme ohne Gewalt für die ganze Familie", {"max_age": 10, **NO_VIOLENCE}),
        ("etwas Lustiges für die ganze Familie", {"genres_all": ("Comedy", "Family")}),
        ("no films for kids please", {"genres_none": ("Family",)}),
        ("not suitable for kids", {"genres_none": ("Family",)}),
        ("I don't want anything for children", {"genres_none": ("Family",)}),
        ("ein Horrorfilm, aber nicht für Kinder", {"genres_none": ("Family",)}),
    ],
)
def test_a_refusal_ends_before_those_it_is_for(text: str, limits: dict[str, Any]) -> None:
    found = said(read(text).state.constraints)
    assert {name: value for name, value in found.items() if name in limits} == limits


@pytest.mark.parametrize(
    ("messages", "age"),
    [
        (["a film for my kids, no animation"], 7),
        (["no cartoons for my daughter"], 7),
        (["a film for my kids", "nothing animated", "they are 6 and 9"], 6),
    ],
)
def test_children_get_no_genre_that_was_refused(messages: list[str], age: int) -> None:
    films = Catalog(
        [
            Item("1", "Mary Poppins", 1964, ("Family",), age_rating="G"),
            Item("2", "Toy Story", 1995, ("Animation", "Family"), age_rating="G"),
        ]
    )
    reader, state = Understanding(films), DialogueState()
    for message in messages:
        state = reader.read(message, state).state
    assert said(state.constraints) == {
        "genres_any": ("Family",),
        "genres_none": ("Animation",),
        "max_age": age,
    }


def test_a_nation_before_a_clause_is_where_the_film_is_from() -> None:
    found = said(read("una comedia francesa que no sea larga").state.constraints)
    assert found["countries_any"] == ("France",)
    assert "countries_any" not in said(read("una mujer francesa que huye").state.constraints)


def test_a_surname_is_no_misspelt_title() -> None:
    films = Catalog(
        [
            Item("1", "The Omen", 1976, creators=("Richard Donner",)),
            Item("2", "Fargo", 1996, creators=("Joel Coen", "Ethan Coen")),
        ]
    )
    turned = Understanding(films).read("anything by the Coen brothers", DialogueState())
    assert turned.state.near == ()
    assert {*turned.state.constraints.people_all} <= {"Joel Coen", "Ethan Coen"}
    assert turned.state.constraints.people_all


def test_both_points_at_the_people_named_next() -> None:
    films = Catalog(
        [
            Item("1", "Heat", 1995, cast=("Al Pacino", "Robert De Niro")),
            Item("2", "Alien", 1979, cast=("Sigourney Weaver",)),
        ]
    )
    shown = DialogueState().with_reply("", ("2", "1"))
    turned = Understanding(films).read("both Pacino and De Niro", shown)
    assert turned.act == "recommend"
    assert turned.state.constraints.people_all == ("Al Pacino", "Robert De Niro")


def test_what_is_pointed_at_is_not_said_to_be_a_guess() -> None:
    assert converse("a film", SHOWN, "the third one looks good, more like it").note == ""
    assert "first" in converse("a film", SHOWN, "more like it").note


@pytest.mark.parametrize(
    ("asked", "dropped"),
    [("a French film", "drop the country"), ("a western", "please forget the genre")],
)
def test_a_limit_goes_by_its_name_alone(asked: str, dropped: str) -> None:
    assert said(converse(asked, SHOWN, dropped).state.constraints) == {}


def test_not_so_old_is_newer() -> None:
    newer = converse("a film", SHOWN, "newer").state.constraints
    for text in ("nicht so alt", "not so old", "pas si vieux", "no tan antigua"):
        assert converse("a film", SHOWN, text).state.constraints == newer


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("egal", "smalltalk"),
        ("peu importe", "smalltalk"),
        ("what do you think about Trump?", "out_of_scope"),
        ("what do you think about Titanic?", "ask"),
    ],
)
def test_what_wishes_for_nothing_gets_no_list(text: str, act: str) -> None:
    assert converse("a film", SHOWN, text).act == act
