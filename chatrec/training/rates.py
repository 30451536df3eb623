"""How learning rates go over a run. Knows steps; knows no optimiser."""

from __future__ import annotations

import math

LOWEST = 0.1  # of the peak, at the end


def share_of_peak(step: int, warmup: int, progress: float) -> float:
    """The rate at ``step`` (from 0) as a share of its peak, above 0 and at most 1.

    It rises evenly over the first ``warmup`` steps, and falls along a cosine to LOWEST as
    ``progress`` goes from 0 to 1.

    >>> [share_of_peak(step, 4, 0.0) for step in (0, 3, 9)]
    [0.25, 1.0, 1.0]
    >>> round(share_of_peak(9, 4, 0.5), 6), round(share_of_peak(9, 4, 1.0), 6)
    (0.55, 0.1)
    """
    falling = (1 + math.cos(math.pi * progress)) / 2
    return (LOWEST + (1 - LOWEST) * falling) * min(1.0, (step + 1) / warmup)
