from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from chatrec.serving.identity import is_loopback
from chatrec.serving.signing_in import COOKIE, LASTS_S, SignIns
from chatrec.storage import Storage
from tests.serving.conftest import ELSEWHERE, MakeApp, calling

ASK = {"text": "a calm film", "k": 1}


def _of(storage: Storage, owner: str, acts_for_users: bool = False) -> str:
    return storage.keys.create(owner, acts_for_users=acts_for_users).secret


def test_this_machine_needs_no_key_and_is_local(client: TestClient, storage: Storage) -> None:
    assert client.post("/v1/recommend", json=ASK).status_code == 200
    assert len(storage.sessions.entries("local")) == 1


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/models", "/v1/profile", "/metrics", "/x"])
def test_other_machines_need_a_key(make_app: MakeApp, path: str) -> None:
    answer = calling(make_app(), client=ELSEWHERE).get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "needs a key" in answer.text


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/sign-in"])
def test_some_paths_are_open_to_all(make_app: MakeApp, path: str) -> None:
    assert calling(make_app(), client=ELSEWHERE).get(path).status_code == 200


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_passed_on_is_not_from_this_machine(client: TestClient, name: str) -> None:
    assert client.get("/v1/sessions", headers={name: "127.0.0.1"}).status_code == 401


def test_a_key_opens_the_door_of_its_owner_alone(make_app: MakeApp, storage: Storage) -> None:
    app = make_app(host="0.0.0.0")
    ann = calling(app, _of(storage, "ann"), client=ELSEWHERE)
    bob = calling(app, _of(storage, "bob"), client=ELSEWHERE)
    session_id = ann.post("/v1/recommend", json=ASK).json()["session_id"]
    assert [s["session_id"] for s in ann.get("/v1/sessions").json()["sessions"]] == [session_id]
    assert bob.get("/v1/sessions").json()["sessions"] == []
    one = f"/v1/sessions/{session_id}"
    assert ann.get(one).status_code == 200
    for answer in (bob.get(one), bob.delete(one), bob.patch(one, json={"title": "mine"})):
        assert answer.status_code == 404
    other = bob.post("/v1/recommend", json=ASK | {"session_id": session_id}).json()
    assert len(other["state"]["turns"]) == 2  # one of his own, under the same id
    assert len(ann.get(one).json()["exchanges"]) == 1


@pytest.mark.parametrize(
    "credential", ["Bearer wrong", "Basic YTpi", "Bearer", "Bearer " + "x" * 201]
)
def test_a_wrong_credential_is_refused(
    make_app: MakeApp, storage: Storage, credential: str
) -> None:
    _of(storage, "ann")
    for caller in (calling(make_app()), calling(make_app(), client=ELSEWHERE)):
        answer = caller.get("/v1/sessions", headers={"Authorization": credential})
        assert answer.status_code == 401
        assert "not a key of this server" in answer.json()["detail"]


def test_a_revoked_key_is_refused_at_once(make_app: MakeApp, storage: Storage) -> None:
    made = storage.keys.create("ann")
    ann = calling(make_app(), made.secret)
    assert ann.get("/v1/sessions").status_code == 200
    storage.keys.revoke(made.entry.key_id)
    assert ann.get("/v1/sessions").status_code == 401


def test_where_no_key_was_ever_made_this_machine_may_send_any(make_app: MakeApp) -> None:
    app = make_app()
    assert calling(app, "whatever").get("/v1/models").status_code == 200
    assert calling(app, "whatever", client=ELSEWHERE).get("/v1/models").status_code == 401


def test_a_body_does_not_say_who_asks(make_app: MakeApp, storage: Storage) -> None:
    bob = calling(make_app(), _of(storage, "bob"))
    answer = bob.post("/v1/recommend", json=ASK | {"user_id": "ann"})
    assert answer.status_code == 403
    assert bob.get("/v1/sessions", params={"user_id": "ann"}).status_code == 403
    assert bob.get("/v1/export", params={"user_id": "ann"}).status_code == 403
    assert bob.get("/v1/sessions", params={"user_id": "bob"}).status_code == 200


