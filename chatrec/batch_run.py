"""The folder of a ``chatrec batch`` run: what it was begun with, and its shards, each made once.

run.json                            what was asked for; another input, model or option is refused
shard-00001.jsonl shard-00001.json  its lines, and the checksum whose arrival makes it finished
merged.json                         the checksum of all of it in one file
locks/                              held by whoever makes a shard; a kill frees them

Every file comes under another name first and is renamed, so it is there whole or not at all. Knows
lines; knows nothing about users, lists or models.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatrec.data.checksums import file_sha256
from chatrec.errors import DataError, RequestError

FORMAT = 1
BEGUN, MERGED, LOCKS = "run.json", "merged.json", "locks"
_FREE_SPACE = "free space or choose another place"

About = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class Share:
    """Part ``number`` (from 1) of ``of``: every shard whose number leaves it over."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> Share:
        """``2/4``; RequestError for anything else."""
        number, slash, of = text.partition("/")
        if slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) < 10**6:
            return cls(int(number), int(of))
        raise RequestError(
            f"--shards is {text!r}; give part and parts, such as 1/4 up to 4/4 for four machines"
        )

    def has(self, shard: int) -> bool:
        """Whether shard number ``shard`` (from 1) is in this part."""
        return (shard - self.number) % self.of == 0


class RunFolder:
    """A run's folder; made by ``begin``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, about: About) -> None:
        """Begins the run, or goes on with it.

        Raises RequestError where it was begun with something else, DataError where the folder
        holds other things or can't be written.
        """
        about = {"format": FORMAT, **about}
        if not (self.path / BEGUN).is_file():
            if self.path.exists() and not (self.path.is_dir() and self._is_bare()):
                raise DataError(
                    f"{self.path} exists and is no folder of a batch run: choose another --to"
                )
            with _writing(self.path):
                (self.path / LOCKS).mkdir(parents=True, exist_ok=True)
            with self._locked("run", "begun"):
                if not (self.path / BEGUN).is_file():
                    self._put(BEGUN, _json(about))
        begun = self._read(BEGUN)
        for name in {**about, **begun}:
            if about.get(name) != begun.get(name):
                raise RequestError(
                    f"{self.path} was begun with {name} {begun.get(name)!r}, now it is "
                    f"{about.get(name)!r}: go on as it was begun, or choose another --to"
                )

    def is_finished(self, shard: int) -> bool:
        """Whether the shard is there; DataError where it was altered since it was made."""
        if not (self.path / _sealed(shard)).is_file():
            return False
        seal = self._read(_sealed(shard))
        lines = self.path / _lines(shard)
        if not lines.is_file() or file_sha256(lines) != seal.get("sha256"):
            raise DataError(
                f"{lines} is missing or was altered since it was made: put it back, or delete "
                f"{_sealed(shard)} to have it made anew"
            )
        return True

    @contextmanager
    def making(self, shard: int) -> Iterator[None]:
        """Holds the shard; RequestError where another process does."""
        with self._locked(f"shard-{shard:05}", f"asked for shard {shard} of"):
            yield

    def keep(self, shard: int, lines: Sequence[str], **about: int) -> None:
        """Finishes the shard with these lines; ``about`` is noted beside their checksum."""
        content = "".join(f"{line}\n" for line in lines).encode()
        self._put(_lines(shard), content)
        seal = {"rows": len(lines), **about, "sha256": hashlib.sha256(content).hexdigest()}
        self._put(_sealed(shard), _json(seal))

    def noted(self, shards: int, name: str) -> int:
        """The sum of what was noted under ``name`` of all shards, finished as they are."""
        return sum(int(self._read(_sealed(n)).get(name, 0)) for n in range(1, shards + 1))

    def is_merged(self, to: Path) -> bool:
        """Whether ``to`` holds the whole run; DataError where it holds something else."""
        if not to.exists():
            return False
        seal = self._read(MERGED) if (self.path / MERGED).is_file() else {}
        if to.is_file() and file_sha256(to) == seal.get("sha256"):
            return True
        raise DataError(f"{to} exists and isn't what this run wrote: move it, or choose another")

    def merge(self, shards: int, to: Path) -> None:
        """Writes the lines of all shards, in order, into ``to``: JSON lines, or Parquet by name."""
        with self._locked("merge", "asked to merge"):
            if self.is_merged(to):
                return
            part = to.with_name(f".{to.name}.part")
            parts = [self.path / _lines(number) for number in range(1, shards + 1)]
            with _writing(to):
                if to.suffix.lower() == ".parquet":
                    from chatrec.batch_parquet import write_parquet

                    write_parquet(parts, part, self.path)
                else:
                    _concatenate(parts, part)
                self._put(MERGED, _json({"file": to.name, "sha256": file_sha256(part)}))
                _renamed(part, to)

    def _is_bare(self) -> bool:
        return {child.name for child in self.path.iterdir()} <= {LOCKS}

    def _read(self, name: str) -> dict[str, Any]:
        file = self.path / name
        try:
            record = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise DataError(f"{file} is damaged ({error}): choose another --to") from error
        if not isinstance(record, dict):
            raise DataError(f"{file} is damaged, it holds no object: choose another --to")
        return record

    def _put(self, name: str, content: bytes) -> None:
        target = self.path / name
        with _writing(target):
            part = target.with_name(f".{name}.part")
            with part.open("wb") as file:
                file.write(content)
            _renamed(part, target)

    @contextmanager
    def _locked(self, name: str, doing: str) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(self.path / LOCKS / name, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise RequestError(
                f"{doing} {self.path}, but another process is at it: let that one end, or give "
                "each its own part with --shards 1/2, 2/2 ..."
            ) from error
        try:
            yield
        finally:
            lock.release()


def _lines(shard: int) -> str:
    return f"shard-{shard:05}.jsonl"


def _sealed(shard: int) -> str:
    return f"shard-{shard:05}.json"


def _json(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def _concatenate(parts: Sequence[Path], to: Path) -> None:
    with to.open("wb") as whole:
        for part in parts:
            with part.open("rb") as file:
                shutil.copyfileobj(file, whole)


def _renamed(part: Path, to: Path) -> None:
    """Gives the file its name once its content is on the disk, and waits for the name to be."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(to)
    folder = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError(f"{target} can't be written ({error}): {_FREE_SPACE}") from error
