"""The page in all its states, judged by axe: nothing serious for who can't see or point."""

from __future__ import annotations

from typing import Any

import pytest

from tests.serving.browsing import in_chromium, say, visit

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = in_chromium
LOOKS = [(width, scheme) for width in (1280, 375) for scheme in ("light", "dark")]
EITHER = [(1280, "light"), (375, "dark")]  # where width and scheme change nothing together


def _faults(page: Any) -> list[str]:
    """What axe finds serious or critical, with the places."""
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {[node['target'] for node in fault['nodes']]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


def _with_cards(browser: Any, address: str, width: int, scheme: str) -> Any:
    page = visit(browser, address, width, scheme)
    say(page, "sci-fi please")
    page.wait_for_selector(".cr-chips")
    page.wait_for_selector(".cr-filter:not([disabled])")
    return page


@pytest.mark.parametrize(("width", "scheme"), EITHER)
def test_the_empty_page_and_the_titles_to_judge(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    page = visit(browser, address, width, scheme)
    assert _faults(page) == []
    page.click(".cr-welcome [data-act=rate]")
    page.wait_for_selector(".cr-rating .cr-card")
    page.locator(".cr-rating .cr-act").first.click()
    page.wait_for_selector(".cr-rating [aria-pressed=true]")
    assert _faults(page) == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_cards_with_their_reasons_unfolded_and_marked(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    page = _with_cards(browser, address, width, scheme)
    for summary in page.locator(".cr-why summary").all():
        summary.click()
        page.wait_for_selector(".cr-why[open] [data-ask]", state="detached")  # moves what is below
    page.get_by_role("button", name="Not for me: Moon").click()
    page.wait_for_selector(".cr-card.is-dislike")
    assert page.locator(".cr-why[open]").count() == 2
    assert _faults(page) == []


@pytest.mark.parametrize(("width", "scheme"), EITHER)
def test_the_profile_and_the_comparison(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    page = _with_cards(browser, address, width, scheme)
    page.click("[data-act=profile]")
    page.wait_for_selector(".cr-beliefs")
    page.click(".cr-edit summary")
    page.click(".cr-forget summary")
    assert _faults(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector(".cr-panel", state="detached")
    for button in page.locator("[data-act=pick]").all():
        button.click()
        page.wait_for_timeout(200)
    page.click("[data-act=compare]")
    page.wait_for_selector(".cr-compare table")
    assert _faults(page) == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_list_of_conversations_and_a_message_that_is_edited(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    page = _with_cards(browser, address, width, scheme)
    page.click("[data-act=edit]")
    page.wait_for_selector(".is-editing")
    assert _faults(page) == []
    if width < 1140:
        page.click("[data-drawer=open]")
        page.wait_for_function("document.activeElement.id === 'cr-list-head'")
    page.locator(".cr-list summary").first.click()
    page.wait_for_timeout(300)  # until the drawer is out
    assert _faults(page) == []
    page.locator(".cr-list [data-act=share]").first.click()
    page.wait_for_selector("[role=dialog] textarea")
    assert _faults(page) == []


@pytest.mark.parametrize(("width", "scheme"), EITHER)
def test_errors_and_waiting(browser: Any, address: str, width: int, scheme: str) -> None:
    page = visit(browser, address, width, scheme)
    say(page, "break midway")
    page.wait_for_selector(".cr-error")
    assert _faults(page) == []
    say(page, "slowly please")
    page.wait_for_selector("[data-turn='1'] .cr-card")
    assert _faults(page) == []
    page.context.close()  # so that the next test needn't wait for this answer
