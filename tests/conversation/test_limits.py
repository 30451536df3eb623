"""One message in, hard limits out: tables over a small film catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import allowed
from chatrec.types import Item
from tests.conversation.toy_films import FILMS, GORE, NO_VIOLENCE, TODAY, VIOLENCE, read, said

LIMITS: list[tuple[str, dict[str, Any]]] = [
    ("a comedy", {"genres_all": ("Comedy",)}),
    ("a funny film", {"genres_all": ("Comedy",)}),
    ("something scary", {"genres_all": ("Horror",)}),
    ("horror film", {"genres_all": ("Horror",)}),
    ("sci fi please", {"genres_all": ("Sci-Fi",)}),
    ("science fiction", {"genres_all": ("Sci-Fi",)}),
    ("romantic comedy", {"genres_all": ("Romance", "Comedy")}),
    ("romcom", {"genres_all": ("Romance", "Comedy")}),
    ("a thriller and a war film", {"genres_all": ("Thriller", "War")}),
    ("comedy or drama", {"genres_any": ("Comedy", "Drama")}),
    ("comedies and dramas", {"genres_any": ("Comedy", "Drama")}),
    ("no horror", {"genres_none": ("Horror",)}),
    ("nothing scary", {"genres_none": ("Horror",)}),
    ("not too scary", {"genres_none": ("Horror",)}),
    ("not animated", {"genres_none": ("Animation",)}),
    ("I hate musicals", {"genres_none": ("Musical",)}),
    ("anything but a western", {"genres_none": ("Western",)}),
    ("no comedies or musicals", {"genres_none": ("Comedy", "Musical")}),
    ("no comedy, a thriller", {"genres_all": ("Thriller",), "genres_none": ("Comedy",)}),
    ("not only comedies", {"genres_all": ("Comedy",)}),
    ("without violence", NO_VIOLENCE),
    (
        "horror without violence",
        {"genres_all": ("Horror",), "keywords_none": VIOLENCE, "genres_none": ("War",)},
    ),
    ("horror without gore", {"genres_all": ("Horror",), "keywords_none": GORE}),
    ("not gory", {"keywords_none": GORE}),
    ("no blood", {"keywords_none": GORE}),
    ("what about comedies instead?", {"genres_all": ("Comedy",)}),
    ("we both hate musicals", {"genres_none": ("Musical",)}),
    ("no zombies", {"keywords_none": ("zombies",)}),
    ("no zombies and no clones", {"keywords_none": ("zombies", "clones")}),
    ("from the last twenty years", {"year_min": 2006}),
    ("90s action", {"genres_all": ("Action",), "year_min": 1990, "year_max": 1999}),
    ("a nineties drama", {"genres_all": ("Drama",), "year_min": 1990, "year_max": 1999}),
    ("something from the 1970s or 80s", {"year_min": 1970, "year_max": 1989}),
    ("early 80s", {"year_min": 1980, "year_max": 1983}),
    ("before 1970", {"year_max": 1969}),
    ("nothing before 1990", {"year_min": 1990}),
    ("not older than 1990", {"year_min": 1990}),
    ("after 2010", {"year_min": 2011}),
    ("since 2010", {"year_min": 2010}),
    ("after the 80s", {"year_min": 1990}),
    ("between 1980 and 1989", {"year_min": 1980, "year_max": 1989}),
    ("films from 2000 to 2005", {"year_min": 2000, "year_max": 2005}),
    ("from 1994", {"year_min": 1994, "year_max": 1994}),
    ("with Tom Hanks", {"people_all": ("Tom Hanks",)}),
    ("with Tom Hnaks", {"people_all": ("Tom Hanks",)}),
    ("by Miyazaki", {"people_all": ("Hayao Miyazaki",)}),
    ("a Hitchcock film", {"people_all": ("Alfred Hitchcock",)}),
    ("with Tom Hanks and Meg Ryan", {"people_all": ("Tom Hanks", "Meg Ryan")}),
    ("not starring Tom Cruise", {"people_none": ("Tom Cruise",)}),
    ("nothing with Tom Cruise", {"people_none": ("Tom Cruise",)}),
    ("French film", {"countries_any": ("France",)}),
    ("Korean", {"countries_any": ("South Korea",)}),
    (
        "a German thriller",
        {"genres_all": ("Thriller",), "countries_any": ("Germany", "West Germany")},
    ),
    ("from Japan", {"countries_any": ("Japan",)}),
    ("no American films", {"countries_none": ("USA",)}),
    ("not in English", {"languages_none": ("English",)}),
    ("in Spanish", {"languages_any": ("Spanish",)}),
    ("a thriller in Korean", {"genres_all": ("Thriller",), "languages_any": ("Korean",)}),
    ("foreign films", {"languages_none": ("English",)}),
    ("something in a foreign language", {"languages_none": ("English",)}),
    ("people who learn a foreign language", {}),
    ("under two hours", {"runtime_max": 119}),
    ("less than 90 minutes", {"runtime_max": 89}),
    ("90 minutes at most", {"runtime_max": 90}),
    ("something under 1h30", {"runtime_max": 89}),
    ("at least three hours", {"runtime_min": 180}),
    ("something short", {"runtime_max": 98}),
    ("PG-13 at most", {"max_age": 13}),
    ("nothing R-rated", {"max_age": 16}),
    ("nothing above PG", {"max_age": 8}),
    ("rated G or PG", {"ratings_any": ("G", "PG")}),
    ("rated PG-13 or R", {"ratings_any": ("PG-13", "R")}),
    ("an R-rated thriller", {"genres_all": ("Thriller",), "ratings_any": ("R",)}),
    ("rated PG", {"max_age": 8}),
    ("nothing crude or R-rated", {"max_age": 16}),
    ("a thriller, not too long", {"genres_all": ("Thriller",), "runtime_max": 124}),
    ("the one with the kids who find a map", {}),
    ("kids are here now: 6 and 9", {"genres_any": ("Animation", "Family"), "max_age": 6}),
    ("the kids are trapped in a haunted house", {}),
    ("something for my 12 year old", {"max_age": 12}),
    ("for teenagers", {"max_age": 13}),
    ("family night", {"genres_all": ("Family",), "max_age": 10}),
    ("a family movie, the kids are 6 and 9", {"genres_all": ("Family",), "max_age": 6}),
    ("a film about the French Revolution", {}),
    ("a film set in Japan", {}),
    ("a movie about war", {}),
    ("20 best films of all time", {}),
    # German, French, Spanish, Chinese
    (
        "eine lustige Komödie aus den 90ern",
        {"genres_all": ("Comedy",), "year_min": 1990, "year_max": 1999},
    ),
    ("kein Horror bitte", {"genres_none": ("Horror",)}),
    ("ich mag keine Musicals", {"genres_none": ("Musical",)}),
    ("ein französischer Film", {"countries_any": ("France",)}),
    ("une comédie des années 80", {"genres_all": ("Comedy",), "year_min": 1980, "year_max": 1989}),
    (
        "quelque chose de drôle, pas d'horreur",
        {"genres_all": ("Comedy",), "genres_none": ("Horror",)},
    ),
    (
        "una película de terror de los 90",
        {"genres_all": ("Horror",), "year_min": 1990, "year_max": 1999},
    ),
    ("nada de terror, por favor", {"genres_none": ("Horror",)}),
    ("quiero una película de guerra", {"genres_all": ("War",)}),
    ("推荐一部搞笑的电影", {"genres_all": ("Comedy",)}),
    ("eine Komödie aus den 90ern", {"genres_all": ("Comedy",), "year_min": 1990, "year_max": 1999}),
    ("Horror aus den Achtzigern", {"genres_all": ("Horror",), "year_min": 1980, "year_max": 1989}),
    ("ein kurzer Film, höchstens 90 Minuten", {"runtime_max": 90}),
    ("un western sans John Wayne", {"genres_all": ("Western",), "people_none": ("John Wayne",)}),
    (
        "horreur des années quatre-vingt",
        {"genres_all": ("Horror",), "year_min": 1980, "year_max": 1989},
    ),
    ("terror de los ochenta", {"genres_all": ("Horror",), "year_min": 1980, "year_max": 1989}),
    ("películas románticas francesas", {"genres_all": ("Romance",), "countries_any": ("France",)}),
    ("una película corta, menos de 90 minutos", {"runtime_max": 89}),
    ("八十年代的恐怖片", {"genres_all": ("Horror",), "year_min": 1980, "year_max": 1989}),
    ("90分钟以内的喜剧", {"genres_all": ("Comedy",), "runtime_max": 90}),
    ("90年代的科幻片", {"genres_all": ("Sci-Fi",), "year_min": 1990, "year_max": 1999}),
    ("不要恐怖片", {"genres_none": ("Horror",)}),
    ("有没有法国电影", {"countries_any": ("France",)}),
]


@pytest.mark.parametrize(("text", "expected"), LIMITS)
def test_message_sets_exactly_these_limits(text: str, expected: dict[str, Any]) -> None:
    turned = read(text)
    assert turned.act == "recommend"
    assert said(turned.state.constraints) == expected


@pytest.mark.parametrize(
    "text",
    [
        "animated films for kids",
        "etwas für meine Kinder",
        "pour mes enfants",
        "para mis niños",
        "适合孩子看的",
    ],
)
def test_children_get_only_what_suits_them(text: str) -> None:
    constraints = read(text).state.constraints
    assert constraints.max_age == 7
    fitting = {item.item_id for item in FILMS if allowed(item, constraints)}
    assert fitting == {"totoro", "toy", "cinderella50"}


def test_same_director_is_looked_up() -> None:
    assert read("by the same director as Jaws").state.constraints.people_all == (
        "Steven Spielberg",
    )


def test_missing_columns_are_reported_not_filtered() -> None:
    bare = Catalog([replace(item, year=None, runtime_min=None, age_rating="") for item in FILMS])
    turned = Understanding(bare).read(
        "a comedy from the 90s for my kids", DialogueState(), today=TODAY
    )
    for_children = {"genres_any": ("Animation", "Family")}  # all that can be done without ratings
    assert said(turned.state.constraints) == {"genres_all": ("Comedy",)} | for_children
    assert len(turned.unknown) == 2


def test_other_domains_bring_their_own_genres_and_prices() -> None:
    games = Catalog(
        [
            Item("1", "Portal", genres=("Puzzle",), price=9.99),
            Item("2", "Doom", genres=("Shooter",), price=39.0),
        ],
        domain="game",
    )
    state = Understanding(games).read("a puzzle game under 20", DialogueState(), today=TODAY).state
    assert said(state.constraints) == {"genres_all": ("Puzzle",), "price_max": 20.0}


def test_a_value_that_hardly_any_item_has_is_no_limit() -> None:
    puzzles = [Item(str(n), f"Puzzle {n}", genres=("Brain & Puzzle",)) for n in range(2000)]
    apps = Catalog([*puzzles, Item("odd", "Cards", genres=("Brain",))], domain="app")
    read = Understanding(apps).read("a puzzle that trains the brain", DialogueState(), today=TODAY)
    assert said(read.state.constraints) == {}
