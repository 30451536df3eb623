"""Ranks of held-out items by an item head, by likeness of texts, by popularity, and by mixtures.

Knows a tuned decoder with its item head, and domains as benchmarks/domain_sets.py reads them; knows
nothing about how they were tuned. Many prompts are read at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from domain_sets import DomainSet
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.data.catalog import Catalog
from chatrec.generation.item_head import ItemHead, log_popularity
from chatrec.prompting import RankingPrompt, ranking_prompt
from chatrec.training.examples import Met, TrainingSet, shown
from chatrec.training.tensors import hidden_states

TARGETS, BEFORE = 5, 5  # as in chatrec.evaluation.splits
RECENT = 10  # items whose mean text vector dense retrieval takes, as the product does
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
ROWS = 64

Ranks = dict[str, NDArray[np.uint16]]  # the targets' ranks, (C,) each, or (C, a, b) if mixed


@dataclass(frozen=True, slots=True)
class Case:
    """One prediction: whose it is, what they met before (oldest first), and what came."""

    user: int
    past: tuple[Met, ...]
    target: int


def cases_of(histories: Sequence[tuple[Met, ...]]) -> list[Case]:
    """Each user's last TARGETS items, one after the other, after BEFORE others at the least.

    An item that the past has already is no case.
    """
    return [
        Case(user, met[:end], met[end].index)
        for user, met in enumerate(histories)
        for end in range(max(len(met) - TARGETS, BEFORE), len(met))
        if met[end].index not in {m.index for m in met[:end]}
    ]


def centred(data: TrainingSet) -> TrainingSet:
    """The same with text vectors less the catalogue's mean, of unit length again."""
    vectors = data.text_vectors - data.text_vectors.mean(axis=0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return replace(data, text_vectors=(vectors / np.maximum(lengths, 1e-9)).astype(np.float32))


class Ranker:
    """Ranks by a tuned model and its head, which learnt from centred text vectors."""

    def __init__(self, model: Any, head: ItemHead, encode: Callable[[str], list[int]]) -> None:
        self._model, self._head, self._encode = model.eval(), head.eval(), encode

    @torch.inference_mode()
    def ranks(self, domain: DomainSet, cases: Sequence[Case]) -> Ranks:
        """The targets' ranks: "mixed", "tuned" and "dense"; ties count against the target.

        "mixed" is ``(1 - b) * ((1 - a) * head + a * alike) + b * popularity`` for a and b in
        SHARES, z-scores over the catalogue: the head without popularity, and the cosine to the
        mean of the last RECENT items' centred vectors. "tuned" is the head with popularity as it
        was tuned, and "dense" that cosine for vectors as they are, which is dense retrieval.
        """
        device, data = self._model.device, domain.data
        dense = torch.from_numpy(data.text_vectors).to(device)
        text = torch.from_numpy(centred(data).text_vectors).to(device)
        items = self._head.item_vectors(text)  # (N, W)
        popularity = torch.from_numpy(log_popularity(data.counts)).to(device)
        rows = [self._row(data.catalog, case.past) for case in cases]
        sizes = {"mixed": (len(SHARES), len(SHARES)), "tuned": (), "dense": ()}
        found = {n: np.zeros((len(cases), *size), dtype=np.uint16) for n, size in sizes.items()}
        by_length = np.argsort([len(row) for row in rows], kind="stable")
        for start in range(0, len(cases), ROWS):
            numbers = by_length[start : start + ROWS]
            batch = [cases[number] for number in numbers]
            states = self._states([rows[number] for number in numbers])
            logits = self._head.logits(states, items, torch.zeros_like(popularity))  # (B, N)
            head, alike = _z(logits), _z(_alike(text, batch))
            ranked = _ranked(batch, len(popularity), device)
            mixed = [
                _rank((1 - b) * _z((1 - a) * head + a * alike) + b * _z(popularity), ranked)
                for a in SHARES
                for b in SHARES
            ]
            found["mixed"][numbers] = torch.stack(mixed, dim=1).view(-1, *sizes["mixed"]).cpu()
            tuned = logits + self._head.popularity_weight * popularity
            found["tuned"][numbers] = _rank(tuned, ranked).cpu()
            found["dense"][numbers] = _rank(_alike(dense, batch), ranked).cpu()
        return found

    def _row(self, catalog: Catalog, past: Sequence[Met]) -> list[int]:
        """The prompt's ids, its newest lines that fit, each part encoded alone as in training."""
        prompt: RankingPrompt = ranking_prompt(
            catalog.domain, shown(catalog, past), count_tokens=lambda text: len(self._encode(text))
        )
        parts = (prompt.head, *prompt.lines, prompt.tail)
        return [token for part in parts for token in self._encode(part)]

    def _states(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """The hidden state at each row's end, (B, H)."""
        hidden = hidden_states(self._model, rows)  # (B, T, H)
        ends = torch.tensor([len(row) - 1 for row in rows], device=hidden.device)
        return hidden[torch.arange(len(rows), device=hidden.device), ends]


Ranked = tuple[Tensor, Tensor]  # what is ranked, (B, N) bool, and the targets, (B,)


def _ranked(cases: Sequence[Case], items: int, device: torch.device) -> Ranked:
    kept = torch.ones((len(cases), items), dtype=torch.bool)
    for row, case in enumerate(cases):
        kept[row, [met.index for met in case.past]] = False
    targets = torch.tensor([case.target for case in cases])
    return kept.to(device), targets.to(device)


def _rank(scores: Tensor, ranked: Ranked) -> Tensor:
    """The targets' ranks, (B,)."""
    kept, targets = ranked
    own = scores.gather(1, targets[:, None])  # (B, 1)
    return ((scores >= own) & kept).sum(dim=1)


def _alike(vectors: Tensor, cases: Sequence[Case]) -> Tensor:
    """Cosines of all items (N, D) to the mean of each case's last RECENT, (B, N)."""
    means = [vectors[[met.index for met in case.past[-RECENT:]]].mean(dim=0) for case in cases]
    return F.normalize(torch.stack(means), dim=-1) @ vectors.T


def _z(scores: Tensor) -> Tensor:
    """Less their mean, in standard deviations, over the last dimension."""
    deviation = scores.std(dim=-1, keepdim=True).clamp(min=1e-9)
    return (scores - scores.mean(dim=-1, keepdim=True)) / deviation
