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
from typing import Any

from chatrec.conversation.recommender import Reply
from chatrec.conversation.sessions import MemorySessions
from chatrec.conversation.state import DialogueState
from chatrec.errors import ChatrecError
from chatrec.serving.problems import problem
from chatrec.serving.schema import MODEL_NAME, ChatBody, recommendation_json
from chatrec.serving.turns import Turns


class Completions:
    """Answers chat completion requests, complete or streamed."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._replayed = MemorySessions()

    def complete(self, body: ChatBody) -> dict[str, Any]:
        """A ``chat.completion`` object with ``recommendations`` in its message."""
        *_, reply = self._stream(body)
        shown = [recommendation_json(r) for r in reply.recommendations]
        message = {
            "role": "assistant",
            "content": "\n".join(parts(reply)),
            "recommendations": shown,
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return _envelope("chat.completion") | {"choices": [choice]} | _notes(body, shown)

    def events(self, body: ChatBody) -> Iterator[str]:
        """Server-sent ``chat.completion.chunk`` events, then ``[DONE]``.

        The first event is made only after the first snapshot, so that a refused request raises
        ChatrecError before anything was sent; a later error is sent as an event.
        """
        envelope = _envelope("chat.completion.chunk")
        sent: list[str] = []
        snapshots = self._stream(body)
        reply = next(snapshots)
        yield _event(envelope, {"role": "assistant", "content": ""})
        try:
            while True:
                for part in _settled(reply)[len(sent) :]:
                    yield _event(envelope, {"content": "\n" + part if sent else part})
                    sent.append(part)
                if reply.complete:
                    break
                reply = next(snapshots)
        except ChatrecError as error:
            yield f"data: {json.dumps(problem(str(error), 'model_error'))}\n\n"
        else:
            shown = [recommendation_json(r) for r in reply.recommendations]
            notes = _notes(body, shown)
            yield _event(envelope | notes, {"recommendations": shown}, finish_reason="stop")
        yield "data: [DONE]\n\n"

    def _stream(self, body: ChatBody) -> Iterator[Reply]:
        *earlier, last = body.user_texts()
        state = self._state_after(earlier, body)
        reply = None
        for reply in self._turns.stream(last, state, body.k):
            yield reply
        if reply is not None:
            self._replayed.put(_key(body, [*earlier, last]), reply.state)

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
            # The ranked list decides the state; the reasons, which take longest, are not needed.
            state = next(self._turns.stream(texts[count], state, body.k)).state
            self._replayed.put(_key(body, texts[: count + 1]), state)
        return state


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
