"""Checks of order and distance between the item and a title: newer, longer, years after.

The years and running times of both must be known; what cannot be computed is refused.
"""

from __future__ import annotations

import re

from chatrec.generation.claims import Claims
from chatrec.generation.figures import is_number, number_of
from chatrec.types import Item

EQUAL_MIN = 2
_LONGER = ("longer", "lengthier", "more time")
_SHORTER = ("shorter", "briefer", "brisker", "quicker")
_LATER = ("newer", "later", "younger", "more recent", "more modern", "after", "on from")
_ORDER = (
    "longer|shorter|newer|older|later|earlier|younger|more recent|less recent|lengthier|briefer|"
    "more modern|brisker|quicker"
)
_COUNT = r"(?P<count>\d+|(?:a )?[a-z]+(?:-[a-z]+)?(?: [a-z]+ing)?)"
_UNIT = r"(?P<unit>years?|decades?|minutes?|mins|hours?)"
_GAP = re.compile(
    rf"(?:(?P<vague>more than|over|almost|nearly|about|around|some|just|only|roughly|"
    rf"just over|just under|well over) )?{_COUNT} (?:full )?{_UNIT}"
    rf" (?P<how>(?:{_ORDER})(?: than)?|before|after|on from|ahead of)(?: (?P<title><t\w>))?"
)
_BY = re.compile(
    rf"\b(?P<how>{_ORDER})(?: \w+){{0,3}}? than (?P<title><t\w>)(?:'s)? by "
    rf"(?:(?P<vague>more than|over|almost|nearly|about|around|some|just|roughly) "
    rf")?{_COUNT} {_UNIT}"
)
_PLAIN = re.compile(rf"\b(?P<how>{_ORDER})(?: \w+){{0,4}}? than (?:the )?(?P<title><t\w>)")
_RELEASED = re.compile(
    r"\b(?:released|made|came out|out|arrived|arriving|appeared|dates?|dating|years?|"
    r"decades?|came|year|"
    r"decade|shot|filmed|comes?|opened|premiered)\b(?: \w+){0,3}? "
    r"(?P<how>before|after|ahead of|prior to|earlier than|later than|on from) (?P<title><t\w>)"
)
_EQUAL = re.compile(
    r"\b(?:exactly |just |about |almost |nearly |every bit )?as (?P<how>long|short|"
    r"old|new|recent) as (?P<title><t\w>)"
)
_VAGUE_COUNTS = frozenset(
    {"some", "few", "a few", "many", "several", "couple", "the", "of", "released", "out", "just"}
)


def take_gaps(claims: Claims) -> tuple[str, tuple[str, ...]]:
    """The masked sentence without its comparisons of age and length, and what is wrong in them."""
    problems: list[str] = []
    text = claims.masked

    def judge(match: re.Match[str]) -> str:
        if not _holds(claims, match):
            problems.append(f"{match.group().strip()!r} is not borne out")
        return f" {match['title'] or ''} "

    for pattern in (_BY, _GAP, _PLAIN, _RELEASED, _EQUAL):
        if pattern is not _GAP or claims.titles:
            text = pattern.sub(judge, text)
    return text, tuple(problems)


def _holds(claims: Claims, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    how = re.sub(r" than$", "", match["how"])
    unit = groups.get("unit") or ""
    by_length = how in (*_LONGER, *_SHORTER, "long", "short") or unit.startswith(("min", "hour"))
    others = _items(claims, match["title"])
    return any(_gap_holds(claims.item, other, how, by_length, groups) for other in others)


def _gap_holds(
    item: Item, other: Item, how: str, by_length: bool, groups: dict[str, str | None]
) -> bool:
    mine = item.runtime_min if by_length else item.year
    theirs = other.runtime_min if by_length else other.year
    if mine is None or theirs is None:
        return False
    gap = mine - theirs
    if how in ("long", "short", "old", "new", "recent"):
        return abs(gap) <= (EQUAL_MIN if by_length else 0)
    gap = gap if how in (*_LONGER, *_LATER) else -gap
    count = groups.get("count")
    if count is None or count in _VAGUE_COUNTS:
        return gap > 0
    if not is_number(count):
        return False
    unit = groups.get("unit") or ""
    size = number_of(count) * (
        10 if unit.startswith("decade") else 60 if unit.startswith("hour") else 1
    )
    vague = groups.get("vague") or ""
    if "more than" in vague or "over" in vague:
        return gap >= size
    slack = 4 if unit.startswith(("decade", "hour")) or vague else 0
    return gap > 0 and abs(gap - size) <= slack


def _items(claims: Claims, mark: str | None) -> tuple[Item, ...]:
    if mark:
        title = claims.titles.get(mark[-2])
        return title.items if title else ()
    found = {item.item_id: item for title in claims.titles.values() for item in title.items}
    return tuple(found.values())
