"""What is written of a conversation, with a database that comes and goes and others who write."""

from __future__ import annotations

import pytest

from chatrec.conversation.sessions import Exchange
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.errors import ConflictError, RequestError, StorageError
from chatrec.serving.keeping import Kept, within
from chatrec.storage import FeedbackEvent, Storage
from chatrec.types import Example, Item

ANN = "ann"


class Failing:
    """A part of a storage whose writes fail while ``down``; ``lost``: after they were made."""

    def __init__(self, part: object) -> None:
        self._part = part
        self.down = self.lost = False

    def __getattr__(self, name: str) -> object:
        made = getattr(self._part, name)
        if name not in ("put", "add", "get"):
            return made

        def call(*values: object, **named: object) -> object:
            if self.down and not self.lost:
                raise StorageError("the database is locked; try again")
            found = made(*values, **named)
            if self.down:
                raise StorageError("the connection was lost")
            return found

        return call


def _said(*texts: str) -> DialogueState:
    state = DialogueState()
    for text in texts:
        state = state.with_user_turn(text).with_reply("here")
    return state


def _exchange(text: str) -> Exchange:
    return Exchange(text, "here", "fusion")


def _stored(storage: Storage, kept: Kept) -> list[str]:
    return [exchange.said for exchange in storage.sessions.exchanges(ANN, kept.session_id)]


@pytest.fixture
def kept(storage: Storage) -> Kept:
    return Kept(storage, ANN)


def test_turns_are_stored_and_read_back_by_another(storage: Storage, kept: Kept) -> None:
    kept.add(_said("one"), _exchange("one"), before=DialogueState())
    kept.add(_said("one", "two"), _exchange("two"), before=_said("one"))
    found = Kept(storage, ANN, kept.session_id).read()
    assert found is not None
    assert found.session.state == _said("one", "two")
    assert [exchange.said for exchange in found.exchanges] == ["one", "two"]
    assert kept.read() is None  # it is what was written here


def test_what_could_not_be_written_is_written_with_the_next_turn_once(
    storage: Storage, kept: Kept
) -> None:
    storage.sessions = sessions = Failing(storage.sessions)  # type: ignore[assignment]
    sessions.down = True
    kept.add(_said("one"), _exchange("one"), before=DialogueState())
    assert "locked" in kept.trouble
    sessions.down = False
    kept.add(_said("one", "two"), _exchange("two"), before=_said("one"))
    assert kept.trouble == ""
    assert _stored(storage, kept) == ["one", "two"]


def test_a_write_whose_answer_was_lost_is_not_doubled(storage: Storage, kept: Kept) -> None:
    kept.add(_said("one"), _exchange("one"), before=DialogueState())
    storage.sessions = sessions = Failing(storage.sessions)  # type: ignore[assignment]
    sessions.down = sessions.lost = True
    kept.add(_said("one", "two"), _exchange("two"), before=_said("one"))
    assert "lost" in kept.trouble
    sessions.down = False
    kept.add(_said("one", "two", "three"), _exchange("three"), before=_said("one", "two"))
    assert _stored(storage, kept) == ["one", "two", "three"]


def test_a_verdict_is_stored_once_however_often_it_is_tried(storage: Storage, kept: Kept) -> None:
    storage.feedback = feedback = Failing(storage.feedback)  # type: ignore[assignment]
    feedback.down = feedback.lost = True
    kept.judged(FeedbackEvent("e1", "moon", "like", kept.session_id))
    assert "lost" in kept.trouble
    feedback.down = False
    kept.judged(FeedbackEvent("e2", "moon", "seen", kept.session_id))
    assert [event.event_id for event in storage.feedback.events(ANN)] == ["e1", "e2"]


def test_another_verdict_under_the_same_id_is_refused_and_holds_nothing_up(
    storage: Storage, kept: Kept
) -> None:
    kept.judged(FeedbackEvent("e1", "moon", "like", kept.session_id))
    with pytest.raises(ConflictError):
        kept.judged(FeedbackEvent("e1", "moon", "dislike", kept.session_id))
    kept.judged(FeedbackEvent("e2", "moon", "seen", kept.session_id))
    assert [event.kind for event in storage.feedback.events(ANN)] == ["like", "seen"]


def test_turns_of_two_who_write_at_once_are_both_kept(storage: Storage, kept: Kept) -> None:
    kept.add(_said("one"), _exchange("one"), before=DialogueState())
    other = Kept(storage, ANN, kept.session_id)
    assert other.read() is not None
    theirs = _said("one", "theirs").with_feedback("moon", "dislike")
    other.add(theirs, _exchange("theirs"), before=_said("one"))
    kept.add(_said("one", "mine"), _exchange("mine"), before=_said("one"))
    assert _stored(storage, kept) == ["one", "theirs", "mine"]
    found = kept.read()  # so that the page shows both
    assert found is not None
    assert found.session.state.disliked == ("moon",)
    assert found.session.state.turns == _said("one", "mine").turns


