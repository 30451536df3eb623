"""Feedback as CSV that a spreadsheet shows and never runs.

Knows nothing about databases.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from chatrec.storage.feedback import FeedbackEvent

COLUMNS = ("event_id", "session_id", "item_id", "kind", "at")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def feedback_csv(events: Iterable[FeedbackEvent]) -> str:
    """A heading and one line an event; times in UTC as ISO 8601.

    Cells that a spreadsheet would take for a formula begin with an apostrophe (OWASP, "CSV
    Injection").
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for event in events:
        session_id = "" if event.session_id is None else event.session_id
        cells = (event.event_id, session_id, event.item_id, event.kind, event.at.isoformat())
        writer.writerow(inert(cell) for cell in cells)
    return file.getvalue()


def inert(cell: str) -> str:
    """The cell, marked as text where a spreadsheet would take it for a formula.

    >>> inert("=1+1"), inert(" @SUM(A1)"), inert("m42")
    ("'=1+1", "' @SUM(A1)", 'm42')
    """
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA_STARTS) else cell
