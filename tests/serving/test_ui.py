from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from chatrec.conversation.lexicon import LANGUAGES
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog, builtin_films
from chatrec.errors import RequestError
from chatrec.serving.page import Page
from chatrec.serving.page_words import say
from chatrec.serving.talk import Talk
from chatrec.serving.turns import Turns
from chatrec.serving.welcome import welcome_for
from chatrec.types import Item
from tests.serving.fake_recommender import FakeRecommender


@pytest.fixture
def page(recommender: FakeRecommender) -> Iterator[Page]:
    turns = Turns(recommender)
    yield Page(turns)
    turns.close()


def _after(page: Page, text: str) -> Talk:
    talk = Talk()
    list(page.say(text, talk))
    return talk


def test_the_cards_come_before_the_reasons(page: Page, recommender: FakeRecommender) -> None:
    recommender.delay_s = 0.05
    updates = [update for update in page.say("a calm film", Talk()) if isinstance(update[0], str)]
    assert "Looking through films" in updates[0][0]
    assert updates[0][2] == ""
    coming = [update[0].count("is-coming") for update in updates]
    assert list(dict.fromkeys(coming)) == [0, 4, 3, 2, 1]
    assert coming[-1] == 0


def test_an_error_is_shown_and_the_text_given_back(page: Page) -> None:
    talk = Talk()
    with pytest.raises(gr.Error, match="the decoder cannot be reached"):
        list(page.say("break the model", talk))
    shown, _, box, _ = page.fail("", talk)
    assert "the decoder cannot be reached" in shown
    assert box == "break the model"


def test_an_unforeseen_failure_gives_the_text_back(page: Page) -> None:
    talk = Talk()
    with pytest.raises(KeyError):
        list(page.say("bug", talk))
    shown, _, box, _ = page.fail("", talk)
    assert "something went wrong on this side" in shown
    assert box == "bug"


def test_a_failure_leaves_what_was_typed_meanwhile(page: Page) -> None:
    talk = Talk()
    with pytest.raises(KeyError):
        list(page.say("bug", talk))
    assert not isinstance(page.fail("another wish", talk)[2], str)


def test_a_message_that_is_too_long_is_given_back_whole(
    page: Page, recommender: FakeRecommender
) -> None:
    talk, text = Talk(), "long " * 500
    with pytest.raises(gr.Error, match="2,499 characters; up to 2,000 are read"):
        list(page.say(text, talk))
    shown, _, box, _ = page.fail("", talk)
    assert "Please shorten it" in shown
    assert box == text.strip()
    assert recommender.texts == []


def test_an_empty_message_changes_nothing(page: Page) -> None:
    assert list(page.say("   ", Talk())) == []


def test_a_message_ends_the_writing_of_the_last_reasons_and_is_answered(
    page: Page, recommender: FakeRecommender
) -> None:
    talk = Talk()
    first = page.say("slowly, only sci-fi", talk)
    while "cr-card" not in next(first)[0]:
        pass
    *_, (shown, *_), end = page.say("calm", talk)
    assert isinstance(shown, str)
    assert "is-coming" not in shown
    assert not isinstance(end[0], str)
    assert recommender.steps < FakeRecommender.STEPS
    assert [turn.said for turn in talk.turns] == ["slowly, only sci-fi", "calm"]
    assert [len(turn.reply.recommendations) for turn in talk.turns if turn.reply] == [2, 2]
    assert not any(isinstance(update[0], str) for update in first)  # the first event goes silent


def test_messages_sent_in_a_row_are_all_answered_in_order(
    page: Page, recommender: FakeRecommender
) -> None:
    talk = Talk()
    events = [page.say(text, talk) for text in ("slowly one", "slowly two", "three")]
    for event in events:
        next(event)
    list(events[-1])
    assert recommender.texts == ["slowly one", "slowly two", "three"]
    assert all(turn.reply is not None and turn.reply.complete for turn in talk.turns)
    assert recommender.steps < FakeRecommender.STEPS


def test_a_button_pressed_twice_is_answered_once(page: Page, recommender: FakeRecommender) -> None:
    recommender.delay_s = 0.2
    talk, press = Talk(), {"act": "say", "text": "Surprise me"}
    first = page.act(talk, press)
    next(first)
    assert len(list(page.act(talk, press))) == 1
    list(first)
    assert recommender.texts == ["Surprise me"]
    list(page.act(talk, press))
    assert recommender.texts == ["Surprise me", "Surprise me"]


def test_a_closed_tab_stops_the_writing(page: Page, recommender: FakeRecommender) -> None:
    talk = Talk()
    event = page.say("slowly", talk)
    while "cr-card" not in next(event)[0]:
        pass
    event.close()  # type: ignore[attr-defined]  # Gradio closes the generator of a lost client
    list(page.say("calm", Talk()))
    assert recommender.steps < FakeRecommender.STEPS
    assert not talk.turns[0].pending


