"""What other people's histories teach about a history: soft targets for each of its items.

Models score every item after every past, and what they say together is a ranking that a network
can learn from besides the one item that came (distillation, Hinton et al. 2015, arXiv 1503.02531).
How much each of them counts, and how sure they are together, is learnt where it can be seen what
came: a softmax over all items, whose logits are a weighted sum of the models' tamed standard scores
(:func:`tamed`), is made as likely as can be on held-out items (:func:`weighed`). Models that are
fitted at once (EASE, ALS ...) remember the very histories that they were fitted on, so each is
asked only about people that it wasn't fitted on: all people in folds, one fold asked about at a
time (cross-fitting). Knows histories and models that score them; knows no network.
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
from safetensors.numpy import save_file
from scipy.optimize import minimize

from chatrec.data.interactions import Histories, Past
from chatrec.data.sealed_arrays import read_sealed, seal
from chatrec.retrieval.collaborative import HistoryModel, Scores
from chatrec.training.windows import HeldOut

FOLDS = 5
KEPT = 100  # items of a ranking that are learnt from
ASKED_AT_ONCE = 256
FILE = "lessons.safetensors"
WEIGHED_ON = 1000  # held-out items at most
UNREMEMBERED = 200_000  # interactions, of which a network remembers little
SCORES = 100_000_000  # of all teachers together, at most, that are held at once for it (400 MB)
_TENSORS = ("rows", "items", "shares")

Fit = Callable[[Histories], Sequence[HistoryModel]]
Fold = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Teachers:
    """Who is asked: the models that ``fit`` gives, then those of ``whole``, and their ``weights``.

    ``fit`` is given the histories of some people and asked about others; the models of ``whole``
    know everybody's (:func:`unremembering`).
    """

    fit: Fit
    whole: tuple[HistoryModel, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """What the teachers ranked first before an interaction: the KEPT best ``items`` (R, K) and the
    ``shares`` (R, K) of the probability among them. ``rows`` (n_interactions,) says which of the R
    tells of an interaction, -1 for none.
    """

    rows: NDArray[np.int32]
    items: NDArray[np.int32]
    shares: NDArray[np.float32]


def unremembering(network: HistoryModel, histories: Histories) -> tuple[()] | tuple[HistoryModel]:
    """The network that was trained on the histories, if these are too many to be remembered.

    It takes too long to be trained once for each part of the people. SASRec's NDCG@10 was .170 on
    what it had learnt and .172 on what it hadn't with ml-1m, but .179 and .126 with ml-100k.
    """
    return (network,) if len(histories.items) >= UNREMEMBERED else ()


def tamed(scores: Scores, candidates: NDArray[np.bool_]) -> Scores:
    """sign(z) log(1 + abs(z)) of the standard scores z among the candidates, by rows (B, N).

    The best items of a linear model lie tens of standard deviations above the others, those of a
    network a few: so they are alike, and their sum can be a logit.
    """
    among = scores[:, candidates]
    spread = np.maximum(among.std(axis=1, keepdims=True), 1e-6)
    standard = (scores - among.mean(axis=1, keepdims=True)) / spread
    logs: Scores = np.copysign(np.log(1 + np.abs(standard)), standard)
    return logs


def weighed(
    teachers: Sequence[HistoryModel], held: HeldOut, candidates: NDArray[np.bool_], seed: int
) -> tuple[float, ...]:
    """The weights of 0 or more with which the held-out items are likeliest, one for each teacher.

    The teachers know nothing of those items. All weights are 1 where none of them is a candidate
    that its past lacks.
    """
    some = held.sample(min(WEIGHED_ON, SCORES // (len(candidates) * len(teachers))), seed)
    allowed = _allowed(some.pasts, candidates)
    rows = np.flatnonzero(allowed[np.arange(len(allowed)), some.targets])
    if not len(rows):
        return (1.0,) * len(teachers)
    pasts, allowed, came = [some.pasts[row] for row in rows], allowed[rows], some.targets[rows]
    logits = np.stack([_asked_about(t, pasts, candidates) for t in teachers], axis=-1)
    at = np.arange(len(rows))

    def surprise(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Mean -log p of what came, and its gradient."""
        total = np.where(allowed, logits @ weights.astype(np.float32), -np.inf)  # (V, N)
        total -= total.max(axis=1, keepdims=True)
        chances = np.exp(total)
        sums = chances.sum(axis=1, keepdims=True)
        loss = float(np.mean(np.log(sums[:, 0]) - total[at, came]))
        expected = np.einsum("vn,vnt->t", chances / sums, logits)
        gradient = (expected - logits[at, came].sum(axis=0)) / len(rows)
        return loss, gradient.astype(np.float64)

    bounds = [(0.0, None)] * len(teachers)
    found = minimize(surprise, np.ones(len(teachers)), jac=True, bounds=bounds, method="L-BFGS-B")
    return tuple(float(weight) for weight in found.x)


def lessons_of(
    histories: Histories, teachers: Teachers, recent: int, run: Path, *, seed: int, say: Say
) -> Lessons:
    """Lessons for the last ``recent`` interactions of every history that have a past.

    What was worked out is kept in the folder ``run`` and read again for the same histories,
    weights and seed.
    """
    found = kept_lessons(histories, teachers.weights, recent, run, seed=seed)
    if found is not None:
        return found
    folds = []
    for fold in range(FOLDS):
        say(f"asking teachers about people that they don't know ({fold + 1} of {FOLDS})")
        folds.append(fold_lessons(histories, teachers, recent, fold, seed=seed))
    return keep_lessons(histories, teachers.weights, folds, recent, run, seed=seed)


