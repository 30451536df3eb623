"""Checks of order and distance between the item and a title: newer, longer, years after.

The years and running times of both must be known; what cannot be computed is refused. A gap is
one of the item unless the sentence says it of the title: "made Heat two years earlier".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chatrec.generation.claims import Claims
from chatrec.generation.counts import is_number, number_of
from chatrec.generation.distances import plain_distances
from chatrec.generation.orders import plain_orders
from chatrec.generation.tallies import own_text
from chatrec.types import Item

EQUAL_MIN = 2
VAGUE_SLACK = 4
JUST_SHARE = 0.1  # "just over thirty years" is no more than 33
RATIO_SLACK = 0.1  # "twice the length" may be 1.8 to 2.2 times
ROUND_HOUR = 9  # "nearly an hour longer" may be 51 minutes
_LONGER = ("longer", "lengthier", "more time")
_SHORTER = ("shorter", "briefer", "brisker", "quicker")
_LATER = ("newer", "later", "younger", "more recent", "more modern", "after", "on from", "on")
_ORDER = (
    "longer|shorter|newer|older|later|earlier|younger|more recent|less recent|lengthier|briefer|"
    "more modern|brisker|quicker"
)
_VAGUE = (
    r"(?:(?P<vague>more than|over|almost|nearly|close to|about|around|some|just over|just under|"
    r"well over|just|only|roughly|less than|under) )?"
)
_COUNT = r"\b(?!and\b)(?P<count>\d+|(?:a )?[a-z]+(?:-[a-z]+)?(?: [a-z]+ing)?)"
_UNIT = r"(?P<unit>years?|decades?|minutes?|mins|hours?)"
_HERE = r"(?:this(?! time\b)|the present|it)\b(?! ?(?:is|was|has|will)\b)(?P<here>)"
_VERBS = (
    "released|made|came|out|arrived|arriving|appeared|appearing|dates?|dating|shot|filmed|comes?|"
    "coming|arrives?|opened|opening|premiering|"
    "premiered|directed|wrote|written|published|directs|followed|acted|starred|worked|played|"
    "years?|decades?|year|decade"
)
_NOUNS = (
    "one|film|movie|book|novel|work|picture|comedy|drama|thriller|western|musical|entry|game|"
    "horror film|science fiction film|romance|adventure|story"
)
_WORD = r"[\w'<>-]+"
_GAP = re.compile(
    rf"{_VAGUE}{_COUNT} (?:full )?{_UNIT}"
    rf" (?P<how>(?:(?:{_ORDER})(?: than)?|before|after|on from|on|ahead of)(?= (?:the )?<t|"
    rf" (?:this|it|the present)\b)|(?:{_ORDER})\b(?! than)|(?:before|after|on)(?="
    r"\W*$|[.,;:]| and\b| he\b|"
    rf" she\b))(?: (?:the )?(?P<title><t\w>)| {_HERE})?"
)
_BY = re.compile(
    rf"\b(?P<how>{_ORDER})(?: \w+){{0,3}}? than (?P<title><t\w>)(?:'s)? by {_VAGUE}{_COUNT} {_UNIT}"
)
_PLAIN = re.compile(
    rf"\b(?P<how>{_ORDER})(?: \w+){{0,4}}? than (?:the )?(?:(?P<title><t\w>)|{_HERE})"
)
_BEFORE = re.compile(
    rf"\b(?P<how>before|prior to|ahead of) (?:the )?(?:(?P<title><t\w>)|{_HERE})|"
    rf"\b(?:{_VERBS})\b(?:,? {_WORD}){{0,8}}?,? (?P<how2>after|earlier than|later than|on from) "
    rf"(?:the )?(?:(?P<title2><t\w>)|(?:this|it)\b(?P<here2>))"
)
_PRECEDES = re.compile(
    rf"\b(?P<how>precede[sd]?|predate[sd]?|preceding|predating|follow(?:s|ed)) (?:(?P<title><t\w>)|"
    rf"{_HERE})(?: by {_VAGUE}{_COUNT} {_UNIT})?"
)
_BARE = re.compile(
    rf"\b(?:(?:is|are|being|much|slightly|bit|little|somewhat|but|and|far|even|runs|"
    rf"clocks in|comes in) (?P<how>{_ORDER})|"
    rf"(?:this|the|his|her|their|an?|'s) (?P<how2>{_ORDER}) (?:{_NOUNS}))\b(?! than)"
)
_APART = re.compile(rf"{_VAGUE}{_COUNT} (?:full )?{_UNIT} (?P<how>apart)\b(?P<title><t\w>)?")
_EQUAL = re.compile(
    r"\b(?:exactly |just |about |almost |nearly |every bit )?as (?P<how>long|short|"
    r"old|new|recent) as (?P<title><t\w>)"
)
_MADE = re.compile(rf"\b(?:{_VERBS})\b")
_OF_TITLE = re.compile(
    r"<t(?P<title>\w)>(?:'s \w+)?(?: just| only| some| about| a full)? ?$|"
    r"<t(?P<which>\w)>(?: too| as well)?, which (?:\w+ ){1,3}(?:only |just )?$|"
    r"<t(?P<subject>\w)> (?:came|had come|would come|had arrived|would arrive|would follow|"
    r"had been made|was made|was|were|followed|arrived|appeared|opened|is)"
    r"(?: out)?(?: just| only| some| about| a)* ?$"
)
_RATIO = re.compile(
    r"(?P<how>(?:not(?: even| quite)?|less than|under|barely|nearly|almost|about|roughly|over|past|"
    r"well past|more than|well over|fully) )?(?P<times>half|twice|double|three times) "
    r"(?:(?:the (?:length|running time) of|as long as)(?: the)? (?P<title><t\w>)|as long(?! as)|"
    r"the (?:length|running time)(?! of))"
)
_TIMES = {"half": 0.5, "twice": 2.0, "double": 2.0, "three times": 3.0}
_OUTLASTS = re.compile(
    r"\b(?:outlasts?|outruns?)\b(?: even)?(?: (?:his|her|their)(?: own| earlier| later)?)?(?= <t)"
)
_MORE_MINUTES = re.compile(r"\b(?P<count>\d+|[a-z]+(?:-[a-z]+)?) (?P<how>more|fewer) minutes\b")
_MORE_THAN = re.compile(r"\b(minutes) (longer|shorter)(?: to \w+)? than (?:in )?(?=<t)")
_MORE = re.compile(
    r"\b(?:takes|needs|adds|lasts|runs|goes on for) (\d+|[a-z]+(?:-[a-z]+)?) more\b(?! than)"
)
_BARE_ORDER = ("later", "earlier", "newer", "older")
_AGES = ("younger", "older")
_BOTH_THAN = re.compile(
    rf"\b({_ORDER}),? (?:and|but|yet|if)(?: also| even| much| a bit)* ({_ORDER}) than (<t\w>)"
)
_OWN_TITLE = re.compile(
    r"(?:(?<= than )|(?<= after )|(?<= before )|(?<= of )|(?<= as ))(?:his|her|their)"
    r"(?: own| earlier| later)? (?=<t)"
)
_FACE_THAN = re.compile(
    r"\b(younger|older)(?: here| now| there)? than (?:(?:he|she|they) (?:was|were|is) )?in (?=<t)"
)
_OF_PERSON = re.compile(
    r"(?:<p\w>|\b(?:he|she))(?:'s \w+)?(?: is| was| looks| here| now| still| much| far| a| an|"
    r" some| bit| little| good| many| full|,| years| decades)* ?$|"
    r"<p\w>,? (?:from|of) <t\w>,? ?$|"
    r"^\W*<p\w>(?! (?:made|directed|wrote)\b)"
    r"(?:(?!(?<!of )(?<!from )(?<!in )<t\w> (?:is|came|was)\b).)*, (?:only |just )?$"
)
_OF_MAKER = re.compile(
    r"(?:(?<= than )|(?<=\bbefore )|(?<=\bafter )|(?<=\bas ))<p\w>'s? (?:own |earlier |later "
    r")?(?=<t)"
)
_BOTH_TITLES = re.compile(rf"\b({_ORDER}) than both (<t\w>) and (<t\w>)")
_AFTER_BOTH = re.compile(r"\b(after|before) both (<t\w>) and (<t\w>)")
_BY_COUNT = re.compile(
    r"\b(longer|shorter|newer|older|later|earlier) by "
    r"((?:(?:about|nearly|almost|over|roughly|more than|just over|some|around) )?"
    r"(?:\d+|[a-z]+(?:-[a-z]+)?) (?:minutes|years))\b"
)
_IS_TITLE = re.compile(
    r"(?:^|[,:] |\b(?:and|but|while|as|since|though) )<t\w> ?$"
)  # "<ta> is newer"
_STORY_OF = re.compile(  # "three years before the policemen of <ta>"
    r"\b(before|after|ahead of) (?:the|his|her|their) (?:[\w'-]+ ){1,3}?(?:of|in|from) (?=<t)"
)
_APPOSED = re.compile(r"<t\w>, (?:\w+ ){0,2}$")
_LEANER = re.compile(r"\b(?:leaner|tighter|slimmer|trimmer)\b(?= (?:by|than)\b)")
_YEARS_BETWEEN = re.compile(
    r"\b(\w+(?:-\w+)? years?) (?:(?:lie|lies|stand|stands|pass|passed|come|went by) between|"
    r"separate|part|"
    r"divide) (?:them|the two|both|these two|these films|the films)\b"
)
_FROM_TITLE = re.compile(
    r"\b(?:of|from|after|since|with|followed)(?: the [\w-]+)?(?: [\w-]+)? <t\w> ?$"
)
_ABOUT = (
    r"(?:,? (?:too|as well|also|just|only|some|about|over|nearly|almost|exactly|full|good|an?))*"
)
_NEXT_TO_TITLE = re.compile(  # "was in <ta>, a year later": open to both readings
    rf"(?<!\blike )(?<!\bas )(?<!\bas in )(?<!\bas with )<t(\w)>{_ABOUT},?{_ABOUT} $"
)
_FOLLOWS = re.compile(r"\bfollow(?:s|ed|ing)\b[^,.;<]* <t\w>[^<]*$")
_SAID_OF_TITLE = re.compile(  # "<ta>, made a year later", "<ta> came a year later and ran"
    r"<t(?P<made>\w)>,? (?:which|that|made|released|shot|filmed|directed|from|another)\b"
    r"(?:(?!\b(?:this|it|here|now|but)\b|[,.;:<]).)* $|"
    r"<t(?P<more>\w)>[^.;:]*\b(?:earlier|later|longer|shorter|years) and $|"
    r"(?:^|[,:] |\b(?:and|while|whereas|but|where|though|although|as|when|because) )(?:the )?"
    r"<t(?P<subject>\w)> (?!you\b)(?:(?!\b(?:this|it|here|now|and|but|who)\b|[,.;:]|<t).)* $"
)
_THEN_THIS = re.compile(
    r",? (?:came|comes|was|is|arrived|stands|stood|there was) (?:this|his|her|the)\b"
)
_IT_IS_TITLE = re.compile(r"\b(?:this|here)\b|<self>")
_BESIDE_TITLE = re.compile(
    r"\b(?:before|after|than|since|like|ahead of|to|in)(?: the)? <t\w> (?:is|was)(?: also| just|"
    r" only| some| about| a)* ?$"
)
_TITLE = re.compile(r"<t(\w)>")
_MET = re.compile(
    r"\b(?:seen|met|known|heard|appeared|starred|played|acted|worked)(?: just| only)? $"
)
_MET_IN = re.compile(r" (?:in|on|for|from) (?:the )?<t(\w)>")
_SENTENCE = re.compile(r"[.;]")


@dataclass(frozen=True, slots=True)
class _Gap:
    """``how`` the item stands to ``others``, or they to it where ``turned``.

    ``either`` of them where the words leave open which: "was in Heat, a year later".
    """

    how: str
    count: str | None
    unit: str
    vague: str
    others: tuple[Item, ...]
    turned: bool
    either: bool = False


def take_gaps(claims: Claims) -> tuple[str, tuple[str, ...]]:
    """The masked sentence without its comparisons of age and length, and what is wrong in them."""
    problems: list[str] = []
    text = _in_minutes(claims.masked)
    if not claims.titles:
        return text, ()

    def judge(match: re.Match[str]) -> str:
        if _is_story_time(claims, match):
            return match.group()
        gap = _read(claims, match)
        readings = (gap, replace(gap, turned=not gap.turned)) if gap.either else (gap,)
        if not any(_holds(claims.item, other, r) for other in gap.others for r in readings):
            problems.append(f"{match.group().strip()!r} is not borne out")
        return f" {match.groupdict().get('title') or match.groupdict().get('title2') or ''} "

    text = _RATIO.sub(lambda match: _judge_ratio(claims, match, problems), text)
    for pattern in (_BY, _PRECEDES, _APART, _GAP, _PLAIN, _BEFORE, _EQUAL, _BARE):
        text = pattern.sub(judge, text)
    return text, tuple(problems)


def _is_story_time(claims: Claims, match: re.Match[str]) -> bool:
    """Whether the story itself tells of that many years: "fifty-seven years after Alien"."""
    found = match.groupdict()
    if not found.get("count") or not found.get("unit"):
        return False
    said = re.escape(f"{found['count']} {found['unit']}")
    told = re.search(rf"(?<![\w-]){said}", own_text(claims)) is not None
    return told and not _MADE.search(_SENTENCE.split(match.string[: match.start()])[-1])


def _in_minutes(text: str) -> str:
    text = re.sub(r"\bafter (?=<t\w>,? you\b)", "with ", text)
    text = re.sub(
        r"\b(?:a )?(?:good |full )?quarter(?: of an |[- ])hour\b", "about 15 minutes", text
    )
    text = re.sub(r"\ba good (?=[\w-]+ (?:minutes|years|hours?)\b)", "about ", text)
    text = re.sub(r"\bhalf[- ]hour\b(?= (?:longer|shorter|more|less))", "half an hour", text)
    text = re.sub(
        r"\b([\w-]+ (?:minutes|years)) (?:and|or) more "
        r"(?=longer|shorter|later|earlier|older|newer)",
        r"more than \1 ",
        text,
    )
    text = _OUTLASTS.sub("is longer than", text)
    text = _MORE_THAN.sub(r"\1 \2 than ", _MORE_MINUTES.sub(_more_minutes, text))
    text = _LEANER.sub("shorter", text)
    text = _YEARS_BETWEEN.sub(r"\1 apart", text)
    text = plain_distances(text)
    text = re.sub(r"\b(over|more than|under|less than) half an hour\b", r"\1 30 minutes", text)
    text = re.sub(r"\bhalf an hour\b(?= (?:longer|shorter|more|less))", "about 30 minutes", text)
    text = re.sub(r"\bby half an hour\b", "by about 30 minutes", text)
    text = re.sub(r"\bminutes more\b(?! than)", "minutes longer", text)
    text = re.sub(r"\ban hour and a half\b(?= (?:longer|shorter))", "90 minutes", text)
    text = _OWN_TITLE.sub("", _STORY_OF.sub(r"\1 ", text))
    text = plain_orders(text)
    text = _OF_MAKER.sub("", text)
    text = _BOTH_TITLES.sub(r"\1 than \2, \1 than \3", text)
    text = _AFTER_BOTH.sub(r"\1 \2, made \1 \3", text)
    text = _BY_COUNT.sub(r"\2 \1", text)
    text = _MORE.sub(r"is \1 minutes longer", text) if "minutes" in text else text
    text = _BOTH_THAN.sub(r"\1 than \3, \2 than \3", text)
    text = _FACE_THAN.sub(lambda m: "earlier than " if m[1] == "younger" else "later than ", text)
    text = re.sub(rf"\b({_ORDER}) than (?:in|with) (?=<t)", r"\1 than ", text)
    text = re.sub(
        r"\b(minutes?|hours?) (?:less|fewer)\b(?! than| [\w-]+ minutes?\b)", r"\1 shorter", text
    )
    text = re.sub(r"\b(minutes?|hours?) more than (?=(?:the )?<t)", r"\1 longer than ", text)
    text = re.sub(
        r"\b(minutes?|hours?) (?:less|fewer) than (?=(?:the )?<t)", r"\1 shorter than ", text
    )
    return re.sub(r"\ba couple of(?= (?:years|decades|minutes))", "about two", text)


def _judge_ratio(claims: Claims, match: re.Match[str], problems: list[str]) -> str:
    """``not half the length of <ta>``: the title's mark; what is untrue goes to ``problems``."""
    mine, how, said = claims.item.runtime_min, (match["how"] or "").strip(), _TIMES[match["times"]]
    lengths = [other.runtime_min for other in _items(claims, match["title"]) if other.runtime_min]
    ratios = [mine / length / said for length in lengths] if mine else []
    if how.startswith(("not", "less", "under")):
        holds = any(ratio < 1 for ratio in ratios)
    elif how in ("over", "more than", "well over", "past", "well past"):
        holds = any(ratio > 1 for ratio in ratios)
    else:
        holds = any(abs(ratio - 1) <= RATIO_SLACK for ratio in ratios)
    if not holds:
        problems.append(f"{match.group()!r} is not borne out")
    return match["title"] or " "


