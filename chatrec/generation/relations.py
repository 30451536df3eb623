"""Checks of who did what, what is shared with a title, and comparisons with a title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from chatrec.generation.claims import Claims, Title
from chatrec.generation.genres import genre_words_in, title_has
from chatrec.generation.mentions import name_key
from chatrec.generation.vocabulary import (
    ACTOR_WORDS,
    CREATOR_WORDS,
    DOMAIN_CREATOR_WORDS,
    STORY_NOUNS,
)
from chatrec.generation.words import fold
from chatrec.types import Item

_NAMES = (
    r"(?P<names><p\w>(?:(?:, <p\w>)+,? (?:and|&) <p\w>|(?: and| &| plus| "
    r"alongside| opposite|/) ?<p\w>)?)"
)
_ADVERBS = (
    r"(?:,? (?:who|also|both|again|once|here|too|previously|later|again|"
    r"himself|herself|together|once more|whose|that|really|both|now|has|have|"
    r"had|is|was|and))*,?"
)
_ROLE_NOUNS = f"{CREATOR_WORDS}|{'|'.join(DOMAIN_CREATOR_WORDS.values())}"
_CREATED = (
    r"(?:directed|co-directed|helmed|made|created|developed|written|recorded|composed|authored|"
    r"designed|crafted|steered|overseen|shepherded)"
)
_CREATES = (
    r"(?:directs?|directed|directing|co-directs?|co-directed|helms?|helmed|wrote|"
    r"writes|developed|develops|"
    r"recorded|composed|created|creates|steers|calls the shots|takes the helm|behind "
    r"the camera|at the helm|"
    r"in the director's chair|sat in the director's chair|shot|made|makes)"
)
_CREATOR_CLAIMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_CREATED} by (?:(?:{_ROLE_NOUNS}) )?{_NAMES}",
        rf"{_NAMES}{_ADVERBS} {_CREATES}\b(?! by)(?P<rest>[^.;]*)",
        (
            rf"\b(?:{CREATOR_WORDS})s?(?: is| was| here is| here, is|,|:| of this \w+ is| "
            rf"of both is| in| named)*(?: the)? {_NAMES}"
        ),
        rf"{_NAMES}(?:'s?)? (?:direction|directing|directorial|camera ?work)\b(?P<rest>)",
        (
            rf"{_NAMES}(?:,| is| was| as| being| serves as| are)*(?: both| also)?(?: "
            rf"as)?(?: the| its| a| this \w+'s| your)?(?: same)? "
            rf"(?:{CREATOR_WORDS})\b(?P<rest>[^.;]*)"
        ),
        rf"{_NAMES}-directed\b",
        (
            rf"\b(?:direction|helm|directing|directorial work|directorial effort|eye|lens|"
            rf"hand) (?:of|by|from) {_NAMES}"
        ),
        (
            rf"\b(?:in the director's chair|behind the camera|at the helm|director's "
            rf"seat)(?: is| was| sits| sat| stands|,|:)* {_NAMES}"
        ),
        rf"\b(?:helmer|from the mind of|from the director of|brainchild of) {_NAMES}",
        (
            rf"{_NAMES}(?: (?:is|was|sits|stands|sat|stood))? (?:behind the camera|at the "
            rf"helm|in the director's chair)\b"
        ),
    )
)
_NOT_AS_CREATOR = r"(?! (?:as (?:the |its )?(?:\w+|maker)|behind|at the helm|direct\w*))"
_ACTOR_CLAIMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:starring|co-starring|stars|features?|(?:stars?|co-stars?) (?:is|are)|"
        rf"featuring|fronted by|headlined by|headed by|led by|played by|portrayed by|"
        rf"acted by|voiced by|toplined by|carried by|anchored by)"
        rf"(?: turns| roles| performances| both| the likes of| the voices? of| the| "
        rf"talents of| voices? by| by| actors?| actress(?:es)?)* "
        rf"{_NAMES}{_NOT_AS_CREATOR}",
        (
            rf"\b(?:cast|casts|ensemble|line-?up|billing)(?:[ ,:]| includes?| including| "
            rf"has| of| with| is| are| here| led by| headed by| topped by| you find| "
            rf"members?| list| features?| counts?| among| names?| boasts)* "
            rf"{_NAMES}{_NOT_AS_CREATOR}"
        ),
        rf"\bfeatur(?:es|ing) {_NAMES} as an? (?:actor|actress|star|performer)\b",
        (
            rf"\b(?:performances?|voices?|voice work|acting|turns?|roles?|parts?|leads?) "
            rf"(?:by|from|of|for) {_NAMES}"
        ),
        rf"\b(?:{ACTOR_WORDS}|leading man|leading lady)(?: is| are|,|:| being)* {_NAMES}",
        (
            rf"{_NAMES}(?:,? (?:also|both|too|again|once more|who|and|all))* (?:is|are|was|were|"
            rf"can be seen|can be found|is seen|turns up|turn up)(?: also| both| all| again)* in "
            rf"(?=(?:it|this|here|both|<self>)\b|<self>)(?P<rest>[^.;]*)"
        ),
        (
            rf"{_NAMES}{_ADVERBS} (?:stars?|starred|starring|co-stars?|co-starring|plays?|"
            rf"played|playing|acts?|acted|acting|portrays?|portraying|voices?|voicing|"
            rf"performs?|appears?|appeared|appearing|headlines?|turns? up|top[- ]bill|"
            rf"leads? (?:the|its|an?) (?:cast|ensemble)|heads? (?:the|its|an?) (?:cast|"
            rf"ensemble|line-up)|takes? the (?:lead|leading role|title role)|takes? the "
            rf"lead|gives? (?:the|a) performance|on screen|onscreen|fronts?|carries|"
            rf"lends?)\b(?P<rest>[^.;]*)"
        ),
        (
            rf"{_NAMES}(?:'s?)? (?:performance|acting|role|character|performances|"
            rf"portrayal|voice)\b(?P<rest>)"
        ),
        (
            rf"{_NAMES}(?:,? (?:is|are|is found|among|both|heads?|leads?|also|appears?|as|"
            rf"all|who|you find))*(?: (?:is|are|in|on|among|at|of|head|heading|part|"
            rf"leading|atop|rounding out|completing|the|its))* (?:cast|lead roles?|leading "
            rf"roles?|main roles?|title role|leads|lead|starring roles?|ensemble|"
            rf"bill)\b(?P<rest>[^.;]*)"
        ),
        (
            rf"{_NAMES}(?:,| is| was| as| being| are)*(?: both| also)?(?: the| its| a)? "
            rf"(?:{ACTOR_WORDS})\b(?P<rest>[^.;]*)"
        ),
    )
)
_OF_TITLE = re.compile(
    r"^(?:,? (?:of|in|from|on|for|both|also|the|too|previously|this|film|game|book|it|"
    r"and|as well as|as|well|here|alike|once|movie))*?,? ?<t(\w)>"
)
_SHARE = re.compile(
    r"\b(?:shar(?:e|es|ed|ing)|same|in common|both|also|too|as well|again|another|"
    r"reunites?|returns?|once more|likewise|"
    r"just like|just as|as in|as does|as did|as with|like|similar|echo(?:es)?|also in|"
    r"also of|more of|links?|ties|connects?|common|overlaps?|as much as|matches|"
    r"mirrors|recalls)\b"
)
_OF_THAT_TITLE = re.compile(
    rf"{_NAMES}(?:,? (?:whom|who|that) you (?:\w+ )?"
    r"(?:know|knew|saw|liked|remember|met|enjoyed|loved)(?: \w+)? (?:from|in)|"
    r"(?:,? (?:who|is|are|was|were|comes?|both|back|again|returns?|returning|"
    r"familiar|known|seen|also|reunited))*,? (?:from|of|in)) <t(?P<of>\w)>"
)
_BOTH_FILMS = re.compile(r"\bboth (?:films|movies|pictures|of (?:them|these)|were|are|was)\b")
_TO_THIS = re.compile(
    r"\b(?:this|here|it|joins?|meets?|opposite|beside|alongside|teams? up|faces?)\b"
)
_SAME_FACT = re.compile(
    r"\bthe same (?:length|running time|year|decade|era|age|country|language)\b|"
    r"\bjust as [a-z-]+\b(?! <)"
)
_THIS_IS = re.compile(r", this (?:one|time)\b[^.;]*$")
_SHARES_WITH = re.compile(r"\bshar(?:es?|ed|ing) (?:an?|the|his|her|their) [^<]*? with <p(\w)>")
_IN_THEIRS = re.compile(r", in <p(\w)>'s")
_AGAIN = re.compile(
    r"\b(?:both|again|reunit\w+|once more|"
    r"same (?:director|star|cast|team|actors?|pair|duo|makers?))\b"
)
_PERSON = re.compile(r"<p(\w)>")
_TITLE = re.compile(r"<t(\w)>")
_SPLIT = re.compile(r"[.;]")
_CLAUSES = re.compile(
    r"[.;]|: (?=(?:this|here|now|it|its|he|she|they|instead|there)\b)|"
    r", (?:and|with|but|while|now|this time|here|under|again|then|only) "
)
_PRONOUN = re.compile(
    r"\b(?:he|she|who|they|also (?:made|directed|starred|appear\w*|star|stars)|as "
    r"(?:he|she|they) did)\b"
)
_STRONG_SHARE = re.compile(
    r"\b(?:shar(?:e|es|ed|ing)|same|in common|both|just like|just as|as in|as does|as "
    r"did|as with|likewise|"
    r"like|too|as well|another)\b"
)
_YOU_LIKE = re.compile(r"\bif you like\w*|\byou like\w*|\byour liking\b|\bwould like\b|'d like\b")
_THIS_ONE = re.compile(r"\bthis (?:[\w-]+ ){1,2}(?:film|movie|game|book|picture|item|one)\b")


_MAKES = re.compile(rf"<p\w>{_ADVERBS} makes\b")
_MADE_OBJECT = re.compile(
    rf"{_ADVERBS} makes (?:this|it|both|<|(?:an?|the|his|her|another) "
    rf"(?:[\w-]+ ){{0,3}}?(?:{STORY_NOUNS})\b)"
)
_NO_ACTING = re.compile(
    rf"{_ADVERBS} cast <p|"
    rf"{_ADVERBS} (?:play(?:s|ed|ing)?|act(?:s|ed|ing)?|perform\w*) (?:with|on|out|up|"
    r"down|host|games|tricks|havoc|fast|it safe|as if)\b|"
    rf"'s? (?:[\w-]+ ){{0,3}}?(?:{STORY_NOUNS}|version|vision|adaptation|take|remake|world|"
    r"camera|lens)\b"
)
_SUBJECTS = frozenset({"family", "war", "crime", "music", "history"})
_PLACE = {"made": "", "acted in": " (in the cast)"}


def role_problems(claims: Claims) -> Iterator[str]:
    """People said to have directed who have not, to act who do not, of the item or a title."""
    creators = frozenset(name_key(name) for name in claims.item.creators)
    cast = frozenset(name_key(name) for name in claims.item.cast)
    for sentence in _SPLIT.split(_shield(claims.masked)):
        for pattern in _CREATOR_CLAIMS:
            yield from _judge(claims, pattern, sentence, creators, Title.creators, "made")
        for pattern in _ACTOR_CLAIMS:
            yield from _judge(claims, pattern, sentence, cast, Title.performers, "acted in")


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
    linked = {name for title in claims.titles.values() for name in title.links}
    for segment, letters in segments_of(claims.masked):
        marks = _TITLE.findall(segment)
        titles = [claims.titles[letter] for letter in marks if letter in claims.titles]
        cue = bool(_SHARE.search(_SAME_FACT.sub(" ", segment)))
        apart = _said_apart(claims, segment)
        here = _of_this_alone(segment) | frozenset(_IN_THEIRS.findall(segment))
        here |= frozenset(_SHARES_WITH.findall(segment))
        for title in titles:
            shares, lacks = _shared(claims, segment, title)
            if shares:
                continue
            for letter in letters:
                name = claims.people[letter]
                if letter not in apart.get(title.name, letters) or letter in here:
                    continue
                others = [t for t in titles if t is not title and name in t.people()]
                if name not in title.people() and (cue or name in linked) and not others:
                    yield f"{name} is not known to be in {title.name!r}"
            if not any(claims.people[letter] in title.people() for letter in letters):
                yield from (f"{title.name!r} is not known for {what}" for what in lacks)


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


def segments_of(masked: str) -> Iterator[tuple[str, list[str]]]:
    """Clauses and the people they speak of: a pronoun takes over those of the clause before."""
    before: list[str] = []
    for segment in _CLAUSES.split(masked):
        letters = _PERSON.findall(segment)
        carried = not letters and _PRONOUN.search(segment)
        yield segment, before if carried else letters
        before = letters or before


def _shield(text: str) -> str:
    """``directed by`` has no director after it that is a verb of its own; names a comma apart."""
    return re.sub(r"\s+", " ", text)


def _judge(
    claims: Claims,
    pattern: re.Pattern[str],
    sentence: str,
    own: frozenset[str],
    of_title: Callable[[Title], frozenset[str]],
    said: str,
) -> Iterator[str]:
    for match in pattern.finditer(sentence):
        if _MAKES.search(match.group()) and not _MADE_OBJECT.match(sentence, match.end("names")):
            continue
        if said == "acted in" and _NO_ACTING.match(sentence, match.end("names")):
            continue
        if re.search(r"\b(?:not|isn't|wasn't|never|n't) (?:\w+ )?$", sentence[: match.start()]):
            continue
        rest = match.groupdict().get("rest")
        rest = sentence[match.end() :] if rest is None else rest
        named = _OF_TITLE.search(rest)
        title = claims.titles.get(named[1]) if named else None
        before = sentence[: match.end("names")]
        about_title = title is not None and not re.search(r"\bthis\b|\bit\b", rest.split("<t")[0])
        for letter in _PERSON.findall(match["names"]):
            name = claims.people[letter]
            theirs = _people_of(title, of_title)
            if said == "made" and not _of_both_films(claims, sentence, match, name):
                yield f"{name} is not known to have made both"
            if said == "made" and _made_as_star(claims, match, name):
                continue
            both = "both" in rest.split("<t")[0] or "both" in before
            if about_title and title is not None and name in theirs and not both:
                continue
            if _made_together(claims, match, said, own | theirs) and name in _known(claims, title):
                continue
            if name not in own and not (about_title and not title_items(title)):
                yield f"{name} is not known to have {said} it{_PLACE[said]}"
            elif about_title and title is not None and name not in theirs and said == "made":
                yield f"{name} is not known to have {said} {title.name!r}"


def _of_both_films(claims: Claims, sentence: str, match: re.Match[str], name: str) -> bool:
    """False where "both films" are said to be by somebody whom a title named does not know."""
    if not _BOTH_FILMS.search(sentence[: match.end("names")]):
        return True
    titles = [claims.titles[letter] for letter in _TITLE.findall(sentence)]
    return all(name in _people_of(title, Title.creators) for title in titles)


def _made_as_star(claims: Claims, match: re.Match[str], name: str) -> bool:
    """``Cary Grant made this before <ta>``: stars make films too, beside others that are named."""
    said = match.group().removesuffix(match.groupdict().get("rest") or "")
    cast = {name_key(other) for other in claims.item.cast}
    return said.endswith((" made", " makes")) and bool(claims.titles) and name in cast


def _people_of(title: Title | None, of_title: Callable[[Title], frozenset[str]]) -> frozenset[str]:
    """Who did it for that title; by the evidence alone where the catalogue lacks the title."""
    if title is None:
        return frozenset()
    return of_title(title) if title.items else title.links


def _made_together(
    claims: Claims, match: re.Match[str], said: str, creators: frozenset[str]
) -> bool:
    """``A, B and C made this``: said of a team, it is enough that one of them directed."""
    letters = _PERSON.findall(match["names"])
    loose = re.search(r" (?:make|made|makes)\b", match.group())
    return (
        said == "made"
        and len(letters) > 1
        and bool(loose)
        and any(claims.people[letter] in creators for letter in letters)
    )


def _known(claims: Claims, title: Title | None) -> frozenset[str]:
    """Everybody of the item, and of the title."""
    own = frozenset(name_key(name) for name in (*claims.item.creators, *claims.item.cast))
    return own | (title.people() if title is not None else frozenset())


def title_items(title: Title | None) -> tuple[Item, ...]:
    """The catalogue's items of that title; empty for none."""
    return title.items if title is not None else ()


def _shared(claims: Claims, segment: str, title: Title) -> tuple[list[str], list[str]]:
    """Genres and themes of the clause that the title has, and those that it lacks.

    Both are empty where the clause draws no comparison.
    """
    segment = _THIS_IS.sub(" ", segment)
    if not _STRONG_SHARE.search(_SAME_FACT.sub(" ", _YOU_LIKE.sub(" ", segment))):
        return [], []
    segment = _THIS_ONE.sub("this", segment)
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
