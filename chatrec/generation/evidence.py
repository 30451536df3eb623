"""Collects the facts that support an item: its links to what was named, the wish, its own facts.

Knows items and queries; knows nothing about models, and words no sentences (see phrasing.py).
Everything is deterministic: the same item, query and catalogue give the same tuple. The source of
a link says what its title is to the user: "liked" or "named" in this conversation, or "history".
A fact that the wish asks for has the source "your words"; all others have "catalogue".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from chatrec.data.catalog import Catalog
from chatrec.generation.asked import asked_facts, wished_stems, wished_words, without_noun
from chatrec.generation.fact_words import NO_COLUMNS, Columns, columns_of, telling_facts
from chatrec.generation.quotes import quotable
from chatrec.generation.themes import is_mood
from chatrec.generation.title_words import shared_words
from chatrec.generation.wording import STORY_DOMAINS
from chatrec.generation.words import stem, words_of
from chatrec.types import Evidence, Item, Query

SEPARATOR = " | "
HISTORY_ITEMS = 10
LINKS_PER_KIND = 4
ENOUGH = 3  # telling facts, beside which the dull ones are left out
COMMON_SHARE = 0.02  # a keyword of more items than this is no rare link
KEPT_COUNTS = 4
BARE_SHARE = 0.01  # of items with facts, below which a catalogue tells nothing but titles
ASKED, LIKED, NAMED, HISTORY = "your words", "liked", "named", "history"
IN_TITLE = "title"  # the source of a match that is found in the item's title
FREE = "free"  # the text of a price of nothing
TOGETHER = "together"  # the kind of what the same people had
SPECIFIC_KINDS = frozenset(
    {
        "shared_creator",
        "shared_cast",
        "shared_keyword",
        "shared_title",
        "creator",
        "cast",
        "keyword",
        "description",
    }
)
_DULL_KINDS = frozenset({"country", "language", "year", "runtime", "age_rating"})

_TITLE_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_Anchor = tuple[Item, str]
_LINKS: tuple[tuple[str, Callable[[Item], tuple[str, ...]]], ...] = (
    ("shared_creator", lambda item: item.creators),
    ("shared_cast", lambda item: item.cast),
    ("shared_keyword", lambda item: item.keywords),
    ("shared_genre", lambda item: item.genres),
)
_COUNTS: dict[str, Counter[str]] = {}
_BARE: dict[str, bool] = {}


def evidence_for(item: Item, query: Query, catalog: Catalog) -> tuple[Evidence, ...]:
    """Every fact that supports ``item``, the most relevant first.

    What the wish asks for by name comes first, then links to the items named, liked or met last
    (at most four of a kind; people, then rare themes), then the item's own facts, those that the
    wish touches before the others, and shared genres last. Ids that the catalogue lacks are
    skipped; a fact that the item lacks gives no evidence. What is described and not told (an app,
    a product) has for its description the sentence to quote, one that the wish touches if it can
    be had. An item of which nothing but its title is known has the words of it that are in the
    wish, and those in one of those titles, where there are any; else an empty tuple.
    """
    counts = _word_counts(catalog)
    query = replace(query, text=without_noun(query.text, catalog.domain))
    links = list(_links(item, _anchors(item, query, catalog), counts))
    strong = [link for link in links if link.kind != "shared_genre"]
    weak = [link for link in links if link.kind == "shared_genre"]
    asked = [Evidence(kind, text, ASKED) for kind, text in asked_facts(item, query)]
    told = {(piece.kind, piece.text) for piece in asked}
    wished = wished_stems(query.text)
    own = [
        piece
        for piece in own_facts(item, columns_of(catalog))
        if (piece.kind, piece.text) not in told
    ]
    if catalog.domain not in STORY_DOMAINS:
        own = [_quoted(piece, item, wished) for piece in own]
    own.sort(key=lambda piece: _touch(piece, wished, counts))
    found = (*asked, *strong, *own, *weak)
    return found or (
        *_title_match(item, wished_words(query.text)),
        *_title_link(item, _anchors(item, query, catalog), catalog),
    )


def noted_similar(
    noted: Sequence[Evidence], query: Query, catalog: Catalog
) -> tuple[Evidence, ...]:
    """What retrieval noted an item to be close to, with what those titles are to the user.

    A title that the user only had before and did not name gets the source "history"; others keep
    theirs.
    """
    spoken = {catalog.get(i).title for i in (*query.near, *query.liked) if i in catalog}
    return tuple(
        piece if piece.text in spoken else replace(piece, source=HISTORY)
        for piece in dict.fromkeys(noted)
        if piece.kind == "similar"
    )


def wording_domain(catalog: Catalog) -> str:
    """The domain whose words the reasons use: the catalogue's, or "item" where it tells nothing.

    Where hardly any item has a fact besides its title, nothing says that each is a game or a film
    and no case, cable or ticket for one.
    """
    found = _BARE.get(catalog.checksum)
    if found is None:
        columns = columns_of(catalog)
        told = (item for item in catalog if own_facts(item, columns))
        enough = max(1, math.ceil(BARE_SHARE * len(catalog)))
        found = sum(1 for _ in islice(told, enough)) < enough
        while len(_BARE) >= KEPT_COUNTS:
            _BARE.pop(next(iter(_BARE)), None)
        _BARE[catalog.checksum] = found
    return "item" if found else catalog.domain


def own_facts(item: Item, columns: Columns = NO_COLUMNS) -> tuple[Evidence, ...]:
    """The item's own facts, from the telling (creator, theme) to the plain (price, age rating).

    Of the columns without a field only those that are worth saying; ``columns`` has the scales of
    ratings, without which no rating is. A language that is given as a code is left out.
    """
    found = [("creator", name) for name in item.creators]
    found += [("keyword", word) for word in item.keywords]
    found += [("description", item.description)] if item.description else []
    found += [("cast", name) for name in item.cast]
    found += [("genre", genre) for genre in item.genres]
    found += [("country", country) for country in item.countries]
    named = item.language and not _is_code(item.language)
    found += [("language", item.language)] if named else []
    found += [("year", str(item.year))] if item.year is not None else []
    found += [("runtime", f"{item.runtime_min} minutes")] if item.runtime_min is not None else []
    found += [("age_rating", item.age_rating)] if item.age_rating else []
    found += (
        [("price", f"{item.price:.2f}" if item.price else FREE)] if item.price is not None else []
    )
    found += [("fact", text) for text in telling_facts(item, columns)]
    return tuple(Evidence(kind, text, "catalogue") for kind, text in found)


def brief(evidence: Sequence[Evidence], n: int = 6) -> tuple[Evidence, ...]:
    """The at most ``n`` pieces that a reason may choose from, in their order of relevance.

    One of each kind as far as that goes, then two, no name twice;
    shared genres only where nothing better links the item, and always something that is specific
    to the item where there is any. Plain facts (language, country, year, length, age rating) only
    where they are asked for or where little else is known; what others chose never.
    """
    if n < 1:
        return ()
    evidence = sayable(evidence)
    if any(piece.kind == "shared_title" for piece in evidence):
        evidence = [piece for piece in evidence if piece.kind != "similar"]
    better = any(p.kind.startswith("shared_") and p.kind != "shared_genre" for p in evidence)
    pool = [p for p in evidence if not (better and p.kind == "shared_genre")]
    telling = [p for p in pool if p.kind not in _DULL_KINDS or p.source == ASKED]
    pool = telling if len(telling) >= ENOUGH else pool
    if not better:
        pool.sort(key=lambda p: 0 if p.source == ASKED else 1 if p.kind == "shared_genre" else 2)
    picked = _varied(pool, n)
    if not any(piece.kind in SPECIFIC_KINDS for piece in picked):
        specific = next((piece for piece in pool if piece.kind in SPECIFIC_KINDS), None)
        picked = picked if specific is None else [*picked[: n - 1], specific]
    return tuple(picked)


def sayable(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence that sentences are made from: what the item is, not what others chose.

    What people had together stands beside the reason as it is.
    """
    return tuple(piece for piece in evidence if piece.kind != TOGETHER)


