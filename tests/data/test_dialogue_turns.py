"""Benchmark turns are read with the tables beside them."""

import json
from pathlib import Path
from typing import Any

import pytest

from chatrec.data.dialogue_turns import Turn, read_benchmark
from chatrec.errors import DataError, RequestError

RESOURCE = "<http://dbpedia.org/resource/{}>"


def benchmark(folder: Path, protocol: str, turn: Any, entities: dict[str, int]) -> Path:
    (folder / f"{protocol}_entity2id.json").write_text(json.dumps(entities))
    (folder / f"{protocol}_item_ids.json").write_text("[1, 2]")
    path = folder / "turns.jsonl"
    path.write_text(json.dumps(turn))
    return path


def test_cikm23_entities_are_numbers_and_items_have_their_names(tmp_path: Path) -> None:
    entities = {RESOURCE.format("Jaws_(film)"): 1, RESOURCE.format("Alien%3F"): 2, "horror": 3}
    turn = {
        "dialog_id": "test_7",
        "context": ["", "Hi", "like Jaws"],
        "rec": [2, 3],
        "prev_entity": [3, 1, 1],
    }
    found = read_benchmark(benchmark(tmp_path, "cikm23", turn, entities), "cikm23")
    assert found.items == {"1": "Jaws (film)", "2": "Alien?"}
    assert found.turns == (Turn("test_7", ("Hi", "like Jaws"), ("1",), ("2",), entities=True),)


def test_ievalm_entities_are_names(tmp_path: Path) -> None:
    turn = {"dialog_id": 3, "context": ["x"], "rec": ["Jaws", "Unknown"], "entity": []}
    path = benchmark(tmp_path, "ievalm", turn, {"Jaws": 1, "Alien": 2})
    (found,) = read_benchmark(path, "ievalm").turns
    assert found == Turn("3", ("x",), (), ("1",), entities=False)


def test_another_protocol_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="protocol is 'unicrs'; allowed are cikm23, ievalm"):
        read_benchmark(tmp_path / "turns.jsonl", "unicrs")


def test_a_turn_of_another_protocol_is_refused_with_its_row(tmp_path: Path) -> None:
    turn = {"dialog_id": 3, "context": ["x"], "rec": [1], "prev_entity": []}
    path = benchmark(tmp_path, "ievalm", turn, {"Jaws": 1, "Alien": 2})
    with pytest.raises(DataError, match="row 1: no key 'entity'"):
        read_benchmark(path, "ievalm")


def test_missing_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cikm23_entity2id\.json doesn't exist"):
        read_benchmark(tmp_path / "turns.jsonl", "cikm23")


TURN: dict[str, Any] = {"dialog_id": "7", "context": ["x"], "rec": [1], "prev_entity": []}
JAWS = {"Jaws": 1, "Alien": 2}


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ({key: TURN[key] for key in TURN if key != "dialog_id"}, "row 1: no key 'dialog_id'"),
        (TURN | {"rec": 1}, "row 1: rec is 1; a list is needed"),
        (TURN | {"context": None}, "row 1: context is None; a list is needed"),
    ],
)
def test_a_turn_with_other_keys_or_values_is_refused(tmp_path: Path, turn: Any, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_benchmark(benchmark(tmp_path, "cikm23", turn, JAWS), "cikm23")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cikm23_entity2id.json", "[1]", "holds a list, not a dict"),
        ("cikm23_entity2id.json", "[" * 100_000, "isn't JSON"),
        ("cikm23_item_ids.json", "7", "holds a int, not a list"),
        ("cikm23_item_ids.json", "[1, 9]", "9 is no entity's number"),
    ],
)
def test_tables_that_do_not_belong_are_named(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    path = benchmark(tmp_path, "cikm23", TURN, JAWS)
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=f"{name}:? {said}"):
        read_benchmark(path, "cikm23")
