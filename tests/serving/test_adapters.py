"""Several adapters: a request chooses which of them tunes the decoder that answers it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.serving.fake_recommender import FakeRecommender

CHAT = "/v1/chat/completions"


@pytest.fixture
def recommender() -> FakeRecommender:
    films, games = FakeRecommender(), FakeRecommender()
    films.adapter, games.adapter = "films", "games"
    films.adapters = games.adapters = {"films": films, "games": games}
    return films


@pytest.fixture
def games(recommender: FakeRecommender) -> FakeRecommender:
    found = recommender.adapters["games"]
    assert isinstance(found, FakeRecommender)
    return found


def _chat(**more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "a calm one"}]} | more


def test_each_message_is_answered_by_the_adapter_that_it_names(
    client: TestClient, recommender: FakeRecommender, games: FakeRecommender
) -> None:
    first = client.post("/v1/recommend", json={"text": "one"}).json()
    more = {"session_id": first["session_id"]}
    client.post("/v1/recommend", json={"text": "two", "adapter": "games"} | more)
    client.post("/v1/recommend", json={"text": "three", "adapter": "films"} | more)
    assert recommender.texts == ["one", "three"]
    assert games.texts == ["two"]
    session = client.get(f"/v1/sessions/{first['session_id']}").json()
    assert [exchange["said"] for exchange in session["exchanges"]] == ["one", "two", "three"]


def test_an_unknown_adapter_is_refused_and_those_there_are_are_named(
    client: TestClient, recommender: FakeRecommender
) -> None:
    answer = client.post("/v1/recommend", json={"text": "one", "adapter": "books"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    detail = answer.json()["detail"]
    assert detail == "there is no adapter 'books'; name one of these or none: films, games"
    assert recommender.texts == []
    for wrong in ("", 5, ["films"], "x" * 301):
        status = client.post("/v1/recommend", json={"text": "a", "adapter": wrong}).status_code
        assert status == (400 if wrong == "" else 422)


def test_what_moved_a_list_is_told_by_the_adapter_that_ordered_it(
    client: TestClient, recommender: FakeRecommender, games: FakeRecommender
) -> None:
    body = {"text": "one", "adapter": "games", "liked": ["Arrival"]}
    session_id = client.post("/v1/recommend", json=body).json()["session_id"]
    address = f"/v1/sessions/{session_id}/moved"
    assert client.get(address).json()["items"][1]["movers"]
    assert (recommender.ordered, games.ordered) == (0, 2)
    recommender.adapters = {"films": recommender}
    assert client.get(address).json()["measure"] is None


def test_models_are_the_recommender_and_each_of_its_adapters(client: TestClient) -> None:
    names = ["chatrec", "chatrec:films", "chatrec:games"]
    assert [model["id"] for model in client.get("/v1/models").json()["data"]] == names
    for name in names:
        assert client.get(f"/v1/models/{name}").json()["id"] == name
    missing = client.get("/v1/models/chatrec:books")
    assert missing.status_code == 404
    assert "'chatrec:games'" in missing.json()["error"]["message"]


def test_a_completion_is_by_the_model_that_it_names(
    client: TestClient, recommender: FakeRecommender, games: FakeRecommender
) -> None:
    whole = client.post(CHAT, json=_chat(model="chatrec:games")).json()
    assert whole["model"] == "chatrec:games"
    streamed = client.post(CHAT, json=_chat(model="chatrec:games", stream=True)).text
    first = json.loads(streamed.split("\n\n")[0].removeprefix("data: "))
    assert first["model"] == "chatrec:games"
    assert client.post(CHAT, json=_chat()).json()["model"] == "chatrec"
    assert (len(games.texts), len(recommender.texts)) == (2, 1)


def test_an_unknown_model_is_refused_and_those_there_are_are_named(client: TestClient) -> None:
    answer = client.post(CHAT, json=_chat(model="chatrec:books"))
    assert answer.status_code == 404
    message = answer.json()["error"]["message"]
    assert message == (
        "model is 'chatrec:books'; this server has 'chatrec', 'chatrec:films', 'chatrec:games', "
        "name one or none"
    )


def test_earlier_messages_are_replayed_by_the_same_adapter(
    client: TestClient, recommender: FakeRecommender, games: FakeRecommender
) -> None:
    told = [{"role": "user", "content": text} for text in ("one", "two")]
    messages = [told[0], {"role": "assistant", "content": "ok"}, told[1]]
    client.post(CHAT, json={"messages": messages, "model": "chatrec:games"})
    assert games.texts == ["one", "two"]
    client.post(CHAT, json={"messages": messages})
    assert recommender.texts == ["one", "two"]
