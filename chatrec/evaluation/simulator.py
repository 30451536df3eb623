"""Whole dialogues between simulated users and systems, and what they come to.

A user's hidden target is one of the items that a real user liked and that was held out. Success is
the target in a list; beside it stands whether any item held out for that user was. Knows users and
systems by what they say and show; loads no model.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.errors import RequestError
from chatrec.evaluation.simulated_systems import System
from chatrec.evaluation.simulated_user import PERSONAS, UNSAID, Goal, Persona, UserSimulator
from chatrec.metrics import Resamples
from chatrec.types import Item

WITHIN = 5  # user messages in which a success counts
HELD_SHARE = 0.2  # of a history, its newest part
LIKED = 4.0  # the least weight of a favourite, on a scale to 5
LEAST_FAVOURITES = 3  # that a user must have before and after the cut
EXAMPLES = 5  # violations and repeats that are quoted

Begin = Callable[[random.Random], System]
Report = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One dialogue done: the number of the message after which the target, or any accepted item,
    was shown (None: never), and what went wrong on the way. ``violations`` and ``repeats`` quote
    the message, what was broken and the item.
    """

    user: str
    persona: str
    messages: tuple[str, ...]
    found: int | None
    accepted: int | None
    questions: int
    shown: int
    violations: tuple[str, ...]
    repeats: tuple[str, ...]
    seconds: float


class Kept(Protocol):
    """Where dialogues that are done outlive the run."""

    def get(self, system: str, number: int) -> Dialogue | None:
        """The dialogue of a system with a goal, None where it isn't done."""
        ...

    def put(self, system: str, number: int, dialogue: Dialogue) -> None:
        """Keep it."""
        ...


def goals_of(
    histories: Histories, catalog: Catalog, users: Sequence[str], n: int, seed: int
) -> list[Goal]:
    """``n`` goals: a user drawn evenly, then one of the items held out for that user.

    Held out is the newest fifth of a history; of either part only what the user liked counts. A
    target must have a year and a genre to speak of. RequestError where no user has enough of both.
    """
    wanted = {name: row for row, name in enumerate(histories.users)}
    parts = [_parts(histories, wanted[user], catalog) for user in users if user in wanted]
    able = [
        (u, p) for u, p in zip(users, parts, strict=True) if min(map(len, p)) >= LEAST_FAVOURITES
    ]
    if not able:
        raise RequestError(
            f"none of {len(users)} users has {LEAST_FAVOURITES} favourites in both parts of the "
            "history; import more interactions"
        )
    draw, goals = random.Random(seed), []
    for _ in range(n):
        user, (before, after) = draw.choice(able)
        accepted = frozenset(item.item_id for item in after)
        goals.append(Goal(user, draw.choice(after), tuple(before), accepted))
    return goals


def converse(goal: Goal, persona: Persona, begin: Begin, seed: str) -> Dialogue:
    """One dialogue. The system is begun anew and gets the user's messages alone."""
    user = UserSimulator(goal, persona, random.Random(seed))
    system = begin(random.Random(f"{seed} system"))
    told = _Told(goal, user)
    message = user.opens()
    while len(told.messages) < persona.messages:
        begun = time.perf_counter()
        reply = system.reply(message)
        told.seconds += time.perf_counter() - begun
        shown = [recommendation.item for recommendation in reply.recommendations]
        told.note(message, shown)
        if told.found is not None:
            break
        told.questions += bool(reply.state.question)
        message = user.replies(shown, reply.state.question)
    return told.dialogue(persona)


class _Told:
    """What one dialogue comes to, while it goes on."""

    def __init__(self, goal: Goal, user: UserSimulator) -> None:
        self.messages: list[str] = []
        self.found: int | None = None
        self.questions = 0
        self.seconds = 0.0
        self._goal = goal
        self._user = user
        self._accepted: int | None = None
        self._shown = 0
        self._violations: list[str] = []
        self._repeats: list[str] = []

    def note(self, message: str, shown: Sequence[Item]) -> None:
        """A message and the list that came for it."""
        self.messages.append(message)
        self._shown += len(shown)
        for item in shown:
            broken = ", ".join(self._user.ledger.broken(item))
            self._violations += [f"{message!r}: {item.label} breaks {broken}"] if broken else []
            if item.item_id in self._user.ledger.rejected:
                self._repeats.append(f"{message!r}: {item.label}")
        ids = {item.item_id for item in shown}
        if self._accepted is None and ids & self._goal.accepted:
            self._accepted = len(self.messages)
        if self._goal.target.item_id in ids:
            self.found = len(self.messages)

    def dialogue(self, persona: Persona) -> Dialogue:
        """The dialogue, done."""
        return Dialogue(
            self._goal.user,
            persona.name,
            tuple(self.messages),
            self.found,
            self._accepted,
            self.questions,
            self._shown,
            tuple(self._violations),
            tuple(self._repeats),
            self.seconds,
        )


