"""Limits on columns without a field of their own."""

from __future__ import annotations

import pytest

from chatrec.data.constraints import allowed
from chatrec.data.fact_limits import fact_limit
from chatrec.errors import RequestError
from chatrec.types import Constraints, Item

GAME = Item("braid", "Braid", facts={"platforms": "PC, Xbox 360", "pages": "120"})


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        (("platforms=pc",), True),
        (("platforms=Xbox 360", "pages<=120"), True),
        (("platforms=Xbox",), False),
        (("pages>=121",), False),
        (("pages <= 119.5",), False),
        (("rating=12",), False),
    ],
)
def test_item_keeps_to_limits_on_its_facts(limits: tuple[str, ...], kept: bool) -> None:
    assert allowed(GAME, Constraints(facts=limits)) is kept


@pytest.mark.parametrize("written", ["", "platforms", "pages<=many", "=PC", "pages>="])
def test_limit_that_says_no_column_sign_and_value_is_refused(written: str) -> None:
    with pytest.raises(RequestError, match="pages<=300"):
        fact_limit(written)


def test_written_limit_is_read_back() -> None:
    assert str(fact_limit("pages <= 300")) == "pages<=300"
