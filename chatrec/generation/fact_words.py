"""Which columns without a field of their own are worth saying, and the words for them.

A column is read by its name and its value alone: a rating ("mean_rating: 8.9"), a count
("episodes: 26"), an event ("founded: 1999"), a label ("publisher: Tor"). Ids, addresses, places on
a map, dates, flags, sums of people and long texts are left unsaid. Knows English plurals; knows
no column of any catalogue by heart, and no models.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from chatrec.data.catalog import Catalog
from chatrec.generation.words import fold, word_set, words_of
from chatrec.types import Item

FactKind = Literal["rating", "count", "event", "label"]

LONGEST_LABEL = 40  # characters
LABEL_WORDS = 5
LARGEST_COUNT = 9_999
GOOD_SHARE = 0.7  # of the scale: lower ratings recommend nothing
FEW_RATERS = 20
COMMON_SHARE = 0.5  # a value of more items than this tells nothing
KEPT_CATALOGS = 4
SCALES = (5, 10, 100)

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NUMBER = re.compile(r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_CODE = re.compile(
    r"\S*(?:://|www\.|@|_|\\|[a-z0-9]\.[a-z0-9]+\.|#)\S*|[0-9a-f]{8,}|\S*\d\S*[a-z]\S*\d\S*", re.I
)
_MARKUP = re.compile(r"[<>{}\[\]|*•★™®©=~^…!?“”\"]|\.\s|\.$|&\w+;|  ")
_FLAGS = word_set("true false yes no y n t f none null nan unknown n/a na other misc - ?")
# Parts of a name that mark what is no word for a reader, or no reason.
_UNSAID = word_set(
    """id ids uid guid uuid key keys code codes hash sku asin isbn issn ean upc gtin slug url urls
    uri link links href image images img photo photos picture pictures thumbnail poster cover icon
    logo video trailer file path package raw html json text body content date dates datetime time
    timestamp created updated modified added scraped crawled lat latitude lon lng long longitude
    coordinates geometry geohash zip zipcode postcode postal phone fax email website homepage
    address index idx position row rank ranking order revenue budget gross sales profit income
    popularity trending market title name version checksum md5 sha lang locale currency desc
    description synopsis summary overview abstract review comment tagline slogan subtitle min max
    minimum maximum"""
)
# What is counted of an audience, not of the item.
_AUDIENCE = word_set(
    """members users followers subscribers fans favorites favourites likes dislikes loves views
    viewers visits visitors downloads installs votes voters ratings reviews comments plays
    listens listeners readers owners purchases orders sales copies clicks shares
    checkins scrobbles watchers completed dropped hits people transactions"""
)
_RATERS = word_set("votes voters ratings reviews")
_AMOUNTS = word_set("num number nr n no count counts total amount of")
_MEANS = word_set("mean average avg overall user users critic critics community weighted")
_RATINGS = word_set("rating score stars grade ratings")
_TIME_UNITS = word_set("seconds minutes hours days weeks months years mins secs hrs")
_NO_PLURALS = word_set("series species news status genus bonus campus focus virus basis canvas gas")
_PREPOSITIONS = word_set("in by at from for on to with of as")
_OPENINGS = word_set("is has was are can in on for by does have had will with without no not")
_NO_NOUNS = re.compile(r".+(?:able|ible|ful|ous|ive|less|ly)$")


@dataclass(frozen=True, slots=True)
class Fact:
    """One column of an item, ready to be worded.

    ``label`` is the column's name in words ("mean rating"), ``value`` what is said of it ("7.66
    of 10", "26 episodes", "1999", "Tor").
    """

    kind: FactKind
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Columns:
    """What a catalogue's columns show together: scales of ratings, and values that many share.

    ``scales`` has, for each rating column, its scale and the middle of its values.
    """

    scales: Mapping[str, tuple[int, float]]
    common: frozenset[tuple[str, str]]


NO_COLUMNS = Columns({}, frozenset())
_KNOWN: dict[str, Columns] = {}


def columns_of(catalog: Catalog) -> Columns:
    """What the columns of ``catalog`` show; kept for the last few catalogues."""
    found = _KNOWN.get(catalog.checksum)
    if found is None:
        found = _columns(catalog)
        while len(_KNOWN) >= KEPT_CATALOGS:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        _KNOWN[catalog.checksum] = found
    return found


def telling_facts(item: Item, columns: Columns = NO_COLUMNS) -> Iterator[str]:
    """The columns of ``item`` that are worth saying, as ``column: value``, good ratings first.

    A rating is told with its scale ("rating: 8.9 of 10") and, where another column counts them,
    its raters; without ``columns`` no rating is told, as its scale is not known.
    """
    told: dict[FactKind, list[str]] = {"rating": [], "count": [], "event": [], "label": []}
    for column, value in item.facts.items():
        text = _rating_text(item, column, value, columns) or f"{column}: {value.strip()}"
        fact = read_fact(text)
        if fact is None or (column, value) in columns.common or _known_already(fact, item):
            continue
        told[fact.kind].append(text)
    for texts in told.values():
        yield from texts


def read_fact(text: str) -> Fact | None:
    """What ``column: value`` says, or None where it is not worth saying.

    >>> read_fact("episodes: 26"), read_fact("publisher: Tor")
    (Fact(kind='count', label='episodes', value='26 episodes'), \
Fact(kind='label', label='publisher', value='Tor'))
    >>> read_fact("package: com.example.notes"), read_fact("members: 8347"), read_fact("lat: -37.8")
    (None, None, None)
    """
    column, _, value = text.partition(": ")
    value = value.strip()
    parts = [part.casefold() for part in _PARTS.findall(column)]
    if not parts or not value or fold(value) in _FLAGS:
        return None
    label = " ".join(parts)
    if parts[-1] in _RATINGS and not _is_counted(parts) and " of " in value:
        return Fact("rating", label, value)
    if _UNSAID & set(parts) or _AUDIENCE & set(parts) or parts[0] in _OPENINGS:
        return None
    if _NUMBER.fullmatch(value):
        return _number_fact(parts, value)
    if not _is_label(value) or parts[-1] in _RATINGS or not _is_noun(parts[-1]):
        return None
    return Fact("label", label, value)


def fact_number(value: str) -> float | None:
    """The number that a value is, or None."""
    plain = value.strip()
    return float(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None


def _number_fact(parts: list[str], value: str) -> Fact | None:
    number = fact_number(value)
    if number is None or number != int(number):
        return None
    if _YEAR.fullmatch(value) and len(parts) == 1 and parts[0].endswith("ed"):
        return Fact("event", parts[0], value)
    things = [part for part in parts if part not in _AMOUNTS]
    counted = len(things) < len(parts) or _is_plural(things[-1] if things else "")
    if not things or not counted or things[-1] in _TIME_UNITS or not 1 < number <= LARGEST_COUNT:
        return None
    plural = things[-1] if _is_plural(things[-1]) else f"{things[-1]}s"
    if plural in _AUDIENCE:
        return None
    said = " ".join((f"{int(number):,}", *things[:-1], plural))
    return Fact("count", " ".join((*things[:-1], plural)), said)


def _is_counted(parts: list[str]) -> bool:
    """Whether the name is that of a number of ratings and not of a rating."""
    return bool(set(parts) & (_AMOUNTS - {"no"})) or parts == ["ratings"]


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _NO_PLURALS


def _is_noun(word: str) -> bool:
    """Whether "its <word> is ..." can be said, as far as the word's form shows."""
    return not (
        word in _PREPOSITIONS
        or word in _OPENINGS
        or word.endswith("ed")
        or _is_plural(word)
        or _NO_NOUNS.fullmatch(word)
    )


