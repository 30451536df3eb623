"""Milliseconds to store a turn, read a conversation, store a verdict and recognise a key.

On the clock, and of this process's own processor time, as others may use this machine. For
comparison: appending 32 kB to a file and waiting for the disk (fsync).

A conversation of 30 messages with its answers, 5 items shown each time, and 8 states to go back to:
as long as a state gets, or nearly. ``--threads`` threads write to conversations of their own. On
PostgreSQL a server of its own with fsync is started.

Run: ``python benchmarks/storage_speed.py [--database sqlite|postgresql] [--folder DIR]
[--times 300] [--threads 1]``
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

if not __package__:  # as a script; tests import it by its full name
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.postgres_server import PostgresServer
from chatrec.conversation.sessions import NEW, Exchange, Shown
from chatrec.conversation.state import DialogueState
from chatrec.storage import FeedbackEvent, Storage, open_storage
from chatrec.types import Evidence

T = TypeVar("T")
Taken = list[tuple[float, float]]

SENTENCE = "A quiet film about a man alone on the far side of the moon, with a robot to talk to."
FACTS = (Evidence("keyword", "solitude", "catalogue"), Evidence("creator", "A Name", "catalogue"))
SHOWN = tuple(Shown(f"tt{n:07}", "Moon (2009)", n, 0.5, SENTENCE, "model", FACTS) for n in range(5))


def long_state() -> DialogueState:
    """A conversation of 30 exchanges."""
    state = DialogueState()
    for turn in range(30):
        shown = [f"tt{turn * 5 + n:07}" for n in range(5)]
        state = state.remembered().with_user_turn("something calm, but not too long")
        state = state.with_reply("Here is what fits.", shown)
        state = state.with_reasons((item, SENTENCE) for item in shown)
        state = state.with_feedback(shown[0], "like")
    return state


def measure(storage: Storage, times: int, thread: int) -> dict[str, Taken]:
    """Milliseconds of each act, ``times`` of each."""
    owner, state, version = f"owner-{thread}", long_state(), NEW
    secret = storage.keys.create(owner).secret
    exchange = Exchange("something calm", SENTENCE, "item_head", SHOWN)
    taken: dict[str, Taken] = {"put": [], "get": [], "feedback": [], "identify": []}
    for number in range(times):
        version = timed(
            taken["put"],
            lambda v=version: (
                storage.sessions.put(owner, "a", state, version=v, exchange=exchange).version
            ),
        )
        timed(taken["get"], lambda: storage.sessions.get(owner, "a"))
        event = FeedbackEvent(f"e{number}", "tt1", "like", "a")
        timed(taken["feedback"], lambda e=event: storage.feedback.add(owner, e))
        timed(taken["identify"], lambda: storage.keys.identify(secret))
    return taken


def timed(into: Taken, act: Callable[[], T]) -> T:
    """What ``act`` returns; its milliseconds, clock and processor, go ``into`` the list."""
    began, worked = time.perf_counter(), time.thread_time()
    result = act()
    into.append(((time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000))
    return result


def append_and_wait(path: Path, times: int) -> Taken:
    """What the disk takes for about as much as one turn writes."""
    taken: Taken = []
    with path.open("wb", buffering=0) as file:

        def append() -> None:
            file.write(b"x" * 32_768)
            os.fsync(file.fileno())

        for _ in range(times):
            timed(taken, append)
    return taken


def line(act: str, taken: Taken) -> str:
    clock, worked = zip(*taken, strict=True)
    return (
        f"{act:9} median {median(clock):6.2f} ms   p95 {quantiles(clock, n=20)[-1]:6.2f} ms"
        f"   processor {median(worked):5.2f} ms"
    )


def main() -> None:
    options = _options()
    server = PostgresServer() if options.database == "postgresql" else nullcontext()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder, server as postgres:
        where = str(Path(folder) / "kept.db") if postgres is None else postgres.url
        with (
            closing(open_storage(where)) as storage,
            ThreadPoolExecutor(options.threads) as pool,
        ):
            parts = list(
                pool.map(lambda n: measure(storage, options.times, n), range(options.threads))
            )
        waited = append_and_wait(Path(folder) / "appended", options.times)
    size = len(json.dumps(long_state().to_dict()))
    print(f"{options.database}, {options.threads} threads, a state of {size / 1000:.0f} kB")
    for act in parts[0]:
        print(line(act, [pair for part in parts for pair in part[act]]))
    print(line("fsync", waited))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--folder", type=Path, help="where the file goes; else the system's /tmp")
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
