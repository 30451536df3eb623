"""What the page's buttons for comparing and for the language do, without a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.serving.page import Page
from chatrec.serving.talk import Talk
from chatrec.serving.turns import Turns
from tests.serving.fake_recommender import FILMS, FakeRecommender


@pytest.fixture
def page(recommender: FakeRecommender) -> Iterator[Page]:
    turns = Turns(recommender)
    yield Page(turns)
    turns.close()


@pytest.fixture
def talk(page: Page) -> Talk:
    talk = Talk()
    list(page.say("calm", talk))
    return talk


def _press(page: Page, talk: Talk, act: str, item: str = "") -> tuple[str, str, str]:
    """The thread, the bar and the dialog after a press."""
    [(shown, bar, _, dialog)] = page.act(talk, {"act": act, "item": item})
    return shown, bar, dialog


def test_two_titles_are_picked_and_compared(page: Page, talk: Talk) -> None:
    assert "Choose another" in _press(page, talk, "pick", "moon")[1]
    shown, bar, _ = _press(page, talk, "pick", "arrival")
    assert "Compare 2 titles" in bar
    assert shown.count("aria-pressed='true'") == 2
    dialog = _press(page, talk, "compare")[2]
    assert dialog.count("<th scope='col'><div>") == 2
    assert "role='dialog'" in dialog
    *_, closed, _, _ = page.manage(talk, {"act": "close"})
    assert closed == ""
    _press(page, talk, "compare")
    *_, fewer, _, _ = page.manage(talk, {"act": "pick", "item": "moon"})
    assert fewer == ""
    assert _press(page, talk, "unpick")[1] == ""


def test_only_titles_that_were_shown_and_that_the_catalogue_has_can_be_picked(
    page: Page, talk: Talk, recommender: FakeRecommender
) -> None:
    with pytest.raises(RequestError, match="was not shown"):
        _press(page, Talk(), "pick", "moon")
    recommender.catalog = Catalog([film for film in FILMS if film.item_id != "moon"])
    with pytest.raises(RequestError, match="was not shown"):
        _press(page, talk, "pick", "moon")
    with pytest.raises(RequestError, match="pick 2 to 4"):
        _press(page, talk, "compare")


def test_a_choice_of_language_reaches_page_and_conversation(page: Page) -> None:
    shown, _, box, _, talk, top = page.manage(Talk(), {"act": "language", "value": "de"})
    assert "Worauf hast du Lust?" in shown
    assert box["placeholder"] == "Worauf hast du Lust?"
    assert "data-lang='de'" in top
    list(page.say("calm", talk))
    assert talk.state is not None
    assert talk.state.language == "de"
    *_, fresh, _ = page.manage(talk, {"act": "new"})
    assert fresh.language == "de"


def test_a_made_up_language_changes_nothing(page: Page) -> None:
    *_, talk, top = page.manage(Talk(language="fr"), {"act": "language", "value": "<b>"})
    assert talk.language == "fr"
    assert "data-lang='fr'" in top


def test_what_buttons_say_is_in_the_language_of_the_conversation(
    page: Page, recommender: FakeRecommender
) -> None:
    talk = Talk(language="es")
    list(page.say("calm", talk))
    list(page.act(talk, {"act": "mark", "mark": "like", "turn": "0", "item": "moon"}))
    assert recommender.texts[-1] == "Como Moon (2009)"
