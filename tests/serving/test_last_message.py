"""The last message of a conversation on the page: stopped, asked again, edited, taken back."""

from __future__ import annotations

import re
from dataclasses import replace

import gradio as gr
import pytest

from chatrec.serving.identity import Caller
from chatrec.serving.page import Page
from chatrec.serving.talk import Talk
from chatrec.serving.turns import TurnLimits, Turns
from chatrec.storage import Storage
from chatrec.types import Constraints
from tests.serving.conversing import (
    BEN,
    DISLIKE,
    Visit,
    act,
    id_of,
    kept_messages,
    kept_state,
    say,
)
from tests.serving.fake_recommender import FakeRecommender


def test_stop_finishes_the_reply_with_plain_sentences_and_counts_them(
    page: Page, recommender: FakeRecommender, visit: Visit
) -> None:
    talk = visit()
    event = page.say("slowly", talk)
    shown = ""
    while "cr-card" not in shown:
        shown = next(event)[0]
    assert "data-act='stop'" in shown
    assert "data-act='undo'" not in shown
    list(page.act(talk, {"act": "stop"}))
    list(event)
    assert recommender.steps < FakeRecommender.STEPS
    shown = page.show(talk)[0]
    assert "Stopped. Plain sentences: 2 of 4 reasons." in shown
    assert "data-act='stop'" not in shown


def test_a_message_that_waits_in_line_can_be_stopped(
    page: Page, recommender: FakeRecommender, visit: Visit
) -> None:
    other, talk = page.say("slowly", visit(BEN)), visit()
    while "cr-card" not in next(other)[0]:
        pass
    event = page.say("calm", talk)
    next(event)
    list(page.act(talk, {"act": "stop"}))
    assert "stopped before the answer began" in page.show(talk)[0]
    other.close()  # type: ignore[attr-defined]  # a generator
    with pytest.raises(gr.Error):
        list(event)
    assert recommender.texts == ["slowly"]


def test_retry_answers_the_same_message_anew_in_its_place(
    page: Page, storage: Storage, recommender: FakeRecommender, visit: Visit
) -> None:
    talk = visit()
    say(page, talk, "calm", "sci-fi")
    act(page, talk, "retry")
    act(page, talk, "retry")
    assert recommender.texts == ["calm", "sci-fi", "sci-fi", "sci-fi"]
    assert recommender.attempts == [0, 0, 1, 2]
    assert kept_messages(storage, talk) == [turn.said for turn in talk.turns] == ["calm", "sci-fi"]
    assert len(kept_state(storage, talk).turns) == 4


