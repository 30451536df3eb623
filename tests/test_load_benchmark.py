"""The load benchmark's visitors notice what isn't theirs, and are content with what is."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.load_parts import MARKERS, Visitor

OTHER = MARKERS[8]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(7, "run")


def answered(visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
    """What a right answer to the visitor's first message holds, so far as it is looked at."""
    return {
        "session_id": body["session_id"],
        "recommendations": [
            {
                "title": MARKERS[50].title,
                "evidence": [{"kind": "shared_genre", "text": f"Drama | {visitor.film.title}"}],
            }
        ],
        "state": {
            "turns": [{"role": "user", "text": body["text"]}],
            "liked": [visitor.film.item_id],
            "disliked": [],
            "seen": [],
            "history": [],
            "shown": [MARKERS[50].item_id],
            "constraints": {"year_min": visitor.year_min},
        },
    }


def test_visitors_like_films_of_their_own_and_hold_sessions_of_their_own() -> None:
    visitors = [Visitor(number, "run") for number in range(200)]
    assert len({visitor.film.item_id for visitor in visitors}) == 200
    bodies = [next(v.conversation(random.Random(0), 3)) for v in visitors for _ in range(2)]
    assert len({body["session_id"] for body in bodies}) == 400


def test_a_right_answer_is_right(visitor: Visitor) -> None:
    body = next(visitor.refinements(random.Random(0), 3, 1))
    assert visitor.wrong_in(answered(visitor, body)) == ""


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda answer: answer.update(session_id="run-8-0"), "session"),
        (lambda answer: answer["state"]["turns"][0].update(text="mine"), "conversation"),
        (lambda answer: answer["state"].update(liked=[]), "isn't liked any more"),
        (lambda answer: answer["state"]["liked"].append(OTHER.item_id), "tastes of others"),
        (lambda answer: answer["state"].update(seen=[OTHER.item_id]), "tastes of others"),
        (lambda answer: answer["state"]["constraints"].clear(), "year_min"),
        (
            lambda answer: answer["recommendations"][0]["evidence"][0].update(
                text=f"Drama | {OTHER.title}"
            ),
            "linked to",
        ),
    ],
)
def test_anything_of_another_visitor_is_noticed(
    visitor: Visitor, spoil: Callable[[dict[str, Any]], None], what: str
) -> None:
    body = next(visitor.refinements(random.Random(0), 3, 1))
    answer = copy.deepcopy(answered(visitor, body))
    spoil(answer)
    assert what in visitor.wrong_in(answer)
