"""How alike items are by what the catalogue says of them: genres, people, themes, titles, years.

Knows one catalogue; knows nothing of users or dialogues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from chatrec.data.catalog import Catalog
from chatrec.data.title_words import content_words, tokenise
from chatrec.types import Item

MAIN_CAST = 8  # performers of an item that count
FAR_YEARS = 40.0

Row = NDArray[np.float32]


class Likeness:
    """Sparse descriptions of n items, ready to be compared."""

    def __init__(self, catalog: Catalog) -> None:
        self._genres, self._genre_rows = _described(catalog, lambda i: i.genres, weighed=False)
        self._creators, _ = _described(catalog, lambda i: i.creators, weighed=False, unit=False)
        self._cast, _ = _described(catalog, lambda i: i.cast[:MAIN_CAST], weighed=False, unit=False)
        self._themes, _ = _described(catalog, lambda i: i.keywords)
        self._titles, _ = _described(catalog, _title_words)
        self._years = np.array([i.year if i.year else np.nan for i in catalog], dtype=np.float32)
        self._people: dict[str, list[int]] = {}
        for index, item in enumerate(catalog):
            for name in {*item.creators, *item.cast}:
                self._people.setdefault(name, []).append(index)

    def genres(self, past: Sequence[int]) -> Row:
        """Cosine of each item's genres with the mean of the past's, (n,); 0 without a past."""
        return _against(self._genres, past)

    def themes(self, past: Sequence[int]) -> Row:
        """Cosine, weighed by rarity, of each item's keywords with the mean of the past's, (n,)."""
        return _against(self._themes, past)

    def titles(self, past: Sequence[int]) -> Row:
        """The greatest cosine of each item's title with one of the past's, by words, (n,)."""
        if not past:
            return np.zeros(self._titles.shape[0], dtype=np.float32)
        return np.asarray((self._titles @ self._titles[past].T).toarray().max(axis=1)).ravel()

    def creators(self, past: Sequence[int]) -> Row:
        """How often the past has an item's creators, (n,)."""
        return _shared(self._creators, past)

    def cast(self, past: Sequence[int]) -> Row:
        """How often the past has an item's main performers, (n,)."""
        return _shared(self._cast, past)

    def years(self, item: int) -> Row:
        """How far each item's year is from the item's, in units of FAR_YEARS and at most 1, (n,);
        0.5 where a year is unknown.
        """
        apart = np.minimum(np.abs(self._years - self._years[item]) / FAR_YEARS, 1.0)
        return np.where(np.isnan(apart), 0.5, apart).astype(np.float32)

    def of_genres(self, genres: Collection[str]) -> Row:
        """The share of these genres that each item has, (n,)."""
        rows = [self._genre_rows[g.casefold()] for g in genres if g.casefold() in self._genre_rows]
        if not rows:
            return np.zeros(self._genres.shape[0], dtype=np.float32)
        has = np.asarray((self._genres[:, rows] > 0).sum(axis=1)).ravel()
        return (has / len(genres)).astype(np.float32)

    def of_people(self, names: Iterable[str]) -> Row:
        """1 for items with one of these people, (n,)."""
        has = np.zeros(self._genres.shape[0], dtype=np.float32)
        for name in names:
            has[self._people.get(name, [])] = 1.0
        return has


def _title_words(item: Item) -> list[str]:
    return content_words([token.word for token in tokenise(item.title)])


def _described(
    catalog: Catalog,
    values: Callable[[Item], Iterable[str]],
    *,
    weighed: bool = True,
    unit: bool = True,
) -> tuple[sparse.csr_matrix, dict[str, int]]:
    """Items by values, (n, V) float32, and the column of each value, case folded."""
    held = [sorted({value.casefold() for value in values(item)}) for item in catalog]
    counts = Counter(value for of_item in held for value in of_item)
    columns = {value: column for column, value in enumerate(counts)}
    rows = np.repeat(np.arange(len(held)), [len(of_item) for of_item in held])
    places = [columns[value] for of_item in held for value in of_item]
    rarity = np.log(len(held) / np.array([counts[v] for of in held for v in of], dtype=np.float64))
    data = rarity if weighed else np.ones(len(places))
    matrix = sparse.csr_matrix(
        (data.astype(np.float32), (rows, places)), shape=(len(held), len(columns))
    )
    if unit:
        norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        matrix = sparse.diags(1.0 / np.where(norms > 0, norms, 1.0)).astype(np.float32) @ matrix
    return matrix.tocsr(), columns


def _against(described: sparse.csr_matrix, past: Sequence[int]) -> Row:
    if not past:
        return np.zeros(described.shape[0], dtype=np.float32)
    mean = np.asarray(described[past].mean(axis=0)).ravel()
    return np.asarray(described @ mean, dtype=np.float32)


def _shared(described: sparse.csr_matrix, past: Sequence[int]) -> Row:
    if not past:
        return np.zeros(described.shape[0], dtype=np.float32)
    return np.asarray(described @ np.asarray(described[past].sum(axis=0)).ravel(), dtype=np.float32)
