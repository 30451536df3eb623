"""Source files made up by hypothesis: from nearly right to anything at all."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

NASTY = (
    "=cmd|' /C calc'!A0",
    "<|im_start|>system",
    "<script>alert(1)</script>",
    "{{7*7}} ${x} %s %n",
    "'; DROP TABLE items;--",
    "../../etc/passwd",
    "\u202egnp.exe",
    "a\u0000b",
    "&#0;&#55296;&lt;&notanentity;&#99999999999;",
    "['Action', 'Drama']",
    "[{[]: 1}]",
    "[" * 400 + "]",
    "[1](2)[3]",
    "Matrix, The (1999)",
    ", The",
    "(1999)",
    "nan",
    "inf",
    "-0",
    "1e308",
    "-1e999",
    "99999999999999999999 min",
    "9" * 400,
    "9h 99999999999m",
    "1,250.00",
    "$-5",
    "0000-00-00",
    "9999-12-31T23:59:60+14:00",
    "2024-02-30",
    "99-Foo-2020",
    "1e-400",
    "١٩٩٩",
    "²",
    "東京|ア;,\t",
    '""quoted""',
    "\u00a0",
    "\ufeff",
    "null",
    "true",
)
DAY = timedelta(days=1)
COLUMNS = (
    "item_id",
    "Item ID",
    "itemId",
    "title",
    "Title",
    "year",
    "release_date",
    "genres",
    "director",
    "cast",
    "country",
    "language",
    "runtime",
    "rated",
    "tags",
    "overview",
    "price",
    "facts",
    "user_id",
    "User ID",
    "user_id (column)",
    "rating",
    "weight",
    "timestamp",
    "timestamp (column)",
    "position",
    "order",
    "liked",
    "constraints",
    "k",
    "user",
    "text",
    "__row__",
    "__bad__",
    "__new__",
    "__time__",
    "__other__",
    "__t__",
    "",
    " ",
    "a\nb",
    "ſ",
    "\u0000",
)
ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet")
OWN_NAMES = ("u.item", "u.data", "movies.dat", "ratings.dat")  # MovieLens'

numbers = st.one_of(st.integers(), st.floats(), st.integers(min_value=0, max_value=3000))
words = st.one_of(st.sampled_from(NASTY), st.text(max_size=12), numbers.map(str))
cells = st.one_of(st.none(), words, st.sampled_from(("1", "2", "i1", "Moon", "1999")))
often = st.sampled_from((True,) * 9 + (False,))
any_text = st.text(alphabet=st.characters(), max_size=8)  # half characters too
leaves = st.one_of(cells, st.booleans(), numbers, any_text)
json_values = st.recursive(
    leaves,
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(any_text, inside, max_size=3)
    ),
    max_leaves=4,
)
BROKEN_LINES = (
    "[" * 100_000,
    '{"a":' * 5_000,
    '{"item_id": ' + "1" * 5_000 + "}",
    '{"item_id": 1e999, "title": NaN}',
    '{"title": "\\ud800"}',
    '{"\\udfff": 1}',
    "[1, 2]",
    "null",
    '{"item_id": 1, "item_id": 2}',
    "{",
    "\u2028",
)


some_id = st.sampled_from(("1", "2", "i1", "NA", "00047", "東京")) | st.text(min_size=1, max_size=4)
ALRIGHT = {  # what a field takes
    "item_id": some_id,
    "user_id": some_id,
    "title": st.sampled_from(("Moon", "Matrix, The (1999)", "Haine, La (1995)", "Heat (1995)")),
    "year": st.sampled_from(("1999", "2001.0", "(2010)", "", "n/a", "2024-05-31")),
    "release_date": st.sampled_from(("01-Jan-1995", "1999", "")),
    "runtime": st.sampled_from(("116", "1h 56m", "97 min", "2 h", "")),
    "price": st.sampled_from(("9,99 €", "$1,250.00", "Free", "call us", "")),
    "rating": st.integers(-5, 10).map(str) | st.sampled_from(("4.5", "", "true")),
    "weight": st.integers(0, 10**6).map(str),
    "timestamp": st.integers(0, 2**50).map(str) | st.datetimes().map(str) | st.just(""),
    "position": st.integers(0, 99).map(str),
    "name": st.sampled_from(("Alien", "Moon", "Saw")),
    "date": st.dates().map(str) | st.sampled_from(("31.12.2020", "1/2/21", "")),
}


def cell_of(name: str, calm: bool) -> st.SearchStrategy[Any]:
    """The values of a column: what belongs there, or anything."""
    return ALRIGHT.get(name.strip().lower(), cells) if calm else cells


@st.composite
def columns(draw: st.DrawFn, needed: Sequence[str]) -> list[str]:
    """Names of columns, mostly with those that are needed."""
    names = draw(st.lists(st.sampled_from(COLUMNS) | st.text(max_size=5), max_size=6))
    if draw(often):
        own = [name for name in names if not name.startswith("__")]
        names = [*needed, *(own if draw(often) else names)]
    names = list(dict.fromkeys(name.strip() for name in names)) if draw(often) else names
    return draw(st.permutations(names))


@st.composite
def separated(draw: st.DrawFn, needed: Sequence[str], mark: str) -> bytes:
    """A CSV or TSV, now and then ragged or with other line ends."""
    names = draw(columns(needed))
    calm = draw(often)
    widths = st.just(len(names)) if draw(often) else st.integers(0, 8)
    file = io.StringIO(newline="")
    ends = draw(st.sampled_from(("\n", "\r\n")))
    writer = csv.writer(file, delimiter=mark, lineterminator=ends)
    if names:
        writer.writerow(names)
    for width in draw(st.lists(widths, min_size=draw(often), max_size=6)):
        writer.writerow([draw(cell_of(name, calm)) for name in [*names, *"more"][:width]])
    return file.getvalue().encode()


@st.composite
def json_lines(draw: st.DrawFn, needed: Sequence[str]) -> bytes:
    """JSON lines, or one array; values of any kind, half characters and broken lines too."""
    names = draw(columns(needed))
    calm = draw(often)
    others = json_values if draw(st.booleans()) else cells
    values = {name: ALRIGHT.get(name, others) if calm else others for name in names}
    records = draw(st.lists(st.fixed_dictionaries(values), min_size=draw(often), max_size=6))
    if not draw(often):
        return json.dumps(records).encode()
    lines = [json.dumps(record) for record in records]
    if not draw(often):
        lines.append(draw(st.sampled_from(BROKEN_LINES)))
    return "\n".join(draw(st.permutations(lines))).encode()


KINDS: tuple[tuple[Any, st.SearchStrategy[Any]], ...] = (
    (pl.String, words),
    (pl.Int64, st.integers(-(2**63), 2**63 - 1)),
    (pl.UInt64, st.integers(0, 2**64 - 1)),
    (pl.Float64, st.floats()),
    (pl.Boolean, st.booleans()),
    (pl.Binary, st.binary(max_size=4)),
    (pl.Date, st.dates()),
    (pl.Datetime("us"), st.datetimes()),
    (pl.Duration("us"), st.timedeltas(-DAY, DAY)),
    (pl.Time, st.times()),
    (pl.Decimal(20, 2), st.decimals(-1000, 1000, places=2)),
    (pl.Categorical, st.text(max_size=3)),
    (pl.Null, st.none()),
    (pl.List(pl.String), st.lists(st.none() | words, max_size=3)),
    (pl.List(pl.Float64), st.lists(st.floats(), max_size=3)),
    (pl.List(pl.List(pl.Int64)), st.lists(st.lists(st.integers(0, 9), max_size=2), max_size=2)),
    (pl.List(pl.Binary), st.lists(st.binary(max_size=3), max_size=2)),
    (
        pl.List(pl.Struct({"name": pl.String})),
        st.lists(st.fixed_dictionaries({"name": words}), max_size=2),
    ),
    (pl.Array(pl.Int64, 2), st.lists(st.integers(0, 9), min_size=2, max_size=2)),
    (pl.Struct({"name": pl.String}), st.fixed_dictionaries({"name": words})),
)


@st.composite
def parquet(draw: st.DrawFn, needed: Sequence[str]) -> bytes:
    """A Parquet file with columns of many types."""
    names = list(dict.fromkeys(draw(columns(needed))))
    height, calm = draw(st.sampled_from((1, 2, 3, 4, 0))), draw(often)
    series = []
    for name in names:
        kind, values = draw(st.sampled_from(KINDS))
        if calm and name in ALRIGHT and draw(often):
            kind, values = pl.String, ALRIGHT[name]
        filled = [draw(values if calm else st.none() | values) for _ in range(height)]
        series.append(pl.Series(name, filled, dtype=kind, strict=False))
    file = io.BytesIO()
    pl.DataFrame(series).write_parquet(file)
    return file.getvalue()


@st.composite
def source_files(draw: st.DrawFn, *needed: str) -> tuple[str, bytes]:
    """A file's name and content: of a table that has the needed columns, mostly, or damaged."""
    ending = draw(st.sampled_from(ENDINGS))
    name = f"file{ending}"
    if ending == ".parquet":
        content = draw(parquet(needed))
    elif ending in (".csv", ".tsv"):
        content = draw(
            separated(needed, "\t" if ending == ".tsv" else draw(st.sampled_from(",;|")))
        )
    else:
        content = draw(json_lines(needed))
    if not draw(often):
        name = draw(st.sampled_from(OWN_NAMES))
        content = draw(movielens_lines()) if draw(st.booleans()) else content
    if not draw(often):
        name, content = f"{name}.gz", gzip.compress(content, 1, mtime=0)
    return name, draw(damaged(content))


@st.composite
def movielens_lines(draw: st.DrawFn) -> bytes:
    """Lines of many fields, as MovieLens' own files have."""
    mark = draw(st.sampled_from(("|", "\t", "::")))
    rows = draw(st.lists(st.lists(cells.map(str), min_size=3, max_size=24), max_size=5))
    return "\n".join(mark.join(row) for row in rows).encode()


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The content; of six once cut off, overwritten in places, or something else altogether."""
    kind = draw(st.sampled_from(("whole",) * 15 + ("cut", "altered", "other")))
    if kind == "other":
        return draw(st.binary(max_size=60))
    if kind == "cut":
        return content[: draw(st.integers(0, len(content)))]
    if kind == "altered" and content:
        changed = bytearray(content)
        for _ in range(draw(st.integers(1, 4))):
            changed[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
        return bytes(changed)
    return content
