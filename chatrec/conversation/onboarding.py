"""Which titles to ask a newcomer about: those whose verdicts tell most about a taste.

A taste is one of a few types, each stood for by an item: "who loves what is like this one". For
every well-known title there is a table of how each type would answer (ANSWERS): counted among
people who loved the type's item where there are interactions, else from how alike the texts are
and how well known the title is. Titles are chosen one after the other so that all answers together
are expected to take most entropy off the types (information gain, as decision trees do; for the
start of a recommender Rashid et al., "Learning preferences of new users in recommender systems",
SIGKDD Explorations 10(2), 2008). A title that nobody would know tells nothing, and one that is
like another adds nothing, so both are left without a rule of their own. What has been said already
(a sentence of taste, verdicts) changes how likely the types are, and with that the titles.

Works for any catalogue; knows nothing about how answers are used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chatrec.conversation.merging import lasting
from chatrec.conversation.state import DialogueState
from chatrec.conversation.unsought import unsought
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import allowed
from chatrec.data.interactions import Histories
from chatrec.errors import RequestError
from chatrec.retrieval.acclaim import acclaim
from chatrec.types import Item

Answer = Literal["loved", "fine", "not_for_me", "unknown"]
ANSWERS: tuple[Answer, ...] = ("loved", "fine", "not_for_me", "unknown")

N_TITLES = 3
MAX_TITLES = 5
POOL = 400  # best-known items, among which types and titles are
ENOUGH = 12  # titles to choose from
TYPES = 24
SMOOTHING = 8.0  # people that a type's counts are filled up with, who answer like everybody
FAVOUR = 0.2  # cosine that makes a type e times as likely where a taste was told
NEWNESS = 0.25  # what the year counts for how familiar an item may be, beside its people
STEEP = 2.0  # how fast fewer people know what is less received
LIKENESS = 0.08  # cosine that changes the chance to love an item by a factor of e

Floats = NDArray[np.float64]
Likeness = Callable[[Sequence[str]], NDArray[np.float32]]  # cosines between items, (n, n)


@dataclass(frozen=True, slots=True, eq=False)
class Onboarding:
    """The best-known items of a catalogue and how each type of taste would judge them.

    ``rows`` (m,) are their places in the catalogue, best known first; ``types`` (C,) places in
    ``rows``; ``table`` (C, m, 4) the chance of each of ANSWERS; ``prior`` (C,) how likely each
    type is.
    """

    catalog: Catalog
    likeness: Likeness
    rows: NDArray[np.int64]
    types: NDArray[np.int64]
    table: Floats
    prior: Floats

    @classmethod
    def of(
        cls, catalog: Catalog, likeness: Likeness, histories: Histories | None = None
    ) -> Onboarding:
        """For a catalogue, with everybody's interactions where there are some."""
        told = histories if histories is not None and len(histories.items) else None
        known = _known(catalog, told)
        rows = np.argsort(-known, kind="stable")[:POOL]
        ids = [catalog.items[row].item_id for row in rows.tolist()]
        cosines = likeness(ids).astype(np.float64)
        types = _apart(cosines, known[rows], min(TYPES, len(rows)))
        if told is None:
            table = _by_likeness(cosines[types], known[rows])
            prior = np.full(len(types), 1 / len(types))
        else:
            table, prior = _by_people(told, rows, types)
        return cls(catalog, likeness, rows, types, table, prior)

    def titles(
        self,
        state: DialogueState | None = None,
        *,
        n: int = N_TITLES,
        favoured: Sequence[str] = (),
        without: Collection[str] = (),
    ) -> tuple[Item, ...]:
        """At most ``n`` titles to judge, the most telling first.

        Nothing that the ``state`` rules out or has a verdict on, and none of ``without`` (asked
        before); where its wish leaves fewer than ENOUGH, only what it rules out for good counts.
        ``favoured`` are items that a sentence of taste finds: titles like them are asked about.
        RequestError for ``n`` outside 1 to MAX_TITLES.
        """
        if not 1 <= n <= MAX_TITLES:
            raise RequestError(f"n is {n}; allowed are 1 to {MAX_TITLES} titles")
        state = DialogueState() if state is None else state
        open_ = self._askable(state, without)
        joint = self._belief(state)[:, None]  # (C, answers so far)
        if favoured:
            near = self._nearness(favoured)
            joint *= np.exp((near[self.types] - near[self.types].max()) / FAVOUR)[:, None]
            open_ = sorted(open_, key=lambda place: -near[place])[: max(ENOUGH, len(open_) // 4)]
        chosen: list[int] = []
        while len(chosen) < min(n, len(open_)):
            left = np.array([place for place in open_ if place not in chosen])
            gain = _entropies(joint, self.table[:, left])
            chosen.append(int(left[gain.argmin()]))
            joint = (joint[:, :, None] * self.table[:, None, chosen[-1]]).reshape(len(joint), -1)
        return tuple(self.catalog.items[self.rows[place]] for place in chosen)

    def _askable(self, state: DialogueState, without: Collection[str]) -> list[int]:
        named = (state.history, state.liked, state.disliked, state.seen, state.near)
        barred = {*without, *(item_id for ids in named for item_id in ids)}
        barred |= unsought(state.query(), self.catalog)
        items = [self.catalog.items[row] for row in self.rows.tolist()]
        new = [place for place, item in enumerate(items) if item.item_id not in barred]
        fitting = [place for place in new if allowed(items[place], state.constraints)]
        if len(fitting) >= ENOUGH:
            return fitting
        ruled_out = lasting(state.constraints, state.standing)
        return [place for place in new if allowed(items[place], ruled_out)]

    def _belief(self, state: DialogueState) -> Floats:
        """How likely each type is after the verdicts so far, (C,), up to a factor."""
        place = {self.catalog.items[row].item_id: p for p, row in enumerate(self.rows.tolist())}
        belief = self.prior.copy()
        for answer, ids in enumerate((state.liked, state.seen, state.disliked)):
            for item_id in ids:
                if item_id in place:
                    belief *= self.table[:, place[item_id], answer]
        share: Floats = belief / belief.sum()
        return share

    def _nearness(self, favoured: Sequence[str]) -> Floats:
        """How alike each of the best-known items is to the favoured ones, (m,)."""
        own = [self.catalog.items[row].item_id for row in self.rows.tolist()]
        cosines = self.likeness([*own, *favoured])[: len(own), len(own) :]
        nearness: Floats = cosines.mean(axis=1, dtype=np.float64)
        return nearness


def answered(state: DialogueState, item_id: str, answer: Answer) -> DialogueState:
    """The state with an answer: "fine" counts as seen, "unknown" says nothing.

    RequestError for an answer that is none of ANSWERS.
    """
    match answer:
        case "loved":
            return state.with_feedback(item_id, "like")
        case "fine":
            return state.with_feedback(item_id, "seen")
        case "not_for_me":
            return state.with_feedback(item_id, "dislike")
        case "unknown":
            return state
        case _:
            raise RequestError(f"unknown answer {answer!r}; allowed are {', '.join(ANSWERS)}")


def _known(catalog: Catalog, histories: Histories | None) -> Floats:
    """The share of people who know each item, (n,)."""
    if histories is not None:
        share: Floats = histories.counts / max(len(histories), 1)
        return share
    received = acclaim(catalog)
    place = _familiar(catalog) if received is None else received.astype(np.float64)
    known: Floats = place**STEEP
    return known


def _familiar(catalog: Catalog) -> Floats:
    """How familiar each item may be, 0 to 1, where nothing tells how many people know it.

    By its place in how many items of the catalogue its people made, on average, and a little in
    how new it is: people with much in a catalogue are known, and so are their works. On the
    built-in films up to 2018 the rank correlation with how many MovieLens users rated a film is
    .51 (1,041 films of the built-in catalogue in ml-latest-small).
    """
    people = [{*item.creators, *item.cast} for item in catalog]
    works = Counter(person for names in people for person in names)
    mean = np.array([np.mean([works[p] for p in names]) if names else 1.0 for names in people])
    known_years = [item.year for item in catalog if item.year is not None]
    usual = float(np.median(known_years)) if known_years else 0.0
    years = np.array([usual if item.year is None else item.year for item in catalog])
    return (1 - NEWNESS) * _places(mean) + NEWNESS * _places(years)


def _places(values: Floats) -> Floats:
    """The share of the values that each is above, ties in the middle, (n,)."""
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    places: Floats = below / (2 * len(values))
    return places


def _apart(cosines: Floats, known: Floats, n: int) -> NDArray[np.int64]:
    """``n`` items to which all others are as near as can be, the better-known ones above all, (n,).

    Greedy: each brings most (facility location).
    """
    nearest = np.zeros(len(known))
    chosen: list[int] = []
    for _ in range(n):
        gains = known @ np.maximum(cosines - nearest[:, None], 0.0)
        gains[chosen] = -1.0
        chosen.append(int(gains.argmax()))
        nearest = np.maximum(nearest, cosines[:, chosen[-1]])
    return np.array(chosen)


def _by_likeness(cosines: Floats, known: Floats) -> Floats:
    """How types judge items that they know by how alike these are to the type's own, (C, m, 4)."""
    usual = cosines.mean(axis=0)
    loves = 1 / (1 + np.exp(-(cosines - usual) / LIKENESS))
    chances = np.stack([loves**2, 2 * loves * (1 - loves), (1 - loves) ** 2], axis=-1)
    told = known[None, :, None] * chances
    return np.concatenate([told, np.broadcast_to(1 - known, cosines.shape)[..., None]], axis=-1)


def _by_people(
    histories: Histories, rows: NDArray[np.int64], types: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """How those who loved each type's item judged every item, (C, m, 4); shares of types, (C,)."""
    verdict = verdicts(histories, rows)  # (U, m)
    loved = verdict == 0
    members = loved[:, types].astype(np.float64)  # (U, C)
    of_all = np.stack([(verdict == a).mean(axis=0) for a in range(4)], axis=-1)  # (m, 4)
    counts = np.stack(
        [members.T @ (verdict == a).astype(np.float64) for a in range(4)], axis=-1
    )  # (C, m, 4)
    sizes = members.sum(axis=0)
    table = (counts + SMOOTHING * of_all) / (sizes + SMOOTHING)[:, None, None]
    return table, (sizes + 1) / (sizes + 1).sum()


def verdicts(histories: Histories, rows: NDArray[np.int64]) -> NDArray[np.int8]:
    """Each person's answer about each of the items, as a place in ANSWERS, (U, m).

    Loved is what was weighed at least as high as the person's own mean, not for them what was
    weighed more than half a standard deviation below; where all weights are alike, all is loved.
    """
    users = np.repeat(np.arange(len(histories)), histories.sizes)
    weights = histories.weights.astype(np.float64)
    sizes = np.maximum(histories.sizes, 1)
    mean = np.bincount(users, weights, len(histories)) / sizes
    above = weights - mean[users]
    spread = np.sqrt(np.bincount(users, above**2, len(histories)) / sizes)
    answer = np.where(above >= 0, 0, np.where(above >= -spread[users] / 2, 1, 2)).astype(np.int8)
    place = np.full(histories.n_items, -1)
    place[rows] = np.arange(len(rows))
    told = np.full((len(histories), len(rows)), 3, dtype=np.int8)
    asked = place[histories.items] >= 0
    told[users[asked], place[histories.items[asked]]] = answer[asked]
    return told


def _entropies(joint: Floats, table: Floats) -> Floats:
    """The entropy of the types that is expected to be left after each title's answer, (m,).

    ``joint`` (C, A) over types and the answers so far, ``table`` (C, m, 4).
    """
    after = joint[:, :, None, None] * table[:, None]  # (C, A, m, 4)
    total = after.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = np.where(after > 0, after * np.log(after), 0.0).sum(axis=0)
        outer = np.where(total > 0, total * np.log(total), 0.0)
    left: Floats = (outer - inner).sum(axis=(0, 2))
    return left