def simulate(
    goals: Sequence[Goal],
    systems: Mapping[str, Begin],
    *,
    seed: int,
    kept: Kept | None = None,
    report: Report | None = None,
) -> dict[str, list[Dialogue]]:
    """The dialogues of every system with the same users; personas take turns.

    What is ``kept`` isn't done again. ``report`` is called with the number of dialogues done, of
    all systems together.
    """
    done: dict[str, list[Dialogue]] = {name: [] for name in systems}
    for number, goal in enumerate(goals):
        persona = PERSONAS[number % len(PERSONAS)]
        for name, begin in systems.items():
            dialogue = None if kept is None else kept.get(name, number)
            if dialogue is None:
                dialogue = converse(goal, persona, begin, f"{seed} {number}")
                if kept is not None:
                    kept.put(name, number, dialogue)
            done[name].append(dialogue)
            if report is not None:
                report(sum(map(len, done.values())))
    return done


def figures(done: Mapping[str, Sequence[Dialogue]], leader: str) -> dict[str, Any]:
    """What the systems reach, with 95 % intervals by bootstrap over users, and the leader's lead.

    All systems must have had the same dialogues in the same order.
    """
    names = np.unique([dialogue.user for dialogue in done[leader]], return_inverse=True)[1]
    resamples = Resamples(names.astype(np.int64))
    successes = {name: _within(dialogues) for name, dialogues in done.items()}
    return {
        "dialogues": len(done[leader]),
        "users": int(names.max()) + 1,
        "systems": {name: _figures(dialogues, resamples) for name, dialogues in done.items()},
        f"{leader} minus": {
            name: resamples.mean_with_interval(successes[leader] - values)
            for name, values in successes.items()
            if name != leader
        },
    }


def _figures(dialogues: Sequence[Dialogue], resamples: Resamples) -> dict[str, Any]:
    found = [dialogue.found for dialogue in dialogues if dialogue.found is not None]
    seconds = [d.seconds / len(d.messages) for d in dialogues]
    told: dict[str, Any] = {
        f"success within {WITHIN}": resamples.mean_with_interval(_within(dialogues)),
        f"accepted within {WITHIN}": resamples.mean_with_interval(_within(dialogues, "accepted")),
        "success at all": resamples.mean_with_interval(_within(dialogues, most=99)),
        "turns to success": float(np.mean(found)) if found else None,
        "messages": float(np.mean([len(d.messages) for d in dialogues])),
        "questions": float(np.mean([d.questions for d in dialogues])),
        "items shown": sum(d.shown for d in dialogues),
        "violations": sum(len(d.violations) for d in dialogues),
        "repeats": sum(len(d.repeats) for d in dialogues),
        "seconds a turn": float(np.median(seconds)),
        "by persona": {
            persona.name: float(_within(of).mean())
            for persona in PERSONAS
            if (of := [d for d in dialogues if d.persona == persona.name])
        },
    }
    for kind in ("violations", "repeats"):
        quoted = [said for dialogue in dialogues for said in getattr(dialogue, kind)]
        told |= {f"{kind}, quoted": quoted[:EXAMPLES]} if quoted else {}
    return told


def _within(
    dialogues: Sequence[Dialogue], what: str = "found", most: int = WITHIN
) -> NDArray[np.float64]:
    numbers = [getattr(dialogue, what) for dialogue in dialogues]
    return np.array([n is not None and n <= most for n in numbers], dtype=np.float64)


def _parts(histories: Histories, row: int, catalog: Catalog) -> tuple[list[Item], list[Item]]:
    """What a user liked in the older part of the history, and in the newest part."""
    begin, end = histories.starts[row], histories.starts[row + 1]
    cut = end - round(HELD_SHARE * (end - begin))
    parts = []
    for rows in (range(begin, cut), range(cut, end)):
        items = [catalog.items[histories.items[r]] for r in rows if histories.weights[r] >= LIKED]
        parts.append([item for item in items if _sayable(item)])
    return parts[0], parts[1]


def _sayable(item: Item) -> bool:
    return item.year is not None and bool({*item.genres} - UNSAID)
