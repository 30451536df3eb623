"""Every format and packing gives the same table; bad files are named in one line."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from chatrec.data.bad_rows import ROW, BadRows
from chatrec.data.reading import read_table
from chatrec.errors import DataError

Write = Callable[[str, str | bytes], Path]
ROWS = {"item_id": ["00047", "NA", "äß"], "title": ["Moon", "Léon, the\nPro", 'A "B"']}
CSV = 'item_id,title\n00047,Moon\nNA,"Léon, the\nPro"\näß,"A ""B"""\n'
JSONL = (
    '{"item_id": "00047", "title": "Moon"}\n\n{"title": "Léon, the\\nPro", "item_id": "NA"}\n'
    '{"item_id": "äß", "title": "A \\"B\\""}\n'
)
# the same CSV as a Zstandard frame with one raw block; Python 3.11 can't pack it itself
_BODY = CSV.encode()
ZST = (
    b"\x28\xb5\x2f\xfd\x20"
    + bytes([len(_BODY)])
    + (1 | len(_BODY) << 3).to_bytes(3, "little")
    + _BODY
)


def read(path: Path) -> pl.DataFrame:
    return read_table(path, BadRows(path, skip=False)).frame


def parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(ROWS).write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.csv", "\ufeff" + CSV),
        ("A.CSV.GZ", gzip.compress(CSV.encode())),
        ("a.csv.zst", ZST),
        ("a.csv", CSV.replace("\n00047", "\r\n00047")),
        ("a.tsv", 'item_id\ttitle\n00047\tMoon\nNA\t"Léon, the\nPro"\näß\t"A ""B"""\n'),
        ("a.csv", 'item_id;title\n00047;Moon\nNA;"Léon, the\nPro"\näß;"A ""B"""\n'),
        ("a.jsonl", JSONL),
        ("a.jsonl.gz", gzip.compress(JSONL.encode())),
        ("a.json", "[" + ",".join(JSONL.split("\n")[:1] + JSONL.strip().split("\n")[2:]) + "]"),
        ("a.parquet", parquet()),
        ("a.parquet.gz", gzip.compress(parquet())),
    ],
)
def test_every_format_reads_the_same_rows(write: Write, name: str, content: str | bytes) -> None:
    assert read(write(name, content)).drop(ROW).to_dict(as_series=False) == ROWS


def test_rows_are_numbered_as_lines_of_the_file(write: Write) -> None:
    assert read(write("a.csv", CSV))[ROW].to_list() == [2, 3, 5]
    assert read(write("a.jsonl", JSONL))[ROW].to_list() == [1, 3, 4]


def test_json_lines_may_have_different_columns_and_kinds(write: Write) -> None:
    frame = read(write("a.jsonl", '{"a": 1, "b": ["x", ["y"]]}\n{"c": true, "b": "z", "d": {}}\n'))
    assert frame.drop(ROW).to_dicts() == [
        {"a": "1", "b": ["x", "y"], "c": None, "d": None},
        {"a": None, "b": ["z"], "c": "true", "d": "{}"},
    ]


def test_parquet_numbers_become_text_without_a_trailing_point(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"id": [1.0, None], "r": [1.5, float("nan")], "n": [7, 8]}).write_parquet(path)
    assert read(path).drop(ROW).to_dict(as_series=False) == {
        "id": ["1", None],
        "r": ["1.5", "NaN"],
        "n": ["7", "8"],
    }


