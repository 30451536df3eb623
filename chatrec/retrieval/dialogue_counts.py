"""What past dialogues teach: which items are recommended, lately, and after what was said.

Knows dialogues in which items, genres and words stand; knows nothing of what an item is like. The
counts are those of a recommender's turns that name an item for the first time in their dialogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from chatrec.data.dialogues import Dialogue, DialogueCase, Utterance, cases_of, mentioned_in
from chatrec.retrieval.company import Company
from chatrec.retrieval.lifts import Lifts, Scores
from chatrec.retrieval.words import wish_words

HALF_LIVES = (100, 400, 1600)  # dialogues after which a recommendation counts half
UNSEEN = 0.2  # recommendations that every item is imagined to have had
OPENING_SMOOTHING = 5.0
ITEM_SMOOTHING, GENRE_SMOOTHING, WORD_SMOOTHING = 10.0, 20.0, 30.0
LEAST_CASES = 8  # in which a word must stand to be counted
WORD_TURNS = 3  # last utterances whose words count


@dataclass(frozen=True, slots=True, eq=False)
class DialogueCounts:
    """Log-chances (n_items,) of an item as a recommendation, and what changes them.

    ``share`` at any time, ``opening`` as the first item of a dialogue, ``lately`` (H, n_items)
    where a recommendation counts half after each of HALF_LIVES dialogues. ``beside`` are the lifts
    after an item that was named, ``company`` their smoothed form, ``after_genre`` and
    ``after_word`` those after what was said, ``said`` the smoothed form of both, genres first.
    """

    share: Scores
    opening: Scores
    lately: Scores
    beside: Lifts
    company: Company
    genres: dict[str, int]
    after_genre: Lifts
    words: dict[str, int]
    after_word: Lifts
    said: Company

    @classmethod
    def learn(
        cls, dialogues: Sequence[Dialogue], n_items: int, *, until: float | None = None
    ) -> Self:
        """From dialogues; ``lately`` counts those before ``until`` (None: all that have a time)."""
        cases = [case for dialogue in dialogues for case in cases_of(dialogue) if case.new]
        share = _chances(_items(cases), n_items, UNSEEN)
        opening = _chances(
            _items(case for case in cases if not case.mentioned), n_items, OPENING_SMOOTHING * share
        )
        genres = _numbered(g for case in cases for g in heard_genres(case.before))
        said = Counter(word for case in cases for word in heard_words(case.before))
        words = _numbered(word for word, n in said.items() if n >= LEAST_CASES)
        after_genre = _pairs((heard_genres(c.before), c.new) for c in cases)
        after_word = _pairs((heard_words(c.before), c.new) for c in cases)
        together = [
            pair
            for dialogue in dialogues
            for pair in permutations(mentioned_in(dialogue.utterances), 2)
        ]
        genre_lifts = Lifts.of(*_rows(after_genre, genres), len(genres), share, GENRE_SMOOTHING)
        word_lifts = Lifts.of(*_rows(after_word, words), len(words), share, WORD_SMOOTHING)
        one, other = ([pair[side] for pair in together] for side in (0, 1))
        beside = Lifts.of(one, other, n_items, share, ITEM_SMOOTHING)
        return cls._of(
            share,
            np.log(opening).astype(np.float32),
            np.log(_lately(dialogues, n_items, until)).astype(np.float32),
            genres,
            words,
            beside,
            genre_lifts,
            word_lifts,
        )

    def tensors(self) -> dict[str, NDArray[Any]]:
        """What the counts are made of, for safetensors; genres and words are numbered in order."""
        told: dict[str, NDArray[Any]] = {"opening": self.opening, "lately": self.lately}
        told["chances"] = self.beside.chances
        for name, lifts in self._counted().items():
            counts = lifts.counts.tocsr()
            counts.sum_duplicates()
            told[f"{name}.counts"] = counts.data
            told[f"{name}.items"] = counts.indices.astype(np.int32)
            told[f"{name}.starts"] = counts.indptr.astype(np.int32)
        return told

    @classmethod
    def from_tensors(
        cls, tensors: Mapping[str, NDArray[Any]], genres: Sequence[str], words: Sequence[str]
    ) -> Self:
        """From what ``tensors`` gave and the genres and words in their order."""
        chances = tensors["chances"]

        def lifts(name: str, smoothing: float) -> Lifts:
            starts = tensors[f"{name}.starts"]
            parts = (tensors[f"{name}.counts"], tensors[f"{name}.items"], starts)
            shape = (len(starts) - 1, len(chances))
            return Lifts(sparse.csr_matrix(parts, shape=shape), chances, smoothing)

        return cls._of(
            chances,
            tensors["opening"],
            tensors["lately"],
            _numbered(genres),
            _numbered(words),
            lifts("beside", ITEM_SMOOTHING),
            lifts("after_genre", GENRE_SMOOTHING),
            lifts("after_word", WORD_SMOOTHING),
        )

    def _counted(self) -> dict[str, Lifts]:
        return {
            "beside": self.beside,
            "after_genre": self.after_genre,
            "after_word": self.after_word,
        }

    @classmethod
    def _of(
        cls,
        chances: NDArray[np.float64],
        opening: Scores,
        lately: Scores,
        genres: dict[str, int],
        words: dict[str, int],
        beside: Lifts,
        after_genre: Lifts,
        after_word: Lifts,
    ) -> Self:
        return cls(
            np.log(chances).astype(np.float32),
            opening,
            lately,
            beside,
            Company.of(beside.counts),
            genres,
            after_genre,
            words,
            after_word,
            Company.of(sparse.vstack([after_genre.counts, after_word.counts]).tocsr()),
        )


def heard_genres(before: Iterable[Utterance]) -> tuple[str, ...]:
    """The genres named so far, each once, in the order of their last mention."""
    last: dict[str, None] = {}
    for utterance in before:
        for genre in utterance.genres:
            last.pop(genre, None)
            last[genre] = None
    return tuple(last)


def heard_words(before: Sequence[Utterance]) -> tuple[str, ...]:
    """The telling words of what the seeker said in the last WORD_TURNS utterances, each once."""
    said = " ".join(u.text for u in before[-WORD_TURNS:] if u.speaker == "seeker")
    return tuple(wish_words(said)) if said else ()


def _items(cases: Iterable[DialogueCase]) -> list[int]:
    return [item for case in cases for item in case.new]


def _chances(
    items: Sequence[int], n_items: int, imagined: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    counts = np.bincount(np.asarray(items, dtype=np.int64), minlength=n_items) + imagined
    chances: NDArray[np.float64] = counts / counts.sum()
    return chances


def _lately(
    dialogues: Sequence[Dialogue], n_items: int, until: float | None
) -> NDArray[np.float64]:
    timed = [(d.time, d) for d in dialogues if d.time is not None]
    past = sorted((t, n) for n, (t, _) in enumerate(timed) if until is None or t < until)
    named = [_items(cases_of(timed[n][1])) for _, n in past]
    ages = np.repeat(len(named) - 1 - np.arange(len(named)), [len(items) for items in named])
    items = np.array([item for items in named for item in items], dtype=np.int64)
    rows = [np.bincount(items, 0.5 ** (ages / half), n_items) + UNSEEN for half in HALF_LIVES]
    lately = np.stack(rows)
    chances: NDArray[np.float64] = lately / lately.sum(axis=1, keepdims=True)
    return chances


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _pairs(heard: Iterable[tuple[tuple[str, ...], tuple[int, ...]]]) -> list[tuple[str, int]]:
    return [(name, item) for names, items in heard for name in names for item in items]


def _rows(pairs: Sequence[tuple[str, int]], numbers: dict[str, int]) -> tuple[list[int], list[int]]:
    known = [(numbers[name], item) for name, item in pairs if name in numbers]
    return [thing for thing, _ in known], [item for _, item in known]
