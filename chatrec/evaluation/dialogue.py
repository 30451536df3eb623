"""Recommending inside dialogues, by two protocols that others publish figures on.

``cikm23`` (He et al., CIKM 2023): every recommender's turn that names items; labels are new or
repeated, and for new ones what was named before is left out of the order. ``ievalm`` (Wang et al.,
EMNLP 2023): turns before which anything was named, repeated labels kept. Figures are recalls per
label with 95 % intervals by dialogue, for new labels and for all. Knows orders as score vectors
over a catalogue; how they are made is the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.dialogue_turns import Benchmark, read_benchmark
from chatrec.data.dialogues import Dialogue, Utterance, cases_of, mentioned_in
from chatrec.errors import RequestError
from chatrec.evaluation.dialogue_cases import Candidates, Hear, Moment, moments_of
from chatrec.metrics import Resamples, hit_rate

KS = (1, 5, 10, 20, 50)
AT_ONCE = 64

Scores = NDArray[np.float32]
DialogueScorer = Callable[[Sequence[Sequence[Utterance]], NDArray[np.bool_]], Scores]


def evaluate_dialogue(
    file: Path,
    protocol: str,
    catalog: Catalog,
    hear: Hear,
    scorers: Mapping[str, DialogueScorer],
    training: Sequence[Dialogue] = (),
) -> dict[str, Any]:
    """Figures of every scorer, of copying what was named, and of popularity in ``training``.

    ``file`` holds turns, with the tables of :func:`~chatrec.data.dialogue_turns.read_benchmark`
    beside it. A scorer gives (B, n_items) scores for what was said at B moments, and is told which
    items (n_items,) are candidates. RequestError where no turn can be tested.
    """
    benchmark = turns_tested(read_benchmark(file, protocol), protocol)
    moments, candidates = moments_of(benchmark, catalog, hear)
    baselines = {"copy mentioned": copy_mentioned(len(catalog))}
    if training:
        baselines["popularity"] = popularity(training, len(catalog))
    new, repeated = ([getattr(m, side) for m in moments] for side in ("new", "repeated"))
    return {
        "protocol": protocol,
        "file": file.name,
        "dialogues": len({m.dialogue_id for m in moments}),
        "turns": len(moments),
        "labels": {"new": sum(map(len, new)), "repeated": sum(map(len, repeated))},
        "items": len(candidates.names),
        "items not in the catalogue": candidates.unlinked,
        "training dialogues": len(training),
        "dialogue ids in training too": len(
            {m.dialogue_id.removeprefix("test_") for m in moments}
            & {d.dialogue_id for d in training}
        ),
        "orders": {
            name: figures(moments, candidates, scorer)
            for name, scorer in {**baselines, **scorers}.items()
        },
    }


def turns_tested(benchmark: Benchmark, protocol: str) -> Benchmark:
    """The turns that the protocol tests."""
    turns = tuple(t for t in benchmark.turns if t.labels and (protocol == "cikm23" or t.entities))
    if not turns:
        raise RequestError(
            f"no turn of {len(benchmark.turns)} names one of the {len(benchmark.items)} items; "
            "at least 1 is needed: check that the tables of items belong to the file"
        )
    return Benchmark(turns, benchmark.items)


def figures(
    moments: Sequence[Moment], candidates: Candidates, scorer: DialogueScorer
) -> dict[str, Any]:
    """Recalls for ``new`` labels, with what was named left out of the order, and for ``all``."""
    ranks = label_ranks(moments, candidates, scorer)
    told: dict[str, Any] = {}
    for side, (groups, values) in ranks.items():
        if not len(values):
            continue
        resamples = Resamples(groups)
        told[side] = {f"recall@{k}": resamples.mean_with_interval(hit_rate(values, k)) for k in KS}
    return told


def label_ranks(
    moments: Sequence[Moment], candidates: Candidates, scorer: DialogueScorer
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """By ``new`` and ``all``: whose dialogue each label is, (L,), and its rank, (L,).

    A candidate has the best score of its items. Ties count against the label, and labels that
    nothing speaks for (score -inf) have rank infinity.
    """
    numbers = {name: n for n, name in enumerate(dict.fromkeys(m.dialogue_id for m in moments))}
    found: dict[str, tuple[list[int], list[float]]] = {"new": ([], []), "all": ([], [])}
    allowed = candidates.allowed
    for start in range(0, len(moments), AT_ONCE):
        some = moments[start : start + AT_ONCE]
        scores = candidate_scores(scorer([m.before for m in some], allowed), candidates)
        for moment, row in zip(some, scores, strict=True):
            unnamed = row.copy()
            unnamed[list(moment.named)] = -np.inf
            for side, order, labels in (
                ("new", unnamed, moment.new),
                ("all", row, moment.new + moment.repeated),
            ):
                groups, ranks = found[side]
                groups += [numbers[moment.dialogue_id]] * len(labels)
                ranks += [_rank(order, label) for label in labels]
    return {side: (np.array(g, dtype=np.int64), np.array(r)) for side, (g, r) in found.items()}


def candidate_scores(scores: Scores, candidates: Candidates) -> Scores:
    """The best score of each candidate's items, (B, candidates); -inf for one without items."""
    sizes = [len(items) for items in candidates.items]
    owners = np.repeat(np.arange(len(sizes)), sizes)
    best = np.full((len(scores), len(sizes)), -np.inf, dtype=np.float32)
    items = np.array([i for of_one in candidates.items for i in of_one], dtype=np.int64)
    for row, own in zip(best, scores[:, items], strict=True):
        np.maximum.at(row, owners, own)
    return best


def copy_mentioned(n_items: int) -> DialogueScorer:
    """The items named so far, the last first; nothing else."""

    def score(befores: Sequence[Sequence[Utterance]], allowed: NDArray[np.bool_]) -> Scores:
        scores = np.full((len(befores), n_items), -np.inf, dtype=np.float32)
        for row, before in zip(scores, befores, strict=True):
            named = list(mentioned_in(before))
            row[named] = np.arange(len(named))
        return scores

    return score


def popularity(training: Sequence[Dialogue], n_items: int) -> DialogueScorer:
    """How often each item was recommended for the first time in a training dialogue."""
    named = [item for d in training for case in cases_of(d) for item in case.new]
    counts = np.bincount(np.array(named, dtype=np.int64), minlength=n_items).astype(np.float32)
    return lambda befores, allowed: np.tile(counts, (len(befores), 1))


def _rank(order: Scores, label: int) -> float:
    own = order[label]
    return float("inf") if own == -np.inf else float((order >= own).sum())
