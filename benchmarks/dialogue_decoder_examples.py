"""What a decoder learns from dialogues: their ids, and what is named where.

An assistant's turn is answered by each item that is new in it; what else is named, by the seeker or
further on in a turn, is an answer that counts for less. Dialogues of which only the mentions are
known teach the same. Knows dialogues and how they are written as ids; knows no model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import torch
from dialogue_decoder_network import DialogueWords
from numpy.typing import NDArray
from torch import Tensor

from chatrec.data.dialogues import Dialogue

MENTIONED = 0.5  # weight of an item that is named but doesn't open a recommendation

Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class DialogueExamples:
    """E pieces of dialogues as ``ids``, piece n from ``starts[n]`` to ``starts[n + 1]``.

    ``dialogues`` (E,) number the dialogues they are of. ``answers`` (A, 4): the piece, the place in
    it, the item that comes there, and 1 where it is recommended, 0 where it is only mentioned.
    ``asked`` (C, 2): piece and place of every turn that is scored, in order.
    """

    ids: Ids
    starts: Ids
    dialogues: Ids
    answers: Ids
    asked: Ids

    def __len__(self) -> int:
        return len(self.dialogues)

    def piece(self, number: int) -> Ids:
        """The ids of one piece."""
        return self.ids[self.starts[number] : self.starts[number + 1]]

    def arrays(self) -> dict[str, Ids]:
        """All arrays by name, for :meth:`of`."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """From what ``arrays`` gave."""
        return cls(**{f.name: arrays[f.name].astype(np.int32) for f in fields(cls)})


class _Pieces:
    """Gathers pieces and what is asked in them."""

    def __init__(self) -> None:
        self.ids: list[list[int]] = []
        self.dialogues: list[int] = []
        self.answers: list[tuple[int, int, int, int]] = []
        self.asked: list[tuple[int, int]] = []

    def examples(self) -> DialogueExamples:
        lengths = [len(piece) for piece in self.ids]
        return DialogueExamples(
            np.array([i for piece in self.ids for i in piece], dtype=np.int32),
            np.cumsum([0, *lengths], dtype=np.int32),
            np.array(self.dialogues, dtype=np.int32),
            np.array(self.answers, dtype=np.int32).reshape(-1, 4),
            np.array(self.asked, dtype=np.int32).reshape(-1, 2),
        )


def examples_of(
    dialogues: Sequence[Dialogue], words: DialogueWords, *, longest: int
) -> DialogueExamples:
    """All of what is named in the dialogues as answers, and their recommending turns as asked.

    Asked are the turns of :func:`~chatrec.data.dialogues.cases_of`, in order. A dialogue of more
    than ``longest`` ids is cut into overlapping pieces.
    """
    found = _Pieces()
    for number, dialogue in enumerate(dialogues):
        ids, answers, asked = _written(dialogue, words)
        end = 0
        while end < len(ids):
            begin, last = max(end - longest // 2, 0), end
            end = min(begin + longest, len(ids))
            piece = len(found.ids)
            found.ids.append(ids[begin:end])
            found.dialogues.append(number)
            found.answers += [
                (piece, place - begin, item, kind)
                for place, item, kind in answers
                if last <= place < end
            ]
            found.asked += [(piece, place - begin) for place in asked if last <= place < end]
    return found.examples()


def openings_of(
    befores: Sequence[Dialogue], words: DialogueWords, *, longest: int
) -> DialogueExamples:
    """The assistant's turn after each of these, asked; the oldest of more than ``longest`` goes."""
    found = _Pieces()
    for number, before in enumerate(befores):
        ids = [*_written(before, words)[0], *words.opening("recommender")][-longest:]
        found.asked.append((number, len(ids) - 1))
        found.ids.append(ids)
        found.dialogues.append(number)
    return found.examples()


