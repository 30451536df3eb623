"""Small source files for the import tests, and the shared data sets where they lie."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """write(name, content) -> the path of a new file."""

    def _write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return _write


@pytest.fixture
def shared_data() -> Path:
    """The folder of the shared data sets; the test is skipped where it is absent."""
    beside = REPOSITORY.parent / "shared" / "data"
    folder = Path(os.environ.get("CHATREC_SHARED_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no shared data sets at {folder} (CHATREC_SHARED_DATA names the folder)")
    return folder
