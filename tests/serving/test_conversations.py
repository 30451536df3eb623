"""Conversations of the page: kept, taken up, forgotten, and nobody else's."""

from __future__ import annotations

import re

import gradio as gr
import pytest

from chatrec.conversation.sessions import NEW, Exchange, Shown
from chatrec.conversation.state import DialogueState
from chatrec.errors import RequestError, StorageError
from chatrec.serving.identity import ANONYMOUS
from chatrec.serving.page import Page
from chatrec.serving.standing import Standing
from chatrec.serving.turns import Turns
from chatrec.storage import Storage
from chatrec.types import Constraints
from tests.serving.conversing import (
    BEN,
    DISLIKE,
    STRANGER,
    Visit,
    act,
    id_of,
    kept_messages,
    kept_state,
    press,
    say,
)
from tests.serving.fake_recommender import NASTY

# Kept


def test_a_reloaded_page_shows_the_same(page: Page, visit: Visit) -> None:
    talk = visit()
    say(page, talk, "calm", "sci-fi")
    list(page.act(talk, DISLIKE))
    again = visit(where=id_of(talk))
    assert again.number > talk.number
    again.number = talk.number  # all else is the same
    before, after = page.show(talk), page.show(again)
    assert after == before
    assert "is-dislike" in after[0]
    assert "Something shorter" in after[0]  # what to go on with
    assert "Remove filter Sci-Fi" in after[1]
    assert again.state == talk.state


