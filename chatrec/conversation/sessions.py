"""Where the states of open conversations are kept between requests, one state a session.

Knows nothing about HTTP, users or models. States live in memory and end with the process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Protocol

from chatrec.conversation.state import DialogueState


class SessionStore(Protocol):
    """Keeps one dialogue state for each session id; a visitor only ever reaches their own id."""

    def get(self, session_id: str) -> DialogueState | None:
        """The stored state; None for an id that was never stored or has been dropped."""
        ...

    def put(self, session_id: str, state: DialogueState) -> None:
        """Stores or replaces the state."""
        ...

    def delete(self, session_id: str) -> bool:
        """Forgets the session; whether there was one."""
        ...


class MemorySessions:
    """A :class:`SessionStore` for one process; safe to use from several threads.

    Holds ``limit`` sessions; beyond that the one unused for longest is dropped.
    """

    def __init__(self, limit: int = 1000) -> None:
        if limit < 1:
            raise ValueError(f"limit is {limit}; it must be at least 1")
        self._limit = limit
        self._states: OrderedDict[str, DialogueState] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, session_id: str) -> DialogueState | None:
        with self._lock:
            state = self._states.get(session_id)
            if state is not None:
                self._states.move_to_end(session_id)
            return state

    def put(self, session_id: str, state: DialogueState) -> None:
        with self._lock:
            self._states[session_id] = state
            self._states.move_to_end(session_id)
            if len(self._states) > self._limit:
                self._states.popitem(last=False)

    def delete(self, session_id: str) -> bool:
        with self._lock:
            return self._states.pop(session_id, None) is not None

    def __len__(self) -> int:
        with self._lock:
            return len(self._states)
