"""Reads limits in numbers: years, running time, price, the youngest viewer's age.

Each reader takes a folded text and gives field values of :class:`chatrec.types.Constraints` with
the spans they were read from; what the catalogue has no column for is the caller's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chatrec.conversation.lexicon import DECADES, NUMBERS
from chatrec.conversation.utterance import Span
from chatrec.data.constraints import age_of

KIDS_AGE = 7  # "for kids" without an age: only what suits a child of seven
FAMILY_AGE = 10  # "family night"
TEEN_AGE = 13
OLD_YEARS = 30  # "an old film" is at least this many years old
RECENT_YEARS = 10  # "recent" is the last ten years up to the newest item
ROUGHLY_MIN = 15  # "about 90 minutes" is 75 to 105
FIRST_YEAR = 1880

Field = Literal["year_min", "year_max", "runtime_min", "runtime_max", "price_max", "max_age"]
Unit = Literal["year", "runtime", "price", "age"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One limit read. ``values`` holds the fields it sets; a bound it leaves open is absent."""

    unit: Unit
    values: tuple[tuple[Field, float], ...]
    start: int
    end: int


_Y = r"(1[89]\d\d|20\d\d)"
_NEG = (
    r"(?P<neg>\b(?:nothing|not|no|never|nichts|nicht|rien|nada|kein\w*|films?)\s+(?:\w+\s+){0,2})?"
)
_BEFORE = r"(?:before|pre|prior to|earlier than|older than|vor|avant|antes de|anterior a|predating)"
_AFTER = r"(?:after|post|later than|newer than|younger than|nach|apres|despues de|posterior a)"
_SINCE = r"(?:since|starting (?:in|from)|ab|seit|depuis|a partir de|desde|not before|no older than|not older than)"
_UNTIL = r"(?:until|till|up to|no later than|not later than|not after|no newer than|not newer than|bis|jusqu'en|hasta)"
_DECADE = r"(?:the |den |die |les |los )?(?:annees |anos )?'?((?:1[89]|20)?\d0)\s?(?:'?s|er|ern|er jahren?|年代)?\b"

_RANGES = (
    rf"\b(?:between|zwischen|entre)\s+{_Y}\s+(?:and|und|et|y|to|-)\s+{_Y}",
    rf"\b(?:(?:from|von|de|desde)\s+)?{_Y}\s*(?:-|–|to|until|through|till|bis|a|hasta|到|至)\s*{_Y}",
)
_NUMBER = r"(\d{1,3}|" + "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True)) + ")"
_LAST_YEARS = re.compile(
    rf"(?:\b(?:in|from|of|within|over|during|aus|der|den|des|de|los|las|les)\s+)*(?:the\s+|den\s+|les\s+|los\s+)?"
    rf"\b(?:last|past|letzten|vergangenen|dernieres|ultimos|ultimas)\s+{_NUMBER}?\s*(?:or so )?"
    rf"(years?|decades?|jahren?|jahrzehnte?n?|annees|anos)(?: of)?\b"
    rf"|(?:{_NUMBER}\s+dernieres annees)|(?:最近|近){_NUMBER}年"
)
_DECADE_WORDS = "|".join(sorted(map(re.escape, DECADES), key=len, reverse=True))
_DECADES = re.compile(
    r"(?P<part>\b(?:early|mid|late|fruhe[nr]?|spate[nr]?|debut des|fin des)[ -])?(?:\b(?:the|den|der|aus den|les|los) )?"
    r"(?:'?\b(?P<digits>(?:1[89]|20)?\d0)(?:'?s\b|-?er(?:n)?(?: ?jahren?)?\b|年代)"
    r"|\b(?:annees|anos) (?P<latin>(?:1[89]|20)?\d0)\b"
    rf"|(?<!\w)(?P<word>{_DECADE_WORDS})(?: jahren?)?(?!\w))"
)


def years(folded: str, today: date, newest: int | None) -> list[Measure]:
    """The limits in years; a decade becomes its ten years, "before 1970" ends with 1969."""
    found = [
        _measure("year", _span(m), year_min=int(m[1]), year_max=int(m[2]))
        for m in _all(_RANGES, folded)
    ]
    found += _relative_years(folded, today, newest)
    found += _bounded_years(folded, newest, _taken(found))
    found += _decades(folded, newest, _taken(found))
    found += _single_years(folded, today, _taken(found))
    return found


