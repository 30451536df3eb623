"""Lists for many users: a shard is made once, come what may, and the command says what was made."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from chatrec import batch
from chatrec.conversation.recommender import Recommender
from chatrec.errors import DataError, ModelError, RequestError
from chatrec.generation.rationale import RationaleWriter, Reason
from chatrec.settings import Settings
from tests.batch import worker
from tests.batch.making import ROWS, Make, read, users_file
from tests.command_line import Run
from tests.conversation.toy_recommender import FromTheEnd, toy_recommender
from tests.generation.tiny_decoders import tiny_decoder


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
    worker.run(users, whole := tmp_path / "whole.jsonl", toy_workspace)
    to = tmp_path / "killed.jsonl"
    folder = tmp_path / "killed.jsonl.run"
    command = [sys.executable, "-m", "tests.batch.worker", *map(str, (users, to, toy_workspace))]
    process = subprocess.Popen(command)
    while not (folder / "shard-00003.json").exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    finished = {path: path.stat().st_mtime_ns for path in folder.glob("shard-*.json")}
    assert 3 <= len(finished) < 12
    assert not to.exists()
    done = worker.run(users, to, toy_workspace)
    assert (done.made, done.unfinished) == (12 - len(finished), 0)
    assert all(path.stat().st_mtime_ns == made for path, made in finished.items())
    assert to.read_bytes() == whole.read_bytes()


# --- the command ---


def test_the_command_says_what_was_made(make: Make, run: Run, tmp_path: Path) -> None:
    to = tmp_path / "lists.jsonl"
    words = ["batch", str(users_file(tmp_path)), "--to", str(to), "--no-reasons", "-k", "3"]
    code, out, err = run(*words, "--shard-size", "3", "--shards", "1/2")
    assert (code, out) == (0, f"2 of 3 shards made now, 1 left for other parts: {to} is whole "
                              "once they are made\n")  # fmt: skip
    assert "making lists" in err
    code, out, _ = run(*words, "--shard-size", "3")
    assert (code, out) == (
        0,
        f"7 lists in {to} (1 of 3 shards made now); 1 of them found no item\n",
    )
    code, _, err = run(*words, "--shard-size", "4")
    assert code == 2
    assert "begun with shard size 3" in err
