"""Dataclasses of the dialogue to and from JSON values, checked strictly.

Knows how fields are typed, nothing about what they mean. A record with an unknown key or a value
of the wrong kind is refused with a RequestError that names it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from chatrec.errors import RequestError, shortened

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "role": ("user", "assistant"),
    "language": ("en", "de", "fr", "es", "zh"),
    "by": ("said", "clicked", "undone"),
}
_TEXTS = ("str", "Role", "Language", "By")


def plain(value: Any) -> Any:
    """A dataclass or tuple as JSON values (dicts, lists, strings, numbers, booleans, None)."""
    if is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def checked(
    record: Mapping[str, Any], kind: type[Any], where: str, structured: Collection[str] = ()
) -> dict[str, Any]:
    """The record's values as ``kind`` takes them; those named ``structured`` are left as they are.

    Raises RequestError for an unknown key or a value of the wrong kind.
    """
    types = {part.name: str(part.type) for part in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in record.items():
        if key not in types:
            raise RequestError(f"{where}: unknown key {key!r}; allowed are {', '.join(types)}")
        values[key] = value if key in structured else _value(key, value, types[key], where)
    return values


def nested(kind: type[Any], record: object, where: str) -> Any:
    """An entry of a list, as ``kind``; keys with a default may be absent."""
    if not isinstance(record, Mapping):
        raise RequestError(f"{where} must hold objects, got {shortened(record)}")
    values = checked(record, kind, where)
    missing = [f.name for f in fields(kind) if f.name not in values and f.default is MISSING]
    if missing:
        raise RequestError(f"{where}: {missing[0]!r} is missing; each entry needs it")
    return kind(**values)


def listed(record: Mapping[str, Any], key: str) -> list[Any]:
    """The list under a key; RequestError where it is none."""
    value = record[key]
    if not isinstance(value, list | tuple):
        raise RequestError(f"state.{key} must be a list, got {shortened(value)}")
    return list(value)


def pairs(values: list[Any], rule: str) -> tuple[tuple[str, str], ...]:
    """The values as pairs of strings; ``rule`` says in the error what they must be."""
    found = []
    for pair in values:
        if not (
            isinstance(pair, list | tuple)
            and len(pair) == 2
            and all(isinstance(p, str) for p in pair)
        ):
            raise RequestError(f"state.{rule}, got {shortened(pair)}")
        found.append((pair[0], pair[1]))
    return tuple(found)


def _value(key: str, value: Any, kind: str, where: str) -> Any:
    if key in _CHOICES and value not in _CHOICES[key]:
        raise RequestError(
            f"{where}.{key} is {shortened(value)}; allowed are {', '.join(_CHOICES[key])}"
        )
    if kind.startswith("tuple"):
        if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
            return tuple(value)
        raise RequestError(f"{where}.{key} must be a list of strings, got {shortened(value)}")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = (
        (value is None and "None" in kind)
        or (kind.startswith("int") and number and value == int(value))
        or (kind.startswith("float") and number)
        or (kind == "bool" and isinstance(value, bool))
        or (kind in _TEXTS and isinstance(value, str))
    )
    if not fits:
        raise RequestError(f"{where}.{key} must be {kind}, got {shortened(value)}")
    return int(value) if kind.startswith("int") and value is not None else value
