"""The C library's heaps: shared unless somebody has said otherwise."""

import platform
import subprocess
import sys

import pytest

from chatrec.heaps import share_heaps

THREADS = """
import re, sys, threading
from chatrec.heaps import share_heaps
if sys.argv[1] == "shared":
    assert share_heaps()
stay, made = threading.Event(), [threading.Event() for _ in range(4)]
def work(ready):
    kept = [bytes(1000) for _ in range(2000)]
    ready.set()
    stay.wait()
for ready in made:
    threading.Thread(target=work, args=(ready,), daemon=True).start()
for ready in made:
    ready.wait()
import ctypes
ctypes.CDLL(None).malloc_stats()
"""


def test_the_environment_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_ARENA_MAX", "4")
    assert not share_heaps()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
@pytest.mark.parametrize(("how", "heaps"), [("shared", 1), ("alone", 5)])
def test_threads_share_one_heap_once_told(how: str, heaps: int) -> None:
    run = subprocess.run(
        [sys.executable, "-c", THREADS, how],
        env={"PATH": "", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr.count("Arena ") == heaps
