"""150 written dialogues about films, games and books, turn by turn.

What they expect, and how it is written, is told in :mod:`tests.dialogues.scripts`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from chatrec.data.catalog import builtin_films
from chatrec.data.importing import import_workspace
from chatrec.data.workspace import Workspace
from tests.dialogues.scripts import FOLDER, Player, scripts

SCRIPTS = scripts()
SHARE_RIGHT = 0.95


@pytest.fixture(scope="module")
def players(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Player]:
    folder = tmp_path_factory.mktemp("catalogues")
    made = {"films": Player(builtin_films())}
    for name in ("games", "books"):
        source: Path = FOLDER / f"{name}.jsonl"
        import_workspace(source, None, folder / name, domain=name[:-1], progress=False)
        made[name] = Player(Workspace.open(folder / name).catalog)
    return made


def test_nearly_every_turn_of_the_dialogues_is_right(players: dict[str, Player]) -> None:
    wrong, n_turns = [], 0
    for script in SCRIPTS:
        for line, faults, _ in players[script.catalogue].play(script):
            n_turns += 1
            if faults:
                wrong.append(f"{line.place} {line.said!r}: {'; '.join(faults)}")
    said = "\n".join((f"{len(wrong)} of {n_turns} turns are wrong:", *wrong))
    assert len(wrong) <= (1 - SHARE_RIGHT) * n_turns, said


def test_dialogues_are_as_many_and_as_long_as_they_should_be() -> None:
    assert len(SCRIPTS) >= 150
    assert all(3 <= len(script.lines) <= 12 for script in SCRIPTS)
    assert {script.catalogue for script in SCRIPTS} == {"films", "games", "books"}
    assert all(line.parts for script in SCRIPTS for line in script.lines)
    assert len({script.name for script in SCRIPTS}) == len(SCRIPTS)
