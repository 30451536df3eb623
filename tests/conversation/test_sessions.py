from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chatrec.conversation.sessions import NEW, MemorySessions, SessionStore, exchange_of
from chatrec.conversation.state import DialogueState
from tests.contracts.session_store import ANN, LOUD, SessionStoreContract
from tests.conversation.toy_recommender import toy_recommender


class TestMemorySessions(SessionStoreContract):
    @pytest.fixture
    def store(self) -> SessionStore:
        return MemorySessions()


def test_the_session_unused_for_longest_is_dropped() -> None:
    sessions = MemorySessions(limit=2)
    sessions.put(ANN, "a", DialogueState(), version=NEW)
    sessions.put(ANN, "b", DialogueState(), version=NEW)
    sessions.get(ANN, "a")
    sessions.put(ANN, "c", DialogueState(), version=NEW)
    assert sessions.get(ANN, "b") is None
    assert sessions.get(ANN, "a") is not None
    assert len(sessions) == 2


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="limit is 0"):
        MemorySessions(limit=0)


def test_threads_never_push_it_over_the_limit() -> None:
    sessions = MemorySessions(limit=10)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: sessions.put(ANN, str(n), LOUD, version=NEW), range(2000)))
    assert len(sessions) == 10


def test_an_exchange_has_what_the_reply_showed() -> None:
    recommender = toy_recommender()
    reply = recommender.respond("something calm", recommender.start(), k=3)
    exchange = exchange_of("something calm", reply)
    assert (exchange.said, exchange.reply) == ("something calm", reply.text)
    assert len(exchange.shown) == 3
    for shown, recommended in zip(exchange.shown, reply.recommendations, strict=True):
        assert shown.item_id == recommended.item.item_id
        assert shown.title == recommended.item.title
        assert shown.rationale == recommended.rationale
        assert shown.evidence == recommended.evidence
