"""Orders a pool: by the item head in one pass, by candidate labels, or as retrieval fused it.

Knows decoders, item heads and prompts; what was retrieved how is not its business. The final
list is diversified here as well.
"""

from __future__ import annotations

import string
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np
import torch
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.generation.item_head import HeadFacts, ItemHead
from chatrec.generation.model import Decoder, LocalDecoder
from chatrec.prompting import (
    Message,
    Prompt,
    RankingPrompt,
    Shown,
    domain_words,
    one_line,
    ranking_prompt,
    render,
)
from chatrec.types import Candidate, Item, LedBy, Query, Ranker

LABELLED = 20
LABELS = tuple(string.ascii_uppercase[:LABELLED])
BINDING_BAR = 0.6
HEAD_BRANCH = 100
MMR_TRADE = 0.8
PER_CREATOR = 2
TASTE = 1
LIKENESS = 5
KEPT = 16  # queries at work at once, in about as many threads


class ItemHeadScorer:
    """Log-probabilities of the whole catalogue after a query's prompt, in one forward pass.

    It is also a retriever: its own top items are one branch of the fusion. The scores of the last
    ``kept`` queries are kept, so that the branch and the ranker share one pass.
    """

    name = "item_head"

    def __init__(
        self,
        decoder: LocalDecoder,
        head: ItemHead,
        catalog: Catalog,
        text_vectors: NDArray[np.float32],
        popularity: NDArray[np.float32],
        kept: int = KEPT,
    ) -> None:
        self._decoder = decoder
        self._head = head
        self._catalog = catalog
        with torch.inference_mode():
            self._items = head.item_vectors(torch.from_numpy(text_vectors).to(decoder.device))
        self._popularity = torch.from_numpy(popularity).to(decoder.device)
        self._most_kept = kept
        self._kept: OrderedDict[Query, NDArray[np.float32]] = OrderedDict()
        self._lookups = (0, 0)
        self._lock = threading.Lock()

    def scores(self, query: Query) -> NDArray[np.float32]:
        """The log-probability of every item as the next one, (N,)."""
        with self._lock:
            known = self._kept.get(query)
            hits, misses = self._lookups
            self._lookups = (hits, misses + 1) if known is None else (hits + 1, misses)
        if known is None:
            prompt = query_prompt(query, self._catalog, self._count)
            known = self.scores_after([encode_parts(prompt, self._decoder.encode_text)])[0]
        self._keep(query, known)
        return known

    @property
    def lookups(self) -> tuple[int, int]:
        """How often scores were asked for and known, and how often a pass had to be made."""
        return self._lookups

    def scores_without(self, query: Query, item_ids: Sequence[str]) -> NDArray[np.float32]:
        """The same, then what they are without each of the query's items, (1 + len(item_ids), N).

        The prompts are the query's less an item's lines: no older line comes in where one goes.
        They are one batch, and what they begin with is read once.
        """
        prompt = query_prompt(query, self._catalog, self._count)
        met = met_items(query, self._catalog)[-len(prompt.lines) :] if prompt.lines else []
        told = list(zip(met, prompt.lines, strict=True))
        less = [
            replace(prompt, lines=tuple(line for shown, line in told if shown.item.item_id != i))
            for i in item_ids
        ]
        rows = [encode_parts(part, self._decoder.encode_text) for part in (prompt, *less)]
        begin = _shared(rows)
        ends = [row[begin:] for row in rows]
        return self._chances(self._decoder.last_hidden_after(rows[0][:begin], ends))

    def foresee(self, query: Query, item_ids: Sequence[str], less: Sequence[Query]) -> None:
        """Has ``scores`` at hand for the query and for each of ``less``, which lacks one item."""
        found = self.scores_without(query, item_ids)
        for known, scores in zip((query, *less), found, strict=True):
            self._keep(known, scores)

    def scores_after(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """The same for a batch of token rows, (B, N)."""
        return self._chances(self._decoder.last_hidden(rows))

    def _chances(self, hidden: torch.Tensor) -> NDArray[np.float32]:
        with torch.inference_mode():
            logits = self._head.logits(hidden, self._items, self._popularity)
            scores: NDArray[np.float32] = logits.log_softmax(dim=-1).cpu().numpy()
        return scores

    def _keep(self, query: Query, scores: NDArray[np.float32]) -> None:
        with self._lock:
            self._kept[query] = scores
            self._kept.move_to_end(query)
            while len(self._kept) > self._most_kept:
                self._kept.popitem(last=False)

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """The head's own best items: HEAD_BRANCH beside the seen ones, or ``k`` if that is less."""
        scores = self.scores(query)
        best = np.argsort(-scores, kind="stable")[: min(k, HEAD_BRANCH + len(query.seen))]
        return [
            Candidate(self._catalog.items[row].item_id, float(scores[row]), self.name)
            for row in best
        ]

    def _count(self, text: str) -> int:
        return len(self._decoder.encode_text(text))


class ItemHeadRanker:
    """Blends the head's log-probabilities with the fused order, both as z-scores over the pool.

    The weights come from the adapter, chosen on validation data: one for histories alone, one
    for prompts with a wish. They hold for long histories and for wishes that name no item. What n
    items tell is worth ``n / (n + TASTE)`` of that weight, and ``n / (n + LIKENESS)`` where the
    wish is to be like items that weren't said to be liked: that asks first of all for what
    resembles them, and how alike items are is what the fused order says. Whichever share is larger
    is said to have led.
    """

    def __init__(self, scorer: ItemHeadScorer, facts: HeadFacts, catalog: Catalog) -> None:
        self.scorer = scorer
        self._facts = facts
        self._catalog = catalog

    def rank(self, query: Query, pool: Sequence[Candidate]) -> tuple[list[Candidate], LedBy]:
        """The same candidates, best first; scores are the blended z-scores."""
        weight = self.share(query)
        return self.blend(query, pool, weight), "item_head" if weight >= 0.5 else "fusion"

    def share(self, query: Query) -> float:
        """The head's part of the final order, 0 to 1; the fused score has the rest."""
        if query.text and not query.near:
            return self._facts.wish_weight
        known = len({*query.history, *query.liked, *query.near})
        weight = self._facts.wish_weight if query.text else self._facts.history_weight
        likeness = not set(query.near) <= set(query.liked)
        return weight * known / (known + (LIKENESS if likeness else TASTE))

    def blend(self, query: Query, pool: Sequence[Candidate], weight: float) -> list[Candidate]:
        """The pool by ``weight`` parts head and the rest fused score; no pool gives none."""
        if not pool:
            return []
        rows = [self._catalog.index_of(candidate.item_id) for candidate in pool]
        head = _z(self.scorer.scores(query)[rows])
        fused = _z(np.array([candidate.score for candidate in pool], dtype=np.float32))
        scores = weight * head + (1 - weight) * fused
        order = np.argsort(-scores, kind="stable")
        return [replace(pool[i], score=float(scores[i]), source="item_head") for i in order]


class LabelRanker:
    """Ranks the first 20 by the next-token log-probability of their labels (FIRST, Reddy et al.

    2024, arXiv 2406.15657), for decoders that show no hidden states or have no item head.
    """

    def __init__(self, decoder: Decoder, catalog: Catalog) -> None:
        self._decoder = decoder
        self._catalog = catalog

    def rank(self, query: Query, pool: Sequence[Candidate]) -> tuple[list[Candidate], LedBy]:
        """The labelled candidates by label, then the rest as they were, scored below them."""
        first, rest = list(pool[:LABELLED]), list(pool[LABELLED:])
        if len(first) < 2:
            return [*first, *rest], "fusion"
        items = [self._catalog.get(candidate.item_id) for candidate in first]
        prompt = label_prompt(query, self._catalog, items)
        scores = self._decoder.label_logprobs([prompt], LABELS[: len(items)])[0]
        order = np.argsort(-scores, kind="stable")
        ranked = [replace(first[i], score=float(scores[i]), source="labels") for i in order]
        floor = float(scores.min())
        below = [
            replace(c, score=floor - place / len(rest), source="labels")
            for place, c in enumerate(rest, start=1)
        ]
        return [*ranked, *below], "labels"


class FusedRanker:
    """Keeps the order of the fusion."""

    def rank(self, query: Query, pool: Sequence[Candidate]) -> tuple[list[Candidate], LedBy]:
        """The pool as it is."""
        del query
        return list(pool), "fusion"


class LearnedOrderRanker:
    """Keeps what retrieval has ordered by what it learnt; hands the rest to another ranker.

    Retrieval has learnt from this catalogue's interactions what comes next, or from dialogues what
    people choose, the item head from the interactions of others; how much the head counts was
    chosen without what retrieval learnt.
    """

    def __init__(self, ranker: Ranker, is_learned: Callable[[Query], bool]) -> None:
        """``is_learned`` says of a query whether something learnt orders its pool."""
        self._ranker = ranker
        self._is_learned = is_learned

    def rank(self, query: Query, pool: Sequence[Candidate]) -> tuple[list[Candidate], LedBy]:
        """The pool as it is, or as the other ranker orders it."""
        return (list(pool), "fusion") if self._is_learned(query) else self._ranker.rank(query, pool)


def binds_labels(decoder: Decoder) -> float:
    """The share of plain probes in which the decoder picks the right label.

    Each probe asks for the one title of four that was named in the request, the right one at
    every place in turn; chance is 0.25, and BINDING_BAR is what a label ranker needs.
    """
    titles = ("Casablanca", "Jurassic Park", "Spirited Away", "The Godfather")
    right = 0
    for turn in range(len(titles)):
        order = titles[turn:] + titles[:turn]
        prompts = [_label_prompt("film", [], f"the film called {t}", order) for t in titles]
        scores = decoder.label_logprobs(prompts, LABELS[: len(order)])
        right += sum(order[int(row.argmax())] == t for row, t in zip(scores, titles, strict=True))
    return right / len(titles) ** 2


def met_items(query: Query, catalog: Catalog) -> list[Shown]:
    """The items that a query tells of, in a prompt's order: the last counts most."""
    named = dict.fromkeys((*query.liked, *query.near))
    disliked = frozenset(query.disliked)
    lines = [
        Shown(catalog.get(i), "disliked" if i in disliked else "liked")
        for i in query.history
        if i not in named
    ]
    met = frozenset(query.history)
    lines += [Shown(catalog.get(i), "disliked") for i in query.disliked if i not in met]
    return lines + [Shown(catalog.get(i)) for i in named]


def query_prompt(
    query: Query, catalog: Catalog, count_tokens: Callable[[str], int]
) -> RankingPrompt:
    """The ranking prompt of a query: the history as met, what was named, then the wish."""
    lines = met_items(query, catalog)
    examples = [
        ([catalog.get(i) for i in example.history], catalog.get(example.choice))
        for example in query.examples
    ]
    return ranking_prompt(
        catalog.domain, lines, wish=query.text, examples=examples, count_tokens=count_tokens
    )


def encode_parts(prompt: RankingPrompt, encode: Callable[[str], list[int]]) -> list[int]:
    """The prompt's token ids, each part encoded alone, as in training."""
    return [token for part in (prompt.head, *prompt.lines, prompt.tail) for token in encode(part)]


def _shared(rows: Sequence[Sequence[int]]) -> int:
    """How many tokens all rows begin with alike, less the last of the shortest."""
    columns = zip(*(row[:-1] for row in rows), strict=False)
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, columns))


