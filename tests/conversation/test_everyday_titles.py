"""Titles made of everyday words, titles ruled out, and titles called by their last words."""

from __future__ import annotations

import pytest

from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.data.catalog import Catalog
from chatrec.data.titles import SHORT_FORM, TitleIndex
from chatrec.types import Item

APPS = Catalog(
    [
        Item("smoke", "Stop Smoking", description="Helps you to stop smoking for good."),
        Item("battery", "Battery", description="Shows how full the battery is."),
        Item("bible", "Bible (Spanish)", description="The book in another language."),
        Item("chat", "Facebook", description="Send messages to people you know."),
        Item("slots", "Big Win: slot machines", description="Spin the slot machines."),
    ],
    domain="app",
)
ANIME = Catalog(
    [
        Item("strange", "Strange+", genres=("Comedy",)),
        Item("moon", "Bishoujo Senshi Sailor Moon", genres=("Magic", "Shoujo")),
        Item("moonr", "Bishoujo Senshi Sailor Moon R: The Movie", genres=("Magic", "Shoujo")),
        Item("york", "Gangs of New York", genres=("Crime",), keywords=("new york",)),
        Item("swan", "Princess Black Swan"),
        Item("swan2", "Return to Black Swan"),
        Item("stripes", "Stripes", description="Two friends in boot camp tell stories."),
        Item("parasite", "Parasite", description="A crew lets a parasite aboard."),
    ],
    domain="anime",
)


def ask(catalog: Catalog, text: str) -> Turned:
    return Understanding(catalog).read(text, DialogueState())


@pytest.mark.parametrize(
    ("catalog", "text", "wish"),
    [
        (APPS, "an app that saves battery", "an app that saves battery"),
        (APPS, "make my battery last for days", "make my battery last for days"),
        (APPS, "help me stop smoking", "help me stop smoking"),
        (APPS, "learn some Spanish before my holiday", "learn some Spanish before my holiday"),
        (ANIME, "something strange", "something strange"),
        (ANIME, "a drama about a parasite on a ship", "a drama about a parasite on a ship"),
        (ANIME, "I like stories with friends", "I like stories with friends"),
    ],
)
def test_everyday_words_in_small_letters_are_no_title(
    catalog: Catalog, text: str, wish: str
) -> None:
    turned = ask(catalog, text)
    assert turned.act == "recommend"
    assert (turned.state.near, turned.state.liked, turned.state.wish) == ((), (), wish)


def test_an_item_that_is_what_is_wished_for_may_be_shown() -> None:
    assert "smoke" not in ask(APPS, "an app to stop smoking").state.query(APPS).seen


@pytest.mark.parametrize(
    ("catalog", "text", "near"),
    [
        (APPS, "something like battery", ("battery",)),
        (APPS, 'something to do with "stop smoking" please', ("smoke",)),
        (APPS, "Stop Smoking for women", ("smoke",)),
        (APPS, "stop smoking", ("smoke",)),
        (APPS, "stop smoking and battery", ("smoke", "battery")),
        (ANIME, "similar to strange+", ("strange",)),
        (ANIME, "parasite but funnier", ("parasite",)),
        (ANIME, "I loved parasite", ("parasite",)),
    ],
)
def test_a_cue_a_quotation_capitals_or_nothing_else_make_them_a_title(
    catalog: Catalog, text: str, near: tuple[str, ...]
) -> None:
    assert ask(catalog, text).state.near == near


@pytest.mark.parametrize("text", ["who made parasite", "is parasite scary?"])
def test_a_question_is_about_the_title(text: str) -> None:
    turned = ask(ANIME, text)
    assert (turned.act, turned.focus) == ("ask", ("parasite",))


def test_what_is_refused_in_everyday_words_is_a_theme() -> None:
    state = ask(APPS, "a card game but no slot machines").state
    assert state.constraints.keywords_none == ("slot machines",)
    assert state.disliked == ()


@pytest.mark.parametrize(
    "text",
    [
        "a messenger that isn't Facebook",
        "a messenger that's not Facebook",
        "a messenger which is not Facebook",
        "a messenger other than Facebook",
        "a messenger instead of Facebook",
        "a messenger, not Facebook",
    ],
)
def test_a_title_that_it_must_not_be_is_disliked(text: str) -> None:
    turned = ask(APPS, text)
    assert (turned.state.disliked, turned.state.near) == (("chat",), ())
    assert (turned.act, turned.state.wish) == ("recommend", "a messenger")


def test_a_request_for_anything_but_a_title_is_a_request() -> None:
    assert ask(ANIME, "something that isn't Parasite").act == "recommend"
    assert ask(ANIME, "I hated Parasite").act == "feedback"
    assert ask(APPS, "Facebook is not what I want").state.disliked == ("chat",)


def test_whether_it_is_something_is_asked_not_refused() -> None:
    assert ask(ANIME, "isn't Parasite a comedy?").act == "ask"


def test_a_name_outside_the_catalogue_that_it_must_not_be_is_reported() -> None:
    turned = ask(APPS, "a messenger other than Telegram")
    assert (turned.unknown, turned.state.wish) == (("Telegram",), "a messenger")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("something like Sailor Moon, but darker", ("moon",)),
        ("I loved Sailor Moon", ("moon",)),
        ("something like sailor moon", ()),
        ("a Sailor Moon evening", ()),
        ("something like Black Swan", ()),
        ("I love New York", ()),
        ("something like Senshi Sailor Moon", ("moon",)),
    ],
)
def test_the_last_words_of_one_series_name_it_after_a_cue(text: str, near: tuple[str, ...]) -> None:
    turned = ask(ANIME, text)
    assert turned.state.near == near
    assert turned.state.liked == (near if "loved" in text else ())


def test_a_short_form_is_scored_below_a_whole_title_and_never_hides_one() -> None:
    titles = TitleIndex(Catalog([*ANIME, Item("own", "Sailor Moon")]))
    assert [m.item_id for m in titles.find("films like Sailor Moon")] == ["own"]
    found = TitleIndex(ANIME).find("films like Sailor Moon")
    assert [(m.item_id, m.score) for m in found] == [("moon", SHORT_FORM)]
    assert TitleIndex(ANIME).find("FILMS LIKE SAILOR MOON") == []


def test_a_comparison_is_no_misspelt_title() -> None:
    films = Catalog(
        [Item("new", "Something New", 2006), Item("old", "Heat", 1995), Item("mid", "Moon", 2009)]
    )
    asked = ask(films, "something newer")
    assert (asked.act, asked.state.near) == ("critique", ())
    assert asked.state.constraints.year_min is not None
    assert ask(films, "like Something New").state.near == ("new",)
