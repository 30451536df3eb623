"""The shipped decoder reads messages beside the rules, with the adapter that ships for it."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from chatrec.assemble import SHIPPED_READING, assemble, reading_folder
from chatrec.conversation.guided import ReadingStats
from chatrec.conversation.recommender import Recommender
from chatrec.settings import Settings


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    return assemble(Settings())


def read_by(recommender: Recommender) -> ReadingStats:
    assert recommender.equipment.messages is not None
    return recommender.equipment.messages()


def test_a_verdict_in_words_of_ones_own_is_taken_for_one(recommender: Recommender) -> None:
    first = recommender.respond("an animated film, but no musicals", recommender.start(), 5)
    shown = first.recommendations[0].item
    reply = recommender.respond(f"{shown.title} is lovely, we all wept.", first.state, 5)
    assert shown.item_id in reply.state.liked
    assert reply.state.constraints == first.state.constraints


def test_a_message_is_read_once_with_all_that_is_suggested_after_it(
    recommender: Recommender,
) -> None:
    before = sum(astuple(read_by(recommender)))
    recommender.respond("a western with a duel", recommender.start(), 5)
    assert sum(astuple(read_by(recommender))) == before + 1


@pytest.mark.parametrize(
    ("settings", "domain", "reads"),
    [
        (Settings(), "film", True),
        (Settings(), "game", False),
        (Settings(understanding="rules"), "film", False),
        (Settings(model="someone/else"), "film", False),
    ],
)
def test_the_decoder_reads_only_what_it_learnt_to(
    settings: Settings, domain: str, reads: bool
) -> None:
    assert (reading_folder(settings, domain) == SHIPPED_READING) is reads


def test_warming_up_reads_a_message_after_a_list_too(recommender: Recommender) -> None:
    before = read_by(recommender)
    recommender.warm_up()
    after = read_by(recommender)
    assert after.unasked == before.unasked + 1
    assert sum(astuple(after)) == sum(astuple(before)) + 2
