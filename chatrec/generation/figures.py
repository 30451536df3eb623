"""Checks of numbers: years, decades, running times, counts, prices, age ratings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.vocabulary import DECADE_WORDS, GROUP_WORDS, NUMBER_WORDS

ROUNDING_MIN = 12  # "a two-hour film" may run 108 to 132 minutes
ABOUT_MIN = 9
_SMALL = "|".join(NUMBER_WORDS)
_COUNT = (
    rf"(?:\d+(?:\.\d+)?|an? hundred(?: and (?:{_SMALL})(?:[- ](?:{_SMALL}|one))?)?|"
    rf"(?:{_SMALL}|one)(?:[- ](?:{_SMALL}|one))*|half an|an?(?= ))"
)
_SPAN = re.compile(
    rf"(?P<how>(?:(?:a |just |little |bit |well |slightly |only |some )*"
    rf"(?:over|under|about|around|roughly|nearly|almost|approximately|less than|more "
    rf"than|fewer than|"
    rf"shorter than|longer than|close to|not quite|within|up to|at most|at least|below|"
    rf"above|past|shy of|exceeds|beyond)"
    rf"(?: the)? )?)(?:(?P<hours>{_COUNT})(?P<half>[- ]and[- ]a[- ]half)?[- ]?(?:hours?|hrs?|h)\b"
    rf"(?P<half_b> and a half)?(?P<tail>(?:,? (?:and )?(?:a )?(?P<quarter>quarter)|,? "
    rf"?(?:and )?(?P<extra>{_COUNT})"
    rf"[- ]?(?:minutes?|mins?|m)\b)?)|(?P<minutes>{_COUNT})[- ]?(?:minutes?|mins?|min)\b)"
)
_DECADE = re.compile(
    rf"(?:(?P<part>early|mid|late)[- ](?:the )?)?(?:(?P<full>1[89]\d0|20\d0)'?s|"
    rf"'?(?P<short>\d0)'?s|"
    rf"(?P<word>{'|'.join(DECADE_WORDS)}))\b"
)
_YEAR_BOUND = re.compile(
    r"\b(?P<how>before|after|since|pre-|post-|prior to|until|by|later than|earlier "
    r"than|newer than|older than)"
    r" ?(?:the year )?(?P<year>1[89]\d\d|20\d\d)\b(?!'?s)"
)
_CENTURY = re.compile(
    r"\b(?P<which>\d+(?:st|nd|rd|th)|twentieth|twenty-first|nineteenth|eighteenth)[- ]century"
)
_CENTURIES = {"twentieth": 20, "twenty-first": 21, "nineteenth": 19, "eighteenth": 18}
_NUMBER = re.compile(r"(?<![\w<.])\d+(?:[.,]\d+)*(?:st|nd|rd|th)?")
_NUMBER_WORD = re.compile(rf"\b(?:{_SMALL}|{'|'.join(GROUP_WORDS)})\b")
_GROUPED = re.compile(
    r"\b(?:the|these|those|its|both|all|any|between|of the|at least) two\b|\btwo "
    r"(?:things|of (?:its|the|your)|"
    r"reasons|in one|go together|together|share)\b|\ba (?:pair|second look|second reason|"
    r"second helping|double bill)\b|\btwo films\b|\bpair (?:of|them|it|this|well|"
    r"with)\b|\bsecond(?:ly)? (?:time|chance|viewing)\b|\bten out\b"
)
_RATING = re.compile(
    r"\b(?:rated|rating|certificate|certified|classified)(?: of| is| here is| stands "
    r"at|:| as| an?| at|,)* "
    r"(?P<after>nc-17|pg-13|pg|r|g|not rated|unrated|approved|passed|x|tv-\w+|\d+\+?)(?!\w|-\d)|"
    r"\b(?P<before>nc-17|pg-13|pg|r|g)[- ]rat(?:ed|ing)\b|\b(?P<alone>nc-17|pg-13|pg)\b(?!-\d)|"
    r"\b(?P<none>unrated|not rated|without (?:a|an age) rating)\b"
)
_KIDS = re.compile(
    r"\b(?:for (?:the )?(?:whole family|all ages|children|kids|little ones|young "
    r"children|families)|"
    r"suitable for (?:children|kids|all|everyone|families)|child-friendly|kid-friendly|"
    r"family-friendly|all-ages|with the (?:kids|children))\b"
)
_ADULTS = re.compile(r"\b(?:adults[- ]only|for adults(?: only)?|for grown-ups)\b")
_AGES = re.compile(
    r"\b(?P<word>recent|brand-new|brand new|newly released|new release|old|vintage|older)"
    r"(?: \w+)? (?:film|movie|release|picture|one|production|book|game)\b"
)


def number_problems(claims: Claims, masked: str) -> Iterator[str]:
    """Every number in ``masked`` (the sentence without comparisons) that no fact bears out."""
    text, found = _take_title_years(claims, masked)
    yield from found
    text, problems = _spans(claims, text)
    yield from problems
    text, problems = _decades(claims, text)
    yield from problems
    text, problems = _bounds(claims, text)
    yield from problems
    text = _RATING.sub(" ", text)
    known = set(_NUMBER.findall(claims.own_text))
    known |= {number.lstrip("0") for number in re.findall(r"\d+(?:\.\d+)?", claims.own_text)}
    if claims.item.runtime_min is not None:
        known.discard(str(claims.item.runtime_min))
    for number in _NUMBER.findall(text):
        if number not in known and number.replace(",", "") not in known:
            yield f"number {number} is not among the facts"
    yield from _words(claims, _GROUPED.sub(" ", text), known)


def rating_problems(claims: Claims) -> Iterator[str]:
    """Age ratings other than the item's own, and promises about who may watch."""
    own = claims.item.age_rating.casefold()
    unrated = own in ("not rated", "unrated", "nr", "")
    for match in _RATING.finditer(claims.masked):
        said = next(group for group in match.groups() if group)
        none = said.startswith(("unrated", "not rated", "without"))
        if (none and not unrated) or (not none and said.removesuffix("+") != own.removesuffix("+")):
            yield f"age rating {said!r} is not the item's ({own or 'unknown'})"
    young = own in ("g", "pg", "tv-g", "tv-y", "e", "e10+", "everyone", "3", "7")
    young = young or any(genre.casefold() in ("family", "children") for genre in claims.item.genres)
    if _KIDS.search(claims.masked) and not young:
        yield "says that it suits children"
    if _ADULTS.search(claims.masked) and own not in ("r", "nc-17", "18", "m", "ao", "tv-ma", "x"):
        yield "says that it is for adults"
    for match in _AGES.finditer(claims.masked):
        year = claims.item.year
        wants_new = match["word"] not in ("old", "vintage", "older")
        if year is None or (wants_new and year < 2010) or (not wants_new and year >= 1995):
            yield f"calls it {match['word']}"


