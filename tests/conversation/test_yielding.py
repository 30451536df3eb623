"""Earlier limits give way to what is asked for now; feelings ask for moods."""

from __future__ import annotations

from datetime import date

import pytest

from chatrec.conversation.feelings import read_feelings
from chatrec.conversation.merging import names_set
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.data.catalog import Catalog
from chatrec.types import Constraints, Item

CATALOG = Catalog(
    [
        Item("early", "Late Spring", 1949, ("Drama",), runtime_min=108, creators=("Yasujiro Ozu",)),
        Item("amelie", "Amélie", 2001, ("Comedy",), cast=("Audrey Tautou",), countries=("France",)),
        Item("arrival", "Arrival", 2016, ("Sci-Fi",), keywords=("uplifting",)),
        Item("shane", "Shane", 1953, ("Western",), countries=("USA",)),
        Item("chef", "The Chef", 2012, ("Comedy",), countries=("France",)),
    ]
)
UNDERSTANDING = Understanding(CATALOG)


def talk(*messages: str) -> Turned:
    state = DialogueState()
    for message in messages:
        turned = UNDERSTANDING.read(message, state, today=date(2026, 11, 26))
        state = turned.state
    return turned


def test_an_earlier_limit_yields_where_nothing_else_fits() -> None:
    turned = talk("something from the last twenty years", "a drama by Yasujiro Ozu")
    assert turned.state.constraints.year_min is None
    assert "2006 or later" in turned.note


def test_what_is_ruled_out_never_yields() -> None:
    turned = talk("no dramas", "something by Yasujiro Ozu")
    assert turned.state.constraints.genres_none == ("Drama",)
    assert "let go" not in turned.note


def test_a_limit_of_the_message_itself_never_yields() -> None:
    turned = talk("a western from France")
    assert turned.state.constraints.countries_any == ("France",)
    assert turned.state.constraints.genres_all == ("Western",)


def test_a_refinement_in_so_many_words_keeps_what_was_said() -> None:
    turned = talk("a western", "but from France")
    assert turned.state.constraints.genres_all == ("Western",)


def test_what_was_let_go_can_be_undone() -> None:
    turned = talk("something from the last twenty years", "a drama by Yasujiro Ozu", "undo")
    assert turned.state.constraints.year_min == 2006


def test_a_whole_request_for_something_like_a_title_begins_anew() -> None:
    turned = talk("films by Yasujiro Ozu", "movies like Amelie")
    assert turned.state.near == ("amelie",)
    assert turned.state.constraints.people_all == ()


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("hey, my girlfriend broke up with me. something to cheer me up please", "uplifting"),
        ("I'm so tired", "gentle"),
        ("something that will make me cry", "tearjerker"),
        (
            "a film that makes you think about free will",
            "a film about free will, thought-provoking",
        ),
        ("etwas zum Lachen", "funny"),
        ("I've had a terrible day", "uplifting"),
    ],
)
def test_a_feeling_asks_for_a_mood(message: str, wish: str) -> None:
    turned = talk(message)
    assert turned.act == "recommend"
    assert turned.state.wish == wish


def test_what_suits_a_feeling_yields_to_a_wish() -> None:
    felt = read_feelings("i feel so sad, show me spaceships")
    assert felt.moods("spaceships") == ()
    assert felt.moods("") == ("uplifting",)


@pytest.mark.parametrize("message", ["the second one, who's in it?", "who's in the second one?"])
def test_who_is_in_it_asks_for_the_cast(message: str) -> None:
    shown = DialogueState().with_reply("", ["early", "amelie"])
    turned = UNDERSTANDING.read(message, shown)
    assert (turned.act, turned.question, turned.focus) == ("ask", "cast", ("amelie",))


def test_both_of_us_points_at_no_item() -> None:
    shown = DialogueState().with_reply("", ["early", "amelie"])
    turned = UNDERSTANDING.read("a film my grandma and I can both enjoy", shown)
    assert turned.act == "recommend"


def test_a_limit_that_only_shown_items_keep_shows_them_again() -> None:
    shown = UNDERSTANDING.read("a comedy", DialogueState()).state.with_reply("", ["amelie", "chef"])
    turned = UNDERSTANDING.read("older than 2010", shown)
    assert turned.state.shown == ("chef",)
    assert "again" in turned.note


