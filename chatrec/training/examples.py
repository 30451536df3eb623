"""Ranking examples for the item head: histories in which every line's end is a target, and wishes.

Knows workspaces' contents as plain indexes and how prompts are rendered; knows no model beyond a
function that turns text into token ids. Everything is deterministic by the generator passed in.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.prompting import WINDOW_TOKENS, Shown, history_line, ranking_prompt
from chatrec.training.wishes import Wish, sample_wish
from chatrec.types import Interaction

Encode = Callable[[str], list[int]]
DISLIKED_TARGET_WEIGHT = 0.5
WISH_TARGETS = 16
ROUNDING = 1e-9  # part of a mean that it may be off by


@dataclass(frozen=True, slots=True)
class Met:
    """One item of a history: its index in the catalogue and whether it was liked."""

    index: int
    liked: bool


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """A catalogue with its training histories (oldest first) and its texts' vectors (N, D).

    ``validation`` are histories of other users, to choose by.
    """

    catalog: Catalog
    histories: tuple[tuple[Met, ...], ...]
    text_vectors: NDArray[np.float32]
    validation: tuple[tuple[Met, ...], ...] = ()

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each item was met in the training histories, (N,)."""
        met = [m.index for history in self.histories for m in history]
        return np.bincount(met, minlength=len(self.catalog)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class RankingExample:
    """Token ids with the positions whose hidden state predicts items.

    ``targets`` and ``weights`` are parallel to ``positions``; a target is one item index or, for
    a wish, several of which each is right.
    """

    ids: tuple[int, ...]
    positions: tuple[int, ...]
    targets: tuple[tuple[int, ...], ...]
    weights: tuple[float, ...]


def part_of(user_id: str, seed: int) -> str:
    """ "train" (85 %), "validation" (5 %) or "test" (10 %): which part a user belongs to.

    By hash, so that a user is in the same part of every workspace that has their interactions.
    """
    bucket = int(hashlib.sha256(f"{seed}:{user_id}".encode()).hexdigest()[:8], 16) % 100
    return "test" if bucket < 10 else "validation" if bucket < 15 else "train"


def liked(weights: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """Which of a user's interactions count as liked: those of at least the mean weight, (n,).

    >>> liked(np.array([0.1, 0.1, 0.1])).tolist()
    [True, True, True]
    """
    exact = weights.astype(np.float64)
    mean = exact.sum() / max(len(exact), 1)
    found: NDArray[np.bool_] = exact >= mean - ROUNDING * abs(mean)
    return found


def histories_of(
    interactions: Sequence[Interaction], catalog: Catalog
) -> dict[str, tuple[Met, ...]]:
    """Every user's history, oldest first (file order where no time is known).

    What counts as liked, :func:`liked` says.
    """
    by_user: dict[str, list[Interaction]] = {}
    for interaction in interactions:
        by_user.setdefault(interaction.user_id, []).append(interaction)
    return {user: _history(rows, catalog) for user, rows in by_user.items()}


def _history(rows: list[Interaction], catalog: Catalog) -> tuple[Met, ...]:
    ordered = sorted(rows, key=lambda row: -np.inf if row.timestamp is None else row.timestamp)
    verdicts = liked(np.array([row.weight for row in ordered]))
    return tuple(
        Met(catalog.index_of(row.item_id), bool(verdict))
        for row, verdict in zip(ordered, verdicts, strict=True)
    )


def shown(catalog: Catalog, history: Sequence[Met]) -> list[Shown]:
    """A history as the lines of a ranking prompt."""
    return [Shown(catalog.items[m.index], "liked" if m.liked else "disliked") for m in history]


def window_example(
    data: TrainingSet, rng: random.Random, encode: Encode, *, dropout: float = 0.0
) -> RankingExample:
    """A window of one history that fills the prompt; every line's end predicts the next item.

    Users are drawn by the length of their history, so that every interaction is equally likely.
    The prompt may start anywhere in a history; what comes before the window is not seen, and of
    the rest each item is left out with the probability ``dropout``.
    """
    lengths = [len(history) for history in data.histories]
    history = rng.choices(data.histories, weights=lengths)[0]
    start = rng.randrange(max(len(history) - 20, 1))
    kept = [met for met in history[start:] if not dropout or rng.random() >= dropout]
    return history_example(data.catalog, kept, encode)


def history_example(catalog: Catalog, history: Sequence[Met], encode: Encode) -> RankingExample:
    """As many of the history's first items as fit, every line's end predicting the next item."""
    ids = [*encode(ranking_prompt(catalog.domain, (), count_tokens=len).head)]
    positions, targets, weights = [], [], []
    for now, after in pairwise(history):
        line = encode(history_line(shown(catalog, [now])[0]))
        if len(ids) + len(line) > WINDOW_TOKENS:
            break
        ids += line
        positions.append(len(ids) - 1)
        targets.append((after.index,))
        weights.append(1.0 if after.liked else DISLIKED_TARGET_WEIGHT)
    return RankingExample(tuple(ids), tuple(positions), tuple(targets), tuple(weights))


def wish_example(data: TrainingSet, rng: random.Random, encode: Encode) -> RankingExample:
    """A generated wish, half of the time after a short history, read at the prompt's end."""
    wish: Wish = sample_wish(data.catalog, rng)
    past: Sequence[Met] = ()
    if data.histories and rng.random() < 0.5:
        history = rng.choice(data.histories)
        start = rng.randrange(max(len(history) - 5, 1))
        past = [met for met in history[start : start + 5] if met.index not in wish.targets]
    lines = shown(data.catalog, past) + [Shown(data.catalog.items[i]) for i in wish.named]
    prompt = ranking_prompt(data.catalog.domain, lines, wish=wish.text, count_tokens=len)
    ids = [token for part in (prompt.head, *prompt.lines, prompt.tail) for token in encode(part)]
    targets = tuple(rng.sample(wish.targets, min(len(wish.targets), WISH_TARGETS)))
    return RankingExample(tuple(ids), (len(ids) - 1,), (targets,), (1.0,))
