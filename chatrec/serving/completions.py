"""OpenAI's chat completions over a recommender: the messages list is the conversation.

The state of a conversation is rebuilt by replaying what the user said; in a talk with somebody else
the answers are read too. Rebuilt states are kept, in memory, by those words and their owner, so
that going on with a conversation does not replay all of it again; nothing is written down.
"""

from __future__ import annotations

import json
import time
import uuid
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.state import DialogueState
from chatrec.errors import ChatrecError
from chatrec.serving.answers import ModelOut, ModelsOut, responses
from chatrec.serving.haste import Haste
from chatrec.serving.identity import Caller, caller_of
from chatrec.serving.metrics import Metrics
from chatrec.serving.problems import RefusedError, openai_error
from chatrec.serving.recommending import LEFT, TICK_S, history_user, last_reply
from chatrec.serving.schema import MODEL_NAME, ChatBody, recommendation_json
from chatrec.serving.turns import Turn, Turns

EVENT = {
    "type": "object",
    "description": "data is a chat.completion.chunk as JSON, in the last event [DONE]",
    "properties": {"data": {"type": "string"}},
    "required": ["data"],
}
MODEL_CREATED = 1_764_028_800  # seconds since 1970; OpenAI's shape wants one
MOST_REPLAYED = 1_000

Gone = Callable[[], Awaitable[bool]]
Exchange = tuple[str, str]  # a message of the user's ("": none yet), and its answer or ""
Said = Sequence[Exchange]


