"""Whether words of a message spell a title, a part of it, or its beginning.

Letters only: whether they are meant as that title is decided in
:mod:`chatrec.conversation.mentions`.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from chatrec.conversation.utterance import words_of
from chatrec.conversation.wish import content_words, is_filler

_PARTS = re.compile(r": | [-–—/] | \(")
LEAST_ALIKE = 60.0  # per cent of two words' letters from which one is the other, misspelt


def spells(name: str, title: str) -> bool:
    """Whether each telling word of the title, or of a part of it, is there, perhaps misspelt."""
    said = words_of(name).split()
    if is_part(name, title):
        return True
    return all(
        any(fuzz.ratio(word, other) >= LEAST_ALIKE for other in said)
        for word in words_of(title).split()
        if not is_filler(word)
    )


def is_part(name: str, title: str) -> bool:
    """Whether it is a part of the title, before a subtitle, spelt right."""
    said = "".join(words_of(name).split())
    return any(said in _letters(part) for part in _PARTS.split(title)[:-1])


def begins(name: str, title: str) -> bool:
    """Whether a title or a part of it begins with these words, two telling ones at least."""
    said = "".join(words_of(name).split())
    parts = (letters for part in (title, *_PARTS.split(title)) for letters in _letters(part))
    return len(content_words(name)) > 1 and any(part.startswith(said) for part in parts)


def _letters(title: str) -> tuple[str, str]:
    """The letters of a title with and without its leading article."""
    words = words_of(title).split()
    return "".join(words), "".join(words[1:] if words[:1] in (["the"], ["a"], ["an"]) else words)
