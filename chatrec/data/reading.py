"""Reads a source file into a table of text, whatever its format; it knows no column names.

Formats by name: ``.csv``, ``.tsv``, ``.jsonl`` (also ``.ndjson``, ``.json``) and ``.parquet``,
and MovieLens' own files (see ``movielens.py``), each plain, ``.gz`` or ``.zst``. A file is held in
memory as a whole.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from chatrec.data.bad_rows import ROW, BadRows
from chatrec.data.movielens import MOVIELENS, join_flags
from chatrec.data.text_files import check_file, nature, read_bytes, read_text, unpacked_name
from chatrec.errors import DataError

Watch = Callable[[int, int], None]  # called with (rows read, rows in the file) now and then
FORMATS = ".csv, .tsv, .jsonl or .parquet, each also .gz or .zst, and MovieLens' own files"
MOST_NESTED = 100  # lists and objects of a JSON value inside one another
_EVERY = 50_000
_PLAIN = str | int | float | None
_FIRST_LINE = re.compile(r"\A[^\r\n]*")
_QUOTED = re.compile(r'"[^"]*"')
_PANDAS_INDEX = re.compile(r"__index_level_\d+__")
_LONGEST_VALUE = 1 << 24  # characters; csv's own limit, 131,072, is less than a long review has


@dataclass(frozen=True, slots=True)
class Table:
    """A source file's rows. Columns are String or List(String), null where nothing stands;
    the column ROW has each row's number in the file (a text file's line, else counted from 1).
    ``rows`` counts bad rows too.
    """

    path: Path
    frame: pl.DataFrame
    rows: int


def read_table(path: Path, bad: BadRows, watch: Watch = lambda done, of: None) -> Table:
    """All rows of ``path`` as text; rows that can't be read go to ``bad``.

    Raises DataError for a missing, empty, cut-off, wrongly encoded or wrongly named file.
    """
    check_file(path)
    name = unpacked_name(path)
    if name in MOVIELENS:
        layout = MOVIELENS[name]
        text = read_text(path, layout.else_encoding)
        frame = _separated(text, layout.separator, bad, watch, layout.columns)
        frame = join_flags(frame) if name == "u.item" else frame
    elif name.endswith((".csv", ".tsv")):
        text = read_text(path)
        frame = _separated(text, _separator(path, name, text), bad, watch)
    elif name.endswith((".jsonl", ".ndjson", ".json")):
        frame = _json_lines(read_text(path), bad, watch)
    elif name.endswith(".parquet"):
        frame = _parquet(path)
    else:
        raise DataError(f"{path} has the ending {path.suffix!r}; allowed are {FORMATS}: rename it")
    if frame.is_empty():
        raise DataError(f"{path} has a header but no rows: check that it was written whole")
    return Table(path, frame, frame.height + bad.count)


def _separator(path: Path, name: str, text: str) -> str:
    [header] = _FIRST_LINE.findall(text)
    if header.lstrip().startswith(("{", "[")):
        raise DataError(f"{path} holds JSON, not a table as its name says: rename it to .jsonl")
    if name.endswith(".tsv"):
        return "\t"
    return max(",;\t|", key=_QUOTED.sub("", header).count)  # the first of those that are as many


def _separated(
    text: str, separator: str, bad: BadRows, watch: Watch, names: Sequence[str] = ()
) -> pl.DataFrame:
    raw = bool(names)  # MovieLens' own files have neither a header nor quotation marks
    quoting: Literal[0, 3] = csv.QUOTE_NONE if raw else csv.QUOTE_MINIMAL
    if len(separator) > 1:
        text, separator = text.replace(separator, "\x01"), "\x01"
    lines = text.count("\n") + 1
    csv.field_size_limit(_LONGEST_VALUE)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, quoting=quoting, strict=True
    )
    rows: list[list[str]] = []
    numbers: list[int] = []
    last = 0
    try:
        if not raw:
            names = _header(bad.path, next(reader))
            last = reader.line_num
        for row in reader:
            number, last = last + 1, reader.line_num
            if not any(map(str.strip, row)):
                continue  # as spreadsheets write empty rows: ",,"
            if len(row) == len(names):
                rows.append(row)
                numbers.append(number)
            else:
                _ragged(bad, number, names, row)
            if len(rows) % _EVERY == 0:
                watch(last, lines)
    except csv.Error as error:
        raise DataError(
            f"{bad.path}, row {last + 1}: quotation marks that don't match ({error}), got "
            f"{_line(text, last)!r}; double every quotation mark inside a quoted value"
        ) from error
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    frame = pl.DataFrame(
        {
            name: pl.Series(column, dtype=pl.String)
            for name, column in zip(names, columns, strict=True)
        }
    )
    empty = pl.all().str.strip_chars() == ""
    frame = frame.with_columns(pl.when(empty).then(None).otherwise(pl.all()).name.keep())
    return frame.with_columns(pl.Series(ROW, numbers, dtype=pl.UInt32))


def _ragged(bad: BadRows, number: int, names: Sequence[str], row: list[str]) -> None:
    extra = len(row) > len(names)
    column = names[-1] if extra else names[len(row)]
    bad.add(
        number,
        column,
        row,
        f"{len(row)} values where the header has {len(names)}",
        "quote values that hold the separator" if extra else "fill in the row or take it out",
    )


def _header(path: Path, names: list[str]) -> list[str]:
    names = [name.strip() or f"column {place}" for place, name in enumerate(names, start=1)]
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{path}, row 1, column {name!r}: stands twice; rename one of the two")
    return _columns(path, names)


def _columns(path: Path, names: list[str]) -> list[str]:
    """The names; DataError where there are none, or one that is used inside."""
    if not names:
        raise DataError(f"{path} has no columns: write their names into its first row")
    own = next((n for n in names if n.startswith("__") and not _PANDAS_INDEX.fullmatch(n)), None)
    if own is not None:
        raise DataError(f"{path}, row 1, column {own!r}: chatrec's own names begin so; rename it")
    return names


def _line(text: str, number: int) -> str:
    lines = text.split("\n", number + 1)
    return lines[number][:60] if number < len(lines) else ""


def _json_lines(text: str, bad: BadRows, watch: Watch) -> pl.DataFrame:
    records: list[dict[str, Any]] = []
    numbers: list[int] = []
    if text.lstrip().startswith("["):
        lines = [json.dumps(record) for record in _json_array(text, bad.path)]
    else:
        lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = _json(line)
        except ValueError as error:
            bad.add(number, "", line, f"not JSON ({error})", "write one JSON object a line")
            continue
        if not isinstance(record, dict):
            bad.add(number, "", record, "not an object", "write one JSON object a line")
            continue
        records.append(record)
        numbers.append(number)
        if number % _EVERY == 0:
            watch(number, len(lines))
    names = _columns(bad.path, list(dict.fromkeys(n for record in records for n in record)))
    columns = {name: _json_column([record.get(name) for record in records]) for name in names}
    return pl.DataFrame({**columns, ROW: pl.Series(numbers, dtype=pl.UInt32)})


def _json_array(text: str, path: Path) -> list[Any]:
    try:
        return list(_json(text))
    except ValueError as error:
        raise DataError(f"{path}: not JSON ({error}); write one JSON object a line") from error


def _json(text: str) -> Any:
    """The value that the text spells; ValueError, saying why, where it can't be used."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}: {error.msg}") from error
    except ValueError as error:
        raise ValueError("a number with thousands of digits") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if text.count("[") + text.count("{") > MOST_NESTED and _is_deep(value):
        raise ValueError("nested too deeply")
    if "\\ud" in text.lower() and not _is_text(value):
        raise ValueError("half a character: \\ud800 to \\udfff come in pairs")
    return value


