"""Errors as answers: ``{"error": {"message", "type"}}``, one line, never a traceback.

Also the size limit of request bodies, which Starlette does not have.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatrec.errors import ChatrecError, ModelError, shortened

MAX_BODY_BYTES = 64 * 1024

_log = logging.getLogger(__name__)


def problem(message: str, kind: str) -> dict[str, Any]:
    """The JSON object of an error."""
    return {"error": {"message": " ".join(message.split()), "type": kind}}


def answer(status: int, message: str, kind: str = "invalid_request_error") -> JSONResponse:
    """An error as a response."""
    return JSONResponse(problem(message, kind), status)


def of_chatrec(error: ChatrecError) -> JSONResponse:
    """400 for what the caller can mend, 503 where the model can't be reached or used."""
    if isinstance(error, ModelError):
        return answer(503, str(error), "model_error")
    return answer(400, str(error))


def add_handlers(app: FastAPI) -> None:
    """Makes every error of ``app`` answer in the one shape."""
    app.add_middleware(BodyLimit)

    @app.exception_handler(ChatrecError)
    async def on_chatrec(request: Request, error: ChatrecError) -> JSONResponse:
        return of_chatrec(error)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return answer(422, describe(error.errors()[0]))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        where = f"{request.method} {request.url.path}"
        return answer(error.status_code, f"{where}: {error.detail}; see /openapi.json")

    @app.exception_handler(Exception)
    async def on_bug(request: Request, error: Exception) -> JSONResponse:
        return answer(
            500, "chatrec failed on this request; the server's log says why", "internal_error"
        )


def describe(error: dict[str, Any]) -> str:
    """One line for one of pydantic's errors: where, what was received, what is allowed.

    >>> describe({"loc": ("body", "k"), "type": "le", "input": 99, "msg": "Input should be ..."})
    'k is 99; input should be ...; correct it and send the request again'
    """
    where = ".".join(str(part) for part in error["loc"] if part != "body")
    message = str(error["msg"]).removeprefix("Value error, ").replace(" after validation", "")
    message = re.sub(r"(?i)\btuple\b", "list", message)
    message = message[:1].lower() + message[1:]
    if error["type"] == "json_invalid":
        return 'the body is not valid JSON; send one JSON object, such as {"text": "a calm film"}'
    if error["type"] == "missing":
        return f"{where or 'the body'} is missing; it is required, add it"
    if error["type"] == "value_error":
        return f"{where}: {message}" if where else message
    if not where:
        return f"the body is {shortened(error['input'])}; send a JSON object as application/json"
    if error["type"] in {"model_type", "model_attributes_type", "dataclass_type"}:
        return f"{where} is {shortened(error['input'])}; give a JSON object"
    return (
        f"{where} is {shortened(error['input'])}; {message}; correct it and send the request again"
    )


class BodyLimit:
    """Refuses request bodies above ``MAX_BODY_BYTES`` with 413 before anything reads them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"POST", "PUT", "PATCH"}:
            await self._app(scope, receive, send)
            return
        received = await _body_within(scope, receive)
        if received is None:
            message = f"the body is larger than {MAX_BODY_BYTES} bytes; send a smaller one"
            await answer(413, message)(scope, receive, send)
            return
        await self._app(scope, _replay(received, receive), send)


async def _body_within(scope: Scope, receive: Receive) -> list[Message] | None:
    """The messages that carry the body; None as soon as it is seen to be too large."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > MAX_BODY_BYTES:
            return None
    received: list[Message] = []
    size = 0
    while True:
        message = await receive()
        received.append(message)
        size += len(message.get("body", b""))
        if size > MAX_BODY_BYTES:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return received


def _replay(received: list[Message], receive: Receive) -> Receive:
    waiting = iter(received)

    async def replayed() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return replayed
