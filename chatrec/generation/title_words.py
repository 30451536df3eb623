"""What titles have in common: runs of words that stand in two of them and in few others.

For catalogues that tell nothing of their items but titles. Knows titles; knows no sentences.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from chatrec.data.catalog import Catalog
from chatrec.generation.words import STOP_WORDS

RARE = 5  # titles that a run stands in, or
RARE_SHARE = 0.01  # of the titles, up to which the longest run says most
COMMON_SHARE = 0.2  # a run in more of the titles than this links nothing
LONGEST = 3  # words of a run
LETTERS = 3  # of at least one word of a run that is no abbreviation
KEPT_CATALOGS = 4

# "O'Neill" and "7.1" are one word; of "Clancy's" it is "Clancy".
_ONE = r"(?:\d+(?:[.,]\d+)+|[^\W_]+(?:['’](?!s\b)[^\W_]+)*)"
_WORD = re.compile(_ONE)
_PIECE = re.compile(rf"{_ONE}(?: {_ONE})*")

_Index = dict[str, frozenset[int]]
_INDEXES: dict[str, _Index] = {}


def shared_words(title: str, other: str, catalog: Catalog) -> tuple[str, int]:
    """A run of words of ``title`` that stands in ``other`` too, and in how many titles it does.

    As ``title`` has it, with nothing but spaces between its words, of which there are at most
    three. The longest of the rare ones, or else the rarest; ("", 0) where every such run stands in
    more than a fifth of the catalogue's titles.
    """
    theirs = " | ".join(("", *(" ".join(_folded(part)) for part in _PIECE.findall(other)), ""))
    runs = [run for run in _runs(title) if f" {' '.join(_folded(run))} " in theirs]
    counts = {run: titles_with(run, catalog) for run in runs}
    limit = max(RARE, RARE_SHARE * len(catalog))
    rare = [run for run in runs if counts[run] <= limit]
    if rare:
        best = max(rare, key=lambda run: len(run.split(" ")))
        return best, counts[best]
    few = [run for run in runs if counts[run] <= COMMON_SHARE * len(catalog)]
    best = min(few, key=counts.__getitem__, default="")
    return best, counts.get(best, 0)


def titles_with(run: str, catalog: Catalog) -> int:
    """How many titles of the catalogue have all words of ``run``."""
    index = _index_of(catalog)
    sets = [index.get(word, frozenset()) for word in _folded(run)]
    return len(frozenset.intersection(*sets)) if sets else 0


def _runs(title: str) -> Iterator[str]:
    """Every short run of words of each part of ``title`` between marks.

    None begins or ends in a stop word.
    """
    for part in _PIECE.findall(title):
        words = part.split(" ")
        for start in range(len(words)):
            for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
                ends = {words[start].casefold(), words[end - 1].casefold()}
                if not ends & STOP_WORDS and any(map(_tells, words[start:end])):
                    yield " ".join(words[start:end])


def _tells(word: str) -> bool:
    """Whether a word alone says something: "Zelda", "PC", no number and no "of"."""
    if word.casefold() in STOP_WORDS or word.isdecimal():
        return False
    return len(word) >= LETTERS or (len(word) > 1 and word.isupper())


def _folded(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def _index_of(catalog: Catalog) -> _Index:
    """The rows of the titles that have each folded word; kept for the last few catalogues."""
    found = _INDEXES.get(catalog.checksum)
    if found is None:
        rows: dict[str, set[int]] = defaultdict(set)
        for row, item in enumerate(catalog):
            for word in _folded(item.title):
                rows[word].add(row)
        found = {word: frozenset(having) for word, having in rows.items()}
        while len(_INDEXES) >= KEPT_CATALOGS:
            _INDEXES.pop(next(iter(_INDEXES)), None)
        _INDEXES[catalog.checksum] = found
    return found
