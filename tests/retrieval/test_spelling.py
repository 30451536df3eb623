"""Misspelt words, and wishes that the catalogue has few words of."""

from __future__ import annotations

import pytest

from chatrec.data.catalog import Catalog
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.retrieval.spelling import LEAST_ITEMS
from chatrec.types import Constraints, Item, Query

FORECAST = tuple(
    Item(f"f{n}", f"Skies {n}", description="The weather forecast and a translation.")
    for n in range(LEAST_ITEMS)
)
OTHERS = (
    Item("rare", "Rare", description="One bellwether walks ahead of a flock."),
    Item("work", "After Work", description="Drinks with colleagues."),
    Item("calm", "Calm", description="Gentle waves to unwind."),
    *(Item(f"o{n}", f"Other {n}", description="Numbers and sums.") for n in range(20)),
)
LEXICAL = LexicalRetriever(Catalog((*FORECAST, *OTHERS)))
OF_FORECAST = {item.item_id for item in FORECAST}


def found(text: str, limits: Constraints | None = None) -> set[str]:
    query = Query(text=text, constraints=Constraints() if limits is None else limits)
    return {candidate.item_id for candidate in LEXICAL.retrieve(query, 50)}


@pytest.mark.parametrize(
    "misspelt",
    ["wether", "forcast", "forceast", "wheather", "tranzaltion", "forcasts"],
)
def test_a_misspelt_word_finds_what_the_meant_one_finds(misspelt):
    assert found(misspelt) == OF_FORECAST


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("eather", "another first letter"),
        ("fast", "too short"),
        ("farcost", "two slips in a short word"),
        ("belwether", "too few items have the likely word"),
        ("forcast2", "not a word"),
    ],
)
def test_a_word_without_a_likely_meaning_finds_nothing(word, why):
    assert found(word) == set(), why


def test_a_known_word_is_taken_as_it_is():
    assert found("bellwether") == {"rare"}


def test_what_meets_a_small_part_of_a_wish_is_left_out():
    assert found("weather and drinks with colleagues and gentle waves") == {"work", "calm"}
    assert found("weather") == OF_FORECAST


def test_words_that_no_item_has_weaken_the_others_and_do_not_silence_a_rare_one():
    assert found("quiero algunas bellwether") == {"rare"}
    assert found("xylophone zeppelin zoology quagmire sums") == set()


def test_words_that_tell_nothing_of_an_item_are_not_looked_for():
    assert found("to unwind after meals") == {"calm"}
