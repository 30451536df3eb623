"""The users of ``chatrec batch``: a file's rows, checked as strictly as ``POST /v1/recommend``.

Knows the file and the catalogue's titles; knows nothing about shards or models.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chatrec.conversation.recommender import Recommender
from chatrec.conversation.state import DialogueState
from chatrec.data.bad_rows import ROW, BadRows
from chatrec.data.reading import read_table
from chatrec.errors import DataError, RequestError
from chatrec.serving.schema import RecommendBody

USER = "user"
LISTS = ("liked", "disliked", "seen")
COLUMNS = (USER, "text", *LISTS, "constraints", "k")
MARK = "|"  # between the titles of a cell


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One list to make. ``number`` is the row's in the file, of a text file its line."""

    number: int
    body: RecommendBody

    def start(self, recommender: Recommender) -> DialogueState:
        """The state that its list begins with."""
        body = self.body
        return recommender.start(
            user_id=body.user_id,
            liked=body.liked,
            disliked=body.disliked,
            seen=body.seen,
            constraints=body.constraints,
        )


def read_rows(path: Path, text: str, k: int) -> tuple[BatchRow, ...]:
    """The file's rows in their order; ``text`` and ``k`` stand in where a row has none.

    Columns are those of COLUMNS. Lists are lists, or titles with "|" between them; constraints a
    JSON object. Raises DataError, naming row and column, for the first that can't be used.
    """
    bad = BadRows(path, skip=False)
    frame = read_table(path, bad).frame
    unknown = [name for name in frame.columns if name not in (*COLUMNS, ROW)]
    if unknown:
        raise DataError(
            f"{path}, row 1, column {unknown[0]!r}: unknown; allowed are {', '.join(COLUMNS)}: "
            "rename it or take it out"
        )
    standing = {"text": text, "k": k}
    return tuple(_row(bad, standing, record) for record in frame.iter_rows(named=True))


def check_names(
    path: Path, rows: Sequence[BatchRow], recommender: Recommender, users: Collection[str]
) -> None:
    """Raises DataError for the first row whose user isn't among ``users``, or with an unknown item.

    To be asked before the first list is made, so that a bad row costs no hours.
    """
    titles: set[str] = set()
    for row in rows:
        body = row.body
        if body.user_id is not None and body.user_id not in users:
            with _located(path, row.number, USER):
                recommender.start(user_id=body.user_id)
        for column in LISTS:
            named = [title for title in getattr(body, column) if title not in titles]
            with _located(path, row.number, column):
                recommender.start(liked=named)
            titles.update(named)


@contextmanager
def _located(path: Path, number: int, column: str) -> Iterator[None]:
    try:
        yield
    except RequestError as error:
        raise DataError(f"{path}, row {number}, column {column!r}: {error}") from error


def _row(bad: BadRows, standing: Mapping[str, Any], record: Mapping[str, Any]) -> BatchRow:
    number = record[ROW]
    given = {name: record.get(name) for name in COLUMNS if record.get(name) is not None}
    if not given.keys() - {"k"}:
        bad.add(number, "", given, "a row without a wish", f"fill in {USER}, text or liked")
    values = {name: _value(bad, number, name, value) for name, value in given.items()}
    if USER in values:
        values["user_id"] = values.pop(USER)
    try:
        return BatchRow(number, RecommendBody.model_validate({**standing, **values}))
    except ValidationError as error:
        first = error.errors()[0]
        column, *inside = (str(part) for part in first["loc"])
        where = f"{'.'.join(inside)}: " if inside else ""
        message = str(first["msg"]).removeprefix("Value error, ")
        column = USER if column == "user_id" else column
        bad.add(number, column, given.get(column), f"{where}{message}", "correct the value")
        raise AssertionError("a bad row is an error") from error


def _value(bad: BadRows, number: int, column: str, value: Any) -> Any:
    """A cell as the value that the model takes; what it can't be is left for it to refuse."""
    if not isinstance(value, str):
        return value
    if column in LISTS:
        return tuple(part.strip() for part in value.split(MARK) if part.strip())
    if column == "k" and value.strip().isdecimal() and len(value) < 10:
        return int(value)
    if column == "constraints":
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            remedy = 'write a JSON object, such as {"year_min": 1990}'
            bad.add(number, column, value, "not JSON", remedy)
    return value
