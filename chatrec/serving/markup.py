"""What several pieces of the page's HTML share: inert text, an item's tile and its facts."""

from __future__ import annotations

import html
import re
import zlib

from chatrec.types import Item

_IMAGES = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>", re.IGNORECASE)
_SMALL_WORDS = frozenset(
    {"the", "a", "an", "of", "and", "in", "to", "le", "la", "der", "die", "das"}
)


def plain(text: str) -> str:
    """The text as harmless HTML: images left out, everything else escaped."""
    return html.escape(_IMAGES.sub("", text))


def tile(item: Item) -> str:
    """A monogram whose colour comes from the first genre, so that a genre is seen at a glance."""
    hue = zlib.crc32((item.genres[0] if item.genres else item.title).casefold().encode()) % 360
    words = [w for w in re.findall(r"\w+", item.title) if w.casefold() not in _SMALL_WORDS]
    letters = "".join(word[0] for word in words[:2]).upper() or "?"
    return (
        f"<div class='cr-tile' style='--hue:{hue}' aria-hidden='true'>{html.escape(letters)}</div>"
    )


def meta(item: Item) -> str:
    """What the catalogue says of an item in one line: genres, length, price, age rating."""
    facts = [", ".join(item.genres[:3])]
    if item.runtime_min is not None:
        facts.append(_duration(item.runtime_min))
    if item.price is not None:
        facts.append(f"{item.price:.2f}")
    facts.append(item.age_rating)
    return " <span aria-hidden='true'>·</span> ".join(plain(fact) for fact in facts if fact)


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    text = f"{hours} h {rest:02} min" if hours else f"{rest} min"
    return text.replace(" ", "\N{NO-BREAK SPACE}")