def _relative_years(folded: str, today: date, newest: int | None) -> Iterator[Measure]:
    for m in _LAST_YEARS.finditer(folded):
        number = next((g for g in (m[1], m[3], m[4]) if g), "1")
        size = 10 if m[2] and m[2].startswith(("decade", "jahrzehnt")) else 1
        yield _measure("year", _span(m), year_min=today.year - round(_number(number)) * size)
    latest = today.year if newest is None else min(today.year, newest)
    phrases = (
        (r"\b(?:this|current) (?:year)\b|今年", today.year, None),
        (r"\b(?:the )?21st century\b|\bthis century\b", 2001, None),
        (r"\b(?:the )?20th century\b|\blast century\b", 1901, 2000),
        (r"\b(?:recent|modern|contemporary|newish|latest|up to date)\b|\b(?:a|any|some) new (?=film|movie|game|book)"
         r"|\bneue[rns]? (?=film)|\brecents?\b|\brecientes?\b|新片|新电影", latest - RECENT_YEARS, None),
        (r"\b(?:an?|some|any|really|very|good|great)? ?old(?:ish)? (?=film|movie|game|book|one)|\bsomething old\b"
         r"|\b(?:alte[rns]?) (?=film)|\bvieux films?\b|\bantiguas?\b|老片|老电影|古老", None, today.year - OLD_YEARS),
    )  # fmt: skip
    for pattern, low, high in phrases:
        for m in re.finditer(pattern, folded):
            yield _measure("year", _span(m), year_min=low, year_max=high)


def _bounded_years(folded: str, newest: int | None, taken: list[Span]) -> Iterator[Measure]:
    year = rf"(?:the year |dem jahr |l'annee )?(?:{_Y}(?!\s?s\b|'s)|{_DECADE})"
    kinds = ((_SINCE, "since"), (_UNTIL, "until"), (_BEFORE, "before"), (_AFTER, "after"))
    for words, kind in kinds:
        for m in re.finditer(
            rf"{_NEG if kind in ('before', 'after') else ''}\b{words}[ -]+{year}", folded
        ):
            if _overlaps(_span(m), taken):
                continue
            taken.append(_span(m))
            first, last = _first_last(m.groups()[-2:], newest)
            negated = (
                kind in ("before", "after") and (m.group("neg") or "film").strip()[:4] != "film"
            )
            yield _measure("year", _span(m), **_bound(kind, first, last, negated))
    for pattern, kind in (
        (rf"{_Y}年?\s*(?:以前|之前|or (?:earlier|older)|and (?:earlier|before))", "until"),
        (
            rf"{_Y}年?\s*(?:以后|之后|以来|or (?:later|newer)|and (?:later|after|newer)|onwards?|on\b)",
            "since",
        ),
    ):
        for m in re.finditer(pattern, folded):
            if not _overlaps(_span(m), taken):
                taken.append(_span(m))
                cjk = {"以前": "before", "之前": "before", "以后": "after", "之后": "after"}
                said = next((k for w, k in cjk.items() if w in m[0]), kind)
                yield _measure("year", _span(m), **_bound(said, int(m[1]), int(m[1]), False))


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
        if _overlaps(_span(m), taken):
            continue
        word = m.group("word")
        first = (
            DECADES[word] if word else _decade_start(m.group("digits") or m.group("latin"), newest)
        )
        low, high = first, first + 9
        part = (m.group("part") or "").strip(" -")
        if part in {"early", "debut des"} or part.startswith("fruhe"):
            high = first + 3
        elif part == "mid":
            low, high = first + 4, first + 6
        elif part in {"late", "fin des"} or part.startswith("spate"):
            low = first + 7
        yield _measure("year", _span(m), year_min=low, year_max=high)


def _single_years(folded: str, today: date, taken: list[Span]) -> Iterator[Measure]:
    cue = r"(?:\b(?:from|in|of|year|aus|dem jahr|de|del|released in|made in|circa|around)\s+)"
    alone = len(folded.split()) <= 4
    for m in re.finditer(
        rf"(?P<cue>{cue})?(?<!\w){_Y}(?:年)?(?!\w)(?P<noun>\s+(?:film|movie|game|book))?", folded
    ):
        if _overlaps(_span(m), taken) or not FIRST_YEAR <= int(m[2]) <= today.year + 2:
            continue
        if m.group("cue") or m.group("noun") or alone or "年" in m[0]:
            end = m.start("noun") if m.group("noun") else m.end()
            yield _measure("year", (m.start(), end), year_min=int(m[2]), year_max=int(m[2]))


