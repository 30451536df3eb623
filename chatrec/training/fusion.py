"""Learns how to order what several branches found, from what came next.

Listwise: the chance of the item that came is the softmax of a small net's scores over all that was
found (:mod:`chatrec.training.choice_net`); a few nets that start elsewhere are averaged. The
branches must not have learnt from the cases. Knows branches by their best items; knows no retriever
and no catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chatrec.data.interactions import Past
from chatrec.errors import RequestError
from chatrec.metrics import ndcg
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.fusion_features import Traits, feature_names, union_of
from chatrec.retrieval.learned_fusion import AT_ONCE, DEPTH, SCORED, LearnedFusion
from chatrec.retrieval.tops import PAD, Tops, by_reciprocal_rank
from chatrec.training.choice_net import averaged, train_net

MAX_CASES = 4000
LEAST_CASES = 50
HARD, DRAWN = 100, 100  # other items a case is learnt from: the best placed, and drawn of the rest
NETS, RATE = 3, 5e-3
HELD_SHARE = 0.2
AT = 10  # of the NDCG

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
    and on the held-out ones the NDCG@10 of the learned order, of reciprocal rank, and of the best
    branch.
    """

    fitted: int
    held: int
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

    It is measured on a fifth of the users after learning from the others; then all cases are learnt
    from (at most MAX_CASES, drawn by ``seed``, which also starts the nets). RequestError for fewer
    than LEAST_CASES cases whose target was found.
    """
    rng = np.random.default_rng(seed)
    cases = _enough(cases.to(SCORED), rng)
    branches = tuple(cases.tops)
    held = _held_out(cases.users, rng)
    lists = _Lists.of(cases, branches, traits, rng)
    out = cases.pick(np.flatnonzero(held))
    order = LearnedFusion(branches, lists.pick(~held).net(seed), traits).fuse(out.tops, out.pasts)
    first = [tops.cut(DEPTH) for tops in out.tops.values()]
    alone = {name: _ndcg(tops, out.targets) for name, tops in out.tops.items()}
    best = max(alone, key=lambda name: alone[name])
    return LearnedFusion(branches, lists.net(seed), traits), FusionFigures(
        int((~held).sum()),
        int(held.sum()),
        _ndcg(order, out.targets),
        _ndcg(by_reciprocal_rank(first, AT), out.targets),
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
            found = union_of(some.tops, branches, some.pasts, traits, DEPTH)
            assert np.isfinite(found.features).all(), "a feature is not a number"
            columns = [i for i, n in enumerate(feature_names(branches)) if n.endswith(": rank")]
            promise = found.features[:, :, columns].mean(axis=2)
            places, offsets = _drawn(found.items, some.targets, promise, rng)
            parts.append((np.take_along_axis(found.features, places[:, :, None], 1), offsets))
        return cls(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))

    def pick(self, cases: NDArray[np.bool_]) -> _Lists:
        return _Lists(self.features[cases], self.offsets[cases])

    def net(self, seed: int) -> ChoiceNet:
        """The mean of NETS nets."""
        seeds = range(seed, seed + NETS)
        return averaged(
            [train_net(self.features, offsets=self.offsets, rate=RATE, seed=s) for s in seeds]
        )


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
        found |= tops.cut(DEPTH).hits(cases.targets)
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


def _ndcg(tops: Tops, targets: NDArray[np.int32]) -> float:
    places = tops.places(targets)
    return float(ndcg(np.where(places < tops.depth, places + 1.0, np.inf), AT).mean())
