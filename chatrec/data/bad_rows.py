"""Rows of a source file that can't be used: refused at once, or a bounded number skipped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from chatrec.errors import DataError, shortened

ROW = "__row__"  # the column that holds each row's number in its file
MOST_SKIPPED_SHARE = 0.01
MOST_SKIPPED = 1000
_SHOWN_LETTERS = 60
_LINES_KEPT = 20


class BadRows:
    """Collects the bad rows of one file; raises DataError at the first where ``skip`` is off.

    With ``skip`` at most 1 % of the file's rows, and at most 1,000, may be bad.
    """

    def __init__(self, path: Path, skip: bool) -> None:
        self.path = path
        self.skip = skip
        self.count = 0
        self.lines: list[str] = []  # the first of them, worded
        self.columns: Mapping[str, str] = {}  # field -> what its column is called in the file

    def add(self, row: int, column: str, value: object, problem: str, remedy: str) -> None:
        """Record that ``row`` (from 1, as in the file) can't be used because of ``value``."""
        column = self.columns.get(column, column)
        place = (
            f"{self.path}, row {row}, column {column!r}" if column else f"{self.path}, row {row}"
        )
        got = "nothing" if value is None else shortened(value, _SHOWN_LETTERS)
        line = f"{place}: {problem}, got {got}; {remedy}"
        if not self.skip:
            raise DataError(line)
        self.count += 1
        if len(self.lines) < _LINES_KEPT:
            self.lines.append(line)
        if self.count > MOST_SKIPPED:
            raise DataError(
                f"more than {MOST_SKIPPED:,} bad rows, the most that may be skipped; {line}"
            )

    def drop(
        self, frame: pl.DataFrame, mask: pl.Expr, column: str, problem: str, remedy: str
    ) -> pl.DataFrame:
        """The frame without the rows for which ``mask`` is true, each of them recorded."""
        bad = frame.filter(mask)
        for row, value in zip(bad[ROW], bad[column], strict=True):
            self.add(row, column, value, problem, remedy)
        return frame if bad.is_empty() else frame.filter(mask.not_())

    def check(self, rows: int) -> None:
        """Raise DataError if more than 1 % of ``rows`` were bad."""
        if self.count > MOST_SKIPPED_SHARE * rows:
            raise DataError(
                f"{self.path}: {self.count:,} of {rows:,} rows are bad, at most 1 % and "
                f"{MOST_SKIPPED:,} may be skipped: correct the file; the first is {self.lines[0]}"
            )
