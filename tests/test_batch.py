"""Lists for many users: what is made of a row, and that a shard is made once, come what may."""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from filelock import FileLock

from chatrec import batch, cli
from chatrec.batch import BatchOptions, Done, make_lists
from chatrec.batch_run import Share
from chatrec.conversation.recommender import Recommender
from chatrec.data.workspace import Workspace
from chatrec.errors import ChatrecError, DataError, ModelError, RequestError
from chatrec.generation.rationale import RationaleWriter, Reason
from chatrec.settings import Settings
from tests import batch_worker
from tests.conversation.toy_films import FILMS
from tests.conversation.toy_recommender import FromTheEnd, toy_recommender
from tests.generation.tiny_decoders import tiny_decoder

OPTIONS = BatchOptions(text="something good", k=2, reasons=True, seed=0, shard_size=3)
ROWS = [
    {"user": "u0"},
    {"user": "u1", "k": 4},
    {"text": "a comedy", "liked": ["Alien", "moon"], "seen": ["Saw"]},
    {"text": "a western", "constraints": {"year_min": 1950}},
    {"user": "u2", "disliked": ["Saw"]},
    {"constraints": {"year_max": 1900}},
    {"user": "u3"},
]
REPLY = {"row", "user", "reply", "led_by", "recommendations", "state"}

Make = Callable[..., Done]


@pytest.fixture
def ranker() -> FromTheEnd:
    return FromTheEnd()


@pytest.fixture
def make(toy_workspace: Path, ranker: FromTheEnd, monkeypatch: pytest.MonkeyPatch) -> Make:
    """make(users, to, share=..., **options): with toy parts in place of those of assemble."""
    said: list[str] = []

    def assembled(settings: Settings, say: Callable[[str], None]) -> Recommender:
        return toy_recommender(ranker, Workspace.open(toy_workspace))

    monkeypatch.setattr(batch, "assemble", assembled)

    def make(users: Path, to: Path, share: str = "1/1", **options: Any) -> Done:
        return make_lists(
            users,
            to,
            Settings(data=toy_workspace),
            dataclasses.replace(OPTIONS, **options),
            share=Share.parse(share),
            say=said.append,
            report=lambda step, steps, figures: None,
        )

    return make


def users_file(folder: Path, rows: Sequence[dict[str, Any]] = ROWS, name: str = "u.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


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


# --- shards ---


def test_a_finished_shard_is_never_made_again(
    make: Make, tmp_path: Path, ranker: FromTheEnd
) -> None:
    users, to = users_file(tmp_path), tmp_path / "lists.jsonl"
    make(users, to)
    asked, content = len(ranker.asked), to.read_bytes()
    to.unlink()
    assert make(users, to).made == 0
    assert (len(ranker.asked), to.read_bytes()) == (asked, content)


def test_parts_on_several_machines_make_the_same_as_one(make: Make, tmp_path: Path) -> None:
    users = users_file(tmp_path)
    make(users, alone := tmp_path / "alone.jsonl")
    to = tmp_path / "together.jsonl"
    first = make(users, to, share="2/2")
    assert (first.made, first.unfinished, to.exists()) == (1, 2, False)
    second = make(users, to, share="1/2")
    assert (second.made, second.unfinished) == (2, 0)
    assert to.read_bytes() == alone.read_bytes()


def test_a_folder_keeps_its_shards_apart(make: Make, tmp_path: Path) -> None:
    make(users_file(tmp_path), to := tmp_path / "lists")
    lines = [read(path) for path in sorted(to.glob("shard-*.jsonl"))]
    assert [[one["row"] for one in part] for part in lines] == [[1, 2, 3], [4, 5, 6], [7]]


def test_what_fails_midway_leaves_whole_shards_and_is_gone_on_with(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    users, to = users_file(tmp_path), tmp_path / "lists.jsonl"
    make(users, whole := tmp_path / "whole.jsonl")
    write_lists = RationaleWriter.write_lists
    calls: list[int] = []

    def failing(self: RationaleWriter, *given: Any, **named: Any) -> Iterator[tuple[int, Reason]]:
        calls.append(1)
        if len(calls) == 2:
            raise ModelError("the decoder stopped")
        return write_lists(self, *given, **named)

    monkeypatch.setattr(RationaleWriter, "write_lists", failing)
    with pytest.raises(ModelError, match="stopped"):
        make(users, to)
    assert [path.name for path in (tmp_path / "lists.jsonl.run").glob("shard*")] != []
    assert not to.exists()
    assert make(users, to).made == 2
    assert to.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"k": 3}, "begun with k 2, now it is 3"),
        ({"text": "else"}, "begun with text 'something good', now it is 'else'"),
        ({"seed": 5}, "begun with seed 0, now it is 5"),
        ({"reasons": False}, "begun with reasons True, now it is False"),
        ({"shard_size": 2}, "begun with shard size 3, now it is 2"),
    ],
)
def test_a_run_goes_on_as_it_was_begun(
    make: Make, tmp_path: Path, change: dict[str, Any], part: str
) -> None:
    users, to = users_file(tmp_path), tmp_path / "lists.jsonl"
    make(users, to, share="1/2")
    with pytest.raises(RequestError, match=part):
        make(users, to, **change)


