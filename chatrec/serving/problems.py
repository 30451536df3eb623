"""Errors as answers: problem details (RFC 9457), and OpenAI's shape where OpenAI's clients ask.

One line each, never a traceback. Knows nothing about routes but which are OpenAI's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Scope

from chatrec.errors import (
    ChatrecError,
    ConflictError,
    DataError,
    ModelError,
    StorageError,
    shortened,
)
from chatrec.serving.headers import headers_for
from chatrec.serving.turns import BusyError

OPENAI_PATHS = ("/v1/chat/completions", "/v1/models")
STORAGE_RETRY_S = 5

_CODES: Mapping[int, str] = {
    400: "invalid_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "timed_out",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    421: "wrong_host",
    422: "invalid_request",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}
_OPENAI_TYPES: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}


class RefusedError(Exception):
    """An answer other than the one asked for: raised in a route, sent as a problem."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def answer(
    scope: Scope,
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    code: str | None = None,
) -> JSONResponse:
    """An error as the response that fits the request's path."""
    detail = " ".join(detail.split())
    code = _CODES.get(status, "error") if code is None else code
    if str(scope["path"]).startswith(OPENAI_PATHS):
        return JSONResponse(openai_error(status, detail, code), status, headers)
    record = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id(scope),
    }
    return JSONResponse(record, status, headers, media_type="application/problem+json")


def openai_error(status: int, message: str, code: str) -> dict[str, Any]:
    """The JSON object of an error in OpenAI's shape."""
    fallback = "invalid_request_error" if status < 500 else code
    kind = _OPENAI_TYPES.get(status, fallback)
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def request_id(scope: Scope) -> str | None:
    """The id under which the log has this request; None where no middleware gave one."""
    found = scope.get("state", {}).get("request_id")
    return found if isinstance(found, str) else None


def of_chatrec(scope: Scope, error: ChatrecError) -> JSONResponse:
    """4xx for what the caller can mend, 429 and 503 where trying again can help."""
    match error:
        case BusyError():
            status, code = (429, "too_many_requests") if error.own else (503, "busy")
            headers = {"Retry-After": str(error.retry_after_s)}
            return answer(scope, status, str(error), headers, code)
        case ModelError():
            return answer(scope, 503, str(error), code="model_error")
        case StorageError():
            headers = {"Retry-After": str(STORAGE_RETRY_S)}
            return answer(scope, 503, str(error), headers, "storage_error")
        case ConflictError():
            return answer(scope, 409, str(error))
        case DataError():  # what is stored is damaged
            return answer(scope, 500, str(error), code="damaged_data")
        case _:
            return answer(scope, 400, str(error))


def add_handlers(app: FastAPI) -> None:
    """Makes every error of ``app`` answer in the shape that its path has."""

    @app.exception_handler(ChatrecError)
    async def on_chatrec(request: Request, error: ChatrecError) -> JSONResponse:
        return of_chatrec(request.scope, error)

    @app.exception_handler(RefusedError)
    async def on_refused(request: Request, error: RefusedError) -> JSONResponse:
        return answer(request.scope, error.status, error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return answer(request.scope, 422, describe(error.errors()[0]))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        where = f"{request.method} {request.url.path}"
        detail = f"{where}: {error.detail}; see /openapi.json"
        return answer(request.scope, error.status_code, detail, error.headers)

    @app.exception_handler(Exception)
    async def on_bug(request: Request, error: Exception) -> JSONResponse:
        detail = "chatrec failed on this request; the server's log says why"
        # Sent from outside the middleware that gives all other answers their headers.
        return answer(request.scope, 500, detail, headers_for(request.scope))


def describe(error: dict[str, Any]) -> str:
    """One line for one of pydantic's errors: where, what was received, what is allowed.

    >>> describe({"loc": ("body", "k"), "type": "le", "input": 99, "msg": "Input should be ..."})
    'k is 99; input should be ...; correct it and send the request again'
    """
    where = ".".join(str(part) for part in error["loc"] if part not in ("body", "query", "path"))
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