def test_a_message_that_a_closed_tab_left_waiting_is_never_answered(
    page: Page, recommender: FakeRecommender
) -> None:
    other, talk = page.say("slowly", Talk()), Talk()
    next(other)
    left = page.say("calm", talk)
    next(left)
    left.close()  # type: ignore[attr-defined]  # a generator
    other.close()  # type: ignore[attr-defined]  # a generator
    list(page.say("later", Talk()))
    assert recommender.texts == ["slowly", "later"]
    assert "something went wrong" in page.show(talk)[0]


def test_a_mark_set_while_reasons_are_written_stays(page: Page) -> None:
    talk = Talk()
    event = page.say("slowly", talk)
    while "cr-card" not in next(event)[0]:
        pass
    press = {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}
    [(shown, *_)] = page.act(talk, press)
    assert shown.count("is-coming") == 4  # they are still being written
    list(page.say("calm", talk))
    assert talk.state is not None
    assert talk.state.disliked == ("moon",)
    assert talk.turns[0].marks == {"moon": "dislike"}


def test_a_press_before_the_list_is_there_changes_nothing(
    page: Page, recommender: FakeRecommender
) -> None:
    talk = _after(page, "sci-fi")
    recommender.delay_s = 0.3
    event = page.say("calm", talk)
    next(event)
    list(page.act(talk, {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}))
    [update] = page.act(talk, {"act": "unfilter", "name": "genres_all", "value": "Sci-Fi"})
    assert talk.waiting
    assert "disabled>Sci-Fi" in update[1]
    list(event)
    assert talk.state is not None
    assert (talk.state.disliked, talk.state.constraints.genres_all) == ((), ("Sci-Fi",))


def test_not_for_me_changes_the_state_and_pressing_again_takes_it_back(page: Page) -> None:
    press = {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}
    talk = _after(page, "calm")
    [update] = page.act(talk, press)
    assert talk.state is not None
    assert talk.state.disliked == ("moon",)
    assert "is-dislike" in update[0]
    [update] = page.act(talk, press)
    assert talk.state.disliked == ()
    assert "is-dislike" not in update[0]


def test_another_mark_replaces_the_first(page: Page) -> None:
    press = {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}
    talk = _after(page, "calm")
    list(page.act(talk, press))
    list(page.act(talk, press | {"mark": "seen"}))
    assert talk.state is not None
    assert (talk.state.disliked, talk.state.seen) == ((), ("moon",))


def test_more_like_this_asks_for_it(page: Page, recommender: FakeRecommender) -> None:
    press = {"act": "mark", "mark": "like", "turn": "0", "item": "arrival"}
    talk = _after(page, "calm")
    list(page.act(talk, press))
    assert recommender.texts == ["calm", "More like Arrival (2016)"]
    assert talk.state is not None
    assert talk.state.liked == ("arrival",)
    assert len(talk.turns) == 2


def test_a_filter_shows_as_a_chip_and_can_be_removed(page: Page) -> None:
    talk = _after(page, "sci-fi")
    assert "Remove filter Sci-Fi" in page.show(talk)[1]
    press = {"act": "unfilter", "name": "genres_all", "value": "Sci-Fi"}
    [update] = page.act(talk, press)
    assert "Remove filter" not in update[1]
    assert "data-text='Show me others'>Search again without it" in update[1]
    assert talk.state is not None
    assert talk.state.constraints.genres_all == ()
    list(page.act(talk, {"act": "say", "text": "Show me others"}))
    assert page.show(talk)[1] == ""


def test_searching_again_asks_for_others_in_every_language() -> None:
    understanding = Understanding(builtin_films())
    wishes = {
        "en": "a French comedy",
        "de": "zeig mir eine französische Komödie",
        "fr": "une comédie française",
        "es": "una comedia francesa",
        "zh": "推荐一部法国喜剧",
    }
    for language in LANGUAGES:
        state = understanding.read(wishes[language], DialogueState()).state.with_reply("", ["x"])
        turned = understanding.read(say("others", language), state)
        assert (turned.act, turned.language) == ("critique", language)
        assert turned.state.filters() == state.filters()


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
    talk = _after(page, "calm")
    with pytest.raises(RequestError):
        list(page.act(talk, press))


def test_a_new_conversation_is_empty_and_ends_the_old_one(
    page: Page, recommender: FakeRecommender
) -> None:
    old = Talk()
    event = page.say("slowly", old)
    while "cr-card" not in next(event)[0]:
        pass
    shown, filters, box, profile, talk, _ = page.manage(old, {"act": "new"})
    assert "What are you in the mood for?" in shown
    assert (filters, box, profile, talk.turns, talk.state) == ("", "", "", (), None)
    assert not any(isinstance(update[0], str) for update in event)
    assert recommender.steps < FakeRecommender.STEPS


def test_prompts_of_another_domain_come_from_its_catalogue() -> None:
    catalog = Catalog((Item("1", "Emma", genres=("Romance",)), Item("2", "Dune")), domain="book")
    welcome = welcome_for(catalog)
    assert welcome.prompts[0] == "Something like Emma"
    assert "The best romance books" in welcome.prompts
