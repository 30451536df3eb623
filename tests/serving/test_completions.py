from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chatrec.storage import Storage
from tests.serving.conftest import ELSEWHERE, MakeApp, calling
from tests.serving.fake_recommender import FakeRecommender

PATH = "/v1/chat/completions"
IMAGE = {"type": "image_url", "image_url": {"url": "http://x"}}


def _ask(*texts: str, **options: Any) -> dict[str, Any]:
    messages: list[dict[str, str]] = []
    for text in texts:
        messages += [{"role": "user", "content": text}, {"role": "assistant", "content": "ok"}]
    return {"messages": messages[:-1], "model": "chatrec"} | options


def _chunks(text: str) -> list[dict[str, Any]]:
    lines = [line for line in text.split("\n\n") if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]


def test_completion_has_openais_shape_and_recommendations(client: TestClient) -> None:
    body = client.post(PATH, json=_ask("a calm film", k=2)).json()
    assert body["object"] == "chat.completion"
    choice = body["choices"][0]
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["role"] == "assistant"
    assert "1. Arrival (2016): You liked" in choice["message"]["content"]
    assert [r["item_id"] for r in choice["message"]["recommendations"]] == ["arrival", "moon"]


def test_streamed_pieces_make_up_the_complete_content(client: TestClient) -> None:
    whole = client.post(PATH, json=_ask("a calm film")).json()["choices"][0]["message"]
    answer = client.post(PATH, json=_ask("a calm film", stream=True))
    assert answer.headers["content-type"].startswith("text/event-stream")
    chunks = _chunks(answer.text)
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    pieces = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks]
    assert len([piece for piece in pieces if piece]) == 5
    assert "".join(pieces) == whole["content"]
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["recommendations"] == whole["recommendations"]


def test_earlier_messages_rebuild_the_state(client: TestClient) -> None:
    body = client.post(PATH, json=_ask("only sci-fi", "something else")).json()
    shown = body["choices"][0]["message"]["recommendations"]
    assert [r["item_id"] for r in shown] == ["arrival", "moon"]


def test_going_on_replays_only_what_is_new(
    client: TestClient, recommender: FakeRecommender
) -> None:
    client.post(PATH, json=_ask("only sci-fi", "second"))
    client.post(PATH, json=_ask("only sci-fi", "second", "third"))
    assert recommender.texts == ["only sci-fi", "second", "third"]


def test_conversations_that_differ_do_not_share_a_state(client: TestClient) -> None:
    client.post(PATH, json=_ask("only sci-fi"))
    body = client.post(PATH, json=_ask("anything", "more")).json()
    assert len(body["choices"][0]["message"]["recommendations"]) == 4


def test_in_a_talk_somebody_elses_answers_are_read_once(
    client: TestClient, recommender: FakeRecommender
) -> None:
    said = [
        {"role": "assistant", "content": "Hi!"},
        {"role": "user", "content": "something calm"},
        {"role": "assistant", "content": "Have you seen Moon?"},
        {"role": "assistant", "content": "It is short."},
        {"role": "user", "content": "yes"},
    ]
    assert client.post(PATH, json={"messages": said, "talk": True}).status_code == 200
    assert recommender.answers == ["Have you seen Moon?\nIt is short."]
    assert recommender.texts == ["yes"]
    said += [{"role": "assistant", "content": "Try Arrival."}, {"role": "user", "content": "ok"}]
    client.post(PATH, json={"messages": said, "talk": True})
    assert recommender.answers[1:] == ["Try Arrival."]


def test_who_speaks_first_in_a_talk_is_read_too(
    client: TestClient, recommender: FakeRecommender
) -> None:
    opening = {"role": "assistant", "content": "Hello, have you seen Moon?"}
    said = [opening, {"role": "user", "content": "yes"}]
    assert client.post(PATH, json={"messages": said, "talk": True}).status_code == 200
    (met,) = recommender.states
    assert (met.talk, met.shown) == (True, ("moon",))
    assert [turn.role for turn in met.turns] == ["assistant"]
    assert client.post(PATH, json={"messages": said}).status_code == 200
    assert recommender.states[1].shown == ()  # our own are made anew


