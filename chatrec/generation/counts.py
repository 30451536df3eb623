"""Numbers beside the nouns that they count, in a sentence and in the facts of an item.

"Twelve dwarves" is false where the facts count thirteen dwarves, even if some twelve stands
elsewhere in them. Digits and words are the same number. Knows nothing of years and lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatrec.generation.vocabulary import NUMBER_WORDS
from chatrec.generation.words import STOP_WORDS, stem, word_set

NOUN_REACH = 3  # words after a number among which its noun is looked for
_SMALL = "|".join(NUMBER_WORDS)
_COUNT = re.compile(
    rf"(?<![\w<.,'])(?:\d+(?:,\d{{3}})*(?:\.\d+)?(?: (?:hundred|thousand|million)\b)?(?!\w)|"
    rf"\b(?:an? (?=hundred|thousand|million))?(?:{_SMALL}|one)"
    rf"(?:(?:[- ]| and )(?:{_SMALL}|one))*\b)"
)
_NOUN = re.compile(r"[a-z][a-z']*")
_YEAR_OLD = re.compile(rf"(\d+|(?:{_SMALL})(?:-(?:{_SMALL}|one))?)[- ]years?[- ]olds?\b")
_NO_NOUN = word_set("of or and in on at to with who whom more another other others by from for")
AGE = (stem("yearold"),)  # what an age counts
TIMES = frozenset(
    stem(word) for word in word_set("year old yearold day hour minute week time season month night")
)


@dataclass(frozen=True, slots=True)
class Count:
    """A number as it is written, its value, and stems of the words that it may count."""

    text: str
    value: float
    nouns: tuple[str, ...]


def counts_in(text: str) -> list[Count]:
    """The numbers of a folded text in order; ordinals and decades are none.

    >>> [(c.value, c.nouns) for c in counts_in("thirteen dwarves, 1,000 dollars a day")]
    [(13.0, ('dwarv',)), (1000.0, ('dollar', 'day'))]
    """
    found = []
    text = _YEAR_OLD.sub(lambda match: f"{number_of(match[1]):.12g}-yearold", text)
    for match in _COUNT.finditer(text):
        if match.group().startswith("0"):
            continue  # agent 007
        clause = re.split(r"[.;:!?,(]", text[match.end() :], maxsplit=1)[0]
        nouns: list[str] = []
        for word in _NOUN.findall(clause)[: NOUN_REACH + 1]:
            if word in _NO_NOUN or (nouns and word in NUMBER_WORDS):
                break
            if word == "yearold" and clause[0] != "-":
                continue  # "two 12-yearold": an age counts nobody
            if word not in STOP_WORDS and word not in _NO_NOUN and word not in NUMBER_WORDS:
                nouns.append(stem(word))
        found.append(Count(match.group(), number_of(match.group()), tuple(nouns[:NOUN_REACH])))
    return found


def miscounts(said: list[Count], told: list[Count]) -> Iterator[str]:
    """What ``said`` counts otherwise than ``told`` does."""
    for count in said:
        bound = [o for o in told if _same_noun(count, o) and _is_year(o) == _is_year(count)]
        if bound and all(other.value != count.value for other in bound):
            yield f"number {count.text!r}: the facts count {bound[0].text!r} there"


def is_number(text: str) -> bool:
    """Whether :func:`number_of` can read ``text``."""
    words = text.replace("-", " ").split()
    known = {*NUMBER_WORDS, "one", "a", "an"}
    return text[0].isdigit() or (bool(words) and all(word in known for word in words))


def number_of(text: str) -> float:
    """The value of a number in digits or words: ``ninety-four`` is 94.0, ``an`` is 1.0.

    >>> number_of("ninety-four"), number_of("half an"), number_of("2.5"), number_of("1,000")
    (94.0, 0.5, 2.5, 1000.0)
    >>> number_of("three thousand"), number_of("a hundred and five")
    (3000.0, 105.0)
    >>> number_of("40 million")
    40000000.0
    """
    if text[0].isdigit():
        digits, _, scale = text.replace(",", "").partition(" ")
        return float(digits) * NUMBER_WORDS.get(scale, 1)
    if text.startswith("half"):
        return 0.5
    total = part = 0
    for word in text.replace("-", " ").replace(" and ", " ").split():
        value = 1 if word in ("one", "a", "an") else NUMBER_WORDS[word]
        if value >= 1000:
            total, part = total + max(1, part) * value, 0
        else:
            part = max(1, part) * value if value == 100 else part + value
    return float(total + part)


def _is_year(count: Count) -> bool:
    """Whether the number is a bare year: "in 1941 Moscow" counts no Moscows."""
    return count.text.isdigit() and 1500 <= count.value <= 2100


def _same_noun(said: Count, told: Count) -> bool:
    """Whether both count the same things; "one" counts only what stands right after it."""
    if not said.nouns or not told.nouns:
        return False
    if said.value == 1 or told.value == 1 or said.nouns[0] in TIMES:
        return said.nouns[:2] == told.nouns[:2] and said.value > 1
    return bool(set(said.nouns) & set(told.nouns) - TIMES)
