"""Checks of what a sentence calls the item: genres, nations, superlatives, negations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.about import said_of_title, title_parts
from chatrec.generation.claims import Claims, item_words
from chatrec.generation.denials import NATION, negated_ranges
from chatrec.generation.genres import (
    GENRE,
    STRICT_WORDS,
    genres_of_word,
    has_any,
    title_has,
)
from chatrec.generation.nations import NATIONS
from chatrec.generation.vocabulary import (
    GENRE_NOUNS,
    GENRE_SUPPORT,
    GENRE_WORDS,
    STORY_NOUNS,
)
from chatrec.generation.words import fold, stem, word_set, words_of

_LANGUAGE_BEFORE = re.compile(
    r"(?:\b(?:in|spoken|speaks?|language(?: is|:)?|dialogue(?: is)?)) (?:mostly |mainly )?$"
)
_ALONE = re.compile(r"\W*$|[.,;:!?]| (?:-|with|and|but|or|from|by|for|it|this|of|as)\b")
_LIVE_ACTION = re.compile(rf"(?<!not a )(?<!no )\blive[- ]action (?:{STORY_NOUNS})\b")
_LANGUAGE_AFTER = re.compile(
    r"^(?:[- ]language\b|[- ]speaking\b|[- ]spoken\b| dialogue\b| with subtitles\b)"
)
_MADE_IN = re.compile(
    rf"\b(?:(?:{STORY_NOUNS}|this is|it's|it is|this) from|made in|produced in|production from|"
    r"shot in|import from|export from|"
    r"country is|comes from|hails from|courtesy of) (?:the )?(?:united |west |"
    r"south )?$"
)
_PLACE_AFTER = re.compile(
    rf"^(?:[- ](?:made|produced|language|production|\w+))? ?(?:{GENRE_NOUNS}|cinema|production)\b"
)
_FILM_AFTER = re.compile(r"^ (?:films?|movies?|pictures?|productions?|cinema|games?|novels?)\b")
_COUNTRY_NAMES = frozenset(
    name.casefold() for names, _ in NATIONS.values() for name in names.split("|")
)
_CAPITALS = {  # who is in Paris is in France
    "paris": "france", "london": "uk", "rome": "italy", "berlin": "germany", "tokyo": "japan",
    "moscow": "russia", "madrid": "spain", "vienna": "austria", "dublin": "ireland",
    "hollywood": "usa", "manhattan": "usa", "chicago": "usa", "boston": "usa",
    "philadelphia": "usa", "brooklyn": "usa",
}  # fmt: skip
_WIDE = frozenset({"european", "asian", "scandinavian", "us", "states"})
_LEAVES_OUT = re.compile(
    r"\b(?:instead of|in place of|rather than|"
    r"trad(?:es|ing|ed)|swap(?:s|ping|ped)|leav(?:es|ing)|left|"
    r"exchang(?:es|ing|ed)|replac(?:es|ing|ed)|ditch(?:es|ing)|drop(?:s|"
    r"ping))\b(?![^.;]*\b(?:for|with)\b)[^.;<]{0,45}$"
)
_FOREIGN = re.compile(r"\b(?:foreign[- ]language|foreign|subtitled|with subtitles)\b")
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
_GENRE_OF = re.compile(r"(?: [\w-]+)? (?:of|in|from) (?:the |your favou?rite )?<t(?P<title>\w)>")
_TAKES_OVER = re.compile(
    r"\b(?:shar(?:e|es|ing)|same|like|also|too|again|another|both|more|keeps?|offers?|has|have|"
    r"with|"
    r"matches|returns?)\b"
)
_NOT_SUCH = re.compile(r"\bnot (?:an?|the|your) (?:[\w-]+ ){1,2}$")
_BUT_SUCH = re.compile(r",? but (?:an?|the) (?:[\w-]+ ){1,2}one\b")
_DEEDS = frozenset(
    {"action", "crime", "crimes", "war", "wars", "music", "family", "history", "combat"}
)
_OWNED = re.compile(r"(?:[a-z>]'s?|\b(?:his|her|their|my|your|our|one|the|that|this|whose|any)) $")
_A_FAMILY = re.compile(r"\b(?:with|by|of|from|for|to|among|into|against) an? (?:[\w-]+ )?$")
_FAMILY_THING = re.compile(
    r" (?:feuds?|business|farm|home|house|secrets?|name|dinner|reunion|tree|ties|friend|members?|"
    r"car|dog|life|troubles?|curse|fortune|estate|honou?r|shop|restaurant|ranch|firm|company|"
    r"heirlooms?|portrait|photos?|vacation|holiday|trip|doctor|crest|history|problems?|matters|"
    r"rift|"
    r"quarrels?|loyalty|duty|bonds?|unit|gathering|room|wedding|funeral|table|fights?)\b"
)
_STORY_AFTER = re.compile(rf"(?: [a-z-]+){{0,2}} (?:{STORY_NOUNS})\b")
_SOFT = frozenset(GENRE_SUPPORT)


def genre_problems(claims: Claims) -> Iterator[str]:
    """Genre words that do not fit the item's genres; negated ones that do."""
    negated = list(negated_ranges(claims))
    if "animation" in claims.genres and _LIVE_ACTION.search(claims.masked):
        yield "'live-action' is said of an animation"
    for match in GENRE.finditer(claims.masked):
        word = re.sub(r"\s+", " ", match.group())
        genres = genres_of_word(word)
        denied = any(start <= match.start() < end for start, end in negated)
        if denied and not _of_another_sort(claims.masked, match):
            if not claims.genres or has_any(claims.genres, genres) or _told(claims, word):
                yield f"denies the genre {word!r}"
            continue
        if has_any(claims.genres, genres):
            continue
        if _told(claims, word) and not _names_the_genre(claims, word, match):
            continue
        if word.endswith("est") and not _STORY_AFTER.match(claims.masked, match.end()):
            continue  # "the scariest girl at school"
        if _of_a_title(claims, word, match) or _is_a_deed(claims.masked, word, match):
            continue
        as_genre = re.match(rf"[- ](?:\w+[- ])?(?:{GENRE_NOUNS})\b", claims.masked[match.end() :])
        supported = any(_supported(claims, genre) for genre in genres if genre in _SOFT)
        strict = as_genre or word in STRICT_WORDS or _called_genre(claims.masked, match)
        if strict or not supported:
            yield f"genre word {word!r} is not among the facts"
    for genre in claims.lookups.genres - claims.genres - set(GENRE_WORDS):
        if genre not in claims.own_text and re.search(rf"\b{re.escape(genre)}\b", claims.masked):
            yield f"genre {genre!r} is not among the facts"


