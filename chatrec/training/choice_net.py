"""Trains the small net that scores items, on lists of one item that was chosen and others.

The chance of the chosen item is the softmax of the scores over its list (listwise, as in Cao et
al., ICML 2007). Knows features as numbers; knows neither items nor where the lists come from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from chatrec.retrieval.choice_net import ChoiceNet

HIDDEN = 32
EPOCHS = 10
BATCH = 64
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.1
DROPOUT = 0.2
CONSTANT = 1e-6  # a standard deviation below which a feature tells nothing

Features = NDArray[np.float32]


def train_net(
    lists: Features,
    *,
    offsets: Features | None = None,
    kept: NDArray[np.bool_] | None = None,
    rate: float = LEARNING_RATE,
    seed: int = 2026,
) -> ChoiceNet:
    """The net after EPOCHS over ``lists`` (L, N, F), each with the chosen item in place 0.

    ``rate`` is the greatest learning rate, after a third of the steps.

    ``offsets`` (L, N) are added to the scores: the logarithm of how many items each stands for,
    -inf for none. Features that are not ``kept`` (F,), or never change, are not looked at.
    """
    flat = lists.reshape(-1, lists.shape[2])
    mean, spread = _mean_and_deviation(flat)
    told = spread > CONSTANT if kept is None else kept & (spread > CONSTANT)
    scale = np.where(told, 1.0 / np.maximum(spread, CONSTANT), 0.0).astype(np.float32)
    start = ChoiceNet(mean, scale, *_no_weights(lists.shape[2]))
    stands_for = np.zeros(lists.shape[:2], np.float32) if offsets is None else offsets
    given = torch.from_numpy(start.standardised(lists))
    return _trained(start, given, torch.from_numpy(stands_for), rate, seed)


def _mean_and_deviation(values: Features) -> tuple[Features, Features]:
    """Those of each column of (R, F), added up in float64: over a million rows float32 drifts so
    far that a column which never changes seems to.
    """
    mean = values.mean(axis=0, dtype=np.float64).astype(np.float32)
    off = values - mean
    variance = np.square(off, out=off).mean(axis=0, dtype=np.float64)
    return mean, np.sqrt(variance).astype(np.float32)


def averaged(nets: Sequence[ChoiceNet]) -> ChoiceNet:
    """One net whose scores are the mean of theirs; all must have been trained on the same lists."""
    first = nets[0]
    return ChoiceNet(
        first.mean,
        first.scale,
        np.mean([net.direct for net in nets], axis=0, dtype=np.float32),
        np.concatenate([net.inward for net in nets], axis=1),
        np.concatenate([net.bias for net in nets]),
        np.concatenate([net.outward / np.float32(len(nets)) for net in nets]),
    )


def _no_weights(width: int) -> tuple[Features, Features, Features, Features]:
    shapes = ((width,), (width, HIDDEN), (HIDDEN,), (HIDDEN,))
    direct, inward, bias, outward = (np.zeros(shape, dtype=np.float32) for shape in shapes)
    return direct, inward, bias, outward


class _Net(nn.Module):
    """The net of :class:`~chatrec.retrieval.choice_net.ChoiceNet`, while it learns."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.direct = nn.Linear(width, 1, bias=False)
        self.inward = nn.Linear(width, HIDDEN)
        self.outward = nn.Linear(HIDDEN, 1, bias=False)
        self.dropout = nn.Dropout(DROPOUT)
        nn.init.zeros_(self.direct.weight)
        nn.init.zeros_(self.outward.weight)

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        hidden = self.dropout(nn.functional.silu(self.inward(given)))
        total: torch.Tensor = (self.direct(given) + self.outward(hidden)).squeeze(-1)
        return total


def _trained(
    start: ChoiceNet, given: torch.Tensor, offsets: torch.Tensor, rate: float, seed: int
) -> ChoiceNet:
    """The net after EPOCHS over the lists ``given`` (L, N, F), standardised."""
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = _Net(given.shape[-1])
        steps = EPOCHS * -(-len(given) // BATCH)
        optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=WEIGHT_DECAY)
        pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=max(steps, 2))
        for _ in range(EPOCHS):
            for rows in torch.split(torch.randperm(len(given), generator=generator), BATCH):
                scores = net(given[rows]) + offsets[rows]
                loss = -torch.log_softmax(scores, dim=1)[:, 0].mean()
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
                optimizer.step()
                pace.step()
    state = {name: weight.detach().numpy() for name, weight in net.named_parameters()}
    return ChoiceNet(
        start.mean,
        start.scale,
        state["direct.weight"][0],
        state["inward.weight"].T.copy(),
        state["inward.bias"],
        state["outward.weight"][0],
    )