def _is_deep(value: Any) -> bool:
    inside = [value]
    for _ in range(MOST_NESTED):
        parts = [v.values() if isinstance(v, dict) else v for v in inside]
        inside = [v for part in parts if not isinstance(part, _PLAIN) for v in part]
    return bool(inside)


def _is_text(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _json_column(values: list[Any]) -> pl.Series:
    if any(isinstance(value, list) for value in values):
        return pl.Series([_flat(value) for value in values], dtype=pl.List(pl.String))
    column = pl.Series([_scalar(value) for value in values], dtype=pl.String)
    return column.set((column.str.strip_chars() == "").fill_null(False), None)


def _flat(value: object) -> list[str]:
    if not isinstance(value, list):
        text = _scalar(value)
        return [text] if text else []
    return [text for part in value for text in _flat(part)]


def _scalar(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if type(value) in (int, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def _parquet(path: Path) -> pl.DataFrame:
    if path.suffix.lower() == ".zst":
        raise DataError(
            f"{path}: Parquet is packed inside already; unpack it first: zstd -d {path}"
        )
    data = read_bytes(path)
    if not (data.startswith(b"PAR1") and data.endswith(b"PAR1")):
        found = "cut off" if data.startswith(b"PAR1") else nature(data[:16]) or "something else"
        raise DataError(f"{path} isn't Parquet as its name says but {found}: copy it again, whole")
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path} is damaged Parquet ({reason}): copy or write it again") from error
    columns = [_as_text(path, frame[name]) for name in _columns(path, frame.columns)]
    numbers = pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True).alias(ROW)
    return pl.DataFrame([*columns, numbers])


def _as_text(path: Path, column: pl.Series) -> pl.Series:
    try:
        return _text_of(column)
    except pl.exceptions.PolarsError as error:
        raise DataError(
            f"{path}, column {column.name!r}: {column.dtype} can't be read as text "
            f"({str(error).splitlines()[0]}); write text or numbers"
        ) from error


def _text_of(column: pl.Series) -> pl.Series:
    kind = column.dtype
    if isinstance(kind, pl.List | pl.Array):
        column = column.cast(pl.List(kind.inner)) if isinstance(kind, pl.Array) else column
        if isinstance(kind.inner, pl.Struct):
            return column.list.eval(pl.element().struct.json_encode())
        return column.cast(pl.List(pl.String), strict=False)
    if isinstance(kind, pl.Struct):
        return column.struct.json_encode()
    if isinstance(kind, pl.Datetime | pl.Date):
        return column.dt.to_string("iso")
    if kind.is_float():
        small = column.abs() < 2**53  # beyond it a float has no digits after the point to lose
        whole = (column.is_null() | (small & (column == column.round()))).all()
        column = column.cast(pl.Int64) if whole else column
    text = column.cast(pl.String)
    return text.set(text.str.strip_chars() == "", None)
