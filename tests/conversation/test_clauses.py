"""Clauses about what must not happen, "only one", and what is all that somebody likes."""

from __future__ import annotations

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Item
from tests.conversation.toy_films import SHOWN, converse, read

OLD = Catalog(
    [
        Item("dust", "Dust", genres=("Western",), keywords=("black and white", "revenge")),
        Item("tap", "Tap Shoes", genres=("Musical",), keywords=("black and white",)),
        Item("neon", "Neon", genres=("Musical",), keywords=("dancing",)),
        Item("hush", "Hush", genres=("Comedy",)),
    ]
)


def talk(*messages: str) -> Turned:
    state = DialogueState()
    for message in messages:
        turned = Understanding(OLD).read(message, state)
        state = turned.state
    return turned


@pytest.mark.parametrize(
    ("text", "wish", "unknown"),
    [
        ("movies where the dog doesn't die", "", "where the dog doesn't die"),
        ("a comedy in which nobody dies", "a comedy", "in which nobody dies"),
        ("a heist film that doesn't end badly", "a heist film", "that doesn't end badly"),
        ("love stories that don't end in marriage", "love stories", "that don't end in marriage"),
        ("a heist, as long as nobody gets hurt", "a heist", "as long as nobody gets hurt"),
        (
            "a heist film where the thief isn't caught and it rains",
            "a heist film and it rains",
            "where the thief isn't caught",
        ),
    ],
)
def test_a_negated_clause_about_the_items_is_no_wish_and_is_reported(
    text: str, wish: str, unknown: str
) -> None:
    turned = read(text)
    assert (turned.state.wish, turned.unknown) == (wish, (unknown,))
    assert turned.act == "recommend"


@pytest.mark.parametrize(
    "text",
    [
        "the one where the dog doesn't die",
        "a film about a boy that doesn't age",
        "soldiers that don't come home",
        "a story of a town where nobody sleeps",
    ],
)
def test_a_negated_clause_of_a_story_stays_a_wish(text: str) -> None:
    assert read(text).state.wish == text


def test_what_a_clause_rules_out_by_name_is_ruled_out() -> None:
    turned = read("a thriller that isn't a horror film")
    assert turned.state.constraints.genres_none == ("Horror",)
    turned = read("a thriller that doesn't have zombies")
    assert turned.state.constraints.keywords_none == ("zombies",)
    assert (turned.state.wish, turned.unknown) == ("a thriller", ())


def test_of_tools_anything_may_be_said_to_be_not_so() -> None:
    apps = Catalog([Item("1", "Wave", description="A browser.")], domain="app")
    turned = Understanding(apps).read("a browser that doesn't track me", DialogueState())
    assert (turned.state.wish, turned.unknown) == ("a browser", ("that doesn't track me",))


@pytest.mark.parametrize(
    ("text", "count"),
    [("only one", 1), ("just two please", 2), ("ok, only one of them", 1)],
)
def test_a_number_alone_after_a_list_asks_for_so_many_of_the_same_wish(
    text: str, count: int
) -> None:
    turned = converse("a thriller", SHOWN, text)
    assert (turned.act, turned.count, turned.state.wish) == ("recommend", count, "a thriller")
    assert turned.state.constraints.genres_all == ("Thriller",)
    assert turned.state.shown == ()  # the best may be of that list
    assert converse("a thriller", SHOWN, text, "undo").state.shown == SHOWN


def test_a_number_alone_without_a_list_asks_for_nothing() -> None:
    assert read("only one").act == "smalltalk"


def test_one_with_a_person_is_no_number_alone() -> None:
    turned = converse("a thriller", SHOWN, "only one with Tom Hanks")
    assert turned.state.constraints.people_all == ("Tom Hanks",)
    assert turned.state.shown == SHOWN


def test_what_is_all_somebody_likes_stays_in_later_wishes() -> None:
    turned = talk("I only like black and white films", "a musical", "actually a western")
    assert turned.state.wish == "black and white, a western"
    assert turned.state.constraints.genres_all == ("Western",)


@pytest.mark.parametrize("text", ["I like black and white films", "I only like dusty films"])
def test_only_a_keyword_that_is_all_somebody_likes_stays(text: str) -> None:
    turned = talk(text, "a musical")
    assert turned.state.always == ()


@pytest.mark.parametrize("text", ["no black and white", "reset"])
def test_what_was_all_somebody_liked_can_be_taken_back(text: str) -> None:
    turned = talk("only black and white please", text, "a musical")
    assert turned.state.wish == "a musical"


def test_what_is_all_somebody_likes_survives_being_stored() -> None:
    state = talk("we only watch black and white movies").state
    assert state.always == ("black and white",)
    assert DialogueState.from_dict(state.to_dict()) == state


def test_a_limit_that_is_all_somebody_watches_outlives_the_wish() -> None:
    state = converse("I only watch French films", "a comedy", "actually a thriller").state
    assert state.constraints.countries_any == ("France",)
    assert converse("French films", "a comedy", "actually a thriller").state.constraints == (
        converse("a thriller").state.constraints
    )
