"""A folder that appears whole or not at all. Knows paths; knows nothing about what they hold."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(to: Path) -> Iterator[Path]:
    """A new folder to write into, which becomes ``to`` at the end of the block.

    ``to`` may be there if it is empty, or a link; what its path lacks is made. An error leaves
    nothing behind. A process that is killed leaves the new folder, so its name is its own.
    """
    to = Path(os.path.realpath(to))  # a link to a folder, or ".", can't be replaced itself
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.parent / f".{to.name}.part-{secrets.token_hex(4)}"
    part.mkdir()
    try:
        yield part
        part.replace(to)
    finally:
        shutil.rmtree(part, ignore_errors=True)
