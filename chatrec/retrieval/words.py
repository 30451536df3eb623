"""The words of a wish, and whether they meet an item by its title alone ("a comedy", The King of
Comedy).

Titles that a message names are read before retrieval and are no part of the wish, so a word that a
wish shares with a title by chance says little of what the item is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from chatrec.data.title_words import content_words, tokenise
from chatrec.types import Constraints, Item

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
# Parts of speech, and words of asking, that tell nothing of an item, yet stand in titles: "unwind
# after work", "can you find me a comedy".
_ASIDE_TEXT = """
actually after again already always another anything because before best bit both d didn different
doesn down during each either else enough even every everything fancy feel few find fine get gets
getting got hello help hey hi how idea ideas if instead into kind know least less let ll look lots
many maybe mood most much need needs never next nice nobody nothing now off ok okay once only onto
or other others out over own perhaps pick plenty prefer preferably rather re recommendation
recommendations same should similar sorry sort such suggest suggestion suggestions sure surprise
thank thanks then think though today tonight try under until up us wanted way well whatever when
whether while why will yes yet your
"""
_ASIDE = frozenset(_ASIDE_TEXT.split())

_IN_FULL = {"sci-fi": "science fiction scifi sf", "film-noir": "film noir"}  # a genre in words

LEAST_STEM = 4  # letters that two forms of one word share
LONGEST_ENDING = 3
_OF_TITLES = re.compile(r"\b(?:called|titled|entitled|titles?|named)\b", re.IGNORECASE)


def wish_words(text: str) -> list[str]:
    """The words of a wish that are worth looking for, lower case, in order, each once.

    >>> wish_words("I want a sci-fi film with time loops, time!")
    ['sci-fi', 'time', 'loops']
    """
    words = (word.casefold() for word in _JOINED.findall(text))
    return list(dict.fromkeys(word for word in words if word not in _STOP))


def search_words(text: str, limits: Constraints) -> list[str]:
    """The words of a wish that tell items from one another, in order, each once.

    >>> search_words("a horror film to unwind after work", Constraints(genres_all=("Horror",)))
    ['unwind', 'work']
    """
    settled = genre_words(limits)
    return [word for word in wish_words(text) if word not in settled and word not in _ASIDE]


def genre_words(limits: Constraints) -> set[str]:
    """Words for genres that every allowed item has: they tell no item from another."""
    names = {genre.casefold() for genre in (*limits.genres_all, *limits.genres_any)}
    plurals = {f"{name}s" for name in names} | {f"{name.removesuffix('y')}ies" for name in names}
    in_full = {word for name in names for word in _IN_FULL.get(name, "").split()}
    return names | plurals | in_full


def asks_for_titles(wish: str) -> bool:
    """Whether a wish speaks of titles: "something called ...", "with night in the title"."""
    return _OF_TITLES.search(wish) is not None


def by_title_alone(item: Item, words: Sequence[str], settled: Collection[str]) -> bool:
    """Whether all that the item shares with the words stands in its title and nowhere else.

    ``settled`` are words that every allowed item has, such as a genre that is a limit. An item
    without keywords and description has no more than its title, which then counts.
    """
    if not (item.keywords or item.description):
        return False
    title = content_words([token.word for token in tokenise(item.title)])
    shared = [word for word in words if any(_alike(word, other) for other in title)]
    if not shared:
        return False
    rest = {token.word for part in _other_texts(item) for token in tokenise(part)}
    return not any(
        word not in settled and any(_alike(word, other) for other in rest) for word in shared
    )


def _other_texts(item: Item) -> Sequence[str]:
    return (*item.genres, *item.creators, *item.cast, *item.keywords, item.description)


def _alike(word: str, other: str) -> bool:
    """Whether both are forms of one word: "twist" and "twister", "burn" and "burning"."""
    if word == other:
        return True
    short, long = sorted((word, other), key=len)
    ending = len(long) - len(short)
    return len(short) >= LEAST_STEM and ending <= LONGEST_ENDING and long.startswith(short)