def label_prompt(query: Query, catalog: Catalog, items: Sequence[Item]) -> Prompt:
    """A chat prompt that asks for the label of the best of at most 20 items."""
    liked = dict.fromkeys((*query.history[-10:], *query.liked, *query.near))
    return _label_prompt(
        catalog.domain,
        [catalog.get(item_id).title for item_id in liked],
        query.text,
        [item.label for item in items],
    )


def _label_prompt(domain: str, liked: Sequence[str], wish: str, titles: Sequence[str]) -> Prompt:
    values: dict[str, object] = {
        "liked": [one_line(title, 80) for title in liked],
        "wish": one_line(wish, 300),
        "candidates": list(zip(LABELS, (one_line(title, 80) for title in titles), strict=False)),
        **domain_words(domain),
    }
    return (
        Message("system", render("label", part="system", **values).strip()),
        Message("user", render("label", part="user", **values).strip()),
    )


def diversify(
    ranked: Sequence[Candidate],
    similarity: NDArray[np.float32],
    catalog: Catalog,
    k: int,
    *,
    limit_creators: bool = True,
) -> list[Candidate]:
    """The first ``k`` by maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998).

    ``similarity`` (n, n) are cosines of the ranked candidates' texts; relevance is the score,
    stretched to 1 for the best and 0 for the last, so what is far ahead stays ahead. At most two
    share a creator (unless ``limit_creators`` is off) or a franchise; the rule yields where
    nothing else is left.
    """
    n = len(ranked)
    relevance = _relevance([candidate.score for candidate in ranked])
    counts: Counter[str] = Counter()
    chosen: list[int] = []
    while len(chosen) < min(k, n):
        rest = [i for i in range(n) if i not in chosen]
        free = [
            i
            for i in rest
            if all(
                counts[group] < PER_CREATOR
                for group in _groups(catalog.get(ranked[i].item_id), limit_creators)
            )
        ]
        best = max(
            free or rest,
            key=lambda i: (
                MMR_TRADE * relevance[i]
                - (1 - MMR_TRADE) * (float(similarity[i, chosen].max()) if chosen else 0.0)
            ),
        )
        chosen.append(best)
        counts.update(_groups(catalog.get(ranked[best].item_id), limit_creators))
    return [ranked[i] for i in chosen]


def _groups(item: Item, with_creators: bool) -> list[str]:
    name = item.title.split(":")[0].rstrip("0123456789 IVX").casefold() or item.title.casefold()
    return [f"title {name}", *dict.fromkeys(item.creators if with_creators else ())]


def _relevance(scores: Sequence[float]) -> NDArray[np.float64]:
    """The scores, best first, stretched to 1 ... 0; all 1 where they are the same."""
    values = np.array(scores, dtype=np.float64)
    spread = float(np.ptp(values)) if len(values) else 0.0
    stretched: NDArray[np.float64] = (
        (values - values.min()) / spread if spread > 0 else np.ones_like(values)
    )
    return stretched


def _z(values: NDArray[np.float32]) -> NDArray[np.float32]:
    spread = float(values.std())
    centred: NDArray[np.float32] = values - values.mean()
    return centred / spread if spread > 0 else centred
