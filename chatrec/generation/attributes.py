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
    genre_words_in,
    genres_of_word,
    has_any,
    title_has,
)
from chatrec.generation.nations import NATIONS
from chatrec.generation.praise_words import EST_WORDS, SAFE_MOST, SUPERLATIVES
from chatrec.generation.transfers import same_row
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
_WIDE = frozenset({"european", "asian", "scandinavian", "us", "states"})
_LEAVES_OUT = re.compile(
    r"\b(?:instead of|in place of|rather than|"
    r"trad(?:es|ing|ed)|swap(?:s|ping|ped)|leav(?:es|ing)|left|"
    r"exchang(?:es|ing|ed)|replac(?:es|ing|ed)|ditch(?:es|ing)|drop(?:s|"
    r"ping))\b(?![^.;]*\b(?:for|with)\b)[^.;<]{0,45}$"
)
_FOREIGN = re.compile(r"\b(?:foreign[- ]language|foreign|subtitled|with subtitles)\b")
_SOLE = frozenset({"only", "sole", "lone", "alone", "last"})
_FAVOURITE = re.compile(
    r"\b(?:your|his|her|their|an? old|one of (?:your|his|her|their)|among your) favou?rites?\b|"
    r"\ba favou?rite (?:of (?:yours|his|hers|theirs))\b"
)
_DENIED_FIRST = re.compile(r"\b(?:not|n't|isn't|never|hardly)(?: quite)? $")
_HIT_VERB = re.compile(
    r"\bhits?(?:ting)? (?=(?:the|an?|on|it|out|by|him|her|them|back|home|men|man|woman|job|list|"
    r"squad|"
    r"his|their|rock|town|bottom|hard|where|close|and)\b)"
)
_WINS = re.compile(
    r"\bwinning (?=(?:him|her|them|his|the|an?|back|over|money|it)\b(?! (?:film|drama|comedy)))|"
    r"\bonly (?=(?:hope|chance|way|clue|wish|comfort|escape|weapon|friend|company)\b)"
)
_STORY_EST = re.compile(
    r"(?<=\bone's )[a-z]{2,}est\b|\b(?:his|her|their|our|my|your|[a-z]+'s) "
    r"(?!best|finest|greatest|latest|newest|earliest|longest|shortest|"
    r"oldest)(?:own )?[a-z]{2,}est (?=wish|fear|hour|friend|desire|secret|dream|memor|enem|thought|"
    r"impulse|self|instinct|feeling|moment|day|night|love|sin|wound|relativ|famil|rival|all)|"
    r"\b(?:deep|dark|clos|wild|fond)est (?=wish|fear|friend|desire|secret|dream|memor|hour)|"
    r"\b(?:old|young|eld)est (?=girl|boy|child|son|daughter|brother|sister|sibling)"
)
_EXTREMES = re.compile(  # "does its worst", "rebellious to the last"
    r"\b(?:do|does|did|doing) (?:its|his|her|their) (?:very )?(?:worst|best)\b|"
    r"\bto the last\b(?=\W*$|[,.;:])"
)
_TOP = re.compile(r"\btop[ -](?P<what>[a-z]+)\b(?!-)")
_PRAISED = word_set(
    """rated notch grossing selling billed tier ten pick choice quality class marks honors honours
    award prize drawer shelf form bill films movies entertainment acting performances work"""
)
_PERSON = (
    "girl|boy|kid|student|classmate|actor|actress|singer|writer|author|novelist|painter|artist|"
    "detective|pianist|musician|dancer|chef|explorer|warrior|swordsman|samurai|gunslinger|outlaw|"
    "thief|pirate|king|queen|wife|husband|father|mother|grandmother|grandfather|son|daughter|"
    "brother|sister|uncle|aunt|guest|visitor|inventor|scientist|general|doctor|lawyer|criminal|"
    "robber|"
    "gangster|poet|composer|conductor|champion|boxer|athlete|journalist|reporter|politician|wizard|"
    "magician|ship|city|town|street|palace|hotel|school|painting|jewel|diamond|landmark|song|voice|"
    "dog|cat|horse|teacher|coach|mentor|friend|toy|car|jock|clique"
)
_LAST_OF_STORY = re.compile(  # "the last carriage", "her last wish", but not "his last film"
    rf"\b(?:the|his|her|their|its) (?:very )?(?:first|last|final) (?!(?:{STORY_NOUNS}|work|role|"
    rf"part|"
    r"appearance|performance|outing|collaboration|time|year|decade|effort|production|release|"
    r"instal\w+|sequel|prequel|chapter|episode|entry|part|one|of|and|or|but|in|to|for|as|with|time|"
    r"talkie|feature|colou?r|direct\w+|screen\w*|lead\w*|star\w*|act\w*|bond|american|english|"
    r"hollywood|project|script|hit|success|meeting|masterpiece|silent|sound|big|great|major|"
    r"full)\b)"
    r"[a-z][a-z'-]+(?! (?:films?|movies?|pictures?|work|role))"
)
_STORY_USE = re.compile(
    r"\bon top\b|\b(?:at|to|from|near|over) the (?:very )?top\b|"
    rf"\b(?:famous|celebrated|legendary|renowned|beloved|popular) (?:[a-z-]+ )?(?:{_PERSON})s?\b|"
    r"\bprize (?:money|fight|fighter|pig|bull|dog|horse)s?\b|"
    r"(?<!grand )(?<!jury )(?<!nobel )\b(?:as|for|is|of) (?:the|a|his|her|their|its|any) "
    r"(?:cash |big |real |only )?prize\b"
)
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
_GENRE_OF = re.compile(r"(?: [\w-]+)? (?:of|in|from) (?:the |your favou?rite )?<t(?P<title>\w)>")
_TAKES_OVER = re.compile(
    r"\b(?:shar(?:e|es|ing)|same|like|also|too|again|another|both|more|keeps?|offers?|has|have|"
    r"with|"
    r"matches|returns?)\b"
)
_NOT_SUCH = re.compile(r"\bnot (?:an?|the|your) (?:[\w-]+ ){1,2}$")
_BUT_SUCH = re.compile(r",? but (?:an?|the) (?:[\w-]+ ){1,2}one\b")
_DEEDS = frozenset({"crime", "crimes", "war", "wars", "music", "family", "history", "combat"})
_OWNED = re.compile(r"(?:[a-z]'s?|\b(?:his|her|their|my|your|our|one|the|that|this|whose|any)) $")
_A_FAMILY = re.compile(r"\b(?:with|by|of|from|for|to|among|into|against) an? (?:[\w-]+ )?$")
_FAMILY_THING = re.compile(
    r" (?:feuds?|business|farm|home|house|secrets?|name|dinner|reunion|tree|ties|friend|members?|"
    r"car|dog|life|troubles?|curse|fortune|estate|honou?r|shop|restaurant|ranch|firm|company|"
    r"heirlooms?|portrait|photos?|vacation|holiday|trip|doctor|crest|history|problems?|matters|"
    r"rift|"
    r"quarrels?|loyalty|duty|bonds?|unit|gathering|room|wedding|funeral|table|fights?)\b"
)
_SOFT = frozenset(GENRE_SUPPORT)


