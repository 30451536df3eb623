"""Conversations of the page: kept, taken up, listed, managed, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
import pytest

from chatrec.conversation.lexicon import LANGUAGES
from chatrec.conversation.sessions import NEW
from chatrec.conversation.state import DialogueState
from chatrec.errors import RequestError, StorageError
from chatrec.serving.conversation_list import LISTED
from chatrec.serving.conversation_words import WORDS, conversation_words
from chatrec.serving.identity import ANONYMOUS, Caller
from chatrec.serving.page import Page
from chatrec.serving.standing import Standing
from chatrec.serving.talk import Talk
from chatrec.serving.turns import TurnLimits, Turns
from chatrec.storage import Storage
from chatrec.types import Constraints
from tests.serving.fake_recommender import NASTY, FakeRecommender

ANN, BEN = Caller("ann", "k1"), Caller("ben", "k2")
STRANGER = Caller(ANONYMOUS, anonymous=True)
DISLIKE = {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}

Visit = Callable[..., Talk]


@pytest.fixture
def turns(recommender: FakeRecommender) -> Iterator[Turns]:
    made = Turns(recommender)
    made.warmth = "ready"
    yield made
    made.close()


@pytest.fixture
def page(turns: Turns, storage: Storage) -> Page:
    return Page(turns, storage=storage)


@pytest.fixture
def visit(page: Page) -> Visit:
    def visited(caller: Caller = ANN, where: str = "") -> Talk:
        talk = Talk()
        page.settle(talk, caller, where)
        return talk

    return visited


def _say(page: Page, talk: Talk, *texts: str) -> str:
    for text in texts:
        list(page.say(text, talk))
    return str(page.show(talk)[0])


def _press(page: Page, talk: Talk, act: str, **data: Any) -> Talk:
    """The talk after a press in the list or the header."""
    found: Talk = page.manage(talk, {"act": act} | data)[4]
    return found


def _act(page: Page, talk: Talk, act: str, **data: Any) -> tuple[Any, ...]:
    """The page after a press in the thread."""
    updates = list(page.act(talk, {"act": act} | data))
    return next(update for update in reversed(updates) if isinstance(update[0], str))


def _id(talk: Talk) -> str:
    assert talk.kept is not None
    return talk.kept.session_id


def _said(storage: Storage, talk: Talk) -> list[str]:
    return [exchange.said for exchange in storage.sessions.exchanges("ann", _id(talk))]


def _state(storage: Storage, talk: Talk) -> DialogueState:
    session = storage.sessions.get("ann", _id(talk))
    assert session is not None
    return session.state


# Kept


def test_a_reloaded_page_shows_the_same(page: Page, visit: Visit) -> None:
    talk = visit()
    _say(page, talk, "calm", "sci-fi")
    list(page.act(talk, DISLIKE))
    again = visit(where=_id(talk))
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
            assert _said(storage, talk) == ["calm"]
            break
    else:
        pytest.fail("the reply was never complete")


def test_a_title_that_is_not_in_the_catalogue_any_more_is_shown_by_name(
    page: Page, storage: Storage, visit: Visit
) -> None:
    from chatrec.conversation.sessions import Exchange, Shown

    talk = visit()
    gone = Exchange("calm", "Try this.", "fusion", (Shown("x9", "Gone", 1, 1.0, "Old.", "model"),))
    state = DialogueState().with_user_turn("calm").with_reply("Try this.", ["x9"])
    storage.sessions.put("ann", _id(talk), state, version=NEW, exchange=gone)
    again = visit(where=_id(talk))
    shown = page.show(again)[0]
    assert "Gone" in shown
    assert "Old." in shown
    assert again.state is not None
    assert again.state.last_shown == ()


def test_marks_are_stored_with_their_verdicts_exactly_once(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    _say(page, talk, "calm")
    name = "a" * 32
    list(page.act(talk, DISLIKE | {"event": name}))
    [event] = storage.feedback.events("ann")
    assert (event.event_id, event.item_id, event.kind) == (name, "moon", "dislike")
    assert event.session_id == _id(talk)
    assert _state(storage, talk).disliked == ("moon",)
    list(page.act(talk, DISLIKE | {"event": "b" * 32}))  # taken back
    assert _state(storage, talk).disliked == ()
    list(page.act(talk, DISLIKE | {"event": "not a name <b>"}))  # gets one here
    assert len(storage.feedback.events("ann")) == 2


def test_limits_and_beliefs_taken_away_stay_away(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    _say(page, talk, "sci-fi")
    _act(page, talk, "unfilter", name="genres_all", value="Sci-Fi")
    assert _state(storage, talk).constraints.genres_all == ()
    list(page.act(talk, DISLIKE))
    _press(page, talk, "forget", what="disliked", value="moon")
    assert _state(storage, talk).disliked == ()


def test_a_failure_of_the_database_is_shown_and_the_conversation_goes_on(
    page: Page, storage: Storage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StorageError("the database cannot be reached")

    talk = visit()
    with monkeypatch.context() as patch:
        patch.setattr(storage.sessions, "put", fails)
        shown = _say(page, talk, "calm")
        assert "Not saved: the database cannot be reached." in shown
        assert "cr-card" in shown
    shown = _say(page, talk, "sci-fi")
    assert "Not saved" not in shown
    assert _said(storage, talk) == ["calm", "sci-fi"]


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
    assert _said(storage, talk) == ["break midway"]
    assert "cr-card" in page.show(visit(where=_id(talk)))[0]


def test_what_a_closed_tab_leaves_is_finished_plainly_and_kept(
    page: Page, turns: Turns, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    event = page.say("slowly", talk)
    while "cr-card" not in next(event)[0]:
        pass
    event.close()  # type: ignore[attr-defined]  # Gradio closes the generator of a lost client
    again = visit(where=_id(talk))
    list(page.begun(again))
    assert [turn.said for turn in again.turns] == ["slowly"]
    assert not turns.busy(again.conversation)
    assert _said(storage, talk) == ["slowly"]


def test_a_page_that_fell_behind_catches_up_with_the_next_message(
    page: Page, storage: Storage, visit: Visit
) -> None:
    desk = visit()
    _say(page, desk, "calm")
    phone = visit(where=_id(desk))
    _say(page, phone, "sci-fi")
    _say(page, desk, "anything")
    assert [turn.said for turn in desk.turns] == ["calm", "sci-fi", "anything"]
    assert desk.state is not None
    assert desk.state.constraints.genres_all == ("Sci-Fi",)
    assert _said(storage, desk) == ["calm", "sci-fi", "anything"]


def test_an_incognito_conversation_leaves_nothing(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = _press(page, visit(), "incognito")
    _say(page, talk, "calm")
    list(page.act(talk, DISLIKE))
    assert not storage.has("ann")
    assert "data-conversation='incognito'" in page.show(talk)[0]
    assert visit(where="incognito").incognito  # after a reload it is one again


def test_a_conversation_begins_with_what_always_holds(
    page: Page, storage: Storage, visit: Visit
) -> None:
    standing = Standing(disliked=("moon",), constraints=Constraints(genres_none=("Horror",)))
    storage.profiles.put("ann", standing.record(), version=NEW)
    for talk in (visit(), _press(page, visit(), "incognito")):
        shown = _say(page, talk, "calm")
        assert "data-item='moon'" not in shown
        assert talk.state is not None
        assert talk.state.constraints.genres_none == ("Horror",)
    assert "data-item='moon'" in _say(page, visit(BEN), "calm")


def test_a_profile_that_cannot_be_read_is_said(
    page: Page, storage: Storage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> None:
        raise StorageError("the database cannot be reached")

    monkeypatch.setattr(storage.profiles, "get", fails)
    shown = _say(page, visit(), "calm")
    assert "What is kept of you can&#x27;t be read" in shown
    assert "cr-card" in shown


def test_forget_me_erases_all_that_is_stored(page: Page, storage: Storage, visit: Visit) -> None:
    storage.profiles.put("ann", Standing(liked=("moon",)).record(), version=NEW)
    _say(page, visit(), "an earlier one")
    other = visit(BEN)
    _say(page, other, "of somebody else")
    talk = visit()
    _say(page, talk, "calm")
    list(page.act(talk, DISLIKE))
    fresh = _press(page, talk, "forget_me")
    assert not storage.has("ann")
    assert storage.sessions.entries("ben")
    assert (fresh.turns, fresh.state) == ((), None)
    _say(page, talk, "from a tab that was left open")  # of the conversation that was forgotten
    assert not storage.has("ann")


def test_what_could_not_be_erased_is_said_and_all_goes_on(
    page: Page, storage: Storage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> None:
        raise StorageError("the database cannot be reached")

    talk = visit()
    _say(page, talk, "calm")
    _press(page, talk, "profile")
    with monkeypatch.context() as patch:
        patch.setattr(storage, "erase", fails)
        _, _, _, panel, same, _ = page.manage(talk, {"act": "forget_me"})
    assert same is talk
    assert "the database cannot be reached" in panel
    _say(page, talk, "sci-fi")
    assert _said(storage, talk) == ["calm", "sci-fi"]


# Whose


def test_another_owner_finds_nothing(page: Page, storage: Storage, visit: Visit) -> None:
    talk = visit()
    _say(page, talk, "a secret wish")
    other = visit(BEN, where=_id(talk))
    assert other.turns == ()
    assert "secret" not in page.listed(other)
    other = visit(BEN)
    for act in ("open", "rename", "delete", "share"):
        other = _press(page, other, act, session=_id(talk), title="mine")
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
    _say(page, talk, "calm")
    assert page.listed(talk) == ""
    with pytest.raises(RequestError):
        _press(page, talk, "share", session=_id(talk))
    assert visit(STRANGER).turns == ()
    assert len(visit(STRANGER, where=_id(talk)).turns) == 1
    other = visit(STRANGER)
    _say(page, other, "another stranger's")
    _press(page, talk, "forget_me")
    assert len(storage.sessions.entries(ANONYMOUS)) == 1


def test_an_id_that_is_none_begins_anew(visit: Visit) -> None:
    for where in ("../../etc", "a" * 101, "x' or 1", NASTY):
        talk = visit(where=where)
        assert talk.turns == ()
        assert re.fullmatch("[0-9a-f]{32}", _id(talk))


# The list


def test_the_list_has_titles_and_times_the_newest_first(page: Page, visit: Visit) -> None:
    one, two = visit(), visit()
    _say(page, one, "calm")
    _say(page, two, "sci-fi")
    listed = page.listed(two)
    assert re.findall("cr-entry-title'>([^<]*)<", listed) == ["sci-fi", "calm"]
    assert len(re.findall("<time datetime='[0-9T:+-]*'>", listed)) == 2
    assert f"data-session='{_id(two)}' aria-current=true" in listed
    assert "What you talk about here" in page.listed(visit(BEN))


def test_a_conversation_is_opened_renamed_and_deleted(
    page: Page, storage: Storage, visit: Visit
) -> None:
    one, two = visit(), visit()
    _say(page, one, "calm")
    _say(page, two, "sci-fi")
    opened = _press(page, two, "open", session=_id(one))
    assert [turn.said for turn in opened.turns] == ["calm"]
    assert two.left
    _press(page, opened, "rename", session=_id(one), title="  Quiet   evening ")
    assert "Quiet evening" in page.listed(opened)
    same = _press(page, opened, "delete", session=_id(two))
    assert same is opened
    fresh = _press(page, opened, "delete", session=_id(one))
    assert fresh.turns == ()
    assert storage.sessions.entries("ann") == ()


def test_a_title_that_will_not_do_is_said_once(page: Page, visit: Visit) -> None:
    talk = visit()
    _say(page, talk, "calm")
    _press(page, talk, "rename", session=_id(talk), title="x" * 61)
    assert "it must have 1 to 60 characters" in page.listed(talk)
    assert "it must have" not in page.listed(talk)


def test_a_long_list_comes_in_parts(page: Page, storage: Storage, visit: Visit) -> None:
    for number in range(LISTED + 3):
        state = DialogueState().with_user_turn(f"wish {number}")
        storage.sessions.put("ann", f"s{number}", state, version=NEW)
    talk = visit()
    assert page.listed(talk).count("cr-entry-title") == LISTED
    _press(page, talk, "more")
    listed = page.listed(talk)
    assert listed.count("cr-entry-title") == LISTED + 3
    assert "data-act='more'" not in listed


def test_a_conversation_is_shared_as_text(page: Page, visit: Visit) -> None:
    talk = visit()
    _say(page, talk, "calm\nand short")
    _press(page, talk, "share", session=_id(talk))
    listed = page.listed(talk)
    assert "You:\n&gt; calm\n&gt; and short\n" in listed
    assert "1. Arrival (2016)\n   You liked thoughtful science fiction" in listed
    assert "<script" not in listed
    _press(page, talk, "close")
    assert "cr-shared" not in page.listed(talk)


def test_nothing_from_outside_becomes_markup_in_the_list(page: Page, visit: Visit) -> None:
    talk = visit()
    _say(page, talk, NASTY)
    listed = page.listed(talk)
    assert not re.search(r"<(script|img)", listed)
    assert "onerror=alert(1)>" not in listed


# The last message


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
    _say(page, talk, "calm", "sci-fi")
    _act(page, talk, "retry")
    _act(page, talk, "retry")
    assert recommender.texts == ["calm", "sci-fi", "sci-fi", "sci-fi"]
    assert recommender.attempts == [0, 0, 1, 2]
    assert _said(storage, talk) == [turn.said for turn in talk.turns] == ["calm", "sci-fi"]
    assert len(_state(storage, talk).turns) == 4


def test_retry_after_an_error_asks_again(
    page: Page, storage: Storage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = visit()
    _say(page, talk, "calm")
    with pytest.raises(gr.Error):
        list(page.say("break the model", talk))
    shown = page.fail("", talk)[0]
    assert "The model can&#x27;t answer at the moment" in shown
    with pytest.raises(gr.Error):
        list(page.act(talk, {"act": "retry"}))
    assert [turn.said for turn in talk.turns] == ["calm", "break the model"]
    _act(page, talk, "undo")
    assert _said(storage, talk) == [turn.said for turn in talk.turns] == ["calm"]


def test_an_edited_message_takes_the_place_of_the_last(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    _say(page, talk, "calm", "sci-fi")
    shown, _, box, _ = _act(page, talk, "edit")
    assert box == "sci-fi"
    assert "takes the place of this one" in shown
    assert len(talk.turns) == 2
    _say(page, talk, "anything")
    assert _said(storage, talk) == [turn.said for turn in talk.turns] == ["calm", "anything"]
    assert _state(storage, talk).constraints.genres_all == ()


def test_an_edit_can_be_given_up(page: Page, visit: Visit) -> None:
    talk = visit()
    _say(page, talk, "calm")
    _act(page, talk, "edit")
    shown, _, box, _ = _act(page, talk, "unedit")
    assert box == ""
    assert "takes the place" not in shown
    _say(page, talk, "sci-fi")
    assert len(talk.turns) == 2


def test_an_edit_that_fails_leaves_the_message_it_was_to_replace(
    page: Page, storage: Storage, visit: Visit
) -> None:
    talk = visit()
    _say(page, talk, "calm")
    _act(page, talk, "edit")
    with pytest.raises(gr.Error):
        list(page.say("break the model", talk))
    assert [turn.said for turn in talk.turns] == ["calm", "break the model"]
    assert _said(storage, talk) == ["calm"]
    _say(page, talk, "sci-fi")  # still in its place
    assert _said(storage, talk) == [turn.said for turn in talk.turns] == ["sci-fi"]


@pytest.mark.parametrize("reloaded", [False, True])
def test_undo_takes_the_last_turn_back_and_marks_stay(
    page: Page, storage: Storage, visit: Visit, reloaded: bool
) -> None:
    talk = visit()
    _say(page, talk, "calm", "sci-fi please")
    talk = visit(where=_id(talk)) if reloaded else talk
    list(page.act(talk, DISLIKE))
    _act(page, talk, "undo")
    assert _said(storage, talk) == [turn.said for turn in talk.turns] == ["calm"]
    assert _state(storage, talk).disliked == ("moon",)
    assert len(_state(storage, talk).turns) == 2
    assert talk.state == _state(storage, talk)
    _act(page, talk, "undo")
    assert "What are you in the mood for?" in page.show(talk)[0]
    assert _said(storage, talk) == []


def test_undo_restores_the_limits_of_before(page: Page, storage: Storage, visit: Visit) -> None:
    talk = visit()
    _say(page, talk, "calm", "sci-fi")
    assert _state(storage, talk).constraints.genres_all == ("Sci-Fi",)
    _, filters, _, _ = _act(page, talk, "undo")
    assert "Sci-Fi" not in filters
    assert _state(storage, talk).constraints.genres_all == ()


def test_what_a_guarded_message_holds_is_not_undone(page: Page, visit: Visit) -> None:
    from dataclasses import replace

    talk = visit()
    _say(page, talk, "calm", "sci-fi")
    assert talk.state is not None
    talk.state = replace(talk.state, guarded=Constraints(max_age=12))
    _act(page, talk, "undo")
    assert talk.state.guarded == Constraints(max_age=12)


def test_what_cannot_be_taken_back_is_said(page: Page, visit: Visit) -> None:
    talk = visit()
    shown = _act(page, talk, "undo")[0]
    assert talk.hint
    assert "What are you in the mood for?" in shown
    event = page.say("slowly", talk)
    while "cr-card" not in next(event)[0]:
        pass
    assert "still being written; stop it first" in _act(page, talk, "undo")[0]
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


def test_every_word_is_there_in_every_language() -> None:
    for name, row in WORDS.items():
        assert len(row) == len(LANGUAGES)
        assert all(row), name
        assert {text.count("{}") + len(re.findall(r"\{\d\}", text)) for text in row} == {
            row[0].count("{}")
        }, name
    assert conversation_words("stopped", "zh", 2, 5) == "已停止。5条理由中有2条是简单句子。"
