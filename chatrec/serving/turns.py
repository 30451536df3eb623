"""One turn after another: many visitors share one recommender; its decoder is not re-entrant.

Knows nothing about HTTP or the page.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TypeVar

from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.state import DialogueState
from chatrec.errors import ModelError

logger = logging.getLogger(__name__)

T = TypeVar("T")
Hurried = Callable[[], bool]


class Turn:
    """One turn that waits for the worker or is under way there; leaving its block drops it."""

    def __init__(self, answer: Callable[[Hurried], Iterator[Reply]]) -> None:
        self._answer = answer
        self._replies: SimpleQueue[Reply | None] = SimpleQueue()
        self._hurried = threading.Event()
        self._work: Future[None] = Future()

    def begin(self, worker: ThreadPoolExecutor) -> None:
        """Joins the line of ``worker``; once only."""
        self._work = worker.submit(self._run)
        self._work.add_done_callback(lambda _: self._replies.put(None))

    def _run(self) -> None:
        for reply in self._answer(self._hurried.is_set):
            self._replies.put(reply)

    def replies(self) -> Iterator[Reply]:
        """The replies as they come; may be read once.

        Raises what the recommender raised, and ModelError where the turn never began.
        """
        yield from (reply for reply in self.watch(None) if reply is not None)

    def watch(self, tick_s: float | None) -> Iterator[Reply | None]:
        """As ``replies``, with a None whenever ``tick_s`` seconds pass without one.

        So somebody who waits can find out that nobody waits for him any more.
        """
        while True:
            try:
                reply = self._replies.get(timeout=tick_s)
            except Empty:
                yield None
                continue
            if reply is None:
                break
            yield reply
        if self._work.cancelled():
            raise ModelError("the message was given up before its turn came; send it again")
        self._work.result()

    def hurry(self) -> None:
        """Somebody waits for the next: the decoder stops, and the rest is worded plainly."""
        self._hurried.set()

    def drop(self) -> bool:
        """Nobody waits for this: hurries it, or takes it out of the line (then True)."""
        self._hurried.set()
        return self._work.cancel()

    def __enter__(self) -> Turn:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.drop()


class Turns:
    """Runs the calls into one recommender on a single worker thread, in the order they came."""

    def __init__(self, recommender: Recommender) -> None:
        self.recommender = recommender
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chatrec-turn")
        self._begun: weakref.WeakSet[Turn] = weakref.WeakSet()

    def warm_up(self) -> None:
        """Has the recommender load what it loads at first use; turns wait in line behind that."""
        self._worker.submit(self.recommender.warm_up).add_done_callback(_log_failure)

    def run(self, job: Callable[[], T]) -> T:
        """The result of ``job`` once its turn has come; blocks, and raises what it raised."""
        return self._worker.submit(job).result()

    def say(self, text: str, state: DialogueState, k: int = 5) -> Turn:
        """A message on its way to the recommender."""
        return self.begin(lambda hurried: self.recommender.stream(text, state, k, hurried=hurried))

    def begin(self, answer: Callable[[Hurried], Iterator[Reply]]) -> Turn:
        """A turn whose replies ``answer`` makes on the worker, told how to ask about haste."""
        turn = Turn(answer)
        self._begun.add(turn)
        turn.begin(self._worker)
        return turn

    def close(self) -> None:
        """Takes no more turns; those waiting are dropped, and the running one ends soon."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        for turn in list(self._begun):
            turn.drop()


def _log_failure(work: Future[None]) -> None:
    if not work.cancelled() and (error := work.exception()) is not None:
        logger.error("the warm-up failed; the first message will show why", exc_info=error)
