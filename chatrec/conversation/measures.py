"""Reads limits in numbers: running time and price.

Each reader takes a folded text and gives field values of :class:`chatrec.types.Constraints` with
the spans they were read from; what the catalogue has no column for is the caller's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chatrec.conversation.numerals import NUMBERS
from chatrec.conversation.utterance import Span, left_of
from chatrec.data.fact_limits import Sign

ROUGHLY_MIN = 15  # "about 90 minutes" is 75 to 105
FIRST_YEAR = 1880  # a larger number after "under" is a year, not a price

Field = Literal["year_min", "year_max", "runtime_min", "runtime_max", "price_max", "max_age"]
Unit = Literal["year", "runtime", "price", "age", "rating"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One limit read. ``values`` holds the fields it sets; a bound it leaves open is absent."""

    unit: Unit
    values: tuple[tuple[Field, float], ...]
    start: int
    end: int


_OTHER_TIME = re.compile(  # "a 14 hour flight", "20 minutes later", "three hours?!" of a film shown
    r"[ -]+(?:long )?(?:shifts?|flights?|trains?|drives?|rides?|commutes?|trips?|journeys?|"
    r"walks?|naps?|"
    r"breaks?|days?|bus|meetings?|workouts?|lessons?|delays?|waits?|layovers?|later|ago|early|"
    r"each way|"
    r"away|from (?:here|now)|before(?! (?:bed|sleep|dinner|lunch|work|school|i|we|the|my|our)\b)|"
    r"after (?:that|work|school))\b|\s*(?:\?!|!\?|\?\?|!!)"
)
_GONE_BY = re.compile(
    r"\b(?:after|in the first|for the first|the last|within the first|"
    r"every)\s+(?:about |only |like )?$"
)
NUMBER = r"(\d{1,3}|" + "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True)) + ")"

_HOUR = r"(?:h|hrs?|hours?|std|stunden?|heures?|horas?|小时|个小时)"
_MINUTE = r"(?:m|mins?|minutes?|minuten|minutos|分钟)"
_APART = r"(?:(?<=[a-z])[ -]|(?<![a-z])[ -]?)"  # "2h" and "two h", but "ah" is no hour
_DURATION = re.compile(
    rf"(?:(?P<halves>{NUMBER}(?: and a)? ?(?:half|1/2) {_HOUR}|{NUMBER} {_HOUR} and a half|"
    r"anderthalb stunden?|"
    rf"half an hour)|(?P<hours>\d(?:[.,]\d+)?|{NUMBER}){_APART}{_HOUR}(?:\s?(?:and |et |y |"
    rf"und )?(?P<rest>\d{{1,2}})\s?{_MINUTE}?)?"
    rf"|(?P<minutes>\d{{2,3}}|{NUMBER}){_APART}{_MINUTE})(?![a-z\d])"
)
_AT_MOST = re.compile(
    r"(?P<strict>\b(?:under|less than|below|shorter than|unter|weniger als|kurzer als|"
    r"moins de|menos de)|少于|短于|不到)\s*$"
    r"|(?:\b(?:at most|max(?:imum|imal)?\.?|no (?:more|longer) than|no (?:\w+ )?mas de|"
    r"pas plus (?:long )?(?:de|que)|nicht mehr als|not (?:more|longer|"
    r"over)(?: than)?|up to|within|"
    r"(?:nothing|not|no more|never) past(?: the)?|"
    r"hochstens|nicht langer als|au plus|maximo|only (?:have|got)|^got|i(?:'ve|"
    r" have)(?: only)?(?: got)?|have|nothing (?:over|"
    r"longer than|above)|not over)|不超过|最多)\s*(?:about |around )?$"
)
_AT_LEAST = re.compile(
    r"(?:\b(?:over|more than|longer than|at least|min(?:imum)?\.?|uber|mehr als|"
    r"langer als|mindestens|plus de|mas de|"
    r"above|no(?:t)? (?:less|shorter) than)|超过|至少)\s*$"
)
_MAX_AFTER = re.compile(
    r"\s*(?:(?:or less|or shorter|max|at (?:the )?(?:very |absolute )?most|(?:absolute "
    r")?max(?:imum)?|"
    r"tops|or under|hochstens|maximum|maximal)\b|以内|以下)"
)
_MIN_AFTER = re.compile(r"\s*(?:(?:or more|or longer|or over|plus)\b|以上)")


