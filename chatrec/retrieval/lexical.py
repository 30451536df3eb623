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
from chatrec.retrieval.spelling import STEMMER, Spelling
from chatrec.retrieval.words import search_words
from chatrec.types import Candidate, Evidence, Item, Query

_WORD = re.compile(r"\w+")
# Title, genres, people, keywords, text, facts. Titles that a message names are read before, and a
# word that a title has by chance says little.
FIELD_WEIGHTS = (2.0, 3.0, 4.0, 3.0, 1.0, 1.0)
ANCHOR_WORDS = 24
LEAST_MET = 0.3  # of a wish, rare words counting for more: items that meet less answer another one
UNKNOWN = 0.25  # what a word that no item has counts for beside one that a single item has


class LexicalRetriever:
    """Items that contain the wish's words, best BM25 first; stemmed, accents ignored.

    A word for a mood is also met by the keywords that say the same (:mod:`.moods`), and one that
    no item has by what it most likely means (:mod:`.spelling`).
    """

    name = "lexical"

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._moods = Moods(catalog)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "CREATE VIRTUAL TABLE items USING fts5(title, genres, people, keywords, text, facts, "
            f"tokenize = '{STEMMER}')"
        )
        self._db.executemany(
            "INSERT INTO items(rowid, title, genres, people, keywords, text, facts) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((index, *_fields(item)) for index, item in enumerate(catalog.items)),
        )
        self._spelling = Spelling(self._db)

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` candidates; none where the wish names only genres that are limits already.

        The named items' people, keywords and genres are words too
        where the wish is relative to items (``near``), or has no word of its own.
        """
        wished = self._spelt(search_words(query.text, query.constraints))
        words = wished if wished and not query.near else [*wished, *self.anchor_words(query)]
        if not words:
            return []
        with self._lock:
            scores = dict(self._matching(" OR ".join(map(self._term, words)), k))
            if words is wished:
                scores = self._by_coverage(scores, words)
        looked_for = [(word, re.compile(rf"\b{re.escape(word)}\b")) for word in words]
        return [
            Candidate(item.item_id, scores[row], self.name, _evidence(item, looked_for))
            for row in sorted(scores, key=lambda row: (-scores[row], row))
            for item in (self._catalog.items[row],)
        ]

    def weights(self, word: str) -> dict[int, float]:
        """What the word, or phrase, adds to the score of every item that has it, by item_index.

        A query without words of its own scores an item by the sum over its anchor words.
        """
        with self._lock:
            return dict(self._matching(self._term(word), len(self._catalog)))

    def _spelt(self, words: Sequence[str]) -> list[str]:
        """The words, those that no item has as they were most likely meant, each once."""
        with self._lock:
            return list(dict.fromkeys(map(self._meant, words)))

    def _meant(self, word: str) -> str:
        known = "SELECT 1 FROM items WHERE items MATCH ? LIMIT 1"
        if self._db.execute(known, (self._term(word),)).fetchone():
            return word
        meant = self._spelling.meant(word)
        return word if meant is None else meant

    def _by_coverage(self, scores: dict[int, float], words: Sequence[str]) -> dict[int, float]:
        """The scores times the part of the wish that is met, rare words counting for more.

        BM25 alone puts an item that has one of two words often before one that has both, and is
        sure of itself where it knows one word of five. What meets too little is left out.
        """
        met: dict[int, float] = defaultdict(float)
        whole = 0.0
        for word in words:
            rows = self._matching(self._term(word), len(self._catalog))
            worth = math.log1p(len(self._catalog) / max(len(rows), 1))
            whole += worth if rows else UNKNOWN * worth
            for row, _ in rows:
                met[row] += worth
        parts = {row: met[row] / whole for row in scores}
        return {row: scores[row] * part for row, part in parts.items() if part >= LEAST_MET}

    def _term(self, word: str) -> str:
        """What FTS5 looks for: the word anywhere, or a keyword that says the same."""
        same = " OR ".join(f'"{keyword}"' for keyword in self._moods.keywords(word))
        return f'("{word}" OR keywords : ({same}))' if same else f'"{word}"'

    def _matching(self, match: str, k: int) -> list[tuple[int, float]]:
        """Rows and BM25 of at most ``k`` items, best first."""
        found: list[tuple[int, float]] = self._db.execute(
            "SELECT rowid, -bm25(items, ?, ?, ?, ?, ?, ?) AS score FROM items "
            "WHERE items MATCH ? ORDER BY score DESC, rowid LIMIT ?",
            (*FIELD_WEIGHTS, match, k),
        ).fetchall()
        return found

    def anchor_words(self, query: Query) -> list[str]:
        """People, keywords and genres of the named items, or else of the last of the history."""
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


def _evidence(
    item: Item, looked_for: Sequence[tuple[str, re.Pattern[str]]]
) -> tuple[Evidence, ...]:
    text = " ".join(_fields(item)).casefold()
    found = [word for word, whole in looked_for if word in text and whole.search(text)]
    return tuple(Evidence("match", word, LexicalRetriever.name) for word in found[:3])
