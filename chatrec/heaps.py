"""Keeps the C library from giving every thread a heap of its own.

A server has many threads that each work for a moment, and glibc keeps what each freed for that
thread alone: some 50 MB here that nobody uses. Knows nothing about what the threads do.
"""

from __future__ import annotations

import ctypes
import os

HEAPS = 1
_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def share_heaps() -> bool:
    """From now on threads share the heap that is there; whether that was arranged.

    It wasn't where ``MALLOC_ARENA_MAX`` already says how many there are to be, and where the C
    library isn't glibc.
    """
    if "MALLOC_ARENA_MAX" in os.environ:
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(_ARENA_MAX, HEAPS))
