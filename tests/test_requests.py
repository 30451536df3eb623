"""What the default set-up, with its real models, recommends for the requests of requests.jsonl.

Only the ranked lists: no reasons are written here. The judge is that of the benchmark, which
prints the same lists with figures; that it can find fault is tested as well.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.judged_requests import REQUESTS, judge
from chatrec.assemble import assemble
from chatrec.conversation.recommender import Recommender
from chatrec.data.titles import TitleIndex
from chatrec.settings import Settings
from tests.conversation.toy_films import FILMS

ROWS: list[dict[str, Any]] = [json.loads(line) for line in REQUESTS.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    return assemble(Settings())


@pytest.fixture(scope="module")
def titles(recommender: Recommender) -> TitleIndex:
    return TitleIndex(recommender.catalog)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:50])
def test_request_is_answered_with_what_it_asks_for(
    row: dict[str, Any], recommender: Recommender, titles: TitleIndex
) -> None:
    state = recommender.start(liked=row.get("liked", ()), disliked=row.get("disliked", ()))
    ranked = next(recommender.stream(row["text"], state, row["k"])).recommendations
    items = [recommendation.item for recommendation in ranked]
    faults = judge(row, items, recommender.catalog, titles)
    assert not faults, [item.label for item in items]


def test_every_request_demands_a_number_of_items_and_something_of_them() -> None:
    assert len(ROWS) == 60
    for row in ROWS:
        assert {"count", "count_min"} & set(row["must"]), row["text"]
        assert len(row["must"]) + len(row["must_not"]) > 1 or row["text"] == "surprise me"


@pytest.mark.parametrize(
    "must",
    [
        {"count": 3},
        {"count_min": 3},
        {"year_min": 1976},
        {"year_max": 1978},
        {"genres_all": ["Horror", "Sci-Fi"]},
        {"genres_any_of": ["Thriller"]},
        {"person": "Roy Scheider"},
        {"person_any_of": ["Sigourney Weaver", "Tom Cruise"]},
        {"country": "UK"},
        {"language": "French"},
        {"runtime_max": 120},
        {"ratings_in": ["R"]},
        {"at_least": {"genre": "Horror", "n": 3}},
        {"at_least": {"share_with": "Alien", "n": 3}},
        {"at_least": [{"genre": "Horror", "n": 2}, {"genre": "Sci-Fi", "n": 2}]},
    ],
    ids=json.dumps,
)
def test_judge_misses_what_must_be(must: dict[str, Any]) -> None:
    shown = [FILMS.get("jaws"), FILMS.get("alien")]
    assert judge({"must": must}, shown, FILMS, TitleIndex(FILMS))


@pytest.mark.parametrize(
    "must_not",
    [
        {"titles": ["Alien"]},
        {"genres": ["Sci-Fi", "Comedy"]},
        {"ratings": ["PG"]},
        {"person": ["Ridley Scott"]},
        {"countries": ["UK"]},
    ],
    ids=json.dumps,
)
def test_judge_finds_what_must_not_be(must_not: dict[str, Any]) -> None:
    shown = [FILMS.get("jaws"), FILMS.get("alien")]
    assert judge({"must_not": must_not}, shown, FILMS, TitleIndex(FILMS))


def test_judge_is_content_with_a_list_that_keeps_to_all() -> None:
    must = {"count": 2, "genres_all": ["Horror"], "at_least": {"share_with": "Alien", "n": 2}}
    row = {"must": must, "must_not": {"titles": ["Saw"], "person": ["Tom Cruise"]}}
    assert judge(row, [FILMS.get("jaws"), FILMS.get("alien")], FILMS, TitleIndex(FILMS)) == []


def test_judge_refuses_a_demand_that_it_does_not_know() -> None:
    with pytest.raises(KeyError, match="colour"):
        judge({"must": {"colour": "red"}}, [FILMS.get("jaws")], FILMS, TitleIndex(FILMS))
