"""The two long jobs of the command line: tuning an adapter, and measuring a ranking.

Both wire parts as :mod:`chatrec.assemble` does, but over training users only.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.data.workspace import Workspace
from chatrec.errors import ModelError, RequestError
from chatrec.evaluation.ranking import (
    Protocol,
    Split,
    cases_of,
    figures_of,
    paired_difference,
    rank_cases,
    split_interactions,
)
from chatrec.evaluation.scorers import (
    blend_scorer,
    head_scorer,
    popularity_scorer,
    retriever_scorer,
)
from chatrec.generation.adapter_files import ITEM_HEAD
from chatrec.generation.item_head import HeadFacts, ItemHead, load_head, log_popularity
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.generation.ranker import ItemHeadRanker, ItemHeadScorer
from chatrec.retrieval.dense import DenseRetriever, TextEncoder, Vectors, item_vectors
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.settings import Precision
from chatrec.training.adapter import (
    Card,
    refuse_existing,
    set_sizes,
    training_set,
    write_adapter,
)
from chatrec.training.calibration import Probe, Trial, best_weight
from chatrec.training.examples import histories_of, part_of
from chatrec.training.lora import TuneOptions, tune
from chatrec.training.wishes import sample_wish
from chatrec.types import Query, Retriever

POOL = 200
KEPT = 1000
SPLIT_SEED = 2026
TARGETS = 5
VALIDATION_CASES = 60
VALIDATION_WISHES = 60
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Notes:
    """What a card says about where its data came from, in the tuner's words."""

    data: str
    terms: str
    command: str


@dataclass(frozen=True, slots=True)
class _Bench:
    """Everything that ranks one workspace, with popularity from ``counts`` alone."""

    workspace: Workspace
    fusion: Fusion
    fusion_with_head: Fusion
    scorer: ItemHeadScorer
    counts: NDArray[np.int64]

    def ranker(self, facts: HeadFacts) -> ItemHeadRanker:
        return ItemHeadRanker(self.scorer, facts, self.workspace.catalog)


def tune_adapter(
    folders: Sequence[Path],
    to: Path,
    *,
    options: TuneOptions,
    model: str | None,
    precision: Precision,
    notes: Notes,
    say: Say,
    report: Any = None,
) -> dict[str, Any]:
    """Tune on the workspaces, choose weights on validation users, measure on test users, write.

    The first workspace is the one measured; the last the one whose wishes are validated; the head's
    share for histories is the best on average over all. Which users are which does not depend on
    the options' seed, so that runs can be compared. A killed run is taken up from its checkpoint in
    ``runs/<name>``. Returns the measured figures. Raises RequestError at once where nobody could
    be tested.
    """
    refuse_existing(to)
    decoder = _local(model, None, precision)
    encoder = TextEncoder()
    workspaces = [Workspace.open(folder) for folder in folders]
    if not workspaces[0].interactions:
        raise RequestError(
            f"{folders[0]} has no interactions to learn from: import some with --interactions, "
            "or name a workspace that has them first"
        )
    split = split_interactions(
        workspaces[0].interactions,
        workspaces[0].catalog,
        "foldin",
        targets=TARGETS,
        seed=SPLIT_SEED,
    )
    say("embedding the items' texts")
    sets = [training_set(workspace, encoder, SPLIT_SEED) for workspace in workspaces]
    say(f"training on {set_sizes(sets)}")
    tuned, head = tune(decoder, sets, options, Path("runs") / to.name, report=report)
    tuned.eval()
    say("choosing weights on validation users")
    domains = tuple(dict.fromkeys(workspace.domain for workspace in workspaces))
    facts = HeadFacts(decoder.name, encoder.name, encoder.revision, domains, 1.0, 0.5)
    benches = [
        _bench(workspace, encoder, decoder, head, data.counts)
        for workspace, data in zip(workspaces, sets, strict=True)
    ]
    facts = _calibrated(benches, facts, options.seed, say)
    say("measuring on test users")
    figures = measure(benches[0], facts, split)
    card = Card(
        name=to.name,
        base=decoder.name,
        data=f"{notes.data} ({set_sizes(sets)})",
        terms=notes.terms,
        seed=options.seed,
        command=notes.command,
        trained=f"at most {options.steps} steps of {options.windows} windows (the one "
        f"that validated best was kept), rank {options.rank}, precision {decoder.precision}",
        metrics=_in_words(figures),
    )
    write_adapter(to, tuned, head.eval(), facts, card)
    return figures


def evaluate_ranking(
    folder: Path,
    protocol: Protocol,
    *,
    targets: int,
    seed: int,
    model: str | None,
    adapter: Path,
    precision: Precision,
    max_users: int | None = None,
) -> dict[str, Any]:
    """Popularity, dense, fused order, item head and their blend on the same cases.

    ``seed`` draws the ``max_users`` from those who may be tested; who may be is fixed.
    """
    workspace, encoder = Workspace.open(folder), TextEncoder()
    split = split_interactions(
        workspace.interactions, workspace.catalog, protocol, targets=targets, seed=SPLIT_SEED
    )
    if max_users is not None:
        users = sorted({case.user for case in split.cases})
        kept = set(random.Random(seed).sample(users, min(max_users, len(users))))
        split = replace(split, cases=tuple(case for case in split.cases if case.user in kept))
    decoder = _local(model, adapter, precision)
    head, facts = load_head(adapter / ITEM_HEAD, decoder.device)
    bench = _bench(workspace, encoder, decoder, head, split.counts(len(workspace.catalog)))
    return measure(bench, facts, split)


