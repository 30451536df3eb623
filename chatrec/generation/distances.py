"""Distances in years and minutes said in other words, brought to the form that gaps.py reads.

"Six years lie between it and <ta>", "<ta> was two years old when ...", "nineteen minutes faster",
"in less time than he took for <ta>". Knows nothing of the years and lengths themselves.
"""

from __future__ import annotations

import re

from chatrec.generation.sizes import plain_sizes

_MARKS = re.compile(r"<t\w>")
_BETWEEN_THEM = re.compile(
    r"(?P<size>\b[\w-]+(?: hundred)? (?:years?|decades?|minutes?|hours?)"
    r"(?: and [\w-]+ (?:years?|minutes?))?) "
    r"(?:(?:lie|lies|stand|stands|pass|passed|went by|are|come) between (?:this|it|<self>) and|"
    r"(?:separates?|separated|parts?|divides?) (?:this|it|<self>|this \w+) from)(?= (?:the )?<t\w>)"
)
_ON_FROM = re.compile(  # "twenty-six years on it gets songs"
    r"(?P<size>\b[\w-]+ (?:years?|decades?)) on,? "
    r"(?=(?:it|he|she|they|this|there|here) (?!and\b|or\b|from\b)[a-z]+|<p)"
)
_YEARS_ON = re.compile(  # "returned to <ta> four years on"
    r"\b(?:return(?:s|ed|ing)?|came back|comes back) to (?P<t><t\w>),? "
    r"(?P<size>[\w-]+ (?:years?|decades?)) (?:on|later|afterwards)\b"
)
_BOTH_SIZES = re.compile(
    r"(?P<one>\b[\w-]+ (?:years?|decades?)) and (?P<two>[\w-]+ minutes?) (?P<how>apart)\b"
)
_THAT_FILM = re.compile(
    r"(?P<ahead>\b(?:years?|decades?) (?:before|after|later than|earlier than|ahead of)) that\b"
    r"(?=[,.;]| (?:he|she|they|it|this|came|<p)\b|$)"
)
_BEYOND_IT = re.compile(
    r"(?P<lead><t\w>[^.;:<]* minutes?) (?:beyond|past|over|above) it\b(?=\W*$|[,.;])"
)
_SINCE_LIKED = re.compile(  # "you liked <ta>; eighteen years before it, ..."
    r"(?P<lead>\byou\b[^.;:<]*<t\w>[;:.,] (?:and )?(?:[a-z]+,? )?[\w-]+ (?:years?|decades?) "
    r"(?:before|after)) it\b(?=,)"
)
_STARTS_AT_IT = re.compile(  # "<ta> asked for a voice; nine years before it he made a film"
    r"(?P<lead><t\w>(?:(?!\b(?:this|here)\b|<self>|<t|[.:]).)*(?:[;,]|,? and)(?: some| about| "
    r"just)? "
    r"[\w-]+ (?:years?|decades?) (?:before|after)) it\b(?=,? (?:he|she|they|<p|the|an?|[a-z]+ed)\b|"
    r",? <p)"
)
_WAY = {"back": "earlier", "forward": "later", "ahead": "later", "on": "later"}
_GO_BACK = re.compile(
    r"(?<=[;,:.] )(?:and |so |now |then )?(?:go|step|jump|rewind|skip|move|wind) (?P<way>back|"
    r"forward|ahead|on) "
    r"(?:by )?(?P<size>[\w-]+ (?:years?|decades?))\b(?! (?:to|from|earlier|later|before|after)\b)"
)
_AFTER_IT = re.compile(  # "shorter than <ta>, came out six years after it"
    r"(?P<lead>\bthan <t\w>,? [^.;:<]*\b(?:before|after)) it\b(?=\W*$|[,.;])"
)
_HERE_THAN = re.compile(
    r"\b(longer|shorter|quicker|briefer|brisker|older|newer) (?:here|now|this time|"
    r"with this(?: one)?|"
    r"on this occasion)(?:,)? (?=than\b)"
)
_TIME_THAN = re.compile(
    r"\b(?:in|takes?|took|needs?|needed|has|with|given?|spends?) (?P<how>less|more) (?:screen |"
    r"running )?time (?:here )?"
    r"than (?:(?:in|with|on|for) )?(?:(?:he|she|it|they|<p\w>|the director|the same \w+) )?"
    r"(?:(?:took|takes|take|needed|needs|need|spent|spends|spend|had|has|gave|gives|did|does|"
    r"used) )?"
    r"(?:(?:on|for|with|in|to|telling|over) )?(?=(?:the )?<t)"
)
_GIVES_TIME = re.compile(  # "gives his couple less time than he gave the dancer of <ta>"
    r"\b(?:gives?|gave|spends?|spent|allows?|allowed)(?: (?:on )?[\w'-]+){0,4}? (?P<how>less|"
    r"more) time "
    r"than (?:he|she|it|they|<p\w>) (?:gave|gives|spent|spends|allowed|did)"
    r"(?: (?:on )?[\w' -]{1,30}? (?:of|in|on))? (?=<t)"
)
_YEARS_OLD = (
    (  # "liked him in <ta>, a year later he's in this"
        re.compile(
            r"(?P<t><t\w>), (?P<size>[\w-]+ (?:years?|decades?)) (?P<how>earlier|later) "
            r"(?:he|she|they)(?:'s| is| was| are| were) (?:in|at the heart of) this\b"
        ),
        r"\g<size> \g<how> than \g<t>",
    ),
    (  # "had <ta> three years behind them"
        re.compile(
            r"(?P<t><t\w>)(?: already| only| just| safely| some| about)* "
            r"(?P<size>[\w-]+ (?:years?|decades?)) behind (?:him|her|them|<p\w>)\b"
        ),
        r"\g<size> later than \g<t>",
    ),
    (
        re.compile(
            r"(?P<t><t\w>)(?: still| only| just| some| about)* "
            r"(?P<size>[\w-]+ (?:years?|decades?)) (?:ahead of|before|in front of) "
            r"(?:him|her|them)\b"
        ),
        r"\g<size> earlier than \g<t>",
    ),
    (  # "<ta> lay three years behind them"
        re.compile(
            r"(?P<t><t\w>) (?:was|lay|lies|is)(?: only| just| some| already)* "
            r"(?P<size>[\w-]+ (?:years?|decades?)) (?:behind|in the past|ago)\b"
        ),
        r"\g<size> later than \g<t>",
    ),
    (
        re.compile(
            r"(?P<t><t\w>) (?:had been|was) (?:already )?(?:out|finished|around|there) for "
            r"(?:some|many|several)? ?(?:years|decades) when\b"
        ),
        r"later than \g<t> when",
    ),
    (
        re.compile(
            r"(?P<t><t\w>) (?:had been|was) (?:already )?(?:out|finished|around|there) for "
            r"(?P<size>[\w-]+ (?:years?|decades?)) when\b"
        ),
        r"\g<size> later than \g<t> when",
    ),
    (  # "<ta> was already two years old when this was made"
        re.compile(
            r"(?P<t><t\w>) (?:was|is)(?: already| just| only| barely| about)* "
            r"(?P<size>[\w-]+ (?:years?|decades?)) old when\b"
        ),
        r"\g<size> later than \g<t> when",
    ),
    (  # "when he made <ta>, this was already two years old"
        re.compile(
            r"\bwhen (?P<before>[^.;:<]*(?:<p\w>[^.;:<]*)?)(?P<t><t\w>)(?P<after>[^.;:<]*?),? "
            r"(?:this|it|<self>)(?P<who>(?: [\w'<>-]+){0,7}?) (?:was|is)(?: already| just| only)* "
            r"(?P<size>[\w-]+ (?:years?|decades?)) old\b"
        ),
        r"this\g<who> came \g<size> earlier than \g<t>",
    ),
    (
        re.compile(
            r"(?P<t><t\w>) (?:was|is|lay|lies)(?: still| only| just| yet)* "
            r"(?P<size>[\w-]+ (?:years?|decades?)) (?:off|away|to come|in the future|ahead)\b"
        ),
        r"\g<size> earlier than \g<t>",
    ),
    (
        re.compile(
            r"^\W*in (?P<t><t\w>),(?: only| just| some| about)* (?P<size>[\w-]+ (?:years?|"
            r"decades?)) "
            r"(?:earlier|before),"
        ),
        r"\g<size> later than \g<t>,",
    ),
    (
        re.compile(
            r"^\W*in (?P<t><t\w>),(?: only| just| some| about)* (?P<size>[\w-]+ (?:years?|"
            r"decades?)) "
            r"(?:later|after|on),"
        ),
        r"\g<size> earlier than \g<t>,",
    ),
    (
        re.compile(
            r"\byounger by (?P<size>[\w-]+ (?:years?|decades?))(?: here| now)? than "
            r"(?:(?:he|she|they) (?:was|were|is) )?in (?=<t)"
        ),
        r"\g<size> earlier than ",
    ),
    (
        re.compile(
            r"\bolder by (?P<size>[\w-]+ (?:years?|decades?))(?: here| now)? than "
            r"(?:(?:he|she|they) (?:was|were|is) )?in (?=<t)"
        ),
        r"\g<size> later than ",
    ),
    (
        re.compile(
            r"\b(?:with|for|takes?|adds?) (?:another|an extra|"
            r"a further) (?P<size>[\w-]+ minutes)\b"
        ),
        r"\g<size> longer",
    ),
)


