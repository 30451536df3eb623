"""Items side by side: one row a fact, from the catalogue alone, and the same as a text table.

A fact that no item has gives no row, one that some item lacks is said to be missing. Knows nothing
about pages: :mod:`chatrec.serving.comparing` draws the same rows there.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatrec.conversation.labels import named
from chatrec.conversation.lexicon import Language
from chatrec.conversation.wordings import Row, in_language
from chatrec.data.catalog import LONGEST_FACT, names_words
from chatrec.types import Item

FACT_NAMES: Mapping[str, Row] = {  # by kind of evidence, in the order of a table
    "year": ("Year", "Jahr", "Année", "Año", "年份"),
    "genre": ("Genre", "Genre", "Genre", "Género", "类型"),
    "creator": ("Made by", "Von", "De", "De", "创作者"),
    "cast": ("With", "Mit", "Avec", "Con", "主演"),
    "runtime": ("Length", "Länge", "Durée", "Duración", "时长"),
    "age_rating": ("Age rating", "Freigabe", "Âge", "Edad", "分级"),
    "price": ("Price", "Preis", "Prix", "Precio", "价格"),
    "country": ("Country", "Land", "Pays", "País", "国家"),
    "language": ("Language", "Sprache", "Langue", "Idioma", "语言"),
    "keyword": ("Theme", "Thema", "Thème", "Tema", "主题"),
    "description": ("About", "Inhalt", "Résumé", "Argumento", "简介"),
}
MISSING: Row = (
    "not in the catalogue",
    "nicht im Katalog",
    "pas dans le catalogue",
    "no está en el catálogo",
    "目录中没有",
)
_MINUTES: Row = ("{} min", "{} min", "{} min", "{} min", "{}分钟")
_HOURS: Row = ("{} h {:02} min", "{} h {:02} min", "{} h {:02} min", "{} h {:02} min", "{}小时{}分")
MOST_FACTS = 6  # of columns without a field of their own
LINE = 62  # places for the items' columns of the text table together
NARROWEST = 14

_VALUES: Mapping[str, Callable[[Item, Language], Sequence[str]]] = {
    "year": lambda item, _: () if item.year is None else (str(item.year),),
    "genre": lambda item, language: [named("genre", g, language) for g in item.genres],
    "creator": lambda item, _: item.creators,
    "cast": lambda item, _: item.cast,
    "runtime": lambda item, language: (
        () if item.runtime_min is None else (minutes(item.runtime_min, language),)
    ),
    "age_rating": lambda item, _: (item.age_rating,),
    "price": lambda item, _: () if item.price is None else (f"{item.price:.2f}",),
    "country": lambda item, _: item.countries,
    "language": lambda item, language: (named("language", item.language, language),),
    "keyword": lambda item, _: item.keywords,
    "description": lambda item, _: (item.description,),
}


@dataclass(frozen=True, slots=True)
class ComparedFact:
    """One row: what ``kind`` of fact, its ``name`` in words, and each item's values.

    No values mean that the catalogue doesn't say. ``shared`` are the values that all items have.
    """

    kind: str
    name: str
    values: tuple[tuple[str, ...], ...]
    shared: frozenset[str]

    @property
    def differs(self) -> bool:
        """Whether the items' values are not all the same ones."""
        return any(set(values) != self.shared for values in self.values)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Items side by side, in the language that the facts are named in."""

    items: tuple[Item, ...]
    facts: tuple[ComparedFact, ...]
    language: Language


def minutes(count: int, language: Language = "en") -> str:
    """A length in hours and minutes.

    >>> minutes(116), minutes(45, "zh")
    ('1 h 56 min', '45分钟')
    """
    hours, rest = divmod(count, 60)
    if not hours:
        return in_language(_MINUTES, language).format(count)
    return in_language(_HOURS, language).format(hours, rest)


def comparison(items: Sequence[Item], language: Language = "en") -> Comparison:
    """The items' facts side by side, in the order of FACT_NAMES, then the other columns.

    Genres and languages are named in ``language``, all else stands as in the catalogue.
    """
    rows = [*_of_fields(items, language), *_of_columns(items)]
    return Comparison(tuple(items), tuple(rows), language)


def as_text(table: Comparison) -> str:
    """The comparison as lines of aligned columns, for a terminal or any fixed-width place.

    >>> print(as_text(comparison([Item("1", "Moon", 2009), Item("2", "Heat", 1995)])))
         | Moon (2009) | Heat (1995)
    Year | 2009        | 1995
    """
    missing = in_language(MISSING, table.language)
    rows = [["", *(item.label for item in table.items)]]
    for fact in table.facts:
        rows.append([fact.name, *(", ".join(values) or missing for values in fact.values)])
    width = max(NARROWEST, LINE // len(table.items) - 3)
    cells = [[textwrap.wrap(cell, width) or [""] for cell in row] for row in rows]
    widths = [
        max(_width(line) for cell in column for line in cell) for column in zip(*cells, strict=True)
    ]
    return "\n".join(line for row in cells for line in _lines(row, widths))


def _of_fields(items: Sequence[Item], language: Language) -> Iterator[ComparedFact]:
    for kind, row in FACT_NAMES.items():
        values = [_VALUES[kind](item, language) for item in items]
        yield from _row(kind, in_language(row, language), values)


def _of_columns(items: Sequence[Item]) -> Iterator[ComparedFact]:
    """The columns that have short values and names that promise words or numbers to a reader."""
    columns = dict.fromkeys(column for item in items for column in item.facts)
    told = [
        column
        for column in columns
        if names_words(column)
        and all(len(item.facts.get(column, "")) <= LONGEST_FACT for item in items)
    ]
    for column in told[:MOST_FACTS]:
        name = column.replace("_", " ").capitalize()
        yield from _row("fact", name, [(item.facts.get(column, ""),) for item in items])


def _row(kind: str, name: str, found: Sequence[Sequence[str]]) -> Iterator[ComparedFact]:
    """One row, or none where no item has a value."""
    values = tuple(tuple(value for value in one if value.strip()) for one in found)
    if any(values):
        yield ComparedFact(kind, name, values, frozenset.intersection(*map(frozenset, values)))


def _lines(row: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    for n in range(max(map(len, row))):
        parts = [cell[n] if n < len(cell) else "" for cell in row]
        padded = (p + " " * (w - _width(p)) for p, w in zip(parts, widths, strict=True))
        yield " | ".join(padded).rstrip()


def _width(text: str) -> int:
    """How many places a text takes in a terminal."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)
