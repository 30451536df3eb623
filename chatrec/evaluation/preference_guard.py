"""Whether an adapter that learnt preferences may replace the one that it came from.

Both are measured alike, on what neither learnt from: the order of all items after histories and
after generated wishes, held-out preferences, and reasons against the grounding check. Knows
decoders with their item head; knows nothing about how they were tuned.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import evidence_for
from chatrec.generation.model import LocalDecoder
from chatrec.generation.rationale import Pick, RationaleWriter
from chatrec.metrics import Resamples, ndcg
from chatrec.training.examples import (
    Encode,
    RankingExample,
    TrainingSet,
    history_example,
    wish_example,
)
from chatrec.training.preference_lora import Scores, hidden_at
from chatrec.training.preferences import PreferenceExample
from chatrec.types import Query

USERS, RECENT, WISHES, REASONS = 30, 40, 120, 60
RANKING_FALL = 0.01  # of what it was
GROUNDED_FALL = 0.05  # of all reasons
LIKED_WEIGHT = 1.0
ROWS = 8
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A prompt with the right items at its positions, and the indexes of those met before them."""

    example: RankingExample
    met: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Probes:
    """What both adapters are measured on. ``preferences`` has a tuple for each held-out owner."""

    histories: tuple[Ranking, ...]
    wishes: tuple[Ranking, ...]
    preferences: tuple[tuple[PreferenceExample, ...], ...]
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One value for each case of a kind, and whose case it is, both (C,)."""

    values: Values
    groups: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure before and after; ``interval`` is of the paired difference (95 %, bootstrap).

    ``stands`` says whether the adapter may be kept as far as this figure goes.
    """

    name: str
    cases: int
    before: float
    after: float
    interval: tuple[float, float]
    stands: bool

    def text(self) -> str:
        """The figure in words, for a card or an error."""
        low, high = self.interval
        return (
            f"{self.before:.4f} before, {self.after:.4f} after "
            f"({self.after - self.before:+.4f} [{low:+.4f}, {high:+.4f}], {self.cases:,} cases)"
        )

    def told(self) -> dict[str, Any]:
        """The figure as JSON values."""
        return {
            "figure": self.name,
            "cases": self.cases,
            "before": round(self.before, 4),
            "after": round(self.after, 4),
            "difference's interval": [round(end, 4) for end in self.interval],
            "stands": self.stands,
        }


def probes_of(
    data: TrainingSet,
    held_out: Sequence[Sequence[PreferenceExample]],
    encode: Encode,
    *,
    seed: int,
) -> Probes:
    """Histories of validation users, wishes, held-out preferences, and items to give reasons for.

    Without validation users there are no histories. RequestError for a catalogue that nothing can
    be wished from.
    """
    rng = random.Random(f"guard {seed}")
    users = rng.sample(data.validation, min(len(data.validation), USERS))
    pasts = [user[-RECENT:] for user in users]
    histories = [Ranking(history_example(data.catalog, p, encode), (p[0].index,)) for p in pasts]
    wishes = [Ranking(wish_example(data, rng, encode)) for _ in range(WISHES)]
    picks = [_pick(data.catalog, rng) for _ in range(REASONS)]
    return Probes(
        tuple(case for case in histories if case.example.positions),
        tuple(wishes),
        tuple(tuple(examples) for examples in held_out),
        tuple(picks),
    )


def _pick(catalog: Catalog, rng: random.Random) -> Pick:
    """An item with its evidence for somebody who liked two others."""
    item, *liked = rng.sample(catalog.items, min(3, len(catalog)))
    query = Query(liked=tuple(other.item_id for other in liked))
    return item, evidence_for(item, query, catalog)


