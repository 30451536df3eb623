"""Whether to ask the user something beside the list, and what: by expected information gain.

The ranker's scores say how likely each item of the pool is the one wanted; a question is worth the
mutual information between that item and its answer, in bits, times the chance that the user cares.
It is asked only if that is much, it was neither asked nor answered before, the question of the last
reply was not passed over and nobody is in a hurry.
Knows pools, limits and states; how questions are worded stands in
:mod:`chatrec.conversation.asking_words`, how answers are read in
:mod:`chatrec.conversation.answering`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chatrec.conversation.asking_words import question_text
from chatrec.conversation.attributes import (
    CARED_MEASURE,
    Attribute,
    attributes_of,
    halves,
    is_settled,
    limits_of,
    telling,
)
from chatrec.conversation.lexicon import Language
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned
from chatrec.conversation.utterance import fold
from chatrec.conversation.wish import content_words
from chatrec.data.catalog import Catalog
from chatrec.types import Candidate

# Of the softmax over the pool's z-scores: the likeliest targets in 60 pools of simulated validation
# users on ml-latest-small (mean log-chance -4.75; at 1 -4.90, at 5 -4.79).
TEMPERATURE = 2.0
LEAST_GAIN = 0.9  # bits
LEAST_POOL = 20  # items; a smaller pool is soon seen whole
PRECISE = 3  # new limits in one message
LONG_WISH = 6  # content words: a description of what is wanted
MOST_ASKED = 4  # questions in a conversation
MOST_OF_A_KIND = {"genre": 2}  # questions, with other values each time; once about the other kinds
NAMES_ASKED = 2  # people, or themes, of which the best is asked about
CARED_ITEM = 0.8  # how likely somebody can say whether an item is of the kind
SURE = 0.95  # how sure an answer about an item is at most
NEVER = "*"  # in DialogueState.asked: this user wants no questions
NO_QUESTION: tuple[str, ...] = ()

Chances = NDArray[np.float64]
Likeness = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: about the attribute ``kind``, or an "item" by its id, naming ``values``.

    ``gain`` is what its answer is expected to tell about the item wanted, in bits.
    """

    kind: str
    values: tuple[str, ...]
    gain: float

    @property
    def key(self) -> str:
        """What counts as the same question: the kind, of genres and items with what it named."""
        told = self.kind in ("item", *MOST_OF_A_KIND)
        return f"{self.kind}:{'|'.join(self.values)}" if told else self.kind

    def text(self, catalog: Catalog, language: Language) -> str:
        """How it is asked; "" where it can't be put in this language."""
        named = self.values
        if self.kind == "item":
            named = (catalog.get(self.values[0]).title,)
        elif self.kind in ("runtime", "price"):
            named = (self.values[0][1:],)
        return question_text(self.kind, named, language)

    def put(self, state: DialogueState) -> DialogueState:
        """The state of a conversation in which this was just asked."""
        return replace(state, asked=(*state.asked, self.key), question=(self.kind, *self.values))


class Asker(Protocol):
    """Decides on the question of a turn."""

    def question(
        self, turned: Turned, before: DialogueState, ranked: Sequence[Candidate]
    ) -> Question | None:
        """What to ask beside the first of ``ranked``, best first; None for nothing.

        ``before`` is the state that the message came to.
        """
        ...


class Asking:
    """Asks what tells most about the item wanted."""

    def __init__(
        self, catalog: Catalog, likeness: Likeness, *, least_gain: float = LEAST_GAIN
    ) -> None:
        """``likeness`` gives cosines between items, (n, n)."""
        self._catalog = catalog
        self._attributes = attributes_of(catalog)
        self._likeness = likeness
        self._least_gain = least_gain

    def question(
        self, turned: Turned, before: DialogueState, ranked: Sequence[Candidate]
    ) -> Question | None:
        """The question worth most, if it is worth asking now; see :class:`Asker`."""
        if len(ranked) < LEAST_POOL or not is_welcome(turned, before):
            return None
        found = self.questions(turned.state, ranked)
        sayable = (q for q in found if q.text(self._catalog, turned.language))
        best = max(sayable, key=lambda question: question.gain, default=None)
        return best if best is not None and best.gain >= self._least_gain else None

    def questions(self, state: DialogueState, ranked: Sequence[Candidate]) -> list[Question]:
        """Every question that was neither asked nor answered, with its gain."""
        chances = chances_of(ranked)
        items = [self._catalog.get(candidate.item_id) for candidate in ranked]
        found: list[Question] = []
        for attribute in self._attributes:
            if may_ask(attribute.kind, state) and not is_settled(attribute.kind, state.constraints):
                before = offered(attribute.kind, state)
                values = [attribute.values(item) for item in items]
                found += _about(attribute, values, chances, before)
        for kind in ("runtime", "price"):
            if may_ask(kind, state) and not is_settled(kind, state.constraints):
                owned, names = halves(items, chances.tolist(), kind)
                if names:
                    told = CARED_MEASURE * gain(chances, answers(owned, names))
                    found.append(Question(kind, names, told))
        return found + self._about_the_first(state, ranked, chances)

    def _about_the_first(
        self, state: DialogueState, ranked: Sequence[Candidate], chances: Chances
    ) -> list[Question]:
        """Whether the first of the list is the kind of thing that is meant."""
        first = ranked[0].item_id
        if state.near or not may_ask("item", state):
            return []
        cosines = self._likeness([candidate.item_id for candidate in ranked])[0]
        return [Question("item", (first,), CARED_ITEM * gain(chances, _alike(cosines)))]


