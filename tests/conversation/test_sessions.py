from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chatrec.conversation.sessions import MemorySessions
from chatrec.conversation.state import DialogueState


def test_each_session_has_its_own_state() -> None:
    sessions = MemorySessions()
    sessions.put("a", DialogueState(wish="calm"))
    sessions.put("b", DialogueState(wish="loud"))
    assert [sessions.get(name) for name in ("a", "b", "c")] == [
        DialogueState(wish="calm"),
        DialogueState(wish="loud"),
        None,
    ]


def test_the_session_unused_for_longest_is_dropped() -> None:
    sessions = MemorySessions(limit=2)
    sessions.put("a", DialogueState())
    sessions.put("b", DialogueState())
    sessions.get("a")
    sessions.put("c", DialogueState())
    assert sessions.get("b") is None
    assert sessions.get("a") is not None
    assert len(sessions) == 2


def test_delete_says_whether_there_was_a_session() -> None:
    sessions = MemorySessions()
    sessions.put("a", DialogueState())
    assert sessions.delete("a")
    assert not sessions.delete("a")


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="limit is 0"):
        MemorySessions(limit=0)


def test_threads_never_push_it_over_the_limit() -> None:
    sessions = MemorySessions(limit=10)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: sessions.put(str(n % 37), DialogueState()), range(2000)))
    assert len(sessions) == 10
