"""The words that a catalogue's texts, keywords and categories are made of, folded.

Knows items only; what users call a genre or a country is in :mod:`chatrec.conversation.vocabulary`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from chatrec.conversation.utterance import fold, split, words_of
from chatrec.data.catalog import Catalog

# What items of a kind are called; in a catalogue of another kind such a word names a category.
_NOUN_TEXT = {
    "film": "film films movie movies filme filmen pelicula peliculas",
    "game": "game games",
    "book": "book books",
    "music": "song songs album albums music",
    "app": "app apps",
    "anime": "anime animes show shows series",
    "place": "place places",
    "product": "product products",
}
NOUNS = {domain: frozenset(text.split()) for domain, text in _NOUN_TEXT.items()}
_EVERYDAY_NAMES = frozenset({"rush", "idle", "rains", "roach", "hurt", "sands", "boon", "diesel"})
LEAST_FIRST = 4  # letters of a first name that tells who is meant
LEAST_CREDITS = 3  # titles of who is meant by it
MOST_OF_ALL = 0.75  # of the credits of all who bear it
CATEGORY_VALUES = 40  # a column with at most so many values tells categories


def all_in(phrase: str, known: frozenset[str]) -> bool:
    """Whether every word of the phrase, or what it may be the plural of, is known."""
    words = words_of(phrase).split()
    return bool(words) and all(not forms_of(word).isdisjoint(known) for word in words)


def forms_of(word: str) -> set[str]:
    """The word and what it may be the plural of."""
    if not word.endswith("s") or word.endswith("ss") or len(word) < 4:
        return {word}
    singulars = {word[:-1], word.removesuffix("es")}
    return {word, *singulars, f"{word[:-3]}y" if word.endswith("ies") else word}


def plural(key: str) -> str:
    """The regular English plural of a folded word."""
    return key[:-1] + "ies" if key.endswith("y") else key + "s"


def by_frequency(values: Iterable[str]) -> tuple[str, ...]:
    """The values without the empty one, each once, most frequent first."""
    counts = Counter(value for value in values if value)
    return tuple(sorted(counts, key=lambda value: (-counts[value], value)))


def telling(people: Mapping[str, int], surnames: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Surnames of somebody with LEAST_CREDITS titles that are no everyday words."""
    return frozenset(
        surname
        for surname, names in surnames.items()
        if people[names[0]] >= LEAST_CREDITS
        and len(surname) >= LEAST_FIRST
        and surname not in _EVERYDAY_NAMES
    )


def by_first_name(credits: Mapping[str, int], titles: Iterable[str]) -> dict[str, tuple[str]]:
    """First names that tell who is meant: "denzel". One person has nearly all credits under it.

    ``credits`` counts each person's titles. A word of a title is none: it may be a character.
    """
    held: dict[str, dict[str, int]] = {}
    for name, count in credits.items():
        first, _, rest = words_of(name).partition(" ")
        if rest and len(first) >= LEAST_FIRST:
            held.setdefault(first, {})[name] = count
    titled = {word for title in titles for word in words_of(title).split()}
    best = {first: max(bearers, key=lambda n: bearers[n]) for first, bearers in held.items()}
    return {
        first: (name,)
        for first, name in best.items()
        if first not in titled
        and held[first][name] >= LEAST_CREDITS
        and held[first][name] >= MOST_OF_ALL * sum(held[first].values())
    }


def by_surname(people: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Names by folded surname, those with most items first; ``people`` counts each one's items."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for name in people:
        parts = words_of(name).split()
        if len(parts) > 1 and len(parts[-1]) > 1:
            grouped[parts[-1]].append(name)
    return {
        surname: tuple(sorted(names, key=lambda name: (-people[name], name)))
        for surname, names in grouped.items()
    }


def text_words(catalog: Catalog) -> frozenset[str]:
    """The words of titles, descriptions, keywords, people and one-word categories."""
    texts = (
        " ".join((i.title, i.description, *i.keywords, *i.creators, *i.cast)) for i in catalog.items
    )
    words = {word.text for text in texts for word in split(fold(text))}
    return frozenset(words | _category_words(catalog))


def theme_ends(catalog: Catalog) -> frozenset[str]:
    """Keywords, what longer ones end with, and categories."""
    ends: set[str] = set()
    for keyword in {keyword for item in catalog.items for keyword in item.keywords}:
        words = words_of(keyword).split()
        ends |= {" ".join(words[at:]) for at in range(len(words))}
    return frozenset(ends | _category_words(catalog))


def _category_words(catalog: Catalog) -> set[str]:
    """The values, of one word, of columns that have few values."""
    values: dict[str, set[str]] = defaultdict(set)
    for item in catalog.items:
        for column, value in item.facts.items():
            values[column].add(words_of(value))
    return {
        value
        for column in values.values()
        if len(column) <= CATEGORY_VALUES
        for value in column
        if value.isalpha()
    }


def plain_words(catalog: Catalog) -> frozenset[str]:
    """The words that descriptions and keywords write without a capital."""
    texts = (f"{item.description} {' '.join(item.keywords)}" for item in catalog.items)
    return frozenset(fold(word) for text in texts for word in re.findall(r"\b[a-z]\w+", text))
