"""Places of a sentence that only a title or only a person can fill, and what stands there.

"If you liked ...", "shares its director with ...", "... is by the same director" ask for a title
of the evidence; "the cast includes ..." for a person. Whatever else stands there is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.mentions import key_of
from chatrec.generation.nations import NATIONS
from chatrec.generation.vocabulary import NUMBER_WORDS
from chatrec.generation.words import fold, stem, word_set, words_of

_START = r"(?:^|[.!?;:,] |\bbut |\band |— |– )"
_MADE = r"(?:made|directed|wrote|did|helmed|starred in|appeared in|acted in|was in|were in|is in)"
_LIKENING = (
    rf"{_START}(?:much |just |and |quite )?(?:like|unlike|as in|as with|as does|as did|besides)",
    r"\byou(?:'ve)?(?: also| have| already| just| really| had)* "
    r"(?:liked|named|enjoyed|loved|mentioned|picked|chose|adored)",
    r"\byour (?:liking|love|taste|fondness|affection|choice|pick|mention) (?:of|for)",
    r"\bshar(?:e|es|ed|ing)\b[^.;<]{0,60}? with",
    r"\bin common with",
    r"\b(?:ties?|links?|connects?|binds?|joins?) (?:it|this|the two|this \w+) (?:to|with)",
    r"\bboth (?:this|it)(?: \w+)? and",
    r"\b(?:close|closer|similar|akin|next|near) to",
    r"\balong the lines of",
    r"\bthe same [\w -]{1,30}? as",
)
_NAMING = (
    rf"\b(?:also|previously|later|earlier|then|again|both) {_MADE}",
    r"\b(?:whom|who|that) you (?:know|saw|met|remember) (?:from|in)",
    r"\b(?:came|come|worked|teamed|together|reunited|back)(?: up| together)? (?:on|for|from)",
    r"\b(?:familiar|known|returning|back|reminiscent) (?:from|of)",
    rf"{_START}(?:after|following)",
    r"\byou (?:like|love|enjoy)",
)
_TITLE_PLACE = tuple(
    (re.compile(f'(?:{trigger}) (?P<what>["“‘]?\\S+)', re.I), likening)
    for triggers, likening in ((_LIKENING, True), (_NAMING, False))
    for trigger in triggers
)
_CAPITALS = re.compile(
    r"[\"“‘]?(?P<name>[A-Z0-9À-Þ][^\s,.;:!?\"”]*(?:,? (?:(?:of|the|and|in|a|an|to|on|for|de|la) )*"
    r"[A-Z0-9À-Þ][^\s,.;:!?\"”]*)*)"
)
_CAPITAL_ARTICLE = re.compile(r"(?:[a-z,>]|[a-z>]['’]s?) (?P<name>(?:The|An?) [A-Z][a-z]\w+)")
_SUBJECT = re.compile(
    r"(?:^|[.!?;:] )[\"“]?(?P<name>(?:(?:The|A|An) )?[A-Z0-9À-Þ][^\s,.;:!?<]*"
    r"(?: (?:(?:of|the|and|in|a|an|to|on|for) )*[A-Z0-9À-Þ][^\s,.;:!?<]*)*)[!?.]?[\"”]?(?:"
    r" and this\b| (?:is|was) (?:also |another \w+ )?(?:by|directed by|made by|written by|on your "
    r"list|from the same|by the same)\b|, (?:also )?by (?:the same|<p)|"
    r", (?:which|one|a film|another)[^,.;]{0,20} you (?:liked|named|enjoyed|loved)|"
    r" (?:had|has|shares) (?:the|its) same\b|"
    r" shares (?:its|a|the) (?:director|star|author|cast|genre|theme)|, like this| came out\b|"
    r"[!?.]?,? (?:from|released in|made in) (?:18|19|20)\d\d,|"
    r" also (?:has|had|stars?|starred|comes|came|shares)|'s (?:director|star|maker|author)s?\b"
    r")"
)
_OPENERS = word_set(
    """it this that both he she they there here what you one its his her their all each these those
    the a an in at as if when since because if for with from try take after like another more set
    made released filmed who whoever nobody everyone everything my your we i not also"""
)
_PRESENTS = re.compile(
    r" (?:has|is|was|sends|puts|pits|follows|takes|gives|brings|lets|sees|finds|tells|stars|casts|"
    r"shows|"
    r"drops|throws|makes|gets|turns|pairs|features|sets|strands|pitches|traps|moves|unites|plays|"
    r"opens|ends|begins|starts|comes|runs|leaves|asks|offers|centres|centers|watches|turned|sent|"
    r"put|"
    r"gave|had|brought|starred)\b"
)
_NUMERAL = re.compile(r"(?:II|III|IV|V|VI|VII|VIII|IX|X|XI|XII|[1-9]|1[0-2])$")
_PART_WORDS = word_set("part vol volume chapter episode book number no")
_UNITS = word_set("year years minute minutes hour hours decade decades day days film films times")
_PERSON_PLACE = re.compile(
    r"\b(?:cast (?:is|are|includes?|features?|has|counts)|in the cast (?:is|are|you find|you get)|"
    r"starring|stars are|directed by|written by|fronted by|headlined by)(?: also| both| here)* "
    r"(?P<what>[a-z<][\w>-]*)"
)
_NOT_NAMED = word_set(
    """a an the its his her their two three four five one both some many several no another someone
    somebody people as well also none all led headed strong small large full that who such whoever
    mostly never not and in on up of among here there good excellent uniformly unknown child"""
)
_SHARED_WITH_PERSON = re.compile(
    r"(?P<before>[^.;]*)\b(?:shar(?:e|es|ed|ing)\b(?P<what>[^.;<]{0,60}?) with|in common with|"
    r"(?:ties?|links?|connects?) (?:it|this|this \w+) (?:to|with)|both (?:this|it)(?: \w+)? and|"
    r"as in|the same [\w -]{1,30}? as|(?:^|[.;,] ?)(?:just )?like) (?P<who><p\w>)"
    r"(?!'s? |'s?$| (?:and <p\w> )?(?:does|did|do|has|is|was|in)\b)"
)
_THEY = re.compile(r"\b(?:the (?:two|pair|duo|three|trio)|they|both of them|he|she)\W*$")
_PERSONS_SHARE = re.compile(r"<p\w>")
_SCREEN = re.compile(
    r"\b(?:screen|scenes?|minutes?|hours?|time|evening|space|room|bill|billing|stage|leads?|"
    r"credits?|cast|top)\b"
)
_OBJECT = re.compile(r"\byou (?:will )?get (?:the )?(?:<t\w>|<self>)(?!'s)")
_ONE = re.compile(
    r"\byou (?:\w+ )?(?:named|liked|mentioned|enjoyed|loved) (?:<t\w>|<self>),? (?:and|so) "
    r"(?:this|here) is one\b"
)
_ITSELF = re.compile(
    r"\byou(?:'ve)?(?: also| have| already| just| really| had)* (?:liked|named|enjoyed|loved|"
    r"mentioned|picked|chose) <self>|\byour (?:liking|love|fondness) (?:of|for) <self>|"
    r"\bshar(?:e|es|ed|ing)\b[^.;<]{0,60}? with <self>|\bin common with <self>|"
    r"\b(?:ties?|links?|connects?) (?:it|this|this \w+) (?:to|with) <self>|"
    r"\bboth (?:this|it)(?: \w+)? and <self>|(?:^|[.;,] ?)(?:just )?(?:like|as in|after) <self>|"
    r"<self>,? (?:which|that) you (?:liked|named|enjoyed|loved|mentioned)|\bthan <self>|"
    r"<self> and (?:this|it)\b"
)


def slot_problems(claims: Claims) -> Iterator[str]:
    """Each place of a title or a person that something else fills."""
    yield from _title_places(claims)
    yield from _subject_places(claims)
    yield from _capital_articles(claims)
    yield from _opening_titles(claims)
    yield from _numbered(claims)
    for match in _PERSON_PLACE.finditer(claims.masked):
        what = match["what"]
        told = all(stem(part) in claims.stems for part in words_of(what))
        numbered = what.partition("-")[0] in NUMBER_WORDS
        if numbered or what.startswith("<") or what in _NOT_NAMED:
            continue
        if not (told and "-" in what):
            yield f"{match['what']!r} stands where a person belongs"
    for match in _SHARED_WITH_PERSON.finditer(claims.masked):
        people = (
            _PERSONS_SHARE.search(match["before"])
            or _THEY.search(match["before"])
            or _SCREEN.search(match["what"] or "")
        )
        if not people:
            yield f"{claims.people[match['who'][-2]]} stands where a title belongs"
    if _ITSELF.search(claims.masked) and key_of(claims.item.title) not in claims.given_keys:
        yield "compares the item with itself"
    if _OBJECT.search(claims.masked) or _ONE.search(claims.masked):
        yield "says of a title what makes no claim"
    if re.search(r"\bsci\b(?!-? ?fi\b)", claims.masked):
        yield "half of a genre's name"


def _title_places(claims: Claims) -> Iterator[str]:
    for pattern, likening in _TITLE_PLACE:
        for match in pattern.finditer(claims.marked):
            found = _CAPITALS.match(claims.marked, match.start("what"))
            if found and not _may_stand(claims, found["name"], strict=likening):
                yield f"title {found['name']!r} is not in the evidence"


def _capital_articles(claims: Claims) -> Iterator[str]:
    """``his The Hobbit tells ...``: inside a sentence, "The" and a capital make a title."""
    own = " ".join((claims.item.title, claims.item.description, *claims.item.keywords))
    for match in _CAPITAL_ARTICLE.finditer(claims.marked):
        if match["name"] not in own and match["name"].partition(" ")[2] not in own:
            yield f"title {match['name']!r} is not in the evidence"


def _subject_places(claims: Claims) -> Iterator[str]:
    for match in _SUBJECT.finditer(claims.marked):
        name = match["name"]
        article = re.match(r"(?:The|A|An) (?=[A-Z])", name)
        if not article and fold(name.split()[0]).split("'")[0] in _OPENERS:
            continue
        yield f"title {name!r} is not in the evidence"


def _opening_titles(claims: Claims) -> Iterator[str]:
    """``Hook sends a blacksmith ...``: a plain word as subject that is a title, told of nowhere."""
    mentioned = {index for found in claims.mentions for index in range(found.first, found.last)}
    for index, token in enumerate(claims.tokens):
        if not token.opens or index in mentioned or token.folded in _OPENERS:
            continue
        titled = any(
            item.title == token.text for item in claims.lookups.items_of.get(token.folded, ())
        )
        told = token.folded in claims.own_key or token.folded in claims.words
        if titled and not told and _PRESENTS.match(claims.text, token.end):
            yield f"title {token.text!r} is not in the evidence"


def _may_stand(claims: Claims, name: str, *, strict: bool) -> bool:
    """Whether capitalised words in a title's place are known names that are no title."""
    key = key_of(name.removesuffix("'s").removesuffix("’s"))
    if not key or (key[0] in NATIONS and name != "Us") or len(name) == 1:
        return True
    told = f" {' '.join(key)} " in f" {' '.join(claims.own_key)} "
    known_title = " ".join(key) in claims.lookups.items_of
    return told and not known_title and (len(key) > 1 or not strict)


def _numbered(claims: Claims) -> Iterator[str]:
    """``Rocky V``, where the evidence names ``Rocky``: another title of the row."""
    tokens = claims.tokens
    for mention in claims.mentions:
        if mention.kind != "title":
            continue
        following = tokens[mention.last : mention.last + 3]
        place = 1 if following and following[0].folded in _PART_WORDS else 0
        if len(following) <= place or not _NUMERAL.match(following[place].text):
            continue
        unit = following[place + 1].folded if len(following) > place + 1 else ""
        if following[0].start - tokens[mention.last - 1].end == 1 and unit not in _UNITS:
            yield f"{mention.name!r} with the number {following[place].text} is another title"
