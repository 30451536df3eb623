"""Constraints as removable filter chips: what each is called, and taking one away.

It knows nothing about dialogues; ``unless`` is explained in :mod:`chatrec.conversation.state`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chatrec.conversation.labels import named
from chatrec.conversation.lexicon import THEMES, Language
from chatrec.data.fact_limits import fact_limit
from chatrec.errors import RequestError
from chatrec.types import Constraints

Unless = tuple[tuple[str, str], ...]

SINGLE_FIELDS = (
    "genres_all",
    "genres_none",
    "people_all",
    "people_none",
    "countries_none",
    "languages_none",
    "facts",
)
JOINT_FIELDS = ("genres_any", "people_any", "countries_any", "languages_any", "ratings_any")
_KINDS = {"genres": "genre", "countries": "country", "languages": "language"}
_WITHIN = {"violence": ("gore",)}  # a theme that takes in another, which may be lifted alone
MOST_NAMED = 4  # alternatives that a chip spells out
FILTER_NAMES = (
    "years",
    *SINGLE_FIELDS,
    *JOINT_FIELDS,
    "keywords_none",
    "runtime",
    "price_max",
    "max_age",
    "unless",
)

_Words = Mapping[Language, str]
_NO: _Words = {"en": "no {}", "de": "ohne {}", "fr": "sans {}", "es": "sin {}", "zh": "不要{}"}
_WITH: _Words = {"en": "with {}", "de": "mit {}", "fr": "avec {}", "es": "con {}", "zh": "{}参与"}
_WITHOUT: _Words = {
    "en": "without {}",
    "de": "ohne {}",
    "fr": "sans {}",
    "es": "sin {}",
    "zh": "没有{}",
}
_FROM: _Words = {"en": "from {}", "de": "aus {}", "fr": "{}", "es": "de {}", "zh": "{}"}
_NOT_FROM: _Words = {
    "en": "not from {}",
    "de": "nicht aus {}",
    "fr": "pas {}",
    "es": "no de {}",
    "zh": "非{}",
}
_IN: _Words = {"en": "in {}", "de": "auf {}", "fr": "en {}", "es": "en {}", "zh": "{}"}
_NOT_IN: _Words = {
    "en": "not in {}",
    "de": "nicht auf {}",
    "fr": "pas en {}",
    "es": "no en {}",
    "zh": "非{}",
}
_SINCE: _Words = {
    "en": "{} or later",
    "de": "ab {}",
    "fr": "dès {}",
    "es": "desde {}",
    "zh": "{}年及以后",
}
_UNTIL: _Words = {
    "en": "{} or earlier",
    "de": "bis {}",
    "fr": "jusqu'à {}",
    "es": "hasta {}",
    "zh": "{}年及以前",
}
_AT_MOST: _Words = {
    "en": "up to {} min",
    "de": "bis {} Min.",
    "fr": "{} min au plus",
    "es": "hasta {} min",
    "zh": "不超过{}分钟",
}
_AT_LEAST: _Words = {
    "en": "at least {} min",
    "de": "ab {} Min.",
    "fr": "{} min au moins",
    "es": "desde {} min",
    "zh": "至少{}分钟",
}
_NO_MORE: _Words = {
    "en": "up to {}",
    "de": "bis {}",
    "fr": "{} au plus",
    "es": "hasta {}",
    "zh": "不超过{}",
}
_NO_LESS: _Words = {
    "en": "at least {}",
    "de": "ab {}",
    "fr": "{} au moins",
    "es": "desde {}",
    "zh": "至少{}",
}
_PRICE: _Words = {
    "en": "price up to {}",
    "de": "Preis bis {}",
    "fr": "prix max. {}",
    "es": "precio hasta {}",
    "zh": "价格不超过{}",
}
_AGE: _Words = {
    "en": "suitable for age {}",
    "de": "geeignet ab {}",
    "fr": "convient dès {} ans",
    "es": "apta para {} años",
    "zh": "适合{}岁",
}
_UNLESS: _Words = {
    "en": "no {} unless {}",
    "de": "ohne {} außer {}",
    "fr": "sans {} sauf {}",
    "es": "sin {} salvo {}",
    "zh": "不要{}，除非{}",
}
_RATED: _Words = {
    "en": "rated {}",
    "de": "Freigabe {}",
    "fr": "classé {}",
    "es": "clasificación {}",
    "zh": "分级{}",
}
_OR: _Words = {"en": " or ", "de": " oder ", "fr": " ou ", "es": " o ", "zh": "或"}
_LABELS: Mapping[str, _Words] = {
    "genres_none": _NO,
    "people_all": _WITH,
    "people_any": _WITH,
    "people_none": _WITHOUT,
    "countries_any": _FROM,
    "countries_none": _NOT_FROM,
    "languages_any": _IN,
    "languages_none": _NOT_IN,
    "ratings_any": _RATED,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """One removable limit. ``name`` is one of FILTER_NAMES, ``label`` what the chip says."""

    name: str
    value: str
    label: str


def filters_of(
    c: Constraints, unless: Unless = (), language: Language = "en"
) -> tuple[Filter, ...]:
    """The limits as chips: one a value, alternatives and a ruled-out theme as one chip each."""
    found: list[Filter] = []
    for name in (
        "genres_all",
        "people_all",
        "genres_none",
        "people_none",
        "languages_none",
    ):
        template = _LABELS.get(name, {language: "{}"})[language]
        for value in getattr(c, name):
            found.append(Filter(name, value, template.format(_said(name, value, language))))
    for name in JOINT_FIELDS:
        values: tuple[str, ...] = getattr(c, name)
        if values:
            template = _LABELS.get(name, {language: "{}"})[language]
            said = _choice([_said(name, value, language) for value in values], language)
            found.append(Filter(name, "|".join(values), template.format(said)))
    found += _countries_refused(c.countries_none, language)
    found += [
        Filter("unless", "|".join(pair), _UNLESS[language].format(*_genres(pair, language)))
        for pair in unless
    ]
    found += _keyword_filters(c.keywords_none, language)
    found += _range("years", c.year_min, c.year_max, _SINCE[language], _UNTIL[language], "")
    found += _range(
        "runtime", c.runtime_min, c.runtime_max, _AT_LEAST[language], _AT_MOST[language], " min"
    )
    found += [Filter("facts", limit, _fact_said(limit, language)) for limit in c.facts]
    if c.price_max is not None:
        found.append(
            Filter("price_max", f"{c.price_max:g}", _PRICE[language].format(f"{c.price_max:g}"))
        )
    if c.max_age is not None:
        found.append(Filter("max_age", str(c.max_age), _AGE[language].format(c.max_age)))
    return tuple(found)


def without(c: Constraints, unless: Unless, name: str, value: str) -> tuple[Constraints, Unless]:
    """The limits less one chip; RequestError for a name or value that no chip has."""
    chips = [chip for chip in filters_of(c, unless) if chip.name == name]
    if not any(chip.value == value for chip in chips):
        have = ", ".join(f"{chip.name}={chip.value}" for chip in filters_of(c, unless)) or "none"
        raise RequestError(f"no filter {name}={value}; the filters are: {have}")
    if name == "years":
        return replace(c, year_min=None, year_max=None), unless
    if name == "runtime":
        return replace(c, runtime_min=None, runtime_max=None), unless
    if name == "price_max":
        return replace(c, price_max=None), unless
    if name == "max_age":
        return replace(c, max_age=None), unless
    if name == "unless":
        return c, tuple(pair for pair in unless if "|".join(pair) != value)
    joint = name not in SINGLE_FIELDS or name == "countries_none"
    gone = set(value.split("|")) if joint else {value}
    kept = tuple(v for v in getattr(c, name) if v not in gone)
    changes: dict[str, Any] = {name: kept}
    return replace(c, **changes), unless


def _fact_said(written: str, language: Language) -> str:
    limit = fact_limit(written)
    column = limit.column.replace("_", " ")
    if limit.sign == "=":
        return f"{column}: {limit.value}"
    words = _NO_MORE if limit.sign == "<=" else _NO_LESS
    return words[language].format(f"{limit.value} {column}")


def _countries_refused(countries: tuple[str, ...], language: Language) -> list[Filter]:
    """A chip a country; many, as of a continent, share one.

    Those that translate alike (Germany and West Germany) share one in every language.
    """
    alike: dict[str, list[str]] = {}
    for country in countries:
        alike.setdefault(named("country", country, "de"), []).append(country)
    groups = [*alike.values()] if len(countries) <= MOST_NAMED else [[*countries]]
    return [
        Filter("countries_none", "|".join(group), _NOT_FROM[language].format(said))
        for group in groups
        for said in [_choice([named("country", c, language) for c in group], language)]
    ]


def _genres(pair: tuple[str, str], language: Language) -> tuple[str, ...]:
    return tuple(named("genre", genre, language) for genre in pair)


def _said(name: str, value: str, language: Language) -> str:
    """A value of the field as the language calls it; people and ratings as they are."""
    kind = _KINDS.get(name.partition("_")[0])
    return value if kind is None else named(kind, value, language)


def _choice(values: Sequence[str], language: Language) -> str:
    """The alternatives in words, each once; of many only the first, and how many more there are."""
    values = [*dict.fromkeys(values)]
    if len(values) <= MOST_NAMED:
        return _OR[language].join(values)
    first = values[: MOST_NAMED - 1]
    return f"{_OR[language].join(first)} (+{len(values) - len(first)})"


def _keyword_filters(keywords: tuple[str, ...], language: Language) -> list[Filter]:
    left = list(keywords)
    found = []
    for theme, (_, words, _) in THEMES.items():
        own = set(words).difference(
            *(w for other, (_, w, _) in THEMES.items() if other in _WITHIN.get(theme, ()))
        )
        if own <= set(left):
            value = "|".join(word for word in left if word in words)
            left = [word for word in left if word not in words]
            label = _NO[language].format(named("theme", theme, language))
            found.append(Filter("keywords_none", value, label))
    return found + [Filter("keywords_none", word, _NO[language].format(word)) for word in left]


def _range(
    name: str, low: int | None, high: int | None, since: str, until: str, unit: str
) -> list[Filter]:
    if low is None and high is None:
        return []
    value = f"{'' if low is None else low}-{'' if high is None else high}"
    if low is None:
        return [Filter(name, value, until.format(high))]
    if high is None:
        return [Filter(name, value, since.format(low))]
    label = f"{low}{unit}" if low == high else f"{low}–{high}{unit}"
    return [Filter(name, value, label)]
