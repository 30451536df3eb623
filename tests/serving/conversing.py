"""How tests hold a conversation on the page without a browser, and look at what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatrec.conversation.state import DialogueState
from chatrec.serving.identity import ANONYMOUS, Caller
from chatrec.serving.page import Page
from chatrec.serving.talk import Talk
from chatrec.storage import Storage

ANN, BEN = Caller("ann", "k1"), Caller("ben", "k2")
STRANGER = Caller(ANONYMOUS, anonymous=True)
DISLIKE = {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}

Visit = Callable[..., Talk]


def say(page: Page, talk: Talk, *texts: str) -> str:
    """Sends the messages, each when the one before is answered; the thread after the last."""
    for text in texts:
        list(page.say(text, talk))
    return str(page.show(talk)[0])


def press(page: Page, talk: Talk, act: str, **data: Any) -> Talk:
    """The talk after a press in the list or the header."""
    found: Talk = page.manage(talk, {"act": act} | data)[4]
    return found


def act(page: Page, talk: Talk, act: str, **data: Any) -> tuple[Any, ...]:
    """The page after a press in the thread."""
    updates = list(page.act(talk, {"act": act} | data))
    return next(update for update in reversed(updates) if isinstance(update[0], str))


def id_of(talk: Talk) -> str:
    """The id of the talk's conversation, which must be one that is kept."""
    assert talk.kept is not None
    return talk.kept.session_id


def kept_messages(storage: Storage, talk: Talk) -> list[str]:
    """What the storage holds of Ann's messages in the talk, oldest first."""
    return [exchange.said for exchange in storage.sessions.exchanges("ann", id_of(talk))]


def kept_state(storage: Storage, talk: Talk) -> DialogueState:
    """The state that the storage holds of Ann's talk."""
    session = storage.sessions.get("ann", id_of(talk))
    assert session is not None
    return session.state
