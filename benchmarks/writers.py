"""Processes that write to a storage until they are killed, and note what was acknowledged.

Run by ``benchmarks/kills.py``. A writer notes what it is about to write and, once the storage has
returned, that it was acknowledged: each in a line of its own file, which outlives the kill.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

if not __package__:  # as a script; others import it by its full name
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from chatrec.conversation.sessions import NEW, Exchange, Session, Shown
from chatrec.conversation.state import DialogueState
from chatrec.errors import ConflictError, StorageError
from chatrec.storage import FeedbackEvent, Storage, open_storage
from chatrec.storage.feedback import KINDS

READY_LIMIT_S = 60.0
REPEAT_S = 0.05
GIVE_UP_S = 120.0
SHARED = "shared"  # the session that all writers write to
REASON = "A quiet film about a man alone on the far side of the moon. " * 2


class Forker:
    """A process that forks and kills writers; a context, at whose end it is gone with them."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).resolve())]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def do(self, request: str) -> None:
        """Has it done; RuntimeError if the process has failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{request}\n")
        self._process.stdin.flush()
        if not self._process.stdout.readline():
            raise RuntimeError("the process that starts the writers has failed")

    def __enter__(self) -> Forker:
        return self

    def __exit__(self, *error: object) -> None:
        with self._process:
            if self._process.poll() is None:
                self.do("kill")


class Writers:
    """The writing processes of one round, and what they noted."""

    def __init__(self, forker: Forker, where: str, owner: str, logs: Path, count: int) -> None:
        self._forker = forker
        self.logs = [logs / f"{owner}-{number}.log" for number in range(count)]
        forker.do(json.dumps([where, owner, str(logs), count]))

    def await_writing(self, earlier: list[int] | None = None) -> list[int]:
        """Until each has been acknowledged more than ``earlier`` events; how many each has now."""
        deadline = time.monotonic() + READY_LIMIT_S
        earlier = [1] * len(self.logs) if earlier is None else earlier
        while True:
            now = [sum(line.startswith("ack") for line in lines_of(log)) for log in self.logs]
            if all(after > before for after, before in zip(now, earlier, strict=True)):
                return now
            if time.monotonic() > deadline:
                raise RuntimeError(f"the writers don't write: {now} events after {earlier}")
            time.sleep(0.01)

    def kill(self) -> None:
        """SIGKILL for all of them at once, and waits until they are gone."""
        self._forker.do("kill")

    def noted(self, kind: str) -> list[str]:
        """What was noted under this word by all writers."""
        lines = [line for log in self.logs for line in lines_of(log)]
        return [line.partition(" ")[2] for line in lines if line.partition(" ")[0] == kind]


def lines_of(path: Path) -> list[str]:
    """The whole lines of a file; a note that the kill cut short doesn't count."""
    if not path.exists():
        return []
    return path.read_text().split("\n")[:-1]


def write_for_ever(where: str, owner: str, number: int, log: Path) -> None:
    """Writes events and exchanges one after the other, noting each; ends by being killed.

    Or by itself, once the process that started it is gone.
    """
    parent, storage = os.getppid(), open_storage(where)
    notes = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    step = 0
    while os.getppid() == parent:
        name = f"{number}-{step}"
        os.write(notes, f"sent {name}\n".encode())
        answer = _insisting(notes, lambda name=name: storage.feedback.add(owner, event_of(name)))
        if answer == "already":  # by a try that seemed to fail
            os.write(notes, f"already {name}\n".encode())
        os.write(notes, f"acknowledged {name}\n".encode())
        session_id = (None, f"own-{number}", None, SHARED)[step % 4]
        if session_id is not None:
            _insisting(notes, lambda s=session_id, name=name: say(storage, owner, s, name))
            os.write(notes, f"said {session_id} {name}\n".encode())
        step += 1


def event_of(name: str) -> FeedbackEvent:
    """The event of this name, always the same."""
    number, step = map(int, name.split("-"))
    return FeedbackEvent(name, f"item-{step % 97}", KINDS[(number + step) % len(KINDS)], SHARED)


def say(storage: Storage, owner: str, session_id: str, name: str) -> Session:
    """A turn: the exchange with its state, made anew where another writer was quicker."""
    while True:
        session = storage.sessions.get(owner, session_id)
        state = DialogueState() if session is None else session.state
        if session is not None and name in state.liked:
            return session  # stored by the try that seemed to fail
        state = replace(state, wish=name, liked=(*state.liked, name))
        shown = tuple(Shown(f"m{r}", "Moon", r, 0.5, REASON, "model") for r in range(1, 6))
        exchange = Exchange(name, REASON, "item_head", shown)
        version = NEW if session is None else session.version
        try:
            return storage.sessions.put(
                owner, session_id, state, version=version, exchange=exchange
            )
        except ConflictError:
            continue


def _insisting(notes: int, act: Callable[[], object]) -> object:
    deadline = time.monotonic() + GIVE_UP_S
    while True:
        try:
            return act()
        except StorageError as error:
            os.write(notes, f"failed {error}\n".encode())
            if time.monotonic() > deadline:
                raise
            time.sleep(REPEAT_S)


def fork_writers_on_request() -> None:
    """Obeys lines on stdin: a list of arguments starts writers, "kill" kills all of them at once.

    Each line is answered with one when it has been done. All that writers need is loaded here once.
    """
    writers: list[int] = []
    for line in sys.stdin:
        if line.strip() == "kill":
            for pid in writers:
                os.kill(pid, signal.SIGKILL)
            for pid in writers:
                os.waitpid(pid, 0)
            writers = []
        else:
            where, owner, logs, count = json.loads(line)
            open_storage(where).close()  # makes the tables, and loads what it takes
            for number in range(count):
                pid = os.fork()
                if pid == 0:
                    write_for_ever(where, owner, number, Path(logs) / f"{owner}-{number}.log")
                    os._exit(0)
                writers.append(pid)
        print("done", flush=True)


if __name__ == "__main__":
    fork_writers_on_request()
