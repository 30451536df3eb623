"""Learns how to order what several branches found, from what came next.

Listwise: the chance of the item that came is the softmax of a weighted sum of features over all
that was found (Cao et al., ICML 2007), which is convex, so there is one best set of weights and no
seed decides it. The branches must not have learnt from the cases. Knows branches by their best
items; knows no retriever and no catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from chatrec.data.interactions import Past
from chatrec.errors import RequestError
from chatrec.metrics import ndcg
from chatrec.retrieval.fusion import RRF_CONSTANT
from chatrec.retrieval.fusion_features import Traits, feature_names, union_of
from chatrec.retrieval.learned_fusion import AT_ONCE, DEPTH, LearnedFusion
from chatrec.retrieval.tops import PAD, Tops

MAX_CASES = 4000
LEAST_CASES = 50
HARD, DRAWN = 100, 100  # other items a case is learnt from: the best placed, and drawn of the rest
PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)
HELD_SHARE = 0.2
STEPS = 100

Features = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """What a fusion is learnt from: ``pasts`` and ``targets`` (C,) of C cases, and every branch's

    best items for them. ``users`` (C,) say whose case each is: nobody is fitted and held out both.
    """

    tops: Mapping[str, Tops]
    pasts: Sequence[Past]
    targets: NDArray[np.int32]
    users: NDArray[np.int64]

    def to(self, depth: int) -> Cases:
        """The same cases with every branch's first ``depth``."""
        return replace(self, tops={name: tops.to(depth) for name, tops in self.tops.items()})

    def pick(self, rows: NDArray[np.int64]) -> Cases:
        """These cases, by row."""
        return Cases(
            {name: tops.pick(rows) for name, tops in self.tops.items()},
            [self.pasts[row] for row in rows],
            self.targets[rows],
            self.users[rows],
        )


@dataclass(frozen=True, slots=True)
class FusionFigures:
    """How the fit went: cases that were fitted and held out (before the last fit, which has all),

    the penalty chosen on the held-out ones, and there the NDCG@10 of the learned order, of
    reciprocal rank, and of the best branch.
    """

    fitted: int
    held: int
    penalty: float
    learned_ndcg: float
    reciprocal_ndcg: float
    best_branch: str
    best_branch_ndcg: float

    @property
    def better(self) -> bool:
        """Whether the learned order is ahead of reciprocal rank on the held-out cases."""
        return self.learned_ndcg > self.reciprocal_ndcg


