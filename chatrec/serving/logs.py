"""What the server writes about itself: a line a request, as plain text or as JSON.

No message, title or other text of a user, no secret and no raw control character gets into a line:
requests are told by their id, the owner's name and the declared route. Of an error of our own the
place and the kind are written; its words only where they are made for readers.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatrec.errors import ChatrecError
from chatrec.serving.headers import REQUEST_ID
from chatrec.serving.metrics import Metrics
from chatrec.settings import Logs

PAGE = "page"
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_FIELDS = "chatrec_fields"

_log = logging.getLogger(__name__)


def set_up(style: Logs) -> None:
    """Sends this process's log to standard error: warnings and worse, and requests unless quiet."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if style == "json" else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(__name__).setLevel(logging.WARNING if style == "quiet" else logging.INFO)


class JsonLines(logging.Formatter):
    """One JSON object a record, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, _FIELDS, {})
        return json.dumps(line | ({"error": error} if (error := _error(record)) else {}))


class PlainLines(logging.Formatter):
    """One line a record, for people; an error of our own with where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%SZ")
        fields = "".join(f" {name}={value}" for name, value in getattr(record, _FIELDS, {}).items())
        text = f"{at} {record.levelname.lower()} {record.getMessage()}{fields}"
        error = _error(record)
        return inert(f"{text}: {error}" if error else text)


def inert(text: str) -> str:
    """The text with every control character and line break written out.

    >>> inert("a\\nb\\x1b[31m")
    'a\\\\nb\\\\x1b[31m'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _error(record: logging.LogRecord) -> str:
    """Kind and place of a record's exception; its words where they were written for readers."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return ""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    places = " < ".join(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames))
    words = f" ({error})" if isinstance(error, ChatrecError | OSError) else ""
    return f"{type(error).__name__}{words} at {places or 'no known place'}"


class RequestLog:
    """Gives every request an id, and writes down and counts its answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        sane = _SANE_ID.fullmatch(given) is not None
        scope.setdefault("state", {})["request_id"] = given if sane else uuid.uuid4().hex
        begun = time.perf_counter()
        status = 500  # what an exception on its way out will be answered with

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            self._write(scope, status, time.perf_counter() - begun)

    def _write(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_of(scope)
        self._metrics.answered(route, scope["method"], status, seconds)
        if not _log.isEnabledFor(logging.INFO):
            return
        caller = scope["state"].get("caller")
        fields: dict[str, Any] = {
            "id": scope["state"]["request_id"],
            "owner": None if caller is None else caller.owner,
            "key": None if caller is None else caller.key_id,
            "method": scope["method"],
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        _log.info("request", extra={_FIELDS: fields})


def route_of(scope: Scope) -> str:
    """The route as it is declared; ``page`` for all that is the page's."""
    declared = getattr(scope.get("route"), "path", "")
    if declared.startswith("/v1/") or declared in ("/health", "/ready", "/metrics", "/sign-in"):
        return str(declared)
    return "/v1/?" if str(scope["path"]).startswith("/v1/") else PAGE
