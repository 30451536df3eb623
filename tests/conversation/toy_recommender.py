"""A recommender of toy parts over the toy films, whose right answer is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from chatrec.conversation.recommender import Recommender
from chatrec.data.workspace import Workspace
from chatrec.generation.rationale import Pick, RationaleWriter, Reason, unhurried
from chatrec.retrieval.fusion import Fusion
from chatrec.types import Candidate, Evidence, LedBy, Query
from tests.conversation.toy_films import FILMS

SIMILAR = Evidence("similar", "Alien", "toy")
TOGETHER = [Evidence("together", f"Moon | {lift}", "interactions") for lift in (2.5, 10.1, 3.0)]


class InOrder:
    """Finds every film in the order of the catalogue; all are like Alien and went with Moon."""

    name = "toy"

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        del query
        noted = (SIMILAR, *TOGETHER)
        return [Candidate(i.item_id, -n, self.name, noted) for n, i in enumerate(FILMS)][:k]


class FromTheEnd:
    """Turns the pool round, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Query, int]] = []

    def rank(self, query: Query, pool: Sequence[Candidate]) -> tuple[list[Candidate], LedBy]:
        self.asked.append((query, len(pool)))
        return list(reversed(pool)), "item_head"


class Unlike:
    """No two films are alike."""

    def similarity(self, item_ids: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(len(item_ids), dtype=np.float32)


class LastFirst(RationaleWriter):
    """Has the reason for the last film ready first."""

    def write(
        self,
        picks: Sequence[Pick],
        seed: int = 0,
        *,
        hurried: Callable[[], bool] = unhurried,
    ) -> Iterator[Reason]:
        del hurried
        for index in reversed(range(len(picks))):
            yield Reason(index, f"{picks[index][0].title}, worded with seed {seed}.", "model")


def toy_recommender(
    ranker: FromTheEnd | None = None,
    workspace: Workspace | None = None,
    pool_size: int = len(FILMS),
) -> Recommender:
    return Recommender(
        Workspace(FILMS, None) if workspace is None else workspace,
        Fusion(FILMS, [InOrder()]),
        FromTheEnd() if ranker is None else ranker,
        LastFirst(None, FILMS),
        Unlike(),
        pool_size=pool_size,
    )
