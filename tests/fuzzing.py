"""How fuzzing tests run: few examples in the suite, 10,000 under ``-m long``.

``CHATREC_FUZZ_EXAMPLES`` and ``CHATREC_FUZZ_SEED`` set others for the long run, so that it can be
run in parts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings

LONG = int(os.environ.get("CHATREC_FUZZ_EXAMPLES", "10000"))
SEED = int(os.environ.get("CHATREC_FUZZ_SEED", "2026"))

few_or_many = pytest.mark.parametrize(
    "examples", [20, pytest.param(LONG, marks=pytest.mark.long)], ids=["short", "long"]
)


def tried(check: Callable[..., None], examples: int) -> None:
    """Runs a check that ``given`` decorated on so many examples, the same at every call."""
    limits: Any = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        print_blob=True,
        phases=(Phase.generate, Phase.shrink) if examples < LONG else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    seed(SEED)(limits(check))()
