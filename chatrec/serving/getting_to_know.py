"""What one tab's visitor tells about themselves beside the conversation: titles, a file, edits.

Holds the titles that are being judged, the parts of a file that have come, and what the panel says;
the dialogue's state is :mod:`chatrec.serving.talk`'s. Knows nothing about Gradio or HTML.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chatrec.conversation.onboarding import ANSWERS, Answer, answered
from chatrec.conversation.state import DialogueState
from chatrec.data.history_files import MAX_BYTES
from chatrec.errors import DataError, RequestError, shortened
from chatrec.types import Item

PART_BYTES = 30_000  # as ``static/page.js`` sends them
MAX_PARTS = -(-MAX_BYTES // PART_BYTES)


@dataclass(slots=True)
class Titles:
    """Titles that a newcomer is judging. ``items`` is empty while none are shown."""

    items: tuple[Item, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()  # ids, also of titles that were put aside

    def show(self, items: Iterable[Item]) -> None:
        """Other titles, or none; the answers so far are gone."""
        self.items, self.answers = tuple(items), {}
        self.asked |= {item.item_id for item in self.items}

    def judge(self, item_id: str, answer: str) -> None:
        """Sets an answer, or clears it where it was set. RequestError for what isn't asked."""
        known = next((name for name in ANSWERS if name == answer), None)
        if known is None:
            raise RequestError(
                f"unknown answer {shortened(answer)}; allowed are {', '.join(ANSWERS)}"
            )
        if item_id not in {item.item_id for item in self.items}:
            raise RequestError(f"item {shortened(item_id)} is not asked about; reload the page")
        given = dict(self.answers)
        if given.pop(item_id, None) != known:
            given[item_id] = known
        self.answers = given

    def told(self, state: DialogueState) -> DialogueState:
        """The state with the answers."""
        for item_id, answer in self.answers.items():
            state = answered(state, item_id, answer)
        return state


@dataclass(slots=True)
class Arriving:
    """A file that comes in parts, as a page can't send a large one at once."""

    parts: int = 0
    got: int = 0
    content: bytearray = field(default_factory=bytearray)

    def add(self, part: int, parts: int, data: str) -> bytes | None:
        """Takes part number ``part`` from 0 as base64; the whole file with the last, else None.

        A first part begins anew. Raises RequestError for a part out of turn, and DataError for a
        file that is too large; either way what had come is forgotten.
        """
        if part == 0:
            self.clear()
            self.parts = parts
        if parts > MAX_PARTS:
            raise self._too_large()
        if not (0 < parts == self.parts and part == self.got):
            self.clear()
            raise RequestError(f"part {part} of {parts} came out of turn; choose the file again")
        try:
            piece = base64.b64decode(data, validate=True)
        except binascii.Error as error:
            self.clear()
            raise RequestError(f"part {part} is no base64 ({error}); choose it again") from error
        if len(self.content) + len(piece) > MAX_BYTES:
            raise self._too_large()
        self.content += piece
        self.got += 1
        if self.got < self.parts:
            return None
        whole = bytes(self.content)
        self.clear()
        return whole

    def _too_large(self) -> DataError:
        self.clear()
        return DataError(
            f"the file has more than {MAX_BYTES:,} bytes, the most that is read: "
            "keep the newest rows and choose it again"
        )

    def clear(self) -> None:
        """Forgets what has come."""
        self.parts = self.got = 0
        self.content = bytearray()
