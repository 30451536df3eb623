"""What whoever answers a message may ask: whether to be quick, and whether anybody still waits.

Knows nothing about what the answer is.
"""

from __future__ import annotations

import threading
import time


class Haste:
    """Asked as a function it says whether to be quick; ``gone`` that nobody waits any more.

    ``deadline`` is a time of the monotonic clock, from which on haste is asked for in any case.
    """

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._asked = threading.Event()
        self.gone = False

    def hurry(self) -> None:
        """Asks for haste."""
        self._asked.set()

    def late(self) -> bool:
        """Whether the time for this turn is up."""
        return time.monotonic() > self._deadline

    def left_s(self) -> float:
        """Seconds until the time is up; 0 afterwards."""
        return max(0.0, self._deadline - time.monotonic())

    def __call__(self) -> bool:
        return self._asked.is_set() or self.late()
