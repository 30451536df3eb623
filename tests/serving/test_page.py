"""The real page in a real browser, with every other address out of reach."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from tests.serving.browsing import SERVER, in_chromium, say, serving, visit
from tests.serving.fake_recommender import NASTY

pytestmark = in_chromium


def test_a_conversation_from_the_first_prompt_to_a_new_one(browser: Any, address: str) -> None:
    page = visit(browser, address)
    page.click(".cr-prompt >> nth=2")
    page.wait_for_selector(".cr-chips .cr-chip")
    assert page.locator(".cr-card").count() == 4
    page.click(".cr-card[data-item=arrival] summary")
    page.locator(".cr-card[data-item=arrival] dd", has_text="Denis Villeneuve").wait_for()

    page.get_by_role("button", name="Not for me: Moon").click()
    page.wait_for_selector(".cr-card.is-dislike[data-item=moon]")
    assert page.locator(".cr-card[data-item=arrival] details").get_attribute("open") is not None
    page.get_by_role("button", name="Seen it: The Grand Budapest Hotel").click()
    page.wait_for_selector(".cr-card.is-seen")

    say(page, "sci-fi please")
    page.wait_for_selector(".cr-filter:not([disabled])")
    assert page.locator("[data-turn='1'] .cr-card").count() == 1  # Moon is not shown again
    page.get_by_role("button", name="Remove filter Sci-Fi").click()
    page.wait_for_selector(".cr-filter", state="detached")
    page.get_by_role("button", name="Search again without it").wait_for()

    page.get_by_role("button", name="More like this: Arrival").last.click()
    page.locator(".cr-said", has_text="More like Arrival (2016)").wait_for()
    page.wait_for_selector("[data-turn='2'] .cr-chip")

    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector(".cr-prompt")
    assert page.locator(".cr-turn").count() == 0
    assert page.wrong == []
    assert [url for url in page.asked if not url.startswith((address, "data:", "blob:"))] == []


def test_nothing_that_is_typed_or_recommended_runs(browser: Any, address: str) -> None:
    page = visit(browser, address)
    page.fill("#cr-box textarea", NASTY)
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector(".cr-chips .cr-chip")
    assert page.locator("#cr-thread img, #cr-thread script").count() == 0
    assert "${alert(2)} {{this}}" in page.locator(".cr-said").inner_text()
    assert page.wrong == []


def test_a_failed_message_is_said_and_given_back(browser: Any, address: str) -> None:
    page = visit(browser, address)
    say(page, "break the model")
    page.get_by_role("alert").filter(has_text="the decoder cannot be reached").wait_for()
    assert page.input_value("#cr-box textarea") == "break the model"
    say(page, "bug")
    page.get_by_role("alert").filter(has_text="something went wrong on this side").wait_for()
    assert page.input_value("#cr-box textarea") == "bug"
    say(page, "a calm film")
    page.wait_for_selector(".cr-chips .cr-chip")


def test_two_visitors_do_not_see_each_other(browser: Any, address: str) -> None:
    one, two = visit(browser, address), visit(browser, address)
    say(one, "sci-fi of the first visitor")
    one.wait_for_selector(".cr-filter:not([disabled])")
    say(two, "a calm film")
    two.wait_for_selector(".cr-chips .cr-chip")
    assert two.locator(".cr-card").count() == 4
    assert two.locator(".cr-filter").count() == 0
    assert "first visitor" not in two.locator("#cr-thread").inner_text()


def test_a_message_sent_while_reasons_are_written_is_answered_at_once(
    browser: Any, address: str
) -> None:
    page = visit(browser, address)
    say(page, "slowly, one after the other")  # 15 seconds a reason, if it is let
    page.wait_for_selector(".cr-card")
    page.click(".cr-card[data-item=arrival] summary")
    page.get_by_role("button", name="Not for me: Moon").click()
    page.wait_for_selector(".cr-card.is-dislike[data-item=moon]")
    page.fill("#cr-box textarea", "sci-fi, quickly")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("[data-turn='1'] .cr-chip")
    assert page.input_value("#cr-box textarea") == ""
    assert page.locator(".is-coming").count() == 0
    assert page.locator("[data-turn='0'] .cr-reason").count() == 4
    assert page.locator("[data-turn='0'] .is-dislike").count() == 1
    assert page.locator("[data-turn='1'] .cr-card").count() == 1  # Moon stays away
    assert page.locator("[data-turn='0'] details").first.get_attribute("open") is not None

    say(page, "slowly again")
    page.wait_for_selector("[data-turn='2'] .cr-card")
    page.get_by_role("button", name="More like this: Arrival").last.click()
    page.wait_for_selector("[data-turn='3'] .cr-chip")
    assert page.wrong == []


def test_what_a_closed_tab_or_a_new_conversation_leaves_is_not_finished(
    browser: Any, address: str
) -> None:
    gone, anew, next_one = (visit(browser, address) for _ in range(3))
    say(gone, "slowly and then away")
    gone.wait_for_selector(".cr-card")
    gone.close()
    say(anew, "slowly and then something else")  # waits for the first, if that goes on
    anew.wait_for_selector(".cr-card")
    anew.get_by_role("button", name="New conversation").click()
    anew.wait_for_selector(".cr-prompt")
    say(next_one, "a calm film")
    next_one.wait_for_selector(".cr-chips .cr-chip")
    anew.wait_for_selector(".cr-prompt")  # again, where something late had come
    assert anew.locator(".cr-turn").count() == 0


# A slow server's first page is on its way for two seconds after it was made.
SLOW_TO_BEGIN = """
import time
from chatrec.serving.page import Page
begin = Page.begin
def slow(page, talk, language):
    found = begin(page, talk, language)
    time.sleep(2)
    return found
