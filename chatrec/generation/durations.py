"""Spans of time in a story, in days: "a fortnight" is fourteen days, three decades thirty years.

Knows nothing of running times and of years between releases (see figures.py and gaps.py).
"""

from __future__ import annotations

import re

from chatrec.generation.claims import Claims
from chatrec.generation.counts import is_number, number_of
from chatrec.generation.tallies import own_text
from chatrec.generation.vocabulary import NUMBER_WORDS

NEAR = 0.04  # thirty days are a month, 360 a year
_DAYS = {
    "day": 1, "night": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365, "decade": 3650,
    "centurie": 36500, "century": 36500,
}  # fmt: skip
_SMALL = "|".join(NUMBER_WORDS)
_NO_ADJECTIVE = (
    rf"of|or|and|in|to|for|more|fewer|each|every|few|couple|several|lot|hundred|thousand|{_SMALL}"
)
_SPAN = re.compile(
    r"(?<![\w<.-])(?P<half>half )?"
    rf"(?P<count>\d+(?:\.\d+)?|(?:{_SMALL})(?:[- ](?:{_SMALL}|one))*|an?|one|a single)"
    rf"[- ](?:(?!(?:{_NO_ADJECTIVE})\b)[a-z]+[- ])?"
    r"(?P<unit>days?|nights?|weeks?|fortnights?|months?|years?|decades?|century|centuries)\b"
    r"(?![- ]olds?\b)(?!-yearold)"
)
_HOURS = re.compile(rf"\b(?P<count>\d+|(?:{_SMALL})(?:[- ](?:{_SMALL}|one))*) hours\b")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_VAGUE = re.compile(
    r"\b(?:over|more than|less than|under|almost|nearly|about|around|some|roughly)(?: \w+)? $"
)
_SINGLE = frozenset({"a", "an", "one", "a single"})
_ONE_OFF = frozenset({"day", "night"})  # "a night out" and "one day" are told of any story


def take_durations(claims: Claims, text: str) -> tuple[str, list[str]]:
    """``text`` without spans of days up to centuries, and those that the story does not tell."""
    own = own_text(claims)
    told = told_days(own)
    problems: list[str] = []

    def judge(match: re.Match[str]) -> str:
        unit, days = _unit(match), _days(match)
        single = match["count"] in _SINGLE and not match["half"]
        if single and match["unit"].endswith("s"):
            return match.group()
        if match.group() in own or (single and (unit in _ONE_OFF or not told)):
            return " "
        slack = 0.2 if _VAGUE.search(text[: match.start()]) else NEAR
        if not any(abs(other - days) <= slack * other for other in told):
            problems.append(f"{match.group()!r} is not the time that the facts give")
        return " "

    return _SPAN.sub(judge, text), problems


def told_days(own: str) -> set[float]:
    """Days of every span that the facts tell, and between any two years that they name."""
    found = {_days(match) for match in _SPAN.finditer(own)}
    found |= {number_of(match["count"]) / 24 for match in _HOURS.finditer(own)}
    years = [int(year) for year in _YEAR.findall(own)]
    return found | {365.0 * abs(a - b) for a in years for b in years if a != b}


def _unit(match: re.Match[str]) -> str:
    return match["unit"].removesuffix("s")


def _days(match: re.Match[str]) -> float:
    count = match["count"].replace("a single", "a")
    number = number_of(count) if is_number(count) else 1.0
    return number * (0.5 if match["half"] else 1.0) * _DAYS[_unit(match)]
