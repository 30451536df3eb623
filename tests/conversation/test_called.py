"""Pointing at an item without its whole title: "not that", "more like this", "not Ali"."""

from __future__ import annotations

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Item
from tests.conversation.toy_films import SHOWN, converse, read

NAMESAKES = Catalog(
    [
        Item("bout", "Ali: The Bout", 2001, creators=("Michael Mann",), cast=("Will Smith",)),
        Item("light", "Moonlight", 2016, creators=("Barry Jenkins",), cast=("Mahershala Ali",)),
        Item(
            "undead", "Zombies of the Sea", 1990, keywords=("zombies",), description="zombies rise"
        ),
    ]
)
READER = Understanding(NAMESAKES)


@pytest.mark.parametrize(
    "text", ["not that", "not that one", "pas ça", "nicht das", "das nicht", "eso no", "不要这个"]
)
def test_not_that_is_the_first_of_the_list(text: str) -> None:
    turned = converse("a film", SHOWN, text)
    assert turned.act == "feedback"
    assert turned.state.disliked == ("alien",)
    assert turned.unknown == ()


def test_not_that_is_what_was_talked_of() -> None:
    assert converse("a film", SHOWN, "who directed the third?", "not that").state.disliked == (
        "jaws",
    )


def test_more_like_this_takes_the_first_and_says_so() -> None:
    turned = converse("a film", SHOWN, "more like this")
    assert turned.state.near == ("alien",)
    assert "the first, Alien" in turned.note


def test_more_like_this_takes_what_was_talked_of_silently() -> None:
    turned = converse("a film", SHOWN, "who directed the third?", "more like this")
    assert turned.state.near == ("jaws",)
    assert "the first" not in turned.note


def test_more_like_this_without_a_list_asks_for_a_title() -> None:
    turned = read("more like this")
    assert turned.act == "smalltalk"
    assert "Tell me a title" in turned.note


@pytest.mark.parametrize("text", ["not Ali", "I hated Ali", "Ali was boring"])
def test_a_shown_title_wins_over_a_surname(text: str) -> None:
    state = READER.read(text, DialogueState().with_reply("", ("bout", "light"))).state
    assert state.disliked == ("bout",)
    assert state.constraints.people_none == ()


def test_a_surname_is_a_person_where_no_such_title_was_shown() -> None:
    state = READER.read("not Ali", DialogueState().with_reply("", ("light",))).state
    assert state.constraints.people_none == ("Mahershala Ali",)


def test_a_theme_is_not_taken_for_the_title_that_has_it() -> None:
    state = READER.read("no zombies", DialogueState().with_reply("", ("undead",))).state
    assert state.disliked == ()
    assert state.constraints.keywords_none == ("zombies",)


def test_a_title_that_nobody_bears_is_reported_though_an_actor_has_the_name() -> None:
    assert READER.read("a film like Ali", DialogueState()).unknown == ("Ali",)


def test_both_of_us_are_no_items() -> None:
    assert converse("a film", SHOWN, "we both hate musicals").act == "recommend"


def test_comparing_one_item_compares_the_list() -> None:
    turned = converse("a film", SHOWN, "who directed the first?", "which one is the shortest?")
    assert turned.focus == SHOWN
