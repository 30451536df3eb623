"""Whatever the files hold, an import gives a workspace or one line that says what is wrong."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrec.data.history_files import read_history
from chatrec.data.history_matching import match_history
from chatrec.data.importing import import_workspace
from chatrec.data.quality import QualityReport, TableReport
from chatrec.data.titles import TitleIndex
from chatrec.data.workspace import Workspace
from chatrec.errors import ChatrecError
from tests.conversation.toy_films import FILMS
from tests.data.nasty_tables import cells, columns, damaged, separated, source_files
from tests.fuzzing import few_or_many, tried

HISTORIES = (
    ("Date", "Name", "Year", "Letterboxd URI", "Rating"),
    ("Title", "Author", "My Rating", "Date Read", "Exclusive Shelf"),
    ("Const", "Your Rating", "Date Rated", "Title", "Year"),
    ("Profile Name", "Start Time", "Title"),
    ("userId", "movieId", "rating", "timestamp"),
    ("name", "appid", "playtime_forever"),
    ("Title", "Date"),
    ("title", "rating", "date"),
)


def one_line(error: ChatrecError) -> None:
    """The error says something, on one line that a terminal can show."""
    assert str(error).strip()
    assert "\n" not in str(error)


def counted(report: QualityReport) -> None:
    tables: list[TableReport | None] = [report.catalog, report.interactions]
    for table in tables:
        if table is not None:
            assert table.rows == table.kept + table.merged + table.left_out + table.skipped
            assert min(table.kept, table.merged, table.left_out, table.skipped) >= 0


@few_or_many
def test_a_catalogue_gives_a_workspace_or_one_line(examples: int) -> None:
    outcomes: set[str] = set()

    @given(source_files("item_id", "title"), st.booleans())
    def check(file: tuple[str, bytes], skip: bool) -> None:
        with TemporaryDirectory() as folder:
            name, content = file
            (source := Path(folder) / name).write_bytes(content)
            to = Path(folder) / "out" / "ws"
            try:
                report = import_workspace(source, None, to, skip_bad_rows=skip, progress=False)
            except ChatrecError as error:
                one_line(error)
                assert not to.parent.exists() or not list(to.parent.iterdir())
                outcomes.add("refused")
            else:
                counted(report)
                catalog = Workspace.open(to).catalog
                assert len(catalog) == report.catalog.kept > 0
                assert all(item.item_id and item.title for item in catalog)
                outcomes.add("imported")

    tried(check, examples)
    assert outcomes == {"refused", "imported"}


@few_or_many
def test_interactions_give_a_workspace_or_one_line(examples: int) -> None:
    outcomes: set[str] = set()
    items = 'item_id,title\n1,Moon\n2,Heat\ni1,"=1+1"\n'

    @given(source_files("user_id", "item_id"), st.booleans())
    def check(file: tuple[str, bytes], skip: bool) -> None:
        with TemporaryDirectory() as folder:
            name, content = file
            (catalog := Path(folder) / "items.csv").write_text(items, encoding="utf-8")
            (met := Path(folder) / name).write_bytes(content)
            to = Path(folder) / "ws"
            try:
                report = import_workspace(catalog, met, to, skip_bad_rows=skip, progress=False)
            except ChatrecError as error:
                one_line(error)
                assert not to.exists()
                outcomes.add("refused")
            else:
                counted(report)
                histories = Workspace.open(to).histories
                assert histories.sizes.sum() == report.interactions.kept  # type: ignore[union-attr]
                outcomes.add("imported")

    tried(check, examples)
    assert outcomes == {"refused", "imported"}


@pytest.fixture(scope="module")
def titles() -> TitleIndex:
    return TitleIndex(FILMS)


@few_or_many
def test_an_uploaded_history_is_matched_or_refused_in_one_line(
    examples: int, titles: TitleIndex
) -> None:
    outcomes: set[str] = set()
    known = st.sampled_from([item.title for item in FILMS])
    files = st.one_of(
        *(separated(shape, mark) for shape in HISTORIES for mark in ",;\t"),
        st.tuples(columns(("title",)), st.lists(st.tuples(known, cells), max_size=5)).map(
            lambda table: "\n".join(
                [",".join(table[0]), *(f"{title},{cell}" for title, cell in table[1])]
            ).encode("utf-16" if len(table[1]) % 2 else "utf-8")
        ),
    )

    @given(files.flatmap(damaged))
    def check(content: bytes) -> None:
        try:
            matched = match_history(read_history(content), FILMS, titles)
        except ChatrecError as error:
            one_line(error)
            outcomes.add("refused")
        else:
            assert matched.rows == matched.matched + matched.unmatched + matched.ambiguous
            assert all(met.item_id in FILMS for met in matched.met)
            outcomes.add("matched")

    tried(check, examples)
    assert outcomes == {"refused", "matched"}
