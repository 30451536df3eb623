"""Answers to the question of the last reply: what they change, and that nothing else is lost."""

from dataclasses import replace

import pytest

from chatrec.conversation.answering import Answers
from chatrec.conversation.asking import NEVER, Question, may_ask
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned
from chatrec.types import Constraints
from tests.conversation.toy_films import FILMS, READER, SHOWN, said

ANSWERS = Answers(FILMS, READER)


def asked(question: tuple[str, ...], *before: str) -> DialogueState:
    """The state after these messages, a list, and the question."""
    state = DialogueState()
    for message in before or ("a funny film",):
        state = READER.read(message, replace(state, question=())).state.with_reply("", SHOWN)
    return Question(question[0], question[1:], 1.0).put(state)


def answer(text: str, question: tuple[str, ...], *before: str) -> Turned:
    return ANSWERS.read(text, asked(question, *before))


GENRES = ("genre", "Romance", "Crime")
DECADES = ("decade", "1980", "1990")
RUNTIME = ("runtime", "-100", "+100")


@pytest.mark.parametrize(
    "text",
    ["crime", "Crime please", "rather crime", "I'd say crime", "a crime film", "Krimi", "policier"],
)
def test_genre_named_refines_the_wish_that_was_asked_about(text: str) -> None:
    turned = answer(text, GENRES)
    assert set(turned.state.constraints.genres_all) == {"Comedy", "Crime"}
    assert not turned.renewed
    assert turned.state.wish.startswith("a funny film")


def test_genre_that_was_not_offered_refines_as_well() -> None:
    turned = answer("horror", GENRES)
    assert set(turned.state.constraints.genres_all) == {"Comedy", "Horror"}
    assert not turned.renewed


@pytest.mark.parametrize("text", ["I don't want crime", "no crime", "anything but crime"])
def test_genre_offered_and_refused_is_ruled_out(text: str) -> None:
    limits = answer(text, GENRES).state.constraints
    assert (limits.genres_all, limits.genres_none) == (("Comedy",), ("Crime",))


@pytest.mark.parametrize("text", ["no preferecne", "deosn't mattre"])
def test_slip_in_an_answer_is_put_right(text: str) -> None:
    assert answer(text, GENRES).state.constraints.genres_all == ("Comedy",)


def test_what_is_said_beside_a_genre_counts_too() -> None:
    turned = answer("crime by Michael Mann please", GENRES)
    limits = turned.state.constraints
    assert set(limits.genres_all) == {"Comedy", "Crime"}
    assert limits.people_all == ("Michael Mann",)


def test_what_is_said_beside_a_length_counts_too() -> None:
    limits = answer("shorter crime films", RUNTIME).state.constraints
    assert "Crime" in limits.genres_all
    assert limits.runtime_max is not None


def test_whole_wish_in_place_of_an_answer_is_a_new_wish() -> None:
    turned = answer("actually I would like to see a horror film like Alien instead", GENRES)
    assert turned.renewed
    assert "Comedy" not in turned.state.constraints.genres_all


@pytest.mark.parametrize("text", ["the eighties", "80s", "the 1980s please", "die Achtziger"])
def test_decade_named_becomes_its_ten_years(text: str) -> None:
    limits = answer(text, DECADES).state.constraints
    assert (limits.year_min, limits.year_max) == (1980, 1989)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("shorter", {"runtime_max": 100}),
        ("short please", {"runtime_max": 100}),
        ("kürzer", {"runtime_max": 100}),
        ("long ones", {"runtime_min": 100}),
        ("más larga", {"runtime_min": 100}),
    ],
)
def test_half_named_becomes_the_limit_that_was_asked_about(
    text: str, limits: dict[str, int]
) -> None:
    assert said(answer(text, RUNTIME, "from the 90s").state.constraints) == {
        "year_min": 1990,
        "year_max": 1999,
        **limits,
    }


@pytest.mark.parametrize(
    "text",
    [
        "don't care",
        "I don't mind",
        "either",
        "no preference",
        "whatever",
        "doesn't matter to me",
        "mir egal",
        "peu importe",
        "me da igual",
        "无所谓",
    ],
)
@pytest.mark.parametrize("question", [GENRES, DECADES, RUNTIME, ("person", "Tom Hanks")])
def test_no_preference_settles_the_attribute_and_changes_nothing(
    text: str, question: tuple[str, ...]
) -> None:
    before = asked(question)
    turned = ANSWERS.read(text, before)
    assert turned.act == "recommend"
    assert turned.note
    assert turned.state.entries() == before.entries()
    assert not may_ask(question[0], turned.state)
    assert turned.state.question == ()


