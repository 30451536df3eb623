"""What tests share: the command line, toy films with users, a random decoder, an adapter."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from chatrec.data.importing import import_workspace
from chatrec.settings import Settings
from chatrec.types import Item
from tests.command_line import Ran, Run
from tests.conversation.toy_films import FILMS

USERS = 60
MET = 12  # items of each user
STRIDES = (1, 3, 5, 7)  # a user goes through the catalogue in steps of one of these


@pytest.fixture(scope="session", autouse=True)
def own_state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test opens the database of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """run("recommend", "text", ..., stdin="") -> the exit code and what was printed."""
    from chatrec import cli

    def _run(*words: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "argv", ["chatrec", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ran(int(ended.value.code or 0), *capsys.readouterr())

    return _run


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The toy recommender is what assemble gives; the settings that it was asked for."""
    from tests.conversation.toy_recommender import toy_recommender

    asked: list[Settings] = []

    def assemble(settings: Settings, say: Callable[[str], None]) -> object:
        asked.append(settings)
        return toy_recommender()

    monkeypatch.setattr("chatrec.assemble.assemble", assemble)
    return asked


@pytest.fixture(scope="session")
def toy_films_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy films as JSON lines."""
    names = [part.name for part in fields(Item) if part.name != "facts"]
    rows = [{name: getattr(item, name) for name in names} for item in FILMS]
    path = tmp_path_factory.mktemp("source") / "films.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def toy_workspace(toy_films_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy films with 60 users of 12 interactions each; "u0" met the first 12 in order."""
    met = toy_films_file.with_name("met.csv")
    lines = ["user_id,item_id,timestamp,rating"]
    for user in range(USERS):
        for step in range(MET):
            item = FILMS.items[(user * 5 + step * STRIDES[user % len(STRIDES)]) % len(FILMS)]
            lines.append(f"u{user},{item.item_id},{1_000_000_000 + step * 3600},{1 + step % 5}")
    met.write_text("\n".join(lines) + "\n", encoding="utf-8")
    folder = tmp_path_factory.mktemp("workspaces") / "toy"
    import_workspace(toy_films_file, met, folder, domain="film", progress=False)
    return folder


@pytest.fixture(scope="session")
def toy_catalogue(toy_films_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same films without users, imported as books."""
    folder = tmp_path_factory.mktemp("workspaces") / "catalogue"
    import_workspace(toy_films_file, None, folder, domain="book", progress=False)
    return folder


@pytest.fixture(scope="session")
def tiny_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama with random weights as a folder, which ``--model`` takes."""
    from tests.generation.tiny_decoders import tiny_model

    folder = tmp_path_factory.mktemp("models") / "Tiny-Llama"
    model, tokenizer = tiny_model("llama")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


class Tuned(NamedTuple):
    """What tuning on the toy workspace wrote, gave back and said."""

    adapter: Path
    figures: dict[str, Any]
    said: Sequence[str]


@pytest.fixture(scope="session")
def tuned(
    toy_workspace: Path, tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Tuned:
    """An adapter for the random decoder, tuned on the toy workspace for two tiny steps."""
    from chatrec import tuning

    options = tuning.TuneOptions(
        steps=2, windows=1, wishes=1, sentences=1, rank=4, item_batches=2, ridge_windows=2
    )
    said: list[str] = []
    place = tmp_path_factory.mktemp("tuned")
    with contextlib.chdir(place), pytest.MonkeyPatch.context() as patch:
        patch.setattr(tuning, "VALIDATION_CASES", 6)
        patch.setattr(tuning, "VALIDATION_WISHES", 6)
        figures = tuning.tune_adapter(
            [toy_workspace],
            place / "adapters" / "toy",
            options=options,
            model=str(tiny_model_folder),
            precision="auto",
            notes=tuning.Notes("made-up loans", "ours", "chatrec tune toy"),
            say=said.append,
        )
    return Tuned(place / "adapters" / "toy", figures, said)
