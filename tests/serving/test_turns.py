from __future__ import annotations

import inspect

import pytest

from chatrec.conversation.recommender import Recommender
from chatrec.errors import ModelError
from chatrec.serving.turns import Turns
from tests.serving.fake_recommender import FakeRecommender


@pytest.mark.parametrize("method", ["start", "stream", "respond"])
def test_the_stand_in_is_called_as_the_recommender_is(method: str) -> None:
    real, stand_in = getattr(Recommender, method), getattr(FakeRecommender, method)
    assert inspect.signature(stand_in) == inspect.signature(real)


def test_stream_gives_every_snapshot_in_order() -> None:
    turns = Turns(FakeRecommender())
    snapshots = list(turns.stream("calm", turns.recommender.start(), k=3))
    written = [sum(bool(r.rationale) for r in s.recommendations) for s in snapshots]
    assert written == [0, 1, 2, 3]
    assert [s.complete for s in snapshots] == [False, False, False, True]


def test_an_error_of_the_recommender_reaches_the_caller_and_the_next_turn_runs() -> None:
    turns = Turns(FakeRecommender())
    state = turns.recommender.start()
    with pytest.raises(ModelError, match="stopped answering"):
        list(turns.stream("break midway", state))
    assert list(turns.stream("calm", state))[-1].complete


def test_a_stream_given_up_frees_the_model_for_the_next() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender)
    state = recommender.start()
    given_up = turns.stream("first", state)
    next(given_up)
    given_up.close()  # type: ignore[attr-defined]  # a generator
    assert list(turns.stream("second", state))[-1].complete
    assert recommender.texts == ["first", "second"]
    assert recommender.overlaps == 0


def test_a_closed_desk_takes_no_more_turns() -> None:
    turns = Turns(FakeRecommender())
    turns.close()
    with pytest.raises(RuntimeError):
        turns.run(lambda: 1)