def test_another_answer_makes_another_talk(
    client: TestClient, recommender: FakeRecommender
) -> None:
    client.post(PATH, json=_ask("calm", "more", talk=True))
    other = _ask("calm", "more", talk=True)
    other["messages"][1]["content"] = "Try Arrival."
    client.post(PATH, json=other)
    client.post(PATH, json=_ask("calm", "more"))
    assert recommender.answers == ["ok", "Try Arrival."]
    assert recommender.texts == ["more", "more", "calm", "more"]


@pytest.mark.parametrize("last", ["more", "break the model"])
def test_states_that_are_kept_are_bounded_whatever_becomes_of_a_request(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, recommender: FakeRecommender, last: str
) -> None:
    monkeypatch.setattr("chatrec.serving.completions.MOST_REPLAYED", 2)
    client.post(PATH, json=_ask("a", "b", "c", "d", last, talk=True))
    client.post(PATH, json=_ask("a", "b", "e", talk=True))
    assert recommender.answers == ["ok"] * 6  # of four two were kept: b is read again


def test_whose_history_may_not_be_named_is_not_told_apart_from_nobodys(
    make_app: MakeApp, storage: Storage
) -> None:
    with calling(make_app(), storage.keys.create("shop").secret, client=ELSEWHERE) as shop:
        known, unknown = (shop.post(PATH, json=_ask("a", user_id=u)) for u in ("ann", "bob"))
    assert (known.status_code, unknown.status_code) == (403, 403)
    assert known.json() == unknown.json()


def test_options_without_effect_are_named(client: TestClient) -> None:
    request = _ask("a calm film", temperature=0.7)
    request["messages"].insert(0, {"role": "system", "content": "You are a pirate."})
    assert client.post(PATH, json=request).json()["ignored"] == ["temperature", "system messages"]


def test_keys_that_a_client_leaves_null_say_nothing(client: TestClient) -> None:
    request = _ask("only sci-fi", "second", tools=None, stop=None)
    answered = client.post(PATH, json=_ask("only sci-fi")).json()["choices"][0]["message"]
    request["messages"].insert(1, answered | {"tool_calls": None, "audio": None})
    answer = client.post(PATH, json=request)
    assert answer.status_code == 200
    assert "ignored" not in answer.json()


def test_content_parts_are_joined(client: TestClient, recommender: FakeRecommender) -> None:
    content = [{"type": "text", "text": "calm"}, {"type": "text", "text": "film"}]
    client.post(PATH, json={"messages": [{"role": "user", "content": content}]})
    assert recommender.texts == ["calm\nfilm"]


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"messages": []}, 422, "messages is []; list should have at least 1 item, not 0"),
        ({"messages": "hi"}, 422, "messages is 'hi'; input should be a valid list"),
        ({"messages": [{"role": "assistant", "content": "a"}]}, 422, "last message is from"),
        ({"messages": [{"role": "user", "content": ""}]}, 422, "from 'user' is empty"),
        ({"messages": [{"role": "user", "content": None}]}, 422, "from 'user' is empty"),
        ({"messages": [{"role": "user", "content": 5}]}, 422, "content: it is 5; give a string"),
        ({"messages": [{"role": "user", "content": [IMAGE]}]}, 422, "part of type 'image_url'"),
        ({"messages": [{"role": "user", "content": ["a"]}]}, 422, "part of type 'a'"),
        ({"messages": [{"content": "a"}]}, 422, "messages.0.role is missing"),
        ({"messages": [{"role": "tool", "content": "a"}]}, 422, "messages.0.role is 'tool'"),
        ({"k": 10**12}, 422, "k is 1000000000000; input should be less than or equal to 50"),
        ({"k": "5"}, 422, "k is '5'; input should be a valid integer"),
        ({"stream_options": 1}, 422, "stream_options is 1; give a JSON object"),
        ({"messages": [{"role": "user", "content": "x" * 2001}]}, 422, "2001 characters"),
        ({"messages": [{"role": "user", "text": "a"}]}, 422, "unknown key 'text'"),
        ({"tools": []}, 422, "unknown key 'tools'"),
        ({"model": "gpt-4"}, 404, "this server has 'chatrec'"),
        ({"user_id": "bob"}, 400, "unknown user 'bob'"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_bad_request_is_told_what_is_wrong(
    client: TestClient, change: dict[str, Any], status: int, said: str, stream: bool
) -> None:
    answer = client.post(PATH, json=_ask("a", stream=stream) | change)
    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]


