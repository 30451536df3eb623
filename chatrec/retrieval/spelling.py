"""What a misspelt word of a wish most likely means: the nearest word that many items have.

Knows the terms of an FTS5 index; knows nothing about wishes or items. Terms are stems where the
index stems, and so is what it gives back, which the index finds all the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from rapidfuzz.distance import OSA

LEAST_LETTERS = 5  # shorter words have too many neighbours
LEAST_ITEMS = 10  # that have the meant word: a rare one is no likely meaning
LONG = 8  # letters from which on two slips are allowed
STEMMER = "porter unicode61 remove_diacritics 2"


class Spelling:
    """Looks for words among the terms of the FTS5 table ``items``. Not safe between threads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(items, row)")
        db.execute(f"CREATE VIRTUAL TABLE spoken USING fts5(word, tokenize = '{STEMMER}')")
        db.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(spoken, row)")

    def meant(self, word: str) -> str | None:
        """The term that the word, which no item has, most likely stands for; None for no likely
        one. A slip is a letter too many, too few, wrong, or swapped with the next (optimal string
        alignment, Damerau 1964). The first letter is taken as right, as people seldom miss it; a
        slip in an ending that the index stems away is not made good.
        """
        if len(word) < LEAST_LETTERS or not word.isalpha():
            return None
        slips = 1 if len(word) < LONG else 2
        stem = self._stem(word)
        terms: Iterable[tuple[str, int]] = self._db.execute(
            "SELECT term, doc FROM terms WHERE term >= ? AND term < ? AND doc >= ? "
            "AND length(term) BETWEEN ? AND ?",
            (stem[0], chr(ord(stem[0]) + 1), LEAST_ITEMS, len(stem) - slips, len(stem) + slips),
        )
        near = [
            (distance, -items, term)
            for term, items in terms
            if (distance := OSA.distance(stem, term, score_cutoff=slips)) <= slips
        ]
        return min(near)[2] if near else None

    def _stem(self, word: str) -> str:
        self._db.execute("DELETE FROM spoken")
        self._db.execute("INSERT INTO spoken(word) VALUES (?)", (word,))
        (stem,) = self._db.execute("SELECT term FROM stems").fetchone()
        return str(stem)
