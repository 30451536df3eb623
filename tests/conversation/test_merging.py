"""What several messages make together: wishes refined, renewed, undone and forgotten."""

from __future__ import annotations

from chatrec.conversation.state import DialogueState
from chatrec.data.constraints import allowed
from chatrec.types import Constraints
from tests.conversation.toy_films import FILMS, converse, read, said

KIDS = {"max_age": 7, "genres_any": ("Animation", "Family")}


def test_modifier_refines_and_keeps_the_wish() -> None:
    state = converse("a funny film", ("airplane",), "something older", "with Meg Ryan").state
    assert state.constraints.genres_all == ("Comedy",)
    assert state.constraints.people_all == ("Meg Ryan",)
    assert state.wish.startswith("a funny film")


def test_own_genre_starts_a_new_wish() -> None:
    turned = converse("a funny film from the 90s, no horror", ("toy",), "a western")
    assert turned.renewed
    assert said(turned.state.constraints) == {
        "genres_all": ("Western",),
        "genres_none": ("Horror",),
    }
    assert "funny" not in turned.state.wish


def test_genre_completes_a_wish_that_has_none() -> None:
    turned = converse("something from the 90s", "a comedy")
    assert not turned.renewed
    assert turned.state.constraints.year_min == 1990


def test_now_and_actually_replace_the_wish() -> None:
    state = converse("a horror film", "actually, something for my kids").state
    assert said(state.constraints) == KIDS
    assert state.wish == ""


def test_but_and_also_refine() -> None:
    state = converse("a thriller", "but funny").state
    assert set(state.constraints.genres_all) == {"Thriller", "Comedy"}


def test_age_limit_outlives_the_wish_until_lifted() -> None:
    assert converse("a film for my kids", "now a comedy").state.constraints.max_age == 7
    assert converse("a film for my kids", "the kids are asleep").state.constraints.max_age is None


def test_always_makes_a_limit_outlive_the_wish() -> None:
    state = converse("always in English", "a comedy", "a western").state
    assert state.constraints.languages_any == ("English",)


def test_newest_word_wins_where_two_contradict() -> None:
    assert converse("no horror", "a horror film").state.constraints.genres_none == ()
    assert converse("a comedy", "no comedy").state.constraints.genres_all == ()
    assert said(converse("from the 90s", "after 2010").state.constraints) == {"year_min": 2011}
    assert converse("French films", "Korean").state.constraints.countries_any == ("South Korea",)


def test_fine_lifts_a_ban_without_asking_for_it() -> None:
    state = converse("no horror", "horror is fine").state
    assert state.constraints == Constraints()
    assert (
        converse("without violence", "I don't mind violence").state.constraints.keywords_none == ()
    )
    assert converse("after 2010", "any year is fine").state.constraints.year_min is None


def test_genre_can_be_ruled_out_with_an_exception() -> None:
    state = read("no horror, except funny ones").state
    query = state.query(FILMS)
    fitting = {
        i.item_id for i in FILMS if allowed(i, query.constraints) and i.item_id not in query.seen
    }
    assert "shaun" in fitting  # funny horror
    assert "heat" in fitting  # no horror at all
    assert fitting.isdisjoint({"alien", "saw", "psycho", "jaws"})
    assert state.query().constraints.genres_none == ("Horror",)  # without a catalogue: all of it


def test_undo_restores_the_state_before_the_last_message() -> None:
    turned = converse("a comedy", ("airplane", "toy"), "older", ("singin",), "undo")
    assert turned.act == "undo"
    assert said(turned.state.constraints) == {"genres_all": ("Comedy",)}
    assert turned.focus == ("airplane", "toy")
    assert len([turn for turn in turned.state.turns if turn.role == "user"]) == 3


def test_undo_without_a_past_says_so() -> None:
    assert "nothing to undo" in read("undo").note


def test_reset_forgets_all_but_history_and_seen() -> None:
    start = DialogueState(history=("heat",))
    state = read("seen Jaws, I love Alien, no horror, from the 90s", start).state
    cleared = read("start over", state).state
    assert (cleared.history, cleared.seen) == (("heat",), ("jaws",))
    assert (cleared.liked, cleared.near, cleared.wish) == ((), (), "")
    assert cleared.constraints == Constraints()


def test_reset_with_a_wish_takes_the_wish() -> None:
    turned = converse("no horror", "start over: a comedy")
    assert turned.act == "recommend"
    assert said(turned.state.constraints) == {"genres_all": ("Comedy",)}


def test_filters_are_removed_by_word() -> None:
    before = ("a comedy", "from the 90s")
    assert said(converse(*before, "remove that filter").state.constraints) == {
        "genres_all": ("Comedy",)
    }
    assert said(converse(*before, "remove the year filter").state.constraints) == {
        "genres_all": ("Comedy",)
    }
    assert said(converse(*before, "remove the comedy filter").state.constraints) == {
        "year_min": 1990,
        "year_max": 1999,
    }
    assert said(converse(*before, "clear all filters").state.constraints) == {}
    assert "no such filter" in read("remove that filter").note


def test_again_allows_repeats_until_a_new_wish() -> None:
    again = converse("a comedy", ("airplane",), "show me those again")
    assert "airplane" not in again.state.query(FILMS).seen
    assert "airplane" in read("a western", again.state).state.query(FILMS).seen
    assert not read("please not those again").state.allow_repeats
