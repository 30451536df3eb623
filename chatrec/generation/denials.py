"""Checks of negations about the item: its genre, country, makers, length, what it is without.

What is denied of the story stands in polarity.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from chatrec.generation.about import people_of_given
from chatrec.generation.claims import Claims, item_words
from chatrec.generation.genres import (
    GENRE,
    STRICT_WORDS,
    genre_words_in,
    genres_of_word,
    has_any,
    title_has,
)
from chatrec.generation.mentions import name_key
from chatrec.generation.nations import NATIONS
from chatrec.generation.polarity import (
    NEGATION,
    Denial,
    declined_in,
    denials_in,
    denies_the_story,
    is_quoted,
    of_nobody,
    own_text,
    person_denial_holds,
    same_word,
    scope_in_story,
    stem_of,
    stems_of,
    story_problems,
    told_stems,
)
from chatrec.generation.support import (
    affirms,
    denied_outright,
    goes_on,
    is_exception,
    is_hypothetical,
    is_inner,
    supported,
    told_of_even,
    told_of_nobody,
    told_otherwise,
    told_scarce,
)
from chatrec.generation.touched import touches
from chatrec.generation.words import STOP_WORDS, stem, word_set, words_of

NATION = re.compile(rf"(?<![\w'-])(?:{'|'.join(sorted(NATIONS, key=len, reverse=True))})(?!\w)")
_CONTRASTED = re.compile(
    r" (?:the|that|all the|any of the) (?P<what>(?:[\w-]+ ){1,3}?)(?:of|in|from) <t"
)
_CLAUSE_END = re.compile(r"[.;:]|, (?:but|and|with|yet|though)\b|\bbut\b|, (?=<|this\b|here\b)")
_OF_TITLE = re.compile(r" <t\w>'s? [a-z]")  # "instead of <ta>'s giant reptile"
_LINKED_TITLE = re.compile(r"<t(\w)>")
_SUBJECT_GENRES = frozenset({"family", "war", "crime", "music", "history", "sport", "romance"})
_BEFORE_GENRE = re.compile(r"\W*(?:(?:an?|any|the|really|quite|exactly|just|your|\w+ly) )*")
_BARE_DENIAL = re.compile(r"without|no|free of|free from|devoid of|sans|minus|lack\w*")
_AS_OBJECT = re.compile(r"\W*$|,| (?:about|of|with|for|from|and|but|until|till)\b")
_WHERE_ALONE = re.compile(r" (?:in|on|at) (?:the |this |their )?[\w'<>-]+\W*")
_DOUBLED = re.compile(r"(?:\b(?:never|not|cannot|nobody|no one|nothing)|n't)\b[^,.;:]*$")
_ABOUT_NOTHING = re.compile(r"^to do with\b")
_PLACES = word_set("home land shore earth civilization civilisation town help anywhere everyone")
_COMES = re.compile(r" (?:come|arrive|exist|turn up|get through|reach (?:him|her|them))\b")
_UNTIL = re.compile(r"[^.;:,<]*?\b(?:until|till|unless|before(?! (?:this|that|it|<)))\b")
_CO_MAKER = re.compile(r"(?:an?|any|his|her) (?:co-director|co-maker|second director|partner)\b")
_ONE_MORE = re.compile(r" (?:even |for )?(?:the|his|her|their|its)\b")
DECLINED_WORDS = 3
# Hardly ever the words of a false negation: of 8,400 labelled sentences 105 true ones have one, and
# 4 of those that deny what is told.
_MILD = word_set("can't cannot couldn't shouldn't needn't mustn't barely hardly")
_PRO_FORM = re.compile(
    r" (?:(?:have|get|find|keep|make|see|give|afford|buy) )?(?:one|any|some|them|it|"
    r"(?:one|any) of (?:their|his|her) own)\W*"
)
_DENIED_LENGTH = re.compile(
    r"^(?:a |exactly |quite |the |too |an? especially )*(?P<how>short|long|brief|lengthy)\b"
)


def negation_problems(claims: Claims) -> Iterator[str]:
    """Negations that the facts cannot verify; genre and nation words are judged elsewhere."""
    for denial in denials_in(claims.masked):
        mild = denial.word in _MILD or (
            denial.word in ("neither", "nobody", "no one", "none")
            and re.match(r" (?:can|could|will|would)\b", denial.scope)
        )
        if mild and person_denial_holds(claims, denial) is None:
            continue
        if is_quoted(claims, denial) or is_exception(claims, denial, claims.masked[denial.end :]):
            continue
        if (
            _replaces(claims, denial)
            or _is_place(claims, denial)
            or _is_lifted(claims, denial)
            or _adds(denial)
        ):
            continue
        near = " ".join(denial.scope.split()[:5])
        if denial.word in ("rather than", "instead of") and "<" not in near:
            if not claims.titles and _denies_theme(claims, near):
                yield f"denies {near!r}, which the facts tell"
            continue
        person = person_denial_holds(claims, denial)
        if person is not None:
            if not person:
                yield f"denies the part of {denial.before.strip()!r}"
        elif denial.word == "unlike":
            if not _unlike_holds(claims, denial):
                yield "a difference that cannot be verified"
        elif _is_of_story(denial) and "<t" not in near:
            yield from _story_problems(claims, denial)
        elif (
            (touches(claims, denial) or denial.before.strip())
            and not _contrasts(claims, denial)
            and not told_otherwise(claims, denial.word, denial.scope)
            and not _item_denial_holds(claims, near)
        ):
            yield f"unverified negation {denial.word!r}"


def _denies_theme(claims: Claims, near: str) -> bool:
    """``instead of sketches``: what is denied is told as a theme, and nowhere denied."""
    said = stems_of(near)[:1]
    themes = frozenset(
        stem_of(word) for keyword in claims.item.keywords for word in words_of(keyword)
    )
    return bool(said) and said[0] in themes and not denied_outright(claims, near)


def _replaces(claims: Claims, denial: Denial) -> bool:
    """``rather than Fred Astaire``: somebody of a title that was named, and not of the item."""
    person = re.match(r" <p(\w)>", denial.scope)
    if person is None or denial.word not in ("rather than", "instead of", "not", "without"):
        return False
    name = claims.people[person[1]]
    own = {name_key(other) for other in (*claims.item.creators, *claims.item.cast)}
    return name not in own and name in people_of_given(claims)


def _is_place(claims: Claims, denial: Denial) -> bool:
    """``far from Earth``, ``far from home``: where somebody is, and no negation."""
    if denial.word != "far from":
        return False
    first = words_of(denial.scope)[:1]
    capitals = {token.folded for token in claims.tokens if token.capital}
    return bool(first) and (first[0] in _PLACES or first[0] in capitals) and "<" not in denial.scope


def _adds(denial: Denial) -> bool:
    """``nobody escapes, not the widow and not her son``: more of what is denied before."""
    return denial.word == "not" and bool(
        NEGATION.search(denial.before) and _ONE_MORE.match(denial.scope)
    )


def _is_lifted(claims: Claims, denial: Denial) -> bool:
    """``says no word until he is freed``: what is denied of the story is so for a time."""
    return bool(_UNTIL.match(claims.masked, denial.end)) and _is_of_story(denial)


def declined_problems(claims: Claims) -> Iterator[str]:
    """``refuses to defend``, where the facts say that this was done, or say nothing of it."""
    for words, scope in declined_in(claims):
        if supported(claims, scope) or _told_so(claims, words, scope):
            continue
        if told_otherwise(claims, "without", scope):
            continue  # "gives up her voice", where it is sold
        contradicted = list(story_problems(claims, scope))
        yield from contradicted
        told = told_stems(claims)
        touched = any(same_word(word, told) for word in stems_of(scope)[:DECLINED_WORDS])
        if not contradicted and touched:
            yield f"unverified negation {words!r}"


def _told_so(claims: Claims, words: str, scope: str) -> bool:
    """``stopped missing on purpose``, where the facts say "stops missing" too."""
    said = [word for word in words_of(f"{words} {scope}") if word not in STOP_WORDS][:2]
    told = [stem(word) for word in words_of(own_text(claims)) if word not in STOP_WORDS]
    return len(said) > 1 and (stem(said[0]), stem(said[1])) in set(pairwise(told))


def _story_problems(claims: Claims, denial: Denial) -> Iterator[str]:
    scope = scope_in_story(denial)
    if scope is not None and goes_on(claims, scope):
        yield f"says that it goes on: {scope.strip()!r}"
        return
    if scope is None or affirms(claims, denial.word, scope):
        return
    if denial.word == "without" and _DOUBLED.search(denial.before):
        return  # "can't go without a key" is judged at its "can't"
    if told_otherwise(claims, denial.word, scope):
        return
    if _COMES.match(scope) and denied_outright(claims, _last_word(denial.before)):
        return  # "the letters don't come", where she is without letters
    if of_nobody(denial) and denied_outright(claims, _last_word(denial.before)):
        return
    if of_nobody(denial) and told_of_nobody(claims, scope):
        return
    as_object = _AS_OBJECT.match(denial.scope) or _WHERE_ALONE.fullmatch(denial.scope)
    if of_nobody(denial) and as_object:  # "tells nobody about it"
        scope = _last_word(denial.before) or scope
    if scope != denial.scope and supported(claims, denial.scope):
        return  # "no love for the water", where it is feared
    if _PRO_FORM.fullmatch(scope) and any(
        supported(claims, f" {word}") for word in words_of(denial.before)
    ):
        return  # "steal a baby because they can't have one", where no children can be had
    if supported(claims, scope) or told_scarce(claims, denial) or told_of_even(claims, scope):
        return
    contradicted = list(story_problems(claims, scope))
    yield from contradicted
    if contradicted or is_hypothetical(denial.before):
        return
    if of_nobody(denial) and supported(claims, _last_word(denial.before)):
        return
    if touches(claims, denial) and not is_inner(claims, denial, scope):
        yield f"unverified negation {denial.word!r}"


def _last_word(before: str) -> str:
    return " ".join(words_of(re.sub(r"<\w+>", " ", before))[-1:])


def _contrasts(claims: Claims, denial: Denial) -> bool:
    """``without the riddles of <ta>``: what is denied is a title's, and not told of the item."""
    if denial.word in ("hardly", "barely"):
        return not _told_first(claims, denial)
    if denial.word not in ("without", "no", "rather than", "instead of", "not", "far from"):
        return False
    own = {stem(word) for word in words_of(item_words(claims.item))}
    if denial.word == "far from" and denial.scope.startswith(" <t"):
        return True
    if denial.word in ("instead of", "rather than") and _OF_TITLE.match(denial.scope):
        return True
    match = _CONTRASTED.match(denial.scope)
    if match is None:
        reach = 1 if denial.word == "far from" else 3
        said = [word for word in words_of(denial.scope) if word not in STOP_WORDS][:reach]
        told = {stem(w) for title in claims.titles.values() for w in claims.told_of(title.name)}
        return bool(said) and stem(said[0]) in told and own.isdisjoint(map(stem, said))
    said = [stem(word) for word in words_of(match["what"]) if word not in STOP_WORDS]
    return bool(said) and not own.issuperset(said)


