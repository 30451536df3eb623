import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.retrieval.negation import NEAR, STRENGTH, USUAL, Negation
from chatrec.types import Item, Query

# Two groups of three, and ten that are like nothing.
ITEMS = (
    Item("moon", "Moon", genres=("Sci-Fi",), keywords=("clone", "solitude")),
    Item("solaris", "Solaris", genres=("Sci-Fi",), keywords=("solitude", "planet")),
    Item("alien", "Alien", genres=("Sci-Fi", "Horror"), keywords=("planet", "trap")),
    Item("saw", "Saw", genres=("Horror",), keywords=("trap", "gore")),
    Item("hostel", "Hostel", genres=("Horror",), keywords=("gore", "torture")),
    Item("cube", "Cube", genres=("Horror",), keywords=("trap", "maze")),
    *(Item(f"other {n}", f"Other {n}", genres=(f"Genre {n}",)) for n in range(10)),
)
CATALOG = Catalog(ITEMS)


def vectors() -> np.ndarray:
    rows = np.eye(len(ITEMS), dtype=np.float32)
    rows[:3, 0] += 1.0  # space
    rows[2:6, 3] += 1.0  # fear
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def left(query: Query, models=()) -> dict[str, float]:
    factors = Negation(CATALOG, vectors(), models).factors(query)
    assert factors is not None
    return {item.item_id: float(f) for item, f in zip(ITEMS, factors, strict=True)}


def test_without_a_rejected_item_nothing_is_said():
    assert Negation(CATALOG, vectors()).factors(Query(near=("moon",))) is None


def test_neighbours_of_the_rejected_lose_and_strangers_lose_nothing():
    factors = left(Query(disliked=("saw",)))
    assert factors["saw"] == pytest.approx(1 - STRENGTH)
    assert factors["hostel"] < 0.9
    assert factors["cube"] < 0.9
    assert factors["solaris"] == factors["other 3"] == 1.0


def test_what_is_nearer_to_the_wanted_item_keeps_more():
    alone = left(Query(disliked=("saw",)))
    beside = left(Query(near=("alien",), disliked=("saw",)))
    assert beside["alien"] > alone["alien"]
    assert beside["hostel"] == pytest.approx(alone["hostel"], abs=0.2)
    assert beside["hostel"] < 0.9


def test_what_the_wish_itself_is_near_to_keeps_more():
    rows = vectors()
    negation = Negation(CATALOG, rows, encode=lambda texts: rows[[5] * len(texts)])
    said = negation.factors(Query(text="a maze", disliked=("saw",)))
    assert said is not None
    cube, hostel = 5, 4
    alone = left(Query(disliked=("saw",)))
    assert said[cube] > alone["cube"]
    assert said[hostel] < 0.9


def test_every_rejected_item_counts():
    factors = left(Query(disliked=("saw", "moon")))
    assert factors["hostel"] < 0.9
    assert factors["solaris"] < 0.9


def test_ids_that_the_catalogue_lacks_have_no_say():
    assert Negation(CATALOG, vectors()).factors(Query(disliked=("gone",))) is None


class Together:
    """Says that people who had Saw also have the last item."""

    name = "together"

    def scores(self, pasts):
        scores = np.zeros((len(pasts), len(ITEMS)), dtype=np.float32)
        for row, past in zip(scores, pasts, strict=True):
            row[-1] = float(3 in past)
        return scores


def test_what_people_had_together_with_the_rejected_loses_too():
    assert left(Query(disliked=("saw",)))["other 9"] == 1.0
    assert left(Query(disliked=("saw",)), [Together()])["other 9"] == pytest.approx(1 - STRENGTH)


def test_items_without_words_are_told_apart_by_their_texts_alone():
    bare = Catalog([Item(str(n), f"Item {n}") for n in range(12)])
    rows = np.eye(12, dtype=np.float32)
    rows[1] = rows[0]
    factors = Negation(bare, rows).factors(Query(disliked=("0",)))
    assert factors is not None
    spread = np.sqrt(2 / 12 * 10 / 12)  # of the cosines 1, 1, 0, 0 ...
    assert factors[:2] == pytest.approx(1 - STRENGTH * (1 / spread - USUAL) / (NEAR - USUAL))
    assert (factors[2:] == 1.0).all()
