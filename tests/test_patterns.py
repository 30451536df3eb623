"""No regular expression that reads what people write goes back and forth without an end."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from typing import Any

import pytest

import chatrec

PACKAGES = ("conversation", "retrieval", "data", "generation", "serving")
TIMES, SECONDS = 26, 2.0  # of a word said over and over; a pattern that goes wrong takes hours


def patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """The compiled patterns of a module's value, also within its tables."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 3 and isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            yield from patterns_in(part, depth + 1)
    elif depth < 3 and isinstance(value, tuple | list | set | frozenset):
        for part in value:
            yield from patterns_in(part, depth + 1)


def words_of(pattern: re.Pattern[str]) -> set[str]:
    """The plain words that a pattern is made of, singular and plural."""
    plain = re.sub(r"\\[a-zA-Z]", " ", pattern.pattern)
    return set(re.findall(r"[a-z]{2,}", plain)) | {"a", "i", "really"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_word_said_over_and_over_is_searched_at_once(package: str) -> None:
    folder = importlib.import_module(f"{chatrec.__name__}.{package}")
    found: dict[str, tuple[str, re.Pattern[str]]] = {}
    for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in patterns_in(value):
                found.setdefault(pattern.pattern, (f"{module.name}.{name}", pattern))
    assert found

    def late(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    try:
        for place, pattern in found.values():
            for word in words_of(pattern):
                signal.setitimer(signal.ITIMER_REAL, SECONDS)
                try:
                    pattern.search(f"{word} " * TIMES + "\x01")
                except TimeoutError:
                    pytest.fail(f"{place} takes more than {SECONDS} s on {word!r} said {TIMES} x")
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
