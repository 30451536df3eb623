"""States, exchanges and profiles as JSON text, and back with every value checked.

The text is plain ASCII, so that no character in it can upset a database. Knows nothing about
tables.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from chatrec.conversation.records import plain
from chatrec.conversation.sessions import Exchange, Shown
from chatrec.conversation.state import DialogueState, constraints_from_dict
from chatrec.errors import DataError, RequestError
from chatrec.types import Evidence, Example, LedBy, Place, Query, RationaleBy


def to_text(record: Mapping[str, Any]) -> str:
    """The record on one line of ASCII."""
    return json.dumps(record, separators=(",", ":"), allow_nan=False)


def from_text(text: str) -> dict[str, Any]:
    """The record that ``to_text`` wrote; ValueError for anything but an object of JSON."""
    try:
        record = json.loads(text, parse_constant=_finite, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(record, dict):
        raise ValueError(f"it is a {type(record).__name__} instead of an object")
    return record


def state_of(session_id: str, text: str) -> DialogueState:
    """The stored state; DataError, naming the session, where it is damaged."""
    try:
        return DialogueState.from_dict(from_text(text))
    except (ValueError, RequestError) as error:
        raise damaged(session_id, "state", error) from error


def exchange_text(exchange: Exchange) -> str:
    """All of an exchange but its time."""
    record: dict[str, Any] = {
        "said": exchange.said,
        "reply": exchange.reply,
        "led_by": exchange.led_by,
        "shown": [_shown_record(shown) for shown in exchange.shown],
        "chips": list(exchange.chips),
        "compared": list(exchange.compared),
    }
    if exchange.query is not None:
        record["query"] = _query_record(exchange.query)
    return to_text(record | ({"adapter": exchange.adapter} if exchange.adapter else {}))


def exchange_from(session_id: str, text: str, at: datetime) -> Exchange:
    """The stored exchange; DataError, naming the session, where it is damaged."""
    try:
        record = from_text(text)
        shown = tuple(_shown(part) for part in _typed(record, "shown", list))
        return Exchange(
            _typed(record, "said", str),
            _typed(record, "reply", str),
            _one_of(record, "led_by", get_args(LedBy)),
            shown,
            at,
            _strings(record, "chips"),
            _strings(record, "compared"),
            _query(_typed(record, "query", dict)) if "query" in record else None,
            _typed(record, "adapter", str) if "adapter" in record else "",
        )
    except (ValueError, RequestError) as error:
        raise damaged(session_id, "exchange", error) from error


def damaged(session_id: str, what: str, error: Exception) -> DataError:
    """The error of a row that can't be read; other rows are none the worse for it."""
    return DataError(
        f"session {session_id!r}: its stored {what} is damaged ({error}); "
        "delete this session, or restore the database from a backup"
    )


def _shown_record(shown: Shown) -> dict[str, Any]:
    return {
        "item_id": shown.item_id,
        "title": shown.title,
        "rank": shown.rank,
        "score": shown.score,
        "rationale": shown.rationale,
        "rationale_by": shown.rationale_by,
        "evidence": [[fact.kind, fact.text, fact.source] for fact in shown.evidence],
        "places": [[place.by, place.place, place.of] for place in shown.places],
    }


def _shown(record: Any) -> Shown:
    if not isinstance(record, dict):
        raise ValueError("'shown' holds something other than objects")
    return Shown(
        _typed(record, "item_id", str),
        _typed(record, "title", str),
        _typed(record, "rank", int),
        float(_typed(record, "score", int | float)),
        _typed(record, "rationale", str),
        _one_of(record, "rationale_by", get_args(RationaleBy)),
        tuple(_fact(part) for part in _typed(record, "evidence", list)),
        tuple(_place(part) for part in _older(record, "places")),
    )


def _query_record(query: Query) -> dict[str, Any]:
    return {
        "text": query.text,
        "history": list(query.history),
        "liked": list(query.liked),
        "disliked": list(query.disliked),
        "seen": sorted(query.seen),
        "near": list(query.near),
        "constraints": plain(query.constraints),
        "examples": [[*example.history, example.choice] for example in query.examples],
        "proposed": list(query.proposed),
    }


def _query(record: Mapping[str, Any]) -> Query:
    return Query(
        _typed(record, "text", str),
        _strings(record, "history"),
        _strings(record, "liked"),
        _strings(record, "disliked"),
        frozenset(_strings(record, "seen")),
        _strings(record, "near"),
        constraints_from_dict(_typed(record, "constraints", dict)),
        tuple(_example(part) for part in _typed(record, "examples", list)),
        _strings(record, "proposed") if "proposed" in record else (),
    )


def _example(part: Any) -> Example:
    match part:
        case [*history, choice] if all(isinstance(item_id, str) for item_id in part):
            return Example(tuple(history), choice)
        case _:
            raise ValueError("'examples' holds something other than item ids")


def _fact(part: Any) -> Evidence:
    if not (isinstance(part, list) and len(part) == 3 and all(isinstance(p, str) for p in part)):
        raise ValueError("'evidence' holds something other than kind, text and source")
    return Evidence(*part)


def _place(part: Any) -> Place:
    match part:
        case [str(by), int(place), int(of)]:
            return Place(by, place, of)
        case _:
            raise ValueError("'places' holds something other than name, place and number")


def _older(record: Mapping[str, Any], key: str) -> list[Any]:
    """The list under a key that older records don't have."""
    return _typed(record, key, list) if key in record else []


def _strings(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The strings under a key that older records don't have."""
    values = _older(record, key)
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{key!r} holds something other than strings")
    return tuple(values)


def _typed(record: Mapping[str, Any], key: str, kind: Any) -> Any:
    value = record.get(key)
    if not isinstance(value, kind):
        raise ValueError(f"{key!r} is missing or of another type")
    return value


def _one_of(record: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> Any:
    value = record.get(key)
    if value not in allowed:
        raise ValueError(f"{key!r} is none of {', '.join(allowed)}")
    return value


def _finite(number: str) -> float:
    """The number; ValueError for NaN, Infinity and what is too large for a float."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{number} is no finite number")
    return value
