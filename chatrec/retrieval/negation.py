"""How near items are to what the user rejects: "not like Saw" lowers Saw's neighbours.

Kept apart from the likeness that finds items: taking a vector off the search vector moves it away
from all that the two have in common too. Knows items, their vectors and models of histories; knows
neither retrievers nor how the pool is ordered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Past
from chatrec.retrieval.collaborative import HistoryModel
from chatrec.types import Item, Query

STRENGTH = 0.9  # the part of its score that an item as near as can be loses
WORDS_WEIGHT = 0.5  # of shared words, beside 1 for the texts
USUAL, NEAR = 1.0, 3.0  # deviations from the median nearness: nothing is lost, all is lost
CONTRAST = 2.0  # deviations nearer to what is wanted than to what is rejected that undo half

Row = NDArray[np.float32]


class Negation:
    """What is left of each item's score beside rejected items.

    Two items are near by the cosine of their texts and by rare words that they share (keywords,
    genres, creators), both against what is usual in the catalogue; or by what people met together,
    where ``models`` of histories are given.
    """

    def __init__(
        self,
        catalog: Catalog,
        vectors: Row,
        models: Sequence[HistoryModel] = (),
        *,
        encode: Callable[[Sequence[str]], Row] | None = None,
    ) -> None:
        """``vectors`` (n, dim) of unit length, in catalogue order.

        ``encode`` gives texts' vectors in the same space, so that "a casino game, but no slots"
        keeps what the wish itself is near to; without it only items speak for what is wanted.
        """
        self._encode = encode
        self._catalog = catalog
        self._vectors = vectors
        self._words = _weighed_words(catalog)
        self._models = tuple(models)

    def factors(self, query: Query) -> Row | None:
        """What each item's score is multiplied by, (n,), from 1 - STRENGTH to 1.

        1 for what is no nearer to a rejected item than is usual; more is left of items that are
        nearer to one that the user wants (``near``, ``liked``), or to the wish. None where nothing
        is rejected.
        """
        rejected = [self._nearness(row) for row in self._rows(query.disliked)]
        if not rejected:
            return None
        wanted = [self._nearness(row) for row in self._rows((*query.near, *query.liked))]
        if query.text and self._encode is not None:
            wanted.append(_deviations(self._vectors @ self._encode([query.text])[0]))
        lost: Row = np.max([_lost(nearness, wanted) for nearness in rejected], axis=0)
        factors: Row = np.float32(1.0) - np.float32(STRENGTH) * lost
        return factors

    def _rows(self, item_ids: Sequence[str]) -> list[int]:
        return [self._catalog.index_of(i) for i in item_ids if i in self._catalog]

    def _nearness(self, row: int) -> Row:
        """Deviations from the usual nearness to this item, (n,)."""
        texts = _deviations(self._vectors @ self._vectors[row])
        words = _deviations((self._words @ self._words[[row]].T).toarray()[:, 0])
        weight = np.float32(WORDS_WEIGHT if words.any() else 0.0)
        told = (texts + weight * words) / (1 + weight)
        past: Past = np.array([row], dtype=np.int32)
        met = [_deviations(model.scores([past])[0]) for model in self._models]
        nearness: Row = np.max(np.stack([told, *met]), axis=0)
        return nearness


def _lost(nearness: Row, wanted: Sequence[Row]) -> Row:
    """The part from 0 to 1 that each item loses, (n,)."""
    lost: Row = np.clip((nearness - USUAL) / (NEAR - USUAL), 0.0, 1.0)
    if wanted:
        ahead = nearness - np.max(wanted, axis=0)
        lost = lost * np.clip(0.5 + ahead / CONTRAST, 0.0, 1.0)
    return lost


def _deviations(values: Row) -> Row:
    """How far from the median, in standard deviations; zeros where all are alike."""
    spread = float(values.std())
    if spread < 1e-9:
        return np.zeros(len(values), dtype=np.float32)
    deviations: Row = ((values - np.median(values)) / spread).astype(np.float32)
    return deviations


def _weighed_words(catalog: Catalog) -> sparse.csr_matrix:
    """Items by their words, unit rows, (n, words); the square of a weight grows with rarity."""
    of_items = [_words(item) for item in catalog]
    column = {word: number for number, word in enumerate(sorted({w for s in of_items for w in s}))}
    places = np.array([column[w] for words in of_items for w in words], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum([len(words) for words in of_items])])
    holders = np.bincount(places, minlength=len(column))
    rarity = np.log(len(of_items) / np.maximum(holders, 1))
    rows = sparse.csr_matrix(
        (np.sqrt(rarity[places]), places, starts), shape=(len(of_items), len(column))
    )
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.diags(1.0 / np.maximum(lengths, 1e-9)).dot(rows).tocsr().astype(np.float32)


def _words(item: Item) -> list[str]:
    return sorted({*item.keywords, *item.genres, *item.creators})
