"""Benchmark turns as moments over a catalogue: who said what, and which items were named where.

Knows one benchmark's items and how they link to the catalogue's; knows no recommender.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.dialogue_files import untitled
from chatrec.data.dialogue_turns import Benchmark, Turn
from chatrec.data.dialogues import Speaker, Utterance
from chatrec.data.title_links import link_titles

Hear = Callable[[Utterance], Utterance]


@dataclass(frozen=True, slots=True)
class Moment:
    """What was said ``before`` a turn; ``named`` before and ``labels`` of it by candidate row.

    ``labels`` are split into ``new`` ones and those ``repeated`` from what was named before.
    """

    dialogue_id: str
    before: tuple[Utterance, ...]
    named: tuple[int, ...]
    new: tuple[int, ...]
    repeated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The items that may be recommended: for each its name and the item_index of its items.

    A candidate without items in the catalogue can't be found; several are taken as one.
    """

    names: tuple[str, ...]
    items: tuple[tuple[int, ...], ...]
    n_items: int

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """Which items of the catalogue are candidates, (n_items,)."""
        mask = np.zeros(self.n_items, dtype=np.bool_)
        mask[[index for items in self.items for index in items]] = True
        return mask

    @property
    def unlinked(self) -> int:
        """How many candidates the catalogue lacks."""
        return sum(not items for items in self.items)


def moments_of(
    benchmark: Benchmark, catalog: Catalog, hear: Hear
) -> tuple[tuple[Moment, ...], Candidates]:
    """The benchmark's turns over its candidates; ``hear`` adds genres and people to utterances."""
    links = link_titles(benchmark.items, catalog)
    rows = {key: row for row, key in enumerate(benchmark.items)}
    candidates = Candidates(
        tuple(benchmark.items.values()), tuple(links[k] for k in benchmark.items), len(catalog)
    )
    titles = {
        key: tuple(
            dict.fromkeys([_bare(name), *(catalog.items[index].title for index in links[key])])
        )
        for key, name in benchmark.items.items()
    }
    moments = []
    for turn in benchmark.turns:
        named = set(turn.named)
        new = tuple(rows[key] for key in dict.fromkeys(turn.labels) if key not in named)
        repeated = tuple(rows[key] for key in dict.fromkeys(turn.labels) if key in named)
        moments.append(
            Moment(
                turn.dialogue_id,
                tuple(hear(u) for u in utterances_of(turn, titles, links)),
                tuple(rows[key] for key in turn.named),
                new,
                repeated,
            )
        )
    return tuple(moments), candidates


def utterances_of(
    turn: Turn, titles: Mapping[str, Sequence[str]], links: Mapping[str, Sequence[int]]
) -> tuple[Utterance, ...]:
    """The context as utterances, the seeker last, each with the items whose titles it holds.

    An item stands where it was named last, in the first utterance if its title is nowhere found.
    Titles are taken out of the text.
    """
    texts = list(turn.context) if turn.context else [""]
    lowered = [text.casefold() for text in texts]
    items: list[list[tuple[int, int]]] = [[] for _ in texts]
    for key in turn.named:
        places = [
            (place, text.find(title.casefold()))
            for place, text in enumerate(lowered)
            for title in titles[key]
            if title and title.casefold() in text
        ]
        place, at = max(places, default=(0, 0))
        if links[key]:
            items[place].append((at, links[key][0]))
    gone = [title for key in turn.named for title in titles[key]]
    return tuple(
        Utterance(_speaker(len(texts) - place), untitled(text, gone), _in_order(items[place]))
        for place, text in enumerate(texts)
    )


def _speaker(from_end: int) -> Speaker:
    return "seeker" if from_end % 2 else "recommender"


def _in_order(found: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    return tuple(item for _, item in sorted(found))


def _bare(name: str) -> str:
    """The name without what stands in brackets at its end."""
    return re.sub(r"\s*\([^()]*\)$", "", name)
