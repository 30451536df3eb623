"""Candidates from the examples of a request."""

from __future__ import annotations

import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.retrieval.examples import ExampleRetriever
from chatrec.types import Example, Item, Query

SHELF = Catalog(
    tuple(Item(name, name.title()) for name in ("war", "siege", "kiss", "waltz", "robot"))
)
VECTORS = np.array([[1, 0], [0.8, 0.6], [0, 1], [0.1, 0.995], [-1, 0]], dtype=np.float32)
FOUND = ExampleRetriever(SHELF, VECTORS)


def order(query: Query, k: int = 5) -> list[str]:
    return [candidate.item_id for candidate in FOUND.retrieve(query, k)]


def test_the_choice_of_the_person_most_alike_comes_first() -> None:
    examples = (Example(("kiss",), "waltz"), Example(("war",), "siege"))
    assert order(Query(history=("war",), examples=examples))[0] == "siege"
    assert order(Query(history=("kiss",), examples=examples))[0] == "waltz"


def test_a_choice_counts_twice_what_preceded_it() -> None:
    (first, second) = FOUND.retrieve(Query(examples=(Example(("war",), "siege"),)), 5)
    assert (first.item_id, first.score) == ("siege", 1.0)
    assert (second.item_id, second.score) == ("war", 0.5)


def test_what_several_people_chose_adds_up() -> None:
    examples = (Example(("war",), "kiss"), Example(("siege",), "kiss"), Example(("war",), "waltz"))
    assert order(Query(examples=examples))[0] == "kiss"


def test_an_opposite_taste_counts_for_nothing() -> None:
    (found, *_) = FOUND.retrieve(
        Query(history=("robot",), examples=(Example(("war",), "siege"),)), 1
    )
    assert found.score == pytest.approx(0.0)


def test_no_examples_or_a_wish_give_nothing_and_k_is_kept() -> None:
    assert order(Query(history=("war",))) == []
    assert order(Query(text="slow", examples=(Example(("war",), "siege"),))) == []
    assert len(order(Query(examples=(Example(("war", "kiss"), "siege"),)), k=2)) == 2
