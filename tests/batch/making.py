"""The users that tests of the batch make lists for, and the lists read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from chatrec.batch import BatchOptions, Done

OPTIONS = BatchOptions(text="something good", k=2, reasons=True, seed=0, shard_size=3)
ROWS = [
    {"user": "u0"},
    {"user": "u1", "k": 4},
    {"text": "a comedy", "liked": ["Alien", "moon"], "seen": ["Saw"]},
    {"text": "a western", "constraints": {"year_min": 1950}},
    {"user": "u2", "disliked": ["Saw"]},
    {"constraints": {"year_max": 1900}},
    {"user": "u3"},
]

Make = Callable[..., Done]


def users_file(folder: Path, rows: Sequence[dict[str, Any]] = ROWS, name: str = "u.jsonl") -> Path:
    """The rows as a file of users in the folder."""
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """The lists of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
