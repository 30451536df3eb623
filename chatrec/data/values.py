"""Turns columns of text into the values of a field, and counts every value that it alters."""

from __future__ import annotations

import ast
import html
import json
import re
import warnings
from collections.abc import Callable
from itertools import takewhile
from typing import Any

import polars as pl

from chatrec.data.bad_rows import ROW, BadRows
from chatrec.data.quality import Change
from chatrec.errors import shortened

MISSING_WORDS = ("na", "n/a", "nan", "none", "null", "unknown", "\\n", "-", "?", "0", "0.0")
_ARTICLES = "The|A|An|Les|La|Le|L'|Das|Der|Die|El|Il|Los|Las|Une|Un|Ein|Eine|Lo|Det|De|Den"
_ENGLISH = "The|A|An"
_TIME_FORMATS = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%m %d, %Y", "%d-%b-%Y")
_DAY = r"^((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?:\.0+)?$"  # 20240531
_SHORT = r"^[0-9]{1,8}(?:\.0+)?$"
_EARLY = r"^(?:-\s*[0-9]{1,5}|[0-9]{3})(?:\.0+)?$"  # -1750, 800
_HOURS = (
    r"^([0-9]+)\s*h(?:r|rs|our|ours)?\.?[\s,]*(?:and\s+)?"
    r"(?:([0-9]+)\s*(?:m|min|mins|minutes?)?\.?)?(?:[\s,]*[0-9]+\s*s[a-z]*\.?)?$"
)
_UNPARTED = re.compile(r"""(?<=['"])\s+(?=['"])""")
_LARGEST = 3.4e38  # what models hold weights in, float32, has no more


def joined(column: pl.Series, mark: str) -> pl.Series:
    """A column of lists as text with ``mark`` between their parts, null for none; text as it is."""
    if not isinstance(column.dtype, pl.List):
        return column
    texts = column.list.join(mark, ignore_nulls=True)
    return texts.set(texts.str.strip_chars() == "", None)


