"""One model for many threads: what they ask for at the same time is worked on together.

A single thread runs the model, as long as there is something to do, in rounds. A round reads the
prompts of all who wait for a hidden state, as one batch, since a ranked list waits for them; lets
the next answers join the running batch; and takes one step of it. Answers leave as they end or
are given up. Knows rows of token ids; knows nothing about prompts, texts or items.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

import torch

from chatrec.errors import ModelError
from chatrec.generation.decoding import Row
from chatrec.generation.shared_batch import Batch

logger = logging.getLogger(__name__)

T = TypeVar("T")
Ids = Sequence[Sequence[int]]
Step = list[tuple[int, int]]  # (row index, token id) of each row of an answer that goes on

PIECE = 8  # rows of one request that join at once; the rest joins after the others' next
OUT_OF_MEMORY = "the model ran out of memory; try again later, or load it with --precision nf4"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is worked on at once.

    ``rows`` and ``cached_tokens`` are those of the running batch, padding included; ``read_tokens``
    those of a batch of prompts that are only read. A single request may exceed the last.
    """

    rows: int
    cached_tokens: int
    read_tokens: int


def limits_on(device: torch.device) -> Limits:
    """What suits a device. On a CPU a batch beyond these gains little and costs memory."""
    on_cpu = device.type == "cpu"
    return Limits(40, 8_192, 1_024) if on_cpu else Limits(256, 65_536, 16_384)


ROWS_UP_TO = (1, 2, 4, 8, 16, 32, 64, 256)  # how steps are counted by their rows


@dataclass(frozen=True, slots=True)
class SharedStats:
    """Counts since the model was loaded; ``tokens / steps`` are the rows of an average step.

    ``steps_of`` are the steps by their number of rows, up to each of ROWS_UP_TO. ``tokens_read``
    are those of prompts, without padding, ``tokens_reused`` those of kept beginnings that needn't
    be read again; ``begun_alike`` and ``begun_anew`` the prompts with and without such a beginning.
    ``rows_now`` and ``rows_waiting`` are no counts: what is in the batch, and what is to join it.
    """

    reads: int = 0
    read_batches: int = 0
    answers: int = 0
    steps: int = 0
    tokens: int = 0
    given_up: int = 0
    out_of_memory: int = 0
    tokens_read: int = 0
    tokens_reused: int = 0
    begun_alike: int = 0
    begun_anew: int = 0
    steps_of: tuple[int, ...] = (0,) * len(ROWS_UP_TO)
    rows_now: int = 0
    rows_waiting: int = 0


@dataclass(eq=False)
class _Read:
    rows: Ids
    hidden: Future[torch.Tensor] = field(default_factory=Future)


@dataclass(eq=False)
class _Answer:
    news: SimpleQueue[Step | ModelError | None] = field(default_factory=SimpleQueue)
    left: bool = False


