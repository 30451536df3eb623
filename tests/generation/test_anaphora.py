from dataclasses import replace

import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.anaphora import anaphora_problems, resolved
from chatrec.generation.claims import read_claims
from chatrec.types import Evidence, Item

HARBOUR = Item("1", "Harbour", 1990, creators=("Ann Lee", "Eve Moss"), cast=("Bo Ray", "Cy Day"))
SUMMIT = Item("2", "Summit", 1980, creators=("Ann Lee",), cast=("Bo Ray", "Flo Kent"))
CATALOG = Catalog([HARBOUR, SUMMIT], domain="film")
LINKS = (
    Evidence("shared_creator", "Ann Lee | Summit", "liked"),
    Evidence("shared_cast", "Bo Ray | Summit", "liked"),
)


def problems(sentence):
    return list(anaphora_problems(read_claims(sentence, HARBOUR, LINKS, CATALOG)))


@pytest.mark.parametrize(
    "sentence",
    [
        "You liked Summit; its director, {maker}, made this too.",
        "You liked Summit, and {maker}, who directed that one as well, directed this.",
        "You liked Summit; {maker} directed it, and this.",
        "You liked Summit; {maker}, whose work that was, directs this.",
        "You liked Summit; both were directed by {maker}.",
        "You liked Summit; the same director, {maker}, made this.",
        "Summit was directed by {maker}, and so was this.",
        "{maker}'s name was on Summit as director.",
        "You liked Summit; its star, {star}, is in this too.",
        "You liked Summit; {star}, who was in that, is in this.",
        "You liked Summit; {star} had the lead there, and has it here.",
        "You liked Summit; the same star, {star}, is in this.",
        "You liked Summit; {star} is in both.",
        "You liked Summit; {star} is back.",
        "You liked Summit and its {star}, who is in this too.",
    ],
)
def test_a_person_tied_by_a_pronoun_must_have_that_part_in_the_title(sentence):
    assert not problems(sentence.format(maker="Ann Lee", star="Bo Ray"))
    assert problems(sentence.format(maker="Eve Moss", star="Cy Day"))


def test_who_acts_in_a_title_has_not_directed_it():
    assert problems("You liked Summit; its director, Bo Ray, is in this too.")


@pytest.mark.parametrize(
    "sentence",
    [
        "Like Summit it is a drama, and its director, Eve Moss, sets it by the sea.",
        "If you liked Summit, try this: its star Cy Day waits for a boat.",
        "You liked Summit; this is a drama, and Cy Day, who is in it, waits for a boat.",
        "You liked Summit, so try a sea story; its director is Eve Moss.",
    ],
)
def test_once_the_item_is_spoken_of_a_pronoun_may_mean_the_item(sentence):
    assert not problems(sentence)


def test_a_director_without_a_name_is_of_both():
    assert not problems("You liked Summit; its director made this too.")
    alone = Evidence("shared_cast", "Bo Ray | Summit", "liked")
    other = replace(HARBOUR, creators=("Eve Moss",))
    claims = read_claims("You liked Summit; its director made this too.", other, (alone,), CATALOG)
    assert list(anaphora_problems(claims))


def test_a_maker_and_a_star_may_have_made_a_title_together():
    assert not problems("Ann Lee and Bo Ray, the pair behind Summit, made this.")
    assert problems("Ann Lee and Cy Day, the pair behind Summit, made this.")


def test_the_title_stands_where_a_pronoun_means_it():
    assert resolved("you liked <ta>; <pb>, who was in it, is here", "a") == (
        "you liked <ta>; <pb>, who was in <ta>, is here"
    )
    assert resolved("you liked <ta>; here is its director, <pb>", "a") == (
        "you liked <ta>; here is its director, <pb>"
    )
