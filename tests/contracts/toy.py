"""Two clans of films and people: who likes space has had space, who likes crime crime.

Items 0 to 3 are space films, 4 to 7 crime films, everybody has had item 8, nobody item 9.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.types import Item

SPACE, CRIME, EVERYBODYS, NOBODYS = (0, 1, 2, 3), (4, 5, 6, 7), 8, 9
_TITLES = ("Orbit", "Comet", "Lander", "Nebula", "Vault", "Alibi", "Ransom", "Getaway")
CATALOG = Catalog(
    [
        *(Item(f"s{n}", _TITLES[n], genres=("Space",), keywords=("stars",)) for n in SPACE),
        *(Item(f"c{n}", _TITLES[n], genres=("Crime",), keywords=("heist",)) for n in CRIME),
        Item("all", "Common", genres=("Drama",), keywords=("family",)),
        Item("none", "Unmet", genres=("Western",), keywords=("desert",)),
    ]
)


def toy_histories() -> Histories:
    """Three of four films of one clan in every order, then the film that everybody has had."""
    pasts = [(*three, EVERYBODYS) for clan in (SPACE, CRIME) for three in permutations(clan, 3)]
    return Histories.from_pasts(pasts, len(CATALOG))


def past(*items: int) -> np.ndarray:
    """A past of these items, oldest first."""
    return np.array(items, dtype=np.int32)


class WordEncoder:
    """An encoder that knows three words, one an axis."""

    def encode_queries(self, texts):
        return self.encode(texts)

    def encode(self, texts, *, progress=False):
        words = ("space", "crime", "drama")
        return np.array([[word in text.casefold() for word in words] for text in texts], np.float32)
