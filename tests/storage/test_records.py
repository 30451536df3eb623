from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatrec.conversation.sessions import Exchange, Shown
from chatrec.conversation.state import DialogueState
from chatrec.errors import DataError
from chatrec.storage.records import exchange_from, exchange_text, from_text, state_of, to_text
from chatrec.storage.tables import EPOCH
from chatrec.types import Constraints, Evidence, Example, Place, Query

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | ANY_TEXT,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(ANY_TEXT, part, max_size=4),
    max_leaves=12,
)
SHOWN = st.builds(
    Shown,
    ANY_TEXT,
    ANY_TEXT,
    st.integers(1, 50),
    FINITE,
    ANY_TEXT,
    st.sampled_from(["model", "template"]),
    st.lists(st.builds(Evidence, ANY_TEXT, ANY_TEXT, ANY_TEXT), max_size=2).map(tuple),
    st.lists(st.builds(Place, ANY_TEXT, st.integers(1), st.integers(1)), max_size=2).map(tuple),
)
IDS = st.lists(ANY_TEXT, max_size=2).map(tuple)
QUERIES = st.builds(
    Query,
    ANY_TEXT,
    IDS,
    IDS,
    IDS,
    st.frozensets(ANY_TEXT, max_size=2),
    IDS,
    st.builds(Constraints, year_min=st.none() | st.integers(0, 9999), genres_any=IDS),
    st.lists(st.builds(Example, IDS, ANY_TEXT), max_size=2).map(tuple),
)
EXCHANGES = st.builds(
    Exchange,
    ANY_TEXT,
    ANY_TEXT,
    st.sampled_from(["item_head", "labels", "fusion"]),
    st.lists(SHOWN, max_size=2).map(tuple),
    st.just(EPOCH),
    IDS,
    IDS,
    st.none() | QUERIES,
    ANY_TEXT,
)
UNHURRIED = settings(max_examples=60, deadline=None)
NAMES = ("said", "reply", "led_by", "shown", "wish", "turns", "liked", "constraints", "past")


@UNHURRIED
@given(EXCHANGES)
def test_any_exchange_comes_back_and_its_text_is_ascii(exchange: Exchange) -> None:
    text = exchange_text(exchange)
    assert text.isascii()
    assert "\x00" not in text
    assert exchange_from("a", text, EPOCH) == exchange


@UNHURRIED
@given(st.dictionaries(ANY_TEXT, JSON, max_size=4))
def test_any_record_comes_back(record: dict[str, object]) -> None:
    assert from_text(to_text(record)) == record


@UNHURRIED
@given(ANY_TEXT | st.dictionaries(st.sampled_from(NAMES), JSON).map(json.dumps))
@example('{"constraints": {"runtime_max": 1e400}}')
@example('{"constraints": {"price_max": -Infinity}}')
@example("9" * 5000)
@example('{"wish":' + "[" * 100_000)
def test_whatever_is_found_is_a_value_or_a_named_error(text: str) -> None:
    for read in (lambda: state_of("a", text), lambda: exchange_from("a", text, EPOCH)):
        assert is_read(read) or is_refused(read)


def is_read(read: Callable[[], object]) -> bool:
    with contextlib.suppress(DataError):
        return isinstance(read(), DialogueState | Exchange)
    return False


def is_refused(read: Callable[[], object]) -> bool:
    with pytest.raises(DataError, match=r"^session 'a': its stored (state|exchange) is damaged"):
        read()
    return True


@pytest.mark.parametrize(
    "query", ['"who"', "{}", '{"text": "", "constraints": {"year_min": "x"}, "examples": []}']
)
def test_a_damaged_query_of_an_exchange_is_named(query: str) -> None:
    text = f'{{"said": "", "reply": "", "led_by": "fusion", "shown": [], "query": {query}}}'
    with pytest.raises(DataError, match="its stored exchange is damaged"):
        exchange_from("a", text, EPOCH)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_lacks_is_our_own_mistake(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_text({"score": number})
