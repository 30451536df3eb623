"""How long each stage of a turn takes. Knows no stage by name."""

from __future__ import annotations

import time
from collections.abc import Mapping


class Watch:
    """Milliseconds of each stage since the one before it."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self._stages: dict[str, float] = {}

    def stop(self, stage: str) -> None:
        """The stage that has just ended."""
        now = time.perf_counter()
        self._stages[stage] = (now - self._last) * 1000
        self._last = now

    @property
    def timings(self) -> Mapping[str, float]:
        return {**self._stages, "total": (self._last - self._begun) * 1000}
