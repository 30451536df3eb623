"""What simulated users say: templates by intention, words for genres and times, typos.

English only. Data and filling in; which intention a user has is decided in
:mod:`chatrec.evaluation.simulated_user`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

TYPO_LETTERS = 6  # of a word that may be misspelt
_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "vague": (
        "something good for tonight",
        "what should I watch?",
        "surprise me",
        "I don't know what to watch, any ideas?",
        "hi, recommend me something please",
    ),
    "open genre": (
        "I'd like a {genre} film",
        "any good {genre} movies?",
        "looking for a {genre} movie tonight",
        "{genre} please",
        "can you find me some {genre} films?",
        "in the mood for a {genre} film",
    ),
    "open both": (
        "a {genre} film from the {decade}",
        "{genre} movies from the {decade} please",
        "I feel like a {genre} film, something from the {decade}",
        "do you have any {decade} {genre} movies?",
    ),
    "open liked": (
        "something like {title}",
        "I loved {title}, what else is there?",
        "films similar to {title}",
        "more like {title} please",
    ),
    "genre": (
        "it should also be a {genre} film",
        "more {genre} please",
        "and a {genre} film too",
        "a bit more {genre}",
        "but a {genre} film",
    ),
    "decade": (
        "from the {decade}",
        "it should be from the {decade}",
        "only from the {decade} please",
        "it was made in the {decade}",
    ),
    "year": ("from {year}", "it came out in {year}", "only from {year}"),
    "not": ("no {genre}", "no {genre} please", "nothing with {genre}", "I don't want {genre}"),
    "liked": ("I also loved {title}", "I really liked {title}", "{title} is one of my favourites"),
    "newer": ("these are too old", "something newer", "newer please", "too old for me"),
    "older": ("too new for me", "something older", "older please", "these are too recent"),
    "reject": ("not the {place} one", "not the {place}", "I don't like the {place} one"),
    "seen": ("I've seen the {place} one", "I've already seen the {place}", "seen the {place} one"),
    "others": ("show me more", "what else?", "others please", "more please", "something else"),
    "correct genre": (
        "no wait, I meant {genre}",
        "sorry, I meant {genre}",
        "actually, a {genre} film instead",
    ),
    "correct decade": (
        "no wait, I meant the {decade}",
        "sorry, I meant the {decade}",
        "no, I meant from the {decade}",
    ),
    "answer genre": ("{genre}", "{genre} please", "rather {genre}", "I'd say {genre}"),
    "answer decade": ("the {decade}", "from the {decade}", "{decade}", "the {decade} please"),
    "answer shorter": ("shorter", "shorter please", "rather short"),
    "answer longer": ("longer", "longer please", "a longer one"),
    "answer value": ("{value}", "{value} please"),
    "yes": ("yes", "yeah", "yes please", "exactly"),
    "no": ("no", "not really", "nope", "no thanks"),
    "neither": ("neither", "none of them"),
    "open": ("don't care", "doesn't matter", "no preference", "either", "I don't mind"),
}
_GENRES: Mapping[str, str] = {
    "Film-Noir": "film noir",
}
PLACES = ("first", "second", "third", "fourth", "fifth")
_SPELT = {1950: "fifties", 1960: "sixties", 1970: "seventies", 1980: "eighties", 1990: "nineties"}


def said(intention: str, draw: random.Random, **words: object) -> str:
    """One of the ways to say it, filled in; KeyError for an unknown intention."""
    return draw.choice(_TEMPLATES[intention]).format(**words)


def genre_word(genre: str) -> str:
    """A genre as people say it in front of "film"."""
    return _GENRES.get(genre, genre.lower())


def decade_word(year: int, draw: random.Random) -> str:
    """The decade of a year as people say it: "nineties", "90s", "1990s"."""
    first = year // 10 * 10
    ways = [f"{first}s"]
    if first in _SPELT:
        ways += [_SPELT[first], f"{first % 100}s"]
    return draw.choice(ways)


def with_typo(text: str, draw: random.Random) -> str:
    """The text with two neighbouring letters inside one long word swapped, if it has one."""
    long = [m.span() for m in re.finditer(r"[A-Za-z]+", text) if len(m[0]) >= TYPO_LETTERS]
    inside = [at for start, end in long for at in range(start + 1, end - 2)]
    places = [at for at in inside if text[at] != text[at + 1]]
    if not places:
        return text
    at = draw.choice(places)
    return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"
