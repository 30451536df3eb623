"""What the page's buttons say in the visitor's name is understood in every language."""

from __future__ import annotations

import pytest

from chatrec.conversation.lexicon import LANGUAGES, Language
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Turned, Understanding
from chatrec.data.catalog import Catalog, builtin_films
from chatrec.serving.page_words import say
from chatrec.serving.welcome import welcome_for
from chatrec.types import Item


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding(builtin_films())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_prompts_of_the_empty_page_mean_the_same_in_every_language(
    understanding: Understanding, language: Language
) -> None:
    scifi, like, comedy, french = (
        understanding.read(prompt, DialogueState(language=language))
        for prompt in welcome_for(builtin_films(), language).prompts
    )
    assert {turned.act for turned in (scifi, like, comedy, french)} == {"recommend"}
    assert {turned.language for turned in (scifi, like, comedy, french)} == {language}
    assert scifi.state.constraints.genres_all == ("Sci-Fi",)
    assert scifi.state.constraints.runtime_max is not None
    assert _near(like) == ["Arrival"]
    assert "Comedy" in comedy.state.constraints.genres_all
    assert french.state.constraints.countries_any == ("France",)
    years = french.state.constraints
    assert (years.year_min, years.year_max) == (1960, 1969)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_buttons_are_understood_too(
    understanding: Understanding, language: Language
) -> None:
    state = DialogueState(language=language)
    surprise = understanding.read(say("surprise", language), state)
    assert (surprise.act, surprise.language, surprise.state.wish) == ("recommend", language, "")
    assert surprise.state.filters() == ()
    more = understanding.read(say("more_like", language, "Arrival (2016)"), state)
    assert (more.act, more.language, _near(more)) == ("recommend", language, ["Arrival"])


def test_prompts_of_another_domain_come_from_its_catalogue() -> None:
    items = (Item("1", "Emma", genres=("Romance",)), Item("2", "Dune"))
    catalog = Catalog(items, domain="book")
    assert welcome_for(catalog).prompts == (
        "Something like Emma",
        "Something like Dune",
        "The best romance books",
        "Surprise me",
    )
    german = welcome_for(catalog, "de")
    assert german.plural == "Bücher"
    assert german.prompts[2:] == ("Die besten Bücher: Romantik", "Überrasch mich")


def _near(turned: Turned) -> list[str]:
    return [builtin_films().get(item_id).title for item_id in turned.state.near]
