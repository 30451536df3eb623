"""The page on quality is what its script makes of the results that are there."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def report() -> Iterator[ModuleType]:
    if importlib.util.find_spec("matplotlib") is None:
        pytest.skip(
            "matplotlib is not installed: `pip install matplotlib` to check docs/quality.md"
        )
    path = ROOT / "benchmarks" / "quality_report.py"
    spec = importlib.util.spec_from_file_location("quality_report", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(path.parent)
        spec.loader.exec_module(module)
        yield module


def test_page_is_what_the_results_say(report: ModuleType) -> None:
    assert len(report.rankings()) == len(report.SETS) == 4
    written = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    assert written == report.page(), "run `python benchmarks/quality_report.py`"


def test_every_plot_of_the_page_is_there(report: ModuleType) -> None:
    for name in report.DRAWN:
        assert (ROOT / "docs" / "plots" / f"{name}.svg").stat().st_size > 1000


def test_figures_are_short_and_intervals_beside_them(report: ModuleType) -> None:
    assert [report.figure(value) for value in (0.12344, 12.34, 1.0, 0.0)] == [
        ".1234", "12.3", "1.0000", ".0000",
    ]  # fmt: skip
    told = {"mean": 0.01, "interval": (-0.002, 0.03)}
    assert report.spread(told, signed=True) == "+0.0100 [-0.0020, +0.0300]"


def test_reasons_stand_in_a_table_that_they_cannot_break(report: ModuleType) -> None:
    told = {
        "reasons": 3,
        "grounded": 1.0,
        "specific": 0.97,
        "with a fact of less than a tenth": 0.5,
        "fallback": 0.0,
        "openings in the worst 100": 71,
        "mean words": 17.2,
    }
    read = {"domain": "game", "item": "A | B", "reason": "It is *new*.", "verdict": "clumsy: short"}
    result = {
        "file": "f.json",
        "notes": ["How it was made."],
        "parts": [{"data": "games", "items": 1200, "n": 3, "seed": 0}],
        "domains": {"game": told},
        "read": [read],
        "read seed": 1,
        "read by": "somebody",
    }
    page = "\n".join(report.rationale_part(result))
    assert "| game | 3 | 100.0% | 97.0% | 50.0% | 0.0% | 71 | 17.2 |" in page
    assert "| game | A \\| B | It is \\*new\\*. | clumsy: short |" in page
    assert "1 of them, drawn with seed 1 and read by somebody: 1 clumsy." in page
