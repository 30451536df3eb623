from __future__ import annotations

import inspect
import threading

import pytest
from fastapi.testclient import TestClient

from chatrec.conversation.recommender import Recommender
from chatrec.errors import ModelError
from chatrec.serving.turns import Turns
from tests.serving.fake_recommender import FakeRecommender


@pytest.mark.parametrize("method", ["start", "stream", "respond", "warm_up"])
def test_the_stand_in_is_called_as_the_recommender_is(method: str) -> None:
    real, stand_in = getattr(Recommender, method), getattr(FakeRecommender, method)
    assert inspect.signature(stand_in) == inspect.signature(real)


def test_a_turn_gives_every_reply_in_order() -> None:
    turns = Turns(FakeRecommender())
    replies = list(turns.say("calm", turns.recommender.start(), k=3).replies())
    written = [sum(bool(r.rationale) for r in s.recommendations) for s in replies]
    assert written == [0, 1, 2, 3]
    assert [s.complete for s in replies] == [False, False, False, True]


def test_an_error_of_the_recommender_reaches_the_caller_and_the_next_turn_runs() -> None:
    turns = Turns(FakeRecommender())
    state = turns.recommender.start()
    with pytest.raises(ModelError, match="stopped answering"):
        list(turns.say("break midway", state).replies())
    assert list(turns.say("calm", state).replies())[-1].complete


def test_leaving_a_turn_stops_its_writing_and_frees_the_model_for_the_next() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender)
    state = recommender.start()
    with turns.say("slowly", state) as left:
        next(left.replies())
    assert list(turns.say("second", state).replies())[-1].complete
    assert recommender.texts == ["slowly", "second"]
    assert recommender.overlaps == 0
    assert recommender.steps < FakeRecommender.STEPS


def test_a_hurried_turn_still_gives_its_complete_reply() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender)
    turn = turns.say("slowly", recommender.start())
    replies = turn.replies()
    next(replies)
    turn.hurry()
    *_, last = replies
    assert last.complete
    assert all(r.rationale for r in last.recommendations)
    assert recommender.steps < FakeRecommender.STEPS


def test_a_turn_left_before_it_began_never_begins() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender)
    go_on = threading.Event()
    busy = threading.Thread(target=turns.run, args=[go_on.wait])
    busy.start()
    turn = turns.say("too late", recommender.start())
    assert turn.drop()
    with pytest.raises(ModelError, match="given up before its turn came"):
        next(turn.replies())
    go_on.set()
    busy.join()
    assert list(turns.say("next", recommender.start()).replies())
    assert recommender.texts == ["next"]


def test_who_watches_a_turn_hears_of_every_pause() -> None:
    recommender = FakeRecommender(delay_s=0.05)
    turns = Turns(recommender)
    heard = list(turns.say("calm", recommender.start(), k=1).watch(0.01))
    assert heard[0] is None
    assert [reply.complete for reply in heard if reply is not None] == [False, True]


def test_closing_hurries_what_runs() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender)
    turn = turns.say("slowly", recommender.start())
    replies = turn.replies()
    next(replies)
    turns.close()
    *_, last = replies
    assert last.complete
    assert recommender.steps < FakeRecommender.STEPS


def test_the_warm_up_goes_before_the_first_turn() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender)
    turns.warm_up()
    assert turns.run(lambda: recommender.warmed) == 1


def test_a_failed_warm_up_is_logged_and_turns_go_on(caplog: pytest.LogCaptureFixture) -> None:
    class Cold(FakeRecommender):
        def warm_up(self) -> None:
            raise ModelError("the embedding model cannot be loaded")

    turns = Turns(Cold())
    turns.warm_up()
    assert list(turns.say("calm", turns.recommender.start()).replies())[-1].complete
    assert "the warm-up failed" in caplog.text
    assert "the embedding model cannot be loaded" in caplog.text


def test_the_server_warms_up_as_it_starts(client: TestClient, recommender: FakeRecommender) -> None:
    assert client.post("/v1/recommend", json={"text": "calm"}).status_code == 200
    assert recommender.warmed == 1
