"""Takes the screenshots of docs/page.md from the real page: `python docs/screenshots.py [NAME...]`.

Names are those of the functions below, such as "conversation"; without one all are taken.
Starts the chat with the built-in films in a process of its own, talks to it in headless Chromium,
and writes docs/page/*.png. Needs playwright (in the dev extra) and a `chromium` on the PATH.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
TO = ROOT / "docs" / "page"
ANSWER_MS = 300_000  # the first answer waits for the models
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


def main() -> None:
    """The screenshots that are asked for, one after the other."""
    every = {take.__name__: take for take in (conversation, comparison, german, dark, phone)}
    unknown = [name for name in sys.argv[1:] if name not in every]
    if unknown:
        raise SystemExit(f"no screenshot {unknown[0]!r}; there are {', '.join(every)}")
    TO.mkdir(exist_ok=True)
    with serving() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"))
        for name in sys.argv[1:] or every:
            every[name](browser, address)
        browser.close()


@contextmanager
def serving() -> Iterator[str]:
    """The address of the chat, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        own = {"CHATREC_PORT": str(port), "CHATREC_DATABASE": f"{folder}/chatrec.db"}
        command = [sys.executable, str(ROOT / "app.py")]
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | own, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        try:
            while "http://" not in (line := server.stdout.readline()):
                if not line:
                    raise SystemExit("the chat did not start; run `python app.py` to see why")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def conversation(browser: Any, address: str) -> None:
    """The conversation with its list, then why the first title was recommended."""
    page = visit(browser, address)
    say(page, "I loved Arrival and Moon. Something as thoughtful, but no horror")
    page.wait_for_selector(".cr-entry", timeout=ANSWER_MS)
    shoot(page, "conversation")
    page.locator(".cr-why summary").first.click()
    page.locator(".cr-why[open] h4").evaluate("head => head.scrollIntoView({block: 'center'})")
    shoot(page, "why")
    page.context.close()


def comparison(browser: Any, address: str) -> None:
    """Three titles side by side."""
    page = visit(browser, address)
    say(page, "a clever heist film")
    for button in page.locator("[data-act=pick]").all()[:3]:
        button.click()
        page.wait_for_timeout(400)
    page.click("[data-act=compare]")
    page.wait_for_selector(".cr-compare table")
    shoot(page, "compare")
    page.context.close()


def german(browser: Any, address: str) -> None:
    """The page of somebody whose browser asks for German."""
    page = visit(browser, address, locale="de-DE")
    say(page, "Eine Komödie aus Frankreich, nicht länger als zwei Stunden")
    shoot(page, "german")
    page.context.close()


def dark(browser: Any, address: str) -> None:
    """The profile, in the dark."""
    page = visit(browser, address, color_scheme="dark")
    say(page, "I love Alien and never want to see musicals. Something tense from the 1980s")
    page.click("[data-act=profile]")
    page.wait_for_selector(".cr-beliefs")
    shoot(page, "dark")
    page.context.close()


def phone(browser: Any, address: str) -> None:
    """A narrow window."""
    page = visit(browser, address, viewport=PHONE)
    say(page, "something funny for the whole family")
    shoot(page, "phone")
    page.context.close()


def visit(browser: Any, address: str, **options: Any) -> Any:
    """A new visitor's page."""
    page = browser.new_context(**{"viewport": WIDE, "locale": "en-GB"} | options).new_page()
    page.goto(address)
    page.wait_for_selector(".cr-prompt")
    page.wait_for_timeout(1500)  # the language comes with the first event
    return page


def say(page: Any, text: str) -> None:
    """Says something and waits for the whole answer."""
    page.fill("#cr-box textarea", text)
    page.press("#cr-box textarea", "Enter")
    page.wait_for_selector(".cr-turn .cr-chips", timeout=ANSWER_MS)


def shoot(page: Any, name: str) -> None:
    """Writes what the window shows."""
    page.wait_for_timeout(900)  # until nothing moves
    page.screenshot(path=TO / f"{name}.png")


if __name__ == "__main__":
    main()
