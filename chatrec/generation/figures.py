"""Checks of numbers: years, decades, running times, counts, prices (age ratings: ratings.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.about import said_of_title
from chatrec.generation.cast_counts import take_cast_counts
from chatrec.generation.claims import Claims
from chatrec.generation.counts import counts_in, is_number, miscounts, number_of
from chatrec.generation.durations import take_durations, told_days
from chatrec.generation.lengths import plain_lengths
from chatrec.generation.ratings import RATING
from chatrec.generation.tallies import (
    GROUP_WORD,
    own_text,
    tally_problems,
    told_counts,
    without_creator_counts,
    without_distances,
)
from chatrec.generation.vocabulary import DECADE_WORDS, GROUP_WORDS, NUMBER_WORDS, STORY_NOUNS
from chatrec.generation.words import fold

ROUNDING_MIN = 12  # "a two-hour film" may run 108 to 132 minutes
ABOUT_MIN = 9
MOST_MIN = 300
NEARLY_MIN = 20  # "nearly three hours" may be 161 minutes
_SMALL = "|".join(NUMBER_WORDS)
_COUNT = (
    rf"(?:\d+(?:\.\d+)?|an? hundred(?: and (?:{_SMALL})(?:[- ](?:{_SMALL}|one))?)?|"
    rf"(?:{_SMALL}|one)(?:[- ](?:{_SMALL}|one))*|half an|an?(?= ))"
)
_QUALITY = (
    rf"(?:[- ](?!(?:and|or|in|of|for|to|at|an?|the|with|over|under|about|one|few|"
    rf"several|couple|many|some|{_SMALL})\b)"
    rf"[a-z][a-z-]+,?){{1,2}}(?: and (?!(?:{_SMALL})\b)[a-z]+)?"
)
_SPAN = re.compile(
    rf"(?P<how>(?:(?:a |just |little |bit |well |slightly |only |some |shade |touch |hair |"
    rf"whisker |fraction )*"
    rf"(?:over|under|about|around|roughly|nearly|almost|approximately|less than|more "
    rf"than|fewer than|"
    rf"shorter than|longer than|close to|not quite|within|(?<!add )(?<!adds )up to|at most|at "
    rf"least|below|"
    rf"above|past|shy of|short of|north of|clear of|exceeds|beyond)"
    rf"(?: the)? )?)(?:(?P<hours>{_COUNT})(?:(?P<half>[- ]and[- ]a[- ]half)|"
    rf"(?P<parts>[- ]and[- ](?:a|three)[- ]quarters?))?(?:{_QUALITY}[- ]|[- ])?(?:hours?|hrs?|h)\b"
    rf"(?P<half_b> and a half)?(?P<tail>(?:,? (?:and )?(?:a )?(?P<quarter>(?:three )?quarters?)|"
    rf",? ?(?:and )?(?P<extra>{_COUNT})"
    rf"[- ]?(?:minutes?|mins?|m)\b)?)|(?P<minutes>{_COUNT})(?:{_QUALITY}[- ]|[- ])?"
    rf"(?:minutes?|mins?|min)\b)"
)
_A_LITTLE = r"just|little|bit|slightly|shade|touch|hair|whisker|fraction"
_AT_MOST = re.compile(r"\b(?:no|not|never|isn't|doesn't run|n't) (?:more|longer|over)(?: than)?\b")
_HARDLY_MORE = re.compile(r"\b(?:hardly|barely|scarcely|little) (?:more|longer) than\b")
_AT_LEAST = re.compile(r"\b(?:no|not|never|isn't|n't) (?:less|fewer|shorter|under)(?: than)?\b")
_NOT_EVEN = re.compile(
    r"(?:\bnot|n't) (?:even|quite)(?: (?:take|last|run|fill|need|go on for|ask for|use|come to|"
    r"amount to)s?)?(?: up)?(?: a(?= \w+[- ](?:hours?|minutes?)))?\b"
)
_AFTERTHOUGHT = re.compile(
    rf"(?P<size>\b{_COUNT}[- ](?:hours?|minutes?)(?: and a half)?),? (?P<how>almost|nearly|"
    rf"roughly|or so|or thereabouts|approximately|at most|"
    r"more or less|give or take|at the most|tops|at least|if that)\b(?= *(?:$|[.,;:!]| of\b|"
    r" and\b| with\b))"
)
_AFTERWARDS = {
    "almost": "almost", "nearly": "nearly", "at most": "at most", "at the most": "at most",
    "tops": "at most", "at least": "at least", "if that": "at most",
}  # fmt: skip
_LENGTH_AHEAD = r"(?= (?:the |an? )?[a-z\d]+(?:-[a-z]+)*[ -](?:hours?|minutes?)\b)"
_BARELY = re.compile(
    r"\b(?:barely|hardly|scarcely|only just)(?: (?:over|passes|reaches|tops|clears|exceeds|hits|"
    rf"crosses|makes))?\b{_LENGTH_AHEAD}"
)
_UNREACHED = re.compile(
    r"\b(?:doesn't|does not|never)(?: quite| even)* (?:reach|hit|make|touch|pass|top|exceed|clear|"
    r"outstay|overrun)"
    rf"(?:e?s)?\b{_LENGTH_AHEAD}"
)
_PASSED = re.compile(
    rf"\b(?:passes|tops|clears|(?:sails|goes|runs|stretches) past)\b{_LENGTH_AHEAD}"
)
_TITLE_YEARS = tuple(
    re.compile(pattern.replace("YEAR", r"(?P<year>1[89]\d\d|20\d\d)"))
    for pattern in (
        r"(?P<title><t\w>|<self>),? \(?YEAR\)",
        r"\bYEAR(?:'s)? (?P<title><t\w>|<self>)",
        r"(?P<title><t\w>)(?:'s)? (?:came out|appeared|arrived|began|started|opened|dates|is|was|"
        r"was made|was released|premiered|hit screens)(?: back)? (?:in|from|of) YEAR\b",
        r"(?P<title><t\w>) (?:of|from|in) YEAR\b",
    )
)
_TITLE_IN_YEAR = re.compile(  # "<ta> did it in 1963"
    r"(?P<said><t(?P<title>\w)>(?! (?:is|was) set\b)"
    r"(?:,? (?:which|where))?(?: (?:[a-z']+|<p\w>)){1,5}),? (?:back )?in "
    r"(?P<year>1[89]\d\d|20\d\d)\b"
)
_TITLE_LENGTH = re.compile(
    r"<t(?P<title>\w)>,? (?:which )?(?:ran|runs|lasted|lasts|took|takes|clocks in at|is|was|"
    r"stops at|ends at|stands at|comes to) (?:for )?"
    r"(?P<minutes>\d+|[a-z]+(?:[- ][a-z]+)?) minutes\b"
    r"(?! (?:longer|shorter|more|less))(?: long)?"
)
_LENGTH_OF = re.compile(
    r"\b(?P<minutes>\d+|[a-z]+(?:[- ][a-z]+)?) minutes of <t(?P<title>\w)>|"
    r"<t(?P<title2>\w)>'s (?P<minutes2>\d+|[a-z]+(?:[- ][a-z]+)?) minutes\b"
)
_AT_LENGTH = re.compile(r"\bminutes? (?:longer|shorter) at \d+\b")
_OTHER_LENGTH = re.compile(
    r"<t\w>[^.;:<]* \d+ minutes\b[^.;:<]*\b(?:takes|runs|lasts|needs|is) \d+\b"
)
_OF_LENGTH = re.compile(
    r"\b(?:runs?|running|lasts|(?<!the )last|length|clock\w*|time is|over in)\b"
)
_WORLD_WAR = re.compile(r"\bworld war ii?\b")
_SCALED = re.compile(r"\b\d+(?:[.,]\d+)* (?:hundred|thousand|million)\b")
_DECADE = re.compile(
    rf"(?:(?P<part>early|mid|late)[- ](?:the )?)?(?:(?P<full>1[89]\d0|20\d0)'?s|"
    rf"'?(?P<short>\d0)'?s|"
    rf"(?P<word>{'|'.join(DECADE_WORDS)}))\b"
)
_AGE_BEFORE = re.compile(r"\b(?:in|into|entering|past) (?:his|her|their) $")
_YEAR_BOUND = re.compile(
    r"\b(?P<how>before|after|since|pre-|post-|prior to|until|by|later than|earlier "
    r"than|newer than|older than)"
    r" ?(?:the year )?(?P<year>1[89]\d\d|20\d\d)\b(?!'?s)"
)
_CENTURY = re.compile(
    r"\b(?P<which>\d+(?:st|nd|rd|th)|twentieth|twenty-first|nineteenth|eighteenth)[- ]century"
)
_ORDINAL = re.compile(
    r"\b(?:thirt|fort|fift|sixt|sevent|eight|ninet)ieth\b(?![- ](?:century|minute))"
)
_CENTURIES = {"twentieth": 20, "twenty-first": 21, "nineteenth": 19, "eighteenth": 18}
_NUMBER = re.compile(r"(?<![\w<.])\d+(?:[.,]\d+)*(?:st|nd|rd|th)?")
_RELEASED_IN = re.compile(rf"\b(?:{STORY_NOUNS})(?: \w+)? (?:of|from) the (?:\w+[- ])?$")
_STORY_OF = re.compile(rf"\b(?:{STORY_NOUNS})(?: \w+)? of the $")


def number_problems(claims: Claims, masked: str) -> Iterator[str]:
    """Every number in ``masked`` (the sentence without comparisons) that no fact bears out."""
    for ordinal in set(_ORDINAL.findall(masked)) - set(_ORDINAL.findall(claims.own_text)):
        yield f"number {ordinal!r} is not among the facts"
    masked = re.sub(r"\bhalf a dozen\b", "six", masked)
    masked = re.sub(r"(?<= )'(\d\d)\b(?!'?s)", r"19\1", masked)  # "the summer of '83"
    masked = re.sub(r"\ba (?:hundred|thousand|million) times\b", "often", masked)
    text, found = _take_title_years(claims, without_creator_counts(claims, masked))
    yield from found
    text, found = _take_title_lengths(claims, text)
    yield from found
    text, found = take_cast_counts(claims, text)
    yield from found
    text, problems = _spans(claims, text)
    yield from problems
    text, problems = _decades(claims, text)
    yield from problems
    text, problems = _bounds(claims, text)
    yield from problems
    text = RATING.sub(" ", text)
    own = own_text(claims)
    text = without_distances(claims, text)
    text, problems = take_durations(claims, text)
    yield from problems
    told = told_counts(own, text)
    yield from miscounts(counts_in(text), told)
    facts = claims.own_text.replace(fold(claims.item.age_rating) or "\n", " ")
    known = set(_NUMBER.findall(facts))
    known |= {number.lstrip("0") for number in re.findall(r"\d+(?:\.\d+)?", facts)}
    known |= {f"{count.value:.12g}" for count in told}
    known |= {str(GROUP_WORDS[word]) for word in GROUP_WORD.findall(own)}
    if (
        claims.item.runtime_min is not None
        and str(claims.item.runtime_min) not in own
        and not (_AT_LENGTH.search(claims.masked) or _OTHER_LENGTH.search(claims.masked))
    ):
        known.discard(str(claims.item.runtime_min))
    for number in _NUMBER.findall(_SCALED.sub(_digits, text)):
        if number not in known and number.replace(",", "") not in known:
            yield f"number {number} is not among the facts"
    yield from tally_problems(claims, text, known)


def _digits(match: re.Match[str]) -> str:
    return f"{number_of(match.group()):.12g}"


def war_problems(claims: Claims) -> Iterator[str]:
    """A world war other than the one that the facts tell of."""
    for war in set(_WORLD_WAR.findall(claims.masked)):
        if war not in _WORLD_WAR.findall(claims.own_text):
            yield f"{war!r} is not among the facts"


def _take_title_years(claims: Claims, masked: str) -> tuple[str, list[str]]:
    """``Heat (1995)``, ``1995's Heat``, ``Heat came out in 1995``: the year is that title's."""
    problems: list[str] = []

    def judge(match: re.Match[str]) -> str:
        mark, year = match["title"], int(match["year"])
        title = claims.titles.get(mark[-2]) if mark.startswith("<t") else None
        years = {item.year for item in title.items} if title else {claims.item.year}
        if year not in years:
            problems.append(f"year {year} is not the year of that title")
        return mark

    for pattern in _TITLE_YEARS:
        masked = pattern.sub(judge, masked)

    def known(match: re.Match[str]) -> str:
        years = {item.year for item in claims.titles[match["title"]].items}
        return match["said"] if int(match["year"]) in years else match.group()

    return _TITLE_IN_YEAR.sub(known, masked), problems


def _take_title_lengths(claims: Claims, masked: str) -> tuple[str, list[str]]:
    """``Heat ran 170 minutes``: the length is that title's."""
    problems: list[str] = []

    def judge(match: re.Match[str]) -> str:
        found = match.groupdict()
        letter = match["title"] or found["title2"]
        minutes = match["minutes"] or found["minutes2"]
        lengths = {item.runtime_min for item in claims.titles[letter].items}
        if not is_number(minutes) or number_of(minutes) not in lengths:
            problems.append(f"length {minutes!r} is not that of the title")
        return f"<t{letter}>"

    return _LENGTH_OF.sub(judge, _TITLE_LENGTH.sub(judge, masked)), problems


