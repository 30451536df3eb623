"""Reads hard limits out of a message: genres, countries, languages, themes, people and numbers.

Titles must be blanked first. Only what the catalogue has becomes a limit; the rest stays wish
text and, where the user would expect a filter, is reported as unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from chatrec.conversation.ages import CHILD_AGE, KIDS_AGE, ages, named_ratings, names_kid
from chatrec.conversation.filters import Unless
from chatrec.conversation.gathered import Gathered
from chatrec.conversation.genres import gather_wanted, read_findings
from chatrec.conversation.measures import Measure, bare_minutes, prices, runtimes
from chatrec.conversation.people import People, read_people
from chatrec.conversation.places import read_country_nouns, read_languages
from chatrec.conversation.polarity import negation
from chatrec.conversation.refusals import read_refusals
from chatrec.conversation.tastes import is_told, says_when_made, sentence_left, tells_taste
from chatrec.conversation.utterance import Span, Utterance, fold, masked, overlaps, words_of
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.conversation.years import not_from, turned_round, years
from chatrec.data.constraints import age_of
from chatrec.data.fact_limits import FactLimit, Sign
from chatrec.types import Constraints


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message limits. ``said`` holds its own limits only.

    ``lifted`` are values that may come again, ``lifted_fields`` limits that no longer hold;
    ``negative`` the spans of what is ruled out, ``positive`` of what is wanted, ``numeric`` of
    limits in numbers or languages; ``unknown`` quotes what no limit can express.
    ``names_genre``: it wants a genre of its own; ``tastes`` are genres that it only says are
    liked. ``namesakes``: surnames and who was taken.
    ``by_mention``: refused names, such as a studio's, that only some items' texts mention.
    ``audience``: where it says for whom, in a catalogue without age ratings: words of the wish
    then; ``hints`` are words that this adds to it.
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
    tastes: tuple[str, ...] = ()
    namesakes: tuple[tuple[str, str], ...] = ()
    by_mention: tuple[str, ...] = ()
    audience: tuple[Span, ...] = ()
    hints: tuple[str, ...] = ()


_LIFT_FIELDS = (
    (
        r"\bany (?:year|decade|age of film|period)\b|\b(?:year|decade|age|era) (?:doesn't|"
        r"does not) matter\b",
        ("year_min", "year_max"),
    ),
    (
        r"\bany (?:length|runtime|duration)\b|\b(?:length|runtime|duration) (?:doesn't|"
        r"does not) matter\b|\bhowever long\b",
        ("runtime_min", "runtime_max"),
    ),
    (
        r"\bany language\b|\blanguage (?:doesn't|does not) matter\b",
        ("languages_any", "languages_none"),
    ),
    (
        r"\bany (?:country|nationality)\b|\bfrom anywhere\b|\bcountry (?:doesn't|"
        r"does not) matter\b",
        ("countries_any", "countries_none"),
    ),
    (
        r"\bany genre\b|\bgenre (?:doesn't|does not) matter\b",
        ("genres_all", "genres_any", "genres_none"),
    ),
    (
        r"\bany (?:price|budget)\b|\bprice (?:doesn't|does not) matter\b|\bmoney is no object\b",
        ("price_max",),
    ),
    (
        r"\bany (?:rating|age rating)\b|\b(?:r[- ]rated|adult films?|mature content|"
        r"any rating) (?:is|are) (?:fine|ok|okay)\b"
        r"|\b(?:forget|never ?mind|ignore)(?: about)? the (?:kids|children)\b"
        r"|\b(?:for|only) (?:adults|grown[- ]?ups)\b|\badults only\b|\bkids are (?:asleep|"
        r"in bed|away|out)\b|\bjust for (?:me|us)\b"
        r"|\b(?:no|without(?: the)?) (?:kids|children)(?: around| tonight)?(?=$|[.,!;])|"
        r"\bnot for (?:the |my )?(?:kids|children)\b",
        ("max_age", "ratings_any"),
    ),
    (
        r"\bany (?:actor|actress|director|cast)\b",
        ("people_all", "people_any", "people_none"),
    ),
)
_CURRENCY = re.compile(r"[$€£¥]|dollars?|euros?|eur\b|usd|pounds?|bucks|dolares|美元|欧元|元|块")
_UNSUPPORTED = re.compile(
    r"\b(?:(?:on|from|streaming on|available on) (?:netflix|hulu|disney\+?|disney plus|"
    r"hbo(?: max)?|amazon(?: prime)?|prime(?: video)?|apple tv|"
    r"youtube)|oscar[- ]winning|award[- ]winning|(?:won|win|winning) (?:an? |"
    r"some )?(?:oscars?|awards?)|"
    r"(?:imdb|rotten tomatoes|metacritic)(?: (?:score|rating))?(?: (?:above|over|of|"
    r"at least) [\d.]+%?)?|rated (?:above|over|at least) [\d.]+|"
    r"highly rated|top rated|best rated|(?:\d+|five|four)[ -]stars?|box office|"
    r"in (?:cinemas|theaters|theatres)|happy ending|sad ending|(?:female|women|woman|male|"
    r"black) (?:directors?|filmmakers?|authors?)|by women)\b"
)


def read_limits(
    utterance: Utterance, folded: str, vocabulary: Vocabulary, today: date, current: Constraints
) -> Limits:
    """The limits of a message; ``current`` are those that hold already, for "horror is fine"."""
    found = Gathered()
    text = _columns(found, utterance, folded, vocabulary)
    text = _measures(found, utterance, text, vocabulary, today)
    found.lists["genres_any"] = [
        g for g in found.lists["genres_any"] if g not in current.genres_none
    ]
    text = read_languages(found, utterance, text, vocabulary)
    text = read_country_nouns(found, utterance, text, vocabulary)
    findings = vocabulary.find(text)
    people = read_people(utterance, text, findings, vocabulary)
    _people(found, people, text, vocabulary)
    genres = read_findings(found, utterance, text, findings, vocabulary, current)
    if any(finding.form == "anime" for finding in genres):
        found.lists["countries_any"] += vocabulary.country_values("japan") or ()
    gather_wanted(found, text, genres)
    if set(found.lists["genres_any"]) & set(found.lists["genres_all"]):
        found.lists["genres_any"] = []
    wanted = {*found.lists["genres_all"], *found.lists["genres_any"], *current.genres_all}
    found.lists["genres_none"] += [g for g in found.with_theme if g not in wanted]
    known = [*found.negative, *found.positive, *people.spans, *((f.start, f.end) for f in findings)]
    read_refusals(found, utterance, masked(text, known), vocabulary)
    unsupported = [m.span() for m in _UNSUPPORTED.finditer(folded)]
    unsupported = [span for span in unsupported if not overlaps(span, found.negative)]
    found.unknown += [utterance.text[slice(*span)] for span in unsupported]
    found.negative += unsupported
    lifting = [(re.search(pattern, folded), names) for pattern, names in _LIFT_FIELDS]
    fields = tuple(f for match, names in lifting if match is not None for f in names)
    found.negative += [match.span() for match, _ in lifting if match is not None]
    if "max_age" in fields:
        found.numbers.pop("max_age", None)
        rated = current.max_age is not None or not vocabulary.ratings
        if rated and {*current.genres_any} == {*_for_children(vocabulary)}:
            fields += ("genres_any",)  # which came with the age
    return Limits(
        found.constraints(),
        tuple(found.unless),
        tuple(found.lifted),
        fields,
        tuple(found.negative),
        tuple(found.positive),
        tuple(found.numeric),
        tuple(dict.fromkeys(found.unknown)),
        bool(genres),
        tuple(found.tastes),
        people.namesakes,
        _by_mention(found, utterance),
        tuple(found.audience),
        tuple(found.hints),
    )


def _columns(found: Gathered, utterance: Utterance, folded: str, vocabulary: Vocabulary) -> str:
    """Takes in limits on the catalogue's other columns; the text without them."""
    read = vocabulary.fact_columns.read(folded, utterance.language)
    for said in read:
        if said.refused:
            found.lists["keywords_none"].append(fold(said.limit.value))
            found.negative.append(said.span)
        else:
            found.lists["facts"].append(str(said.limit))
            found.numeric.append(said.span)
    return masked(folded, [said.span for said in read])


