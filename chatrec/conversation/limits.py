"""Reads hard limits out of a message: genres, countries, languages, themes, people and numbers.

Titles must be blanked first. Only what the catalogue has becomes a limit; the rest stays wish
text and, where the user would expect a filter, is reported as unknown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from chatrec.conversation import lexicon
from chatrec.conversation.filters import Unless
from chatrec.conversation.ages import KIDS_AGE, ages
from chatrec.conversation.measures import Measure, prices, runtimes
from chatrec.conversation.people import People, read_people
from chatrec.conversation.polarity import (
    LIFT_AFTER,
    LIFT_BEFORE,
    carried_on,
    is_joint,
    negation,
)
from chatrec.conversation.utterance import MASK, Span, Utterance, masked, split
from chatrec.conversation.vocabulary import Finding, Vocabulary, beside_film_noun
from chatrec.conversation.years import years
from chatrec.types import Constraints


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message limits. ``said`` holds its own limits only.

    ``lifted`` are values that may come again, ``lifted_fields`` limits that no longer hold;
    ``negative`` the spans of what is ruled out, ``positive`` of what is wanted, ``numeric`` of limits in numbers or languages; ``unknown`` what
    no limit can express. ``names_genre``: it wants a genre of its own.
    """

    said: Constraints = field(default_factory=Constraints)
    unless: Unless = ()
    lifted: tuple[str, ...] = ()
    lifted_fields: tuple[str, ...] = ()
    negative: tuple[Span, ...] = ()
    positive: tuple[Span, ...] = ()
    numeric: tuple[Span, ...] = ()
    unknown: tuple[str, ...] = ()
    names_genre: bool = False
    namesakes: tuple[tuple[str, str], ...] = ()


