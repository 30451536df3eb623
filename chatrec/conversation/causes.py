"""Why the dialogue's state holds what it holds: each change with its turn and its words.

A state is looked at as entries, pairs of what and value ("liked", "alien-1979"); a change adds an
entry or takes one away. It knows neither catalogue nor how a message is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

MAX_CHANGES = 200  # those of what no longer holds go first
MAX_WORDS = 160  # characters kept of a message

By = Literal["said", "clicked", "undone"]
Entry = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One change and its cause.

    ``turn`` is the number of the user's message, from 1 (0: before the first), ``words`` that
    message, shortened; empty where a button was pressed. ``what`` names a field of the state or a
    filter, ``value`` the entry; ``added`` is False where it was taken away.
    """

    turn: int
    words: str
    what: str
    value: str
    added: bool = True
    by: By = "said"


def changes_between(
    before: Sequence[Entry], after: Sequence[Entry], turn: int, words: str, by: By
) -> tuple[Change, ...]:
    """What went and what came. A wish that only grew counts as the words it grew by."""
    had, has = dict.fromkeys(before), dict.fromkeys(after)
    gone = [entry for entry in had if entry not in has]
    come = [entry for entry in has if entry not in had]
    said = words if len(words) <= MAX_WORDS else words[: MAX_WORDS - 1] + "…"
    found = [Change(turn, said, *entry, False, by) for entry in gone if not _grew(entry, come)]
    for what, value in come:
        old = next((v for w, v in gone if w == what == "wish" and value.startswith(v)), "")
        found.append(Change(turn, said, what, value.removeprefix(old).lstrip(", "), True, by))
    return tuple(found)


def kept(changes: Sequence[Change], standing: Iterable[Entry]) -> tuple[Change, ...]:
    """At most MAX_CHANGES, in order: first go those that no longer explain anything, oldest first.

    Beyond that the oldest go, whatever they explain.
    """
    if len(changes) <= MAX_CHANGES:
        return tuple(changes)
    holds = set(standing)
    idle = [n for n, c in enumerate(changes) if not (c.added and (c.what, c.value) in holds)]
    dropped = set(idle[: len(changes) - MAX_CHANGES])
    return tuple(c for n, c in enumerate(changes) if n not in dropped)[-MAX_CHANGES:]


def cause_of(changes: Sequence[Change], what: str, value: str | None = None) -> Change | None:
    """The change that brought an entry (any value of ``what`` for None); None where none is known.

    What came back by an undo has the cause that it had at first.
    """
    found = [
        c for c in changes if c.added and c.what == what and (value is None or c.value == value)
    ]
    told = [c for c in found if c.by != "undone"] or found
    return told[-1] if told else None


def _grew(entry: Entry, come: Sequence[Entry]) -> bool:
    what, value = entry
    return what == "wish" and any(w == "wish" and v.startswith(value) for w, v in come)
