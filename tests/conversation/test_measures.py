"""Running times that are said in words, in five languages."""

from __future__ import annotations

import pytest

from chatrec.conversation.measures import runtimes
from chatrec.conversation.utterance import fold

LOWER, UPPER = 95, 125


@pytest.mark.parametrize(
    "text",
    [
        "a comedy, not too long",
        "no long films please",
        "nothing overly long",
        "ein nicht zu langer Film für heute Abend",
        "einen Krimi, aber nicht allzu lang",
        "keine langen Filme",
        "un film pas trop long pour les enfants",
        "une comédie, pas très longue",
        "una película de miedo, pero no muy larga",
        "una comedia que no sea demasiado larga",
        "不要太长的喜剧",
    ],
)
def test_what_is_not_to_be_long_has_an_upper_bound(text: str) -> None:
    (found,) = runtimes(fold(text), LOWER, UPPER)
    assert dict(found.values) == {"runtime_max": UPPER}


@pytest.mark.parametrize("text", ["quelque chose de moins long", "something less long", "too long"])
def test_what_is_said_of_the_list_shown_is_no_bound(text: str) -> None:
    assert runtimes(fold(text), LOWER, UPPER) == []


@pytest.mark.parametrize("text", ["a long film", "ein langer Film"])
def test_what_is_to_be_long_has_a_lower_bound(text: str) -> None:
    (found,) = runtimes(fold(text), LOWER, UPPER)
    assert dict(found.values) == {"runtime_min": UPPER}
