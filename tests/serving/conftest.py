from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from tests.serving.fake_recommender import FakeRecommender

from chatrec.settings import Settings

with warnings.catch_warnings():
    # Importing Gradio and Starlette's test client warns about their own dependencies.
    warnings.simplefilter("ignore")
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from chatrec.serving.api import create_app


@pytest.fixture
def recommender() -> FakeRecommender:
    return FakeRecommender()


@pytest.fixture
def app(recommender: FakeRecommender) -> FastAPI:
    return create_app(recommender, Settings())


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
