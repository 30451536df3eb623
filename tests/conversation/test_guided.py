"""Rules and a decoder's line read the same message; one of the readings is taken."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from chatrec.conversation.guided import (
    MOST_WORDS,
    Gate,
    GuidedUnderstanding,
    ReadingStats,
    evidence,
)
from chatrec.conversation.state import DialogueState
from chatrec.conversation.turned import Turned
from chatrec.conversation.understanding import Understanding
from chatrec.errors import ModelError
from chatrec.generation.line_writer import Written
from tests.conversation.toy_films import FILMS

TODAY = date(2026, 11, 27)
RULES = Understanding(FILMS)
ALWAYS, NEVER = Gate({"always": 1.0}), Gate({"always": -1.0})
TITLE = FILMS.items[0].title


def guided(line: str, gate: Gate) -> GuidedUnderstanding:
    return GuidedUnderstanding(RULES, lambda prompt, grammar: Written(line, 0.9, 0.9, 1, 0), gate)


LISTED = DialogueState().with_reply("Here you are.", [FILMS.items[-1].item_id])


def read(understanding: Understanding, said: str, state: DialogueState = LISTED) -> Turned:
    return understanding.read(said, state, today=TODAY)


def test_the_gate_decides_where_the_readings_differ() -> None:
    said = f"I love {TITLE}"
    by_line, by_rules = guided(f" V-t {TITLE}\n", ALWAYS), guided(f" V-t {TITLE}\n", NEVER)
    assert read(by_line, said).state.disliked == (FILMS.items[0].item_id,)
    assert read(by_rules, said).state == read(RULES, said).state
    assert by_line.stats == ReadingStats(decoder=1)
    assert by_rules.stats == ReadingStats(rules=1)


@pytest.mark.parametrize("said", ["these are shit", "your list sucks", "what garbage picks"])
def test_insult_is_no_praise_whatever_the_line_says(said: str) -> None:
    fooled = guided(f" V+t {TITLE}\n", ALWAYS)
    assert read(fooled, said).state.liked == ()
    assert fooled.stats == ReadingStats(rules=1)


def test_readings_that_come_to_the_same_are_counted_as_agreed() -> None:
    both = guided(" R+g horror\n", ALWAYS)
    assert read(both, "a horror film").state.constraints.genres_all == ("Horror",)
    assert both.stats == ReadingStats(agreed=1)


@pytest.mark.parametrize(
    "said",
    ["ein lustiger Film aus den Achtzigern bitte", "film " * (MOST_WORDS + 1), "a" * 401],
    ids=len,
)
def test_other_languages_and_long_messages_are_left_to_the_rules(said: str) -> None:
    both = guided(" X\n", ALWAYS)
    assert read(both, said).act == read(RULES, said).act
    assert both.stats == ReadingStats(unasked=1)


def test_a_message_before_any_list_is_left_to_the_rules() -> None:
    both = guided(" X\n", ALWAYS)
    assert read(both, "a horror film", DialogueState()).state.constraints.genres_all == ("Horror",)
    assert both.stats == ReadingStats(unasked=1)


def test_a_line_that_cannot_be_written_leaves_the_rules_and_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def write(prompt: str, grammar: str) -> Written:
        raise ModelError("no memory")

    both = GuidedUnderstanding(RULES, write, ALWAYS)
    assert read(both, "a horror film").state == read(RULES, "a horror film").state
    assert both.stats == ReadingStats(failed=1)
    assert "no memory" in caplog.text


def test_evidence_names_who_alone_judges_and_limits() -> None:
    before = DialogueState()
    judged = read(RULES, f"I hated {TITLE}")
    limited = read(RULES, "a horror film")
    found = evidence(before, judged, limited, "R", 0.5)
    assert found["rules alone judge"] == found["line alone limits"] == 1.0
    assert "line alone judges" not in found
    assert found["sure"] == found["line R sure"] == pytest.approx(-0.693, abs=0.001)


def test_a_gate_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    path.write_text(json.dumps({"weights": {"always": -0.5, "line V": 2}}))
    gate = Gate.load(path)
    assert gate.prefers_line({"always": 1.0, "line V": 1.0})
    assert not gate.prefers_line({"always": 1.0, "unheard of": 1.0})


@pytest.mark.parametrize("text", ["", "[]", '{"weights": {"always": "much"}}', '{"weights": 3}'])
def test_a_file_without_weights_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gate.json"
    path.write_text(text)
    with pytest.raises(ModelError, match="holds no weights of a gate"):
        Gate.load(path)


def test_what_keeps_the_young_from_something_stands_whoever_reads_the_rest() -> None:
    said = "something funny, my daughter is 6"
    both = guided(" R+g funny\n", ALWAYS)
    assert read(both, said).state.constraints == read(RULES, said).state.constraints
    assert both.stats == ReadingStats(rules=1)


def test_evidence_names_limits_in_numbers_and_refusals_that_one_alone_reads() -> None:
    nothing = read(RULES, "something good")
    limited = read(RULES, "no horror, from before 1990")
    found = evidence(DialogueState(), limited, nothing, "R", 0.9)
    assert found["rules alone bound"] == found["rules alone refuse"] == 1.0
    assert not {"line alone bounds", "line alone refuses"} & found.keys()