def test_more_of_the_same_never_repeats() -> None:
    shown = UNDERSTANDING.read("a comedy", DialogueState()).state.with_reply("", ["amelie", "chef"])
    assert UNDERSTANDING.read("show me others", shown).state.shown == ("amelie", "chef")


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("give me 3 French comedies", 3),
        ("zeig mir zwei Western", 2),
        ("推荐三部电影", 3),
        ("a comedy, just one", 1),
        ("recommend 2 movies", 2),
        ("a comedy of two hours", None),
        ("I want one with Tom Hanks", None),
        ("a film for my 3 kids", None),
    ],
)
def test_a_number_of_items_is_read_and_no_other_number(message: str, count: int | None) -> None:
    shown = DialogueState().with_reply("", ["early"])
    assert UNDERSTANDING.read(message, shown).count == count


def test_a_question_after_a_verdict_is_answered_and_the_verdict_kept() -> None:
    shown = DialogueState().with_reply("", ["early", "amelie"])
    turned = UNDERSTANDING.read("the second one sounds good. is it sad?", shown)
    assert (turned.act, turned.question) == ("ask", "is:sad")
    assert turned.state.liked == ("amelie",)


def test_rather_with_a_mood_refines_and_with_a_genre_begins_anew() -> None:
    assert talk("a comedy", "plutôt triste").state.constraints.genres_all == ("Comedy",)
    assert talk("a comedy", "actually a western").state.constraints.genres_all == ("Western",)


def test_a_nah_is_no_hour() -> None:
    assert talk("a comedy", "nah, older").state.constraints.runtime_max is None


def test_two_facts_asked_at_once_are_both_told() -> None:
    turned = talk("who is in Amélie and what year is it from?")
    assert turned.question == "cast+year"


def test_a_length_in_numbers_is_no_comparison_with_the_list() -> None:
    shown = DialogueState().with_reply("", ["early", "amelie"])
    limits = UNDERSTANDING.read("kürzer als zwei Stunden", shown).state.constraints
    assert (limits.runtime_min, limits.runtime_max) == (None, 119)


def test_a_surname_alone_replaces_the_person_before() -> None:
    assert talk("with Audrey Tautou").state.constraints.people_all == ("Audrey Tautou",)
    turned = talk("with Audrey Tautou", "what about Ozu")
    assert turned.state.constraints.people_all == ("Yasujiro Ozu",)


@pytest.mark.parametrize(
    ("message", "genres"),
    [
        ("a horor movie", ("Horror",)),
        ("some wetsern", ("Western",)),
        ("a docmentary about food", ("Documentary",)),
        ("a movie about honor", ()),
        ("I was comedied by life", ()),
    ],
)
def test_a_misspelt_genre_is_read_where_a_genre_may_stand(
    message: str, genres: tuple[str, ...]
) -> None:
    films = [Item(g, f"The {g} Tale", genres=(g,)) for g in ("Horror", "Western", "Documentary")]
    films.append(Item("c", "Laughs", genres=("Comedy",)))
    state = Understanding(Catalog(films)).read(message, DialogueState()).state
    assert state.constraints.genres_all == genres


@pytest.mark.parametrize(
    ("message", "near"),
    [
        ("a scary movie", ()),
        ("any scary movie?", ()),
        ("Scary Movie", ("scary",)),
        ("a cold war film", ()),
        ("something like cold war", ("cold",)),
    ],
)
def test_a_kind_of_film_is_no_title(message: str, near: tuple[str, ...]) -> None:
    films = [Item("scary", "Scary Movie", genres=("Horror",)), Item("cold", "Cold War")]
    state = Understanding(Catalog(films)).read(message, DialogueState()).state
    assert state.near == near


def test_a_whole_name_refused_refuses_no_theme_of_its_words() -> None:
    films = [
        Item("a", "Nights", cast=("Emma Stone",)),
        Item("b", "Walls", keywords=("stone", "disney")),
        Item("c", "Ducks", creators=("Walt Disney",)),
    ]
    understanding = Understanding(Catalog(films))
    whole = understanding.read("without Emma Stone", DialogueState()).state.constraints
    assert (whole.people_none, whole.keywords_none) == (("Emma Stone",), ())
    single = understanding.read("no Disney", DialogueState()).state.constraints
    assert (single.people_none, single.keywords_none) == (("Walt Disney",), ("disney",))


def test_a_decade_in_chinese_is_read_after_other_words() -> None:
    limits = talk("推荐90年代的电影").state.constraints
    assert (limits.year_min, limits.year_max) == (1990, 1999)


def test_a_limit_that_a_conversation_was_begun_with_never_yields() -> None:
    limits = Constraints(year_max=1900)
    begun = DialogueState(constraints=limits, standing=names_set(limits))
    turned = UNDERSTANDING.read("a western", begun, today=date(2026, 11, 26))
    assert turned.state.constraints.year_max == 1900
    assert "let go" not in turned.note
