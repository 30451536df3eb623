"""What a conversation has come to: immutable, JSON-safe, without a catalogue or a model.

Every change gives a new :class:`DialogueState`. Reading a message into such a change is the
business of :mod:`chatrec.conversation.understanding`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from chatrec.conversation.filters import Filter, Unless, filters_of, without
from chatrec.conversation.lexicon import Language
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import comparable
from chatrec.errors import RequestError, shortened
from chatrec.types import Constraints, Example, Query

MAX_UNDO = 8  # user turns that can be taken back
MAX_TURNS = 60  # older turns leave the log; what they said stays in the other fields
MAX_WISH_CHARS = 400  # of the accumulated wish; the newest words are kept

Role = Literal["user", "assistant"]
Feedback = Literal["like", "dislike", "seen"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message and, for a reply, the ids it showed in rank order."""

    role: Role
    text: str
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Item ids are the catalogue's, oldest first; ``last_shown`` is in rank order.

    ``wish`` is the current wish in the user's words, over as many turns as they refined it.
    ``near`` are the items it is relative to, ``focus`` those last talked about ("it"). ``unless``
    holds pairs (genre, other): the genre is ruled out unless the other comes with it. ``past``
    are the states that ``undone`` goes back to, newest last, themselves without a past.
    ``standing`` names limits of Constraints that outlive a wish because the user said "always".
    ``always`` are keywords that the user said are all they want: words of every wish to come.
    ``compared`` names the bounds that a comparison set ("longer"). ``reasons`` are the sentences
    shown with the last list, as pairs (item id, sentence). ``language`` is the one of the user's
    last message.
    """

    turns: tuple[Turn, ...] = ()
    history: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    last_shown: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    constraints: Constraints = field(default_factory=Constraints)
    unless: Unless = ()
    wish: str = ""
    examples: tuple[Example, ...] = ()
    allow_repeats: bool = False
    standing: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    language: Language = "en"
    past: tuple[DialogueState, ...] = ()

    def with_user_turn(self, text: str) -> DialogueState:
        """The state with the message logged. What it means is not read here."""
        return replace(self, turns=(*self.turns, Turn("user", text))[-MAX_TURNS:])

    def with_reply(self, text: str, shown: Iterable[str] = ()) -> DialogueState:
        """The state with a reply logged; without items the last list stays the one pointed at."""
        ids = tuple(shown)
        return replace(
            self,
            turns=(*self.turns, Turn("assistant", text, ids))[-MAX_TURNS:],
            shown=_joined(self.shown, ids),
            last_shown=ids or self.last_shown,
            reasons=() if ids else self.reasons,
            focus=() if ids else self.focus,
        )

    def with_feedback(self, item_id: str, feedback: Feedback) -> DialogueState:
        """The state with a verdict on one item, which replaces an earlier opposite verdict."""
        liked = tuple(i for i in self.liked if i != item_id)
        disliked = tuple(i for i in self.disliked if i != item_id)
        if feedback == "like":
            return replace(self, liked=(*liked, item_id), disliked=disliked)
        if feedback == "dislike":
            near = tuple(i for i in self.near if i != item_id)
            return replace(self, liked=liked, disliked=(*disliked, item_id), near=near)
        if feedback == "seen":
            return replace(self, seen=_joined(self.seen, (item_id,)))
        raise RequestError(f"unknown feedback {feedback!r}; allowed are like, dislike, seen")

    def with_reasons(self, reasons: Iterable[tuple[str, str]]) -> DialogueState:
        """The state with the sentences shown beside the last list, by item id."""
        return replace(self, reasons=tuple(reasons))

    def filters(self) -> tuple[Filter, ...]:
        """The hard limits as chips, labelled in the language of the conversation."""
        return filters_of(self.constraints, self.unless, self.language)

    def without(self, name: str, value: str) -> DialogueState:
        """The state less the filter with this name and value; RequestError where there is none."""
        constraints, unless = without(self.constraints, self.unless, name, value)
        return replace(self.remembered(), constraints=constraints, unless=unless)

    def query(self, catalog: Catalog | None = None) -> Query:
        """What to retrieve now. Named, seen and shown items are barred unless repeats are allowed.

        With the catalogue an ``unless`` pair is exact: the genre's items without the other genre
        are barred one by one. Without it the whole genre is refused, which never shows too much.
        """
        barred = {*self.disliked}
        if not self.allow_repeats:
            barred |= {*self.history, *self.liked, *self.seen, *self.near, *self.shown}
        constraints = self.constraints
        if catalog is not None:
            barred |= _barred(catalog, self.unless)
        elif self.unless:
            genres = (genre for genre, _ in self.unless)
            constraints = replace(constraints, genres_none=_joined(constraints.genres_none, genres))
        return Query(
            text=self.wish,
            history=self.history,
            liked=self.liked,
            disliked=self.disliked,
            seen=frozenset(barred),
            near=self.near,
            constraints=constraints,
            examples=self.examples,
        )

    def remembered(self) -> DialogueState:
        """The same state with itself on top of ``past``, so that a change can be undone."""
        snapshot = replace(self, turns=(), history=(), examples=(), past=())
        return replace(self, past=(*self.past, snapshot)[-MAX_UNDO:])

    def undone(self) -> DialogueState:
        """The state before the last change, the log kept; RequestError where there is none."""
        if not self.past:
            raise RequestError(f"nothing to undo; the last {MAX_UNDO} changes can be undone")
        return replace(
            self.past[-1],
            turns=self.turns,
            history=self.history,
            examples=self.examples,
            language=self.language,
            past=self.past[:-1],
        )

    def to_dict(self) -> dict[str, Any]:
        """The state as JSON values (dicts, lists, strings, numbers, booleans, None)."""
        record: dict[str, Any] = {}
        for part in fields(self):
            value = getattr(self, part.name)
            if part.name == "past":
                record["past"] = [state.to_dict() for state in value]
            else:
                record[part.name] = _plain(value)
        return record

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> DialogueState:
        """The state that ``to_dict`` wrote; absent keys take their defaults.

        Raises RequestError for an unknown key or a value of the wrong kind.
        """
        values = _checked(record, cls, "state")
        if "constraints" in values:
            values["constraints"] = constraints_from_dict(record["constraints"])
        if "turns" in values:
            values["turns"] = tuple(_nested(Turn, r, "turns") for r in _list(record, "turns"))
        if "examples" in values:
            values["examples"] = tuple(
                _nested(Example, r, "examples") for r in _list(record, "examples")
            )
        for name, what in (("unless", "genres"), ("reasons", "item id and sentence")):
            if name in values:
                values[name] = _pairs(_list(record, name), f"{name} must hold pairs of {what}")
        if "past" in values:
            values["past"] = tuple(cls.from_dict(r) for r in _list(record, "past")[-MAX_UNDO:])
        return cls(**values)


def constraints_from_dict(record: object) -> Constraints:
    """Constraints from JSON values, checked as strictly as the state; absent keys are no limit."""
    if not isinstance(record, Mapping):
        raise RequestError(f"constraints must be an object, got {shortened(record)}")
    return Constraints(**_checked(record, Constraints, "constraints"))


def _nested(kind: type[Any], record: object, where: str) -> Any:
    if not isinstance(record, Mapping):
        raise RequestError(f"{where} must hold objects, got {shortened(record)}")
    values = _checked(record, kind, where)
    missing = [f.name for f in fields(kind) if f.name not in values and f.name != "shown"]
    if missing:
        raise RequestError(f"{where}: {missing[0]!r} is missing; each entry needs it")
    return kind(**values)


_STRUCTURED = frozenset({"constraints", "turns", "examples", "unless", "reasons", "past"})
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "role": ("user", "assistant"),
    "language": ("en", "de", "fr", "es", "zh"),
}


def _checked(record: Mapping[str, Any], kind: type[Any], where: str) -> dict[str, Any]:
    types = {part.name: str(part.type) for part in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in record.items():
        if key not in types:
            raise RequestError(f"{where}: unknown key {key!r}; allowed are {', '.join(types)}")
        values[key] = value if key in _STRUCTURED else _value(key, value, types[key], where)
    return values


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
        or (kind in ("str", "Role", "Language") and isinstance(value, str))
    )
    if not fits:
        raise RequestError(f"{where}.{key} must be {kind}, got {shortened(value)}")
    return int(value) if kind.startswith("int") and value is not None else value


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    value = record[key]
    if not isinstance(value, list | tuple):
        raise RequestError(f"state.{key} must be a list, got {shortened(value)}")
    return list(value)


def _pairs(values: list[Any], rule: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for pair in values:
        if not (
            isinstance(pair, list | tuple)
            and len(pair) == 2
            and all(isinstance(p, str) for p in pair)
        ):
            raise RequestError(f"state.{rule}, got {shortened(pair)}")
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def _plain(value: Any) -> Any:
    if isinstance(value, Turn | Constraints | Example):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def _joined(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _barred(catalog: Catalog, unless: Unless) -> set[str]:
    barred: set[str] = set()
    for genre, other in unless:
        refused, saving = comparable(genre), comparable(other)
        for item in catalog:
            genres = {comparable(name) for name in item.genres}
            if refused in genres and saving not in genres:
                barred.add(item.item_id)
    return barred
