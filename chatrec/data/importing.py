"""``chatrec import``: source files -> one validated workspace, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from chatrec.data.bad_rows import BadRows
from chatrec.data.import_catalog import clean_catalog
from chatrec.data.import_interactions import clean_interactions
from chatrec.data.quality import QualityReport
from chatrec.data.reading import Watch, read_table
from chatrec.data.text_files import check_name
from chatrec.data.whole_folder import whole_folder
from chatrec.data.workspace import (
    CATALOG,
    EMPTY_INTERACTIONS,
    FORMAT,
    INTERACTIONS,
    MANIFEST,
    REPORT,
    sha256_of,
)
from chatrec.errors import DataError


def import_workspace(
    catalog: Path,
    interactions: Path | None,
    to: Path,
    *,
    domain: str = "item",
    skip_bad_rows: bool = False,
    progress: bool = True,
) -> QualityReport:
    """Write the workspace ``to`` out of a catalogue file and, if given, an interactions file.

    ``domain`` says in a word what the items are. Nothing is altered or left out unless the report
    says so. Raises DataError, in one line with file, row, column, value and remedy, for what can't
    be used; then nothing is written. With ``skip_bad_rows`` up to 1 % of a file's rows, at most
    1,000, may be bad: they are left out.
    """
    if not domain.strip():
        raise DataError(f"domain is {domain!r}; name what the items are, such as film or book")
    with _writing(to):
        _refuse_existing(to)
    with _progress(progress) as step:
        bad = BadRows(catalog, skip_bad_rows)
        table = read_table(catalog, bad, step(f"reading {catalog.name}"))
        step(f"checking {catalog.name}")
        items, item_report = clean_catalog(table, bad)
        report = QualityReport(catalog=item_report)
        met = None
        if interactions is not None:
            bad = BadRows(interactions, skip_bad_rows)
            rows = read_table(interactions, bad, step(f"reading {interactions.name}"))
            step(f"checking {interactions.name}")
            met, report = clean_interactions(rows, bad, items["item_id"], report)
        step("writing")
        sources = [path for path in (catalog, interactions) if path is not None]
        with _writing(to):
            _write(to, items, met, report, _about(domain, sources, items, met))
    return report


@contextmanager
def _writing(to: Path) -> Iterator[None]:
    """What the system refuses, for want of space say, as DataError."""
    check_name(to)
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        line = str(error).splitlines()[0]
        raise DataError(
            f"{to} can't be written ({line}): free space or choose another folder"
        ) from error


def _refuse_existing(to: Path) -> None:
    if to.exists() and not to.is_dir():
        raise DataError(f"{to} is a file, a folder is needed: choose another folder")
    if to.is_dir() and any(to.iterdir()):
        what = "already a workspace" if (to / MANIFEST).is_file() else "a folder with files in it"
        raise DataError(f"{to} is {what}, an empty or new folder is needed: "
                        "choose another folder or delete it")  # fmt: skip


def _about(
    domain: str, sources: list[Path], items: pl.DataFrame, met: pl.DataFrame | None
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "domain": domain,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "items": items.height,
        "interactions": 0 if met is None else met.height,
        "sources": [{"file": str(path), "sha256": sha256_of(path)} for path in sources],
    }


def _write(
    to: Path,
    items: pl.DataFrame,
    met: pl.DataFrame | None,
    report: QualityReport,
    manifest: dict[str, Any],
) -> None:
    met = EMPTY_INTERACTIONS if met is None else met
    with whole_folder(to) as part:
        items.write_parquet(part / CATALOG)
        met.write_parquet(part / INTERACTIONS)
        _write_json(part / REPORT, report.to_json())
        sealed = (CATALOG, INTERACTIONS, REPORT)
        manifest["files"] = {name: {"sha256": sha256_of(part / name)} for name in sealed}
        _write_json(part / MANIFEST, manifest)


def _write_json(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _Steps:
    """Shows one bar a step; each call ends the step before it."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars

    def __call__(self, what: str) -> Watch:
        for task in self._bars.task_ids:
            self._bars.update(task, total=1, completed=1)
        task = self._bars.add_task(what, total=None)
        return lambda done, of: self._bars.update(task, completed=done, total=of)


@contextmanager
def _progress(show: bool) -> Iterator[_Steps]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not (show and console.is_terminal)
    ) as bars:
        yield _Steps(bars)
