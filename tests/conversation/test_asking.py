"""Whether a question is asked, and which: gains worked out by hand, and when none is welcome."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from chatrec.conversation.asking import (
    LEAST_POOL,
    MOST_ASKED,
    NEVER,
    Asking,
    Question,
    answers,
    chances_of,
    gain,
    is_welcome,
    may_ask,
)
from chatrec.conversation.asking_words import question_text
from chatrec.conversation.attributes import FACT, THEMES, attributes_of, halves, telling
from chatrec.conversation.lexicon import LANGUAGES
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog, builtin_films
from chatrec.types import Candidate, Constraints, Item
from tests.conversation.toy_films import FILMS, read


def unlike(item_ids: Sequence[str]) -> NDArray[np.float32]:
    return np.eye(len(item_ids), dtype=np.float32)


def pool(catalog: Catalog = FILMS) -> list[Candidate]:
    """Every item, all as likely."""
    return [Candidate(item.item_id, 1.0, "toy") for item in catalog]


def asking(catalog: Catalog = FILMS, least_gain: float = 0.5) -> Asking:
    return Asking(catalog, unlike, least_gain=least_gain)


# --- What a question is worth ---


def test_question_that_halves_four_equal_items_is_worth_one_bit() -> None:
    even = np.full(4, 0.25)
    told = answers([("a",), ("a",), ("b",), ("b",)], ("a", "b"))
    assert gain(even, told) == pytest.approx(1.0)


def test_question_that_everything_answers_alike_is_worth_nothing() -> None:
    assert gain(np.full(3, 1 / 3), answers([("a",)] * 3, ("a", "b"))) == pytest.approx(0.0)


def test_item_with_both_values_may_be_answered_either_way_and_tells_less() -> None:
    # Two items answer a and b; the third either: H(answer) = 1, H(answer | item) = 1/3.
    told = answers([("a",), ("b",), ("a", "b")], ("a", "b"))
    assert gain(np.full(3, 1 / 3), told) == pytest.approx(2 / 3)


def test_what_is_none_of_the_values_is_an_answer_too() -> None:
    told = answers([("a",), (), ("c",)], ("a", "b"))
    assert told.tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 1]]
    assert gain(np.full(3, 1 / 3), told) == pytest.approx(math.log2(3) - 2 / 3)


def test_chances_follow_the_scores_whatever_their_scale() -> None:
    small = [Candidate(str(n), n / 100, "toy") for n in range(5)]
    large = [Candidate(str(n), 100.0 * n - 7, "toy") for n in range(5)]
    assert chances_of(small) == pytest.approx(chances_of(large))
    assert chances_of(small).sum() == pytest.approx(1.0)
    assert (np.diff(chances_of(small)) > 0).all()


def test_equal_scores_give_equal_chances() -> None:
    assert chances_of(pool()[:4]).tolist() == [0.25] * 4


def test_lower_temperature_trusts_the_scores_more() -> None:
    ranked = [Candidate(str(n), float(n), "toy") for n in range(5)]
    assert chances_of(ranked, 0.5)[-1] > chances_of(ranked, 2.0)[-1]


# --- What can be asked ---


def test_halves_are_split_at_the_median_that_chances_weigh() -> None:
    items = [Item(str(n), "x", runtime_min=n) for n in (80, 91, 120, 180)]
    owned, names = halves(items, [0.1, 0.1, 0.7, 0.1], "runtime")
    assert names == ("-120", "+120")
    assert owned == (("-120",), ("-120",), ("-120",), ("+120",))


def test_nothing_is_split_where_most_running_times_are_unknown() -> None:
    items = [Item("1", "x", runtime_min=90), Item("2", "y"), Item("3", "z")]
    assert halves(items, [0.4, 0.3, 0.3], "runtime") == (((), (), ()), ())


def test_columns_of_few_words_can_be_asked_about_but_not_numbers_or_ids() -> None:
    facts = [
        {"platform": platform, "id": f"tt{n}", "plays": str(n % 3)}
        for n, platform in enumerate(["PC", "Switch"] * 5)
    ]
    games = Catalog([Item(str(n), "x", facts=f) for n, f in enumerate(facts)], "game")
    kinds = [attribute.kind for attribute in attributes_of(games)]
    assert [kind for kind in kinds if kind.startswith(FACT)] == [f"{FACT}platform"]


def test_what_limits_settle_is_not_asked() -> None:
    state = replace(DialogueState(), constraints=Constraints(year_min=1990, runtime_max=120))
    kinds = {question.kind for question in asking().questions(state, pool())}
    assert kinds.isdisjoint({"decade", "runtime"})
    assert "genre" in kinds


def test_value_that_all_of_the_pool_has_is_not_offered() -> None:
    comedies = [Candidate(i.item_id, 1.0, "toy") for i in FILMS if "Comedy" in i.genres]
    offered = [q.values for q in asking().questions(DialogueState(), comedies) if q.kind == "genre"]
    assert all("Comedy" not in values for values in offered)


def test_value_far_behind_the_likeliest_is_not_offered() -> None:
    values = [("1990",)] * 60 + [("2000",)] * 30 + [("1930",)] * 10
    told = telling(values, [0.01] * 100)
    assert [value for value, _ in told] == ["1990", "2000"]


def test_decades_are_offered_in_their_order() -> None:
    (decades,) = (
        q.values for q in asking().questions(DialogueState(), pool()) if q.kind == "decade"
    )
    assert list(decades) == sorted(decades)


# --- When ---


def test_vague_wish_is_asked_the_question_that_tells_most() -> None:
    turned = read("something good")
    found = asking().questions(turned.state, pool())
    chosen = asking().question(turned, DialogueState(), pool())
    assert chosen is not None
    assert chosen.gain == max(question.gain for question in found)


def test_question_that_tells_too_little_is_not_asked() -> None:
    assert asking(least_gain=9.0).question(read("something good"), DialogueState(), pool()) is None


def test_nothing_is_asked_about_a_handful() -> None:
    turned, few = read("something good"), pool()[: LEAST_POOL - 1]
    assert asking().question(turned, DialogueState(), few) is None


def test_nothing_is_asked_twice_and_a_few_questions_are_enough() -> None:
    state, asked = DialogueState(), []
    for _ in range(9):
        open_again = replace(state, question=())
        question = asking(least_gain=0.0).question(
            read("something else", open_again), open_again, pool()
        )
        if question is not None:
            asked.append(question.key)
            state = question.put(state)
    assert len(asked) == len(set(asked)) == MOST_ASKED


def test_no_question_follows_one_that_was_passed_over() -> None:
    before = Question("genre", ("Drama", "Comedy"), 1.0).put(DialogueState())
    assert not is_welcome(read("something good", before), before)
    assert not is_welcome(read("from the 90s", before), before)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question("genre", ("Drama", "Comedy"), 1.0), "more comedy"),
        (Question("genre", ("Drama", "Comedy"), 1.0), "no drama, no comedy"),
        (Question("decade", ("1980", "1990"), 1.0), "from the 80s"),
    ],
)
def test_who_answers_can_be_asked_on(question: Question, message: str) -> None:
    before = question.put(DialogueState())
    assert is_welcome(read(message, before), before)


def test_genres_can_be_asked_about_again_but_not_the_same_ones() -> None:
    state = DialogueState()
    first = next(q for q in asking().questions(state, pool()) if q.kind == "genre")
    state = first.put(state)
    for question in asking().questions(state, pool()):
        assert question.kind != "genre" or not {*question.values} & {*first.values}
    twice = Question("genre", ("Western", "War"), 1.0).put(state)
    assert not any(q.kind == "genre" for q in asking().questions(twice, pool()))


def test_each_other_attribute_is_asked_about_once() -> None:
    state = Question("decade", ("1980", "1990"), 1.0).put(DialogueState())
    assert not may_ask("decade", state)
    assert may_ask("genre", state)


@pytest.mark.parametrize(
    "message",
    [
        "films by Spielberg",
        "with Tom Hanks",
        "a comedy from the 90s under two hours",
        "give me three thrillers",
        "a quiet story about an old lighthouse keeper who befriends a shipwrecked sailor",
        "who directed Jaws?",
        "hello",
        "undo",
    ],
)
def test_no_question_after_a_precise_or_other_message(message: str) -> None:
    assert not is_welcome(read(message), DialogueState())


@pytest.mark.parametrize("message", ["a comedy", "something good", "from the 90s", "older"])
def test_plain_wishes_can_bear_a_question(message: str) -> None:
    assert is_welcome(read(message), DialogueState())


def test_nobody_is_asked_who_wanted_no_questions() -> None:
    state = replace(DialogueState(), asked=(NEVER,))
    assert not is_welcome(read("something good", state), state)


# --- Words ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_ends_as_one_and_names_what_it_offers(language: str) -> None:
    values = {
        "genre": ("Comedy", "Drama", "Western"),
        "decade": ("1980", "1990"),
        "country": ("France", "Japan"),
        "language": ("French", "Japanese"),
        "runtime": ("100",),
        "price": ("20",),
        "person": ("Tom Hanks",),
        "item": ("Alien",),
        f"{FACT}platform": ("PC", "Switch"),
    }
    for kind, offered in values.items():
        text = question_text(kind, offered, language)  # type: ignore[arg-type]  # the parameter is one of LANGUAGES
        assert text.rstrip().endswith(("?", "？")), text
        assert "{" not in text
        if kind not in ("genre", "country", "language"):
            assert all(value in text for value in offered), text


def test_themes_are_asked_about_in_english_alone() -> None:
    assert question_text("theme", ("heist",), "en") == "How about something with a heist in it?"
    assert question_text("theme", ("heist",), "de") == ""


def test_themes_to_ask_about_are_keywords_of_the_built_in_films() -> None:
    known = {keyword.casefold() for item in builtin_films() for keyword in item.keywords}
    assert len(THEMES & known) > 0.9 * len(THEMES)


def test_state_with_a_question_survives_json() -> None:
    state = Question("decade", ("1980", "1990"), 1.2).put(DialogueState())
    again = DialogueState.from_dict(state.to_dict())
    assert again == state
    assert (again.asked, again.question) == (("decade",), ("decade", "1980", "1990"))
