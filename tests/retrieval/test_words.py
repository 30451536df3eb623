import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.retrieval.dense import DenseRetriever
from chatrec.retrieval.words import asks_for_titles, by_title_alone, wish_words
from chatrec.types import Constraints, Item, Query

COMEDIAN = Item("king", "The King of Comedy", 1982, ("Comedy",), keywords=("fame",))
FAMED = Item("famed", "Famed Comedy", 1990, ("Comedy",), keywords=("fame",))
TWISTER = Item("twister", "Twister", 1996, ("Action",), description="Two chasers follow tornadoes.")
CLUB = Item("club", "Night Club", 2001, ("Drama",), description="One night at a bar.")


@pytest.mark.parametrize(
    ("item", "wish", "settled", "alone"),
    [
        (COMEDIAN, "a comedy", {"comedy"}, True),
        (COMEDIAN, "a comedy", set(), False),  # it is one, and nobody asked for all to be
        (FAMED, "a comedy about fame", {"comedy"}, False),
        (TWISTER, "heist with a twist", set(), True),
        (TWISTER, "tornadoes", set(), False),
        (CLUB, "a night in the city", set(), False),
        (Item("bare", "Night Club"), "a night in the city", set(), False),
    ],
)
def test_a_wish_meets_an_item_by_its_title_alone(item, wish, settled, alone):
    assert by_title_alone(item, wish_words(wish), settled) is alone


def test_wishes_that_speak_of_titles_are_told():
    assert asks_for_titles("something with night in the title")
    assert not asks_for_titles("a night in the city")


class Letters:
    """Vectors of three axes: the first is what both titles and the wish speak of."""

    def encode_queries(self, texts, *, progress=False):
        return np.array([[1, 0, 0] for _ in texts], dtype=np.float32)


def test_dense_puts_an_item_with_the_words_only_in_its_title_behind():
    catalog = Catalog([COMEDIAN, Item("plane", "Airplane!", 1980, ("Comedy",), keywords=("pun",))])
    vectors = np.array([[0.9, 0.44, 0], [0.8, 0.6, 0]], dtype=np.float32)
    dense = DenseRetriever(catalog, Letters(), vectors)
    query = Query(text="a comedy", constraints=Constraints(genres_all=("Comedy",)))
    found = dense.retrieve(query, 2)
    assert [c.item_id for c in found] == ["plane", "king"]
    assert found[0].score > found[1].score
    assert [c.item_id for c in dense.retrieve(Query(text="with comedy in the title"), 2)] == [
        "king",
        "plane",
    ]