def _by_mention(found: Gathered, utterance: Utterance) -> tuple[str, ...]:
    """The refused keywords that the message writes as names."""
    spans = [utterance.text[slice(*span)] for span in found.negative]
    words = (word.strip(".,;:!?\"'") for said in spans for word in said.split()[1:])
    refused = found.lists["keywords_none"]
    return tuple(dict.fromkeys(w for w in words if w[:1].isupper() and fold(w) in refused))


def _measures(
    found: Gathered, utterance: Utterance, folded: str, vocabulary: Vocabulary, today: date
) -> str:
    """Takes in the numbers; the text without those that can't be anything else."""
    lengths, costs = vocabulary.runtimes, vocabulary.prices
    quartiles = [vocabulary.quartile(lengths, q) if lengths else None for q in (1, 3)]
    newest = vocabulary.years[-1] if vocabulary.years else None
    if not lengths and vocabulary.fact_columns.length is not None:
        quartiles = [vocabulary.fact_columns.quartile(q) for q in (1, 3)]
    read = runtimes(folded, *quartiles)
    if lengths and not (read or costs):
        read = bare_minutes(folded)
    rest = masked(folded, [(m.start, m.end) for m in read])
    sums = [m for m in prices(rest, None) if _CURRENCY.search(folded[m.start : m.end])]
    rest = masked(rest, [(m.start, m.end) for m in sums])
    dated = years(rest, today, newest)
    rest = masked(rest, [(m.start, m.end) for m in dated])
    rest = _named_ratings(found, utterance, rest, vocabulary)
    aged = [m for m in ages(rest) if not vocabulary.is_audience(folded[m.start : m.end])]
    costly = prices(
        masked(rest, [(m.start, m.end) for m in aged]), costs[len(costs) // 4] if costs else None
    )
    has = {
        "year": bool(vocabulary.years),
        "runtime": bool(lengths),
        "price": bool(costs),
        "age": bool(vocabulary.ratings),
        "rating": bool(vocabulary.ratings),
    }
    ranges: list[dict[str, float]] = []
    for measure in (*read, *dated, *aged, *sums, *costly):
        said = utterance.text[measure.start : measure.end].strip()
        ruled_out = negation(folded, measure.start, utterance.language)
        if _spoken_of(measure, folded, utterance):
            continue
        if measure.unit == "runtime" and not lengths and not re.search(r"\d|hour|minut", said):
            found.lists["facts"] += _pages(measure, vocabulary)
            found.numeric.append((measure.start, measure.end))
        elif measure.unit == "age" and measure.values == (("max_age", KIDS_AGE),) and ruled_out:
            family = vocabulary.concept("family")
            found.lists["genres_none"] += [family] if family else []
            found.negative.append((ruled_out[0], measure.end))
        elif measure.unit == "age" and not (has["age"] or ruled_out):
            _for_whom(found, measure, folded, said, vocabulary)
        elif not has[measure.unit] or (ruled_out and measure.unit == "year" and _closed(measure)):
            found.unknown.append(said if not ruled_out else f"not {said}")
            found.negative.append((ruled_out[0] if ruled_out else measure.start, measure.end))
        elif measure.unit == "year":
            begin = not_from(folded, measure.start)
            values: dict[str, float] = dict(measure.values)
            ranges.append(values if begin is None else turned_round(values))
            found.numeric.append((measure.start if begin is None else begin, measure.end))
        else:
            _tighten(found, measure)
            found.numeric.append((measure.start, measure.end))
    found.numbers |= _year_range(ranges)
    if has["age"] and any(m.unit == "age" for m in aged):
        _suit_children(found, vocabulary)
    return masked(rest, [(m.start, m.end) for m in costly])


def _spoken_of(measure: Measure, folded: str, utterance: Utterance) -> bool:
    """Whether a year or a length is told of a film or a day: "it came out this year"."""
    return (
        utterance.language == "en"
        and measure.unit in ("year", "runtime")
        and not says_when_made(utterance.folded, measure.start, measure.end)
        and is_told(folded, measure.start, measure.end)
        and not tells_taste(sentence_left(folded, measure.start))
    )


def _pages(measure: Measure, vocabulary: Vocabulary) -> list[str]:
    """ "Short" and "long" where a catalogue counts pages."""
    column = vocabulary.fact_columns.length
    signs: Mapping[str, Sign] = {"runtime_max": "<=", "runtime_min": ">="}
    return [
        str(FactLimit(column, signs[name], f"{value:g}"))
        for name, value in measure.values
        if column is not None
    ]


def _for_whom(
    found: Gathered, measure: Measure, folded: str, said: str, vocabulary: Vocabulary
) -> None:
    """Takes in an age where nothing is rated: a children's genre, else words of the wish."""
    found.audience.append((measure.start, measure.end))
    child = dict(measure.values)["max_age"] <= CHILD_AGE
    genres = _for_children(vocabulary) if child else []
    found.lists["genres_any"] += genres
    found.unknown.append(said)  # nothing tells what suits that age
    if child and not genres and not names_kid(folded):
        found.hints.append("for kids")


def _named_ratings(
    found: Gathered, utterance: Utterance, folded: str, vocabulary: Vocabulary
) -> str:
    """Takes in ratings asked for or ruled out by name; the text without them."""
    ratings, span = named_ratings(folded, vocabulary.ratings)
    if span is None:
        return folded
    ruled_out = negation(folded, span[0], utterance.language)
    ages_asked = [age for age in map(age_of, ratings) if age is not None]
    if ruled_out is None:
        found.lists["ratings_any"] += ratings
        found.numeric.append(span)
    elif ages_asked:
        _tighten(found, Measure("age", (("max_age", min(ages_asked) - 1),), *span))
        found.negative.append((ruled_out[0], span[1]))
    return masked(folded, [span])


def _closed(measure: Measure) -> bool:
    return len(measure.values) == 2


def _tighten(found: Gathered, measure: Measure) -> None:
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


def _suit_children(found: Gathered, vocabulary: Vocabulary) -> None:
    """A rating alone lets quiet films for adults through: ask for a children's genre too."""
    if found.numbers.get("max_age", CHILD_AGE + 1) in range(1, CHILD_AGE + 1):
        found.lists["genres_any"] += _for_children(vocabulary)


def _for_children(vocabulary: Vocabulary) -> list[str]:
    genres = (vocabulary.concept("family"), vocabulary.concept("animation"))
    return [genre for genre in genres if genre is not None]


def _people(found: Gathered, people: People, text: str, vocabulary: Vocabulary) -> None:
    found.lists["people_all"] += people.wanted
    found.lists["people_any"] += people.either
    found.lists["people_none"] += people.refused
    found.negative += people.refused_spans
    found.positive += people.spans
    found.unknown += people.unknown
    for start, end in people.refused_spans:  # "no Disney" is the man's name and a keyword too
        said = words_of(text[start:end]).split()[-1]
        whole = any(f" {fold(name)}" in f" {text[start:end]}" for name in people.refused)
        if vocabulary.names_theme(said) and not whole:
            found.lists["keywords_none"].append(said)
