r"""How tuned embedding models find items beside their base, on people's words and generated ones.

- ``--dialogues SET``: what ReDial's or INSPIRED's recommenders brought up next that nobody had
  named, by what the seeker had said and all that was named, as the chat asks: dense alone, and
  fused with lexical. Adapters are chosen on training dialogues; the tests are looked at once.
- ``--requests``: how many of the 60 requests of tests/requests.jsonl are answered by the dense
  search alone, fused with lexical, and by the whole chat (no reasons).
- ``--judged DIR``: the judged zero-shot requests of that workspace's domain, dense alone and fused.
  Items that nobody judged are wrong in ``ndcg@10``; ``condensed`` leaves them out (Sakai 2007).
- ``--generated DIR``: requests generated from a workspace, in wordings and for items that no
  training saw.

Every figure is the adapter's with its paired difference to the base, and its 95 % interval by
bootstrap (2,000 draws) over dialogues or requests.

    python benchmarks/embedder.py ../shared/data --adapter adapters/films-encoder \
        --dialogues redial [--to RESULT.json]
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from dialogue_sets import inspired_dialogues
from judged_requests import REQUESTS, judge
from numpy.typing import NDArray
from zero_shot_judged import REQUESTS as ZERO_SHOT
from zero_shot_judged import Request, ndcg, parsed

from chatrec.assemble import assemble
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.data.dialogue_files import read_dialogues
from chatrec.data.dialogues import Dialogue, DialogueCase, cases_of
from chatrec.data.title_links import TitleLookup
from chatrec.data.titles import TitleIndex
from chatrec.data.workspace import Workspace
from chatrec.generation.asked import without_noun
from chatrec.metrics import bootstrap_interval
from chatrec.retrieval.acclaim import acclaim
from chatrec.retrieval.choice_order import query_of
from chatrec.retrieval.dense import DenseRetriever, TextEncoder, item_vectors
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.retrieval.negation import Negation
from chatrec.settings import Settings
from chatrec.training.query_sets import QuerySet, first_ranks
from chatrec.types import Candidate, Item, Query, Retriever

DEPTH = 200
JUDGED_DEPTH = 40  # of which ten that were judged are left
PER_STYLE = 40
SPLIT_SEED = SEED = 2026
CASES_SEED = 7  # other requests than those that any step was chosen by
BASE = "base"

Encoders = Mapping[str, TextEncoder]
Values = NDArray[np.float64]
Find = Callable[[Query, int], list[Candidate]]


def main() -> None:
    given = _arguments()
    encoders = {BASE: TextEncoder()}
    for folder in given.adapter:
        encoders[folder.name] = TextEncoder(adapter=folder)
    figures: dict[str, Any] = {"command": " ".join(["python", *sys.argv])}
    for name in given.dialogues:
        films = Workspace(redial_films(given.data / "redial" / "items.parquet"), None)
        dialogues = DIALOGUES[name](given.data, films.catalog)
        figures[f"dialogues {name}"] = said(films, dialogues, encoders, given.cases)
    if given.requests:
        figures["requests"] = requested(encoders, given.adapter)
    for folder in given.judged:
        figures[f"judged {folder.name}"] = zero_shot(Workspace.open(folder), encoders)
    for folder in given.generated:
        figures[f"generated {folder.name}"] = generated(Workspace.open(folder), encoders)
    text = json.dumps(figures, indent=1)
    print(text)
    if given.to is not None:
        given.to.write_text(text + "\n", encoding="utf-8")


class Once:
    """A retriever that answers each query once, to the same depth."""

    def __init__(self, retriever: Retriever) -> None:
        self.name = retriever.name
        self.retrieve = lru_cache(maxsize=None)(retriever.retrieve)


def systems(workspace: Workspace, encoder: TextEncoder, lexical: Retriever) -> dict[str, Find]:
    """Dense alone and fused with ``lexical``, within the query's limits, less what is rejected."""
    catalog, vectors = workspace.catalog, item_vectors(workspace, encoder)
    negation = Negation(catalog, vectors, encode=encoder.encode_queries)
    liked = acclaim(catalog)
    dense = Once(DenseRetriever(catalog, encoder, vectors))
    return {
        "dense": Fusion(catalog, [dense], negation=negation).retrieve,
        "fused": Fusion(catalog, [dense, lexical], acclaim=liked, negation=negation).retrieve,
    }


