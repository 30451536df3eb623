"""The dialogue state: feedback, queries, filters, undo and its JSON form."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chatrec.conversation.state import MAX_TURNS, MAX_UNDO, DialogueState, Turn
from chatrec.errors import RequestError
from chatrec.types import Constraints, Example
from tests.conversation.toy_films import read

FULL = DialogueState(
    turns=(Turn("user", "a comedy"), Turn("assistant", "Here", ("toy", "airplane"))),
    history=("heat",),
    liked=("alien",),
    disliked=("saw",),
    seen=("jaws",),
    near=("moon",),
    shown=("toy", "airplane"),
    last_shown=("toy", "airplane"),
    focus=("toy",),
    constraints=Constraints(
        year_min=1990,
        year_max=1999,
        genres_all=("Comedy",),
        genres_none=("War",),
        genres_any=("Family", "Animation"),
        people_all=("Tom Hanks",),
        countries_any=("USA",),
        languages_none=("French",),
        keywords_none=("clones",),
        runtime_max=120,
        price_max=9.5,
        max_age=13,
    ),
    unless=(("Horror", "Comedy"),),
    wish="a comedy",
    examples=(Example(("alien",), "moon"),),
    allow_repeats=False,
    standing=("languages_any",),
    language="de",
).remembered()


def test_reply_becomes_the_list_that_is_pointed_at() -> None:
    state = DialogueState().with_reply("one", ("a", "b")).with_reply("two", ("c", "a"))
    assert state.shown == ("a", "b", "c")
    assert state.last_shown == ("c", "a")
    assert state.with_reply("an answer without a list").last_shown == ("c", "a")


def test_a_reply_of_few_items_proposes_them_until_they_are_judged_or_taken_back() -> None:
    state = DialogueState().remembered().with_reply("one", ("a", "b"))
    assert state.query().proposed == ("a", "b")
    assert state.with_reply("four", ("c", "d", "e", "f")).query().proposed == ("a", "b")
    assert state.with_feedback("a", "dislike").query().proposed == ("b",)
    assert state.with_feedback("a", "like").query().proposed == ("b",)
    assert state.undone().query().proposed == ()


def test_a_talk_asks_for_what_was_said_last_and_for_what_either_side_named() -> None:
    limits = Constraints(genres_all=("Comedy",), year_min=1990, genres_none=("Horror",), max_age=12)
    told = DialogueState(talk=True, wish="comedies", constraints=limits, history=("old",))
    said = replace(told, liked=("a",), near=("b",), disliked=("d",)).with_user_turn("hi")
    state = said.with_reply("Seen these?", ("c", "d")).with_user_turn("I like comedies")
    state = state.with_user_turn("old ones")
    query = state.query()
    assert query.text == "I like comedies old ones"
    assert set(query.liked) == {"a", "b", "c"}
    assert (query.near, query.proposed, query.history) == ((), (), ("old",))
    assert query.constraints == Constraints(genres_none=("Horror",), max_age=12)
    assert {"a", "b", "c", "d", "old"} == query.seen
    listed = replace(state, talk=False).query()
    assert (listed.text, listed.near, listed.constraints) == ("comedies", ("b",), limits)


def test_a_talk_stays_one_when_a_change_is_undone() -> None:
    begun = DialogueState(talk=True)
    assert begun.remembered().with_user_turn("no").undone().talk
    assert DialogueState.from_dict(begun.to_dict()) == begun


def test_feedback_replaces_the_opposite_verdict() -> None:
    state = DialogueState().with_feedback("a", "like").with_feedback("a", "dislike")
    assert (state.liked, state.disliked) == ((), ("a",))
    assert state.with_feedback("a", "like").disliked == ()
    assert state.with_feedback("b", "seen").with_feedback("b", "seen").seen == ("b",)


def test_unknown_feedback_is_refused() -> None:
    with pytest.raises(RequestError, match="allowed are like, dislike, seen"):
        DialogueState().with_feedback("a", "meh")  # type: ignore[arg-type]  # the mistake under test


def test_query_bars_what_was_named_seen_or_shown() -> None:
    assert FULL.query().seen == {"heat", "alien", "saw", "jaws", "moon", "toy", "airplane"}


def test_query_with_repeats_bars_only_what_is_disliked() -> None:
    state = DialogueState(liked=("a",), disliked=("b",), shown=("c",), allow_repeats=True)
    assert state.query().seen == {"b"}


def test_every_filter_can_be_removed() -> None:
    state = FULL
    assert len(state.filters()) == 12
    for chip in FULL.filters():
        state = state.without(chip.name, chip.value)
    assert state.filters() == ()
    assert state.constraints == Constraints()


def test_filter_labels_follow_the_language() -> None:
    labels = {chip.label for chip in FULL.filters()}
    assert {"Komödie", "ohne Krieg", "1990–1999", "bis 120 Min.", "mit Tom Hanks"} <= labels


def test_theme_is_one_filter() -> None:
    chips = [
        chip for chip in read("without violence").state.filters() if chip.name == "keywords_none"
    ]
    assert [chip.label for chip in chips] == ["no violence"]


def test_unknown_filter_is_refused_with_those_there_are() -> None:
    with pytest.raises(RequestError, match="genres_all=Comedy"):
        FULL.without("genres_all", "Western")


def test_removed_filter_can_be_undone() -> None:
    state = DialogueState(constraints=Constraints(genres_all=("Comedy",)))
    assert state.without("genres_all", "Comedy").undone().constraints == state.constraints


def test_undo_goes_back_a_bounded_number_of_steps() -> None:
    state = DialogueState()
    for number in range(MAX_UNDO + 3):
        state = read(f"films since {1980 + number}", state).state
    for _ in range(MAX_UNDO):
        state = state.undone()
    assert state.constraints.year_min == 1982
    with pytest.raises(RequestError, match="nothing to undo"):
        state.undone()


def test_log_is_bounded() -> None:
    state = DialogueState()
    for _ in range(MAX_TURNS + 5):
        state = state.with_user_turn("more")
    assert len(state.turns) == MAX_TURNS


def test_json_form_gives_the_state_back() -> None:
    assert DialogueState.from_dict(json.loads(json.dumps(FULL.to_dict()))) == FULL
    assert DialogueState.from_dict({}) == DialogueState()


@pytest.mark.parametrize(
    "record",
    [
        {"mood": "good"},
        {"liked": "alien"},
        {"liked": [1]},
        {"wish": 3},
        {"allow_repeats": "yes"},
        {"language": "xx"},
        {"constraints": {"year": 1990}},
        {"constraints": {"year_min": "1990"}},
        {"constraints": []},
        {"turns": [{"role": "system", "text": "x"}]},
        {"turns": [{"role": "user"}]},
        {"turns": {}},
        {"examples": [{"history": ["a"]}]},
        {"unless": [["Horror"]]},
        {"past": [{"mood": 1}]},
    ],
)
def test_bad_records_are_refused(record: dict[str, object]) -> None:
    with pytest.raises(RequestError):
        DialogueState.from_dict(record)


def test_reasons_and_compared_bounds_survive_json_and_go_with_a_new_list() -> None:
    state = DialogueState(compared=("runtime_min",)).with_reasons([("alien", "A slow burn.")])
    assert DialogueState.from_dict(state.to_dict()) == state
    assert state.with_reply("", ("jaws",)).reasons == ()
    assert state.with_reply("Ridley Scott.").reasons == state.reasons


def test_reasons_that_are_no_pairs_are_refused() -> None:
    with pytest.raises(RequestError, match="pairs of item id and sentence"):
        DialogueState.from_dict({"reasons": ["alien"]})
