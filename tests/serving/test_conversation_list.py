"""The list of conversations beside the page: opened, renamed, deleted, shared as text."""

from __future__ import annotations

import re

from chatrec.conversation.lexicon import LANGUAGES
from chatrec.conversation.sessions import NEW
from chatrec.conversation.state import DialogueState
from chatrec.serving.conversation_list import LISTED
from chatrec.serving.conversation_words import WORDS, conversation_words
from chatrec.serving.page import Page
from chatrec.storage import Storage
from tests.serving.conversing import (
    BEN,
    Visit,
    id_of,
    press,
    say,
)
from tests.serving.fake_recommender import NASTY


def test_the_list_has_titles_and_times_the_newest_first(page: Page, visit: Visit) -> None:
    one, two = visit(), visit()
    say(page, one, "calm")
    say(page, two, "sci-fi")
    listed = page.listed(two)
    assert re.findall("cr-entry-title'>([^<]*)<", listed) == ["sci-fi", "calm"]
    assert len(re.findall("<time datetime='[0-9T:+-]*'>", listed)) == 2
    assert f"data-session='{id_of(two)}' aria-current=true" in listed
    assert "What you talk about here" in page.listed(visit(BEN))


def test_a_conversation_is_opened_renamed_and_deleted(
    page: Page, storage: Storage, visit: Visit
) -> None:
    one, two = visit(), visit()
    say(page, one, "calm")
    say(page, two, "sci-fi")
    opened = press(page, two, "open", session=id_of(one))
    assert [turn.said for turn in opened.turns] == ["calm"]
    assert two.left
    press(page, opened, "rename", session=id_of(one), title="  Quiet   evening ")
    assert "Quiet evening" in page.listed(opened)
    same = press(page, opened, "delete", session=id_of(two))
    assert same is opened
    fresh = press(page, opened, "delete", session=id_of(one))
    assert fresh.turns == ()
    assert storage.sessions.entries("ann") == ()


def test_a_title_that_will_not_do_is_said_once(page: Page, visit: Visit) -> None:
    talk = visit()
    say(page, talk, "calm")
    press(page, talk, "rename", session=id_of(talk), title="x" * 61)
    assert "it must have 1 to 60 characters" in page.listed(talk)
    assert "it must have" not in page.listed(talk)


def test_a_long_list_comes_in_parts(page: Page, storage: Storage, visit: Visit) -> None:
    for number in range(LISTED + 3):
        state = DialogueState().with_user_turn(f"wish {number}")
        storage.sessions.put("ann", f"s{number}", state, version=NEW)
    talk = visit()
    assert page.listed(talk).count("cr-entry-title") == LISTED
    press(page, talk, "more")
    listed = page.listed(talk)
    assert listed.count("cr-entry-title") == LISTED + 3
    assert "data-act='more'" not in listed


def test_a_conversation_is_shared_as_text(page: Page, visit: Visit) -> None:
    talk = visit()
    say(page, talk, "calm\nand short")
    press(page, talk, "share", session=id_of(talk))
    listed = page.listed(talk)
    assert "You:\n&gt; calm\n&gt; and short\n" in listed
    assert "1. Arrival (2016)\n   You liked thoughtful science fiction" in listed
    assert "<script" not in listed
    press(page, talk, "close")
    assert "cr-shared" not in page.listed(talk)


def test_nothing_from_outside_becomes_markup_in_the_list(page: Page, visit: Visit) -> None:
    talk = visit()
    say(page, talk, NASTY)
    listed = page.listed(talk)
    assert not re.search(r"<(script|img)", listed)
    assert "onerror=alert(1)>" not in listed


def test_every_word_is_there_in_every_language() -> None:
    for name, row in WORDS.items():
        assert len(row) == len(LANGUAGES)
        assert all(row), name
        assert {text.count("{}") + len(re.findall(r"\{\d\}", text)) for text in row} == {
            row[0].count("{}")
        }, name
    assert conversation_words("stopped", "zh", 2, 5) == "已停止。5条理由中有2条是简单句子。"
