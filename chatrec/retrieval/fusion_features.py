"""What the learned fusion looks at: of every item found, which branches found it and what it is.

Knows branches by their best items, and items by what interactions and the catalogue tell; knows no
model and no target. Every feature is a plain number that grows with the case for the item, or 0
where nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories, Past
from chatrec.retrieval.tops import PAD, Tops

Matrix = NDArray[np.float32]

RECENT = 10  # last items of a past that say what the user is after now
LATE = 10  # last items of every history that say what is being met lately
FAR_YEARS = 30.0  # beyond which years apart make no more difference
BY_BRANCH = ("z", "rank", "first", "found", "rank x length", "z x length")
BY_ITEM = (
    "branches",
    "second rank",
    "popularity",
    "popularity x length",
    "lately",
    "as popular",
    "new",
    "same years",
    "genres",
    "genres of last",
    "text of recent",
    "text of last",
    "text of nearest",
)


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """What is known of n items beside the branches' scores, in catalogue order, all float32.

    ``popularity`` (n,) is the logarithm of the count, standardised; ``lately`` (n,) that of the
    part of an item's interactions that are among the last LATE of a history; ``years`` (n,) NaN
    where unknown; ``genres`` (n, g) and ``text`` (n, d) have unit rows, or zeros.
    """

    popularity: Matrix
    lately: Matrix
    years: Matrix
    genres: Matrix
    text: Matrix

    @classmethod
    def of(cls, histories: Histories, catalog: Catalog, text: Matrix) -> Traits:
        """From the histories that the branches learn from; ``text`` (n, d) are the texts' vectors,

        (n, 0) for none.
        """
        counts = histories.counts.astype(np.float64)
        last = [past[-LATE:] for past in histories]
        late = np.bincount(
            np.concatenate([np.zeros(0, np.int32), *last]), minlength=histories.n_items
        )
        return cls(
            _standardised(np.log1p(counts)),
            _standardised(np.log1p(late) - np.log1p(counts)),
            np.array([np.nan if i.year is None else i.year for i in catalog], dtype=np.float32),
            _genres(catalog),
            text,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Union:
    """What the branches found: ``items`` (C, W) item_index, rising, PAD at the end of a row;

    ``features`` (C, W, F) float32 by the names that :func:`feature_names` gives, 0 at the pads.
    """

    items: NDArray[np.int32]
    features: Matrix


def feature_names(branches: Sequence[str]) -> tuple[str, ...]:
    """The F names, those of each branch first: ``ease: z``."""
    by_branch = [f"{branch}: {name}" for branch in branches for name in BY_BRANCH]
    return (*by_branch, *BY_ITEM)


def union_of(
    tops: Mapping[str, Tops], branches: Sequence[str], pasts: Sequence[Past], traits: Traits
) -> Union:
    """The items that any of the ``branches`` found in each case, with their features.

    ``tops`` has every branch for the same C cases, whose pasts are ``pasts``. Memory grows with
    C n and with C W F: give some hundred cases at once.
    """
    lists = [tops[branch] for branch in branches]
    items = _union(lists)
    length = np.array([np.log1p(len(past)) for past in pasts], dtype=np.float32)[:, None] - 4.0
    columns: list[Matrix] = []
    found_by = np.zeros(items.shape, dtype=np.float32)
    for branch in lists:
        z, rank, first, found = _by_branch(branch, items, len(traits.popularity))
        columns += [z, rank, first, found, rank * length, z * length]
        found_by += found
    columns.append((found_by / len(lists)).astype(np.float32))
    columns.append(_second(columns[1 : len(lists) * len(BY_BRANCH) : len(BY_BRANCH)]))
    columns += _by_item(items, pasts, traits, length)
    features = np.stack(columns, axis=-1)
    features[items == PAD] = 0.0
    return Union(items, features)


def _union(lists: Sequence[Tops]) -> NDArray[np.int32]:
    """Each row's items in any of the lists, once, rising, padded at the end, (C, W)."""
    together = np.sort(np.concatenate([tops.items for tops in lists], axis=1), axis=1)
    new = together != PAD
    new[:, 1:] &= together[:, 1:] != together[:, :-1]
    places = np.cumsum(new, axis=1) - 1
    rows, columns = np.nonzero(new)
    width = int(new.sum(axis=1).max(initial=1))
    items = np.full((len(together), width), PAD, dtype=np.int32)
    items[rows, places[rows, columns]] = together[rows, columns]
    return items


