"""Each change of the state has its turn and its words, and the state stays small and quick."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from itertools import cycle, islice

import pytest

from chatrec.conversation.causes import MAX_CHANGES, MAX_WORDS, Change
from chatrec.conversation.state import MAX_SHOWN, DialogueState
from chatrec.errors import RequestError
from chatrec.prompting import WINDOW_TOKENS, Shown, ranking_prompt
from tests.conversation.toy_films import FILMS, SHOWN, converse, read


def test_each_change_names_its_turn_and_words() -> None:
    state = converse("I loved Alien", SHOWN, "a comedy, no war").state
    assert state.cause("liked", "alien") == Change(1, "I loved Alien", "liked", "alien")
    assert state.cause("genres_all", "Comedy") == Change(
        2, "a comedy, no war", "genres_all", "Comedy"
    )
    assert state.cause("genres_none", "War") is not None
    assert state.cause("genres_none", "Horror") is None


def test_what_is_taken_away_is_noted_too() -> None:
    state = converse("a comedy, no war", "war is fine").state
    last = state.changes[-1]
    assert (last.turn, last.what, last.value, last.added) == (2, "genres_none", "War", False)


def test_button_is_a_cause_without_words() -> None:
    state = read("a comedy").state.with_feedback("alien", "dislike")
    assert state.cause("disliked") == Change(1, "", "disliked", "alien", by="clicked")
    gone = state.without("genres_all", "Comedy").changes[-1]
    assert (gone.what, gone.added, gone.by) == ("genres_all", False, "clicked")


def test_what_comes_back_by_undo_keeps_its_first_cause() -> None:
    state = converse("a comedy", "no war", "war is fine", "undo").state
    assert state.constraints.genres_none == ("War",)
    cause = state.cause("genres_none", "War")
    assert cause is not None
    assert (cause.turn, cause.words, cause.by) == (2, "no war", "said")
    assert state.changes[-1].by == "undone"


def test_wish_that_grows_notes_the_words_it_grew_by() -> None:
    state = converse("something dark", "and with robots").state
    values = [change.value for change in state.changes if change.what == "wish"]
    assert values == ["something dark", state.wish.removeprefix("something dark, ")]
    assert all(change.added for change in state.changes)


def test_several_turns_are_undone_at_once() -> None:
    state = converse("a comedy", "from the 90s", "no war", "undo the last two changes").state
    assert state.constraints.genres_all == ("Comedy",)
    assert (state.constraints.year_min, state.constraints.genres_none) == (None, ())
    assert converse("a comedy", "go back 5 steps").state.constraints.genres_all == ()


def test_undone_list_may_be_shown_again_and_the_earlier_one_may_not() -> None:
    state = read("a comedy").state.with_reply("", ("toy", "airplane"))
    state = read("no war", state).state.with_reply("", ("jaws",))
    back = read("undo", state).state
    assert back.last_shown == ("toy", "airplane")
    assert set(back.shown) == {"toy", "airplane"}


def test_new_topic_turns_earlier_likes_into_history() -> None:
    state = converse("I loved Alien, a scary film", SHOWN, "now a comedy").state
    assert state.query().liked == ()
    assert "alien" in state.query().history
    assert state.liked == ("alien",)
    later = read("I loved Toy Story", state).state.query()
    assert "alien" not in later.liked
    assert later.liked


def test_changes_and_count_of_turns_survive_json() -> None:
    state = converse("I loved Alien", "a comedy, no war").state.with_feedback("jaws", "seen")
    assert DialogueState.from_dict(json.loads(json.dumps(state.to_dict()))) == state


def test_record_of_an_earlier_version_is_read() -> None:
    record = read("a comedy").state.to_dict()
    for name in ("turn", "topic", "changes"):
        del record[name]
        for earlier in record["past"]:
            del earlier[name]
    state = DialogueState.from_dict(record)
    assert (state.turn, state.changes, state.wish) == (1, (), "a comedy")


@pytest.mark.parametrize(
    "change",
    [
        {"turn": 1, "words": "a", "what": "liked"},
        {"turn": "1", "words": "a", "what": "liked", "value": "x"},
        {"turn": 1, "words": "a", "what": "liked", "value": "x", "by": "magic"},
    ],
)
def test_bad_changes_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(RequestError, match="changes"):
        DialogueState.from_dict({"changes": [change]})


def test_log_of_changes_is_bounded_and_keeps_what_still_holds() -> None:
    state = read("I loved Alien").state
    for number in range(MAX_CHANGES):
        state = read(f"films since {1900 + number % 90}", state).state
    assert len(state.changes) == MAX_CHANGES
    assert state.cause("liked", "alien") is not None
    long = read("a comedy " + "please " * 60).state.changes[0]
    assert len(long.words) == MAX_WORDS


SAID = (
    "a comedy", "from the 90s", "no horror", "I loved Alien", "shorter", "who directed Jaws?",
    "now a war film", "with Tom Hanks", "undo", "something dark", "I hated Titanic", "others",
    "start over", "like The Matrix", "older", "thanks",
)  # fmt: skip


def _talk(n_turns: int) -> tuple[DialogueState, list[float]]:
    state, seconds = DialogueState(), []
    ids = [item.item_id for item in FILMS]
    for number, text in enumerate(islice(cycle(SAID), n_turns)):
        begun = time.process_time()
        state = read(text, state).state
        state.query(FILMS)
        seconds.append(time.process_time() - begun)
        shown = [f"{ids[(number + n) % len(ids)]}" for n in range(5)]
        state = state.with_reply("Five films.", shown)
    return state, seconds


def test_state_of_300_turns_is_no_larger_than_that_of_100() -> None:
    sizes = [len(json.dumps(_talk(n)[0].to_dict())) for n in (100, 300)]
    assert sizes[1] < 1.2 * sizes[0]
    assert sizes[1] < 100_000
    state = DialogueState().with_reply("", [str(n) for n in range(MAX_SHOWN + 5)])
    assert len(state.shown) == MAX_SHOWN


def test_prompt_after_300_turns_keeps_instruction_and_wish_within_its_budget() -> None:
    query = replace(_talk(300)[0], wish="a comedy about robots").query(FILMS)
    met = [Shown(FILMS.get(i)) for i in (*query.history, *query.liked, *query.disliked)] * 100

    def n_words(text: str) -> int:
        return len(text.split())

    prompt = ranking_prompt("film", met, wish=query.text, count_tokens=n_words)
    bare = ranking_prompt("film", [], wish=query.text, count_tokens=n_words)
    assert n_words(prompt.text) <= WINDOW_TOKENS
    assert (prompt.head, prompt.tail) == (bare.head, bare.tail)
    assert len(prompt.lines) > 10


def test_turns_take_no_longer_after_300_turns() -> None:
    _, seconds = _talk(304)
    n = 3 * len(SAID)
    assert sum(seconds[-n:]) < 1.5 * sum(seconds[:n]) + 0.05