def _spans(claims: Claims, text: str) -> tuple[str, list[str]]:
    """Durations in minutes or hours against the running time."""
    problems: list[str] = []

    def judge(match: re.Match[str]) -> str:
        if not _span_holds(match, claims.item.runtime_min):
            quoted = _tells_span(claims, match)
            before = re.split(r"[.;,]", match.string[: match.start()])[-1]
            if (
                not quoted
                or _OF_LENGTH.search(before)
                or match.string[match.end() :][:5] == " long"
            ):
                problems.append(f"length {match.group().strip()!r} is not the running time")
        return " "

    text = re.sub(
        r"\b(?:an?|one|every|each|no) (?:single |wasted |dull |spare |boring )+minute\b",
        "moment",
        text,
    )
    text = re.sub(r"\b(\d) ?h(?:rs?)? ?(\d\d?) ?m(?:ins?)?\b", r"\1 hours \2 minutes", text)
    text = plain_lengths(text)
    text = re.sub(
        r"\b(?:time|unfolds|spread|told) over (?=[\w-]+ (?:minutes|hours)\b)", "lasts ", text
    )
    text = _HARDLY_MORE.sub("just over", text)
    text = _AT_LEAST.sub("at least", _AT_MOST.sub("at most", text))
    text = re.sub(r"\bnot much (?=over|under|past|more than)", "just ", text)
    text = _AFTERTHOUGHT.sub(lambda m: f"{_AFTERWARDS.get(m['how'], 'about')} {m['size']}", text)
    text = _NOT_EVEN.sub("under", _UNREACHED.sub("under", text))
    text = _PASSED.sub("over", _BARELY.sub("about", text))
    return _SPAN.sub(judge, text), problems


