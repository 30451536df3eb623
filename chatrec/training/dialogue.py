"""Learns how to recommend inside dialogues, from dialogues in which items were recommended.

Dialogues are cut into blocks by time. The moments of one block are described by what the other
blocks teach (what is recommended lately: by the blocks before), so that features look as they will
at later, unseen dialogues; no moment is described with the help of its own dialogue. On these
choices a small net is trained, listwise. Knows dialogues and a catalogue; knows no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from chatrec.data.dialogues import Dialogue, DialogueCase, cases_of
from chatrec.errors import RequestError
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.collaborative import HistoryModel
from chatrec.retrieval.dialogue_counts import DialogueCounts
from chatrec.retrieval.dialogue_features import FEATURES, GROUPS, DialogueFeatures
from chatrec.retrieval.dialogue_recommender import DialogueRecommender
from chatrec.retrieval.likeness import Likeness

BLOCKS = 8
OTHERS = 100  # other items of the pool that a recommended one is set against
LEAST_CHOICES = 20
HIDDEN = 32
EPOCHS = 10
BATCH = 64
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.1
DROPOUT = 0.2

Features = NDArray[np.float32]
NO_MODELS: Mapping[str, HistoryModel] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """L recommended items, in place 0, each with others of its pool: (L, 1 + OTHERS, F) float32,

    and the F features' names.
    """

    features: Features
    names: tuple[str, ...]

    def train(self, *, without: Sequence[str] = (), seed: int = 2026) -> ChoiceNet:
        """A net under which the recommended items are most likely within their lists.

        Features of the GROUPS in ``without`` are not looked at.
        """
        flat = self.features.reshape(-1, len(self.names))
        left_out = {name for group in without for name in GROUPS[group]}
        kept = np.array([name not in left_out for name in self.names]) & (flat.std(axis=0) > 1e-6)
        scale = np.where(kept, 1.0 / np.maximum(flat.std(axis=0), 1e-6), 0.0).astype(np.float32)
        start = ChoiceNet(flat.mean(axis=0), scale, *_no_weights(len(self.names)))
        return _trained(start, torch.from_numpy(start.standardised(self.features)), seed)


def train_dialogue(
    dialogues: Sequence[Dialogue],
    likeness: Likeness,
    n_items: int,
    models: Mapping[str, HistoryModel] = NO_MODELS,
    *,
    repeats: bool = False,
    seed: int = 2026,
) -> DialogueRecommender:
    """A recommender that knows all these dialogues; its net from :func:`learn_choices`.

    ``models`` score what was named as a history, each one more feature; ``repeats`` lets items be
    recommended again that were named already.
    """
    choices = learn_choices(dialogues, likeness, n_items, models, repeats=repeats, seed=seed)
    features = DialogueFeatures(DialogueCounts.learn(dialogues, n_items), likeness, models)
    return DialogueRecommender(features, choices.train(seed=seed), repeats)


def learn_choices(
    dialogues: Sequence[Dialogue],
    likeness: Likeness,
    n_items: int,
    models: Mapping[str, HistoryModel] = NO_MODELS,
    *,
    repeats: bool = False,
    seed: int = 2026,
) -> Choices:
    """What was chosen in every dialogue with text after the first block, by time.

    RequestError where fewer than LEAST_CHOICES recommended items are found.
    """
    rng = np.random.default_rng(seed)
    drawn: list[Features] = []
    for features, cases in _blocks(dialogues, likeness, n_items, models):
        for case in cases:
            drawn += _lists_of(case, features, repeats, rng)
    if len(drawn) < LEAST_CHOICES:
        raise RequestError(
            f"the dialogues give {len(drawn)} recommended items to learn from; at least "
            f"{LEAST_CHOICES} are needed: give more dialogues with text"
        )
    return Choices(np.stack(drawn), FEATURES + tuple(models))


def in_order(dialogues: Sequence[Dialogue]) -> list[Dialogue]:
    """By time; those without one first."""
    return sorted(dialogues, key=lambda d: -np.inf if d.time is None else d.time)


def _blocks(
    dialogues: Sequence[Dialogue],
    likeness: Likeness,
    n_items: int,
    models: Mapping[str, HistoryModel],
) -> Iterator[tuple[DialogueFeatures, list[DialogueCase]]]:
    ordered = in_order(dialogues)
    cuts = np.linspace(0, len(ordered), BLOCKS + 1).astype(int)
    for begin, end in pairwise(cuts[1:]):
        told = [d for d in ordered[begin:end] if any(u.text for u in d.utterances)]
        if told:
            others = ordered[:begin] + ordered[end:]
            counts = DialogueCounts.learn(others, n_items, until=ordered[begin].time)
            features = DialogueFeatures(counts, likeness, models)
            yield features, [case for dialogue in told for case in cases_of(dialogue)]


def _lists_of(
    case: DialogueCase, features: DialogueFeatures, repeats: bool, rng: np.random.Generator
) -> list[Features]:
    wanted = case.new + case.repeated if repeats else case.new
    if not wanted:
        return []
    pool = features.pool(case.before, repeats=repeats)
    hits = np.isin(pool.items, wanted)
    others = np.flatnonzero(~hits)
    if not len(others):
        return []
    few = len(others) < OTHERS
    return [
        pool.features[np.concatenate([[place], rng.choice(others, OTHERS, replace=few)])]
        for place in np.flatnonzero(hits)
    ]


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


def _trained(start: ChoiceNet, given: torch.Tensor, seed: int) -> ChoiceNet:
    """The net after EPOCHS over the lists ``given`` (L, N, F), standardised."""
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = _Net(given.shape[-1])
        steps = EPOCHS * -(-len(given) // BATCH)
        optimizer = torch.optim.AdamW(net.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
        pace = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, LEARNING_RATE, total_steps=max(steps, 2)
        )
        for _ in range(EPOCHS):
            for rows in torch.split(torch.randperm(len(given), generator=generator), BATCH):
                loss = -torch.log_softmax(net(given[rows]), dim=1)[:, 0].mean()
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
