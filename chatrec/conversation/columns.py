"""Limits on a catalogue's other columns: "on the Switch", "co-op", "under 300 pages".

A column whose few values name things (platforms, number of players) is asked for by value; one
whose facts are numbers (pages) by its name and a bound. Built once from a catalogue; titles must be
blanked in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from chatrec.conversation.catalog_words import CATEGORY_VALUES
from chatrec.conversation.lexicon import Language
from chatrec.conversation.measures import bound_of
from chatrec.conversation.polarity import negation
from chatrec.conversation.utterance import Span, words_of
from chatrec.data.catalog import Catalog
from chatrec.data.fact_limits import FactLimit, values_in
from chatrec.data.title_words import is_plain_language

LEAST_SHARE = 0.5  # of the items that must have a fact of the column
LEAST_TELLING = 8  # letters of a single word that names a value wherever it stands
LENGTHS = ("pages", "page_count", "num_pages", "n_pages")  # what stands for a running time

_UNITS: Mapping[str, str] = {"page": r"pages?|seiten?|paginas?|页"}
_NAMED = re.compile(
    r"\b(?:on|for|only|just|in|fur|auf|sur|pour|en|para|von|my|have|got|own|classic|old|new)"
    r"\s+(?:(?:the|an?|my|our|die|der|das|la|le|el|mein\w*)\s+)?$"
)
_NOUN = re.compile(r"\W*(?:games?|books?|films?|movies?|titles?|ones?|versions?|only|spiel\w*)\b")
_ALONE = re.compile(r"\W*(?:(?:ok|okay|and|but|then|please|only|just|obviously)\W+)*")
_ENDING = re.compile(r"\W*(?:(?:please|obviously|only|then|bitte)\W*)*")
_NUMBER = r"(?P<number>\d{1,6})"


@dataclass(frozen=True, slots=True)
class ColumnLimit:
    """A limit read at a span; ``refused`` where the words rule the value out."""

    limit: FactLimit
    span: Span
    refused: bool = False


class Columns:
    """The other columns of one catalogue under the words that people use for their values."""

    def __init__(self, catalog: Catalog) -> None:
        held = Counter(column for item in catalog for column in item.facts)
        told = [c for c, n in held.items() if n >= LEAST_SHARE * len(catalog)]
        facts = {c: [i.facts[c] for i in catalog if c in i.facts] for c in told}
        self.numeric = tuple(c for c in told if all(map(_is_number, facts[c])))
        self._lengths = sorted(float(fact) for fact in facts.get(self.length or "", ()))
        self._values: dict[str, FactLimit] = {}
        taken = {words_of(v) for i in catalog for v in (*i.genres, *i.countries, i.language)}
        for column in (c for c in told if c not in self.numeric):
            values = list(dict.fromkeys(v for fact in facts[column] for v in values_in(fact)))
            if len(values) <= CATEGORY_VALUES:
                self._values |= {
                    form: FactLimit(column, "=", value)
                    for value in values
                    for form in called(value)
                    if form not in taken
                }
        spelt = sorted(self._values, key=len, reverse=True)
        forms = "|".join(re.escape(form).replace(r"\ ", r"[ \-]?") for form in spelt)
        self._pattern = re.compile(rf"(?<!\w)(?:{forms})(?!\w)" if forms else r"(?!)")
        self._by_letters = {_letters(form): limit for form, limit in self._values.items()}

    @property
    def length(self) -> str | None:
        """The column that stands for how long an item takes, where there is one."""
        return next((c for c in self.numeric if c.lower() in LENGTHS), None)

    def quartile(self, which: Literal[1, 3]) -> int:
        """The lower (1) or upper (3) quartile of the lengths; 0 where nothing has one."""
        return round(self._lengths[which * len(self._lengths) // 4]) if self._lengths else 0

    def read(self, folded: str, language: Language) -> list[ColumnLimit]:
        """Every limit of a folded text, in no order."""
        return [*self._amounts(folded), *self._named(folded, language)]

    def _named(self, folded: str, language: Language) -> Iterator[ColumnLimit]:
        for match in self._pattern.finditer(folded):
            limit = self._by_letters[_letters(match[0])]
            left, right = folded[: match.start()], folded[match.end() :]
            alone = _ALONE.fullmatch(left) and _ENDING.fullmatch(right)
            plain = " " not in limit.value and (
                len(match[0]) < LEAST_TELLING or is_plain_language((match[0],))
            )
            ruled_out = negation(folded, match.start(), language)
            if ruled_out is not None:
                yield ColumnLimit(limit, (ruled_out[0], match.end()), refused=True)
            elif alone or _NAMED.search(left) or _NOUN.match(right) or not plain:
                end = len(folded) if alone else match.end()
                yield ColumnLimit(limit, (match.start(), end))

    def _amounts(self, folded: str) -> Iterator[ColumnLimit]:
        for column in self.numeric:
            singular = column.lower().removesuffix("s").replace("_", " ")
            unit = _UNITS.get(singular, rf"{re.escape(singular)}s?")
            for match in re.finditer(rf"{_NUMBER}\s?(?:{unit})(?![a-z])", folded):
                bound = bound_of(folded, match.start(), match.end())
                if bound is not None:
                    side, strict, start, end = bound
                    value = int(match["number"]) - strict
                    yield ColumnLimit(FactLimit(column, side, str(value)), (start, end))


def called(value: str) -> set[str]:
    """What a value is called: its words, and for a name with a number its letters ("PS4")."""
    words = words_of(value).replace("-", " ")
    short = "".join(re.findall(r"[A-Z]|\d+", value)).lower()
    numbered = any(c.isdigit() for c in short) and len(short) > 2
    return {words, short} if numbered else {words}


def _letters(form: str) -> str:
    return re.sub(r"\W", "", form)


def _is_number(fact: str) -> bool:
    return re.fullmatch(r"\d+(?:\.\d+)?", fact.strip()) is not None
