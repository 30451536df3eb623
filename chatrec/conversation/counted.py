"""How many items a message asks for: "three thrillers", "just one", "your top 10"."""

from __future__ import annotations

import re

from chatrec.conversation.numerals import NUMBERS

MOST = 10

_CJK = dict(zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
_WORDS = {
    word: number
    for word, number in NUMBERS.items()
    if number <= MOST and word.isalpha() and word not in ("a", "an")
}
_N = rf"(\d{{1,2}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b"
_ASK = (
    r"\b(?:give|show|find|get|recommend|suggest|name|list|pick|want|need|gib|zeig\w*|nenn\w*|"
    r"empfiehl|donne[sz]?|propose[sz]?|recommande[sz]?|montre[sz]?|dame|recomienda(?:me)?|"
    r"muestra(?:me)?)(?:[- ](?:me|us|mir|uns|moi|nous))? "
)
_ADDED = r"(?:(?:just|only|exactly|the|your|a|top|best|nur|seulement|solo|solamente) )*"
_NOUN = (
    r"(?:films?|movies?|games?|books?|songs?|places?|apps?|titles?|suggestions?|ideas|"
    r"recommendations?|ones|more|others?|filme|peliculas|livres|libros)\b"
)
_NO_COUNT = (
    r"(?![ -]?(?:hours?|h\b|min|years?|stunden?|jahre|heures?|ans\b|horas?|anos|stars?|and\b|of\b))"
)
_ENDING = (
    r"(?:,? (?:of (?:them|these|those)|is (?:enough|fine)|the best(?: one)?|please|bitte))*\W*$"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_ASK}{_ADDED}(?!one\b(?!\W*$)){_N}{_NO_COUNT}",  # "one with Tom Hanks" is any
        rf"\b(?:top|best) {_N}{_NO_COUNT}",
        rf"\b(?:just|only|nur) {_N}{_ENDING}",
        rf"^\W*(?:(?:ok|okay|please|no)\W+)*{_N} (?:[^\W\d_]+[ -]){{0,3}}?{_NOUN}",
    )
)
_CJK_COUNT = re.compile(rf"([{''.join(_CJK)}]|\d{{1,2}})(?:部|个|個|本|首|款)(?!小时|月)")


_ALONE = re.compile(
    rf"\W*(?:(?:ok|okay|no|and|but|please|give me|show me)\b[ ,]*)*(?:just|only|nur) {_N}{_ENDING}"
)


def is_count_alone(folded: str) -> bool:
    """Whether a message says how many and nothing else: "only one, please"."""
    return _ALONE.fullmatch(folded) is not None


def count_in(folded: str) -> int | None:
    """The number asked for, 1 to MOST, in folded text with its titles masked; None for none.

    >>> count_in("give me 3 korean thrillers"), count_in("a film of two hours")
    (3, None)
    """
    found = [m[1] for pattern in _PATTERNS if (m := pattern.search(folded)) is not None]
    found += [m[1] for m in _CJK_COUNT.finditer(folded) if m[1] != "一"]  # "一部" is "a"
    for said in found:
        number = _WORDS.get(said) or _CJK.get(said) or int(said)
        if 1 <= number <= MOST:
            return number
    return None
