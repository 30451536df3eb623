"""How tests run ``chatrec`` in their own process, and look at what it hands to the library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest


class Ran(NamedTuple):
    """A command that has ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def calls_of(monkeypatch: pytest.MonkeyPatch, name: str, result: object = None) -> list[Any]:
    """Replaces a function of the library; the arguments of its calls, by position and by name."""
    calls: list[Any] = []

    def called(*args: Any, **kwargs: Any) -> object:
        calls.append((args, kwargs))
        return result

    monkeypatch.setattr(name, called)
    return calls
