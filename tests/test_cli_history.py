"""The command line with a history that somebody brings."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from chatrec import cli
from tests.conversation.toy_recommender import toy_recommender

LETTERBOXD = (
    "Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Alien,1979,u,5\n2024-01-01,Saw,2004,u,1\n"
)


def _run(monkeypatch: pytest.MonkeyPatch, words: list[str], stdin: str = "") -> int:
    def assemble(*_: object) -> object:
        return toy_recommender()

    monkeypatch.setattr("chatrec.assemble.assemble", assemble)
    monkeypatch.setattr(sys, "argv", ["chatrec", *words])
    monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.fixture
def history(tmp_path: Path) -> str:
    path = tmp_path / "ratings.csv"
    path.write_text(LETTERBOXD, encoding="utf-8")
    return str(path)


def test_recommend_takes_a_history_and_reports_beside_the_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], history: str
) -> None:
    assert _run(monkeypatch, ["recommend", "surprise me", "--history", history, "--json"]) == 0
    out, err = capsys.readouterr()
    state = json.loads(out)["state"]
    assert (state["history"], state["liked"], state["disliked"]) == (
        ["saw", "alien"],
        ["alien"],
        ["saw"],
    )
    assert "2 of 2 rows (Letterboxd)" in err


def test_chat_begins_with_a_history_and_tells_what_it_knows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], history: str
) -> None:
    said = "what do you know about me?\nforget me\nwhat do you know about me?\n"
    assert _run(monkeypatch, ["chat", "--history", history], said) == 0
    out = capsys.readouterr().out
    assert "You like: Alien (1979)." in out
    assert out.index("I have forgotten everything about you.") < out.index(
        "I know nothing about you yet."
    )


def test_a_history_that_cannot_be_used_is_one_line_and_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "colours.csv"
    path.write_text("colour\nred\n", encoding="utf-8")
    for file, said in ((path, "no column with titles"), (tmp_path / "none.csv", "doesn't exist")):
        assert _run(monkeypatch, ["recommend", "surprise me", "--history", str(file)]) == 2
        err = capsys.readouterr().err
        assert said in err
        assert err.count("\n") == 1