def train_fusion(
    cases: Cases, traits: Traits, *, seed: int = 2026
) -> tuple[LearnedFusion, FusionFigures]:
    """The fusion of all branches of ``cases.tops`` in that order, and how it did on held-out users.

    The penalty is chosen on a fifth of the users, by the mean log-chance of what came, which tells
    more than where it stands among the first; then all cases are fitted (at most MAX_CASES,
    drawn by ``seed``). RequestError for fewer than LEAST_CASES cases whose target was found.
    """
    rng = np.random.default_rng(seed)
    cases = _enough(cases.to(DEPTH), rng)
    branches = tuple(cases.tops)
    held = _held_out(cases.users, rng)
    lists = _Lists.of(cases, branches, traits, rng)
    fit, out = cases.pick(np.flatnonzero(~held)), cases.pick(np.flatnonzero(held))
    trials = {
        penalty: LearnedFusion(branches, lists.pick(~held).fitted(penalty), traits)
        for penalty in PENALTIES
    }
    orders = {penalty: fusion.fuse(out.tops, out.pasts) for penalty, fusion in trials.items()}
    penalty = max(PENALTIES, key=lambda one: _log_chance(orders[one], out.targets))
    alone = {name: _ndcg(tops, out.targets) for name, tops in out.tops.items()}
    best = max(alone, key=lambda name: alone[name])
    return LearnedFusion(branches, lists.fitted(penalty), traits), FusionFigures(
        len(fit.pasts),
        len(out.pasts),
        penalty,
        _ndcg(orders[penalty], out.targets),
        _ndcg(_by_reciprocal_rank(out), out.targets),
        best,
        alone[best],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """Of C cases the item that came, in place 0, and N others: ``features`` (C, 1 + N, F), and

    ``offsets`` (C, 1 + N), the logarithm of how many items each stands for, -inf for none.
    """

    features: Features
    offsets: Features

    @classmethod
    def of(
        cls, cases: Cases, branches: Sequence[str], traits: Traits, rng: np.random.Generator
    ) -> _Lists:
        parts = []
        for start in range(0, len(cases.pasts), AT_ONCE):
            some = cases.pick(np.arange(start, min(start + AT_ONCE, len(cases.pasts))))
            found = union_of(some.tops, branches, some.pasts, traits)
            assert np.isfinite(found.features).all(), "a feature is not a number"
            columns = [i for i, n in enumerate(feature_names(branches)) if n.endswith(": rank")]
            promise = found.features[:, :, columns].mean(axis=2)
            places, offsets = _drawn(found.items, some.targets, promise, rng)
            parts.append((np.take_along_axis(found.features, places[:, :, None], 1), offsets))
        return cls(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))

    def pick(self, cases: NDArray[np.bool_]) -> _Lists:
        return _Lists(self.features[cases], self.offsets[cases])

    def fitted(self, penalty: float) -> Features:
        """The weights (F,) of least loss plus ``penalty`` times their squares (standardised)."""
        scale = self.features.reshape(-1, self.features.shape[2]).std(axis=0)
        inverse = np.where(scale > 1e-6, 1.0 / np.maximum(scale, 1e-6), 0.0).astype(np.float32)

        def loss(given: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            value, slope = self._loss((given * inverse).astype(np.float32))
            return value + penalty * float(given @ given), slope * inverse + 2 * penalty * given

        start = np.zeros(self.features.shape[2])
        best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
        weights: Features = (best.x * inverse).astype(np.float32)
        return weights

    def _loss(self, weights: Features) -> tuple[float, NDArray[np.float64]]:
        """The mean of -log p(item that came), and its slope by the weights (F,)."""
        logits = (self.features @ weights + self.offsets).astype(np.float64)  # (C, 1 + N)
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        value = -float(np.log(np.maximum(chances[:, 0], 1e-30)).mean())
        chances[:, 0] -= 1.0
        flat = self.features.reshape(-1, len(weights))
        slope: NDArray[np.float64] = (chances.ravel().astype(np.float32) @ flat).astype(np.float64)
        return value, slope / len(logits)


def _drawn(
    items: NDArray[np.int32],
    targets: NDArray[np.int32],
    promise: Features,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], Features]:
    """Places (C, 1 + HARD + DRAWN) in rows of the union (C, W), the target's first; and the

    logarithm of how many items each stands for: those drawn stand for all that were not.
    """
    rows = np.arange(len(items))
    target = (items == targets[:, None]).argmax(axis=1)
    hope = np.where(items == PAD, -np.inf, promise)
    hope[rows, target] = np.inf
    order = np.argsort(-hope, axis=1, kind="stable")  # the target first, the pads last
    others = (items != PAD).sum(axis=1) - 1
    hard = np.arange(1, 1 + HARD)[None, :]
    rest = np.maximum(others - HARD, 0)[:, None]
    drawn = 1 + HARD + (rng.random((len(items), DRAWN)) * rest).astype(np.int64)
    places = np.concatenate(
        [np.zeros_like(target)[:, None], np.tile(hard, (len(items), 1)), drawn], 1
    )
    with np.errstate(divide="ignore"):
        drawn_for = np.log(rest / DRAWN)
    offsets = np.concatenate(
        [
            np.zeros((len(items), 1)),
            np.where(hard <= others[:, None], 0.0, -np.inf),
            np.tile(drawn_for, (1, DRAWN)),
        ],
        axis=1,
    )
    inside = np.minimum(places, items.shape[1] - 1)
    return np.take_along_axis(order, inside, axis=1), offsets.astype(np.float32)


def _enough(cases: Cases, rng: np.random.Generator) -> Cases:
    """At most MAX_CASES of those whose target was found."""
    found = np.zeros(len(cases.pasts), dtype=bool)
    for tops in cases.tops.values():
        found |= tops.hits(cases.targets)
    rows = np.flatnonzero(found)
    if len(rows) < LEAST_CASES:
        raise RequestError(
            f"only {len(rows)} cases have their target among what the branches found; at least "
            f"{LEAST_CASES} are needed to learn a fusion: import more interactions"
        )
    return cases.pick(np.sort(rng.permutation(rows)[:MAX_CASES]))


def _held_out(users: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
    names = rng.permutation(np.unique(users))
    return np.isin(users, names[: max(int(HELD_SHARE * len(names)), 1)])


def _by_reciprocal_rank(cases: Cases) -> Tops:
    """The ten best by summed ``1 / (60 + rank)`` (Cormack et al., SIGIR 2009)."""
    width = max(int(tops.items.max(initial=0)) for tops in cases.tops.values()) + 1
    scores = np.zeros((len(cases.pasts), width + 1), dtype=np.float32)  # the pads' column is last
    rows = np.arange(len(cases.pasts))[:, None]
    for tops in cases.tops.values():
        scores[rows, tops.items] += 1.0 / (RRF_CONSTANT + 1.0 + np.arange(tops.depth))
    return Tops.of(scores[:, :-1], [], 10)


def _ndcg(tops: Tops, targets: NDArray[np.int32]) -> float:
    places = tops.places(targets)
    return float(ndcg(np.where(places < tops.depth, places + 1.0, np.inf), 10).mean())


def _log_chance(fused: Tops, targets: NDArray[np.int32]) -> float:
    """The mean log-chance of the targets, all of which were found."""
    return float(fused.scores[fused.items == targets[:, None]].mean())