def _tells_span(claims: Claims, match: re.Match[str]) -> bool:
    """Whether the story tells of so many hours or minutes, in digits or in words."""
    own = own_text(claims)
    if match.group().strip() in own:
        return True
    whole = match["hours"] and is_number(match["hours"]) and not match["extra"]
    if whole and number_of(match["hours"]) / 24 in told_days(own):
        return True
    plain = f"{match['hours']} hours" if match["hours"] else f"{match['minutes']} minutes"
    said = counts_in(match.group().strip().replace("-", " "))
    said = said if match["extra"] else counts_in(plain)
    told = {(count.value, count.nouns[:1]) for count in counts_in(own)}
    return bool(said) and all((count.value, count.nouns[:1]) in told for count in said)


def _span_holds(match: re.Match[str], actual: int | None) -> bool:
    if actual is None:
        return False
    how = match["how"].strip()
    if match["minutes"]:
        said = number_of(match["minutes"])
        slack = 0
    else:
        said = 60 * number_of(match["hours"])
        said += 30 if match["half"] or match["half_b"] else 0
        part = match["quarter"] or match["parts"] or ""
        said += 45 if "three" in part else 15 if part else 0
        said += number_of(match["extra"]) if match["extra"] else 0
        slack = 0 if match["extra"] else ROUNDING_MIN
    if re.search(r"over|more than|longer than|at least|above|past|exceeds|beyond|north|clear", how):
        near = ROUNDING_MIN + 3 if re.search(_A_LITTLE, how) else 10_000
        return said <= actual <= said + near
    if re.search(
        r"under|less|fewer|shorter|within|up to|at most|below|shy|short of|not quite|nearly|almost",
        how,
    ):
        if said > MOST_MIN:
            return False  # "no more than twelve hours" is no running time
        near = (
            NEARLY_MIN
            if "well" not in how
            and re.search(rf"{_A_LITTLE}|nearly|almost|quite|shy|short of", how)
            else 10_000
        )
        return said - near <= actual <= said
    return abs(actual - said) <= max(slack, ABOUT_MIN if how else 0)


