"""A catalogue's requests as batches to learn from and as cases to validate with.

Knows generated pairs and the base model's item vectors; knows no model. Batches depend on the seed
and the step only.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatrec.data.interactions import Histories
from chatrec.data.workspace import Workspace
from chatrec.retrieval.encoder import Vectors
from chatrec.training.examples import part_of
from chatrec.training.queries import Pair, sample_pair, styles_of
from chatrec.training.query_source import QuerySource, liked_alone
from chatrec.training.query_words import TRAINING, VALIDATION, Style

LAST_LEFT_OUT = 5  # of each history: what evaluations by time ask for
AT = 10

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class QueryBatch:
    """``texts`` of B requests; ``targets`` and ``negatives`` (B, N) say which items are which.

    An item that is neither is left out of the loss: it is named by the request, or held out.
    """

    texts: tuple[str, ...]
    targets: Mask
    negatives: Mask


class QuerySet:
    """One workspace: its items' vectors and the requests generated from it."""

    def __init__(self, workspace: Workspace, vectors: Vectors, split_seed: int) -> None:
        """``vectors`` (N, D) of the base model; users are split by ``split_seed``."""
        self.vectors = vectors
        self._sources = {
            part: QuerySource(workspace.catalog, _histories(workspace, part, split_seed))
            for part in ("train", "validation")
        }
        self.styles = styles_of(self._sources["train"], TRAINING, of_held_out=False, seed=0)

    def batch(self, size: int, rng: random.Random) -> QueryBatch:
        """Requests for items that are not held out, every style equally often on average."""
        source = self._sources["train"]
        pairs = [
            sample_pair(source, TRAINING, rng, of_held_out=False, style=rng.choice(self.styles))
            for _ in range(size)
        ]
        return as_batch(pairs, ~source.held_out)

    def validation(self, per_style: int, seed: int) -> dict[Style, QueryBatch]:
        """Requests for held-out items in wordings that training never has, by style.

        Other items that fulfil a request are left out, so that finding them counts for nothing.
        """
        source, rng = self._sources["validation"], random.Random(seed)
        styles = styles_of(source, VALIDATION, of_held_out=True, seed=seed)
        cases = {}
        for style in styles:
            pairs = [
                sample_pair(source, VALIDATION, rng, of_held_out=True, style=style)
                for _ in range(per_style)
            ]
            batch = as_batch(pairs, np.ones_like(source.held_out))
            cases[style] = QueryBatch(batch.texts, batch.targets & source.held_out, batch.negatives)
        return cases


def as_batch(pairs: Sequence[Pair], allowed: Mask) -> QueryBatch:
    """Pairs as masks over the items; those that are not ``allowed`` (N,) are in neither."""
    targets = np.zeros((len(pairs), len(allowed)), dtype=bool)
    negatives = np.tile(allowed, (len(pairs), 1))
    for row, pair in enumerate(pairs):
        targets[row, list(pair.targets)] = True
        negatives[row, [*pair.targets, *pair.named]] = False
    return QueryBatch(tuple(pair.text for pair in pairs), targets & allowed, negatives)


def first_ranks(queries: Vectors, vectors: Vectors, batch: QueryBatch) -> NDArray[np.int64]:
    """The rank (from 1) of each request's best target among the negatives, (B,).

    Ties count against the target, and so does what is not a number.
    """
    scores = queries @ vectors.T  # (B, N)
    best = np.where(batch.targets, scores, -np.inf).max(axis=1, keepdims=True)
    ahead: NDArray[np.int64] = (~(scores < best) & batch.negatives).sum(axis=1)
    return ahead + 1


def figures_of(ranks: Mapping[str, NDArray[np.int64]]) -> dict[str, dict[str, float]]:
    """Hit rate at 10 and mean reciprocal rank of each style, and the means over the styles."""
    figures = {
        style: {"r@10": float((of <= AT).mean()), "mrr": float((1 / of).mean())}
        for style, of in ranks.items()
    }
    names = ("r@10", "mrr")
    mean = {name: float(np.mean([f[name] for f in figures.values()])) for name in names}
    return {**figures, "mean": mean}


def _histories(workspace: Workspace, part: str, seed: int) -> Histories:
    everybody = workspace.histories
    users = [row for row, user in enumerate(everybody.users) if part_of(user, seed) == part]
    return liked_alone(everybody.pick(users).without_last(LAST_LEFT_OUT))
