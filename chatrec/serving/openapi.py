"""The OpenAPI document: what the routes don't say themselves.

That is how to send a key, what the parts are about, and the shapes of errors.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from chatrec.serving.answers import OpenAIErrorOut, ProblemOut, ReadyOut

ABOUT = """Recommendations in conversation: say what you feel like, get ranked items with reasons.

Without a key the server answers this machine alone. Errors are problem details (RFC 9457), those
of OpenAI's routes have OpenAI's shape; `detail` says what was wrong and what to do. Every answer
carries an `X-Request-Id`. docs/api.md shows each route at work."""
TAGS = (
    ("recommend", "Messages, answered with items"),
    ("OpenAI's shape", "The same for clients made for OpenAI's API"),
    ("feedback", "Verdicts on items"),
    ("sessions", "Conversations that were kept"),
    ("profile", "What holds in every conversation"),
    ("your data", "All that is kept of you, to take away or to erase"),
    ("operations", "For whoever runs the server"),
)
OPEN = ("/health", "/ready")


def described(app: FastAPI) -> None:
    """Has ``app.openapi()`` give the complete document, made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS],
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for model in (ProblemOut, OpenAIErrorOut, ReadyOut):
        schemas |= _schemas(model)
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["security"] = [] if path in OPEN else [{"key": []}, {}]
    return document


def _schemas(model: type[BaseModel]) -> dict[str, Any]:
    found = model.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = found.pop("$defs", {})
    return {**parts, model.__name__: found}
