"""Limits on a catalogue's other columns, written as text: ``platforms=PC``, ``pages<=300``.

Knows facts of one item; knows no dialogue. A fact that lists several values ("PC, Switch") has
each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from chatrec.data.title_words import plain_letters
from chatrec.errors import RequestError
from chatrec.types import Item

_WRITTEN = re.compile(r"(?P<column>[^=<>]+?)\s*(?P<sign>=|<=|>=)\s*(?P<value>.+)")
_APART = re.compile(r"\s*[,;|/]\s*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Sign = Literal["=", "<=", ">="]


@dataclass(frozen=True, slots=True)
class FactLimit:
    """``column`` must have ``value`` (one of its values), or lie on that side of a number."""

    column: str
    sign: Sign
    value: str

    def __str__(self) -> str:
        return f"{self.column}{self.sign}{self.value}"


@lru_cache(maxsize=4096)
def fact_limit(written: str) -> FactLimit:
    """The limit that a text writes; RequestError for another text.

    >>> fact_limit("pages <= 300")
    FactLimit(column='pages', sign='<=', value='300')
    """
    match = _WRITTEN.fullmatch(written.strip())
    numeric = match is not None and match["sign"] != "="
    if match is None or (numeric and _NUMBER.fullmatch(match["value"]) is None):
        raise RequestError(
            f"constraints.facts holds {written!r}; write column=value, column<=number or "
            "column>=number, such as 'pages<=300'"
        )
    sign: Sign = "=" if not numeric else "<=" if match["sign"] == "<=" else ">="
    return FactLimit(match["column"].strip(), sign, match["value"].strip())


def keeps_to(item: Item, written: str) -> bool:
    """Whether the item keeps to a limit; an unknown fact doesn't."""
    limit = fact_limit(written)
    fact = item.facts.get(limit.column, "")
    if limit.sign == "=":
        return plain_letters(limit.value) in map(plain_letters, values_in(fact))
    number = _NUMBER.search(fact)
    if number is None:
        return False
    amount, bound = float(number[0]), float(limit.value)
    return amount <= bound if limit.sign == "<=" else amount >= bound


def values_in(fact: str) -> tuple[str, ...]:
    """The values that a fact lists.

    >>> values_in("PC, Xbox 360")
    ('PC', 'Xbox 360')
    """
    return tuple(value for value in _APART.split(fact.strip()) if value)
