"""Differences of length and age in the words that gaps.py reads: "adds ten minutes", "tighter".

"Seven extra minutes", "an hour and three minutes longer", "twenty minutes beyond the length of
<ta>", "decades older". Knows nothing of the years and lengths themselves.
"""

from __future__ import annotations

import re

from chatrec.generation.counts import is_number, number_of
from chatrec.generation.vocabulary import NUMBER_WORDS

DECADES_YEARS = 15  # "decades older" is at least so many years older
_SMALL = "|".join(NUMBER_WORDS)
_NUMBER = rf"(?:\d+|(?:{_SMALL}|one)(?:-(?:{_SMALL}|one))?)"
_ABOUT = r"(?:(?:about|some|around|nearly|almost|over|roughly|just|only|a good|a full) )?"
_LENGTH = r"(?:length|running time|runtime|run time|duration|minutes)"
_SHORTER = re.compile(
    r"\b(minutes?|hours?) (?:faster|swifter|speedier|less long|leaner|tighter|trimmer|slimmer|"
    r"tauter|snappier|terser|more compact|more concise|lighter|sooner)\b"
)
_LONGER = re.compile(
    r"\b(minutes?|hours?) (?:slower|more spacious|ampler|roomier|fuller|more expansive|"
    r"more leisurely|heavier|bulkier)\b"
)
_EXTRA = re.compile(
    rf"\b(?P<size>{_NUMBER}) (?:extra|additional|further|added) minutes\b"
    r"(?P<to> (?:than|over|on) (?=<t))?"
)
_ADDS = re.compile(
    rf"\b(?:adds?|added|gains?|gained|puts on|tacks on) "
    rf"(?:another |an extra |a further )?(?P<size>{_ABOUT}{_NUMBER}) minutes?\b(?! (?:longer|"
    r"shorter|more|less|fewer|extra|"
    rf"to (?!the {_LENGTH} of <t)[a-z]))(?P<to> (?:to|over|on) (?:the {_LENGTH} of )?(?=<t))?"
)
_TAKES_OFF = re.compile(
    rf"\b(?:drops?|dropped|cuts?|trims?|trimmed|sheds?|loses?|lost|saves?|saved|shaves?|shaved)"
    rf"(?: off)? (?P<size>{_ABOUT}{_NUMBER}) minutes?\b(?: off)?(?P<to> (?:from|of) (?=<t))?"
)
_BEYOND = re.compile(
    rf"\b(?P<unit>minutes?|hours?) (?:(?:beyond|past|over|above|in excess of) the {_LENGTH} of|"
    r"over and above) "
    r"(?=(?:the )?<t)"
)
_SHORT_OF = re.compile(
    rf"\b(?P<unit>minutes?|hours?) (?:under|below|short of|shy of|inside|within) the {_LENGTH} of "
    r"(?=(?:the )?<t)"
)
_ITS_LENGTH = re.compile(
    rf"\b(?:at|in|for|takes?|took|with|is|runs?) (?P<how>more|less) than (?P<t><t\w>)'s? "
    rf"{_LENGTH}\b"
)
_THAN_DID = re.compile(  # "needs fifty minutes more than he did for <ta>"
    r"\b(?P<unit>minutes?|hours?) (?P<how>more|longer|less|fewer|shorter) than "
    r"(?:he|she|they|it|<p\w>) (?:did|does|took|takes|needed|needs|had|gave|spent)"
    r"(?: (?:on|for|with|in))? (?=(?:the )?<t)"
)
_HOUR_AND = re.compile(
    rf"\b(?P<hours>an?|one|two|three|half an) hours? and (?P<minutes>an?|{_NUMBER}) minutes? "
    r"(?=(?:longer|shorter|more|less)\b)"
)
_DECADES = re.compile(
    r"(?<!-)\b(?P<before>[\w>',]+ )?decades (?P<how>older|newer|earlier|later|younger)\b"
)
_COUNTING = re.compile(rf"(?:{_NUMBER}|some|several|few|many|couple|of|half|two-and-a-half) $")


def plain_sizes(text: str) -> str:
    """The masked ``text`` with such a difference as "ten minutes longer", others unchanged.

    >>> plain_sizes("an hour and three minutes longer than <ta>")
    '63 minutes longer than <ta>'
    >>> plain_sizes("keeps the star and adds thirty-nine minutes")
    'keeps the star and is thirty-nine minutes longer'
    >>> plain_sizes("seven extra minutes")
    'seven minutes longer'
    """
    text = re.sub(r"\b(years?|decades?) sooner\b", r"\1 earlier", text)
    text = _LONGER.sub(r"\1 longer", _SHORTER.sub(r"\1 shorter", text))
    text = _ITS_LENGTH.sub(
        lambda m: f"is {'longer' if m['how'] == 'more' else 'shorter'} than {m['t']}", text
    )
    text = _THAN_DID.sub(
        lambda m: f"{m['unit']} {'longer' if m['how'] in ('more', 'longer') else 'shorter'} than ",
        text,
    )
    text = _HOUR_AND.sub(_minutes, text)
    text = _EXTRA.sub(lambda m: f"{m['size']} minutes longer{' than ' if m['to'] else ''}", text)
    text = _ADDS.sub(lambda match: _is(match, "longer"), text)
    text = _TAKES_OFF.sub(lambda match: _is(match, "shorter"), text)
    text = _BEYOND.sub(r"\g<unit> longer than ", text)
    text = _SHORT_OF.sub(r"\g<unit> shorter than ", text)
    return _DECADES.sub(_decades, text)


def _is(match: re.Match[str], how: str) -> str:
    return f"is {match['size']} minutes {how}{' than ' if match['to'] else ''}"


def _minutes(match: re.Match[str]) -> str:
    hours, minutes = match["hours"], match["minutes"]
    size = 60 * (0.5 if hours.startswith("half") else number_of(hours))
    return f"{size + number_of(minutes) if is_number(minutes) else size:.0f} minutes "


def _decades(match: re.Match[str]) -> str:
    before = match["before"] or ""
    if _COUNTING.search(before):
        return match.group()
    return f"{before}more than {DECADES_YEARS} years {match['how']}"