def _written(
    dialogue: Dialogue, words: DialogueWords
) -> tuple[list[int], list[tuple[int, int, int]], list[int]]:
    """The ids, answers (place, item, recommended) and asked places."""
    ids: list[int] = []
    answers: list[tuple[int, int, int]] = []
    asked: list[int] = []
    named: set[int] = set()
    for utterance in dialogue.utterances:
        ids += words.opening(utterance.speaker)
        opened = len(ids) - 1
        recommends = utterance.speaker == "recommender"
        if recommends and utterance.items:
            asked.append(opened)
        new = [item for item in dict.fromkeys(utterance.items) if item not in named]
        answers += [(opened, item, int(recommends)) for item in new]
        ids += words.said(utterance)
        for place in range(opened + 1, len(ids)):
            if (item := ids[place] - words.n_words) in new:
                new.remove(item)
                answers += [(place, other, 0) for other in new]
        named.update(utterance.items)
    return ids, answers, asked


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """``ids`` (B, T), and M ``spots`` (M, 2) in them: row and place.

    ``named`` (P, 2) are the items named up to each spot, ``answers`` (A, 2) those that come there,
    with ``weights`` (A,); ``recommended`` (A,) says which open a recommendation.
    """

    ids: Tensor
    spots: Tensor
    named: Tensor
    answers: Tensor
    weights: Tensor
    recommended: Tensor


def batch_of(
    examples: DialogueExamples, pieces: Sequence[int], n_words: int, device: torch.device | str
) -> Batch:
    """The pieces, with their answers; spots are in the order of pieces and places."""
    spots: list[tuple[int, int]] = []
    named: list[tuple[int, int]] = []
    answers: list[NDArray[np.int64]] = []
    first = np.searchsorted(examples.answers[:, 0], [(p, p + 1) for p in pieces])
    ids = [examples.piece(piece) for piece in pieces]
    for row, (begin, end) in enumerate(first):
        own = examples.answers[begin:end]
        places, which = np.unique(own[:, 1], return_inverse=True)
        answers.append(np.column_stack([which + len(spots), own[:, 2:]]))
        named += named_until(ids[row], places, n_words, len(spots))
        spots += [(row, place) for place in places]
    flat = np.concatenate(answers)
    recommended = torch.from_numpy(flat[:, 2] == 1)
    weights = torch.where(recommended, 1.0, MENTIONED)
    made = Batch(
        padded_ids(ids),
        torch.tensor(spots).reshape(-1, 2),
        torch.tensor(named).reshape(-1, 2),
        torch.from_numpy(flat[:, :2].astype(np.int64)),
        weights,
        recommended,
    )
    return Batch(*(getattr(made, f.name).to(device) for f in fields(made)))


def named_until(ids: Ids, places: Ids, n_words: int, first: int) -> list[tuple[int, int]]:
    """Pairs of a spot and an item named up to it; the spots at ``places`` count from ``first``."""
    at = np.flatnonzero(ids >= n_words)
    spots, which = np.nonzero(at[None, :] <= np.asarray(places)[:, None])
    return list(zip((first + spots).tolist(), (ids[at[which]] - n_words).tolist(), strict=True))


def padded_ids(pieces: Sequence[Ids]) -> Tensor:
    """The pieces as rows (B, T), filled up with 0 on their right."""
    filled = np.zeros((len(pieces), max(map(len, pieces))), dtype=np.int64)
    for row, piece in zip(filled, pieces, strict=True):
        row[: len(piece)] = piece
    return torch.from_numpy(filled)


def batches_of(
    examples: DialogueExamples, pieces: NDArray[np.int64], tokens: int, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """The pieces in batches of about ``tokens`` ids and of like lengths, in random order."""
    lengths = np.diff(examples.starts)[pieces]
    order = np.lexsort((rng.random(len(pieces)), lengths // 16))
    batches: list[list[int]] = [[]]
    for place in order:
        if batches[-1] and (len(batches[-1]) + 1) * lengths[place] > tokens:
            batches.append([])
        batches[-1].append(int(pieces[place]))
    rng.shuffle(batches)
    return [np.array(batch) for batch in batches]
