"""Which items are held out, and what may be learnt from: the three protocols.

``time`` holds out every user's last items; ``random`` does the same after shuffling each history,
for data without times; ``foldin`` holds out whole users. Knows histories; knows no model.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.training.examples import liked, part_of
from chatrec.training.windows import SHORTEST
from chatrec.types import Query

if TYPE_CHECKING:
    from chatrec.data.interactions import Histories, Past

Protocol = Literal["time", "random", "foldin"]
SPLIT_SEED = 2026


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One prediction: the past before it (oldest first), and the item that came.

    ``user`` is a row of :attr:`Split.users`; ``liked`` is parallel to ``past``, and known from it
    alone.
    """

    user: int
    past: Past
    target: int
    liked: NDArray[np.bool_]

    def query(self, catalog: Catalog) -> Query:
        """The case as a query without words."""
        ids = tuple(catalog.items[item].item_id for item in self.past)
        return Query(
            history=ids,
            disliked=tuple(i for i, liked in zip(ids, self.liked, strict=True) if not liked),
            seen=frozenset(ids),
        )

    def recent(self, n: int) -> Case:
        """The case of somebody of whom the last ``n`` items alone are known."""
        return replace(self, past=self.past[-n:], liked=self.liked[-n:])


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Cases to test on, cases to choose by, and the histories to learn from, without either.

    ``sizes`` (U,) says how much of each user's history comes before the first case.
    """

    users: tuple[str, ...]
    cases: tuple[Case, ...]
    validation: tuple[Case, ...]
    training: Histories
    sizes: NDArray[np.int64]

    @property
    def candidates(self) -> NDArray[np.bool_]:
        """Which items are ranked: those of the training part, (n_items,)."""
        return self.training.counts > 0

    @property
    def tested(self) -> list[int]:
        """The users that have cases, rising."""
        return sorted({case.user for case in self.cases})

    def of_users(self, users: Sequence[int]) -> Split:
        """The same split, tested on these users alone."""
        kept = frozenset(users)
        return replace(self, cases=tuple(case for case in self.cases if case.user in kept))

    def sample(self, n: int, seed: int) -> Split:
        """The same split, tested on ``n`` users drawn by ``seed``, or on all if they are fewer."""
        tested = self.tested
        return self.of_users(random.Random(seed).sample(tested, min(n, len(tested))))

    def last(self) -> Split:
        """The same split with each user's last case alone."""
        latest = {case.user: case for case in self.cases}
        return replace(self, cases=tuple(latest.values()))


def split_histories(
    histories: Histories, protocol: Protocol, *, targets: int, seed: int = SPLIT_SEED
) -> Split:
    """Each tested user's last ``targets`` items as cases, one after the other, the past growing.

    Tested is who has at least SHORTEST items before them; an item that the past has already is
    no case, as what the user has had is not ranked. ``time`` and ``random``: the item before the
    targets is for validation, and training is what comes before it; of users who can't be tested
    it is everything. ``foldin``: a tenth of the users is tested (:func:`part_of`, by ``seed``),
    a twentieth is for validation, and training has the others. ``random`` shuffles by ``seed``.

    Raises RequestError for fewer than 1 target, for ``time`` without times, or where no user can
    be tested.
    """
    if targets < 1:
        raise RequestError(f"targets is {targets}; at least 1 is needed")
    if protocol == "time" and not histories.timed:
        raise RequestError(
            "protocol 'time' needs times; this workspace has none: use 'random' or 'foldin'"
        )
    if protocol == "random":
        histories = shuffled(histories, seed)
    held = _held_users if protocol == "foldin" else _held_items
    split = held(histories, targets, seed)
    if not split.cases:
        raise RequestError(
            f"no user has {targets + SHORTEST} interactions to be tested with; "
            "import more interactions or ask for fewer targets"
        )
    return split


def shuffled(histories: Histories, seed: int) -> Histories:
    """Each history in an order drawn by ``seed``, its times forgotten."""
    users = np.repeat(np.arange(len(histories)), histories.sizes)
    order = np.lexsort((np.random.default_rng(seed).random(len(users)), users))
    return replace(
        histories,
        items=histories.items[order],
        weights=histories.weights[order],
        times=np.full(len(users), np.nan),
    )


def cases_of(user: int, past: Past, weights: NDArray[np.float32], targets: int) -> list[Case]:
    """The last ``targets`` items, one after the other; none if fewer than SHORTEST are before them.

    ``weights`` are parallel to ``past``.
    """
    cut = len(past) - targets
    if cut < SHORTEST:
        return []
    return [_case(user, past, weights, end) for end in range(cut, len(past)) if _is_new(past, end)]


def cases_of_part(
    histories: Histories, part: str, targets: int, seed: int = SPLIT_SEED
) -> list[Case]:
    """The cases of the users whose part (:func:`part_of`) it is, in the order of their ids."""
    return [
        case
        for user, (past, weights) in enumerate(_weighed(histories))
        if part_of(histories.users[user], seed) == part
        for case in cases_of(user, past, weights, targets)
    ]


def users_of(cases: Sequence[Case]) -> NDArray[np.int64]:
    """Whose case each is, (C,)."""
    return np.array([case.user for case in cases], dtype=np.int64)


def _case(user: int, past: Past, weights: NDArray[np.float32], end: int) -> Case:
    """The prediction of the item in place ``end``; nothing later says what was liked before."""
    return Case(user, past[:end], int(past[end]), liked(weights[:end]))


def _is_new(past: Past, place: int) -> bool:
    return bool(past[place] not in past[:place])


def _weighed(histories: Histories) -> Iterator[tuple[Past, NDArray[np.float32]]]:
    """Each past with its weights."""
    for begin, end in zip(histories.starts[:-1], histories.starts[1:], strict=True):
        yield histories.items[begin:end], histories.weights[begin:end]


def _held_items(histories: Histories, targets: int, seed: int) -> Split:
    del seed
    sizes = histories.sizes
    tested = sizes - targets >= SHORTEST
    cases: list[Case] = []
    validation: list[Case] = []
    for user, (past, weights) in enumerate(_weighed(histories)):
        cases += cases_of(user, past, weights, targets)
        chosen_by = len(past) - targets - 1
        if tested[user] and _is_new(past, chosen_by):
            validation.append(_case(user, past, weights, chosen_by))
    training = histories.without_last(np.where(tested, targets + 1, 0))
    return Split(
        histories.users, tuple(cases), tuple(validation), training, np.maximum(sizes - targets, 0)
    )


def _held_users(histories: Histories, targets: int, seed: int) -> Split:
    train = [u for u, user in enumerate(histories.users) if part_of(user, seed) == "train"]
    return Split(
        histories.users,
        tuple(cases_of_part(histories, "test", targets, seed)),
        tuple(cases_of_part(histories, "validation", targets, seed)),
        histories.pick(train),
        np.maximum(histories.sizes - targets, 0),
    )
