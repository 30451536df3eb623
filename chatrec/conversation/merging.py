"""Joins what a message limits with what held before. Pure functions on Constraints."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from typing import Any

from chatrec.conversation.filters import Unless
from chatrec.data.fact_limits import fact_limit
from chatrec.types import Constraints

# A new value stands for the old one.
REPLACED = ("countries_any", "languages_any", "genres_any", "people_any", "ratings_any")
_OPPOSITES = (
    ("genres_all", "genres_none"),
    ("genres_any", "genres_none"),
    ("people_all", "people_none"),
    ("people_any", "people_none"),
    ("countries_any", "countries_none"),
    ("languages_any", "languages_none"),
)
NO_LIMITS = Constraints()
_LASTING = frozenset(
    {
        "genres_none",
        "people_none",
        "countries_none",
        "languages_none",
        "keywords_none",
        "max_age",
        "ratings_any",
        "price_max",
    }
)


def names_set(c: Constraints) -> tuple[str, ...]:
    """The names of the limits that are set."""
    return tuple(f.name for f in fields(c) if getattr(c, f.name) not in (None, ()))


def lasting(c: Constraints, standing: Collection[str]) -> Constraints:
    """What outlives a wish: everything ruled out, the viewer's age, the budget, ``standing``."""
    default = Constraints()
    dropped: dict[str, Any] = {
        f.name: getattr(default, f.name)
        for f in fields(c)
        if f.name not in _LASTING and f.name not in standing
    }
    return replace(c, **dropped)


def merged(before: Constraints, said: Constraints, *, adding: bool) -> Constraints:
    """Both; where they contradict, the newer word counts. ``adding``: people and genres add up.

    Of alternative genres those drop that the same words rule out, while another is left: "for my
    kids, no animation" asks for family films.
    """
    left = _less(said.genres_any, said.genres_none)
    said = replace(said, genres_any=left) if left else said
    changes: dict[str, Any] = {}
    for f in fields(Constraints):
        old, new = getattr(before, f.name), getattr(said, f.name)
        if isinstance(new, tuple):
            replacing = f.name in REPLACED or (f.name == "people_all" and not adding)
            if adding and f.name in ("countries_any", "languages_any"):
                replacing = False
            changes[f.name] = new if new and replacing else tuple(dict.fromkeys((*old, *new)))
        else:
            changes[f.name] = old if new is None else new
    if said.people_any or (said.people_all and not adding):  # the people named last
        changes["people_all"], changes["people_any"] = said.people_all, said.people_any
    for wanted, refused in _OPPOSITES:
        now_wanted, now_refused = getattr(said, wanted), getattr(said, refused)
        changes[wanted] = _less(changes[wanted], set(now_refused) - set(now_wanted))
        changes[refused] = _less(changes[refused], now_wanted)
    changes["facts"] = _facts(before.facts, said.facts, adding=adding)
    _keep_order(changes, said, "year_min", "year_max")
    _keep_order(changes, said, "runtime_min", "runtime_max")
    return Constraints(**changes)


def _facts(before: Iterable[str], said: Iterable[str], *, adding: bool) -> tuple[str, ...]:
    """The newer limit of a column stands for the older of its kind; values may add up."""
    new = [fact_limit(written) for written in said]
    replaced = {(limit.column, limit.sign) for limit in new if not (adding and limit.sign == "=")}
    opposite = {"<=": ">=", ">=": "<="}
    kept = []
    for old in map(fact_limit, before):
        crossed = any(
            n.column == old.column
            and opposite.get(n.sign) == old.sign
            and (float(n.value) < float(old.value)) == (n.sign == "<=")
            for n in new
        )
        if (old.column, old.sign) not in replaced and not crossed:
            kept.append(old)
    return tuple(dict.fromkeys(map(str, (*kept, *new))))


def lifted(c: Constraints, values: Collection[str], names: Iterable[str]) -> Constraints:
    """The limits without these values in any list and without the fields of these names."""
    default = Constraints()
    changes: dict[str, Any] = {}
    for f in fields(c):
        value = getattr(c, f.name)
        if isinstance(value, tuple):
            changes[f.name] = _less(value, values)
    for name in names:
        changes[name] = getattr(default, name)
    return replace(c, **changes)


def stricter(c: Constraints, guard: Constraints) -> Constraints:
    """The limits with age limit and refusals of ``guard``; the same object where it adds none."""
    if guard == NO_LIMITS:
        return c
    changes: dict[str, Any] = {}
    if guard.max_age is not None and (c.max_age is None or c.max_age > guard.max_age):
        changes["max_age"] = guard.max_age
    for f in fields(c):
        refused = getattr(guard, f.name) if f.name.endswith("_none") else ()
        missing = _less(refused, getattr(c, f.name)) if refused else ()
        if missing:
            changes[f.name] = (*getattr(c, f.name), *missing)
    return replace(c, **changes) if changes else c


def joined_unless(before: Unless, said: Unless, c: Constraints, values: Collection[str]) -> Unless:
    """The pairs that still hold: not those whose genre is now wanted or lifted."""
    gone = {*values, *c.genres_all, *c.genres_any}
    pairs = dict.fromkeys((*before, *said))
    return tuple(pair for pair in pairs if pair[0] not in gone or pair in said)


def _less(values: Iterable[str], gone: Collection[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value not in gone)


def _keep_order(changes: dict[str, Any], said: Constraints, low: str, high: str) -> None:
    """An older bound that a newer one contradicts goes."""
    if changes[low] is None or changes[high] is None or changes[low] <= changes[high]:
        return
    if getattr(said, low) is None:
        changes[low] = None
    else:
        changes[high] = None
