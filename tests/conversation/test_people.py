"""People asked for, ruled out or meant by a pronoun, over a small film catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from chatrec.data.constraints import allowed
from tests.conversation.toy_films import FILMS, converse, read, said

EITHER = ("Tom Hanks", "Meg Ryan")
PEOPLE: list[tuple[str, dict[str, Any]]] = [
    ("something with Tom Hanks or Meg Ryan", {"people_any": EITHER}),
    ("with Tom Hanks or with Meg Ryan", {"people_any": EITHER}),
    ("starring either Tom Hanks or Meg Ryan", {"people_any": EITHER}),
    ("mit Tom Hanks oder Meg Ryan", {"people_any": EITHER}),
    ("with Tom Hanks, Meg Ryan or Al Pacino", {"people_any": (*EITHER, "Al Pacino")}),
    ("by Hitchcock or Miyazaki", {"people_any": ("Alfred Hitchcock", "Hayao Miyazaki")}),
    ("with Tom Hanks and Meg Ryan", {"people_all": EITHER}),
    ("by Hitchcock and Miyazaki", {"people_any": ("Alfred Hitchcock", "Hayao Miyazaki")}),
    ("no Tom Hanks or Meg Ryan", {"people_none": EITHER}),
    ("neither Tom Hanks nor Meg Ryan", {"people_none": EITHER}),
    ("I like Tom Hanks and Meg Ryan", {}),
    ("in the style of Hitchcock or Miyazaki", {}),
    ("what did Spielberg make", {"people_all": ("Steven Spielberg",)}),
    ("ein Drama, aber nicht mit Tom Hanks", {"genres_all": ("Drama",), "people_none": EITHER[:1]}),
    ("something by her", {}),
]


@pytest.mark.parametrize(("text", "limits"), PEOPLE)
def test_people_are_limits_as_said(text: str, limits: dict[str, Any]) -> None:
    assert said(read(text).state.constraints) == limits


def test_either_of_two_people_is_enough_and_neither_is_not() -> None:
    limits = read("with Al Pacino or Meg Ryan").state.constraints
    assert {i.item_id for i in FILMS if allowed(i, limits)} == {"when", "mail", "heat"}


def test_people_that_no_item_has_together_are_alternatives_and_it_says_so() -> None:
    turned = converse("with Tom Hanks", ("toy",), "and Al Pacino")
    assert turned.state.constraints.people_any == ("Tom Hanks", "Al Pacino")
    assert "Tom Hanks & Al Pacino" in turned.note


def test_the_people_named_last_replace_earlier_ones() -> None:
    state = converse("with Tom Hanks or Meg Ryan", ("toy",), "something with Al Pacino").state
    assert (state.constraints.people_all, state.constraints.people_any) == (("Al Pacino",), ())
    assert converse("with Al Pacino", ("heat",), "with Tom Hanks or Meg Ryan").state.filters()[
        0
    ].label == ("with Tom Hanks or Meg Ryan")


PRONOUNS: list[tuple[tuple[str | tuple[str, ...], ...], tuple[str, ...]]] = [
    (("films by Spielberg", ("jaws",), "what else did he make?"), ("Steven Spielberg",)),
    (("I like Hitchcock", ("heat",), "something by him"), ("Alfred Hitchcock",)),
    (("a thriller", ("heat",), "who directed it?", "his other films"), ("Michael Mann",)),
    (("a thriller", ("heat",), "who plays in it?", "what else did he do?"), ("Al Pacino",)),
    (("a thriller", ("heat",), "what else did he make?"), ()),
]


@pytest.mark.parametrize(("turns", "people"), PRONOUNS)
def test_a_pronoun_means_who_was_named_before(
    turns: tuple[str | tuple[str, ...], ...], people: tuple[str, ...]
) -> None:
    assert converse(*turns).state.constraints.people_all == people


def test_the_work_of_somebody_new_starts_a_new_wish() -> None:
    turned = converse("a crime film, no horror", ("heat",), "who directed it?", "his other films")
    limits = {"people_all": ("Michael Mann",), "genres_none": ("Horror",)}
    assert said(turned.state.constraints) == limits
    assert turned.renewed


def test_words_about_people_who_are_no_longer_asked_for_leave_the_wish() -> None:
    turns = ("a funny film by Spielberg", ("jaws",), "for a rainy day", ("toy",), "with Al Pacino")
    wish = converse(*turns).state.wish
    assert "Spielberg" not in wish
    assert "rainy day" in wish