class Cleaner:
    """A table under cleaning: ``frame`` as it stands, ``changes`` so far."""

    def __init__(self, frame: pl.DataFrame, bad: BadRows) -> None:
        self.frame = frame
        self.bad = bad
        self.changes: list[Change] = []

    def replace(self, column: str, new: pl.Series, why: str) -> None:
        """Put ``new`` in place of a column and count the rows in which it differs."""
        self.count(column, self.frame[column], new, why)
        self.frame = self.frame.with_columns(new.alias(column))

    def count(self, column: str, old: pl.Series, new: pl.Series, why: str) -> None:
        """Count the rows in which ``new`` differs from ``old`` as a change of a column."""
        differs = old.ne_missing(new)
        at = differs.arg_max()
        if at is not None and differs[at]:
            example = _difference(old[at], new[at])
            self.changes.append(Change(column, int(differs.sum()), why, example))

    def leave_out(self, mask: pl.Expr, column: str, why: str) -> int:
        """Take the rows out for which ``mask`` is true, and count them as a change."""
        out = self.frame.filter(mask)
        if not out.is_empty():
            row = f"row {out[ROW][0]}"
            self.changes.append(Change(column, out.height, f"left out: {why}", row))
            self.frame = self.frame.filter(mask.not_())
        return out.height

    def text(self, column: str) -> None:
        """A column of text; HTML entities resolved, outer spaces taken off."""
        values = self.frame[column]
        self.replace(column, values.str.strip_chars(), "spaces around it taken off")
        coded = values.str.contains(r"&(?:#\d+|\w+);").fill_null(False)
        if coded.any():
            self.replace(
                column, _mapped(self.frame[column], html.unescape), "HTML entities resolved"
            )

    def titles(self) -> None:
        """'Matrix, The (1999)' -> title 'The Matrix', year 1999.

        A year at the end is cut off only where the year column agrees with it or is empty. Only
        after such a year are articles of other languages looked for ("Haine, La (1995)").
        """
        self.text("title")
        title, year = self.frame["title"], self.frame["year"]
        stated = title.str.extract(r"^.*\S\s*\((1[89][0-9][0-9]|20[0-9][0-9])\)$").cast(pl.Int32)
        agrees = stated.is_not_null() & (year.is_null() | (year == stated)).fill_null(True)
        cut = title.str.replace(r"\s*\([0-9]{4}\)$", "")
        self.replace("title", cut.zip_with(agrees, title), "year in the title moved to its field")
        new_year = stated.zip_with(agrees & year.is_null(), year)
        self.replace("year", new_year, "taken from the title")
        plain = title.str.contains(rf"^(?:{_ENGLISH}) |:").not_()
        for articles, eligible in ((_ENGLISH, agrees | plain), (_ARTICLES, agrees)):
            now = self.frame["title"]
            moved = now.str.replace(rf"^(.*?), ({articles})( \(.*\))?$", "${2} ${1}${3}")
            moved = moved.str.replace(r"^L' ", "L'")
            self.replace("title", moved.zip_with(eligible, now), "article moved to the front")

    def year(self) -> None:
        """Years from 1000 to 2100 out of numbers and dates; other text is a bad row.

        Earlier years become empty: the field doesn't hold them.
        """
        values = self._without_missing_words("year")
        early = values.str.contains(_EARLY).fill_null(False)
        self.replace("year", values.set(early, None), "before the year 1000, so the field is empty")
        values = self.frame["year"]
        found = values.str.extract(r"^[^0-9]{0,12}(1[0-9]{3}|20[0-9][0-9]|2100)(?:\.0+)?$")
        dated = values.str.replace(_DAY, "${1}").str.extract(r"\b(1[0-9]{3}|20[0-9][0-9])\b")
        self._parsed("year", found.fill_null(dated).cast(pl.Int32), "no year", "write it as 1999")

    def minutes(self) -> None:
        """Minutes out of '116', '116.0', '116 min' and '1h 56m'; other text is a bad row."""
        values = self._without_missing_words("runtime_min").str.to_lowercase()
        plain = values.str.extract(r"^([0-9]+(?:\.[0-9]+)?)\s*(?:m|min|mins|minutes)?\.?$")
        hours = values.str.extract(_HOURS).cast(pl.Float64)
        rest = values.str.extract(_HOURS, 2).cast(pl.Float64).fill_null(0)
        minutes = plain.cast(pl.Float64).fill_null(hours * 60 + rest).round()
        minutes = minutes.cast(pl.Int32, strict=False)
        self._parsed("runtime_min", minutes, "no runtime", "write it in minutes, as 116")

    def price(self) -> None:
        """Prices out of '$1,250.00', '9,99 €' and 'Free'; what is none becomes empty."""
        text = self.frame["price"].str.strip_chars()
        bare = text.str.replace_all(r"[\s$€£¥]|USD|EUR|GBP", "")
        english = bare.str.extract(r"^([0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)$")
        comma = bare.str.extract(r"^([0-9]+,[0-9]{1,2})$").str.replace(",", ".")
        number = english.str.replace_all(",", "").fill_null(comma).cast(pl.Float64)
        free = bare.str.to_lowercase().is_in(["free"]).fill_null(False)
        number = number.set(free, 0.0)
        number = number.set(number.is_infinite().fill_null(False), None)
        lost = text.is_not_null() & number.is_null()
        if lost.any():
            why = "not one price, so the field is empty"
            self.changes.append(
                Change("price", int(lost.sum()), why, shortened(text.filter(lost)[0]))
            )
        self.frame = self.frame.with_columns(number.alias("price"))

    def texts(self, column: str, separators: tuple[str, ...]) -> None:
        """Lists of text: lists as they are, else split at the first separator that is found.

        Of an object in a list only its name is kept, of equal values one.
        """
        values = self.frame[column]
        if not isinstance(values.dtype, pl.List):
            bracketed = values.str.contains(r"(?s)^\[.*\]$").fill_null(False)
            if bracketed.any():
                values = _mapped(values, _unbracketed)
                separators = ("|",)
            mark = next((m for m in separators if values.str.contains(m, literal=True).any()), "|")
            values = values.str.split(mark)
        values = values.list.eval(pl.element().str.strip_chars())
        values = values.list.eval(pl.element().filter((pl.element() != "").fill_null(False)))
        none = pl.lit([], dtype=pl.List(pl.String))
        self.frame = self.frame.with_columns(values.alias(column)).with_columns(
            pl.col(column).fill_null(none)
        )
        if values.explode().str.starts_with("{").any():
            named = pl.Series(
                [[_name_of(v) for v in row] for row in self.frame[column]], dtype=values.dtype
            )
            self.replace(column, named, "objects given by their names")
        kept = self.frame[column].list.unique(maintain_order=True)
        self.replace(column, kept, "a value that stands twice counts once")
        placeholder = "(no genres listed)"
        kept = self.frame[column].list.eval(pl.element().filter(pl.element() != placeholder))
        self.replace(column, kept, f"{placeholder!r} means none")

    def numbers(self, column: str, problem: str, remedy: str) -> None:
        """Finite numbers; anything else but an empty value is a bad row."""
        text = self.frame[column].str.strip_chars().replace({"true": "1", "false": "0"})
        number = text.cast(pl.Float64, strict=False)
        number = number.set((number.abs() <= _LARGEST).not_().fill_null(False), None)
        self._parsed(column, number, problem, remedy)

    def times(self, column: str) -> None:
        """Seconds since 1970, UTC, out of ISO 8601, dates, and numbers that count from then.

        Numbers are seconds, milli-, micro- or nanoseconds by their size. Where all of them are days
        such as 20240531, or others are dates, those of up to eight digits are no seconds.
        """
        text = self.frame[column].str.strip_chars()
        number = text.cast(pl.Float64, strict=False)
        number = number.set(number.is_finite().not_().fill_null(False), None)
        all_days = text.str.contains(_DAY).fill_null(True).all()
        if all_days or _dated(text.set(number.is_not_null(), None)).is_not_null().any():
            number = number.set(text.str.contains(_SHORT).fill_null(False), None)
        size = number.abs()
        unit = pl.select(
            pl.when(size > 1e17).then(1e9).when(size > 1e14).then(1e6).when(size > 1e11).then(1e3)
            .otherwise(1.0)
        ).to_series()  # fmt: skip
        seconds = number / unit
        why = "milli-, micro- or nanoseconds turned into seconds"
        self.count(column, number, seconds, why)
        seconds = seconds.fill_null(_dated(text.set(number.is_not_null(), None)))
        remedy = "write seconds since 1970 or a date such as 2024-05-31T18:00:00Z"
        self._parsed(column, seconds, "no time", remedy)

    def _without_missing_words(self, column: str) -> pl.Series:
        values = self.frame[column].str.strip_chars()
        word = values.str.to_lowercase().is_in(list(MISSING_WORDS)).fill_null(False)
        self.replace(column, values.set(word, None), "a word for a missing value")
        return self.frame[column]

    def _parsed(self, column: str, values: pl.Series, problem: str, remedy: str) -> None:
        """Put the parsed values in place; rows with a text but no value are bad."""
        failed = self.frame[column].is_not_null() & values.is_null()
        if failed.any():
            self.frame = self.frame.with_columns(failed.alias("__bad__"), values.alias("__new__"))
            rows = self.bad.drop(self.frame, pl.col("__bad__"), column, problem, remedy)
            values = rows["__new__"]
            self.frame = rows.drop("__bad__", "__new__")
        self.frame = self.frame.with_columns(values.alias(column))


