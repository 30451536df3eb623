"""Titles called by a part of them in a sentence, and everyday words that must not become titles."""

from __future__ import annotations

from datetime import date

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Item

FILMS = Understanding(
    Catalog(
        [
            Item("hot", "Hot Tub Time Machine", 2010),
            Item("girls", "How to Talk to Girls at Parties", 2017),
            Item("pet", "Ace Ventura: Pet Detective", 1994),
            Item("gift", "Exit Through the Gift Shop", 2010),
            Item("wet", "Wet Hot American Summer", 2001),
            Item("awesome", "Awesome", 2006),
            Item("yes", "Yes", 2004),
            Item("we", "W.E.", 2011),
            Item("sure", "The Sure Thing", 1985),
            Item("morning", "Good Morning, Vietnam", 1987),
            Item("york", "New York, New York", 1977),
            Item("white", "White Men Can't Jump", 1992),
        ]
    )
)


def _named(text: str) -> set[str]:
    state = FILMS.read(text, DialogueState(), today=date(2026, 11, 26)).state
    return {*state.liked, *state.disliked, *state.seen, *state.near}


@pytest.mark.parametrize(
    ("text", "item_id"),
    [
        ("I loved Hot Tub", "hot"),
        ("Hot Tub was a good one", "hot"),
        ("I've seen Wet Hot already", "wet"),
        ("something like Exit Through the Gift", "gift"),
        ("we will watch How to Talk to Girls", "girls"),
        ("Pet Detective was pretty funny", "pet"),
        ("I enjoyed White Men", "white"),
    ],
)
def test_title_is_found_by_its_beginning_or_subtitle(text: str, item_id: str) -> None:
    assert _named(text) == {item_id}


@pytest.mark.parametrize(
    "text",
    [
        "Awesome! Something funny please",
        "that is a childhood memory Yes! more please",
        "my kids and I enjoy comedies We have seen many",
        "Hey, sure thing, a comedy please",
        "Good Morning! something funny please",
        "a comedy set in New York",
        "I took a Hot Tub yesterday, now a comedy",
        "how to talk to girls is what I want to learn",
        "White Men in suits, something like that",
    ],
)
def test_everyday_words_are_no_title(text: str) -> None:
    assert not _named(text)


def test_word_said_by_itself_is_a_title_where_it_is_quoted_or_dated() -> None:
    assert _named('I loved "Awesome"') == {"awesome"}
    assert _named("I loved Yes (2004)") == {"yes"}