def test_every_reply_is_stored_before_it_is_shown_as_complete(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    for update in page.say("calm", talk):
        if isinstance(update[0], str) and "is-coming" not in update[0] and "cr-card" in update[0]:
            assert kept_messages(storage, talk) == ["calm"]
            break
    else:
        pytest.fail("the reply was never complete")


def test_a_title_that_is_not_in_the_catalogue_any_more_is_shown_by_name(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    gone = Exchange("calm", "Try this.", "fusion", (Shown("x9", "Gone", 1, 1.0, "Old.", "model"),))
    state = DialogueState().with_user_turn("calm").with_reply("Try this.", ["x9"])
    storage.sessions.put("ann", id_of(talk), state, version=NEW, exchange=gone)
    again = visit(where=id_of(talk))
    shown = page.show(again)[0]
    assert "Gone" in shown
    assert "Old." in shown
    assert again.state is not None
    assert again.state.last_shown == ()


def test_marks_are_stored_with_their_verdicts_exactly_once(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    say(page, talk, "calm")
    name = "a" * 32
    list(page.act(talk, DISLIKE | {"event": name}))
    [event] = storage.feedback.events("ann")
    assert (event.event_id, event.item_id, event.kind) == (name, "moon", "dislike")
    assert event.session_id == id_of(talk)
    assert kept_state(storage, talk).disliked == ("moon",)
    list(page.act(talk, DISLIKE | {"event": "b" * 32}))  # taken back
    assert kept_state(storage, talk).disliked == ()
    list(page.act(talk, DISLIKE | {"event": "not a name <b>"}))  # gets one here
    assert len(storage.feedback.events("ann")) == 2


def test_limits_and_beliefs_taken_away_stay_away(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    say(page, talk, "sci-fi")
    act(page, talk, "unfilter", name="genres_all", value="Sci-Fi")
    assert kept_state(storage, talk).constraints.genres_all == ()
    list(page.act(talk, DISLIKE))
    press(page, talk, "forget", what="disliked", value="moon")
    assert kept_state(storage, talk).disliked == ()


def test_a_failure_of_the_database_is_shown_and_the_conversation_goes_on(
    page: Page, storage: Storage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StorageError("the database cannot be reached")

    talk = visit()
    with monkeypatch.context() as patch:
        patch.setattr(storage.sessions, "put", fails)
        shown = say(page, talk, "calm")
        assert "Not saved: the database cannot be reached." in shown
        assert "cr-card" in shown
    shown = say(page, talk, "sci-fi")
    assert "Not saved" not in shown
    assert kept_messages(storage, talk) == ["calm", "sci-fi"]


def test_a_list_that_cannot_be_read_says_so(
    page: Page, storage: Storage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StorageError("the database cannot be reached")

    talk = visit()
    monkeypatch.setattr(storage.sessions, "entries", fails)
    assert "the database cannot be reached" in page.listed(talk)


def test_a_list_whose_reasons_fail_is_kept_as_it_is(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    with pytest.raises(gr.Error):
        list(page.say("break midway", talk))
    assert kept_messages(storage, talk) == ["break midway"]
    assert "cr-card" in page.show(visit(where=id_of(talk)))[0]


def test_what_a_closed_tab_leaves_is_finished_plainly_and_kept(
    page: Page, turns: Turns, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    event = page.say("slowly", talk)
    while "cr-card" not in next(event)[0]:
        pass
    event.close()  # type: ignore[attr-defined]  # Gradio closes the generator of a lost client
    again = visit(where=id_of(talk))
    list(page.begun(again))
    assert [turn.said for turn in again.turns] == ["slowly"]
    assert not turns.busy(again.conversation)
    assert kept_messages(storage, talk) == ["slowly"]


def test_a_page_that_fell_behind_catches_up_with_the_next_message(
    page: Page, storage: Storage, visit: Visit
) -> None:
    desk = visit()
    say(page, desk, "calm")
    phone = visit(where=id_of(desk))
    say(page, phone, "sci-fi")
    say(page, desk, "anything")
    assert [turn.said for turn in desk.turns] == ["calm", "sci-fi", "anything"]
    assert desk.state is not None
    assert desk.state.constraints.genres_all == ("Sci-Fi",)
    assert kept_messages(storage, desk) == ["calm", "sci-fi", "anything"]


def test_an_incognito_conversation_leaves_nothing(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = press(page, visit(), "incognito")
    say(page, talk, "calm")
    list(page.act(talk, DISLIKE))
    assert not storage.has("ann")
    assert "data-conversation='incognito'" in page.show(talk)[0]
    assert visit(where="incognito").incognito  # after a reload it is one again


def test_a_conversation_begins_with_what_always_holds(
    page: Page, storage: Storage, visit: Visit
) -> None:
    standing = Standing(disliked=("moon",), constraints=Constraints(genres_none=("Horror",)))
    storage.profiles.put("ann", standing.record(), version=NEW)
    for talk in (visit(), press(page, visit(), "incognito")):
        shown = say(page, talk, "calm")
        assert "data-item='moon'" not in shown
        assert talk.state is not None
        assert talk.state.constraints.genres_none == ("Horror",)
    assert "data-item='moon'" in say(page, visit(BEN), "calm")


def test_a_profile_that_cannot_be_read_is_said(
    page: Page, storage: Storage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> None:
        raise StorageError("the database cannot be reached")

    monkeypatch.setattr(storage.profiles, "get", fails)
    shown = say(page, visit(), "calm")
    assert "What is kept of you can&#x27;t be read" in shown
    assert "cr-card" in shown


def test_forget_me_erases_all_that_is_stored(page: Page, storage: Storage, visit: Visit) -> None:
    storage.profiles.put("ann", Standing(liked=("moon",)).record(), version=NEW)
    say(page, visit(), "an earlier one")
    other = visit(BEN)
    say(page, other, "of somebody else")
    talk = visit()
    say(page, talk, "calm")
    list(page.act(talk, DISLIKE))
    fresh = press(page, talk, "forget_me")
    assert not storage.has("ann")
    assert storage.sessions.entries("ben")
    assert (fresh.turns, fresh.state) == ((), None)
    say(page, talk, "from a tab that was left open")  # of the conversation that was forgotten
    assert not storage.has("ann")


def test_what_could_not_be_erased_is_said_and_all_goes_on(
    page: Page, storage: Storage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> None:
        raise StorageError("the database cannot be reached")

    talk = visit()
    say(page, talk, "calm")
    press(page, talk, "profile")
    with monkeypatch.context() as patch:
        patch.setattr(storage, "erase", fails)
        _, _, _, panel, same, _ = page.manage(talk, {"act": "forget_me"})
    assert same is talk
    assert "the database cannot be reached" in panel
    say(page, talk, "sci-fi")
    assert kept_messages(storage, talk) == ["calm", "sci-fi"]


# Whose


def test_another_owner_finds_nothing(page: Page, storage: Storage, visit: Visit) -> None:
    talk = visit()
    say(page, talk, "a secret wish")
    other = visit(BEN, where=id_of(talk))
    assert other.turns == ()
    assert "secret" not in page.listed(other)
    other = visit(BEN)
    for button in ("open", "rename", "delete", "share"):
        other = press(page, other, button, session=id_of(talk), title="mine")
        assert "secret" not in page.show(other)[0]
        listed = page.listed(other)
        assert "secret" not in listed
        assert "not there any more" in listed
    assert storage.sessions.entries("ann")[0].title == "a secret wish"


def test_a_tab_of_somebody_else_is_refused(page: Page, visit: Visit) -> None:
    talk = visit()
    with pytest.raises(RequestError, match="reload the page"):
        page.settle(talk, BEN, "")


def test_strangers_have_no_list_and_come_back_by_the_id_alone(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit(STRANGER)
    say(page, talk, "calm")
    assert page.listed(talk) == ""
    with pytest.raises(RequestError):
        press(page, talk, "share", session=id_of(talk))
    assert visit(STRANGER).turns == ()
    assert len(visit(STRANGER, where=id_of(talk)).turns) == 1
    other = visit(STRANGER)
    say(page, other, "another stranger's")
    press(page, talk, "forget_me")
    assert len(storage.sessions.entries(ANONYMOUS)) == 1


def test_an_id_that_is_none_begins_anew(visit: Visit) -> None:
    for where in ("../../etc", "a" * 101, "x' or 1", NASTY):
        talk = visit(where=where)
        assert talk.turns == ()
        assert re.fullmatch("[0-9a-f]{32}", id_of(talk))
