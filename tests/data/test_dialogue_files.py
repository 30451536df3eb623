"""Dialogues are read out of what public collections ship, and wrong files are told of plainly."""

import json
from pathlib import Path
from typing import Any

import pytest

from chatrec.data.dialogue_files import read_dialogues, untitled
from chatrec.data.dialogues import (
    Dialogue,
    DialogueCase,
    Utterance,
    cases_of,
    joined,
    mentioned_in,
)
from chatrec.errors import DataError

ROWS = {"11": 0, "22": 1, "Joker (2019)": 2}


def written(folder: Path, *dialogues: Any) -> Path:
    path = folder / "dialogues.jsonl"
    path.write_text("\n".join(json.dumps(dialogue) for dialogue in dialogues))
    return path


def test_redial_with_roles_gives_turns_with_items_and_words(tmp_path: Path) -> None:
    messages = [
        {"role": "seeker", "text": "I liked @11 &amp; more", "movie_ids": [11]},
        {"role": "seeker", "text": "anything like it?", "movie_ids": []},
        {"role": "recommender", "text": "Try @22 or @99", "movie_ids": [22, 99]},
    ]
    path = written(tmp_path, {"conversation_id": "7", "messages": messages})
    assert read_dialogues(path, ROWS.get) == [
        Dialogue(
            "7",
            (
                Utterance("seeker", "I liked   & more anything like it?", (0,)),
                Utterance("recommender", "Try   or  ", (1,)),
            ),
            7.0,
        )
    ]


def test_redial_as_published_tells_speakers_by_who_began(tmp_path: Path) -> None:
    record = {
        "conversationId": "9",
        "initiatorWorkerId": 1,
        "respondentWorkerId": 2,
        "messages": [
            {"senderWorkerId": 2, "text": "hello"},
            {"senderWorkerId": 1, "text": "like @11"},
        ],
    }
    (dialogue,) = read_dialogues(written(tmp_path, record), ROWS.get)
    assert [u.speaker for u in dialogue.utterances] == ["recommender", "seeker"]
    assert dialogue.utterances[1].items == (0,)


def test_inspired_titles_become_items_and_leave_the_text(tmp_path: Path) -> None:
    said = {"role": "recommender", "text": "How about Joker?", "movies2": ["Joker (2019)"]}
    record = {"dialog_id": "2019.pkl", "utterances": [said]}
    (dialogue,) = read_dialogues(written(tmp_path, record), ROWS.get)
    assert dialogue.utterances == (Utterance("recommender", "How about  ?", (2,)),)
    assert dialogue.time is None


def test_mentions_without_words_keep_their_order_and_genres(tmp_path: Path) -> None:
    events = [
        {"role": "seeker", "type": "genre", "source_id": "G1"},
        {"role": "seeker", "type": "film", "source_id": "I1", "item_id": 11},
        {"role": "recommender", "type": "film", "source_id": "I2", "item_id": 22},
        {"role": "recommender", "type": "film", "source_id": "I3", "item_id": None},
        {"role": "recommender", "type": "genre", "source_id": "G2"},
    ]
    path = written(tmp_path, {"conversation_id": "5", "events": events})
    (dialogue,) = read_dialogues(path, ROWS.get, {"G1": "Horror"})
    assert dialogue.utterances == (
        Utterance("seeker", items=(0,), genres=("Horror",)),
        Utterance("recommender", items=(1,)),
    )


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"turns": []}, "none of the keys messages"),
        ([1], "a JSON object is needed"),
        ({"messages": [{"role": "judge", "text": "x"}]}, "the role 'judge'"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_row(
    tmp_path: Path, record: Any, told: str
) -> None:
    with pytest.raises(DataError, match=told) as error:
        read_dialogues(written(tmp_path, record), ROWS.get)
    assert "row 1" in str(error.value)


def test_broken_json_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text('{"messages": []}\n{"messages": [')
    with pytest.raises(DataError, match="row 2: not JSON"):
        read_dialogues(path, ROWS.get)


def test_a_title_is_taken_out_only_as_whole_words() -> None:
    assert untitled("It is about italy, IT (2017)", ["It"]) == "  is about italy,  "


def test_what_was_named_before_is_no_new_recommendation() -> None:
    dialogue = Dialogue(
        "1",
        (
            Utterance("seeker", items=(4,)),
            Utterance("recommender", items=(4, 5, 5)),
            Utterance("seeker", items=(6,)),
            Utterance("recommender", "bye"),
            Utterance("recommender", items=(5, 7)),
        ),
    )
    first, second = cases_of(dialogue)
    assert first == DialogueCase("1", dialogue.utterances[:1], new=(5,), repeated=(4,))
    assert (second.new, second.repeated) == ((7,), (5,))
    assert second.mentioned == (4, 5, 6)


def test_an_item_named_again_counts_at_its_last_mention() -> None:
    assert mentioned_in([Utterance("seeker", items=(1, 2)), Utterance("seeker", items=(1,))]) == (
        2,
        1,
    )


def test_neighbouring_utterances_of_one_speaker_become_one() -> None:
    said = [
        Utterance("seeker", "hi", (1,), ("War",)),
        Utterance("seeker", "", (2,), people=("Tom Hanks",)),
        Utterance("recommender", "yes"),
    ]
    assert joined(said) == (
        Utterance("seeker", "hi", (1, 2), ("War",), ("Tom Hanks",)),
        Utterance("recommender", "yes"),
    )


def test_an_id_that_the_catalogue_lacks_is_looked_up_by_the_files_own_title(tmp_path: Path) -> None:
    said = [{"role": "seeker", "text": "@77 and @88", "movie_ids": [77, 88]}]
    record = {"conversation_id": "1", "movies": {"77": "Joker (2019)"}, "messages": said}
    (dialogue,) = read_dialogues(written(tmp_path, record), ROWS.get)
    assert dialogue.utterances[0].items == (2,)


def test_a_message_without_text_is_refused_with_its_row(tmp_path: Path) -> None:
    path = written(tmp_path, {"messages": [{"role": "seeker"}]})
    with pytest.raises(DataError, match=r"row 1: a key is missing .*'text'"):
        read_dialogues(path, ROWS.get)


@pytest.mark.parametrize("line", ["[" * 100_000, '{"a": ' + "1" * 5_000 + "}"])
def test_json_that_python_will_not_read_is_refused_with_its_row(tmp_path: Path, line: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(f'{{"messages": []}}\n{line}\n')
    with pytest.raises(DataError, match="row 2: not JSON"):
        read_dialogues(path, ROWS.get)


@pytest.mark.parametrize("mark", ["\u2028", "\x85"])
def test_a_line_ends_only_where_json_lines_end(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "odd.jsonl"
    said = {"role": "seeker", "text": f"one{mark}two"}
    path.write_text(json.dumps({"messages": [said]}, ensure_ascii=False), encoding="utf-8")
    (dialogue,) = read_dialogues(path, ROWS.get)
    assert dialogue.utterances[0].text == f"one{mark}two"


def test_a_name_of_raised_digits_is_no_time(tmp_path: Path) -> None:
    (dialogue,) = read_dialogues(written(tmp_path, {"dialog_id": "²", "messages": []}), ROWS.get)
    assert (dialogue.dialogue_id, dialogue.time) == ("²", None)