def measure(bench: _Bench, facts: HeadFacts, split: Split) -> dict[str, Any]:
    """Figures of every order on the split's cases, and the paired differences to the head's."""
    catalog = bench.workspace.catalog
    scorers = {
        "popularity": popularity_scorer(bench.counts),
        "fused retrieval": retriever_scorer(catalog, bench.fusion, POOL),
        "item head": head_scorer(bench.scorer, catalog),
        "as shown": blend_scorer(catalog, bench.fusion_with_head, bench.ranker(facts), POOL),
    }
    ranked = {name: rank_cases(split, scorer) for name, scorer in scorers.items()}
    return {
        "users": len({case.user for case in split.cases}),
        "cases": len(split.cases),
        "items": len(catalog),
        "orders": {name: figures_of(split, r, len(catalog)) for name, r in ranked.items()},
        "item head minus": {
            name: paired_difference(split, ranked["item head"], ranked[name])
            for name in ("popularity", "fused retrieval")
        },
    }


def _bench(
    workspace: Workspace,
    encoder: TextEncoder,
    decoder: LocalDecoder,
    head: ItemHead,
    counts: NDArray[np.int64],
) -> _Bench:
    catalog = workspace.catalog
    vectors: Vectors = item_vectors(workspace, encoder)
    popularity = log_popularity(counts)
    scorer = ItemHeadScorer(decoder, head.eval(), catalog, vectors, popularity, kept=KEPT)
    branches: list[Retriever] = [
        DenseRetriever(catalog, encoder, vectors),
        LexicalRetriever(catalog),
    ]
    return _Bench(
        workspace,
        Fusion(catalog, branches),
        Fusion(catalog, [*branches, scorer]),
        scorer,
        counts,
    )


def _calibrated(benches: Sequence[_Bench], facts: HeadFacts, seed: int, say: Say) -> HeadFacts:
    rng = random.Random(seed)
    last = benches[-1]
    trials = {
        "histories": [_trial(bench, facts, _histories(bench, rng)) for bench in benches],
        "wishes": [_trial(last, facts, _wishes(last, random.Random(seed + 7)))],
    }
    weights = {}
    for name, of in trials.items():
        weights[name], means = best_weight(of)
        say(f"{name}: NDCG@10 by the head's share {means}; chosen {weights[name]}")
    return replace(facts, history_weight=weights["histories"], wish_weight=weights["wishes"])


def _trial(bench: _Bench, facts: HeadFacts, probes: Sequence[Probe]) -> Trial:
    return Trial(
        probes,
        lambda query: bench.fusion_with_head.retrieve(query, POOL),
        bench.ranker(facts).blend,
    )


def _histories(bench: _Bench, rng: random.Random) -> list[Probe]:
    """Held-out items of validation users, at most VALIDATION_CASES; none without histories."""
    catalog = bench.workspace.catalog
    histories = sorted(histories_of(bench.workspace.interactions, catalog).items())
    cases = [
        case
        for number, (user, history) in enumerate(histories)
        if part_of(user, SPLIT_SEED) == "validation"
        for case in cases_of(number, history, TARGETS)
    ]
    cases = rng.sample(cases, min(len(cases), VALIDATION_CASES))
    return [(c.query(catalog), frozenset({catalog.items[c.target].item_id})) for c in cases]


def _wishes(bench: _Bench, rng: random.Random) -> list[Probe]:
    catalog = bench.workspace.catalog
    probes = []
    for _ in range(VALIDATION_WISHES):
        wish = sample_wish(catalog, rng)
        named = tuple(catalog.items[i].item_id for i in wish.named)
        right = frozenset(catalog.items[i].item_id for i in wish.targets)
        probes.append((Query(text=wish.text, near=named, seen=frozenset(named)), right))
    return probes


def _local(model: str | None, adapter: Path | None, precision: Precision) -> LocalDecoder:
    decoder = load_decoder(model, adapter=adapter, precision=precision)
    if not isinstance(decoder, LocalDecoder):
        raise ModelError(f"decoder {model!r} is a server; an item head needs a local decoder")
    return decoder


def _in_words(figures: dict[str, Any]) -> dict[str, str]:
    tested = f"{figures['users']} users never trained on, {figures['cases']} cases"
    title = f"{tested}, {figures['items']:,} items ranked"
    lines = {"test": title}
    for name, values in figures["orders"].items():
        low, high = values["ndcg@10"]["interval"]
        lines[name] = (
            f"NDCG@10 {values['ndcg@10']['mean']:.4f} [{low:.4f}, {high:.4f}], "
            f"HR@10 {values['hr@10']['mean']:.4f}, recall@50 {values['recall@50']['mean']:.4f}"
        )
    for name, difference in figures["item head minus"].items():
        low, high = difference["interval"]
        lines[f"item head minus {name}"] = (
            f"NDCG@10 {difference['mean']:+.4f} [{low:+.4f}, {high:+.4f}]"
        )
    return lines
