"""How many a sentence says are in the cast: "only three names make up the cast", "a cast of five".

Counted are the people that the facts list as the cast. Knows nothing of counts in the story (see
tallies.py).
"""

from __future__ import annotations

import re

from chatrec.generation.claims import Claims
from chatrec.generation.counts import number_of
from chatrec.generation.vocabulary import NUMBER_WORDS

_NUMBER = rf"(?P<count>\d+|{'|'.join(NUMBER_WORDS)}|one)"
_CAST = r"(?:cast(?: list)?|bill|credits|players)"
_PEOPLE = r"(?:names|name|actors|actresses|players|performers|people|faces|stars)"
_ALONE = re.compile(  # these say how many there are of all
    rf"\b(?:(?:only|just|merely|no more than|all of|there are(?: only| just)?) {_NUMBER} "
    rf"{_PEOPLE} (?:in|on|make up|makes up|form|fill|are) (?:the |its |this )?(?:whole |entire |"
    rf"full )?(?:{_CAST}|listed|credited|named)\b)|"
    rf"\b{_NUMBER.replace('count', 'count2')} {_PEOPLE} (?:make up|form|are) (?:the |its |this )"
    rf"(?:whole |entire |full )?{_CAST}\b|"
    rf"\bcast of (?:only |just )?{_NUMBER.replace('count', 'count3')}\b(?! (?:[a-z-]+ )?[a-z]+s\b)"
)
_SOME = re.compile(rf"\b{_NUMBER} {_PEOPLE} (?:in|on) (?:the|its|this) {_CAST}\b")


def take_cast_counts(claims: Claims, text: str) -> tuple[str, list[str]]:
    """``text`` without true counts of the cast, and those that are false of it."""
    problems: list[str] = []
    size = len(claims.item.cast)

    def judge(match: re.Match[str]) -> str:
        found = match.groupdict()
        said = next(number for number in found.values() if number)
        if number_of(said) == size:
            return "the cast"
        if match.re is _ALONE and size and said not in claims.words:
            problems.append(f"number {said!r} is not how many the cast lists")
        return match.group()

    return _SOME.sub(judge, _ALONE.sub(judge, text)), problems
