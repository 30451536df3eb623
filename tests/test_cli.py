"""The command line: what it hands to the library, what it prints, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatrec import cli
from chatrec.data.catalog import builtin_films
from chatrec.data.workspace import Workspace
from chatrec.generation.grounding import check
from chatrec.settings import Settings
from chatrec.types import Evidence
from tests.command_line import Run, calls_of
from tests.conversation.toy_films import FILMS
from tests.conversation.toy_recommender import toy_recommender

KEYS = {"reply", "led_by", "recommendations", "state", "timings_ms"}
ITEM_KEYS = {"item_id", "title", "rank", "score", "rationale", "rationale_by", "evidence"}


# --- recommend and chat ---


def test_json_is_one_object_and_all_that_is_printed(run: Run, toy: list[Settings]) -> None:
    ran = run("recommend", "a comedy", "-k", "3", "--json")
    answer = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert set(answer) == KEYS
    assert [set(r) for r in answer["recommendations"]] == [ITEM_KEYS] * 3
    assert [r["rank"] for r in answer["recommendations"]] == [1, 2, 3]
    assert all("Comedy" in FILMS.get(r["item_id"]).genres for r in answer["recommendations"])


def test_text_has_each_title_with_its_reason_and_what_led(run: Run, toy: list[Settings]) -> None:
    lines = run("recommend", "a western").out.splitlines()
    assert lines[-3:] == [
        "1. The Searchers (1956)  [Western]",
        "   The Searchers, worded with seed 2.",
        "   (Ranked by the tuned item model)",
    ]


def test_named_titles_go_into_the_conversation(run: Run, toy: list[Settings]) -> None:
    named = ("--liked", "Alien", "--liked", "moon", "--disliked", "Saw")
    state = json.loads(run("recommend", "surprise me", *named, "--json").out)["state"]
    assert (state["liked"], state["disliked"]) == (["alien", "moon"], ["saw"])


def test_options_become_settings(run: Run, toy: list[Settings], tmp_path: Path) -> None:
    options = ("--data", str(tmp_path), "--model", "m", "--adapter", "a", "--precision", "bf16")
    run("recommend", "a comedy", *options)
    run("recommend", "a comedy")
    given = Settings(data=tmp_path, model="m", adapter=Path("a"), precision="bf16")
    assert toy == [given, Settings()]


def test_chat_reads_a_pipe_and_goes_on_with_the_conversation(run: Run, toy: list[Settings]) -> None:
    ran = run("chat", "-k", "2", stdin="a comedy\n  \nfrom the 90s\nwho directed it?")
    assert ran.code == 0
    assert ran.out.count("(Ranked by") == 2
    first, second, answer = ran.out.strip().split("\n\n")
    assert "[Comedy" in first or "Comedy]" in first
    assert "(199" in second
    assert "Comedy" in second
    assert "(Ranked by" not in answer


def test_chat_refuses_what_is_no_text_in_one_line(
    toy: list[Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["chatrec", "chat"])
    typed = io.TextIOWrapper(io.BytesIO(b"a caf\xe9\n"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", typed)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = "chatrec: the input has b'\\xe9', which is no utf-8; send text in utf-8\n"
    assert capsys.readouterr().err == said


def test_chat_without_a_line_says_nothing(run: Run, toy: list[Settings]) -> None:
    assert run("chat", stdin="") == (0, "", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("recommend", "a film", "--liked", "Zorblax"), "no item with the id or title 'Zorblax'"),
        (("recommend", "a film", "-k", "0"), "k is 0; allowed are 1 to 50"),
        (("recommend", "a film", "--user", "nobody"), "unknown user 'nobody'"),
        (("chat", "--user", "nobody"), "unknown user 'nobody'"),
        (("import", "none.csv", "--to", "new"), "none.csv"),
        (("evaluate", "ranking", "nowhere"), "nowhere is no workspace"),
    ],
)
def test_callers_mistake_is_one_line_and_exit_code_2(
    run: Run,
    toy: list[Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("chatrec: ")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_folder_that_is_no_workspace_is_named(run: Run, tmp_path: Path) -> None:
    ran = run("recommend", "a film", "--data", str(tmp_path))
    assert ran.code == 2
    assert f"{tmp_path} is no workspace" in ran.err


def test_unknown_option_ends_with_exit_code_2(run: Run) -> None:
    assert run("recommend", "a film", "--nonsense").code == 2


# --- import, evaluate, serve, prepare ---


def test_import_writes_a_workspace_and_prints_its_report(
    run: Run, tmp_path: Path, toy_films_file: Path
) -> None:
    ran = run("import", str(toy_films_file), "--to", str(tmp_path / "w"), "--domain", "film")
    assert ran.code == 0
    workspace = Workspace.open(tmp_path / "w")
    assert (len(workspace.catalog), workspace.domain) == (34, "film")
    assert workspace.report is not None
    assert all(line in ran.out for line in workspace.report.lines())


def test_what_is_not_the_default_is_said_beside_the_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def assemble(settings: Settings, say: Callable[[str], None]) -> object:
        say("wishes are read by X")
        return toy_recommender()

    monkeypatch.setattr("chatrec.assemble.assemble", assemble)
    ran = run("recommend", "a quiet film", "--json")
    assert ran.err == "chatrec: wishes are read by X\n"
    assert set(json.loads(ran.out)) >= KEYS


def test_evaluate_hands_over_its_options_and_prints_the_figures(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = calls_of(monkeypatch, "chatrec.measuring.evaluate_ranking", {"users": 7})
    words = ("evaluate", "ranking", "w", "--protocol", "random", "--targets", "2", "--users", "9")
    ran = run(*words, "--without", "als", "--no-decoder", "--users-file", "u.csv", "--json")
    ((args, given),) = calls
    assert args == (Path("w"), "random")
    assert (given["targets"], given["users"], given["seed"]) == (2, 9, 2026)
    assert (given["without"], given["decoder"]) == (("als",), False)
    assert (given["users_file"], given["adapter"]) == (Path("u.csv"), None)
    assert json.loads(ran.out) == {"users": 7}
    assert run("evaluate", "ranking", "w", "--protocol", "guess").code == 2


def test_evaluate_dialogue_hands_over_its_files(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = calls_of(monkeypatch, "chatrec.measuring.evaluate_dialogues", {"turns": 7})
    words = ("evaluate", "dialogue", "t.jsonl", "--protocol", "ievalm", "--train", "a", "--train")
    ran = run(*words, "b", "--data", "w", "--json")
    ((args, given),) = calls
    assert args == (Path("t.jsonl"), "ievalm", Path("w"))
    assert given == {"training": (Path("a"), Path("b")), "seed": 2026}
    assert json.loads(ran.out) == {"turns": 7}


def test_serve_listens_where_it_is_told(
    run: Run, toy: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = calls_of(monkeypatch, "chatrec.serving.api.serve")
    run("serve")
    run("serve", "--host", "0.0.0.0", "--port", "0", "--data", "shop")
    places = [args[1:3] for args, _ in calls]
    assert places == [(Settings().host, Settings().port), ("0.0.0.0", 0)]
    assert [args[3].data for args, _ in calls] == [None, Path("shop")]


def test_serve_takes_several_adapters_the_first_of_which_answers_who_names_none(
    run: Run, toy: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = calls_of(monkeypatch, "chatrec.serving.api.serve")
    run("serve", "--adapter", "a/films", "--adapter", "b/games", "--adapter", "books")
    run("serve", "--adapter", "a/films")
    chosen = [(args[3].adapter, args[3].adapters) for args, _ in calls]
    assert chosen == [
        (Path("a/films"), (Path("b/games"), Path("books"))),
        (Path("a/films"), ()),
    ]


@pytest.mark.slow
def test_prepare_says_where_the_decoder_lies(run: Run) -> None:
    ran = run("prepare")
    assert ran.code == 0
    assert ran.out.startswith("ready: decoder in ")
    assert f"{len(builtin_films()):,} films embedded" in ran.out


@pytest.mark.slow
def test_real_decoder_answers_with_true_reasons_about_films_that_fit(run: Run) -> None:
    """The default set-up as a user gets it: real decoder, adapter, vectors and films."""
    ran = run("recommend", "a western with Clint Eastwood, like Unforgiven", "-k", "2", "--json")
    answer = json.loads(ran.out)
    assert ran.code == 0
    assert set(answer) == KEYS
    assert answer["led_by"] in ("item_head", "fusion")
    stages = ["understand", "retrieve", "rank", "ask", "suggest", "reasons", "total"]
    assert list(answer["timings_ms"]) == stages
    films = builtin_films()
    assert len(answer["recommendations"]) == 2
    for shown in answer["recommendations"]:
        film = films.get(shown["item_id"])
        assert film.title != "Unforgiven"
        assert "Western" in film.genres
        assert "Clint Eastwood" in (*film.creators, *film.cast)
        evidence = tuple(Evidence(**piece) for piece in shown["evidence"])
        assert evidence
        assert shown["rationale_by"] in ("model", "template")
        assert check(shown["rationale"], film, evidence, films).ok, shown["rationale"]


def test_letters_that_the_terminal_lacks_are_printed_by_their_numbers(tmp_path: Path) -> None:
    items = tmp_path / "本.csv"
    items.write_text("item_id,title\n1,Emma\n2,Dune\n", encoding="utf-8")
    command = ["import", str(items), "--to", str(tmp_path / "books")]
    program = "from chatrec.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u672c.csv" in done.stdout
