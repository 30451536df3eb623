"""Whether an adapter gets better from feedback: simulated people with real ratings.

    python benchmarks/preferences.py WORKSPACE --to benchmarks/results/DATE-preferences.json

The people are the workspace's test users, of whom the shipped adapter never learnt. Each judges in
the order of their ratings: the first ten films outside of any list, then lists of five; a rating of
4 or more is a like, of 2 or less a dislike, and 3 isn't said. Seven tenths of them give their
feedback to a database, from which ``chatrec tune --from-feedback`` learns, a fifth of them held out
for its guard. The others are measured here, before and after: their preferences, the order of all
films after their histories. Wishes and reasons are the guard's business.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import torch

from chatrec.assemble import SHIPPED_ADAPTER
from chatrec.conversation.sessions import NEW, Exchange, Shown
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.data.workspace import Workspace
from chatrec.evaluation.preference_guard import (
    Measured,
    change,
    measured,
    probes_of,
    ranked,
)
from chatrec.evaluation.splits import SPLIT_SEED
from chatrec.generation.adapter_files import ITEM_HEAD
from chatrec.generation.item_head import load_head, log_popularity
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.preference_tuning import judgements_in, tune_from_feedback
from chatrec.retrieval.encoder import TextEncoder
from chatrec.settings import Settings
from chatrec.storage import FeedbackEvent, FeedbackKind, open_storage
from chatrec.training.adapter import training_set
from chatrec.training.examples import Met, TrainingSet, histories_of, part_of
from chatrec.training.preference_lora import PreferenceOptions, Scores
from chatrec.training.preferences import Judge, judge_of, preference_examples
from chatrec.tuning import Notes
from chatrec.types import Interaction

FIRST, LISTS, LIST = 10, 8, 5
LIKED, DISLIKED = 4.0, 2.0
APART_PERCENT = 30
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--adapter", type=Path, default=SHIPPED_ADAPTER)
    parser.add_argument("--keep", type=Path, help="where the tuned adapter goes; else nowhere")
    parser.add_argument("--to", type=Path, required=True, help="JSON file for the figures")
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    torch.set_num_threads(1)
    workspace = Workspace.open(given.workspace)
    with tempfile.TemporaryDirectory() as scratch:
        figures = run(workspace, given, Path(scratch))
    text = json.dumps(figures, indent=1) + "\n"
    print(text)
    given.to.write_text(text, encoding="utf-8")


def run(workspace: Workspace, given: argparse.Namespace, scratch: Path) -> dict[str, Any]:
    """All figures of one run."""
    people = people_of(workspace)
    apart = {user: rows for user, rows in people.items() if is_apart(user)}
    feed(scratch / "kept.db", workspace.catalog, people.keys() - apart.keys(), people)
    feed(scratch / "apart.db", workspace.catalog, apart.keys(), people)
    options = PreferenceOptions(seed=given.seed)
    settings = Settings(
        data=given.workspace, adapter=given.adapter, database=str(scratch / "kept.db")
    )
    tuned = scratch / "tuned" if given.keep is None else given.keep
    notes = Notes(
        f"simulated from {workspace.path}", "as the ratings'", "benchmarks/preferences.py"
    )
    begun = time.perf_counter()
    guarded = tune_from_feedback(
        settings, tuned, options=options, notes=notes, say=_say, report=_say
    )
    tuned_s = time.perf_counter() - begun
    judges = judges_in(scratch / "apart.db", workspace.catalog)
    before, after = (
        figures_of(adapter, workspace, apart, judges, given.seed + 1)
        for adapter in (given.adapter, tuned)
    )
    return {
        "what": "an adapter tuned on simulated feedback, measured on people kept apart",
        "command": f"python benchmarks/preferences.py {given.workspace.name} --to {given.to}",
        "workspace": given.workspace.name,
        "adapter": str(given.adapter.name),
        "options": asdict(options),
        "tuned in s": round(tuned_s),
        "guard": guarded,
        "people kept apart": len(apart),
        "their preferences": sum(len(judge.preferences) for judge in judges),
        "measured on them": [
            change(name, before[name], after[name], seed=given.seed).told() for name in before
        ],
    }


def people_of(workspace: Workspace) -> dict[str, list[Interaction]]:
    """The test users' ratings in order, of those who rated enough for one list."""
    people: dict[str, list[Interaction]] = {}
    for row in workspace.interactions:
        if part_of(row.user_id, SPLIT_SEED) == "test":
            people.setdefault(row.user_id, []).append(row)
    ordered = {user: sorted(rows, key=_time) for user, rows in people.items()}
    return {user: rows for user, rows in ordered.items() if len(rows) >= FIRST + LIST}


