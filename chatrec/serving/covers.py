"""An item's cover: its picture where it has one, over a drawn one that is always the same.

The drawn cover has the colour of the first genre, so that a genre is seen at a glance, a motif that
the title chooses, and at most two letters, which always fit.
"""

from __future__ import annotations

import re
import zlib

from chatrec.conversation.lexicon import Language
from chatrec.serving.card_words import say_card
from chatrec.serving.markup import plain
from chatrec.types import Item

_SMALL_WORDS = frozenset(
    {"the", "a", "an", "of", "and", "in", "to", "le", "la", "der", "die", "das"}
)
_MOTIFS = (  # in a field of 64 by 88
    "<circle cx='50' cy='16' r='26'/><circle cx='10' cy='80' r='20'/>",
    "<path d='M-4 62 68 8v22L-4 84z'/><path d='M-4 26 40-8h22L-4 42z'/>",
    "<path d='M0 60q16-14 32 0t32 0v28H0z'/><path d='M0 72q16-12 32 0t32 0v16H0z'/>",
    "<path d='M-6 88 20 44l20 44z'/><path d='M22 88 46 56l24 32z'/><circle cx='48' cy='18' r='9'/>",
    "<path d='M0 88V62h12V50h12v22h12V56h14v12h14v20z'/>",
    "<path d='M32-6 80 44 32 94-16 44z'/><path d='M32 14 62 44 32 74 2 44z'/>",
    "<path d='M0 0h18v88H0zM30 0h8v88h-8zM50 0h4v88h-4z'/>",
    "<path d='M64 0v88L0 0z'/><path d='M64 34v54H25z'/>",
)


def cover(item: Item, address: str, language: Language = "en") -> str:
    """The cover as HTML; ``address`` is that of the item's picture, "" for none.

    The script takes away a picture that can't be loaded, so that the drawn one shows.
    """
    if not address:
        return f"<div class='cr-tile'>{drawn(item)}</div>"
    picture = (
        f"<img src='{plain(address)}' alt='{plain(say_card('cover', language, item.title))}' "
        "width='64' height='88' loading='lazy' decoding='async' referrerpolicy='no-referrer'>"
    )
    return f"<div class='cr-tile'>{drawn(item)}{picture}</div>"


def drawn(item: Item) -> str:
    """The drawn cover, the same for the same title and genre; nothing for a screen reader."""
    hue = zlib.crc32((item.genres[0] if item.genres else item.title).casefold().encode()) % 360
    motif = _MOTIFS[zlib.crc32(item.label.encode()) % len(_MOTIFS)]
    return (
        f"<svg viewBox='0 0 64 88' style='--hue:{hue}' aria-hidden='true' focusable='false'>"
        f"<g>{motif}</g><text x='32' y='52' text-anchor='middle'>{plain(letters(item))}</text>"
        "</svg>"
    )


def letters(item: Item) -> str:
    """The first letters of the title's first two telling words; "?" where it has none.

    >>> letters(Item("1", "The Grand Budapest Hotel"))
    'GB'
    """
    words = [w for w in re.findall(r"\w+", item.title) if w.casefold() not in _SMALL_WORDS]
    return "".join(word[0] for word in words[:2]).upper() or "?"
