"""A text in all languages of the conversation, one string a language."""

from __future__ import annotations

from chatrec.conversation.lexicon import LANGUAGES, Language

Row = tuple[str, str, str, str, str]  # in the order of LANGUAGES: en, de, fr, es, zh


def in_language(row: Row, language: Language) -> str:
    """A row's text in the language.

    >>> in_language(("Year", "Jahr", "Année", "Año", "年份"), "de")
    'Jahr'
    """
    return row[LANGUAGES.index(language)]
