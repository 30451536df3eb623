"""The built-in films: the whole file, and its facts beside a public set where that is at hand."""

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


@pytest.mark.skipif(not METADATA.is_file(), reason=f"no movie-metadata at {METADATA}")
def test_year_director_and_two_of_the_cast_agree_with_movie_metadata():
    """A film is matched by title and year (within one); three facts are then compared."""
    known: dict[str, list[dict]] = {}
    for row in pl.read_parquet(METADATA).iter_rows(named=True):
        if row["director"] and row["cast"] and row["year"]:
            known.setdefault(_key(row["title"]), []).append(row)
    compared, wrong = 0, []
    for film in FILMS:
        makers, actors = set(film["directors"]), set(film["cast"])
        rows = known.get(_key(film["title"]), [])
        near = [r for r in rows if abs(r["year"] - film["year"]) <= 1]
        if not near:
            continue
        facts = [
            any(r["year"] == film["year"] for r in near),
            any(makers & set(r["director"]) for r in near),
            any(len(actors & set(r["cast"])) >= min(2, len(r["cast"])) for r in near),
        ]
        compared += len(facts)
        wrong += [film["title"]] * facts.count(False)
    assert compared > 2000
    assert 1 - len(wrong) / compared >= 0.98, wrong
