from __future__ import annotations

from dataclasses import replace

import pytest

from chatrec.conversation.state import MAX_UNDO, DialogueState
from chatrec.conversation.taking_back import before_last
from chatrec.conversation.understanding import Understanding
from chatrec.errors import RequestError
from tests.conversation.toy_films import FILMS

UNDERSTANDING = Understanding(FILMS)
SHOWN = tuple(item.item_id for item in FILMS.items[:3])
OTHERS = tuple(item.item_id for item in FILMS.items[3:6])


def _after(state: DialogueState, text: str, shown: tuple[str, ...] = ()) -> DialogueState:
    return UNDERSTANDING.read(text, state).state.with_reply("here you are", shown)


def _meaning(state: DialogueState) -> dict[str, object]:
    """What a state holds, but for what an undo keeps on purpose."""
    record = state.to_dict()
    return {name: record[name] for name in record if name not in ("language", "asked", "reasons")}


@pytest.mark.parametrize(
    "said",
    [
        "something older",
        "no horror please",
        "I love Alien",
        "a comedy from the 1990s instead",
        "what is the first one about?",
        "thank you",
        "!!",
    ],
)
def test_the_state_is_as_it_was_before_the_last_message(said: str) -> None:
    first = _after(DialogueState(), "a quiet science fiction film", SHOWN)
    second = _after(first, said, OTHERS)
    assert _meaning(before_last(second)) == _meaning(replace(first, question=()))


def test_the_first_message_can_be_taken_back() -> None:
    state = _after(DialogueState(), "a comedy, no horror", SHOWN)
    assert _meaning(before_last(state)) == _meaning(DialogueState())


def test_several_messages_can_be_taken_back_one_by_one() -> None:
    states = [DialogueState()]
    for said, shown in (("sci-fi", SHOWN), ("from the 1980s", OTHERS), ("no horror", SHOWN[:1])):
        states.append(_after(states[-1], said, shown))
    state = states[-1]
    for before in reversed(states[:-1]):
        state = before_last(state)
        assert state.constraints == before.constraints
        assert (state.wish, state.turn, state.last_shown) == (
            before.wish,
            before.turn,
            before.last_shown,
        )


def test_marks_set_since_then_stay() -> None:
    first = _after(DialogueState(), "sci-fi", SHOWN).with_feedback(SHOWN[0], "like")
    second = _after(first, "no horror", OTHERS)
    marked = second.with_feedback(OTHERS[0], "dislike").with_feedback(SHOWN[1], "seen")
    before = before_last(marked)
    assert (before.liked, before.disliked, before.seen) == (
        (SHOWN[0],),
        (OTHERS[0],),
        (SHOWN[1],),
    )
    assert before.constraints == first.constraints


def test_a_list_that_was_taken_back_may_be_shown_again() -> None:
    first = _after(DialogueState(), "sci-fi", SHOWN)
    before = before_last(_after(first, "no horror", OTHERS))
    assert not set(OTHERS) & set(before.shown)
    assert before.last_shown == SHOWN


def test_nothing_said_is_refused() -> None:
    with pytest.raises(RequestError, match="no message"):
        before_last(DialogueState())


def test_what_is_no_longer_known_is_refused() -> None:
    state = _after(DialogueState(), "a comedy, no horror", SHOWN)
    with pytest.raises(RequestError, match="can't be taken back any more"):
        before_last(_after(state, "undo", SHOWN))
    assert len(state.past) <= MAX_UNDO
