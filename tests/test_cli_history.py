"""The command line with a history that somebody brings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatrec.settings import Settings
from tests.command_line import Run

LETTERBOXD = (
    "Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Alien,1979,u,5\n2024-01-01,Saw,2004,u,1\n"
)


@pytest.fixture
def history(tmp_path: Path) -> str:
    path = tmp_path / "ratings.csv"
    path.write_text(LETTERBOXD, encoding="utf-8")
    return str(path)


def test_recommend_takes_a_history_and_reports_beside_the_json(
    run: Run, toy: list[Settings], history: str
) -> None:
    code, out, err = run("recommend", "surprise me", "--history", history, "--json")
    assert code == 0
    state = json.loads(out)["state"]
    assert (state["history"], state["liked"], state["disliked"]) == (
        ["saw", "alien"],
        ["alien"],
        ["saw"],
    )
    assert "2 of 2 rows (Letterboxd)" in err


def test_chat_begins_with_a_history_and_tells_what_it_knows(
    run: Run, toy: list[Settings], history: str
) -> None:
    said = "what do you know about me?\nforget me\nwhat do you know about me?\n"
    code, out, _ = run("chat", "--history", history, stdin=said)
    assert code == 0
    assert "You like: Alien (1979)." in out
    assert out.index("I have forgotten everything about you.") < out.index(
        "I know nothing about you yet."
    )


def test_a_history_that_cannot_be_used_is_one_line_and_code_2(
    run: Run, toy: list[Settings], tmp_path: Path
) -> None:
    path = tmp_path / "colours.csv"
    path.write_text("colour\nred\n", encoding="utf-8")
    for file, said in ((path, "no column with titles"), (tmp_path / "none.csv", "doesn't exist")):
        code, _, err = run("recommend", "surprise me", "--history", str(file))
        assert code == 2
        assert said in err
        assert err.count("\n") == 1
