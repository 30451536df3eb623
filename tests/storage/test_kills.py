"""A few of the kills that ``benchmarks/kills.py`` does by the hundred."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.kills import Tally, count_events, count_lost, kill_server, kill_writers
from benchmarks.postgres_server import PostgresServer, missing
from benchmarks.writers import event_of
from chatrec.storage import FeedbackEvent


def check(tally: Tally, kills: int, writers: int) -> None:
    assert tally.faults() == 0, tally
    assert tally.kills == kills
    assert tally.events_acknowledged >= 2 * kills * writers


@pytest.mark.slow
def test_killed_writers_lose_and_double_nothing(tmp_path: Path) -> None:
    check(kill_writers(str(tmp_path / "kept.db"), 1, 4, seed=1, logs=tmp_path), 1, 4)


@pytest.mark.slow
@pytest.mark.long
def test_more_killed_writers_lose_and_double_nothing(tmp_path: Path) -> None:
    check(kill_writers(str(tmp_path / "kept.db"), 3, 8, seed=2, logs=tmp_path), 3, 8)


@pytest.mark.slow
@pytest.mark.long
def test_a_killed_server_loses_and_doubles_nothing(tmp_path: Path) -> None:
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    with PostgresServer() as server:
        tally = kill_server(server, 3, 8, seed=3, logs=tmp_path)
    check(tally, 3, 8)
    assert tally.failed_writes > 0


NOTHING_FOUND = Tally("toy")


def counted(sent: list[str], stored: list[FeedbackEvent]) -> Tally:
    """What the check says about these events."""
    log = SimpleNamespace(events=lambda owner: tuple(stored))
    tally = Tally("toy")
    count_events(SimpleNamespace(feedback=log), "ann", sent, tally)
    return tally


def test_the_check_of_events_finds_each_kind_of_fault() -> None:
    first, second = event_of("0-1"), event_of("0-2")
    assert counted(["0-1", "0-2"], [first, second]) == NOTHING_FOUND
    assert counted(["0-1", "0-2"], [first]).events_lost == 1
    assert counted(["0-1"], [first, first]).events_doubled == 1
    assert counted(["0-1"], [first, second]).events_wrong == 1
    assert counted(["0-1"], [replace(first, item_id="another")]).events_wrong == 1


def conversation(liked: list[str], said: list[str], numbers: list[int]) -> dict[str, Any]:
    parts = zip(said, numbers, strict=True)
    exchanges = [{"number": number, "record": {"said": text}} for text, number in parts]
    return {"state": {"liked": liked}, "exchanges": exchanges}


def test_the_check_of_conversations_finds_each_kind_of_fault() -> None:
    assert count_lost(conversation(["a", "b"], ["a", "b"], [1, 2]), ["a"]) == 0
    assert count_lost(conversation(["a"], ["a"], [1]), ["a", "b"]) == 2
    assert count_lost(conversation(["a"], ["a", "b"], [1, 2]), ["a"]) == 1
    assert count_lost(conversation(["a", "a"], ["a", "a"], [1, 2]), ["a"]) == 1
    assert count_lost(conversation(["a", "b"], ["a", "b"], [1, 3]), ["a"]) == 1