def may_ask(kind: str, state: DialogueState) -> bool:
    """Whether a conversation can bear one more question about an attribute, or an "item".

    Its kind alone among what was asked says that it is settled.
    """
    times = sum(key.startswith(f"{kind}:") for key in state.asked)
    return kind not in state.asked and times < MOST_OF_A_KIND.get(kind, 1)


def offered(kind: str, state: DialogueState) -> frozenset[str]:
    """The values that questions about the attribute have offered, where these are kept."""
    told = (key.partition(":")[2] for key in state.asked if key.startswith(f"{kind}:"))
    return frozenset(value for values in told for value in values.split("|"))


def is_welcome(turned: Turned, before: DialogueState) -> bool:
    """Whether this turn can bear a question: not after one passed over, nor a precise request.

    Nor where it asks for a number of items or could not be used in part, nor more than MOST_ASKED
    times in a conversation.
    """
    asked = turned.state.asked
    if NEVER in asked or len(asked) >= MOST_ASKED or turned.count is not None:
        return False
    if before.question and not _taken_up(before, turned.state):
        return False
    if turned.act not in ("recommend", "critique", "feedback") or turned.unknown:
        return False
    said = turned.state.turns[-1].text
    if len(content_words(fold(said))) >= LONG_WISH:
        return False
    had = {*before.filters()}
    new = [chip for chip in turned.state.filters() if chip not in had]
    return len(new) < PRECISE and not any(chip.name.startswith("people") for chip in new)


def _taken_up(before: DialogueState, state: DialogueState) -> bool:
    """Whether the last reply's question was answered with a choice: who answers can be asked on."""
    kind, *values = before.question
    if kind == "item":
        return values[0] in (*state.near, *state.disliked)
    return any(
        getattr(state.constraints, f) != getattr(before.constraints, f) for f in limits_of(kind)
    )


def chances_of(ranked: Sequence[Candidate], temperature: float = TEMPERATURE) -> Chances:
    """How likely each item is the one wanted, (n,): a softmax over the scores' z-scores.

    Scores of different rankers have different scales, their z-scores over a pool have not.
    """
    scores = np.array([candidate.score for candidate in ranked], dtype=np.float64)
    spread = float(scores.std())
    z = (scores - scores.mean()) / spread if spread > 0 else np.zeros_like(scores)
    weights = np.exp((z - z.max()) / temperature)
    chances: Chances = weights / weights.sum()
    return chances


def answers(owned: Sequence[tuple[str, ...]], named: Sequence[str]) -> Chances:
    """The chance of each answer given the item wanted, (n, len(named) + 1).

    Somebody who wants an item names any one of the values that it has; the last answer is that
    it is none of them.
    """
    told = np.array([[value in values for value in named] for values in owned], dtype=np.float64)
    of = told.sum(axis=1, keepdims=True)
    none = (of == 0).astype(np.float64)
    return np.hstack([told / np.maximum(of, 1), none])


def gain(chances: Chances, told: Chances) -> float:
    """The mutual information of item and answer in bits (Cover & Thomas 2006, eq. 2.35).

    ``chances`` (n,) are those of the items, ``told`` (n, A) those of the answers given the item.

    >>> gain(np.array([0.5, 0.5]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    1.0
    """
    return float(_entropy(chances @ told) - chances @ _entropy(told))


def _about(
    attribute: Attribute,
    values: Sequence[tuple[str, ...]],
    chances: Chances,
    before: frozenset[str],
) -> list[Question]:
    """One question that names the likeliest values; for a yes-no attribute one for each of them.

    What was offered ``before`` is left out.
    """
    told = [value for value, _ in telling(values, chances.tolist()) if value not in before]
    if attribute.offered > 1:
        named = tuple(told[: attribute.offered])
        named = tuple(sorted(named)) if attribute.kind == "decade" else named
        groups = [named] if len(named) > 1 else []
    else:
        groups = [(value,) for value in told[:NAMES_ASKED]]
    return [
        Question(attribute.kind, group, attribute.cared * gain(chances, answers(values, group)))
        for group in groups
    ]


def _alike(cosines: NDArray[np.float32]) -> Chances:
    """The chance of yes and no given each item, (n, 2), to "is it like the first of them?".

    ``cosines`` (n,) are to the first. How alike is much depends on the pool: its least alike tenth
    says no, its most alike tenth yes.
    """
    low, high = np.quantile(cosines[1:], [0.1, 0.9])
    near = (cosines.astype(np.float64) - low) / max(float(high - low), 1e-9)
    yes = np.clip(near, 1 - SURE, SURE)
    return np.stack([yes, 1 - yes], axis=1)


def _entropy(distribution: Chances) -> Chances:
    """Bits, over the last axis."""
    logs = np.log2(distribution, out=np.zeros_like(distribution), where=distribution > 0)
    return np.asarray(-(distribution * logs).sum(axis=-1))