def runtimes(folded: str, lower: int | None, upper: int | None) -> list[Measure]:
    """The limits in minutes; "short" and "long" mean the ``lower`` and ``upper`` quartile."""
    found = []
    for m in _DURATION.finditer(folded):
        minutes = _minutes(m)
        left, right = left_of(folded, m.start()), folded[m.end() :]
        if _OTHER_TIME.match(right) or _GONE_BY.search(left):
            continue
        most, least = _AT_MOST.search(left), _AT_LEAST.search(left)
        offset = m.start() - len(left)
        starts = [offset + x.start() for x in (most, least) if x is not None]
        start = min([m.start(), *starts])
        if most is not None or _MAX_AFTER.match(right):
            strict = most is not None and most.group("strict") is not None
            found.append(measure("runtime", (start, m.end()), runtime_max=minutes - strict))
        elif least is not None or _MIN_AFTER.match(right):
            found.append(measure("runtime", (start, m.end()), runtime_min=minutes))
        elif minutes >= 20:
            low, high = minutes - ROUGHLY_MIN, minutes + ROUGHLY_MIN
            found.append(measure("runtime", m.span(), runtime_min=low, runtime_max=high))
    if not found and lower is not None and upper is not None:
        found += _plain_length(folded, lower, upper)
    return found


_BARE = re.compile(  # "max 120", "100 tops"
    r"(?<![\w$€£.])(?:(?P<most>(?:max(?:imum)?\.?|at most|no (?:more|longer) than|not (?:more|"
    r"longer) than|"
    r"not over|up to|nothing (?:over|above|longer than))\s+(?:of |about |around )?)|"
    r"(?P<strict>(?:under|less than|below|shorter than)\s+)|(?P<least>(?:over|more than|longer "
    r"than|"
    r"at least|min(?:imum)?\.?)\s+))?(?P<n>\d{2,3})(?P<after>\s?(?:max(?:imum)?|at most|tops|or "
    r"(?:less|"
    r"under|shorter|fewer))\b)?(?=\s*(?:$|[.,;!?]|\b(?:please|then|actually|if|and|but|this time|"
    r"now|"
    r"instead|today|tonight|would|should|will)\b))"
)
_BEFORE_BARE = re.compile(
    r"(?:^|[,.;:!?(]|\b(?:and|but|or|ok|okay|no|yes|please|films?|movies?|ones?|thrillers?|"
    r"comed(?:y|"
    r"ies)|dramas?|something|anything|it|that|maybe|say|just|then|also|well|make|keep|be|is|"
    r"actually|"
    r"ideally|preferably|now|still|only|sorry|hm+))\W*$"
)
LEAST_MINUTES, MOST_MINUTES = 45, 300  # what a number without a unit must be to be minutes


def bare_minutes(folded: str) -> list[Measure]:
    """Bounds said without a unit, "max 120", where nothing else is counted."""
    found = []
    for m in _BARE.finditer(folded):
        minutes = int(m["n"])
        if not _BEFORE_BARE.search(folded[: m.start()]):
            continue  # "actors over 80"
        if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
            continue
        if m["least"]:
            found.append(measure("runtime", m.span(), runtime_min=minutes))
        elif m["most"] or m["strict"] or m["after"]:
            most = minutes - (m["strict"] is not None)
            found.append(measure("runtime", m.span(), runtime_max=most))
    return found


def bound_of(folded: str, start: int, end: int) -> tuple[Sign, bool, int, int] | None:
    """The bound that a number said at ``start:end`` sets; None where no words make it one.

    It is the side of the number that is asked for, whether the number itself is left out, and the
    span with the words that say so.
    """
    left = left_of(folded, start)
    offset = start - len(left)
    most, least = _AT_MOST.search(left), _AT_LEAST.search(left)
    after_most, after_least = _MAX_AFTER.match(folded, end), _MIN_AFTER.match(folded, end)
    if most is not None:
        return "<=", most.group("strict") is not None, offset + most.start(), end
    if after_most is not None:
        return "<=", False, start, after_most.end()
    if least is not None:
        return ">=", False, offset + least.start(), end
    if after_least is not None:
        return ">=", False, start, after_least.end()
    return None