@pytest.mark.parametrize("text", ["no", "nein", "non", "不"])
def test_no_to_a_choice_of_times_rules_nothing_out(text: str) -> None:
    before = asked(DECADES)
    assert ANSWERS.read(text, before).state.entries() == before.entries()


@pytest.mark.parametrize("text", ["neither", "none of them", "weder noch", "ninguno"])
def test_neither_rules_both_genres_out(text: str) -> None:
    limits = answer(text, GENRES).state.constraints
    assert set(limits.genres_none) == {"Romance", "Crime"}
    assert limits.genres_all == ("Comedy",)


def test_genre_ruled_out_by_name_is_ruled_out() -> None:
    limits = answer("no romance", GENRES).state.constraints
    assert limits.genres_none == ("Romance",)


@pytest.mark.parametrize("text", ["yes", "yes please", "ja gerne", "sí", "好"])
def test_yes_to_a_person_asks_for_the_person(text: str) -> None:
    assert answer(text, ("person", "Tom Hanks")).state.constraints.people_all == ("Tom Hanks",)


def test_no_to_a_person_rules_the_person_out() -> None:
    limits = answer("not really", ("person", "Tom Hanks")).state.constraints
    assert (limits.people_all, limits.people_none) == ((), ("Tom Hanks",))


def test_yes_to_an_item_asks_for_its_like() -> None:
    turned = answer("exactly", ("item", "alien"))
    assert (turned.state.near, turned.focus) == (("alien",), ("alien",))
    assert turned.state.constraints.genres_all == ("Comedy",)


def test_no_to_an_item_rejects_it() -> None:
    turned = answer("nope", ("item", "alien"))
    assert turned.state.disliked == ("alien",)
    assert "Alien" in turned.note


def test_answer_is_logged_in_the_users_words_and_is_the_cause_of_the_change() -> None:
    turned = answer("rather crime", GENRES)
    assert turned.state.turns[-1].text == "rather crime"
    cause = turned.state.cause("genres_all", "Crime")
    assert cause is not None
    assert cause.words == "rather crime"
    assert turned.state.turn == 2


@pytest.mark.parametrize("text", ["Krimi", "aus den Achtzigern", "egal", "ja"])
def test_answer_keeps_the_language_of_the_conversation(text: str) -> None:
    turned = answer(text, GENRES, "eine lustige Komödie bitte")
    assert (turned.language, turned.state.language) == ("de", "de")


@pytest.mark.parametrize(
    "text", ["undo", "show me others", "who directed Jaws?", "thanks", "not the second one"]
)
def test_message_that_answers_nothing_is_read_as_ever(text: str) -> None:
    before = asked(GENRES)
    assert ANSWERS.read(text, before) == READER.read(text, replace(before, question=()))


def test_question_is_open_for_one_message_only() -> None:
    state = answer("show me others", RUNTIME).state.with_reply("", SHOWN[:2])
    assert state.question == ()
    assert ANSWERS.read("no", state) == READER.read("no", state)


@pytest.mark.parametrize("text", ["don't care", "me da igual", "都行", "egal"])
def test_indifference_after_an_earlier_question_changes_nothing(text: str) -> None:
    state = answer("show me others", RUNTIME).state.with_reply("", SHOWN[:2])
    turned = ANSWERS.read(text, state)
    assert (turned.act, turned.note, turned.language) == ("recommend", "", "en")
    assert turned.state.entries() == state.entries()


def test_answer_can_be_taken_back_and_is_not_asked_for_again() -> None:
    turned = answer("crime", GENRES)
    undone = ANSWERS.read("undo", turned.state.with_reply("", SHOWN))
    assert undone.state.constraints.genres_all == ("Comedy",)
    assert undone.state.asked == ("genre:Romance|Crime",)


@pytest.mark.parametrize(
    "text",
    [
        "quick, a comedy",
        "no more questions, a comedy",
        "what the fuck is this, a comedy please",
        "Komödie, hab's eilig",
        "快点，喜剧",
    ],
)
def test_who_is_in_a_hurry_or_angry_is_not_asked_for_good(text: str) -> None:
    state = ANSWERS.read(text, DialogueState()).state
    assert state.asked == (NEVER,)
    assert state.constraints.genres_all == ("Comedy",)
    assert ANSWERS.read("start over", state).state.asked == (NEVER,)


def test_without_a_question_messages_are_read_as_ever() -> None:
    state = DialogueState(constraints=Constraints(genres_all=("Comedy",)))
    for text in ("crime", "no", "either", "the eighties"):
        assert ANSWERS.read(text, state) == READER.read(text, state)