_ABOUT = re.compile(r"\b(?:about|on|theme of|uber|sobre|sur)\s+(?:\w+\s+){0,2}$|关于$")
_EXCEPT = re.compile(
    r"\b(?:except|unless|but only|save|apart from|other than|ausser|es sei denn|sauf|salvo|excepto|a menos)\b|除非|除了"
)
_PLURAL = re.compile(r"\w+(?:ies|ers|mas|orns|cals|oirs|ials|ilme|ncs|ms|rns)$")
_AFTER_ADJECTIVE = re.compile(
    r"\s*(?:$|[,.!?;:)&/]|(?:or|and|but|please|with|without|from|in|of|about|that|which|directed|starring|by|not|no|for|"
    r"like|similar|set|made|"
    r"films?|movies?|cinema|flicks?|one|ones|filme?n?|kino|cine|cinema|peliculas?|classics?|new wave|language|oder|und|"
    r"aber|mit|ohne|aus|bitte|ou|et|mais|avec|sans|o|y|pero|con|sin|de|del|des|games?|books?|songs?|music|production|"
    r"directors?|only|instead|too|as well|again|tonight|nur|wie|comme|como|s'il|por favor)\b|的|片|电影|喜|恐|爱|动|科)"
)
_NOT_OF = re.compile(r"\b(?:about|set in|in|uber|speaks?|learn|subtitles?)\s+(?:the\s+|a\s+)?$")
_COUNTRY_NOUN = re.compile(
    r"\b(?P<cue>(?:from|made in|produced in|out of|shot in|aus|de|du|desde|produit en)\s+(?:the\s+|la\s+|den\s+)?)"
    r"(?P<name>[^\W\d_]+(?:\s+[^\W\d_]+){0,3})"
)
_SPOKEN = re.compile(
    r"\b(?:in|auf|en|spoken in|speaks?|speaking)\s+(?P<a>[^\W\d_]+)\b(?! (?:films?|movies?|subtitles?|untertitel))|"
    r"\b(?P<b>[^\W\d_]+)[ -](?:language|speaking|spoken|sprachig\w*|dubbed)\b|\b(?P<c>[^\W\d_]+?)sprachige?[rns]?\b|"
    r"\b(?P<d>english|silent|hindi|persian|arabic)(?= (?:films?|movies?|ones?))|\b(?:not|no|non)[ -](?P<e>english)\b"
)
_FOREIGN = re.compile(r"\bforeign(?:[ -]language)?(?= (?:films?|movies?|cinema|ones?)|$)|外语片")
_LIFT_FIELDS = (
    (r"\bany (?:year|decade|age of film|period)\b|\b(?:year|decade|age|era) (?:doesn't|does not) matter\b", ("year_min", "year_max")),
    (r"\bany (?:length|runtime|duration)\b|\b(?:length|runtime|duration) (?:doesn't|does not) matter\b|\bhowever long\b", ("runtime_min", "runtime_max")),
    (r"\bany language\b|\blanguage (?:doesn't|does not) matter\b", ("languages_any", "languages_none")),
    (r"\bany (?:country|nationality)\b|\bfrom anywhere\b|\bcountry (?:doesn't|does not) matter\b", ("countries_any", "countries_none")),
    (r"\bany genre\b|\bgenre (?:doesn't|does not) matter\b", ("genres_all", "genres_any", "genres_none")),
    (r"\bany (?:price|budget)\b|\bprice (?:doesn't|does not) matter\b|\bmoney is no object\b", ("price_max",)),
    (r"\bany (?:rating|age rating)\b|\b(?:r[- ]rated|adult films?|mature content|any rating) (?:is|are) (?:fine|ok|okay)\b"
     r"|\b(?:for|only) (?:adults|grown[- ]?ups)\b|\badults only\b|\bkids are (?:asleep|in bed|away|out)\b|\bjust for (?:me|us)\b"
     r"|\b(?:no|without(?: the)?) (?:kids|children)(?: around| tonight)?(?=$|[.,!;])|\bnot for (?:the |my )?(?:kids|children)\b", ("max_age",)),
    (r"\bany (?:actor|actress|director|cast)\b", ("people_all", "people_none")),
)  # fmt: skip
_FREE_NEGATIVE = re.compile(
    r"(?P<cue>\b(?:no|without(?: any)?|nothing (?:with|about|involving)|not about|not too|nothing too|nothing|ohne|sans|sin|"
    r"kein\w*|pas de|pas d'|nada de)\s+)(?=(?P<what>[^\W\d_][\w'-]*(?:[ -][^\W\d_][\w'-]*){0,2}))"
)
_GENERIC_TEXT = """
film films movie movies more one ones please idea thanks thank problem need matter doubt
preference worries game games book books too very such any other others stuff things thing that
those these this the a an i it is in on of for from with and or but to who which where when old
older new newer long longer short shorter else like just only really filme bitte mehr plus mas
pelicula peliculas me my your his her wrong limits limit filter filters way rush longer special
particular better worse good bad repeats repeat want mood at over under before after year years
r rated scary funny und oder et ou y o
"""
_GENERIC = frozenset(_GENERIC_TEXT.split())
_UNSUPPORTED = re.compile(
    r"\b(?:(?:on|from|streaming on|available on) (?:netflix|hulu|disney\+?|disney plus|hbo(?: max)?|amazon(?: prime)?|prime(?: video)?|apple tv|"
    r"youtube)|oscar[- ]winning|award[- ]winning|(?:won|win|winning) (?:an? |some )?(?:oscars?|awards?)|"
    r"(?:imdb|rotten tomatoes|metacritic)(?: (?:score|rating))?(?: (?:above|over|of|at least) [\d.]+%?)?|rated (?:above|over|at least) [\d.]+|"
    r"highly rated|top rated|best rated|(?:\d+|five|four)[ -]stars?|box office|in (?:cinemas|theaters|theatres)|happy ending|sad ending|(?:female|women|woman|male|black) (?:directors?|filmmakers?|authors?)|by women)\b"
)


class _Found:
    """Values gathered for each field of Constraints."""

    def __init__(self) -> None:
        self.lists: dict[str, list[str]] = defaultdict(list)
        self.numbers: dict[str, Any] = {}
        self.negative: list[Span] = []
        self.positive: list[Span] = []
        self.numeric: list[Span] = []
        self.unknown: list[str] = []
        self.lifted: list[str] = []
        self.unless: list[tuple[str, str]] = []
        self.with_theme: list[str] = []  # genres refused with a theme, unless they are wanted

    def constraints(self) -> Constraints:
        values: dict[str, Any] = {k: tuple(dict.fromkeys(v)) for k, v in self.lists.items() if v}
        return Constraints(**values, **self.numbers)


