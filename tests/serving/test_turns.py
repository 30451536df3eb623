from __future__ import annotations

import asyncio
import inspect
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from chatrec.conversation.recommender import Recommender, Reply
from chatrec.errors import ModelError
from chatrec.serving.haste import Haste
from chatrec.serving.turns import BusyError, Refusal, Turn, TurnLimits, Turns
from tests.serving.fake_recommender import FakeRecommender


@contextmanager
def occupied(turns: Turns) -> Iterator[None]:
    """All workers are busy with a turn of somebody else's as long as the block lasts."""
    begun, go_on = threading.Event(), threading.Event()

    def answer(haste: Haste) -> Iterator[Reply]:
        begun.set()
        go_on.wait()
        return iter(())

    holding = turns.begin(answer, "somebody else")
    begun.wait()
    try:
        yield
    finally:
        go_on.set()
    assert list(holding.replies()) == []


class Heard:
    """Remembers what a watcher is told."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.replies: list[Reply] = []
        self.refusals: list[Refusal] = []

    def began(self, waited_s: float) -> None:
        self.waits.append(waited_s)

    def replied(self, reply: Reply) -> None:
        self.replies.append(reply)

    def refused(self, why: Refusal) -> None:
        self.refusals.append(why)


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
    with occupied(turns):
        turn = turns.say("too late", recommender.start())
        assert turn.drop()
        with pytest.raises(ModelError, match="given up before its turn came"):
            next(turn.replies())
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
    *_, last = turns.begin(lambda haste: recommender.stream("calm", recommender.start())).replies()
    assert last.complete
    assert recommender.warmed == 1
    assert turns.warmth == "ready"


def test_a_failed_warm_up_is_logged_and_turns_go_on(caplog: pytest.LogCaptureFixture) -> None:
    class Cold(FakeRecommender):
        def warm_up(self) -> None:
            raise ModelError("the embedding model cannot be loaded")

    turns = Turns(Cold())
    turns.warm_up()
    assert list(turns.say("calm", turns.recommender.start()).replies())[-1].complete
    assert "the warm-up failed" in caplog.text
    assert "the embedding model cannot be loaded" in caplog.text
    assert turns.warmth == "ready"  # a message was answered since


def test_the_server_warms_up_as_it_starts(client: TestClient, recommender: FakeRecommender) -> None:
    assert client.post("/v1/recommend", json={"text": "calm"}).status_code == 200
    assert recommender.warmed == 1


def test_owners_take_turns_whatever_the_first_has_asked() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender)
    state = recommender.start()
    with occupied(turns):
        asked = [turns.say(f"ann {n}", state, owner="ann") for n in range(3)]
        asked += [turns.say("bob", state, owner="bob"), turns.say("eve", state, owner="eve")]
    for turn in asked:
        assert list(turn.replies())[-1].complete
    assert recommender.texts == ["ann 0", "bob", "eve", "ann 1", "ann 2"]


def test_a_full_line_is_told_apart_from_ones_own_messages() -> None:
    recommender, heard = FakeRecommender(), Heard()
    turns = Turns(recommender, TurnLimits(waiting=3, waiting_each=2), heard)
    state = recommender.start()
    with occupied(turns):
        asked = [turns.say("one", state, owner="ann"), turns.say("two", state, owner="ann")]
        with pytest.raises(BusyError, match="too many of your messages") as own:
            turns.say("three", state, owner="ann")
        asked.append(turns.say("one", state, owner="bob"))
        with pytest.raises(BusyError, match="too many people") as whole:
            turns.say("one", state, owner="eve")
        assert turns.waiting == 3
    assert (own.value.own, whole.value.own) == (True, False)
    assert 1 <= own.value.retry_after_s <= whole.value.retry_after_s <= 60
    for turn in asked:
        assert list(turn.replies())[-1].complete
    assert heard.refusals == ["owner_full", "line_full"]
    assert len(heard.replies) == 3
    assert all(waited >= 0 for waited in heard.waits)


def test_a_dropped_turn_leaves_room_in_the_line_at_once() -> None:
    turns = Turns(FakeRecommender(), TurnLimits(waiting=1))
    state = turns.recommender.start()
    with occupied(turns):
        with turns.say("first", state):
            assert turns.waiting == 1
        assert turns.waiting == 0
        turn = turns.say("second", state)
    assert list(turn.replies())[-1].complete


@pytest.mark.parametrize("watched", [False, True])
def test_a_turn_that_waits_too_long_is_given_up(watched: bool) -> None:
    recommender, heard = FakeRecommender(), Heard()
    turns = Turns(recommender, TurnLimits(timeout_s=0.05), heard)
    with occupied(turns):
        turn = turns.say("late", recommender.start())
        with pytest.raises(BusyError, match="waited too long"):
            asyncio.run(_followed(turn)) if watched else list(turn.replies())
    assert recommender.texts == []
    assert heard.refusals == ["timed_out"]


def test_a_turn_that_takes_too_long_is_answered_in_haste() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender, TurnLimits(timeout_s=0.1))
    *_, last = turns.say("slowly", recommender.start()).replies()
    assert last.complete
    assert recommender.steps < FakeRecommender.STEPS


async def _followed(turn: Turn, tick_s: float = 5.0) -> list[Reply | None]:
    return [reply async for reply in turn.follow(tick_s)]


def test_a_turn_is_followed_without_a_thread_as_it_is_watched_with_one() -> None:
    recommender = FakeRecommender(delay_s=0.02)
    turns = Turns(recommender)
    found = asyncio.run(_followed(turns.say("calm", recommender.start(), 2)))
    assert [reply.complete for reply in found if reply is not None] == [False, False, True]
    paused = asyncio.run(_followed(turns.say("calm", recommender.start(), 1), 0.005))
    assert None in paused
    with pytest.raises(ModelError, match="stopped answering"):
        asyncio.run(_followed(turns.say("break midway", recommender.start())))


def test_a_hundred_turns_are_followed_at_once_on_one_thread() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender, TurnLimits(waiting=100, waiting_each=100))

    async def all_of_them() -> list[list[Reply | None]]:
        state = recommender.start()
        asked = [turns.say(f"visitor {n}", state, 1) for n in range(100)]
        return await asyncio.gather(*(_followed(turn) for turn in asked))

    before = threading.active_count()
    found = asyncio.run(all_of_them())
    assert threading.active_count() <= before + 1  # the worker
    assert [replies[-1].text for replies in found if replies[-1] is not None] == [
        f"1 films for “visitor {n}”." for n in range(100)
    ]


def test_draining_answers_what_was_taken_and_takes_no_more() -> None:
    recommender = FakeRecommender(delay_s=0.02)
    turns = Turns(recommender)
    state = recommender.start()
    asked = [turns.say("first", state), turns.say("second", state)]
    drained: list[bool] = []
    draining = threading.Thread(target=lambda: drained.append(turns.drain(20)))
    draining.start()
    while not turns.closing:
        time.sleep(0.001)
    with pytest.raises(BusyError, match="about to stop"):
        turns.say("third", state)
    for turn in asked:
        assert list(turn.replies())[-1].complete
    draining.join()
    assert drained == [True]


def test_draining_ends_when_its_time_is_up() -> None:
    turns = Turns(FakeRecommender())
    with occupied(turns):
        assert not turns.drain(0.05)


def test_several_workers_answer_at_once() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender, workers=2)
    both = threading.Barrier(2, timeout=20)

    def answer(haste: Haste) -> Iterator[Reply]:
        both.wait()
        return iter(())

    for turn in [turns.begin(answer, "ann"), turns.begin(answer, "bob")]:
        assert list(turn.replies()) == []


def test_messages_of_one_conversation_wait_for_each_other_and_nobody_else() -> None:
    recommender = FakeRecommender()
    turns = Turns(recommender, workers=3)
    begun, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    def holding(haste: Haste) -> Iterator[Reply]:
        begun.set()
        go_on.wait(20)
        order.append("first")
        return iter(())

    def quick(name: str) -> Iterator[Reply]:
        order.append(name)
        return iter(())

    first = turns.begin(holding, "ann", conversation="a")
    begun.wait(20)
    second = turns.begin(lambda haste: quick("second"), "ann", conversation="a")
    third = turns.begin(lambda haste: quick("third"), "ann", conversation="a")
    other = turns.begin(lambda haste: quick("other"), "ann", conversation="b")
    alone = turns.begin(lambda haste: quick("alone"), "ann")
    assert [*other.replies(), *alone.replies()] == []
    assert turns.waiting == 2
    go_on.set()
    assert [*first.replies(), *second.replies(), *third.replies()] == []
    assert sorted(order[:2]) == ["alone", "other"]
    assert order[2:] == ["first", "second", "third"]
