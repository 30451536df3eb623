"""Messages that take back what was just said, in whole or in part."""

from __future__ import annotations

from typing import Any

import pytest

from chatrec.conversation.corrections import correction_in
from tests.conversation.toy_films import SHOWN, converse, said

CORRECTED: list[tuple[tuple[str, ...], dict[str, Any], str]] = [
    (("a funny film", "no wait, a sad film"), {}, "a sad film"),
    (("a funny film", "no, sorry, a thriller"), {"genres_all": ("Thriller",)}, "a thriller"),
    (("a comedy", "scratch that, a western"), {"genres_all": ("Western",)}, "a western"),
    (("a funny film", "I meant a sad film"), {}, "a sad film"),
    (("a funny film, no wait, a sad film",), {}, "a sad film"),
    (
        ("a drama from the 90s", "no wait, a comedy"),
        {"genres_all": ("Comedy",), "year_min": 1990, "year_max": 1999},
        "a comedy",
    ),
    (
        ("a drama from the 90s", "no wait, the 80s"),
        {"genres_all": ("Drama",), "year_min": 1980, "year_max": 1989},
        "a drama",
    ),
    (
        ("a thriller with Tom Hanks", "sorry, I meant Tom Cruise"),
        {"genres_all": ("Thriller",), "people_all": ("Tom Cruise",)},
        "Tom Cruise",
    ),
    (
        ("ein trauriger Film", "nein warte, ein Western"),
        {"genres_all": ("Western",)},
        "ein Western",
    ),
    (
        ("a comedy", "no wait, not horror"),
        {"genres_all": ("Comedy",), "genres_none": ("Horror",)},
        "a comedy",
    ),
]


@pytest.mark.parametrize(("turns", "limits", "wish"), CORRECTED)
def test_a_correction_replaces_what_it_contradicts(
    turns: tuple[str, ...], limits: dict[str, Any], wish: str
) -> None:
    state = converse(*turns).state
    assert said(state.constraints) == limits
    assert state.wish.removesuffix(" (Western)") == wish


def test_a_correction_after_a_critique_takes_the_critique_back() -> None:
    state = converse("a comedy", SHOWN, "shorter", "no wait, a drama").state
    assert said(state.constraints) == {"genres_all": ("Drama",)}


def test_a_correction_of_a_refinement_keeps_the_wish_before_it() -> None:
    state = converse("something slow", "and moody", "no wait, and dreamy").state
    assert "slow" in state.wish
    assert "dreamy" in state.wish
    assert "moody" not in state.wish


def test_a_corrected_title_is_no_longer_liked() -> None:
    state = converse("I loved Alien", "no wait, I loved Jaws").state
    assert state.liked == ("jaws",)


def test_undo_after_a_correction_gives_back_what_it_took() -> None:
    assert said(converse("a comedy", "no wait, a drama", "undo").state.constraints) == {
        "genres_all": ("Comedy",)
    }


@pytest.mark.parametrize(
    "text",
    ["forget that", "forget it", "never mind", "vergiss das", "oublie ça", "olvídalo", "算了"],
)
def test_forgetting_undoes_the_last_message_and_says_so(text: str) -> None:
    turned = converse("a comedy", SHOWN, "for my 7 year old", text)
    assert turned.act == "undo"
    assert said(turned.state.constraints) == {"genres_all": ("Comedy",)}
    assert turned.focus == SHOWN
    assert turned.note


@pytest.mark.parametrize(
    "text", ["wait for it", "sorry to bother you, a comedy", "no", "I mean it"]
)
def test_everyday_words_take_nothing_back(text: str) -> None:
    assert correction_in(text.lower()) is None


def test_no_wait_alone_changes_nothing() -> None:
    turned = converse("a comedy", "no wait")
    assert turned.act == "smalltalk"
    assert said(turned.state.constraints) == {"genres_all": ("Comedy",)}


def test_swearing_at_a_list_starts_a_new_wish() -> None:
    turned = converse("a funny film", SHOWN, "fuck this, give me something violent")
    assert turned.act == "recommend"
    assert said(turned.state.constraints) == {}
    assert "violent" in turned.state.wish


def test_something_else_in_one_word_replaces_a_wish_in_words() -> None:
    assert converse("something sad", "something dark").state.wish == "something dark"
    assert converse("a comedy", "something dark").state.constraints.genres_all == ("Comedy",)


def test_shorter_after_longer_drops_the_bound_that_longer_set() -> None:
    limits = said(converse("a film", SHOWN, "longer", SHOWN, "shorter").state.constraints)
    assert set(limits) == {"runtime_max"}


def test_shorter_keeps_a_bound_said_in_minutes() -> None:
    limits = said(converse("a film of at least 90 minutes", SHOWN, "shorter").state.constraints)
    assert limits["runtime_min"] == 90
    assert limits["runtime_max"] < 124


def test_newer_after_older_drops_the_bound_that_older_set() -> None:
    limits = said(converse("a film", SHOWN, "older", SHOWN, "newer").state.constraints)
    assert set(limits) == {"year_min"}


def test_forgetting_the_kids_lifts_their_genres_too() -> None:
    state = converse("a film for my 7 year old", "forget the kids").state
    assert said(state.constraints) == {}
    assert state.wish == ""
