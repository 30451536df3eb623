"""Checks of what a sentence ties to a mentioned title: people, and places and themes.

"Morocco is the setting, as it was in <ta>" needs a Morocco in both, "<pa>, one of the stars of
<tb>" a <pa> in the cast of <tb>. Only what the facts of the item tell is looked for in the title;
the rest is judged elsewhere. Knows nothing of what is said of the item alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from chatrec.generation.claims import Claims, Title, item_words
from chatrec.generation.genres import title_has
from chatrec.generation.nations import DEMONYMS
from chatrec.generation.themes import is_mood
from chatrec.generation.vocabulary import (
    CONNECTING,
    NUMBER_WORDS,
    STORY_NOUNS,
    SYNONYM_GROUPS,
)
from chatrec.generation.words import STOP_WORDS, stem, word_set, words_of

_T = r"(?:your (?:[\w-]+ )?(?:favou?rite|pick|choice),? |the )?<t(?P<of>\w)>"
_NAMES = r"(?P<names><p\w>(?:(?:, <p\w>)*,? (?:and|&) <p\w>)?)"
_STAR_NOUNS = r"(?:stars?|leads?|actors?|actress(?:es)?|voices?|cast|players?|performers?)"
_MADE = r"(?:directed|made|helmed|wrote|shot|directs|makes|co-directed)"
_PLAYED = r"(?:starred|appeared|acted|played|appears|stars|acts|plays)"
_WHEN = r"(?:also|once|later|earlier|previously|first|had|has|already|who|again|then|both|just)"
_WHICH = (
    r"(?:own|earlier|later|first|previous|other|famous|classic|great|beloved|celebrated|fine|"
    r"lovely|"
    r"\d{4}|[a-z]+(?:ic|ful|ous|ive))"
)
_SUBJECT = r"(?<!of )(?<!in )(?<!to )(?<!by )(?<!from )(?<!behind )<t(?P<of>\w)>"
_YOU_LIKED = r"\byou (?:[a-z]+ )?(?:liked|loved|enjoyed|named|mentioned)"
_LEAVES = r"(?:swaps?|trades?|exchanges?|leaves?|left|swapped|traded|ditche[sd]|drops?|abandons?)"
_ALSO = r"(?:,? (?:also|too|again|once|later|earlier|previously|first|once more))*"
_NO_TIE = (  # "<pa> leads a story in the vein of <tb>", "<pa> leaves the farm of <tb>"
    r"(?:this|here|it|its|than|like|unlike|as|for|vein|style|spirit|manner|wake|mou?ld|tradition|"
    r"league|instead|rather|out|not|after|before|makers?|directors?|creators?|stars?|years?|"
    r"minutes?|world|mood|land|(?:swap|trad|exchang|leav|left|drop|ditch|forsak|abandon|replac)\w*)"
)

_PEOPLE_TIES: tuple[tuple[re.Pattern[str], Callable[[Title], frozenset[str]]], ...] = tuple(
    (re.compile(pattern), of_title)
    for pattern, of_title in (
        (
            rf"{_NAMES},? (?:who (?:is|was|are|were) |is |was |are |were )?(?:also )?"
            rf"(?:one|two|three|both|all|some|among) (?:of )?the (?:\w+ ){{0,2}}?{_STAR_NOUNS} "
            rf"(?:of|in|from) {_T}",
            Title.performers,
        ),
        (
            rf"{_NAMES},? whose (?:\w+ )?(?:voices?|performances?|turns?|faces?|acting|singing|"
            rf"roles?) (?:\w+ ){{0,3}}?(?:in|from) {_T}",
            Title.performers,
        ),
        (rf"{_T},? (?:which|that) {_NAMES}{_ALSO} {_MADE}\b", Title.creators),
        (
            rf"{_T},? (?:which|that){_ALSO} (?:pair|team|unit|reunit|star|featur|cast|put|brought|"
            rf"match)\w* (?:up |together )?"
            rf"(?P<names><p\w>(?:(?:, <p\w>)*,? (?:and|&|with|opposite|alongside|beside) <p\w>)?)",
            Title.people,
        ),
        (
            rf"{_NAMES}[^.;:<]* (?:after|before|since) (?:directing|making|filming) {_T}",
            Title.creators,
        ),
        (
            rf"{_NAMES} {_MADE} this(?: [\w-]+)?,? (?:just )?(?:as|like) (?:he|she|they) "
            rf"(?:did|made|directed) {_T}",
            Title.creators,
        ),
        (rf"{_T} by {_NAMES}", Title.creators),
        (rf"\b(?:after|before|since) (?:directing|making|filming) {_T},? {_NAMES}", Title.creators),
        (
            rf"{_T},? (?:another|also an?|one more) (?:[\w-]+ ){{0,2}}?(?:{STORY_NOUNS}) "
            rf"(?:directed |made )?by {_NAMES}",
            Title.creators,
        ),
        (
            r"(?P<names><p\w>)(?: (?:had|has|also|already|once|earlier|previously|later))* "
            r"(?:directed|filmed|cast) <p\w>(?:,? and <p\w>)?(?: [\w-]+){0,2}? in "
            rf"{_T}",
            Title.creators,
        ),
        (
            rf"{_NAMES},? (?:[\w'-]+ ){{0,4}}?(?:again|once more|once again),? "
            rf"(?:after|since) {_T}",
            Title.people,
        ),
        (
            rf"{_NAMES},? (?:who (?:were|was) )?(?:together|paired|side by side|teamed up)"
            rf"(?: [\w-]+){{0,2}} in {_T}",
            Title.people,
        ),
        (
            rf"{_T},? (?:in which|where) (?P<names><p\w>{_ALSO} {_PLAYED} (?:with|opposite|"
            r"alongside|beside) <p\w>)",
            Title.performers,
        ),
        (
            rf"{_T},? (?:which )?(?:was|is) (?:also |another |an? |one more )+(?:[\w-]+ )?"
            rf"{_NAMES}(?:'s)? (?:[\w-]+ )?(?:{STORY_NOUNS})",
            Title.creators,
        ),
        (
            r"(?P<names><p\w>,? (?:who was |the |a )?<p\w>'s? (?:[a-z]+ )?(?:co-star|partner|"
            rf"leading lady|leading man|opposite number)) (?:in|from|of) {_T}",
            Title.people,
        ),
        (rf"{_NAMES},? whose {_T} you\b", Title.people),
        (
            rf"{_NAMES},? (?:who (?:is|was) |is |was )?(?:also )?(?:one|two|three|among|the) "
            rf"(?:of )?"
            rf"(?:the )?(?:[\w-]+ )?(?:faces?|names?|people|men|women|man|woman|voices?|actors?|"
            rf"actress(?:es)?|stars?|one|person) (?:that |who |whom )?you (?:\w+ )?[a-z]+ "
            rf"(?:in|from|of) "
            rf"{_T}",
            Title.people,
        ),
        (
            rf"{_NAMES},? (?:who|that) (?:later |earlier |once |also |previously )?"
            rf"(?:gave|brought) (?:us|you) {_T}",
            Title.people,
        ),
        (
            rf"{_NAMES}[^.;<]*?,? as (?:he|she|they) (?:is|was|are|were|does|did|do) in {_T}",
            Title.people,
        ),
        (rf"(?<!than ){_T}'s {_NAMES}(?!'s)", Title.people),
        (
            rf"{_NAMES},? (?:who )?(?:\w+ )?(?:played|starred|appeared|acted|was|worked) "
            rf"(?:opposite|with|beside|alongside) (?:<p\w>(?: and <p\w>)? )in {_T}",
            Title.people,
        ),
        (rf"{_T},? (?:in which|where) {_NAMES}{_ALSO} {_PLAYED}\b", Title.performers),
        (
            rf"{_T} (?:also|likewise) (?:has|had|stars?|starred|features?|featured|casts?) "
            rf"{_NAMES}",
            Title.performers,
        ),
        (
            rf"{_NAMES}, (?:also )?(?:the |an? )?(?:[a-z]+ and )?"
            rf"(?:star|lead|hero|heroine|voice|face|actor|actress)s? (?:of|in|from) {_T}",
            Title.performers,
        ),
        (
            rf"{_NAMES},? (?:last |first |also )?(?:met|seen|heard|known|familiar)(?: \w+){{0,2}} "
            rf"(?:in|from) {_T}",
            Title.people,
        ),
        (
            rf"{_NAMES}, the (?:[\w-]+ ){{0,2}}?(?:m[ae]n|wom[ae]n|people|pair|duo|team|minds?) "
            rf"(?:behind|of) {_T}",
            Title.people,
        ),
        (rf"{_NAMES}'s (?:[\w-]+ ){{1,2}}?(?:in|of|from) {_T}", Title.people),
        (rf"{_NAMES},?(?: (?!{_NO_TIE}\b)[\w'-]+){{0,5}}?,? (?:just )?as in {_T}", Title.people),
        (
            rf"{_NAMES}[^.;<]* (?:saw|seen|liked|loved|enjoyed|watched|met|know|knew|remember) "
            rf"(?:him|her|them) in {_T}",
            Title.people,
        ),
        (rf"{_NAMES},? (?:so|as|most|very|quite) [a-z]+ (?:for you )?in {_T}", Title.people),
        (
            rf"{_YOU_LIKED} {_T}[,;:] (?:and |so )?{_NAMES} (?:is|are) (?:also|back|again)\b",
            Title.people,
        ),
        (rf"{_YOU_LIKED} {_T}[,;:] (?:and |so )?(?:also|again)\b[^.;,<]*{_NAMES}", Title.people),
        (rf"{_NAMES}'s (?:{_WHICH} )*<t(?P<of>\w)>(?!'s)", Title.people),
        (
            rf"<t(?P<of>\w)> (?:co-)?(?:director|maker|star|lead|actor|actress|writer|creator)s? "
            rf"{_NAMES}",
            Title.people,
        ),
        (
            rf"{_NAMES}(?:,? {_WHEN})* (?:{_MADE}|kept|worked on) "
            rf"(?:(?!{_NO_TIE}\b)[\w-]+ ){{0,3}}?{_T}",
            Title.people,
        ),
        (rf"{_NAMES},? (?:just )?like (?:in )?{_T}(?=[,.]|$)", Title.people),
        (rf"{_NAMES}(?:,? {_WHEN})* {_LEAVES}\b[^,.;<]* (?:of|from|in|behind) {_T}", Title.people),
        (rf"{_NAMES}(?:,? {_WHEN})* {_LEAVES} {_T}", Title.people),
        (
            rf"{_SUBJECT} (?:left|had|put|gave|sent|paired|cast|saw|took|teamed|let|starred|"
            rf"featured|brought|showed|kept)(?: [\w-]+){{0,2}}? {_NAMES}",
            Title.people,
        ),
        (rf"{_NAMES}(?:,? {_WHEN})* [a-z]+ed (?:you|us) (?:with|in|by) {_T}", Title.people),
        (
            rf"{_NAMES}(?! (?:and|or) <)(?:,? (?!{_NO_TIE}\b)[\w'-]+){{0,5}}?,? (?:in|from|of) "
            rf"(?:(?:the |an? )?(?:[\w-]+ ){{0,3}}?(?:{STORY_NOUNS}) )?{_T}(?!'s)",
            Title.people,
        ),
    )
)
_TOGETHER = (
    r"(?:were|had|have|been|are|also|first|once|already|co-starred|starred|appeared|worked|played|"
    r"met|paired|teamed|up|together|previously|both|last|earlier|seen)"
)
_THE_TWO = (
    re.compile(rf"\bthe (?:two|pair|duo)(?: of them)? (?:{_TOGETHER} )+(?:in|for|on) {_T}"),
    re.compile(rf"\bin {_T},? the (?:two|pair|duo)(?: of them)? {_TOGETHER}\b"),
)
PERSON = re.compile(r"<p(\w)>")
SENTENCE_END = re.compile(r"(?<!\b\w)\.(?: |$)|;")  # but not the dots of "C. S. Lewis"
_MARK = re.compile(r"<\w+>")
_ENDS_IN_PERSON = re.compile(r"<p\w>(?: in (?:it|the cast))?\W*$")
_ALONE = re.compile(  # from here on the item alone is spoken of
    r"(?<!\b\w)\.(?: |$)|[;:]|, so (?=the|this|it|you)|"
    r",? \b(?:but|though|although|while|whereas|except|only|this time|yet|however|"
    r"now|instead|here (?:with|about|it|they|for|as|in|the|an?))\b"
)
_WAS = r"(?:was|were|did|does|do|is|are|had|has)"
_YOU = (
    r"you (?:\w+ )?(?:know|knew|saw|liked|like|remember|met|enjoyed|loved|visited|found|watched|"
    r"followed|got)(?: \w+)? (?:from|in)"
)
_IT = r"(?:it|they|one|he|she|there|that|this|those|someone|people|others|so)"
_AGAIN = (
    r"(?:again|once more|here too|here as well|does so|do so|did so|so (?:it|they|does|do|is|are|"
    r"was|were)|(?:it|they) (?:does|do|is|are) (?:so|here|too))\b"
)
_ANOTHER = (
    r"(?:also|likewise|too|another (?:\w+ )?(?:story|film|movie|tale|drama|comedy|thriller|one|"
    r"picture)(?: also)?)"
)
_SET = r"(?:set|placed|located|laid)"
_IN = r"(?:in|on|at|during|aboard)"
_THINGS_TIES = tuple(
    re.compile(pattern)
    for pattern in (
        # <what>, as it was in <t>
        rf"^(?P<what>.*?),? (?:just |much |exactly )?(?:as|the way) (?:{_IT}|{_WAS})"
        rf"(?: also| all)? (?:{_WAS} )?(?:also )?in {_T}",
        rf"(?P<what>[^,]*),? (?:just |much )?(?<!such )as in {_T}",
        rf"\b{_SET} (?P<what>{_IN} [^,<]*),? (?:just |much )?like {_T}",
        rf"\b{_SET} {_IN} (?P<what>[^,<]*),? (?:just |much )?as {_T} (?:is|was)\b",
        rf"\b{_SET},? (?:just |much )?(?:like|as is|as was) {_T},? (?P<what>{_IN} [^,<]*)",
        rf"\b{_SET},? (?:just |much )?as (?:in )?{_T}(?: is| was)?, (?P<what>{_IN} [^,<]*)",
        rf"^(?P<what>.*?),? (?:just |much |exactly )?as it (?:(?!in\b)[a-z]+ ){{1,2}}{_T}",
        rf"(?P<what>[^,]*),? (?:just |much |exactly )?as {_T} (?:is|was|does|did|has|had)\b",
        # if you enjoyed <what> of <t>
        rf"\byou (?:[a-z]+ )?(?:liked?|loved?|enjoy(?:ed)?) (?P<what>[^,<]*) (?:of|in|from) {_T}",
        rf"^(?P<what>[^,<]*?) (?:was|were) [^,<]*? in {_T}",
        rf"{_YOU_LIKED} {_T} for (?:its|the|an?) (?P<what>[^,<]*)",
        rf"^(?P<what>[^,<]*), (?:just |much )?like {_T},",
        rf"\b(?:if|since|because) (?P<what>the [^,<]*) (?:of|in|from) {_T}",
        rf"^(?P<what>.*?) again,? after {_T}",
        rf"^\W*{_T} (?:[a-z]{{2,}}ed|had(?! been\b)|gave|took|put|told|made) (?P<what>[^,<]*)",
        # <what> that you know from <t>
        rf"^(?P<what>.*?)(?<!<p\w>)(?<!<p\w>,)(?:,? (?:which|that|the \w+))? "
        rf"(?<!whom )(?<!who ){_YOU} {_T}",
        rf"^(?P<what>.*)(?<!<p\w>)(?<!<p\w>,) (?:already )?(?:familiar|known|carried over|borrowed|"
        rf"handed down) from {_T}",
        rf"\b(?:back|returns?|returning|again) to (?P<what>[^,<]*) (?:of|from|in) {_T}",
        # <what> was in <t> too
        rf"^(?P<what>.*?) (?:here|over|before),? (?:from|in) {_T}",
        rf"^(?P<what>.*?) (?:to|in|of|for) {_T},? as (?:much as )?(?:it|they) {_WAS}\b",
        rf"^(?P<what>.*?) in {_T} as much as\b",
        rf"^(?P<what>.*?) both {_T} and (?:this|it)\b",
        rf"^(?P<what>.*?) (?:links?|ties?|connects?|binds?) (?:this|it)\b[^<,]* (?:to|with) {_T}",
        rf"^(?P<what>.*?),? where {_T}(?: also| too| likewise| was| is) ",
        rf"^(?P<what>.*?) (?:in|of|for) {_T},? (?:too|as well)\b",
        rf"^\W*(?:also )?in {_T},? (?:too|as well), (?!and\b)(?P<what>[^,<]*)",
        rf"^(?P<what>.*?) (?:in|of|for) {_T}(?:,| and)(?: and)? [^,<]*?{_AGAIN}",
        rf"(?P<what>[^,]*), which [^,]* (?:in|for) {_T}",
        rf"^(?P<what>.*?) (?:is|are) (?:once more|once again|again|back)\b[^,<]*,? "
        rf"(?:after|from) {_T}",
        rf"(?<!of )(?<!in )(?<!from )(?<!behind )(?<!by ){_T} (?:also|likewise) "
        rf"(?P<what>(?!than\b)[^,<]*)",
        rf"(?<!of )(?<!in )(?<!from )(?<!behind )(?<!by ){_T} "
        r"(?P<what>(?:had|has|was|is|took|takes|told|tells|dealt|deals) [^,<]*?) (?:too|as well)\b",
        rf"{_T}, {_ANOTHER},? {_SET} {_IN} (?P<what>[^,]*)",
        rf"\bboth {_T} and (?:this|it)\b[^,<]*? (?:take|took|are|have|unfold|happen|deal|tell|"
        r"follow|share|show|put|feature|play out|centre|center|turn) (?P<what>[^,<]*)",
        # like <t>, this is ... <what>
        rf"^\W*(?:just |much )?like {_T}, (?:this|it) is (?:an?|the) (?P<what>[^,]*"
        rf"\b{_SET} {_IN} [^,]*)",
        rf"^\W*(?:just |much )?like {_T}, (?:this|it) is (?:an?|the) (?:\w+ )?(?:story|tale|film|"
        r"adaptation|version)? ?(?P<what>by [^,<]*|of [^,<]* by [^,<]*)",
        rf"^\W*(?:just |much )?like {_T},? (?:this|it)(?: \w+)? (?:follows|tells of|tells|deals "
        r"with|has|is about|centres on|centers on|takes place|unfolds|sees|shows|turns (?:on|to)|"
        r"brings in|goes to|takes (?:(?:you|us) (?:to|into)|up|in)) (?P<what>[^,<]*)",
    )
)
_PLAIN = word_set(
    """setting place story plot tale film movie scene drama comedy thriller return back threat
    trouble home young old big small long little great true real own life world people man woman
    find get he she his her him they their
    reboot remake sequel prequel version adaptation hero heroine
    boy girl wrong after before during since until"""
)


def tie_problems(claims: Claims) -> Iterator[str]:
    """People, places and themes tied to a title of which the catalogue does not know them."""
    if not claims.titles:
        return
    for sentence in SENTENCE_END.split(claims.masked):
        yield from people_problems(claims, sentence)
    start = 0
    for cut in (*_ALONE.finditer(claims.masked), None):
        clause = claims.masked[start : cut.start() if cut else None]
        yield from dict.fromkeys(_things(claims, clause))
        start = cut.end() if cut else start


def people_problems(claims: Claims, sentence: str) -> Iterator[str]:
    """People that a masked ``sentence`` ties to a title of which they are not known."""
    for pattern, of_title in _PEOPLE_TIES:
        for match in pattern.finditer(sentence):
            title = claims.titles[match["of"]]
            for letter in PERSON.findall(match["names"]):
                name = claims.people[letter]
                if title.items and name not in of_title(title):
                    yield f"{name} is not known to be in {title.name!r}"
    for match in (found for pattern in _THE_TWO for found in pattern.finditer(sentence)):
        title = claims.titles[match["of"]]
        for letter in list(dict.fromkeys(PERSON.findall(sentence)))[:2]:
            name = claims.people[letter]
            if title.items and name not in title.people():
                yield f"{name} is not known to be in {title.name!r}"


def _things(claims: Claims, clause: str) -> Iterator[str]:
    for pattern in _THINGS_TIES:
        for match in pattern.finditer(clause):
            title = claims.titles[match["of"]]
            if _ENDS_IN_PERSON.search(match["what"]):
                continue  # "has <pa> in it, as <tb> does"
            told = _told_words(claims, match["what"]) if title.items else []
            untold = [word for word in told if not tells(title, word)]
            if 2 * len(untold) >= len(told):
                yield from (f"{word!r} is not known of {title.name!r}" for word in untold)


def _told_words(claims: Claims, said: str) -> list[str]:
    """The words of ``said`` that the facts of the item tell and that name a thing or a place."""
    own = {stem(word) for word in words_of(item_words(claims.item))}
    words = [w.removesuffix("'s") for w in words_of(_MARK.sub(" ", said)) if len(w) > 1]
    return [
        word
        for word in dict.fromkeys(words)
        if stem(word) in own
        and stem(word) not in CONNECTING
        and not is_mood(word)
        and not {word, stem(word)} & (STOP_WORDS | NUMBER_WORDS.keys() | _PLAIN)
    ]


def tells(title: Title, word: str) -> bool:
    """Whether the title's facts tell ``word``, a near synonym, or the people of that place."""
    if title_has(title, word):
        return True
    told = {_root(other) for item in title.items for other in words_of(item_words(item))}
    near = {other for group in SYNONYM_GROUPS if stem(word) in group for other in group}
    homes = {stem(place) for place in DEMONYMS.get(word, ())}
    return bool(({_root(word)} | near | homes) & told)


def _root(word: str) -> str:
    """The stem, one for the noun and the verb of "grief" and "grieve", "belief" and "believe"."""
    found = stem(word)
    return f"{found[:-1]}f" if found.endswith("v") else found
