"""Uploaded histories: each shape is told by its columns, and what can't be used is refused."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatrec.data.history_files import MAX_BYTES, MAX_CELL, MAX_ROWS, HistoryFile, read_history
from chatrec.errors import DataError

LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-02,Alien,1979,https://boxd.it/29q2,5
2024-01-01,Moon,2009,https://boxd.it/1a2b,2.5
"""
DIARY = """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2024-03-02,Alien,1979,https://boxd.it/x,4.5,Yes,,2024-02-29
"""
GOODREADS = '''Book Id,Title,Author,Author l-f,ISBN,My Rating,Average Rating,Year Published,\
Original Publication Year,Date Read,Date Added,Exclusive Shelf
1,"Dune (Dune, #1)",Frank Herbert,"Herbert, Frank","=""0441172717""",5,4.2,2005,1965,2020/05/01,\
2019/01/01,read
2,Emma,Jane Austen,"Austen, Jane","=""""",0,4.0,2003,1815,,2021/02/03,read
3,Ulysses,James Joyce,"Joyce, James","=""""",0,3.7,1990,1922,,2021/02/04,to-read
'''
NETFLIX = """Title,Date
"Dark: Season 1: Secrets","12/31/19"
"Alien","1/2/19"
"""
STEAM = """appid,name,playtime_forever
440,Team Fortress 2,12000
570,Dota 2,0
"""
MOVIELENS = """userId,movieId,rating,timestamp
7,1,4.0,964982703
7,3,4.5,964981247
"""
IMDB = """Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Year
tt0078748,10,2021-05-06,Alien,https://imdb.com,movie,8.5,1979
"""


def history(text: str) -> HistoryFile:
    return read_history(text.encode())


@pytest.mark.parametrize(
    ("text", "shape", "scale"),
    [
        (LETTERBOXD, "Letterboxd", (0.5, 5.0)),
        (DIARY, "Letterboxd", (0.5, 5.0)),
        (GOODREADS, "Goodreads", (1.0, 5.0)),
        (NETFLIX, "Netflix", None),
        (STEAM, "Steam", (0.0, 12000.0)),
        (MOVIELENS, "MovieLens", (0.5, 5.0)),
        (IMDB, "IMDb", (1.0, 10.0)),
        ("title;score\nAlien;7\nMoon;2\n", "table", (2.0, 7.0)),
    ],
)
def test_shape_and_scale_are_told_by_the_columns(
    text: str, shape: str, scale: tuple[float, float] | None
) -> None:
    found = history(text)
    assert (found.shape.name, found.scale) == (shape, scale)


def test_rows_have_title_year_rating_and_time() -> None:
    row = history(LETTERBOXD).rows[0]
    assert (row.title, row.year, row.rating, row.number) == ("Alien", 1979, 5.0, 2)
    assert row.time == datetime(2024, 1, 2, tzinfo=UTC).timestamp()
    watched = history(DIARY).rows[0]
    assert watched.time == datetime(2024, 2, 29, tzinfo=UTC).timestamp()


def test_goodreads_zero_is_no_rating_and_what_is_to_read_was_not_had() -> None:
    found = history(GOODREADS)
    assert [(r.title, r.year, r.rating, r.creator) for r in found.rows] == [
        ("Dune (Dune, #1)", 1965, 5.0, "Frank Herbert"),
        ("Emma", 1815, None, "Jane Austen"),
    ]
    assert found.not_yet == 1


def test_times_played_of_zero_stay_a_rating_and_ids_are_kept() -> None:
    assert [(r.item_id, r.rating) for r in history(STEAM).rows] == [("440", 12000.0), ("570", 0.0)]
    assert [r.item_id for r in history(MOVIELENS).rows] == ["1", "3"]
    assert history(MOVIELENS).rows[0].time == 964982703


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (("12/31/19", "1/2/19"), (2019, 12, 31)),
        (("31/12/2019", "1/2/2019"), (2019, 12, 31)),
        (("31.12.19", "1.2.19"), (2019, 12, 31)),
        (("2019-12-31T10:00:00Z", ""), (2019, 12, 31)),
    ],
)
def test_dates_are_read_as_the_whole_column_writes_them(
    dates: tuple[str, str], order: tuple[int, int, int]
) -> None:
    rows = history(f"Title,Date\nA,{dates[0]}\nB,{dates[1]}\n").rows
    first = datetime.fromtimestamp(rows[0].time or 0, tz=UTC)
    assert (first.year, first.month, first.day) == order
    if dates[1] and "." in dates[1]:
        second = datetime.fromtimestamp(rows[1].time or 0, tz=UTC)
        assert (second.month, second.day) == (2, 1)


