"""Where joint tuning starts from: an item side that predicts by itself, and a state side to match.

First the item head's item side is fitted alone (a recency-weighted mean of item vectors predicts
the next item), then its state side is solved by ridge regression from the untouched decoder's
hidden states. Both take minutes; without them the joint part would spend its first epochs on them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.generation.item_head import ItemHead
from chatrec.generation.model import LocalDecoder
from chatrec.training.batches import TuneOptions
from chatrec.training.examples import TrainingSet, window_example
from chatrec.training.tensors import SetTensors, hidden_states

DECAY = 0.9
ITEM_SIDE_BATCH = 32


def fit_item_side(
    head: ItemHead, sets: Sequence[TrainingSet], tensors: Sequence[SetTensors], options: TuneOptions
) -> None:
    """Fit the item vectors so that a decayed mean of those met predicts the next one."""
    parameters = [*head.item_linear.parameters(), *head.item_inner.parameters()]
    parameters += [*head.item_outer.parameters(), head.log_scale, head.popularity_weight]
    optimiser = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=0.01)
    rng = random.Random(options.seed)
    for batch in islice(_batches(sets, rng), options.item_batches):
        loss = torch.zeros((), device=tensors[0].text.device)
        for chosen in range(len(sets)):
            rows = [history for number, history in batch if number == chosen]
            if rows:
                loss = loss + _item_side_loss(head, tensors[chosen], rows)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        optimiser.zero_grad()


def _batches(
    sets: Sequence[TrainingSet], rng: random.Random
) -> Iterator[list[tuple[int, list[int]]]]:
    """Endless batches of pieces of histories, each with its set's number; none without any."""
    while pieces := [(s, piece) for s, data in enumerate(sets) for piece in _pieces(data, rng)]:
        rng.shuffle(pieces)
        for start in range(0, len(pieces), ITEM_SIDE_BATCH):
            yield pieces[start : start + ITEM_SIDE_BATCH]


def _pieces(data: TrainingSet, rng: random.Random, length: int = 60) -> Iterator[list[int]]:
    for history in data.histories:
        indexes = [met.index for met in history]
        for start in range(rng.randrange(length) % max(len(indexes), 1), len(indexes), length):
            if len(indexes[start : start + length + 1]) > 1:
                yield indexes[start : start + length + 1]


def _item_side_loss(head: ItemHead, tensors: SetTensors, rows: list[list[int]]) -> Tensor:
    items = head.item_vectors(tensors.text)  # (N, W)
    states, targets = [], []
    for row in rows:
        ids = torch.tensor(row, device=items.device)
        states.append(_decayed_means(items[ids[:-1]]))
        targets.append(ids[1:])
    logits = head.match(torch.cat(states), items, tensors.popularity)
    return F.cross_entropy(logits, torch.cat(targets))


def _decayed_means(vectors: Tensor) -> Tensor:
    """Unit (T, W): at t the mean of vectors 0..t, each step back weighing DECAY as much."""
    steps = torch.arange(len(vectors), device=vectors.device)
    lag = steps[:, None] - steps[None, :]
    weights = torch.where(lag >= 0, DECAY ** lag.clamp(min=0).float(), 0.0)  # (T, T)
    return F.normalize(weights @ vectors, dim=-1)


@torch.no_grad()
def solve_state_side(
    head: ItemHead,
    decoder: LocalDecoder,
    model: Any,
    sets: Sequence[TrainingSet],
    tensors: Sequence[SetTensors],
    options: TuneOptions,
) -> None:
    """Set the state projection to the ridge solution that maps hidden states to decayed means."""
    rng = random.Random(options.seed + 1)
    inputs, outputs = [], []
    for number in range(options.ridge_windows):
        chosen = number % len(sets)
        if not sets[chosen].histories:
            continue
        example = window_example(sets[chosen], rng, decoder.encode_text)
        if len(example.targets) < 2:
            continue
        hidden = hidden_states(model, [example.ids])[0, list(example.positions)]  # (T, H)
        items = head.item_vectors(tensors[chosen].text)
        met = [targets[0] for targets in example.targets]
        inputs.append(hidden[1:])
        outputs.append(_decayed_means(items[torch.tensor(met[:-1], device=items.device)]))
    if not inputs:
        return
    x, y = torch.cat(inputs).double(), torch.cat(outputs).double()  # (M, H), (M, W)
    x_mean, y_mean = x.mean(0), y.mean(0)
    x, y = x - x_mean, y - y_mean
    gram = x.T @ x
    ridge = 0.1 * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype, device=x.device)
    weight = torch.linalg.solve(gram + ridge, x.T @ y).T  # (W, H)
    head.state.weight.copy_(weight)
    head.state.bias.copy_(y_mean - weight @ x_mean)
