"""Few-shot without tuning: what examples in the prompt are worth on a catalogue never tuned for.

    python benchmarks/in_prompt_examples.py DIR [--users 200] [--to RESULT.json]

Each tested user's history (at most 20 random items rated at least 7, without times: random
leave-one-out, seed 2026) goes into the prompt with 0, 2, 4 or 8 examples (five liked items and a
sixth as the choice) of other users. All items are ranked, those of the history left out: by the
item head alone, which reads the examples in its prompt, and by retrieval, which doesn't and leads
on a kind of catalogue that the adapter was not tuned for; beside them the popularity among all the
users who are not tested.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.assemble import SHIPPED_ADAPTER, item_head_scorer
from chatrec.data.workspace import Workspace
from chatrec.generation.item_head import HeadFacts
from chatrec.generation.model import LocalDecoder, load_decoder
from chatrec.metrics import Resamples, hit_rate, ndcg
from chatrec.retrieval.acclaim import acclaim
from chatrec.retrieval.dense import DenseRetriever, TextEncoder, item_vectors
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.types import Example, Query

SEED = 2026
SHOTS = (0, 2, 4, 8)
LIKED_FROM = 7.0
LONGEST = 20
EXAMPLE_HISTORY = 5
POOL = 200

Order = Callable[[Query], list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--adapter", type=Path, default=SHIPPED_ADAPTER)
    parser.add_argument("--to", type=Path)
    given = parser.parse_args()
    workspace = Workspace.open(given.folder)
    rng = random.Random(SEED)
    liked = liked_items(workspace)
    users = sorted(user for user, items in liked.items() if len(items) > EXAMPLE_HISTORY)
    rng.shuffle(users)
    tested, others = users[: given.users], users[given.users :]
    cases = [held_out(liked[user], rng) for user in tested]
    pools = [[example(liked[user], rng) for user in rng.sample(others, 8)] for _ in cases]
    orders, adapter_knows = orders_of(workspace, given.adapter)
    counts = popularity(workspace, set(others))
    figures: dict[str, Any] = {}
    figures["popularity"] = summary([rank_by(counts, workspace, *case) for case in cases])
    for shots in SHOTS:
        ranks: dict[str, list[float]] = {name: [] for name in orders}
        for (history, target), examples in zip(cases, pools, strict=True):
            query = query_of(history, examples[:shots])
            for name, order in orders.items():
                ranks[name].append(rank_of(target, order(query)))
        for name, values in ranks.items():
            figures[f"{name}, {shots} examples"] = summary(values)
            print(name, shots, figures[f"{name}, {shots} examples"], flush=True)
    result = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "workspace": given.folder.name,
        "items": len(workspace.catalog),
        "cases": len(cases),
        "adapter": given.adapter.name,
        "tuned for this domain": adapter_knows,
        "orders": figures,
    }
    text = json.dumps(result, indent=1)
    print(text)
    if given.to is not None:
        given.to.write_text(text + "\n", encoding="utf-8")


def liked_items(workspace: Workspace) -> dict[str, list[str]]:
    """Every user's items rated LIKED_FROM or more."""
    liked: dict[str, list[str]] = {}
    for interaction in workspace.interactions:
        if interaction.weight >= LIKED_FROM:
            liked.setdefault(interaction.user_id, []).append(interaction.item_id)
    return liked


def held_out(items: list[str], rng: random.Random) -> tuple[tuple[str, ...], str]:
    """A history of at most LONGEST items and the item held out."""
    drawn = rng.sample(items, min(len(items), LONGEST + 1))
    return tuple(drawn[1:]), drawn[0]


def example(items: list[str], rng: random.Random) -> Example:
    """Five liked items of one user, and a sixth as the choice."""
    drawn = rng.sample(items, EXAMPLE_HISTORY + 1)
    return Example(tuple(drawn[1:]), drawn[0])


def query_of(history: tuple[str, ...], examples: list[Example]) -> Query:
    return Query(history=history, seen=frozenset(history), examples=tuple(examples))


def orders_of(workspace: Workspace, adapter: Path) -> tuple[dict[str, Order], bool]:
    """Ways to order the catalogue for a query, and whether the adapter was tuned for its kind."""
    catalog, encoder = workspace.catalog, TextEncoder()
    vectors = item_vectors(workspace, encoder, progress=True)
    decoder = load_decoder(None, adapter=adapter, precision="auto")
    assert isinstance(decoder, LocalDecoder)
    bare = Workspace(catalog, workspace.path)
    bare.__dict__["interactions"] = ()  # zero-shot: no popularity either
    facts: HeadFacts
    scorer, facts = item_head_scorer(decoder, adapter, bare, encoder, vectors)
    branches = [DenseRetriever(catalog, encoder, vectors), LexicalRetriever(catalog)]
    fusion = Fusion(catalog, branches, acclaim=acclaim(catalog))

    def by_head(query: Query) -> list[str]:
        order = np.argsort(-scorer.scores(query), kind="stable")
        return [catalog.items[row].item_id for row in order]

    def by_retrieval(query: Query) -> list[str]:
        return [found.item_id for found in fusion.retrieve(query, POOL)]

    orders: dict[str, Order] = {"item head": by_head, "retrieval": by_retrieval}
    return {
        name: (lambda query, order=order: [i for i in order(query) if i not in query.seen])  # type: ignore[misc]
        for name, order in orders.items()
    }, workspace.domain in facts.domains


def popularity(workspace: Workspace, users: set[str]) -> NDArray[np.int64]:
    rows = [
        workspace.catalog.index_of(i.item_id) for i in workspace.interactions if i.user_id in users
    ]
    return np.bincount(rows, minlength=len(workspace.catalog)).astype(np.int64)


def rank_by(
    counts: NDArray[np.int64], workspace: Workspace, history: tuple[str, ...], target: str
) -> float:
    catalog = workspace.catalog
    own = counts[catalog.index_of(target)]
    had = {catalog.index_of(item_id) for item_id in history}
    better = [row for row in np.flatnonzero(counts >= own) if row not in had]
    return float(len(better))


def rank_of(target: str, order: list[str]) -> float:
    return float(order.index(target) + 1) if target in order else float("inf")


def summary(ranks: list[float]) -> dict[str, Any]:
    values = np.array(ranks)
    resamples = Resamples(np.arange(len(values)))  # one case each user
    return {
        name: resamples.mean_with_interval(v)
        for name, v in (
            ("ndcg@10", ndcg(values, 10)),
            ("hr@10", hit_rate(values, 10)),
            ("hr@50", hit_rate(values, 50)),
        )
    }


if __name__ == "__main__":
    main()