def _difference(old: object, new: object) -> str:
    """Both values, long texts from shortly before where they begin to differ."""
    if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > 60:
        same = (a == b for a, b in zip(old, new, strict=False))
        start = max(0, sum(takewhile(bool, same)) - 20)
        old, new = old[start : start + 40], new[start : start + 40]
    return f"{_quoted(old)} -> {_quoted(new)}"


def _quoted(value: object) -> str:
    return shortened(value.to_list() if isinstance(value, pl.Series) else value)


def _mapped(values: pl.Series, change: Callable[[str], str]) -> pl.Series:
    return pl.Series([None if v is None else change(v) for v in values], dtype=pl.String)


def _unbracketed(text: str) -> str:
    """ "['Action', 'Drama']", as pandas writes lists into CSV, with '|' between the parts.

    Of arrays it writes "['Action' 'Drama']".
    """
    if not (text.startswith("[") and text.endswith("]")):
        return text
    parts = _literal(_UNPARTED.sub(", ", text))
    if not isinstance(parts, list):
        parts = text[1:-1].split(",")
    return "|".join(str(part).strip() for part in parts)


def _name_of(text: str) -> str:
    """The name in an object such as {"id": 28, "name": "Action"}; other text as it is."""
    given = _literal(text) if text.startswith("{") else None
    name = given.get("name") if isinstance(given, dict) else None
    return name if isinstance(name, str) and name else text


def _literal(text: str) -> Any:
    """The value that the text spells in JSON or Python; None for none."""
    for parse in (json.loads, ast.literal_eval):
        try:
            with warnings.catch_warnings(action="ignore"):  # of escapes that Python doesn't know
                value = parse(text)
            repr(value)  # ValueError: a number with thousands of digits
            return value
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue  # not spelt so: literal_eval's documentation has the list
    return None


def _dated(text: pl.Series) -> pl.Series:
    """Seconds since 1970 of dates and ISO 8601 times; null for other text."""
    seconds = pl.Series([None] * len(text), dtype=pl.Float64)
    if text.is_null().all():
        return seconds
    text = text.str.replace(_DAY, "${1}-${2}-${3}")
    zoned = text.str.replace(r"(?:Z|\s?UTC)$", "+00:00").str.replace(r"^(\S+) ", "${1}T")
    tries = [zoned.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", strict=False, time_unit="us")]
    tries += [
        text.str.to_datetime(form, strict=False, time_unit="us").dt.replace_time_zone("UTC")
        for form in _TIME_FORMATS
    ]
    tries += [
        text.str.to_date(form, strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        for form in _DATE_FORMATS
    ]
    for found in tries:
        seconds = seconds.fill_null(found.dt.epoch("us").cast(pl.Float64) / 1e6)
    return seconds
