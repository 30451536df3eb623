"""The built-in films: the whole file, and its facts beside a public set where that is at hand."""

import csv
import json
import os
import re
from collections import Counter
from importlib import resources
from pathlib import Path

import polars as pl
import pytest

SOURCE = resources.files("chatrec.data") / "builtin" / "films.jsonl"
FILMS = [json.loads(line) for line in SOURCE.read_text(encoding="utf-8").splitlines()]
KEYS = frozenset(
    [
        "item_id",
        "title",
        "year",
        "genres",
        "directors",
        "cast",
        "countries",
        "language",
        "runtime_min",
        "age_rating",
        "keywords",
        "logline",
    ]
)
GENRES = frozenset(
    [
        "Action",
        "Adventure",
        "Animation",
        "Biography",
        "Comedy",
        "Crime",
        "Documentary",
        "Drama",
        "Family",
        "Fantasy",
        "Film-Noir",
        "History",
        "Horror",
        "Music",
        "Musical",
        "Mystery",
        "Romance",
        "Sci-Fi",
        "Sport",
        "Thriller",
        "War",
        "Western",
    ]
)
RATINGS = {"G", "PG", "PG-13", "R", "NC-17", "Approved", "Not Rated"}
SHARED = Path(
    os.environ.get("CHATREC_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")
)
METADATA = SHARED / "movie-metadata" / "films.parquet"
with (
    Path(__file__).with_name("film_fact_exceptions.tsv").open(encoding="utf-8", newline="") as table
):
    EXCEPTIONS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_there_are_enough_films_from_many_times_and_countries():
    assert len(FILMS) >= 800
    assert {film["year"] // 10 * 10 for film in FILMS} >= set(range(1920, 2030, 10))
    assert len({country for film in FILMS for country in film["countries"]}) >= 30


def test_every_record_keeps_to_the_schema():
    for film in FILMS:
        assert set(film) == KEYS, film["title"]
        assert 1920 <= film["year"] <= 2026, film["title"]
        assert 5 <= film["runtime_min"] <= 330, film["title"]
        assert film["age_rating"] in RATINGS, film["title"]
        assert film["genres"], film["title"]
        assert set(film["genres"]) <= GENRES, film["title"]
        assert film["directors"], film["title"]
        assert film["countries"], film["title"]
        assert film["language"], film["title"]
        assert 4 <= len(film["keywords"]) <= 9, film["title"]
        assert len(set(film["keywords"])) == len(film["keywords"]), film["title"]


def test_no_film_stands_twice():
    assert max(Counter(film["item_id"] for film in FILMS).values()) == 1
    pairs = Counter((film["title"].casefold(), film["year"]) for film in FILMS)
    assert max(pairs.values()) == 1


def test_loglines_have_twelve_to_thirty_words_and_openings_of_their_own():
    for film in FILMS:
        assert 12 <= len(film["logline"].split()) <= 30, film["title"]
    openings = Counter(" ".join(film["logline"].casefold().split()[:5]) for film in FILMS)
    assert max(openings.values()) == 1


def test_loglines_do_not_give_the_title_away():
    named = [f["title"] for f in FILMS if len(f["title"]) > 12 and f["title"] in f["logline"]]
    assert named == []


def _key(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^(the|a|an) ", "", title.casefold()))


def _disagreements(film: dict, row: dict) -> dict[str, tuple[str, str]]:
    """Field -> (ours, theirs) where the row says otherwise; two of the cast must be shared."""
    shared = len(set(film["cast"]) & set(row["cast"]))
    differs = {
        "year": film["year"] != row["year"],
        "director": not set(film["directors"]) & set(row["director"]),
        "cast": shared < min(2, len(row["cast"])),
    }
    ours = {"year": str(film["year"]), "director": ", ".join(film["directors"])}
    theirs = {"year": str(row["year"]), "director": ", ".join(row["director"])}
    ours["cast"], theirs["cast"] = ", ".join(film["cast"]), ", ".join(row["cast"])
    return {field: (ours[field], theirs[field]) for field, differ in differs.items() if differ}


def _label(film: dict) -> str:
    return f"{film['title']} ({film['year']})"


def test_film_fact_exceptions_state_our_facts_and_a_reason():
    ours = {(_label(f), "year"): str(f["year"]) for f in FILMS}
    ours |= {(_label(f), "director"): ", ".join(f["directors"]) for f in FILMS}
    ours |= {(_label(f), "cast"): ", ".join(f["cast"]) for f in FILMS}
    stated = {(row["film"], row["field"]): row["ours"] for row in EXCEPTIONS}
    assert len(stated) == len(EXCEPTIONS)
    assert {key: ours.get(key) for key in stated} == stated
    assert all(len(row["reason"].split()) >= 3 for row in EXCEPTIONS)


@pytest.mark.skipif(not METADATA.is_file(), reason=f"no movie-metadata at {METADATA}")
def test_year_director_and_two_of_the_cast_agree_with_movie_metadata_or_are_listed():
    """At least 98 % of the three facts agree, and film_fact_exceptions.tsv has exactly the others.

    A film is matched by title and year (within one), the closest row taken.
    """
    known: dict[str, list[dict]] = {}
    for row in pl.read_parquet(METADATA).iter_rows(named=True):
        if row["director"] and row["cast"] and row["year"]:
            known.setdefault(_key(row["title"]), []).append(row)
    compared, found = 0, {}
    for film in FILMS:
        near = [r for r in known.get(_key(film["title"]), []) if abs(r["year"] - film["year"]) <= 1]
        if near:
            compared += 3
            closest = min((_disagreements(film, row) for row in near), key=len)
            found |= {(_label(film), field): values for field, values in closest.items()}
    assert compared > 2000
    assert 1 - len(found) / compared >= 0.98
    listed = {(row["film"], row["field"]): (row["ours"], row["theirs"]) for row in EXCEPTIONS}
    assert found == listed
