"""Finds the facts of an item that a wish asks for by name: whole phrases, never lone fragments.

Knows items and queries; knows nothing about sentences. Limits that the conversation has read out
of the wish (people, genres, years, countries, languages, length) count as asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatrec.generation.vocabulary import GENRE_ALIASES
from chatrec.generation.words import STOP_WORDS, fold, stem, words_of
from chatrec.prompting import domain_words
from chatrec.types import Constraints, Item, Query

ASKED_PER_KIND = 2
MIN_LETTERS = 4  # of a keyword that is one word

_NEGATION = re.compile(
    r"\b(?:no|not|without|less|never|avoid|except|nothing|hate|dislike)\b|n['’]t\b", re.I
)
_CLAUSE = re.compile(r"[.,;!?]|\b(?:but|and yet|rather)\b", re.I)


def asked_facts(item: Item, query: Query) -> list[tuple[str, str]]:
    """Kind and text of the item's facts that the wish names, people first; at most two a kind.

    A keyword or genre counts where all its words stand together in the wish, outside of what a
    negation governs; a year only where the wish limits the years.
    """
    limits = query.constraints
    clauses = [[stem(word) for word in words_of(clause)] for clause in positive(query.text)]
    people = (*limits.people_all, *limits.people_any)
    found = [("creator", n) for n in item.creators if _named(n, people, clauses)]
    found += [("cast", n) for n in item.cast if _named(n, people, clauses)]
    found += [("keyword", word) for word in item.keywords if _says(word, clauses)]
    found += [
        ("genre", genre)
        for genre in item.genres
        if _named(genre, (*limits.genres_all, *limits.genres_any), clauses)
        or _alias(genre, clauses)
    ]
    found += [("country", name) for name in item.countries if _among(name, limits.countries_any)]
    if item.language and _among(item.language, limits.languages_any):
        found.append(("language", item.language))
    if item.year is not None and (limits.year_min is not None or limits.year_max is not None):
        found.append(("year", str(item.year)))
    if item.runtime_min is not None and _length_asked(limits):
        found.append(("runtime", f"{item.runtime_min} minutes"))
    return list(_few(found))


def wished_stems(wish: str) -> frozenset[str]:
    """Stems of the content words of ``wish``, without what a negation governs."""
    words = (word for clause in positive(wish) for word in words_of(clause))
    return frozenset(stem(word) for word in words if len(word) > 2 and word not in STOP_WORDS)


def without_noun(wish: str, domain: str) -> str:
    """``wish`` without the domain's noun where that is a genre elsewhere: "a sports anime"."""
    noun = domain_words(domain)["noun"]
    if fold(noun) not in GENRE_ALIASES:
        return wish
    return " ".join(re.sub(rf"\b{re.escape(noun)}s?\b", " ", wish, flags=re.I).split())


def wished_words(wish: str) -> frozenset[str]:
    """The words of ``wish`` as they are said, without stop words and what a negation governs."""
    words = (word for clause in positive(wish) for word in words_of(clause))
    return frozenset(word for word in words if word not in STOP_WORDS)


def positive(wish: str) -> list[str]:
    """The clauses of ``wish``, each up to its first negation."""
    return [_NEGATION.split(clause)[0] for clause in _CLAUSE.split(wish)]


def _length_asked(limits: Constraints) -> bool:
    return limits.runtime_min is not None or limits.runtime_max is not None


def _few(found: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    counts: dict[str, int] = {}
    for kind, text in dict.fromkeys(found):
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= ASKED_PER_KIND:
            yield kind, text


def _among(name: str, names: Sequence[str]) -> bool:
    return fold(name) in {fold(other) for other in names}


def _named(name: str, names: Sequence[str], clauses: Sequence[Sequence[str]]) -> bool:
    return _among(name, names) or _says(name, clauses)


def _alias(genre: str, clauses: Sequence[Sequence[str]]) -> bool:
    meant = GENRE_ALIASES.get(fold(genre), fold(genre))
    return any(_says(other, clauses) for other, of in GENRE_ALIASES.items() if of == meant)


def _says(phrase: str, clauses: Sequence[Sequence[str]]) -> bool:
    """Whether the words of ``phrase`` stand together, in order, in one clause."""
    words = words_of(phrase)
    if not words or all(word in STOP_WORDS for word in words):
        return False
    if len(words) == 1 and len(words[0]) < MIN_LETTERS:
        return False
    key = [stem(word) for word in words]
    return any(
        clause[start : start + len(key)] == key
        for clause in clauses
        for start in range(len(clause) - len(key) + 1)
    )
