"""Order between the item and a title said without "than", brought to the form that gaps.py reads.

"<ta> came first", "had already made <ta> when ...", "this is the later of the two", "made <ta> and
this only afterwards" all become "later than <ta>". Knows nothing of years and lengths.
"""

from __future__ import annotations

import re

_FIRST = r"(?:first|before (?:this|that|it)|earlier|beforehand|already)"
_LATER = r"(?:afterwards?|later(?: on)?|second|next|thereafter)"
_OUT = (
    r"(?:(?:was|were|is|had been|got) (?:\w+ )?(?:made|released|shot|filmed|directed|done|"
    r"finished)|"
    r"(?:came|comes|arrived|appeared|dates?|made it)(?: out| along)?)"
)
_DID = (
    r"(?:made|make|making|directed|directing|direct|did|done|shot|shooting|filmed|filming|"
    r"finished|completed|wrote|starred in|starring in|star in|appeared in|acted in|played in)"
)
_SELF = (
    r"(?:this|it|this one|this (?:[\w'-]+ ){1,4}?(?=only|just|came|was|\w+wards|later|second)|"
    r"<self>)"
)
_SLIGHT = r"(?: only| just| much| a (?:little|bit)| somewhat| well| long| far| slightly| still)*"
_MUCH = r"(?:much|far|a (?:good|great) deal|a (?:lot|bit|little)|slightly|somewhat|considerably)"
_VAGUE = r"(?:only |just )?(?:a few|some|several|a couple of) (?:years|decades)"
_OF_TWO = (
    r"(?: (?:one|film|movie|entry|work|half))? of (?:the|these) "
    r"(?:two|pair|films|couple)(?: [\w-]+ (?:films|movies|dramas|comedies|stories|tales))?"
)
_SIZE = "longer|shorter|newer|older|later|earlier|younger|more recent"
_TITLES = re.compile(r"<t\w>")
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (rf"(?P<t><t\w>)(?: (?:also|actually|itself))? {_OUT}{_SLIGHT} {_FIRST}\b(?! than)",
         "later than {t}"),
        (rf"(?P<t><t\w>)(?: (?:also|only|itself))? {_OUT}{_SLIGHT} {_LATER}\b(?! than)",
         "earlier than {t}"),
        (rf"\b{_DID} (?P<t><t\w>) (?:first|earlier|beforehand)\b(?! than)", "later than {t}"),
        (rf"\b{_DID} (?P<t><t\w>){_SLIGHT} {_LATER}\b(?! than)", "earlier than {t}"),
        (rf"\b(?:already|previously) {_DID} (?P<t><t\w>)", "later than {t}"),
        (rf"\b(?:yet to|would go on to|went on to|would (?:later|soon) |later to|not yet|still to)"
         rf" {_DID} (?P<t><t\w>)", "earlier than {t}"),
        (rf"\bbefore (?:he|she|they|<p\w>|the \w+|going on to)(?: (?:had|ever|even|went on to))*"
         rf" {_DID} (?P<t><t\w>)", "earlier than {t}"),
        (rf"\b(?:after|since) (?:he|she|they|<p\w>|the \w+)(?: (?:had|first))* {_DID} (?P<t><t\w>)",
         "later than {t}"),
        (rf"\bhaving (?:already )?{_DID} (?P<t><t\w>)", "later than {t}"),
        (r"\bafter (?:making|directing|shooting|filming|finishing|completing|writing|starring in|"
         r"appearing in) (?P<t><t\w>)(?! you)", "later than {t}"),
        (r"\bbefore (?:making|directing|shooting|filming|finishing|completing|writing|starring in|"
         r"appearing in) (?P<t><t\w>)", "earlier than {t}"),
        (r"(?P<t><t\w>),?(?: which)?(?: is|'s| was)(?: also| still| nonetheless| however|"
         rf" by far)* the (?P<how>{_SIZE})(?:{_OF_TWO}| (?:one|film|movie))",
         "{turned} than {t}"),
        (r"\b(?:outdid|outdoes|outdo|tops?|topped|beats?|exceeds?|surpasses|surpassed)"
         r"(?: even)? (?P<t><t\w>) (?:for|in) (?:sheer )?(?:length|running time|duration)",
         "longer than {t}"),
        (rf"\b{_DID} (?:this|it)(?: [\w'-]+){{0,8}}? after (?P<t><t\w>)(?!')", "later than {t}"),
        (rf"\b{_DID} (?:this|it)(?: [\w'-]+){{0,8}}? before (?P<t><t\w>)(?!')",
         "earlier than {t}"),
        (rf"\bfollow(?:ed|s|ing) (?:this|it)(?: [\w'-]+){{0,3}}?(?: up)? with (?P<t><t\w>)"
         rf"(?: (?:{_VAGUE} )?later)?", "earlier than {t}"),
        (rf"\b(?:{_DID}|came|released|out|arrived)(?: [\w<>'-]+){{0,8}}? (?:long|well|shortly|"
         r"soon|just|right) after (?P<t><t\w>)", "later than {t}"),
    )
)  # fmt: skip
# The title is the one that the sentence names, before or after.
_BARE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (rf"\b(?:that|the other)(?: one| film| movie)?(?: is|'s|"
         rf" was)(?: also)? the (?P<how>{_SIZE})"
         rf"(?:{_OF_TWO}| (?:one|film|movie))", "{turned} than {t}"),
        (rf"\bthe (?P<how>{_SIZE}){_OF_TWO}", "{how} than {t}"),
        (rf"\b(?:is|it's|it is|that's|that is|being|here) (?:both |also |even |slightly |a bit |"
         rf"noticeably |much |somewhat |nonetheless |far )*(?P<how>{_SIZE})"
         rf"(?= and (?:{_SIZE})|\W*$|,| but| yet| still| too)(?! than)", "{how} than {t}"),
        (r"\b(?:is|it's) a few minutes (?P<how>longer|shorter)\b(?! than)", "{how} than {t}"),
        (rf"(?<=than <t\w>),? (?:and|but|yet|though)(?: also)?(?: {_MUCH})? "
         rf"(?P<how>{_SIZE})\b(?! than)", " {how} than {t}"),
        (rf"\b(?:an?|the) (?:[\w-]+, )*(?P<how>{_SIZE})(?= (?:[\w-]+ ){{0,2}}?(?:film|movie|one|"
         rf"comedy|drama|thriller|story|tale|affair|ride|adventure|romance)\b(?! than))(?! than)",
         "{how} than {t},"),
        (rf"\b(?<!that )(?<!who )(?<!which )(?:{_SELF} )?{_OUT}{_SLIGHT} (?:first|earlier|"
         rf"beforehand)\b(?! than| in\b)",
         "earlier than {t}"),
        (rf"\b(?:{_SELF} )?{_OUT}{_SLIGHT} (?:afterwards?|later|second)\b(?! than| in\b)",
         "later than {t}"),
        (rf"\band (?:then |only )?{_SELF}{_SLIGHT} {_LATER}\b(?! than)", "later than {t}"),
        (rf"\b(?:made|released|shot|filmed|directed){_SLIGHT} (?:afterwards|later)\b(?! than|"
         rf" in\b)",
         "later than {t}"),
        (rf"\b(?:made|released|shot|filmed|directed){_SLIGHT} (?:first|earlier|beforehand)\b"
         r"(?! than| in\b)", "earlier than {t}"),
    )
)  # fmt: skip
_THAT_ONE = re.compile(
    r"(?<=\bthan )(?P<that>(?:that|the) (?:one|film|movie|other(?: one| film)?|former|earlier \w+|"
    r"later \w+))\b|(?:(?<=\bafter )|(?<=\bbefore ))that(?: one| film| movie)\b"
)
_TURNED = {
    "longer": "shorter", "shorter": "longer", "newer": "older", "older": "newer",
    "later": "earlier", "earlier": "later", "younger": "older", "more recent": "older",
}  # fmt: skip
_COUNTED = re.compile(
    r"\b(?<!few )(?<!some )(?<!several )(?<!couple of )(?:years?|decades?|minutes?)\b"
)
_LATER_IN_LIFE = re.compile(r"\b(?:years|decades|days|nights|minutes) $")


def plain_orders(text: str) -> str:
    """The masked ``text`` with each such order as "later than <ta>"; else unchanged.

    >>> plain_orders("like <ta>, but it was made later")
    'like <ta>, but later than <ta>'
    >>> plain_orders("he had already made <ta> when he did this")
    'he had later than <ta> when he did this'
    """
    marks = _TITLES.findall(text)
    if not marks:
        return text
    if len(set(marks)) == 1:
        text = _THAT_ONE.sub(marks[0], text)
    for pattern, form in _REWRITES:
        text = _rewrite(text, pattern, form, None)
    if len(set(marks)) == 1:
        for pattern, form in _BARE:
            text = _rewrite(text, pattern, form, marks[0])
    return text


def _rewrite(text: str, pattern: re.Pattern[str], form: str, mark: str | None) -> str:
    """``text`` with ``form`` for ``pattern``; ``mark`` is the title where the pattern has none."""

    def filled(match: re.Match[str]) -> str:
        if _COUNTED.search(match.group()) or _LATER_IN_LIFE.search(text[: match.start()]):
            return match.group()
        how = match.groupdict().get("how") or ""
        return form.format(t=mark or match["t"], how=how, turned=_TURNED.get(how, how))

    return pattern.sub(filled, text)
