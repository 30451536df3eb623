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


class Rows:
    """A file of JSON lines that grows as things are measured; begun anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun = time.monotonic()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")

    def add(self, **values: Any) -> None:
        """Write one line, and say so with what is short of it."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")
        short = {name: v for name, v in values.items() if not (isinstance(v, list) and len(v) > 12)}
        print(f"{time.monotonic() - self._begun:.0f} s, {self._path.stem}: {short}", flush=True)


def zipped_lines(path: Path, records: Iterable[Any]) -> None:
    """Write records as lines of JSON, gzipped."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record) + "\n")


def in_zip_lines(path: Path) -> Iterator[Any]:
    """The records that ``zipped_lines`` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