def test_retry_after_an_error_asks_again(
    page: Page, storage: Storage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = visit()
    say(page, talk, "calm")
    with pytest.raises(gr.Error):
        list(page.say("break the model", talk))
    shown = page.fail("", talk)[0]
    assert "The model can&#x27;t answer at the moment" in shown
    with pytest.raises(gr.Error):
        list(page.act(talk, {"act": "retry"}))
    assert [turn.said for turn in talk.turns] == ["calm", "break the model"]
    act(page, talk, "undo")
    assert kept_messages(storage, talk) == [turn.said for turn in talk.turns] == ["calm"]


def test_an_edited_message_takes_the_place_of_the_last(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    say(page, talk, "calm", "sci-fi")
    shown, _, box, _ = act(page, talk, "edit")
    assert box == "sci-fi"
    assert "takes the place of this one" in shown
    assert len(talk.turns) == 2
    say(page, talk, "anything")
    assert (
        kept_messages(storage, talk) == [turn.said for turn in talk.turns] == ["calm", "anything"]
    )
    assert kept_state(storage, talk).constraints.genres_all == ()


def test_an_edit_can_be_given_up(page: Page, visit: Visit) -> None:
    talk = visit()
    say(page, talk, "calm")
    act(page, talk, "edit")
    shown, _, box, _ = act(page, talk, "unedit")
    assert box == ""
    assert "takes the place" not in shown
    say(page, talk, "sci-fi")
    assert len(talk.turns) == 2


def test_an_edit_that_fails_leaves_the_message_it_was_to_replace(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    say(page, talk, "calm")
    act(page, talk, "edit")
    with pytest.raises(gr.Error):
        list(page.say("break the model", talk))
    assert [turn.said for turn in talk.turns] == ["calm", "break the model"]
    assert kept_messages(storage, talk) == ["calm"]
    say(page, talk, "sci-fi")  # still in its place
    assert kept_messages(storage, talk) == [turn.said for turn in talk.turns] == ["sci-fi"]


@pytest.mark.parametrize("reloaded", [False, True])
def test_undo_takes_the_last_turn_back_and_marks_stay(
    page: Page, storage: Storage, visit: Visit, reloaded: bool
) -> None:
    talk = visit()
    say(page, talk, "calm", "sci-fi please")
    talk = visit(where=id_of(talk)) if reloaded else talk
    list(page.act(talk, DISLIKE))
    act(page, talk, "undo")
    assert kept_messages(storage, talk) == [turn.said for turn in talk.turns] == ["calm"]
    assert kept_state(storage, talk).disliked == ("moon",)
    assert len(kept_state(storage, talk).turns) == 2
    assert talk.state == kept_state(storage, talk)
    act(page, talk, "undo")
    assert "What are you in the mood for?" in page.show(talk)[0]
    assert kept_messages(storage, talk) == []


def test_undo_restores_the_limits_of_before(page: Page, storage: Storage, visit: Visit) -> None:
    talk = visit()
    say(page, talk, "calm", "sci-fi")
    assert kept_state(storage, talk).constraints.genres_all == ("Sci-Fi",)
    _, filters, _, _ = act(page, talk, "undo")
    assert "Sci-Fi" not in filters
    assert kept_state(storage, talk).constraints.genres_all == ()


def test_what_a_guarded_message_holds_is_not_undone(page: Page, visit: Visit) -> None:
    talk = visit()
    say(page, talk, "calm", "sci-fi")
    assert talk.state is not None
    talk.state = replace(talk.state, guarded=Constraints(max_age=12))
    act(page, talk, "undo")
    assert talk.state.guarded == Constraints(max_age=12)


def test_what_cannot_be_taken_back_is_said(page: Page, visit: Visit) -> None:
    talk = visit()
    shown = act(page, talk, "undo")[0]
    assert talk.hint
    assert "What are you in the mood for?" in shown
    event = page.say("slowly", talk)
    while "cr-card" not in next(event)[0]:
        pass
    assert "still being written; stop it first" in act(page, talk, "undo")[0]
    event.close()  # type: ignore[attr-defined]  # a generator


def test_a_full_line_says_how_many_wait_and_when_to_try_again(
    recommender: FakeRecommender, storage: Storage
) -> None:
    turns = Turns(recommender, TurnLimits(waiting=1, waiting_each=1))
    page = Page(turns, storage=storage)
    talks = [Talk() for _ in range(3)]
    for number, talk in enumerate(talks):
        page.settle(talk, Caller(f"owner{number}", f"k{number}"), "")
    running = page.say("slowly", talks[0])
    while "cr-card" not in next(running)[0]:
        pass
    waiting = page.say("calm", talks[1])
    next(waiting)
    with pytest.raises(gr.Error):
        list(page.say("calm", talks[2]))
    shown, _, box, _ = page.fail("", talks[2])
    assert re.search(r"The model is busy \(messages waiting: 1\). Try again in \d+ s", shown)
    assert box == "calm"
    assert "data-act='retry'" in shown
    running.close()  # type: ignore[attr-defined]  # a generator
    list(waiting)
    turns.close()


def test_who_waits_is_told_how_many_do(page: Page, visit: Visit) -> None:
    running = page.say("slowly", visit(BEN))
    while "cr-card" not in next(running)[0]:
        pass
    events = [page.say("calm", visit(Caller(f"owner{n}", f"k{n}"))) for n in range(2)]
    shown = [next(event)[0] for event in events]
    assert "Messages waiting, with yours: 2." in shown[1]
    running.close()  # type: ignore[attr-defined]  # a generator
    for event in events:
        list(event)