Page.begin = slow
"""


def test_what_is_pressed_before_the_first_page_has_come_stays(browser: Any) -> None:
    with serving(SLOW_TO_BEGIN + SERVER) as (_, address):
        page = visit(browser, address)
        page.get_by_role("button", name="rate three titles").click()
        page.wait_for_selector(".cr-rating .cr-card")
        page.wait_for_timeout(4000)  # the first page has come
        assert page.locator(".cr-rating .cr-card").count() == 3
        page.context.close()


# What was left is drawn again some seconds later, as if it had been on its way for so long: later
# than the page looks by itself whether it has missed something.
LATE = """
import time
from chatrec.serving.talk import Talk
newest = Talk.is_newest
def leave(talk):
    talk.left, talk.late = True, time.monotonic() + 5
def is_late(talk):
    talk.news = f"{time.monotonic()}"  # Gradio sends only what differs
    return talk.late < time.monotonic() < talk.late + 1
Talk.leave = leave
Talk.is_newest = lambda talk, turn: newest(talk, turn) or is_late(talk)
"""


def test_what_was_left_does_not_come_back(browser: Any) -> None:
    with serving(LATE + SERVER) as (_, address):
        page = visit(browser, address)
        say(page, "slowly and then something else")
        page.wait_for_selector(".cr-card")
        left = page.locator("[data-conversation]").get_attribute("data-conversation")
        page.get_by_role("button", name="New conversation").click()
        page.wait_for_selector(".cr-prompt")
        page.wait_for_timeout(8000)
        page.wait_for_selector(".cr-prompt")
        assert page.locator(".cr-turn").count() == 0
        assert left
        assert page.evaluate("sessionStorage.getItem('chatrec.conversation')") != left
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_it_fits_the_window_and_can_be_read(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    page = visit(browser, address, width, scheme)
    say(page, "a calm film")
    page.wait_for_selector(".cr-chips .cr-chip")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    dock = page.locator("#cr-dock").bounding_box()
    assert 700 < dock["y"] + dock["height"] <= 801  # stays at the window's bottom
    for inside, outside in (
        (".cr-reason", ".cr-card"),
        (".cr-meta", ".cr-card"),
        (".cr-said",) * 2,
    ):
        assert page.evaluate(CONTRAST, [inside, outside]) >= 4.5
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button')].filter(b => b.offsetParent && "
        "!(b.textContent.trim() || b.ariaLabel)).length"
    )
    assert unnamed == 0


def test_titles_are_rated_and_turned_into_picks(browser: Any, address: str) -> None:
    page = visit(browser, address)
    page.get_by_role("button", name="rate three titles").click()
    page.wait_for_selector(".cr-rating .cr-card")
    assert page.locator(".cr-rating .cr-card").count() == 3
    assert page.get_by_role("button", name="Show me picks").is_disabled()
    page.locator(".cr-rating").get_by_role("button", name="Loved it: Arrival").click()
    page.wait_for_selector(".cr-rating [aria-pressed=true]")
    page.get_by_role("button", name="Show me picks").click()
    page.locator(".cr-said", has_text="Surprise me").wait_for()
    page.wait_for_selector(".cr-chips .cr-chip")
    assert page.locator(".cr-rating").count() == 0
    page.get_by_role("button", name="Profile").click()
    page.locator(".cr-panel").get_by_text("Arrival (2016)").wait_for()
    assert page.wrong == []


def test_the_profile_is_edited_and_deleted_by_keyboard(browser: Any, address: str) -> None:
    page = visit(browser, address)
    say(page, "sci-fi please")
    page.wait_for_selector(".cr-filter:not([disabled])")
    page.wait_for_selector(".cr-chips .cr-chip >> text=Surprise me")
    page.get_by_role("button", name="Profile").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".cr-panel")
    page.wait_for_function("document.activeElement.id === 'cr-panel-head'")
    page.locator(".cr-edit summary").focus()
    page.keyboard.press("Enter")
    page.locator(".cr-edit input").fill("a comedy")
    page.keyboard.press("Enter")
    page.locator(".cr-panel").get_by_text("Comedy", exact=True).wait_for()
    page.get_by_role("button", name="Delete: Comedy").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete: Comedy").wait_for(state="detached")
    for _ in range(40):  # the keyboard stays in the open panel
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('.cr-panel')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".cr-panel", state="detached")
    page.wait_for_function("document.activeElement.dataset.act === 'profile'")
    assert page.locator(".cr-filter").count() == 0
    assert page.wrong == []


def test_a_history_is_brought_in_parts_and_everything_forgotten(browser: Any, address: str) -> None:
    page = visit(browser, address)
    page.get_by_role("button", name="Profile").click()
    rows = "".join(f"2023-01-01,Unknown film {n} of a long list,1950,u,3\n" for n in range(1500))
    csv = f"Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Moon,2009,u,5\n{rows}"
    assert len(csv) > 2 * 30_000
    csv += f"2024-01-01,{NASTY},2014,u,1\n"
    file = {"name": "ratings.csv", "mimeType": "text/csv", "buffer": csv.encode()}
    page.locator(".cr-file input").set_input_files(file)
    page.locator(".cr-told", has_text="1 of 1502 rows (Letterboxd)").wait_for()
    page.locator(".cr-panel").get_by_text("Moon (2009)").first.wait_for()
    assert page.locator(".cr-panel img, .cr-panel script").count() == 0
    page.locator(".cr-forget summary").click()
    page.get_by_role("button", name="Yes, forget everything").click()
    page.wait_for_selector(".cr-panel", state="detached")
    page.get_by_role("button", name="Profile").click()
    page.locator(".cr-panel").get_by_text("Nothing yet").wait_for()
    assert page.wrong == []


def test_incognito_is_switched_on_and_said(browser: Any, address: str) -> None:
    page = visit(browser, address)
    page.get_by_role("button", name="Profile").click()
    page.get_by_role("switch", name="Incognito").click()
    page.wait_for_selector("[role=switch][aria-checked=true]")
    page.get_by_role("button", name="Close").click()
    page.get_by_text("nothing of this conversation is kept").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_titles_and_profile_fit_the_window_and_can_be_read(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    page = visit(browser, address, width, scheme)
    page.get_by_role("button", name="rate three titles").click()
    page.wait_for_selector(".cr-rating .cr-card")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tile, first = (
        page.locator(f".cr-rating .cr-card >> nth=1 >> {part}").bounding_box()
        for part in (".cr-tile", ".cr-act >> nth=0")
    )
    apart = first["x"] >= tile["x"] + tile["width"] or first["y"] >= tile["y"] + tile["height"]
    assert apart
    page.locator(".cr-rating .cr-act").first.click()
    page.wait_for_selector(".cr-rating [aria-pressed=true]")
    page.get_by_role("button", name="Show me picks").click()
    page.wait_for_selector(".cr-chips .cr-chip >> text=Surprise me")
    page.get_by_role("button", name="Profile").click()
    page.wait_for_selector(".cr-beliefs")
    box = page.locator(".cr-panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    for inside, outside in (
        (".cr-cause", ".cr-beliefs"),
        (".cr-panel h3", ".cr-panel"),
        (".cr-danger",) * 2,
        (".cr-panel .cr-note", ".cr-panel"),
    ):
        assert page.evaluate(CONTRAST, [inside, outside]) >= 4.5


def test_an_interrupt_ends_the_server_quietly_under_an_open_page(browser: Any) -> None:
    with serving() as (server, address):
        page = visit(browser, address)
        say(page, "a calm film")
        page.wait_for_selector(".cr-chips .cr-chip")
        server.send_signal(signal.SIGINT)
        said, complained = server.communicate(timeout=20)
        assert (server.returncode, said, complained) == (0, "", "")
        page.context.close()


# The contrast ratio of WCAG 2.2 between the text of one element and the fill of another.
CONTRAST = """([inside, outside]) => {
  const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = (selector) => getComputedStyle(document.querySelector(selector));
  const pair = [light(style(inside).color), light(style(outside).backgroundColor)];
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}"""
