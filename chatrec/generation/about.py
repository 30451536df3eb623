"""Parts of a sentence that speak of a mentioned title and not of the item.

"<ta> had ghosts in it", "faced an invasion in <ta>", "the buddy comedy <ta>": what stands there is
judged by that title's record. Knows nothing of which claims are true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims, item_words
from chatrec.generation.mentions import key_of, name_key
from chatrec.generation.words import stem

_PAST = r"(?:was|were|had|did|gave|broke|took|made|met|fought|led|ran|saw|put|set|told|[a-z]+ed)"
_AFTER = re.compile(
    rf"(?:^|[.;:,] |\b(?:and|while|where|what) |'s )(?:the )?<t(?P<of>\w)> (?:already )?"
    rf"(?:{_PAST}|(?:is|remains) (?:the|an?)|has (?:its|an?|the)|is set)\b"
    r"(?P<part>[^.;:,]*)"
)
_WHERE = re.compile(  # "where <ta> goes for dark comedy, this ..."
    r"\b(?:but|though|while|and) where <t(?P<of>\w)> [a-z]+s\b(?P<part>[^.;:,]*)"
    r"(?=, (?:this|it|here)\b)"
)
_BEFORE = re.compile(
    rf"\b(?:{_PAST})\b(?P<part>[^<.;:]*) (?:in|of|from|for) (?:your favou?rite |the )?<t(?P<of>\w)>"
)
_OF = re.compile(
    r"\b(?:the|an?|from) (?P<part>(?:[\w-]+ ){1,2})(?:of |in )?(?:your favou?rite )?<t(?P<of>\w)>"
)
_FROM_IN = re.compile(  # "went from filming a band in <ta> to a trainee's talks"
    r"\bfrom (?P<part>[^.;:,<]{1,60}?) (?:in|of|aboard|on) <t(?P<of>\w)> to\b"
)
_ITS_LEFT = re.compile(
    r"\b(?:swap|trad|exchang|replac|ditch|leav|left|drop|abandon)\w* <t(?P<of>\w)>'s? "
    r"(?P<part>[^.;:,<]{1,60}?) (?:for|with|behind)\b"
)
_INSTEAD_OF = re.compile(  # "instead of <ta>'s San Francisco you get"
    r"\b(?:instead of|rather than|from) <t(?P<of>\w)>'s? (?P<part>[^.;:,<]{1,40})"
)
_INSTEAD = re.compile(
    r"\b(?:instead of|in place of|rather than|"
    r"swap(?:s|ping|ped)?|trad(?:es?|ing|ed)|leav(?:es?|ing)|left|"
    r"quit(?:s|ting)?|exchang(?:es?|ing|ed)|replac(?:es?|ing|ed)|not|without|after|"
    r"(?:moves?|go(?:es)?|turns?|shifts?|heads?|travels?|switch(?:es)?)\b[^,.;<]{0,30}? from)"
    r"(?P<part>(?: (?!(?:for|to)\b)[\w'-]+){1,5})"
)
# Said of the only title that is named: "trades alien war for", "turn from Californian oil to".
_LEFT = (
    re.compile(
        r"\b(?:(?:swap|trad|exchang|replac|ditch)\w*|leav(?:es?|ing)|left|drops?|abandons?) "
        r"(?P<part>[^.;:,<]{1,60}?) (?:for|with|behind)\b"
    ),
    re.compile(
        r"\b(?:move[sd]?|moving|turn(?:s|ed|ing)?|goes|go|went|shift\w*|switch\w*|head\w*|jump\w*) "
        r"from (?P<part>[^.;:,<]{1,60}?) to\b"
    ),
    re.compile(
        r"\b(?:instead of|rather than|in place of|but not|not) (?:for |in )?"
        r"(?P<part>[^.;:,<]{1,40}?)(?=\W*$|[.;:,]| you (?:get|have|find)\b)"
    ),
)
_TAKES_OVER = re.compile(
    r"\b(?:same|like|also|too|again|both|another|here|this|it|so|as|and then|shar\w+|than|with)\b"
)


def title_parts(claims: Claims, text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and title letter of each part of a masked text that speaks of a title alone."""
    for pattern in (_AFTER, _WHERE, _BEFORE, _OF, _FROM_IN, _ITS_LEFT, _INSTEAD_OF):
        for match in pattern.finditer(text):
            if match["of"] in claims.titles and not _TAKES_OVER.search(match["part"]):
                yield match.start("part"), match.end("part"), match["of"]
    if len(claims.titles) == 1:
        only = next(iter(claims.titles))
        for pattern in _LEFT:
            yield from ((m.start("part"), m.end("part"), only) for m in pattern.finditer(text))


def said_of_title(claims: Claims, match: re.Match[str]) -> bool:
    """Whether the words of ``match`` stand where a title is spoken of that has all of them."""
    words = key_of(match.group())
    for start, end, letter in title_parts(claims, match.string):
        if start <= match.start() and match.end() <= end:
            told = {
                stem(word)
                for item in claims.titles[letter].items
                for word in key_of(item_words(item))
            }
            if all(stem(word) in told for word in words):
                return True
    return False


def names_of_titles(claims: Claims) -> frozenset[str]:
    """Folded words of the parts that speak of a title, told by that title's record."""
    text = claims.masked
    parts: list[tuple[str, tuple[str, ...]]] = [
        (text[start:end], (letter,)) for start, end, letter in title_parts(claims, text)
    ]
    every = tuple(claims.titles)
    found: set[str] = set()
    for part, letters in (*parts, *((m["part"], every) for m in _INSTEAD.finditer(text))):
        told = (claims.told_of(claims.titles[letter].name) for letter in letters)
        stems = {stem(word) for words in told for word in words}
        found |= {word for word in key_of(part) if stem(word) in stems}
    return frozenset(found)


def people_of_given(claims: Claims) -> frozenset[str]:
    """Folded names of everybody of the titles that the sentence or the evidence names."""
    named = frozenset().union(*(title.people() for title in claims.titles.values()))
    given = (claims.lookups.items_of.get(" ".join(key), ()) for key in claims.given_keys)
    people = (name for items in given for item in items for name in (*item.creators, *item.cast))
    return named | frozenset(map(name_key, people))


def told_of_titles(claims: Claims) -> frozenset[str]:
    """Folded words that the records of all titles in the sentence tell."""
    names = {title.name for title in claims.titles.values()}
    return frozenset().union(*(claims.told_of(name) for name in names))
