"""The profile beside the conversation, a history brought, titles judged: what presses do."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chatrec.conversation.lexicon import Language
from chatrec.conversation.onboarding import ANSWERS
from chatrec.conversation.profile import Belief
from chatrec.data.history_files import MAX_BYTES
from chatrec.errors import RequestError
from chatrec.serving.getting_to_know import MAX_PARTS, PART_BYTES
from chatrec.serving.page import Page
from chatrec.serving.page_words import say
from chatrec.serving.panel import MAX_LISTED, PanelView, panel
from chatrec.serving.panel_words import PANEL, panel_words
from chatrec.serving.rating import RatingView, rating
from chatrec.serving.said import number_in
from chatrec.serving.talk import Talk
from chatrec.serving.turns import Turns
from tests.serving.fake_recommender import FILMS, NASTY, FakeRecommender

LETTERBOXD = (
    "Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Moon,2009,u,4.5\n"
    "2024-01-01,The Grand Budapest Hotel,2014,u,1\n2024-01-01,<b>Nope</b>,2014,u,1\n"
)
TAGS = {
    *("div", "section", "header", "h2", "h3", "button", "span", "p", "ul", "ol", "li", "details"),
    *("summary", "form", "input", "label", "svg", "g", "circle", "path", "text"),
}


@pytest.fixture
def page(recommender: FakeRecommender) -> Iterator[Page]:
    turns = Turns(recommender)
    yield Page(turns)
    turns.close()


def _after(page: Page, text: str) -> Talk:
    talk = Talk()
    list(page.say(text, talk))
    return talk


def _press(page: Page, talk: Talk, **data: Any) -> str:
    """The panel after a press."""
    *_, shown, talk, _ = page.manage(talk, data)
    return str(shown)


def _send(page: Page, talk: Talk, content: bytes, parts: int = 1) -> str:
    size = -(-len(content) // parts)
    shown = ""
    for part in range(parts):
        data = base64.b64encode(content[part * size : (part + 1) * size]).decode()
        shown = _press(page, talk, act="history", part=part, parts=parts, data=data)
    return shown


def test_the_profile_opens_and_closes(page: Page) -> None:
    talk = Talk()
    assert "Nothing yet" in _press(page, talk, act="profile")
    assert _press(page, talk, act="close") == ""


def test_every_belief_can_be_deleted_and_edited(page: Page) -> None:
    talk = _after(page, "sci-fi")
    list(page.act(talk, {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}))
    shown = _press(page, talk, act="profile")
    assert "Moon (2009)" in shown
    assert "data-act='forget' data-what='genres_all' data-value='Sci-Fi'" in shown
    assert "data-act='reword' data-what='genres_all'" in shown
    shown = _press(page, talk, act="rejudge", what="disliked", value="moon", verdict="seen")
    assert talk.state is not None
    assert (talk.state.disliked, talk.state.seen) == ((), ("moon",))
    shown = _press(page, talk, act="forget", what="seen", value="moon")
    assert "Moon" not in shown
    _press(page, talk, act="reword", what="genres_all", value="Sci-Fi", words="a comedy")
    assert talk.state.constraints.genres_all == ("Comedy",)


def test_what_cannot_be_done_is_said_in_the_panel_and_changes_nothing(page: Page) -> None:
    talk = _after(page, "sci-fi")
    _press(page, talk, act="profile")
    before = talk.state
    for data in (
        {"act": "forget", "what": "liked", "value": "moon"},
        {"act": "forget", "what": NASTY, "value": NASTY},
        {"act": "rejudge", "what": "liked", "value": "moon", "verdict": "adore"},
        {"act": "reword", "what": "genres_all", "value": "Sci-Fi", "words": "!!"},
        {"act": "reword", "what": "genres_all", "value": "Sci-Fi"},
        {"act": "history", "part": "x", "parts": 1},
    ):
        shown = _press(page, talk, **data)
        assert "role='alert'" in shown
        assert talk.state == before
    assert "role='alert'" not in _press(page, talk, act="forget", what="genres_all", value="Sci-Fi")


def test_an_unknown_act_is_refused(page: Page) -> None:
    for act in (None, "delete everything", "say"):
        with pytest.raises(RequestError, match="unknown act"):
            page.manage(Talk(), {"act": act})


def test_forget_me_leaves_an_empty_page(page: Page) -> None:
    talk = _after(page, "sci-fi")
    shown, filters, _, profile, fresh, _ = page.manage(talk, {"act": "forget_me"})
    assert "What are you in the mood for?" in shown
    assert (filters, profile, fresh.state, fresh.turns) == ("", "", None, ())
    assert talk.left


def test_incognito_begins_a_new_conversation_and_marks_its_state(page: Page) -> None:
    talk = _after(page, "sci-fi")
    _press(page, talk, act="profile")
    shown, _, _, profile, hidden, _ = page.manage(talk, {"act": "incognito"})
    assert "nothing of this conversation is kept" in shown
    assert "aria-checked='true'" in profile
    list(page.say("calm", hidden))
    assert hidden.state is not None
    assert hidden.state.incognito
    assert not page.manage(hidden, {"act": "incognito"})[-2].incognito


@pytest.mark.parametrize("parts", [1, 3])
def test_a_history_is_taken_in_and_reported(page: Page, parts: int) -> None:
    talk = Talk()
    _press(page, talk, act="profile")
    shown = _send(page, talk, LETTERBOXD.encode(), parts)
    assert "2 of 3 rows (Letterboxd)" in shown
    assert "&lt;b&gt;Nope&lt;/b&gt;" in shown
    assert talk.state is not None
    assert talk.state.history == ("grand-budapest", "moon")
    assert (talk.state.liked, talk.state.disliked) == (("moon",), ("grand-budapest",))
    assert "from your file (Letterboxd)" in shown
    assert talk.arriving.content == b""


def test_progress_is_shown_while_a_file_comes(page: Page) -> None:
    talk = Talk()
    _press(page, talk, act="profile")
    shown = _press(page, talk, act="history", part=0, parts=4, data="aGk=")
    assert "data-got='1'" in shown
    assert "Reading… 25 %" in shown


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([(0, MAX_PARTS + 1, "aGk=")], "the most that is read"),
        ([(1, 2, "aGk=")], "out of turn"),
        ([(0, 2, "aGk="), (0, 3, "aGk="), (2, 3, "aGk=")], "out of turn"),
        ([(0, 1, "no base64!")], "no base64"),
        ([(0, 0, "")], "out of turn"),
        ([(0, 1, "")], "is empty"),
        ([(0, 1, base64.b64encode(b"PK\x03\x04").decode())], "not a CSV"),
        ([(0, 1, base64.b64encode(b"title\nNothing Of The Kind\n").decode())], "none of its 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_forgotten(
    page: Page, sent: list[tuple[int, int, str]], said: str
) -> None:
    talk = Talk()
    _press(page, talk, act="profile")
    shown = ""
    for part, parts, data in sent:
        shown = _press(page, talk, act="history", part=part, parts=parts, data=data)
    assert said in shown
    assert "role='alert'" in shown
    assert (talk.state, talk.arriving.content) == (None, b"")


def test_parts_hold_the_largest_file_that_is_read() -> None:
    assert (MAX_PARTS - 1) * PART_BYTES < MAX_BYTES <= MAX_PARTS * PART_BYTES


@pytest.mark.parametrize("value", ["", "-1", "1.5", None, "9" * 5000, [1], "٣" * 7])
def test_a_number_that_is_none_is_minus_one(value: object) -> None:
    assert number_in(value) == -1


def test_titles_are_judged_and_turned_into_a_first_list(
    page: Page, recommender: FakeRecommender
) -> None:
    talk = Talk()
    [update] = page.act(talk, {"act": "rate"})
    assert "Do you know these?" in update[0]
    assert update[0].count("data-act='judge'") == 3 * 4
    assert "data-act='rated' disabled" in update[0]
    first, second, third = talk.titles.items
    for item, answer in ((first, "loved"), (second, "not_for_me"), (third, "unknown")):
        [update] = page.act(talk, {"act": "judge", "item": item.item_id, "answer": answer})
    assert update[0].count("aria-pressed='true'") == 3
    list(page.act(talk, {"act": "rated"}))
    assert recommender.texts == [say("surprise", "en")]
    assert talk.state is not None
    assert (talk.state.liked, talk.state.disliked) == ((first.item_id,), (second.item_id,))
    assert talk.titles.items == ()


def test_an_answer_pressed_again_is_taken_back(page: Page) -> None:
    talk = Talk()
    list(page.act(talk, {"act": "rate"}))
    press = {"act": "judge", "item": talk.titles.items[0].item_id, "answer": "loved"}
    list(page.act(talk, press))
    list(page.act(talk, press))
    assert talk.titles.answers == {}


def test_other_titles_keep_the_answers_and_ask_none_twice(page: Page) -> None:
    talk = Talk()
    list(page.act(talk, {"act": "rate"}))
    first = {item.item_id for item in talk.titles.items}
    list(page.act(talk, {"act": "judge", "item": talk.titles.items[0].item_id, "answer": "loved"}))
    list(page.act(talk, {"act": "rate"}))
    assert not first & {item.item_id for item in talk.titles.items}
    assert talk.state is not None
    assert len(talk.state.liked) == 1
    list(page.act(talk, {"act": "unrate"}))
    assert talk.titles.items == ()


def test_only_titles_that_are_asked_about_can_be_judged(page: Page) -> None:
    talk = Talk()
    for press in ({"item": "moon", "answer": "loved"}, {"item": "moon", "answer": "adored"}):
        with pytest.raises(RequestError):
            list(page.act(talk, {"act": "judge"} | press))


def test_titles_are_offered_after_the_first_list_to_whom_nothing_is_known_of(page: Page) -> None:
    talk = _after(page, "calm")
    assert "Rate three titles" in page.show(talk)[0]
    list(page.act(talk, {"act": "mark", "mark": "dislike", "turn": "0", "item": "moon"}))
    list(page.say("calm again", talk))
    assert "Rate three titles" not in page.show(talk)[0]


def test_nothing_from_outside_becomes_markup() -> None:
    beliefs = tuple(
        Belief(what, NASTY, group, NASTY, NASTY)
        for what, group in (("liked", "liked"), ("wish", "now"), ("genres_none", "lasting"))
    )
    shown = panel(PanelView(beliefs, note=NASTY)) + rating(RatingView(FILMS))
    assert set(re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", shown)) <= TAGS
    assert "onerror" not in shown
    quoted = panel(PanelView((Belief("wish", "a' onfocus='x", "now", 'b" c'),)))
    assert "onfocus='" not in quoted


def test_a_long_group_shows_its_newest_and_how_many_more() -> None:
    beliefs = tuple(Belief("liked", str(n), "liked", f"Film {n}") for n in range(MAX_LISTED + 4))
    shown = panel(PanelView(beliefs))
    assert "+4" in shown
    assert f"Film {MAX_LISTED + 3}<" in shown
    assert "Film 3<" not in shown


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "zh"])
def test_the_panel_speaks_the_visitors_language(language: Language) -> None:
    shown = panel(PanelView((), language))
    for name in ("title", "close", "incognito", "bring", "choose", "forget"):
        assert panel_words(name, language).replace("'", "&#x27;") in shown
    assert all(all(row) for row in PANEL.values())


def test_every_answer_has_a_button() -> None:
    shown = rating(RatingView((FILMS[0],)))
    assert all(f"data-answer='{answer}'" in shown for answer in ANSWERS)


def test_nothing_can_be_edited_while_an_answer_is_about_to_come(
    page: Page, recommender: FakeRecommender
) -> None:
    talk = _after(page, "sci-fi")
    _press(page, talk, act="profile")
    recommender.delay_s = 0.3
    event = page.say("calm", talk)
    next(event)
    shown = _press(page, talk, act="forget", what="genres_all", value="Sci-Fi")
    assert "try again when it is there" in shown
    assert "disabled>" in shown
    list(event)
    assert talk.state is not None
    assert talk.state.constraints.genres_all == ("Sci-Fi",)
