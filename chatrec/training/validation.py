"""How good a model in training is: on histories of users it never learns from, and on wishes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from chatrec.generation.item_head import ItemHead
from chatrec.metrics import ndcg
from chatrec.training.batches import Tokens
from chatrec.training.examples import (
    RankingExample,
    TrainingSet,
    history_example,
    wish_example,
)
from chatrec.training.tensors import SetTensors, hidden_states

WINDOWS = 32
WISHES = 64
ROWS = 8
RECENT = 60


class Validation:
    """Fixed examples of every set: each validation user's last window, and generated wishes
    unless ``wishes`` is False, as where none are learnt from.
    """

    def __init__(
        self, sets: Sequence[TrainingSet], tokens: Tokens, seed: int, *, wishes: bool = True
    ) -> None:
        rng = random.Random(f"validation {seed}")
        self._histories = [
            [
                history_example(data.catalog, history[-RECENT:], tokens.text)
                for history in rng.sample(data.validation, min(len(data.validation), WINDOWS))
            ]
            for data in sets
        ]
        of_each = WISHES // len(sets) if wishes else 0
        self._wishes = [
            [wish_example(data, rng, tokens.text) for _ in range(of_each)] for data in sets
        ]

    @torch.inference_mode()
    def figures(
        self, model: Any, head: ItemHead, tensors: Sequence[SetTensors]
    ) -> dict[str, float]:
        """Mean NDCG@10 over the sets, all items ranked, of "history" and of "wish".

        A kind without examples is left out.
        """
        model.eval()
        figures = {}
        for kind, sets in (("history", self._histories), ("wish", self._wishes)):
            means = [
                float(ndcg(_ranks(model, head, tensors[number], examples), 10).mean())
                for number, examples in enumerate(sets)
                if any(example.positions for example in examples)
            ]
            if means:
                figures[kind] = float(np.mean(means))
        return figures


def _ranks(
    model: Any, head: ItemHead, tensors: SetTensors, examples: Sequence[RankingExample]
) -> NDArray[np.float64]:
    """The rank of each position's best target among all items; ties count against it, and so does
    what is not a number.
    """
    items = head.item_vectors(tensors.text)
    examples = [example for example in examples if example.positions]
    ranks: list[float] = []
    for start in range(0, len(examples), ROWS):
        rows = examples[start : start + ROWS]
        hidden = hidden_states(model, [example.ids for example in rows])
        for row, example in enumerate(rows):
            logits = head.logits(hidden[row, list(example.positions)], items, tensors.popularity)
            best = torch.stack(
                [scores[list(t)].max() for scores, t in zip(logits, example.targets, strict=True)]
            )
            ranks += (~(logits < best[:, None])).sum(dim=1).tolist()  # itself is one
    return np.array(ranks, dtype=np.float64)
