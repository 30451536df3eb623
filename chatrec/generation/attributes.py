"""Checks of what a sentence calls the item: genres, nations, superlatives, negations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from chatrec.generation.claims import Claims, Title, genres_of, item_words
from chatrec.generation.mentions import name_key
from chatrec.generation.vocabulary import (
    EST_WORDS,
    GENRE_NOUNS,
    GENRE_SUPPORT,
    GENRE_WORDS,
    NATIONS,
    NEGATIONS,
    SAFE_MOST,
    SAFE_NEGATIONS,
    SUPERLATIVES,
)
from chatrec.generation.words import STOP_WORDS, fold, stem, word_set, words_of

_CLAIMS_OF_WORD: dict[str, tuple[str, ...]] = {}
for _genre, _words in GENRE_WORDS.items():
    for _word in _words:
        _CLAIMS_OF_WORD[_word] = (*_CLAIMS_OF_WORD.get(_word, ()), _genre)
_ALL_GENRE_WORDS = "|".join(
    re.escape(word).replace(r"\ ", "[ -]").replace(r"\-", "[ -]?")
    for word in sorted(_CLAIMS_OF_WORD, key=len, reverse=True)
)
_GENRE = re.compile(rf"(?<![\w'])(?:{_ALL_GENRE_WORDS})(?![\w'])")
_NEGATION = re.compile(NEGATIONS)
_SAFE_NEGATION = re.compile(SAFE_NEGATIONS)
_NATION = re.compile(rf"(?<![\w'-])(?:{'|'.join(sorted(NATIONS, key=len, reverse=True))})(?!\w)")
_LANGUAGE_BEFORE = re.compile(
    r"(?:\b(?:in|spoken|speaks?|language(?: is|:)?|dialogue(?: is)?)) (?:mostly |mainly )?$"
)
_LANGUAGE_AFTER = re.compile(
    r"^(?:[- ]language\b|[- ]speaking\b|[- ]spoken\b| dialogue\b| with subtitles\b)"
)
_MADE_IN = re.compile(
    r"\b(?:from|made in|produced in|production from|shot in|import from|export from|"
    r"out of|country is|comes from|hails from|courtesy of) (?:the )?(?:united |west |"
    r"south )?$"
)
_PLACE_AFTER = re.compile(
    rf"^(?:[- ](?:made|produced|language|production|\w+))? ?(?:{GENRE_NOUNS}|cinema|production)\b"
)
_COUNTRY_NAMES = frozenset(
    name.casefold() for names, _ in NATIONS.values() for name in names.split("|")
)
_FOREIGN = re.compile(r"\b(?:foreign[- ]language|foreign|subtitled|with subtitles)\b")
_EST = re.compile(r"\b[a-z]{2,}est\b")
_GENRE_BEFORE = re.compile(
    r"\b(?:genres?(?: here)?(?: is| are|:|,)|counts as|count as|listed (?:as|under)|"
    r"filed under|labell?ed(?: as)?|classed as|"
    r"qualifies as|more|still in|staying with|asked for|under|wanted|part|pure) "
    r"(?:an? |the |some )?$"
)
_GENRE_AFTER = re.compile(
    r"^(?: is)?(?: as| among|,)? (?:its |the |one |a )?(?:main )?genres?\b|^ (?:after|"
    r"to follow)\b|^ you (?:asked|wanted)|^,? (?:which )?you asked"
)
_SOFT = frozenset(GENRE_SUPPORT)
_CLAUSE_END = re.compile(r"[.;:]|, (?:but|and|with|yet|though)\b|\bbut\b|, (?=<)")
_LINKED_TITLE = re.compile(r"<t(\w)>")


def genre_problems(claims: Claims) -> Iterator[str]:
    """Genre words that do not fit the item's genres; negated ones that do."""
    negated = list(_negated_ranges(claims.masked))
    for match in _GENRE.finditer(claims.masked):
        word = re.sub(r"\s+", " ", match.group())
        genres = _genres_of_word(word)
        if any(start <= match.start() < end for start, end in negated):
            if not claims.genres or _has_any(claims.genres, genres) or _told(claims, word):
                yield f"denies the genre {word!r}"
            continue
        if _has_any(claims.genres, genres) or _told(claims, word):
            continue
        as_genre = re.match(rf"[- ](?:\w+[- ])?(?:{GENRE_NOUNS})\b", claims.masked[match.end() :])
        supported = any(_supported(claims, genre) for genre in genres if genre in _SOFT)
        strict = as_genre or word in _STRICT_WORDS or _called_genre(claims.masked, match)
        if strict or not supported:
            yield f"genre word {word!r} is not among the facts"
    for genre in claims.lookups.genres - claims.genres - set(GENRE_WORDS):
        if genre not in claims.own_text and re.search(rf"\b{re.escape(genre)}\b", claims.masked):
            yield f"genre {genre!r} is not among the facts"


