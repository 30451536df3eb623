"""Dialogues about items, and the moments in them at which something new was recommended.

Knows who spoke, what was said, and which items of a catalogue were named; knows no file format, no
language and no model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Speaker = Literal["seeker", "recommender"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one side said before the other answered.

    ``items`` are the item_index of items named in it, in order; ``genres`` and ``people`` are
    values of the catalogue that it names. ``text`` has no titles in it where the source marks them.
    """

    speaker: Speaker
    text: str = ""
    items: tuple[int, ...] = ()
    genres: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Utterances, oldest first; ``time`` orders dialogues (seconds or a position), None: unknown"""

    dialogue_id: str
    utterances: tuple[Utterance, ...]
    time: float | None = None


@dataclass(frozen=True, slots=True)
class DialogueCase:
    """A recommender's turn: what was said ``before``, and the item_index of what it then names.

    ``repeated`` are those of the named items that were named before, ``new`` the others.
    """

    dialogue_id: str
    before: tuple[Utterance, ...]
    new: tuple[int, ...]
    repeated: tuple[int, ...] = ()

    @property
    def mentioned(self) -> tuple[int, ...]:
        """Every item named so far, once, in the order of its last mention."""
        return mentioned_in(self.before)


def mentioned_in(utterances: Iterable[Utterance]) -> tuple[int, ...]:
    """Every item named, once, in the order of its last mention.

    >>> mentioned_in([Utterance("seeker", items=(4, 7)), Utterance("recommender", items=(4,))])
    (7, 4)
    """
    last: dict[int, None] = {}
    for utterance in utterances:
        for item in utterance.items:
            last.pop(item, None)
            last[item] = None
    return tuple(last)


def cases_of(dialogue: Dialogue) -> list[DialogueCase]:
    """The recommender's turns that name items, in order."""
    cases = []
    for place, utterance in enumerate(dialogue.utterances):
        if utterance.speaker == "recommender" and utterance.items:
            before = dialogue.utterances[:place]
            known = set(mentioned_in(before))
            named = dict.fromkeys(utterance.items)
            new = tuple(item for item in named if item not in known)
            repeated = tuple(item for item in named if item in known)
            cases.append(DialogueCase(dialogue.dialogue_id, before, new, repeated))
    return cases


def joined(utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Neighbouring utterances of one speaker as one."""
    turns: list[Utterance] = []
    for utterance in utterances:
        if turns and turns[-1].speaker == utterance.speaker:
            last = turns.pop()
            utterance = Utterance(
                last.speaker,
                " ".join(part for part in (last.text, utterance.text) if part),
                last.items + utterance.items,
                last.genres + utterance.genres,
                last.people + utterance.people,
            )
        turns.append(utterance)
    return tuple(turns)
