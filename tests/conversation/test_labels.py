"""Filters are called what the user's language calls them."""

from __future__ import annotations

import pytest

from chatrec.conversation import lexicon, nations
from chatrec.conversation.filters import filters_of, without
from chatrec.conversation.labels import named
from chatrec.conversation.lexicon import Language
from chatrec.types import Constraints
from tests.conversation.toy_films import GORE, VIOLENCE

LIMITS = Constraints(
    genres_all=("Comedy",), countries_any=("France", "USA"), languages_none=("English",)
)


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["Comedy", "not in English", "from France or USA"]),
        ("de", ["Komödie", "nicht auf Englisch", "aus Frankreich oder den USA"]),
        ("fr", ["comédie", "pas en anglais", "de France ou des États-Unis"]),
        ("es", ["comedia", "no en inglés", "de Francia o Estados Unidos"]),
        ("zh", ["喜剧", "非英语", "法国或美国"]),
    ],
)
def test_genres_countries_and_languages_are_translated(
    language: Language, labels: list[str]
) -> None:
    assert [chip.label for chip in filters_of(LIMITS, (), language)] == labels


def test_countries_of_one_name_are_named_once() -> None:
    germany = ("Germany", "West Germany")
    wanted, refused = Constraints(countries_any=germany), Constraints(countries_none=germany)
    assert [chip.label for chip in filters_of(wanted, (), "de")] == ["aus Deutschland"]
    assert [chip.label for chip in filters_of(refused, (), "de")] == ["nicht aus Deutschland"]
    assert [chip.label for chip in filters_of(refused)] == ["not from Germany or West Germany"]
    values = [filters_of(refused, (), language)[0].value for language in lexicon.LANGUAGES]
    assert {*values} == {"Germany|West Germany"}
    assert without(refused, (), "countries_none", values[0])[0] == Constraints()


def test_a_filter_has_one_value_in_all_languages() -> None:
    values = {
        tuple((chip.name, chip.value) for chip in filters_of(LIMITS, (), language))
        for language in lexicon.LANGUAGES
    }
    assert len(values) == 1


def test_every_known_genre_and_country_has_a_name_in_every_language() -> None:
    for language in lexicon.LANGUAGES[1:]:
        for kind, values in (
            ("genre", [spec.split("|")[0] for spec, _ in lexicon.GENRES.values()]),
            ("country", [spec.split("|")[0] for spec, _ in nations.COUNTRIES.values()]),
            ("theme", list(lexicon.THEMES)),
        ):
            for value in values:
                assert (
                    named(kind, value.upper() if kind != "theme" else value, language)
                    != value.upper()
                )


def test_a_value_in_no_table_keeps_its_spelling() -> None:
    assert named("genre", "Isekai", "de") == "Isekai"
    assert named("country", "Senegal", "fr") == "de Senegal"


def test_violence_without_gore_is_still_one_filter() -> None:
    left = tuple(word for word in VIOLENCE if word not in GORE)
    assert [chip.label for chip in filters_of(Constraints(keywords_none=left))] == ["no violence"]
    assert [chip.label for chip in filters_of(Constraints(keywords_none=GORE))] == ["no gore"]
    assert [chip.label for chip in filters_of(Constraints(keywords_none=VIOLENCE))] == [
        "no violence"
    ]
