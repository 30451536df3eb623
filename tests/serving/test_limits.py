from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chatrec.serving.limits import MAX_BODY_BYTES, MAX_NESTING, BodyLimits, fault_in

PATH = "/v1/recommend"
JSON = {"content-type": "application/json"}


def test_a_compressed_body_is_refused(client: TestClient) -> None:
    body = gzip.compress(json.dumps({"text": "a calm film"}).encode())
    answer = client.post(PATH, content=body, headers=JSON | {"content-encoding": "gzip"})
    assert answer.status_code == 415
    assert "without compression" in answer.json()["detail"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"]
)
@pytest.mark.parametrize("path", [PATH, "/v1/feedback", "/v1/chat/completions"])
def test_only_json_in_utf_8_is_read(client: TestClient, kind: str, path: str) -> None:
    answer = client.post(path, content=b'{"text": "a"}', headers={"content-type": kind})
    assert answer.status_code == 415
    assert "send JSON in UTF-8" in answer.text


def test_a_body_without_a_content_type_is_refused(client: TestClient) -> None:
    assert client.post(PATH, content=b'{"text": "a"}').status_code == 415


def test_a_charset_of_utf_8_may_be_named(client: TestClient) -> None:
    headers = {"content-type": 'application/json; charset="UTF-8"'}
    assert client.post(PATH, content=b'{"text": "a"}', headers=headers).status_code == 200


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":[', b"]}")])
def test_deep_nesting_is_refused_however_deep(
    client: TestClient, opening: bytes, closing: bytes
) -> None:
    for depth in (MAX_NESTING + 1, 8_000):
        body = opening * depth + closing * depth
        answer = client.post(PATH, content=body, headers=JSON)
        assert answer.status_code == 422
        assert f"more than {MAX_NESTING} lists" in answer.json()["detail"]


@pytest.mark.parametrize("text", ["\\ud800", "a\\u0000b"])
@pytest.mark.parametrize("where", ['{"text": "%s"}', '{"text": "a", "context": {"%s": 1}}'])
def test_text_that_no_database_could_keep_is_refused(
    client: TestClient, text: str, where: str
) -> None:
    answer = client.post(PATH, content=(where % text).encode(), headers=JSON)
    assert answer.status_code == 422
    assert "half of a surrogate pair" in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"1" * 5000, b'{"text": "a", "k": ' + b"9" * 5000 + b"}"])
def test_a_number_beyond_all_bounds_is_a_bad_request(client: TestClient, body: bytes) -> None:
    assert client.post(PATH, content=body, headers=JSON).status_code in (400, 422)


@pytest.mark.parametrize(
    "constraints",
    [
        {"year_min": 10**400},
        {"year_max": -1},
        {"max_age": 10_000},
        {"runtime_max": 1e30},
        {"price_max": 1e300},
        {"genres_none": ["x"] * 101},
        {"people_any": ["x" * 201]},
        {"facts": ["no relation"]},
    ],
)
def test_every_limit_is_bounded(client: TestClient, constraints: dict[str, Any]) -> None:
    body = json.dumps({"text": "a", "constraints": constraints})
    answer = client.post(PATH, content=body, headers=JSON)
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) < 400


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "9" * 5000])
def test_a_length_above_the_limit_is_refused_before_the_body(length: str) -> None:
    statuses = _driven([(b"content-length", length.encode())], [])
    assert statuses == [413]


def test_a_body_that_stops_arriving_is_given_up() -> None:
    assert _driven([], [{"type": "http.request", "body": b"{", "more_body": True}]) == [408]


def _driven(headers: list[tuple[bytes, bytes]], messages: list[dict[str, Any]]) -> list[int]:
    """The statuses of the middleware alone, fed with messages after which nothing comes."""
    statuses = []
    coming = iter(messages)

    async def receive() -> Any:
        message = next(coming, None)
        if message is None:
            await asyncio.Event().wait()
        return message

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def never(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("the request got through")

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers}
    asyncio.run(BodyLimits(never, timeout_s=0.05)(scope, receive, send))
    return statuses


@pytest.mark.parametrize("value", [None, 1, "é", [], {"a": [{"b": "c"}]}, ["\U0001f3ac"]])
def test_ordinary_values_have_no_fault(value: object) -> None:
    assert fault_in(value) is None