def test_an_error_before_the_first_piece_is_a_plain_error(client: TestClient) -> None:
    answer = client.post(PATH, json=_ask("break the model", stream=True))
    assert answer.status_code == 503


def test_an_error_midway_ends_the_stream_with_an_error(client: TestClient) -> None:
    chunks = _chunks(client.post(PATH, json=_ask("break midway", stream=True)).text)
    assert "stopped answering" in chunks[-1]["error"]["message"]
    assert all("recommendations" not in chunk for chunk in chunks)


def test_the_openai_client_understands_the_answers(client: TestClient) -> None:
    openai = pytest.importorskip("openai", reason="the openai package is not installed")
    asked = openai.OpenAI(base_url="http://127.0.0.1/v1", api_key="none", http_client=client)
    messages: list[Any] = [{"role": "user", "content": "a calm film"}]
    whole = asked.chat.completions.create(model="chatrec", messages=messages)
    stream = asked.chat.completions.create(model="chatrec", messages=messages, stream=True)
    pieces = [chunk.choices[0].delta.content or "" for chunk in stream]
    assert "".join(pieces) == whole.choices[0].message.content
    assert asked.models.list().data[0].id == "chatrec"
    assert asked.models.retrieve("chatrec").owned_by == "chatrec"
    with pytest.raises(openai.NotFoundError, match="this server has 'chatrec'"):
        asked.models.retrieve("gpt-4")
    with pytest.raises(openai.UnprocessableEntityError, match="messages is \\[\\]"):
        asked.chat.completions.create(model="chatrec", messages=[])


def test_a_client_that_leaves_a_stream_stops_the_writing(
    app: FastAPI, recommender: FakeRecommender
) -> None:
    """The application is driven by hand: the test client reads a stream to its end."""
    left = asyncio.Event()
    asked = iter(
        [{"type": "http.request", "body": json.dumps(_ask("slowly", stream=True)).encode()}]
    )

    async def receive() -> Any:
        if (message := next(asked, None)) is not None:
            return message
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if b"Arrival" in message.get("body", b"") or b"films for" in message.get("body", b""):
            left.set()

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"host", b"127.0.0.1")],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "state": {},
    }
    asyncio.run(app(scope, receive, send))
    assert left.is_set()
    with calling(app) as client:
        assert client.post(PATH, json=_ask("calm")).status_code == 200
    assert recommender.steps < FakeRecommender.STEPS


def test_the_openai_client_sends_its_key_and_understands_refusals(
    make_app: MakeApp, storage: Storage, recommender: FakeRecommender
) -> None:
    openai = pytest.importorskip("openai", reason="the openai package is not installed")
    key = storage.keys.create("ann").secret
    app = make_app(host="0.0.0.0", max_waiting=1)
    messages: list[Any] = [{"role": "user", "content": "a calm film"}]

    def asking(api_key: str) -> Any:
        return openai.OpenAI(
            base_url="http://127.0.0.1/v1",
            api_key=api_key,
            http_client=calling(app, client=ELSEWHERE),
            max_retries=0,
        ).chat.completions

    with_key = asking(key)
    stream = with_key.create(model="chatrec", messages=messages, stream=True)
    assert "Arrival" in "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    with pytest.raises(openai.AuthenticationError, match="not a key of this server"):
        asking("wrong").create(model="chatrec", messages=messages)
    app.state.turns.drain(1)
    with pytest.raises(openai.InternalServerError, match="about to stop") as closing:
        with_key.create(model="chatrec", messages=messages)
    assert int(closing.value.response.headers["retry-after"]) >= 1


def test_what_another_key_said_is_not_taken_up(
    make_app: MakeApp, storage: Storage, recommender: FakeRecommender
) -> None:
    """The states that are kept in memory are told apart by owner."""
    app = make_app()
    for owner in ("ann", "bob"):
        client = calling(app, storage.keys.create(owner).secret)
        client.post(PATH, json=_ask("only sci-fi", "second"))
    assert recommender.texts == ["only sci-fi", "second"] * 2
