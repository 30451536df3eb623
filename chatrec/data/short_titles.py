"""What people call titles for short: their parts, first words and last words.

Knows titles only; where such words stand in a text, and whether they are meant as a title, is the
business of :mod:`chatrec.data.titles`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from chatrec.data.title_words import (
    ARTICLES,
    FUNCTION_WORDS,
    is_plain_language,
    plain_letters,
    tokenise,
)
from chatrec.types import Item

SHORT_WORDS, SHORT_LETTERS = 2, 8  # least of a short form
BEGUN_LETTERS = 4  # of first words; those below SHORT_LETTERS need a cue beside them
LEFT_OUT = 3  # most words of a title that its last words leave out
MOST_BEGUN = 12  # titles that begin with the same words, which then name them all

_INVERTED = re.compile(r"^(.*), (the|an?|les?|la|el|il|der|die|das)$", re.IGNORECASE)
_SUBTITLE = re.compile(r":\s|\s[-–—]\s|\s\(|\s/\s| or[:,] ", re.IGNORECASE)
_ENDING_WORDS = frozenset({"everything", "everyone", "nothing", "something", "one", "two", "three"})

Words = tuple[str, ...]


def endings(items: Iterable[Item]) -> dict[Words, list[int]]:
    """The last words of titles, "sailor moon" of "Bishoujo Senshi Sailor Moon", -> places of items.

    Only those that one series alone ends with.
    """
    whole: dict[Words, list[int]] = defaultdict(list)
    parts: dict[Words, list[int]] = defaultdict(list)
    series: dict[Words, set[Words]] = defaultdict(set)
    for index, item in enumerate(items):
        title, part = title_words(item.title), title_words(_SUBTITLE.split(item.title)[0])
        for words, ends in ((title, whole), (part, parts)):
            for cut in range(1, min(LEFT_OUT, len(words) - SHORT_WORDS) + 1):
                if not all(word in FUNCTION_WORDS for word in words[:cut]):
                    ends[words[cut:]].append(index)
                    series[words[cut:]].add(words[:cut])
    return {
        words: whole[words] or parts[words]
        for words, begun in series.items()
        if len(begun) == 1 and _is_telling(words)
    }


def beginnings(items: Iterable[Item]) -> dict[Words, list[int]]:
    """The first words of titles, "eternal sunshine", and subtitles -> places of items.

    Only those of MOST_BEGUN items at most.
    """
    begun: dict[Words, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        words = title_words(item.title)
        words = words[1:] if words[:1] and words[0] in ARTICLES else words
        for part in map(title_words, _SUBTITLE.split(item.title)[1:]):
            if len(part) >= SHORT_WORDS:
                begun[part].append(index)
        for cut in range(SHORT_WORDS, len(words)):
            if words[cut - 1] not in FUNCTION_WORDS or words[cut - 1] in _ENDING_WORDS:
                begun[words[:cut]].append(index)
    return {
        words: found
        for words, found in begun.items()
        if len(found) <= MOST_BEGUN and _is_telling(words, BEGUN_LETTERS)
    }


def title_words(title: str) -> tuple[str, ...]:
    """The words of a title as they are compared."""
    return tuple(token.word for token in tokenise(title))


def title_forms(title: str) -> list[tuple[str, ...]]:
    """The words of a whole title, then those of parts that people use for it.

    A title of signs alone ("$") is one word of those signs.
    """
    inverted = _INVERTED.match(title)
    whole = f"{inverted[2]} {inverted[1]}" if inverted is not None else title
    forms = [title_words(whole) or (plain_letters(whole),)]
    for part in _SUBTITLE.split(whole)[:3]:
        words = title_words(part.removeprefix("a.k.a. "))
        if words and words != forms[0] and not is_plain_language(words) and len("".join(words)) > 3:
            forms.append(words)
            if words[0] in ARTICLES and len(words) > 1 and not is_plain_language(words[1:]):
                forms.append(words[1:])
    return forms


def _is_telling(words: Words, least: int = SHORT_LETTERS) -> bool:
    """Whether a short form is long enough to name a title, and not all small words."""
    return len("".join(words)) >= least and not all(w in FUNCTION_WORDS for w in words)
