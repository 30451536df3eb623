"""Whether an item is for adults only, as a genre or an age rating of its catalogue says."""

from __future__ import annotations

from collections.abc import Iterable

from chatrec.data.constraints import comparable
from chatrec.types import Item

_GENRES = frozenset({
    "hentai", "porn", "porno", "pornography", "pornographic", "erotica", "adult", "adults",
    "adult only", "adults only", "for adults", "adult content", "xxx", "nsfw",
})  # fmt: skip
_RATINGS = frozenset({"rx", "rx hentai", "xxx", "ao", "adults only", "adults only 18"})


def is_adults_only(item: Item) -> bool:
    """Whether one of the item's genres, or its age rating, names adults alone."""
    return name_adults_only(item.genres, [item.age_rating])


def name_adults_only(genres: Iterable[str], ratings: Iterable[str]) -> bool:
    """Whether one of these genres or age ratings is for adults only.

    >>> name_adults_only(["Comedy", "Hentai"], []), name_adults_only(["Romance"], ["R"])
    (True, False)
    """
    return not (
        _GENRES.isdisjoint(map(comparable, genres))
        and _RATINGS.isdisjoint(map(comparable, ratings))
    )
