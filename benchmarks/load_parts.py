"""Visitors of a load test: what they say, and what must not be in the answers they get.

Every visitor likes a film of their own and says their own sentences, so that anything of another
visitor's in an answer can be seen. Knows nothing about locust, servers or time.
"""

import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatrec.data.catalog import builtin_films

ROOT = Path(__file__).resolve().parent.parent
RECORDS = (ROOT / "tests" / "requests.jsonl").read_text("utf-8")
REQUESTS = [json.loads(line)["text"] for line in RECORDS.splitlines()]
REFINEMENTS = (
    "something more light-hearted please",
    "show me others",
    "a bit shorter",
    "more like the first",
    "something with a happy ending",
)
ABOUT_OTHERS = ("liked", "disliked", "seen", "history")  # of a state: whose ids tell of a person
FIRST_YEAR = 1930


class Visitor:
    """Visitor ``number`` of a run. ``film`` is liked by no other visitor."""

    def __init__(self, number: int, run: str) -> None:
        self.number = number
        self.film = MARKERS[number % len(MARKERS)]
        self.year_min = FIRST_YEAR + number % 60
        self._run = run
        self._talks = itertools.count()
        self._session = ""
        self._said: list[str] = []
        self._limited = False

    def conversation(self, chosen: random.Random, turns: int) -> Iterator[dict[str, Any]]:
        """The requests of one conversation; ask for the next once the last was answered."""
        yield from self._bodies(chosen.sample(REQUESTS, turns), 5, limited=False)

    def refinements(self, chosen: random.Random, turns: int, k: int) -> Iterator[dict[str, Any]]:
        """The same for one wish and what follows from it, under a limit of this visitor's own."""
        opening = chosen.choice(("a good drama", "a comedy", "an adventure", "a thriller"))
        later = [chosen.choice(REFINEMENTS) for _ in range(turns - 1)]
        yield from self._bodies([opening, *later], k, limited=True)

    def wrong_in(self, reply: dict[str, Any]) -> str:
        """What an answer holds that isn't this visitor's, or lacks of theirs; "" for nothing."""
        state = reply["state"]
        if reply["session_id"] != self._session:
            return f"session {reply['session_id']} instead of {self._session}"
        said = [turn["text"] for turn in state["turns"] if turn["role"] == "user"]
        if not said or said != self._said[-len(said) :]:
            return f"the conversation {said} instead of {self._said}"
        if self.film.item_id not in state["liked"]:
            return f"{self.film.title} isn't liked any more"
        ids = {item_id for name in ABOUT_OTHERS for item_id in state[name]}
        if strange := (ids & MARKED) - {self.film.item_id}:
            return f"tastes of others: {sorted(strange)}"
        if self._limited and state["constraints"].get("year_min") != self.year_min:
            return f"year_min {state['constraints'].get('year_min')} instead of {self.year_min}"
        return self._wrong_in_list(reply)

    def _bodies(self, texts: list[str], k: int, *, limited: bool) -> Iterator[dict[str, Any]]:
        self._session = f"{self._run}-{self.number}-{next(self._talks)}"
        self._said, self._limited = [], limited
        for number, text in enumerate(texts):
            self._said.append(text)
            body: dict[str, Any] = {"text": text, "k": k, "session_id": self._session}
            if number == 0:
                body["liked"] = [self.film.item_id]
            if number == 0 and limited:
                body["constraints"] = {"year_min": self.year_min}
            yield body

    def _wrong_in_list(self, reply: dict[str, Any]) -> str:
        """Evidence that links an item to what somebody else likes."""
        own = {self.film.title, *(r["title"] for r in reply["recommendations"])}
        own |= {TITLES[item_id] for item_id in reply["state"]["shown"]}
        for recommended in reply["recommendations"]:
            for piece in recommended["evidence"]:
                linked = piece["text"].rpartition(" | ")[2]
                if linked in MARKER_TITLES - own and " | " in piece["text"]:
                    return f"{recommended['title']} is linked to {linked}"
        return ""


def _markers() -> list[Any]:
    """Films that no request is about, in a fixed order; titles that are no other film's.

    A request's record names also what it misspells.
    """
    films = builtin_films().items
    spoken = " ".join((RECORDS, *REFINEMENTS)).casefold()
    titles = [film.title.casefold() for film in films]
    free = [
        film
        for film in films
        if titles.count(film.title.casefold()) == 1
        and not any(word in spoken for word in film.title.casefold().split() if len(word) > 3)
        and len(film.title) > 5
    ]
    random.Random(0).shuffle(free)
    return free


MARKERS = _markers()
MARKED = {film.item_id for film in MARKERS}
MARKER_TITLES = {film.title for film in MARKERS}
TITLES = {film.item_id: film.title for film in builtin_films().items}
