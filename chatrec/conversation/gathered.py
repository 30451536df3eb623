"""Values gathered from one message while its limits are read. Mutable; lives for one reading."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from chatrec.conversation.utterance import Span
from chatrec.types import Constraints


class Gathered:
    """Values for each field of Constraints, spans of the text, and what fits no limit."""

    def __init__(self) -> None:
        self.lists: dict[str, list[str]] = defaultdict(list)
        self.numbers: dict[str, Any] = {}
        self.negative: list[Span] = []
        self.positive: list[Span] = []
        self.numeric: list[Span] = []
        self.tastes: list[str] = []  # genres that are liked, and not asked for
        self.unknown: list[str] = []
        self.lifted: list[str] = []
        self.unless: list[tuple[str, str]] = []
        self.audience: list[Span] = []
        self.hints: list[str] = []
        self.with_theme: list[str] = []  # genres refused with a theme, unless they are wanted

    def constraints(self) -> Constraints:
        values: dict[str, Any] = {k: tuple(dict.fromkeys(v)) for k, v in self.lists.items() if v}
        return Constraints(**values, **self.numbers)
