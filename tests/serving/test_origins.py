from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from chatrec.storage import Storage
from tests.serving.conftest import ELSEWHERE, MakeApp, calling

ASK = {"text": "a calm film", "k": 1}
OURS = "https://shop.example"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:7860", "[::1]:7860", "127.0.0.1:1"])
def test_this_machine_is_called_by_its_names(client: TestClient, host: str) -> None:
    assert client.get("/v1/models", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:7860", "192.0.2.1", ""])
@pytest.mark.parametrize("path", ["/", "/health", "/v1/models"])
def test_a_name_that_leads_here_from_elsewhere_is_refused(
    client: TestClient, host: str, path: str
) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 421


def test_further_names_may_be_allowed(make_app: MakeApp) -> None:
    client = calling(make_app(allowed_hosts=["Films.Example"]))
    assert client.get("/health", headers={"Host": "films.example:80"}).status_code == 200
    assert client.get("/health", headers={"Host": "other.example"}).status_code == 421


def test_without_a_key_a_foreign_name_is_never_this_machine(make_app: MakeApp) -> None:
    client = calling(make_app(host="0.0.0.0"))
    assert client.get("/v1/models", headers={"Host": "127.0.0.1"}).status_code == 200
    assert client.get("/v1/models", headers={"Host": "rebound.example"}).status_code == 401


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH"])
def test_pages_of_other_sites_change_nothing(client: TestClient, origin: str, method: str) -> None:
    answer = client.request(method, "/v1/profile", headers={"Origin": origin})
    assert answer.status_code == 403
    assert "may not send this" in answer.json()["detail"]


def test_our_own_page_may_send(client: TestClient) -> None:
    headers = {"Origin": "http://127.0.0.1"}
    assert client.post("/v1/recommend", json=ASK, headers=headers).status_code == 200


def _preflight(client: TestClient, origin: str) -> str | None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = client.options("/v1/recommend", headers=headers)
    return answer.headers.get("access-control-allow-origin")


def test_browsers_are_told_that_nobody_may_read_unless_named(
    make_app: MakeApp, storage: Storage
) -> None:
    closed = calling(make_app(page=True))
    assert _preflight(closed, OURS) is None
    answer = closed.get("/v1/models", headers={"Origin": OURS})
    assert "access-control-allow-origin" not in answer.headers
    key = storage.keys.create("shop").secret
    opened = calling(make_app(host="0.0.0.0", cors_origins=[OURS]), key, client=ELSEWHERE)
    assert _preflight(opened, OURS) == OURS
    assert _preflight(opened, "https://evil.example") is None
    posted = opened.post("/v1/recommend", json=ASK, headers={"Origin": OURS})
    assert (posted.status_code, posted.headers["access-control-allow-origin"]) == (200, OURS)
    assert "access-control-allow-credentials" not in posted.headers


@pytest.mark.parametrize("path", ["/health", "/v1/models", "/v1/nothing", "/", "/sign-in"])
def test_every_answer_has_the_headers_that_keep_browsers_safe(
    client: TestClient, path: str
) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    api = path.startswith(("/health", "/v1/"))
    assert headers["referrer-policy"] == ("no-referrer" if api else "same-origin")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_a_bug_is_answered_with_them_too(client: TestClient) -> None:
    answer = client.post("/v1/recommend", json={"text": "bug"})
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


def test_pictures_come_from_hosts_that_are_named_alone(make_app: MakeApp) -> None:
    answer = calling(make_app(page=True, image_hosts=["pics.example"])).get("/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "img-src 'self' data: blob: https://pics.example;" in policy
    assert "default-src 'self';" in policy
