"""What a message comes to in a dialogue: its act, the new state, and what is to be said of it.

Knows what a message was read to say (:mod:`chatrec.conversation.reading`); how the acts follow from
it, one after the other, is decided in :mod:`chatrec.conversation.understanding`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from chatrec.conversation import changes, phrases
from chatrec.conversation.filters import filters_of
from chatrec.conversation.going_on import exchanged
from chatrec.conversation.lexicon import Language
from chatrec.conversation.reading import Reading
from chatrec.conversation.renewal import opens
from chatrec.conversation.state import DialogueState
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.types import Item

Act = Literal[
    "recommend",
    "critique",
    "ask",
    "feedback",
    "smalltalk",
    "reset",
    "undo",
    "nonsense",
    "out_of_scope",
    "care",
    "onboard",
]

_LESS = re.compile(
    r"\b(?:less(?! than)|fewer(?! than)|weniger(?! als)|moins(?! de)|"
    r"menos(?! de| que))\b|少一点|别那么"
)


@dataclass(frozen=True, slots=True)
class Turned:
    """A message understood. ``state`` is what the dialogue has become, the message logged.

    ``focus`` are the items it is about: those asked about, judged, or to be like; for "undo" the
    list to show again. ``note`` is a ready sentence in the user's language (small talk, what was
    cut, which of two titles was taken), empty where there is nothing to add. ``unknown`` quotes
    what could be put into no limit and no title. ``question`` is set for "ask": a kind of
    :mod:`chatrec.conversation.questions`. ``renewed``: an earlier wish was replaced. ``count``:
    how many items it asks for, None where it does not say.
    """

    state: DialogueState
    act: Act
    focus: tuple[str, ...] = ()
    note: str = ""
    unknown: tuple[str, ...] = ()
    question: str = ""
    language: Language = "en"
    renewed: bool = False
    count: int | None = None


def wishes_anything(reading: Reading) -> bool:
    """Whether a message wishes for, judges or limits anything."""
    critique = reading.critique
    return bool(
        reading.names_own
        or reading.limits.tastes
        or reading.limits_anything
        or reading.moods
        or reading.unknown
        or reading.ids("near", "liked", "disliked", "seen")
        or critique.relative
        or critique.others
        or critique.repeats is not None
    )


def act_of(reading: Reading, fresh: bool) -> Act:
    """What a message that wishes or judges does; ``fresh``: it begins a wish of its own."""
    critique, limits = reading.critique, reading.limits
    if not fresh and not reading.names_own:
        if critique.relative or critique.others or critique.repeats is not None:
            return "critique"
        if limits.lifted or limits.lifted_fields or _LESS.search(reading.utterance.folded):
            return "critique"
    liked_by_title = any(m.meaning == "liked" and m.by_title for m in reading.mentions)
    judged = reading.ids("liked", "disliked", "seen")
    wished = liked_by_title or reading.ids("near") or reading.limits_anything or reading.wish
    asked = bool(wished) or opens(reading.utterance.folded)  # "a film that isn't Titanic"
    return "feedback" if judged and not asked else "recommend"


def taken_back(state: DialogueState, language: Language, steps: int) -> Turned:
    """The dialogue before its last changes, with the list of then."""
    if not state.past:
        return Turned(state, "undo", note=phrases.say("undo_none", language))
    before = state
    for _ in range(min(steps, len(state.past))):
        before = before.undone()
    return Turned(before, "undo", before.last_shown, phrases.say("undo", language))


def namesake_taken(state: DialogueState, old: Item, new: Item) -> Turned:
    """The item of the same title that was meant, in place of the one that was taken."""
    changed = exchanged(state.remembered(), old.item_id, new.item_id)
    judged = {*changed.liked, *changed.disliked, *changed.seen}
    if new.item_id in changed.near:
        act: Act = "recommend"
    elif new.item_id in judged:
        act = "feedback"
    else:
        return Turned(changed, "ask", (new.item_id,), question="description")
    return Turned(changed, act, (new.item_id,), renewed=True)


def so_many(state: DialogueState, count: int | None) -> Turned:
    """ "Only one" after a list: the best of the same wish, which may be of that list."""
    again = {*state.last_shown}
    shown = tuple(item_id for item_id in state.shown if item_id not in again)
    return Turned(replace(state.remembered(), shown=shown), "recommend", count=count)


def unfiltered(
    state: DialogueState, names: tuple[str, ...], vocabulary: Vocabulary, language: Language
) -> Turned:
    """The dialogue less the filters that a command names."""
    gone = changes.filters_named(state, names, vocabulary)
    if not gone:
        return Turned(state, "critique", note=phrases.say("no_filter", language))
    changed = state
    for chip in gone:
        changed = changed.without(chip.name, chip.value)
    changed = replace(changed, past=state.remembered().past)
    labels = [
        chip.label
        for chip in filters_of(state.constraints, state.unless, language)
        if any((chip.name, chip.value) == (g.name, g.value) for g in gone)
    ]
    return Turned(changed, "critique", note=phrases.say("unfiltered", language, ", ".join(labels)))
