"""Recommends inside a dialogue: orders the pool of a moment by what was learnt of choices.

Knows one moment's pool and a net that scores its features; how the net is trained is in
:mod:`chatrec.training.dialogue`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatrec.data.dialogues import Utterance
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.dialogue_features import DialogueFeatures, Pool

Allowed = NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True, eq=False)
class DialogueRecommender:
    """``repeats``: whether items already named may be recommended again."""

    features: DialogueFeatures
    net: ChoiceNet
    repeats: bool = False

    def scores(
        self, befores: Sequence[Sequence[Utterance]], allowed: Allowed = None
    ) -> NDArray[np.float32]:
        """Every item's score at each of B moments, (B, n_items) float32, higher is better.

        Items outside a moment's pool have -inf; those outside ``allowed`` (n_items,) are in none.
        """
        n_items = self.features.n_items
        scores = np.full((len(befores), n_items), -np.inf, dtype=np.float32)
        for row, before in zip(scores, befores, strict=True):
            pool = self.pool(before, allowed)
            row[pool.items] = self.net.scores(pool.features)
        return scores

    def pool(self, before: Sequence[Utterance], allowed: Allowed = None) -> Pool:
        """The items that are ordered, with their features."""
        return self.features.pool(before, repeats=self.repeats, allowed=allowed)
