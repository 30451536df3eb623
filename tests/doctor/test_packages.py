"""Installed packages against a project's files, with each fault planted."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from chatrec.doctor.findings import Finding
from chatrec.doctor.packages import check_packages
from chatrec.settings import Settings

PROJECT = """
[project]
requires-python = "{python}"
dependencies = ["{core}"]
[project.optional-dependencies]
models = []
serve = ["{serve}"]
quant = []
postgres = ["{postgres}"]
scale = []
"""
GOOD = {
    "python": ">=3.11",
    "core": "numpy>=2",
    "serve": "rich>=1",
    "postgres": "no-such-package-here>=3",
}


def checked(folder: Path, settings: Settings | None = None, **changes: str) -> list[Finding]:
    (folder / "pyproject.toml").write_text(PROJECT.format(**{**GOOD, **changes}))
    if not (folder / "constraints.txt").exists():
        (folder / "constraints.txt").write_text(f"# tested\nnumpy=={version('numpy')}\n")
    return check_packages(settings, folder)


def test_what_pyproject_needs_is_said_to_be_there(tmp_path: Path) -> None:
    assert [finding.level for finding in checked(tmp_path)] == ["ok", "ok"]


def test_the_real_project_is_read() -> None:
    assert {f.level for f in check_packages(Settings())} <= {"ok", "warning"}


@pytest.mark.parametrize(
    ("changes", "level", "said"),
    [
        ({"python": ">=9"}, "wrong", "but >=9 is needed"),
        ({"core": "no-such-package-here>=1"}, "wrong", "no-such-package-here is not installed"),
        ({"core": "numpy>=99"}, "wrong", "numpy is "),
        ({"serve": "rich>=99"}, "warning", "needed for the page and the API"),
    ],
)
def test_a_planted_fault_is_found(
    tmp_path: Path, changes: dict[str, str], level: str, said: str
) -> None:
    bad = [f for f in checked(tmp_path, **changes) if f.level != "ok"]
    assert [finding.level for finding in bad] == [level]
    assert said in bad[0].text
    assert bad[0].todo


def test_an_extra_is_asked_for_where_the_settings_need_it(tmp_path: Path) -> None:
    bad = checked(tmp_path, Settings(database="postgresql://db/chatrec"))[1]
    assert (bad.level, bad.todo) == ("wrong", "run `pip install 'chatrec[postgres]'`")


def test_versions_that_were_not_tested_together_are_warned_of(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_text("numpy==0.1\n")
    last = checked(tmp_path)[-1]
    assert last.level == "warning"
    assert last.text == f"not as tested: numpy {version('numpy')} instead of 0.1"


def test_a_checkout_without_its_files_is_said(tmp_path: Path) -> None:
    assert check_packages(None, tmp_path)[0].level == "wrong"
    (tmp_path / "constraints.txt").unlink(missing_ok=True)
    (tmp_path / "pyproject.toml").write_text(PROJECT.format(**GOOD))
    assert check_packages(None, tmp_path)[-1].level == "warning"
