"""Checks of comparisons with a title that are no matter of years and minutes (see gaps.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.generation.claims import Claims
from chatrec.generation.genres import title_has
from chatrec.generation.mentions import name_key
from chatrec.generation.nations import NATIONS
from chatrec.generation.vocabulary import STORY_NOUNS
from chatrec.generation.words import fold, stem, words_of
from chatrec.types import Item

_THAN = re.compile(r"\bthan\b")
_SAFE_THAN = re.compile(
    r"\b(?:rather|other|more|less|no more) than (?:just |merely |simply |one|enough|a "
    r"little|once|that|anything|"
    r"most|ever)|\b(?:more|less|harder|further|farther) (?:[\w-]+ ){0,3}?than "
    r"(?:he|she|they|it|anyone|everyone) (?!is\b|does\b|was\b|did\b)(?:\w+ )?[a-z']+\b|"
    r"\bmore (?!like|in|of|to|about)[a-z]{3,} than (?!<|\d|(?:an?|one|two|three|the|his|her|most|"
    r"any|ever|all|other)\b)[a-z]+|"
    r"\b(?:less|more) an? (?:[\w-]+ ){1,2}than an? (?!<)|"
    r"\bno (?!longer|shorter|older|newer|later)[a-z]+er than (?:an?|the|his|her) (?!<)|"
    r"\b(?:nothing|no one|nobody|none|anything|anyone|everything|everyone|something|someone) "
    r"(?:less|more|other|better|worse|else|greater|[a-z]+er) than (?!(?:the )?<t)|"
    r"\b(?:older|younger) than (?:\d+|[a-z]+ty(?:-\w+)?|[a-z]+teen|ten|twelve|he|she|"
    r"they)\b(?! (?:years|minutes|hours))|"
    r"\bpaid (?:less|more) than (?!<)|"
    r"\bmore than (?=\w+ (?:link|thing|reason))|\b(?:rather|other) than\b|"
    r"\b(?:costs?|wants?|needs?|gets?|finds?|means?|has|loses?|takes?|learns?|gives?|asks?|is|was)"
    r"(?: \w+)? more than (?!<|\d|(?:an?|one|two|three)\b)|"
    r"\bmore (?:[\w'<>-]+ ){0,12}?than (?:with|in|for|at|on|to|from|by|of|when|where)\b(?! <t)|"
    r"\brather (?!(?:long|short|new|old))(?:[\w'-]+ ){1,8}?than\b|"
    r"\b(?:more|less|further) (?:[\w'-]+ ){0,8}?than (?:you|anyone)(?:'d|'ll| would|"
    r" will| might| may| can| could)? (?:think|expect|guess|count|imagine|bargain|"
    r"(?:care|want|like) to (?!see|watch)[a-z]+)"
)
_MEASURED = re.compile(  # what years, lengths or a verdict would have to bear out
    r"\b(?:longer|shorter|newer|older|younger|earlier|later|(?<!'d )(?<!would )sooner|briefer|"
    r"lengthier|"
    r"(?:quicker|brisker)(?! (?:with|at|to|on|of|in)\b)|(?:more|less|fewer|additional|"
    r"extra)(?: [\w-]+){0,2} (?:time|minutes?|hours?|years?)|"
    r"(?:more|less) (?:recent|modern|often)|(?:time|minutes?|hours?|years?) (?:more|less|fewer)|"
    r"more popular|more famous)\b(?: [\w'<>,-]+){0,8}? ?$|"
    r"\b(?:longer|shorter|older|newer)\b[^.;:]*$|"
    r"\b(?:better|worse|superior|stronger|weaker|scarier|funnier|smarter|finer) $"
)
_IN_STORY = re.compile(
    r" (?:any|all|most|both|either|each)(?: one)? of (?:his|her|their|its|the)\b|"
    r" (?:his|her|their) [a-z]"
)
_RANKED = re.compile(
    r"^ (?:most\b|ever\b|(?:any|all|every)(?: other)? (?:films?|movies?|pictures?|of them|other)\b|"
    r"(?:over|for|in|with|on|to) (?:this|it)\b)"
)
_LENGTH_THAN = re.compile(
    r"\b(?:(?:more|less|longer|shorter|fewer|later|earlier|newer|older) than) (?:the "
    r")?(?:\w+[- ]){0,8}?(?:minutes?|hours?|nights?|days?|weeks?|\d{4})\b"
)
_MORE_SO = re.compile(
    r"\b(?:(?P<how>[a-z]{3,}er)|more (?P<more>[a-z-]+)) than (?:in |with )?<t(?P<title>\w)>"
)
_NOT_AS = re.compile(
    r"(?:\bnot|n't) (?:quite |nearly |half )?as (?!long|short|old|new|recent|good|scary|"
    r"funny)[a-z]+ as\b"
)
_AS_AS = re.compile(
    r"\bas (?!well\b)\w+ as <t|"
    r"\bas (?:long|short|old|new|recent|good|scary|funny|violent|dark|epic) as\b"
)
_BOTH = re.compile(
    r"\bboth(?: of them| films| movies)?(?: (?:also|even))? (?P<said>(?:came|come|are|were|was|"
    r"from|made|"
    r"released|set foot|date|hail|shot|appeared|in|of)\b[^.;:,]*)"
)
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b(?!'?s)")
_DECADE = re.compile(r"(?<!\d)(1[89]\d0|20\d0|\d0)'?s\b")
_KINSHIP = re.compile(
    r"\b(?:sequel|prequel|remake|reboot|spin-off|spinoff|follow-up|companion piece) "
    r"(?:to|of|from) <t"
)
_FOLLOW_UP = re.compile(r"\bfollow-up to <t(?P<title>\w)>")
_KIN_WORDS = frozenset({"sequel", "prequel", "remake", "reboot", "spin"})
_COMPARATIVE = re.compile(
    r"(?:^|[,:] |\b(?:is|are|was|feels?|looks?|even|much|far|an?|the|and|but|or|more|bit|any|"
    r"little|somewhat|slightly|no|its|just|only|still|it's|that's|this) )"
    r"(?P<how>better|worse|superior|stronger|weaker|scarier|funnier|smarter)\b"
    rf"(?=\W*$|[,.;:]| (?:{STORY_NOUNS}|than|of the two|still|yet|too|and|but|here)\b)"
)


def comparison_problems(claims: Claims, masked: str) -> Iterator[str]:
    """Comparisons in ``masked`` (gaps of age and length taken out) that cannot be verified."""
    yield from _both_problems(claims)
    text = _MORE_SO.sub(lambda match: _unless_more(claims, match), _LENGTH_THAN.sub(" ", masked))
    if "than" not in claims.words and _is_measured(_SAFE_THAN.sub(" ", text)):
        yield "a comparison that cannot be verified"
    text = _NOT_AS.sub(" ", text)
    if _AS_AS.search(text) and not _as_holds(claims, text):
        yield "a comparison that cannot be verified"
    if (
        _KINSHIP.search(_FOLLOW_UP.sub(lambda m: _unless_next(claims, m), text))
        and not _KIN_WORDS & claims.words
    ):
        yield "a relation between titles that is not among the facts"
    compared = {match["how"] for match in _COMPARATIVE.finditer(text)}
    if any(not {word, word.removesuffix("er")} & claims.words for word in compared):
        yield "a comparison that cannot be verified"


def _is_measured(text: str) -> bool:
    """Whether a "than" compares time, age or worth; of a mood ("gentler than") it claims less."""
    return any(
        (
            _MEASURED.search(re.split(r"[.;]", text[: match.start()])[-1])
            and not _IN_STORY.match(text, match.end())
        )
        or _RANKED.match(text, match.end())
        for match in _THAN.finditer(text)
    )


def _unless_next(claims: Claims, match: re.Match[str]) -> str:
    """Nothing for "<pa>'s follow-up to <tb>" where somebody made <tb> and later this."""
    title, year = claims.titles.get(match["title"]), claims.item.year
    makers = {name_key(name) for name in claims.item.creators}
    years = [other.year for other in title.items if other.year] if title else []
    later = year is not None and any(year > other for other in years)
    return " " if title and later and makers & title.creators() else match.group()


def _unless_more(claims: Claims, match: re.Match[str]) -> str:
    """Nothing for "deadlier than in <ta>" where the item is told to be so and <ta> is not."""
    title = claims.titles.get(match["title"])
    word = match["more"] or match["how"]
    bases = {word} if match["more"] else {f"{word[:-3]}y", word[:-2], word[:-1], word[:-3]}
    told = [base for base in bases if len(base) > 2 and stem(base) in claims.stems]
    holds = title is not None and bool(told) and not any(title_has(title, base) for base in told)
    return " " if holds else match.group()


def _both_problems(claims: Claims) -> Iterator[str]:
    """Years, decades, lengths and countries said of "both" that do not hold for the title."""
    items = [title.items for title in claims.titles.values() if title.items]
    if not claims.titles:  # "both" of this and of the only title that the evidence names
        given = [claims.lookups.items_of.get(" ".join(key), ()) for key in claims.given_keys]
        items = [found for found in given if found and len(given) == 1]
    for match in _BOTH.finditer(claims.masked):
        for same_title in items:
            if not any(_both_hold(match["said"], item) for item in same_title):
                yield f"{match.group().strip()!r} does not hold for {same_title[0].title!r}"


def _both_hold(said: str, item: Item) -> bool:
    """Whether the years, decades, countries and languages of ``said`` are those of ``item``."""
    years = {int(year) for year in _YEAR.findall(said)}
    if item.year is not None:
        decade = item.year // 10 * 10
        told = {str(decade), f"{decade % 100:02d}"}  # "the 1980s", "the 80s"
        if (years and item.year not in years) or not told.issuperset(_DECADE.findall(said)):
            return False
    homes = {fold(name) for name in item.countries} | {fold(item.language)}
    for word in words_of(said):
        if word in NATIONS and word != "us":
            names = {fold(name) for names in NATIONS[word] for name in names.split("|")}
            if not names & homes:
                return False
    return True


def _as_holds(claims: Claims, text: str) -> bool:
    match = re.search(r"\bas ([\w-]+) as (<t(\w)>)", text)
    if match is None:
        return False
    title = claims.titles.get(match[3])
    own = {stem(word) for word in words_of(claims.own_text)}
    told = all(stem(part) in own for part in words_of(match[1]))
    return title is not None and told and title_has(title, match[1])
