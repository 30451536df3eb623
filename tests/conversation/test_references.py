"""Messages about the last list: what they point at, ask, and want otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversation.toy_films import FILMS, NO_VIOLENCE, SHOWN, converse, read, said

AFTER_A_LIST: list[tuple[str, str, tuple[str, ...], dict[str, Any]]] = [
    ("not that one", "feedback", ("alien",), {"disliked": ("alien",)}),
    ("not the last two", "feedback", ("titanic", "matrix"), {"disliked": ("titanic", "matrix")}),
    ("I've seen 1 and 3", "feedback", ("alien", "jaws"), {"seen": ("alien", "jaws")}),
    ("I've already seen all of these", "feedback", SHOWN, {"seen": SHOWN}),
    ("I liked the second one", "feedback", ("shaun",), {"liked": ("shaun",)}),
    ("the last one was boring", "feedback", ("matrix",), {"disliked": ("matrix",)}),
    ("not for me, the second one", "feedback", ("shaun",), {"disliked": ("shaun",)}),
    ("wasn't my thing, the last one", "feedback", ("matrix",), {"disliked": ("matrix",)}),
    ("more like the second", "recommend", ("shaun",), {"near": ("shaun",)}),
    ("the first one but newer", "critique", ("alien",), {"near": ("alien",)}),
    ("Jaws but funnier", "recommend", ("jaws",), {"near": ("jaws",)}),
    ("who directed it?", "ask", ("alien",), {}),
    ("how long is the second?", "ask", ("shaun",), {}),
    ("what year?", "ask", ("alien",), {}),
    ("compare the first two", "ask", ("alien", "shaun"), {}),
    ("what about the third?", "ask", ("jaws",), {}),
    ("第二部是谁导演的？", "ask", ("shaun",), {}),
    ("something else", "critique", (), {}),
    ("none of these", "critique", (), {}),
    ("more", "critique", (), {}),
    ("noch mehr", "critique", (), {}),
    ("and now?", "critique", (), {}),
    ("what next?", "critique", (), {}),
    ("now what?", "critique", (), {}),
    ("go on then", "critique", (), {}),
    ("next", "critique", (), {}),
    ("five more please", "critique", (), {}),
    ("do you have others?", "critique", (), {}),
    ("what else have you got", "critique", (), {}),
    ("great, more", "critique", (), {}),
    ("weiter", "critique", (), {}),
    ("et maintenant ?", "critique", (), {}),
    ("继续", "critique", (), {}),
    ("is the first one scary?", "ask", ("alien",), {}),
    ("is the second film suitable for kids?", "ask", ("shaun",), {}),
    ("the second one: how long is it?", "ask", ("shaun",), {}),
    ("le deuxième est de qui ?", "ask", ("shaun",), {}),
    ("the longest one?", "ask", SHOWN, {}),
]


@pytest.mark.parametrize(("text", "act", "focus", "expected"), AFTER_A_LIST)
def test_messages_point_at_the_last_list(
    text: str, act: str, focus: tuple[str, ...], expected: dict[str, Any]
) -> None:
    turned = converse("something good", SHOWN, text)
    assert (turned.act, turned.focus) == (act, focus)
    assert {name: getattr(turned.state, name) for name in expected} == expected
    assert set(SHOWN) <= turned.state.query(FILMS).seen


QUESTIONS = [
    ("who directed it?", "creator"),
    ("who plays in it?", "cast"),
    ("what year is it from?", "year"),
    ("how long is it?", "runtime"),
    ("which country is it from?", "country"),
    ("what language is it in?", "language"),
    ("what is its age rating?", "age_rating"),
    ("is it ok for kids?", "age_rating"),
    ("what is it about?", "description"),
    ("is it scary?", "is:scary"),
    ("worum geht es in dem zweiten?", "description"),
    ("qui a réalisé le premier ?", "creator"),
    ("¿cuánto dura?", "runtime"),
    ("它讲什么？", "description"),
]


@pytest.mark.parametrize(("text", "question"), QUESTIONS)
def test_question_kind(text: str, question: str) -> None:
    turned = converse("a film", SHOWN, text)
    assert (turned.act, turned.question) == ("ask", question)


def test_it_is_the_item_last_asked_about() -> None:
    turned = converse("a film", SHOWN, "how long is the third?", (), "and who directed it?")
    assert turned.focus == ("jaws",)


CRITIQUES: list[tuple[str, dict[str, Any]]] = [
    ("something older", {"year_max": 1996}),  # years 1975 1979 1997 1999 2004: median 1997
    ("newer please", {"year_min": 1998}),
    ("too old", {"year_min": 1998}),
    ("shorter", {"runtime_max": 123}),  # 99 117 124 136 194: median 124
    ("a bit longer", {"runtime_min": 125}),
    ("funnier", {"genres_all": ("Comedy",)}),
    ("more action", {"genres_all": ("Action",)}),
    ("less violent", NO_VIOLENCE),
    ("less scary", {"genres_none": ("Horror",)}),
    ("älter", {"year_max": 1996}),
    ("plus court", {"runtime_max": 123}),
    ("más divertida", {"genres_all": ("Comedy",)}),
    ("更老一点", {"year_max": 1996}),
]


@pytest.mark.parametrize(("text", "expected"), CRITIQUES)
def test_critique_is_relative_to_the_last_list(text: str, expected: dict[str, Any]) -> None:
    turned = converse("a film tonight", SHOWN, text)
    assert turned.act == "critique"
    assert said(turned.state.constraints) == expected


def test_comparison_with_a_named_item_is_relative_to_it() -> None:
    assert read("like Jaws but newer").state.constraints.year_min == 1976