class Completions:
    """Answers chat completion requests, complete or streamed; to be used from one event loop."""

    def __init__(self, turns: Turns, metrics: Metrics) -> None:
        self._turns = turns
        self._metrics = metrics
        self._replayed: OrderedDict[str, DialogueState] = OrderedDict()

    async def complete(self, body: ChatBody, caller: Caller, gone: Gone) -> dict[str, Any]:
        """A ``chat.completion`` object with ``recommendations`` in its message."""
        reply = await last_reply(await self._asked(body, caller, gone), gone)
        self._keep(body, caller, reply)
        shown = [recommendation_json(r) for r in reply.recommendations]
        message = {
            "role": "assistant",
            "content": "\n".join(parts(reply)),
            "recommendations": shown,
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return (
            _envelope("chat.completion", body.model) | {"choices": [choice]} | _notes(body, shown)
        )

    async def events(self, body: ChatBody, caller: Caller, gone: Gone) -> AsyncGenerator[str]:
        """Server-sent ``chat.completion.chunk`` events, then ``[DONE]``.

        The first event is made only after the first reply, so that a refused request raises before
        anything was sent; a later error is sent as an event. Ends, and the turn with it, when the
        iterator is closed or ``gone`` says that nobody listens.
        """
        envelope = _envelope("chat.completion.chunk", body.model)
        reply: Reply | None = None
        sent = 0
        with await self._asked(body, caller, gone) as turn:
            try:
                async for found in turn.follow(TICK_S):
                    if found is None:
                        if await gone():
                            raise RefusedError(LEFT, "the client went away")
                        continue
                    if reply is None:
                        yield _event(envelope, {"role": "assistant", "content": ""})
                    reply = found
                    for part in _settled(reply)[sent:]:
                        yield _event(envelope, {"content": "\n" + part if sent else part})
                        sent += 1
            except ChatrecError as error:
                if reply is None:
                    raise
                yield f"data: {json.dumps(openai_error(503, str(error), 'model_error'))}\n\n"
            else:
                assert reply is not None
                self._keep(body, caller, reply)
                shown = [recommendation_json(r) for r in reply.recommendations]
                notes = _notes(body, shown)
                yield _event(envelope | notes, {"recommendations": shown}, finish_reason="stop")
        yield "data: [DONE]\n\n"

    async def _asked(self, body: ChatBody, caller: Caller, gone: Gone) -> Turn:
        said = _said(body)
        state = await self._state_after(said, body, caller, gone)
        last = body.user_texts()[-1]
        owner = caller.subject(body.user_id)
        return self._turns.say(last, state, body.k, owner, adapter_in(body.model))

    def _keep(self, body: ChatBody, caller: Caller, reply: Reply) -> None:
        if not body.talk:  # in a talk somebody else answers
            said = [*_said(body), (body.user_texts()[-1], "")]
            self._remember(_key(body, caller, said), reply.state)

    def _remember(self, key: str, state: DialogueState) -> None:
        self._replayed[key] = state
        if len(self._replayed) > MOST_REPLAYED:
            self._replayed.popitem(last=False)

    async def _state_after(
        self, said: Said, body: ChatBody, caller: Caller, gone: Gone
    ) -> DialogueState:
        """The state once all that was ``said``: from the longest kept beginning onward."""
        owner = caller.subject(body.user_id)  # who may not name this user learns nothing of them
        state = None
        done = len(said)
        while done and state is None:
            state = self._replayed.get(_key(body, caller, said[:done]))
            done -= state is None
        if said:
            self._metrics.replayed(kept=done == len(said))
        if state is None:
            recommender = self._turns.recommender
            user = await run_in_threadpool(history_user, recommender, body.user_id, caller)
            state = await run_in_threadpool(partial(recommender.start, user_id=user))
        for count in range(done, len(said)):
            one = self._overheard if body.talk else self._first
            first = partial(one, said[count], state, body)
            state = (await last_reply(self._turns.begin(first, owner), gone)).state
            self._remember(_key(body, caller, said[: count + 1]), state)
        return replace(state, talk=True) if body.talk else state

    def _first(
        self, said: Exchange, state: DialogueState, body: ChatBody, haste: Haste
    ) -> Iterator[Reply]:
        """The ranked list. It decides the state; reasons, which take longest, are not asked for."""
        recommender = self._turns.recommender.tuned_by(adapter_in(body.model))
        yield next(recommender.stream(said[0], state, body.k, hurried=haste))

    def _overheard(
        self, said: Exchange, state: DialogueState, body: ChatBody, haste: Haste
    ) -> Iterator[Reply]:
        """Somebody else's answer as one of ours that goes no further: only its state counts."""
        (text, answer), recommender = said, self._turns.recommender
        if text:
            state = recommender.overheard(text, answer, state)
        else:  # they spoke first
            named = recommender.understanding.named_in(answer, state.language)
            state = state.with_reply(answer, named)
        yield Reply(answer, "fusion", (), state, (), {}, complete=False)


def add_completions(app: FastAPI, completions: Completions, recommender: Recommender) -> None:
    """The routes of OpenAI's shape, with errors of that shape."""
    names = model_names(recommender)
    _add_models(app, names)
    media: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}}
    media["text/event-stream"] = {"schema": EVENT}
    found = {"description": "a completion, or its events where it is streamed", "content": media}

    @app.post(
        "/v1/chat/completions",
        tags=["OpenAI's shape"],
        response_model=None,
        responses=responses(found, 400, 404, 408, 413, 415, 422, 429, 503, openai=True),
    )
    async def chat(body: ChatBody, request: Request) -> JSONResponse | StreamingResponse:
        """A chat completion over the whole list of messages, streamed where asked for."""
        caller = caller_of(request)
        if body.model not in names:
            raise _no_model(body.model, names)
        if not body.stream:
            answer = await completions.complete(body, caller, request.is_disconnected)
            return JSONResponse(answer)
        events = completions.events(body, caller, request.is_disconnected)
        first = await anext(events)  # raises here, before the answer has begun
        return StreamingResponse(
            _joined(first, events),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


def _add_models(app: FastAPI, names: Sequence[str]) -> None:
    @app.get(
        "/v1/models",
        tags=["OpenAI's shape"],
        responses=responses(ModelsOut, openai=True),
    )
    async def models() -> dict[str, Any]:
        """The recommender, and the recommender by each adapter that is loaded."""
        return {"object": "list", "data": [_model(name) for name in names]}

    @app.get(
        "/v1/models/{name}",
        tags=["OpenAI's shape"],
        responses=responses(ModelOut, 404, 422, openai=True),
    )
    async def one_model(name: Annotated[str, Path(max_length=300)]) -> dict[str, Any]:
        """The model, if there is one that is called so."""
        if name not in names:
            raise _no_model(name, names)
        return _model(name)


def model_names(recommender: Recommender) -> tuple[str, ...]:
    """What clients may name: the recommender, and with each of its adapters."""
    return (MODEL_NAME, *(f"{MODEL_NAME}:{name}" for name in recommender.adapters))


def adapter_in(model: str) -> str | None:
    """The adapter that a model's name names, None for none."""
    return model.partition(":")[2] or None


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": MODEL_CREATED, "owned_by": "chatrec"}


def _no_model(name: str, names: Sequence[str]) -> RefusedError:
    known = ", ".join(map(repr, names))
    return RefusedError(404, f"model is {name[:80]!r}; this server has {known}, name one or none")


async def _joined(first: str, events: AsyncGenerator[str]) -> AsyncIterator[str]:
    async with aclosing(events):
        yield first
        async for event in events:
            yield event


def parts(reply: Reply) -> list[str]:
    """The reply in lines: its text, then one numbered line an item."""
    lines = [
        f"{r.rank}. {r.item.label}" + (f": {r.rationale}" if r.rationale else "")
        for r in reply.recommendations
    ]
    return [reply.text, *lines]


def _settled(reply: Reply) -> list[str]:
    """The lines that later snapshots will not change: up to the first reason still missing."""
    lines = parts(reply)
    if reply.complete:
        return lines
    ready = 0
    while ready < len(reply.recommendations) and reply.recommendations[ready].rationale:
        ready += 1
    return lines[: ready + 1]


def _said(body: ChatBody) -> Said:
    """What was said before the last message, in a talk with what was answered to each message."""
    said: list[tuple[str, list[str]]] = [("", [])]
    for message in body.messages[:-1]:
        if message.role == "user":
            said.append((message.text, []))
        elif message.role == "assistant" and body.talk:
            said[-1][1].append(message.text)
    return [(text, "\n".join(answers)) for text, answers in said if text or any(answers)]


def _key(body: ChatBody, caller: Caller, said: Said) -> str:
    return json.dumps([caller.owner, body.user_id, body.k, body.model, body.talk, said])


def _envelope(kind: str, model: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


def _notes(body: ChatBody, shown: list[dict[str, Any]]) -> dict[str, Any]:
    ignored = body.ignored()
    return {"recommendations": shown} | ({"ignored": ignored} if ignored else {})


def _event(
    envelope: dict[str, Any], delta: dict[str, Any], finish_reason: str | None = None
) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return f"data: {json.dumps(envelope | {'choices': [choice]})}\n\n"
