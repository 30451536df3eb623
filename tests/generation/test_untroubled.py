import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.claims import read_claims
from chatrec.generation.lengths import plain_lengths
from chatrec.generation.untroubled import untroubled_problems
from chatrec.types import Item

STORY = Item(
    "1",
    "The Locked House",
    genres=("Drama",),
    keywords=("captivity", "quarrelling sisters"),
    description="Two sisters, locked in by a cruel aunt, trade a ring for a safe way to the war.",
)
CATALOG = Catalog([STORY], domain="film")


def problems(sentence):
    return list(untroubled_problems(read_claims(sentence, STORY, (), CATALOG)))


@pytest.mark.parametrize(
    "sentence",
    [
        "The sisters are free to come and go.",
        "The sisters see eye to eye.",
        "The aunt is kind to the sisters.",
        "The sisters agree in everything.",
        "The house stays well clear of the war.",
        "The sisters keep their ring.",
        "The aunt stays at their side throughout.",
        "A war-free drama about two sisters.",
    ],
)
def test_what_goes_well_untold_is_a_problem(sentence):
    assert problems(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The sisters look for a safe way out.",  # told
        "The sisters want to be free to come and go.",  # hoped for
        "The sisters don't see eye to eye.",  # denied: another rule's matter
        "Two sisters are locked in by their aunt.",
    ],
)
def test_what_is_told_hoped_for_or_denied_is_none(sentence):
    assert problems(sentence) == []


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("a minute short of two hours", "119 minutes"),
        ("ten minutes less than three hours", "170 minutes"),
        ("eight minutes over an hour and a half", "98 minutes"),
        ("two hours less a minute", "119 minutes"),
        ("just a few minutes past two hours", "just over 120 minutes"),
        ("ends before the two-hour mark", "ends under the two-hour mark"),
        ("twelve minutes of an hour", "twelve minutes of an hour"),
    ],
)
def test_a_distance_from_a_round_length_becomes_minutes(said, plain):
    assert plain_lengths(said) == plain
