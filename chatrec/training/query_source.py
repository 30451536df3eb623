"""What requests are generated from: who has which trait, which items are kin, who liked what when.

Knows catalogues and histories as sets and arrays; knows no words of requests and no model.
"""

from __future__ import annotations

import hashlib
import random
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories, Past
from chatrec.prompting import domain_words
from chatrec.retrieval.moods import Moods
from chatrec.training.examples import liked
from chatrec.types import Item

Trait = tuple[str, str]  # ("genre", "Horror"), ("person", "Amy Adams"), ("decade", "1980") ...
NO_ITEMS: frozenset[int] = frozenset()

HELD_OUT_SHARE = 0.1
LEAST_HELD_OUT = 3
LONGEST_PAST = 6
KIN_KEPT = 50
# Genres that a mood's word asks for where no keyword of the catalogue says it.
MOOD_GENRES = {
    "funny": "Comedy",
    "hilarious": "Comedy",
    "witty": "Comedy",
    "scary": "Horror",
    "spooky": "Horror",
    "creepy": "Horror",
    "terrifying": "Horror",
    "tense": "Thriller",
    "suspenseful": "Thriller",
    "gripping": "Thriller",
    "thrilling": "Thriller",
    "exciting": "Action",
    "romantic": "Romance",
    "sad": "Drama",
}


def held_out(catalog: Catalog) -> NDArray[np.bool_]:
    """Which items are kept for validation, (N,): a tenth of them and at least LEAST_HELD_OUT.

    By a hash of the title, so that a film that is held out in one catalogue is so in others.
    """
    hashes = np.array([_share(item.title) for item in catalog])
    least = np.sort(hashes)[min(LEAST_HELD_OUT, len(hashes)) - 1]
    held: NDArray[np.bool_] = hashes <= max(HELD_OUT_SHARE, least)
    return held


class QuerySource:
    """A catalogue with the histories that requests may tell of."""

    def __init__(self, catalog: Catalog, histories: Histories) -> None:
        """``histories``: the interactions that may be learnt from, those of liked items alone."""
        self.catalog = catalog
        self.noun = domain_words(catalog.domain)["noun"]
        self.moods = Moods(catalog)
        self._histories = histories
        self.having: dict[Trait, frozenset[int]] = _having(catalog)
        self.held_out = held_out(catalog)
        self.kin = lru_cache(maxsize=1 << 14)(self._kin)

    def traits(self, index: int, *kinds: str) -> list[Trait]:
        """The traits of these kinds that the item has, in the item's order."""
        return [trait for trait in _traits(self.catalog.items[index]) if trait[0] in kinds]

    def in_mood(self, word: str) -> frozenset[int]:
        """Items that a mood's word asks for, by their keywords, else by their genre."""
        told = [self.having.get(("keyword", k), NO_ITEMS) for k in self.moods.keywords(word)]
        found: frozenset[int] = NO_ITEMS.union(*told)
        return found or self.having.get(("genre", MOOD_GENRES.get(word, "")), NO_ITEMS)

    def moment(self, index: int, rng: random.Random) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What somebody liked before they met the item, and what from then on, it included.

        Both are oldest first, two to LONGEST_PAST before and at most three after; where nobody
        met it with a past, some of its kin and the item alone.
        """
        places = self._places(index)
        if len(places):
            place = int(places[rng.randrange(len(places))])
            start, end = self._bounds(place)
            size = rng.randint(2, LONGEST_PAST)
            past = self._histories.items[max(start, place - size) : place]
            return tuple(map(int, past)), tuple(
                map(int, self._histories.items[place : min(place + 3, end)])
            )
        kin = self.kin(index)[: 2 * LONGEST_PAST]
        size = min(len(kin), rng.randint(2, LONGEST_PAST))
        return tuple(rng.sample(kin, size)), (index,)

    def _kin(self, index: int) -> tuple[int, ...]:
        """At most KIN_KEPT items that share rare traits with it or are liked by the same people.

        The sum of two cosines: of traits weighted by their rarity, and of who liked them.
        """
        alike = (self._facts @ self._facts[index].T).toarray().ravel()
        if self._company is not None:
            alike += (self._company.T @ self._company[:, [index]]).toarray().ravel()
        alike[index] = 0.0
        best = np.argsort(-alike, kind="stable")[:KIN_KEPT]
        return tuple(int(i) for i in best if alike[i] > 0)

    @cached_property
    def _facts(self) -> sparse.csr_matrix:
        """Items' traits, weighted by their rarity, rows of unit length: (N, traits)."""
        columns = {trait: column for column, trait in enumerate(self.having)}
        cells = [(i, columns[t]) for i, item in enumerate(self.catalog) for t in _traits(item)]
        rows, picked = np.array(cells, dtype=np.int64).reshape(-1, 2).T
        n = len(self.catalog)
        rarity = np.log(n / np.array([len(self.having[t]) for t in columns], dtype=np.float32))
        facts = sparse.csr_matrix((rarity[picked] + 1e-3, (rows, picked)), shape=(n, len(columns)))
        lengths = np.sqrt(facts.multiply(facts).sum(axis=1)).A1
        return sparse.diags(1 / np.maximum(lengths, 1e-9)) @ facts

    @cached_property
    def _company(self) -> sparse.csc_matrix | None:
        """Who liked what, columns of unit length: (U, N); None where nobody did."""
        if not len(self._histories.items):
            return None
        met = self._histories.matrix().tocsc()
        counts = self._histories.counts.astype(np.float32)
        return met @ sparse.diags(1 / np.sqrt(counts + 10))  # few in common say little

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(self._histories.items, kind="stable")

    def _places(self, index: int) -> NDArray[np.int64]:
        """The rows of the histories that hold the item with at least two others before it."""
        items = self._histories.items
        first, last = np.searchsorted(items, [index, index + 1], sorter=self._order)
        rows = self._order[first:last]
        users = np.searchsorted(self._histories.starts, rows, side="right") - 1
        return rows[rows - self._histories.starts[users] >= 2]

    def _bounds(self, place: int) -> tuple[int, int]:
        starts = self._histories.starts
        user = int(np.searchsorted(starts, place, side="right")) - 1
        return int(starts[user]), int(starts[user + 1])


def liked_alone(histories: Histories) -> Histories:
    """The interactions of liked items (:func:`.examples.liked`), in the same order."""
    pasts: list[Past] = []
    for begin, end in zip(histories.starts[:-1], histories.starts[1:], strict=True):
        pasts.append(histories.items[begin:end][liked(histories.weights[begin:end])])
    return Histories.from_pasts(pasts, histories.n_items)


def _share(title: str) -> float:
    """A number from 0 to 1 that only the title decides, case aside."""
    return int(hashlib.sha256(title.casefold().encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


def _having(catalog: Catalog) -> dict[Trait, frozenset[int]]:
    having: dict[Trait, set[int]] = {}
    for index, item in enumerate(catalog):
        for trait in _traits(item):
            having.setdefault(trait, set()).add(index)
    return {trait: frozenset(items) for trait, items in having.items()}


def _traits(item: Item) -> list[Trait]:
    traits = [("genre", genre) for genre in item.genres]
    traits += [("keyword", keyword.casefold()) for keyword in item.keywords]
    traits += [("person", name) for name in dict.fromkeys(item.creators + item.cast)]
    traits += [("country", country) for country in item.countries]
    if item.year is not None:
        traits.append(("decade", str(item.year // 10 * 10)))
    return list(dict.fromkeys(traits))
