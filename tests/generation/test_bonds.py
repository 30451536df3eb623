import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.bonds import bond_problems
from chatrec.generation.claims import read_claims
from chatrec.types import Evidence, Item


def item(number, title, genres, keywords, cast=()):
    return Item(
        number, title, 1990, genres=genres, keywords=keywords, cast=cast, description="A keeper."
    )


HARBOUR = item("1", "Harbour", ("Drama",), ("lighthouse", "grief"), ("Bo Ray",))
SUMMIT = item("2", "Summit", ("Drama", "War"), ("grieving father", "mountain"))
VALLEY = item("3", "Valley", ("Western",), ("mountain",), ("Bo Ray",))
CATALOG = Catalog([HARBOUR, SUMMIT, VALLEY], domain="film")


def problems(sentence, *named):
    links = tuple(Evidence("similar", title, "liked") for title in named)
    return list(bond_problems(read_claims(sentence, HARBOUR, links, CATALOG)))


@pytest.mark.parametrize(
    "sentence",
    [
        "After Summit, another drama, this one in a lighthouse.",
        "After Summit, stay with grief in a lighthouse.",
        "Summit fans get a lighthouse in this one, older than Summit.",
        "A lighthouse is all there is.",
    ],
)
def test_a_title_may_be_named_beside_something_that_it_has_too_or_in_a_comparison(sentence):
    assert problems(sentence, "Summit") == []


def test_a_title_may_not_be_named_beside_things_of_the_item_alone():
    assert problems("Fans of Summit can visit a lighthouse.", "Summit") == [
        "nothing said here is known of 'Summit' too"
    ]


def test_a_title_with_a_person_of_the_item_may_be_named_without_the_person():
    assert problems("Fans of Valley can visit a lighthouse.", "Valley") == []


@pytest.mark.parametrize(
    "told",
    [
        "Like Summit it takes you to a lighthouse.",
        "As in Summit, there is a lighthouse in it.",
    ],
)
def test_what_a_sentence_likens_to_a_title_must_be_of_both_whatever_another_shares(told):
    assert problems(f"Here is a drama about grief. {told}", "Summit") != []
    shared = told.replace("a lighthouse", "grief")
    assert problems(f"Here is a drama in a lighthouse. {shared}", "Summit") == []
