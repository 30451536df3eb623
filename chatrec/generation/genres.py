"""The genres that words claim: in a sentence, and of a mentioned title.

Knows the word lists; knows nothing of which genre claims are true of the item.
"""

from __future__ import annotations

import re
from functools import lru_cache

from chatrec.generation.claims import Title, genres_of, item_words
from chatrec.generation.vocabulary import GENRE_WORDS
from chatrec.generation.words import stem, word_set, words_of

_CLAIMS_OF_WORD: dict[str, tuple[str, ...]] = {}
for _genre, _words in GENRE_WORDS.items():
    for _word in _words:
        _CLAIMS_OF_WORD[_word] = (*_CLAIMS_OF_WORD.get(_word, ()), _genre)
_ALL_GENRE_WORDS = "|".join(
    re.escape(word).replace(r"\ ", "[ -]").replace(r"\-", "[ -]?")
    for word in sorted(_CLAIMS_OF_WORD, key=len, reverse=True)
)
GENRE = re.compile(rf"(?<![\w'])(?:{_ALL_GENRE_WORDS})(?![\w'])(?<!comic(?=[- ](?:book|strip)))")
STRICT_WORDS = word_set(
    """comedy comedies horror thriller thrillers western westerns documentary animated animation
    cartoon musical musicals sci-fi fantasy noir biopic rom-com romcom romantic romance scary
    terrifying dramedy doc whodunit docudrama melodrama"""
) | {
    "film noir",
    "science fiction",
    "period piece",
    "costume drama",
    "love story",
    "family-friendly",
}


def title_has(title: Title, word: str) -> bool:
    """Whether a mentioned title has a genre or a theme, by the evidence or the catalogue."""
    genres = set(genres_of_word(word))
    wanted = {stem(part) for part in words_of(word)}
    if any(wanted <= {stem(part) for part in words_of(link)} for link in title.links):
        return True
    for item in title.items:
        if genres & genres_of(item):
            return True
        if wanted <= {stem(part) for part in words_of(item_words(item))}:
            return True
    return False


def genre_words_in(text: str) -> list[str]:
    """The genre words of a folded text, in order."""
    return [match.group() for match in GENRE.finditer(text)]


@lru_cache(maxsize=4096)
def genres_of_word(word: str) -> tuple[str, ...]:
    for form in (word, word.replace(" ", "-"), word.replace("-", " "), word.replace("-", "")):
        if form in _CLAIMS_OF_WORD:
            return _CLAIMS_OF_WORD[form]
    return (word,)


def has_any(own: frozenset[str], genres: tuple[str, ...]) -> bool:
    return any(genre in own for genre in genres)
