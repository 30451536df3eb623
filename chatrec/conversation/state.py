"""What a conversation has come to: immutable, JSON-safe, without a catalogue or a model.

Every change gives a new :class:`DialogueState`. Reading a message into such a change is the
business of :mod:`chatrec.conversation.understanding`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from chatrec.conversation.causes import By, Change, Entry, cause_of, changes_between, kept
from chatrec.conversation.filters import Filter, Unless, filters_of, without
from chatrec.conversation.lexicon import Language
from chatrec.conversation.merging import lasting, stricter
from chatrec.conversation.records import checked, listed, nested, pairs, plain
from chatrec.conversation.theme_words import with_themes
from chatrec.conversation.unsought import unsought
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import comparable
from chatrec.data.fact_limits import fact_limit
from chatrec.errors import RequestError, shortened
from chatrec.types import Constraints, Example, Query

MAX_UNDO = 8  # user turns that can be taken back
MAX_TURNS = 60  # older turns leave the log; what they said stays in the other fields
MAX_WISH_CHARS = 400  # of the accumulated wish; the newest words are kept
MOST_PROPOSED = 3  # items of a reply that proposes them; more are a list to choose from
LAST_WORDS = 2  # messages of a talk that are its wish, as where dialogues are learnt from
MAX_SHOWN = 1000  # items that aren't shown again; older ones may be

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
    last message. ``turn`` counts the user's messages, also those that left ``turns``; ``topic`` is
    the one that began the current wish where it took an earlier wish's place. ``changes`` has the
    cause of each change, oldest first. ``incognito``: nothing of the conversation may be kept
    (:mod:`chatrec.conversation.profile` says what a store makes of it). ``asked`` names what the
    system has asked the user so far; ``question`` is what its last reply asked: a kind and the
    values that it offered (:mod:`chatrec.conversation.asking`), empty where it asked nothing.
    ``guarded`` are limits that nothing lifts, as of a child who writes
    (:mod:`chatrec.conversation.minors`): ``constraints`` are never wider, whatever is changed,
    undone or taken away. ``talk``: the replies are those of somebody who talks and names items one
    by one, as people do among themselves.
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
    turn: int = 0
    topic: int = 0
    changes: tuple[Change, ...] = ()
    incognito: bool = False
    asked: tuple[str, ...] = ()
    question: tuple[str, ...] = ()
    guarded: Constraints = field(default_factory=Constraints)
    talk: bool = False
    past: tuple[DialogueState, ...] = ()

    def __post_init__(self) -> None:
        held = stricter(self.constraints, self.guarded)
        if held is not self.constraints:
            object.__setattr__(self, "constraints", held)

    def with_user_turn(self, text: str) -> DialogueState:
        """The state with the message logged. What it means is not read here."""
        turns = (*self.turns, Turn("user", text))[-MAX_TURNS:]
        return replace(self, turns=turns, turn=self.turn + 1)

    def with_reply(self, text: str, shown: Iterable[str] = ()) -> DialogueState:
        """The state with a reply logged; without items the last list stays the one pointed at."""
        ids = tuple(shown)
        return replace(
            self,
            turns=(*self.turns, Turn("assistant", text, ids))[-MAX_TURNS:],
            shown=_joined(self.shown, ids)[-MAX_SHOWN:],
            last_shown=ids or self.last_shown,
            reasons=() if ids else self.reasons,
            focus=() if ids else self.focus,
        )

    def with_feedback(self, item_id: str, feedback: Feedback) -> DialogueState:
        """The state with a verdict on one item, which replaces an earlier opposite verdict."""
        liked = tuple(i for i in self.liked if i != item_id)
        disliked = tuple(i for i in self.disliked if i != item_id)
        if feedback == "like":
            judged = replace(self, liked=(*liked, item_id), disliked=disliked)
        elif feedback == "dislike":
            near = tuple(i for i in self.near if i != item_id)
            judged = replace(self, liked=liked, disliked=(*disliked, item_id), near=near)
        elif feedback == "seen":
            judged = replace(self, seen=_joined(self.seen, (item_id,)))
        else:
            raise RequestError(f"unknown feedback {feedback!r}; allowed are like, dislike, seen")
        return judged.caused(self, by="clicked")

    def with_reasons(self, reasons: Iterable[tuple[str, str]]) -> DialogueState:
        """The state with the sentences shown beside the last list, by item id."""
        return replace(self, reasons=tuple(reasons))

    def filters(self) -> tuple[Filter, ...]:
        """The hard limits as chips, labelled in the language of the conversation."""
        return filters_of(self.constraints, self.unless, self.language)

    def without(self, name: str, value: str) -> DialogueState:
        """The state less the filter with this name and value; RequestError where there is none."""
        constraints, unless = without(self.constraints, self.unless, name, value)
        changed = replace(self.remembered(), constraints=constraints, unless=unless)
        return changed.caused(self, by="clicked")

    @property
    def standing_list(self) -> tuple[str, ...]:
        """The last list, in rank order, where nothing that it was made of has changed since."""
        listed = [place for place, turn in enumerate(self.turns) if turn.shown]
        if not listed:
            return ()
        said = sum(turn.role == "user" for turn in self.turns[listed[-1] :])
        at = self.turn - said  # the message that it answered
        changed = any(c.turn > at or (c.turn == at and c.by != "said") for c in self.changes)
        return () if changed else self.turns[listed[-1]].shown

    def entries(self) -> tuple[Entry, ...]:
        """What the state holds of the user's taste and wish, as pairs of what and value.

        Ids under "liked", "disliked", "seen" and "near", the "wish", each word of "always", and
        the limits under their filter's name.
        """
        named = [(n, i) for n in ("liked", "disliked", "seen", "near") for i in getattr(self, n)]
        worded = [("wish", self.wish)] if self.wish else []
        worded += [("always", words) for words in self.always]
        limits = filters_of(self.constraints, self.unless)
        return (*named, *worded, *((chip.name, chip.value) for chip in limits))

    def caused(self, before: DialogueState, words: str = "", by: By = "said") -> DialogueState:
        """The state with what differs from ``before`` noted as caused by these words.

        It stands for whatever was noted since ``before``.
        """
        entries = self.entries()
        new = changes_between(before.entries(), entries, self.turn, words, by)
        return replace(self, changes=kept((*before.changes, *new), entries))

    def cause(self, what: str, value: str | None = None) -> Change | None:
        """Why the state holds an entry; None where it came before the first message."""
        return cause_of(self.changes, what, value)

    def query(self, catalog: Catalog | None = None) -> Query:
        """What to retrieve now. Named, seen and shown items are barred unless repeats are allowed.

        With the catalogue an ``unless`` pair is exact: the genre's items without the other genre
        are barred one by one. Without it the whole genre is refused, which never shows too much.
        What is for adults only is barred unless it is asked for, which takes a catalogue as well.
        What was liked under an earlier topic counts as history, which weighs less. In a talk genres
        and people are tastes rather than demands: only what outlives a wish limits, the wish is
        what the user said last, and what either side named and nobody turned down counts as liked.
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
        earlier = self._liked_earlier()
        wish = self._last_words() if self.talk else self.wish
        asked = Query(
            text=wish if self.language == "en" else with_themes(wish),
            history=_joined(self.history, earlier),
            liked=tuple(i for i in self.liked if i not in earlier),
            disliked=self.disliked,
            seen=frozenset(barred),
            near=self.near,
            constraints=constraints,
            examples=self.examples,
            proposed=self._proposed(),
        )
        if self.talk:
            asked = self._as_talk(asked, earlier)
        if catalog is not None:
            asked = replace(asked, seen=asked.seen | unsought(asked, catalog))
        return asked

    def _last_words(self) -> str:
        return " ".join([turn.text for turn in self.turns if turn.role == "user"][-LAST_WORDS:])

    def _as_talk(self, asked: Query, earlier: Iterable[str]) -> Query:
        named = dict.fromkeys((*asked.proposed, *earlier, *asked.liked, *asked.near))
        return replace(
            asked,
            history=self.history,
            liked=tuple(item_id for item_id in named if item_id not in self.disliked),
            near=(),
            constraints=lasting(asked.constraints, self.standing),
            proposed=(),
        )

    def _proposed(self) -> tuple[str, ...]:
        """What replies of few items proposed and nobody turned down; a long list is an offer."""
        told = {*self.liked, *self.near, *self.history, *self.disliked}
        open_to = {*self.shown} - told  # a reset or an undo takes back what was shown
        replies = (turn.shown for turn in self.turns if len(turn.shown) <= MOST_PROPOSED)
        return tuple(dict.fromkeys(i for ids in replies for i in ids if i in open_to))

    def _liked_earlier(self) -> tuple[str, ...]:
        """What was liked in words before the current topic began."""
        if not self.topic:
            return ()
        turns = {c.value: c.turn for c in self.changes if c.what == "liked" and c.added}
        return tuple(i for i in self.liked if turns.get(i, self.topic) < self.topic)

    def remembered(self) -> DialogueState:
        """The same state with itself on top of ``past``, so that a change can be undone."""
        snapshot = replace(self, **_NOT_UNDONE, past=())
        return replace(self, past=(*self.past, snapshot)[-MAX_UNDO:])

    def undone(self) -> DialogueState:
        """The state before the last change, the log kept; RequestError where there is none."""
        if not self.past:
            raise RequestError(f"nothing to undo; the last {MAX_UNDO} changes can be undone")
        before = self.past[-1]
        retracted = {*self.last_shown} - {*before.last_shown}
        return replace(
            before,
            turns=self.turns,
            history=self.history,
            examples=self.examples,
            language=self.language,
            shown=_joined((i for i in self.shown if i not in retracted), before.last_shown),
            turn=self.turn,
            changes=self.changes,
            incognito=self.incognito,
            asked=self.asked,
            question=(),
            guarded=self.guarded,
            talk=self.talk,
            past=self.past[:-1],
        )

    def to_dict(self) -> dict[str, Any]:
        """The state as JSON values (dicts, lists, strings, numbers, booleans, None)."""
        record: dict[str, Any] = plain(self)
        return record

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> DialogueState:
        """The state that ``to_dict`` wrote; absent keys take their defaults.

        Raises RequestError for an unknown key or a value of the wrong kind.
        """
        values = checked(record, cls, "state", _STRUCTURED)
        for name in ("constraints", "guarded"):
            if name in values:
                values[name] = constraints_from_dict(record[name])
        for name, kind in (("turns", Turn), ("examples", Example), ("changes", Change)):
            if name in values:
                values[name] = tuple(nested(kind, r, name) for r in listed(record, name))
        for name, what in (("unless", "genres"), ("reasons", "item id and sentence")):
            if name in values:
                values[name] = pairs(listed(record, name), f"{name} must hold pairs of {what}")
        if "past" in values:
            values["past"] = tuple(cls.from_dict(r) for r in listed(record, "past")[-MAX_UNDO:])
        n_told = sum(turn.role == "user" for turn in values.get("turns", ()))
        return cls(**{"turn": n_told, **values})


def constraints_from_dict(record: object) -> Constraints:
    """Constraints from JSON values, checked as strictly as the state; absent keys are no limit."""
    if not isinstance(record, Mapping):
        raise RequestError(f"constraints must be an object, got {shortened(record)}")
    limits = Constraints(**checked(record, Constraints, "constraints"))
    for written in limits.facts:
        fact_limit(written)
    return limits


_STRUCTURED = frozenset(
    {"constraints", "guarded", "turns", "examples", "changes", "unless", "reasons", "past"}
)
# What a snapshot leaves out: an undo keeps it, or knows it without.
_NOT_UNDONE: Mapping[str, Any] = {
    "turns": (),
    "history": (),
    "examples": (),
    "shown": (),
    "changes": (),
}


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
