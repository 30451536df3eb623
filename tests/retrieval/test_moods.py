"""Words for a mood find the keywords that say the same."""

from __future__ import annotations

import pytest

from chatrec.data.catalog import Catalog
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.retrieval.moods import Moods
from chatrec.types import Item, Query

ITEMS = Catalog(
    [
        Item("weepy", "Ash", keywords=("tearjerker",), description="A farewell."),
        Item("clown", "Big Top", keywords=("circus",), description="A sad clown works."),
        Item("bloody", "Red", keywords=("stylized violence", "revenge"), description="A duel."),
        Item("calm", "Lake", keywords=("gentle",), description="A summer of nonviolence."),
    ]
)


def _found(text: str) -> list[str]:
    return [c.item_id for c in LexicalRetriever(ITEMS).retrieve(Query(text=text), 4)]


@pytest.mark.parametrize(
    "text", ["something sad", "un film triste", "ein trauriger Film", "悲伤的电影"]
)
def test_a_sad_film_may_be_called_a_tearjerker(text: str) -> None:
    assert "weepy" in _found(text)


def test_the_word_itself_still_counts() -> None:
    assert set(_found("something sad")) == {"weepy", "clown"}


def test_violent_means_violence_in_keywords_and_nothing_gentle() -> None:
    assert _found("something violent") == ["bloody"]
    assert _found("something cute") == ["calm"]


def test_keywords_are_those_of_the_catalogue() -> None:
    moods = Moods(ITEMS)
    assert moods.keywords("sad") == ("tearjerker",)
    assert moods.keywords("violent") == ("stylized violence",)
    assert moods.keywords("circus") == ()


def test_a_wish_is_spelt_out_only_where_it_names_a_mood() -> None:
    moods = Moods(ITEMS)
    assert moods.spelt_out("something sad", ["sad"], 4) == "something sad (tearjerker)"
    assert moods.spelt_out("a circus", ["circus"], 4) == "a circus"
    assert Moods(Catalog([Item("a", "A")])).spelt_out("sad", ["sad"], 4) == "sad"
