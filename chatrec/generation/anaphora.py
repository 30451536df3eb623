"""Checks of people tied to a title that is named once and then meant by a pronoun.

"You liked <ta>; its director, <pb>, ...", "<pb>, who was in that, ...", "the same star, <pb>": what
the pronoun means is put in its place, and who is said to have made the title, or to be in it, is
looked for there. Where the sentence speaks of the item in between, "it" is the item. Knows nothing
of ties to a title without a pronoun, but for a few of its own (see ties.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from chatrec.generation.claims import Claims, Title
from chatrec.generation.mentions import name_key
from chatrec.generation.ties import PERSON, SENTENCE_END, people_problems
from chatrec.generation.vocabulary import ACTOR_WORDS, CREATOR_WORDS, STORY_NOUNS
from chatrec.generation.words import stem

_T = r"<t(?P<of>\w)>"
_NAMES = r"(?P<names><p\w>(?:(?:, <p\w>)*,? (?:and|&|with) <p\w>)?)"
_FILM = r"(?:one|film|movie|picture|story)"
_WENT_BEFORE = re.compile(  # of the text before a title: it is there to be spoken of
    r"(?:^|[.;:] ?)(?:(?!\b(?:this|here|it)\b|<self>|[.;:]).)*\b(?:you|your|we|everyone|anyone|"
    r"those|fans?)\b(?:(?!\b(?:this|here)\b|<self>|[.;:]).)*$|"
    r"(?:^|[.;:] ?)\W*(?:(?:if|since|because|when|as) )?$"
)
_OTHER = re.compile(  # from here on "it" and "its" may be the item
    r"\b(?:this|here|now)\b|<self>|"
    r"(?:(?<=[;:.,] )|(?<=\band )|(?<=\bbut )|(?<=\bso )|(?<=\bfor )|(?<=\bas )|(?<=\bwhile ))it\b|"
    rf"\b(?:an?|another) (?:[\w'-]+,? ){{0,4}}?(?:{STORY_NOUNS})\b|<t\w>"
)
_ITS = re.compile(
    r"\bits (?=(?:(?:own|same|very|two|three|first|main|lead(?:ing)?|star|other) )*"
    rf"(?:co-)?(?:{CREATOR_WORDS}|{ACTOR_WORDS}|leading|cast|star)s?\b|<p)"
)
_IT = re.compile(
    r"(?<=\b)(?P<verb>(?:co-)?directed|made|helmed|shot|filmed|did|(?:star|appear|act|play)(?:r)?ed"
    r" in|(?:was|were|been)(?: both| also| all| together| once)? (?:in|behind)|part in|parts in|"
    r"roles? in|leads? in|at the helm of|in charge of|cast of|fresh from|straight from|star of|"
    r"stars of|director of|directors of|maker of|makers of|worked(?: together)? on|"
    r"together (?:in|on)|met (?:in|on)) "
    r"(?:it|the thing)\b(?! (?:all|was|is)\b)"
)
_THAT = re.compile(
    rf"\bthat {_FILM}\b|\bthe (?:earlier|other|previous|former|older) {_FILM}\b|"
    r"(?:(?<=\bin )|(?<=\bon )|(?<=\bof )|(?<=\bdirected )|(?<=\bmade )|(?<=\bhelmed )|"
    r"(?<=\bshot )|(?<=\bbehind )|(?<=\bdid )|(?<=\bfor ))that\b"
    r"(?=\W*$|[,.;:]| (?:as well|too|also|and|again|before|before)\b)"
)
_IT_STARRED = re.compile(
    r"^(?P<lead>[;:.,] (?:and )?)it (?=(?:also )?(?:starred|featured|was (?:directed|made) by)\b)"
)
_WORK = re.compile(
    rf"\bwhose (?:work|doing|{_FILM}) (?:that|it) was\b|\bwho was responsible for (?:that|it)\b|"
    r"(?<=, )the (?:man|woman|one|person|pair|people|director) responsible(?: for (?:that|it))?\b"
)
_THERE = re.compile(
    r"\b(?P<was>was|were|as|saw|met|know|knew|liked|loved|remember|lead|part|role|directed|starred|"
    r"appeared|acted) there\b(?= (?:too|as well|also|and)|[,.;])"
)
_FILLED = (
    r"(?:,? (?:who|that|also|both|had|has|have|once|earlier|previously|later|first|already|again|"
    r"the|same|very|man|woman|men|one|ones|person|people|pair|duo|two|himself|herself|together|"
    r"all|and|then|just|indeed|only|even|of|course|naturally|too|is|was|were|are|whom|too,))*,?"
)
_MADE = r"(?:co-)?(?:directed|helmed|filmed)"
_MAKERS = rf"(?:co-)?(?:{CREATOR_WORDS}|filmmaker|film-maker)s?"
_PLAYERS = (
    rf"(?:{ACTOR_WORDS}|leading (?:man|lady|men|actor|actress)|lead actor|lead actress|cast|"
    r"leads?|stars?)s?"
)
_KIND = r"(?:(?:own|same|very|two|three|first|other|main|great|former) )*"
_LINK = r"(?:,| is| was| were| are| -|:)?"
_TIES: tuple[tuple[re.Pattern[str], Callable[[Title], frozenset[str]]], ...] = tuple(
    (re.compile(pattern), of_title)
    for pattern, of_title in (
        (rf"{_T}(?:'s|,? whose) {_KIND}{_MAKERS}{_LINK} {_NAMES}", Title.creators),
        (rf"{_T}(?:'s|,? whose) {_KIND}{_PLAYERS}{_LINK} {_NAMES}", Title.performers),
        (rf"{_NAMES}{_FILLED} {_T}'s {_KIND}{_MAKERS}\b", Title.creators),
        (rf"{_NAMES}{_FILLED} {_T}'s {_KIND}{_PLAYERS}\b", Title.performers),
        (rf"{_NAMES}{_FILLED} {_MADE} {_T}(?!')", Title.creators),
        (rf"\bwho(?: had| also)* {_MADE} {_T},? {_NAMES}", Title.creators),
        (rf"{_NAMES}{_FILLED} (?:made|shot|did) {_T}(?!')", Title.people),
        (rf"{_NAMES}{_FILLED} (?:behind|at the helm of|in charge of) {_T}(?!')", Title.creators),
        (rf"{_NAMES}{_FILLED} (?:{_MAKERS}) of {_T}(?!')", Title.creators),
        (rf"{_NAMES}{_FILLED} (?:{_PLAYERS}) (?:of|in) {_T}(?!')", Title.performers),
        (
            rf"{_T},?(?: which)?(?: was| is| were| had been)?(?: also| likewise| itself| too)* "
            rf"(?:{_MADE}|made|shot) by {_NAMES}",
            Title.creators,
        ),
        (
            rf"{_NAMES}{_FILLED} (?:(?:starred|appeared|acted|played)(?: together| too)? in|"
            rf"(?:had|took|has) (?:an?|the|a big|a small) (?:part|role|lead) in) {_T}(?!')",
            Title.performers,
        ),
        (rf"{_NAMES}{_FILLED} (?:(?:together|worked(?: together)?|met|teamed up) (?:in|on|for)|in) "
         rf"{_T}(?!')", Title.people),
        (rf"{_NAMES}'s? name(?:s)? (?:was|is|were|are|stands|stood) on {_T}(?= as (?:the )?"
         rf"{_MAKERS})", Title.creators),
        (rf"{_NAMES}'s? (?:names?|hands?|stamp|signature|fingerprints) (?:was|is|were|are|stands|"
         rf"stood|appears|appeared) (?:on|in|above|over|all over) {_T}",
         Title.people),
        (rf"{_T} (?:starred|featured|cast|had|paired|teamed) {_NAMES}", Title.people),
        (rf"{_T}, (?:also |too, )?(?:by|another) {_NAMES}", Title.people),
        (rf"{_NAMES}, (?:fresh|straight|just) (?:from|off) {_T}(?!')", Title.people),
        (rf"{_NAMES},? (?:whom|who|that) (?:you|we) (?:\w+ )?\w+ in {_T}", Title.people),
        (
            rf"\b(?:from|in) {_T},? (?:you|we) (?:\w+ )?(?:know|knew|met|saw|remember|recall) "
            rf"{_NAMES}",
            Title.people,
        ),
        (rf"\bfans of {_T} (?:will|would|may|should|might) \w+ {_NAMES}", Title.people),
        (rf"{_NAMES}{_FILLED} (?:carried|fronted|headlined|graced|led|anchored) {_T}(?!')",
         Title.performers),
        (rf"{_NAMES}{_FILLED} (?:signed|crafted|steered|oversaw) {_T}(?!')", Title.creators),
        (rf"{_T},? (?:is|was|being)(?: also)? an? (?:[\w-]+ )?{_NAMES} (?:{STORY_NOUNS})\b",
         Title.people),
        (rf"\bas in {_T},? {_NAMES} (?:directs|is behind|is at the helm|films)\b", Title.creators),
        (rf"\b(?:as in|like) {_T},? (?:this is |here is |it is )?{_NAMES}(?='s?\W*$|,? (?:stars|is "
         r"in|plays|acts)\b)", Title.people),
    )
)  # fmt: skip
_BOTH: tuple[tuple[re.Pattern[str], Callable[[Title], frozenset[str]]], ...] = tuple(
    (re.compile(pattern), of_title)
    for pattern, of_title in (
        (rf"\bboth (?:of them )?(?:are |were |have been )?(?:{_MADE}|made|shot) by {_NAMES}",
         Title.creators),
        (rf"\bboth (?:of them )?(?:star|feature|have|cast|starred|featured) {_NAMES}",
         Title.performers),
        (rf"{_NAMES}{_FILLED} (?:{_MADE}|directs|helms) both\b(?! <p)", Title.creators),
        (rf"{_NAMES}{_FILLED} (?:made|shot|did) both\b(?! <p)", Title.people),
        (rf"{_NAMES}{_FILLED} (?:stars?|appears?|acts?|plays?|starred|appeared|acted|played)? ?in "
         r"both\b(?! <p)", Title.people),
    )
)  # fmt: skip
_SAME = re.compile(rf"\b(?:the|that) (?:very )?same (?P<role>{_MAKERS}|{_PLAYERS}){_LINK} {_NAMES}")
_ROLE_IS_SAME = re.compile(
    rf"\b(?P<role>{_MAKERS}|{_PLAYERS}) (?:is|are|was|were) (?:still )?the (?:very )?same"
    rf"(?: (?:man|woman|one|as there|again|here))*{_LINK} {_NAMES}|"
    rf"\b(?P<role2>{_MAKERS}|{_PLAYERS})'s? name is the same(?: here)?{_LINK} (?P<names2><p\w>)|"
    rf"\bsame (?:man|woman|person|hand) (?P<role3>in charge|behind the camera|at the helm)"
    rf"{_LINK} (?P<names3><p\w>)"
)
_IN_COMMON = re.compile(
    rf"\b(?:an?|one|their|the) (?P<role>{_MAKERS}|{_PLAYERS}) in common{_LINK} {_NAMES}|"
    rf"\bshares? (?:an?|one|their|its|the) (?P<role2>{_MAKERS}|{_PLAYERS}){_LINK} (?P<names2><p\w>)"
)
_IS_SAME = re.compile(
    rf"{_NAMES}(?:,| is| was| are| being)* (?:the|that) (?:very )?same "
    rf"(?P<role>{_MAKERS}|{_PLAYERS})\b"
)
_BACK = re.compile(
    rf"{_NAMES}(?:,? (?:is|are|here|he|she|they|both|together|directs?|stars?|directing|starring))*"
    r",? (?:again|once more|(?<=is )back|(?<=are )back|returns?|reunites?|reteams?)\b"
)
_TOO = re.compile(
    rf"\b(?:has|stars|features|is by|comes from|casts) {_NAMES},? (?:too|as well|again|"
    r"once more)\b|\b(?:once )?(?:again|more),? (?P<names2><p\w>)"
)
_SAME_PAIR = re.compile(
    rf"\bthe (?:very )?same (?:two|three|pair|duo|trio|team|couple|people|names|faces|stars)"
    rf"{_LINK} {_NAMES}"
)
_NAMELESS = re.compile(  # what whoever made the title did here
    rf"<t\w>'s {_KIND}{_MAKERS}(?: (?:also|had|has|again|once|already|earlier|later))* "
    rf"(?:{_MADE}|made|shot|makes|directs) (?:this|it)\b|"
    rf"\b(?:whoever|the (?:man|woman|person|one) who) (?:{_MADE}|made) <t\w>"
    rf"(?: (?:also|had|has|again|once|already))* (?:{_MADE}|made|makes|directs) (?:this|it)\b"
)
_NOT_HIS = re.compile(  # the title's maker is not meant to be the item's
    r"\b(?:unlike|not|instead of|rather than|without|than|nor|replac\w+)(?: [\w'-]+){0,3} $"
)
_MAKER_OF = re.compile(  # the maker of the title, whom the sentence does not name there
    rf"<t\w>'s? {_KIND}{_MAKERS}\b|\b(?:the|their|his|her|its|your|that|same|from|one) "
    rf"(?:[\w-]+ )?<t\w> {_MAKERS}\b|\b{_MAKERS} (?:of|behind) <t\w>(?!')|"
    rf"\bthat (?:film|movie|picture|one)'s? {_MAKERS}\b|\b(?:the|that) (?:very )?same (?:man|"
    rf"woman|person|"
    rf"people|pair|hands?) (?:{_MADE}|made|shot|is behind|was behind)\b|"
    rf"\b(?:hands?|minds?|brains?|man|woman|people|person|pair|duo|team|crew|talent) (?:behind|"
    rf"responsible for|that (?:shaped|made|gave us)) <t\w>(?!')|"
    rf"^(?:(?!<p).)*\b(?:he|she) (?:also )?(?:{_MADE}|made|shot) <t\w>|"
    rf"\bby the (?:very )?same (?:man|woman|person|hands?|people|pair|{_MAKERS}) as <t\w>|"
    rf"\bwhoever (?:{_MADE}|made|shot) <t\w>|\b{_MAKERS} (?:who|that|whose|whom) "
    rf"[^.;,:<]{{1,30}} (?:in|with|by) <t\w>|"
    rf"\bthe (?:very )?same {_MAKERS}\b"
    r"(?=[,.;]| (?:made|directed|directs|makes|did|does|also|is|was|has|had|returns?|again|"
    r"here)\b)|"
    rf"\b(?:the|that) (?:[a-z-]+ )?(?:man|woman|person|people|pair|duo|one|director|hands?|mind|"
    rf"filmmaker|team) (?:who|that) (?:{_MADE}|made|shot|gave us|gave you|brought you) <t\w>"
)
_ANY_MAKER = re.compile(  # beside a title: its maker or the item's, or both
    rf"\b(?:the|its|that|one|same|single) (?!other|different|new|late|great|young|old)(?:[\w-]+ )?"
    rf"(?:co-)?(?:{CREATOR_WORDS}|maker|makers)\b(?!'s? (?:cut|debut|chair|seat|eye)| (?:who|"
    rf"that) (?!you\b)|"
    r" (?:in|on|at|with|and|or|goes|has|have|finds|gets|is (?:in|on|a|an|lost|stuck))\b)"
)
_NAMED_THERE = re.compile(r"^(?:,| is| was| -| here)? ?<p")
_NAMED_BEFORE = re.compile(
    r"<p\w>(?:,|,? (?:who|is|was|the|also|again|then|once|later|had|being|as|both|a|himself|"
    r"herself|same|now|been))*,? ?(?:the )?$"
)
_IN_FRONT = re.compile(
    r"[^.;:,]*\b(?:plays?|stars?|acts?|appears?|turns up|cast|actor|role|part|in front|tags|lead)\b"
)
_MAKER = re.compile(rf"{_MAKERS}$")


def anaphora_problems(claims: Claims) -> Iterator[str]:
    """People said to have made, or to be in, a title meant by a pronoun, who have not."""
    titles = [(letter, title) for letter, title in claims.titles.items() if title.items]
    if len(titles) != 1 or len(claims.titles) != 1:
        return
    letter, title = titles[0]
    text = resolved(claims.masked, letter)
    for sentence in SENTENCE_END.split(text):
        yield from people_problems(claims, sentence)
        for pattern, of_title in (*_BOTH, *_TIES):
            for match in pattern.finditer(sentence):
                yield from _unknown(claims, match["names"], title, of_title(title))
    yield from _same(claims, title)
    yield from _pair(claims, title)
    yield from _unnamed(claims, text, title)
    yield from _back(claims, letter, title)


def resolved(masked: str, letter: str) -> str:
    """``masked`` with the title's mark for each pronoun that means it.

    >>> resolved("you liked <ta>; its director, <pb>, also made this", "a")
    "you liked <ta>; <ta>'s director, <pb>, also made this"
    >>> resolved("like <ta>, this is grim, and its director, <pb>, knows it", "a")
    'like <ta>, this is grim, and its director, <pb>, knows it'
    """
    mark = f"<t{letter}>"
    ahead, found, after = masked.partition(mark)
    if not found:
        return masked
    after = _THERE.sub(rf"\g<was> in {mark}", _THAT.sub(mark, after))
    if _WENT_BEFORE.search(ahead):
        after = _IT_STARRED.sub(rf"\g<lead>{mark} ", _WORK.sub(f"who directed {mark}", after))
        cut = _OTHER.search(after)
        end = cut.start() if cut else len(after)
        near = _IT.sub(rf"\g<verb> {mark}", _ITS.sub(f"{mark}'s ", after[:end]))
        after = near + after[end:]
    return ahead + found + after


def _same(claims: Claims, title: Title) -> Iterator[str]:
    """``the same director, <pb>``: of both."""
    for pattern in (_SAME, _IS_SAME, _ROLE_IS_SAME, _IN_COMMON):
        for match in pattern.finditer(claims.masked):
            found = defaultdict(str, {k: v for k, v in match.groupdict().items() if v})
            role = found["role"] or found["role2"] or ""
            made = not role or bool(_MAKER.match(role))
            people = title.creators() if made else title.performers()
            yield from _unknown(
                claims, found["names"] or found["names2"] or found["names3"], title, people
            )


def _back(claims: Claims, letter: str, title: Title) -> Iterator[str]:
    """``you liked <ta>; <pb> is back``, or again in this: of the title too."""
    ahead, _, after = claims.masked.partition(f"<t{letter}>")
    if _WENT_BEFORE.search(ahead):
        for pattern in (_BACK, _TOO):
            for match in pattern.finditer(after):
                names = match["names"] or match.groupdict()["names2"]
                yield from _unknown(claims, names, title, title.people())


def _pair(claims: Claims, title: Title) -> Iterator[str]:
    """``the same two, <pa> and <pb>``: both of them of both."""
    for match in _SAME_PAIR.finditer(claims.masked):
        for letter in PERSON.findall(match["names"]):
            if claims.people[letter] not in title.people():
                yield f"{claims.people[letter]} is not known to be in {title.name!r}"


def _unnamed(claims: Claims, text: str, title: Title) -> Iterator[str]:
    """``its director made this``: whoever that is, of both."""
    makers = frozenset(name_key(name) for name in claims.item.creators)
    people = makers | frozenset(name_key(name) for name in claims.item.cast)
    told = stem("director") in claims.stems or stem("maker") in claims.stems
    loose = () if told else tuple(_ANY_MAKER.finditer(claims.masked))
    if loose and "<p" not in claims.masked and not people & title.creators():
        yield f"{loose[0].group()!r}: nobody is known to have made {title.name!r} and this"
    for match in _MAKER_OF.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        named = _NAMED_THERE.match(after) or _NAMED_BEFORE.search(before)
        own = people if _IN_FRONT.match(after) else makers
        if not named and not _NOT_HIS.search(before) and not own & title.creators():
            yield f"{match.group()!r}: nobody is known to have made {title.name!r} and this"
    for match in _NAMELESS.finditer(text):
        if not makers & title.creators():
            yield f"{match.group()!r}: nobody is known to have made {title.name!r} and this"


def _unknown(claims: Claims, names: str, title: Title, known: frozenset[str]) -> Iterator[str]:
    letters = PERSON.findall(names)
    if len(letters) > 1 and any(claims.people[letter] in known for letter in letters):
        known = title.people()  # "<pa> and <pb>, who made <tc>": one directs, one acts
    for letter in letters:
        name = claims.people[letter]
        if name not in known:
            yield f"{name} is not known of {title.name!r} in that part"
