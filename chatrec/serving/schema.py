"""The JSON that goes in and out: request models, and a reply as one JSON object.

Unknown keys are refused everywhere. Knows nothing about routes or sessions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
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
from chatrec.conversation.sessions import MAX_TITLE_CHARS
from chatrec.conversation.state import constraints_from_dict
from chatrec.errors import RequestError, shortened
from chatrec.storage import FeedbackKind
from chatrec.types import Constraints, Example, Recommendation

MODEL_NAME = "chatrec"
MAX_TEXT_CHARS = 2_000  # of one message
MAX_TITLES = 1_000  # in one list of titles
MAX_VALUES = 100  # in one list of a hard limit
MAX_YEAR = 9_999
MAX_NUMBER = 1e12  # of prices and of numbers that have no effect


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


def _bounded(constraints: Constraints) -> Constraints:
    """The limits, if each is one that a catalogue could hold and a state can keep."""
    for field in fields(constraints):
        value = getattr(constraints, field.name)
        if isinstance(value, tuple):
            if len(value) > MAX_VALUES or any(len(text) > 200 for text in value):
                raise ValueError(
                    f"{field.name} has {len(value)} values; at most {MAX_VALUES} of up to 200 "
                    "characters are allowed"
                )
        elif value is not None:
            most = MAX_NUMBER if field.name == "price_max" else MAX_YEAR
            if not 0 <= value <= most:
                kind = "a finite number" if field.name == "price_max" else "a whole number"
                raise ValueError(
                    f"{field.name} is {shortened(value)}; it must be {kind} from 0 to {most:,.0f}"
                )
    try:
        constraints_from_dict(asdict(constraints))
    except RequestError as error:
        raise ValueError(str(error)) from error
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
SessionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]
Number = Annotated[float, Field(ge=-MAX_NUMBER, le=MAX_NUMBER, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
Long = Annotated[str, StringConstraints(max_length=60_000)]
Label = Annotated[str, StringConstraints(max_length=300)]
ContextValue = Label | Count | Number | bool | None
Limits = Annotated[
    Constraints,
    BeforeValidator(_only(*(field.name for field in fields(Constraints)))),
    AfterValidator(_bounded),
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

    ``session_id`` goes on with a conversation, or begins one under that id. ``constraints`` and
    ``examples`` belong to a conversation's first request, and so does ``user_id`` unless the key
    acts for users, when it comes with each. ``adapter`` names what tunes the decoder for this one
    message, of those that the server has loaded; else its first. Of an ``incognito`` conversation
    nothing is written down: it goes on, by its ``session_id``, until the server stops.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "a heist film with a twist",
                    "k": 3,
                    "liked": ["Heat"],
                    "constraints": {"year_min": 1990, "runtime_max": 130},
                }
            ]
        }
    )

    text: Text
    user_id: Id | None = None
    liked: Titles = ()
    disliked: Titles = ()
    seen: Titles = ()
    constraints: Limits | None = None
    examples: Annotated[tuple[Shot, ...], Field(min_length=1, max_length=8)] | None = None
    context: Annotated[dict[Label, ContextValue], Field(max_length=32)] | None = None
    k: K = 5
    session_id: SessionId | None = None
    incognito: Annotated[bool, Field(strict=True)] = False
    adapter: Label | None = None

    def ignored(self) -> list[str]:
        """Names of given fields that had no effect on the answer."""
        return ["context"] if self.context else []


class Whose(Body):
    """The query string where it is about one person's data; keys that act for users say whose."""

    user_id: Id | None = None


class Listed(Whose):
    """The query string of a list, newest first."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class MovedQuery(Whose):
    """The query string of what moved a list: which of the conversation's exchanges, from 0.

    None is the newest that has a list. ``incognito`` is said of a conversation that is.
    """

    exchange: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    incognito: bool = False


class TitleBody(Body):
    """``PATCH /v1/sessions/{session_id}``: what to call the conversation from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Heists for Friday"}]})

    title: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TITLE_CHARS)]


class FeedbackBody(Body):
    """``POST /v1/feedback``: a verdict on an item, under an ``event_id`` that the client makes up.

    With a ``session_id`` it changes that conversation's next turn, without one the profile.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"event_id": "e-20261126-1", "item_id": "arrival-2016", "kind": "like"}]
        }
    )

    event_id: Id
    item_id: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    kind: FeedbackKind
    session_id: SessionId | None = None
    user_id: Id | None = None


class ProfileBody(Body):
    """``PATCH /v1/profile``: the fields to put in place of what is kept; null empties one.

    ``version`` is that of the profile which was read: with it nothing is changed if somebody
    else has changed the profile since.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"liked": ["Arrival"], "constraints": {"genres_none": ["Horror"]}}]
        }
    )

    liked: Titles | None = None
    disliked: Titles | None = None
    seen: Titles | None = None
    constraints: Limits | None = None
    version: Annotated[str, StringConstraints(max_length=100)] | None = None


class TextPart(Body):
    """A piece of a message's content."""

    type: Literal["text"]
    text: Long


Parts = Annotated[tuple[TextPart, ...], Field(max_length=100)]


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
        raise ValueError(f"it is {shortened(content)}; give a string, or a list of text parts")
    for part in content if isinstance(content, list) else ():
        kind = part.get("type") if isinstance(part, dict) else part
        if kind != "text":
            raise ValueError(f"it has a part of type {shortened(kind)}; only 'text' can be read")
    return content


class ChatMessage(OpenAIBody):
    """A message of the replayed conversation; ``recommendations`` may be sent back as they came."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[Long | Parts | None, BeforeValidator(_readable)] = None
    name: Label | None = None
    refusal: Long | None = None
    recommendations: Annotated[list[dict[str, Any]], Field(max_length=50)] | None = None

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

    ``model`` is "chatrec", or "chatrec:NAME" for the adapter of that name. ``talk``: the
    assistant's messages are somebody else's, who recommends too; they are read as well.
    Sampling options and bookkeeping are accepted so that common clients work; they have no
    effect, which the answer says under ``ignored``.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL_NAME,
                    "messages": [{"role": "user", "content": "a western without Clint Eastwood"}],
                }
            ]
        }
    )

    messages: Annotated[tuple[ChatMessage, ...], Field(min_length=1, max_length=200)]
    model: Label = MODEL_NAME
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] = 1
    k: K = 5
    user_id: Id | None = None
    talk: bool = False
    user: Label | None = None
    temperature: Number | None = None
    top_p: Number | None = None
    seed: Count | None = None
    max_tokens: Count | None = None
    max_completion_tokens: Count | None = None
    presence_penalty: Number | None = None
    frequency_penalty: Number | None = None
    stop: Label | Annotated[tuple[Label, ...], Field(max_length=16)] | None = None
    logit_bias: Annotated[dict[Label, Number], Field(max_length=1_000)] | None = None
    metadata: Annotated[dict[Label, Label], Field(max_length=16)] | None = None
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
