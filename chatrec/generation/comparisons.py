"""Checks of comparisons with a title that are no matter of years and minutes (see gaps.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.genres import title_has
from chatrec.generation.words import stem, words_of

_THAN = re.compile(r"\bthan\b")
_SAFE_THAN = re.compile(
    r"\b(?:rather|other|more|less|no more) than (?:just |merely |simply |one|enough|a "
    r"little|once|that|anything|"
    r"most|ever)|\b(?:more|less|harder|further|farther) (?:[\w-]+ ){0,3}?than "
    r"(?:he|she|they|it|anyone|everyone) (?!is\b|does\b|was\b|did\b)(?:\w+ )?[a-z']+\b|"
    r"\bmore than (?=\w+ (?:link|thing|reason))|\b(?:rather|other) than\b"
)
_LENGTH_THAN = re.compile(
    r"\b(?:(?:more|less|longer|shorter|fewer|later|earlier|newer|older) than) (?:the "
    r")?(?:\w+[- ]){0,8}?(?:minutes?|hours?|nights?|days?|weeks?|\d{4})\b"
)
_AS_AS = re.compile(
    r"\bas \w+ as <t|\bas (?:long|short|old|new|recent|good|scary|funny|violent|dark|epic) as\b"
)
_KINSHIP = re.compile(
    r"\b(?:sequel|prequel|remake|reboot|spin-off|spinoff|follow-up|companion piece) "
    r"(?:to|of|from) <t"
)
_KIN_WORDS = frozenset({"sequel", "prequel", "remake", "reboot", "spin"})
_COMPARATIVE = re.compile(
    r"(?:^|[,:] |\b(?:is|are|was|feels?|looks?|gets?|even|much|far|an?|the|and|but|or|more|bit|any|"
    r"little|somewhat|slightly|no|its|just|only|still|it's|that's|this) )"
    r"(?P<how>better|worse|superior|stronger|weaker|scarier|funnier|darker|lighter|bigger|smarter|"
    r"slower|faster|richer)\b"
)


def comparison_problems(claims: Claims, masked: str) -> Iterator[str]:
    """Comparisons in ``masked`` (gaps of age and length taken out) that cannot be verified."""
    text = _LENGTH_THAN.sub(" ", masked)
    if "than" not in claims.words and _THAN.search(_SAFE_THAN.sub(" ", text)):
        yield "a comparison that cannot be verified"
    if _AS_AS.search(text) and not _as_holds(claims, text):
        yield "a comparison that cannot be verified"
    if _KINSHIP.search(text) and not _KIN_WORDS & claims.words:
        yield "a relation between titles that is not among the facts"
    compared = {match["how"] for match in _COMPARATIVE.finditer(text)}
    if any(not {word, word.removesuffix("er")} & claims.words for word in compared):
        yield "a comparison that cannot be verified"


def _as_holds(claims: Claims, text: str) -> bool:
    match = re.search(r"\bas ([\w-]+) as (<t(\w)>)", text)
    if match is None:
        return False
    title = claims.titles.get(match[3])
    own = {stem(word) for word in words_of(claims.own_text)}
    told = all(stem(part) in own for part in words_of(match[1]))
    return title is not None and told and title_has(title, match[1])