def test_movielens_files_are_known_by_name(write: Write) -> None:
    flags = "|".join("1" if place in (1, 5) else "0" for place in range(19))
    line = f"1|Été à Paris, L' (1995)|01-Jan-1995||http://x|{flags}\n"
    items = read(write("u.item", line.encode("latin-1")))
    assert items.to_dicts()[0]["genres"] == ["Action", "Comedy"]
    assert items["title"][0].startswith("Été")
    assert read(write("u.data", "1\t2\t5\t881250949\n"))["rating"].to_list() == ["5"]
    movies = read(write("movies.dat", 'Ä::"Crime" (1995)::Drama|War\n'.encode("latin-1")))
    assert movies.row(0)[:3] == ("Ä", '"Crime" (1995)', "Drama|War")
    assert read(write("ratings.dat", "1::2::5::97\n")).row(0)[:4] == ("1", "2", "5", "97")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", "\n\n", "no rows"),
        ("a.csv", "item_id,title\n", "a header but no rows"),
        ("a.csv", "item_id,item_id\n1,2\n", "row 1, column 'item_id': stands twice"),
        ("a.csv", "item_id,title\n1,A\n2\n", r"row 3, column 'title': 1 values where.*got \['2'\]"),
        ("a.csv", "item_id,title\n1,A,B\n", r"row 2, column 'title': 3 values where.*quote"),
        ("a.csv", 'item_id,title\n1,"A\n', "row 2: quotation marks"),
        (
            "a.csv",
            "item_id,title\n1,A\n2,caf\xe9\n".encode("latin-1"),
            r"row 3: text that isn't UTF",
        ),
        ("a.csv", parquet(), "is a Parquet file, not text"),
        ("a.csv", b"PK\x03\x04rest", "zip or Excel"),
        ("a.csv", b"id,title\n\x00\x00", "binary"),
        ("a.csv", '{"item_id": 1}\n', "holds JSON"),
        ("a.csv.gz", gzip.compress(CSV.encode())[:-12], "cut off or damaged gzip"),
        ("a.csv.gz", CSV, "isn't a gzip file"),
        ("a.csv.zst", ZST[:-3], "cut off or damaged Zstandard"),
        ("a.csv.zst", CSV, "isn't a Zstandard file"),
        ("a.jsonl", CSV, "row 1: not JSON"),
        ("a.jsonl", '{"a": 1}\n[1]\n', "row 2: not an object"),
        ("a.parquet", CSV, "isn't Parquet"),
        ("a.parquet", parquet()[:-9], "but cut off"),
        ("a.parquet", b"PAR1" + b"x" * 40 + b"PAR1", "damaged Parquet"),
        ("a.parquet.zst", ZST, "unpack it first"),
        ("a.xlsx", "x", "allowed are .csv"),
    ],
)
def test_bad_files_get_one_line_with_file_and_remedy(
    write: Write, name: str, content: str | bytes, message: str
) -> None:
    path = write(name, content)
    with pytest.raises(DataError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_latin1_inside_zstandard_names_the_row(write: Write) -> None:
    body = b"item_id,title\n1,caf\xe9\n"
    size = (1 | len(body) << 3).to_bytes(3, "little")
    path = write("a.csv.zst", b"\x28\xb5\x2f\xfd\x20" + bytes([len(body)]) + size + body)
    with pytest.raises(DataError, match="row 2: text that isn't UTF-8"):
        read(path)


def test_a_folder_or_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(DataError, match="doesn't exist"):
        read(tmp_path / "no.csv")


def test_skipped_rows_are_counted_and_bounded(write: Write) -> None:
    body = "".join(f"{i},T{i}\n" for i in range(299))
    path = write("a.csv", "item_id,title\n" + body + "ragged\n")
    bad = BadRows(path, skip=True)
    table = read_table(path, bad)
    bad.check(table.rows)
    assert (table.rows, table.frame.height, bad.count) == (300, 299, 1)
    with pytest.raises(DataError, match="at most 1 %"):
        bad.check(99)


def test_more_than_a_thousand_bad_rows_are_refused(write: Write) -> None:
    path = write("a.csv", "item_id,title\n" + "ragged\n" * 1001)
    with pytest.raises(DataError, match="more than 1,000 bad rows"):
        read_table(path, BadRows(path, skip=True))


@pytest.mark.parametrize(
    ("name", "content", "parts"),
    [
        ("a.jsonl", '{"item_id": ' + "[" * 5_000 + "}", ["row 1", "nested too deeply"]),
        ("a.jsonl", '{"item_id": ' + "[" * 200 + "]" * 200 + "}", ["nested too deeply"]),
        ("a.json", "[" * 100_000, ["nested too deeply"]),
        ("a.jsonl", '{"item_id": ' + "1" * 5_000 + "}", ["a number with thousands of digits"]),
        ("a.jsonl", '{"title": "\\uD83D"}', ["half a character"]),
        ("a.jsonl", '{"\\udead": 1}', ["half a character"]),
        ("a.jsonl", "{}\n{}", ["has no columns", "first row"]),
        ("a.csv", "__row__,title\n1,Moon\n", ["column '__row__'", "rename it"]),
        ("a.jsonl", '{"__row__": 1}', ["column '__row__'", "rename it"]),
    ],
)
def test_what_no_table_can_hold_is_named(
    write: Write, name: str, content: str, parts: list[str]
) -> None:
    with pytest.raises(DataError) as refused:
        read(path := write(name, content))
    line = str(refused.value)
    assert line.startswith(str(path))
    assert [part for part in parts if part not in line] == []
    assert len(line) < 300


def test_a_whole_emoji_written_as_two_halves_is_read(write: Write) -> None:
    assert read(write("a.jsonl", '{"title": "\\ud83d\\ude00"}'))["title"].to_list() == ["😀"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([timedelta(days=1)], "Duration"),
        ([b"\xff"], "Binary"),
        ([[b"\xff"]], "List(Binary)"),
        ([[[1]]], "List(List(Int64))"),
    ],
)
def test_parquet_columns_that_are_no_text_are_named(
    write: Write, values: list[object], kind: str
) -> None:
    file = io.BytesIO()
    pl.DataFrame({"item_id": values}).write_parquet(file)
    with pytest.raises(DataError, match=r"column 'item_id'.*write text or numbers") as refused:
        read(write("a.parquet", file.getvalue()))
    assert kind in str(refused.value)


def test_numbers_too_large_for_whole_ones_stay_text(write: Write) -> None:
    file = io.BytesIO()
    pl.DataFrame({"price": [1e300, 2.0]}).write_parquet(file)
    assert read(write("a.parquet", file.getvalue()))["price"].to_list() == ["1e+300", "2.0"]
