"""Orders what the branches found for a wish as people who recommend in dialogues would choose.

A wish with the items it names is taken for one moment of a dialogue. What past dialogues teach of
that moment and what each branch says of an item are features of one net, which was trained on
choices that people made and on wishes made out of the
catalogue. Knows candidates and counts; knows no encoder, no decoder and no file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.dialogues import Utterance, mentioned_in
from chatrec.data.title_words import tokenise
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.collaborative import TELLING_LIFT
from chatrec.retrieval.dialogue_counts import DialogueCounts
from chatrec.retrieval.dialogue_features import DialogueFeatures, Pool
from chatrec.retrieval.likeness import Likeness
from chatrec.retrieval.words import search_words, wish_words
from chatrec.types import Candidate, Constraints, Evidence, Query

MOMENT = ("named count", "wish words", "known words")  # the same for every item of a pool
# A score as a part of the branch's best; 1 / log2(1 + rank); standard deviations above the mean of
# what the branch found; 1 / log2(1 + how much it found).
OF_BRANCH = ("score", "place", "lead", "rarity")
MOST_NAMED, MOST_WORDS = 4, 10
WISH_TURNS = 4  # last utterances whose words are the wish
MOST_EARLIER = 10  # items liked under earlier topics, or before, which a dialogue may have too
LEAST_TOGETHER = 3  # dialogues with both items, below which their lift isn't told
SOURCE = "dialogues"  # of evidence
NO_LIMITS = Constraints()

Hear = Callable[[Utterance], Utterance]
Found = Mapping[str, Sequence[Candidate]]


@dataclass(frozen=True, slots=True, eq=False)
class ChoicePools:
    """Describes the items in play for a wish.

    ``branches`` name the retrievers whose finds are looked at; ``hear`` adds the genres and people
    of the catalogue that an utterance names.
    """

    catalog: Catalog
    features: DialogueFeatures
    branches: tuple[str, ...]
    hear: Hear

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names: the dialogues', what each branch says (OF_BRANCH), the moment's."""
        of_branches = [f"{name} {side}" for name in self.branches for side in OF_BRANCH]
        return (*self.features.names, *of_branches, *MOMENT)

    def pool(self, query: Query, found: Found, permitted: Set[str]) -> Pool:
        """What the branches found and what dialogues bring, of what is ``permitted``."""
        index_of, n_items = self.catalog.index_of, len(self.catalog)
        allowed = np.zeros(n_items, dtype=np.bool_)
        allowed[[index_of(item_id) for item_id in permitted]] = True
        places = {name: [index_of(c.item_id) for c in found[name]] for name in self.branches}
        also = {row for rows in places.values() for row in rows if allowed[row]}
        pool = self.features.pool((self._said(query),), allowed=allowed, also=also)
        of_branches = [_of_branch(rows, found[name], n_items) for name, rows in places.items()]
        moment = np.tile(self._moment(query), (len(pool.items), 1))
        told = [pool.features, *(branch[pool.items] for branch in of_branches), moment]
        return Pool(pool.items, np.concatenate(told, axis=1))

    def rows_named(self, query: Query) -> list[int]:
        """The item_index of what the query names to be followed, the last said last."""
        named = dict.fromkeys((*query.proposed, *query.history, *query.liked, *query.near))
        kept = [i for i in named if i not in query.disliked and i in self.catalog]
        return [self.catalog.index_of(item_id) for item_id in kept]

    def _said(self, query: Query) -> Utterance:
        """The query as what a seeker said: its words, the items, genres and people it names."""
        limits = query.constraints
        heard = self.hear(Utterance("seeker", query.text, tuple(self.rows_named(query))))
        genres = (*heard.genres, *limits.genres_all, *limits.genres_any)
        people = (*heard.people, *limits.people_all, *limits.people_any)
        return replace(
            heard, genres=tuple(dict.fromkeys(genres)), people=tuple(dict.fromkeys(people))
        )

    def _moment(self, query: Query) -> NDArray[np.float32]:
        words = wish_words(query.text)
        known = sum(word in self.features.counts.words for word in words)
        named = min(len(self.rows_named(query)), MOST_NAMED)
        told = (named, min(len(words), MOST_WORDS), known / max(len(words), 1))
        return np.array(told, dtype=np.float32)


