"""Ranks of held-out items by dense retrieval, by the text score and by a decoder on top of it.

Knows domains as benchmarks/domain_sets.py reads them, and what benchmarks/domain_tune.py learnt;
knows nothing about how that was done. Many prompts are read at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from domain_scores import KERNELS, Reading, TextScore
from domain_sets import DomainSet
from domain_tune import WINDOW, Domain, Encode, on_device, rows_of, scores, states_at
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from chatrec.training.examples import Met

TARGETS, BEFORE = 5, 5  # as in chatrec.evaluation.splits
RECENT = 10  # items whose mean text vector dense retrieval takes
DIRECTIONS = (0.0, 0.5, 1.0)  # shares of what the decoder's direction says
LIKENESSES = ("dense", "history centred", "centred")
_NAMES = [f"{sharpness:g} {decay:g}" for sharpness, decay in KERNELS]
TEXTS = tuple(f"text score {kernel}" for kernel in _NAMES)
DECODERS = tuple(f"decoder {kernel} {share:g}" for kernel in _NAMES for share in DIRECTIONS)
LEARNT = (*TEXTS, *DECODERS)
ORDERS = (*LIKENESSES, *LEARNT)
BY_PAST = ("text score", "decoder", "text score + popularity", "decoder + popularity")
POPULARITY = (0.0, 0.125, 0.25, 0.375, 0.5, 0.75, 1.0, 1.5)  # weights of its log
ROWS = 64

Ranks = dict[str, NDArray[np.uint16]]


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


class Ranker:
    """Ranks by a tuned model with its reading, by the text score under it, and by likeness."""

    def __init__(self, model: Any, reading: Reading, score: TextScore, encode: Encode) -> None:
        self._model, self._encode = model.eval(), encode
        self._reading, self._score = reading.eval(), score.eval()

    @torch.inference_mode()
    def ranks(self, domain: DomainSet, cases: Sequence[Case]) -> Ranks:
        """The targets' ranks by every mixture, by those that the past chooses and by popularity.

        They are "mixed" (C, ORDERS, POPULARITY), "by past" (C, BY_PAST), and "popularity" (C,).
        Ties count against the target. A mixture is the order's score plus a weight in POPULARITY
        times the log of an item's count plus one. Likenesses are z-scores over the catalogue; the
        scores that were learnt are logits as they are. "dense" is the cosine to the mean of the
        last RECENT items' vectors, "history centred" that to their mean less the catalogue's, and
        "centred" takes that mean from the items as well. "by past" are the mixtures, without
        popularity or with any weight of it, that would have foretold each person's own past best.
        """
        device = self._model.device
        plain = torch.from_numpy(domain.data.text_vectors).to(device)
        own = on_device(domain, device)
        popularity = torch.log1p(own.counts)
        found = {
            "mixed": np.zeros((len(cases), len(ORDERS), len(POPULARITY)), dtype=np.uint16),
            "by past": np.zeros((len(cases), len(BY_PAST)), dtype=np.uint16),
            "popularity": np.zeros(len(cases), dtype=np.uint16),
        }
        by_length = np.argsort([len(case.past[-WINDOW:]) for case in cases], kind="stable")
        for start in range(0, len(cases), ROWS):
            numbers = by_length[start : start + ROWS]
            batch = [cases[number] for number in numbers]
            kept, targets = _ranked(batch, len(popularity), device)
            likely = [order[:, None] for order in _likenesses(plain, own.text, batch)]
            last, learnt = self._learnt(own, batch)
            rows = torch.arange(len(batch), device=device)
            orders = [*likely, *(order[rows, last][:, None] for order in learnt)]
            places = _mixed(orders, popularity, kept[:, None], targets[:, None])[:, 0]  # (B, O, P)
            worth = _worth_in_the_past(learnt, popularity, batch)
            found["mixed"][numbers] = places.cpu()
            found["by past"][numbers] = _best(places[:, -len(LEARNT) :], worth).cpu()
            found["popularity"][numbers] = _rank(popularity.expand_as(kept), kept, targets).cpu()
        return found

    def _learnt(self, domain: Domain, batch: Sequence[Case]) -> tuple[Tensor, list[Tensor]]:
        """Where each window ends, (B,), and the orders LEARNT after all of its items, (B, L, N)."""
        items, windows = domain.text, [case.past[-WINDOW:] for case in batch]
        last = torch.tensor([len(window) - 1 for window in windows], device=items.device)
        length = int(last.max()) + 1
        met = items[_padded(windows, length, 0).to(items.device)]  # (B, L, D)
        states = states_at(self._model, *rows_of(domain.catalog, windows, self._encode))
        read = self._reading(states, states)
        direction = read[2] @ items.T  # (B, L, N)
        texts = [scores(self._score, met, items, kernel) for kernel in KERNELS]
        heard = [scores(self._score, met, items, kernel, read) for kernel in KERNELS]
        return last, [*texts, *(h + share * direction for h in heard for share in DIRECTIONS)]


def _padded(windows: Sequence[Sequence[Met]], length: int, filler: int) -> Tensor:
    rows = [[met.index for met in window] for window in windows]
    return torch.tensor([row + [filler] * (length - len(row)) for row in rows])


def _worth_in_the_past(
    orders: Sequence[Tensor], popularity: Tensor, batch: Sequence[Case]
) -> Tensor:
    """How well each mixture foretold what the person had met, (B, ORDERS, POPULARITY).

    It is the mean over the window's items but the first of ``1 / log2(rank + 1)``, which is NDCG
    without a cut, among what had not been met before.
    """
    length = orders[0].shape[1]
    device = popularity.device
    targets = _padded([case.past[-WINDOW:] for case in batch], length, -1).to(device)[:, 1:]
    first = torch.full((len(batch), len(popularity)), length)  # when each item was met
    for row, case in enumerate(batch):
        before = len(case.past) - len(case.past[-WINDOW:])
        for step in reversed(range(len(case.past))):
            first[row, case.past[step].index] = step - before
    kept = first.to(device)[:, None] > torch.arange(length - 1, device=device)[:, None]
    places = _mixed([order[:, :-1] for order in orders], popularity, kept, targets.clamp(min=0))
    # What was met twice is no target the second time.
    counted = (targets >= 0) & kept.gather(2, targets.clamp(min=0)[..., None])[..., 0]
    worth = counted[..., None, None] / torch.log2(places + 1.0)
    return worth.sum(dim=1) / counted.sum(dim=1)[:, None, None]


def _mixed(orders: Sequence[Tensor], popularity: Tensor, kept: Tensor, targets: Tensor) -> Tensor:
    """The ranks of the targets (B, T) by orders of (B, T, N), (B, T, ORDERS, POPULARITY)."""
    places = [
        torch.stack([_rank(o + w * popularity, kept, targets) for w in POPULARITY], dim=-1)
        for o in orders
    ]
    return torch.stack(places, dim=-2)


def _best(places: Tensor, worth: Tensor) -> Tensor:
    """The ranks BY_PAST, (B, 4), of those by LEARNT and POPULARITY, by their worth."""
    texts, decoders = slice(0, len(TEXTS)), slice(len(TEXTS), None)
    found = [
        places[:, orders, :weights]
        .flatten(1)
        .gather(1, worth[:, orders, :weights].flatten(1).argmax(dim=1, keepdim=True))[:, 0]
        for weights in (1, len(POPULARITY))
        for orders in (texts, decoders)
    ]
    return torch.stack(found, dim=1)


def _likenesses(plain: Tensor, centred: Tensor, batch: Sequence[Case]) -> list[Tensor]:
    """z-scores of the three kinds of dense retrieval, (B, N) each."""
    centre = plain.mean(dim=0)
    recent = [[met.index for met in case.past[-RECENT:]] for case in batch]
    means, apart = (
        torch.stack([vectors[rows].mean(dim=0) for rows in recent]) for vectors in (plain, centred)
    )
    return [
        _z(F.normalize(means, dim=-1) @ plain.T),
        _z(F.normalize(means - centre, dim=-1) @ plain.T),
        _z(F.normalize(apart, dim=-1) @ centred.T),
    ]


def _ranked(cases: Sequence[Case], items: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """What is ranked, (B, N) bool, and the targets, (B,)."""
    kept = torch.ones((len(cases), items), dtype=torch.bool)
    for row, case in enumerate(cases):
        kept[row, [met.index for met in case.past]] = False
    targets = torch.tensor([case.target for case in cases])
    return kept.to(device), targets.to(device)


def _rank(scores: Tensor, kept: Tensor, targets: Tensor) -> Tensor:
    """The targets' ranks, (...), by scores (..., N) of which those kept are ranked."""
    own = scores.gather(-1, targets[..., None])
    return ((scores >= own) & kept).sum(dim=-1)


def _z(scores: Tensor) -> Tensor:
    """Less their mean, in standard deviations, over the last dimension."""
    deviation = scores.std(dim=-1, keepdim=True).clamp(min=1e-9)
    return (scores - scores.mean(dim=-1, keepdim=True)) / deviation
