"""Which items of the catalogue an uploaded history is about, and what its owner thought of them.

Rows are mapped by id, or by title with the year and the maker where both sides have them; what
can't be told for sure is counted and left out. Ratings are read against the person's own mean. It
knows nothing about conversations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chatrec.data.catalog import Catalog
from chatrec.data.history_files import HistoryFile, HistoryRow
from chatrec.data.history_shapes import Scale
from chatrec.data.title_words import tokenise
from chatrec.data.titles import TitleIndex
from chatrec.types import Item

Verdict = Literal["liked", "seen", "disliked"]

MAX_MISSPELT = 1_000  # distinct titles, the first in the file, that are looked for misspelt
MAX_EXAMPLES = 5  # of rows that weren't mapped
MOST_APART = 1  # years between a row's and its item's
SPELLING = 0.85  # least likeness of a misspelt title whose year or maker is right
SPELLING_ALONE = 0.93  # and of one that nothing else vouches for
SHORTEST_ALONE = 8  # characters of such a title
HALF = 0.5  # standard deviations from the mean to where a rating praises or blames
TOLERANCE = 1e-9

_SERIES = re.compile(r"\s*\([^()]*#[^()]*\)\s*$")  # "(Dune, #1)"
_EPISODE = re.compile(
    r"^(?P<show>.+?):\s+(?:(?:season|series|part|volume|vol\.|chapter|book|staffel|saison|"
    r"temporada|teil|partie|parte|limited series|miniserie|mini-series)\b|第.{1,3}季)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Met:
    """An item that the owner has had; ``rating`` and ``time`` are None where not given."""

    item_id: str
    rating: float | None
    time: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class MatchedHistory:
    """What a file came to. ``met`` holds each item once, oldest first.

    ``rows`` = ``matched`` + ``unmatched`` + ``ambiguous``, in rows of the file; ``not_yet`` and
    ``unread`` rows come on top. The examples are titles as the file has them. ``not_compared``
    counts the rows among the unmatched that were looked for in one spelling only.
    """

    source: str
    rows: int
    matched: int
    unmatched: int
    ambiguous: int
    not_yet: int
    unread: int
    not_compared: int
    examples: tuple[str, ...]
    ambiguous_examples: tuple[str, ...]
    scale: Scale | None
    mean: float | None
    met: tuple[Met, ...]

    def ids(self, verdict: Verdict | None = None) -> tuple[str, ...]:
        """The ids of the items met with this verdict (any for None), oldest first."""
        return tuple(met.item_id for met in self.met if verdict in (None, met.verdict))


@dataclass(frozen=True, slots=True)
class _Found:
    """What a row means: an item, or why there is none."""

    item_id: str = ""
    ambiguous: bool = False
    compared: bool = True


def match_history(file: HistoryFile, catalog: Catalog, titles: TitleIndex) -> MatchedHistory:
    """The file's rows as items of ``catalog``, whose titles ``titles`` has.

    A year may be one off. A misspelt title counts only where the year or the maker is right too,
    or, of a long one, where hardly a letter differs. Of several items that fit a row equally well
    none is taken.
    """
    finder = _Finder(catalog, titles)
    found = [finder.find(row, file.shape.episodes) for row in file.rows]
    pairs = list(zip(file.rows, found, strict=True))
    hits = [(row, hit.item_id) for row, hit in pairs if hit.item_id]
    unclear = [row for row, hit in pairs if hit.ambiguous]
    missing = [row for row, hit in pairs if not (hit.item_id or hit.ambiguous)]
    ratings = [row.rating for row in file.rows if row.rating is not None]
    return MatchedHistory(
        file.shape.name,
        len(file.rows),
        len(hits),
        len(missing),
        len(unclear),
        file.not_yet,
        file.unread,
        sum(not hit.compared for hit in found),
        _titles_of(missing),
        _titles_of(unclear),
        None if file.shape.hours else file.scale,
        sum(ratings) / len(ratings) if ratings and not file.shape.hours else None,
        _met(hits, file),
    )


def verdicts(
    ratings: Sequence[float | None], scale: Scale | None, *, hours: bool = False
) -> list[Verdict]:
    """What each rating says, given all of one person's ratings; None says "seen".

    Liked is what stands half a standard deviation above the person's own mean and above the middle
    of the scale, disliked what stands as far below both; the scale's ends are what they are. Where
    a person gives one rating to all, the scale alone tells. Times played (``hours``) are compared
    by their logarithm and never blame.

    >>> verdicts([5, 5, 4, 3, 1], (1, 5))
    ['liked', 'liked', 'seen', 'seen', 'disliked']
    """
    if hours:
        ratings = [None if r is None else math.log1p(r) for r in ratings]
    given = [rating for rating in ratings if rating is not None]
    if not given or scale is None:
        return ["seen"] * len(ratings)
    if hours:
        scale = (-math.inf, math.inf)
    mean = sum(given) / len(given)
    apart = HALF * math.sqrt(sum((rating - mean) ** 2 for rating in given) / len(given))
    return [_verdict(rating, mean, apart, scale, hours) for rating in ratings]


def _verdict(rating: float | None, mean: float, apart: float, scale: Scale, hours: bool) -> Verdict:
    if rating is None:
        return "seen"
    if hours:
        return "liked" if apart and rating >= mean + apart - TOLERANCE else "seen"
    low, high = scale
    middle = (low + high) / 2
    if rating > middle and (rating >= mean + apart - TOLERANCE or rating == high):
        return "liked"
    if rating < middle and (rating <= mean - apart + TOLERANCE or rating == low):
        return "disliked"
    return "seen"


def _met(hits: Sequence[tuple[HistoryRow, str]], file: HistoryFile) -> tuple[Met, ...]:
    """Each item once, as its latest row has it; a rating outlives a later row without one."""
    ordered = sorted(_oldest_first(hits), key=lambda hit: _time_of(hit[0]))
    times: dict[str, float | None] = {}
    ratings: dict[str, float | None] = {}
    for row, item_id in ordered:
        ratings[item_id] = ratings.pop(item_id, None) if row.rating is None else row.rating
        times.pop(item_id, None)
        times[item_id] = row.time
    told = verdicts([ratings[i] for i in times], file.scale, hours=file.shape.hours)
    return tuple(
        Met(item_id, ratings[item_id], time, verdict)
        for (item_id, time), verdict in zip(times.items(), told, strict=True)
    )


def _oldest_first(
    hits: Sequence[tuple[HistoryRow, str]],
) -> Sequence[tuple[HistoryRow, str]]:
    """The rows turned round where the file has the newest first, for rows of one day."""
    timed = [row.time for row, _ in hits if row.time is not None]
    return hits[::-1] if timed and timed[0] > timed[-1] else hits


def _time_of(row: HistoryRow) -> float:
    return -math.inf if row.time is None else row.time


def _titles_of(rows: Iterable[HistoryRow]) -> tuple[str, ...]:
    named = dict.fromkeys(
        (row.title or row.item_id) + ("" if row.year is None else f" ({row.year})") for row in rows
    )
    return tuple(named)[:MAX_EXAMPLES]


class _Finder:
    """Finds the items of rows; what was found for a title is kept for its other rows."""

    def __init__(self, catalog: Catalog, titles: TitleIndex) -> None:
        self._catalog = catalog
        self._titles = titles
        self._known: dict[tuple[str, int | None, str], _Found] = {}
        self._left = MAX_MISSPELT

    def find(self, row: HistoryRow, episodes: bool) -> _Found:
        """What the row means; by its id where the catalogue has that."""
        if row.item_id in self._catalog:
            return _Found(row.item_id)
        key = (row.title, row.year, row.creator)
        if key not in self._known:
            self._known[key] = self._by_title(row, episodes)
        return self._known[key]

    def _by_title(self, row: HistoryRow, episodes: bool) -> _Found:
        spellings = list(_spellings(row.title, episodes))
        for title in spellings:
            fitting = self._fitting(row, title)
            if fitting:
                return self._one_of(fitting, row)
        if not spellings:
            return _Found()
        if not self._left:
            return _Found(compared=False)
        self._left -= 1
        return self._misspelt(row, spellings[-1])

    def _fitting(self, row: HistoryRow, title: str) -> list[Item]:
        """The items spelt so that the year and the maker don't speak against; whole titles first.

        A part of a title needs a year or a maker that agrees.
        """
        matches = self._titles.lookup(title, misspelt=False)
        items = [(self._catalog.get(match.item_id), match.score) for match in matches]
        fits = [(item, score) for item, score in items if _agrees(row, item) is not False]
        whole = [item for item, score in fits if score == 1.0]
        return whole or [item for item, _ in fits if _agrees(row, item)]

    def _one_of(self, items: Sequence[Item], row: HistoryRow) -> _Found:
        """The one whose year is nearest; nothing where two that differ are equally near.

        Editions of one maker are the same to whoever had one of them.
        """
        if row.year is not None:
            year = row.year
            apart = [MOST_APART if i.year is None else abs(i.year - year) for i in items]
            items = [i for i, gap in zip(items, apart, strict=True) if gap == min(apart)]
        same = {(words_of(item.title), item.year) for item in items}
        edition = bool(row.creator) and all(_agrees(row, item) for item in items)
        return _Found(items[0].item_id) if edition or len(same) == 1 else _Found(ambiguous=True)

    def _misspelt(self, row: HistoryRow, title: str) -> _Found:
        for match in self._titles.lookup(title):
            item = self._catalog.get(match.item_id)
            agrees = _agrees(row, item)
            alone = match.score >= SPELLING_ALONE and len(title) >= SHORTEST_ALONE
            if agrees is not False and (alone or (agrees and match.score >= SPELLING)):
                return _Found(item.item_id)
        return _Found()


def words_of(title: str) -> str:
    """A title by its words, as titles are compared."""
    return " ".join(token.word for token in tokenise(title))


def _agrees(row: HistoryRow, item: Item) -> bool | None:
    """Whether year and maker agree: False where one doesn't, None where neither can be told."""
    told: list[bool] = []
    if row.year is not None and item.year is not None and not row.creator:
        told.append(abs(row.year - item.year) <= MOST_APART)
    if row.creator and item.creators:
        surname = words_of(row.creator).split()[-1:]
        told.append(any(set(surname) & set(words_of(name).split()) for name in item.creators))
    return all(told) if told else None


def _spellings(title: str, episodes: bool) -> Iterator[str]:
    """The title as it is, without its series, and, of an episode, the show's name."""
    if not title:
        return
    yield title
    bare = _SERIES.sub("", title)
    if bare and bare != title:
        yield bare
    if episodes:
        found = _EPISODE.match(title)
        parts = title.split(": ")
        if found is not None:
            yield found["show"]
        elif len(parts) > 2:
            yield parts[0]