def subject(piece: Evidence) -> str:
    """What a piece is about: the name, genre or keyword of a link, else its whole text."""
    return split_link(piece)[0] if piece.kind.startswith("shared_") else piece.text


def split_link(piece: Evidence) -> tuple[str, str]:
    """Name and liked title of a ``shared_...`` piece: ``"Amy Adams | Arrival"`` taken apart."""
    name, _, title = piece.text.partition(SEPARATOR)
    return name, title


def _is_code(language: str) -> bool:
    """Whether a language is given as "en" or "pt-BR" and not by its name."""
    return len(language.split("-")[0].split("_")[0]) <= 3


def _quoted(piece: Evidence, item: Item, wished: frozenset[str]) -> Evidence:
    """A description cut to the sentence that can be quoted, where it has one; else ``piece``."""
    sentence = quotable(item, wished) if piece.kind == "description" else ""
    return replace(piece, text=sentence) if sentence else piece


def _title_match(item: Item, wished: frozenset[str]) -> tuple[Evidence, ...]:
    """The longest run of words of the item's title that the wish has too."""
    words = _TITLE_WORD.findall(item.title)
    runs: list[list[str]] = [[]]
    for word in words:
        if word.casefold() in wished:
            runs[-1].append(word)
        else:
            runs.append([])
    best = max(runs, key=len)
    return (Evidence("match", " ".join(best), IN_TITLE),) if best else ()