def _decade_start(digits: str, newest: int | None) -> int:
    number = int(digits)
    if number >= 1800:
        return number
    if number >= 30:
        return 1900 + number
    if number == 20 and (newest is None or newest < 2020):
        return 1920
    return 2000 + number


_HOUR = r"(?:h|hrs?|hours?|std|stunden?|heures?|horas?|小时|个小时)"
_MINUTE = r"(?:m|mins?|minutes?|minuten|minutos|分钟)"
_DURATION = re.compile(
    rf"(?:(?P<halves>{_NUMBER}(?: and a)? ?(?:half|1/2) {_HOUR}|{_NUMBER} {_HOUR} and a half|anderthalb stunden?|"
    rf"half an hour)|(?P<hours>\d(?:[.,]\d+)?|{_NUMBER})[ -]?{_HOUR}(?:\s?(?:and |et |y |und )?(?P<rest>\d{{1,2}})\s?{_MINUTE}?)?"
    rf"|(?P<minutes>\d{{2,3}}|{_NUMBER})[ -]?{_MINUTE})(?!\w)"
)
_AT_MOST = re.compile(
    r"(?P<strict>\b(?:under|less than|below|shorter than|unter|weniger als|kurzer als|moins de|menos de)|少于|短于|不到)\s*$"
    r"|(?:\b(?:at most|max(?:imum|imal)?\.?|no (?:more|longer) than|not (?:more|longer|over)(?: than)?|up to|within|"
    r"hochstens|nicht langer als|au plus|maximo|only (?:have|got)|i(?:'ve| have)(?: only)?(?: got)?|have|nothing (?:over|"
    r"longer than|above)|not over)|不超过|最多)\s*(?:about |around )?$"
)
_AT_LEAST = re.compile(
    r"(?:\b(?:over|more than|longer than|at least|min(?:imum)?\.?|uber|mehr als|langer als|mindestens|plus de|mas de|"
    r"above|no(?:t)? (?:less|shorter) than)|超过|至少)\s*$"
)
_MAX_AFTER = re.compile(
    r"\s*(?:or less|or shorter|max|at most|tops|or under|hochstens|maximum|maximal|以内|以下)\b"
)
_MIN_AFTER = re.compile(r"\s*(?:or more|or longer|or over|plus|以上)\b")


def runtimes(folded: str, lower: int | None, upper: int | None) -> list[Measure]:
    """The limits in minutes. "short" and "long" mean the catalogue's ``lower``/``upper`` quartile."""
    found = []
    for m in _DURATION.finditer(folded):
        minutes = _minutes(m)
        left, right = folded[: m.start()], folded[m.end() :]
        most, least = _AT_MOST.search(left), _AT_LEAST.search(left)
        start = min(x.start() for x in (most, least, m) if x is not None)
        if most is not None or _MAX_AFTER.match(right):
            strict = most is not None and most.group("strict") is not None
            found.append(_measure("runtime", (start, m.end()), runtime_max=minutes - strict))
        elif least is not None or _MIN_AFTER.match(right):
            found.append(_measure("runtime", (start, m.end()), runtime_min=minutes))
        elif minutes >= 20:
            low, high = minutes - ROUGHLY_MIN, minutes + ROUGHLY_MIN
            found.append(_measure("runtime", _span(m), runtime_min=low, runtime_max=high))
    if not found and lower is not None and upper is not None:
        found += _plain_length(folded, lower, upper)
    return found


def _plain_length(folded: str, lower: int, upper: int) -> Iterator[Measure]:
    noun = r"(?:films?|movies?|one|ones|comed(?:y|ies)|thrillers?|dramas?|and|but|please|$|[.,!])"
    short = re.search(
        rf"\b(?:short|shortish|quick)\b(?=\s*{noun})|\bnot (?:too|very|so|that) long\b|\bkurze?[rnms]?\b(?= film|$)"
        r"|\bfilm court\b|\bcorta\b|时间短|短片|短一点的",
        folded,
    )
    long = re.search(
        rf"(?<!not too )(?<!too )(?<!very )(?<!so )(?<!that )(?<!how )\b(?:long|epic length)\b(?=\s*{noun})|\blange[rn]? film\b",
        folded,
    )
    if short is not None:
        yield _measure(
            "runtime", _span(short), runtime_max=lower if "not" not in short[0] else upper
        )
    elif long is not None:
        yield _measure("runtime", _span(long), runtime_min=upper)


