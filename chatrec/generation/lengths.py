"""Running times said by their distance from a round one, brought to minutes for figures.py.

"A minute less than two hours", "eight minutes over an hour and a half", "ends before the
hundred-minute mark". Knows nothing of the running times themselves.
"""

from __future__ import annotations

import re

from chatrec.generation.counts import is_number, number_of
from chatrec.generation.vocabulary import NUMBER_WORDS

_SMALL = "|".join(NUMBER_WORDS)
_NUMBER = rf"(?:\d+|(?:{_SMALL}|one|an?)(?:[- ](?:{_SMALL}|one))*)"
_PARTS = {
    " and a half": 30, " and a quarter": 15, " and three quarters": 45, " and three-quarters": 45,
}  # fmt: skip
_ROUND = (
    rf"(?:the )?(?:(?P<hours>{_NUMBER})(?P<before>(?: and (?:a half|a quarter|three[- ]quarters))?)"
    r"[- ]hours?(?P<after>(?: and (?:a half|a quarter|three[- ]quarters))?)|"
    rf"(?P<minutes>an? hundred|hundred|{_NUMBER})[- ]minutes?)\b(?: mark)?"
)
_LESS = r"(?:less than|short of|shy of|under|below|before|off|inside|from|to spare in)"
_MORE = r"(?:more than|over|past|above|beyond|longer than|on top of|after|in excess of)"
_AWAY = re.compile(
    rf"\b(?P<size>(?:only |just )?a few|some|several|a couple of|{_NUMBER})(?: [a-z]+)? minutes? "
    rf"(?:(?P<less>{_LESS})|(?P<more>{_MORE})) {_ROUND}"
)
_LESSENED = re.compile(rf"{_ROUND},? (?:less|minus|bar|but for) (?P<size>{_NUMBER}) minutes?\b")
_BEFORE_MARK = re.compile(
    r"\b(?:(?P<near>just|shortly|a little|slightly|a bit) )?(?:before|short of|this side of|"
    r"inside) "
    r"(?=the [\w-]+(?: [\w-]+)?[- ](?:hour|minute)s? mark\b)"
)


_A_HUNDRED = re.compile(  # "spend a gothic hundred minutes"
    rf"(?<!\ba )(?<!\ban )(?<!\bone )"
    rf"{''.join(f'(?<!{word} )' for word in NUMBER_WORDS)}\bhundred minutes\b(?! mark)"
)


def plain_lengths(text: str) -> str:
    """The folded ``text`` with such lengths in minutes; others unchanged.

    >>> plain_lengths("it lasts a minute less than two hours")
    'it lasts 119 minutes'
    >>> plain_lengths("a few minutes short of an hour and a half")
    'just under 90 minutes'
    >>> plain_lengths("it ends before the hundred-minute mark")
    'it ends under 100 minutes'
    """
    text = re.sub(r"\b([\w-]+ (?:hours?|minutes)) plus\b(?! (?:an?|one|two|\d))", r"over \1", text)
    text = re.sub(r"\b(give back|wastes?|lose|miss|skip|spare|regret) a minute\b", r"\1 none", text)
    text = re.sub(r"\bhour and three-quarters\b", "hour and three quarters", text)
    text = _BEFORE_MARK.sub(lambda m: "just under " if m["near"] else "under ", text)
    text = _LESSENED.sub(_lessened, _AWAY.sub(_away, text))
    text = _A_HUNDRED.sub("about 100 minutes", text)
    return re.sub(r"\b(?:the )?hundred-minute(?: mark)?\b", "100 minutes", text)


def _away(match: re.Match[str]) -> str:
    base, size = _base(match), match["size"].removeprefix("only ").removeprefix("just ")
    if base is None:
        return match.group()
    if not is_number(size):  # "a few minutes"
        return f"just {'under' if match['less'] else 'over'} {base:.0f} minutes"
    return f"{base - number_of(size) if match['less'] else base + number_of(size):.0f} minutes"


def _lessened(match: re.Match[str]) -> str:
    base = _base(match)
    return match.group() if base is None else f"{base - number_of(match['size']):.0f} minutes"


def _base(match: re.Match[str]) -> float | None:
    """The round length in minutes; None for one that is no number, or no film's."""
    said = match["hours"] or match["minutes"]
    said = "a hundred" if said == "hundred" else said
    if not is_number(said):
        return None
    if match["minutes"]:
        return number_of(said)
    parts = (_PARTS.get(match[name] or "", 0) for name in ("before", "after"))
    return 60 * number_of(said) + sum(parts)