def _told_first(claims: Claims, denial: Denial) -> bool:
    said = [word for word in words_of(denial.scope) if word not in STOP_WORDS]
    return bool(said) and stem(said[0]) in claims.stems


def _is_of_story(denial: Denial) -> bool:
    """Whether the negation is about the story and not about the item, whose genre it may be."""
    if not denies_the_story(denial):
        return False
    genre = GENRE.search(denial.scope)
    if genre is None or not _BEFORE_GENRE.fullmatch(denial.scope[: genre.start()]):
        return True
    word, bare = genre.group(), _BARE_DENIAL.fullmatch(denial.word)
    bare = bare or re.search(r"\ban? $", denial.scope[: genre.start()])
    return word not in STRICT_WORDS and (
        not bare or bool(_SUBJECT_GENRES & {*genres_of_word(word)})
    )


def _unlike_holds(claims: Claims, denial: Denial) -> bool:
    """``unlike <ta> this is a thriller``: a genre of the item, and none of that title."""
    title = _LINKED_TITLE.match(denial.scope.strip())
    rest = re.split(r"[.;]", claims.masked[denial.end :], maxsplit=1)[0]
    rest = f"{re.split(r'[.;,]| but ', denial.before.rstrip(', '))[-1]} {rest}"
    title = title or _LINKED_TITLE.search(denial.scope)
    other = claims.titles.get(title[1]) if title else None
    shared = [w for w in genre_words_in(rest) if has_any(claims.genres, genres_of_word(w))]
    return other is not None and (not shared or any(not title_has(other, word) for word in shared))


