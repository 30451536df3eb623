"""Turns of many visitors on one recommender: they wait in line, and workers take the next.

The line is bounded and goes round over owners (:mod:`chatrec.serving.line`). Knows nothing about
HTTP or the page.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Literal, Protocol

from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.state import DialogueState
from chatrec.errors import ChatrecError, ModelError
from chatrec.serving.haste import Haste
from chatrec.serving.line import FullLineError, Line

logger = logging.getLogger(__name__)

Hurried = Callable[[], bool]
Name = str | None
Refusal = Literal["owner_full", "line_full", "timed_out", "closing"]
Warmth = Literal["warming", "ready", "failed"]

ANYBODY = ""  # the owner of turns whose caller doesn't tell owners apart
FIRST_GUESS_S = 3.0  # what a turn takes, before one was measured
MAX_RETRY_S = 60
DRAIN_TICK_S = 0.05


class BusyError(ChatrecError):
    """A turn that can't be had now. ``own`` says that the caller's own turns are the reason.

    ``retry_after_s`` is when to try again, in whole seconds from 1 to 60.
    """

    def __init__(self, message: str, retry_after_s: int, own: bool = False) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.own = own


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """How many turns may wait, in all and of one owner, and how long one may take.

    After ``timeout_s`` from its asking a turn that still waits is given up, and one that has begun
    is hurried: its remaining reasons are worded plainly.
    """

    waiting: int = 64
    waiting_each: int = 32
    timeout_s: float = 120.0


class Watcher(Protocol):
    """Is told what happens to turns, from whichever thread; must be quick."""

    def began(self, waited_s: float) -> None:
        """A turn has left the line for the worker."""
        ...

    def replied(self, reply: Reply) -> None:
        """A turn has given its complete reply."""
        ...

    def refused(self, why: Refusal) -> None:
        """A turn was not taken, or was given up before it began."""
        ...


class Turn:
    """One turn that waits in line or is under way; leaving its block drops it."""

    def __init__(
        self,
        answer: Callable[[Haste], Iterator[Reply]],
        haste: Haste,
        leave: Callable[[Turn, Refusal | None], bool],
        conversation: Hashable | None = None,
    ) -> None:
        self.conversation = conversation
        self._answer = answer
        self._haste = haste
        self._leave = leave
        self._replies: SimpleQueue[Reply | None] = SimpleQueue()
        self._error: BaseException | None = None
        self._wake: Callable[[], None] | None = None
        self._wake_lock = threading.Lock()
        self.asked_at = time.monotonic()
        self.begun = False  # whether it has left the line for a worker

    def run(self) -> Reply | None:
        """Answers; for the worker alone. The last reply."""
        self.begun, reply = True, None
        for reply in self._answer(self._haste):
            self._publish(reply)
        return reply

    def end(self, error: BaseException | None) -> None:
        """Nothing more will come; ``error`` is why not."""
        self._error = error
        self._publish(None)

    def replies(self) -> Iterator[Reply]:
        """The replies as they come; may be read once.

        Raises what the recommender raised, ModelError where the turn was dropped before it began,
        and BusyError where it waited too long.
        """
        yield from (reply for reply in self.watch(None) if reply is not None)

    def watch(self, tick_s: float | None) -> Iterator[Reply | None]:
        """As ``replies``, with a None whenever ``tick_s`` seconds pass without one.

        So somebody who waits can find out that nobody waits for him any more.
        """
        while True:
            try:
                reply = self._replies.get(timeout=self._pause_s(tick_s))
            except Empty:
                self._give_up_if_late()
                if tick_s is not None:
                    yield None
                continue
            if reply is None:
                break
            yield reply
        if self._error is not None:
            raise self._error

    async def follow(self, tick_s: float) -> AsyncIterator[Reply | None]:
        """As ``watch``, on an event loop: no thread is held while it waits."""
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(arrived.set)

        self._listen(wake)
        try:
            while True:
                arrived.clear()
                while not self._replies.empty():
                    reply = self._replies.get_nowait()
                    if reply is None:
                        if self._error is not None:
                            raise self._error
                        return
                    yield reply
                try:
                    async with asyncio.timeout(self._pause_s(tick_s)):
                        await arrived.wait()
                except TimeoutError:
                    self._give_up_if_late()
                    yield None
        finally:
            self._listen(None)

    def hurry(self) -> None:
        """Somebody waits for the next: the decoder stops, and the rest is worded plainly."""
        self._haste.hurry()

    def drop(self) -> bool:
        """Nobody waits for this: hurries it, or takes it out of the line (then True)."""
        self._haste.gone = True
        self._haste.hurry()
        return self._leave(self, None)

    def __enter__(self) -> Turn:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.drop()

    def _publish(self, reply: Reply | None) -> None:
        self._replies.put(reply)
        with self._wake_lock:
            if self._wake is not None:
                self._wake()

    def _listen(self, wake: Callable[[], None] | None) -> None:
        with self._wake_lock:
            self._wake = wake

    def _pause_s(self, tick_s: float | None) -> float | None:
        """How long to wait for a reply; None: for as long as it takes."""
        if self._haste.late():  # has begun: it is being hurried
            return tick_s
        left_s = self._haste.left_s() + 0.001
        return left_s if tick_s is None else min(tick_s, left_s)

    def _give_up_if_late(self) -> None:
        if self._haste.late():
            self._leave(self, "timed_out")


class Turns:
    """Runs turns of one recommender, ``workers`` at a time, each on a thread of its own.

    More than one worker needs a recommender that several threads may use at once.
    """

    def __init__(
        self,
        recommender: Recommender,
        limits: TurnLimits | None = None,
        watcher: Watcher | None = None,
        *,
        workers: int = 1,
    ) -> None:
        self.recommender = recommender
        self.warmth: Warmth = "warming"
        self._limits = TurnLimits() if limits is None else limits
        self._watcher = watcher
        self._line = Line[Turn](self._limits.waiting, self._limits.waiting_each)
        self._workers = workers
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="chatrec-turn")
        self._lock = threading.Lock()
        self._running: set[Turn] = set()
        self._warming = False
        self._closing = False
        self._usual_s = FIRST_GUESS_S

    @property
    def waiting(self) -> int:
        """How many turns stand in line."""
        with self._lock:
            return len(self._line)

    @property
    def running(self) -> int:
        """How many turns are with a worker."""
        return len(self._running)

    def busy(self, conversation: Hashable) -> bool:
        """Whether a turn of this conversation is with a worker."""
        with self._lock:
            return any(turn.conversation == conversation for turn in self._running)

    @property
    def closing(self) -> bool:
        """Whether no more turns are taken."""
        return self._closing

    def warm_up(self) -> None:
        """Has the recommender load what it loads at first use; turns wait behind that.

        To be called before the first turn, and again where ``warmth`` is "failed".
        """
        with self._lock:
            if self._warming or self._closing:
                return
            self._warming, self.warmth = True, "warming"
            work = self._pool.submit(self.recommender.warm_up)
        work.add_done_callback(self._warmed)

    def say(
        self,
        text: str,
        state: DialogueState,
        k: int = 5,
        owner: str = ANYBODY,
        adapter: Name = None,
    ) -> Turn:
        """A message on its way to the recommender that this adapter tunes; raises as ``begin``."""
        voice = self.recommender.tuned_by(adapter)
        return self.begin(lambda haste: voice.stream(text, state, k, hurried=haste), owner)

    def begin(
        self,
        answer: Callable[[Haste], Iterator[Reply]],
        owner: str = ANYBODY,
        conversation: Hashable | None = None,
    ) -> Turn:
        """A turn whose replies ``answer`` makes on a worker, told how to ask about haste.

        Turns of one ``conversation`` run one after the other, in the order in which they came;
        None belongs to no conversation. Raises BusyError where too many wait already, in all or of
        this owner, and once ``drain`` or ``close`` was called.
        """
        haste = Haste(time.monotonic() + self._limits.timeout_s)
        turn = Turn(answer, haste, self._leave, conversation)
        with self._lock:
            if self._closing:
                raise self._refused("closing")
            try:
                self._line.join(owner, turn)
            except FullLineError as error:
                raise self._refused("line_full" if error.whole else "owner_full") from error
        self._advance()
        return turn

    def drain(self, timeout_s: float) -> bool:
        """Takes no more turns and waits for those asked; whether all ended within ``timeout_s``."""
        with self._lock:
            self._closing = True
        until = time.monotonic() + timeout_s
        while (self.waiting or self.running) and time.monotonic() < until:
            time.sleep(DRAIN_TICK_S)
        return not (self.waiting or self.running)

    def close(self) -> None:
        """Takes no more turns; those waiting are dropped, and the running one ends soon."""
        dropped: list[Turn] = []
        with self._lock:
            self._closing = True
            while (turn := self._line.next()) is not None:
                dropped.append(turn)
            for turn in self._running:
                turn.hurry()
        for turn in dropped:
            turn.end(_given_up())
        self._pool.shutdown(wait=False)

    def _advance(self) -> None:
        """Hands the next turn to a worker, if one is free."""
        with self._lock:
            free = len(self._running) < self._workers and not self._warming
            turn = self._line.next(self._may_run) if free else None
            if turn is None:
                return
            self._running.add(turn)
            work = self._pool.submit(self._run, turn)
        work.add_done_callback(lambda work: self._ended(turn, work))

    def _may_run(self, turn: Turn) -> bool:
        """Whether no other turn of its conversation is with a worker."""
        return turn.conversation is None or all(
            turn.conversation != other.conversation for other in self._running
        )

    def _run(self, turn: Turn) -> None:
        begun = time.monotonic()
        if self._watcher is not None:
            self._watcher.began(begun - turn.asked_at)
        reply = turn.run()
        self._usual_s += 0.2 * (time.monotonic() - begun - self._usual_s)
        if self._watcher is not None and reply is not None and reply.complete:
            self._watcher.replied(reply)

    def _ended(self, turn: Turn, work: Future[None]) -> None:
        error = work.exception()
        if error is None:
            self.warmth = "ready"
        with self._lock:
            self._running.discard(turn)
        turn.end(error)
        self._advance()

    def _leave(self, turn: Turn, why: Refusal | None) -> bool:
        with self._lock:
            left = self._line.leave(turn)
            error = self._refused(why) if left and why is not None else _given_up()
        if left:
            turn.end(error)
        return left

    def _refused(self, why: Refusal) -> BusyError:
        if self._watcher is not None:
            self._watcher.refused(why)
        rounds = 1 + len(self._line) / self._workers
        retry_s = min(MAX_RETRY_S, max(1, math.ceil(self._usual_s * rounds)))
        return BusyError(f"{_WORDS[why]}; try again in {retry_s} s", retry_s, why == "owner_full")

    def _warmed(self, work: Future[None]) -> None:
        error = work.exception()
        self.warmth = "ready" if error is None else "failed"
        if error is not None:
            logger.error("the warm-up failed; the first message will show why", exc_info=error)
        with self._lock:
            self._warming = False
        for _ in range(self._workers):
            self._advance()


_WORDS: dict[Refusal, str] = {
    "owner_full": "too many of your messages are waiting for an answer",
    "line_full": "too many people are waiting for an answer",
    "timed_out": "the message waited too long for its turn",
    "closing": "the server is about to stop",
}


def _given_up() -> ModelError:
    return ModelError("the message was given up before its turn came; send it again")