def test_a_key_that_acts_for_users_keeps_them_apart(make_app: MakeApp, storage: Storage) -> None:
    shop = calling(make_app(), _of(storage, "shop", acts_for_users=True))
    of_ann = shop.post("/v1/recommend", json=ASK | {"user_id": "ann"}).json()
    assert of_ann["state"]["history"] == ["moon"]
    stranger = shop.post("/v1/recommend", json=ASK | {"user_id": "u-77"}).json()
    assert stranger["state"]["history"] == []  # nothing is known of this one
    onward = ASK | {"user_id": "ann", "session_id": of_ann["session_id"]}
    assert len(shop.post("/v1/recommend", json=onward).json()["state"]["turns"]) == 4
    listed = shop.get("/v1/sessions", params={"user_id": "ann"}).json()["sessions"]
    assert [entry["session_id"] for entry in listed] == [of_ann["session_id"]]
    assert shop.get("/v1/sessions").json()["sessions"] == []
    one = f"/v1/sessions/{of_ann['session_id']}"
    assert shop.get(one, params={"user_id": "u-77"}).status_code == 404


def test_anyone_may_be_let_in_but_sees_no_lists(make_app: MakeApp) -> None:
    anyone = calling(make_app(host="0.0.0.0", allow_anyone=True), client=ELSEWHERE)
    session_id = anyone.post("/v1/recommend", json=ASK).json()["session_id"]
    onward = ASK | {"session_id": session_id}
    assert len(anyone.post("/v1/recommend", json=onward).json()["state"]["turns"]) == 4
    assert anyone.get(f"/v1/sessions/{session_id}").status_code == 200
    guessed = anyone.post("/v1/recommend", json=ASK | {"session_id": "a-name"})
    assert guessed.status_code == 404
    for path in ("/v1/sessions", "/v1/profile", "/v1/export"):
        assert anyone.get(path).status_code == 403
    assert anyone.delete("/v1/data").status_code == 403
    verdict = {"event_id": "e", "item_id": "moon", "kind": "like"}
    assert anyone.post("/v1/feedback", json=verdict).status_code == 403
    kept = verdict | {"session_id": session_id}
    assert anyone.post("/v1/feedback", json=kept).status_code == 200


def test_the_page_of_another_machine_begins_with_a_sign_in(
    make_app: MakeApp, storage: Storage
) -> None:
    secret = _of(storage, "ann")
    app = make_app(page=True, host="0.0.0.0")
    visitor = calling(app, client=ELSEWHERE, follow_redirects=False)
    sent = visitor.get("/")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in")
    assert visitor.post("/sign-in", data={"key": "wrong"}).status_code == 401
    german = visitor.get("/sign-in", headers={"Accept-Language": "de"}).text
    assert '<html lang="de">' in german
    assert "Dein Schlüssel" in german
    signed = visitor.post("/sign-in", data={"key": secret})
    assert (signed.status_code, signed.headers["location"]) == (303, "/")
    cookie = signed.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert secret.lower() not in cookie
    assert visitor.get("/").status_code == 200
    visitor.post("/sign-out")
    assert visitor.get("/").status_code == 303


def test_a_sign_in_ends_with_its_key(make_app: MakeApp, storage: Storage) -> None:
    made = storage.keys.create("ann")
    visitor = calling(make_app(), client=ELSEWHERE, follow_redirects=False)
    visitor.post("/sign-in", data={"key": made.secret})
    assert visitor.get("/v1/sessions").status_code == 200
    storage.keys.revoke(made.entry.key_id)
    assert visitor.get("/v1/sessions").status_code == 401


def test_a_cookie_behind_https_is_sent_by_https_alone(make_app: MakeApp, storage: Storage) -> None:
    visitor = calling(make_app(), client=ELSEWHERE, follow_redirects=False)
    headers = {"X-Forwarded-Proto": "https"}
    signed = visitor.post("/sign-in", data={"key": _of(storage, "ann")}, headers=headers)
    assert "secure" in signed.headers["set-cookie"].lower()


def test_a_sign_in_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_ins = SignIns()
    name = sign_ins.add("secret")
    assert sign_ins.secret_of(name) == "secret"
    assert sign_ins.secret_of(COOKIE) is None
    later = sign_ins._kept[name][1] + 1
    monkeypatch.setattr("chatrec.serving.signing_in.time.monotonic", lambda: later)
    assert sign_ins.secret_of(name) is None
    assert LASTS_S > 0


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("LocalHost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_the_rest(host: str, here: bool) -> None:
    assert is_loopback(host) is here