def is_apart(user: str) -> bool:
    """Whether a user is kept for the measurement."""
    digest = hashlib.sha256(f"apart:{user}".encode()).hexdigest()
    return int(digest[:8], 16) % 100 < APART_PERCENT


def feed(
    path: Path,
    catalog: Catalog,
    users: Iterable[str],
    people: dict[str, list[Interaction]],
) -> None:
    """A database in which these users were shown lists and said what they thought of them."""
    storage = open_storage(path)
    for user in sorted(users):
        owner, rows = f"shop/{user}", people[user]
        for number in range(LISTS + 1):
            first = number == 0
            start = 0 if first else FIRST + (number - 1) * LIST
            part = rows[start : start + (FIRST if first else LIST)]
            session = None if first else f"list {number}"
            if session is not None and part:
                exchange = Exchange("", "", "item_head", _shown(part, catalog))
                storage.sessions.put(
                    owner, session, DialogueState(), version=NEW, exchange=exchange
                )
            for place, row in enumerate(part):
                at = BEGIN + timedelta(days=number, minutes=place)
                kind = _verdict(row.weight)
                if kind is not None:
                    event = FeedbackEvent(f"{number}.{place}", row.item_id, kind, session, at)
                    storage.feedback.add(owner, event)
    storage.close()


def judges_in(path: Path, catalog: Catalog) -> list[Judge]:
    storage = open_storage(path)
    judges = [judge_of(judgements, catalog) for judgements in judgements_in(storage)]
    storage.close()
    return [judge for judge in judges if judge.preferences]


def figures_of(
    adapter: Path,
    workspace: Workspace,
    people: dict[str, list[Interaction]],
    judges: Sequence[Judge],
    seed: int,
) -> dict[str, Measured]:
    """An adapter's figures on the people kept apart."""
    data = training_set(workspace, TextEncoder(), SPLIT_SEED)
    decoder = load_decoder(None, adapter=adapter, precision="auto")
    assert isinstance(decoder, LocalDecoder)
    head, _ = load_head(adapter / ITEM_HEAD)
    head.requires_grad_(False)
    scores = Scores(
        head,
        head.item_vectors(torch.from_numpy(data.text_vectors)),
        torch.from_numpy(log_popularity(data.counts)),
    )
    tested = replace(data, validation=_histories(people, data))
    encode, catalog = decoder.encode_text, workspace.catalog
    examples = [tuple(preference_examples(judge, catalog, encode)) for judge in judges]
    probes = probes_of(tested, examples, encode, seed=seed)
    asked = replace(probes, wishes=(), picks=())
    found = dict(measured(decoder, scores, catalog, asked, seed=seed))
    whole = ranked(decoder.model, scores, probes.histories, disliked=True)
    return found | {"NDCG@10 after histories, what was disliked too": whole}


def _histories(
    people: dict[str, list[Interaction]], data: TrainingSet
) -> tuple[tuple[Met, ...], ...]:
    rows = [row for user in sorted(people) for row in people[user]]
    return tuple(histories_of(rows, data.catalog).values())


def _say(*of: object) -> None:
    print(*of, flush=True)


def _shown(rows: Sequence[Interaction], catalog: Catalog) -> tuple[Shown, ...]:
    return tuple(
        Shown(row.item_id, catalog.get(row.item_id).title, rank, 0.0, "", "template")
        for rank, row in enumerate(rows, start=1)
    )


def _verdict(rating: float) -> FeedbackKind | None:
    return "like" if rating >= LIKED else "dislike" if rating <= DISLIKED else None


def _time(row: Interaction) -> float:
    return -1.0 if row.timestamp is None else row.timestamp


if __name__ == "__main__":
    main()