def nation_problems(claims: Claims) -> Iterator[str]:
    """Countries, nationalities and languages other than the item's."""
    text = claims.masked
    negated = list(_negated_ranges(text))
    countries = {fold(name) for name in claims.item.countries}
    language = fold(claims.item.language)
    capitals = {token.folded for token in claims.tokens if token.capital}
    for match in _NATION.finditer(text):
        word = match.group()
        if word not in capitals and word not in ("usa", "uk"):
            continue
        places, tongues = ({fold(n) for n in names.split("|") if n} for names in NATIONS[word])
        before, after = text[: match.start()], text[match.end() :]
        speaks = bool(tongues) and bool(
            (_LANGUAGE_BEFORE.search(before) and not _PLACE_AFTER.match(after))
            or _LANGUAGE_AFTER.match(after)
        )
        made = bool(_MADE_IN.search(before)) and word in _COUNTRY_NAMES | {
            "states",
            "america",
            "korea",
        }
        told = bool(
            re.search(
                rf"\b{word}\b", fold(claims.item.description + " " + " ".join(claims.item.keywords))
            )
        )
        if speaks:
            true = bool(tongues & {language}) if language else False
        elif made or (_PLACE_AFTER.match(after) and not told):
            true = bool(places & countries) or (not made and bool(tongues & {language}))
        else:
            true = (
                bool(places & countries)
                or bool(tongues & {language})
                or told
                or word in claims.words
            )
        if true == any(start <= match.start() < end for start, end in negated):
            yield f"{word!r} is not the item's country or language"
    if _FOREIGN.search(text) and language in ("", "english", "silent"):
        yield "calls it foreign or subtitled"
    if re.search(r"\bsilent (?:film|movie|picture|era|comedy|classic|one)\b", text) and not (
        language == "silent" or "silent" in claims.words
    ):
        yield "calls it silent"


def superlative_problems(claims: Claims) -> Iterator[str]:
    """Superlatives, fame and awards that no fact states."""
    text = claims.masked
    for idiom in SAFE_MOST:
        text = text.replace(idiom, " ")
    text = re.sub(r"<\w+>", " ", text)
    for word in words_of(text.replace("award-winning", "award")):
        est = bool(_EST.fullmatch(word)) and word not in EST_WORDS
        if (word in SUPERLATIVES or est) and word not in claims.words:
            yield f"{word!r} is not among the facts"
    first = re.search(
        r"\b(?:the|his|her|their|its) (?:very )?(?:first|last|only|debut|final|finest)\b|\bdebut\b",
        text,
    )
    if first and not re.search(
        r"\bthe (?:first|last) (?:reason|thing|link|of)\b|the only thing", text
    ):
        word = first.group().split()[-1]
        if word not in claims.words:
            yield f"{first.group()!r} is not among the facts"


def negation_problems(claims: Claims) -> Iterator[str]:
    """Negations that the facts cannot verify; genre and nation words are judged elsewhere."""
    text = _SAFE_NEGATION.sub(lambda m: " " * len(m.group()), claims.masked)
    for match in _NEGATION.finditer(text):
        rest = text[match.end() :]
        scope = _CLAUSE_END.split(rest, maxsplit=1)[0]
        near = " ".join(scope.split()[:5])
        if _GENRE.search(near) or _NATION.search(near):
            continue
        if match.group() in ("rather than", "instead of") and "<" not in near:
            continue
        if _of_the_plot(claims, text[: match.start()], match.group(), near):
            continue
        if _length_denied(claims, near) or _negation_told(claims, match.group(), near):
            continue
        person = re.search(r"<p(\w)>", near)
        if person and "direct" in near:
            name = claims.people[person[1]]
            if name not in {name_key(creator) for creator in claims.item.creators}:
                continue
        yield f"unverified negation {match.group()!r}"