def measured(
    decoder: LocalDecoder, scores: Scores, catalog: Catalog, probes: Probes, *, seed: int
) -> Iterator[tuple[str, Measured]]:
    """Each figure as it is asked for: NDCG@10 after histories and after wishes, the shares of
    preferences that are in the right order and of reasons whose first sentence passes the checks.
    What there are no cases of is left out. After histories the targets are what came next and was
    liked, ranked without what had come before: who has learnt what people reject ranks that lower.
    """
    model = decoder.model
    figures: tuple[tuple[str, Callable[[], Measured]], ...] = (
        ("NDCG@10 after histories", lambda: ranked(model, scores, probes.histories)),
        ("NDCG@10 after wishes", lambda: ranked(model, scores, probes.wishes)),
        ("held-out preferences in order", lambda: _in_order(model, scores, probes.preferences)),
        ("reasons grounded at once", lambda: _grounded(decoder, catalog, probes.picks, seed)),
    )
    for name, of in figures:
        found = of()
        if len(found.values):
            yield name, found


@torch.inference_mode()
def ranked(
    model: Any, scores: Scores, cases: Sequence[Ranking], *, disliked: bool = False
) -> Measured:
    """NDCG@10 of each position's best target among what wasn't met; the groups are the cases.

    Ties count against the target, and so does what is not a number.
    Targets that were met and disliked count with ``disliked`` alone.
    """
    ranks: list[float] = []
    groups: list[int] = []
    for start in range(0, len(cases), ROWS):
        rows = cases[start : start + ROWS]
        hidden = hidden_at(model, [(case.example.ids, case.example.positions) for case in rows])
        lists = iter(scores.logits(hidden))
        for number, case in enumerate(rows, start):
            met = list(case.met)
            for targets, weight in zip(case.example.targets, case.example.weights, strict=True):
                row = next(lists)
                row[met] = -torch.inf
                met += targets
                if disliked or weight == LIKED_WEIGHT:
                    ranks.append(float((~(row < row[list(targets)].max())).sum()))
                    groups.append(number)
    return Measured(ndcg(np.array(ranks), 10), np.array(groups, dtype=np.int64))


@torch.inference_mode()
def _in_order(
    model: Any, scores: Scores, owners: Sequence[Sequence[PreferenceExample]]
) -> Measured:
    """1 where a chosen item is above a rejected one, for each pair; the groups are the owners."""
    values: list[float] = []
    groups: list[int] = []
    for number, examples in enumerate(owners):
        for example in examples:
            logits = scores.logits(hidden_at(model, [(example.ids, example.positions)]))
            for row, preference in zip(logits, example.preferences, strict=True):
                above = row[preference.chosen] > row[list(preference.rejected)]
                values += above.tolist()
                groups += [number] * len(above)
    return Measured(np.array(values, dtype=np.float64), np.array(groups, dtype=np.int64))


def _grounded(
    decoder: LocalDecoder, catalog: Catalog, picks: Sequence[Pick], seed: int
) -> Measured:
    """1 where the decoder's first sentence is shown; each pick is a group."""
    reasons = RationaleWriter(decoder, catalog).write(picks, seed)
    passed = {reason.index: reason.by == "model" and not reason.refused for reason in reasons}
    values = np.array([passed[index] for index in range(len(picks))], dtype=np.float64)
    return Measured(values, np.arange(len(values)))


def change(name: str, before: Measured, after: Measured, *, seed: int) -> Change:
    """A figure before and after. An adapter may be kept if all of its figures stand.

    NDCG may fall by at most RANKING_FALL of what it was, and its interval must reach 0; preferences
    may not be ordered worse; of the reasons, at most GROUNDED_FALL more may fail at first.
    """
    difference = after.values - before.values
    low, high = Resamples(before.groups, seed=seed).interval(difference)
    mean, level = float(difference.mean()), float(before.values.mean())
    if name.startswith("NDCG"):
        stands = mean >= -RANKING_FALL * level and high >= 0
    else:
        stands = mean >= (-GROUNDED_FALL if name.startswith("reasons") else 0.0)
    return Change(name, len(before.values), level, level + mean, (low, high), stands)