def _title_link(item: Item, anchors: Sequence[_Anchor], catalog: Catalog) -> tuple[Evidence, ...]:
    """The words of the item's title that one of the anchors' has too, the rarest of all."""
    found = [
        (*shared_words(item.title, other.title, catalog), other, tie) for other, tie in anchors
    ]
    able = [one for one in found if one[0]]
    if not able:
        return ()
    words, _, other, tie = min(able, key=lambda one: one[1])
    return (Evidence("shared_title", f"{words}{SEPARATOR}{other.title}", tie),)


def _varied(pool: Sequence[Evidence], n: int) -> list[Evidence]:
    picked: list[Evidence] = []
    for allowed in (1, 2, n):
        for piece in pool:
            alike = sum(_plain_kind(other) == _plain_kind(piece) for other in picked)
            names = {subject(other).casefold() for other in picked}
            fresh = subject(piece).casefold() not in names
            if len(picked) < n and fresh and alike < allowed:
                picked.append(piece)
    order = {id(piece): place for place, piece in enumerate(pool)}
    return sorted(picked, key=lambda piece: order[id(piece)])


def _plain_kind(piece: Evidence) -> str:
    return piece.kind.removeprefix("shared_")


def _anchors(item: Item, query: Query, catalog: Catalog) -> list[_Anchor]:
    """The items that links may name, the most telling first, and what each is to the user."""
    near = {i: LIKED if i in query.liked else NAMED for i in query.near}
    recent = near | {i: LIKED for i in reversed(query.liked) if i not in near}
    recent |= {i: HISTORY for i in reversed(query.history[-HISTORY_ITEMS:]) if i not in recent}
    unwanted = {item.item_id, *query.disliked}
    return [
        (catalog.get(i), tie) for i, tie in recent.items() if i not in unwanted and i in catalog
    ]


def _links(item: Item, anchors: Sequence[_Anchor], counts: Counter[str]) -> Iterator[Evidence]:
    for kind, values in _LINKS:
        own = values(item)
        if kind == "shared_keyword":
            own = tuple(sorted(own, key=lambda word: (is_mood(word), counts[word.casefold()])))
        if kind == "shared_genre":
            own = tuple(sorted(own, key=lambda genre: counts[genre.casefold()]))
        seen: set[str] = set()
        for anchor, tie in anchors:
            theirs = {value.casefold() for value in values(anchor)}
            for value in own:
                key = value.casefold()
                if key in theirs and key not in seen and len(seen) < LINKS_PER_KIND:
                    seen.add(key)
                    yield Evidence(kind, f"{value}{SEPARATOR}{anchor.title}", tie)


def _touch(piece: Evidence, wished: frozenset[str], counts: Counter[str]) -> tuple[int, int]:
    """Sorts own facts: what shares words with the wish first, common keywords last of all.

    Other facts keep the order of :func:`own_facts`.
    """
    text = piece.text if piece.kind in ("keyword", "description") else ""
    shared = len({stem(word) for word in words_of(text)} & wished)
    common = piece.kind == "keyword" and counts[piece.text.casefold()] > _common(counts)
    return (-min(shared, 1), int(common))


def _common(counts: Counter[str]) -> float:
    return max(2.0, COMMON_SHARE * counts[""])


def _word_counts(catalog: Catalog) -> Counter[str]:
    """How many items have each folded keyword or genre; under "" the number of items."""
    found = _COUNTS.get(catalog.checksum)
    if found is None:
        found = Counter(
            word
            for item in catalog.items
            for word in {word.casefold() for word in (*item.keywords, *item.genres)}
        )
        found[""] = len(catalog.items)
        while len(_COUNTS) >= KEPT_COUNTS:
            _COUNTS.pop(next(iter(_COUNTS)), None)
        _COUNTS[catalog.checksum] = found
    return found