def test_another_input_is_refused(make: Make, tmp_path: Path) -> None:
    to = tmp_path / "lists.jsonl"
    make(users_file(tmp_path), to, share="1/2")
    with pytest.raises(RequestError, match=r"begun with users '[0-9a-f]{64}', now it is"):
        make(users_file(tmp_path, ROWS[::-1]), to)


def test_another_model_is_refused(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    users, to = users_file(tmp_path), tmp_path / "lists.jsonl"
    make(users, to, share="1/2")

    def other(settings: Settings, say: Callable[[str], None]) -> Recommender:
        recommender = toy_recommender()
        recommender.writer = RationaleWriter(tiny_decoder("llama"), recommender.catalog)
        return recommender

    monkeypatch.setattr(batch, "assemble", other)
    with pytest.raises(RequestError, match="begun with model 'none', now it is 'tiny-llama'"):
        make(users, to)


def test_two_processes_never_make_one_shard(make: Make, tmp_path: Path) -> None:
    users, to = users_file(tmp_path), tmp_path / "lists.jsonl"
    make(users, to, share="1/3")
    with (
        FileLock(tmp_path / "lists.jsonl.run" / "locks" / "shard-00002"),
        pytest.raises(RequestError, match=r"shard 2 of .*another process is at it.*--shards 1/2"),
    ):
        make(users, to)
    assert make(users, to).unfinished == 0


def test_an_altered_shard_is_named_and_refused(make: Make, tmp_path: Path) -> None:
    users, to = users_file(tmp_path), tmp_path / "lists.jsonl"
    make(users, to, share="1/3")
    (tmp_path / "lists.jsonl.run" / "shard-00001.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"shard-00001.jsonl is missing or was altered"):
        make(users, to)


def test_what_is_there_already_is_not_written_over(make: Make, tmp_path: Path) -> None:
    users, to = users_file(tmp_path), tmp_path / "lists.jsonl"
    to.write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="exists already"):
        make(users, to)
    (folder := tmp_path / "folder").mkdir()
    (folder / "mine").touch()
    with pytest.raises(DataError, match="no folder of a batch run"):
        make(users, folder)
    make(users, other := tmp_path / "other.jsonl")
    other.write_text("altered", encoding="utf-8")
    with pytest.raises(DataError, match="isn't what this run wrote"):
        make(users, other)
    assert to.read_text("utf-8") == "mine"


def test_a_killed_run_goes_on_to_the_same_bytes(toy_workspace: Path, tmp_path: Path) -> None:
    users = users_file(tmp_path, [{"user": f"u{n}"} for n in range(12)])
    batch_worker.run(users, whole := tmp_path / "whole.jsonl", toy_workspace)
    to = tmp_path / "killed.jsonl"
    folder = tmp_path / "killed.jsonl.run"
    command = [sys.executable, "-m", "tests.batch_worker", *map(str, (users, to, toy_workspace))]
    worker = subprocess.Popen(command)
    while not (folder / "shard-00003.json").exists():
        assert worker.poll() is None
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    finished = {path: path.stat().st_mtime_ns for path in folder.glob("shard-*.json")}
    assert 3 <= len(finished) < 12
    assert not to.exists()
    done = batch_worker.run(users, to, toy_workspace)
    assert (done.made, done.unfinished) == (12 - len(finished), 0)
    assert all(path.stat().st_mtime_ns == made for path, made in finished.items())
    assert to.read_bytes() == whole.read_bytes()


# --- the command ---


def test_the_command_says_what_was_made(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "lists.jsonl"
    words = ["batch", str(users_file(tmp_path)), "--to", str(to), "--no-reasons", "-k", "3"]

    def run(*more: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["chatrec", *words, *more])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), *capsys.readouterr()

    code, out, err = run("--shard-size", "3", "--shards", "1/2")
    assert (code, out) == (0, f"2 of 3 shards made now, 1 left for other parts: {to} is whole "
                              "once they are made\n")  # fmt: skip
    assert "making lists" in err
    code, out, _ = run("--shard-size", "3")
    assert (code, out) == (
        0,
        f"7 lists in {to} (1 of 3 shards made now); 1 of them found no item\n",
    )
    code, _, err = run("--shard-size", "4")
    assert code == 2
    assert "begun with shard size 3" in err


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
