"""Slips of the keyboard in the words that a message is understood by."""

from __future__ import annotations

import pytest

from chatrec.conversation.slips import put_right
from chatrec.conversation.utterance import clean
from chatrec.conversation.vocabulary import Vocabulary
from tests.conversation.toy_films import FILMS, converse

VOCABULARY = Vocabulary(FILMS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a bit more romacne", "a bit more romance"),
        ("it shuold also be a horror film", "it should also be a horror film"),
        ("from the ninteies", "from the nineties"),
        ("Scond thoughts about the secnod one", "Scond thoughts about the second one"),
        ("Cmoedy please", "Comedy please"),
        ("somethingg else", "something else"),
        ("no prefernce", "no preference"),
    ],
)
def test_a_slip_in_a_word_that_is_looked_for_is_put_right(written: str, meant: str) -> None:
    assert put_right(clean(written), VOCABULARY).text == meant


@pytest.mark.parametrize(
    "written",
    [
        "an auction in a village",  # one letter off "action"
        "never a dull linger",  # off "newer" and "longer"
        "a film with Nivelle Shuold",  # a name
        'what about "shuold"?',
        "Alien and Jaws",
        "komische Geschichten",
        "the resent of a regent",  # off "recent"
    ],
)
def test_what_is_spelt_right_or_is_a_name_stays(written: str) -> None:
    utterance = clean(written)
    assert put_right(utterance, VOCABULARY) is utterance


def test_a_misspelt_criticism_keeps_what_was_asked_before() -> None:
    state = converse("a horror film from the eighties", "a bit more cmoedy").state
    assert state.constraints.genres_all == ("Horror", "Comedy")
    assert (state.constraints.year_min, state.constraints.year_max) == (1980, 1989)


def test_what_was_typed_is_what_is_remembered() -> None:
    state = converse("a hororr film from the ninteies").state
    assert state.turns[-1].text == "a hororr film from the ninteies"
    assert {change.words for change in state.changes} == {"a hororr film from the ninteies"}