def fold_lessons(
    histories: Histories, teachers: Teachers, recent: int, fold: int, *, seed: int
) -> Fold:
    """The lessons about one of FOLDS parts of the people: places (F,), items and shares (F, K)."""
    asked = _asked(histories, recent)
    owner = np.repeat(np.arange(len(histories)), histories.sizes)
    fold_of = np.random.default_rng(seed).integers(0, FOLDS, len(histories))
    asked = asked[fold_of[owner[asked]] == fold]
    kept, candidates = min(KEPT, histories.n_items), histories.counts > 0
    fitted = teachers.fit(histories.pick(np.flatnonzero(fold_of != fold)))
    asked_of = list(zip((*fitted, *teachers.whole), teachers.weights, strict=True))
    items = np.zeros((len(asked), kept), dtype=np.int32)
    shares = np.zeros((len(asked), kept), dtype=np.float32)
    for begin in range(0, len(asked), ASKED_AT_ONCE):
        rows = slice(begin, begin + ASKED_AT_ONCE)
        begins = histories.starts[owner[asked[rows]]]
        pasts = [histories.items[b:p] for b, p in zip(begins, asked[rows], strict=True)]
        logits = sum(w * _asked_about(teacher, pasts, candidates) for teacher, w in asked_of)
        allowed = _allowed(pasts, candidates)
        items[rows], shares[rows] = _best(np.where(allowed, logits, np.float32(-np.inf)), kept)
    return asked, items, shares


def keep_lessons(
    histories: Histories,
    weights: Sequence[float],
    folds: Sequence[Fold],
    recent: int,
    run: Path,
    *,
    seed: int,
) -> Lessons:
    """The lessons of all folds together, written to the folder ``run``."""
    places, items, shares = (np.concatenate(parts) for parts in zip(*folds, strict=True))
    rows = np.full(len(histories.items), -1, dtype=np.int32)
    rows[places] = np.arange(len(places), dtype=np.int32)
    lessons = Lessons(rows, items, shares)
    _write(run / FILE, lessons, _key(histories, weights, recent, seed))
    return lessons


def _asked(histories: Histories, recent: int) -> NDArray[np.int64]:
    """The places of what is asked about: each history's last ones, but never its first."""
    starts, ends = histories.starts[:-1], histories.starts[1:]
    begins = np.maximum(starts + 1, ends - recent)
    places = [np.arange(b, e) for b, e in zip(begins, ends, strict=True)]
    return np.concatenate(places).astype(np.int64) if places else np.zeros(0, dtype=np.int64)


def _asked_about(
    teacher: HistoryModel, pasts: Sequence[Past], candidates: NDArray[np.bool_]
) -> Scores:
    """The teacher's tamed scores of every item after each past, (B, N)."""
    rows = range(0, len(pasts), ASKED_AT_ONCE)
    parts = [teacher.scores(pasts[begin : begin + ASKED_AT_ONCE]) for begin in rows]
    return tamed(np.concatenate(parts), candidates)


def _allowed(pasts: Sequence[Past], candidates: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The candidates that each past lacks, (B, N)."""
    allowed = np.repeat(candidates[None], len(pasts), axis=0)
    for row, past in enumerate(pasts):
        allowed[row, past] = False
    return allowed


def _best(scores: Scores, kept: int) -> tuple[NDArray[np.int64], Scores]:
    """The ``kept`` best items of each row and their softmax; zeros where nothing is left."""
    best = np.argpartition(-scores, kept - 1, axis=1)[:, :kept]
    found = np.take_along_axis(scores, best, axis=1)
    highest = np.nan_to_num(found.max(axis=1, keepdims=True), neginf=0.0)
    raised = np.exp(found - highest)
    return best, raised / np.maximum(raised.sum(axis=1, keepdims=True), 1e-9)


def _key(histories: Histories, weights: Sequence[float], recent: int, seed: int) -> str:
    content = sha256(histories.items.tobytes() + histories.starts.tobytes()).hexdigest()
    about = {"data": content, "items": histories.n_items, "weights": [f"{w:.6g}" for w in weights]}
    return json.dumps({**about, "recent": recent, "seed": seed, "kept": KEPT})


def _write(path: Path, lessons: Lessons, key: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".tmp")
    tensors: dict[str, NDArray[Any]] = {name: getattr(lessons, name) for name in _TENSORS}
    save_file(tensors, part, metadata=seal(tensors, key=key))
    part.replace(path)


def kept_lessons(
    histories: Histories, weights: Sequence[float], recent: int, run: Path, *, seed: int
) -> Lessons | None:
    """The lessons that are kept in ``run``; None where there are none of these histories.

    DataError for a file that is damaged or was altered.
    """
    key = _key(histories, weights, recent, seed)
    found = read_sealed(
        run / FILE,
        lambda metadata: metadata.get("key") == key,
        names=_TENSORS,
        remedy="delete it, it is made again",
    )
    return None if found is None else Lessons(**found[0])
