"""Lexical retrieval: BM25 over the items' fields with SQLite's FTS5, in memory.

Knows catalogues and queries; knows nothing about other retrievers. Names, rare words and titles
are what it finds and dense vectors miss.
"""

from __future__ import annotations

import math
import re
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Sequence

from chatrec.data.catalog import Catalog
from chatrec.retrieval.moods import Moods
from chatrec.retrieval.words import genre_words, wish_words
from chatrec.types import Candidate, Evidence, Item, Query

_WORD = re.compile(r"\w+")
# Title, genres, people, keywords, text, facts. Titles that a message names are read before, and a
# word that a title has by chance says little.
FIELD_WEIGHTS = "2.0, 3.0, 4.0, 3.0, 1.0, 1.0"
ANCHOR_WORDS = 24


class LexicalRetriever:
    """Items that contain the wish's words, best BM25 first; stemmed, accents ignored.

    A word for a mood is also met by the keywords that say the same (:mod:`.moods`).
    """

    name = "lexical"

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._moods = Moods(catalog)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "CREATE VIRTUAL TABLE items USING fts5(title, genres, people, keywords, text, facts, "
            "tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        self._db.executemany(
            "INSERT INTO items(rowid, title, genres, people, keywords, text, facts) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((index, *_fields(item)) for index, item in enumerate(catalog.items)),
        )

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` candidates; none where the wish names only genres that are limits already.

        The named items' people, keywords and genres are words too
        where the wish is relative to items (``near``), or has no word of its own.
        """
        settled = genre_words(query.constraints)
        wished = [word for word in wish_words(query.text) if word not in settled]
        words = wished if wished and not query.near else [*wished, *self._anchor_words(query)]
        if not words:
            return []
        with self._lock:
            scores = dict(self._matching(" OR ".join(map(self._term, words)), k))
            if words is wished:
                scores = self._by_coverage(scores, words)
        return [
            Candidate(item.item_id, scores[row], self.name, _evidence(item, words))
            for row in sorted(scores, key=lambda row: (-scores[row], row))
            for item in (self._catalog.items[row],)
        ]

    def _by_coverage(self, scores: dict[int, float], words: Sequence[str]) -> dict[int, float]:
        """The scores times the part of the wish that is met, rare words counting for more.

        BM25 alone puts an item that has one of two words often before one that has both.
        """
        met: dict[int, float] = defaultdict(float)
        whole = 0.0
        for word in words:
            rows = self._matching(self._term(word), len(self._catalog))
            worth = math.log1p(len(self._catalog) / len(rows)) if rows else 0.0
            whole += worth
            for row, _ in rows:
                met[row] += worth
        return {row: score * met[row] / whole for row, score in scores.items()}

    def _term(self, word: str) -> str:
        """What FTS5 looks for: the word anywhere, or a keyword that says the same."""
        same = " OR ".join(f'"{keyword}"' for keyword in self._moods.keywords(word))
        return f'("{word}" OR keywords : ({same}))' if same else f'"{word}"'

    def _matching(self, match: str, k: int) -> list[tuple[int, float]]:
        """Rows and BM25 of at most ``k`` items, best first."""
        found: list[tuple[int, float]] = self._db.execute(
            f"SELECT rowid, -bm25(items, {FIELD_WEIGHTS}) AS score FROM items "
            "WHERE items MATCH ? ORDER BY score DESC, rowid LIMIT ?",
            (match, k),
        ).fetchall()
        return found

    def _anchor_words(self, query: Query) -> list[str]:
        anchors = query.near or query.liked or query.history[-3:]
        items = [self._catalog.get(item_id) for item_id in anchors]
        phrases = [p for item in items for p in (*item.creators, *item.keywords, *item.genres)]
        return list(dict.fromkeys(" ".join(_WORD.findall(p)) for p in phrases))[:ANCHOR_WORDS]


def _fields(item: Item) -> Sequence[str]:
    return (
        item.title,
        " ".join(item.genres),
        ", ".join((*item.creators, *item.cast)),
        ", ".join(item.keywords),
        item.description,
        " ".join((*item.countries, item.language, *item.facts.values())),
    )


def _evidence(item: Item, words: Sequence[str]) -> tuple[Evidence, ...]:
    text = " ".join(_fields(item)).casefold()
    found = [word for word in words if re.search(rf"\b{re.escape(word)}\b", text)]
    return tuple(Evidence("match", word, LexicalRetriever.name) for word in found[:3])
