"""How tests open the real page in a real browser, with every other address out of reach."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATIENCE_MS = 120_000  # a loaded machine is slow, not wrong
ROOT = Path(__file__).parents[2]
SERVER = """
import sys
from tests.serving.fake_recommender import FakeRecommender
from chatrec.serving.api import serve
serve(FakeRecommender(0.05), "127.0.0.1", int(sys.argv[1]))
"""

in_chromium = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no chromium on the PATH: apt-get install chromium"
    ),
]


@contextmanager
def serving(program: str = SERVER) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own process with a database of its own, and its address."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"PYTHONPATH": str(ROOT), "CHATREC_DATABASE": f"{folder}/chatrec.db"}
        server = subprocess.Popen(
            [sys.executable, "-c", program, "0"],
            cwd=ROOT,
            env=os.environ | own,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert found, f"the server said {said!r}"
            yield server, found.group()
        finally:
            server.terminate()
            server.communicate(timeout=60)  # it finishes what it is answering


class Server:
    """A server of the fake recommender over one database, which can be killed and started anew."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "chatrec.db"
        self.port = 0
        self.start()

    def start(self) -> None:
        """Starts at the port that it had before, and waits until it answers."""
        own = {"PYTHONPATH": str(ROOT), "CHATREC_DATABASE": str(self.database)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(self.port)],
            cwd=ROOT,
            env=os.environ | own,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        assert found
        self.address, self.port = found[0], int(found[1])

    def end(self, how: int) -> None:
        """Sends the signal and waits."""
        self.process.send_signal(how)
        self.process.communicate(timeout=20)


def visit(
    browser: Any, address: str, width: int = 1280, scheme: str = "light", locale: str = "en-GB"
) -> Any:
    """A new visitor's page, ready to use; ``asked`` are its requests, ``wrong`` what went wrong."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.asked, page.wrong = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("dialog", lambda dialog: page.wrong.append(f"dialog {dialog.message}"))
    page.goto(address)
    page.wait_for_selector(".cr-prompt")
    page.wait_for_selector(f"html[lang='{locale[:2]}']")
    return page


def say(page: Any, text: str) -> None:
    """Types a message and sends it."""
    page.fill("#cr-box textarea", text)
    page.press("#cr-box textarea", "Enter")
    page.locator(".cr-said", has_text=text).last.wait_for()


def answered(page: Any, turn: int) -> None:
    """Waits until the turn has its whole answer."""
    page.wait_for_selector(
        f"[data-turn='{turn}'] ~ .cr-tools-last, [data-turn='{turn}'] [data-act=undo]"
    )
    page.wait_for_selector(f"[data-turn='{turn}'] .cr-answer:not([aria-busy])")


def reload(page: Any) -> None:
    """Reloads the page and waits for its conversation."""
    page.reload()
    page.wait_for_selector("[data-conversation]", state="attached")