def said(
    workspace: Workspace, dialogues: Sequence[Dialogue], encoders: Encoders, most: int
) -> dict[str, Any]:
    """Recall of what was recommended next, over at most ``most`` turns drawn by SEED."""
    catalog = workspace.catalog
    cases = [c for dialogue in dialogues for c in cases_of(dialogue) if c.new]
    cases = [c for c in cases if query_of(c.before, catalog).text]
    cases = random.Random(SEED).sample(cases, min(len(cases), most))
    names = {
        name: number for number, name in enumerate(dict.fromkeys(c.dialogue_id for c in cases))
    }
    groups = np.array([names[c.dialogue_id] for c in cases for _ in c.new])
    lexical = Once(LexicalRetriever(catalog))
    vectors = item_vectors(workspace, encoders[BASE])
    values: dict[tuple[str, str], Values] = {}
    for name, encoder in encoders.items():
        dense = Once(DenseRetriever(catalog, encoder, vectors))
        fused = Fusion(catalog, [dense, lexical])
        for system, find in (("dense", dense.retrieve), ("fused", fused.retrieve)):
            ranks = np.array([r for c in cases for r in ranks_of(c, find, catalog)])
            for k in (1, 10, 50, DEPTH):
                values[name, f"{system} R@{k}"] = (ranks <= k).astype(float)
    told = {"dialogues": len(names), "turns": len(cases), "labels": len(groups)}
    return {**told, "items": len(catalog), **paired(values, groups)}


def ranks_of(case: DialogueCase, find: Find, catalog: Catalog) -> Iterator[float]:
    """The rank of every new item of the turn among what was not named, infinite beyond DEPTH."""
    query = query_of(case.before, catalog)
    found = [c.item_id for c in find(query, DEPTH) if c.item_id not in query.seen]
    places = {item_id: rank for rank, item_id in enumerate(found, start=1)}
    for item in case.new:
        yield places.get(catalog.items[item].item_id, np.inf)


def _of_file(place: str) -> Callable[[Path, Catalog], list[Dialogue]]:
    return lambda data, catalog: read_dialogues(data / place, TitleLookup(catalog))


DIALOGUES: Mapping[str, Callable[[Path, Catalog], list[Dialogue]]] = {
    "redial": _of_file("redial-more/dialogues_train_more.jsonl.zst"),
    "inspired": lambda data, catalog: inspired_dialogues(data / "inspired", catalog),
    "redial-test": _of_file("redial/dialogues_test_half.jsonl.zst"),
    "inspired-test": _of_file("inspired/dialogues_test_half.jsonl.zst"),
}


def requested(encoders: Encoders, folders: Sequence[Path]) -> dict[str, Any]:
    """How many of the 60 requests are answered without a fault, and which not."""
    rows = [json.loads(line) for line in REQUESTS.read_text("utf-8").splitlines()]
    films = Workspace.builtin()
    catalog, titles = films.catalog, TitleIndex(films.catalog)
    understanding, lexical = Understanding(catalog), Once(LexicalRetriever(catalog))

    def failed(shown: Callable[[dict[str, Any]], list[Item]]) -> list[str]:
        return [row["text"] for row in rows if judge(row, shown(row), catalog, titles)]

    def query(row: dict[str, Any]) -> Query:
        liked, disliked = (
            tuple(titles.lookup(title)[0].item_id for title in row.get(name, ()))
            for name in ("liked", "disliked")
        )
        begun = DialogueState(liked=liked, disliked=disliked)
        asked = understanding.read(row["text"], begun).state.query(catalog)
        return without_text_noun(asked, films.domain)

    found: dict[str, Any] = {}
    for name, encoder in encoders.items():
        for system, find in systems(films, encoder, lexical).items():
            wrong = failed(partial(_listed, find, query, catalog))
            found[f"{name} {system}"] = {"passed": len(rows) - len(wrong), "failed": wrong}
    for name, folder in {BASE: None, **{f.name: f for f in folders}}.items():
        chat = assemble(Settings(encoder_adapter=folder))

        def shown(row: dict[str, Any], chat: Any = chat) -> list[Item]:
            state = chat.start(None, row.get("liked", ()), row.get("disliked", ()))
            reply = next(iter(chat.stream(row["text"], state, row["k"])))
            return [recommendation.item for recommendation in reply.recommendations]

        wrong = failed(shown)
        found[f"{name} chat"] = {"passed": len(rows) - len(wrong), "failed": wrong}
    return found


def _listed(
    find: Find, query: Callable[[dict[str, Any]], Query], catalog: Catalog, row: dict[str, Any]
) -> list[Item]:
    return [catalog.get(candidate.item_id) for candidate in find(query(row), row["k"])]


