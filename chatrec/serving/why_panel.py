"""The HTML of why an item was recommended: its evidence, how it came to its place, what moved it.

Pure functions from value objects to strings; every text from outside goes through ``plain``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from chatrec.conversation.comparison import minutes
from chatrec.conversation.labels import named
from chatrec.conversation.lexicon import Language
from chatrec.conversation.wordings import in_language
from chatrec.serving.card_words import BRANCHES, EVIDENCE, SOURCES, led_words, say_card
from chatrec.serving.markup import plain
from chatrec.serving.page_words import count
from chatrec.types import Evidence, LedBy, Place, Recommendation

Moving = Literal["unasked", "asked", "failed"]


def why_panel(
    r: Recommendation, turn: int, led_by: LedBy, language: Language, moved: str = ""
) -> str:
    """What unfolds below a reason; empty where nothing is known. ``turn`` is the exchange's.

    ``moved`` is the HTML of what moved the item.
    """
    if not (r.evidence or r.places or moved):
        return ""
    title = f"<span class='cr-hidden'> {plain(r.item.title)}</span>"
    facts = f"<dl>{_facts(r.evidence, language)}</dl>{_note(r, language)}" if r.evidence else ""
    return (
        f"<details class='cr-why' data-key='{turn}:{plain(r.item.item_id)}'>"
        f"<summary>{say_card('why', language, title)}</summary>"
        f"{facts}{_order(r.places, led_by, language)}{moved}</details>"
    )


def moved_part(item_id: str, turn: int, told: str, moving: Moving, language: Language) -> str:
    """Which titles moved the item: the words ``told``, or how far it is with finding them out.

    Where it is to be asked for, the script does so when the panel is unfolded.
    """
    ask = f" data-ask='moved' data-turn='{turn}' data-item='{plain(item_id)}'"
    if told or moving == "asked":
        ask = ""
    words = told or ("" if moving == "unasked" else say_card(f"moved_{moving}", language))
    heading = plain(say_card("moved", language))
    return f"<h4>{heading}</h4><p class='cr-note cr-moved'{ask}>{plain(words)}</p>"


def _note(r: Recommendation, language: Language) -> str:
    others = any(fact.kind == "together" for fact in r.evidence)
    origin = say_card("facts_other" if others else "facts_all", language)
    by = say_card(f"by_{r.rationale_by}", language) if r.rationale else ""
    return f"<p class='cr-note'>{plain(f'{origin} {by}'.strip())}</p>"


def _facts(evidence: Sequence[Evidence], language: Language) -> str:
    """One line a kind and source, in the order in which they first come."""
    found: dict[tuple[str, str], list[str]] = {}
    for fact in evidence:
        found.setdefault((fact.kind, fact.source), []).append(_fact(fact, language))
    return "".join(
        f"<div><dt>{plain(_heading(kind, language))}</dt>"
        f"<dd>{', '.join(texts)}{_source(source, language)}</dd></div>"
        for (kind, source), texts in found.items()
    )


def _heading(kind: str, language: Language) -> str:
    row = EVIDENCE.get(kind)
    return kind.replace("_", " ").capitalize() if row is None else in_language(row, language)


def _source(source: str, language: Language) -> str:
    row = SOURCES.get(source)
    said = source if row is None else in_language(row, language)
    return f" <span class='cr-source'>{plain(said)}</span>" if said else ""


def _fact(fact: Evidence, language: Language) -> str:
    value, separator, other = fact.text.rpartition(" | ")
    if fact.kind == "shared_genre":
        value = named("genre", value, language)
    if fact.kind.startswith("shared_") and separator:
        return plain(say_card("as_in", language, value, other))
    if fact.kind == "together":
        return plain(say_card("lift", language, value, other))
    length = re.fullmatch(r"(\d+) minutes?", fact.text) if fact.kind == "runtime" else None
    if length is not None:
        return plain(minutes(int(length[1]), language))
    if fact.kind in ("genre", "language"):
        return plain(named(fact.kind, fact.text, language))
    return plain(fact.text)


def _order(places: Sequence[Place], led_by: LedBy, language: Language) -> str:
    """What led the order, and where each part of the system had the item."""
    if not places:
        return ""
    had = "".join(
        f"<div><dt>{plain(_branch(place.by, language))}</dt>"
        f"<dd>{plain(_place(place, language))}</dd></div>"
        for place in places
    )
    return (
        f"<h4>{plain(say_card('order', language))}</h4><dl>{had}</dl>"
        f"<p class='cr-note'>{plain(led_words(led_by, language))}. "
        f"{plain(say_card('varied', language))}</p>"
    )


def _place(place: Place, language: Language) -> str:
    numbers = (count(number, language) for number in (place.place, place.of))
    return say_card("place_of", language, *numbers)


def _branch(name: str, language: Language) -> str:
    row = BRANCHES.get(name)
    return name.replace("_", " ").capitalize() if row is None else in_language(row, language)
