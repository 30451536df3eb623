"""Makes wishes in a person's words out of a catalogue, each with the items that fulfil it.

Knows items only. The styles are those that people use: genre with decade, person, country, moods
and themes, "like X but Y", plot fragment, refusal, attribute combination, and misspelt ones.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.types import Item

TRIES = 50
MISSPELT_SHARE = 0.1
FRAGMENT_WORDS = (5, 9)

_ASKS = (
    "{0}",
    "I want {0}",
    "something with {0}",
    "looking for {0}",
    "any {0}?",
    "recommend me {0}",
    "in the mood for {0}",
    "show me {0} please",
    "what about {0}",
    "do you know {0}",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """``text`` as typed; ``targets`` the indexes that fulfil it, ``named`` what it is like."""

    text: str
    targets: tuple[int, ...]
    named: tuple[int, ...] = ()


Test = Callable[[Item], bool]
Parts = tuple[str, Test, tuple[int, ...]]  # the words, what fulfils them, and the items they name
Style = Callable[[Catalog, int, random.Random], Parts | None]


def sample_wish(catalog: Catalog, rng: random.Random) -> Wish:
    """A wish that at least one item fulfils, starting from a random item of the catalogue.

    Raises RequestError where the items have nothing to wish for (no genre, year, person, word).
    """
    for _ in range(TRIES):
        index = rng.randrange(len(catalog))
        style = rng.choice(STYLES)
        parts = style(catalog, index, rng)
        if parts is None:
            continue
        words, test, named = parts
        targets = tuple(i for i, item in enumerate(catalog.items) if i not in named and test(item))
        if targets:
            return Wish(asked_for(words, rng), targets, named)
    raise RequestError(
        "no wish could be made from the catalogue: its items have no genres, years, people, "
        "keywords or descriptions; import a catalogue with at least one of these columns"
    )


def asked_for(words: str, rng: random.Random) -> str:
    """A message that asks for what the words say; a MISSPELT_SHARE of them has a slip."""
    text = rng.choice(_ASKS).format(words)
    return misspell(text, rng) if rng.random() < MISSPELT_SHARE else text


def _genre_decade(catalog: Catalog, index: int, rng: random.Random) -> Parts | None:
    item = catalog.items[index]
    if not item.genres or item.year is None:
        return None
    genre, decade = rng.choice(item.genres), item.year // 10 * 10
    words = rng.choice([f"{genre.lower()} from the {decade}s", f"a {decade}s {genre.lower()}"])
    return (
        words,
        lambda o: genre in o.genres and o.year is not None and o.year // 10 * 10 == decade,
        (),
    )


def _genres(catalog: Catalog, index: int, rng: random.Random) -> Parts | None:
    item = catalog.items[index]
    if not item.genres:
        return None
    chosen = rng.sample(item.genres, min(len(item.genres), rng.choice((1, 2))))
    return " ".join(g.lower() for g in chosen), lambda o: set(chosen) <= set(o.genres), ()


def _refusal(catalog: Catalog, index: int, rng: random.Random) -> Parts | None:
    item = catalog.items[index]
    others = sorted(all_genres(catalog) - set(item.genres))
    if not item.genres or not others:
        return None
    genre, refused = rng.choice(item.genres), rng.choice(others)
    words = rng.choice(
        [f"{genre.lower()}, no {refused.lower()}", f"{genre.lower()} but not {refused.lower()}"]
    )
    return words, lambda o: genre in o.genres and refused not in o.genres, ()


def _person(catalog: Catalog, index: int, rng: random.Random) -> Parts | None:
    item = catalog.items[index]
    people = item.creators + item.cast
    if not people:
        return None
    name = rng.choice(people)
    role = "with" if name in item.cast else "by"
    words = rng.choice([f"{role} {name}", name])
    return words, lambda o: name in o.creators or name in o.cast, ()


def _place(catalog: Catalog, index: int, rng: random.Random) -> Parts | None:
    item = catalog.items[index]
    if not item.countries:
        return None
    country = rng.choice(item.countries)
    if item.genres and rng.random() < 0.6:
        genre = rng.choice(item.genres)
        return (
            f"{genre.lower()} from {country}",
            lambda o: country in o.countries and genre in o.genres,
            (),
        )
    return f"from {country}", lambda o: country in o.countries, ()


def _themes(catalog: Catalog, index: int, rng: random.Random) -> Parts | None:
    item = catalog.items[index]
    if not item.keywords:
        return None
    first = rng.choice(item.keywords)
    others = [word for word in item.keywords if word != first]
    if others and rng.random() < 0.5:
        second = rng.choice(others)
        return f"{first}, {second}", lambda o: o is item or {first, second} <= set(o.keywords), ()
    return first, lambda o: first in o.keywords, ()


def _plot(catalog: Catalog, index: int, rng: random.Random) -> Parts | None:
    item = catalog.items[index]
    words = item.description.rstrip(".").split()
    size = rng.randint(*FRAGMENT_WORDS)
    if len(words) < size:
        return None
    start = rng.randrange(len(words) - size + 1)
    return f"the one where {' '.join(words[start : start + size]).lower()}", lambda o: o is item, ()


def like_but(catalog: Catalog, index: int, rng: random.Random) -> Parts | None:
    """Like another item of two genres in common, with a further genre where there is one.

    The one style that names an item.
    """
    item = catalog.items[index]
    kin = [
        i
        for i, other in enumerate(catalog.items)
        if i != index and len(set(other.genres) & set(item.genres)) >= 2
    ]
    if not kin:
        return None
    anchor = rng.choice(kin)
    base = catalog.items[anchor]
    extra = sorted(set(item.genres) - set(base.genres))
    shared = set(item.genres) & set(base.genres)
    if extra:
        more = rng.choice(extra)
        words = rng.choice(
            [f"like {base.title} but more {more.lower()}", f"{base.title} with {more.lower()}"]
        )
        return words, lambda o: more in o.genres and len(shared & set(o.genres)) >= 2, (anchor,)
    return f"like {base.title}", lambda o: set(item.genres) <= set(o.genres), (anchor,)


STYLES: tuple[Style, ...] = (
    _genre_decade,
    _genres,
    _refusal,
    _person,
    _place,
    _themes,
    _themes,  # as often as two others
    _plot,
    like_but,
)


@lru_cache(maxsize=8)
def all_genres(catalog: Catalog) -> frozenset[str]:
    """Every genre that an item of the catalogue has."""
    return frozenset(genre for item in catalog for genre in item.genres)


def misspell(text: str, rng: random.Random) -> str:
    """The text with one letter dropped, doubled or swapped with the next."""
    if len(text) < 4:
        return text
    at = rng.randrange(1, len(text) - 2)
    edits: Sequence[str] = (
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    )
    return rng.choice(edits)
