"""How well 100 requests are answered on catalogues that nothing was tuned for.

The requests are those of ``tests/zero_shot_requests.jsonl``, and the measure is grades, given to
each item blind to what found it. Compares the fused order with its branches alone and with a plain
BM25 over the items' text. One understanding, the same hard limits, ten items; no decoder.

chatrec import ../shared/data/anime/items.parquet --domain anime --to workspaces/anime
chatrec import ../shared/data/frappe/items.parquet --domain app --to workspaces/frappe
python benchmarks/zero_shot_judged.py workspaces/anime workspaces/frappe [--to RESULT.json]

``--pool FILE`` writes what is to be judged still, in random order, and measures nothing.

How it was judged: the requests were written from the catalogue alone, before any list was seen; one
judge (a language model's session, not a panel of people) graded every item that a system had in its
first ten, in random order, by the facts that the catalogue has of it and by what is commonly known
of it. 2: all that was asked for. 1: the main thing, a lesser part missing or unclear; specials,
recaps and promotional clips; more of the very series that was named. 0: the main thing missing,
something ruled out, sexual content that nobody asked for. How well an item is received counts only
where the request asks for it.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.data.workspace import Workspace
from chatrec.generation.asked import without_noun
from chatrec.metrics import bootstrap_interval
from chatrec.retrieval.acclaim import acclaim
from chatrec.retrieval.dense import DenseRetriever, TextEncoder, item_vectors
from chatrec.retrieval.fusion import Fusion
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.retrieval.negation import Negation
from chatrec.types import Candidate, Item, Query, Retriever

REQUESTS = Path(__file__).resolve().parent.parent / "tests" / "zero_shot_requests.jsonl"
TOP = 10
FULL = 2  # the grade of an item that is all that was asked for; 1 is a part of it, 0 is none
WORD = re.compile(r"\w+")
BM25_K1, BM25_B = 1.2, 0.75

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Request:
    """A request in a person's words, and the grades of the items that were judged for it."""

    request_id: str
    domain: str
    kind: str
    text: str
    grades: Mapping[str, int]

    @property
    def part(self) -> str:
        """Faults were looked for in the odd requests only; the even ones are the test."""
        return "development" if int(self.request_id[1:]) % 2 else "test"


