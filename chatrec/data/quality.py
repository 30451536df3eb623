"""The quality report of an import: what was found, what was changed and why, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl

from chatrec.data.injections import Flag

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Change:
    """``rows`` values of ``column`` that were altered or left out, and why."""

    column: str
    rows: int
    why: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class TableReport:
    """What one file held. ``rows`` = ``kept`` + ``merged`` + ``left_out`` + ``skipped``.

    ``merged`` are duplicates, ``left_out`` rows without what they need (stated in ``changes``),
    ``skipped`` bad rows, the first of which are worded in ``bad_rows``. ``missing`` counts empty
    values, ``outliers`` values that are kept but look wrong; ``flags`` are texts, kept as they are,
    that speak to machines rather than to readers (:mod:`chatrec.data.injections`).
    """

    file: str
    rows: int
    kept: int
    merged: int
    left_out: int
    skipped: int
    missing: Mapping[str, int] = field(default_factory=dict)
    outliers: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    bad_rows: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The report of a whole import; ``interactions`` is None where no such file was given.

    ``unknown_item_interactions`` counts interactions (left out) whose item isn't in the catalogue.
    """

    catalog: TableReport
    interactions: TableReport | None = None
    users: int = 0
    time_order: str = "unknown"
    unknown_item_interactions: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, field by field."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> QualityReport:
        """The report that ``to_json`` wrote."""
        interactions = values["interactions"]
        return cls(
            **{
                **values,
                "catalog": _table_report(values["catalog"]),
                "interactions": None if interactions is None else _table_report(interactions),
            }
        )

    def lines(self) -> list[str]:
        """The report for people, one finding a line."""
        lines = _table_lines("items", self.catalog)
        if self.interactions is not None:
            lines += _table_lines("interactions", self.interactions)
            lines.append(f"users: {self.users:,}; order in time: {self.time_order}")
            if self.unknown_item_interactions:
                lines.append(
                    f"interactions left out because their item is not in the catalogue: "
                    f"{self.unknown_item_interactions:,}"
                )
        return lines


def _table_report(values: Mapping[str, Any]) -> TableReport:
    changes = tuple(Change(**change) for change in values["changes"])
    told = {"changes": changes, "bad_rows": tuple(values["bad_rows"])}
    flags = tuple(Flag(**flag) for flag in values.get("flags", ()))
    return TableReport(**{**values, **told, "flags": flags})


def _table_lines(what: str, table: TableReport) -> list[str]:
    lines = [
        f"{what}: {table.kept:,} kept of {table.rows:,} rows in {table.file} ("
        f"{table.merged:,} duplicates merged, {table.left_out:,} left out, "
        f"{table.skipped:,} bad rows skipped)"
    ]
    missing = ", ".join(f"{name} {count:,}" for name, count in table.missing.items() if count)
    if missing:
        lines.append(f"  missing values: {missing}")
    lines += [f"  outliers: {count:,} {what}" for what, count in table.outliers.items() if count]
    for change in table.changes:
        example = f", for instance {change.example}" if change.example else ""
        lines.append(f"  changed: {change.column} in {change.rows:,} rows: {change.why}{example}")
    lines += [
        f"  looks written for machines: {flag.column} in {flag.rows:,} rows: {flag.kind}, kept as "
        f"it "
        f"is; for instance {flag.example}"
        for flag in table.flags
    ]
    return lines + [f"  skipped: {line}" for line in table.bad_rows]


def missing_values(frame: pl.DataFrame) -> dict[str, int]:
    """Column -> rows in which it is null or an empty list."""
    counts = {}
    for column in frame.get_columns():
        empty = column.is_null()
        if isinstance(column.dtype, pl.List):
            empty = empty | (column.list.len() == 0).fill_null(True)
        counts[column.name] = int(empty.sum())
    return counts


def interaction_outliers(frame: pl.DataFrame, time_order: str) -> dict[str, int]:
    """Ratings far from the rest (3 interquartile ranges beyond the quartiles), odd times."""
    weight = frame["weight"]
    low, high = weight.quantile(0.25), weight.quantile(0.75)
    found = {"negative ratings": int((weight < 0).sum())}
    if low is not None and high is not None and high > low:
        reach = 3 * (high - low)
        far = (weight < low - reach) | (weight > high + reach)
        found[f"ratings outside {low - reach:g} to {high + reach:g}"] = int(far.sum())
    if time_order == "timestamp":
        now = datetime.now(UTC).timestamp()
        found["times before 1990"] = int((frame["timestamp"] < EARLIEST).sum())
        found["times in the future"] = int((frame["timestamp"] > now).sum())
    return found
