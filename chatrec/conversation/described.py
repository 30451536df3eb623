"""Finds items of the last list by what is said of them: "the animated one", "the shark one".

Each word must be a genre, country, person, keyword or word of the description of one item of the
list, and of no other. Titles and places in the list are read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatrec.conversation.catalog_words import forms_of
from chatrec.conversation.utterance import Span, Utterance, overlaps, words_of
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.conversation.wish import content_words
from chatrec.data.titles import TitleMatch
from chatrec.types import Item

_THE_ONE = re.compile(
    r"\b(?:the|that) (?P<what>(?:[\w'&-]+ ){1,3}?)(?:one|film|movie|flick)\b"
    r"(?! (?:or|that's|which|like|similar)\b)"
)
_ONE_WITH = re.compile(
    r"\b(?:the|that) (?:one|film|movie) (?:with|about|by|from|starring|featuring|in|set in|"
    r"directed by|"
    r"where)\s+(?:the |an? |all the )?(?P<what>[\w' -]{3,40}?)(?=\s*(?:$|[.,!?;]|\b(?:is|was|"
    r"looks?|sounds?|"
    r"seems|we|i|they|my|please|again|bored|made|had|has|and|but|then)\b))"
)
_PLACE_TEXT = """
first second third fourth fifth last next previous other others old older oldest new newer newest
latest long longer longest short shorter shortest same right wrong best worst only whole middle
actual entire original top final good better funnier funniest scariest first-mentioned one two
three recommended suggested above
"""
_PLACES = frozenset(_PLACE_TEXT.split())


def described(
    utterance: Utterance, shown: Sequence[Item], vocabulary: Vocabulary, taken: Sequence[Span]
) -> Iterator[TitleMatch]:
    """The items that descriptions single out of the list, and where these stand."""
    folded = utterance.folded
    found: list[Span] = [*taken]
    for match in (*_THE_ONE.finditer(folded), *_ONE_WITH.finditer(folded)):
        span = match.span()
        if overlaps(span, found) or not shown:
            continue
        words = [w for w in words_of(match["what"]).split() if content_words(w) or w.isdigit()]
        if not words or not _PLACES.isdisjoint(words):
            continue
        fitting = [item for item in shown if _fits(words, match["what"].strip(), item, vocabulary)]
        if len(fitting) == 1:
            found.append(span)
            yield TitleMatch(fitting[0].item_id, fitting[0].title, *span, 1.0)


def _fits(words: Sequence[str], phrase: str, item: Item, vocabulary: Vocabulary) -> bool:
    person = vocabulary.person_at(phrase)
    if person is not None and person in (*item.creators, *item.cast):
        return True
    return all(_has(word, item, vocabulary) for word in words)


def _has(word: str, item: Item, vocabulary: Vocabulary) -> bool:
    """Whether a word tells something of an item."""
    genre = vocabulary.genre(word)
    if genre is not None:
        return genre in item.genres
    countries = [f for f in vocabulary.find(word) if f.kind == "country"]
    if countries:
        return bool({*countries[0].values} & {*item.countries})
    if word.isdigit():
        return word == str(item.year)
    people = " ".join((*item.creators, *item.cast))
    text = words_of(f"{item.title} {' '.join(item.keywords)} {item.description} {people}").split()
    said = {_stem(form) for form in forms_of(word)}
    return any(_stem(form) in said for known in text for form in forms_of(known))


def _stem(word: str) -> str:
    for end in ("ing", "er", "ed"):
        if word.endswith(end) and len(word) > len(end) + 3:
            return word.removesuffix(end)
    return word
