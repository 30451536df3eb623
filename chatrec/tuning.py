"""The long job behind ``chatrec tune``: an adapter trained, its shares chosen, measured, written.

It wires parts as :mod:`chatrec.assemble` does, but over training users only.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chatrec.data.workspace import Workspace
from chatrec.errors import ModelError, RequestError
from chatrec.evaluation.head import POOL, HeadBench, measure_head
from chatrec.evaluation.splits import SPLIT_SEED, cases_of_part, split_histories
from chatrec.generation.item_head import HeadFacts
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.retrieval.encoder import TextEncoder
from chatrec.settings import Precision
from chatrec.training.adapter import (
    Card,
    refuse_existing,
    set_sizes,
    training_set,
    write_adapter,
)
from chatrec.training.calibration import Probe, Trial, best_weight
from chatrec.training.lora import TuneOptions, tune
from chatrec.training.wishes import sample_wish
from chatrec.types import Query

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
    decoder = _local(model, precision)
    encoder = TextEncoder()
    workspaces = [Workspace.open(folder) for folder in folders]
    if not workspaces[0].interactions:
        raise RequestError(
            f"{folders[0]} has no interactions to learn from: import some with --interactions, "
            "or name a workspace that has them first"
        )
    split = split_histories(workspaces[0].histories, "foldin", targets=TARGETS)
    say("embedding the items' texts")
    sets = [training_set(workspace, encoder, SPLIT_SEED) for workspace in workspaces]
    say(f"training on {set_sizes(sets)}")
    tuned, head = tune(decoder, sets, options, Path("runs") / to.name, report=report)
    tuned.eval()
    say("choosing weights on validation users")
    domains = tuple(dict.fromkeys(workspace.domain for workspace in workspaces))
    facts = HeadFacts(decoder.name, encoder.name, encoder.revision, domains, 1.0, 0.5)
    benches = [
        HeadBench.of(workspace, encoder, decoder, head, data.counts)
        for workspace, data in zip(workspaces, sets, strict=True)
    ]
    facts = _calibrated(benches, facts, options.seed, say)
    say("measuring on test users")
    figures = measure_head(benches[0], facts, split)
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


def _calibrated(benches: Sequence[HeadBench], facts: HeadFacts, seed: int, say: Say) -> HeadFacts:
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


def _trial(bench: HeadBench, facts: HeadFacts, probes: Sequence[Probe]) -> Trial:
    return Trial(
        probes,
        lambda query: bench.fusion_with_head.retrieve(query, POOL),
        bench.ranker(facts).blend,
    )


def _histories(bench: HeadBench, rng: random.Random) -> list[Probe]:
    """Held-out items of validation users, at most VALIDATION_CASES; none without histories."""
    catalog = bench.workspace.catalog
    cases = cases_of_part(bench.workspace.histories, "validation", TARGETS)
    cases = rng.sample(cases, min(len(cases), VALIDATION_CASES))
    return [(c.query(catalog), frozenset({catalog.items[c.target].item_id})) for c in cases]


def _wishes(bench: HeadBench, rng: random.Random) -> list[Probe]:
    catalog = bench.workspace.catalog
    probes = []
    for _ in range(VALIDATION_WISHES):
        wish = sample_wish(catalog, rng)
        named = tuple(catalog.items[i].item_id for i in wish.named)
        right = frozenset(catalog.items[i].item_id for i in wish.targets)
        probes.append((Query(text=wish.text, near=named, seen=frozenset(named)), right))
    return probes


def _local(model: str | None, precision: Precision) -> LocalDecoder:
    decoder = load_decoder(model, adapter=None, precision=precision)
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
