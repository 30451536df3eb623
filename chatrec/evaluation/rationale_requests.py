"""Requests for measuring reasons on any catalogue, drawn by seed from its items and users.

Each is a conversation of one turn: what somebody likes or had, and a message. Knows the workspace;
knows nothing about how it is answered.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatrec.conversation.recommender import Recommender
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.data.workspace import Workspace
from chatrec.prompting import domain_words
from chatrec.types import Item

LIKED_AT_MOST = 3
HISTORY_LENGTHS = (3, 12)
WISHES_TRIED = 20  # items looked at for one that has something to wish for


@dataclass(frozen=True, slots=True)
class Ask:
    """One message, and what the one who says it likes, dislikes or had before (ids or titles).

    ``user`` is one of the workspace's users, whose history counts instead of ``history``.
    """

    text: str
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    user: str | None = None

    def begun(self, recommender: Recommender) -> DialogueState:
        """The state in which the message is said."""
        state = recommender.start(self.user, self.liked, self.disliked)
        return state if self.user is not None else replace(state, history=self.history)


def drawn_asks(workspace: Workspace, seed: int) -> Iterator[Ask]:
    """Without end, in turn: some liked items, a history, a wish, and "something like" a title.

    A wish names a genre, person, theme, decade or country of a drawn item; where no item has any
    of them there are no wishes. Histories are those of users where there are any, else drawn.
    """
    catalog, rng = workspace.catalog, random.Random(seed)
    users = workspace.histories.users if workspace.interactions else ()
    while True:
        yield Ask(
            "something for tonight", liked=_drawn(catalog, rng, rng.randint(1, LIKED_AT_MOST))
        )
        if users:
            yield Ask("what should I try next?", user=rng.choice(users))
        else:
            yield Ask(
                "what should I try next?",
                history=_drawn(catalog, rng, rng.randint(*HISTORY_LENGTHS)),
            )
        wish = _wish(catalog, rng)
        if wish:
            yield Ask(wish)
        yield Ask(f"something like {rng.choice(catalog.items).title}")


def _drawn(catalog: Catalog, rng: random.Random, n: int) -> tuple[str, ...]:
    return tuple(item.item_id for item in rng.sample(catalog.items, min(n, len(catalog))))


def _wish(catalog: Catalog, rng: random.Random) -> str:
    for _ in range(WISHES_TRIED):
        wishes = _wishes(rng.choice(catalog.items), domain_words(catalog.domain)["noun"], rng)
        if wishes:
            return rng.choice(wishes)
    return ""


def _wishes(item: Item, noun: str, rng: random.Random) -> list[str]:
    """What could be wished for of which ``item`` is an example."""
    genre = f"{rng.choice(item.genres)} {noun}" if item.genres else ""
    decade = "" if item.year is None else f" from the {item.year // 10 * 10}s"
    wishes = [f"a {genre}{decade}"] if genre else []
    wishes += [f"a {genre} from {item.countries[0]}"] if genre and item.countries else []
    wishes += [f"something with {rng.choice(item.keywords)}"] if item.keywords else []
    wishes += [f"a {noun} with {rng.choice(item.cast)}"] if item.cast else []
    wishes += [f"a {noun} by {rng.choice(item.creators)}"] if item.creators else []
    return wishes