def is_number(text: str) -> bool:
    """Whether :func:`number_of` can read ``text``."""
    words = text.replace("-", " ").split()
    known = {*NUMBER_WORDS, "one", "a", "an"}
    return text[0].isdigit() or (bool(words) and all(word in known for word in words))


def number_of(text: str) -> float:
    """The value of a number in digits or words: ``ninety-four`` is 94.0, ``an`` is 1.0.

    >>> number_of("ninety-four"), number_of("half an"), number_of("2.5")
    (94.0, 0.5, 2.5)
    """
    if text[0].isdigit():
        return float(text)
    if text.startswith("half"):
        return 0.5
    total = 0
    for word in text.replace("-", " ").replace(" and ", " ").split():
        value = 1 if word in ("one", "a", "an") else NUMBER_WORDS[word]
        total = total * value if value == 100 and total else total + value
    return float(total)


def _take_title_years(claims: Claims, masked: str) -> tuple[str, list[str]]:
    """``Heat (1995)``: the year belongs to the title before it."""
    problems: list[str] = []

    def judge(match: re.Match[str]) -> str:
        title = claims.titles.get(match[1][-2]) if match[1].startswith("<t") else None
        years = {item.year for item in title.items} if title else {claims.item.year}
        if int(match[2]) not in years:
            problems.append(f"year {match[2]} is not the year of that title")
        return match[1]

    return re.sub(r"(<t\w>|<self>),? \(?(1[89]\d\d|20\d\d)\)", judge, masked), problems


