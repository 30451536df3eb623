"""What other people's histories teach about a history: soft targets for each of its items.

Models that are fitted at once (EASE, ALS ...) score every item after every past, and their mean is
a ranking that a network can learn from besides the one item that came (distillation, Hinton et
al. 2015, arXiv 1503.02531). Such models remember the very histories that they were fitted on, so
each is asked only about people that it wasn't fitted on: all people in folds, one fold asked about
at a time (cross-fitting). Knows histories and models that score them; knows no network.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from chatrec.data.checksums import arrays_sha256
from chatrec.data.interactions import Histories
from chatrec.errors import DataError
from chatrec.retrieval.collaborative import HistoryModel, Scores

FOLDS = 5
KEPT = 100  # items of a ranking that are learnt from
ASKED_AT_ONCE = 256
FILE = "lessons.safetensors"
_TENSORS = ("rows", "items", "shares")

Fit = Callable[[Histories], Sequence[HistoryModel]]
Fold = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """What the teachers ranked first before an interaction: the KEPT best ``items`` (R, K) and the

    ``shares`` (R, K) of the probability among them. ``rows`` (n_interactions,) says which of the R
    tells of an interaction, -1 for none.
    """

    rows: NDArray[np.int32]
    items: NDArray[np.int32]
    shares: NDArray[np.float32]


def lessons_of(
    histories: Histories, fit: Fit, recent: int, run: Path, *, seed: int, say: Say
) -> Lessons:
    """Lessons for the last ``recent`` interactions of every history that have a past.

    ``fit`` gives the teachers, fitted on the histories that it is given. What was worked out is
    kept in the folder ``run`` and read again for the same histories and seed.
    """
    found = kept_lessons(histories, recent, run, seed=seed)
    if found is not None:
        return found
    folds = []
    for fold in range(FOLDS):
        say(f"asking teachers about people that they don't know ({fold + 1} of {FOLDS})")
        folds.append(fold_lessons(histories, fit, recent, fold, seed=seed))
    return keep_lessons(histories, folds, recent, run, seed=seed)


def fold_lessons(histories: Histories, fit: Fit, recent: int, fold: int, *, seed: int) -> Fold:
    """The lessons about one of FOLDS parts of the people: places (F,), items and shares (F, K)."""
    asked = _asked(histories, recent)
    owner = np.repeat(np.arange(len(histories)), histories.sizes)
    fold_of = np.random.default_rng(seed).integers(0, FOLDS, len(histories))
    asked = asked[fold_of[owner[asked]] == fold]
    kept, candidates = min(KEPT, histories.n_items), histories.counts > 0
    teachers = fit(histories.pick(np.flatnonzero(fold_of != fold)))
    items = np.zeros((len(asked), kept), dtype=np.int32)
    shares = np.zeros((len(asked), kept), dtype=np.float32)
    for begin in range(0, len(asked), ASKED_AT_ONCE):
        rows = slice(begin, begin + ASKED_AT_ONCE)
        begins = histories.starts[owner[asked[rows]]]
        pasts = [histories.items[b:p] for b, p in zip(begins, asked[rows], strict=True)]
        items[rows], shares[rows] = _best(_mean_scores(teachers, pasts, candidates), kept)
    return asked, items, shares


def keep_lessons(
    histories: Histories, folds: Sequence[Fold], recent: int, run: Path, *, seed: int
) -> Lessons:
    """The lessons of all folds together, written to the folder ``run``."""
    places, items, shares = (np.concatenate(parts) for parts in zip(*folds, strict=True))
    rows = np.full(len(histories.items), -1, dtype=np.int32)
    rows[places] = np.arange(len(places), dtype=np.int32)
    lessons = Lessons(rows, items, shares)
    _write(run / FILE, lessons, _key(histories, recent, seed))
    return lessons


def _asked(histories: Histories, recent: int) -> NDArray[np.int64]:
    """The places of what is asked about: each history's last ones, but never its first."""
    starts, ends = histories.starts[:-1], histories.starts[1:]
    begins = np.maximum(starts + 1, ends - recent)
    places = [np.arange(b, e) for b, e in zip(begins, ends, strict=True)]
    return np.concatenate(places).astype(np.int64) if places else np.zeros(0, dtype=np.int64)


def _mean_scores(
    teachers: Sequence[HistoryModel],
    pasts: Sequence[NDArray[np.int32]],
    candidates: NDArray[np.bool_],
) -> Scores:
    """The mean of the teachers' z-scores over the candidates, -inf for the others and the past."""
    total = np.zeros((len(pasts), len(candidates)), dtype=np.float32)
    for teacher in teachers:
        scores = teacher.scores(pasts)
        among = scores[:, candidates]
        spread = np.maximum(among.std(axis=1, keepdims=True), 1e-6)
        total += (scores - among.mean(axis=1, keepdims=True)) / spread
    mean: Scores = np.where(candidates, total / len(teachers), np.float32(-np.inf))
    for row, past in enumerate(pasts):
        mean[row, past] = -np.inf
    return mean


def _best(scores: Scores, kept: int) -> tuple[NDArray[np.int64], Scores]:
    """The ``kept`` best items of each row and their softmax; zeros where nothing is left."""
    best = np.argpartition(-scores, kept - 1, axis=1)[:, :kept]
    found = np.take_along_axis(scores, best, axis=1)
    highest = np.nan_to_num(found.max(axis=1, keepdims=True), neginf=0.0)
    raised = np.exp(found - highest)
    return best, raised / np.maximum(raised.sum(axis=1, keepdims=True), 1e-9)


def _key(histories: Histories, recent: int, seed: int) -> str:
    content = sha256(histories.items.tobytes() + histories.starts.tobytes()).hexdigest()
    items = histories.n_items
    return json.dumps(
        {"data": content, "items": items, "recent": recent, "seed": seed, "kept": KEPT}
    )


def _write(path: Path, lessons: Lessons, key: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".tmp")
    tensors: dict[str, NDArray[Any]] = {name: getattr(lessons, name) for name in _TENSORS}
    save_file(tensors, part, metadata={"key": key, "checksum": arrays_sha256(tensors)})
    part.replace(path)


def kept_lessons(histories: Histories, recent: int, run: Path, *, seed: int) -> Lessons | None:
    """The lessons that are kept in ``run``; None where there are none of these histories.

    DataError for a file that is damaged or was altered.
    """
    path, key = run / FILE, _key(histories, recent, seed)
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="numpy") as stored:
            facts = stored.metadata() or {}
            if facts.get("key") != key:
                return None
            tensors = {name: stored.get_tensor(name) for name in _TENSORS}
    except SafetensorError as error:
        raise DataError(f"{path} is damaged ({error}): delete it, it is made again") from error
    if facts.get("checksum") != arrays_sha256(tensors):
        raise DataError(f"{path} was altered since it was written: delete it, it is made again")
    return Lessons(**tensors)
