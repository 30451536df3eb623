"""What the shipped adapter is measured on: who had what, who wished for what, as token ids.

Of each workspace there are four groups of prompts. ``warm``: the last items of test users, one
after the other, the history growing. ``validation``: the same of validation users. ``training``:
histories of training users, cut anywhere. ``cold``: test users of whom the last 0, 1 or 3 items
before something they liked are known, with a message that asks for it or without one. The message
is made from the item's facts and names neither the item nor any other.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shipped_sets import UNRANKED

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.data.workspace import Workspace
from chatrec.generation.ranker import encode_parts, query_prompt
from chatrec.retrieval.dense import MOOD_KEYWORDS, DenseRetriever
from chatrec.retrieval.encoder import TextEncoder, Vectors
from chatrec.retrieval.moods import Moods
from chatrec.retrieval.words import wish_words
from chatrec.training.examples import Met, histories_of, part_of
from chatrec.training.queries import pair_for
from chatrec.training.query_source import QuerySource
from chatrec.training.query_words import VALIDATION, Style
from chatrec.training.wishes import STYLES, asked_for, like_but
from chatrec.types import Query

SPLIT_SEED = 2026
TRAINING_PROMPTS = 800
KNOWN = (0, 1, 3)  # items that are known of a person in the cold start
COLD_CASES = 600  # of a workspace, about
COLD_LAST = 5  # the item asked for is one of the last so many
POOL = 50  # of what dense retrieval brings; its first ten are the same for any larger pool
LINES = 120  # more of a history never fits a prompt
TRIES = 20

OTHER_STYLES: tuple[Style, ...] = (
    "vague",
    "negated",
    "misspelt",
    "attributes",
    "person",
    "mood",
    "plot",
)
TUNED = "dense, tuned"
LEARNT, OTHER, SILENT = "wish as learnt", "other wish", "no wish"

Encode = Callable[[str], list[int]]
History = tuple[Met, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A prompt's tokens, the item that came, and the items before it, which are not ranked.

    ``back`` is 1 for the last item of its user; ``kind``, ``known`` and ``style`` tell of a cold
    start, ``ranks`` at what rank dense retrieval has the item there (UNRANKED: not at all), and
    ``pool`` what the tuned one brings, best first, with its scores stretched to 0 ... 1.
    """

    user: int
    target: int
    before: tuple[int, ...]
    tokens: tuple[int, ...]
    back: int = 0
    kind: str = ""
    known: int = 0
    style: str = ""
    ranks: dict[str, int] = field(default_factory=dict)
    pool: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A message that asks for an item, and how it was made."""

    text: str
    kind: str
    style: str


class Remembered(TextEncoder):
    """An encoder that has read the wishes in advance, many at once."""

    def read(self, texts: Sequence[str]) -> None:
        """Remember the vectors of these wishes."""
        kept = dict.fromkeys(texts)
        self.vectors = dict(zip(kept, super().encode_queries(list(kept)), strict=True))

    def encode_queries(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Unit vectors of wishes that were read, (n, dim)."""
        return np.stack([self.vectors[text] for text in texts])


class PlainMoods(Moods):
    """Moods whose keywords are not written behind a message: people write no such lists."""

    def spelt_out(self, text: str, words: Sequence[str], most: int) -> str:
        """The text as it is."""
        return text


