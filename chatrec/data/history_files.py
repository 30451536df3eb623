"""Reads the history that somebody uploads: the rows of a CSV of one person, whoever wrote it.

The shape is told by the columns (:mod:`chatrec.data.history_shapes`). Cells are text and stay
text: formulas and markup in them are never carried out, control characters are left out. It knows
no catalogue (:mod:`chatrec.data.history_matching`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chatrec.data.history_shapes import Scale, Shape, letters, shape_of
from chatrec.data.text_files import nature
from chatrec.errors import DataError, shortened

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_CELL = 300  # characters of a cell that are looked at

_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NUMERIC_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d\d))?")
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_UNIX = re.compile(r"\d{9,13}")  # nobody's history is of before 1973
_MILLISECONDS = 1e11  # more seconds than that are none


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of a history. ``time`` orders rows and is None where unknown; ``rating`` likewise.

    ``number`` is the line of the file; ``item_id`` and ``creator`` are empty where not given.
    """

    number: int
    title: str
    year: int | None = None
    rating: float | None = None
    time: float | None = None
    item_id: str = ""
    creator: str = ""


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """What a file holds. ``not_yet`` counts rows of what wasn't had, ``unread`` those without
    a title. ``scale`` is None where nothing was rated.
    """

    shape: Shape
    rows: tuple[HistoryRow, ...]
    scale: Scale | None
    not_yet: int = 0
    unread: int = 0


def read_history(content: bytes, file: str = "the file") -> HistoryFile:
    """The history in a CSV. ``file`` is what errors call it.

    Raises DataError, which says what to do, for more than MAX_BYTES or MAX_ROWS, for what is no
    UTF-8 text or no table with titles, and for the histories of several people.
    """
    header, lines = _table(_text(content, file), file)
    shape = shape_of(header, file)
    columns = [letters(name) for name in header]
    rows: list[HistoryRow] = []
    users: set[str] = set()
    dates: list[str] = []
    not_yet = unread = 0
    for number, line in lines:
        cells = dict(zip(columns, map(_clean, line), strict=False))
        cells.pop("", None)  # an index without a name, as pandas writes it
        if cells.get(shape.shelf, "").casefold() in shape.not_yet and shape.shelf:
            not_yet += 1
            continue
        row = _row(number, cells, shape)
        if not (row.title or row.item_id):
            unread += 1
            continue
        rows.append(row)
        dates.append(_first(cells, shape.date))
        users.add(cells.get(shape.user, ""))
    if len(users) > 1:
        some = ", ".join(shortened(user, 20) for user in sorted(users)[:3])
        raise DataError(
            f"{file} has the histories of {len(users):,} people ({some} ...); a history is one "
            "person's: keep the rows of one of them"
        )
    if not rows:
        raise DataError(f"{file} has a header but no rows with a title: export it again")
    timed = [replace(row, time=time) for row, time in zip(rows, _times(dates), strict=True)]
    return HistoryFile(shape, tuple(timed), _scale(shape, rows), not_yet, unread)


def _text(content: bytes, file: str) -> str:
    if len(content) > MAX_BYTES:
        raise DataError(
            f"{file} has more than {MAX_BYTES:,} bytes, the most that is read: "
            "keep the newest rows and send them"
        )
    what = nature(content[:16])
    if what:
        raise DataError(f"{file} is {what}, not a CSV: unpack it or save it as CSV (UTF-8)")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{file} is no text in UTF-8 (byte {error.start:,}): save it as CSV with UTF-8"
        ) from error
    if "\x00" in text:
        raise DataError(f"{file} has binary content, not text: save it as CSV (UTF-8)")
    if not text.strip():
        raise DataError(f"{file} is empty: export the history again")
    return text


def _table(text: str, file: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the numbered lines with something in them."""
    first = text.lstrip().partition("\n")[0]
    if first.startswith(("{", "[", "<")):
        raise DataError(f"{file} starts with {first[:20]!r}, not with a header: save it as CSV")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=separator, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        header = next(reader)
        for line in reader:
            if any(cell.strip() for cell in line):
                lines.append((reader.line_num, line))
            if len(lines) > MAX_ROWS:
                raise DataError(
                    f"{file} has more than {MAX_ROWS:,} rows; keep the newest {MAX_ROWS:,}"
                )
    except csv.Error as error:
        raise DataError(
            f"{file}, row {reader.line_num}: can't be read as CSV ({error}): export it again"
        ) from error
    return header, lines


def _row(number: int, cells: Mapping[str, str], shape: Shape) -> HistoryRow:
    year = _YEAR.search(_first(cells, shape.year))
    rating = _number(_first(cells, shape.rating))
    unrated = rating is None or (not shape.hours and shape.scale is not None and rating <= 0)
    return HistoryRow(
        number,
        cells.get(shape.title, "") if shape.title else "",
        int(year[1]) if year else None,
        None if unrated else rating,
        None,
        cells.get(shape.item_id, "") if shape.item_id else "",
        cells.get(shape.creator, "") if shape.creator else "",
    )


def _first(cells: Mapping[str, str], names: Sequence[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _clean(cell: str) -> str:
    return " ".join(_CONTROLS.sub(" ", cell[:MAX_CELL]).split())


def _number(cell: str) -> float | None:
    """The number of a cell such as 4, 4.5, "4,5" or "1,234"; None for anything else."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", cell):
        cell = cell.replace(",", "")
    plain = cell.replace(",", ".")
    return float(plain) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", plain) else None


def _scale(shape: Shape, rows: Iterable[HistoryRow]) -> Scale | None:
    """The shape's scale, made wider where a file goes beyond it; None where nothing is rated."""
    ratings = [row.rating for row in rows if row.rating is not None]
    if not ratings:
        return None
    low, high = shape.scale or (min(ratings), max(ratings))
    return min(low, *ratings), max(high, *ratings)


def _times(dates: Sequence[str]) -> list[float | None]:
    """Seconds since 1970, UTC; whether a month or a day comes first is told by the whole column."""
    parts = [_NUMERIC_DATE.match(date) for date in dates]
    day_first = any(match is not None and int(match[1]) > 12 for match in parts) or any(
        match is not None and match[2] == "." for match in parts
    )
    return [_time(date, day_first) for date in dates]


def _time(date: str, day_first: bool) -> float | None:
    if _UNIX.fullmatch(date):
        number = float(date)
        return number / 1000 if number > _MILLISECONDS else number
    if match := _DAY.fullmatch(date) or _DATE.match(date):
        return _seconds(*(int(part or 0) for part in match.groups()))
    if match := _NUMERIC_DATE.match(date):
        one, other, year = int(match[1]), int(match[3]), int(match[4])
        month, day = (other, one) if day_first else (one, other)
        return _seconds(year + 2000 if year < 100 else year, month, day)
    return None


def _seconds(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> float | None:
    """None where there is no such day."""
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()
    except ValueError:
        return None
