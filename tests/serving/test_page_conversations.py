"""The page's conversations in a real browser: kept, listed, managed, taken back."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatrec.storage import open_storage
from tests.serving.browsing import PATIENCE_MS, Server, answered, in_chromium, reload, say, visit
from tests.serving.test_page import CONTRAST

pytestmark = in_chromium

BOX = "document.querySelector('#cr-box textarea')"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("page"))
    yield server
    server.end(signal.SIGTERM)


def _options(page: Any, title: str) -> Any:
    entry = page.locator(".cr-entry").filter(has_text=title).first  # the newest of that title
    entry.locator("summary").first.click()
    return entry


def test_a_reload_and_a_kill_bring_the_conversation_back(browser: Any, server: Server) -> None:
    page = visit(browser, server.address)
    say(page, "sci-fi that is kept")
    answered(page, 0)
    page.get_by_role("button", name="Not for me: Moon").click()
    page.wait_for_selector(".cr-card.is-dislike[data-item=moon]")
    before = page.locator(".cr-cards").inner_text()
    reload(page)
    answered(page, 0)
    assert page.locator(".cr-cards").inner_text() == before
    assert page.locator(".cr-card.is-dislike[data-item=moon]").count() == 1
    page.get_by_role("button", name="Remove filter Sci-Fi").wait_for()

    server.end(signal.SIGKILL)
    server.start()
    page.goto(server.address)
    answered(page, 0)
    assert page.locator(".cr-cards").inner_text() == before
    say(page, "calm")
    answered(page, 1)
    assert page.locator("[data-turn='1'] .cr-card[data-item=moon]").count() == 0


def test_a_page_left_open_over_a_restart_goes_on(browser: Any, server: Server) -> None:
    page = visit(browser, server.address)
    say(page, "calm before the restart")
    answered(page, 0)
    server.end(signal.SIGKILL)
    box = page.locator("#cr-box textarea")
    box.fill("sent while it was down")
    box.press("Enter")
    with page.expect_navigation():  # Gradio reloads the page once it finds the server again
        server.start()
    page.wait_for_selector("[data-conversation]", state="attached")
    page.wait_for_function(f"{BOX}.value === 'sent while it was down'")
    assert page.locator(".cr-turn").count() == 1
    box.press("Enter")
    answered(page, 1)
    assert box.input_value() == ""
    said = page.locator(".cr-said").all_inner_texts()
    assert said[0].endswith("calm before the restart")
    reload(page)
    answered(page, 1)
    assert box.input_value() == ""  # it has had its answer
    storage = open_storage(server.database)
    found = storage.sessions.entries("local")
    storage.close()
    assert [entry.exchanges for entry in found if "restart" in entry.title] == [2]


def test_what_was_typed_survives_a_reload(browser: Any, server: Server) -> None:
    page = visit(browser, server.address)
    page.fill("#cr-box textarea", "half a wish")
    reload(page)
    page.wait_for_function(f"{BOX}.value === 'half a wish'")
    page.press("#cr-box textarea", "Enter")
    answered(page, 0)
    assert page.wrong == []


def test_what_is_drawn_anew_while_it_is_pressed_is_pressed(browser: Any, server: Server) -> None:
    page = visit(browser, server.address)
    say(page, "a film to pick")
    answered(page, 0)
    for pressed, done in (
        ("[aria-label='Compare: Arrival']", "[aria-label='Compare: Arrival'][aria-pressed=true]"),
        (".is-open .cr-options > summary", ".is-open .cr-options[open]"),
    ):
        page.locator(pressed).hover()
        page.mouse.down()
        page.locator(pressed).evaluate("stop => stop.replaceWith(stop.cloneNode(true))")
        page.mouse.up()
        page.wait_for_selector(done)
    assert page.locator("[data-act=pick][aria-pressed=true]").count() == 1


def test_an_answer_whose_stream_was_ended_is_shown_all_the_same(
    browser: Any, server: Server
) -> None:
    page = visit(browser, server.address)
    page.wait_for_selector(".cr-list li, .cr-list .cr-note")
    ended = 'data: {"msg": "close_stream"}\n\n'
    page.route(
        "**/queue/data*",
        lambda route: route.fulfill(content_type="text/event-stream", body=ended),
        times=1,
    )
    say(page, "calm, whatever the stream does")
    answered(page, 0)
    assert page.locator(".cr-turn").count() == 1


def test_conversations_are_listed_opened_renamed_and_deleted(browser: Any, server: Server) -> None:
    page = visit(browser, server.address)
    say(page, "first of two")
    answered(page, 0)
    page.get_by_role("button", name="New conversation").first.click()
    page.wait_for_selector(".cr-prompt")
    say(page, "second of two")
    answered(page, 0)
    titles = page.locator(".cr-entry-title")
    page.locator(".cr-entry.is-open", has_text="second of two").wait_for()
    assert titles.all_inner_texts()[:2] == ["second of two", "first of two"]
    assert re.search(r"\d", page.locator(".cr-entry time").first.inner_text())

    page.locator(".cr-open", has_text="first of two").click()
    page.locator(".cr-said", has_text="first of two").wait_for()
    entry = _options(page, "first of two")
    entry.locator("input").fill("A quiet evening")
    entry.locator("input").press("Enter")
    page.locator(".cr-entry-title", has_text="A quiet evening").wait_for()

    entry = page.locator(".cr-entry").filter(has_text="A quiet evening")
    entry.locator(".cr-sure summary").click()  # asks once
    entry.get_by_role("button", name="Yes, delete").click()
    page.locator(".cr-entry-title", has_text="A quiet evening").wait_for(state="detached")
    page.wait_for_selector(".cr-prompt")  # it was the open one
    reload(page)
    page.locator(".cr-entry-title", has_text="second of two").wait_for()
    assert page.locator(".cr-entry-title", has_text="A quiet evening").count() == 0
    assert page.wrong == []


def test_a_conversation_is_shared_as_text_without_the_server(
    browser: Any, server: Server, tmp_path: Path
) -> None:
    page = visit(browser, server.address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    say(page, "a film to share")
    answered(page, 0)
    entry = _options(page, "a film to share")
    entry.get_by_role("button", name="Share as text").click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    page.wait_for_function("document.activeElement.id === 'cr-shared-head'")
    asked = len(page.asked)
    dialog.get_by_role("button", name="Copy").click()
    dialog.get_by_text("Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert "> a film to share" in text
    assert "1. Arrival (2016)\n   You liked thoughtful science fiction" in text
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save as a .txt file").click()
    saved = tmp_path / "saved.txt"
    download.value.save_as(saved)
    assert saved.read_text("utf-8") == text
    assert download.value.suggested_filename == "a film to share.txt"
    assert [url for url in page.asked[asked:] if not url.startswith("blob:")] == []
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert page.evaluate("document.activeElement.dataset.act") == "share"


def test_stop_retry_edit_and_undo(browser: Any, server: Server) -> None:
    page = visit(browser, server.address)
    say(page, "slowly, please")
    page.wait_for_selector(".cr-card")
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped. Plain sentences: 2 of 4 reasons.").wait_for()
    assert page.locator(".is-coming").count() == 0

    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_text("takes the place of this one").wait_for()
    box = page.locator("#cr-box textarea")
    page.wait_for_function("document.querySelector('#cr-box textarea').value === 'slowly, please'")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    box.fill("quickly, please")
    box.press("Enter")
    page.locator(".cr-said", has_text="quickly, please").wait_for()
    answered(page, 0)
    assert page.locator(".cr-turn").count() == 1

    say(page, "sci-fi, slowly")
    page.get_by_role("button", name="Stop").click()
    answered(page, 1)
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Stop").click()  # it is being answered anew
    answered(page, 1)
    assert page.locator(".cr-turn").count() == 2
    page.wait_for_selector(".cr-filter:not([disabled])")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-turn='1']", state="detached")
    page.wait_for_selector(".cr-filter", state="detached")
    reload(page)
    page.locator(".cr-said", has_text="quickly, please").wait_for()
    assert page.locator(".cr-turn").count() == 1
    assert page.wrong == []


def test_an_error_can_be_tried_again(browser: Any, server: Server) -> None:
    page = visit(browser, server.address)
    say(page, "break the model")
    page.get_by_text("can't answer at the moment").wait_for()
    with page.expect_request(lambda request: "queue/join" in request.url):
        page.get_by_role("button", name="Try again").click()
    page.get_by_text("can't answer at the moment").wait_for()
    assert page.locator(".cr-turn").count() == 1


def test_a_reload_while_reasons_are_written_brings_the_reply(browser: Any, server: Server) -> None:
    page = visit(browser, server.address)
    say(page, "slowly and reloaded")
    page.wait_for_selector(".cr-card")
    reload(page)
    page.locator(".cr-said", has_text="slowly and reloaded").wait_for()
    answered(page, 0)
    assert page.locator(".cr-reason").count() == 4


def test_incognito_leaves_nothing_and_stays_so_over_a_reload(browser: Any, server: Server) -> None:
    page = visit(browser, server.address)
    page.get_by_role("button", name="Profile").click()
    page.get_by_role("switch", name="Incognito").click()
    page.wait_for_selector("[role=switch][aria-checked=true]")
    page.keyboard.press("Escape")
    say(page, "nobody may know of this")
    answered(page, 0)
    reload(page)
    page.wait_for_selector(".cr-incognito")
    assert page.locator(".cr-turn").count() == 0
    assert page.get_by_text("nobody may know of this").count() == 0
    assert b"nobody may know" not in server.database.read_bytes()


def test_forget_me_empties_the_list(browser: Any, tmp_path: Path) -> None:
    server = Server(tmp_path)
    page = visit(browser, server.address)
    say(page, "to be forgotten")
    answered(page, 0)
    page.get_by_role("button", name="Profile").click()
    page.locator(".cr-forget summary").click()
    page.get_by_role("button", name="Yes, forget everything").click()
    page.wait_for_selector(".cr-prompt")
    page.get_by_text("What you talk about here is listed here.").wait_for()
    storage = open_storage(server.database)
    assert not storage.has("local")
    storage.close()
    server.end(signal.SIGTERM)


def test_with_keys_everybody_has_their_own_and_can_sign_out(browser: Any, tmp_path: Path) -> None:
    server = Server(tmp_path)
    storage = open_storage(server.database)
    secrets = {name: storage.keys.create(name).secret for name in ("ann", "ben")}
    storage.close()
    pages = {}
    for name, secret in secrets.items():
        context = browser.new_context(locale="en-GB")
        context.set_default_timeout(PATIENCE_MS)
        pages[name] = page = context.new_page()
        page.goto(f"{server.address}/sign-in")
        page.fill("#key", secret)
        page.press("#key", "Enter")
        page.wait_for_selector(".cr-prompt")
    say(pages["ann"], "a wish of ann")
    answered(pages["ann"], 0)
    where = pages["ann"].evaluate("sessionStorage.getItem('chatrec.conversation')")
    ben = pages["ben"]
    ben.evaluate(f"sessionStorage.setItem('chatrec.conversation', '{where}')")
    reload(ben)
    ben.get_by_text("What you talk about here is listed here.").wait_for()
    assert ben.get_by_text("a wish of ann").count() == 0
    pages["ann"].fill("#cr-box textarea", "half a wish of ann")
    pages["ann"].get_by_role("button", name="Sign out").click()
    pages["ann"].wait_for_selector("#key")
    assert "half a wish" not in pages["ann"].evaluate("JSON.stringify(sessionStorage)")
    for page in pages.values():
        page.context.close()
    server.end(signal.SIGTERM)


def test_the_drawer_works_by_keyboard_on_a_phone(browser: Any, server: Server) -> None:
    page = visit(browser, server.address, 375)
    say(page, "on the phone")
    answered(page, 0)
    assert not page.locator(".cr-list").is_visible()
    page.get_by_role("button", name="Conversations").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'cr-list-head'")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('.cr-list')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.cr-drawer')")
    page.get_by_role("button", name="Conversations").click()
    page.locator(".cr-open", has_text="on the phone").click()
    page.wait_for_function("!document.getElementById('cr-side').classList.contains('is-out')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_list_and_tools_fit_the_window_and_can_be_read(
    browser: Any, server: Server, width: int, scheme: str
) -> None:
    page = visit(browser, server.address, width, scheme)
    say(page, "a film whose title is rather long, so that it has to be cut in the list")
    answered(page, 0)
    if width < 1140:
        page.get_by_role("button", name="Conversations").click()
    entry = _options(page, "a film whose title is rather long")
    entry.locator(".cr-sure summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator(".cr-list").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    inner = entry.locator("form").bounding_box()
    assert inner["x"] + inner["width"] <= box["x"] + box["width"]
    for inside, outside in (
        (".is-open .cr-entry-title", ".is-open"),
        (".is-open time", ".is-open"),
        (".cr-sure summary", ".is-open"),
        (".cr-danger",) * 2,
        (".cr-tool", "body"),
    ):
        assert page.evaluate(CONTRAST, [inside, outside]) >= 4.5, inside