def plain_distances(text: str) -> str:
    """The masked ``text`` with such a distance as "six years apart", "shorter than <ta>".

    >>> plain_distances("six years separate it from <ta>")
    'six years apart from <ta>'
    >>> plain_distances("<ta> was two years old when he made this")
    'two years later than <ta> when he made this'
    """
    text = plain_sizes(text)
    text = re.sub(
        r"\b(minutes?) (?:shy of|short of|under|below|"
        r"inside) (?=(?:the )?<t)",
        r"\1 shorter than ",
        text,
    )
    text = re.sub(
        r"(<t\w> (?:had |would )?(?:come|came|arrived?|follow(?:ed)?|appear(?:ed)?|open(?:ed)?|"
        r"was (?:made|released|shot))(?: out)?) the (previous|following|next) year\b",
        lambda m: f"{m[1]} a year {'earlier' if m[2] == 'previous' else 'later'}",
        text,
    )
    text = re.sub(
        r"\b(years?|decades?) (?:have |had |has )?(?:gone by|passed|elapsed|gone) since (?=<t)",
        r"\1 later than ",
        text,
    )
    text = re.sub(r"\b(years?|decades?) (?:past|beyond|on past) (?=<t)", r"\1 later than ", text)
    text = re.sub(
        r"\b(minutes?) (?:past|beyond|over|"
        r"above) (?=(?:the )?<t)",
        r"\1 longer than ",
        text,
    )
    text = re.sub(r"\bhalf a century\b", "50 years", text)
    text = re.sub(r"\ba quarter of a century\b|\ba quarter-century\b", "25 years", text)
    text = re.sub(r"\ba decade and a half\b", "15 years", text)
    text = re.sub(
        r"\ba (?:full |whole )?century\b(?= (?:before|after|later|earlier))", "100 years", text
    )
    text = re.sub(r"\bthree[- ]quarters of an hour\b", "45 minutes", text)
    text = _YEARS_ON.sub(r"\g<size> later than \g<t>", text)
    text = _ON_FROM.sub(r"\g<size> later, ", text)
    text = _BETWEEN_THEM.sub(r"\g<size> apart from", text)
    text = _BOTH_SIZES.sub(r"\g<one> apart and \g<two> apart", text)
    for pattern, form in _YEARS_OLD:
        text = pattern.sub(form, text)
    text = _HERE_THAN.sub(r"\1 ", text)
    text = _GIVES_TIME.sub(r"is \g<how> time than ", text)
    text = _TIME_THAN.sub(
        _in_time, re.sub(r"\bis (less|more) time than", r"has \1 time than", text)
    )
    marks = set(_MARKS.findall(text))
    if len(marks) == 1:
        mark = marks.pop()
        text = _GO_BACK.sub(lambda m: f"{m['size']} {_WAY[m['way']]} than {mark} ", text)
        text = _BEYOND_IT.sub(rf"\g<lead> longer than {mark}", text)
        text = _SINCE_LIKED.sub(rf"\g<lead> {mark}", text)
        text = re.sub(
            r"(<t\w>(?:'s)?,? [\w-]+ (?:years?|decades?) (?:before|after)) "
            r"it\b",
            rf"\1 {mark}",
            text,
        )
        text = _STARTS_AT_IT.sub(rf"\g<lead> {mark}", text)
        text = _AFTER_IT.sub(rf"\g<lead> {mark}", _THAT_FILM.sub(rf"\g<ahead> {mark}", text))
    return text


def _in_time(match: re.Match[str]) -> str:
    """``in less time than he takes for`` as a matter of length."""
    return f"is {'shorter' if match['how'] == 'less' else 'longer'} than "
