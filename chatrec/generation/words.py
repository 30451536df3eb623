"""Words and stems of English sentences: the small text tools that evidence and grounding share.

Knows nothing about items. The stemmer is a light one: it only has to bring inflected forms of
one word together, in the same way for a sentence and for the facts that it is compared with.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LETTERS = str.maketrans({"’": "'", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ı": "i"})
MIN_STEM = 3
_SUFFIXES = (
    "ization", "ational", "fulness", "ousness", "iveness", "ically", "ations", "ation", "ingly",
    "edly", "ments", "ment", "ness", "ities", "ity", "ions", "ion", "ings", "ing", "ies", "ied",
    "ers", "ors", "ous", "ful", "ial", "als", "ally", "al", "ic", "ed", "er", "or", "es", "ly",
    "y", "s", "e",
)  # fmt: skip
_IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "wives": "wife", "lives": "life",
    "thieves": "thief", "wolves": "wolf", "knives": "knife", "people": "person", "fought": "fight",
    "fell": "fall", "fallen": "fall", "stole": "steal", "stolen": "steal", "lost": "lose",
    "left": "leave", "took": "take", "taken": "take", "sent": "send", "found": "find",
    "went": "go", "gone": "go", "goes": "go", "does": "do", "met": "meet", "held": "hold",
    "kept": "keep", "hid": "hide",
    "hidden": "hide", "ran": "run", "caught": "catch", "sought": "seek", "dying": "die",
    "died": "die", "dies": "die", "spies": "spy", "spying": "spy", "broke": "break",
    "broken": "break", "won": "win", "led": "lead", "brought": "bring", "bought": "buy",
    "thought": "think", "taught": "teach", "wrote": "write", "written": "write",
    "driven": "drive", "drove": "drive", "rode": "ride", "grew": "grow", "grown": "grow",
    "knew": "know", "known": "know", "built": "build", "sold": "sell", "told": "tell",
    "made": "make", "became": "become", "mice": "mouse", "feet": "foot", "teeth": "tooth",
}  # fmt: skip


def word_set(text: str) -> frozenset[str]:
    """The words of ``text`` that blanks set apart: how the word lists here are written."""
    return frozenset(text.split())


STOP_WORDS = word_set(
    """a about all also am an and any anything are as at be been but by can could did do does for
    from get give had has have here how i if in into is it its just kind kinda like liked
    likes love loved me maybe more most movie movies film films game games book books my need
    not of off on one ones only or other our out over please really recommend show so some
    something sort such suggest than that the their them then there these they thing things
    this those to tonight too up very want wanted was watch we were what when where which who
    why will with would you your good great best nice looking look find new old lot much many
    feel feeling mood time times story stories please song songs item items read play"""
)


def fold(text: str) -> str:
    """``text`` in lower case without accents: how names are compared.

    >>> fold("Jean-Luc AMÉLIE’s")
    "jean-luc amelie's"
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def words_of(text: str) -> list[str]:
    """The folded words of ``text`` in order; a hyphen separates, an apostrophe does not.

    >>> words_of("A feel-good tale: Amélie's café")
    ['a', 'feel', 'good', 'tale', "amelie's", 'cafe']
    """
    return _WORD.findall(fold(text))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A short form that inflections of one folded word share; never shorter than three letters.

    >>> [stem(w) for w in ("robbery", "robberies", "robs", "haunted", "haunting", "kill")]
    ['rob', 'rob', 'rob', 'haunt', 'haunt', 'kil']
    """
    word = word.removesuffix("'s").removesuffix("'")
    word = _IRREGULAR.get(word, word)
    for _ in range(2):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= MIN_STEM:
                word = word[: -len(suffix)]
                break
    doubled = len(word) > MIN_STEM and word[-1] == word[-2] and word[-1] not in "aeiou"
    return word[:-1] if doubled else word