def _by_branch(
    tops: Tops, items: NDArray[np.int32], n_items: int
) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """How a branch sees the items (C, W): z-score, rank from 1 (best) to 0, 1 / rank, found or not.

    What it didn't find gets the z-score of its last find, and 0 for the others.
    """
    depth = tops.depth
    place = np.full((len(items), n_items + 1), depth, dtype=np.int32)
    row = np.arange(len(items))[:, None]
    place[row, tops.items] = np.where(tops.items == PAD, depth, np.arange(depth))
    place[:, PAD] = depth
    at = np.take_along_axis(place, items.astype(np.int64), axis=1)
    z = np.take_along_axis(_z_and_floor(tops), at, axis=1)
    rank = 1.0 - np.log1p(at) / np.log1p(depth)
    first = np.where(at < depth, 1.0 / (1.0 + at), 0.0)
    found = at < depth
    return z, rank.astype(np.float32), first.astype(np.float32), found.astype(np.float32)


def _z_and_floor(tops: Tops) -> Matrix:
    """z-scores within each row's finds, and in a last column the lowest of them, (C, depth + 1)."""
    found = tops.items != PAD
    n = np.maximum(found.sum(axis=1, keepdims=True), 1)
    scores = np.where(found, tops.scores, 0.0).astype(np.float64)
    off = np.where(found, scores - scores.sum(axis=1, keepdims=True) / n, 0.0)
    spread = np.sqrt((off**2).sum(axis=1, keepdims=True) / n)
    z = off / np.maximum(spread, 1e-9)
    floor = z.min(axis=1, initial=0.0, keepdims=True)
    return np.concatenate([np.where(found, z, floor), floor], axis=1).astype(np.float32)


def _by_item(
    items: NDArray[np.int32], pasts: Sequence[Past], traits: Traits, length: Matrix
) -> list[Matrix]:
    """The features BY_ITEM after those of the branches together, each (C, W)."""
    recent = [past[-RECENT:] for past in pasts]
    last = [past[-1:] for past in pasts]
    popularity, years = traits.popularity[items], traits.years[items]
    usual = np.array([_mean(traits.popularity[past]) for past in recent], np.float32)[:, None]
    around = np.array([_mean(traits.years[past]) for past in recent], np.float32)[:, None]
    latest = np.nanmax(traits.years) if np.isfinite(traits.years).any() else 0.0
    return [
        popularity,
        popularity * length,
        traits.lately[items],
        np.nan_to_num(-np.abs(popularity - usual)),
        np.nan_to_num(-np.minimum(latest - years, FAR_YEARS) / FAR_YEARS),
        np.nan_to_num(-np.minimum(np.abs(years - around), FAR_YEARS) / FAR_YEARS),
        _likeness(traits.genres, recent, items),
        _likeness(traits.genres, last, items),
        _likeness(traits.text, recent, items),
        _likeness(traits.text, last, items),
        _nearest(traits.text, recent, items),
    ]


def _likeness(rows: Matrix, pasts: Sequence[Past], items: NDArray[np.int32]) -> Matrix:
    """Mean cosine of the items (C, W) with each past's items."""
    if not rows.shape[1]:
        return np.zeros(items.shape, dtype=np.float32)
    means: Matrix = np.stack([rows[past].sum(axis=0) / max(len(past), 1) for past in pasts])
    cosines: Matrix = np.take_along_axis(means @ rows.T, items.astype(np.int64), axis=1)
    return cosines


def _nearest(rows: Matrix, pasts: Sequence[Past], items: NDArray[np.int32]) -> Matrix:
    """The greatest cosine of the items (C, W) with one of each past's items, 0 or more."""
    nearest = np.zeros(items.shape, dtype=np.float32)
    if rows.shape[1]:
        for row, past, found in zip(nearest, pasts, items, strict=True):
            (rows[found] @ rows[past].T).max(axis=1, initial=0.0, out=row)
    return nearest


def _second(ranks: Sequence[Matrix]) -> Matrix:
    """The second best of the branches' rank features, (C, W): 0 where fewer than two found it."""
    if len(ranks) < 2:
        return np.zeros_like(ranks[0])
    second: Matrix = np.partition(np.stack(ranks), -2, axis=0)[-2]
    return second


def _mean(values: Matrix) -> float:
    """The mean of what is known; NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _standardised(values: NDArray[np.float64]) -> Matrix:
    standardised = (values - values.mean()) / max(float(values.std()), 1e-9)
    return np.asarray(standardised, dtype=np.float32)


def _genres(catalog: Catalog) -> Matrix:
    names = sorted({genre for item in catalog for genre in item.genres})
    column = {name: number for number, name in enumerate(names)}
    rows = np.zeros((len(catalog), len(names)), dtype=np.float32)
    for row, item in zip(rows, catalog, strict=True):
        row[[column[genre] for genre in item.genres]] = 1.0
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows
