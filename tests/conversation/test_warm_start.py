"""A history that somebody brings becomes the state of a dialogue, and is reported honestly."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatrec.conversation.lexicon import Language
from chatrec.conversation.state import DialogueState
from chatrec.conversation.warm_start import (
    MAX_JUDGED,
    history_at,
    history_in,
    report,
    with_history,
)
from chatrec.data.catalog import Catalog
from chatrec.data.history_matching import MatchedHistory
from chatrec.data.titles import TitleIndex
from chatrec.errors import DataError
from chatrec.types import Item
from tests.conversation.toy_films import FILMS, READER

LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-03,Alien,1979,u,5
2024-01-02,Jaws,1975,u,3
2024-01-01,Saw,2004,u,1
2024-01-01,<script>alert(1)</script>,2004,u,1
"""


def brought(text: str = LETTERBOXD) -> MatchedHistory:
    return history_in(text.encode(), FILMS, READER.titles)


def test_the_state_has_the_past_in_order_and_what_was_praised_and_blamed() -> None:
    state = with_history(DialogueState(), brought())
    assert state.history == ("saw", "jaws", "alien")
    assert (state.liked, state.disliked, state.seen) == (("alien",), ("saw",), ())
    assert {"saw", "jaws", "alien"} <= state.query(FILMS).seen
    cause = state.cause("liked", "alien")
    assert cause is not None
    assert (cause.by, cause.words) == ("clicked", "Letterboxd")


def test_what_the_visitor_said_counts_more_than_the_file() -> None:
    said = DialogueState(disliked=("alien",), history=("moon",))
    state = with_history(said, brought())
    assert (state.liked, state.disliked) == ((), ("saw", "alien"))
    assert state.history[-1] == "moon"


def test_only_the_newest_verdicts_stand_as_likes() -> None:
    many = Catalog([Item(str(n), f"Film number {n} of many") for n in range(60)])
    rows = "".join(f"Film number {n} of many,5\n" for n in range(60))
    matched = history_in(f"title,rating\n{rows}bad,1\n".encode(), many, TitleIndex(many))
    state = with_history(DialogueState(), matched)
    assert len(state.liked) == MAX_JUDGED
    assert state.liked[-1] == "59"
    assert len(state.history) == 60


def test_the_report_counts_every_row() -> None:
    said = report(brought())
    assert "3 of 4 rows (Letterboxd)" in said
    assert "1 liked, 1 without a verdict, 1 not liked" in said
    assert "from 0.5 to 5, 2.5 on average" in said
    assert "Not in it: 1, such as “<script>alert(1)</script> (2004)”." in said


@pytest.mark.parametrize("language", ["de", "fr", "es", "zh"])
def test_the_report_is_told_in_the_visitors_language(language: Language) -> None:
    said = report(brought(), language)
    assert "Letterboxd" in said
    assert said != report(brought())
    assert "{" not in said


def test_a_file_of_other_things_is_refused() -> None:
    with pytest.raises(DataError, match="none of its 1 rows is a title of this catalogue"):
        brought("title\nA Cookery Book of No Account\n")


def test_a_file_is_read_and_a_missing_one_named(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(LETTERBOXD, encoding="utf-8")
    assert history_at(path, FILMS, READER.titles) == brought()
    with pytest.raises(DataError, match="doesn't exist"):
        history_at(tmp_path / "other.csv", FILMS, READER.titles)
