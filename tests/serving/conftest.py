"""The application and the page over a recommender of four films, with a storage of their own."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatrec.serving.identity import Caller
from chatrec.settings import Settings
from chatrec.storage import Storage, open_storage
from tests.serving.browsing import ARGS, CHROMIUM, serving
from tests.serving.fake_recommender import FakeRecommender

with warnings.catch_warnings():
    # Importing Gradio and Starlette's test client warns about their own dependencies.
    warnings.simplefilter("ignore")
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from chatrec.serving import ui
    from chatrec.serving.api import create_app
    from chatrec.serving.page import Page
    from chatrec.serving.talk import Talk
    from chatrec.serving.turns import Turns
    from tests.serving.conversing import ANN, Visit

HERE = ("127.0.0.1", 50_000)
ELSEWHERE = ("203.0.113.7", 50_000)

MakeApp = Callable[..., FastAPI]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a server of the fake recommender listens, for a browser."""
    with serving() as (_, address):
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """The browser, whose pages are closed after each test: Gradio keeps every open one busy."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def recommender() -> FakeRecommender:
    return FakeRecommender()


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    opened = open_storage(tmp_path / "chatrec.db")
    yield opened
    opened.close()


@pytest.fixture
def turns(recommender: FakeRecommender) -> Iterator[Turns]:
    made = Turns(recommender)
    made.warmth = "ready"
    yield made
    made.close()


@pytest.fixture
def page(turns: Turns, storage: Storage) -> Page:
    return Page(turns, storage=storage)


@pytest.fixture
def visit(page: Page) -> Visit:
    """visit(caller=ANN, where=""): whoever opens the page, at a conversation of theirs or anew."""

    def visited(caller: Caller = ANN, where: str = "") -> Talk:
        talk = Talk()
        page.settle(talk, caller, where)
        return talk

    return visited


@pytest.fixture
def make_app(recommender: FakeRecommender, storage: Storage) -> MakeApp:
    """Makes the application with other settings than the default ones.

    Without the page, which takes longest to make, unless it is asked for.
    """

    async def made(settings: dict[str, Any]) -> FastAPI:
        return create_app(recommender, Settings(**settings), storage)

    def make(page: bool = False, **settings: Any) -> FastAPI:
        with pytest.MonkeyPatch.context() as patch:
            if not page:
                patch.setattr(ui, "mount", lambda app, *parts, **options: app)
            # Inside a running event loop: without one, Gradio opens loops that it never closes.
            return asyncio.run(made(settings))

    return make


@pytest.fixture
def app(make_app: MakeApp) -> FastAPI:
    return make_app()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Somebody on this machine, without a key."""
    with calling(app) as client:
        yield client


def calling(app: FastAPI, key: str | None = None, **options: Any) -> TestClient:
    """A client of this machine, or with ``client=ELSEWHERE`` of another; with a key or without."""
    options = {"base_url": "http://127.0.0.1", "client": HERE} | options
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return TestClient(app, raise_server_exceptions=False, headers=headers, **options)