_NOUN = r"(?:films?|movies?|one|ones|comed(?:y|ies)|thrillers?|dramas?|and|but|please|$|[.,!])"
_NOT_LONG = re.compile(  # "not too long", "no long films"
    r"\b(?:not|nothing) (?:(?:too|very|so|that|all that|overly) )?long\b|"
    rf"\bno (?:very |overly |too )?long\b(?=\s*{_NOUN})|"
    r"\b(?:nicht (?:(?:all)?zu |so |sehr |besonders )?|keine? (?:zu |sehr )?)lang(?:e[rnms]?)?\b|"
    r"\bpas (?:trop |tres |si )?long(?:ue)?s?\b|\bpas (?:de|un) films? (?:trop |tres )?longs?\b|"
    r"\bno (?:(?:sean?|duren?|es|muy|demasiado|tan) )*larg[oa]s?\b|"
    r"(?:不要?|别|不能)(?:太|很|那么)?长"
)
_SHORT = re.compile(
    rf"\b(?:short|shortish|quick)\b(?=\s*{_NOUN})|\bkurze?[rnms]?\b(?= film|$)"
    r"|\bfilm court\b|\bcorta\b|时间短|短片|短一点的"
)
_LONG = re.compile(
    r"(?<!too )(?<!very )(?<!so )(?<!that )(?<!how )(?<!less )(?<!moins )(?<!trop )(?<!plus )"
    rf"\b(?:long|epic length)\b(?=\s*{_NOUN})|\blange[rn]? film\b"
)


def _plain_length(folded: str, lower: int, upper: int) -> Iterator[Measure]:
    not_long, short, long = (p.search(folded) for p in (_NOT_LONG, _SHORT, _LONG))
    if not_long is not None:
        yield measure("runtime", not_long.span(), runtime_max=upper)
    elif short is not None:
        yield measure("runtime", short.span(), runtime_max=lower)
    elif long is not None:
        yield measure("runtime", long.span(), runtime_min=upper)


def _minutes(m: re.Match[str]) -> int:
    if m.group("halves"):
        if "half an hour" in m[0]:
            return 30
        number = re.search(NUMBER, m[0])
        return (
            90 if "anderthalb" in m[0] or number is None else round(number_of(number[0]) * 60 + 30)
        )
    if m.group("hours"):
        rest = int(m.group("rest")) if m.group("rest") else 0
        return round(number_of(m.group("hours")) * 60) + rest
    return round(number_of(m.group("minutes")))


_PRICE = re.compile(
    r"\b(?:under|below|less than|cheaper than|max(?:imum)?|up to|at most|no more than|"
    r"unter|hochstens|moins de|menos de|"
    r"for less than|within|budget(?: of|"
    r" is)?)\s*(?P<sign>[$€£¥]\s?)?(?P<sum>\d{1,5}(?:[.,]\d{1,2})?)(?![\d年])"
    r"\s*(?P<unit>[$€£¥]|dollars?|euros?|eur|usd|pounds?|gbp|bucks|dolares|元)?(?!\s*(?:%|"
    r"years?|minutes?|mins?|min|hours?|h\b|jahre|ans|anos))"
)


_PRICE_AFTER = re.compile(
    r"(?<![\d.])(?P<sum>\d{1,5}(?:[.,]\d{1,2})?)\s*(?:[$€£¥]|dollars?|euros?|eur|usd|pounds?|"
    r"bucks|美元|"
    r"欧元|元|块)\s*(?:以下|以内|or less|or under|max(?:imum)?\b|at most|tops)"
)


def prices(folded: str, quartile: float | None) -> list[Measure]:
    """The limits in the catalogue's own currency; "cheap" means its lower quartile."""
    found = []
    for m in _PRICE.finditer(folded):
        named = m.group("sign") or m.group("unit")
        number = float(m.group("sum").replace(",", "."))
        alone = re.match(r"\s*(?:$|[.,!?;]|(?:and|or|please|but)\b)", folded[m.end() :]) is not None
        if named or (number < FIRST_YEAR and (quartile is not None or alone)):
            found.append(measure("price", m.span(), price_max=number))
    for m in _PRICE_AFTER.finditer(folded):
        found.append(measure("price", m.span(), price_max=float(m["sum"].replace(",", "."))))
    if quartile is not None and not found:
        for pattern, value in (
            (r"\bfree(?: of charge)?\b(?! time)|\bgratis\b|免费", 0.0),
            (
                r"\b(?:cheap|inexpensive|low priced|billige?[rns]?|pas cher|barat[oa])\b|便宜",
                quartile,
            ),
        ):
            found += [
                measure("price", m.span(), price_max=value) for m in re.finditer(pattern, folded)
            ]
    return found


def number_of(text: str) -> float:
    return float(NUMBERS[text]) if text in NUMBERS else float(text.replace(",", "."))


def measure(unit: Unit, span: Span, **values: float | None) -> Measure:
    kept: list[tuple[Field, float]] = []
    for field in ("year_min", "year_max", "runtime_min", "runtime_max", "price_max", "max_age"):
        value = values.get(field)
        if value is not None:
            kept.append((field, value))
    return Measure(unit, tuple(kept), *span)


def all_matches(patterns: tuple[str, ...], folded: str) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        yield from re.finditer(pattern, folded)
