"""Records and verifies what a folder of model files contains, without parsing any of them.

Knows files, arrays, sizes and SHA-256; knows nothing about what they mean.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.errors import ModelError

CHECKSUMS_FILE = "checksums.json"
_JSON_LIMIT_BYTES = 1_000_000


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def arrays_sha256(arrays: Mapping[str, NDArray[Any]]) -> str:
    """The SHA-256 of arrays with their names, shapes and types, in any order, as 64 hex digits."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {arrays[name].shape} {array.dtype.str}\n".encode())
        digest.update(array.data)
    return digest.hexdigest()


def record_checksums(folder: Path, names: Iterable[str]) -> None:
    """Write ``checksums.json`` with the size and SHA-256 of each named file of ``folder``."""
    recorded = {
        name: {"bytes": (folder / name).stat().st_size, "sha256": file_sha256(folder / name)}
        for name in sorted(names)
    }
    text = json.dumps(recorded, indent=2) + "\n"
    (folder / CHECKSUMS_FILE).write_text(text, encoding="utf-8")


def verify_checksums(folder: Path, names: Iterable[str], *, remedy: str) -> None:
    """Compare each named file of ``folder`` with what ``checksums.json`` recorded.

    Raises ModelError, ending in ``remedy``, for the first file that is missing, not recorded,
    truncated or changed.
    """
    recorded = _read_checksums(folder, remedy)
    for name in sorted(names):
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{folder}: {name} is missing; {remedy}")
        if name not in recorded:
            raise ModelError(f"{folder}: {CHECKSUMS_FILE} does not list {name}; {remedy}")
        size, sha256 = recorded[name]
        found = path.stat().st_size
        if found < size:
            raise ModelError(
                f"{folder}: {name} is truncated: {found} bytes of the {size} that "
                f"{CHECKSUMS_FILE} recorded; {remedy}"
            )
        if found != size or file_sha256(path) != sha256:
            raise ModelError(
                f"{folder}: {name} was changed: its SHA-256 differs from the one that "
                f"{CHECKSUMS_FILE} recorded; {remedy}"
            )


def _read_checksums(folder: Path, remedy: str) -> dict[str, tuple[int, str]]:
    path = folder / CHECKSUMS_FILE
    if not path.is_file():
        raise ModelError(f"{folder}: {CHECKSUMS_FILE} is missing; {remedy}")
    unreadable = (
        f'{path} is damaged: expected {{"FILE": {{"bytes": N, "sha256": "..."}}, ...}}; {remedy}'
    )
    if path.stat().st_size > _JSON_LIMIT_BYTES:
        raise ModelError(unreadable)
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: (int(entry["bytes"]), str(entry["sha256"])) for name, entry in entries.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelError(unreadable) from error
