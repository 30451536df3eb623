"""What several pieces of the page's HTML share: inert text, and an item's facts in one line."""

from __future__ import annotations

import html
import re

from chatrec.conversation.comparison import minutes
from chatrec.conversation.labels import named
from chatrec.conversation.lexicon import Language
from chatrec.data.printable import left_out
from chatrec.types import Item

MOST_GENRES = 6  # of an item on its card: a reason may name any, and should be seen to be right
_IMAGES = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>", re.IGNORECASE)


def plain(text: str) -> str:
    """The text as harmless HTML: images and what steers the text left out, the rest escaped."""
    return html.escape(_IMAGES.sub("", left_out(text)))


def lines(text: str) -> str:
    """The text as harmless HTML with its line breaks kept."""
    return "<br>".join(plain(line) for line in text.strip().splitlines())


def meta(item: Item, language: Language = "en") -> str:
    """What the catalogue says of an item in one line: genres, length, price, age rating."""
    facts = [", ".join(named("genre", genre, language) for genre in item.genres[:MOST_GENRES])]
    if item.runtime_min is not None:
        facts.append(minutes(item.runtime_min, language).replace(" ", "\N{NO-BREAK SPACE}"))
    if item.price is not None:
        facts.append(f"{item.price:.2f}")
    facts.append(item.age_rating)
    return " <span aria-hidden='true'>·</span> ".join(plain(fact) for fact in facts if fact)


def year_of(item: Item) -> str:
    """The year behind a title, with the space before it; "" where it is unknown."""
    return "" if item.year is None else f" <span class='cr-year'>{item.year}</span>"


def say_button(text: str, label: str = "", kind: str = "cr-chip") -> str:
    """A button that says ``text`` for the visitor; ``label`` where it is called something else."""
    return (
        f"<button type='button' class='{kind}' data-act='say' data-text='{plain(text)}'>"
        f"{plain(label or text)}</button>"
    )


def rests(busy: bool) -> str:
    """The attribute of a button that can't be pressed now."""
    return " disabled" if busy else ""