def test_a_day_that_does_not_exist_has_no_time() -> None:
    assert history("Title,Date\nA,2019-02-31\nB,nonsense\n").rows[0].time is None


def test_formulas_and_markup_stay_text_and_controls_go() -> None:
    text = 'title\n"=HYPERLINK(""http://x"",""y"")"\n<b>bold</b>\n"a\x1b[31m\u202eb"\n'
    rows = history(text).rows
    assert [row.title for row in rows] == [
        '=HYPERLINK("http://x","y")',
        "<b>bold</b>",
        "a [31m b",
    ]
    assert len(history(f"title\n{'x' * 5000}\n").rows[0].title) == MAX_CELL


def test_rows_without_a_title_are_counted() -> None:
    found = history("Title,Date\nAlien,2020-01-01\n,2020-01-02\n")
    assert (len(found.rows), found.unread) == (1, 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "a zip or Excel file, not a CSV"),
        (b"title\nAm\xe9lie\n", "no text in UTF-8"),
        (b"title\n\x00\n", "binary content"),
        (b'[{"title": 1}]', "not with a header"),
        (b"colour,size\nred,3\n", "no column with titles, got 'colour', 'size'"),
        (b"Title,Date\n", "no rows with a title"),
        (b"userId,movieId,rating\n1,2,3\n4,5,1\n", "histories of 2 people ('1', '4' ...)"),
        (b"title\n" + b"a\n" * (MAX_ROWS + 1), "more than 50,000 rows"),
        (b"x" * (MAX_BYTES + 1), "more than 10,485,760 bytes"),
        (b"title\n" + b"a" * 20_000_000, "the most that is read"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(DataError) as error:
        read_history(content, "mine.csv")
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("mine.csv")


def test_utf16_of_spreadsheets_is_read() -> None:
    assert read_history("title\nAmélie\n".encode("utf-16")).rows[0].title == "Amélie"


def test_an_index_without_a_name_is_neither_people_nor_ratings() -> None:
    found = history(",title\n0,Moon\n1,Alien\n")
    assert [(row.title, row.year, row.rating, row.time) for row in found.rows] == [
        ("Moon", None, None, None),
        ("Alien", None, None, None),
    ]
    assert found.scale is None


def test_a_quotation_mark_that_never_ends_swallows_no_rows() -> None:
    with pytest.raises(DataError, match=r"row \d: can't be read as CSV .*: export it again"):
        history('Title,Date\n"Alien,1/2/19\nMoon,1/3/19\nHer,1/4/19\n')


def test_days_in_eight_digits_are_days() -> None:
    first, second = history("title,date\nAlien,20240131\nMoon,20249999\n").rows
    assert first.time == datetime(2024, 1, 31, tzinfo=UTC).timestamp()
    assert second.time is None


HEADERS = ("Title,Date", "Name,Letterboxd URI,Rating,Year,Date", "name,playtime_forever", "title")
CELLS = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["=1+1", "12/31/19", "9" * 400, "4,5", "1e309", "nan", "-1", '"', "\x00", "٣٣٣٣٣٣٣٣", "²"]
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(HEADERS), st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_any_rows_are_read_or_refused_in_words(header: str, rows: list[list[str]]) -> None:
    text = "\n".join([header, *(",".join(row) for row in rows)])
    with contextlib.suppress(DataError):
        found = history(text)
        assert all(row.title or row.item_id for row in found.rows)
        assert all(row.rating is None or 0 <= row.rating < 1e9 for row in found.rows)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    with contextlib.suppress(DataError):
        assert read_history(content).rows
