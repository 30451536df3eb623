"""OpenAI's chat completions over a recommender: the messages list is the conversation.

The state of a conversation is rebuilt by replaying what the user said. Rebuilt states are kept by
those words alone, so that going on with a conversation does not replay all of it again; a state
is a function of the words, so it carries nothing of another visitor.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from chatrec.conversation.recommender import Reply
from chatrec.conversation.sessions import MemorySessions
from chatrec.conversation.state import DialogueState
from chatrec.errors import ChatrecError
from chatrec.serving.problems import problem
from chatrec.serving.schema import MODEL_NAME, ChatBody, recommendation_json
from chatrec.serving.turns import Turn, Turns

TICK_S = 0.25


class Completions:
    """Answers chat completion requests, complete or streamed."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._replayed = MemorySessions()

    def complete(self, body: ChatBody) -> dict[str, Any]:
        """A ``chat.completion`` object with ``recommendations`` in its message."""
        with self._asked(body) as turn:
            *_, reply = turn.replies()
        self._keep(body, reply)
        shown = [recommendation_json(r) for r in reply.recommendations]
        message = {
            "role": "assistant",
            "content": "\n".join(parts(reply)),
            "recommendations": shown,
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return _envelope("chat.completion") | {"choices": [choice]} | _notes(body, shown)

    def events(self, body: ChatBody) -> Iterator[str | None]:
        """Server-sent ``chat.completion.chunk`` events, then ``[DONE]``.

        None comes whenever there was nothing to send for a while, so that a caller who was left
        can find out; closing the iterator ends the turn. The first event is made only after the
        first reply, so that a refused request raises ChatrecError before anything was sent; a
        later error is sent as an event.
        """
        envelope = _envelope("chat.completion.chunk")
        with self._asked(body) as turn:
            replies = turn.watch(TICK_S)
            reply = next(found for found in replies if found is not None)
            yield _event(envelope, {"role": "assistant", "content": ""})
            sent = 0
            try:
                for found in chain((reply,), replies):
                    if found is None:
                        yield None
                        continue
                    reply = found
                    for part in _settled(reply)[sent:]:
                        yield _event(envelope, {"content": "\n" + part if sent else part})
                        sent += 1
            except ChatrecError as error:
                yield f"data: {json.dumps(problem(str(error), 'model_error'))}\n\n"
            else:
                self._keep(body, reply)
                shown = [recommendation_json(r) for r in reply.recommendations]
                notes = _notes(body, shown)
                yield _event(envelope | notes, {"recommendations": shown}, finish_reason="stop")
        yield "data: [DONE]\n\n"

    def _asked(self, body: ChatBody) -> Turn:
        *earlier, last = body.user_texts()
        return self._turns.say(last, self._state_after(earlier, body), body.k)

    def _keep(self, body: ChatBody, reply: Reply) -> None:
        self._replayed.put(_key(body, body.user_texts()), reply.state)

    def _state_after(self, texts: Sequence[str], body: ChatBody) -> DialogueState:
        """The state once ``texts`` have been said: from the longest kept beginning onward."""
        done = len(texts)
        state = None
        while done and state is None:
            state = self._replayed.get(_key(body, texts[:done]))
            done -= state is None
        if state is None:
            state = self._turns.recommender.start(user_id=body.user_id)
        for count in range(done, len(texts)):
            first = partial(self._first, texts[count], state, body.k)
            state = self._turns.run(first).state
            self._replayed.put(_key(body, texts[: count + 1]), state)
        return state

    def _first(self, text: str, state: DialogueState, k: int) -> Reply:
        """The ranked list. It decides the state; reasons, which take longest, are not asked for."""
        return next(self._turns.recommender.stream(text, state, k))


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


def _key(body: ChatBody, texts: Sequence[str]) -> str:
    return json.dumps([body.user_id, body.k, *texts])


def _envelope(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL_NAME,
    }


def _notes(body: ChatBody, shown: list[dict[str, Any]]) -> dict[str, Any]:
    ignored = body.ignored()
    return {"recommendations": shown} | ({"ignored": ignored} if ignored else {})


def _event(
    envelope: dict[str, Any], delta: dict[str, Any], finish_reason: str | None = None
) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return f"data: {json.dumps(envelope | {'choices': [choice]})}\n\n"
