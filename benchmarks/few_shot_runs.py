"""What both halves of ``few_shot.py`` share: sizes and seeds, time that runs out, lines of JSON."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SIZES = (16, 64, 256)
SEEDS = (2026, 2027, 2028)
CHOICE_SEED = 7  # of the draw that settings are chosen with, measured on nothing else


class OutOfTimeError(Exception):
    """The time that a run was given is over; what was measured before is written."""


class Budget:
    """The seconds from now on that a run may take; those of reading the last rows not counted."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left; below 0 where it is over."""
        return self._end - time.monotonic()

    def check(self) -> None:
        """Raises OutOfTimeError once it is over."""
        if self.left <= 0:
            raise OutOfTimeError

    def at_most(self, seconds: float) -> Budget:
        """A part of it."""
        return Budget(min(self.left, seconds))


class Rows:
    """A file of JSON lines that grows as things are measured: ``lines``.

    It is begun anew, with the lines of the file ``earlier`` if one is given.
    """

    def __init__(self, path: Path, earlier: Path | None = None) -> None:
        self.lines = [] if earlier is None else read_lines(earlier)
        self._path = path
        self._begun = time.monotonic()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(line) + "\n" for line in self.lines), encoding="utf-8")

    def find(self, **values: Any) -> dict[str, Any] | None:
        """The first line with these values, or None."""
        found = (line for line in self.lines if values.items() <= line.items())
        return next(found, None)

    def add(self, **values: Any) -> None:
        """Write one line, and say so with what is short of it."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")
        self.lines.append(values)
        short = {name: v for name, v in values.items() if not (isinstance(v, list) and len(v) > 12)}
        print(f"{time.monotonic() - self._begun:.0f} s, {self._path.stem}: {short}", flush=True)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines that ``Rows`` wrote."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def zipped_lines(path: Path, records: Iterable[Any]) -> None:
    """Write records as lines of JSON, gzipped."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record) + "\n")


def in_zip_lines(path: Path) -> Iterator[Any]:
    """The records that ``zipped_lines`` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
