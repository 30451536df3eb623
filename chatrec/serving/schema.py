"""The JSON that goes in and out: request models, and a reply as one JSON object.

Unknown keys are refused everywhere. Knows nothing about routes or sessions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from chatrec.conversation.recommender import Reply
from chatrec.types import Constraints, Example, Recommendation

MODEL_NAME = "chatrec"
MAX_TEXT_CHARS = 2_000  # of one message
MAX_TITLES = 1_000  # in one list of titles


def reply_json(reply: Reply) -> dict[str, Any]:
    """The reply as JSON values: what ``--json`` prints and ``/v1/recommend`` answers."""
    return {
        "reply": reply.text,
        "led_by": reply.led_by,
        "recommendations": [recommendation_json(r) for r in reply.recommendations],
        "state": reply.state.to_dict(),
        "timings_ms": {name: round(float(ms), 1) for name, ms in reply.timings_ms.items()},
    }


def recommendation_json(recommendation: Recommendation) -> dict[str, Any]:
    """One shown item with its reason and the evidence behind it."""
    return {
        "item_id": recommendation.item.item_id,
        "title": recommendation.item.title,
        "rank": recommendation.rank,
        "score": float(recommendation.score),
        "rationale": recommendation.rationale,
        "rationale_by": recommendation.rationale_by,
        "evidence": [
            {"kind": fact.kind, "text": fact.text, "source": fact.source}
            for fact in recommendation.evidence
        ],
    }


def _only(*allowed: str) -> Callable[[Any], Any]:
    """A check that an object has no other keys, with a message that lists the allowed ones."""

    def check(record: Any) -> Any:
        unknown = [key for key in record if key not in allowed] if isinstance(record, dict) else []
        if unknown:
            raise ValueError(f"unknown key {unknown[0]!r}; allowed are {', '.join(allowed)}")
        return record

    return check


def _finite(constraints: Constraints) -> Constraints:
    if constraints.price_max is not None and not math.isfinite(constraints.price_max):
        raise ValueError(f"price_max is {constraints.price_max}; it must be a finite number")
    return constraints


def _short_example(example: Example) -> Example:
    if not 1 <= len(example.history) <= 50:
        raise ValueError(f"history has {len(example.history)} entries; allowed are 1 to 50")
    return example


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty; say in your own words what you are looking for")
    return text


Text = Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARS), AfterValidator(_said)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Titles = Annotated[tuple[Title, ...], Field(max_length=MAX_TITLES)]
K = Annotated[int, Field(strict=True, ge=1, le=50)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Limits = Annotated[
    Constraints,
    BeforeValidator(_only(*(field.name for field in fields(Constraints)))),
    AfterValidator(_finite),
]
Shot = Annotated[
    Example, BeforeValidator(_only("history", "choice")), AfterValidator(_short_example)
]


class Body(BaseModel):
    """Base of the request models: names the allowed keys where an unknown one comes in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, record: Any) -> Any:
        return _only(*cls.model_fields)(record)


class RecommendBody(Body):
    """``POST /v1/recommend``. Titles may be item ids; ``constraints`` are hard limits.

    ``session_id`` goes on with a conversation, or begins one under that id. ``user_id``,
    ``constraints`` and ``examples`` belong to a conversation's first request.
    """

    text: Text
    user_id: Id | None = None
    liked: Titles = ()
    disliked: Titles = ()
    seen: Titles = ()
    constraints: Limits | None = None
    examples: Annotated[tuple[Shot, ...], Field(min_length=1, max_length=8)] | None = None
    context: dict[str, str | int | float | bool | None] | None = None
    k: K = 5
    session_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")] | None = None

    def ignored(self) -> list[str]:
        """Names of given fields that had no effect on the answer."""
        return ["context"] if self.context else []


class TextPart(Body):
    """A piece of a message's content."""

    type: Literal["text"]
    text: str


class OpenAIBody(Body):
    """Base of what OpenAI's clients send: a key that they leave null says nothing."""

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, record: Any) -> Any:
        if isinstance(record, dict):
            record = {key: value for key, value in record.items() if value is not None}
        return _only(*cls.model_fields)(record)


def _readable(content: Any) -> Any:
    if not isinstance(content, str | list):
        raise ValueError(f"it is {content!r}; give a string, or a list of text parts")
    for part in content if isinstance(content, list) else ():
        kind = part.get("type") if isinstance(part, dict) else part
        if kind != "text":
            raise ValueError(f"it has a part of type {kind!r}; only 'text' can be read")
    return content


class ChatMessage(OpenAIBody):
    """A message of the replayed conversation; ``recommendations`` may be sent back as they came."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str | tuple[TextPart, ...] | None, BeforeValidator(_readable)] = None
    name: str | None = None
    refusal: str | None = None
    recommendations: list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The content as one string."""
        if isinstance(self.content, tuple):
            return "\n".join(part.text for part in self.content)
        return "" if self.content is None else self.content


class StreamOptions(Body):
    """OpenAI's options of a stream."""

    include_usage: bool = False


class ChatBody(OpenAIBody):
    """``POST /v1/chat/completions`` in OpenAI's shape, with ``k`` and ``user_id`` added.

    Sampling options and bookkeeping are accepted so that common clients work; they have no
    effect, which the answer says under ``ignored``.
    """

    messages: Annotated[tuple[ChatMessage, ...], Field(min_length=1, max_length=200)]
    model: str = MODEL_NAME
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] = 1
    k: K = 5
    user_id: Id | None = None
    user: str | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    stop: str | tuple[str, ...] | None = None
    logit_bias: dict[str, float] | None = None
    metadata: dict[str, str] | None = None
    store: bool | None = None

    @model_validator(mode="after")
    def _users_speak(self) -> ChatBody:
        if self.messages[-1].role != "user":
            raise ValueError(
                f"the last message is from {self.messages[-1].role!r}; it must be from 'user'"
            )
        for text in self.user_texts():
            if len(text) > MAX_TEXT_CHARS:
                raise ValueError(
                    f"a message has {len(text)} characters; at most {MAX_TEXT_CHARS} are allowed"
                )
            if not text.strip():
                raise ValueError(
                    "a message from 'user' is empty; say in your own words what you look for"
                )
        return self

    def user_texts(self) -> tuple[str, ...]:
        """What the user said, oldest first; never empty."""
        return tuple(message.text for message in self.messages if message.role == "user")

    def ignored(self) -> list[str]:
        """Names of given fields, and roles of given messages, that had no effect."""
        without_effect = (
            "user",
            "temperature",
            "top_p",
            "seed",
            "max_tokens",
            "max_completion_tokens",
            "presence_penalty",
            "frequency_penalty",
            "stop",
            "logit_bias",
            "metadata",
            "store",
        )
        given = [name for name in without_effect if getattr(self, name) is not None]
        if self.stream_options is not None and self.stream_options.include_usage:
            given.append("stream_options.include_usage")
        roles = {message.role for message in self.messages} & {"system", "developer"}
        return given + [f"{role} messages" for role in sorted(roles)]
