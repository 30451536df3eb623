"""What moved a list: asked for on the page, over HTTP, and in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chatrec.errors import RequestError
from chatrec.serving.identity import Caller
from chatrec.serving.page import Page
from chatrec.serving.talk import Talk
from chatrec.serving.turns import TurnLimits, Turns
from chatrec.serving.why_panel import moved_part
from chatrec.storage import Storage
from tests.serving.browsing import in_chromium, say, visit
from tests.serving.conftest import ELSEWHERE, MakeApp, calling
from tests.serving.fake_recommender import NASTY, FakeRecommender

WORDS_ALONE = "Your words alone made this list: no title of yours had a say."


@pytest.fixture
def turns(recommender: FakeRecommender) -> Iterator[Turns]:
    made = Turns(recommender, TurnLimits(waiting=1, waiting_each=1))
    yield made
    made.close()


@pytest.fixture
def page(turns: Turns) -> Page:
    return Page(turns)


def _said(page: Page) -> Talk:
    talk = Talk()
    list(page.say("a calm film", talk))
    return talk


def _asked(page: Page, talk: Talk, turn: object = 0, item: str = "moon") -> list[str]:
    data = {"act": "moved", "turn": str(turn), "item": item}
    return [update[0] for update in page.act(talk, data) if isinstance(update[0], str)]


def test_nothing_is_worked_out_until_a_panel_asks(page: Page, recommender: FakeRecommender) -> None:
    talk = _said(page)
    assert recommender.ordered == 0
    assert page.show(talk)[0].count("data-ask='moved' data-turn='0'") == 4
    shown = _asked(page, talk)
    assert "Leaving out each of your last titles in turn" in shown[0]
    assert shown[-1].count(WORDS_ALONE) == 5  # of each card, and for a screen reader
    assert "data-ask" not in shown[-1]
    ordered = recommender.ordered
    assert ordered > 0
    _asked(page, talk, item="arrival")
    assert recommender.ordered == ordered  # the whole list's is known


def test_it_is_told_for_the_list_as_it_was_made(page: Page) -> None:
    talk = _said(page)
    mark = {"act": "mark", "turn": "0", "item": "arrival", "mark": "like"}
    list(page.act(talk, mark))  # asks for more like it
    assert WORDS_ALONE in _asked(page, talk, 0)[-1]
    moved = _asked(page, talk, 1)[-1]
    assert "Moved up by Arrival (+3)." in moved
    assert talk.news.startswith("Moved up by Arrival (+3).")
    list(page.say("another", talk))
    assert talk.news == ""


def test_a_failure_is_said_and_asking_again_works(page: Page, recommender: FakeRecommender) -> None:
    talk = _said(page)
    recommender.cannot_order = True
    shown = _asked(page, talk)[-1]
    assert "It couldn’t be worked out now" in shown
    assert "data-ask='moved'" in shown
    recommender.cannot_order = False
    assert WORDS_ALONE in _asked(page, talk)[-1]


def test_a_full_line_is_a_failure_too(page: Page, turns: Turns) -> None:
    talk, go_on = _said(page), threading.Event()

    def held(haste: object) -> Iterator[Any]:
        go_on.wait(20)
        yield from ()

    for owner in ("one", "two"):  # one with the worker, one in line
        turns.begin(held, owner)
    shown = _asked(page, talk)[-1]
    go_on.set()
    assert "It couldn’t be worked out now" in shown


def test_a_turn_that_is_not_there_is_refused(page: Page) -> None:
    with pytest.raises(RequestError, match="there is no turn 7"):
        _asked(page, _said(page), 7)
    with pytest.raises(RequestError, match="there is no turn -1"):
        _asked(page, _said(page), "x")


def test_a_list_that_was_read_back_is_told_as_it_was_made(
    turns: Turns, storage: Storage, recommender: FakeRecommender
) -> None:
    page, here = Page(turns, storage=storage), Caller("local")
    first = Talk()
    page.settle(first, here, "")
    list(page.say("a calm film", first))
    list(page.act(first, {"act": "mark", "turn": "0", "item": "arrival", "mark": "like"}))
    assert first.kept is not None
    again = Talk()
    page.settle(again, here, first.kept.session_id)
    assert WORDS_ALONE in _asked(page, again, 0)[-1]
    assert "Moved up by Arrival (+3)." in _asked(page, again, 1)[-1]


def _moved(client: TestClient, session_id: object, **asked: object) -> dict[str, Any]:
    answer = client.get(f"/v1/sessions/{session_id}/moved", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _ask(client: TestClient, **more: object) -> str:
    answer = client.post("/v1/recommend", json={"text": "a calm film"} | more)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["session_id"])


def test_over_http_each_item_has_what_moved_it(client: TestClient) -> None:
    session_id = _ask(client, liked=["Arrival"])
    found = _moved(client, session_id)
    assert {name: found[name] for name in ("session_id", "exchange", "led_by")} == {
        "session_id": session_id,
        "exchange": 0,
        "led_by": "fusion",
    }
    assert (found["measure"], found["share"]) == ("places", 0.0)
    items = {item["item_id"]: item for item in found["items"]}
    assert list(items) == ["arrival", "moon", "grand-budapest", "nasty"]
    assert items["moon"]["movers"] == [{"item_id": "arrival", "title": "Arrival", "gain": 3.0}]
    assert items["moon"]["told"].startswith("Moved up by Arrival (+3).")


def test_over_http_an_earlier_list_is_told_as_it_was_made(client: TestClient) -> None:
    session_id = _ask(client)
    _ask(client, session_id=session_id, liked=["Arrival"])
    assert _moved(client, session_id)["exchange"] == 1
    assert _moved(client, session_id, exchange=1)["items"][1]["movers"]
    assert _moved(client, session_id, exchange=0)["items"][1]["told"] == WORDS_ALONE


def test_over_http_incognito_conversations_are_found_when_said_so(client: TestClient) -> None:
    session_id = _ask(client, incognito=True, liked=["Arrival"])
    assert _moved(client, session_id, incognito=True)["items"][1]["movers"]
    assert client.get(f"/v1/sessions/{session_id}/moved").status_code == 404


def test_over_http_only_lists_of_the_caller_are_found(make_app: MakeApp, storage: Storage) -> None:
    keys = {owner: storage.keys.create(owner).secret for owner in ("ann", "ben")}
    app = make_app()
    ann, ben = (calling(app, keys[owner], client=ELSEWHERE) for owner in ("ann", "ben"))
    session_id = _ask(ann, liked=["Arrival"])
    assert _moved(ann, session_id)["items"]
    refused = ben.get(f"/v1/sessions/{session_id}/moved")
    assert refused.status_code == 404
    assert refused.headers["content-type"] == "application/problem+json"
    assert calling(app, client=ELSEWHERE).get("/v1/sessions/x/moved").status_code == 401


def test_over_http_what_is_not_there_is_named(client: TestClient) -> None:
    session_id = _ask(client)
    refused = client.get(f"/v1/sessions/{session_id}/moved", params={"exchange": 5})
    assert refused.status_code == 404
    assert "exchange 5" in refused.json()["detail"]
    assert "those that have one: 0" in refused.json()["detail"]
    assert client.get("/v1/sessions/none/moved").status_code == 404
    wrong = client.get(f"/v1/sessions/{session_id}/moved", params={"exchang": 5})
    assert wrong.status_code == 422


def test_no_title_becomes_markup() -> None:
    part = moved_part(NASTY, 0, NASTY, "unasked", "en")
    assert "<script" not in part
    assert "<img" not in part


def _browser_marks(test: Any) -> Any:
    for mark in in_chromium:
        test = mark(test)
    return test


@_browser_marks
def test_unfolding_a_panel_by_keyboard_tells_what_moved_the_item(
    browser: Any, address: str
) -> None:
    page = visit(browser, address)
    say(page, "a calm film")
    page.wait_for_selector(".cr-chips .cr-chip")
    page.get_by_role("button", name="More like this: Arrival").click()
    page.wait_for_selector("[data-turn='1'] .cr-chip")
    summary = page.locator("[data-turn='1'] .cr-card[data-item=moon] summary")
    summary.focus()
    page.keyboard.press("Enter")
    told = page.locator("[data-turn='1'] .cr-card[data-item=moon] .cr-moved")
    told.filter(has_text="Moved up by Arrival (+3).").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    heard = page.locator("#cr-live[aria-live=polite]")
    assert heard.inner_text().startswith("Moved up by Arrival (+3).")
    page.click("[data-turn='0'] .cr-card[data-item=moon] summary")
    page.locator("[data-turn='0'] .cr-card[data-item=moon] .cr-moved").filter(
        has_text=WORDS_ALONE
    ).wait_for()
    assert page.wrong == []
