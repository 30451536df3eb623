from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator

import pytest

from chatrec.settings import Settings
from tests.serving.fake_recommender import FakeRecommender

with warnings.catch_warnings():
    # Importing Gradio and Starlette's test client warns about their own dependencies.
    warnings.simplefilter("ignore")
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from chatrec.serving.api import create_app


async def _created(recommender: FakeRecommender) -> FastAPI:
    return create_app(recommender, Settings())


@pytest.fixture
def recommender() -> FakeRecommender:
    return FakeRecommender()


@pytest.fixture
def app(recommender: FakeRecommender) -> FastAPI:
    """Made inside a running event loop: without one, Gradio opens loops that it never closes."""
    return asyncio.run(_created(recommender))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