def _minutes(m: re.Match[str]) -> int:
    if m.group("halves"):
        if "half an hour" in m[0]:
            return 30
        number = re.search(_NUMBER, m[0])
        return 90 if "anderthalb" in m[0] or number is None else round(_number(number[0]) * 60 + 30)
    if m.group("hours"):
        rest = int(m.group("rest")) if m.group("rest") else 0
        return round(_number(m.group("hours")) * 60) + rest
    return round(_number(m.group("minutes")))


_PRICE = re.compile(
    r"\b(?:under|below|less than|cheaper than|max(?:imum)?|up to|at most|no more than|unter|hochstens|moins de|menos de|"
    r"for less than|within|budget(?: of| is)?)\s*(?P<sign>[$€£¥]\s?)?(?P<sum>\d{1,5}(?:[.,]\d{1,2})?)(?![\d年])"
    r"\s*(?P<unit>[$€£¥]|dollars?|euros?|eur|usd|pounds?|gbp|bucks|dolares|元)?(?!\s*(?:%|years?|minutes?|mins?|min|hours?|h\b|jahre|ans|anos))"
)


def prices(folded: str, quartile: float | None) -> list[Measure]:
    """The limits in the catalogue's own currency; "cheap" means its lower quartile."""
    found = []
    for m in _PRICE.finditer(folded):
        named = m.group("sign") or m.group("unit")
        number = float(m.group("sum").replace(",", "."))
        if named or (quartile is not None and number < FIRST_YEAR):
            found.append(_measure("price", _span(m), price_max=number))
    if quartile is not None and not found:
        for pattern, value in ((r"\bfree(?: of charge)?\b(?! time)|\bgratis\b|免费", 0.0),
                               (r"\b(?:cheap|inexpensive|low priced|billige?[rns]?|pas cher|barat[oa])\b|便宜", quartile)):  # fmt: skip
            found += [
                _measure("price", _span(m), price_max=value) for m in re.finditer(pattern, folded)
            ]
    return found


_KID = r"(?:kids?|children|child|toddlers?|sons?|daughters?|grand(?:kids?|children|sons?|daughters?|child)|nieces?|nephews?|little ones?|boys?|girls?|family)"
_AGES = (
    r"\b(\d{1,2}|" + "|".join(k for k in NUMBERS if k.isalpha() and k not in {"a", "an", "couple"}) + r")[ -]?(?:years?|yrs?|yr|jahre?)[ -](?:olds?|alte[rns]?|alt)\b",
    r"\b(\d{1,2}) ?(?:yo|y/o)\b", r"\bage[ds]?:? (\d{1,2})\b", r"\b(\d{1,2})-?jahrige[rnms]?\b",
    r"\b(?:de|a|tiene) (\d{1,2}) (?:ans|anos)\b", r"(\d{1,2})\s?岁", r"\b(?:i'm|i am|is|who's|turning) (\d{1,2})(?= |$|[.,!?])(?! ?(?:min|hours?|h\b|years? (?:ago|long)))",
    rf"\b{_KID} ?(?:\(|aged |of )?(\d{{1,2}})(?= and| or|,|\)|$| years)", r"\bunder[- ](\d{1,2})s\b",
)  # fmt: skip
_KIDS = re.compile(
    rf"\b(?:for|with|suit(?:s|able for)|ok for|okay for|safe for|entertain)\s+(?:(?:my|the|our|some|small|young|little|two|three|all|whole|his|her|their|younger)\s+)*{_KID}\b"
    r"|\b(?:kids?'?s?|children'?s|childrens) (?:films?|movies?|flicks?|books?|games?|stuff)\b|\b(?:kid|child)[ -]friendly\b"
    r"|\bfamily[ -](?:night|friendly|films?|movies?|evening|viewing)\b|\bwhole family\b"
    r"|\bfur (?:(?:meine|die|unsere|kleine|meinen|meine[nr])\s+)?(?:kinder|kind|sohn|tochter|die ganze familie)\b|\bkinderfilme?n?\b|\bfamilien(?:film|filme|abend)\b"
    r"|\bpour (?:(?:mes|les|nos|des|mon|ma|toute la)\s+)?(?:enfants?|fils|fille|famille)\b|\bfilms? (?:familial|de famille)\b"
    r"|\bpara (?:(?:mis|los|mi|toda la)\s+)?(?:ninos|ninas|hijos|hijo|hija|familia)\b|孩子|儿童|小朋友|亲子|全家|合家欢"
)
_GROWN = re.compile(
    r"\b(?:for|only) (?:adults|grown[- ]?ups)\b|\badults only\b|\bfor me\b(?=.*\bnot the kids\b)|\b(?:no|without(?: the)?) (?:kids|children)(?: around| tonight)?\b(?! ?'?s? (?:film|movie))|\bkids are (?:asleep|in bed|away|out)\b|\bjust (?:for )?(?:me|us)\b"
)
_RATING = r"(?:rated |rating )?(nc-?17|pg-?13|tv-?ma|tv-?14|tv-?pg|tv-?y7|tv-?g|pg|(?:fsk|pegi|usk) ?\d{1,2}|\d{1,2}\+|g(?=[- ]rated)|r(?=[- ]rated)|(?<=rated )[gr])(?:[- ]rated|[- ]rating)?(?!\w)"
_RATED = re.compile(
    rf"(?P<neg>\b(?:nothing|no|not|without|avoid|kein\w*|pas de|nada)\s+(?:(?:over|above|higher than|beyond|stronger than|harsher than|worse than)\s+(?P<over>)?|(?:\w+\s+)?)?)?"
    rf"(?P<most>\b(?:at most|max(?:imum)?|up to|no more than|below|under)\s+)?(?<!\w){_RATING}(?P<after>\s+(?:at most|max(?:imum)?|or (?:less|lower|below|under)|and (?:below|under)|tops))?"
)


