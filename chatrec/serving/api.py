"""The HTTP interface: translates requests into calls of a built recommender, and replies into JSON.

Knows nothing about how the recommender was put together. The chat page is mounted at ``/``.
"""

from __future__ import annotations

import logging
import socket
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from itertools import chain
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import iterate_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse

from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.sessions import MemorySessions, SessionStore
from chatrec.conversation.state import DialogueState
from chatrec.errors import RequestError
from chatrec.serving import ui
from chatrec.serving.completions import Completions
from chatrec.serving.problems import add_handlers, answer
from chatrec.serving.schema import MODEL_NAME, ChatBody, RecommendBody, reply_json
from chatrec.serving.turns import Hurried, Turns
from chatrec.settings import Settings

MODEL_CREATED = 1_764_028_800  # seconds since 1970; OpenAI's shape wants one


def create_app(
    recommender: Recommender, settings: Settings, sessions: SessionStore | None = None
) -> FastAPI:
    """The application: ``/v1/...``, ``/health``, ``/ready``, and the chat page at ``/``.

    ``sessions`` keeps the conversations of ``/v1/recommend``; in memory where none is given.
    """
    turns = Turns(recommender)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        turns.warm_up()
        yield
        turns.close()

    app = FastAPI(title="chatrec", lifespan=lifespan, docs_url=None, redoc_url=None)
    add_handlers(app)
    _add_recommend(app, turns, MemorySessions() if sessions is None else sessions)
    _add_completions(app, Completions(turns))
    _add_status(app, recommender, settings)
    _add_unknown(app)
    return ui.mount(app, turns)


def serve(recommender: Recommender, host: str, port: int) -> None:
    """Serves until interrupted, and prints the address once it is answering.

    Port 0 takes a free one. Raises RequestError where the address can't be used.
    """
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                sys.stdout.write(f"chatrec is answering at {address}\n")
                sys.stdout.flush()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Open pages hold a connection each; that these are cut now is no error to log.
            log = logging.getLogger("uvicorn.error")
            level = log.level
            log.setLevel(logging.CRITICAL)
            await super().shutdown(sockets)
            log.setLevel(level)

    with _listening(host, port) as listener:
        bound_port = listener.getsockname()[1]
        address = f"http://{f'[{host}]' if ':' in host else host}:{bound_port}"
        app = create_app(recommender, Settings(host=host, port=port or bound_port))
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
        with suppress(KeyboardInterrupt):  # the way to end it
            Announcing(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise RequestError(
            f"cannot listen on {host} port {port} ({error}); "
            "choose a free port with --port and an address of this machine with --host"
        ) from error


def _add_recommend(app: FastAPI, turns: Turns, sessions: SessionStore) -> None:
    @app.post("/v1/recommend")
    def recommend(body: RecommendBody) -> JSONResponse:
        session_id = uuid.uuid4().hex if body.session_id is None else body.session_id

        def answer(hurried: Hurried) -> Iterator[Reply]:
            state = _state_for(body, turns.recommender, sessions.get(session_id))
            for reply in turns.recommender.stream(body.text, state, body.k, hurried=hurried):
                yield reply
            sessions.put(session_id, reply.state)

        *_, reply = turns.begin(answer).replies()
        ignored = body.ignored()
        result = reply_json(reply) | {"session_id": session_id}
        return JSONResponse(result | ({"ignored": ignored} if ignored else {}))


def _state_for(
    body: RecommendBody, recommender: Recommender, stored: DialogueState | None
) -> DialogueState:
    """A new state, or the stored one with what this request names as liked, disliked and seen."""
    if stored is None:
        return recommender.start(
            user_id=body.user_id,
            liked=body.liked,
            disliked=body.disliked,
            seen=body.seen,
            examples=() if body.examples is None else body.examples,
            constraints=body.constraints,
        )
    for name in ("user_id", "constraints", "examples"):
        if getattr(body, name) is not None:
            raise RequestError(
                f"{name} was given, but session {body.session_id!r} has already begun; "
                "send it with the first request of a session, or use a new session_id"
            )
    named = recommender.start(liked=body.liked, disliked=body.disliked, seen=body.seen)
    for item_id in named.liked:
        stored = stored.with_feedback(item_id, "like")
    for item_id in named.disliked:
        stored = stored.with_feedback(item_id, "dislike")
    return replace(stored, seen=tuple(dict.fromkeys((*stored.seen, *named.seen))))


def _add_completions(app: FastAPI, completions: Completions) -> None:
    @app.post("/v1/chat/completions", response_model=None)
    def chat(body: ChatBody) -> JSONResponse | StreamingResponse:
        if body.model != MODEL_NAME:
            return _no_model(body.model)
        if not body.stream:
            return JSONResponse(completions.complete(body))
        events = completions.events(body)
        first = next(events)  # raises here, before the answer has begun
        return StreamingResponse(
            _sent(chain((first,), events)),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-cache"},
        )

    model = {
        "id": MODEL_NAME,
        "object": "model",
        "created": MODEL_CREATED,
        "owned_by": "chatrec",
    }

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [model]}

    @app.get("/v1/models/{name}", response_model=None)
    async def one_model(name: str) -> dict[str, Any] | JSONResponse:
        return model if name == MODEL_NAME else _no_model(name)


def _no_model(name: str) -> JSONResponse:
    message = f"model is {name[:80]!r}; this server has {MODEL_NAME!r}, name that or none"
    return answer(404, message)


async def _sent(events: Iterator[str | None]) -> AsyncIterator[str]:
    """The events without the pauses between them: at a pause a lost client ends the answer."""
    async for event in iterate_in_threadpool(events):
        if event is not None:
            yield event


def _add_status(app: FastAPI, recommender: Recommender, settings: Settings) -> None:
    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready")
    async def ready() -> dict[str, Any]:
        return {
            "status": "ready",
            "items": len(recommender.catalog),
            "domain": recommender.catalog.domain,
            "decoder": _decoder_name(settings),
        }


def _decoder_name(settings: Settings) -> str:
    if settings.model is None:
        return "default"
    return "remote" if "://" in settings.model else settings.model  # an address may hold a secret


def _add_unknown(app: FastAPI) -> None:
    """Answers for every other path under /v1, which would otherwise reach the page."""
    known = ("POST /v1/recommend", "POST /v1/chat/completions", "GET /v1/models")

    @app.api_route(
        "/v1/{path:path}",
        methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        include_in_schema=False,
    )
    async def unknown(path: str, request: Request) -> JSONResponse:
        right = [route for route in known if route.endswith(f" /v1/{path}")]
        status = 405 if right else 404
        allowed = ", ".join(right or known)
        return answer(status, f"there is no {request.method} /v1/{path}; allowed: {allowed}")