def _spans(claims: Claims, text: str) -> tuple[str, list[str]]:
    """Durations in minutes or hours against the running time."""
    problems: list[str] = []

    def judge(match: re.Match[str]) -> str:
        if not _span_holds(match, claims.item.runtime_min):
            quoted = match.group().strip() in claims.own_text
            about_run = bool(re.search(r"minutes?|mins?", match.group()))
            if not quoted or about_run:
                problems.append(f"length {match.group().strip()!r} is not the running time")
        return " "

    text = re.sub(r"\b(\d) ?h(?:rs?)? ?(\d\d?) ?m(?:ins?)?\b", r"\1 hours \2 minutes", text)
    return _SPAN.sub(judge, text), problems


def _span_holds(match: re.Match[str], actual: int | None) -> bool:
    if actual is None:
        return False
    how = match["how"].strip()
    if match["minutes"]:
        said = number_of(match["minutes"])
        slack = 0
    else:
        said = 60 * number_of(match["hours"])
        said += 30 if match["half"] or match["half_b"] else 15 if match["quarter"] else 0
        said += number_of(match["extra"]) if match["extra"] else 0
        slack = 0 if match["extra"] else ROUNDING_MIN
    if re.search(r"over|more than|longer than|at least|above|past|exceeds|beyond", how):
        near = ROUNDING_MIN + 3 if re.search(r"just|little|bit|slightly", how) else 10_000
        return said <= actual <= said + near
    if re.search(
        r"under|less|fewer|shorter|within|up to|at most|below|shy|not quite|nearly|almost", how
    ):
        near = (
            ROUNDING_MIN + 3
            if re.search(r"just|little|bit|slightly|nearly|almost|quite|shy", how)
            else 10_000
        )
        return said - near <= actual <= said
    return abs(actual - said) <= max(slack, ABOUT_MIN if how else 0)


def _decades(claims: Claims, text: str) -> tuple[str, list[str]]:
    problems: list[str] = []
    told = {int(year) // 10 * 10 for year in re.findall(r"1[5-9]\d\d|20\d\d", claims.own_text)}
    year = claims.item.year

    def judge(match: re.Match[str]) -> str:
        decade = _decade_of(match)
        at_home = year is not None and year // 10 * 10 == decade
        part = match["part"]
        if at_home and part and year is not None:
            low, high = {"early": (0, 3), "mid": (3, 7), "late": (6, 9)}[part]
            at_home = low <= year % 10 <= high
        if not at_home and not (decade in told and not part and decade != (year or 0) // 10 * 10):
            problems.append(f"decade {match.group()!r} is not the item's")
        return " "

    return _DECADE.sub(judge, text), problems


def _decade_of(match: re.Match[str]) -> int:
    if match["full"]:
        return int(match["full"])
    tens = int(match["short"]) if match["short"] else DECADE_WORDS[match["word"]]
    return (1900 if tens > 20 or match["word"] == "twenties" else 2000) + tens


def _bounds(claims: Claims, text: str) -> tuple[str, list[str]]:
    """``before 1980`` and centuries, against the year."""
    problems: list[str] = []
    year = claims.item.year

    def bound(match: re.Match[str]) -> str:
        limit, how = int(match["year"]), match["how"]
        later = how in ("after", "since", "post-", "later than", "newer than")
        if year is None or (later and year < limit) or (not later and year > limit):
            problems.append(f"{match.group()!r} does not fit the year {year}")
        return " "

    def century(match: re.Match[str]) -> str:
        which = match["which"]
        number = _CENTURIES.get(which) or int(re.sub(r"\D", "", which) or 0)
        if f"{number}th" not in claims.own_text and (
            year is None or (year - 1) // 100 + 1 != number
        ):
            problems.append(f"{match.group()!r} is not the item's century")
        return " "

    return _CENTURY.sub(century, _YEAR_BOUND.sub(bound, text)), problems


def _words(claims: Claims, text: str, known: set[str]) -> Iterator[str]:
    people = len(claims.people)
    for match in _NUMBER_WORD.finditer(text):
        word = match.group()
        value = NUMBER_WORDS.get(word, GROUP_WORDS.get(word, 0))
        others = {w for w, v in (*NUMBER_WORDS.items(), *GROUP_WORDS.items()) if v == value}
        told = str(value) in known or bool(others & claims.words)
        if value == 2 and claims.words & {
            "couple",
            "pair",
            "both",
            "twin",
            "twins",
            "sisters",
            "brothers",
            "friends",
        }:
            told = True
        if not told and not (word in ("duo", "pair", "trio", "two", "three") and people == value):
            yield f"number {word!r} is not among the facts"