def read_limits(
    utterance: Utterance, folded: str, vocabulary: Vocabulary, today: date, current: Constraints
) -> Limits:
    """The limits of a message; ``current`` are those that hold already, for "horror is fine"."""
    found = _Found()
    text = _measures(found, utterance, folded, vocabulary, today)
    text = _languages(found, utterance, text, vocabulary)
    text = _country_nouns(found, utterance, text, vocabulary)
    findings = vocabulary.find(text)
    people = read_people(utterance, text, findings, vocabulary)
    _people(found, people)
    genres = _findings(found, utterance, text, findings, vocabulary, current)
    _wanted_genres(found, text, genres)
    if set(found.lists["genres_any"]) & set(found.lists["genres_all"]):
        found.lists["genres_any"] = []
    wanted = {*found.lists["genres_all"], *found.lists["genres_any"], *current.genres_all}
    found.lists["genres_none"] += [g for g in found.with_theme if g not in wanted]
    known = [*found.negative, *found.positive, *people.spans, *((f.start, f.end) for f in findings)]
    _free_negatives(found, masked(text, known), vocabulary)
    found.unknown += [utterance.text[slice(*m.span())] for m in _UNSUPPORTED.finditer(folded)]
    fields = tuple(
        f for pattern, names in _LIFT_FIELDS if re.search(pattern, folded) for f in names
    )
    if "max_age" in fields:
        found.numbers.pop("max_age", None)
    return Limits(
        found.constraints(), tuple(found.unless), tuple(found.lifted), fields, tuple(found.negative),
        tuple(found.positive), tuple(found.numeric), tuple(dict.fromkeys(found.unknown)), bool(genres), people.namesakes,
    )  # fmt: skip


