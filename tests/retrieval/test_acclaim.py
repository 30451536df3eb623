"""How well items are received, from whatever columns a catalogue brings."""

from __future__ import annotations

import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.retrieval.acclaim import UNKNOWN, acclaim
from chatrec.retrieval.fusion import Fusion
from chatrec.types import Candidate, Item, Query


def shelf(*facts: dict[str, str]) -> Catalog:
    return Catalog(tuple(Item(str(n), f"Item {n}", facts=f) for n, f in enumerate(facts)))


def test_ratings_and_audiences_both_count() -> None:
    found = acclaim(
        shelf(
            {"mean_rating": "9.1", "members": "120"},
            {"mean_rating": "5.0", "members": "400000"},
            {"mean_rating": "9.2", "members": "500000"},
        )
    )
    assert found is not None
    assert found.argmax() == 2
    assert found.shape == (3,)
    assert ((found >= 0) & (found <= 1)).all()


def test_numbers_are_read_as_catalogues_write_them() -> None:
    found = acclaim(shelf({"Downloads": "1,000 - 5,000"}, {"Downloads": "5,000,000+"}, {}))
    assert found is not None
    assert found.tolist() == pytest.approx([0.25, 0.75, UNKNOWN])


def test_equal_values_get_equal_places() -> None:
    found = acclaim(shelf({"stars": "4"}, {"stars": "4"}, {"stars": "4"}))
    assert found is not None
    assert np.ptp(found) == 0


@pytest.mark.parametrize("facts", [{}, {"publisher": "Tor"}, {"rating": "unknown"}, {"pages": "9"}])
def test_a_catalogue_that_tells_nothing_gives_none(facts: dict[str, str]) -> None:
    assert acclaim(shelf(facts, facts)) is None


def test_of_two_that_answer_alike_the_better_received_comes_first() -> None:
    items = shelf({"rating": "2"}, {"rating": "5"}, {"rating": "4"})

    class Alike:
        name = "alike"

        def retrieve(self, query: Query, k: int) -> list[Candidate]:
            del query
            return [Candidate(item.item_id, 1.0, self.name) for item in items][:k]

    def order(fusion: Fusion) -> list[str]:
        return [found.item_id for found in fusion.retrieve(Query(text="x"), 3)]

    assert order(Fusion(items, [Alike()])) == ["0", "1", "2"]
    assert order(Fusion(items, [Alike()], acclaim=acclaim(items))) == ["1", "2", "0"]
