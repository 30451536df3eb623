"""Whether an item keeps to hard constraints. It ranks nothing and reads no files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial

from chatrec.data.fact_limits import keeps_to
from chatrec.data.title_words import plain_letters
from chatrec.types import Constraints, Item, Query

Test = Callable[[Item], bool]

_AGES = {
    # US films
    "g": 0, "pg": 8, "gp": 8, "approved": 8, "passed": 8, "pg-13": 13, "m/pg": 8,
    "r": 17, "nc-17": 18, "x": 18, "rx": 18, "r+": 17,
    # US television
    "tv-y": 0, "tv-g": 0, "tv-y7": 7, "tv-y7-fv": 7, "tv-pg": 8, "tv-14": 14, "tv-ma": 17,
    # ESRB (games)
    "ec": 3, "k-a": 6, "e": 6, "e10+": 10, "e10": 10, "t": 13, "m": 17, "ao": 18,
    "early childhood": 3, "everyone": 6, "everyone 10+": 10, "teen": 13, "mature": 17,
    "mature 17+": 17, "adults only": 18, "adults only 18+": 18,
    # plain words
    "u": 0, "all": 0, "all ages": 0,
}  # fmt: skip
_PLAIN_AGE = re.compile(r"(?:pegi|usk|fsk|ages?|esrb)?\s*(\d{1,2})\s*(?:\+|a|and (?:up|over))?")
_PLURAL = re.compile(r"(?<=\w\w)(?:ies|ie|y)$|(?<=ch|sh|ss)es$|(?<=x)es$|(?<=\w\w[^s\W])s$")
_SPLIT = re.compile(r"[,;|/]")
_SAME = {
    "scifi": "science fiction", "sci fi": "science fiction", "sf": "science fiction",
    "us": "usa", "u s": "usa", "u s a": "usa", "united states": "usa", "america": "usa",
    "united states of america": "usa", "great britain": "uk", "britain": "uk",
    "united kingdom": "uk", "england": "uk", "korea": "south korea", "republic of korea":
    "south korea", "en": "english", "fr": "french", "de": "german", "es": "spanish",
    "it": "italian", "ja": "japanese", "ko": "korean", "zh": "chinese", "mandarin": "chinese",
    "cantonese": "chinese", "children s": "children", "kids": "children", "romcom":
    "romantic comedy", "rom com": "romantic comedy", "animated": "animation", "cartoon":
    "animation", "musicals": "musical", "biopic": "biography", "docu": "documentary",
}  # fmt: skip


def allowed(item: Item, constraints: Constraints) -> bool:
    """True if the item breaks none of the constraints.

    An unknown year, runtime, price, genre, person, country, language or age breaks a constraint
    that asks for one, and keeps to one that only refuses some. People match by whole words
    (``Villeneuve`` finds Denis Villeneuve). Refused keywords are looked for in keywords, genres
    and description, and as the whole value of a fact, singular or plural.
    """
    return all(keeps(item) for keeps in _tests(constraints))


def permitted(items: Iterable[Item], query: Query) -> Iterator[Item]:
    """Those of the items that the query's limits allow and that it doesn't rule out as seen."""
    tests = _tests(query.constraints)
    return (
        item
        for item in items
        if item.item_id not in query.seen and all(keeps(item) for keeps in tests)
    )


@lru_cache(maxsize=256)
def _tests(c: Constraints) -> tuple[Test, ...]:
    """A test for each limit that is set, so that whole catalogues are read once and quickly."""
    tests: list[Test] = []
    if not (c.year_min is None and c.year_max is None):
        tests.append(lambda item: _within(item.year, c.year_min, c.year_max))
    if not (c.runtime_min is None and c.runtime_max is None):
        tests.append(lambda item: _within(item.runtime_min, c.runtime_min, c.runtime_max))
    if c.price_max is not None:
        tests.append(lambda item: _within(item.price, None, c.price_max))
    if c.max_age is not None:
        tests.append(partial(_old_enough, max_age=c.max_age))
    if c.ratings_any:
        ratings = _forms(c.ratings_any)
        tests.append(lambda item: comparable(item.age_rating) in ratings)
    tests += _fit(lambda item: item.genres, c.genres_all, c.genres_any, c.genres_none)
    tests += _fit(lambda item: item.countries, (), c.countries_any, c.countries_none)
    tests += _fit(_languages, (), c.languages_any, c.languages_none)
    if c.people_all or c.people_any or c.people_none:
        tests.append(lambda item: _people_fit(item, c))
    if c.keywords_none:
        refused = [f" {_singular(comparable(keyword)).strip()} " for keyword in c.keywords_none]
        tests.append(lambda item: not _mentions(item, refused))
    tests += [partial(keeps_to, written=limit) for limit in c.facts]
    return tuple(tests)


def age_of(rating: str) -> int | None:
    """The youngest age in years that an age rating is meant for; None if unrated or unknown.

    >>> age_of("PG-13"), age_of("TV-MA"), age_of("PEGI 12"), age_of("16+"), age_of("Not Rated")
    (13, 17, 12, 16, None)
    """
    text = rating.strip().casefold()
    for form in (text, text.removeprefix("rated "), text.split(" - ")[0].strip()):
        if form in _AGES:
            return _AGES[form]
        plain = _PLAIN_AGE.fullmatch(form)
        if plain is not None:
            return int(plain[1])
    return None


@lru_cache(maxsize=65536)
def comparable(text: str) -> str:
    """The form in which names are compared: no case, accents or punctuation, one spelling.

    >>> comparable("Sci-Fi"), comparable("Science Fiction"), comparable("Pedro Almodóvar")
    ('science fiction', 'science fiction', 'pedro almodovar')
    """
    plain = re.sub(r"[\W_]+", " ", plain_letters(text)).strip()
    return _SAME.get(plain, plain)


def _within(value: float | None, low: float | None, high: float | None) -> bool:
    if value is None:
        return False
    return (low is None or value >= low) and (high is None or value <= high)


def _old_enough(item: Item, max_age: int) -> bool:
    age = age_of(item.age_rating)
    return age is not None and age <= max_age


def _forms(values: Iterable[str]) -> set[str]:
    return {comparable(value) for value in values}


def _fit(
    values_of: Callable[[Item], Iterable[str]],
    every: Sequence[str],
    some: Sequence[str],
    none: Sequence[str],
) -> list[Test]:
    """That an item has every one of these values, some of those, and none of the last."""
    wanted, either, refused = _forms(every), _forms(some), _forms(none)

    def fits(item: Item) -> bool:
        forms = _forms(values_of(item))
        return (
            wanted <= forms
            and (not either or not forms.isdisjoint(either))
            and forms.isdisjoint(refused)
        )

    return [fits] if wanted or either or refused else []


def _languages(item: Item) -> list[str]:
    return _SPLIT.split(item.language) if item.language else []


def _people_fit(item: Item, c: Constraints) -> bool:
    names = [f" {comparable(name)} " for name in (*item.creators, *item.cast)]

    def credited(person: str) -> bool:
        return any(f" {comparable(person)} " in name for name in names)

    return (
        all(map(credited, c.people_all))
        and (not c.people_any or any(map(credited, c.people_any)))
        and not any(map(credited, c.people_none))
    )


def _mentions(item: Item, refused: Sequence[str]) -> bool:
    facts = (value for value in item.facts.values() if value.isalpha())
    text = " | ".join(comparable(part) for part in (*item.keywords, *item.genres, *facts))
    words = _singular(f"{text} | {comparable(item.description)}")
    return any(keyword in words for keyword in refused)


def _singular(text: str) -> str:
    """Each word without a plural ending, between single spaces: a form only to compare by."""
    return f" {' '.join(_PLURAL.sub(_stem_ending, word) for word in text.split())} "


def _stem_ending(ending: re.Match[str]) -> str:
    return "i" if ending[0] in ("ies", "ie", "y") else ""
