"""A table of text -> the rows of a workspace's catalogue. It reads and writes no files."""

from __future__ import annotations

import json

import polars as pl

from chatrec.data.bad_rows import ROW, BadRows
from chatrec.data.columns import ITEM_COLUMNS, fields_of, require
from chatrec.data.injections import flags_in
from chatrec.data.quality import TableReport, missing_values
from chatrec.data.reading import Table
from chatrec.data.values import Cleaner, joined
from chatrec.errors import DataError

_TEXTS = ("language", "age_rating", "description")
_LISTS = {
    "genres": ("|", ";", ","),
    "creators": ("|", ";"),  # "Tolkien, J. R. R." and "Google, Inc." are one name
    "cast": ("|", ";", ", "),
    "countries": ("|", ";", ", "),
    "keywords": ("|", ";", ", "),
}
_MARKS = {"language": ", "}  # between the parts of a list; a space where none stands here
_KINDS = {"year": pl.Int32, "runtime_min": pl.Int32, "price": pl.Float64}


def clean_catalog(table: Table, bad: BadRows) -> tuple[pl.DataFrame, TableReport]:
    """One row an item, columns as the fields of Item (``facts`` as JSON), and what was done.

    Items without a title are left out and counted. The same id with another title is a bad row;
    with the same title the rows are merged, the first value of each field staying.
    """
    frame, sources = _named(table)
    bad.columns = sources
    frame = bad.drop(
        frame, pl.col("item_id").is_null(), "item_id", "an empty id", "fill it in or take it out"
    )
    cleaner = Cleaner(frame, bad)
    missing = missing_values(frame.drop(ROW))
    left_out = _leave_out_untitled(cleaner, table, sources)
    if "year" in sources:
        cleaner.year()
    else:
        cleaner.frame = cleaner.frame.with_columns(pl.lit(None, dtype=pl.Int32).alias("year"))
    cleaner.titles()
    left_out += _leave_out_untitled(cleaner, table, sources)
    _clean_fields(cleaner, set(sources))
    items = _unique(cleaner, bad)
    bad.check(table.rows)
    return items, TableReport(
        file=str(table.path),
        rows=table.rows,
        kept=items.height,
        merged=table.rows - items.height - left_out - bad.count,
        left_out=left_out,
        skipped=bad.count,
        missing=missing,
        changes=tuple(cleaner.changes),
        bad_rows=tuple(bad.lines),
        flags=flags_in(items),
    )


def _leave_out_untitled(cleaner: Cleaner, table: Table, sources: dict[str, str]) -> int:
    """How many rows had no title, or one of nothing but spaces."""
    titled = pl.col("title").str.contains(r"[^\s\x1c-\x1f]").fill_null(False)
    left_out = cleaner.leave_out(titled.not_(), "title", "an item without a title")
    if cleaner.frame.is_empty():
        raise DataError(f"{table.path}: no row has a title in column {sources['title']!r}")
    return left_out


def _named(table: Table) -> tuple[pl.DataFrame, dict[str, str]]:
    """Columns named as the fields; the others gathered in ``facts``, as JSON."""
    columns = [name for name in table.frame.columns if name != ROW]
    sources = fields_of(columns, ITEM_COLUMNS)
    for field in ("item_id", "title"):
        require(table.path, sources, field, ITEM_COLUMNS, columns)
    if isinstance(table.frame[sources["item_id"]].dtype, pl.List):
        raise DataError(f"{table.path}, column {sources['item_id']!r}: lists, ids must be text")
    others = [name for name in columns if name not in sources.values()]
    kept_too = [sources[f] for f in ("year", "price") if f in sources and sources[f] != f]
    facts = [joined(table.frame[name], ", ") for name in (*others, *kept_too)]
    fields = [
        (values if field in _LISTS else joined(values, _MARKS.get(field, " "))).alias(field)
        for field, values in ((field, table.frame[source]) for field, source in sources.items())
    ]
    frame = pl.DataFrame([table.frame[ROW], *fields])
    if not facts:
        return frame.with_columns(pl.lit("{}").alias("facts")), sources
    packed = pl.DataFrame(facts).to_struct("facts").struct.json_encode()
    return frame.with_columns(packed.alias("facts")), sources


def _clean_fields(cleaner: Cleaner, present: set[str]) -> None:
    for field in ("language", "age_rating", "description"):
        if field in present:
            cleaner.text(field)
        else:
            cleaner.frame = cleaner.frame.with_columns(pl.lit("").alias(field))
    cleaner.frame = cleaner.frame.with_columns(pl.col(_TEXTS).fill_null(""))
    for field, separators in _LISTS.items():
        if field in present:
            cleaner.texts(field, separators)
        else:
            empty = pl.lit([], dtype=pl.List(pl.String)).alias(field)
            cleaner.frame = cleaner.frame.with_columns(empty)
    for field, parse in (("runtime_min", cleaner.minutes), ("price", cleaner.price)):
        if field in present:
            parse()
        else:
            nothing = pl.lit(None, dtype=_KINDS[field]).alias(field)
            cleaner.frame = cleaner.frame.with_columns(nothing)


def _unique(cleaner: Cleaner, bad: BadRows) -> pl.DataFrame:
    frame = cleaner.frame
    if frame["item_id"].is_duplicated().any():
        first = pl.col("title").first().over("item_id")
        frame = bad.drop(
            frame.with_columns((pl.col("title") != first).alias("__other__"), first.alias("__t__")),
            pl.col("__other__"),
            "item_id",
            "an id that stands before with another title",
            "give every item an id of its own",
        ).drop("__other__", "__t__")
        frame = frame.group_by("item_id", maintain_order=True).agg(
            *_first_known(frame), pl.col("facts")
        )
        merged = [_merged_facts(rows) for rows in frame["facts"]]
        frame = frame.with_columns(pl.Series("facts", merged, dtype=pl.String))
    columns = ["item_id", "title", "year", *_LISTS, *_TEXTS, "runtime_min", "price", "facts"]
    return frame.select(columns)


def _first_known(frame: pl.DataFrame) -> list[pl.Expr]:
    known = []
    for name, kind in frame.schema.items():
        if name in ("item_id", "facts"):
            continue
        column = pl.col(name)
        if isinstance(kind, pl.List):
            filled = column.filter(column.list.len() > 0).first()
            known.append(filled.fill_null(column.first()))
        elif kind == pl.String:
            known.append(column.filter(column != "").first().fill_null(""))
        else:
            known.append(column.drop_nulls().first())
    return known


def _merged_facts(rows: pl.Series) -> str:
    """Of each further column the first value that one of the rows has."""
    if len(rows) == 1:
        return str(rows[0])
    merged: dict[str, str | None] = {}
    for row in rows:
        facts = json.loads(row)
        merged = facts | {name: value for name, value in merged.items() if value is not None}
    return json.dumps(merged, ensure_ascii=False)
