"""Lists for many users: what is made of a row, and which rows are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chatrec import batch
from chatrec.batch import Done
from chatrec.batch_run import Share
from chatrec.conversation.recommender import Recommender
from chatrec.data.workspace import Workspace
from chatrec.errors import ChatrecError, DataError, RequestError
from chatrec.generation.rationale import RationaleWriter
from chatrec.settings import Settings
from tests.batch.making import ROWS, Make, read, users_file
from tests.conversation.toy_films import FILMS
from tests.conversation.toy_recommender import toy_recommender
from tests.generation.tiny_decoders import tiny_decoder

REPLY = {"row", "user", "reply", "led_by", "recommendations", "state"}


# --- what is made ---


def test_every_row_gets_what_recommend_answers_in_its_place(make: Make, tmp_path: Path) -> None:
    done = make(users_file(tmp_path), to := tmp_path / "lists.jsonl")
    assert done == Done(rows=7, shards=3, made=3, unfinished=0, empty=1)
    lists = read(to)
    assert [one["row"] for one in lists] == [1, 2, 3, 4, 5, 6, 7]
    assert [one["user"] for one in lists] == ["u0", "u1", None, None, "u2", None, "u3"]
    assert all(set(one) == REPLY for one in lists)
    assert [len(one["recommendations"]) for one in lists] == [2, 4, 2, 1, 2, 0, 2]
    assert all(r["rationale"] for one in lists for r in one["recommendations"])
    assert lists[0]["state"]["history"] == [item.item_id for item in FILMS.items[:12]]
    assert lists[2]["state"]["liked"] == ["alien", "moon"]
    assert lists[2]["state"]["seen"] == ["saw"]
    assert lists[4]["state"]["disliked"] == ["saw"]
    shown = lists[3]["recommendations"]
    assert [r["title"] for r in shown] == ["The Searchers"]
    assert lists[3]["state"]["reasons"] == [[r["item_id"], r["rationale"]] for r in shown]


def test_lists_are_those_of_single_requests_without_a_question(make: Make, tmp_path: Path) -> None:
    make(users_file(tmp_path, [{"text": "a comedy"}]), to := tmp_path / "lists.jsonl")
    asked = toy_recommender().respond("a comedy", toy_recommender().start(), 2)
    (made,) = read(to)
    assert [r["item_id"] for r in made["recommendations"]] == [
        r.item.item_id for r in asked.recommendations
    ]
    assert asked.text.startswith(made["reply"])
    assert "?" not in made["reply"]


def test_lists_without_reasons(make: Make, tmp_path: Path) -> None:
    make(users_file(tmp_path), to := tmp_path / "lists.jsonl", reasons=False)
    lists = read(to)
    assert sum(len(one["recommendations"]) for one in lists) == 13
    assert {r["rationale"] for one in lists for r in one["recommendations"]} == {""}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_any_format_of_users_gives_the_same_lists(make: Make, tmp_path: Path, ending: str) -> None:
    make(users_file(tmp_path), first := tmp_path / "first.jsonl")
    rows = [
        {name: _cell(row.get(name)) for name in ("user", "text", "liked", "seen", "disliked",
                                                 "constraints", "k")} for row in ROWS
    ]  # fmt: skip
    frame = pl.DataFrame(rows, infer_schema_length=None)
    users = tmp_path / f"users.{ending}"
    frame.write_csv(users) if ending == "csv" else frame.write_parquet(users)
    make(users, second := tmp_path / "second.jsonl")
    without_row = [{k: v for k, v in one.items() if k != "row"} for one in read(first)]
    assert [{k: v for k, v in one.items() if k != "row"} for one in read(second)] == without_row


def _cell(value: Any) -> str | None:
    if isinstance(value, list):
        return "|".join(value)
    return json.dumps(value) if isinstance(value, dict) else None if value is None else str(value)


def test_parquet_holds_what_the_lines_hold(make: Make, tmp_path: Path) -> None:
    users = users_file(tmp_path)
    make(users, lines := tmp_path / "lists.jsonl")
    make(users, table := tmp_path / "lists.parquet")
    rows = pl.read_parquet(table).to_dicts()
    assert [row | {"state": json.loads(row["state"])} for row in rows] == read(lines)


def test_the_seed_tells_reasons_apart_and_repeats_them(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plain(settings: Settings, say: Callable[[str], None]) -> Recommender:
        recommender = toy_recommender()
        recommender.writer = RationaleWriter(None, recommender.catalog)
        return recommender

    monkeypatch.setattr(batch, "assemble", plain)
    users = users_file(tmp_path, [{"text": "a comedy"}, {"text": "a western"}])
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make(users, tmp_path / f"{name}.jsonl", seed=seed)
    a, b, c = ((tmp_path / f"{name}.jsonl").read_bytes() for name in "abc")
    assert a == b != c


# --- rows that can't be used ---


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ({"user": "nobody"}, ["column 'user'", "'nobody'", "use one of its users"]),
        ({"liked": ["No Such Film"]}, ["column 'liked'", "'No Such Film'", "give a title"]),
        ({"user": "u0", "k": 51}, ["column 'k'", "'51'", "less than or equal to 50", "correct"]),
        ({"user": "u0", "k": "five"}, ["column 'k'", "'five'", "integer", "correct"]),
        ({"user": "u0", "text": "x" * 2001}, ["column 'text'", "2000 characters", "correct"]),
        ({"user": "u0", "constraints": "1990"}, ["column 'constraints'", "'1990'", "correct"]),
        ({"user": "u0", "constraints": "{"}, ["column 'constraints'", "not JSON", "year_min"]),
        ({"constraints": {"year": 1}}, ["column 'constraints'", "unknown key 'year'", "year_min"]),
        ({"constraints": {"year_min": "x"}}, ["'constraints'", "year_min: ", '\'{"year_min"']),
        ({"k": 3}, ["without a wish", "fill in user, text or liked"]),
        ({"user": "u0", "age": 3}, ["column 'age'", "allowed are user, text", "rename"]),
        ({"user": "u0", "session_id": "s"}, ["column 'session_id'", "allowed are"]),
    ],
)
def test_a_bad_row_is_one_line_and_nothing_is_written(
    make: Make, tmp_path: Path, row: dict[str, Any], parts: list[str]
) -> None:
    users = users_file(tmp_path, [{"user": "u0"}, row])
    with pytest.raises(DataError) as refused:
        make(users, tmp_path / "lists.jsonl")
    line = str(refused.value)
    assert line.startswith(f"{users}, row ")
    assert [part for part in parts if part not in line] == []
    assert "\n" not in line
    assert [path.name for path in tmp_path.iterdir()] == ["u.jsonl"]


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"k": 0}, "-k is 0; allowed are 1 to 50"),
        ({"shard_size": 0}, "--shard-size is 0"),
        ({"text": " "}, "--text has 1 characters"),
        ({"seed": -1}, "--seed is -1"),
        ({"share": "0/4"}, "--shards is '0/4'"),
        ({"share": "5/4"}, "--shards is '5/4'"),
        ({"share": "two"}, "--shards is 'two'"),
        ({"to": "lists.csv"}, "lists go to a .jsonl, a .parquet or a folder"),
    ],
)
def test_options_out_of_range_are_refused(
    make: Make, tmp_path: Path, options: dict[str, Any], part: str
) -> None:
    with pytest.raises(RequestError, match=part):
        make(users_file(tmp_path), tmp_path / options.pop("to", "lists.jsonl"), **options)
    assert [path.name for path in tmp_path.iterdir()] == ["u.jsonl"]


# --- the reasons of many lists ---


def test_reasons_of_many_lists_are_those_of_each(toy_workspace: Path) -> None:
    recommender = toy_recommender(workspace=Workspace.open(toy_workspace))
    writer = RationaleWriter(tiny_decoder("llama"), recommender.catalog)
    replies = [recommender.respond(text, recommender.start(), 3) for text in ("a comedy", "a war")]
    lists = [[(r.item, r.evidence) for r in reply.recommendations] for reply in replies]
    found: dict[int, dict[int, str]] = {}
    for number, reason in writer.write_lists(lists, 3):
        found.setdefault(number, {})[reason.index] = reason.text
    alone = {
        number: {reason.index: reason.text for reason in writer.write(picks, 3)}
        for number, picks in enumerate(lists)
    }
    assert found == alone  # random weights word nothing that stands: all are plain sentences
    assert list(writer.write_lists([], 3)) == []
    with pytest.raises(ChatrecError):
        Share.parse("1")
