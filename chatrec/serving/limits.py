"""What a request's body may be: its size, how it is encoded, and what JSON may hold.

All of it is decided before any route sees the request. Bodies come whole, as JSON or a form, never
compressed; text in JSON can be stored and answered in any encoding.
"""

from __future__ import annotations

import asyncio
import json
import re
from email.message import Message as Mail
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatrec.serving.problems import RefusedError, answer

MAX_BODY_BYTES = 64 * 1024
MAX_NESTING = 16  # arrays and objects inside one another
BODY_TIMEOUT_S = 20.0
_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")


class BodyLimits:
    """Refuses with 408, 413, 415 or 422 what no route should get to read."""

    def __init__(self, app: ASGIApp, timeout_s: float = BODY_TIMEOUT_S) -> None:
        self._app = app
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _METHODS:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            _check_headers(headers)
            async with asyncio.timeout(self._timeout_s):
                received = await _body_within(receive)
            if str(scope["path"]).startswith("/v1/"):
                _check_json(headers, b"".join(m.get("body", b"") for m in received))
        except RefusedError as error:
            refusal = answer(scope, error.status, error.detail, error.headers)
            await refusal(scope, receive, send)
        except TimeoutError:
            detail = f"the body did not arrive within {self._timeout_s:g} s; send it at once"
            await answer(scope, 408, detail, {"Connection": "close"})(scope, receive, send)
        else:
            await self._app(scope, _replay(received, receive), send)


def _check_headers(headers: Headers) -> None:
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise RefusedError(
            415,
            f"the body is encoded as {encoding[:40]!r}; send it as it is, without compression",
            {"Accept-Encoding": "identity"},
        )
    length = headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 10 or int(length) > MAX_BODY_BYTES):
        raise _too_large()


def _check_json(headers: Headers, body: bytes) -> None:
    if not body:
        return
    kind = Mail()
    kind["content-type"] = headers.get("content-type", "nothing")
    charset = str(kind.get_param("charset", "utf-8")).lower()
    if kind.get_content_type() != "application/json" or charset not in ("utf-8", "utf8"):
        received = headers.get("content-type", "missing")[:60]
        raise RefusedError(
            415, f"the content type is {received!r}; send JSON in UTF-8, as application/json"
        )
    try:
        fault = fault_in(json.loads(body))
    except RecursionError:
        fault = _NESTED
    except ValueError:
        return  # not JSON: the route says so
    if fault is not None:
        raise RefusedError(422, fault)


_NESTED = (
    f"the body nests more than {MAX_NESTING} lists and objects in one another; send a flatter one"
)


def fault_in(value: Any) -> str | None:
    """Why a JSON value can't be used, whatever it is for; None where it can.

    >>> fault_in({"text": "a calm film"})
    >>> fault_in(["\\ud800"])
    'the body has a NUL or half of a surrogate pair in a string; send plain text'
    """
    waiting = [(value, 1)]
    while waiting:
        part, depth = waiting.pop()
        if isinstance(part, str) and _UNUSABLE.search(part):
            return "the body has a NUL or half of a surrogate pair in a string; send plain text"
        if isinstance(part, dict | list):
            if depth > MAX_NESTING:
                return _NESTED
            inner = [*part, *part.values()] if isinstance(part, dict) else part
            waiting += [(one, depth + 1) for one in inner]
    return None


async def _body_within(receive: Receive) -> list[Message]:
    """The messages that carry the body. RefusedError as soon as it is too large."""
    received: list[Message] = []
    size = 0
    while True:
        message = await receive()
        received.append(message)
        size += len(message.get("body", b""))
        if size > MAX_BODY_BYTES:
            raise _too_large()
        if message["type"] != "http.request" or not message.get("more_body", False):
            return received


def _too_large() -> RefusedError:
    return RefusedError(413, f"the body is larger than {MAX_BODY_BYTES} bytes; send a smaller one")


def _replay(received: list[Message], receive: Receive) -> Receive:
    waiting = iter(received)

    async def replayed() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return replayed
