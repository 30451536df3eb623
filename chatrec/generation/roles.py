"""Checks of who did what: directing and acting, in the item and in a title that is named.

Knows nothing of what is shared between titles (see relations.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from chatrec.generation.claims import Claims, Title
from chatrec.generation.mentions import name_key
from chatrec.generation.played_words import THINGS_PLAYED
from chatrec.generation.vocabulary import (
    ACTOR_WORDS,
    CREATOR_WORDS,
    DOMAIN_CREATOR_WORDS,
    STORY_NOUNS,
)
from chatrec.types import Item

_NAMES = (
    r"(?P<names><p\w>(?:(?:, <p\w>)+,? (?:and|&) <p\w>|(?: and| &| plus| "
    r"alongside| opposite|/) ?<p\w>)?)"
)
_ADVERBS = (
    r"(?:,? (?:who|also|both|again|once|here|too|previously|later|"
    r"himself|herself|together|once more|whose|that|really|now|has|have|"
    r"had|is|was|and|the (?:man|woman|one|person|pair|duo)))*,?"
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
    r"(?:(?:takes|took|sits in|sat in|fills|filled|in) )?the director's (?:chair|seat)|"
    r"shot|made(?! (?:to (?:look|seem|feel|sound|order|measure)|up|of))|makes)"
)
_CREATOR_CLAIMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_CREATED} by (?:(?:{_ROLE_NOUNS}|(?:(?:their|its|the|his|her) )?(?:co-)?stars?) )?"
        rf"{_NAMES}",
        rf"{_NAMES}{_ADVERBS} {_CREATES}\b(?! by)(?P<rest>[^.;]*)",
        (
            rf"\b(?:{CREATOR_WORDS})s?(?: is| was| here is| here, is|,|:| of this \w+ is| "
            rf"of both is| in| named)*(?: the)? {_NAMES}"
        ),
        rf"{_NAMES}{_ADVERBS} (?:stars?|starred|acts?|acted|plays?|played|appears?|"
        rf"appeared|writes?|wrote|produces?|produced)(?: in)? and "
        rf"(?:also )?{_CREATES}\b(?! by)(?P<rest>[^.;]*)",
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
            rf"\b(?:cast|casts|ensemble|line-?up|billing)(?! of <p\w>'s?\b)"
            rf"(?:[ ,:]| includes?| including| "
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
            rf"{_NAMES}{_ADVERBS} (?:{_CREATES}|produces?|produced) and (?:also )?"
            rf"(?:stars?|starred|acts?|acted|plays?|played|appears?|appeared)\b(?P<rest>[^.;]*)"
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
_AND_TITLES = re.compile(r"(?:(?:, | and |, and | & )<t\w>)+")  # "director of <ta> and <tb>"
_KNOWN_FROM = re.compile(
    r"(?P<who><p\w>),? (?:(?:who|both) (?:is|was|were|are) |(?:whom|who|that) you (?:\w+ )?\w+ |"
    r"(?:best |well |also |so \w+ )?(?:known|seen|familiar|fresh|back) |the \w+ )?"
    r"(?:from|of|in) <t\w>,? (?=[a-z])"
)
_BOTH_FILMS = re.compile(r"\bboth (?:films|movies|pictures|of (?:them|these)|were|are|was)\b")
_PERSON = re.compile(r"<p(\w)>")
_TITLE = re.compile(r"<t(\w)>")
_SPLIT = re.compile(r"[.;]")
_RESPECTIVE = re.compile(  # "<pa> and <pb>, the star and the director of <tc>"
    rf"^, (?:the|an?|one) (?:{ACTOR_WORDS}) and (?:the |an? |one )?(?:{CREATOR_WORDS})\b|"
    rf"^, (?:the|an?|one) (?:{CREATOR_WORDS}) and (?:the |an? |one )?(?:{ACTOR_WORDS})\b"
)
_MAKES = re.compile(rf"<p\w>{_ADVERBS} makes\b")
_MADE_OBJECT = re.compile(
    rf"{_ADVERBS} makes (?:this|it|both|<|(?:an?|the|his|her|another) "
    rf"(?:[\w-]+ ){{0,3}}?(?:{STORY_NOUNS})\b)"
)
_NO_ACTING = re.compile(
    rf"{_ADVERBS} casts? (?!(?:members?|list|includes?|is|are|has|of|here|and|with)\b)[a-z<]|"
    rf"{_ADVERBS} (?:play(?:s|ed|ing)?|act(?:s|ed|ing)?|perform\w*) (?:(?:much|most|all|some|a "
    rf"lot) "
    r"of (?:it|this)|with|on|out|up|"
    r"down|host|games|tricks|havoc|fast|it safe|as if|(?:this|things|that|everything)(?: all)? "
    rf"(?:as|for|like|straight|with|cool|big|small|safe|close)|it(?! (?:is|was)\b)|{THINGS_PLAYED})"
    r"\b|"
    rf"'s? (?:[\w-]+ ){{0,3}}?(?:{STORY_NOUNS}|version|vision|adaptation|take|remake|world|"
    r"camera|lens)\b"
)
_LEADS_SOMEBODY = re.compile(
    rf"{_ADVERBS} leads? (?!the (?:cast|ensemble|line-?up|way)|its (?:cast|ensemble)|an? (?:cast|"
    r"ensemble)|roles?\b|actors?\b)(?:an?|the|his|her|its|us|you|two|three|four|five|their)\b"
)
_HE_MADE = re.compile(  # "<pa> is back, and this time he is also the director"
    rf"<p(?P<who>\w)>[^.;<]*\b(?:he|she)(?:'s| is| was)(?: also| now| even)* (?:the|its) "
    rf"(?:{CREATOR_WORDS})\b(?! (?:of|behind) <t)"
)
_PLACE = {"made": "", "acted in": " (in the cast)"}


def role_problems(claims: Claims) -> Iterator[str]:
    """People said to have directed who have not, to act who do not, of the item or a title."""
    creators = frozenset(name_key(name) for name in claims.item.creators)
    cast = frozenset(name_key(name) for name in claims.item.cast)
    for sentence in _SPLIT.split(_plain_roles(claims.masked)):
        for match in _HE_MADE.finditer(sentence):
            if claims.people[match["who"]] not in creators:
                yield f"{claims.people[match['who']]} is not known to have made it"
        for pattern in _CREATOR_CLAIMS:
            yield from _judge(claims, pattern, sentence, creators, Title.creators, "made")
        for pattern in _ACTOR_CLAIMS:
            yield from _judge(claims, pattern, sentence, cast, Title.performers, "acted in")


def _plain_roles(text: str) -> str:
    """``text`` without what stands between a name and its verb: "<pa>, known from <tb>, plays"."""
    return re.sub(r"\s+", " ", _KNOWN_FROM.sub(r"\g<who> ", text))


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
        makers = {name_key(other) for other in claims.item.creators}
        named_here = {claims.people[letter] for letter in _PERSON.findall(match["names"])}
        if (
            said == "acted in"
            and named_here <= makers
            and _LEADS_SOMEBODY.match(sentence, match.end("names"))
        ):
            continue  # a director leads somebody somewhere
        rest = match.groupdict().get("rest")
        rest = sentence[match.end() :] if rest is None else rest
        named = _OF_TITLE.search(rest)
        title = claims.titles.get(named[1]) if named else None
        before = sentence[: match.end("names")]
        about_title = title is not None and not re.search(r"\bthis\b|\bit\b", rest.split("<t")[0])
        letters = _PERSON.findall(match["names"])
        if len(letters) > 1 and _RESPECTIVE.search(sentence[match.end("names") :]):
            continue
        if match.group().endswith("> directing"):  # "with <pa> and <pb>, and <pc> directing"
            letters = letters[-1:]
        creators = frozenset(name_key(other) for other in claims.item.creators)
        for letter in letters:
            name = claims.people[letter]
            theirs = _people_of(title, of_title)
            if about_title and named is not None and said == "made":
                yield from _of_further_titles(claims, name, rest[named.end() :])
            if said == "made" and not _of_both_films(claims, sentence, match, name):
                yield f"{name} is not known to have made both"
            if said == "made" and _made_as_star(claims, match, name):
                continue
            if said == "acted in" and name in creators and _is_owner(sentence, match):
                continue  # "<pa> and <pb> lead <pc>'s early talkie"
            both = "both" in rest.split("<t")[0] or "both" in before
            if about_title and title is not None and name in theirs and not both:
                continue
            if _made_together(claims, match, said, own | theirs) and name in _known(claims, title):
                continue
            if name not in own and not (about_title and not title_items(title)):
                yield f"{name} is not known to have {said} it{_PLACE[said]}"
            elif about_title and title is not None and name not in theirs and said == "made":
                yield f"{name} is not known to have {said} {title.name!r}"


def _of_further_titles(claims: Claims, name: str, rest: str) -> Iterator[str]:
    """Titles that stand in a row with the one just made, and that the person did not make."""
    row = _AND_TITLES.match(rest)
    for letter in _TITLE.findall(row.group()) if row else ():
        title = claims.titles[letter]
        if title.items and name not in title.creators():
            yield f"{name} is not known to have made {title.name!r}"


def _is_owner(sentence: str, match: re.Match[str]) -> bool:
    """Whether the claim ends at a name in the possessive, of whose film it then speaks."""
    at_name = match.end() == match.end("names")
    return at_name and sentence.startswith(("'s ", "' "), match.end())


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
    loose = re.search(r" (?:make|made|makes|shot|did)\b", match.group())
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
