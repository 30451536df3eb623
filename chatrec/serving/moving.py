"""What moved the items of a list, worked out on demand in the line of turns: for page and HTTP.

It is worked out for the query that the list was made for, whatever was said or marked since. Knows
nothing about how that is done (:mod:`chatrec.generation.movers`).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi import Query as Parameters

from chatrec.conversation.moved import say_moved, told_moved
from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.sessions import SessionStore
from chatrec.errors import ChatrecError
from chatrec.generation.movers import Moved
from chatrec.serving.answers import MovedOut, responses
from chatrec.serving.haste import Haste
from chatrec.serving.identity import Caller, caller_of
from chatrec.serving.problems import RefusedError
from chatrec.serving.recommending import TICK_S, watched
from chatrec.serving.records import OneId, no_session
from chatrec.serving.schema import MovedQuery
from chatrec.serving.talk import Talk
from chatrec.serving.turns import Turns
from chatrec.types import LedBy, Query

MEASURES = {"item_head": "log_probability", "fusion": "places"}

Asked = Annotated[MovedQuery, Parameters()]

_log = logging.getLogger(__name__)


def worked_out(talk: Talk, number: int, item_id: str, turns: Turns) -> Iterator[bool]:
    """Has it worked out what moved the items of turn ``number``, unless that is known already.

    Yields whether the page has changed since, until it is done. A screen reader is told of
    ``item_id``. Raises RequestError where there is no such turn.
    """
    said = talk.said_at(number)
    reply = said.view.reply
    if reply is None or reply.query is None or said.view.moving == "asked" or said.view.moved:
        yield True
        return
    words: dict[str, str] = {}

    def work(haste: Haste) -> Iterator[Reply]:
        if not haste.gone:
            words.update(_words(turns.recommender, reply))
        yield from ()

    talk.put_moved(said, "asked")
    yield True
    try:
        with turns.begin(work, talk.place) as turn:
            for _ in turn.watch(TICK_S):
                yield False
    except ChatrecError as error:  # the panel says that it couldn't be had
        _log.info("what moved a list was not worked out: %s", error)
    finally:
        talk.put_moved(said, "unasked" if words else "failed", words)
    talk.news = words.get(item_id, "")
    yield True


def _words(recommender: Recommender, reply: Reply) -> dict[str, str]:
    """What moved each item of a reply's list, in the reply's language."""
    assert reply.query is not None
    ids, language = [r.item.item_id for r in reply.recommendations], reply.state.language
    moved = _moved(recommender, reply.adapter, reply.query, ids, reply.led_by)
    if moved is None:
        return dict.fromkeys(ids, say_moved("unknown", language))
    return {i: told_moved(moved, i, recommender.catalog, language) for i in ids}


class Moving:
    """Tells what moved the items of lists in conversations that are kept."""

    def __init__(self, turns: Turns, sessions: SessionStore, incognito: SessionStore) -> None:
        self._turns = turns
        self._sessions = sessions
        self._incognito = incognito

    async def answer(
        self,
        session_id: str,
        asked: MovedQuery,
        caller: Caller,
        gone: Callable[[], Awaitable[bool]],
    ) -> dict[str, Any]:
        """The answer's JSON. RefusedError where there is no such list, or once ``gone`` says so."""
        owner = caller.subject(asked.user_id)
        found: dict[str, Any] = {}

        def work(haste: Haste) -> Iterator[Reply]:
            if not haste.gone:
                found.update(self._found(owner, session_id, asked))
            yield from ()

        with self._turns.begin(work, owner) as turn:
            async for _ in watched(turn, gone):
                pass
        return found

    def _found(self, owner: str, session_id: str, asked: MovedQuery) -> dict[str, Any]:
        store = self._incognito if asked.incognito else self._sessions
        session = store.get(owner, session_id)
        if session is None:
            raise no_session(session_id)
        exchanges = store.exchanges(owner, session_id)
        lists = [number for number, exchange in enumerate(exchanges) if exchange.shown]
        number = max(lists, default=0) if asked.exchange is None else asked.exchange
        if number not in lists:
            raise RefusedError(
                404,
                f"exchange {number} of session {session_id!r} has no list; "
                f"those that have one: {', '.join(map(str, lists)) or 'none yet'}",
            )
        recommender, exchange = self._turns.recommender, exchanges[number]
        query, ids = exchange.query, [shown.item_id for shown in exchange.shown]
        moved = None
        if query is not None:
            moved = _moved(recommender, exchange.adapter, query, ids, exchange.led_by)
        return {
            "session_id": session_id,
            "exchange": number,
            "led_by": exchange.led_by,
            "measure": None if moved is None else MEASURES[moved.led_by],
            "share": 0.0 if moved is None else moved.share,
            "items": [
                {"item_id": shown.item_id, "title": shown.title}
                | _movers_json(moved, shown.item_id, recommender)
                for shown in exchange.shown
            ],
        }


def _moved(
    recommender: Recommender, adapter: str, query: Query, ids: Sequence[str], led_by: LedBy
) -> Moved | None:
    """What moved a list's items, by the decoder that ordered it; None where it isn't there."""
    found = recommender.adapters.get(adapter) if adapter else recommender
    return None if found is None else found.movers.of(query, ids, led_by)


def _movers_json(moved: Moved | None, item_id: str, recommender: Recommender) -> dict[str, Any]:
    """What moved an item, the strongest first, and that in words."""
    if moved is None or item_id not in moved.gains:
        return {"movers": [], "told": say_moved("unknown", "en")}
    catalog = recommender.catalog
    gains = zip(moved.left_out, moved.gains[item_id], strict=True)
    movers = [
        {"item_id": left, "title": catalog.get(left).title, "gain": gain}
        for left, gain in sorted(gains, key=lambda pair: -abs(pair[1]))
    ]
    return {"movers": movers, "told": told_moved(moved, item_id, catalog, "en")}


def add_moved(app: FastAPI, moving: Moving) -> None:
    """The route."""

    @app.get(
        "/v1/sessions/{session_id}/moved",
        tags=["sessions"],
        responses=responses(MovedOut, 404, 422, 429, 503),
    )
    async def moved(session_id: OneId, request: Request, asked: Asked) -> dict[str, Any]:
        """Which of your last titles moved the items of a list, from leaving out each in turn."""
        caller = caller_of(request)
        return await moving.answer(session_id, asked, caller, request.is_disconnected)
