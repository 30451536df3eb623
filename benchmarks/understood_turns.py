"""What understanding adds to retrieval inside dialogues: recall@k of its query against raw text.

    python benchmarks/understood_turns.py redial ../shared/data --to FILE.json

Turns, labels and candidates are those of He et al. (CIKM 2023): each recommender's turn that names
films, labels split into new and repeated, films named before left out of the predictions; recall
per new label. One retrieval answers all queries: the untuned embedding model and BM25, fused. A
query is what was read from the dialogue so far (the recommender's turns taken for the system's), or
the text alone: all that was said, all that the seeker said, or the seeker's last words. Nothing is
chosen on these turns.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from dialogue_sets import COLLECTIONS, films
from numpy.typing import NDArray

from chatrec.conversation.listening import Listener
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.conversation.vocabulary import Vocabulary
from chatrec.data.catalog import Catalog, item_text
from chatrec.data.dialogue_turns import Turn, read_benchmark
from chatrec.evaluation.dialogue import KS, turns_tested
from chatrec.evaluation.dialogue_cases import Candidates, Moment, moments_of
from chatrec.metrics import Resamples, hit_rate
from chatrec.retrieval.dense import DenseRetriever
from chatrec.retrieval.encoder import TextEncoder
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.retrieval.negation import Negation
from chatrec.types import Query

TODAY = date(2018, 6, 1)  # about when the dialogues were held
DEPTH = 300  # items looked at; a label further down counts as not found

Ask = Callable[[Turn, Moment], Query]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("set", choices=("redial", "inspired"))
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--limit", type=int, default=10**6, help="turns, for a quick look")
    arguments.add_argument("--to", type=Path)
    given = arguments.parse_args()
    began = time.process_time()
    catalog = _catalog(given.set, given.data)
    file = given.data / given.set / "cikm23_turns_test_half.jsonl.zst"
    benchmark = turns_tested(read_benchmark(file, "cikm23"), "cikm23")
    listener = Listener(Vocabulary(catalog))
    moments, candidates = moments_of(benchmark, catalog, listener.hear)
    pairs = list(zip(benchmark.turns, moments, strict=True))[: given.limit]
    orders = ranks_of(pairs, candidates, catalog)
    result = {
        "command": " ".join(["python", *sys.argv]),
        "data": f"{given.set}, {file.name}, new labels, named items left out",
        "turns": len(pairs),
        "intervals": "95 %, bootstrap over dialogues, 2,000 draws",
        **figures(pairs, orders),
        "cpu_s": round(time.process_time() - began),
    }
    text = json.dumps(result, indent=1)
    sys.stdout.write(text + "\n")
    if given.to is not None:
        given.to.write_text(text + "\n", encoding="utf-8")


def _catalog(name: str, data: Path) -> Catalog:
    """The films of a set: ReDial's, for INSPIRED with those that it names besides."""
    return films(data) if name == "redial" else COLLECTIONS[name](data).catalog


def ranks_of(
    pairs: Sequence[tuple[Turn, Moment]], candidates: Candidates, catalog: Catalog
) -> dict[str, NDArray[np.float64]]:
    """The rank of each new label, in the order of the turns, by what the query was made of."""
    encoder = TextEncoder()
    vectors = encoder.encode([item_text(item) for item in catalog])
    dense = DenseRetriever(catalog, encoder, vectors)
    negation = Negation(catalog, vectors, encode=encoder.encode_queries)
    fusion = Fusion(catalog, [dense, LexicalRetriever(catalog)], negation=negation)
    reader = Replayed(catalog)
    asks: Mapping[str, Ask] = {
        "understood": reader.query,
        "all that was said": lambda turn, moment: Query(text=" ".join(turn.context)),
        "all that the seeker said": lambda turn, moment: Query(text=_of_seeker(turn, moment)),
        "the seeker's last words": lambda turn, moment: Query(text=turn.context[-1]),
    }
    rows = {item: row for row, items in enumerate(candidates.items) for item in items}
    found: dict[str, list[float]] = {name: [] for name in asks}
    for turn, moment in pairs:
        if not moment.new:
            continue
        for name, ask in asks.items():
            ranked = fusion.retrieve(ask(turn, moment), DEPTH)
            order = [rows.get(catalog.index_of(c.item_id)) for c in ranked]
            kept = dict.fromkeys(r for r in order if r is not None and r not in moment.named)
            places = {row: float(rank) for rank, row in enumerate(kept, start=1)}
            found[name] += [places.get(label, np.inf) for label in moment.new]
    return {name: np.array(ranks) for name, ranks in found.items()}


class Replayed:
    """What the understanding makes of the dialogue before a turn, read message by message."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._understanding = Understanding(catalog)
        self._states: dict[tuple[str, ...], DialogueState] = {}

    def query(self, turn: Turn, moment: Moment) -> Query:
        """The query of the state after the last message; states of shared beginnings are kept."""
        state = DialogueState()
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
        return state.query(self._catalog)


def _of_seeker(turn: Turn, moment: Moment) -> str:
    said = zip(turn.context or ("",), moment.before, strict=True)
    return " ".join(text for text, utterance in said if utterance.speaker == "seeker")


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
            name: {
                f"@{k}": {"mean": float(hit.mean()), "interval": resamples.interval(hit)}
                for k, hit in of_one.items()
            }
            for name, of_one in hits.items()
        },
        "understood less": {
            name: {
                f"@{k}": {
                    "mean": float((hits["understood"][k] - hit).mean()),
                    "interval": resamples.interval(hits["understood"][k] - hit),
                }
                for k, hit in of_one.items()
            }
            for name, of_one in hits.items()
            if name != "understood"
        },
    }


if __name__ == "__main__":
    main()