class Cases:
    """The groups of prompts of one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        encode: Encode,
        persons: dict[str, int],
        *,
        people_of: str,
        seed: int,
    ) -> None:
        """``persons`` numbers the people of all workspaces, and is added to.

        Workspaces of the same ``people_of`` share theirs.
        """
        self.catalog: Catalog = workspace.catalog
        self._encode = lru_cache(maxsize=1 << 16)(encode)
        self._rng = random.Random(seed)
        self._parts: dict[str, dict[int, History]] = {"train": {}, "validation": {}, "test": {}}
        histories = histories_of(workspace.interactions, self.catalog)
        for user, history in sorted(histories.items()):
            person = persons.setdefault(f"{people_of}:{user}", len(persons))
            self._parts[part_of(user, SPLIT_SEED)][person] = history

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often training users met each item, (N,)."""
        met = [m.index for history in self._parts["train"].values() for m in history]
        return np.bincount(met, minlength=len(self.catalog)).astype(np.int64)

    def warm(self, part: str, targets: int) -> Iterator[Case]:
        """The last ``targets`` items of every user of the part."""
        for user, history in self._parts[part].items():
            for end in range(max(len(history) - targets, 1), len(history)):
                yield self._case(user, history, end, history[:end])

    def training(self) -> Iterator[Case]:
        """Histories of training users that end anywhere."""
        users = [user for user, history in self._parts["train"].items() if len(history) > 5]
        for user in self._rng.choices(users, k=TRAINING_PROMPTS):
            history = self._parts["train"][user]
            end = self._rng.randrange(5, len(history))
            yield self._case(user, history, end, history[:end])

    def cold(self, encoders: dict[str, Remembered], vectors: Vectors) -> tuple[list[Case], Any]:
        """Cold-start cases with what the other methods rank, and some of their messages."""
        source = wordless_source(self.catalog)
        moments = [
            (user, end, [None, *filter(None, self._messages(source, history[end].index))])
            for user, history, end in self._moments()
        ]
        asked = [a for _, _, messages in moments for a in messages if a is not None]
        moods = Moods(self.catalog)
        for encoder in encoders.values():
            encoder.read([spelt_out(moods, a.text) for a in asked])
        dense = {n: DenseRetriever(self.catalog, e, vectors) for n, e in encoders.items()}
        cases = [
            self._cold_case(user, end, known, message, dense)
            for user, end, messages in moments
            for message in messages
            for known in KNOWN
        ]
        shown = self._rng.sample(asked, min(40, len(asked)))
        return cases, [{"kind": a.kind, "style": a.style, "text": a.text} for a in shown]

    def _moments(self) -> Iterator[tuple[int, History, int]]:
        """Test users with the ends of what comes before an item that they liked."""
        users = self._parts["test"]
        most = max(1, COLD_CASES // max(len(users), 1))
        for user, history in users.items():
            first = max(len(history) - COLD_LAST, max(KNOWN))
            liked = [end for end in range(first, len(history)) if history[end].liked]
            for end in sorted(self._rng.sample(liked, min(most, len(liked)))):
                yield user, history, end

    def _messages(self, source: QuerySource, target: int) -> tuple[Asked | None, Asked | None]:
        return (
            self._unnamed(target, lambda: learnt_wish(self.catalog, target, self._rng)),
            self._unnamed(target, lambda: other_wish(source, target, self._rng)),
        )

    def _unnamed(self, target: int, make: Callable[[], Asked | None]) -> Asked | None:
        """A message that doesn't name the item; None where its facts give none."""
        for _ in range(TRIES):
            made = make()
            if made is not None and not names(self.catalog.items[target].title, made.text):
                return made
        return None

    def _cold_case(
        self,
        user: int,
        end: int,
        known: int,
        asked: Asked | None,
        dense: dict[str, DenseRetriever],
    ) -> Case:
        history = self._parts["test"][user]
        past, target = history[end - known : end], history[end].index
        asked = asked or Asked("", SILENT, "")
        query = self._query(past, asked.text)
        brought = {name: self._brought(retriever, query) for name, retriever in dense.items()}
        return replace(
            self._case(user, history, end, past, asked.text),
            kind=asked.kind,
            known=known,
            style=asked.style,
            ranks={name: rank_in(pool, target) for name, pool in brought.items()},
            pool=brought[TUNED],
        )

    def _brought(self, retriever: DenseRetriever, query: Query) -> tuple[tuple[int, float], ...]:
        """The product's dense retrieval less what was met, with scores from 0 to 1."""
        found = [c for c in retriever.retrieve(query, POOL) if c.item_id not in query.seen]
        low, high = (found[-1].score, found[0].score) if found else (0.0, 0.0)
        return tuple(
            (self.catalog.index_of(c.item_id), (c.score - low) / max(high - low, 1e-9))
            for c in found
        )

    def _case(self, user: int, history: History, end: int, past: History, text: str = "") -> Case:
        prompt = query_prompt(
            self._query(past[-LINES:], text), self.catalog, lambda t: len(self._encode(t))
        )
        # What is ranked lacks what was met, but never the item that came.
        before = tuple(dict.fromkeys(m.index for m in past if m.index != history[end].index))
        tokens = tuple(encode_parts(prompt, self._encode))
        return Case(user, history[end].index, before, tokens, back=len(history) - end)

    def _query(self, past: History, text: str) -> Query:
        ids = tuple(self.catalog.items[met.index].item_id for met in past)
        disliked = tuple(i for i, met in zip(ids, past, strict=True) if not met.liked)
        return Query(text, history=ids, disliked=disliked, seen=frozenset(ids))


def wordless_source(catalog: Catalog) -> QuerySource:
    """A source of requests that knows no histories and writes no lists of keywords."""
    source = QuerySource(catalog, Histories.from_pasts([], len(catalog)))
    source.moods = PlainMoods(catalog)
    source.in_mood = lru_cache(source.in_mood)
    return source


def learnt_wish(catalog: Catalog, target: int, rng: random.Random) -> Asked | None:
    """A wish for the item as the adapter was trained on, of a style that names no item."""
    style = rng.choice([s for s in STYLES if s is not like_but])
    parts = style(catalog, target, rng)
    if parts is None:
        return None
    return Asked(asked_for(parts[0], rng), LEARNT, style.__name__.removeprefix("_"))


def other_wish(source: QuerySource, target: int, rng: random.Random) -> Asked | None:
    """A request for the item in words that nothing of the project was trained on."""
    style = rng.choice(OTHER_STYLES)
    pair = pair_for(source, VALIDATION, rng, target, style)
    return None if pair is None or pair.named else Asked(pair.text, OTHER, style)


def names(title: str, text: str) -> bool:
    """Whether a text has all words of the title, or of what stands before its colon, in a row.

    >>> names("Alien: Covenant", "is there an alien film?"), names("Up", "supper")
    (True, False)
    """
    said = _plain(text)
    return any(f" {_plain(part).strip()} " in said for part in {title, title.split(":")[0]})


def spelt_out(moods: Moods, text: str) -> str:
    """What dense retrieval reads of a wish."""
    return moods.spelt_out(text, wish_words(text), MOOD_KEYWORDS)


def rank_in(pool: Sequence[tuple[int, float]], target: int) -> int:
    """The item's place in a pool, from 1, or UNRANKED."""
    items = [item for item, _ in pool]
    return items.index(target) + 1 if target in items else UNRANKED


def arrays_of(cases: Sequence[Case]) -> dict[str, NDArray[Any]]:
    """Cases as arrays for a .npz file; of tokens and earlier items there are lengths as well."""
    columns = {
        "user": np.array([c.user for c in cases], dtype=np.int32),
        "target": np.array([c.target for c in cases], dtype=np.uint16),
        "back": np.array([c.back for c in cases], dtype=np.uint16),
        "kind": np.array([c.kind for c in cases]),
        "known": np.array([c.known for c in cases], dtype=np.uint8),
        "style": np.array([c.style for c in cases]),
        "tokens": np.array([t for c in cases for t in c.tokens], dtype=np.uint16),
        "token_lengths": np.array([len(c.tokens) for c in cases], dtype=np.uint16),
        "before": np.array([i for c in cases for i in c.before], dtype=np.uint16),
        "before_lengths": np.array([len(c.before) for c in cases], dtype=np.uint16),
        "pool": np.array([i for c in cases for i, _ in c.pool], dtype=np.uint16),
        "pool_lengths": np.array([len(c.pool) for c in cases], dtype=np.uint16),
        "pool_scores": np.array([round(255 * s) for c in cases for _, s in c.pool], dtype=np.uint8),
    }
    for name in cases[0].ranks if cases else ():
        columns[f"rank {name}"] = np.array([c.ranks[name] for c in cases], dtype=np.uint16)
    return columns


def _plain(text: str) -> str:
    return f" {re.sub(r'[^a-z0-9]+', ' ', text.casefold()).strip()} "
