"""Themes that another language names, searched in English."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatrec.conversation.lexicon import Language
from chatrec.conversation.state import DialogueState
from chatrec.conversation.theme_words import THEMES, with_themes
from chatrec.data.catalog import builtin_films

WISHES: list[tuple[Language, str, str]] = [
    ("de", "etwas über Rache und Verrat", "revenge, betrayal"),
    ("de", "ein Märchen mit Drachen", "dragons, fairy tale"),
    ("fr", "une évasion de prison", "escape"),
    ("fr", "un voyage dans le temps", "time travel"),
    ("es", "hechos reales de la guerra fría", "cold war, based on true events"),
    ("zh", "外星人和太空", "space, aliens"),
]


@pytest.mark.parametrize(("language", "wish", "themes"), WISHES)
def test_a_theme_is_searched_in_english_and_told_as_it_was_said(
    language: Language, wish: str, themes: str
) -> None:
    state = replace(DialogueState(), wish=wish, language=language)
    assert state.query().text == f"{wish} ({themes})"
    assert state.wish == wish


@pytest.mark.parametrize(
    "wish", ["ich liebe den Humor darin", "eine Schachpartie", "la camarera", "un tournant", "马"]
)
def test_other_words_are_no_themes(wish: str) -> None:
    assert with_themes(wish) == wish


def test_an_english_wish_stays_as_it_is() -> None:
    assert replace(DialogueState(), wish="el amor brujo").query().text == "el amor brujo"


def test_most_themes_are_words_of_the_catalogue() -> None:
    known = {keyword for film in builtin_films() for keyword in film.keywords}
    assert sum(theme in known for theme in THEMES) >= 0.6 * len(THEMES)
