from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.serving.turns import Turns
from chatrec.serving.ui import Conversation, Page, welcome_for
from chatrec.types import Item
from tests.serving.fake_recommender import FakeRecommender


@pytest.fixture
def page(recommender: FakeRecommender) -> Iterator[Page]:
    turns = Turns(recommender)
    yield Page(turns)
    turns.close()


def _said(page: Page, text: str, conversation: Conversation | None = None) -> list[Any]:
    return list(page.say(text, Conversation() if conversation is None else conversation))


def _after(page: Page, text: str) -> Conversation:
    conversation: Conversation = _said(page, text)[-1][3]
    return conversation


def test_the_cards_come_before_the_reasons(page: Page) -> None:
    updates = _said(page, "a calm film")
    assert "Looking through films" in updates[0][0]
    assert updates[0][2] == ""
    assert updates[1][0].count("is-coming") == 4
    assert [u[0].count("is-coming") for u in updates] == [0, 4, 3, 2, 1, 0]
    assert not updates[-1][3].busy


def test_an_error_is_shown_and_the_text_given_back(page: Page) -> None:
    *_, (shown, _, box, conversation) = _said(page, "break the model")
    assert "the decoder cannot be reached" in shown
    assert box == "break the model"
    assert not conversation.busy


def test_an_unforeseen_failure_gives_the_text_back(page: Page) -> None:
    updates = page.say("bug", Conversation())
    pending = next(updates)[3]
    with pytest.raises(KeyError):
        next(updates)
    shown, _, box, conversation = page.fail("", pending)
    assert "something went wrong on this side" in shown
    assert box == "bug"
    assert not conversation.busy


def test_an_empty_message_or_one_while_busy_changes_nothing(page: Page) -> None:
    assert _said(page, "   ") == []
    busy = next(page.say("calm", Conversation()))[3]
    assert _said(page, "again", busy) == []
    assert list(page.act(busy, {"act": "say", "text": "again"})) == []


def test_not_for_me_changes_the_state_and_pressing_again_takes_it_back(page: Page) -> None:
    press = {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}
    [update] = page.act(_after(page, "calm"), press)
    assert update[3].state.disliked == ("moon",)
    assert "is-dislike" in update[0]
    [update] = page.act(update[3], press)
    assert update[3].state.disliked == ()
    assert "is-dislike" not in update[0]


def test_another_mark_replaces_the_first(page: Page) -> None:
    press = {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}
    [update] = page.act(_after(page, "calm"), press)
    [update] = page.act(update[3], press | {"mark": "seen"})
    assert (update[3].state.disliked, update[3].state.seen) == ((), ("moon",))


def test_more_like_this_asks_for_it(page: Page, recommender: FakeRecommender) -> None:
    press = {"act": "mark", "mark": "like", "turn": "0", "item": "arrival"}
    *_, last = page.act(_after(page, "calm"), press)
    assert recommender.texts == ["calm", "More like Arrival (2016)"]
    assert last[3].state.liked == ("arrival",)
    assert len(last[3].turns) == 2


def test_a_filter_shows_as_a_chip_and_can_be_removed(page: Page) -> None:
    conversation = _after(page, "sci-fi")
    filters = page.show(conversation, "")[1]
    assert "Remove filter Sci-Fi" in filters
    press = {"act": "unfilter", "name": "genres_all", "value": "Sci-Fi"}
    [update] = page.act(conversation, press)
    assert update[1] == ""
    assert update[3].state.constraints.genres_all == ()


@pytest.mark.parametrize(
    "press",
    [
        {"act": "mark", "mark": "like", "turn": "0", "item": "unknown"},
        {"act": "mark", "mark": "like", "turn": "7", "item": "moon"},
        {"act": "mark", "mark": "like", "turn": "-1", "item": "moon"},
        {"act": "mark", "mark": "love", "turn": "0", "item": "moon"},
        {"act": "mark", "mark": "like", "turn": "0", "item": ["moon"]},
        {"act": "unfilter", "name": "nope", "value": "x"},
        {"act": "delete everything"},
        {},
    ],
)
def test_a_made_up_press_is_refused(page: Page, press: dict[str, Any]) -> None:
    conversation = _after(page, "calm")
    with pytest.raises(RequestError):
        list(page.act(conversation, press))


def test_a_new_conversation_is_empty(page: Page) -> None:
    shown, filters, box, conversation = page.reset()
    assert "What are you in the mood for?" in shown
    assert (filters, box, conversation) == ("", "", Conversation())


def test_prompts_of_another_domain_come_from_its_catalogue() -> None:
    catalog = Catalog((Item("1", "Emma", genres=("Romance",)), Item("2", "Dune")), domain="book")
    welcome = welcome_for(catalog)
    assert welcome.prompts[0] == "Something like Emma"
    assert "The best romance books" in welcome.prompts
