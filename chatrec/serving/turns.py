"""One turn after another: many visitors share one recommender; its decoder is not re-entrant.

Knows nothing about HTTP or the page.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.state import DialogueState

T = TypeVar("T")


class Turns:
    """Runs the calls into one recommender on a single worker thread, in the order they came."""

    def __init__(self, recommender: Recommender) -> None:
        self.recommender = recommender
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chatrec-turn")

    def run(self, job: Callable[[], T]) -> T:
        """The result of ``job`` once its turn has come; blocks, and raises what it raised."""
        return self._worker.submit(job).result()

    def stream(self, text: str, state: DialogueState, k: int = 5) -> Iterator[Reply]:
        """The recommender's snapshots as they come; closing the iterator ends the turn early."""
        snapshots: SimpleQueue[Reply | None] = SimpleQueue()
        stopped = threading.Event()

        def work() -> None:
            try:
                for snapshot in self.recommender.stream(text, state, k):
                    snapshots.put(snapshot)
                    if stopped.is_set():
                        return
            finally:
                snapshots.put(None)

        turn: Future[None] = self._worker.submit(work)
        try:
            while (snapshot := snapshots.get()) is not None:
                yield snapshot
            turn.result()
        finally:
            stopped.set()
            turn.cancel()

    def close(self) -> None:
        """Takes no more turns; those waiting are dropped, the running one ends by itself."""
        self._worker.shutdown(wait=False, cancel_futures=True)