def without_text_noun(query: Query, domain: str) -> Query:
    """The query as the chat hands it to retrieval: without "film", "app" and the like."""
    return replace(query, text=without_noun(query.text, domain))


def zero_shot(workspace: Workspace, encoders: Encoders) -> dict[str, Any]:
    """NDCG@10 of the judged requests of the workspace's domain."""
    catalog = workspace.catalog
    requests = [parsed(line) for line in ZERO_SHOT.read_text("utf-8").splitlines()]
    requests = [request for request in requests if request.domain == workspace.domain]
    understanding, lexical = Understanding(catalog), Once(LexicalRetriever(catalog))
    queries = [
        without_text_noun(
            understanding.read(request.text, DialogueState()).state.query(catalog),
            workspace.domain,
        )
        for request in requests
    ]
    values: dict[tuple[str, str], Values] = {}
    bare: dict[str, float] = {}
    for name, encoder in encoders.items():
        for system, find in systems(workspace, encoder, lexical).items():
            lists = [[c.item_id for c in find(query, JUDGED_DEPTH)] for query in queries]
            pairs = list(zip(requests, lists, strict=True))
            values[name, f"{system} ndcg@10"] = np.array([ndcg(r, ids[:10]) for r, ids in pairs])
            values[name, f"{system} condensed"] = np.array([condensed(r, ids) for r, ids in pairs])
            missing = [i not in r.grades for r, ids in pairs for i in ids[:10]]
            bare[f"{name} {system}"] = round(float(np.mean(missing)), 4)
    groups = np.arange(len(requests))
    return {"requests": len(requests), "not judged": bare, **paired(values, groups)}


def condensed(request: Request, item_ids: Sequence[str]) -> float:
    """NDCG@10 of the list without the items that nobody judged."""
    return ndcg(request, [item_id for item_id in item_ids if item_id in request.grades][:10])


def generated(workspace: Workspace, encoders: Encoders) -> dict[str, Any]:
    """Hit rate at 10 and reciprocal rank of requests generated from the workspace, by style."""
    vectors = item_vectors(workspace, encoders[BASE])
    cases = QuerySet(workspace, vectors, SPLIT_SEED).validation(PER_STYLE, CASES_SEED)
    values: dict[tuple[str, str], Values] = {}
    for name, encoder in encoders.items():
        ranks: dict[str, NDArray[np.int64]] = {
            style: first_ranks(encoder.encode_queries(batch.texts), vectors, batch)
            for style, batch in cases.items()
        }
        ranks["all styles"] = np.concatenate(list(ranks.values()))
        for style, of in ranks.items():
            values[name, f"{style} R@10"] = (of <= 10).astype(float)
            values[name, f"{style} MRR"] = 1 / of
    return {"items": len(workspace.catalog), "a style": PER_STYLE, **paired(values, None)}


def paired(
    values: Mapping[tuple[str, str], Values], groups: NDArray[np.int64] | None
) -> dict[str, Any]:
    """Each figure's mean by encoder, and its difference to the base with an interval."""
    found: dict[str, Any] = {}
    for (name, measure), of in values.items():
        told: dict[str, Any] = {"mean": round(float(of.mean()), 4)}
        if name != BASE:
            gains = of - values[BASE, measure]
            units = np.arange(len(gains)) if groups is None else groups
            low, high = bootstrap_interval(gains, units)
            told["less base"] = round(float(gains.mean()), 4)
            told["interval"] = [round(low, 4), round(high, 4)]
        found.setdefault(measure, {})[name] = told
    return found


def redial_films(path: Path) -> Catalog:
    """ReDial's films with the facts that came with them."""
    rows = pl.read_parquet(path).iter_rows(named=True)
    return Catalog(
        [
            Item(
                str(row["item_id"]),
                row["title"],
                row["year"],
                tuple(row["genres"] or ()),
                tuple(row["director"] or ()),
                tuple(row["cast"] or ()),
                description=row["plot"] or "",
            )
            for row in rows
            if row["title"].strip()  # one film has none
        ]
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--adapter", type=Path, action="append", default=[])
    parser.add_argument("--dialogues", choices=DIALOGUES, action="append", default=[])
    parser.add_argument("--requests", action="store_true")
    parser.add_argument("--judged", type=Path, action="append", default=[])
    parser.add_argument("--generated", type=Path, action="append", default=[])
    parser.add_argument("--cases", type=int, default=300, help="turns of each set of dialogues")
    parser.add_argument("--to", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
