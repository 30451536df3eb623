import doctest

import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation import sizes
from chatrec.generation.cast_counts import take_cast_counts
from chatrec.generation.claims import read_claims
from chatrec.generation.roles import role_problems
from chatrec.types import Item

FILM = Item("1", "Harbour", creators=("Ann Lee",), cast=("Bo Ray", "Cy Day", "Flo Kent"))
CATALOG = Catalog([FILM], domain="film")


def claims(sentence):
    return read_claims(sentence, FILM, (), CATALOG)


def test_the_examples_hold():
    assert doctest.testmod(sizes).failed == 0


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("ten minutes tighter", "ten minutes shorter"),
        ("ten minutes beyond the length of <ta>", "ten minutes longer than <ta>"),
        ("cuts ten minutes from <ta>", "is ten minutes shorter than <ta>"),
        ("seven extra minutes over <ta>", "seven minutes longer than <ta>"),
        ("goes on for ten minutes", "goes on for ten minutes"),
        ("and decades older, it", "and more than 15 years older, it"),
        ("two decades older than <ta>", "two decades older than <ta>"),
        ("adds ten minutes more", "adds ten minutes more"),
    ],
)
def test_differences_are_brought_to_one_form(said, plain):
    assert " ".join(sizes.plain_sizes(said).split()) == plain


@pytest.mark.parametrize(
    "sentence",
    [
        "only {} names make up the cast",
        "there are {} actors in the cast",
        "a cast of {}",
        "{} people make up the cast",
    ],
)
def test_the_cast_is_counted(sentence):
    assert take_cast_counts(claims("It"), sentence.format("three"))[1] == []
    assert take_cast_counts(claims("It"), sentence.format("four"))[1] != []


def test_a_director_plays_a_thing_without_acting_but_no_person():
    assert not list(role_problems(claims("Ann Lee plays the con game with a light hand.")))
    assert not list(role_problems(claims("Ann Lee plays it bloody.")))
    assert list(role_problems(claims("Ann Lee plays the keeper with a light hand.")))
