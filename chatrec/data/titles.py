"""Finds catalogue titles that are named in free text. It knows nothing about users or ranking.

A title is compared by its letters and digits alone, so case, accents, punctuation and word
breaks ("Spider-Man", "spiderman") don't matter, and a leading article is optional. Which words
of everyday English count as a title only when marked as one is in ``title_words.py``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import NamedTuple

from rapidfuzz import fuzz, process

from chatrec.data.catalog import Catalog
from chatrec.data.short_titles import (
    SHORT_WORDS,
    beginnings,
    endings,
    title_forms,
    title_words,
)
from chatrec.data.title_words import (
    ARTICLES,
    FUNCTION_WORDS,
    Token,
    content_words,
    is_marked,
    is_plain_language,
    is_quoted,
    is_spoken,
    is_watched,
    numbers_of,
    tokenise,
)

LEAST_SIMILAR = 85.0  # per cent; a misspelling further away is another title
LOOKUP_LEAST_SIMILAR = 75.0
LEAST_SHARED = 0.6  # part of a title's content letters in words that the text has, or nearly has
SHORT_FORM = 0.8  # the score of a title called by its last words
_LONGEST = 14  # words of a title that are looked for
_CANDIDATES = 200  # titles with the most shared letters that are compared with the text
_FUZZY_LETTERS = 5  # shorter titles must be spelt right
_PART_WEIGHT = 0.75  # of the letters of a short form, beside a shorter title that is spelt out
_PART_LETTERS = 10  # shorter parts of titles too
_FREE_LETTERS = 10  # least of a short form without capitals, after "loved" and the like
_YEAR = re.compile(
    r"[\"'”’»]?(?:,\s+(?:the|an?|les?|la))?\s*(?:\((1[89]\d\d|20\d\d)\)|(1[89]\d\d|20\d\d)\b)",
    re.IGNORECASE,
)
_SEQUEL = re.compile(
    r"\s+(?:part\s+)?(?:[2-9]|ii+|iv|vi*)\b(?!\s*(?:times?|years?|days?|hours?|stars?|more|of|or|"
    r"and|out|people|kids|weeks?|months?))",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[.!?…]+")
_GOES_ON = re.compile(r"[\"']? +[^\WA-Z]")  # a sentence, in small letters


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A mention ``text[start:end]`` of an item; ``score`` is 1.0 for a title spelt as it is.

    ``ambiguous_with`` holds the ids of other items that the same words name; ``part`` says that
    those words are only a part of the titles.
    """

    item_id: str
    title: str
    start: int
    end: int
    score: float
    ambiguous_with: tuple[str, ...] = ()
    part: bool = False


class _Span(NamedTuple):
    """Tokens ``first`` to ``last`` (exclusive) that spell ``key``."""

    first: int
    last: int
    key: str
    score: float


