"""Both protocols on a benchmark of four turns whose figures are worked out by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.dialogue_turns import Turn
from chatrec.data.dialogues import Dialogue, Utterance
from chatrec.errors import RequestError
from chatrec.evaluation.dialogue import evaluate_dialogue
from chatrec.evaluation.dialogue_cases import utterances_of
from chatrec.types import Item

CATALOG = Catalog(
    [
        Item("x", "Jaws", 1975),
        Item("y", "Alien", 1979),
        Item("z", "Alien", 1978),
        Item("w", "Big", 1988),
        Item("v", "Not a candidate", 2000),
    ]
)
NAMES = ["Jaws (film)", "Alien (1979 film)", "Big", "Unheard (film)"]
TURNS: list[dict[str, Any]] = [
    {"dialog_id": "a", "context": ["", "hi"], "rec": [0], "prev_entity": []},
    {"dialog_id": "a", "context": ["", "I like Jaws (1975)"], "rec": [1, 0], "prev_entity": [0]},
    {"dialog_id": "b", "context": ["", "Alien?", "Big!", "hm"], "rec": [2], "prev_entity": [1, 2]},
    {"dialog_id": "b", "context": ["", "x", "comedy"], "rec": [3], "prev_entity": [9]},
]


def unheard(utterance: Utterance) -> Utterance:
    return utterance


def in_catalogue_order(
    befores: Sequence[Sequence[Utterance]], allowed: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """The catalogue's first item first."""
    scores: NDArray[np.float32] = np.where(allowed, -np.arange(len(CATALOG)), -np.inf)
    return np.tile(scores.astype(np.float32), (len(befores), 1))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    urls = {f"<http://dbpedia.org/resource/{n.replace(' ', '_')}>": i for i, n in enumerate(NAMES)}
    for protocol, entities in (("cikm23", urls), ("ievalm", {n: i for i, n in enumerate(NAMES)})):
        (tmp_path / f"{protocol}_entity2id.json").write_text(json.dumps(entities))
        (tmp_path / f"{protocol}_item_ids.json").write_text("[0, 1, 2, 3]")
    named = [
        {
            **t,
            "rec": [NAMES[i] for i in t["rec"]],
            "entity": [NAMES[i] for i in t["prev_entity"] if i < 4],
        }
        for t in TURNS
    ]
    (tmp_path / "ievalm.jsonl").write_text("\n".join(json.dumps(turn) for turn in named))
    path = tmp_path / "cikm23.jsonl"
    path.write_text("\n".join(json.dumps(turn) for turn in TURNS))
    return path


def means(order: dict[str, Any], side: str) -> dict[int, float]:
    return {k: order[side][f"recall@{k}"]["mean"] for k in (1, 5)}


def test_cikm23_counts_new_labels_without_what_was_named(file: Path) -> None:
    told = evaluate_dialogue(file, "cikm23", CATALOG, unheard, {"order": in_catalogue_order})
    assert (told["turns"], told["dialogues"]) == (4, 2)
    assert told["labels"] == {"new": 3, "repeated": 2}
    assert (told["items"], told["items not in the catalogue"]) == (4, 1)
    # New: Jaws is first; Alien is first once Jaws is out; the unheard one is never found.
    assert means(told["orders"]["order"], "new") == {
        1: pytest.approx(2 / 3),
        5: pytest.approx(2 / 3),
    }
    # All: Jaws twice first, Alien second, Big third, the unheard one never.
    assert means(told["orders"]["order"], "all") == {
        1: pytest.approx(2 / 5),
        5: pytest.approx(4 / 5),
    }


def test_copying_finds_repeated_labels_only_and_the_last_one_first(file: Path) -> None:
    copied = evaluate_dialogue(file, "cikm23", CATALOG, unheard, {})["orders"]["copy mentioned"]
    assert means(copied, "new") == {1: 0.0, 5: 0.0}
    assert means(copied, "all") == {1: pytest.approx(2 / 5), 5: pytest.approx(2 / 5)}


def test_popularity_counts_first_recommendations_in_training(file: Path) -> None:
    talk = Dialogue("t", (Utterance("seeker", items=(0,)), Utterance("recommender", items=(1, 0))))
    told = evaluate_dialogue(file, "cikm23", CATALOG, unheard, {}, [talk])
    assert told["training dialogues"] == 1
    assert told["dialogue ids in training too"] == 0
    # Alien first; Jaws shares the rest with Big and one outside: ties count against it.
    assert means(told["orders"]["popularity"], "new")[1] == pytest.approx(1 / 3)


def test_ievalm_tests_turns_after_anything_was_named(file: Path) -> None:
    turns = file.with_name("ievalm.jsonl")
    told = evaluate_dialogue(turns, "ievalm", CATALOG, unheard, {"order": in_catalogue_order})
    assert told["turns"] == 2
    assert told["labels"] == {"new": 1, "repeated": 2}


def test_intervals_are_by_dialogue_and_hold_the_mean(file: Path) -> None:
    told = evaluate_dialogue(file, "cikm23", CATALOG, unheard, {"order": in_catalogue_order})
    recall = told["orders"]["order"]["new"]["recall@1"]
    assert recall["interval"] == (0.0, 1.0)  # dialogue a has all, dialogue b none
    json.dumps(told)


def test_turns_that_name_no_item_are_refused(file: Path) -> None:
    file.write_text(json.dumps({**TURNS[0], "rec": [77]}))
    with pytest.raises(RequestError, match="no turn of 1 names one of the 4 items"):
        evaluate_dialogue(file, "cikm23", CATALOG, unheard, {})


def test_items_stand_where_they_were_named_last_and_the_seeker_speaks_last() -> None:
    turn = Turn(
        "1",
        ("Jaws or big", "I know big", "JAWS (1975) then"),
        ("j", "b", "lost"),
        (),
        entities=True,
    )
    titles = {"j": ("Jaws",), "b": ("Big",), "lost": ("Nowhere",)}
    links = {"j": (0,), "b": (3,), "lost": (1,)}
    first, second, third = utterances_of(turn, titles, links)
    assert [u.speaker for u in (first, second, third)] == ["seeker", "recommender", "seeker"]
    assert (first.items, second.items, third.items) == ((1,), (3,), (0,))
    assert (first.text, third.text) == ("  or  ", "  then")


def test_a_tested_dialogue_in_training_is_counted(file: Path) -> None:
    talk = Dialogue("a", (Utterance("recommender", items=(1,)),))
    told = evaluate_dialogue(file, "cikm23", CATALOG, unheard, {}, [talk])
    assert told["dialogue ids in training too"] == 1