def _is_label(value: str) -> bool:
    if len(value) > LONGEST_LABEL or len(value.split()) > LABEL_WORDS or "\n" in value:
        return False
    if _MARKUP.search(value) or any(_CODE.fullmatch(word) for word in value.split()):
        return False
    return sum(letter.isalpha() for letter in value) > len(value) // 2


def _known_already(fact: Fact, item: Item) -> bool:
    """Whether the item says the same elsewhere, in its title, genres or people."""
    if fact.kind != "label":
        return False
    others = (*item.genres, *item.creators, *item.cast, *item.countries, *item.keywords)
    words = words_of(fact.value)
    return fold(fact.value) in {fold(other) for other in others} or set(words) <= set(
        words_of(item.title)
    )


def _rating_text(item: Item, column: str, value: str, columns: Columns) -> str:
    """``rating: 8.9 of 10`` where it is a good one, else nothing."""
    number = fact_number(value)
    if column not in columns.scales or number is None:
        return ""
    scale, middle = columns.scales[column]
    if number < max(GOOD_SHARE * scale, middle) or number > scale:
        return ""
    said = f"{round(number, 1):g}"
    raters = _raters(item)
    if raters is not None and raters < FEW_RATERS:
        return ""
    return f"{column}: {said} of {scale}" + (f" by {raters:,}" if raters is not None else "")


def _raters(item: Item) -> int | None:
    """How many rated the item, where one column counts them."""
    for column, value in item.facts.items():
        parts = [part.casefold() for part in _PARTS.findall(column)]
        things = [part for part in parts if part not in _AMOUNTS | _MEANS]
        named = things and things[-1] in _RATERS | {"rating", "vote", "review"}
        number = fact_number(value)
        if named and (_is_counted(parts) or things[-1] in _RATERS) and number is not None:
            return int(number)
    return None


def _columns(catalog: Catalog) -> Columns:
    ratings: dict[str, list[float]] = defaultdict(list)
    values: Counter[tuple[str, str]] = Counter()
    for item in catalog:
        for column, value in item.facts.items():
            parts = [part.casefold() for part in _PARTS.findall(column)]
            rest = set(parts) - _MEANS - _RATINGS
            number = fact_number(value)
            if parts and parts[-1] in _RATINGS and not rest and parts != ["ratings"]:
                ratings[column] += [] if number is None else [number]
            elif number is None:
                values[column, value] += 1
    scales: dict[str, tuple[int, float]] = {}
    for column, numbers in ratings.items():
        top = max(numbers, default=0.0)
        scale = next((scale for scale in SCALES if top <= scale), None)
        if scale is not None and min(numbers, default=-1.0) >= 0:
            scales[column] = (scale, sorted(numbers)[len(numbers) // 2])
    many = COMMON_SHARE * len(catalog)
    return Columns(scales, frozenset(pair for pair, n in values.items() if n > many))