def _more_minutes(match: re.Match[str]) -> str:
    if not is_number(match["count"]):
        return match.group()
    return f"{match['count']} minutes {'longer' if match['how'] == 'more' else 'shorter'}"


def _read(claims: Claims, match: re.Match[str]) -> _Gap:
    found = match.groupdict()
    how = found.get("how") or found.get("how2") or ""
    bare = (
        how in _BARE_ORDER and " than" not in match.group()
    )  # "years later it faces" says it of the item
    how = how.removesuffix(" than")
    title = found.get("title") or found.get("title2")
    before = _SENTENCE.split(match.string[: match.start()])[-1]
    count, unit, vague = (found.get(name) or "" for name in ("count", "unit", "vague"))
    here = found.get("here") is not None or found.get("here2") is not None
    here = here and not bare
    turned, either, others = False, False, _items(claims, title)
    if here:
        named = _TITLE.findall(before)
        others = _items(claims, f"<t{named[-1]}>" if named else None)
        turned = _is_of_title(match, before)
        either = match.group().endswith("it") and _APPOSED.search(before) is not None
    elif title is None and not count and _IS_TITLE.search(before):
        turned, others = True, _items(claims, f"<t{_TITLE.findall(before)[-1]}>")
    elif title is None and _OF_PERSON.search(before) and how in _AGES:
        turned, others = True, _items(claims, None)  # the younger the face, the older the film
    elif title is None:
        owner = _OF_TITLE.search(before) if count and how != "apart" else None
        if owner is not None and owner["subject"] and _BESIDE_TITLE.search(before):
            owner = None  # "from the year before <ta> is ten minutes shorter"
        open_to = _open_to(before, unit) if count and how != "apart" else None
        met = _MET_IN.match(match.string, match.end()) if _MET.search(before) else None
        if met is not None:  # "seen three years earlier in <ta>"
            turned, others = True, _items(claims, f"<t{met[1]}>")
        elif owner is not None:
            letter = owner["title"] or owner["which"] or owner["subject"]
            turned, others = True, _items(claims, f"<t{letter}>")
            either = _FROM_TITLE.search(before) is not None
        elif open_to is not None:
            either, others = True, _items(claims, f"<t{open_to}>")
    if how.startswith(("preced", "predat")):
        how = "before"
    elif how.startswith("follow"):
        how = "after"
    return _Gap(how, count or None, unit, vague, others, turned, either)


