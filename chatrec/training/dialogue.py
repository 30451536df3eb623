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
from numpy.typing import NDArray

from chatrec.data.dialogues import Dialogue, DialogueCase, cases_of
from chatrec.errors import RequestError
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.collaborative import HistoryModel
from chatrec.retrieval.dialogue_counts import DialogueCounts
from chatrec.retrieval.dialogue_features import FEATURES, GROUPS, DialogueFeatures, Pool
from chatrec.retrieval.dialogue_recommender import DialogueRecommender
from chatrec.retrieval.likeness import Likeness
from chatrec.training.choice_net import train_net

BLOCKS = 8
OTHERS = 100  # other items of the pool that a recommended one is set against
LEAST_CHOICES = 20

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

        The features ``without``, given by name or by the GROUPS they are in, are not looked at.
        """
        left_out = {name for given in without for name in GROUPS.get(given, (given,))}
        kept = np.array([name not in left_out for name in self.names])
        return train_net(self.features, kept=kept, seed=seed)


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
    for features, cases in blocks_of(dialogues, likeness, n_items, models):
        for case in cases:
            wanted = case.new + case.repeated if repeats else case.new
            if wanted:
                drawn += lists_of(features.pool(case.before, repeats=repeats), wanted, rng)
    if len(drawn) < LEAST_CHOICES:
        raise RequestError(
            f"the dialogues give {len(drawn)} recommended items to learn from; at least "
            f"{LEAST_CHOICES} are needed: give more dialogues with text"
        )
    return Choices(np.stack(drawn), FEATURES + tuple(models))


def in_order(dialogues: Sequence[Dialogue]) -> list[Dialogue]:
    """By time; those without one first."""
    return sorted(dialogues, key=lambda d: -np.inf if d.time is None else d.time)


def blocks_of(
    dialogues: Sequence[Dialogue],
    likeness: Likeness,
    n_items: int,
    models: Mapping[str, HistoryModel] = NO_MODELS,
) -> Iterator[tuple[DialogueFeatures, list[DialogueCase]]]:
    """Each block's recommended items, with the features that the other blocks teach.

    The first block by time, and dialogues without text, are only learnt from.
    """
    ordered = in_order(dialogues)
    cuts = np.linspace(0, len(ordered), BLOCKS + 1).astype(int)
    for begin, end in pairwise(cuts[1:]):
        told = [d for d in ordered[begin:end] if any(u.text for u in d.utterances)]
        if told:
            others = ordered[:begin] + ordered[end:]
            counts = DialogueCounts.learn(others, n_items, until=ordered[begin].time)
            features = DialogueFeatures(counts, likeness, models)
            yield features, [case for dialogue in told for case in cases_of(dialogue)]


def lists_of(
    pool: Pool, wanted: Sequence[int], rng: np.random.Generator, *, as_good: Sequence[int] = ()
) -> list[Features]:
    """For each wanted item of the pool its features in place 0, then those of OTHERS of the pool.

    Items that are ``as_good`` as the wanted are none of the others. Empty where the pool has no
    wanted item, or no other. (1 + OTHERS, F) each.
    """
    hits = np.isin(pool.items, wanted)
    others = np.flatnonzero(~hits & ~np.isin(pool.items, as_good))
    if not len(others):
        return []
    few = len(others) < OTHERS
    return [
        pool.features[np.concatenate([[place], rng.choice(others, OTHERS, replace=few)])]
        for place in np.flatnonzero(hits)
    ]
