"""Checks of what is shared with a title: people, genres, themes; titles that nobody named.

Knows nothing of who did what (see roles.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims, Title
from chatrec.generation.genres import genre_words_in, title_has
from chatrec.generation.vocabulary import STORY_NOUNS
from chatrec.generation.words import fold

LACKED = 2  # themes that a title must lack; one alone may be said of the item only
_NAMES = (
    r"(?P<names><p\w>(?:(?:, <p\w>)+,? (?:and|&) <p\w>|(?: and| &| plus| "
    r"alongside| opposite|/) ?<p\w>)?)"
)
_SHARE = re.compile(
    r"\b(?:shar(?:e|es|ed|ing)|same|in common|both|also|too|as well|again|another|"
    r"reunites?|returns?|once more|likewise|"
    r"just like|just as|as in|as does|as did|as with|(?<!-)like|similar|echo(?:es)?|also in|"
    r"also of|more of|links?|ties|connects?|common|overlaps?|as much as|matches|"
    r"mirrors|recalls)\b"
)
_OF_THAT_TITLE = re.compile(
    rf"{_NAMES}(?:,? (?:whom|who|that) you (?:\w+ )?"
    r"(?:know|knew|saw|liked|remember|met|enjoyed|loved)(?: \w+)? (?:from|in)|"
    r"(?:,? (?:who|is|are|was|were|comes?|both|back|again|returns?|returning|"
    r"familiar|known|seen|also|reunited))*,? (?:from|of|in)) <t(?P<of>\w)>"
)
_TO_THIS = re.compile(
    r"\b(?:this|here|it|joins?|meets?|opposite|beside|alongside|teams? up|faces?)\b"
)
_SAME_FACT = re.compile(
    r"\bthe same (?:length|running time|year|decade|era|age|country|language)\b|"
    r"\bjust as [a-z-]+\b(?! <)"
)
_OPENS_LIKE = re.compile(r"\W*(?:just |much |and )?(?:like|as (?:in|with)|both)\b")
_SAME_THING = re.compile(
    r"\bsame (?!(?:\w+ )?(?:director|star|lead|cast|team|actor|actress|maker|pair|duo|trio)s?\b)"
)
_THEIRS = re.compile(
    rf"<p\w>'s? (?:[\w-]+ ){{0,3}}?(?:{STORY_NOUNS}|remake|version|sequel|prequel|reboot)\b|"
    r"\bthis (?:[\w-]+ ){1,3}?(?=(?:is|has|tells|follows|shows|stars|was)\b)"
)
_SWAPPED = re.compile(
    r"\b(?:swap|trade|exchange|replace|switche?)s? (?:[^<,]*?) (?:for|with)\b[^,;]*"
)
_THIS_IS = re.compile(r", this (?:one|time)\b[^.;]*$")
_SHARES_WITH = re.compile(r"\bshar(?:es?|ed|ing) (?:an?|the|his|her|their) [^<]*? with <p(\w)>")
_IN_THEIRS = re.compile(
    r"\bin <p(\w)>'s|\bthis (?:(?!is\b|are\b|was\b|both\b|and\b|with\b|by\b|"
    r"has\b|from\b|to\b|of\b)[a-z-]+ ){0,2}<p(\w)> (?!and\b|is\b|was\b|also\b|too\b|again\b)[a-z]+"
)
_THEIR_FILM = re.compile(
    rf"<p(\w)>'s? (?:[\w-]+ ){{0,3}}?(?:{STORY_NOUNS}) (?:is|takes|tells|has|was)\b"
)
_MADE_THIS = re.compile(r"\b(?:made|directed|shot|filmed) this\b")
_SHARES_HERE = re.compile(r"<p(\w)> (?:[a-z]+ )?shar(?:es?|ed|ing) (?:an?|the) [^<]*? with <p(\w)>")
_WORKED = re.compile(
    r"<p(?P<one>\w)>(?: also| again| later| earlier| once| previously| first| had)* "
    r"(?:worked|works?|teamed|teams?|"
    r"reunited|reunites|collaborated|collaborates)(?: up| again| once more)* "
    r"(?:with|for|under) <p(?P<other>\w)>(?: again| once more| too| earlier| later| before)* "
    r"(?:in|on|for) <t(?P<of>\w)>"
)
_AGAIN = re.compile(
    r"\b(?:both|again|reunit\w+|once more|"
    r"same (?:director|star|cast|team|actors?|pair|duo|makers?))\b"
)
_PERSON = re.compile(r"<p(\w)>")
_TITLE = re.compile(r"<t(\w)>")
_CLAUSES = re.compile(
    r"[.;?!]|: (?=<p\w>, [a-z<])|: (?=(?:this|here|now|it|its|he|she|they|instead|there)\b|"
    r"<p\w>(?:,? (?:and )?<p\w>)* (?:[a-z]+s|are|have|do)\b)|"
    r", (?:and|with|but|while|now|this time|here|under|again|then|only) "
)
_PRONOUN = re.compile(
    r"\b(?:he|she|who|they|also (?:made|directed|starred|appear\w*|star|stars)|as "
    r"(?:he|she|they) did)\b"
)
_STRONG_SHARE = re.compile(
    r"\b(?:shar(?:e|es|ed|ing)|same|in common|both|just like|just as|as in|as does|as "
    r"did|as with|likewise|"
    r"(?<!-)like|too|as well|another)\b"
)
_ONE_AFTER = re.compile(
    r"\b(?:one|each)\b[^,.;<]{0,60}? another\b|\b(?:one|to|with|at|from) another\b|"
    r"\banother's?(?= day)"
)
_PEOPLE_OF_ROW = re.compile(  # "<pa> had already sent <pb> to work in <tc> and <td>"
    r"(?P<who><p\w>(?:, who )?(?:[^.;:,<]|<p\w>)*?) (?:in|of|from|for|on|made|directed|wrote|did|"
    r"after|before) "
    r"(?P<row><t\w>(?:, <t\w>)*,? and <t\w>)(?! (?:is|was|has|had)\b)"
)
_SAME_PEOPLE = re.compile(
    r"(?<!\bby )(?<!\bfrom )\bthe same (?:[\w-]+ ){0,2}?(?:directors?|stars?|leads?|team|actors?|"
    r"actress(?:es)?|makers?|"
    r"pair|duo|trio|comedians?|people|men|women|brothers|troupe|faces|names|couple)\b"
)
_YOU_LIKE = re.compile(
    r"\b(?:who|you|also) share <t|\bif you like\w*|\byou like\w*|\byour liking\b|\bwould "
    r"like\b|'d like\b"
)
_THIS_ONE = re.compile(r"\bthis (?:[\w-]+ ){1,2}(?:film|movie|game|book|picture|item|one)\b")
_SUBJECTS = frozenset({"family", "war", "crime", "music", "history"})


def link_problems(claims: Claims) -> Iterator[str]:
    """Titles that were not named, and shared people, genres or themes that are not shared."""
    for title in claims.titles.values():
        if not title.given:
            yield f"title {title.name!r} is not in the evidence"
    for match in _OF_THAT_TITLE.finditer(claims.masked):
        title = claims.titles[match["of"]]
        for letter in _PERSON.findall(match["names"]):
            if claims.people[letter] not in title.people():
                yield f"{claims.people[letter]} is not known to be in {title.name!r}"
    for match in _WORKED.finditer(claims.masked):
        title = claims.titles[match["of"]]
        for name in (claims.people[match["one"]], claims.people[match["other"]]):
            if title.items and name not in title.people():
                yield f"{name} is not known to be in {title.name!r}"
    yield from _row_problems(claims)
    linked = {name for title in claims.titles.values() for name in title.links}
    for segment, letters in segments_of(claims.masked):
        marks = _TITLE.findall(segment)
        titles = [claims.titles[letter] for letter in marks if letter in claims.titles]
        cue = bool(_SHARE.search(_SAME_FACT.sub(" ", _ONE_AFTER.sub(" ", segment))))
        apart = _said_apart(claims, segment)
        here = _of_this_alone(segment) | frozenset(
            letter for found in _IN_THEIRS.findall(segment) for letter in found if letter
        )
        here |= frozenset(x for found in _SHARES_HERE.findall(segment) for x in found)
        here |= frozenset(_SHARES_WITH.findall(segment))
        here |= frozenset(_THEIR_FILM.findall(segment)) | _made_with(segment)
        loose = _uncued(segment)
        for title in titles:
            shares, lacks = _shared(claims, segment, title)
            if shares:
                continue
            for letter in letters:
                name = claims.people[letter]
                if letter not in apart.get(title.name, letters) or letter in here:
                    continue
                others = [t for t in titles if t is not title and name in t.people()]
                tied = (cue and letter not in loose) or name in linked
                if name not in title.people() and tied and not others:
                    yield f"{name} is not known to be in {title.name!r}"
            known = any(claims.people[letter] in title.people() for letter in letters)
            if not known and len(lacks) >= LACKED:
                yield from (f"{title.name!r} is not known for {what}" for what in lacks)


def _row_problems(claims: Claims) -> Iterator[str]:
    """A person said to be of two titles in a row, and known of one of them alone."""
    for match in _PEOPLE_OF_ROW.finditer(claims.masked):
        titles = [claims.titles[letter] for letter in _TITLE.findall(match["row"])]
        if not all(title.items for title in titles):
            continue
        for letter in dict.fromkeys(_PERSON.findall(match["who"])):
            name = claims.people[letter]
            known = [name in title.people() for title in titles]
            if any(known) and not all(known):
                other = titles[known.index(False)]
                yield f"{name} is not known to be in {other.name!r}"


def _uncued(segment: str) -> frozenset[str]:
    """People in a part of a clause that likens nothing: "again after <ta>, in a film with <pb>"."""
    if _OPENS_LIKE.match(segment):
        return frozenset()
    parts = [part for part in segment.split(", ") if "<t" not in part]
    loose = [part for part in parts if not _SHARE.search(_SAME_THING.sub(" ", part))]
    return frozenset(letter for part in loose for letter in _PERSON.findall(part))


def _said_apart(claims: Claims, segment: str) -> dict[str, list[str]]:
    """The people that alone belong to a title: "<pa> and <pb>, both in <tc>, meet <pd>"."""
    return {
        claims.titles[match["of"]].name: _PERSON.findall(match["names"])
        for match in _OF_THAT_TITLE.finditer(segment)
        if (", both " in match.group() and segment.startswith(",", match.end()))
        or not _SHARE.search(segment.replace(match.group(), " "))
    }


def _of_this_alone(segment: str) -> frozenset[str]:
    """People of the item alone: named after "<pa> from <tb> joins", "<pa>, of <tb>, is in this"."""
    match = _OF_THAT_TITLE.search(segment)
    rest = segment[match.end() :] if match else ""
    turn = _TO_THIS.search(rest)
    if turn is None or _AGAIN.search(rest):
        return frozenset()
    return frozenset(_PERSON.findall(rest[turn.end() :]))


def _made_with(segment: str) -> frozenset[str]:
    """People named after "also made this": they are of this, whatever else its maker made."""
    match = _MADE_THIS.search(segment)
    rest = segment[match.end() :] if match else ""
    return frozenset() if _AGAIN.search(rest) else frozenset(_PERSON.findall(rest))


def segments_of(masked: str) -> Iterator[tuple[str, list[str]]]:
    """Clauses and the people they speak of: a pronoun takes over those of the clause before."""
    before: list[str] = []
    for segment in _CLAUSES.split(masked):
        letters = _PERSON.findall(segment)
        carried = not letters and _PRONOUN.search(segment)
        yield segment, before if carried else letters
        before = letters or before


def _shared(claims: Claims, segment: str, title: Title) -> tuple[list[str], list[str]]:
    """Genres and themes of the clause that the title has, and those that it lacks.

    Both are empty where the clause draws no comparison.
    """
    segment = _SAME_PEOPLE.sub(" ", _THIS_IS.sub(" ", segment))
    if not _STRONG_SHARE.search(
        _SAME_FACT.sub(" ", _YOU_LIKE.sub(" ", _ONE_AFTER.sub(" ", segment)))
    ):
        return [], []
    segment = _SWAPPED.sub(" ", _THIS_ONE.sub("this", _THEIRS.sub(" ", segment)))
    named = [
        word
        for word in genre_words_in(segment)
        if word not in _SUBJECTS or re.search(rf"\b{word} (?:film|movie|story|tale)", segment)
    ]
    named += [
        keyword
        for keyword in claims.item.keywords
        if re.search(rf"\b{re.escape(fold(keyword))}\b", segment)
    ]
    has = {what: title_has(title, what) for what in named}
    return [w for w in named if has[w]], [w for w in named if not has[w]]