def _measures(
    found: _Found, utterance: Utterance, folded: str, vocabulary: Vocabulary, today: date
) -> str:
    """Takes in the numbers; the text without those that can't be anything else."""
    lengths, costs = vocabulary.runtimes, vocabulary.prices
    quartiles = [vocabulary.quartile(lengths, q) if lengths else None for q in (1, 3)]
    newest = vocabulary.years[-1] if vocabulary.years else None
    read = runtimes(folded, *quartiles)
    rest = masked(folded, [(m.start, m.end) for m in read])
    dated = years(rest, today, newest)
    rest = masked(rest, [(m.start, m.end) for m in dated])
    aged = ages(rest)
    costly = prices(
        masked(rest, [(m.start, m.end) for m in aged]), costs[len(costs) // 4] if costs else None
    )
    has = {
        "year": bool(vocabulary.years), "runtime": bool(lengths), "price": bool(costs),
        "age": vocabulary.has_age_ratings,
    }  # fmt: skip
    ranges: list[dict[str, float]] = []
    for measure in (*read, *dated, *aged, *costly):
        said = utterance.text[measure.start : measure.end].strip()
        ruled_out = negation(folded, measure.start, utterance.language)
        if measure.unit == "age" and measure.values == (("max_age", KIDS_AGE),) and ruled_out:
            family = vocabulary.concept("family")
            found.lists["genres_none"] += [family] if family else []
            found.negative.append((ruled_out[0], measure.end))
        elif not has[measure.unit] or (ruled_out and measure.unit == "year" and _closed(measure)):
            found.unknown.append(said if not ruled_out else f"not {said}")
            found.negative.append((ruled_out[0] if ruled_out else measure.start, measure.end))
        elif measure.unit == "year":
            ranges.append(dict(measure.values))
            found.numeric.append((measure.start, measure.end))
        else:
            _tighten(found, measure)
            found.numeric.append((measure.start, measure.end))
    found.numbers |= _year_range(ranges)
    if any(m.unit == "age" and m.values == (("max_age", KIDS_AGE),) for m in aged) and has["age"]:
        _suit_children(found, vocabulary)
    return masked(rest, [(m.start, m.end) for m in costly])


def _closed(measure: Measure) -> bool:
    return len(measure.values) == 2


def _tighten(found: _Found, measure: Measure) -> None:
    for name, value in measure.values:
        number: float = value if name == "price_max" else int(value)
        before = found.numbers.get(name)
        if before is not None:
            number = max(before, number) if name.endswith("_min") else min(before, number)
        found.numbers[name] = number


def _year_range(ranges: list[dict[str, float]]) -> dict[str, int]:
    """Several closed ranges are alternatives (their hull), open ones all hold."""
    closed = [r for r in ranges if len(r) == 2]
    low = [r["year_min"] for r in ranges if "year_min" in r and r not in closed]
    high = [r["year_max"] for r in ranges if "year_max" in r and r not in closed]
    if closed:
        low.append(min(r["year_min"] for r in closed))
        high.append(max(r["year_max"] for r in closed))
    result = {"year_min": int(max(low))} if low else {}
    return result | ({"year_max": int(min(high))} if high else {})


def _suit_children(found: _Found, vocabulary: Vocabulary) -> None:
    """A rating alone lets quiet films for adults through: ask for a children's genre too."""
    if "max_age" in found.numbers and found.numbers["max_age"] == KIDS_AGE:
        genres = (vocabulary.concept("family"), vocabulary.concept("animation"))
        found.lists["genres_any"] += [genre for genre in genres if genre is not None]


def _languages(found: _Found, utterance: Utterance, text: str, vocabulary: Vocabulary) -> str:
    spans: list[Span] = []
    for m in _SPOKEN.finditer(text):
        name = m.lastgroup or "a"
        values = vocabulary.language_values(m.group(name))
        if values is None:
            continue
        spans.append(m.span())
        ruled_out = negation(text, m.start(name), utterance.language)
        if not values:
            if not ruled_out:
                found.unknown.append(m[0])
        elif ruled_out:
            found.lists["languages_none"] += values
            found.negative.append((min(ruled_out[0], m.start()), m.end()))
        else:
            found.lists["languages_any"] += values
            found.numeric.append(m.span())
    english = vocabulary.language_values("english")
    for m in _FOREIGN.finditer(text):
        spans.append(m.span())
        ruled_out = negation(text, m.start(), utterance.language)
        found.lists["languages_any" if ruled_out else "languages_none"] += english or ()
    for form, values in vocabulary.spoken_symbols:
        for m in re.finditer(re.escape(form), text):
            spans.append(m.span())
            ruled_out = negation(text, m.start(), utterance.language)
            found.lists["languages_none" if ruled_out else "languages_any"] += values
    return masked(text, spans)


def _country_nouns(found: _Found, utterance: Utterance, text: str, vocabulary: Vocabulary) -> str:
    spans: list[Span] = []
    for m in _COUNTRY_NOUN.finditer(text):
        words = m.group("name").split()
        for size in range(len(words), 0, -1):
            name = " ".join(words[:size])
            values = vocabulary.country_values(name)
            if values is None:
                continue
            end = m.start("name") + len(name)
            ruled_out = negation(text, m.start(), utterance.language)
            _place(found, values, name, (m.start(), end), ruled_out)
            spans.append((m.start(), end))
            break
    return masked(text, spans)


def _place(
    found: _Found, values: tuple[str, ...], said: str, span: Span, ruled_out: Span | None
) -> None:
    if ruled_out is not None:
        found.lists["countries_none"] += values
        found.negative.append((ruled_out[0], span[1]))
    elif values:
        found.lists["countries_any"] += values
        found.positive.append(span)
    else:
        found.unknown.append(said)


def _people(found: _Found, people: People) -> None:
    found.lists["people_all"] += people.wanted
    found.lists["people_none"] += people.refused
    found.negative += people.refused_spans
    found.positive += people.spans
    found.unknown += people.unknown


def _findings(
    found: _Found, utterance: Utterance, text: str, findings: list[Finding], vocabulary: Vocabulary,
    current: Constraints,
) -> list[Finding]:  # fmt: skip
    """Takes in what is ruled out or lifted and the countries; the genres that are wanted."""
    wanted: list[Finding] = []
    banned: Finding | None = None
    others = [f for f in findings if f.kind != "person"]
    for index, finding in enumerate(others):
        later = any(is_joint(text, a.end, b.start) in ("or", "and") for a, b in pairwise(others[index:]))  # fmt: skip
        ruled_out = negation(text, finding.start, utterance.language)
        if banned is not None and _EXCEPT.search(text[banned.end : finding.start]):
            _exempt(found, banned, finding)
            continue
        if (
            ruled_out is None
            and banned is not None
            and carried_on(text, banned.end, finding.start, later)
        ):
            ruled_out = (banned.end, finding.start)
        if _lifted(text, finding) and (_holds(current, finding) or not _article(text, finding)):
            found.lifted += finding.values
            found.negative.append((finding.start, finding.end))
        elif ruled_out is not None:
            banned = finding
            _refuse(found, finding, ruled_out, vocabulary)
        elif finding.kind == "genre" and _is_wanted(text, finding, others):
            wanted.append(finding)
        elif finding.kind == "country" and _is_adjective(text, finding, others):
            _nationality(found, finding, vocabulary)
    return wanted


def _lifted(text: str, finding: Finding) -> bool:
    return (
        LIFT_AFTER.match(text, finding.end) is not None
        or LIFT_BEFORE.search(text[: finding.start]) is not None
    )


def _article(text: str, finding: Finding) -> bool:
    """Whether "a" stands before it: "a comedy is fine" wants one, "comedy is fine" allows it."""
    return re.search(r"\b(?:an?|eine?n?|une?|una)\s+$", text[: finding.start]) is not None


def _holds(current: Constraints, finding: Finding) -> bool:
    """Whether a limit in force names one of these values or the theme."""
    held = {v for name in ("genres_all", "genres_any", "genres_none", "countries_any", "countries_none") for v in getattr(current, name)}  # fmt: skip
    if finding.kind == "theme":
        return bool(set(lexicon.THEMES[finding.values[0]][1]) & set(current.keywords_none))
    return bool(held & set(finding.values))


def _refuse(found: _Found, finding: Finding, ruled_out: Span, vocabulary: Vocabulary) -> None:
    found.negative.append((ruled_out[0], finding.end))
    if finding.kind == "genre":
        found.lists["genres_none"] += finding.values
    elif finding.kind == "country":
        found.lists["countries_none"] += finding.values
    else:
        found.lists["keywords_none"] += lexicon.THEMES[finding.values[0]][1]
        concepts = lexicon.THEMES[finding.values[0]][2]
        found.with_theme += [g for g in map(vocabulary.concept, concepts) if g is not None]


def _exempt(found: _Found, banned: Finding, other: Finding) -> None:
    """ "No horror, except funny ones": horror is ruled out unless it is a comedy as well."""
    if not (banned.values and other.values and banned.kind == other.kind == "genre"):
        return
    found.unless.append((banned.values[0], other.values[0]))
    found.lists["genres_none"] = [g for g in found.lists["genres_none"] if g not in banned.values]
    found.negative.append((banned.start, other.end))


def _is_wanted(text: str, finding: Finding, others: list[Finding]) -> bool:
    if not finding.values or _ABOUT.search(text[: finding.start]):
        return False
    if not finding.everyday:
        return True
    neighbour = any(
        o is not finding and o.kind == "genre" and is_joint(text, *_between(o, finding)) != "far"
        for o in others
    )
    return neighbour or beside_film_noun(text, finding.end) or len(split(text)) <= 2


def _between(a: Finding, b: Finding) -> tuple[int, int]:
    first, second = sorted((a, b), key=lambda f: f.start)
    return first.end, second.start


def _is_adjective(text: str, finding: Finding, others: list[Finding]) -> bool:
    """Whether a nationality says where an item is from, not what it is about ("French Revolution")."""
    if _NOT_OF.search(text[: finding.start]):
        return False
    right = text[finding.end :]
    gap = len(right) - len(right.lstrip(" -"))
    beside = any(0 <= o.start - finding.end <= gap for o in others)
    return beside or right.lstrip(" ").startswith(MASK) or _AFTER_ADJECTIVE.match(right) is not None


def _nationality(found: _Found, finding: Finding, vocabulary: Vocabulary) -> None:
    values = finding.values
    spoken = vocabulary.language_values(finding.form)
    if values or not spoken:
        _place(found, values, finding.form, (finding.start, finding.end), None)
    else:
        found.lists["languages_any"] += spoken
        found.positive.append((finding.start, finding.end))


def _wanted_genres(found: _Found, text: str, wanted: list[Finding]) -> None:
    """One genre or several side by side must all be there; "or", or plurals with "and": any."""
    chains: list[list[Finding]] = []
    for finding in wanted:
        found.positive.append((finding.start, finding.end))
        if chains and is_joint(text, chains[-1][-1].end, finding.start) != "far":
            chains[-1].append(finding)
        else:
            chains.append([finding])
    for chain in chains:
        joints = [is_joint(text, a.end, b.start) for a, b in pairwise(chain)]
        plurals = all(_PLURAL.fullmatch(finding.form) for finding in chain)
        either = (
            "or" in joints or (plurals and "and" in joints) or (len(chain) > 2 and "," in joints)
        )
        distinct = {finding.values for finding in chain}
        name = "genres_any" if either and len(distinct) > 1 else "genres_all"
        if name == "genres_any" and found.lists["genres_any"]:
            found.lists["genres_any"] = []  # a genre named beside "for kids" says more
        found.lists[name] += [value for finding in chain for value in finding.values]


def _free_negatives(found: _Found, text: str, vocabulary: Vocabulary) -> None:
    """ "No zombies": a theme of the catalogue's own texts, refused by its word."""
    for m in _FREE_NEGATIVE.finditer(text):
        words = []
        for word in re.split(r"[ -]", m.group("what")):
            if word in _GENERIC:
                break
            words.append(word)
        phrase = " ".join(words)
        if not phrase or "too" in m.group("cue"):
            continue
        end = m.start("what") + len(phrase)
        if vocabulary.speaks_of(phrase):
            found.lists["keywords_none"].append(phrase)
            found.negative.append((m.start(), end))
        elif not m.group("cue").startswith("nothing "):
            found.unknown.append(f"{m.group('cue').strip()} {phrase}")
            found.negative.append((m.start(), end))