def title_has(title: Title, word: str) -> bool:
    """Whether a mentioned title has a genre or a theme, by the evidence or the catalogue."""
    genres = set(_genres_of_word(word))
    wanted = {stem(part) for part in words_of(word)}
    if any(wanted <= {stem(part) for part in words_of(link)} for link in title.links):
        return True
    for item in title.items:
        if genres & genres_of(item):
            return True
        if wanted <= {stem(part) for part in words_of(item_words(item))}:
            return True
    return False


def genre_words_in(text: str) -> list[str]:
    """The genre words of a folded text, in order."""
    return [match.group() for match in _GENRE.finditer(text)]


@lru_cache(maxsize=4096)
def _genres_of_word(word: str) -> tuple[str, ...]:
    for form in (word, word.replace(" ", "-"), word.replace("-", " "), word.replace("-", "")):
        if form in _CLAIMS_OF_WORD:
            return _CLAIMS_OF_WORD[form]
    return (word,)


_STRICT_WORDS = word_set(
    """comedy comedies horror thriller thrillers western westerns documentary animated animation
    cartoon musical musicals sci-fi fantasy noir biopic rom-com romcom romantic romance scary
    terrifying dramedy doc whodunit docudrama melodrama"""
) | {
    "film noir",
    "science fiction",
    "period piece",
    "costume drama",
    "love story",
    "family-friendly",
}


def _has_any(own: frozenset[str], genres: tuple[str, ...]) -> bool:
    return any(genre in own for genre in genres)


def _called_genre(text: str, match: re.Match[str]) -> bool:
    """Whether the words around say that this is a genre: "with war as its genre"."""
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() :][:30]
    return bool(_GENRE_BEFORE.search(before) or _GENRE_AFTER.match(after))


def _told(claims: Claims, word: str) -> bool:
    """Whether the item's own texts use the word."""
    return bool(re.search(rf"\b{re.escape(word)}\b", _without_links(claims)))


def _without_links(claims: Claims) -> str:
    item = claims.item
    return fold(" . ".join((*item.keywords, *item.genres, item.description, *item.facts.values())))


def _supported(claims: Claims, genre: str) -> bool:
    own = {stem(word) for word in words_of(_without_links(claims))}
    return any(stem(word) in own for word in GENRE_SUPPORT[genre].split())


def _negated_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Where negations reach: up to eight words, not past the end of the clause."""
    cleaned = _SAFE_NEGATION.sub(lambda m: " " * len(m.group()), text)
    for match in _NEGATION.finditer(cleaned):
        rest = cleaned[match.end() :]
        scope = _CLAUSE_END.split(rest, maxsplit=1)[0]
        words = re.match(r"(?:\s*\S+){0,6}", scope)
        yield match.end(), match.end() + (len(words.group()) if words else 0)


def _negation_told(claims: Claims, word: str, near: str) -> bool:
    """A negation that the item's description itself makes: the words after it are told there."""
    plain = {"without", "never", "not", "no"} & claims.words
    own_negation = word in claims.words or bool(plain and word in ("not", "no", "never", "without"))
    told = [part for part in words_of(near)[:4] if len(part) > 2 and part not in STOP_WORDS]
    return own_negation and bool(told) and all(stem(part) in claims.stems for part in told)


_SUBJECT = re.compile(r"\b(?:he|she|they|who|that|whose \w+|her|his|its \w+)(?: \w+)? $")
_DENIED_LENGTH = re.compile(
    r"^(?:a |exactly |quite |the |too |an? especially )*(?P<how>short|long|brief|lengthy)\b"
)


def _of_the_plot(claims: Claims, before: str, word: str, near: str) -> bool:
    """A negated verb of someone in the story ("a theft he did not commit"), no known fact in it."""
    if not re.search(
        r"\b(?:not|never|cannot|n't|can't|won't|don't|doesn't|didn't|couldn't)$", word
    ):
        return False
    if not _SUBJECT.search(before) or "<" in near:
        return False
    verb = [part for part in words_of(near)[:2] if part not in STOP_WORDS]
    return bool(verb) and not any(stem(part) in claims.stems for part in verb)


def _length_denied(claims: Claims, near: str) -> bool:
    """``not a short film``: true of 140 minutes and more; ``not long``: of 100 and less."""
    match, minutes = _DENIED_LENGTH.match(near), claims.item.runtime_min
    if match is None or minutes is None:
        return False
    return minutes >= 140 if match["how"] in ("short", "brief") else minutes <= 100
