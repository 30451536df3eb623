"""Finds what a message only tells: of somebody's life, or of a film's facts. It limits nothing.

"I was born in 1950", "we saw it in 1985", "Gandhi is over three hours long". Works on folded text;
what descriptions of a film that somebody looks for say ("I once saw a film about a boy who ...")
is left alone. Finds whole passages; :mod:`.tastes` judges a single mention elsewhere. English only.
"""

from __future__ import annotations

import re

from chatrec.conversation.utterance import MASK, Span

_WHO = (
    r"(?:i|we|he|she|they|(?:my|our|his|her) (?:\w+ )?\w+|(?:mum|mom|dad|grandma|grandpa|gran|"
    r"granny|"
    r"grandad|nan|everyone|everybody))"
)
_EVER = (
    r"(?:'ve|'d|'s| have| had| has)?(?: (?:both|all|just|only|first|once|last|also|even|"
    r"already|actually|probably|finally|never|often))*"
)
_LIVED = (
    r"(?:(?:am|are|'m|'re) (?:married|retired)|(?:was|were) (?:born|raised|married|(?:\d+|"
    r"\w+teen|twenty|thirty|a (?:kid|child|teenager|student|boy|girl)|"
    r"kids|children|teenagers|students|young|little|at (?:school|college|university|uni))(?= "
    r"(?:in|when|back|and|then)\b|\W*$))|"
    r"grew up|got married|married|met|moved|studied|worked|went|lived|live(?= in)|stayed|visited|"
    r"travelled|traveled|spent|"
    r"remember(?:s|ed)?|retired|(?:'m|am|'re|are|is|was|were|come|comes|came) from|"
    r"been (?:to|together|married))"
)
_SAW = r"(?:saw|watched|rented|caught|read|played|seen)"
_TO_END = (
    rf"(?:(?!\b(?:but|so|and (?:i|we|now|want|would|need|love|like|then|something|some|my|maybe)|"
    rf"now|want|wants|wanted|"
    rf"would|need|looking for|fancy|can you|could you|give|show|find|recommend|suggest|any|"
    rf"anything|something|more|other)\b)[^.,;:!?{MASK}])*"
)
_LIFE = re.compile(rf"\b{_WHO}{_EVER} ?{_LIVED}\b{_TO_END}")
_SEEING = re.compile(
    rf"\b{_WHO}{_EVER} {_SAW} (?P<what>(?:(?:it|that|this|them|those|one|(?:the |that )?(?:film|"
    rf"movie|dvd)|all of (?:it|them)|"
    rf"(?:an?|the|some|lots of|so many|too many|every|all|enough|plenty of|nothing but|only)\b)|"
    rf"{MASK}+)){_TO_END}"
)
_DESCRIBED = re.compile(
    r"\b(?:films?|movies?|ones?|something|scenes?|story|books?|games?|show)\b (?:\w+ )?(?:about|"
    r"where|in which|with|that|who|"
    r"whose|called|which|when|set|by|starring)\b|\bwhere\b|\bin which\b|\b(?:someone|somebody|a "
    r"(?:man|boy|girl|woman|guy|"
    r"family|couple)) (?:who|that|is|gets|finds|goes)\b|\bcalled\b"
)
_ONE = (
    rf"(?:{MASK}+|\b(?:it|that one|this one|that film|that movie|the first(?: one)?|the "
    rf"second(?: one)?|the third(?: one)?|the last(?: one)?))"
)
_FACT = re.compile(
    rf"{_ONE}(?:\W{{0,2}}(?:is|was|are|were|'s|isn't|wasn't|'re)(?: (?:not|really|only|just|"
    rf"almost|nearly|about|over|"
    r"around|well over|more than|less than|under|at least|like|also|already|quite|what|made|shot|"
    r"filmed|set|released|from|"
    r"in|out|back|the|a|an))*\W+(?:\d|(?:one|two|three|four|five|six|half|a hundred|ninety|"
    r"eighty|a hundred|hours?|ages)\b|"
    r"(?:(?:french|american|british|german|italian|japanese|korean|spanish|chinese|english|"
    r"danish|swedish|russian|indian|"
    r"australian|canadian|irish|polish)\b)|(?:france|australia|america|the (?:us|usa|uk)|britain|"
    r"england|germany|italy|"
    r"japan|korea|spain|china|denmark|sweden|russia|india|canada|ireland|poland|[a-z]+land)\b|"
    r"(?:\w+ties|seventies|"
    r"eighties|nineties|sixties|fifties)\b)|"
    r"\W{1,2}(?:came out|runs|ran|lasts|lasted|goes on|takes|dates|won|stars|starred|has|had)\b)"
    r"(?:(?!\b(?:but|so|and (?:i|we|now)|want|would|need|give|show|find|something|anything|any|"
    r"please)\b)[^.,;:!?])*"
)


def told_spans(folded: str, blanked: str) -> list[Span]:
    """Where a message tells of lives, of what was seen, or of a film's facts.

    ``blanked`` is the same text with its titles masked.
    """
    spans = [m.span() for m in _LIFE.finditer(folded)]
    spans += [m.span() for m in _SEEING.finditer(blanked) if not _DESCRIBED.search(m[0])]
    return spans


def fact_spans(blanked: str) -> list[Span]:
    """Where something is said of a film's year, length or country; no wish, and no question."""
    return [m.span() for m in _FACT.finditer(blanked)]