def test_a_change_is_made_to_what_another_wrote(storage: Storage, kept: Kept) -> None:
    kept.add(_said("one"), _exchange("one"), before=DialogueState())
    other = Kept(storage, ANN, kept.session_id)
    other.read()
    other.add(_said("one", "theirs"), _exchange("theirs"), before=_said("one"))

    def liked(state: DialogueState) -> DialogueState:
        return state.with_feedback("moon", "like")

    kept.change(liked(_said("one")), liked)
    found = kept.read()
    assert found is not None
    assert found.session.state.liked == ("moon",)
    assert found.session.state.turns == _said("one", "theirs").turns


def test_a_change_that_means_nothing_to_what_another_wrote_is_left_out(
    storage: Storage, kept: Kept
) -> None:
    kept.add(_said("one"), _exchange("one"), before=DialogueState())
    other = Kept(storage, ANN, kept.session_id)
    other.read()
    other.add(_said("one", "theirs"), _exchange("theirs"), before=_said("one"))

    def refuses(state: DialogueState) -> DialogueState:
        raise RequestError("no such limit")

    kept.change(_said("one"), refuses)
    session = storage.sessions.get(ANN, kept.session_id)
    assert session is not None
    assert session.state == _said("one", "theirs")


def test_what_was_deleted_elsewhere_is_not_stored_again(storage: Storage, kept: Kept) -> None:
    kept.add(_said("one"), _exchange("one"), before=DialogueState())
    storage.sessions.delete(ANN, kept.session_id)
    kept.add(_said("one", "two"), _exchange("two"), before=_said("one"))
    kept.change(_said("one", "two"), lambda state: state)
    assert kept.gone
    assert storage.sessions.entries(ANN) == ()


def test_nothing_is_stored_once_it_is_closed(storage: Storage, kept: Kept) -> None:
    kept.close()
    kept.add(_said("one"), _exchange("one"), before=DialogueState())
    kept.judged(FeedbackEvent("e1", "moon", "like", kept.session_id))
    assert not storage.has(ANN)
    kept.close(False)
    kept.change(_said("one"), lambda state: state)
    assert _stored(storage, kept) == ["one"]
    assert len(storage.feedback.events(ANN)) == 1


def test_a_turn_is_taken_back_in_the_database_too(storage: Storage, kept: Kept) -> None:
    kept.add(_said("one"), _exchange("one"), before=DialogueState())
    kept.add(_said("one", "two"), _exchange("two"), before=_said("one"))
    kept.add(_said("one"), None, before=_said("one", "two"), taken_back=1)
    assert _stored(storage, kept) == ["one"]
    kept.add(_said("other"), _exchange("other"), before=DialogueState(), taken_back=1)
    assert _stored(storage, kept) == ["other"]


def test_a_conversation_that_begins_without_a_message_is_called_by_its_first(
    storage: Storage, kept: Kept
) -> None:
    kept.change(DialogueState(liked=("moon",)), lambda state: state)
    assert [entry.title for entry in storage.sessions.entries(ANN)] == [""]
    kept.add(_said("a calm film"), _exchange("a calm film"), before=DialogueState())
    assert [entry.title for entry in storage.sessions.entries(ANN)] == ["a calm film"]


def test_reading_what_is_not_there_gives_nothing(kept: Kept) -> None:
    assert kept.read() is None
    assert not kept.gone


def test_a_state_is_gone_on_from_without_items_that_are_gone() -> None:
    both = ("gone", "moon")
    before = DialogueState(liked=both, shown=both)
    state = DialogueState(
        history=both,
        disliked=both,
        seen=both,
        near=both,
        last_shown=both,
        focus=both,
        examples=(Example(both, "moon"), Example(("moon",), "gone"), Example(("gone",), "moon")),
        question=("item", "gone"),
        past=(before,),
    ).with_reply("here", both)
    found = within(state, Catalog((Item("moon", "Moon"),)))
    for name in ("history", "disliked", "seen", "near", "shown", "last_shown"):
        assert getattr(found, name) == ("moon",)
    assert found.examples == (Example(("moon",), "moon"),)
    assert found.question == ()
    assert (found.past[0].liked, found.past[0].shown) == (("moon",), ("moon",))
    assert found.turns == state.turns


def test_a_state_of_items_that_are_there_stays_as_it_is() -> None:
    state = DialogueState(liked=("moon",), question=("item", "moon")).with_reply("here", ["moon"])
    asked = DialogueState(question=("genre", "Drama"))
    catalog = Catalog((Item("moon", "Moon"),))
    assert (within(state, catalog), within(asked, catalog)) == (state, asked)
