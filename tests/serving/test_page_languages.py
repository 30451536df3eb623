"""The page in other languages, and comparing by keyboard, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chatrec.conversation.lexicon import LANGUAGES, Language
from chatrec.serving.card_words import CARDS, COMPARING, EVIDENCE, LED_BY
from chatrec.serving.page_words import WORDS, in_language
from chatrec.serving.page_words import say as words
from tests.serving.browsing import in_chromium, say, visit

pytestmark = in_chromium
OTHERS = [language for language in LANGUAGES if language != "en"]
READ = """() => [document.body.innerText, ...[...document.querySelectorAll("*")].flatMap(
  (part) => [part.ariaLabel, part.placeholder, part.alt].filter(Boolean))].join("\\n")"""


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_label_is_left(browser: Any, address: str, language: Language) -> None:
    page = visit(browser, address, locale=f"{language}-{language.upper()}")
    read = page.evaluate(READ)
    page.click(".cr-welcome [data-act=rate]")
    page.wait_for_selector(".cr-rating .cr-card")
    read += page.evaluate(READ)
    page.click("[data-act=unrate]")
    page.wait_for_selector(".cr-rating", state="detached")
    say(page, "sci-fi")
    page.wait_for_selector(".cr-chips")
    for summary in page.locator(".cr-why summary").all():
        summary.click()
    for button in page.locator("[data-act=pick]").all():
        button.click()
        page.wait_for_selector(
            f"[data-act=pick][data-item={button.get_attribute('data-item')}][aria-pressed=true]"
        )
    page.click("[data-act=compare]")
    page.wait_for_selector(".cr-compare table")
    read += page.evaluate(READ)
    labels = [*WORDS.values(), *CARDS.values(), *COMPARING.values(), *LED_BY.values()]
    labels.remove(WORDS["surprise"])  # the fake recommender's chips are English
    for row in labels:
        if len(row[0]) > 5 and "{" not in row[0] and in_language(row, language) != row[0]:
            assert re.search(rf"\b{re.escape(row[0])}(?!\w)", read) is None
    for row in (WORDS["mood"], CARDS["seen"], COMPARING["title"], EVIDENCE["runtime"]):
        assert in_language(row, language) in read
    assert page.wrong == []


def test_a_choice_of_language_is_remembered_and_reaches_everything(
    browser: Any, address: str
) -> None:
    page = visit(browser, address, locale="de-AT")
    assert page.input_value(".cr-language") == "de"
    page.select_option(".cr-language", "fr")
    page.wait_for_selector("html[lang=fr]")
    page.get_by_role("button", name=words("profile", "fr")).click()
    page.locator(".cr-panel", has_text="Ce que je sais de vous").wait_for()
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("html[lang=fr]")
    page.get_by_role("button", name=words("send", "fr")).wait_for()
    assert page.get_attribute("#cr-box textarea", "placeholder") == words("placeholder", "fr")
    page.get_by_role("button", name=words("new", "fr")).first.click()
    page.locator("h2", has_text=words("mood", "fr")).wait_for()
    assert page.wrong == []


def test_items_are_compared_by_keyboard_and_the_focus_comes_back(
    browser: Any, address: str
) -> None:
    page = visit(browser, address)
    say(page, "a calm film")
    page.wait_for_selector(".cr-chips")
    for title in ("Arrival", "Moon"):
        page.get_by_role("button", name=f"Compare: {title}").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(f"[aria-label='Compare: {title}'][aria-pressed=true]")
        page.wait_for_function(
            f"document.activeElement.ariaLabel === 'Compare: {title}'"
        )  # drawn anew, with the focus on it
    page.locator("[data-act=compare]").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'cr-panel-head'")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('.cr-compare')")
    table = page.locator(".cr-compare table")
    assert "PG-13" in table.inner_text()
    assert table.locator("tr.is-different").count() > 3
    page.keyboard.press("Escape")
    page.wait_for_selector(".cr-compare", state="detached")
    page.wait_for_function("document.activeElement.dataset.act === 'compare'")
    page.get_by_role("button", name="Clear").click()
    page.wait_for_selector(".cr-picked", state="detached")
    assert page.locator("[data-act=pick][aria-pressed=true]").count() == 0
    assert page.wrong == []


def test_the_first_stop_leads_to_the_message_box(browser: Any, address: str) -> None:
    page = visit(browser, address)
    stops = "[...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex]')]"
    first = f"{stops}.find((stop) => stop.tabIndex >= 0 && stop.checkVisibility())"
    assert page.evaluate(f"{first}.className") == "cr-skip"
    page.locator(".cr-skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")


def test_a_finished_answer_is_announced_in_a_place_that_stays(browser: Any, address: str) -> None:
    page = visit(browser, address)
    page.evaluate("document.getElementById('cr-live').dataset.mine = 'yes'")
    say(page, "a calm film")
    page.wait_for_selector(".cr-chips")
    live = page.locator("#cr-live[data-mine=yes][role=status]")
    live.filter(has_text="4 films for “a calm film”. Arrival (2016), Moon (2009)").wait_for()


def test_nothing_moves_where_less_motion_is_wanted(browser: Any, address: str) -> None:
    page = visit(browser, address)
    page.emulate_media(reduced_motion="reduce")
    say(page, "slowly")
    page.wait_for_selector(".cr-reason.is-coming")
    assert page.evaluate("document.getAnimations().length") == 0
    page.context.close()  # nobody waits for this answer any more
