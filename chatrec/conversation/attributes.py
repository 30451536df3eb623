"""What a pool of items can be told apart by: attributes, and the values that each item has.

Knows items and limits; knows no dialogue, no probabilities and no wording.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from chatrec.data.catalog import Catalog
from chatrec.types import Constraints, Item

FACT = "fact:"  # before the name of a column without a field of its own
MOST_FACT_VALUES = 12  # distinct values of a column that may be asked about
FACT_REPEATS = 4  # items of each value, on average
FACT_SHARE = 0.6  # of the items that must have it
MEASURED_SHARE = 0.6  # of the pool whose runtime or price must be known
CARED_MEASURE = 0.6  # for running time and price, what Attribute.cared is for the others
COMMON, RARE = 0.9, 0.05  # a value that almost every item has, or hardly any, tells nothing
FAR_BEHIND = 0.25  # of the likeliest value's chance: with less a value would be an odd one to offer
STEP = 10  # minutes, to which a running time in a question is rounded
_WORDY = re.compile(r"[^\W\d_][\w &'/-]{0,24}")

# Keywords that can be asked about without sounding odd; they say what a story is about.
_THEMES_TEXT = """
friendship, revenge, coming of age, road trip, survival, time travel, heist, martial arts,
high school, superhero, love triangle, forbidden love, first love, space travel, serial killer,
artificial intelligence, alien invasion, zombies, pirates, time loop, robots, vampires, cold war,
world war ii, rivalry, betrayal, conspiracy, treasure hunt, dystopia, talking animals, christmas,
sisters, brothers, magic, boxing, football, baseball, cooking, samurai, dragons, dinosaurs,
kidnapping
"""
THEMES = frozenset(" ".join(name.split()) for name in _THEMES_TEXT.split(","))


@dataclass(frozen=True, slots=True)
class Attribute:
    """``kind`` names it, ``values`` are those of an item (empty: unknown).

    ``offered`` is how many values one question names; 1 makes it a question for yes or no.
    ``cared`` is how likely somebody is to have a preference (by judgement, not measured).
    """

    kind: str
    values: Callable[[Item], tuple[str, ...]]
    offered: int
    cared: float


def attributes_of(catalog: Catalog) -> tuple[Attribute, ...]:
    """What the items of this catalogue can be told apart by, its plain columns included."""
    return (*_KNOWN, *(_fact(column) for column in _fact_columns(catalog)))


def is_settled(kind: str, limits: Constraints) -> bool:
    """Whether the limits already say what is wanted of this attribute.

    >>> is_settled("decade", Constraints(year_min=1990)), is_settled("runtime", Constraints())
    (True, False)
    """
    return any(getattr(limits, field) not in (None, ()) for field in _LIMITS.get(kind, ()))


def limits_of(kind: str) -> tuple[str, ...]:
    """The fields of Constraints that say what is wanted, or not, of this attribute."""
    return ("facts",) if kind.startswith(FACT) else (*_LIMITS.get(kind, ()), *_OPEN.get(kind, ()))


def halves(
    items: Sequence[Item], chances: Sequence[float], kind: str
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The items by their running time or price: each one's half, and the names of both halves.

    The bound is the median of the pool, weighed by ``chances`` (n,) and rounded: "-100" holds what
    takes up to 100 minutes, "+100" the rest. Without enough known values there are no halves.
    """
    field = "runtime_min" if kind == "runtime" else "price"
    known = [(getattr(i, field), p) for i, p in zip(items, chances, strict=True)]
    told = sorted((float(value), p) for value, p in known if value is not None)
    whole = sum(p for _, p in told)
    if whole < MEASURED_SHARE * sum(chances) or whole <= 0:
        return ((),) * len(items), ()
    bound = _rounded(_median(told, whole), kind)
    names = (f"-{bound:g}", f"+{bound:g}")
    return tuple(() if v is None else (names[v > bound],) for v, _ in known), names


def shares(values: Sequence[tuple[str, ...]], chances: Sequence[float]) -> list[tuple[str, float]]:
    """The values with the chance that the item wanted has it, most likely first."""
    mass: dict[str, float] = defaultdict(float)
    for owned, chance in zip(values, chances, strict=True):
        for value in dict.fromkeys(owned):
            mass[value] += chance
    return sorted(mass.items(), key=lambda pair: (-pair[1], pair[0]))


def telling(values: Sequence[tuple[str, ...]], chances: Sequence[float]) -> list[tuple[str, float]]:
    """Of ``shares`` the values that tell items apart and that somebody may well want."""
    told = [(value, share) for value, share in shares(values, chances) if share <= COMMON]
    least = max([RARE, *(FAR_BEHIND * share for _, share in told[:1])])
    return [(value, share) for value, share in told if share >= least]


def _median(told: Sequence[tuple[float, float]], whole: float) -> float:
    reached = 0.0
    for value, chance in told:
        reached += chance
        if reached >= whole / 2:
            return value
    return told[-1][0]


def _rounded(value: float, kind: str) -> float:
    return STEP * round(value / STEP) if kind == "runtime" else max(1.0, float(round(value)))


def _decade(item: Item) -> tuple[str, ...]:
    return () if item.year is None else (str(item.year // 10 * 10),)


def _languages(item: Item) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[,;|/]", item.language) if part.strip())


def _themes(item: Item) -> tuple[str, ...]:
    return tuple(keyword for keyword in item.keywords if keyword.casefold() in THEMES)


_KNOWN = (
    Attribute("genre", lambda item: item.genres, 3, 0.9),
    Attribute("decade", _decade, 3, 0.6),
    Attribute("country", lambda item: item.countries, 2, 0.4),
    Attribute("language", _languages, 2, 0.5),
    Attribute("person", lambda item: (*item.creators, *item.cast), 1, 0.7),
    Attribute("theme", _themes, 1, 0.8),
)
_OPEN: Mapping[str, tuple[str, ...]] = {  # limits that leave more to say of the attribute
    "genre": ("genres_all", "genres_any", "genres_none"),
    "theme": ("keywords_none",),
    "person": ("people_none",),
}
_LIMITS: Mapping[str, tuple[str, ...]] = {
    "decade": ("year_min", "year_max"),
    "country": ("countries_any", "countries_none"),
    "language": ("languages_any", "languages_none"),
    "person": ("people_all", "people_any"),
    "runtime": ("runtime_min", "runtime_max"),
    "price": ("price_max",),
}


def _fact(column: str) -> Attribute:
    def values(item: Item) -> tuple[str, ...]:
        value = item.facts.get(column, "")
        return (value,) if value else ()

    return Attribute(f"{FACT}{column}", values, 3, 0.5)


def _fact_columns(catalog: Catalog) -> Iterable[str]:
    """Columns of few, wordy values that most items have, such as a platform."""
    for column in sorted({name for item in catalog for name in item.facts}):
        told = [value for item in catalog if (value := item.facts.get(column, ""))]
        distinct = set(told)
        if (
            2 <= len(distinct) <= min(MOST_FACT_VALUES, len(told) // FACT_REPEATS)
            and len(told) >= FACT_SHARE * len(catalog)
            and all(_WORDY.fullmatch(value) for value in distinct)
        ):
            yield column
