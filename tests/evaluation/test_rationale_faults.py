"""The independent check finds what is false in a reason, and nothing in what is true."""

from __future__ import annotations

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.evaluation.rationale_faults import FactCheck, Known
from chatrec.types import Evidence, Item, Recommendation

MOON = Item(
    "moon",
    "Moon",
    2009,
    genres=("Drama", "Sci-Fi"),
    creators=("Duncan Jones",),
    cast=("Sam Rockwell",),
    keywords=("clone", "isolation"),
    runtime_min=97,
    description="An astronaut mines helium on the Moon's far side.",
    facts={"mean_rating": "7.84", "votes": "1200"},
)
ALIEN = Item(
    "alien",
    "Alien",
    1979,
    genres=("Horror", "Sci-Fi"),
    creators=("Ridley Scott",),
    cast=("Sigourney Weaver",),
    keywords=("isolation",),
)
HELP = Item("help", "Help! Part Two", 1990, genres=("Musical",), creators=("Ann Lee",))
CATALOG = Catalog([MOON, ALIEN, HELP], domain="film")
CHECK = FactCheck(CATALOG)
LINKS = (
    Evidence("shared_keyword", "isolation | Alien", "liked"),
    Evidence("genre", "Drama", "catalogue"),
)


def faults(text: str, ties: dict[str, str] | None = None, facts: object = LINKS) -> tuple[str, ...]:
    known = Known({"alien": "liked"} if ties is None else ties)
    shown = Recommendation(MOON, 1, 0.0, text, "model", facts)  # type: ignore[arg-type]  # a tuple
    return CHECK.faults(shown, known)


TRUE = [
    "Since you liked Alien, here is another film with isolation.",
    "Duncan Jones directed this sci-fi film, with Sam Rockwell in the cast.",
    "It is rated 7.8 of 10 by 1,200, runs 97 minutes and came out in 2009.",
    "Like Alien, it turns to isolation. Its description says “mines helium”.",
    "If Alien is to your taste, try this drama.",
]
FALSE = [
    ("Sam Rockwell directed this film.", "Sam Rockwell is not its director"),
    ("Like Alien, it was directed by Ridley Scott.", "Ridley Scott is only in what was named"),
    ("Ann Lee directed this drama.", "Ann Lee has nothing to do with it"),
    ("The cast includes Duncan Jones.", "Duncan Jones is not in the cast"),
    ("It came out in 2010.", "number 2010"),
    ("It is rated 8.1 of 10.", "rated 8.1 of 10"),
    ("It is rated 7.8 of 10 by 900.", "rated by 900"),
    ("After Help! Part Two, try this.", "title Help! Part Two was not named"),
    ("Here is a musical for you.", "genre Musical"),
    ("Its description says “mines gold”.", "quote mines gold"),
    ("“Moon” stands in both titles, as in Alien.", "Moon is not in both titles"),
]


@pytest.mark.parametrize("text", TRUE)
def test_true_reasons_have_no_faults(text: str) -> None:
    assert faults(text) == ()


@pytest.mark.parametrize(("text", "fault"), FALSE)
def test_false_reasons_are_found_out(text: str, fault: str) -> None:
    assert fault in faults(text)


TIES = [("liked", "enjoyed"), ("named", "mentioned"), ("history", "know")]


@pytest.mark.parametrize(("tie", "said"), TIES)
def test_what_the_user_did_must_hold(tie: str, said: str) -> None:
    text = f"You {said} Alien, and this film turns to isolation too."
    assert faults(text, {"alien": tie}) == ()
    wrong = {"liked": "history", "named": "history", "history": "named"}[tie]
    assert faults(text, {"alien": wrong}) == (f"“You {said}” does not hold",)


EVIDENCE = [
    (Evidence("genre", "Musical", "catalogue"), "evidence genre Musical is not the item's"),
    (
        Evidence("shared_keyword", "clone | Alien", "liked"),
        "evidence shared_keyword clone | Alien is not shared",
    ),
    (Evidence("similar", "Help!", "dense"), "evidence similar Help! was never named"),
    (
        Evidence("shared_title", "Moon | Alien", "liked"),
        "evidence shared_title Moon | Alien is not in both titles",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("piece", "fault"), EVIDENCE)
def test_evidence_that_the_catalogue_does_not_bear_out_is_found(
    piece: Evidence, fault: str
) -> None:
    assert faults("It is a drama.", facts=(piece,)) == (fault,)


def test_what_is_known_of_a_conversation_is_the_strongest_tie() -> None:
    state = DialogueState(
        history=("moon", "alien", "help"), liked=("alien",), near=("alien", "help")
    )
    assert Known.of(state).ties == {"moon": "history", "alien": "liked", "help": "named"}
