"""Messages of people who talk: of themselves, of exceptions, of what not to show, of whom not."""

from __future__ import annotations

from typing import Any

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Item
from tests.conversation.toy_films import SHOWN, TODAY, converse, read, said

TOWNS = Understanding(
    Catalog(
        [
            Item("chicago", "Chicago", 2002, ("Musical",)),
            Item("casablanca", "Casablanca", 1942, ("Drama",)),
            Item("rocky", "Rocky", 1976, ("Drama",)),
            Item("amelie", "Amélie", 2001, ("Comedy",)),
            Item("scary", "Scary Movie", 2000, ("Comedy",)),
            Item("heat", "Heat", 1995, ("Crime",)),
        ]
    )
)


def named(text: str) -> set[str]:
    """The items that a message about the catalogue of towns names in any way."""
    state = TOWNS.read(text, DialogueState(), today=TODAY).state
    return {*state.liked, *state.disliked, *state.seen, *state.near}


@pytest.mark.parametrize(
    "text",
    [
        "Hello, my name is Amelie and I want a comedy",
        "I'm Rocky, and I want a comedy",
        "my dog is called Rocky. Something with dogs?",
        "my son Rocky wants something with cars",
        "I live in Chicago and friends are visiting",
        "I'm from Casablanca, any films about my city?",
        "we're going to Casablanca next week",
        "something set in Chicago",
        "I was in Chicago last week",
        "Scary movies are okay for the big one",
    ],
)
def test_names_and_places_of_somebodys_life_are_no_titles(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    ("text", "item_id"),
    [
        ("my favourite film is called Rocky", "rocky"),
        ("something like Chicago", "chicago"),
        ("Casablanca is wonderful", "casablanca"),
        ("I loved the songs in Chicago", "chicago"),
        ("Scary Movie is okay", "scary"),
        ("something like Scary Movies", "scary"),
    ],
)
def test_titles_that_are_also_names_stay_titles_elsewhere(text: str, item_id: str) -> None:
    assert named(text) == {item_id}


@pytest.mark.parametrize(
    "text",
    [
        "don't show me Titanic",
        "please don't suggest Titanic again",
        "stop recommending Titanic",
        "never recommend me Titanic",
        "I'd rather die than watch Titanic",
        "the titanic is very sad i not want",
        "Titanic fand ich langweilig",
    ],
)
def test_what_is_not_to_be_shown_is_no_wish(text: str) -> None:
    state = read(text).state
    assert (state.disliked, state.near) == (("titanic",), ())


def test_asking_why_it_is_not_suggested_refuses_nothing() -> None:
    assert read("why don't you recommend Titanic?").state.disliked == ()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("no musicals, except for Titanic", "liked"),
        ("I hate romance except Titanic", "liked"),
        ("nothing before 1990 except Jaws", "liked"),
        ("I haven't seen any of these apart from Jaws", "seen"),
        ("anything except Titanic", "disliked"),
        ("I'm not picky, anything but Titanic", "disliked"),
        ("I like everything except Titanic", "disliked"),
    ],
)
def test_an_exception_to_a_refusal_is_no_refusal(text: str, verdict: str) -> None:
    state = read(text).state
    item_id = "jaws" if "Jaws" in text else "titanic"
    assert {v: getattr(state, v) for v in ("liked", "disliked", "seen")} == {
        v: (item_id,) if v == verdict else () for v in ("liked", "disliked", "seen")
    }


def test_an_item_that_nothing_is_to_be_like_is_not_what_it_should_be_like() -> None:
    state = read("my ex loved Titanic so definitely nothing like that").state
    assert (state.disliked, state.near) == (("titanic",), ())


