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
