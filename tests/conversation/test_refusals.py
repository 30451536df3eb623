"""What a message rules out, in films and in a catalogue of another kind."""

from __future__ import annotations

from typing import Any

import pytest

from chatrec.conversation.lexicon import THEMES
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import allowed
from chatrec.types import Item
from tests.conversation.toy_films import converse, read, said

NO_USA = {"countries_none": ("USA",)}
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("without Americans", NO_USA),
    ("nothing American", NO_USA),
    ("leave out the Americans", NO_USA),
    ("nothing from the USA", NO_USA),
    ("nichts Amerikanisches", NO_USA),
    ("excluding Japan", {"countries_none": ("Japan",)}),
    ("no Japan or France", {"countries_none": ("Japan", "France")}),
    ("nothing from the UK or Spain", {"countries_none": ("UK", "Spain")}),
    ("not zombies", {"keywords_none": ("zombies",)}),
    ("a drama but not grief", {"genres_all": ("Drama",), "keywords_none": ("grief",)}),
    ("nothing about clones", {"keywords_none": ("clones",)}),
    ("no zombies or clones", {"keywords_none": ("zombies", "clones")}),
    ("not ii", {"keywords_none": ("ii",)}),
    ("films about Americans in Paris", {}),
    ("I'm not sure", {}),
    ("no idea, a comedy", {"genres_all": ("Comedy",)}),
]


@pytest.mark.parametrize(("text", "limits"), REFUSED)
def test_refusals_become_limits(text: str, limits: dict[str, Any]) -> None:
    assert said(read(text).state.constraints) == limits


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("not sad", "sad mood"),
        ("nothing too dark", "dark mood"),
        ("too slow", "slow pace"),
        ("less weird", "strange mood"),
        ("nicht so traurig", "sad mood"),
        ("moins sombre", "dark mood"),
    ],
)
def test_a_mood_can_be_ruled_out(text: str, mood: str) -> None:
    state = read(text).state
    assert said(state.constraints) == {"keywords_none": THEMES[mood][1]}
    assert state.wish == ""


@pytest.mark.parametrize("text", ["something sad", "a slow film", "a dark place"])
def test_a_mood_that_is_wanted_limits_nothing(text: str) -> None:
    state = read(text).state
    assert said(state.constraints) == {}
    assert state.wish == text


def test_a_continent_is_all_its_countries() -> None:
    limits = read("nothing from Europe").state.constraints
    assert {"UK", "France", "Germany", "Spain"} <= set(limits.countries_none)
    assert "USA" not in limits.countries_none


@pytest.mark.parametrize(
    "text", ["not black and white", "a drama, not boring", "with happy ending"]
)
def test_what_cannot_be_ruled_out_is_reported_and_leaves_the_wish(text: str) -> None:
    turned = read(text)
    assert len(turned.unknown) == 1
    assert turned.unknown[0] in text
    assert turned.unknown[0] not in turned.state.wish


def test_a_name_that_only_texts_mention_is_refused_with_a_note() -> None:
    turned = read("a comedy, nothing about Zombies")
    assert "Zombies" in turned.note
    assert "Zombies" not in read("a comedy, nothing about zombies").note


APPS = Catalog(
    [
        Item("chess", "Chess", genres=("Brain",), description="The classic game of kings."),
        Item("maps", "Maps", genres=("Travel",), creators=("Google Inc.",), description="Ways."),
        Item("plus", "Google+", genres=("Social",), description="Friends and their news."),
        Item("tune", "Tuner", genres=("Music",), facts={"type": "Movie"}, description="A tuner."),
    ],
    domain="app",
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no games", {"maps", "plus", "tune"}),
        ("something free but not a game", {"maps", "plus", "tune"}),
        ("nothing social", {"chess", "maps", "tune"}),
        ("nothing from Google", {"chess", "plus", "tune"}),
        ("no movies", {"chess", "maps", "plus"}),
        ("no apps please", {"chess", "maps", "plus", "tune"}),
    ],
)
def test_categories_are_refused_in_a_catalogue_of_another_kind(text: str, left: set[str]) -> None:
    limits = Understanding(APPS).read(text, DialogueState()).state.constraints
    assert {item.item_id for item in APPS if allowed(item, limits)} == left


def test_allowing_what_is_wished_for_changes_nothing() -> None:
    state = converse("something scary", ("alien",), "ok horror is fine").state
    assert state.constraints.genres_all == ("Horror",)
    assert converse("no horror", ("heat",), "horror is fine").state.filters() == ()


def test_many_countries_share_one_removable_chip() -> None:
    state = read("nothing from Europe").state
    (chip,) = state.filters()
    assert chip.label.startswith("not from UK or")
    assert state.without(chip.name, chip.value).filters() == ()
    assert [chip.label for chip in read("no Japan or France").state.filters()] == [
        "not from Japan",
        "not from France",
    ]