def _decades(claims: Claims, text: str) -> tuple[str, list[str]]:
    problems: list[str] = []
    told_years = {int(found) for found in re.findall(r"1[5-9]\d\d|20\d\d", claims.own_text)}
    told = {found // 10 * 10 for found in told_years}
    year = claims.item.year

    def judge(match: re.Match[str]) -> str:
        if match["word"] and _AGE_BEFORE.search(match.string[: match.start()]):
            tens = DECADE_WORDS[match["word"]]
            aged = match["word"] in own_text(claims) or any(
                tens <= count.value < tens + 10 for count in counts_in(own_text(claims))
            )
            if not aged:
                problems.append(f"age {match.group()!r} is not among the facts")
            return " "
        if said_of_title(claims, match):
            return " "
        decade = _decade_of(match)
        at_home = year is not None and year // 10 * 10 == decade
        part = match["part"]
        if at_home and part and year is not None:
            at_home = _in_part(part, year)
        set_then = part and any(
            then // 10 * 10 == decade and _in_part(part, then) for then in told_years - {year}
        )
        released = _RELEASED_IN.search(match.string[: match.start()])
        if released and decade in told and _STORY_OF.search(match.string[: match.start()]):
            released = None  # "a drama of the seventies" may be set in them
        quoted = match.group().replace("-", " ") in own_text(claims).replace("-", " ")
        if not at_home and (
            released
            or not (
                quoted
                or set_then
                or (decade in told and not part and decade != (year or 0) // 10 * 10)
            )
        ):
            problems.append(f"decade {match.group()!r} is not the item's")
        return " "

    text = re.sub(rf"\bnineteen[- ](?=(?:{'|'.join(DECADE_WORDS)})\b)", "", text)
    return _DECADE.sub(judge, text), problems


def _in_part(part: str, year: int) -> bool:
    """Whether the year is in the "early", "mid" or "late" part of its decade."""
    low, high = {"early": (0, 3), "mid": (3, 7), "late": (6, 9)}[part]
    return low <= year % 10 <= high


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
        if match.group() in own_text(claims):
            return " "
        later = how in ("after", "since", "post-", "later than", "newer than")
        if year is None or (later and year < limit) or (not later and year > limit):
            problems.append(f"{match.group()!r} does not fit the year {year}")
        return " "

    def century(match: re.Match[str]) -> str:
        which = match["which"]
        if said_of_title(claims, match):
            return " "
        number = _CENTURIES.get(which) or int(re.sub(r"\D", "", which) or 0)
        if not {f"{number}th", which} & claims.words and (
            year is None or (year - 1) // 100 + 1 != number
        ):
            problems.append(f"{match.group()!r} is not the item's century")
        return " "

    return _CENTURY.sub(century, _YEAR_BOUND.sub(bound, text)), problems