@pytest.mark.parametrize(
    "text",
    [
        "Tom Cruise is not my thing",
        "Tom Cruise isn't for me",
        "Tom Cruise is so overrated",
        "Tom Cruise annoys me",
        "Ich mag keine Filme mit Tom Cruise",
        "Ich mag Tom Cruise nicht",
        "No me gustan las películas con Tom Cruise",
        "Seen everything by Tom Cruise, something similar but not with him",
        "I know all of Tom Cruise, not him again",
    ],
)
def test_people_who_are_not_liked_are_refused(text: str) -> None:
    assert said(read(text).state.constraints) == {"people_none": ("Tom Cruise",)}


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("something with Tom Hanks", {"people_all": ("Tom Hanks",)}),
        ("Tom Hanks is great, anything with him?", {"people_all": ("Tom Hanks",)}),
        ("films with Tom Hanks that are not boring", {"people_all": ("Tom Hanks",)}),
    ],
)
def test_people_who_are_wanted_stay_wanted(text: str, limits: dict[str, Any]) -> None:
    kept = said(read(text).state.constraints)
    assert {n: v for n, v in kept.items() if n.startswith("people")} == limits


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("I'm not a robot", {}),
        ("I'm not a teenager any more", {}),
        ("this year I want something new to me", {}),
        ("something from this year", {"year_min": 2026}),
        ("I don't want another zombies film", {"keywords_none": ("zombies",)}),
        ("not another zombies film please", {"keywords_none": ("zombies",)}),
        ("no more zombies", {"keywords_none": ("zombies",)}),
        ("I'm not a horror fan", {"genres_none": ("Horror",)}),
        ("I'm tired of war films", {"genres_none": ("War",)}),
        ("the best movie of the year I was born, 1998", {"year_min": 1998, "year_max": 1998}),
    ],
)
def test_limits_are_those_that_somebody_set(text: str, limits: dict[str, Any]) -> None:
    assert said(read(text).state.constraints) == limits


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("for my two kids, 5 and 8", 5),
        ("my kids are 9, 7 and 5", 5),
        ("my son is 7, 90 minutes at most", 7),
        ("für meine Kinder (6 und 9)", 6),
        ("etwas mit meinen Kindern, sie sind 6 und 9", 6),
        ("para mis hijos de 5 y 8 años", 5),
        ("pour mes enfants, 4 et 7 ans", 4),
    ],
)
def test_the_ages_of_several_children_in_a_row(text: str, age: int) -> None:
    assert read(text).state.constraints.max_age == age


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The last film I saw was Parasite", {"seen": ("parasite",)}),
        ("Heat bored me, Jaws too", {"disliked": ("heat", "jaws")}),
        ("I loved Heat. Parasite too", {"liked": ("heat", "parasite")}),
        ("Amélie, j'ai adoré", {"liked": ("amelie",)}),
        ("Alien fand ich super", {"liked": ("alien",)}),
        ("J'ai vu Amélie hier. Un autre dans le même genre?", {"near": ("amelie",)}),
    ],
)
def test_verdicts_beside_a_title(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    state = read(text).state
    assert {name: getattr(state, name) for name in expected} == expected


def test_the_last_film_that_somebody_saw_is_not_the_last_of_the_list() -> None:
    turned = converse(SHOWN, "the last film I saw was Parasite")
    assert (turned.state.seen, turned.note) == (("parasite",), "")


def test_a_title_of_the_list_before_its_verdict() -> None:
    shown = ("heat", "jaws", "moon", "titanic")
    assert converse(shown, "Heat kenne ich schon. Gibt es was Neueres?").state.seen == ("heat",)
    assert converse(shown, "Heat waves make me tired").state.seen == ()


def test_a_question_after_a_word_of_hesitation_is_a_question() -> None:
    assert converse(("heat",), "hmm who's in it").act == "ask"


def test_a_greeting_of_the_young_is_english() -> None:
    turned = read("yo gimme smth sick")
    assert turned.language == "en"


def test_blame_of_a_person_is_no_blame_of_the_film_talked_of() -> None:
    state = converse(("topgun",), "Tom Cruise isn't really my thing").state
    assert state.disliked == ()
    assert said(state.constraints) == {"people_none": ("Tom Cruise",)}


def test_who_was_refused_may_come_again() -> None:
    turned = converse(
        "films like those of Hayao Miyazaki, not by him", "his own films are fine too"
    )
    assert said(turned.state.constraints) == {}


def test_a_question_that_goes_on_asking_judges_nothing() -> None:
    shown = ("heat", "jaws", "parasite")
    asked = converse(shown, "my brother hates Heat. Is it long?", "and Parasite?")
    assert "parasite" not in asked.state.disliked


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Titanic no, por favor", ("disliked", "titanic")),
        ("Amélie non merci", ("disliked", "amelie")),
        ("Parasite they have all seen", ("seen", "parasite")),
    ],
)
def test_a_verdict_after_the_title(text: str, verdicts: tuple[str, str]) -> None:
    state = read(text).state
    assert getattr(state, verdicts[0]) == (verdicts[1],)


def test_places_of_a_list_in_german() -> None:
    turned = converse(SHOWN, "den ersten kenne ich, den zweiten auch")
    assert turned.state.seen == ("alien", "shaun")


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("no no no. I want to laugh", {"genres_all": ("Comedy",)}),
        ("I hate zombies", {"keywords_none": ("zombies",)}),
        ("I've had enough of zombies", {"keywords_none": ("zombies",)}),
        ("stop suggesting zombies", {"keywords_none": ("zombies",)}),
        ("I hate mondays", {}),
        ("I hate waiting", {}),
        ("je déteste les comédies musicales", {"genres_none": ("Musical",)}),
    ],
)
def test_refusals_in_other_words(text: str, limits: dict[str, Any]) -> None:
    assert said(read(text).state.constraints) == limits


@pytest.mark.parametrize(
    "text", ["the last one with Tom Cruise was boring", "films with Tom Cruise that are not boring"]
)
def test_blame_of_a_film_is_no_blame_of_its_people(text: str) -> None:
    assert converse(SHOWN, text).state.constraints.people_none == ()


WARS = Understanding(
    Catalog(
        [
            Item("war", "The War", 1994, ("Drama", "War")),
            Item("love", "Romance", 1999, ("Drama", "Romance")),
            Item("heat", "Heat", 1995, ("Crime",)),
        ]
    )
)


@pytest.mark.parametrize("text", ["no war", "no war, no romance", "No war please", "and no war."])
def test_genre_refused_is_no_title_of_the_last_list(text: str) -> None:
    shown = DialogueState().with_reply("", ("war", "love", "heat"))
    state = WARS.read(text, shown, today=TODAY).state
    assert "War" in state.constraints.genres_none
    assert state.disliked == ()


def test_title_of_the_last_list_is_judged_after_a_no() -> None:
    shown = DialogueState().with_reply("", ("war", "heat"))
    assert WARS.read("no, heat was boring", shown, today=TODAY).state.disliked == ("heat",)
