"""How people say that they didn't care for a film, about one they name and one just proposed."""

from __future__ import annotations

import pytest

from chatrec.conversation.state import DialogueState
from tests.conversation.toy_films import read


@pytest.mark.parametrize(
    "message",
    [
        "I wasnt a very big fan of Jaws but the music was catchy",
        "I'm not a fan of the Jaws movies",
        "I was never much into Jaws",
        "not such a fan of the sequel Jaws",
        "I'm not interested in Jaws",
        "Jaws was ok, but not really my cup of tea",
        "I thought that Jaws wasn't all that great",
        "I didn't actually love Jaws",
        "I heard some pretty bad things about Jaws",
        "I'll pass on Jaws",
        "Jaws was a little bloody for my taste",
    ],
)
def test_named_film_that_was_not_cared_for_is_disliked(message: str) -> None:
    assert read(message).state.disliked == ("jaws",)


@pytest.mark.parametrize(
    "message",
    [
        "I'm not really a fan of that one.",
        "I wasn't a huge fan",
        "No, it does not look good.",
        "I've seen that one but it was a little vulgar for my taste",
        "I'll pass on that one then, lol.",
    ],
)
def test_proposed_film_that_was_not_cared_for_is_disliked(message: str) -> None:
    proposed = DialogueState().with_reply("Have you seen Jaws?", ["jaws"])
    assert read(message, proposed).state.disliked == ("jaws",)


@pytest.mark.parametrize(
    "message",
    [
        "I'm not only a fan of Jaws, I love it",
        "I have seen Jaws too it was great",
        "I've never seen it Jaws was okay",
    ],
)
def test_what_only_looks_like_blame_is_none(message: str) -> None:
    assert read(message).state.disliked == ()


@pytest.mark.parametrize(
    "message",
    ["I loved Jaws, my cousin showed it to us", "Yes! I have seen Jaws, she dressed up as him"],
)
def test_what_is_told_beside_a_verdict_is_no_wish(message: str) -> None:
    assert read(message).state.wish == ""


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("I loved Jaws, recommend me stories about lighthouses", "lighthouses"),
        ("I loved Jaws, very suspenseful", "suspenseful"),
    ],
)
def test_what_is_wished_beside_a_verdict_stays(message: str, wish: str) -> None:
    assert wish in read(message).state.wish