def _of_another_sort(text: str, match: re.Match[str]) -> bool:
    """``not an American romance but an Irish one``: the genre itself is not denied."""
    return bool(
        _NOT_SUCH.search(text[: match.start()]) and _BUT_SUCH.match(text[match.end() :].lstrip("s"))
    )


def _of_a_title(claims: Claims, word: str, match: re.Match[str]) -> bool:
    """Whether the genre is said of a title that has it: "after the laughs of <ta>"."""
    for start, end, letter in title_parts(claims, match.string):
        if start <= match.start() < end and title_has(claims.titles[letter], word):
            return True
    that = re.search(r"\bthat (?:[a-z]+ )?$", claims.masked[: match.start()])
    if that and any(title_has(title, word) for title in claims.titles.values()):
        return True  # "longer than that western", of a western named before
    of = _GENRE_OF.match(claims.masked, match.end())
    before = re.split(r"[.;:,]", claims.masked[: match.start()])[-1]
    if of is None or _TAKES_OVER.search(" ".join(before.split()[-3:])):
        return False
    return title_has(claims.titles[of["title"]], word)


def _is_a_deed(text: str, word: str, match: re.Match[str]) -> bool:
    """Whether "crime" or "war" is one thing that happens: "his uncle's crime", "the war"."""
    if word not in _DEEDS or re.match(rf"[- ](?:\w+[- ])?(?:{GENRE_NOUNS})\b", text[match.end() :]):
        return False
    if word == "family" and (
        _FAMILY_THING.match(text, match.end()) or _A_FAMILY.search(text[: match.start()])
    ):
        return True
    return bool(_OWNED.search(text[: match.start()]))


def nation_problems(claims: Claims) -> Iterator[str]:
    """Countries, nationalities and languages other than the item's."""
    text = claims.masked
    negated = list(negated_ranges(claims))
    language = fold(claims.item.language)
    capitals = {token.folded for token in claims.tokens if token.capital}
    for match in NATION.finditer(text):
        word = match.group()
        if word not in capitals and word not in ("usa", "uk"):
            continue
        denied = any(start <= match.start() < end for start, end in negated)
        holds = _nation_holds(claims, match)
        if not holds and _left_out(claims, match):
            continue
        if not holds and _of_that_nation(claims, match):
            continue
        if holds == denied and (denied or not said_of_title(claims, match)):
            yield f"{word!r} is not the item's country or language"
    if _FOREIGN.search(text) and language in ("", "english", "silent"):
        yield "calls it foreign or subtitled"
    if re.search(r"\bsilent (?:film|movie|picture|era|comedy|classic|one)\b", text) and not (
        language == "silent" or "silent" in claims.words
    ):
        yield "calls it silent"


