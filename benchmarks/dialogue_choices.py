"""Learns from ReDial how people choose films in dialogues, for the built-in films, and tests it.

    python benchmarks/dialogue_choices.py ../shared/data --figures RESULT.json [--ship FOLDER]

Only ReDial's own dialogues are used (CC BY 4.0). Tested are the last 300 training dialogues that
have text (by their numbers, so by time); everything is learnt from the earlier ones, and ReDial's
test split isn't touched. Each recommender's turn that names a film of the catalogue for the first
time is one case: the seeker's last words with what was named so far is the query, as the chat would
have it. Set side by side: the order by reciprocal rank over dense and lexical search, and the
learned one over the same branches. Wishes made out of the catalogue, for held-out items in held-out
wordings, show that asking for something special still finds it.
With ``--ship`` the order is learnt again from all training dialogues and written as
``dialogues.safetensors``, as :mod:`chatrec.retrieval.fitted` keeps it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from dialogue_sets import films, redial_dialogues

from chatrec.assemble import text_encoder
from chatrec.data.catalog import Catalog
from chatrec.data.dialogues import Dialogue, cases_of
from chatrec.data.title_links import link_titles
from chatrec.data.workspace import Workspace
from chatrec.dialogue_learning import Parts
from chatrec.metrics import Resamples
from chatrec.retrieval.acclaim import acclaim
from chatrec.retrieval.choice_order import ChoiceOrder, query_of
from chatrec.retrieval.dense import item_vectors
from chatrec.retrieval.fitted import save_fitted
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.negation import Negation
from chatrec.training.dialogue import in_order
from chatrec.training.query_words import VALIDATION

SEED = 2026
TESTED = 300
TESTED_WISHES = 300
KS = (1, 5, 10, 50)
AT = 10


class Films:
    """The built-in films, their branches, and ReDial's dialogues about them."""

    def __init__(self, data: Path) -> None:
        self.parts = Parts.of(Workspace.builtin())
        self.catalog = self.parts.catalog
        names = {item.item_id: f"{item.title} ({item.year})" for item in films(data)}
        linked = Linked(link_titles(names, self.catalog))
        self.dialogues, self.notes = redial_dialogues(
            data, linked, self.parts.listener, others=False
        )

    def fusion(self, choices: ChoiceOrder | None) -> Fusion:
        """The branches fused, by the learned order if one is given."""
        encoder = text_encoder(self.parts.workspace)
        vectors = item_vectors(self.parts.workspace, encoder)
        return Fusion(
            self.catalog,
            self.parts.branches,
            acclaim=acclaim(self.catalog),
            negation=Negation(self.catalog, vectors, [], encode=encoder.encode_queries),
            choices=choices,
        )


class Linked:
    """Finds a film of the catalogue by ReDial's id, as ``redial_dialogues`` asks for it."""

    def __init__(self, links: Mapping[str, Sequence[int]]) -> None:
        self._links = links

    def __contains__(self, item_id: str) -> bool:
        return bool(self._links.get(item_id))

    def index_of(self, item_id: str) -> int:
        """The item_index of the film."""
        return self._links[item_id][0]


def main() -> None:
    options = _options()
    began = time.process_time()
    here = Films(options.data)
    told = [d for d in in_order(here.dialogues) if any(u.text for u in d.utterances)]
    tested = told[-TESTED:]
    held = {dialogue.dialogue_id for dialogue in tested}
    training = [dialogue for dialogue in here.dialogues if dialogue.dialogue_id not in held]
    orders = {
        "reciprocal rank": here.fusion(None),
        "dialogues": here.fusion(here.parts.learn(training, SEED)),
    }
    result = {
        "command": " ".join(["python", *sys.argv]),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "films": len(here.catalog),
        "dialogues": here.notes["training"] | {"tested": TESTED, "learnt from": len(training)},
        "seed": SEED,
        "intervals": "95 %, bootstrap over dialogues",
        "new films in dialogues": by_dialogues(here.catalog, tested, orders),
        f"wishes, right ones among the first {AT}": by_wishes(here, orders),
    }
    if options.ship is not None:
        order = here.parts.learn(here.dialogues, SEED)
        path = save_fitted(here.parts.workspace, order.name, order.tensors(), order.facts())
        options.ship.mkdir(parents=True, exist_ok=True)
        (options.ship / path.name).write_bytes(path.read_bytes())
        path.unlink()
    result["cpu_s"] = round(time.process_time() - began)
    options.figures.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def by_dialogues(
    catalog: Catalog, tested: Sequence[Dialogue], orders: Mapping[str, Fusion]
) -> dict[str, Any]:
    """Recall of every order, and the paired difference of the second to the first."""
    cases = [case for dialogue in tested for case in cases_of(dialogue) if case.new]
    labels = [(case, item) for case in cases for item in case.new]
    numbers = {name: n for n, name in enumerate(dict.fromkeys(c.dialogue_id for c in cases))}
    resamples = Resamples(np.array([numbers[case.dialogue_id] for case, _ in labels]))
    ranks: dict[str, np.ndarray[Any, Any]] = {}
    for name, order in orders.items():
        places: list[int] = []
        for case in cases:
            pool = order.retrieve(query_of(case.before, catalog), len(catalog))
            rank = {candidate.item_id: place for place, candidate in enumerate(pool, start=1)}
            places += [rank[catalog.items[item].item_id] for item in case.new]
        ranks[name] = np.array(places)
    first, second = ranks.values()
    told: dict[str, Any] = {"cases": len(cases), "labels": len(labels)}
    for name, of in ranks.items():
        told[name] = {f"recall@{k}": float((of <= k).mean()) for k in KS}
    told["difference"] = {}
    for k in KS:
        gain = (second <= k).astype(float) - (first <= k)
        told["difference"][f"recall@{k}"] = [float(gain.mean()), *resamples.interval(gain)]
    return told


def by_wishes(here: Films, orders: Mapping[str, Fusion]) -> dict[str, Any]:
    """By style: the share of wishes with a right item among the first, and of right ones there."""
    wishes = here.parts.wishes(TESTED_WISHES, VALIDATION, of_held_out=True, seed=SEED)
    told: dict[str, Any] = {}
    for name, order in orders.items():
        right: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for wish in wishes:
            pool = order.retrieve(here.parts.read(wish.text), AT)
            hits = [here.catalog.index_of(c.item_id) in wish.targets for c in pool]
            right[wish.style].append((float(any(hits)), float(np.mean(hits)) if hits else 0.0))
        styles = {style: np.mean(pairs, axis=0) for style, pairs in right.items()}
        styles["mean"] = np.mean(list(styles.values()), axis=0)
        told[name] = {s: {"any": float(a), "share": float(b)} for s, (a, b) in styles.items()}
    return told


def _options() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--figures", type=Path, required=True)
    arguments.add_argument("--ship", type=Path)
    return arguments.parse_args()


if __name__ == "__main__":
    main()
