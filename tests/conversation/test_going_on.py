"""Messages that go on from the one before, and short answers to what the reply asked."""

from __future__ import annotations

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Constraints, Item
from tests.conversation.toy_films import FILMS, SHOWN, converse, read

TWINS = Understanding(Catalog([Item("old", "King Kong", 1933), Item("new", "King Kong", 1976)]))
BOOKS = Understanding(
    Catalog(
        [
            Item("emma", "Emma", 1815, facts={"pages": "474", "format": "paperback, audio book"}),
            Item("dune", "Dune", 1965, facts={"pages": "688", "format": "paperback"}),
            Item("momo", "Momo", 1973, facts={"pages": "227", "format": "audio book"}),
        ],
        "book",
    )
)


def _asked(question: str, answer: str) -> DialogueState:
    """The state after an answer to a reply that showed Jaws alone."""
    return read(answer, read("a film").state.with_reply(question, ("jaws",))).state


def test_title_after_and_shares_the_verdict_before() -> None:
    assert converse("I loved Alien", SHOWN, "and Jaws of course").state.liked == ("alien", "jaws")
    assert converse("I hated Alien", SHOWN, "Titanic too").state.disliked == ("alien",)


def test_it_is_the_title_that_was_just_judged() -> None:
    state = converse("I loved Titanic", SHOWN, "I was joking, I hated it").state
    assert (state.liked, state.disliked) == ((), ("titanic",))


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Have you seen Jaws?", "yes", ((), (), ("jaws",))),
        ("Have you seen Jaws?", "no, not yet", ((), (), ())),
        ("Have you seen Jaws?", "Yes, great movie!", (("jaws",), (), ())),
        ("Have you seen Jaws?", "I have, but I wasn't a fan", ((), ("jaws",), ())),
        ("Did you like Jaws?", "nope", ((), ("jaws",), ())),
        ("Jaws is another one.", "yes", ((), (), ())),
        ("Jaws is another one.", "I haven't seen it, sounds great", ((), (), ())),
    ],
)
def test_short_answer_judges_what_was_asked(
    question: str, answer: str, expected: tuple[tuple[str, ...], ...]
) -> None:
    state = _asked(question, answer)
    assert (state.liked, state.disliked, state.seen) == expected


def test_the_old_one_is_the_older_item_of_the_title() -> None:
    first = TWINS.read("a film like King Kong", DialogueState()).state
    assert first.near == ("new",)
    assert TWINS.read("no, I meant the old one", first).state.near == ("old",)
    assert TWINS.read("the 1933 one", first).state.near == ("old",)


def test_refusal_and_choice_of_people_go_on() -> None:
    state = converse("a thriller without Tom Hanks", "or Sigourney Weaver").state
    assert state.constraints.people_none == ("Tom Hanks", "Sigourney Weaver")
    state = converse("with Tom Hanks", "or Sigourney Weaver").state
    assert state.constraints.people_any == ("Tom Hanks", "Sigourney Weaver")


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("a book under 300 pages", ("pages<=299",)),
        ("at least 500 pages", ("pages>=500",)),
        ("not longer than 300 pages, an audio book", ("pages<=300", "format=audio book")),
        ("Emma, but shorter", ("pages<=473",)),
        ("no limits here", ()),
    ],
)
def test_columns_of_the_catalogue_become_limits(text: str, facts: tuple[str, ...]) -> None:
    found = BOOKS.read(text, DialogueState()).state.constraints.facts
    assert sorted(found) == sorted(facts)


def test_newer_limit_of_a_column_takes_the_older_ones_place() -> None:
    first = BOOKS.read("up to 300 pages", DialogueState()).state
    assert BOOKS.read("make that 400", first).state.constraints.facts == ("pages<=400",)
    assert BOOKS.read("at least 500 pages", first).state.constraints.facts == ("pages>=500",)


def test_which_is_longer_names_the_longest_first() -> None:
    turned = BOOKS.read("is Emma longer than Dune?", DialogueState())
    assert (turned.act, turned.question) == ("ask", "most:longer")
    assert turned.state.focus == ("dune", "emma")


def test_question_about_a_shared_title_is_answered_for_each() -> None:
    turned = TWINS.read("when was King Kong made?", DialogueState())
    assert set(turned.focus) == {"old", "new"}


def test_limits_of_films_without_other_columns_hold_no_facts() -> None:
    assert not any(item.facts for item in FILMS)
    assert read("on the switch, up to 90 pages").state.constraints == Constraints()
