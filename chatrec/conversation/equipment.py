"""What a recommender works with, and what its parts have counted: for whoever runs it.

Filled in by whoever puts the recommender together; knows nothing about how figures are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from chatrec.conversation.guided import ReadingStats
    from chatrec.generation.rationale import WriterStats
    from chatrec.generation.shared import SharedStats

Reading = Literal["base", "tuned"]


@dataclass(frozen=True, slots=True)
class Equipment:
    """``reading`` says whether an adapter tunes the embedding model's reading of wishes.

    The others give counts since the start at each call. ``lookups`` are how often an item head's
    scores were known and how often they had to be computed, ``messages`` by whom messages were
    read. None: there is no such part, as where a server is the decoder.
    """

    reading: Reading = "base"
    decoder: Callable[[], SharedStats] | None = None
    writer: Callable[[], WriterStats] | None = None
    lookups: Callable[[], tuple[int, int]] | None = None
    messages: Callable[[], ReadingStats] | None = None