def _open_to(before: str, unit: str) -> str | None:
    """The letter of the title that a gap after the text ``before`` may be said of as well."""
    said = _SAID_OF_TITLE.search(before)
    if said is not None:
        return said["made"] or said["more"] or said["subject"]
    item_alone = unit.startswith(("min", "hour")) or _FOLLOWS.search(before)
    beside = None if item_alone else _NEXT_TO_TITLE.search(before)
    return beside[1] if beside else None


def _is_of_title(match: re.Match[str], before: str) -> bool:
    """Whether "after this", "precedes it" say it of the title that stands before."""
    if match.re is _PRECEDES:
        return bool(re.search(r"<t\w> $", before))
    if _THEN_THIS.match(match.string, match.end()):
        return False
    return not (match.group().endswith("it") and _IT_IS_TITLE.search(before))


def _holds(item: Item, other: Item, gap: _Gap) -> bool:
    by_length = gap.how in (*_LONGER, *_SHORTER, "long", "short")
    by_length = by_length or gap.unit.startswith(("min", "hour"))
    first, second = (other, item) if gap.turned else (item, other)
    mine = first.runtime_min if by_length else first.year
    theirs = second.runtime_min if by_length else second.year
    if mine is None or theirs is None:
        return False
    size = mine - theirs
    if gap.how in ("long", "short", "old", "new", "recent"):
        return abs(size) <= (EQUAL_MIN if by_length else 0)
    if gap.how == "apart":
        size = abs(size)
    elif gap.how not in (*_LONGER, *_LATER):
        size = -size
    return _has_size(size, gap)


def _has_size(size: int, gap: _Gap) -> bool:
    if gap.count is None or not is_number(gap.count):  # "a few years", "just years"
        return size > 0
    scale = 10 if gap.unit.startswith("decade") else 60 if gap.unit.startswith("hour") else 1
    said = number_of(gap.count) * scale
    if gap.vague == "just over":
        return said <= size <= said + max(VAGUE_SLACK, JUST_SHARE * said)
    if "more than" in gap.vague or "over" in gap.vague:
        return size >= said
    if "less than" in gap.vague or "under" in gap.vague:
        return 0 < size <= said
    loose = scale > 1 or gap.vague not in ("", "just", "only")
    slack = ROUND_HOUR if scale == 60 else VAGUE_SLACK
    return size > 0 and abs(size - said) <= (slack if loose else 0)


def _items(claims: Claims, mark: str | None) -> tuple[Item, ...]:
    if mark:
        title = claims.titles.get(mark[-2])
        return title.items if title else ()
    found = {item.item_id: item for title in claims.titles.values() for item in title.items}
    return tuple(found.values())
