"""Reads what somebody says they like alone: "I only like black and white films".

Where the phrase is a keyword of the catalogue it is a wish that outlives the current one. Works on
folded text with titles masked.
"""

from __future__ import annotations

import re

from chatrec.conversation.utterance import Span, words_of
from chatrec.conversation.vocabulary import FILM_NOUN, Vocabulary

_WORDS = 5  # most of a phrase
_ONLY = re.compile(
    r"\b(?:(?:i|we) )?(?:really )?only (?:ever )?"
    r"(?:(?:like|love|enjoy|want|watch|read|play|see)\s+)?(?:to (?:watch|see|read|play) )?"
)
_AFTER = re.compile(rf"\s*(?:(?:{FILM_NOUN.pattern}|please)\b\s*)*(?=$|[.,;!?]|\b(?:and|but)\b)")


def only_liked(folded: str, vocabulary: Vocabulary) -> tuple[tuple[str, ...], list[Span]]:
    """The keywords that the message says are all it wants, and where it says so.

    >>> from chatrec.data.catalog import Catalog
    >>> from chatrec.types import Item
    >>> films = Catalog([Item("1", "Dust", keywords=("black and white",))])
    >>> only_liked("i only like black and white films", Vocabulary(films))
    (('black and white',), [(0, 33)])
    """
    phrases, spans = [], []
    for match in _ONLY.finditer(folded):
        words = list(re.finditer(r"[^\W_][\w'-]*", folded[match.end() :]))[:_WORDS]
        for last in reversed(words):
            end = match.end() + last.end()
            phrase = words_of(folded[match.end() : end])
            after = _AFTER.match(folded, end)
            if after is not None and phrase in vocabulary.keywords:
                phrases.append(phrase)
                spans.append((match.start(), after.end()))
                break
    return tuple(phrases), spans
