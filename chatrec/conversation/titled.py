"""Reads years, decades and lengths relative to a title: "before Dune", "longer than Titanic".

Says how words around a title mean it, and which limits follow from the item's own values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

from chatrec.conversation.utterance import words_of
from chatrec.types import Constraints, Item

Meaning = Literal[
    "near",
    "liked",
    "disliked",
    "seen",
    "named",
    "unseen",
    "asked",
    "before",
    "after",
    "year",
    "decade",
    "shorter",
    "longer",
]
DATED: tuple[Meaning, ...] = ("before", "after", "year", "decade", "shorter", "longer")

_DID = (
    r"(?:(?:he|she|they|(?P<name>[^\W\d_]+(?: [^\W\d_]+)?)) (?:ever )?"
    r"(?:did|made|directed|shot|wrote|starred in|was in|played in|acted in|filmed)\s+)?"
)
_THE = r"(?:the (?:film|movie|game|book|original|first) )?[\s\"'(]*$"
_MADE = r"(?:\b(?:made|released|shot|filmed|from|came out|come out|dating|the ones?|years?)\s+)*"
_CUES: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    (
        "year",
        re.compile(rf"{_MADE}\b(?:in |from )?(?:the )?same year (?:as|of)\s+{_THE}"),
    ),
    (
        "decade",
        re.compile(
            rf"{_MADE}\b(?:in |from )?the (?:same )?(?:decade|era|period|time) (?:as|of)\s+{_THE}"
            rf"|\b(?:in |from )?the same (?:decade|era|period|time) as\s+{_THE}"
            rf"|\bsame (?:decade|era|period|time) as\s+{_THE}"
        ),
    ),
    (
        "before",
        re.compile(
            rf"{_MADE}\b(?:before|prior to|earlier than|older than|pre|predat(?:es|ing)|preceding|"
            rf"vor|alter als|avant|plus ancien que|antes de|anterior a)[\s-]+{_DID}{_THE}"
        ),
    ),
    (
        "after",
        re.compile(
            rf"{_MADE}\b(?:after|since|later than|newer than|more recent than|post|following|nach|"
            rf"neuer als|apres|plus recent que|despues de|posterior a)[\s-]+{_DID}{_THE}"
        ),
    ),
    ("shorter", re.compile(rf"\b(?:not (?:as|so) long as|shorter than|kurzer als)\s+{_THE}")),
    ("longer", re.compile(rf"\b(?:longer than|langer als)\s+{_THE}")),
)
_AFTER_TITLE = re.compile(r"\s+(?:came out|was (?:made|released|shot)|is|was)\b(?=\s*(?:$|[.,!?]))")
# "What should I watch after Alien?" asks for what goes with it, not for a year.
_WATCHING = re.compile(
    r"\b(?:watch|watched|watching|see|saw|seen|play|played|read|next|sehen|schauen|voir|ver)\b"
)


def dated_by(left: str, right: str) -> tuple[Meaning, int, int] | None:
    """How a title between ``left`` and ``right`` sets a limit; None where it sets none.

    It gives the limit's kind, where its cue starts in ``left`` and how much of ``right`` belongs
    to it.
    """
    for kind, pattern in _CUES:
        match = pattern.search(left)
        if match is None:
            continue
        if kind in ("before", "after") and _WATCHING.search(left[: match.start()]):
            return None
        end = _AFTER_TITLE.match(right)
        named = match.groupdict().get("name")  # "before Lynch did": the name is read elsewhere
        start = match.start() if named is None else len(left)
        return kind, start, 0 if end is None else end.end()
    return None


def parts_by(named: Item, people: Collection[str], catalog: Iterable[Item]) -> list[Item]:
    """The items of these people whose titles begin with the named one: "Dune", "Dune: Part Two"."""
    key = words_of(named.title)
    return [
        item
        for item in catalog
        if set(people) & {*item.creators, *item.cast} and words_of(item.title).startswith(f"{key} ")
    ]


def limits_by(kind: Meaning, items: Sequence[Item], people: Collection[str]) -> Constraints | None:
    """The limits that the item meant sets; None where it lacks the year or length.

    Of several that bear the title it is the one that credits one of ``people``, else the first.
    """
    credited = [i for i in items if set(people) & {*i.creators, *i.cast}]
    item = (credited or list(items))[0]
    values: dict[str, Any] = {}
    if kind in ("shorter", "longer"):
        if item.runtime_min is not None:
            values = (
                {"runtime_max": item.runtime_min - 1}
                if kind == "shorter"
                else {"runtime_min": item.runtime_min + 1}
            )
    elif item.year is not None:
        decade = item.year - item.year % 10
        values = {
            "before": {"year_max": item.year - 1},
            "after": {"year_min": item.year + 1},
            "year": {"year_min": item.year, "year_max": item.year},
        }.get(kind, {"year_min": decade, "year_max": decade + 9})
    return Constraints(**values) if values else None