class SharedModel:
    """Serves any number of threads with one model; made once, its thread comes and goes."""

    def __init__(self, batch: Batch, read: Callable[[Ids], torch.Tensor], limits: Limits) -> None:
        """``read`` gives the last hidden states (B, H) of rows of token ids."""
        self._batch = batch
        self._read_rows = read
        self._limits = limits
        self._room = limits.rows  # less for a while after memory ran out
        self._reads: deque[_Read] = deque()
        self._reading: list[_Read] = []
        self._waiting: deque[list[Row]] = deque()
        self._answers: dict[Row, _Answer] = {}
        self._stats = SharedStats()
        self._busy = False
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chatrec-model")

    @property
    def stats(self) -> SharedStats:
        """Counts since it was made."""
        begun = self._batch.reuse
        with self._lock:
            now, waiting = self._stats, sum(map(len, self._waiting))
        return replace(
            now,
            tokens_read=now.tokens_read + begun.read,
            tokens_reused=begun.reused,
            begun_alike=begun.alike,
            begun_anew=begun.anew,
            rows_now=len(self._batch.rows),
            rows_waiting=waiting,
        )

    def read(self, rows: Ids) -> torch.Tensor:
        """The last hidden states of the rows, (B, H); blocks until they are there."""
        asked = _Read(rows)
        with self._lock:
            self._reads.append(asked)
            self._begin()
        return asked.hidden.result()

    def run(self, job: Callable[[], T]) -> T:
        """The result of ``job``, done between two rounds; blocks, and raises what it raises."""
        return self._worker.submit(job).result()

    def forget(self) -> None:
        """Keeps nothing of earlier prompts: what comes next is as if it were the first."""
        self.run(self._batch.forget)

    def answer(self, rows: list[Row]) -> Iterator[Step]:
        """The rows' new tokens, step by step. Closing the iterator takes the rows out.

        ModelError where one of them failed.
        """
        asked = _Answer()
        with self._lock:
            self._answers |= dict.fromkeys(rows, asked)
            self._waiting.append(rows)
            self._count(answers=len(rows))
            self._begin()
        try:
            while (news := asked.news.get()) is not None:
                if isinstance(news, ModelError):
                    raise news
                yield news
        finally:
            asked.left = True

    def _begin(self) -> None:
        """Has the model's thread take up work; called under the lock."""
        if not self._busy:
            self._busy = True
            self._worker.submit(self._round).add_done_callback(self._ended)

    def _round(self) -> None:
        with self._lock:
            self._reading = self._taken_reads()
            piece = self._next_piece()
        self._read(self._reading)
        if piece:
            self._within_memory(partial(self._batch.join, piece), piece)
        if self._batch.rows:
            self._within_memory(self._batch.step)
        with self._lock:
            self._tell()
            self._leave()
            self._reading = []
            self._busy = False
            if self._reads or self._answers:
                self._begin()

    def _taken_reads(self) -> list[_Read]:
        """The reads that fit one batch, oldest first; one at least where any wait."""
        taken: list[_Read] = []
        rows = width = 0
        while self._reads:
            rows += len(self._reads[0].rows)
            width = max(width, *map(len, self._reads[0].rows))
            if taken and rows * width > self._limits.read_tokens:
                break
            taken.append(self._reads.popleft())
        return taken

    def _leave(self) -> None:
        """Takes the rows of answers that nobody reads any more out of the line and the batch."""
        left = {row for row, answer in self._answers.items() if answer.left}
        if left:
            self._waiting = deque(p for p in self._waiting if not left.intersection(p))
            self._batch.drop(left)
            self._answers = {r: answer for r, answer in self._answers.items() if r not in left}
            self._count(given_up=len(left))

    def _next_piece(self) -> list[Row]:
        """The rows that join now: of the request that has waited longest, if there is room.

        Of a request with many rows some join, and the rest goes to the end of the line.
        """
        if not self._waiting:
            return []
        rows = self._waiting[0]
        piece = rows[: min(PIECE, self._room)]
        if self._batch.rows and not self._has_room_for(piece):
            return []
        self._waiting.popleft()
        if rest := rows[len(piece) :]:
            self._waiting.append(rest)
        return piece

    def _has_room_for(self, piece: Sequence[Row]) -> bool:
        total = len(self._batch.rows) + len(piece)
        width = max(
            len(row.ids) + row.sampling.max_new_tokens - row.n_new
            for row in (*self._batch.rows, *piece)
        )
        return total <= self._room and total * width <= self._limits.cached_tokens

    def _read(self, reads: Sequence[_Read]) -> None:
        """Reads them as one batch, or as two halves where memory does not suffice."""
        if not reads:
            return
        try:
            hidden = self._read_rows([row for asked in reads for row in asked.rows])
        except torch.OutOfMemoryError:
            self._free()
            if len(reads) == 1:
                reads[0].hidden.set_exception(ModelError(OUT_OF_MEMORY))
            else:
                self._read(reads[: len(reads) // 2])
                self._read(reads[len(reads) // 2 :])
            return
        parts = torch.split(hidden, [len(asked.rows) for asked in reads])
        for asked, part in zip(reads, parts, strict=True):
            asked.hidden.set_result(part)
        read = sum(len(row) for asked in reads for row in asked.rows)
        self._count(reads=len(reads), read_batches=1, tokens_read=read)

    def _within_memory(self, act: Callable[[], None], joining: Sequence[Row] = ()) -> None:
        """Does it; where memory does not suffice, all rows join anew, half as many at once."""
        try:
            act()
        except torch.OutOfMemoryError:
            rows = list(dict.fromkeys([*self._batch.clear(), *joining]))
            rows = [row for row in rows if not row.ended]
            self._free()
            self._room = max(len(rows) // 2, 1)
            if len(rows) == 1:
                rows[0].fail(OUT_OF_MEMORY)
            else:
                with self._lock:
                    self._waiting.extendleft([row] for row in reversed(rows))

    def _free(self) -> None:
        torch.cuda.empty_cache()
        self._count(out_of_memory=1)

    def _tell(self) -> None:
        """Gives everybody the tokens that came for them; called under the lock."""
        told, self._batch.told = self._batch.told, []
        steps: dict[_Answer, Step] = {}
        for row, token in told:
            steps.setdefault(self._answers[row], []).append((row.index, token))
        for answer, step in steps.items():
            answer.news.put(step)
        self._count(steps=bool(told), tokens=len(told))
        self._count_rows(len({id(row) for row, _ in told}))
        rows_of: dict[_Answer, list[Row]] = {}
        for row, answer in self._answers.items():
            rows_of.setdefault(answer, []).append(row)
        for answer, rows in rows_of.items():
            failure = next((row.failure for row in rows if row.failure is not None), None)
            if failure is not None:
                answer.news.put(failure)
                answer.left = True
            elif all(row.ended for row in rows):
                answer.news.put(None)
                self._room = min(self._room + len(rows), self._limits.rows)
                for row in rows:
                    del self._answers[row]

    def _ended(self, work: Future[None]) -> None:
        """Where a round failed, tells everybody who waits; the next who asks begins anew."""
        error = work.exception()
        if error is None:
            return
        logger.error("the decoder failed; all that it was asked for is given up", exc_info=error)
        failure = ModelError(f"the decoder failed ({error!r}); try again, and look into the log")
        with self._lock:
            for asked in (*self._reading, *self._reads):
                if not asked.hidden.done():
                    asked.hidden.set_exception(failure)
            for answer in dict.fromkeys(self._answers.values()):
                answer.news.put(failure)
            self._batch.clear()
            self._batch.told = []
            self._reads.clear()
            self._waiting.clear()
            self._answers, self._reading, self._busy = {}, [], False

    def _count_rows(self, rows: int) -> None:
        """One more step of so many rows; of none, no step was taken."""
        if rows:
            place = next((n for n, most in enumerate(ROWS_UP_TO) if rows <= most), -1)
            counts = list(self._stats.steps_of)
            counts[place] += 1
            self._stats = replace(self._stats, steps_of=tuple(counts))

    def _count(self, **counts: int) -> None:
        now = self._stats
        self._stats = replace(now, **{n: getattr(now, n) + more for n, more in counts.items()})
