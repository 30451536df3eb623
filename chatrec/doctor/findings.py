"""What a check found: its subject, whether that is well, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["ok", "warning", "wrong"]
LEVELS: tuple[Level, ...] = ("ok", "warning", "wrong")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report.

    ``wrong`` keeps chatrec from starting or breaks a promise; a ``warning`` costs time, comfort or
    safety. ``text`` says what is, ``todo`` what to do.
    """

    subject: str
    level: Level
    text: str
    todo: str = ""

    def line(self) -> str:
        """The finding for people.

        >>> Finding("port", "wrong", "7860 is taken", "choose another with --port").line()
        'wrong    port           7860 is taken: choose another with --port'
        """
        said = f"{self.text}: {self.todo}" if self.todo else self.text
        return f"{self.level:<8} {self.subject:<14} {said}"


def ok(subject: str, text: str) -> Finding:
    """All is well."""
    return Finding(subject, "ok", text)


def warning(subject: str, text: str, todo: str) -> Finding:
    """It works, but not as well as it should."""
    return Finding(subject, "warning", text, todo)


def wrong(subject: str, text: str, todo: str) -> Finding:
    """It doesn't work."""
    return Finding(subject, "wrong", text, todo)


def from_error(subject: str, error: Exception) -> Finding:
    """What one of chatrec's own errors says, which ends in what to do."""
    return Finding(subject, "wrong", str(error))


def worst(findings: Sequence[Finding]) -> Level:
    """The gravest level among them; "ok" for none."""
    return max((finding.level for finding in findings), key=LEVELS.index, default="ok")


def report(findings: Sequence[Finding]) -> dict[str, Any]:
    """The findings as JSON values, with how many there are of each level."""
    counts: dict[str, int] = {level: sum(f.level == level for f in findings) for level in LEVELS}
    return {"level": worst(findings), **counts, "findings": [asdict(f) for f in findings]}


def summary(findings: Sequence[Finding]) -> str:
    """The last line of a report."""
    counts = report(findings)
    return f"{counts['ok']} ok, {counts['warning']} warnings, {counts['wrong']} wrong"
