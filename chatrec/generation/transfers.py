"""Checks of what a sentence takes over from a mentioned title: its makers, its stars, its story.

"From the makers of Heat" needs a maker of both; "the ghosts of Beetlejuice return" needs ghosts in
both, and a title of the same row where somebody of the one story would walk into the other. Where a
sentence leaves a title behind ("swaps the jokes of Shrek for ...") it speaks of that title alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from chatrec.generation.about import names_of_titles
from chatrec.generation.claims import Claims, Title, item_words
from chatrec.generation.genres import genres_of_word, has_any, title_has
from chatrec.generation.mentions import key_of, name_key
from chatrec.generation.relations import segments_of
from chatrec.generation.tallies import without_creator_counts
from chatrec.generation.vocabulary import CONNECTING, NUMBER_WORDS, STORY_NOUNS
from chatrec.generation.words import STOP_WORDS, stem, word_set, words_of
from chatrec.types import Item

RETOLD_WORDS = 2
NEAR_MIN = 4
LEAVING_REACH = 8  # words before a title in which it is said to be left behind
_YOURS = r"(?:your (?:[\w-]+ )?(?:favou?rite|pick|choice),? |the )?"
_MADE_BY = re.compile(
    r"\b(?:(?:from|by) (?:one of )?the (?:[\w-]+ ){0,2}?(?:makers?|creators?|directors?|"
    r"filmmakers?|writers?|authors?|team|people|minds?|hands?|duo|pair|studio|man|woman|men|crew|"
    r"brothers)|"
    r"the (?:[\w-]+ )?(?:director|maker|creator|filmmaker|author|developer)s?|the team|"
    r"the (?:people|minds|studio)(?= behind)) "
    rf"(?:(?:of|behind)|who (?:made|directed|gave you|brought you|did)) {_YOURS}<t(?P<of>\w)>(?!')"
)
_MADE_TOO = re.compile(
    r"\b(?:before|after|since) (?:he|she|they) (?:(?:had|also|later|went on to) )*"
    rf"(?:directed?|made?|makes?|filmed|shot) {_YOURS}<t(?P<of>\w)>(?!')"
)
_ACTED_BY = re.compile(
    r"\b(?:the|its|another|two|both|one of the) (?:[\w-]+ )?(?:stars?|leads?|actors?|"
    r"actress(?:es)?|leading (?:man|lady)|cast|hero|heroine) "
    rf"(?:of|from|in) {_YOURS}<t(?P<of>\w)>(?!')"
)
_WHOSE = re.compile(rf"\bwhose {_YOURS}<t(?P<of>\w)> you\b")
_CONTINUES = re.compile(
    r"\b(?:carr(?:y|ies|ied) on|continues?|picks? up|follows on) (?:from|after|the story of) "
    rf"(?:where )?{_YOURS}<t(?P<of>\w)>"
)
_TAKEN = re.compile(
    r"(?:^|[,:] |\b(?:and|while|where|but|as|when|with|has|brings|sends|gives) )"
    r"(?:the|that|those|these) (?:same )?(?P<what>(?:[\w'-]+ ){1,5}?)(?:of|from|in) "
    rf"{_YOURS}<t(?P<of>\w)>(?:,? (?:which|that|whom|who|your|one|a) [^,]*,| you (?:\w+ )?\w+)? "
    r"(?!and\b|or\b|but\b|without\b|as\b|(?:gives?|makes?) (?:way|room)\b|(?:is|are) gone\b)"
    r"(?P<verb>[a-z'-]+)"
)
_SAME_AS = re.compile(
    r"\b(?:the (?:very )?same|another) (?P<what>(?:[\w'-]+ ?){1,4}?)(?: |, )(?:as|from|like) "
    rf"(?:in )?{_YOURS}<t(?P<of>\w)>(?P<verb>)"
)
_SHARED = re.compile(
    r"\bshar(?:es?|ing) (?:(?:its|the|an?|this|that|some of the) )?(?P<what>(?:[\w'-]+ ){1,4}?)"
    rf"with {_YOURS}<t(?P<of>\w)>(?P<verb>)"
)
_OWNED = re.compile(r"<t(?P<of>\w)>'s (?P<what>(?:[\w-]+ ){1,3})(?P<verb>)")
_OWN_SAME = re.compile(
    r" (?:as (?!<|this\b|these\b|it\b|here\b)|(?:who|that|which)\b)"
)  # "the same year as the moon landing"
_WITH_ITS = re.compile(r"(?P<t><t\w>),? with its [^,.;:<]*(?:,|(?=[.;:]))")
_CONTRAST = re.compile(r"\b(?:unlike|than|not|instead of|rather than|without)(?: [\w'-]+){0,2} $")
_APPOSED = re.compile(
    r"<p\w>(?: and <p\w>)?, (?:who (?:is|are|was|were) (?:also )?(?:in|part of|among|one of) )?$"
)
_NEAR_LENGTH = re.compile(r"\b(?:nearly|almost|about|roughly|much|pretty much) the $")
_TITLE = re.compile(r"<t(\w)>")
_DID = r"(?:[a-z]+ed|broke|took|gave|made|put|set|sent|told|saw|led|brought|kept|found|met|went)"
_PAST = re.compile(
    r"\b(?:was|were|had|without|instead|in place of|"
    r"rather than|did|once|before|saw|known? (?:from|in))\b|"
    r"\b(?:isn't|aren't|not) (?:an?|the) [^,<]*\b(?:like|of) (?=<t)|"
    r"\b[a-z]+ed\b[^<]* in (?=<t)|"
    rf"<t\w> {_DID}\b|^\W*(?:and |but )?in <t\w>,? (?!you\b)[^,<]*\b{_DID}\b"
)
_AS_IN = re.compile(rf"\W*(?:just |much )?(?:as|like) in {_YOURS}<t\w>, (?P<what>[^,]*)")
_WAS = frozenset({"was", "were", "had", "did", "came", "arrived", "followed", "appeared"})
_LEAVES = re.compile(
    r"(?:swap|trad|exchang|leav|left|drop|ditch|forsak|abandon|replac)(?:s|es|ing|ed|e|ped|ping|"
    r"ps)?$"
)

_PEOPLE_OR_MOOD = word_set(
    """director maker makers star stars lead cast actor actress author writer creator filmmaker
    developer team people mood tone spirit style feel pace charm look heart humour humor world
    setting idea premise genre genres theme themes kind country language decade era year length
    subject writers directors actors minutes lady leading sibling brother sister cousin relative
    helmer helmers face faces voice names"""
)
# Beings that walk through one story and not into another.
_AGENTS = word_set(
    """family families clan guests man woman men women boy girl child children hero heroine
    detective cop killer band crew monster creature alien android robot ghost shark dinosaur
    vampire zombie thief gangster soldier samurai hitman spy agent couple gang wizard witch
    princess prince king queen knight cowboy outlaw pilot captain doctor nurse teacher student
    lawyer juror reporter toy dragon ogre donkey dog cat rat penguin ape beast assassin hacker
    astronaut explorer hunter pirate sheriff gunslinger gunfighter gunman boxer drummer dancer
    singer waiter waitress chef cook butler maid servant clerk magician dwarf hobbit elf orc
    superhero villain sidekick cyborg machine mutant demon spirit angel skeleton mummy
    werewolf heir burglar robber smuggler mobster priest nun monk bride groom widow widower
    orphan twin siblings brothers sisters villagers farmer rebel warrior general sergeant
    marshal bounty-hunter archaeologist scientist inventor gladiator emperor"""
)
_STORY_NEXT = re.compile(rf"(?:{STORY_NOUNS})\b")
_STORY_AFTER = re.compile(rf"\b(?:{STORY_NOUNS}) $")  # "who made <ta>'s brutal drummer tale"
_NUMBERS = frozenset(map(stem, NUMBER_WORDS))
_WAR_NAME = re.compile(
    r"\b(?!(?:the|an?|of|in|at|and|by|to|from|post|pre|into|with)\b)\w+ war(?: i+)?\b"
)

_SAME_KINDS: dict[str, Callable[[Item], frozenset[object]]] = {
    (
        r"directors?|filmmakers?|helmer|directing|maker|creators?|authors?|developers?|"
        r"studio|artist|writer"
    ): lambda item: frozenset(item.creators),
    (
        r"stars?|leads?|actors?|actress(?:es)?|cast members?|cast|performers?|lead "
        r"actors?|lead actress"
    ): lambda item: frozenset(item.cast),
    r"genres?": lambda item: frozenset(item.genres),
    r"themes?|keywords?|subject|topics?": lambda item: frozenset(item.keywords),
    r"country|countries|nation|country of origin": lambda item: frozenset(item.countries),
    r"language": lambda item: frozenset({item.language} - {""}),
    r"(?:release )?year": lambda item: frozenset({item.year} - {None}),
    r"war": lambda item: frozenset(_WAR_NAME.findall(item_words(item))),
    r"decade|era": lambda item: frozenset({item.year // 10} if item.year else ()),
    r"(?:age )?rating|certificate": lambda item: frozenset({item.age_rating} - {""}),
    r"running time|length|runtime|duration|minutes": lambda item: frozenset(
        {item.runtime_min} - {None}
    ),
}
_SAME = tuple(
    (
        re.compile(
            (
                rf"\b(?:same|shares?(?: (?:a|an|its|their|the|both its))?|shared|sharing "
                rf"(?:a|an|its|the)|common)(?: \w+){{0,1}}? ?(?:{words})\b(?! role)"
            )
        ),
        values,
    )
    for words, values in _SAME_KINDS.items()
)


def transfer_problems(claims: Claims) -> Iterator[str]:
    """Makers, stars, characters and themes of a title that the item does not have."""
    item = claims.item
    creators = frozenset(name_key(name) for name in item.creators)
    cast = frozenset(name_key(name) for name in item.cast)
    for sentence in re.split(r"[.;]", without_creator_counts(claims, claims.masked)):
        for pattern, own, of_title in (
            (_MADE_BY, creators, Title.creators),
            (_MADE_TOO, creators, Title.creators),
            (_ACTED_BY, cast, Title.performers),
        ):
            for match in pattern.finditer(sentence):
                title = claims.titles[match["of"]]
                named = _APPOSED.search(sentence[: match.start()])
                if _CONTRAST.search(sentence[: match.start()]):
                    continue
                people = re.findall(r"<p(\w)>", named.group()) if named else []
                if people and {claims.people[letter] for letter in people} <= of_title(title):
                    continue
                if not own & (of_title(title) if title.items else title.links):
                    yield f"{match.group()!r}: nobody of {title.name!r} is known to be in both"
        for pattern in (_TAKEN, _SAME_AS, _SHARED, _OWNED):
            for match in pattern.finditer(sentence):
                if match["verb"] not in _WAS:
                    yield from _taken(claims, match)
    own = creators | cast
    for match in _WHOSE.finditer(claims.masked):
        title = claims.titles[match["of"]]
        if title.items and not own & title.people():
            yield f"{match.group()!r}: nobody of {title.name!r} is known to be in both"
    for match in _CONTINUES.finditer(claims.masked):
        title = claims.titles[match["of"]]
        if not same_row(claims, title):
            yield f"does not continue {title.name!r}"
    yield from _sameness(claims)
    yield from _retold(claims)


def _taken(claims: Claims, match: re.Match[str]) -> Iterator[str]:
    title = claims.titles[match["of"]]
    said = [word for word in words_of(match["what"]) if word not in STOP_WORDS]
    agents = [word for word in said[-1:] if {word, word.removesuffix("s")} & _AGENTS]
    owned_story = match.re is _OWNED and (
        _STORY_AFTER.search(match["what"]) or _STORY_NEXT.match(match.string, match.end())
    )
    if owned_story or same_row(claims, title) or "you" in match["what"].split():
        return
    if agents and match.re is not _SHARED and not _STORY_AFTER.search(f"{match['what']} "):
        yield f"{agents[-1]!r} of {title.name!r} cannot be in another story"
        return
    said = [w for w in said if w not in _PEOPLE_OR_MOOD and w not in NUMBER_WORDS]
    said = [] if said and all(word.isdigit() for word in said) else said
    if match.re is not _OWNED and said:
        own = {stem(word) for word in words_of(item_words(claims.item))}
        here = stem(said[-1]) in own or has_any(claims.genres, genres_of_word(said[-1]))
        if not here or not title_has(title, said[-1]):
            yield f"{said[-1]!r} is not known of {title.name!r} and of this"


def _sameness(claims: Claims) -> Iterator[str]:
    for sentence, _ in segments_of(claims.masked):
        letters = _TITLE.findall(sentence)
        if not letters and len(claims.titles) == 1:
            letters = list(claims.titles)
        for pattern, values in _SAME:
            found = pattern.search(sentence)
            if not found or not letters or _OWN_SAME.match(sentence, found.end()):
                continue
            for letter in letters:
                title = claims.titles.get(letter)
                own = {name_key(str(value)) for value in values(claims.item)}
                if title is None or (not title.items and title.links & own):
                    continue
                theirs = {name_key(str(value)) for item in title.items for value in values(item)}
                if not own & theirs and not _as_long(claims, found, sentence, title):
                    yield f"{found.group()!r} does not hold for {title.name!r}"


def _as_long(claims: Claims, found: re.Match[str], sentence: str, title: Title) -> bool:
    """``nearly the same length``: a few minutes more or less."""
    mine = claims.item.runtime_min
    if not _NEAR_LENGTH.search(sentence[: found.start()]) or "length" not in found.group():
        return False
    lengths = [item.runtime_min for item in title.items if item.runtime_min is not None]
    return mine is not None and any(abs(mine - other) <= NEAR_MIN for other in lengths)


def _retold(claims: Claims) -> Iterator[str]:
    """Two words or more of a clause that only the mentioned title's story tells.

    A clause in the past, or one that leaves that story behind, may speak of it.
    """
    plain = {stem(word) for word in words_of(item_words(claims.item))}
    own = plain | claims.stems | {stem(word) for word in names_of_titles(claims)}
    for segment in re.split(r"[.;:]", _WITH_ITS.sub(r"\g<t> ", claims.masked)):
        if _PAST.search(segment) or any(_LEAVES.match(word) for word in words_of(segment)):
            continue
        said = {word for word in words_of(re.sub(r"<\w+>", " ", segment)) if len(word) > 3}
        said = {w for w in said if stem(w) not in own and stem(w) not in CONNECTING}
        for letter in _TITLE.findall(segment):
            title = claims.titles[letter]
            if title.given and not same_row(claims, title):
                theirs = {stem(word) for i in title.items for word in words_of(item_words(i))}
                taken = sorted(word for word in said if stem(word) in theirs)
                here = _AS_IN.match(segment)
                told = {stem(word) for word in words_of(here["what"])} if here else set()
                only = (told & theirs) - plain - CONNECTING - _NUMBERS
                if len(taken) >= RETOLD_WORDS or only:
                    yield f"tells the story of {title.name!r}: {', '.join(taken or sorted(only))}"


def same_row(claims: Claims, title: Title) -> bool:
    """Whether both are titles of one row: "Alien" and "Aliens", "Godzilla Minus One"."""
    mine, theirs = (
        [stem(word) for word in key_of(name) if word not in ("the", "a", "an")]
        for name in (claims.item.title, title.name)
    )
    size = min(len(mine), len(theirs))
    return size > 0 and (mine[:size] == theirs[:size] or mine[:2] == theirs[:2])


def left_behind(claims: Claims) -> dict[int, frozenset[str]]:
    """Stems told of a title, by the index of each token that speaks of it as left behind."""
    found: dict[int, frozenset[str]] = {}
    mentions = [mention for mention in claims.mentions if mention.kind == "title"]
    for mention in mentions:
        start = max(0, mention.first - LEAVING_REACH)
        verbs = [i for i in range(start, mention.first) if _LEAVES.match(claims.tokens[i].folded)]
        told = frozenset(stem(word) for word in claims.told_of(mention.name))
        found |= {index: told for verb in verbs for index in range(verb, mention.first)}
    return found
