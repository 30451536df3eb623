"""Histories as arrays."""

import numpy as np
import polars as pl
import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.data.workspace import Workspace
from chatrec.errors import RequestError
from chatrec.types import Item


def _frame(rows: list[tuple[str, str, float, float | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["user_id", "item_id", "weight", "timestamp"], orient="row")


@pytest.fixture
def catalog() -> Catalog:
    return Catalog([Item(item_id, item_id) for item_id in ("007", "a", "b", "c")])


@pytest.fixture
def histories(catalog: Catalog) -> Histories:
    rows = [
        ("v", "c", 3.0, 9.0),
        ("u", "b", 1.0, 2.0),
        ("v", "007", 5.0, 4.0),
        ("u", "a", 2.0, 2.0),
    ]
    return Histories.from_frame(_frame([*rows, ("v", "c", 2.0, 10.0)]), catalog)


def test_histories_are_oldest_first_and_keep_the_order_of_one_time(histories: Histories) -> None:
    assert histories.users == ("u", "v")
    assert [past.tolist() for past in histories] == [[2, 1], [0, 3, 3]]
    assert histories.weights.tolist() == [1.0, 2.0, 5.0, 3.0, 2.0]
    assert histories.times.tolist() == [2.0, 2.0, 4.0, 9.0, 10.0]
    assert histories.timed


def test_counts_and_matrix_tell_who_met_what(histories: Histories) -> None:
    assert histories.counts.tolist() == [1, 1, 1, 2]
    assert histories.matrix().toarray().tolist() == [[0, 1, 1, 0], [1, 0, 0, 1]]


def test_an_unknown_time_comes_first_and_is_told(catalog: Catalog) -> None:
    histories = Histories.from_frame(_frame([("u", "a", 1.0, 5.0), ("u", "b", 1.0, None)]), catalog)
    assert next(iter(histories)).tolist() == [2, 1]
    assert not histories.timed
    assert np.isnan(histories.times[0])


def test_pick_and_without_last_keep_rows_together(histories: Histories) -> None:
    assert [past.tolist() for past in histories.pick([1, 0])] == [[0, 3, 3], [2, 1]]
    shorter = histories.without_last(2)
    assert [past.tolist() for past in shorter] == [[], [0]]
    assert shorter.users == histories.users
    assert shorter.weights.tolist() == [5.0]


def test_an_item_outside_the_catalogue_is_refused(catalog: Catalog) -> None:
    with pytest.raises(RequestError, match="'gone'"):
        Histories.from_frame(_frame([("u", "gone", 1.0, 1.0)]), catalog)


def test_no_interactions_give_no_users() -> None:
    histories = Workspace.builtin().histories
    assert len(histories) == 0
    assert histories.counts.sum() == 0
    assert histories.matrix().shape == (0, len(Workspace.builtin().catalog))
    assert list(Histories.from_pasts([], 3)) == []