def _of_that_nation(claims: Claims, match: re.Match[str]) -> bool:
    """``<ta> is the American version; this ...``: said of a title of that nation."""
    names = [fold(name) for found in NATIONS[match.group()] for name in found.split("|") if name]
    return any(
        start <= match.start() < end
        and any(name in item_words(item) for item in claims.titles[letter].items for name in names)
        for start, end, letter in title_parts(claims, match.string)
    )


def _left_out(claims: Claims, match: re.Match[str]) -> bool:
    """``trading Austria for ...``, ``instead of Norwegian folklore``: said of a title named."""
    if not _LEAVES_OUT.search(claims.masked[: match.start()]):
        return False
    word = match.group()
    names = {word, *(fold(name) for names in NATIONS[word] for name in names.split("|") if name)}
    items = [item for title in claims.titles.values() for item in title.items]
    return any(re.search(rf"\b{re.escape(n)}\b", item_words(i)) for n in names for i in items)


def _nation_holds(claims: Claims, match: re.Match[str]) -> bool:
    """Whether the item is of that country or language, or its story tells of it."""
    word, text = match.group(), claims.masked
    before, after = text[: match.start()], text[match.end() :]
    countries = {fold(name) for name in claims.item.countries}
    places, tongues = ({fold(n) for n in names.split("|") if n} for names in NATIONS[word])
    spoken = fold(claims.item.language) in tongues
    if tongues and (
        (_LANGUAGE_BEFORE.search(before) and _ALONE.match(after)) or _LANGUAGE_AFTER.match(after)
    ):
        return spoken
    own_text = fold(" ".join((claims.item.description, *claims.item.keywords)))
    own = {told.removesuffix("'s") for told in words_of(own_text)}
    own |= {told.removesuffix("s") for told in own}  # "Germans"
    names_country = word in _COUNTRY_NAMES | {"states", "america", "korea"}
    if _MADE_IN.search(before) and names_country:
        return bool(places & countries)
    film = _FILM_AFTER.match(after)
    untold_film = film is not None and word + film.group() not in own_text
    if untold_film or (_PLACE_AFTER.match(after) and word not in own):
        return bool(places & countries) or spoken
    told = {_home(other) for other in own & NATIONS.keys() - _WIDE} - {""}
    here = any(re.search(rf"\b{re.escape(place)}\b", own_text) for place in places)
    here = here or any(_CAPITALS.get(city) in places for city in own)
    return bool(places & countries) or spoken or here or word in claims.words or _home(word) in told


def _home(word: str) -> str:
    """The first country that a nationality stands for; empty for a language alone."""
    return NATIONS[word][0].split("|")[0]


def _called_genre(text: str, match: re.Match[str]) -> bool:
    """Whether the words around say that this is a genre: "with war as its genre"."""
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() :][:30]
    return bool(_GENRE_BEFORE.search(before) or _GENRE_AFTER.match(after))


def _names_the_genre(claims: Claims, word: str, match: re.Match[str]) -> bool:
    """Whether ``word`` is said to be the genre, and no theme is one of that genre.

    "A family film" needs the genre, whatever the story says of a family; a theme "dark comedy" or
    "war film" will do for it.
    """
    film = re.match(
        r"[- ](?:films?|movies?|pictures?|flicks?|genre)\b", claims.masked[match.end() :]
    )
    if not film and not _called_genre(claims.masked, match):
        return False
    if film and word + film.group() in fold(claims.item.description):
        return False
    themes = (fold(keyword) for keyword in claims.item.keywords)
    start = "^" if word in _SUBJECTS else r"\b"
    return not any(
        re.search(rf"{start}{re.escape(word)}(?: films?| movies?)?$", theme) for theme in themes
    )


_SUBJECTS = word_set("family war crime music action history mystery adventure sport sports drama")


def _told(claims: Claims, word: str) -> bool:
    """Whether the item's own texts use the word."""
    plain = re.escape(word.replace("-", " ").removesuffix("s"))
    return bool(re.search(rf"\b{plain}s?\b", _without_links(claims).replace("-", " ")))


def _without_links(claims: Claims) -> str:
    item = claims.item
    return fold(" . ".join((*item.keywords, *item.genres, item.description, *item.facts.values())))


def _supported(claims: Claims, genre: str) -> bool:
    own = {stem(word) for word in words_of(_without_links(claims))}
    return any(stem(word) in own for word in GENRE_SUPPORT[genre].split())
