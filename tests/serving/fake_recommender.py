"""A recommender with four films and fixed answers, so that serving is tested without models."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chatrec.conversation.onboarding import Onboarding
from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.errors import ModelError, RequestError
from chatrec.generation.movers import Movers
from chatrec.generation.rationale import unhurried
from chatrec.types import (
    Candidate,
    Constraints,
    Evidence,
    Example,
    Item,
    LedBy,
    Query,
    Recommendation,
)

NASTY = "<img src=x onerror=alert(1)> ${alert(2)} {{this}} `<script>alert(3)</script>"

FILMS = (
    Item(
        "arrival",
        "Arrival",
        2016,
        ("Sci-Fi", "Drama"),
        ("Denis Villeneuve",),
        ("Amy Adams",),
        runtime_min=116,
        age_rating="PG-13",
        description="A linguist is asked to speak with visitors whose language bends time.",
    ),
    Item(
        "moon",
        "Moon",
        2009,
        ("Sci-Fi",),
        ("Duncan Jones",),
        ("Sam Rockwell",),
        runtime_min=97,
        age_rating="R",
    ),
    Item(
        "grand-budapest",
        "The Grand Budapest Hotel",
        2014,
        ("Comedy", "Adventure"),
        ("Wes Anderson",),
        ("Ralph Fiennes",),
        runtime_min=99,
        age_rating="R",
    ),
    Item("nasty", f"Nasty {NASTY}", None, ("Horror",)),
)

REASONS = (
    "You liked thoughtful science fiction, and Denis Villeneuve directed this one about a "
    "linguist who learns to speak with visitors from elsewhere.",
    "Like Arrival it is science fiction, and at 97 minutes it is a short evening.",
    "A comedy by Wes Anderson with Ralph Fiennes, as light as you asked for.",
    f"Reason {NASTY}",
)

EVIDENCE = (
    (
        Evidence("creator", "Denis Villeneuve", "catalogue"),
        Evidence("genre", "Sci-Fi", "catalogue"),
        Evidence("match", "language", "your words"),
    ),
    (Evidence("shared_genre", "Sci-Fi | Arrival", "liked"),),
    (Evidence("cast", "Ralph Fiennes", "catalogue"),),
    (Evidence("description", NASTY, "catalogue"),),
)


def unlike(item_ids: Sequence[str]) -> NDArray[np.float32]:
    """No two films are alike."""
    return np.eye(len(item_ids), dtype=np.float32)


class FakeRecommender(Recommender):
    """Shows its films in catalogue order, less those barred; limits by the word "sci-fi".

    "break the model" raises ModelError; "break midway" after the first snapshot; "bug" raises a
    KeyError; "slowly" takes ``STEPS`` steps over each reason. ``delay_s`` passes before every
    snapshot. ``overlaps`` counts calls that met, ``steps`` the steps taken over reasons, ``warmed``
    the warm-ups. Of the real one it has the signatures alone: nothing is retrieved, ranked or
    written. Asked what moved its films, it says that who likes Arrival has Moon first instead of
    last; with ``cannot_order`` it raises ModelError.
    """

    STEPS = 1_500

    def __init__(self, delay_s: float = 0.0) -> None:
        self.catalog = Catalog(FILMS)
        self.delay_s = delay_s
        self.texts: list[str] = []
        self.answers: list[str] = []
        self.states: list[DialogueState] = []  # that messages met
        self.attempts: list[int] = []
        self.overlaps = 0
        self.steps = 0
        self.warmed = 0
        self._running = threading.Lock()
        self.onboarding = Onboarding.of(self.catalog, unlike)
        self._reads = Understanding(self.catalog)
        self.cannot_order = False
        self.ordered = 0
        self.movers = Movers(self.catalog, self.order, self.heard)

    def order(self, query: Query) -> tuple[list[Candidate], LedBy]:
        if self.cannot_order:
            raise ModelError("the decoder cannot be reached at http://decoder; start it")
        self.ordered += 1
        others = [film.item_id for film in FILMS if film.item_id != "moon"]
        ids = ["moon", *others] if "arrival" in query.liked else [*others, "moon"]
        return [Candidate(item_id, 1 / n, "toy") for n, item_id in enumerate(ids, 1)], "fusion"

    def heard(self, query: Query) -> Query:
        return query

    @property
    def understanding(self) -> Understanding:
        return self._reads

    def warm_up(self) -> None:
        self.warmed += 1

    def start(
        self,
        user_id: str | None = None,
        liked: Sequence[str] = (),
        disliked: Sequence[str] = (),
        seen: Sequence[str] = (),
        examples: Sequence[Example] = (),
        constraints: Constraints | None = None,
    ) -> DialogueState:
        if user_id not in (None, "ann"):
            raise RequestError(f"unknown user {user_id!r}; the one user is 'ann'")
        return DialogueState(
            history=("moon",) if user_id else (),
            liked=self._ids(liked),
            disliked=self._ids(disliked),
            seen=self._ids(seen),
            examples=tuple(examples),
            constraints=Constraints() if constraints is None else constraints,
        )

    def overheard(self, text: str, answer: str, state: DialogueState) -> DialogueState:
        self.answers.append(answer)
        told = replace(state, talk=True).with_user_turn(text)
        return told.with_reply(answer, self._reads.named_in(answer, "en"))

    def stream(
        self,
        text: str,
        state: DialogueState,
        k: int = 5,
        *,
        hurried: Callable[[], bool] = unhurried,
        attempt: int = 0,
    ) -> Iterator[Reply]:
        self.attempts.append(attempt)
        if not self._running.acquire(blocking=False):
            self.overlaps += 1
            self._running.acquire()
        try:
            yield from self._stream(text, state, k, hurried)
        finally:
            self._running.release()

    def _stream(
        self, text: str, state: DialogueState, k: int, hurried: Callable[[], bool]
    ) -> Iterator[Reply]:
        self.texts.append(text)
        self.states.append(state)
        time.sleep(self.delay_s)
        if "break the model" in text:
            raise ModelError("the decoder cannot be reached at http://decoder; start it")
        if "bug" in text:
            raise KeyError("a bug of ours")
        state = state.with_user_turn(text)
        if "sci-fi" in text.lower():
            limits = replace(state.constraints, genres_all=("Sci-Fi",))
            state = replace(state, constraints=limits)
        wanted = set(state.constraints.genres_all)
        barred = {*state.disliked, *state.seen}
        picks = [i for i in FILMS if i.item_id not in barred and wanted <= set(i.genres)][:k]
        query = state.query()
        answer = f"{len(picks)} films for “{text}”."
        state = state.with_reply(answer, [item.item_id for item in picks])
        for ready in range(len(picks) + 1):
            shown = tuple(
                _recommendation(i, rank, rank <= ready) for rank, i in enumerate(picks, 1)
            )
            done = ready == len(picks)
            chips = ("Something shorter", "Surprise me") if done else ()
            timings = {"total": 1.23}
            about = (None, query, self.adapter)
            yield Reply(answer, "fusion", shown, state, chips, timings, done, *about)
            if "break midway" in text:
                raise ModelError("the decoder stopped answering; try again")
            for _ in range(self.STEPS if "slowly" in text else 0):
                if hurried():
                    break
                self.steps += 1
                time.sleep(0.01)
            time.sleep(self.delay_s)

    def _ids(self, names: Sequence[str]) -> tuple[str, ...]:
        known = {i.item_id: i.item_id for i in FILMS} | {i.title: i.item_id for i in FILMS}
        for name in names:
            if name not in known:
                raise RequestError(f"no film is called {name!r}; look at the catalogue")
        return tuple(known[name] for name in names)


def _recommendation(item: Item, rank: int, with_reason: bool) -> Recommendation:
    at = FILMS.index(item)
    reason = REASONS[at] if with_reason else ""
    return Recommendation(
        item, rank, 1 / rank, reason, "model" if at % 2 == 0 else "template", EVIDENCE[at]
    )