def genre_problems(claims: Claims) -> Iterator[str]:
    """Genre words that do not fit the item's genres; negated ones that do."""
    negated = list(negated_ranges(claims))
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
        if holds == denied and (denied or not said_of_title(claims, match)):
            yield f"{word!r} is not the item's country or language"
    if _FOREIGN.search(text) and language in ("", "english", "silent"):
        yield "calls it foreign or subtitled"
    if re.search(r"\bsilent (?:film|movie|picture|era|comedy|classic|one)\b", text) and not (
        language == "silent" or "silent" in claims.words
    ):
        yield "calls it silent"


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
    return bool(places & countries) or spoken or here or word in claims.words or _home(word) in told


def _home(word: str) -> str:
    """The first country that a nationality stands for; empty for a language alone."""
    return NATIONS[word][0].split("|")[0]


def superlative_problems(claims: Claims) -> Iterator[str]:
    """Superlatives, fame and awards that no fact states."""
    text = claims.masked
    for idiom in SAFE_MOST:
        text = text.replace(idiom, " ")
    text = _STORY_USE.sub(" ", _TOP.sub(_unless_praise, text))
    text = _STORY_EST.sub(" ", _WINS.sub(" ", _HIT_VERB.sub(" ", text)))
    text = _EXTREMES.sub(" ", text)
    text = _FAVOURITE.sub(" ", re.sub(r"<\w+>", " ", text))
    for word in words_of(text.replace("award-winning", "award")):
        est = bool(_EST.fullmatch(word)) and word not in EST_WORDS
        bases = {word.removesuffix("est"), word.removesuffix("st"), f"{word[:-4]}y"}
        est = est and not bases & claims.words
        if word == "most" and _most_told(claims, text):
            continue
        if (word in SUPERLATIVES or est) and word not in claims.words:
            yield f"{word!r} is not among the facts"
    first = re.search(
        r"\b(?:the|his|her|their|its) (?:very )?(?:first|last|debut|final|finest|"
        r"only(?! (?:to|because|when|after|if|for|by|in|at|on|once|as|with|until)\b))\b|\bdebut\b",
        text,
    )
    if (
        first
        and not _LAST_OF_STORY.match(text, first.start())
        and not _DENIED_FIRST.search(text[: first.start()])
        and not re.search(
            r"\bthe (?:first|last) (?:to (?:learn|know|hear|notice|see|leave)\b|"
            r"time|reason|thing|link|of)\b|the only thing",
            text,
        )
    ):
        word = first.group().split()[-1]
        if word == "first" and _opens_row(claims):
            return
        if not claims.words & _SOLE if word == "only" else word not in claims.words:
            yield f"{first.group()!r} is not among the facts"


def _opens_row(claims: Claims) -> bool:
    """Whether a later title of the item's own row is named, beside which it is the first."""
    year = claims.item.year
    rows = [title for title in claims.titles.values() if same_row(claims, title)]
    years = [item.year for title in rows for item in title.items if item.year is not None]
    return bool(years) and year is not None and all(year < other for other in years)


def _unless_praise(match: re.Match[str]) -> str:
    """Nothing for "top student" and "top floor"; "top thriller" stays."""
    what = match["what"]
    praise = what in _PRAISED or genre_words_in(what) or re.fullmatch(STORY_NOUNS, what)
    return match.group() if praise else f" {what}"


def _most_told(claims: Claims, text: str) -> bool:
    """``the most feared woman``, where the facts call her feared."""
    said = re.findall(r"\bmost ([a-z-]+)", text)
    return bool(said) and all(word in claims.words for word in said)


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