class PlainBm25:
    """BM25 (Robertson & Zaragoza 2009, eq. 3.15) of the message's own words, each item one text.

    No stemming, no stop words, no fields: what a search box without this project would do.
    """

    name = "plain_bm25"

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._counts = [Counter(words(item_words(item))) for item in catalog]
        self._lengths = np.array([c.total() for c in self._counts], dtype=np.float64)
        self._postings: dict[str, list[int]] = defaultdict(list)
        for row, counts in enumerate(self._counts):
            for word in counts:
                self._postings[word].append(row)

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` items that have a word of the text, best first."""
        scores: dict[int, float] = defaultdict(float)
        for word in dict.fromkeys(words(query.text)):
            rows = self._postings.get(word, ())
            rarity = math.log(1 + (len(self._counts) - len(rows) + 0.5) / (len(rows) + 0.5))
            for row in rows:
                part = self._lengths[row] / self._lengths.mean()
                often = self._counts[row][word]
                worth = often * (BM25_K1 + 1) / (often + BM25_K1 * (1 - BM25_B + BM25_B * part))
                scores[row] += rarity * worth
        best = sorted(scores, key=lambda row: (-scores[row], row))[:k]
        return [Candidate(self._catalog.items[r].item_id, scores[r], self.name) for r in best]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--to", type=Path)
    given = parser.parse_args()
    requests = [parsed(line) for line in REQUESTS.read_text("utf-8").splitlines()]
    lists: dict[str, dict[str, list[str]]] = {}
    workspaces = [Workspace.open(folder) for folder in given.folders]
    for workspace in workspaces:
        asked = [r for r in requests if r.domain == workspace.domain]
        lists |= answered(workspace, asked)
    requests = [r for r in requests if r.request_id in lists]
    if given.pool is not None:
        text = "".join(json.dumps(row) + "\n" for row in unjudged(requests, lists))
        given.pool.write_text(text, encoding="utf-8")
        return
    text = json.dumps(figures(requests, lists), indent=1, ensure_ascii=False)
    print(text)
    if given.to is not None:
        given.to.write_text(text + "\n", encoding="utf-8")


def parsed(line: str) -> Request:
    row = json.loads(line)
    return Request(row["id"], row["domain"], row["kind"], row["text"], row["grades"])


def answered(workspace: Workspace, requests: Sequence[Request]) -> dict[str, dict[str, list[str]]]:
    """Each request's first ten item ids of each system, by request id and the system's name."""
    understanding = Understanding(workspace.catalog)
    systems = systems_of(workspace)
    lists = {}
    for request in requests:
        turned = understanding.read(request.text, DialogueState())
        query = turned.state.query(workspace.catalog)
        wish = replace(query, text=without_noun(query.text, workspace.domain))
        message = replace(query, text=request.text)
        lists[request.request_id] = {
            name: [c.item_id for c in find(message if name == PlainBm25.name else wish, TOP)]
            for name, find in systems.items()
        }
    return lists


def systems_of(workspace: Workspace) -> dict[str, Callable[[Query, int], list[Candidate]]]:
    """The systems by name.

    All keep to the limits, lower what is like a rejected item, and fill short lists up in catalogue
    order.
    """
    catalog, encoder = workspace.catalog, TextEncoder()
    vectors = item_vectors(workspace, encoder)
    negation = Negation(catalog, vectors, encode=encoder.encode_queries)
    dense, lexical = DenseRetriever(catalog, encoder, vectors), LexicalRetriever(catalog)
    branches: dict[str, list[Retriever]] = {
        PlainBm25.name: [PlainBm25(catalog)],
        "lexical": [lexical],
        "dense": [dense],
        "fused_without_acclaim": [dense, lexical],
    }
    systems = {
        name: Fusion(catalog, parts, negation=negation).retrieve for name, parts in branches.items()
    }
    fused = Fusion(catalog, [dense, lexical], acclaim=acclaim(catalog), negation=negation)
    return {**systems, "fused": fused.retrieve}


def unjudged(
    requests: Iterable[Request], lists: Mapping[str, Mapping[str, Sequence[str]]]
) -> Iterator[dict[str, str]]:
    """Pairs of request and item id without a grade; nothing tells which system found the item."""
    for request in requests:
        found = {item_id for ids in lists[request.request_id].values() for item_id in ids}
        new = sorted(found - set(request.grades))
        random.Random(request.request_id).shuffle(new)
        yield from ({"id": request.request_id, "item_id": item_id} for item_id in new)


def figures(
    requests: Sequence[Request], lists: Mapping[str, Mapping[str, Sequence[str]]]
) -> dict[str, Any]:
    """Means with 95 % intervals and paired differences: all, by domain, by part and by kind."""
    groups = {"all": list(requests)}
    for request in requests:
        for group in (request.domain, request.part, f"kind: {request.kind}"):
            groups.setdefault(group, []).append(request)
    return {
        "requests": len(requests),
        "judged_pairs": sum(len(request.grades) for request in requests),
        "measures": {name: group_figures(group, lists) for name, group in groups.items()},
        "ndcg@10_by_request": {
            r.request_id: {n: round(ndcg(r, ids), 3) for n, ids in lists[r.request_id].items()}
            for r in requests
        },
    }


def group_figures(
    requests: Sequence[Request], lists: Mapping[str, Mapping[str, Sequence[str]]]
) -> dict[str, Any]:
    measures = {"ndcg@10": ndcg, "p@5": precision, "full@5": full_precision}
    names = list(lists[requests[0].request_id])
    values = {
        measure: {n: np.array([f(r, lists[r.request_id][n]) for r in requests]) for n in names}
        for measure, f in measures.items()
    }
    result: dict[str, Any] = {"requests": len(requests)}
    for name in names:
        shown = [(r, i) for r in requests for i in lists[r.request_id][name]]
        bare = sum(i not in r.grades for r, i in shown)
        result[name] = {m: with_interval(values[m][name]) for m in measures}
        result[name]["not_judged"] = round(bare / len(shown), 4)
    for other in names[:-1]:
        result[f"fused - {other}"] = {
            m: with_interval(values[m]["fused"] - values[m][other]) for m in measures
        }
    return result


def with_interval(values: Values) -> dict[str, Any]:
    low, high = bootstrap_interval(values, np.arange(len(values)))
    return {"mean": round(float(values.mean()), 4), "interval": [round(low, 4), round(high, 4)]}


def ndcg(request: Request, item_ids: Sequence[str]) -> float:
    """NDCG at 10 with the gain ``2 ** grade - 1`` (Burges et al., ICML 2005), 0 where not judged.

    The ideal list has the best grades that any judged item got; 0.0 where none is above 0.
    """
    gained = dcg([request.grades.get(item_id, 0) for item_id in item_ids])
    ideal = dcg(sorted(request.grades.values(), reverse=True))
    return gained / ideal if ideal else 0.0


def dcg(grades: Sequence[int]) -> float:
    return float(sum((2**g - 1) / math.log2(1 + r) for r, g in enumerate(grades[:TOP], start=1)))


def precision(request: Request, item_ids: Sequence[str]) -> float:
    """The share of the first five that answer the request at least in part."""
    return float(np.mean([request.grades.get(item_id, 0) > 0 for item_id in item_ids[:5]]))


def full_precision(request: Request, item_ids: Sequence[str]) -> float:
    """The share of the first five that are all that was asked for."""
    return float(np.mean([request.grades.get(item_id, 0) == FULL for item_id in item_ids[:5]]))


def item_words(item: Item) -> str:
    """All that the catalogue says of an item, as one text."""
    parts = (item.title, *item.genres, *item.creators, *item.cast, *item.keywords)
    return " ".join((*parts, item.description, *item.countries, *item.facts.values()))


def words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


if __name__ == "__main__":
    main()
