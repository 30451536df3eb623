"""A small film catalogue with known answers, and how its messages are read, for the tests here."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from chatrec.conversation.lexicon import THEMES
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Constraints, Item

TODAY = date(2026, 11, 25)
SHOWN = ("alien", "shaun", "jaws", "titanic", "matrix")
VIOLENCE = THEMES["violence"][1]
GORE = THEMES["gore"][1]
NO_VIOLENCE = {"keywords_none": VIOLENCE, "genres_none": ("Horror", "War")}
_ROWS = Path(__file__).with_name("toy_films.psv").read_text(encoding="utf-8")


def _item(row: str) -> Item:
    item_id, title, year, genres, by, cast, lands, language, runtime, rating, keys, line = (
        row.split("|")
    )

    def several(text: str) -> tuple[str, ...]:
        return tuple(part for part in text.split(",") if part)

    return Item(
        item_id,
        title,
        int(year) if year else None,
        several(genres),
        several(by),
        several(cast),
        several(lands),
        language,
        int(runtime) if runtime else None,
        rating,
        several(keys),
        line,
    )


FILMS = Catalog([_item(row) for row in _ROWS.splitlines()])
READER = Understanding(FILMS)


def read(text: str, state: DialogueState | None = None) -> Turned:
    """One message read on a fixed day."""
    return READER.read(text, state or DialogueState(), today=TODAY)


def converse(*turns: str | tuple[str, ...]) -> Turned:
    """Messages read one after another; a tuple is the list that the reply between them showed."""
    state, turned = DialogueState(), None
    for turn in turns:
        if isinstance(turn, tuple):
            state = state.with_reply("", turn)
        else:
            turned = read(turn, state)
            state = turned.state
    assert turned is not None
    return turned


def said(constraints: Constraints) -> dict[str, Any]:
    """The limits that differ from none; alternatives sorted."""
    default = Constraints()
    values = {f.name: getattr(constraints, f.name) for f in fields(constraints)}
    set_ = {name: value for name, value in values.items() if value != getattr(default, name)}
    any_fields = ("genres_any", "countries_any")
    return {n: tuple(sorted(v)) if n in any_fields else v for n, v in set_.items()}