class TitleIndex:
    """All titles of a catalogue, ready to be found."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._items: dict[str, list[int]] = defaultdict(list)  # letters of a title -> item indices
        self._score: dict[str, float] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        heads: dict[str, list[int]] = defaultdict(list)
        for index, item in enumerate(catalog):
            forms = title_forms(item.title)
            for words in forms[:1]:
                self._add(words, index)
                if words[0] in ARTICLES and len(words) > 1:
                    self._add(words[1:], index)
            for words in forms[1:]:
                heads["".join(words)].append(index)
                self._words.setdefault("".join(words), words)
        for key, indices in heads.items():
            if key not in self._items:  # a part of a title never hides a whole one
                self._items[key] = list(dict.fromkeys(indices))
                self._score[key] = 0.9
        self._ends = self._shortenings()
        self._keys = tuple(self._items)
        self._by_word: dict[str, list[int]] = defaultdict(list)  # word -> indices of _keys
        self._content = [len("".join(content_words(self._words[key]))) for key in self._keys]
        for index, key in enumerate(self._keys):
            if len(key) >= (_FUZZY_LETTERS if self._score[key] == 1.0 else _PART_LETTERS):
                for word in set(content_words(self._words[key])):
                    self._by_word[word].append(index)
        self._vocabulary = tuple(self._by_word)

    def _add(self, words: tuple[str, ...], index: int) -> None:
        key = "".join(words)
        self._words.setdefault(key, words)
        self._score[key] = 1.0
        if index not in self._items[key]:
            self._items[key].append(index)

    def _shortenings(self) -> dict[str, list[int]]:
        """Short forms that aren't a title themselves; those that are a part already join it."""
        found: dict[str, list[int]] = {}
        for words, items in beginnings(self._catalog).items():
            key = "".join(words)
            if key not in self._items:
                found[key] = items
            elif self._score[key] < 1:  # a part of several titles names them all
                self._items[key] = list(dict.fromkeys((*self._items[key], *items)))
        ended = {"".join(words): items for words, items in endings(self._catalog).items()}
        return found | {key: items for key, items in ended.items() if key not in self._items}

    def find(self, text: str) -> list[TitleMatch]:
        """Every mention of a title in ``text``, in the order of the text, none overlapping.

        Longer mentions win. Misspellings of up to about 15 % are found; a title that is also
        plain language ("Up", "Moon") only if capitalised or quoted, or if it is the whole text.
        Capitalised words that one series alone ends with name it, with the score SHORT_FORM.
        """
        tokens = tokenise(text)
        exact = [span for span in self._exact(tokens) if self._meant(text, tokens, span)]
        short = list(self._shortened(text, tokens))
        spelt = {span[:2] for span in short}
        known = {(position, span.key) for span in exact for position in range(*span[:2])}
        near = [
            span
            for span in self._misspelt(tokens)
            if span[:2] not in spelt
            and not any((position, span.key) in known for position in range(*span[:2]))
            and self._meant(text, tokens, span)
        ]
        spans = sorted(
            [*exact, *near, *short],
            key=lambda s: (
                -len(s.key) * (_PART_WEIGHT if s.score == SHORT_FORM else s.score**3),
                s.first,
            ),
        )
        taken: set[int] = set()
        matches = []
        for span in spans:
            covered = set(range(span.first, span.last))
            match = None if taken & covered else self._match(text, tokens, span)
            if match is not None:
                matches.append(match)
                taken |= {i for i in range(len(tokens)) if tokens[i].start in _extent(match)}
        return sorted(matches, key=lambda match: match.start)

    def lookup(self, title: str, *, misspelt: bool = True) -> list[TitleMatch]:
        """The items that ``title`` alone names, best first; empty where none is close.

        A year in brackets or at the end picks among items of one title. Without ``misspelt`` only
        titles, or parts of titles, that are spelt so are found, which takes no time.
        """
        forms = title_forms(title.strip().strip("\"'“”‘’«»"))
        whole = "".join(forms[0])
        if whole in self._items:
            return self._ranked(title, whole, self._score[whole], None)
        matches: list[TitleMatch] = []
        year = re.fullmatch(r"(.*?\S)\s*\(?(1[89]\d\d|20\d\d)\)?\s*", title)
        if year is not None:
            key = "".join(title_forms(year[1])[0])
            if key in self._items:
                matches = self._ranked(title, key, self._score[key], int(year[2]))
        if matches or not misspelt:
            return matches
        return self._close(title, whole if year is None else "".join(title_forms(year[1])[0]))

    def holding(self, name: str) -> list[str]:
        """The ids of the items whose titles hold the words of a name, newest first."""
        words = f" {' '.join(title_words(name))} "
        found = [i for i in self._catalog if words in f" {' '.join(title_words(i.title))} "]
        return [i.item_id for i in sorted(found, key=lambda i: -(i.year or 0))]

    def _ranked(self, text: str, key: str, score: float, year: int | None) -> list[TitleMatch]:
        indices = self._best_first(key, text)
        if year is not None:
            indices = [i for i in indices if self._catalog.items[i].year in (year, None)]
        ids = [self._catalog.items[i].item_id for i in indices]
        return [
            TitleMatch(
                self._catalog.items[i].item_id,
                self._catalog.items[i].title,
                0,
                len(text),
                score,
                tuple(other for other in ids if other != self._catalog.items[i].item_id),
            )
            for i in indices
        ]

    def _close(self, text: str, key: str) -> list[TitleMatch]:
        found = process.extract(
            key, self._keys, scorer=fuzz.ratio, score_cutoff=LOOKUP_LEAST_SIMILAR, limit=5
        )
        matches: dict[str, TitleMatch] = {}
        for close, similar, _ in found:
            if numbers_of(self._words[close]) != numbers_of(title_words(text)):
                continue
            for match in self._ranked(text, close, similar / 100 * self._score[close], None):
                matches.setdefault(match.item_id, match)
        return list(matches.values())

    def _best_first(self, key: str, said: str) -> list[int]:
        """Those titled just as ``said``, without an article more or less, before the newer ones."""
        items, said = self._catalog.items, " ".join(title_words(said))
        return sorted(
            self._items.get(key) or self._ends[key],
            key=lambda i: (" ".join(title_words(items[i].title)) != said, -(items[i].year or 0), i),
        )

    def _exact(self, tokens: Sequence[Token]) -> Iterator[_Span]:
        for first in range(len(tokens)):
            key = ""
            for last in range(first + 1, min(first + _LONGEST, len(tokens)) + 1):
                key += tokens[last - 1].word
                if key in self._items:
                    broken_alike = len(key) >= 7 or len(self._words[key]) == last - first
                    if broken_alike:
                        yield _Span(first, last, key, self._score[key])

    def _shortened(self, text: str, tokens: Sequence[Token]) -> Iterator[_Span]:
        """Runs of capitalised words that are the end of a title."""
        for first in range(len(tokens)):
            for last in range(first + SHORT_WORDS, min(first + _LONGEST, len(tokens)) + 1):
                key = "".join(token.word for token in tokens[first:last])
                ends = text[tokens[first].start], text[tokens[last - 1].start]
                capitals = all(letter.isupper() for letter in ends) and text != text.upper()
                watched = first > 0 and is_watched(tokens[first - 1].word) and text != text.upper()
                capitals |= watched and len(key) >= _FREE_LETTERS
                if capitals and key in self._ends and is_marked(text, tokens, first, last):
                    yield _Span(first, last, key, SHORT_FORM)

    def _misspelt(self, tokens: Sequence[Token]) -> Iterator[_Span]:
        words = [token.word for token in tokens]
        near = [self._near_words(word) for word in words]
        letters: Counter[int] = Counter()  # title -> letters of it that the text seems to have
        for known in {known for position in near for known in position}:
            for title in self._by_word[known]:
                letters[title] += len(known)
        shares = {title: count / self._content[title] for title, count in letters.items()}
        for title in nlargest(_CANDIDATES, shares, key=shares.__getitem__):
            if shares[title] >= LEAST_SHARED:
                key = self._keys[title]
                named = set(self._words[key])
                places = {i for i, known in enumerate(near) if not named.isdisjoint(known)}
                yield from self._windows(words, key, places)

    def _near_words(self, word: str) -> list[str]:
        if word in self._by_word:
            return [word]
        if len(word) < 3:
            return []
        found = process.extract(
            word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=70, limit=12
        )
        return [near for near, _, _ in found]

    def _windows(self, words: list[str], key: str, places: set[int]) -> Iterator[_Span]:
        size = len(self._words[key])
        numbers = numbers_of(self._words[key])
        seen = set()
        for length in {max(1, size - 1), size, size + 1}:
            for place in places:
                for first in range(max(0, place - length + 1), place + 1):
                    last = first + length
                    if last > len(words) or (first, last) in seen:
                        continue
                    seen.add((first, last))
                    if any(self._strange(words[edge], key) for edge in (first, last - 1)):
                        continue  # "my favourites" is no misspelt "The Favourite"
                    spelt = "".join(words[first:last])
                    similar = fuzz.ratio(spelt, key, score_cutoff=LEAST_SIMILAR)
                    if similar and spelt != key and numbers_of(words[first:last]) == numbers:
                        yield _Span(first, last, key, similar / 100 * self._score[key])

    def _strange(self, word: str, key: str) -> bool:
        """Whether this is a small word of everyday language that the title doesn't have."""
        small = is_spoken([word]) or (word in FUNCTION_WORDS and word not in ARTICLES)
        return small and word not in self._words[key]

    def _meant(self, text: str, tokens: Sequence[Token], span: _Span) -> bool:
        """Whether these tokens are meant as the title, not as plain language."""
        named = tokens[span.first : span.last]
        if len(named) == len(tokens) or is_quoted(text, named[0].start, named[-1].end):
            return True
        if _YEAR.match(text, named[-1].end) and span.score >= 0.9:
            return True
        words = self._words[span.key]
        spelt = tuple(token.word for token in named)
        if is_spoken(spelt):
            return False
        if spelt != words and not self._plainly_misspelt(spelt, words, span):
            return is_marked(text, tokens, span.first, span.last)
        return not is_plain_language(spelt) or is_marked(text, tokens, span.first, span.last)

    def _plainly_misspelt(
        self, spelt: tuple[str, ...], words: tuple[str, ...], span: _Span
    ) -> bool:
        """Whether a misspelt mention needs no capital: long enough, and no inflected word."""
        if "".join(spelt) == span.key:
            return True
        inflected = "".join(spelt).rstrip("s") == span.key.rstrip("s")
        kinds = words[-1] in ("movie", "film", "game", "book")  # "scary movies"
        plain = is_plain_language(spelt) or (inflected and (kinds or len(words) == 1))
        return len(span.key) >= 7 and not plain

    def _match(self, text: str, tokens: Sequence[Token], span: _Span) -> TitleMatch | None:
        start, end = tokens[span.first].start, tokens[span.last - 1].end
        indices = self._best_first(span.key, text[start:end])
        items = self._catalog.items
        found = _YEAR.match(text, end)
        if found is not None:
            year = int(found[1] or found[2])
            same = [i for i in indices if items[i].year == year]
            near = [i for i in indices if items[i].year in (year - 1, year + 1, None)]
            if same or (near and found[1]):
                indices, end = same or near, found.end()
            elif found[1]:
                return None  # "Dune (1984)" is not the "Dune" of another year
        elif _SEQUEL.match(text, end) and text[start].isupper():
            return None  # "Airplane 2" is not "Airplane!"
        title = items[indices[0]].title
        whole = re.escape(title.partition(" (")[0])
        if told := re.compile(rf"{whole}(?<=\w)(?!\w)", re.IGNORECASE).match(text, start):
            end = max(end, told.end())  # with all of "Public Enemy #1"
        end += _own_ending(title, text, start, end)
        match = TitleMatch(items[indices[0]].item_id, title, start, end, 1.0)
        others = tuple(items[i].item_id for i in indices[1:])
        part = self._score.get(span.key, 0.0) < 1
        return replace(match, score=round(span.score, 4), ambiguous_with=others, part=part)


def _own_ending(title: str, text: str, start: int, end: int) -> int:
    """How many marks after a mention are the title's own: "Airplane! was fun" is one sentence."""
    marks = _MARKS.match(text, end)
    if marks is None or not _GOES_ON.match(text, marks.end()):
        return 0
    last = text[start:end].rpartition(" ")[2] + marks[0]
    return len(marks[0]) if last.casefold() in title.casefold() else 0


def _extent(match: TitleMatch) -> range:
    return range(match.start, match.end)
