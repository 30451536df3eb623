"""Arrays in a safetensors file with what they were made from and a checksum beside them.

Knows files and arrays; knows nothing about what they mean. The checksum shows damage and mix-ups;
whoever can rewrite the file can rewrite it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from chatrec.data.checksums import arrays_sha256
from chatrec.errors import DataError

Arrays = dict[str, NDArray[Any]]


def seal(arrays: Mapping[str, NDArray[Any]], **facts: str) -> dict[str, str]:
    """The metadata to write beside the arrays: the facts, and the checksum of the arrays."""
    return {**facts, "checksum": arrays_sha256(arrays)}


def read_sealed(
    path: Path,
    wanted: Callable[[Mapping[str, str]], bool],
    *,
    names: Sequence[str] | None = None,
    remedy: str,
) -> tuple[Arrays, dict[str, str]] | None:
    """The arrays at ``path``, all or those of these ``names``, and the metadata beside them.

    None where there is no file, or its metadata isn't ``wanted``; no array is read then. DataError,
    ending in ``remedy``, for a file that is damaged, lacks an array or was altered.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="numpy") as stored:
            metadata = stored.metadata() or {}
            if not wanted(metadata):
                return None
            chosen = stored.keys() if names is None else names
            arrays = {name: stored.get_tensor(name) for name in chosen}
    except (SafetensorError, ValueError, TypeError) as error:
        raise DataError(f"{path} is damaged ({error}): {remedy}") from error
    if metadata.get("checksum") != arrays_sha256(arrays):
        raise DataError(f"{path} was altered since it was written: {remedy}")
    return arrays, metadata
