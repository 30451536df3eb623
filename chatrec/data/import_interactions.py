"""A table of text -> the rows of a workspace's interactions. It reads and writes no files."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from chatrec.data.bad_rows import ROW, BadRows
from chatrec.data.columns import INTERACTION_COLUMNS, fields_of, require
from chatrec.data.quality import (
    QualityReport,
    TableReport,
    interaction_outliers,
    missing_values,
)
from chatrec.data.reading import Table
from chatrec.data.values import Cleaner, joined
from chatrec.errors import DataError


def clean_interactions(
    table: Table, bad: BadRows, item_ids: pl.Series, report: QualityReport
) -> tuple[pl.DataFrame, QualityReport]:
    """Rows of user_id, item_id, timestamp, weight and whatever else the file has, and the report.

    The order in time is that of a time column, else of a position column, else unknown. Rows
    alike in every column are merged; rows whose item isn't among ``item_ids`` are left out.
    """
    frame, sources = _named(table)
    bad.columns = sources
    for field in ("user_id", "item_id"):
        empty = pl.col(field).is_null()
        frame = bad.drop(frame, empty, field, "an empty id", "fill it in or take the row out")
    missing = missing_values(frame.drop(ROW))
    cleaner = Cleaner(frame, bad)
    _clean_weight(cleaner, "weight" in sources)
    order = _clean_time(cleaner)
    frame, merged = _unique(cleaner)
    known = pl.col("item_id").is_in(item_ids.implode())
    met = frame.filter(known)
    if met.is_empty():
        raise DataError(
            f"{table.path}: none of its items is in the catalogue, got item ids such as "
            f"{table.frame[sources['item_id']][0]!r} where the catalogue has {item_ids[0]!r}: "
            "give the catalogue that belongs to it"
        )
    bad.check(table.rows)
    about = TableReport(
        file=str(table.path),
        rows=table.rows,
        kept=met.height,
        merged=merged,
        left_out=frame.height - met.height,
        skipped=bad.count,
        missing=missing,
        outliers=interaction_outliers(met, order),
        changes=tuple(cleaner.changes),
        bad_rows=tuple(bad.lines),
    )
    return met.drop(ROW), replace(
        report,
        interactions=about,
        users=met["user_id"].n_unique(),
        time_order=order,
        unknown_item_interactions=frame.height - met.height,
    )


def _named(table: Table) -> tuple[pl.DataFrame, dict[str, str]]:
    columns = [name for name in table.frame.columns if name != ROW]
    sources = fields_of(columns, INTERACTION_COLUMNS)
    for field in ("user_id", "item_id"):
        require(table.path, sources, field, INTERACTION_COLUMNS, columns)
        if isinstance(table.frame[sources[field]].dtype, pl.List):
            raise DataError(f"{table.path}, column {sources[field]!r}: lists, ids must be text")
    taken = set(sources) | {"timestamp", "weight"}
    renamed = {source: field for field, source in sources.items()}
    for name in columns:  # a further column may be called like a field that another one holds
        if name not in renamed and name in taken:
            renamed[name] = _free(name, columns)
    values = [sources[field] for field in ("weight", "timestamp", "position") if field in sources]
    frame = table.frame.with_columns(joined(table.frame[name], " ") for name in values)
    return frame.rename(renamed), sources


def _free(name: str, columns: list[str]) -> str:
    """The name with as many words behind it as none of the columns has."""
    while name in columns:
        name = f"{name} (column)"
    return name


def _clean_weight(cleaner: Cleaner, rated: bool) -> None:
    if not rated:
        cleaner.frame = cleaner.frame.with_columns(pl.lit(1.0).alias("weight"))
        return
    cleaner.numbers("weight", "no rating", "write a number, or leave the value empty")
    given = cleaner.frame["weight"]
    usual = given.median()
    if isinstance(usual, float):  # the lowest one would say that it was disliked
        why = f"no rating given, so {usual:g}, the median of those given"
        cleaner.replace("weight", given.fill_null(usual), why)
    else:
        cleaner.replace("weight", given.fill_null(1.0), "no rating given, so 1")


def _clean_time(cleaner: Cleaner) -> str:
    columns = cleaner.frame.columns
    if "timestamp" in columns:
        cleaner.times("timestamp")
        return "timestamp" if cleaner.frame["timestamp"].is_not_null().any() else "unknown"
    if "position" in columns:
        cleaner.numbers("position", "no position", "number the interactions of a user from 0")
        cleaner.frame = cleaner.frame.rename({"position": "timestamp"})
        return "position"
    nothing = pl.lit(None, dtype=pl.Float64).alias("timestamp")
    cleaner.frame = cleaner.frame.with_columns(nothing)
    return "unknown"


def _unique(cleaner: Cleaner) -> tuple[pl.DataFrame, int]:
    frame = cleaner.frame
    others = [name for name in frame.columns if name != ROW]
    unique = frame.unique(subset=others, keep="first", maintain_order=True)
    return unique, frame.height - unique.height
