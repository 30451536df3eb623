"""Reads limits in years: ranges, decades, "before 1970", "the last twenty years", "recent".

Gives :class:`chatrec.conversation.measures.Measure`, without knowing what a catalogue has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from chatrec.conversation.measures import NUMBER, Measure, all_matches, measure, number_of
from chatrec.conversation.numerals import DECADES
from chatrec.conversation.utterance import Span, overlaps

OLD_YEARS = 30  # "an old film" is at least this many years old
RECENT_YEARS = 10  # "recent" is the last ten years up to the newest item
FIRST_YEAR = 1880

_Y = r"(1[89]\d\d|20\d\d)"
_NEG = r"(?P<neg>\b(?:nothing|not|no|never|nichts|nicht|rien|nada|kein\w*)\s+(?:\w+\s+){0,2})?"
_BEFORE = (
    r"(?:before|pre|prior to|earlier than|older than|vor|avant|antes del?|anterior a|predating)"
)
_AFTER = r"(?:after|post|later than|newer than|younger than|nach|apres|despues del?|posterior a)"
_SINCE = (
    r"(?:since|starting (?:in|from)|ab|seit|depuis|a partir de|desde|not before|"
    r"no older than|not older than)"
)
_UNTIL = (
    r"(?:until|till|up to|no later than|not later than|not after|no newer than|"
    r"not newer than|bis|jusqu'en|hasta)"
)
_DECADE = (
    r"(?:the |den |die |les |los )?(?:annees |anos )?'?((?:1[89]|20)?\d0)\s?(?:'?s|er|ern|"
    r"er jahren?|年代)?\b"
)

_RANGES = (
    rf"\b(?:between|zwischen|entre)\s+{_Y}\s+(?:and|und|et|y|to|-)\s+{_Y}",
    rf"\b(?:(?:from|von|de|desde)\s+)?{_Y}\s*(?:-|–|to|until|through|"
    rf"till|bis|a|hasta|到|至)\s*{_Y}",
)
_LAST_YEARS = re.compile(
    r"(?:\b(?:in|from|of|within|over|during|aus|der|den|des|de|los|las|les)\s+)*(?:the\s+|"
    r"den\s+|les\s+|los\s+)?"
    rf"\b(?:last|past|letzten|vergangenen|dernieres|ultimos|ultimas)\s+{NUMBER}?\s*(?:or so )?"
    rf"(years?|decades?|jahren?|jahrzehnte?n?|annees|anos)(?: of)?\b"
    rf"|(?:{NUMBER}\s+dernieres annees)|(?:最近|近){NUMBER}年"
)
_DECADE_WORDS = "|".join(
    re.escape(word).replace(r"\ ", "[ -]") for word in sorted(DECADES, key=len, reverse=True)
)
_DECADES = re.compile(
    r"(?P<part>\b(?:early|mid|late|fruhe[nr]?|spate[nr]?|debut des|"
    r"fin des)[ -])?(?:\b(?:the|den|der|aus den|les|los) )?"
    r"(?:'?(?<![a-z\d])(?P<digits>(?:1[89]|20)?\d0)(?:'?s\b|-?er(?:n)?(?: ?jahren?)?\b|年代)"
    r"|\b(?:annees|anos|de los|aus den|des annees|los|les) (?P<latin>(?:1[89]|20)?\d0)\b"
    rf"|(?<![a-z\d])(?P<word>{_DECADE_WORDS})n?(?: jahren?)?(?![a-z\d]))"
)


_SHORT_YEAR = re.compile(  # "before 95"
    r"\b(?P<kind>before|after|since|until|pre|post)[ -]'?(?P<year>[3-9]\d)(?=\s*(?:$|[.,;!?]|"
    r"\b(?:please|"
    r"but|and|or|then)\b))"
)
_OPEN_DECADE = re.compile(
    r"\s*(?:and|or) (?:(?P<earlier>earlier|before|older|prior)|(?P<later>later|newer|after|since|"
    r"up|on))\b"
)


def years(folded: str, today: date, newest: int | None) -> list[Measure]:
    """The limits in years; a decade becomes its ten years, "before 1970" ends with 1969."""
    found = [
        measure("year", m.span(), year_min=int(m[1]), year_max=int(m[2]))
        for m in all_matches(_RANGES, folded)
    ]
    found += _relative_years(folded, today, newest)
    found += _bounded_years(folded, newest, [(m.start, m.end) for m in found])
    found += _decades(folded, newest, [(m.start, m.end) for m in found])
    found += _single_years(folded, today, [(m.start, m.end) for m in found])
    return found


_NOT_FROM = re.compile(  # "nothing from the last ten years", "not made this century"
    r"\b(?:nothing|not|no|never|don't (?:want|show me|give me)|avoid|skip|without|anything "
    r"but)\s+(?:(?:anything|"
    r"any|films?|movies?|ones?|stuff|things?|made|shot|released|that|which|is|are|was|were|too|"
    r"so|very|from|in|of|within|"
    r"during|the|these|those|really|all that|super)\s+)*$"
)


def not_from(folded: str, start: int) -> int | None:
    """Where words begin that rule out the years said at ``start``; None where none do."""
    match = _NOT_FROM.search(folded[:start])
    return None if match is None else match.start()


def turned_round(values: dict[str, float]) -> dict[str, float]:
    """The years that a bound leaves out: "not since 1980" ends with 1979."""
    if "year_min" in values and "year_max" not in values:
        return {"year_max": values["year_min"] - 1}
    if "year_max" in values and "year_min" not in values:
        return {"year_min": values["year_max"] + 1}
    return values


def _relative_years(folded: str, today: date, newest: int | None) -> Iterator[Measure]:
    for m in _LAST_YEARS.finditer(folded):
        number = next((g for g in (m[1], m[3], m[4]) if g), "1")
        size = 10 if m[2] and m[2].startswith(("decade", "jahrzehnt")) else 1
        yield measure("year", m.span(), year_min=today.year - round(number_of(number)) * size)
    latest = today.year if newest is None else min(today.year, newest)
    phrases = (
        (r"\b(?:this|current) (?:year)\b(?! (?:i|we|my|our)\b)|今年", today.year, None),
        (r"\b(?:the )?21st century\b|\bthis century\b", 2001, None),
        (
            r"\b(?:since|after|from) the turn of the (?:millennium|century)\b|\b(?:since|after) "
            r"the "
            r"millennium\b|\b(?:this|the new) millennium\b|\b(?:since|after) y2k\b",
            2000,
            None,
        ),
        (r"\b(?:the )?20th century\b|\blast century\b", 1901, 2000),
        (
            r"\b(?:the )?(?:19th|nineteenth) century\b|\b19\. jahrhunderts?\b|\bxixe siecle\b|"
            r"\bsiglo xix\b|十九世纪",
            1801,
            1900,
        ),
        (
            r"\b(?:the )?(?:18th|eighteenth) century\b|\b18\. jahrhunderts?\b|\bxviiie siecle\b|"
            r"\bsiglo xviii\b|十八世纪",
            1701,
            1800,
        ),
        (
            r"\b(?:recent|modern|contemporary|newish|latest|up to date)\b|\b(?:a|any|"
            r"some) new (?=film|movie|game|book)"
            r"|\b(?:nothing|not(?: too| so| that| quite so| all that| very)?|no) old\b(?= and|"
            r"\W*$)|\bneue[rns]? (?=film)|"
            r"\brecents?\b|\brecientes?\b|新片|新电影",
            latest - RECENT_YEARS,
            None,
        ),
        (
            r"\b(?:an?|some|any|really|very|good|great)? ?old(?:ish)? (?=film|movie|game|book|"
            r"one)|\bsomething old\b"
            r"|\b(?:alte[rns]?) (?=film)|\bvieux films?\b|\bantiguas?\b|老片|老电影|古老",
            None,
            today.year - OLD_YEARS,
        ),
    )
    for pattern, low, high in phrases:
        for m in re.finditer(pattern, folded):
            yield measure("year", m.span(), year_min=low, year_max=high)


def _bounded_years(folded: str, newest: int | None, taken: list[Span]) -> Iterator[Measure]:
    year = rf"(?:the year |dem jahr |l'annee )?(?:{_Y}(?!\s?s\b|'s)|{_DECADE})"
    kinds = ((_SINCE, "since"), (_UNTIL, "until"), (_BEFORE, "before"), (_AFTER, "after"))
    for words, kind in kinds:
        for m in re.finditer(
            rf"{_NEG if kind in ('before', 'after') else ''}\b{words}[ -]+{year}", folded
        ):
            if overlaps(m.span(), taken) or re.search(r"up to \d0$", m[0].rstrip()):
                continue  # "up to 90 pages"
            taken.append(m.span())
            first, last = _first_last(m.groups()[-2:], newest)
            negated = kind in ("before", "after") and m.group("neg") is not None
            yield measure("year", m.span(), **_bound(kind, first, last, negated))
    for m in _SHORT_YEAR.finditer(folded):
        if not overlaps(m.span(), taken):
            taken.append(m.span())
            short = 1900 + int(m["year"])
            kind = {"pre": "before", "post": "after"}.get(m["kind"], m["kind"])
            yield measure("year", m.span(), **_bound(kind, short, short, False))
    for pattern, kind in (
        (rf"{_Y}年?\s*(?:以前|之前|or (?:earlier|older)|and (?:earlier|before))", "until"),
        (
            rf"{_Y}年?\s*(?:以后|之后|以来|or (?:later|newer)|and (?:later|after|"
            r"newer)|onwards?|on\b)",
            "since",
        ),
    ):
        for m in re.finditer(pattern, folded):
            if not overlaps(m.span(), taken):
                taken.append(m.span())
                cjk = {"以前": "before", "之前": "before", "以后": "after", "之后": "after"}
                said = next((k for w, k in cjk.items() if w in m[0]), kind)
                yield measure("year", m.span(), **_bound(said, int(m[1]), int(m[1]), False))


def _bound(kind: str, first: int, last: int, negated: bool) -> dict[str, int]:
    if negated:
        return {"year_min": first} if kind == "before" else {"year_max": last}
    return {
        "before": {"year_max": first - 1},
        "after": {"year_min": last + 1},
        "since": {"year_min": first},
        "until": {"year_max": last},
    }[kind]


def _first_last(groups: tuple[str | None, ...], newest: int | None) -> tuple[int, int]:
    year, decade = groups
    if year is not None:
        return int(year), int(year)
    first = _decade_start(decade or "", newest)
    return first, first + 9


def _decades(folded: str, newest: int | None, taken: list[Span]) -> Iterator[Measure]:
    for m in _DECADES.finditer(folded):
        if overlaps(m.span(), taken):
            continue
        word = m.group("word")
        first = (
            DECADES[word.replace("-", " ")]
            if word
            else _decade_start(m.group("digits") or m.group("latin"), newest)
        )
        low, high = first, first + 9
        part = (m.group("part") or "").strip(" -")
        if part in {"early", "debut des"} or part.startswith("fruhe"):
            high = first + 3
        elif part == "mid":
            low, high = first + 4, first + 6
        elif part in {"late", "fin des"} or part.startswith("spate"):
            low = first + 7
        more = _OPEN_DECADE.match(folded, m.end())
        if more is not None:
            bound = {"year_max": high} if more["earlier"] else {"year_min": low}
            yield measure("year", (m.start(), more.end()), **bound)
            continue
        yield measure("year", m.span(), year_min=low, year_max=high)


def _single_years(folded: str, today: date, taken: list[Span]) -> Iterator[Measure]:
    cue = (
        r"(?:\b(?:from|in|of|year|aus|dem jahr|de|del|released in|made in|circa|around)\s+|"
        r"\bthe year [^.,;!?\d]{0,30},\s*)"  # "the year I was born, 1987"
    )
    alone = len(folded.split()) <= 4
    for m in re.finditer(
        rf"(?P<cue>{cue})?(?<!\w){_Y}(?:年)?(?!\w)(?P<noun>\s+(?:film|movie|game|book))?", folded
    ):
        if overlaps(m.span(), taken) or not FIRST_YEAR <= int(m[2]) <= today.year + 2:
            continue
        if m.group("cue") or m.group("noun") or alone or "年" in m[0]:
            end = m.start("noun") if m.group("noun") else m.end()
            yield measure("year", (m.start(), end), year_min=int(m[2]), year_max=int(m[2]))


def _decade_start(digits: str, newest: int | None) -> int:
    number = int(digits)
    if number >= 1800:
        return number
    if number >= 30:
        return 1900 + number
    if number == 20 and (newest is None or newest < 2020):
        return 1920
    return 2000 + number
