"""Source files -> workspace: meaning of columns, values, reports, refusals, atomicity."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import chatrec.data.importing as importing
from chatrec.data.importing import import_workspace
from chatrec.data.quality import QualityReport
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.types import Interaction

Write = Callable[[str, str | bytes], Path]
ITEMS = "item_id,title,genres\n00047,Moon,Sci-Fi|Drama\nNA,Her,Romance\n東京,Heat,Crime\n"
MET = "user_id,item_id,rating,timestamp\nu1,NA,4,20\nu1,00047,5,10\n007,東京,1,\n"


def run(tmp_path: Path, items: Path, met: Path | None = None, *, skip: bool = False) -> Workspace:
    to = tmp_path / "out" / "ws"
    report = import_workspace(items, met, to, skip_bad_rows=skip, progress=False)
    workspace = Workspace.open(to)
    assert workspace.report == report
    return workspace


def table(workspace: Workspace) -> QualityReport:
    assert workspace.report is not None
    return workspace.report


def changes(workspace: Workspace) -> dict[str, int]:
    report = table(workspace)
    found = [*report.catalog.changes, *(report.interactions.changes if report.interactions else ())]
    return {change.why: change.rows for change in found}


def test_plain_files_keep_ids_and_order_histories(write: Write, tmp_path: Path) -> None:
    workspace = run(tmp_path, write("items.csv", ITEMS), write("met.csv", MET))
    assert [item.item_id for item in workspace.catalog] == ["00047", "NA", "東京"]
    assert workspace.catalog.get("00047").genres == ("Sci-Fi", "Drama")
    assert workspace.history("u1") == (
        Interaction("u1", "00047", 10.0, 5.0),
        Interaction("u1", "NA", 20.0, 4.0),
    )
    assert workspace.history("007") == (Interaction("007", "東京", None, 1.0),)
    assert table(workspace).users == 2
    assert table(workspace).time_order == "timestamp"


def test_movielens_titles_give_title_and_year_and_are_counted(write: Write, tmp_path: Path) -> None:
    items = (
        'movieId,title,genres\n1,"Matrix, The (1999)",Action|Sci-Fi\n'
        '2,"City of Lost Children, The (Cité des enfants perdus, La) (1995)",(no genres listed)\n'
        '3,"Haine, La (1995)",Drama\n4,"Hello, Goodbye",Drama\n'
    )
    met = "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n"
    workspace = run(tmp_path, write("movies.csv", items), write("ratings.csv", met))
    assert [item.label for item in workspace.catalog] == [
        "The Matrix (1999)",
        "The City of Lost Children (Cité des enfants perdus, La) (1995)",
        "La Haine (1995)",
        "Hello, Goodbye",
    ]
    assert workspace.catalog.get("2").genres == ()
    counted = changes(workspace)
    assert counted["year in the title moved to its field"] == 3
    assert counted["'(no genres listed)' means none"] == 1


@pytest.mark.parametrize("kind", ["100k", "1M"])
def test_movielens_own_files_import(write: Write, tmp_path: Path, kind: str) -> None:
    if kind == "100k":
        flags = "0|1" + "|0" * 17
        items = write(
            "u.item", f"1|Café, Le (1995)|01-Jan-1995||http://x|{flags}\n".encode("latin-1")
        )
        met = write("u.data", "196\t1\t3\t881250949\n")
    else:
        items = write("movies.dat", "1::Café, Le (1995)::Action\n".encode("latin-1"))
        met = write("ratings.dat", "196::1::3::881250949\n")
    workspace = run(tmp_path, items, met)
    item = workspace.catalog.get("1")
    assert (item.title, item.year, item.genres) == ("Le Café", 1995, ("Action",))
    assert workspace.history("196") == (Interaction("196", "1", 881250949.0, 3.0),)


def test_amazon_metadata_and_reviews_import(write: Write, tmp_path: Path) -> None:
    meta = write(
        "meta.jsonl",
        '{"parent_asin": "B01", "title": "Zelda &amp; Co", "store": "Nintendo", '
        '"price": "$1,250.00", "categories": ["Video Games", "Switch"], '
        '"description": ["A.", "B."], "details": {"Weight": "1 kg"}}\n'
        '{"parent_asin": "B02", "title": "Cable", "price": "from 3.00", "rating_number": 7}\n',
    )
    reviews = write(
        "reviews.jsonl",
        '{"rating": 5.0, "title": "Great", "asin": "X", "parent_asin": "B01", "user_id": "A1", '
        '"timestamp": 1588687728923, "text": "Good"}\n',
    )
    workspace = run(tmp_path, meta, reviews)
    zelda = workspace.catalog.get("B01")
    assert (zelda.title, zelda.creators, zelda.price) == ("Zelda & Co", ("Nintendo",), 1250.0)
    assert zelda.genres == ("Video Games", "Switch")
    assert zelda.description == "A. B."
    assert json.loads(zelda.facts["details"]) == {"Weight": "1 kg"}
    cable = workspace.catalog.get("B02")
    assert (cable.price, dict(cable.facts)) == (None, {"rating_number": "7"})
    assert workspace.history("A1")[0].timestamp == pytest.approx(1588687728.923)
    assert changes(workspace)["milli-, micro- or nanoseconds turned into seconds"] == 1


def test_old_amazon_reviews_import(write: Write, tmp_path: Path) -> None:
    meta = write("meta.json", '{"asin": "B01", "title": "Zelda", "brand": "Nintendo"}\n')
    reviews = write(
        "r.json",
        '{"reviewerID": "A1", "asin": "B01", "overall": 4, "unixReviewTime": 1400000000}\n',
    )
    assert run(tmp_path, meta, reviews).history("A1") == (Interaction("A1", "B01", 1.4e9, 4.0),)


def test_fields_are_read_in_common_ways(write: Write, tmp_path: Path) -> None:
    items = write(
        "a.csv",
        "id,name,release_date,runtime,actors,author,mood,tags\n"
        '1,A,1995-03-01,1h 56m,"Ann Lee, Bo Ray","Tolkien, J. R. R.",calm,"[\'x\', \'y\']"\n'
        "2,B,n/a,90 min,,,,\n",
    )
    workspace = run(tmp_path, items)
    first, second = workspace.catalog
    assert (first.year, first.runtime_min) == (1995, 116)
    assert first.cast == ("Ann Lee", "Bo Ray")
    assert first.creators == ("Tolkien, J. R. R.",)
    assert first.keywords == ("x", "y")
    assert dict(first.facts) == {"mood": "calm", "release_date": "1995-03-01"}
    assert (second.year, second.runtime_min, second.cast) == (None, 90, ())
    assert changes(workspace)["a word for a missing value"] == 1
    missing = table(workspace).catalog.missing
    assert (missing["cast"], missing["title"]) == (1, 0)


@pytest.mark.parametrize("column", ["customer", "Customer ID", "reader", "reviewer", "member_id"])
def test_whoever_met_an_item_may_be_called_so(write: Write, tmp_path: Path, column: str) -> None:
    workspace = run(tmp_path, write("items.csv", ITEMS), write("m.csv", f"{column},item\nu,NA\n"))
    assert workspace.history("u") == (Interaction("u", "NA", None, 1.0),)


def test_a_shop_s_columns_are_read(write: Write, tmp_path: Path) -> None:
    items = write("a.csv", 'SKU;Product Name;Maker;Price (EUR)\n01;Lamp;Lumo;"24,90"\n')
    (lamp,) = run(tmp_path, items).catalog
    assert (lamp.item_id, lamp.title, lamp.creators, lamp.price) == ("01", "Lamp", ("Lumo",), 24.9)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("1970-01-02", 86400.0),
        ("1970-01-01T01:00:00Z", 3600.0),
        ("1970-01-01T01:00:00+01:00", 0.0),
        ("1970-01-01 00:00:01", 1.0),
        ("1000000000000", 1e9),
        ("1.5", 1.5),
    ],
)
def test_times_become_seconds(write: Write, tmp_path: Path, given: str, seconds: float) -> None:
    met = write("met.csv", f"user,item,date\nu,NA,{given}\n")
    assert run(tmp_path, write("a.csv", ITEMS), met).history("u")[0].timestamp == seconds


def test_a_position_orders_where_there_is_no_time(write: Write, tmp_path: Path) -> None:
    met = write("met.tsv", "user_id\titem_id\tposition\nu\tNA\t1\nu\t00047\t0\n")
    workspace = run(tmp_path, write("a.csv", ITEMS), met)
    assert [met.item_id for met in workspace.history("u")] == ["00047", "NA"]
    assert table(workspace).time_order == "position"


def test_without_time_or_position_the_order_is_unknown(write: Write, tmp_path: Path) -> None:
    met = write("met.csv", "user_id,item_id,city\nu,NA,Rome\nu,00047,Oslo\nu,NA,Rome\nu,NA,Oslo\n")
    workspace = run(tmp_path, write("a.csv", ITEMS), met)
    assert {met.timestamp for met in workspace.interactions} == {None}
    assert table(workspace).time_order == "unknown"
    assert len(workspace.history("u")) == 3  # one duplicate merged; another city is another time
    kept = pl.read_parquet(tmp_path / "out" / "ws" / "interactions.parquet")
    assert kept["city"].to_list() == ["Rome", "Oslo", "Oslo"]


def test_report_counts_what_was_found_and_left_out(write: Write, tmp_path: Path) -> None:
    items = write("a.csv", "item_id,title,year\n1,A,\n1,A,1999\n2,B,2001\n3,,1990\n")
    rows = "".join(f"u{i},1,{1 + i % 5},{1_000_000_000 + i}\n" for i in range(20))
    met = write(
        "met.csv",
        "user_id,item_id,rating,timestamp\n" + rows + "u1,9,3,1\nu1,2,500,5\nu2,2,,99999999999\n",
    )
    workspace = run(tmp_path, items, met)
    report = table(workspace)
    found = report.interactions
    assert found is not None
    assert workspace.catalog.get("1").year == 1999
    assert (report.catalog.kept, report.catalog.merged, report.catalog.left_out) == (2, 1, 1)
    assert (found.rows, found.kept, found.left_out) == (23, 22, 1)
    assert report.unknown_item_interactions == 1
    assert found.missing["weight"] == 1
    assert found.outliers["times before 1990"] == 1
    assert found.outliers["times in the future"] == 1
    assert sum(n for what, n in found.outliers.items() if "outside" in what) == 1
    assert changes(workspace)["no rating given, so 3, the median of those given"] == 1
    assert changes(workspace)["left out: an item without a title"] == 1
    text = "\n".join(report.lines())
    assert "not in the catalogue: 1" in text
    assert "1 duplicates merged, 1 left out" in text


def test_what_was_never_rated_counts_as_one_each(write: Write, tmp_path: Path) -> None:
    items = write("a.csv", "item_id,title\n1,A\n2,B\n")
    workspace = run(tmp_path, items, write("met.csv", "user_id,item_id,rating\nu,1,\nu,2,\n"))
    assert [met.weight for met in workspace.interactions] == [1.0, 1.0]
    assert changes(workspace)["no rating given, so 1"] == 2


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ("item_id,genres\n1,Drama\n", "row 1: no column for 'title', got 'item_id', 'genres'"),
        ("title\nMoon\n", "row 1: no column for 'item_id'"),
        ("item_id,title\n1,A\n,B\n", "row 3, column 'item_id': an empty id, got nothing"),
        ("movieId,title\n1,A\n1,B\n", "row 3, column 'movieId': .* another title, got '1'"),
        ("item_id,title,year\n1,A,soon\n", "row 2, column 'year': no year, got 'soon'"),
        ("item_id,title,runtime\n1,A,long\n", "row 2, column 'runtime': no runtime, got 'long'"),
        ("item_id,title\n1,\n", "no row has a title in column 'title'"),
    ],
)
def test_bad_catalogues_name_the_place_and_write_nothing(
    write: Write, tmp_path: Path, items: str, message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        run(tmp_path, write("items.csv", items))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("met", "message"),
    [
        ("item_id,rating\nNA,1\n", "no column for 'user_id'"),
        ("user_id,rating\nu,1\n", "no column for 'item_id'"),
        (
            "user_id,item_id,rating\nu,NA,5\nu,NA,NaN\n",
            "row 3, column 'rating': no rating, got 'NaN'",
        ),
        ("user_id,item_id,score\nu,NA,good\n", "row 2, column 'score': no rating, got 'good'"),
        ("user_id,item_id,rating\nu,NA,inf\n", "got 'inf'"),
        ("user_id,item_id,timestamp\nu,NA,later\n", "row 2, column 'timestamp': no time"),
        ("user_id,item_id\n,NA\n", "row 2, column 'user_id': an empty id"),
        ("user_id,item_id\nu,7\n", "none of its items is in the catalogue, got .* '7'"),
    ],
)
def test_bad_interactions_name_the_place_and_write_nothing(
    write: Write, tmp_path: Path, met: str, message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        run(tmp_path, write("items.csv", ITEMS), write("met.csv", met))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_bad_rows_may_be_skipped_when_asked_and_are_counted(write: Write, tmp_path: Path) -> None:
    rows = "".join(f"u{i},NA,{i % 5},{i}\n" for i in range(298))
    met = write("met.csv", "user_id,item_id,rating,timestamp\n" + rows + "u,NA,NaN,1\nu,NA,1\n")
    items = write("items.csv", ITEMS)
    workspace = run(tmp_path, items, met, skip=True)
    found = table(workspace).interactions
    assert found is not None
    assert (found.rows, found.kept, found.skipped) == (300, 298, 2)
    assert any("'NaN'" in line for line in found.bad_rows)


def test_more_than_one_per_cent_of_bad_rows_is_refused(write: Write, tmp_path: Path) -> None:
    met = write("met.csv", "user_id,item_id,rating\n" + "u,NA,1\n" * 50 + "u,NA,x\n")
    with pytest.raises(DataError, match="1 of 51 rows are bad, at most 1 %"):
        run(tmp_path, write("items.csv", ITEMS), met, skip=True)
    assert not (tmp_path / "out").exists()


def test_an_existing_folder_is_never_written_over(write: Write, tmp_path: Path) -> None:
    items = write("items.csv", ITEMS)
    run(tmp_path, items)
    with pytest.raises(DataError, match=r"already a workspace.*choose another folder or delete it"):
        run(tmp_path, items)
    other = tmp_path / "docs"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    with pytest.raises(DataError, match="a folder with files in it"):
        import_workspace(items, None, other, progress=False)
    with pytest.raises(DataError, match="is a file"):
        import_workspace(items, None, items, progress=False)


def test_an_empty_folder_may_be_the_target(write: Write, tmp_path: Path) -> None:
    (tmp_path / "out" / "ws").mkdir(parents=True)
    assert len(run(tmp_path, write("items.csv", ITEMS)).catalog) == 3


def test_a_failed_write_leaves_nothing_behind(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(importing, "_write_json", full)
    with pytest.raises(DataError, match="can't be written"):
        run(tmp_path, write("items.csv", ITEMS))
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "met", "items", "interactions"),
    [
        ("ml-latest-small", "ratings", 9742, 93013),
        ("anime", "interactions", 7390, 520609),
        ("amazon-video-games", "interactions", 16859, 440264),
        ("frappe", "interactions", 3532, 90050),
    ],
)
def test_shared_data_sets_import_at_once(
    shared_data: Path, tmp_path: Path, name: str, met: str, items: int, interactions: int
) -> None:
    start = time.perf_counter()
    folder = shared_data / name
    files = folder / "items.parquet", folder / f"{met}.parquet"
    report = import_workspace(*files, tmp_path / name, domain="film", progress=False)
    assert time.perf_counter() - start < 30  # 1.5 s is usual
    assert report.interactions is not None
    assert (report.catalog.kept, report.interactions.kept) == (items, interactions)
    workspace = Workspace.open(tmp_path / name)
    assert workspace.domain == "film"
    assert len(workspace.catalog) == items


def test_lists_stand_for_the_text_of_a_field(write: Write, tmp_path: Path) -> None:
    items = (
        '{"item_id": "1", "title": ["Moon"], "year": ["2009"], "runtime": ["97", "min"]}\n'
        '{"item_id": "2", "title": [], "year": "1999", "runtime": "1h"}\n'
    )
    met = '{"user_id": "u", "item_id": "1", "rating": ["4"], "timestamp": ["20"]}\n'
    workspace = run(tmp_path, write("items.jsonl", items), write("met.jsonl", met))
    (moon,) = workspace.catalog
    assert (moon.title, moon.year, moon.runtime_min) == ("Moon", 2009, 97)
    assert changes(workspace)["left out: an item without a title"] == 1
    assert workspace.history("u") == (Interaction("u", "1", 20.0, 4.0),)


@pytest.mark.parametrize("title", ["&nbsp;", "\x1c", "&#32;&#160;"])
def test_a_title_of_nothing_but_space_is_none(write: Write, tmp_path: Path, title: str) -> None:
    workspace = run(tmp_path, write("items.csv", f"item_id,title\n1,Moon\n2,{title}\n"))
    assert [item.title for item in workspace.catalog] == ["Moon"]
    assert changes(workspace)["left out: an item without a title"] == 1


@pytest.mark.parametrize(
    ("column", "value"), [("runtime", "99999999999 min"), ("runtime", "9h 99999999999m")]
)
def test_a_number_that_no_field_holds_is_a_bad_row(
    write: Write, tmp_path: Path, column: str, value: str
) -> None:
    items = write("items.csv", f"item_id,title,{column}\n1,Moon,{value}\n")
    with pytest.raises(DataError, match=f"row 2, column '{column}': no runtime, got '{value}'"):
        run(tmp_path, items)


def test_digits_of_other_scripts_are_no_year(write: Write, tmp_path: Path) -> None:
    items = write("items.csv", "item_id,title\n1,Moon (1٩٩٩)\n")
    assert run(tmp_path, items).catalog.get("1").title == "Moon (1٩٩٩)"


def test_an_endless_price_is_none(write: Write, tmp_path: Path) -> None:
    items = write("items.csv", f"item_id,title,price\n1,Moon,{'9' * 400}\n")
    assert run(tmp_path, items).catalog.get("1").price is None


def test_columns_called_like_fields_keep_apart(write: Write, tmp_path: Path) -> None:
    names = ("User ID", "user_id", "user_id (column)", "item_id")
    met = ",".join(names) + "\nu,v,w,1\n"
    workspace = run(tmp_path, write("items.csv", "item_id,title\n1,Moon\n"), write("m.csv", met))
    assert workspace.history("u") == (Interaction("u", "1", None, 1.0),)
    assert workspace.path is not None
    kept = pl.read_parquet(workspace.path / "interactions.parquet").to_dicts()
    assert [(row["user_id (column) (column)"], row["user_id (column)"]) for row in kept] == [
        ("v", "w")
    ]
