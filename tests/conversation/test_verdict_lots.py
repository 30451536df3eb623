"""Snippets of dialogue that say what somebody thinks of a film, written before any was read.

``verdicts_blame.txt`` has films that were not liked, ``verdicts_fine.txt`` near misses. What they
were judged like when new stands in docs/conversation.md; the code was mended on them since, so the
shares here guard what was reached and say nothing of unseen speakers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import builtin_films

FOLDER = Path(__file__).parent
LEAST_FOUND = 0.94
MOST_FALSE = 0.04
_TURN = re.compile(r"(?:^| )([<>]) (.*?)(?=(?: [<>] )|$)")
_SHOWN = re.compile(r"\[(.*?)\]")


class Reader:
    """Plays snippets over the built-in films."""

    def __init__(self) -> None:
        films = builtin_films()
        self._understanding = Understanding(films)
        self.ids: Mapping[str, list[str]] = defaultdict(list)
        for film in films:
            self.ids[film.title].append(film.item_id)

    def dislikes(self, snippet: str) -> bool:
        """Whether the film named behind "=>" is disliked in the end."""
        talk, _, title = snippet.rpartition(" => ")
        state = DialogueState()
        for who, text in _TURN.findall(talk):
            if who == "<":
                shown = [self.ids[t][-1] for t in _SHOWN.findall(text) if t in self.ids]
                state = state.with_reply(re.sub(r"[\[\]]", "", text), shown)
            else:
                state = self._understanding.read(text, state, today=date(2018, 6, 1)).state
        assert title in self.ids, f"no film is called {title!r}"
        return not {*state.disliked}.isdisjoint(self.ids[title])


def _snippets(name: str) -> Sequence[str]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_nearly_every_film_that_was_not_liked_is_disliked(reader: Reader) -> None:
    snippets = _snippets("verdicts_blame.txt")
    missed = [s for s in snippets if not reader.dislikes(s)]
    assert len(missed) <= (1 - LEAST_FOUND) * len(snippets), "\n".join(missed)


def test_hardly_a_film_that_was_liked_or_not_seen_is_disliked(reader: Reader) -> None:
    snippets = _snippets("verdicts_fine.txt")
    wrong = [s for s in snippets if reader.dislikes(s)]
    assert len(wrong) <= MOST_FALSE * len(snippets), "\n".join(wrong)
