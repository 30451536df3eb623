"""How well the items of a catalogue are received, where its columns tell.

Many catalogues come with ratings and audiences (a mean rating, members, downloads, votes) though
without interactions. Where two items answer a wish about as well, people expect the one that is
known and liked; nothing else would tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog

KNOWN_SHARE = 0.3  # of the items that a column must give a number for
UNKNOWN = 0.3  # the place of an item without a number, from 0 to 1

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_RATINGS = frozenset(["rating", "score", "stars", "grade"])
_AUDIENCE_NAMES = """members users followers subscribers fans favorites favourites likes views
    viewers downloads installs votes voters ratings reviews plays listens listeners readers owners
    checkins visitors popularity"""
_AUDIENCES = frozenset(_AUDIENCE_NAMES.split())


def acclaim(catalog: Catalog) -> NDArray[np.float32] | None:
    """Each item's place from 0 (worst) to 1 in rating and in audience, their mean, (n,).

    A column counts by the words of its name ("mean_rating", "Downloads"), and only where enough
    of its values are numbers. None where no column tells.
    """
    places = []
    for words in (_RATINGS, _AUDIENCES):
        columns = sorted({name for item in catalog for name in item.facts if _names(name, words)})
        of_kind = [_places([item.facts.get(name) for item in catalog]) for name in columns]
        told = [column for column in of_kind if column is not None]
        if told:
            places.append(np.mean(told, axis=0))
    return np.mean(places, axis=0).astype(np.float32) if places else None


def _names(column: str, words: frozenset[str]) -> bool:
    return any(part.casefold() in words for part in _PARTS.findall(column))


def _places(values: Sequence[str | None]) -> NDArray[np.float64] | None:
    """The share of the known values that each is above, ties in the middle; None for few."""
    found = [_NUMBER.search(value) if value else None for value in values]
    known = [place for place, match in enumerate(found) if match is not None]
    if len(known) < max(KNOWN_SHARE * len(values), 2):
        return None
    numbers = np.array([float(m.group().replace(",", "")) for m in found if m is not None])
    ordered = np.sort(numbers)
    below = np.searchsorted(ordered, numbers, "left") + np.searchsorted(ordered, numbers, "right")
    places = np.full(len(values), UNKNOWN)
    places[known] = below / (2 * len(numbers))
    return places
