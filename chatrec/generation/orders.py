"""Order between the item and a title said without "than", brought to the form that gaps.py reads.

"<ta> came first", "had already made <ta> when ...", "this is the later of the two", "made <ta> and
this only afterwards" all become "later than <ta>". Knows nothing of years and lengths.
"""

from __future__ import annotations

import re

from chatrec.generation.vocabulary import STORY_NOUNS

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
_MUCH = (
    r"(?:much|far|rather|some way|quite a (?:lot|bit|while)|a (?:good|great) deal|"
    r"a (?:lot|bit|little)|slightly|somewhat|considerably)"
)
_VAGUE = r"(?:only |just )?(?:a few|some|several|a couple of) (?:years|decades)"
_OF_TWO = (
    r"(?: (?:one|film|movie|entry|work|half))? of (?:the|these|his|her|their|<p\w>'s?) "
    r"(?:two|pair|films|couple)(?:(?: [\w-]+)? (?:films|movies|dramas|comedies|stories|tales|"
    r"romances|thrillers|westerns|musicals|sequels))?"
)
_ADJECTIVES = (
    r"(?:<p\w>(?:'s)? )?(?:(?!(?:than|of|and|or|but|who|that|which|from|in|with|for|to|is|was)\b)"
    r"[\w-]+,? ){0,3}?"
)
_STORY = (
    rf"(?:{STORY_NOUNS}|affair|ride|horror|chiller|sequel|prequel|remake|chapter|entry|version|"
    r"telling|take|account|outing|helping|clash|meeting|mission|case|instal\w+|work|portrait|"
    r"whodunit|parody|spoof)"
)
_SIZE = "longer|shorter|newer|older|later|earlier|younger|more recent"
_TITLES = re.compile(r"<t\w>")
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (rf"\bthan (?P<t><t\w>), which(?: only| itself| also)? {_OUT}{_SLIGHT} {_FIRST}\b(?! than)",
         "than {t} and later than {t}"),
        (rf"\bthan (?P<t><t\w>), which(?: only| itself| also)? {_OUT}{_SLIGHT} {_LATER}\b(?! than)",
         "than {t} and earlier than {t}"),
        (rf"(?P<t><t\w>)(?:,? which)?(?: (?:also|actually|itself))? {_OUT}{_SLIGHT} "
         rf"{_FIRST}\b(?! than)", "later than {t}"),
        (rf"(?P<t><t\w>)(?:,? which)?(?: (?:also|only|itself))? {_OUT}{_SLIGHT} "
         rf"{_LATER}\b(?! than)", "earlier than {t}"),
        (rf"\b(?:hadn't|had not|had yet to|hasn't|had never)(?: yet| even)* {_DID} "
         rf"(?P<t><t\w>)(?: yet)?",
         "earlier than {t}"),
        (r"\b(?:been|lived|gone) through (?P<t><t\w>) when", "later than {t} when"),
        (r"\bafter (?P<t><t\w>),? (?:there (?:was|is|came)|came|comes|followed|follows|along came) "
         r"(?=this|it|the|an?\b)", "later than {t}: "),
        (r"\bbefore (?P<t><t\w>),? (?:there (?:was|is|came)|came|comes) (?=this|it|the|an?\b)",
         "earlier than {t}: "),
        (r"\b(?:successor|follower) (?:of|to) (?P<t><t\w>)", "later than {t}"),
        (r"\b(?:predecessor|forerunner|precursor) (?:of|to) (?P<t><t\w>)", "earlier than {t}"),
        (r"\b(?:older|elder|bigger|big) (?:sibling|brother|sister|cousin|relative) (?:of|to) "
         r"(?P<t><t\w>)",
         "earlier than {t}"),
        (r"\b(?:younger|little|kid) (?:sibling|brother|sister|cousin|relative) (?:of|to) "
         r"(?P<t><t\w>)",
         "later than {t}"),
        (r"(?P<t><t\w>) beat (?:this|it|<self>)(?: [a-z]+){0,3} to the "
         r"screens?\b", "later than {t}"),
        (r"\b(?:this|it|<self>) beat (?P<t><t\w>)(?: [a-z]+){0,3} to the "
         r"screens?\b", "earlier than {t}"),
        (r"(?P<t><t\w>) (?:asks?|takes?|needs?|wants?|runs?|lasts?) (?P<size>[\w-]+ minutes) "
         r"less(?: of you)? "
         r"than (?:this|it|here)\b", "{size} longer than {t}"),
        (r"(?P<t><t\w>) (?:asks?|takes?|needs?|wants?|runs?|lasts?) (?P<size>[\w-]+ minutes) "
         r"more(?: of you)? "
         r"than (?:this|it|here)\b", "{size} shorter than {t}"),
        (r"\b(?:over|done|finished|through|ends?|wraps? up|finishes)(?: much| far| a bit| well)? "
         r"(?:sooner|faster|quicker|more quickly) than (?:in |with "
         r")?(?P<t><t\w>)", "shorter than {t}"),
        (r"(?:\bnot|n't) (?:quite |nearly |even |half )?as (?:long|lengthy) as "
         r"(?P<t><t\w>)", "shorter than {t}"),
        (r"(?:\bnot|n't) (?:quite |nearly |even |half )?as (?:short|brief) as "
         r"(?P<t><t\w>)", "longer than {t}"),
        (r"(?:\bnot|n't) (?:quite |nearly |even |half )?as old as (?P<t><t\w>)", "later than {t}"),
        (r"(?:\bnot|n't) (?:quite |nearly |even |half )?as (?:new|recent|young) as (?P<t><t\w>)",
         "earlier than {t}"),
        (r"\bbefore (?:he|she|they|<p\w>)(?: (?:ever|even|had|ever had|went on to|got to|would))* "
         r"(?!was\b|were\b|is\b)[a-z]+(?: (?!this\b|it\b|here\b)[\w']+){0,4} "
         r"(?P<t><t\w>)(?!'s? [a-z]+ (?:was|is))",
         "earlier than {t}"),
        (r"\b(?:greater|more) length than (?P<t><t\w>)", "longer than {t}"),
        (r"\b(?:lesser|less|smaller) length than (?P<t><t\w>)", "shorter than {t}"),
        (rf"\b{_DID} (?P<t><t\w>) (?:first|earlier|beforehand)\b(?! than)", "later than {t}"),
        (rf"\b{_DID} (?P<t><t\w>){_SLIGHT} {_LATER}\b(?! than)", "earlier than {t}"),
        (r"(?<=<p\w>),? (?:who was |seen |met |last )?earlier in (?P<t><t\w>)", "later than {t}"),
        (r"(?<=<p\w>),? (?:who was |seen |met )?later in (?P<t><t\w>)", "earlier than {t}"),
        (rf"\b(?:already|previously) {_DID} (?P<t><t\w>)", "later than {t}"),
        (rf"\b(?:yet to|would go on to|went on to|would (?:later|soon) |later to|not yet|still to)"
         rf" {_DID} (?P<t><t\w>)", "earlier than {t}"),
        (rf"\bbefore (?:he|she|they|<p\w>|the \w+|going on to)(?: (?:had|ever|even|went on to))*"
         rf" {_DID} (?P<t><t\w>)", "earlier than {t}"),
        (rf"\b(?:after|since) (?:he|she|they|<p\w>|the \w+)(?: (?:had|first))* {_DID} (?P<t><t\w>)",
         "later than {t}"),
        (r"\b(?:earlier|previously|beforehand) (?:gave|brought) (?:us|you) (?P<t><t\w>)",
        "later than {t}"),
        (r"\b(?:later|afterwards) (?:gave|brought) (?:us|you) (?P<t><t\w>)", "earlier than {t}"),
        (rf"\b{_DID} (?P<t><t\w>),? (?:and )?(?:then |only )?later [a-z]+ed\b", "later than {t}"),
        (rf"\b{_DID} (?P<t><t\w>),? (?:and )?(?:had )?(?:earlier|before that) [a-z]+ed\b",
         "earlier than {t}"),
        (r"(?<=<p\w>) after (?P<t><t\w>)(?=:)", "later than {t}"),
        (r"(?<=<p\w>) before (?P<t><t\w>)(?=:)", "earlier than {t}"),
        (r"\bafter (?:he|she|they|<p\w>) (?:was|were|had been) in (?P<t><t\w>)", "later than {t}"),
        (r"\bbefore (?:he|she|they|<p\w>) (?:was|were) in (?P<t><t\w>)", "earlier than {t}"),
        (rf"\bhaving (?:already )?{_DID} (?P<t><t\w>)", "later than {t}"),
        (r"\bafter (?:making|directing|shooting|filming|finishing|completing|writing|starring in|"
         r"appearing in) (?P<t><t\w>)(?! you)", "later than {t}"),
        (r"\bbefore (?:making|directing|shooting|filming|finishing|completing|writing|starring in|"
         r"appearing in) (?P<t><t\w>)", "earlier than {t}"),
        (rf"<self>(?: already| safely)? behind (?:him|her|them) (?:when|as|before)"
         rf"(?: (?:he|she|they|<p\w>))?(?: {_DID})? (?P<t><t\w>)", "earlier than {t}"),
        (rf"\b{_DID} <self>(?:,[^.;:<]*,| [\w' -]{{0,40}})? and (?:only )?(?:then|later|afterwards|"
         rf"next)(?: {_DID})? (?P<t><t\w>)", "earlier than {t}"),
        (rf"\b{_DID} (?P<t><t\w>)(?:,[^.;:<]*,| [\w' -]{{0,40}})? and (?:only )?(?:then|later|"
         rf"afterwards|next)(?: {_DID})? (?:<self>|this\b|it\b)", "later than {t}"),
        (r"(?P<t><t\w>)(?: and)? only (?:after|once) (?:this|it|<self>)", "earlier than {t}"),
        (r"\b(?:fresh|straight|hot|direct|just back|just|back) (?:from|off) (?P<t><t\w>)(?!'|,? "
        r"where)",
         "later than {t}"),
        (r"\bfirst (?:[\w'-]+ ){0,6}?in (?P<t><t\w>),? (?:and )?(?:only )?then (?:here|in this)",
         "later than {t}"),
        (r"(?P<t><t\w>)(?: already)? by the time (?:of|that|they|he|she|this|it|<p\w>|<self>)",
         "later than {t} when it"),
        (r"(?:<self>|\bthis|\bit)(?: already)? by the time (?:of )?(?P<t><t\w>)",
        "earlier than {t}"),
        (r"(?P<t><t\w>)(?: already| safely)? behind (?:him|her|them)\b", "later than {t}"),
        (r"(?P<t><t\w>)(?: still)? (?:ahead of|before|in front of) (?:him|her|them)\b",
         "earlier than {t}"),
        (r"(?P<t><t\w>) (?:had been|was|had come)(?: already| long)? (?:out|finished|released|done|"
         r"made|there|around|in cinemas|on screens)(?: already| for [\w ]{1,18}?)? when\b",
         "later than {t} when"),
        (r"\b(?:picks? up|picked up|continues?|continued|carries on|carried on|goes on|starts?|"
        r"begins?)"
         r" (?:right |just |exactly )?where (?P<t><t\w>) (?:left off|leaves off|ended|ends|stopped|"
         r"stops|broke off|breaks off)", "later than {t}"),
        (r"\bafter (?:he|she|they|<p\w>)(?:'d| had| was| were| got)? (?:done|finished|"
        r"through) with "
         r"(?:[\w' -]{1,24} (?:of|in|from) )?(?P<t><t\w>)", "later than {t}"),
        (r"\bafter (?:he|she|they|<p\w>)(?:'d| had)? (?:finished|made|completed|shot|"
         r"wrapped(?: up)?|"
         r"directed|filmed) (?P<t><t\w>)", "later than {t}"),
        (r"\bbefore (?:he|she|they|<p\w>)(?:'d| had)? (?:finished|made|completed|shot|"
         r"wrapped(?: up)?|"
         r"directed|filmed) (?P<t><t\w>)", "earlier than {t}"),
        (r"\bbefore (?:he|she|they|<p\w>)(?:'d| had| was| were| got)? (?:done|finished|"
        r"through) with "
         r"(?:[\w' -]{1,24} (?:of|in|from) )?(?P<t><t\w>)", "earlier than {t}"),
        (r"\b(?:first|earlier|beforehand),? in (?P<t><t\w>)(?='|,|\W*$| and\b)", "later than {t}"),
        (r"\b(?:later|afterwards|next|after that),? in (?P<t><t\w>)(?=,|\W*$| and\b)",
         "earlier than {t}"),
        (r"(?P<t><t\w>),?(?: which)?(?: is|'s| was)(?: also| still| nonetheless| however|"
         rf" by far)* the (?P<how>{_SIZE})(?:{_OF_TWO}| (?:one|film|movie)|(?=\W*$|,| and\b))",
         "{turned} than {t}"),
        (rf"\b{_DID} (?:this|it)(?: [\w'-]+){{0,6}}? first and (?:only )?(?:then )?(?P<t><t\w>)",
         "earlier than {t}"),
        (r"\b(?:runs?|goes|lasts) (?:well |far |a little |some way )?(?:past|beyond|over) "
        r"(?P<t><t\w>)"
         r"(?: in (?:length|running time))?", "longer than {t}"),
        (r"\b(?:outdid|outdoes|outdo|tops?|topped|beats?|exceeds?|surpasses|surpassed)"
         r"(?: even)? (?P<t><t\w>) (?:for|in) (?:sheer )?(?:length|running time|duration)",
         "longer than {t}"),
        (rf"\b{_DID} (?:this|it)(?: [\w'-]+){{0,8}}? after (?P<t><t\w>)(?!')", "later than {t}"),
        (rf"\b{_DID} (?:this|it)(?: [\w'-]+){{0,8}}? before (?P<t><t\w>)(?!')",
         "earlier than {t}"),
        (rf"\bfollow(?:ed|s|ing) (?:this|it|his|her|their)(?: [\w'-]+){{0,3}}?(?: up)? with "
        rf"(?P<t><t\w>)"
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
        (rf"\b(?:<self>|this(?: one| film)?|it|here)(?: is|'s| was)(?: also| still| even)* the "
         rf"(?P<how>{_SIZE})(?: one| film)?(?=\W*$|,| and| but| too)", "{how} than {t}"),
        (rf"\band the (?P<how>{_SIZE}) one(?=\W*$|,| too)", "{how} than {t}"),
        (rf"\b(?:only|just|though|but|if) (?P<how>{_SIZE})(?=\W*$|,| and| but)", "{how} than {t}"),
        (r"\bonly (?:after|since) (?:this|it|<self>)\b", "earlier than {t}"),
        (rf"\b(?:is|it's|it is|that's|that is|being|here) (?:both |also |even |slightly |a bit |"
         rf"noticeably |much |somewhat |nonetheless |far )*(?P<how>{_SIZE})"
         rf"(?= and (?:{_SIZE})|\W*$|,| but| yet| still| too)(?! than)", "{how} than {t}"),
        (r"\b(?:is|it's) a few minutes (?P<how>longer|shorter)\b(?! than)", "{how} than {t}"),
        (r"\b(?:is|was|were|are) in this(?: (?!and\b)[\w'-]+){0,4} (?:only )?(?:afterwards?|"
         r"later on)\b"
         r"(?! than| in\b)", "later than {t}"),
        (r"\b(?:this|it|here|<self>),? (?:runs?|goes|lasts|stretches)(?: on)?(?: for)?(?: a "
         r"bit| even| "
         r"slightly| much| far| a little)* (?P<how>longer|shorter)(?= still|\W*$|,| and| but)"
         r"(?! than)", "{how} than {t}"),
        (rf"(?<=than <t\w>),? (?:and|but|yet|though)(?: also)?(?: {_MUCH})? "
         rf"(?P<how>{_SIZE})\b(?! than)", " {how} than {t}"),
        (rf"(?:\b(?:an?|the|this|another),?|(?<!<t\w>, )<p\w>'s) (?:[\w-]+, )*(?P<how>{_SIZE})"
         rf"(?=(?:(?: and|,)(?: much| far| even)? [\w-]+)? {_ADJECTIVES}{_STORY}\b(?! than|,? <t))"
         r"(?! than)",
         "{how} than {t},"),
        (rf"\b{_MUCH} (?P<how>longer|shorter|newer|older|briefer)"
         r"(?=\W*$|[,.;:]| (?:but|yet|and|too|still)\b)(?! than)", "is {how} than {t}"),
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
    rf"later \w+)|that (?:earlier |later |older )?(?:{STORY_NOUNS}))\b|(?:(?<=\bafter )|"
    rf"(?<=\bbefore ))that(?: one| film| movie)\b"
)
_TURNED = {
    "longer": "shorter", "shorter": "longer", "newer": "older", "older": "newer",
    "later": "earlier", "earlier": "later", "younger": "older", "more recent": "older",
}  # fmt: skip
_COUNTED = re.compile(
    r"\b(?<!few )(?<!some )(?<!several )(?<!couple of )(?:years?|decades?|minutes?)\b"
)
_OF_TITLE = re.compile(r"<t\w>,? which (?:is|was|runs|ran|lasts|lasted)\b[^,.;:]*$")
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
        how, before = match.groupdict().get("how") or "", text[: match.start()]
        in_life = how not in ("longer", "shorter") and _LATER_IN_LIFE.search(before)
        counted = "{size}" not in form and _COUNTED.search(match.group())
        if in_life or counted:
            return match.group()
        if mark and _OF_TITLE.search(before):
            return f"this is {_TURNED.get(how, how)} than {mark}"
        size = match.groupdict().get("size") or ""
        return form.format(t=mark or match["t"], how=how, turned=_TURNED.get(how, how), size=size)

    return pattern.sub(filled, text)
