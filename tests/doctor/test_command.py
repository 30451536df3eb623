"""``chatrec doctor`` as a shell sees it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chatrec.cli import app


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache and an empty state folder, and a port that nobody has."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATREC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CHATREC_DATABASE", str(tmp_path / "state" / "kept.db"))
    monkeypatch.setattr("chatrec.doctor.machine.LEAST_MEMORY_GB", 0)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *words])


def test_a_sound_machine_ends_with_0_and_nothing_was_made(
    toy_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatrec.doctor.examining.check_machine", lambda settings: [])
    before = sorted(tmp_path.rglob("*"))
    result = run(str(toy_workspace))
    assert result.exit_code == 0, result.output
    *lines, last = result.stdout.splitlines()
    assert last.endswith(" 0 wrong")
    subjects = {line.split()[1] for line in lines}
    assert {"python", "packages", "decoder", "adapter", "embedding", "workspace"} <= subjects
    assert {"vectors", "fitted", "database", "settings"} - subjects <= {"fitted"}
    assert sorted(tmp_path.rglob("*")) == before


def test_damage_ends_with_2_and_the_json_says_where(toy_workspace: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(toy_workspace, tmp_path / "toy")
    with (folder / "catalog.parquet").open("ab") as file:
        file.write(b"x")
    result = run(str(folder), "--json")
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert told["level"] == "wrong"
    bad = [finding for finding in told["findings"] if finding["subject"] == "workspace"]
    assert [finding["level"] for finding in bad] == ["wrong"]
    assert "catalog.parquet was altered" in bad[0]["text"]


def test_settings_that_are_refused_do_not_end_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATREC_PORT", "none")
    result = run()
    assert result.exit_code == 2
    assert "the setting port is 'none'" in result.stdout
    assert "memory" in result.stdout
