"""The systems that simulated users talk to: as it is, without its memory, asking at random, silent.

Each is given messages and nothing else. Knows recommenders; knows no user and no target.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from chatrec.conversation.asking import Asker, Question, may_ask, offered
from chatrec.conversation.attributes import attributes_of, halves
from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned
from chatrec.data.catalog import Catalog
from chatrec.types import Candidate


class System(Protocol):
    """Answers the messages of one dialogue."""

    def reply(self, text: str) -> Reply:
        """The list for the next message; reasons are not waited for."""
        ...


class Whole:
    """The system as it is, or with another asker."""

    def __init__(self, recommender: Recommender, asker: Asker) -> None:
        self._recommender = recommender
        self._asker = asker
        self._state = recommender.start()

    def reply(self, text: str) -> Reply:
        """The list for the next message of the conversation."""
        reply = _listed(self._recommender, self._asker, text, self._state)
        self._state = reply.state
        return reply


class Forgetful:
    """Takes each message as the first of a conversation; all that it keeps is what it has shown.

    That is barred, so that it has as many items to offer as the whole system. It asks nothing,
    since it would not know to what an answer belongs.
    """

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        self._shown: tuple[str, ...] = ()

    def reply(self, text: str) -> Reply:
        """The list for the message alone."""
        fresh = replace(self._recommender.start(), seen=self._shown)
        reply = _listed(self._recommender, Silent(), text, fresh)
        self._shown = (*self._shown, *(r.item.item_id for r in reply.recommendations))
        return reply


class Silent:
    """Never asks."""

    def question(
        self, turned: Turned, before: DialogueState, ranked: Sequence[Candidate]
    ) -> Question | None:
        """Nothing."""
        del turned, before, ranked
        return None


class AtRandom:
    """Asks with every list, while there is something left to ask: any attribute, any values.

    Both are drawn evenly from what the pool has; whether the answer tells anything is not looked
    at. An attribute is asked about as often as by the system itself, never with the same values.
    """

    def __init__(self, catalog: Catalog, draw: random.Random) -> None:
        self._catalog = catalog
        self._attributes = attributes_of(catalog)
        self._draw = draw

    def question(
        self, turned: Turned, before: DialogueState, ranked: Sequence[Candidate]
    ) -> Question | None:
        """One of all questions that the pool allows."""
        del before
        items = [self._catalog.get(candidate.item_id) for candidate in ranked]
        possible: dict[str, tuple[list[str], int]] = {}
        for attribute in self._attributes:
            owned = {value for item in items for value in attribute.values(item)}
            new = sorted(owned - offered(attribute.kind, turned.state))
            possible[attribute.kind] = new, attribute.offered
        for kind in ("runtime", "price"):
            possible[kind] = list(halves(items, [1.0] * len(items), kind)[1]), 2
        possible["item"] = [items[0].item_id], 1
        left = sorted(
            kind
            for kind, (values, n) in possible.items()
            if len(values) >= n and may_ask(kind, turned.state)
        )
        if not left:
            return None
        kind = self._draw.choice(left)
        values, n = possible[kind]
        drawn = values if kind in ("runtime", "price") else self._draw.sample(values, n)
        question = Question(kind, tuple(drawn), 0.0)
        return question if question.text(self._catalog, turned.language) else None


def _listed(recommender: Recommender, asker: Asker, text: str, state: DialogueState) -> Reply:
    recommender.asker = asker
    return next(iter(recommender.stream(text, state)))
