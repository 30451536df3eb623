"""What the HTTP interface answers with: its JSON, and the models that describe it in OpenAPI.

Knows nothing about routes. What one turn answers is in :mod:`chatrec.serving.schema`, as the
command line prints it too.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from chatrec.conversation.sessions import Exchange, Session, SessionEntry
from chatrec.types import LedBy, RationaleBy


class EvidenceOut(BaseModel):
    """One fact that supports an item."""

    kind: str
    text: str
    source: str


class RecommendationOut(BaseModel):
    """One shown item; ``rank`` starts at 1."""

    item_id: str
    title: str
    rank: int
    score: float
    rationale: str
    rationale_by: RationaleBy
    evidence: list[EvidenceOut]


class ReplyOut(BaseModel):
    """The answer of ``POST /v1/recommend``; ``ignored`` names what had no effect on it."""

    reply: str
    led_by: LedBy
    recommendations: list[RecommendationOut]
    state: dict[str, Any] = Field(description="what the conversation has come to")
    timings_ms: dict[str, float]
    session_id: str
    ignored: list[str] | None = None


class EntryOut(BaseModel):
    """A conversation as a list shows it; times are ISO 8601 in UTC."""

    session_id: str
    title: str
    created: str
    updated: str
    exchanges: int = Field(description="messages from the user")


class SessionsOut(BaseModel):
    """Conversations, the one written last first; ``next_offset`` is null at the end."""

    sessions: list[EntryOut]
    next_offset: int | None


class ExchangeOut(BaseModel):
    """A message and its answer."""

    said: str
    reply: str
    led_by: LedBy
    at: str
    recommendations: list[RecommendationOut]


class SessionOut(BaseModel):
    """A conversation with what was said in it, oldest first, and what it has come to."""

    session_id: str
    title: str
    created: str
    updated: str
    exchanges: list[ExchangeOut]
    state: dict[str, Any]


class MoverOut(BaseModel):
    """A title that was left out, and what the listed item gains by it (below 0: loses)."""

    item_id: str
    title: str
    gain: float


class MovedItemOut(BaseModel):
    """A listed item with what moved it, the strongest first, and that in words."""

    item_id: str
    title: str
    movers: list[MoverOut]
    told: str


class MovedOut(BaseModel):
    """Which of the user's last titles moved the items of a list."""

    session_id: str
    exchange: int = Field(description="its place in the conversation's exchanges, from 0")
    led_by: LedBy
    measure: Literal["log_probability", "places"] | None = Field(
        description="the unit of gain: of the item head's, natural, or places in the order; null "
        "where what moved this list can't be measured"
    )
    share: float = Field(description="the item head's part in an order that it led, 0 to 1")
    items: list[MovedItemOut]


class DeletedOut(BaseModel):
    """How many conversations were deleted."""

    deleted: int


class FeedbackOut(BaseModel):
    """The verdict is kept: since now ("stored"), or by an earlier try ("already")."""

    event_id: str
    status: Literal["stored", "already"]


class ProfileOut(BaseModel):
    """What holds in every conversation; ``version`` is "" where nothing is kept yet."""

    liked: list[str]
    disliked: list[str]
    seen: list[str]
    constraints: dict[str, Any]
    version: str
    updated: str | None


class HealthOut(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class ReadyOut(BaseModel):
    """Whether messages are answered at once; anything but "ready" comes with 503."""

    status: Literal["ready", "warming", "failed", "closing"]
    items: int = Field(description="in the catalogue")
    domain: str
    decoder: Literal["default", "local", "remote"]
    encoder: Literal["base", "tuned"] = Field(
        description="what reads wishes: the embedding model as it is, or tuned by an adapter"
    )
    database: Literal["sqlite", "postgresql"]


class ModelOut(BaseModel):
    """A model in OpenAI's shape."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsOut(BaseModel):
    """The list of models in OpenAI's shape."""

    object: Literal["list"]
    data: list[ModelOut]


class ProblemOut(BaseModel):
    """An error as problem details (RFC 9457): ``detail`` says what was wrong and what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None


class OpenAIErrorPart(BaseModel):
    """What was wrong and what to do."""

    message: str
    type: str
    param: str | None
    code: str


class OpenAIErrorOut(BaseModel):
    """An error in OpenAI's shape."""

    error: OpenAIErrorPart


Responses = dict[int | str, dict[str, Any]]
_WHEN = {
    400: "a value that the server can't work with, such as an unknown title",
    401: "no key, or one that isn't valid",
    403: "a key that may not do this, or a page of another site",
    404: "nothing of yours has this id",
    408: "the body did not arrive in time",
    409: "something else was stored meanwhile, or under this event_id",
    413: "the body is too large",
    415: "the body is not JSON in UTF-8, or is compressed",
    421: "the Host is not this server's",
    422: "a field is missing, unknown or out of its bounds",
    429: "too many of your messages are waiting; Retry-After says when to try again",
    503: "busy, closing, or something it needs can't be reached; Retry-After may say when",
}


def responses(
    found: type[BaseModel] | dict[str, Any] | None, *statuses: int, openai: bool = False
) -> Responses:
    """A route's answers for its OpenAPI entry: what it finds, and its errors.

    ``found`` is the model or the description of 200, or None for a route that answers 204. Errors
    that every route can have needn't be named.
    """
    media = "application/json" if openai else "application/problem+json"
    model = "OpenAIErrorOut" if openai else "ProblemOut"
    schema = {"$ref": f"#/components/schemas/{model}"}
    errors: Responses = {
        status: {"description": _WHEN[status], "content": {media: {"schema": schema}}}
        for status in sorted({401, 403, 421, *statuses})
    }
    if found is None:
        return errors
    return {200: found if isinstance(found, dict) else {"model": found}} | errors


def entry_json(entry: SessionEntry) -> dict[str, Any]:
    """A conversation as ``GET /v1/sessions`` lists it."""
    return {
        "session_id": entry.session_id,
        "title": entry.title,
        "created": entry.created.isoformat(),
        "updated": entry.updated.isoformat(),
        "exchanges": entry.exchanges,
    }


def session_json(session: Session, exchanges: tuple[Exchange, ...]) -> dict[str, Any]:
    """A conversation as ``GET /v1/sessions/{session_id}`` gives it."""
    return {
        "session_id": session.session_id,
        "title": session.title,
        "created": session.created.isoformat(),
        "updated": session.updated.isoformat(),
        "exchanges": [_exchange_json(exchange) for exchange in exchanges],
        "state": session.state.to_dict(),
    }


def _exchange_json(exchange: Exchange) -> dict[str, Any]:
    shown = [
        {
            "item_id": item.item_id,
            "title": item.title,
            "rank": item.rank,
            "score": item.score,
            "rationale": item.rationale,
            "rationale_by": item.rationale_by,
            "evidence": [
                {"kind": fact.kind, "text": fact.text, "source": fact.source}
                for fact in item.evidence
            ],
        }
        for item in exchange.shown
    ]
    return {
        "said": exchange.said,
        "reply": exchange.reply,
        "led_by": exchange.led_by,
        "at": exchange.at.isoformat(),
        "recommendations": shown,
    }