def _item_denial_holds(claims: Claims, near: str) -> bool:
    nation = NATION.search(near)
    capital = nation and any(t.capital and t.folded == nation.group() for t in claims.tokens)
    if GENRE.search(near) or capital:
        return True  # what is denied is compared with the facts by genre and nation
    if _CO_MAKER.match(near):
        return len(claims.item.creators) == 1
    if _length_denied(claims, near) or supported(claims, _ABOUT_NOTHING.sub("", near)):
        return True
    person = re.search(r"<p(\w)>", near)
    if person is None:
        return False
    own = {name_key(name) for name in claims.item.creators}
    if not re.search(r"\b(?:direct\w*|made|written|helmed|filmed|shot)\b", near):
        own |= {name_key(name) for name in claims.item.cast}
    return claims.people[person[1]] not in own


def negated_ranges(claims: Claims) -> Iterator[tuple[int, int]]:
    """Where negations about the item reach: up to six words, not past the end of the clause."""
    for denial in denials_in(claims.masked):
        if _is_of_story(denial) or denial.word == "unlike" or is_quoted(claims, denial):
            continue
        opens = not denial.before.strip() and denial.word in ("without", "unlike")
        rest = denial.scope if opens else claims.masked[denial.end :]
        scope = _CLAUSE_END.split(rest, maxsplit=1)[0]
        words = re.match(r"(?:\s*\S+){0,6}", scope)
        yield denial.end, denial.end + (len(words.group()) if words else 0)


def _length_denied(claims: Claims, near: str) -> bool:
    """``not a short film``: true of 140 minutes and more; ``not long``: of 100 and less."""
    match, minutes = _DENIED_LENGTH.match(near), claims.item.runtime_min
    if match is None or minutes is None:
        return False
    return minutes >= 140 if match["how"] in ("short", "brief") else minutes <= 100
