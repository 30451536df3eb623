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
STAGED = 5.0  # meetings that what is usual counts for, where an item is placed in histories
FAR_YEARS = 30.0  # beyond which years apart make no more difference
BY_BRANCH = ("score", "behind", "z", "rank", "first", "found")
TOGETHER = ("branches", "best rank", "second rank", "mean rank", "mean z")
BY_ITEM = (
    "length",
    "usual popularity",
    "popularity",
    "more popular",
    "as popular",
    "lately",
    "stage",
    "early",
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
    part of an item's interactions that are among the last LATE of a history; ``stage`` (n, 2) mean
    and deviation of log(1 + place) in the histories where it was met; ``years`` (n,) NaN where
    unknown; ``genres`` (n, g) and ``text`` (n, d) have unit rows, or zeros.
    """

    popularity: Matrix
    lately: Matrix
    stage: Matrix
    years: Matrix
    genres: Matrix
    text: Matrix

    @classmethod
    def of(cls, histories: Histories, catalog: Catalog, text: Matrix) -> Traits:
        """From the histories that the branches learn from; ``text`` (n, d) are the texts' vectors,
        (n, 0) for none. Histories without times tell no order, so all items are as usual in
        ``lately`` and ``stage``.
        """
        counts = histories.counts.astype(np.float64)
        return cls(
            _standardised(np.log1p(counts)),
            _lately(histories, counts),
            _stage(histories),
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
    return (*by_branch, *TOGETHER, *BY_ITEM)


def union_of(
    tops: Mapping[str, Tops],
    branches: Sequence[str],
    pasts: Sequence[Past],
    traits: Traits,
    depth: int,
) -> Union:
    """The items that any of the ``branches`` has among its first ``depth``, with their features.

    ``tops`` has every branch for the same C cases, whose pasts are ``pasts``; where it goes deeper,
    it tells more of what others found. Memory grows with C n and with C W F: give some hundred
    cases at once.
    """
    lists = [tops[branch] for branch in branches]
    items = _union([branch.cut(depth) for branch in lists])
    told = [_by_branch(branch, items, len(traits.popularity), depth) for branch in lists]
    columns = [column for by_branch in told for column in by_branch]
    z, rank, _, found = (np.stack(kind) for kind in list(zip(*told, strict=True))[2:])
    columns += _together(z, rank, found)
    columns += _by_item(items, pasts, traits)
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
    tops: Tops, items: NDArray[np.int32], n_items: int, depth: int
) -> tuple[Matrix, ...]:
    """The features BY_BRANCH of the items, each (C, W).

    Its score, how far that is behind the best one, and in standard deviations of the row's scores;
    its rank from 1 (best) to 0, 1 / rank, and whether it is among the first ``depth``. What the
    branch has nowhere gets the scores of its last find, and 0 for the others.
    """
    deepest = tops.depth
    place = np.full((len(items), n_items + 1), deepest, dtype=np.int32)
    row = np.arange(len(items))[:, None]
    place[row, tops.items] = np.where(tops.items == PAD, deepest, np.arange(deepest))
    place[:, PAD] = deepest
    at = np.take_along_axis(place, items.astype(np.int64), axis=1)
    scores, spread = _scores_and_floor(tops)
    score = np.take_along_axis(scores, at, axis=1)
    mean, deviation = spread
    rank = 1.0 - np.log1p(at) / np.log1p(deepest)
    first = np.where(at < deepest, 1.0 / (1.0 + at), 0.0)
    found = at < min(depth, deepest)
    columns = (score, score - scores[:, :1], (score - mean) / deviation, rank, first, found)
    return tuple(column.astype(np.float32) for column in columns)


def _scores_and_floor(tops: Tops) -> tuple[Matrix, tuple[Matrix, Matrix]]:
    """The scores with the lowest of each row in a last column, and at the pads, (C, depth + 1);
    mean and standard deviation of each row's, (C, 1). Zeros where a row has none.
    """
    found = tops.items != PAD
    n = np.maximum(found.sum(axis=1, keepdims=True), 1)
    scores = np.where(found, tops.scores, 0.0).astype(np.float64)
    mean = scores.sum(axis=1, keepdims=True) / n
    off = np.where(found, scores - mean, 0.0)
    deviation = np.sqrt((off**2).sum(axis=1, keepdims=True) / n)
    floor = mean + off.min(axis=1, initial=0.0, keepdims=True)
    whole = np.concatenate([np.where(found, scores, floor), floor], axis=1)
    return whole, (mean, np.maximum(deviation, 1e-9))


def _together(z: Matrix, rank: Matrix, found: Matrix) -> list[Matrix]:
    """The features TOGETHER of those BY_BRANCH, each (branches, C, W).

    The second best rank is 0 where fewer than two branches found the item.
    """
    best = np.sort(np.concatenate([np.zeros_like(rank[:1]), rank]), axis=0)
    return [found.mean(axis=0), best[-1], best[-2], rank.mean(axis=0), z.mean(axis=0)]


def _by_item(items: NDArray[np.int32], pasts: Sequence[Past], traits: Traits) -> list[Matrix]:
    """The features BY_ITEM, each (C, W)."""
    recent = [past[-RECENT:] for past in pasts]
    last = [past[-1:] for past in pasts]
    length = np.array([np.log1p(len(past)) for past in pasts], dtype=np.float32)[:, None]
    popularity, years = traits.popularity[items], traits.years[items]
    usual = np.nan_to_num(_means(traits.popularity, recent))
    around = _means(traits.years, recent)
    latest = np.nanmax(traits.years) if np.isfinite(traits.years).any() else 0.0
    mean, deviation = traits.stage[items, 0], traits.stage[items, 1]
    everywhere = np.zeros(items.shape, dtype=np.float32)
    return [
        length + everywhere,
        usual + everywhere,
        popularity,
        popularity - usual,
        -np.abs(popularity - usual),
        traits.lately[items],
        -np.log(deviation) - 0.5 * ((length - mean) / deviation) ** 2,
        length - mean,
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


def _means(values: Matrix, pasts: Sequence[Past]) -> Matrix:
    """The mean of what is known of each past's items, (C, 1); NaN where nothing is."""
    known = [values[past][np.isfinite(values[past])] for past in pasts]
    means = [some.mean() if len(some) else np.nan for some in known]
    return np.array(means, dtype=np.float32)[:, None]


def _lately(histories: Histories, counts: NDArray[np.float64]) -> Matrix:
    """The part of each item's ``counts`` (n,) among the last LATE of a history, standardised."""
    if not histories.timed:
        return np.zeros(histories.n_items, dtype=np.float32)
    late = histories.recent(LATE).counts
    return _standardised(np.log1p(late) - np.log1p(counts))


def _stage(histories: Histories) -> Matrix:
    """Mean and deviation of log(1 + place) by item, (n, 2); those of all items weigh STAGED."""
    begins = np.repeat(histories.starts[:-1], histories.sizes)
    places = np.log1p(np.arange(len(histories.items)) - begins)
    usual, spread = (places.mean(), places.var()) if len(places) else (0.0, 1.0)
    if not histories.timed:
        everywhere = np.array([usual, np.sqrt(max(spread, 1e-2))], dtype=np.float32)
        return np.tile(everywhere, (histories.n_items, 1))

    def mean(values: NDArray[np.float64], prior: float) -> NDArray[np.float64]:
        total = np.bincount(histories.items, values, histories.n_items)
        means: NDArray[np.float64] = (total + STAGED * prior) / (histories.counts + STAGED)
        return means

    means = mean(places, usual)
    variances = mean((places - means[histories.items]) ** 2, max(spread, 1e-2))
    return np.stack([means, np.sqrt(variances)], axis=1).astype(np.float32)


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
