"""How the page is drawn for one visitor: in which language, with which pictures, what is picked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chatrec.conversation.lexicon import Language
from chatrec.types import Item


def no_picture(item: Item) -> str:
    """No address of a picture, whatever the item."""
    del item
    return ""


@dataclass(frozen=True, slots=True)
class Look:
    """How the page is drawn for one visitor.

    ``picture`` gives the address of an item's picture, "" for none; ``picked`` are the ids that are
    to be compared, and ``full`` says that no more can be.
    """

    language: Language = "en"
    picture: Callable[[Item], str] = no_picture
    picked: tuple[str, ...] = ()
    full: bool = False
