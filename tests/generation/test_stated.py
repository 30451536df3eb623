import random

import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import evidence_for, own_facts
from chatrec.generation.fact_words import columns_of
from chatrec.generation.grounding import check
from chatrec.generation.phrasing import draft, wordable
from chatrec.generation.planned import keeps_to_plans
from chatrec.types import Evidence, Item, Query

SHOW = Item(
    "1", "Star Road", genres=("Mecha", "Space"),
    facts={"type": "TV", "episodes": "26", "members": "8347", "mean_rating": "8.43"},
)  # fmt: skip
OTHER = Item("2", "Quiet Town", genres=("Drama",), facts={"type": "OVA", "mean_rating": "6.1"})
SHOWS = Catalog([SHOW, OTHER], domain="anime")
NOTES = Item(
    "1", "Notes", creators=("Ann Lee",), genres=("Productivity",), price=0.0,
    description="Keep your lists in one place.", facts={"package": "com.lee.notes"},
)  # fmt: skip
APPS = Catalog([NOTES], domain="app")


def verdict(sentence, item=SHOW, catalog=SHOWS):
    return check(sentence, item, evidence_for(item, Query(), catalog), catalog)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is a mecha anime. It has 26 episodes.",
        "Here is a space anime with 26 episodes.",
        "It is a space anime. Its type is TV.",
        "This is a mecha anime. It is rated 8.4 of 10.",
        "Among space anime titles, try this one.",
    ],
)
def test_what_code_states_passes(sentence):
    assert verdict(sentence).ok, verdict(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is a mecha anime. It runs 26 a week.",
        "It is a mecha anime, with 26 in it.",
        "It is a mecha anime, with 8347 members in it.",
        "It is a mecha anime, with this type in it.",
        "It is a mecha anime, and it is a TV.",
        "It is a mecha anime. It has 27 episodes.",
        "It is a mecha anime with many episodes.",
        "It is a mecha anime. It is rated 9.4 of 10.",
        "It is a comedy anime. It has 26 episodes.",
    ],
)
def test_a_column_in_other_words_or_with_another_value_is_refused(sentence):
    assert not verdict(sentence).ok


def test_free_is_said_only_of_what_is():
    sold = Item("2", "Ledger", creators=("Bob Ray",), price=2.5)
    apps = Catalog([NOTES, sold], domain="app")
    assert verdict("It is free, and Ann Lee developed it.", NOTES, apps).ok
    assert not verdict("It is free, and Bob Ray developed it.", sold, apps).ok


def test_a_quote_must_be_the_one_of_the_description():
    good = "Ann Lee developed this app. Its description says “Keep your lists in one place”."
    assert verdict(good, NOTES, APPS).ok
    assert not verdict("Ann Lee developed this app, with com.lee.notes.", NOTES, APPS).ok


@pytest.mark.parametrize(("item", "catalog"), [(SHOW, SHOWS), (OTHER, SHOWS), (NOTES, APPS)])
def test_every_draft_passes_the_check(item, catalog):
    facts = wordable(own_facts(item, columns_of(catalog)), catalog.domain)
    for seed in range(30):
        rng = random.Random(seed)
        rng.shuffle(facts)
        found = draft(facts, catalog.domain, rng)
        assert check(found.text, item, found.pieces, catalog).ok, found.text


ASKED = (Evidence("genre", "Mecha", "your words"), Evidence("creator", "Ann Lee", "catalogue"))


@pytest.mark.parametrize("domain", ["anime", "app", "place"])
def test_every_draft_keeps_to_the_plans(domain):
    for seed in range(60):
        found = draft(ASKED, domain, random.Random(seed))
        assert keeps_to_plans(found.body, found.told, domain), found.body


@pytest.mark.parametrize(
    "text",
    [
        "Since you asked for an anime, here is one, with the mecha character in it.",
        "You asked for a mecha, and this is one.",
        "If it is a mecha anime you want, pick this one, with free.",
        "For an anime, pick this one.",
    ],
)
def test_what_strays_from_the_plans_is_seen(text):
    assert keeps_to_plans("You asked for a mecha anime, and this is one.", ASKED, "anime")
    assert not keeps_to_plans(text, ASKED, "anime")
