"""Dialogues that are done, a line each in a file, so that a run that was killed goes on from them.

A dialogue depends on its number and the run's seed alone, so what was kept stands for itself. Knows
nothing about users or systems.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chatrec.errors import DataError
from chatrec.evaluation.simulator import Dialogue

_LISTS = ("messages", "violations", "repeats")


class KeptDialogues:
    """Those in ``file``, which is made anew where it isn't there.

    ``identity`` says what a run that goes on must share with the one before: data and seed.
    DataError for a file of another run, or one that can't be read. Half a line at the end, as a
    kill leaves it, is cut off.
    """

    def __init__(self, file: Path, identity: Mapping[str, Any]) -> None:
        self._file = file
        self._done: dict[tuple[str, int], Dialogue] = {}
        own = json.dumps({"run": dict(identity)}, sort_keys=True)
        try:
            text = file.read_text("utf-8") if file.exists() else ""
            whole = text[: text.rfind("\n") + 1]
            first, *lines = whole.splitlines() or [own]
            if first != own:
                raise DataError(
                    f"{file} has dialogues of another run ({first[:200]}, this one is {own}); "
                    "name another file"
                )
            for line in lines:
                self._take(line)
            if not whole:
                file.write_text(own + "\n", encoding="utf-8")
            elif whole != text:
                os.truncate(file, len(whole.encode("utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{file} can't be gone on from ({error}); name another file") from error

    def get(self, system: str, number: int) -> Dialogue | None:
        """The dialogue with this goal, None where it isn't done."""
        return self._done.get((system, number))

    def put(self, system: str, number: int, dialogue: Dialogue) -> None:
        """Keep one more."""
        self._done[system, number] = dialogue
        line = json.dumps({"system": system, "number": number, **asdict(dialogue)})
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(line + "\n")

    def _take(self, line: str) -> None:
        told: dict[str, Any] = json.loads(line)
        system, number = told.pop("system"), told.pop("number")
        told |= {name: tuple(told[name]) for name in _LISTS}
        self._done[system, number] = Dialogue(**told)