def ages(folded: str) -> list[Measure]:
    """``max_age`` from an age, "for kids", "family night" or a rating; the strictest comes last."""
    found = list(_rating_limits(folded))
    for m in _all(_AGES, folded):
        age = round(_number(m[1]))
        if age <= 17:
            found.append(_measure("age", _span(m), max_age=age))
    if any(m.unit == "age" for m in found):
        return found
    for m in re.finditer(
        r"\bfor (?:my |the |our |some )?(?:teen(?:ager)?s?|tweens?)\b|\bfur (?:meine )?teenager\b|青少年",
        folded,
    ):
        found.append(_measure("age", _span(m), max_age=TEEN_AGE))
    for m in _KIDS.finditer(folded):
        family = re.search(r"famil|全家|合家", m[0]) is not None
        found.append(_measure("age", _span(m), max_age=FAMILY_AGE if family else KIDS_AGE))
    return found


def kids_named(folded: str) -> bool:
    """Whether children or the family are to watch too."""
    return _KIDS.search(folded) is not None


def adults_only(folded: str) -> re.Match[str] | None:
    """Where the message says that no child is watching (lifts the age limit)."""
    return _GROWN.search(folded)


def _rating_limits(folded: str) -> Iterator[Measure]:
    for m in _RATED.finditer(folded):
        rating = re.sub(r"^(nc|pg|tv)(?=\w)(?!-)", r"\1-", m.group(4) if m.lastindex else "")
        rating = "pg" if rating in {"pg", "pg-"} else rating
        age = age_of(rating)
        negated, over = m.group("neg") is not None, m.group("over") is not None
        allows = (
            m.group("most") or m.group("after") or rating in {"g", "pg", "pg-13", "tv-g", "tv-pg"}
        )
        if age is None or not (negated or allows):
            continue
        yield _measure("age", _span(m), max_age=age - 1 if negated and not over else age)


def _number(text: str) -> float:
    return float(NUMBERS[text]) if text in NUMBERS else float(text.replace(",", "."))


def _measure(unit: Unit, span: Span, **values: float | None) -> Measure:
    kept: list[tuple[Field, float]] = []
    for field in ("year_min", "year_max", "runtime_min", "runtime_max", "price_max", "max_age"):
        value = values.get(field)
        if value is not None:
            kept.append((field, value))  # type: ignore[arg-type]  # a literal of this tuple
    return Measure(unit, tuple(kept), *span)


def _all(patterns: tuple[str, ...], folded: str) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        yield from re.finditer(pattern, folded)


def _span(match: re.Match[str]) -> Span:
    return match.span()


def _taken(found: list[Measure]) -> list[Span]:
    return [(m.start, m.end) for m in found]


def _overlaps(span: Span, taken: list[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)
