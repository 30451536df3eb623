"""Links in the documentation lead to files and headings that exist, and so do figures' files."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from chatrec.settings import PROJECT_DIR

PAGES = sorted(
    [
        *PROJECT_DIR.glob("*.md"),
        *PROJECT_DIR.glob("docs/*.md"),
        *PROJECT_DIR.glob("adapters/*/*.md"),
        *PROJECT_DIR.glob("chatrec/data/builtin/*/*.md"),
    ]
)
RESULTS = PROJECT_DIR / "benchmarks" / "results"


def prose(page: Path) -> str:
    """The page without its fenced blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)


def anchor(heading: str) -> str:
    """What a link to a heading ends with, as GitHub makes it.

    >>> anchor("Who reads, and `why`?")
    'who-reads-and-why'
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings."""
    return frozenset(anchor(heading) for heading in re.findall(r"^#+ (.+)$", prose(page), re.M))


def faults(page: Path) -> list[str]:
    """The page's links within the project that lead nowhere."""
    found = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        file, _, heading = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if "://" in link or (target.exists() and not heading):
            continue
        if not target.exists() or (target.suffix == ".md" and heading not in anchors(target)):
            found.append(link)
    return found


def test_there_are_pages_with_links() -> None:
    assert len(PAGES) > 15
    assert sum(len(re.findall(r"\]\(([^)\s]+)\)", prose(page))) for page in PAGES) > 100


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT_DIR)))
def test_links_lead_to_files_and_headings(page: Path) -> None:
    assert not faults(page)


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](other.md) [d](page.md#one)\n", "utf-8")
    assert faults(page) == ["#two", "other.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT_DIR)))
def test_files_of_figures_are_there(page: Path) -> None:
    named = re.findall(r"`(?:benchmarks/results/)?(\d{4}-\d\d-\d\d-[\w-]+\.json)`", prose(page))
    assert [name for name in named if not (RESULTS / name).is_file()] == []