class ChoiceOrder:
    """Orders ``pools`` by a net that was learnt for them."""

    name = "dialogues"

    def __init__(self, pools: ChoicePools, net: ChoiceNet) -> None:
        self.pools = pools
        self.net = net
        told = (part for item in pools.catalog for part in (*item.keywords, item.description))
        self._topics = frozenset(token.word for part in told for token in tokenise(part))

    @property
    def branches(self) -> tuple[str, ...]:
        """The names of the retrievers that it needs the finds of."""
        return self.pools.branches

    def speaks_for(self, query: Query) -> bool:
        """Whether the query is like a moment of a dialogue in which something was said.

        One with a long history isn't, nor one with a history and nothing said, nor a wish for a
        topic that no dialogue spoke of.
        """
        if len(query.history) > MOST_EARLIER or query.examples:
            return False
        if query.liked or query.near:
            return True
        words = wish_words(query.text)
        if not words and query.constraints == NO_LIMITS:
            return False
        known = self.pools.features.counts.words
        topical = search_words(query.text, query.constraints)
        return not any(word in self._topics and word not in known for word in topical)

    def retrieve(self, query: Query, found: Found, permitted: Set[str]) -> list[Candidate]:
        """All that the branches found and what dialogues bring, of what is ``permitted``.

        Best first; scores are log-chances among them, so below 0.
        """
        pool = self.pools.pool(query, found, permitted)
        if not len(pool.items):
            return []
        scores = _log_softmax(self.net.scores(pool.features))
        items = self.pools.catalog.items
        evidence = self._evidence(self.pools.rows_named(query), pool.items)
        return [
            Candidate(
                items[pool.items[place]].item_id,
                float(scores[place]),
                self.name,
                evidence[place],
            )
            for place in np.argsort(-scores, kind="stable")
        ]

    def tensors(self) -> dict[str, NDArray[Any]]:
        """All arrays of the counts and the net, for safetensors."""
        counts = self.pools.features.counts.tensors()
        of_counts = {f"counts.{name}": array for name, array in counts.items()}
        return of_counts | {f"net.{name}": array for name, array in self.net.tensors().items()}

    def facts(self) -> dict[str, Any]:
        """What is no array: the branches, and the genres and words that the counts know."""
        counts = self.pools.features.counts
        names = {"genres": list(counts.genres), "words": list(counts.words)}
        return {"branches": list(self.branches), **names}

    @classmethod
    def from_tensors(
        cls,
        tensors: Mapping[str, NDArray[Any]],
        facts: Mapping[str, Any],
        catalog: Catalog,
        hear: Hear,
    ) -> Self:
        """From what ``tensors`` and ``facts`` gave, over the catalogue that it was learnt on."""
        counts = DialogueCounts.from_tensors(
            _under("counts.", tensors), facts["genres"], facts["words"]
        )
        features = DialogueFeatures(counts, Likeness(catalog))
        pools = ChoicePools(catalog, features, tuple(facts["branches"]), hear)
        return cls(pools, ChoiceNet.from_tensors(_under("net.", tensors)))

    def _evidence(
        self, named: Sequence[int], rows: NDArray[np.int64]
    ) -> list[tuple[Evidence, ...]]:
        """For each of the rows the named item beside which it is named most often in dialogues."""
        if not named:
            return [()] * len(rows)
        beside = self.pools.features.counts.beside
        lifts = np.exp(np.stack([beside.after(n)[rows] for n in named]))  # (named, rows)
        lifts[beside.counts[list(named)][:, rows].toarray() < LEAST_TOGETHER] = 0.0
        titles = [self.pools.catalog.items[n].title for n in named]
        return [
            (Evidence("together", f"{titles[best]} | {lift:.1f}", SOURCE),)
            if lift >= TELLING_LIFT
            else ()
            for best, lift in zip(lifts.argmax(axis=0), lifts.max(axis=0), strict=True)
        ]


def query_of(before: Sequence[Utterance], catalog: Catalog) -> Query:
    """A moment of a dialogue as one query: the seeker's last words, all that was named as liked
    and seen.
    """
    words = " ".join(u.text for u in before[-WISH_TURNS:] if u.speaker == "seeker" and u.text)
    named = tuple(catalog.items[index].item_id for index in mentioned_in(before))
    return Query(text=" ".join(words.split()), liked=named, seen=frozenset(named))


def _of_branch(
    rows: Sequence[int], candidates: Sequence[Candidate], n_items: int
) -> NDArray[np.float32]:
    """What one branch says of every item, (n_items, len(OF_BRANCH)); 0 where it didn't find it."""
    told = np.zeros((n_items, len(OF_BRANCH)), dtype=np.float32)
    if not candidates:
        return told
    scores = np.array([max(c.score, 0.0) for c in candidates])
    spread = float(scores.std())
    told[rows] = np.stack(
        [
            scores / max(scores[0], 1e-9),
            1 / np.log2(2 + np.arange(len(scores))),
            (scores - scores.mean()) / spread if spread > 0 else np.zeros(len(scores)),
            np.full(len(scores), 1 / np.log2(1 + len(scores))),
        ],
        axis=1,
    )
    return told


def _under(prefix: str, tensors: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): array
        for name, array in tensors.items()
        if name.startswith(prefix)
    }


def _log_softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    shifted = scores - scores.max()
    chances: NDArray[np.float32] = shifted - np.log(np.exp(shifted).sum())
    return chances
