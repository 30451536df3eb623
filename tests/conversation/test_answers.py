"""Answers and reply sentences say what the catalogue says and nothing else."""

from __future__ import annotations

import pytest

from chatrec.conversation.answers import answer, compare, reply_text
from chatrec.conversation.state import DialogueState
from chatrec.data.constraints import allowed
from chatrec.errors import RequestError
from chatrec.types import Item
from tests.conversation.toy_films import FILMS, converse, read

UNKNOWN = "I don't know: the catalogue doesn't say."

ANSWERS = [
    ("creator", "jaws", "Jaws (1975) is by Steven Spielberg."),
    ("cast", "alien", "In Alien (1979): Sigourney Weaver."),
    ("year", "jaws", "Jaws is from 1975."),
    ("runtime", "jaws", "Jaws (1975) runs for 124 minutes."),
    ("genre", "jaws", "The catalogue lists Jaws (1975) as Thriller, Horror."),
    ("language", "oldboy", "The main language of Oldboy (2003) is Korean."),
    ("age_rating", "jaws", "Jaws (1975) is rated PG."),
    ("description", "jaws", "Jaws (1975): A police chief hunts a shark."),
    ("is:scary", "jaws", "Yes, going by the catalogue: Jaws (1975) (Horror)."),
    ("is:violent", "oldboy", "Yes, going by the catalogue: Oldboy (2003) (violent)."),
    ("is:in korean", "oldboy", "Yes, going by the catalogue: Oldboy (2003) (Korean)."),
    ("creator", "blank", UNKNOWN),
    ("runtime", "blank", UNKNOWN),
    ("price", "jaws", UNKNOWN),
    ("is:scary", "blank", UNKNOWN),
    ("fact:platform", "jaws", UNKNOWN),
]


@pytest.mark.parametrize(("question", "item_id", "expected"), ANSWERS)
def test_answer_is_the_catalogues(question: str, item_id: str, expected: str) -> None:
    assert answer(question, FILMS.get(item_id), FILMS) == expected


def test_silence_of_the_catalogue_is_no_denial() -> None:
    said = answer("is:scary", FILMS.get("amelie"), FILMS)
    assert said.startswith("The catalogue says nothing of that for Amélie")


def test_item_from_elsewhere_is_refused() -> None:
    with pytest.raises(RequestError):
        answer("year", Item("elsewhere", "Elsewhere", 1999), FILMS)


def test_comparison_names_what_is_shared() -> None:
    lines = compare([FILMS.get("jaws"), FILMS.get("ryan")]).splitlines()
    assert lines[0] == "In common: Steven Spielberg, USA, English."
    year = next(line for line in lines if line.startswith("Year"))
    assert [cell.strip() for cell in year.split("|")] == ["Year", "1975", "1998"]


def test_comparison_of_one_tells_what_is_known_of_it() -> None:
    assert compare([FILMS.get("jaws")]).startswith("Jaws (1975): ")


def _reply(*turns: str | tuple[str, ...]) -> str:
    turned = converse(*turns)
    query = turned.state.query(FILMS)
    fitting = [i for i in FILMS if i.item_id not in query.seen and allowed(i, query.constraints)]
    return reply_text(turned, min(5, len(fitting)), turned.state, FILMS)


def test_reply_acknowledges_filters_and_titles() -> None:
    said = _reply("I loved Alien, something newer in English, no war films")
    assert all(
        part in said for part in ("5 suggestions", "Alien", "no War", "in English", "1980 or later")
    )


def test_reply_says_what_it_could_not_use() -> None:
    assert "couldn't use: “directed by a woman”" in _reply("directed by a woman")


def test_nothing_fitting_names_the_filter_in_the_way() -> None:
    said = _reply("a western from the 90s")
    assert said == (
        "Nothing in the catalogue fits that. Without the filter “Western” there would be 8."
    )


def test_nothing_left_offers_repeats() -> None:
    assert "say “again”" in _reply("a western", ("searchers",), "more")


def test_feedback_is_acknowledged() -> None:
    assert _reply("a film", ("alien", "jaws"), "not the second").startswith("Noted: not Jaws.")


def test_feedback_that_leaves_nothing_says_so() -> None:
    assert _reply("a western", ("searchers",), "not the first") == (
        "Noted: not The Searchers. Nothing in the catalogue fits that. "
        "Without the filter “Western” there would be 33."
    )


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("eine lustige Komödie", "Hier sind 5 Vorschläge: Komödie"),
        ("un film drôle", "Voici 5 suggestions : comédie"),
        ("una película divertida", "Aquí tienes 5 sugerencias: comedia"),
        ("搞笑的电影", "为你推荐5个：喜剧"),
    ],
)
def test_reply_is_in_the_users_language(text: str, start: str) -> None:
    assert _reply(text).startswith(start)


@pytest.mark.parametrize("text", ["hi", "asdf qwer", "what's the weather", "you idiot", ""])
def test_idle_messages_get_their_note(text: str) -> None:
    turned = read(text)
    assert turned.note
    assert reply_text(turned, 0, DialogueState(), FILMS) == turned.note


def test_question_is_answered_in_the_reply() -> None:
    assert (
        _reply("a film", ("alien", "jaws"), "wer hat den zweiten gedreht?")
        == "Jaws (1975) ist von Steven Spielberg."
    )
