"""``POST /v1/recommend``: one turn of a conversation that is kept between requests.

Conversations of an owner are kept in the storage, incognito ones in memory. Knows nothing about
who may ask.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.sessions import NEW, MemorySessions, Session, SessionStore, exchange_of
from chatrec.conversation.state import DialogueState
from chatrec.errors import ConflictError, RequestError
from chatrec.serving.answers import ReplyOut, responses
from chatrec.serving.haste import Haste
from chatrec.serving.identity import Caller, caller_of
from chatrec.serving.keeping import with_verdicts, within
from chatrec.serving.problems import RefusedError
from chatrec.serving.schema import RecommendBody, reply_json
from chatrec.serving.standing import read_standing, with_standing
from chatrec.serving.turns import Turn, Turns
from chatrec.storage import Storage

TICK_S = 0.25  # how often somebody who waits is asked whether they still do
LEFT = 499  # nginx's number for a client that did not wait


class Recommending:
    """Answers messages of conversations that it keeps."""

    def __init__(self, turns: Turns, storage: Storage) -> None:
        self._turns = turns
        self._storage = storage
        self.incognito = MemorySessions()  # conversations that are never written down

    async def answer(
        self, body: RecommendBody, caller: Caller, gone: Callable[[], Awaitable[bool]]
    ) -> dict[str, Any]:
        """The reply's JSON, kept before it is given. RefusedError once ``gone`` says so."""
        owner = caller.subject(body.user_id)
        self._turns.recommender.tuned_by(body.adapter)  # refused before it waits
        session_id = secrets.token_hex(16) if body.session_id is None else body.session_id

        def turn(haste: Haste) -> Iterator[Reply]:
            return self._turn(body, caller, owner, session_id, haste)

        conversation = (owner, session_id, body.incognito)
        reply = await last_reply(self._turns.begin(turn, owner, conversation), gone)
        ignored = body.ignored()
        answer = reply_json(reply) | {"session_id": session_id}
        return answer | ({"ignored": ignored} if ignored else {})

    def _turn(
        self, body: RecommendBody, caller: Caller, owner: str, session_id: str, haste: Haste
    ) -> Iterator[Reply]:
        store: SessionStore = self.incognito if body.incognito else self._storage.sessions
        session = store.get(owner, session_id)
        if session is None and caller.anonymous and body.session_id is not None:
            raise RefusedError(
                404, f"there is no session {session_id!r}; leave session_id out to begin one"
            )
        state = self._state(body, caller, owner, session)
        recommender = self._turns.recommender.tuned_by(body.adapter)
        for reply in recommender.stream(body.text, state, body.k, hurried=haste):
            yield reply
        if not haste.gone:
            _keep(store, owner, session_id, session, body.text, reply)

    def _state(
        self, body: RecommendBody, caller: Caller, owner: str, session: Session | None
    ) -> DialogueState:
        """A new state, or the stored one with what this request names as liked, disliked, seen."""
        recommender = self._turns.recommender
        if session is None:
            state = recommender.start(
                user_id=history_user(recommender, body.user_id, caller),
                liked=body.liked,
                disliked=body.disliked,
                seen=body.seen,
                examples=() if body.examples is None else body.examples,
                constraints=body.constraints,
            )
            kept = None if caller.anonymous else self._storage.profiles.get(owner)
            if kept is not None:
                state = with_standing(state, read_standing(kept.record), recommender.catalog)
            return replace(state, incognito=body.incognito)
        _refuse_beginnings(body, caller)
        return _with_named(within(session.state, recommender.catalog), recommender, body)


def add_recommend(app: FastAPI, recommending: Recommending) -> None:
    """The route."""

    @app.post(
        "/v1/recommend",
        tags=["recommend"],
        response_model=None,
        responses=responses(ReplyOut, 400, 404, 408, 409, 413, 415, 422, 429, 503),
    )
    async def recommend(body: RecommendBody, request: Request) -> JSONResponse:
        """Items for a message, each with its reason, in a conversation that goes on."""
        return JSONResponse(
            await recommending.answer(body, caller_of(request), request.is_disconnected)
        )


async def last_reply(turn: Turn, gone: Callable[[], Awaitable[bool]]) -> Reply:
    """The complete reply; the turn is dropped as soon as ``gone`` says that nobody waits."""
    last = None
    with turn:
        async for reply in watched(turn, gone):
            last = reply
    assert last is not None
    return last


async def watched(turn: Turn, gone: Callable[[], Awaitable[bool]]) -> AsyncIterator[Reply]:
    """The replies as they come; RefusedError (499) once ``gone`` says that nobody waits."""
    async for reply in turn.follow(TICK_S):
        if reply is not None:
            yield reply
        elif await gone():
            raise RefusedError(LEFT, "the client went away before the answer was there")


def history_user(recommender: Recommender, user_id: str | None, caller: Caller) -> str | None:
    """Whose interactions a new conversation begins with: None where a user of the key has none.

    A name that the caller's own workspace should know is left to the recommender to refuse.
    """
    if user_id is None or not caller.acts_for_users:
        return user_id
    try:
        recommender.start(user_id=user_id)
    except RequestError:  # nothing was asked for but the user's history
        return None
    return user_id


def _refuse_beginnings(body: RecommendBody, caller: Caller) -> None:
    names = ("constraints", "examples") if caller.acts_for_users else _BEGINNINGS
    for name in names:
        if getattr(body, name) is not None:
            raise RequestError(
                f"{name} was given, but session {body.session_id!r} has already begun; "
                "send it with the first request of a session, or use a new session_id"
            )


_BEGINNINGS = ("user_id", "constraints", "examples")


def _with_named(
    state: DialogueState, recommender: Recommender, body: RecommendBody
) -> DialogueState:
    named = recommender.start(liked=body.liked, disliked=body.disliked, seen=body.seen)
    for item_id in named.liked:
        state = state.with_feedback(item_id, "like")
    for item_id in named.disliked:
        state = state.with_feedback(item_id, "dislike")
    for item_id in named.seen:
        state = state.with_feedback(item_id, "seen")
    return state


def _keep(
    store: SessionStore,
    owner: str,
    session_id: str,
    before: Session | None,
    said: str,
    reply: Reply,
) -> None:
    """Stores the reply's state; verdicts that were given while it was written stay.

    Raises ConflictError where another message changed the conversation, or it was deleted.
    """
    exchange = exchange_of(said, reply)
    version = NEW if before is None else before.version
    try:
        store.put(owner, session_id, reply.state, version=version, exchange=exchange)
    except ConflictError:
        now = store.get(owner, session_id)
        if before is None or now is None or now.state.turns != before.state.turns:
            raise
        state = with_verdicts(reply.state, before.state, now.state)
        store.put(owner, session_id, state, version=now.version, exchange=exchange)
