"""Lexical retrieval: BM25 over the items' fields with SQLite's FTS5, in memory.

Knows catalogues and queries; knows nothing about other retrievers. Names, rare words and titles
are what it finds and dense vectors miss.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Sequence

from chatrec.data.catalog import Catalog
from chatrec.types import Candidate, Constraints, Evidence, Item, Query

_WORD = re.compile(r"\w+")
_JOINED = re.compile(r"\w+(?:-\w+)*")  # "sci-fi" is one word, which FTS5 looks for as a phrase
_STOP_TEXT = """
a about all also an and any are as at be been but by can could do does don enjoyed film films for
from give good great had has hated have he her his i in is it its just like liked looking lot love
loved m made me more movie movies my no not of on one ones or our please quite really recommend s
seen she show so some somebody someone something stories story t tale tales than that the their
them there they this those through to tonight too ve very want was watch we were what where which
who with without would you
"""
_STOP = frozenset(_STOP_TEXT.split())
FIELD_WEIGHTS = "5.0, 3.0, 4.0, 3.0, 1.0, 1.0"  # title, genres, people, keywords, text, facts
ANCHOR_WORDS = 24


class LexicalRetriever:
    """Items that contain the wish's words, best BM25 first; stemmed, accents ignored."""

    name = "lexical"

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
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
        settled = _genre_words(query.constraints)
        wished = [word for word in wish_words(query.text) if word not in settled]
        words = wished if wished and not query.near else [*wished, *self._anchor_words(query)]
        if not words:
            return []
        match = " OR ".join(f'"{word}"' for word in words)
        with self._lock:
            rows = self._db.execute(
                f"SELECT rowid, -bm25(items, {FIELD_WEIGHTS}) AS score FROM items "
                "WHERE items MATCH ? ORDER BY score DESC, rowid LIMIT ?",
                (match, k),
            ).fetchall()
        return [
            Candidate(item.item_id, float(score), self.name, _evidence(item, words))
            for item, score in ((self._catalog.items[row], score) for row, score in rows)
        ]

    def _anchor_words(self, query: Query) -> list[str]:
        anchors = query.near or query.liked or query.history[-3:]
        items = [self._catalog.get(item_id) for item_id in anchors]
        phrases = [p for item in items for p in (*item.creators, *item.keywords, *item.genres)]
        return list(dict.fromkeys(" ".join(_WORD.findall(p)) for p in phrases))[:ANCHOR_WORDS]


def wish_words(text: str) -> list[str]:
    """The words of a wish that are worth looking for, lower case, in order, each once.

    >>> wish_words("I want a sci-fi film with time loops, time!")
    ['sci-fi', 'time', 'loops']
    """
    words = (word.casefold() for word in _JOINED.findall(text))
    return list(dict.fromkeys(word for word in words if word not in _STOP))


def _genre_words(limits: Constraints) -> set[str]:
    """Words for genres that every allowed item has: they tell no item from another."""
    names = {genre.casefold() for genre in (*limits.genres_all, *limits.genres_any)}
    plurals = {f"{name}s" for name in names} | {f"{name.removesuffix('y')}ies" for name in names}
    return names | plurals


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
