"""What speaks for each item at one moment of a dialogue, as numbers.

A first, naive sum of what past dialogues teach draws up a pool of items; every item of the pool is
then described by FEATURES. Knows counts over past dialogues and what the catalogue says; how much a
feature weighs is learnt elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chatrec.data.dialogues import Utterance, mentioned_in
from chatrec.retrieval.collaborative import HistoryModel
from chatrec.retrieval.dialogue_counts import (
    HALF_LIVES,
    DialogueCounts,
    heard_genres,
    heard_words,
)
from chatrec.retrieval.lifts import Scores
from chatrec.retrieval.likeness import Likeness

POOL = 400
FADING = 0.8  # what a mention counts for each newer one
PEOPLE_TURNS = 4  # last utterances whose people count
RECENT_HALF_LIFE = 2  # place in HALF_LIVES that the pool goes by

GROUPS: dict[str, tuple[str, ...]] = {
    "popularity": ("share", "opening", "opening if first"),
    "recency": tuple(f"lately {half}" for half in HALF_LIVES),
    "co-mention": ("beside", "beside last", "beside mean"),
    "company": ("company alike", "company drawn"),
    "genres said": ("after genre", "after last genre", "genre match"),
    "words said": ("after words", "drawn by what was said"),
    "people said": ("person",),
    "content": ("genres", "genres last", "creators", "cast", "themes", "title", "years"),
    "repetition": ("named", "named last", "named by recommender"),
}
FEATURES = tuple(name for names in GROUPS.values() for name in names)


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """P items in play: item_index (P,) int64, best first, and their ``features`` (P, F) float32."""

    items: NDArray[np.int64]
    features: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class DialogueFeatures:
    """Draws up pools from what dialogues teach (``counts``) and what items are like.

    ``models`` score the items named so far as if they were a history; each is one more feature.
    """

    counts: DialogueCounts
    likeness: Likeness
    models: Mapping[str, HistoryModel] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The F features' names: FEATURES, then those of the models."""
        return FEATURES + tuple(self.models)

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.counts.share)

    def pool(
        self,
        before: Sequence[Utterance],
        *,
        repeats: bool = False,
        allowed: NDArray[np.bool_] | None = None,
        also: Collection[int] = (),
    ) -> Pool:
        """The POOL most promising items after these utterances, with all FEATURES.

        Items already named are in the pool if ``repeats``, else left out; so are items that
        ``allowed`` (n_items,) says False of. Of ``also`` those that may be are there in any case.
        """
        past = list(mentioned_in(before))
        heard = self._heard(before, past)
        promise = self._promise(heard)
        promise[past] = np.inf if repeats else -np.inf
        if allowed is not None:
            promise[~allowed] = -np.inf
        most = min(POOL, len(promise))
        items = np.flatnonzero(promise >= np.partition(promise, -most)[-most])
        items = items[np.argsort(-promise[items], kind="stable")][:most]
        if also:
            items = np.union1d(items, np.array(sorted(also), dtype=np.int64))
        items = items[np.argsort(-promise[items], kind="stable")]
        items = items[promise[items] > -np.inf]
        described = heard | self._content(before, past) | _named(before, past, len(promise))
        for name, model in self.models.items():
            described[name] = model.scores([np.array(past, dtype=np.int32)])[0]
        return Pool(items, np.stack([described[name][items] for name in self.names], axis=1))

    def _promise(self, heard: dict[str, Scores]) -> Scores:
        promise: Scores = (
            0.5 * heard["share"]
            + 0.5 * heard[f"lately {HALF_LIVES[RECENT_HALF_LIFE]}"]
            + 0.7 * heard["beside"]
            + 0.5 * heard["after genre"]
            + 0.3 * heard["after words"]
            + 1.5 * heard["person"]
        )
        return promise.astype(np.float32)

    def _heard(self, before: Sequence[Utterance], past: list[int]) -> dict[str, Scores]:
        counts = self.counts
        fading = {item: FADING**age for age, item in enumerate(reversed(past))}
        last = dict.fromkeys(past[-1:], 1.0)
        beside = counts.beside.summed(fading)
        genres = [counts.genres[g] for g in heard_genres(before) if g in counts.genres]
        words = [counts.words[w] for w in heard_words(before) if w in counts.words]
        said = [*genres, *(len(counts.genres) + word for word in words)]
        people = [name for utterance in before[-PEOPLE_TURNS:] for name in utterance.people]
        return {
            "share": counts.share,
            "opening": counts.opening,
            "opening if first": counts.opening * np.float32(not past),
            **{f"lately {half}": counts.lately[row] for row, half in enumerate(HALF_LIVES)},
            "beside": beside,
            "beside last": counts.beside.summed(last),
            "beside mean": beside / np.float32(max(sum(fading.values()), 1.0)),
            "company alike": counts.company.alike(fading),
            "company drawn": counts.company.drawn(fading),
            "after genre": counts.after_genre.summed(dict.fromkeys(genres, 1.0)),
            "after last genre": counts.after_genre.summed(dict.fromkeys(genres[-1:], 1.0)),
            "after words": counts.after_word.summed(dict.fromkeys(words, 1.0)),
            "drawn by what was said": counts.said.drawn(dict.fromkeys(said, 1.0)),
            "person": self.likeness.of_people(people),
        }

    def _content(self, before: Sequence[Utterance], past: list[int]) -> dict[str, Scores]:
        like, last = self.likeness, past[-1:]
        return {
            "genre match": like.of_genres(heard_genres(before)),
            "genres": like.genres(past),
            "genres last": like.genres(last),
            "creators": like.creators(past),
            "cast": like.cast(past),
            "themes": like.themes(past),
            "title": like.titles(past),
            "years": like.years(last[0]) if last else np.full_like(self.counts.share, 0.5),
        }


def _named(before: Sequence[Utterance], past: list[int], n_items: int) -> dict[str, Scores]:
    """Marks of items that were named: at all, in the last utterance that names any, by whom."""
    last = next((u.items for u in reversed(before) if u.items), ())
    own = [item for u in before if u.speaker == "recommender" for item in u.items]
    marks = {"named": past, "named last": list(last), "named by recommender": own}
    told = {name: np.zeros(n_items, dtype=np.float32) for name in marks}
    for name, items in marks.items():
        told[name][items] = 1.0
    return told
