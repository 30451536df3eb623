"""Collects the facts that support an item: its own, its links to what was liked, wish words.

Knows items and queries; knows nothing about models, and words no sentences (see phrasing.py).
Everything is deterministic: the same item, query and catalogue give the same tuple.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from chatrec.data.catalog import Catalog
from chatrec.generation.words import STOP_WORDS, stem, words_of
from chatrec.types import Evidence, Item, Query

SEPARATOR = " | "
HISTORY_ITEMS = 10
LINKS_PER_KIND = 4
SPECIFIC_KINDS = frozenset(
    {"shared_creator", "shared_cast", "shared_keyword", "creator", "cast", "keyword", "description"}
)

_NEGATION = re.compile(r"\b(?:no|not|without|less|never|avoid|except|n't|hate|dislike)\b", re.I)
_CLAUSE = re.compile(r"[.,;!?]|\b(?:but|and yet|rather)\b", re.I)
_LINKS: tuple[tuple[str, Callable[[Item], tuple[str, ...]]], ...] = (
    ("shared_creator", lambda item: item.creators),
    ("shared_cast", lambda item: item.cast),
    ("shared_keyword", lambda item: item.keywords),
    ("shared_genre", lambda item: item.genres),
)


def evidence_for(item: Item, query: Query, catalog: Catalog) -> tuple[Evidence, ...]:
    """Every fact that supports ``item``, the most relevant first.

    Links to the items named, liked or met last (at most four of a kind) come first, then wish
    words found in the item, then the item's own facts. Ids that the catalogue lacks are skipped;
    a fact that the item lacks gives no evidence. An item without facts gives an empty tuple.
    """
    links = list(_links(item, _anchors(item, query, catalog)))
    strong = [link for link in links if link.kind != "shared_genre"]
    weak = [link for link in links if link.kind == "shared_genre"]
    matches = [Evidence("match", found, "your words") for found in _matches(item, query.text)]
    return (*strong, *matches, *weak, *own_facts(item))


def own_facts(item: Item) -> tuple[Evidence, ...]:
    """The item's own facts, from the telling (creator, theme) to the plain (price, age rating)."""
    found = [("creator", name) for name in item.creators]
    found += [("keyword", word) for word in item.keywords]
    found += [("cast", name) for name in item.cast]
    found += [("description", item.description)] if item.description else []
    found += [("genre", genre) for genre in item.genres]
    found += [("country", country) for country in item.countries]
    found += [("language", item.language)] if item.language else []
    found += [("year", str(item.year))] if item.year is not None else []
    found += [("runtime", f"{item.runtime_min} minutes")] if item.runtime_min is not None else []
    found += [("age_rating", item.age_rating)] if item.age_rating else []
    found += [("price", f"{item.price:.2f}")] if item.price is not None else []
    found += [("fact", f"{column}: {value}") for column, value in item.facts.items() if value]
    return tuple(Evidence(kind, text, "catalogue") for kind, text in found)


def brief(evidence: Sequence[Evidence], n: int = 4) -> tuple[Evidence, ...]:
    """The at most ``n`` pieces that go into a prompt, in their order of relevance.

    One of each kind as far as that goes, no name twice, and at least one that is specific to the
    item where there is one. A description (long) is taken only where little else is specific.
    """
    if n < 1:
        return ()
    short = [piece for piece in evidence if piece.kind != "description"]
    few = sum(piece.kind in SPECIFIC_KINDS for piece in short) < 2
    pool = list(evidence) if few else short
    picked = _varied(pool, n)
    if not any(piece.kind in SPECIFIC_KINDS for piece in picked):
        specific = next((piece for piece in pool if piece.kind in SPECIFIC_KINDS), None)
        picked = picked if specific is None else [*picked[: n - 1], specific]
    return tuple(picked)


def subject(piece: Evidence) -> str:
    """What a piece is about: the name, genre or keyword of a link, else its whole text."""
    return split_link(piece)[0] if piece.kind.startswith("shared_") else piece.text


def split_link(piece: Evidence) -> tuple[str, str]:
    """Name and liked title of a ``shared_...`` piece: ``"Amy Adams | Arrival"`` taken apart."""
    name, _, title = piece.text.partition(SEPARATOR)
    return name, title


def _varied(pool: Sequence[Evidence], n: int) -> list[Evidence]:
    picked: list[Evidence] = []
    for allow_repeats in (False, True):
        for piece in pool:
            kinds = {_plain_kind(other.kind) for other in picked}
            names = {subject(other).casefold() for other in picked}
            fresh = subject(piece).casefold() not in names
            varied = allow_repeats or _plain_kind(piece.kind) not in kinds
            if len(picked) < n and fresh and varied:
                picked.append(piece)
    return picked


def _plain_kind(kind: str) -> str:
    return kind.removeprefix("shared_")


def _anchors(item: Item, query: Query, catalog: Catalog) -> list[Item]:
    recent = (*query.near, *reversed(query.liked), *reversed(query.history[-HISTORY_ITEMS:]))
    unwanted = {item.item_id, *query.disliked}
    kept = [item_id for item_id in dict.fromkeys(recent) if item_id not in unwanted]
    return [catalog.get(item_id) for item_id in kept if item_id in catalog]


def _links(item: Item, anchors: Sequence[Item]) -> Iterator[Evidence]:
    for kind, values in _LINKS:
        seen: set[str] = set()
        for anchor in anchors:
            theirs = {value.casefold() for value in values(anchor)}
            for value in values(item):
                key = value.casefold()
                if key in theirs and key not in seen and len(seen) < LINKS_PER_KIND:
                    seen.add(key)
                    yield Evidence(kind, f"{value}{SEPARATOR}{anchor.title}", "catalogue")


def _matches(item: Item, wish: str) -> list[str]:
    """Keywords, genres, then single words of the item that the wish asks for."""
    wanted = _wanted(wish)
    stems = set(wanted)
    phrases = [
        phrase
        for phrase in (*item.keywords, *item.genres)
        if (parts := {stem(word) for word in words_of(phrase)} - STOP_WORDS) and parts <= stems
    ]
    covered = {stem(word) for phrase in phrases for word in words_of(phrase)}
    text = " ".join((*item.keywords, *item.genres, item.description))
    present = {stem(word) for word in words_of(text)} - covered
    single = [word for found, word in wanted.items() if found in present]
    return list(dict.fromkeys((*phrases, *single)))[: 2 * LINKS_PER_KIND]


def _wanted(wish: str) -> dict[str, str]:
    """Stem -> word of the wish, without stop words and without what a negation governs."""
    wanted: dict[str, str] = {}
    for clause in _CLAUSE.split(wish):
        positive = _NEGATION.split(clause)[0]
        for word in words_of(positive):
            if len(word) > 2 and word not in STOP_WORDS:
                wanted.setdefault(stem(word), word)
    return wanted
