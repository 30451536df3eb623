"""Files as other tools write them: read as they are meant, counted in the report, or refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from chatrec.data.bad_rows import BadRows
from chatrec.data.constraints import allowed
from chatrec.data.importing import import_workspace
from chatrec.data.quality import QualityReport
from chatrec.data.reading import read_table
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.types import Constraints, Interaction, Item

Write = Callable[[str, str | bytes], Path]
ITEMS = "item_id,title\n1,Moon\n2,Her\n3,Heat\n"
DAY_S = 86400.0


def imported(tmp_path: Path, items: Path, met: Path | None = None) -> Workspace:
    import_workspace(items, met, tmp_path / "ws", progress=False)
    return Workspace.open(tmp_path / "ws")


def times(write: Write, tmp_path: Path, *given: str) -> list[float | None]:
    rows = "".join(f"u,{n},{time}\n" for n, time in enumerate(given, start=1))
    met = write("met.csv", f"user,item,date\n{rows}")
    return [m.timestamp for m in imported(tmp_path, write("a.csv", ITEMS), met).interactions]


def told(report: QualityReport | None) -> list[tuple[str, int, str]]:
    assert report is not None
    tables = [report.catalog, *([report.interactions] if report.interactions else [])]
    return [(change.column, change.rows, change.why) for t in tables for change in t.changes]


def parquet(**columns: object) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.csv",
            "id,title,genres\n"
            '1,Moon,"[{""id"": 28, ""name"": ""Action""}, {""name"": ""Sci-Fi""}]"\n',
        ),
        ("a.csv", "id,title,genres\n1,Moon,\"[{'name': 'Action'}, {'name': 'Sci-Fi'}]\"\n"),
        ("a.jsonl", '{"id": 1, "title": "Moon", "genres": [{"name": "Action"}, "Sci-Fi"]}\n'),
        (
            "a.parquet",
            parquet(id=[1], title=["Moon"], genres=[[{"name": "Action"}, {"name": "Sci-Fi"}]]),
        ),
    ],
)
def test_objects_in_lists_are_given_by_their_names(
    write: Write, tmp_path: Path, name: str, content: str | bytes
) -> None:
    workspace = imported(tmp_path, write(name, content))
    assert workspace.catalog.get("1").genres == ("Action", "Sci-Fi")
    assert told(workspace.report) == [("genres", 1, "objects given by their names")]


def test_objects_without_a_name_stay_as_they_are(write: Write, tmp_path: Path) -> None:
    items = write("a.jsonl", '{"id": 1, "title": "Moon", "tags": [{"a": 1}, {"name": 2}, "{"]}\n')
    workspace = imported(tmp_path, items)
    assert workspace.catalog.get("1").keywords == ('{"a": 1}', '{"name": 2}', "{")
    assert told(workspace.report) == []


def test_lists_of_structs_without_a_field_are_facts_in_json(write: Write, tmp_path: Path) -> None:
    items = write("a.parquet", parquet(id=[1], title=["Moon"], made=[[{"a": 1, "b": "x"}]]))
    assert imported(tmp_path, items).catalog.get("1").facts["made"] == '{"a":1,"b":"x"}'


def test_arrays_that_numpy_wrote_are_lists(write: Write, tmp_path: Path) -> None:
    rows = "1,Moon,\"['Action' 'Sci-Fi'\n 'Drama']\"\n2,Her,\"['Sea', 'Sun']\"\n"
    first, second = imported(tmp_path, write("a.csv", f"id,title,genres\n{rows}")).catalog
    assert (first.genres, second.genres) == (("Action", "Sci-Fi", "Drama"), ("Sea", "Sun"))


@pytest.mark.parametrize(
    "text",
    ["[{[]: 1}]", f"[{'-' * 20_000}1]", f"[{'1+' * 3000}1]", f"[0x{'f' * 5000}]", "['a\\d']"],
)
def test_brackets_that_hold_no_list_are_text(write: Write, tmp_path: Path, text: str) -> None:
    [item] = imported(tmp_path, write("a.csv", f"id,title,genres\n1,Moon,{text}\n")).catalog
    assert len(item.genres) == 1


def test_genres_with_and_without_a_space_after_the_comma(write: Write, tmp_path: Path) -> None:
    items = write("a.csv", 'id,title,genres\n1,Moon,"Action, Drama"\n2,Her,"Action,Drama"\n')
    assert {item.genres for item in imported(tmp_path, items).catalog} == {("Action", "Drama")}


def test_a_value_that_stands_twice_in_a_list_is_counted(write: Write, tmp_path: Path) -> None:
    items = write("a.jsonl", '{"id": 1, "title": "Moon", "tags": ["gold", "sea", "gold"]}\n')
    workspace = imported(tmp_path, items)
    assert workspace.catalog.get("1").keywords == ("gold", "sea")
    assert told(workspace.report) == [("keywords", 1, "a value that stands twice counts once")]


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("2 hours, 5 min", 125),
        ("1 hr. 30 min", 90),
        ("1h and 30m", 90),
        ("1h 56m 30s", 116),
        ("2h30", 150),
        ("2 h", 120),
        ("97.0", 97),
    ],
)
def test_no_part_of_a_runtime_is_lost(
    write: Write, tmp_path: Path, written: str, minutes: int
) -> None:
    items = write("a.csv", f'id,title,runtime\n1,Moon,"{written}"\n')
    assert imported(tmp_path, items).catalog.get("1").runtime_min == minutes


def test_hours_followed_by_something_else_are_no_runtime(write: Write, tmp_path: Path) -> None:
    items = write("a.csv", "id,title,runtime\n1,Moon,3 halves\n")
    with pytest.raises(DataError, match="row 2, column 'runtime': no runtime, got '3 halves'"):
        imported(tmp_path, items)


def test_a_year_before_1000_is_no_later_year(write: Write, tmp_path: Path) -> None:
    rows = "1,Gilgamesh,-1750\n2,Beowulf,975.0\n3,Emma,1815\n"
    workspace = imported(tmp_path, write("a.csv", f"id,title,publication_year\n{rows}"))
    assert [item.year for item in workspace.catalog] == [None, None, 1815]
    assert workspace.catalog.get("1").facts["publication_year"] == "-1750"
    assert told(workspace.report) == [
        ("year", 2, "before the year 1000, so the field is empty")
    ]  # fmt: skip


def test_nanoseconds_become_seconds(write: Write, tmp_path: Path) -> None:
    met = write("met.csv", "user,item,timestamp\nu,1,1717171717000000000\nu,2,1717171717000\n")
    workspace = imported(tmp_path, write("a.csv", ITEMS), met)
    assert [m.timestamp for m in workspace.interactions] == [1717171717.0, 1717171717.0]
    assert told(workspace.report) == [
        ("timestamp", 2, "milli-, micro- or nanoseconds turned into seconds")
    ]


@pytest.mark.parametrize("given", [("19700102", "19700103"), ("1970-01-02", "19700103")])
def test_days_in_eight_digits_are_days(
    write: Write, tmp_path: Path, given: tuple[str, str]
) -> None:
    assert times(write, tmp_path, *given, "") == [DAY_S, 2 * DAY_S, None]


def test_eight_digits_that_are_not_all_days_are_seconds(write: Write, tmp_path: Path) -> None:
    assert times(write, tmp_path, "20000101", "99999999") == [20000101.0, 99999999.0]


def test_a_bare_year_among_dates_is_refused(write: Write, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="row 3, column 'date': no time, got '2019'"):
        times(write, tmp_path, "2019-05-01", "2019")


def test_a_rating_that_no_model_can_hold_is_refused(write: Write, tmp_path: Path) -> None:
    met = write("met.csv", "user,item,rating\nu,1,1e308\n")
    with pytest.raises(DataError, match="row 2, column 'rating': no rating, got '1e308'"):
        imported(tmp_path, write("a.csv", ITEMS), met)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_movielens_files_in_utf8_are_read_as_such(write: Write, tmp_path: Path, mark: str) -> None:
    items = write("movies.dat", f"{mark}1::Amélie (2001)::Drama\n")
    [item] = imported(tmp_path, items).catalog
    assert item == Item("1", "Amélie", 2001, ("Drama",))


def test_text_that_a_spreadsheet_saved_in_utf16_is_read(write: Write, tmp_path: Path) -> None:
    items = write("a.tsv", "item_id\ttitle\r\n1\tAmélie\r\n".encode("utf-16"))
    assert imported(tmp_path, items).catalog.get("1").title == "Amélie"
    with pytest.raises(DataError, match=r"cut off or damaged UTF-16: save it as UTF-8"):
        read_table(path := write("b.csv", b"\xff\xfea"), BadRows(path, skip=False))


@pytest.mark.parametrize(
    "content",
    [
        '"item_id";"title";"genre, theme"\n1;Moon;calm\n',
        "item_id\ttitle\tgenre, theme\n1\tMoon\tcalm\n",
        'item_id,title,"genre; theme; mood; more"\n1,Moon,calm\n',
        "item_id;title;genre, theme\r1;Moon;calm\r",
    ],
)
def test_the_separator_is_the_mark_that_parts_the_header(
    write: Write, tmp_path: Path, content: str
) -> None:
    [item] = imported(tmp_path, write("a.csv", content)).catalog
    assert (item.item_id, item.title, list(item.facts.values())) == ("1", "Moon", ["calm"])


def test_an_index_of_pandas_is_a_column_like_others(write: Write, tmp_path: Path) -> None:
    items = write("a.parquet", parquet(item_id=[1], title=["Moon"], __index_level_0__=[4]))
    assert dict(imported(tmp_path, items).catalog.get("1").facts) == {"__index_level_0__": "4"}


def test_a_file_s_own_id_goes_before_numbers_that_some_items_lack(
    write: Write, tmp_path: Path
) -> None:
    items = write("a.csv", "imdb_id,isbn,id,title\ntt1,x,1,Moon\n,,2,Her\n")
    assert [item.item_id for item in imported(tmp_path, items).catalog] == ["1", "2"]
    met = write("met.csv", "user_id,imdb_id\nu,tt1\n")
    assert import_workspace(
        write("b.csv", "imdb_id,title\ntt1,Moon\n"), met, tmp_path / "two", progress=False
    ).interactions
    assert Workspace.open(tmp_path / "two").interactions == (Interaction("u", "tt1"),)


def test_damage_that_makes_polars_panic_is_one_line(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def panic(*_: object) -> None:
        raise pl.exceptions.PanicException("range end index 9 out of range\nnote: backtrace")

    path = write("a.parquet", parquet(item_id=["1"], title=["Moon"]))
    monkeypatch.setattr(pl, "read_parquet", panic)
    with pytest.raises(DataError, match=r"damaged Parquet \(range end .* range\): copy"):
        read_table(path, BadRows(path, skip=False))


def test_rows_of_separators_alone_are_no_rows(write: Write, tmp_path: Path) -> None:
    items = write("a.csv", "id,title,mood\n1,Moon,calm\n,,\n2,Her,\n , ,\n\n,,\n")
    workspace = imported(tmp_path, items)
    assert [item.item_id for item in workspace.catalog] == ["1", "2"]
    assert workspace.report is not None
    assert workspace.report.catalog.rows == 2


def test_several_languages_stay_apart(write: Write, tmp_path: Path) -> None:
    items = write("a.jsonl", '{"id": 1, "title": "Moon", "languages": ["en", "fr"]}\n')
    [item] = imported(tmp_path, items).catalog
    assert item.language == "en, fr"
    assert allowed(item, Constraints(languages_any=("French",)))


def test_merged_rows_keep_the_first_value_of_every_column(write: Write, tmp_path: Path) -> None:
    rows = "1,Moon,,calm,\n1,Moon,Drama,wild,blue\n2,Her,,,\n"
    workspace = imported(tmp_path, write("a.csv", f"id,title,genres,mood,hue\n{rows}"))
    moon, her = workspace.catalog
    assert (moon.genres, dict(moon.facts)) == (("Drama",), {"mood": "calm", "hue": "blue"})
    assert dict(her.facts) == {}


def test_a_release_day_in_eight_digits_has_a_year(write: Write, tmp_path: Path) -> None:
    items = write("a.csv", "id,title,release_date\n1,Moon,20090612\n")
    assert imported(tmp_path, items).catalog.get("1").year == 2009
