"""What understanding adds to retrieval inside dialogues: recall@k of its query against raw text.

    python benchmarks/understood_turns.py redial ../shared/data --part test --turns 400 --to FILE

Turns, labels and candidates are those of He et al. (CIKM 2023): each recommender's turn that names
films, labels split into new and repeated, films named before left out of the predictions; recall
per new label. One retrieval answers all queries: dense search and BM25, fused by what training
dialogues teach, as in the chat (``--fused rank``: by reciprocal rank, which learns nothing). A
query is what was read from the dialogue so far (the recommender taken for somebody who talks), or
the text alone: all that was said, all that the seeker said, or the seeker's last words. Of the
turns that have a new label ``--turns`` are drawn by SEED. Everything was chosen on development
turns (``understood_sets.py``), which are left out of what is learnt from.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from understood_sets import Part, catalog_of, drawn, learned_from, turns_of

from chatrec.assemble import text_encoder
from chatrec.conversation.state import DialogueState
from chatrec.data.dialogue_turns import Turn
from chatrec.data.dialogues import Dialogue
from chatrec.data.workspace import Workspace
from chatrec.dialogue_learning import Parts
from chatrec.evaluation.dialogue import KS
from chatrec.evaluation.dialogue_cases import Candidates, Moment, moments_of
from chatrec.generation.asked import without_noun
from chatrec.metrics import Resamples, hit_rate
from chatrec.retrieval.choice_order import ChoiceOrder
from chatrec.retrieval.dense import item_vectors
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.negation import Negation
from chatrec.types import Query

TODAY = date(2018, 6, 1)  # about when the dialogues were held
DEPTH = 300  # items looked at; a label further down counts as not found
SEED = 2026

Ask = Callable[[Turn, Moment], Query]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("set", choices=("redial", "inspired"))
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--part", choices=get_args(Part), required=True)
    arguments.add_argument("--turns", type=int, default=400, help="drawn by SEED")
    arguments.add_argument("--fused", choices=("dialogues", "rank"), default="dialogues")
    arguments.add_argument("--to", type=Path)
    arguments.add_argument("--show", type=Path, help="a file for each label's ranks and queries")
    given = arguments.parse_args()
    began = time.process_time()
    catalog = catalog_of(given.set, given.data)
    benchmark = drawn(turns_of(given.set, given.part, given.data, catalog), given.turns, SEED)
    parts = Parts.of(Workspace(catalog, None))
    moments, candidates = moments_of(benchmark, catalog, parts.listener.hear)
    pairs = list(zip(benchmark.turns, moments, strict=True))
    tested = {moment.dialogue_id for moment in moments}
    training: list[Dialogue] = []
    if given.fused == "dialogues":
        training = learned_from(given.set, given.part, given.data, catalog, parts.listener, tested)
    choices = parts.learn(training, SEED) if training else None
    orders = ranks_of(pairs, candidates, parts, choices, given.show)
    result = {
        "command": " ".join(["python", *sys.argv]),
        "data": f"{given.set}, {given.part} part, new labels, named items left out",
        "fused by": given.fused,
        "dialogues learnt from": len(training),
        "turns": len(pairs),
        "seed of the draw": SEED,
        "intervals": "95 %, bootstrap over dialogues, 2,000 draws",
        **figures(pairs, orders),
        "cpu_s": round(time.process_time() - began),
    }
    text = json.dumps(result, indent=1)
    sys.stdout.write(text + "\n")
    if given.to is not None:
        given.to.write_text(text + "\n", encoding="utf-8")


def ranks_of(
    pairs: Sequence[tuple[Turn, Moment]],
    candidates: Candidates,
    parts: Parts,
    choices: ChoiceOrder | None,
    show: Path | None,
) -> dict[str, NDArray[np.float64]]:
    """The rank of each new label, in the order of the turns, by what the query was made of."""
    catalog, encoder = parts.catalog, text_encoder(parts.workspace)
    vectors = item_vectors(parts.workspace, encoder)
    negation = Negation(catalog, vectors, encode=encoder.encode_queries)
    fusion = Fusion(catalog, parts.branches, negation=negation, choices=choices)
    reader = Replayed(parts)
    asks: Mapping[str, Ask] = {
        "understood": reader.query,
        "all that was said": lambda turn, moment: Query(text=" ".join(turn.context)),
        "all that the seeker said": lambda turn, moment: Query(text=_of_seeker(turn, moment)),
        "the seeker's last words": lambda turn, moment: Query(text=_last(turn)),
    }
    rows = {item: row for row, items in enumerate(candidates.items) for item in items}
    found: dict[str, list[float]] = {name: [] for name in asks}
    for turn, moment in pairs:
        for name, ask in asks.items():
            ranked = fusion.retrieve(ask(turn, moment), DEPTH)
            order = [rows.get(catalog.index_of(c.item_id)) for c in ranked]
            kept = dict.fromkeys(r for r in order if r is not None and r not in moment.named)
            places = {row: float(rank) for rank, row in enumerate(kept, start=1)}
            found[name] += [places.get(label, np.inf) for label in moment.new]
        if show is not None:
            _note(show, turn, moment, candidates, found, reader.query(turn, moment))
    return {name: np.array(ranks) for name, ranks in found.items()}


def _note(
    file: Path,
    turn: Turn,
    moment: Moment,
    candidates: Candidates,
    found: Mapping[str, Sequence[float]],
    query: Query,
) -> None:
    """Adds a line to ``file``: the turn, its labels with their ranks, and the query."""
    n = len(moment.new)
    told = {
        "said": turn.context,
        "labels": [candidates.names[row] for row in moment.new],
        "ranks": {
            name: [r if r < np.inf else None for r in ranks[-n:]] for name, ranks in found.items()
        },
        "query": repr(query),
    }
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(told) + "\n")


class Replayed:
    """What the understanding makes of the dialogue before a turn, read message by message."""

    def __init__(self, parts: Parts) -> None:
        self._catalog = parts.catalog
        self._understanding = parts.understanding
        self._states: dict[tuple[str, ...], DialogueState] = {}

    def query(self, turn: Turn, moment: Moment) -> Query:
        """The query of the state after the last message; states of shared beginnings are kept."""
        state = DialogueState(talk=True)
        said = list(zip(turn.context or ("",), moment.before, strict=True))
        for place, (text, utterance) in enumerate(said):
            key = (turn.dialogue_id, *turn.context[: place + 1])
            if key not in self._states:
                shown = [self._catalog.items[index].item_id for index in utterance.items]
                self._states[key] = (
                    self._understanding.read(text, state, today=TODAY).state
                    if utterance.speaker == "seeker"
                    else state.with_reply(text, dict.fromkeys(shown))
                )
            state = self._states[key]
        query = state.query(self._catalog)
        return replace(query, text=without_noun(query.text, self._catalog.domain))


def _of_seeker(turn: Turn, moment: Moment) -> str:
    said = zip(turn.context or ("",), moment.before, strict=True)
    return " ".join(text for text, utterance in said if utterance.speaker == "seeker")


def _last(turn: Turn) -> str:
    return turn.context[-1] if turn.context else ""


def figures(
    pairs: Sequence[tuple[Turn, Moment]], orders: Mapping[str, NDArray[np.float64]]
) -> dict[str, Any]:
    """Recall@k of each kind of query, and what understanding adds to each kind of raw text."""
    names = {d: n for n, d in enumerate(dict.fromkeys(m.dialogue_id for _, m in pairs))}
    groups = [names[m.dialogue_id] for _, m in pairs for _ in m.new]
    resamples = Resamples(np.array(groups, dtype=np.int64))
    hits = {n: {k: hit_rate(ranks, k) for k in KS} for n, ranks in orders.items()}
    return {
        "labels": len(groups),
        "recall": {
            name: {f"@{k}": resamples.mean_with_interval(hit) for k, hit in of_one.items()}
            for name, of_one in hits.items()
        },
        "understood less": {
            name: {
                f"@{k}": resamples.mean_with_interval(hits["understood"][k] - hit)
                for k, hit in of_one.items()
            }
            for name, of_one in hits.items()
            if name != "understood"
        },
    }


if __name__ == "__main__":
    main()
