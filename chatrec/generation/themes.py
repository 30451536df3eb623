"""How a keyword fits into a sentence: as a noun phrase, an adjective, or a statement.

Knows English word endings and short lists of ordinary words; knows nothing about items. What it
cannot tell apart is read as something that can be counted ("heist" -> "a heist").
"""

from __future__ import annotations

import re

from chatrec.generation.keyword_lists import (
    ADJECTIVES,
    CAPITALISED,
    DEFINITE,
    NAMES,
    NOT_ADJECTIVES,
    UNCOUNTED,
)
from chatrec.generation.wording import (
    KIND_NOUNS,
    MASS_NOUNS,
    MOODS,
    PLACES,
    PROPER_PHRASES,
    PROPER_WORDS,
    STATEMENTS,
    THE_NOUNS,
)
from chatrec.generation.words import word_set

_MOOD_ENDINGS = ("ful", "ous", "ish", "less", "some", "hearted", "paced", "ive", "istic", "esque")
_MASS_ENDINGS = (
    "ness", "ship", "ment", "ity", "ism", "ance", "ence", "ing", "hood", "cy", "dom", "tion",
    "sion", "ery", "phy", "logy", "nomy", "try", "cide", "ice", "age", "asia", "ia", "ure", "humor",
    "humour", "ics", "rama",
)  # fmt: skip
_THINGS = MASS_NOUNS | word_set(
    """fugitive detective native relative executive captive olive archive octopus wilderness
    witness princess business actress waitress dish fish radish hive dive drive genius circus
    virus"""
)
_COUNTED_ENDINGS = tuple(
    word_set(
        """wedding painting king ring village building gathering carriage city community
        university creature device nursery being cottage stage country novice office robbery
        conspiracy agency colony facility sentence audience clubhouse mission station invasion
        apartment experiment tournament expedition adaptation plantation institution ceremony
        hotel investigation relationship personality identity priestess princess waitress
        actress heiress duchess witness business boss chess kingdom factory uprising meeting
        reckoning"""
    )
)
_GERUND = re.compile(r"\w+ing (?:your|the|a|an|up|go|in|out|off|down|to|on|with|for|back|over)\b")
_DECADE = re.compile(r"(?:1\d|20)\d0s")
_DEFINITE = re.compile(r" of the |^(?:meaning|end|fall|discovery|rise|birth) of ")
_VOWEL = re.compile(
    r"(?!one|uni[^nm]|use|eu|u-|ufo|uran)[aeiou8“]|heir|hour|honest|honou?r|(?:fbi|nsa|mi5|mi6|"
    r"sos)\b",
    re.I,
)
_WRITTEN = {
    phrase.casefold(): phrase for phrase in (*NAMES, *CAPITALISED) if phrase != phrase.casefold()
}
_NAMES = frozenset(name.casefold() for name in NAMES)


def is_mood(keyword: str) -> bool:
    """Whether a keyword is an adjective ("suspenseful") and not a theme ("heist")."""
    folded = keyword.casefold()
    if folded in NOT_ADJECTIVES:
        return False
    if folded in ADJECTIVES or all(part in MOODS for part in folded.split(" and ")):
        return True
    return " " not in folded and folded.endswith(_MOOD_ENDINGS) and folded not in _THINGS


def is_statement(keyword: str) -> bool:
    """Whether a keyword says how the item is made ("based on true events", "black and white")."""
    folded = keyword.casefold()
    told = folded.startswith(("based on ", "set in ", "inspired by "))
    return told or folded in STATEMENTS or bool(re.fullmatch(r"\w+ly \w+ed", folded))


def is_place(keyword: str) -> bool:
    """Whether a keyword is a place or a decade to go to ("paris", "1970s")."""
    folded = keyword.casefold()
    return folded in PLACES or bool(_DECADE.fullmatch(folded))


def kind_of_work(keyword: str) -> tuple[str, str]:
    """What works of the kind that a keyword names are called, one and several; else two blanks.

    >>> kind_of_work("spaghetti western"), kind_of_work("heist")
    (('spaghetti western', 'spaghetti westerns'), ('', ''))
    """
    if keyword.casefold().rsplit(" ", 1)[-1].rsplit("-", 1)[-1] not in KIND_NOUNS:
        return "", ""
    one = proper(keyword)
    return one, f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"


def theme(keyword: str) -> str:
    """The keyword as the object of a sentence, with its article where it needs one.

    A keyword that is not all in lower case stays as the catalogue writes it.

    >>> theme("heist"), theme("grief"), theme("zombies"), theme("1970s"), theme("cold war")
    ('a heist', 'grief', 'zombies', 'the 1970s', 'the Cold War')
    """
    text = proper(keyword)
    folded = keyword.casefold()
    last = folded.rsplit(" ", 1)[-1]
    if _DECADE.fullmatch(folded) or folded in THE_NOUNS | DEFINITE or _DEFINITE.search(folded):
        return f"the {text}"
    if keyword != folded or _is_mass(folded, last):
        return text
    return f"an {text}" if _VOWEL.match(folded) else f"a {text}"


def proper(text: str) -> str:
    """``text`` with the names of places, peoples and days in it capitalised."""
    for phrase, written in (PROPER_PHRASES | _WRITTEN).items():
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", written, text)
    words = [PROPER_WORDS.get(word, word) for word in text.split(" ")]
    return " ".join(_numeral(words, index) for index in range(len(words)))


def _numeral(words: list[str], index: int) -> str:
    return words[index].upper() if words[index] in ("ii", "iii") and index else words[index]


def _is_mass(folded: str, last: str) -> bool:
    """Plurals, things that cannot be counted, names, pairs and phrases with a verb or a number."""
    tail = last.rsplit("-", 1)[-1]
    if folded in MASS_NOUNS | UNCOUNTED | _NAMES or proper(folded) in PROPER_PHRASES.values():
        return True
    if tail.endswith(("men", "people", "children", "mice")) or _GERUND.match(folded):
        return True
    if re.search(r"\b(?:and|or|vs|versus|to|out of|over|against|as)\b|\d", folded):
        return True
    if re.search(r" (?:of|in|on|at|with|from|for|gone|the) ", f" {folded} "):
        head = re.split(r" (?:of|in|on|at|with|from|for|gone) ", folded)[0]
        return head == folded or _is_mass(head, head.rsplit(" ", 1)[-1])
    if tail in MASS_NOUNS or last in PROPER_WORDS:
        return True
    if last.endswith("s") and not last.endswith(("ss", "us", "is")):
        return True
    if last.endswith(_COUNTED_ENDINGS):
        return False
    return last.endswith(_MASS_ENDINGS)
