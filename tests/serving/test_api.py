from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from chatrec.conversation.sessions import NEW
from chatrec.conversation.state import DialogueState
from chatrec.errors import DataError, StorageError
from chatrec.serving.limits import MAX_BODY_BYTES
from chatrec.storage import Storage
from tests.serving.conftest import MakeApp, calling
from tests.serving.fake_recommender import FakeRecommender


def test_recommend_answers_the_documented_object(client: TestClient) -> None:
    answer = client.post("/v1/recommend", json={"text": "a calm film", "k": 2})
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {
        "reply",
        "led_by",
        "recommendations",
        "state",
        "timings_ms",
        "session_id",
    }
    first, second = body["recommendations"]
    assert set(first) == {
        "item_id",
        "title",
        "rank",
        "score",
        "rationale",
        "rationale_by",
        "evidence",
    }
    assert (first["item_id"], first["rank"], second["rank"]) == ("arrival", 1, 2)
    assert first["evidence"][0] == {
        "kind": "creator",
        "text": "Denis Villeneuve",
        "source": "catalogue",
    }
    assert body["led_by"] == "fusion"
    assert DialogueState.from_dict(body["state"]).last_shown == ("arrival", "moon")


def test_recommend_starts_with_what_the_request_names(client: TestClient) -> None:
    request = {
        "text": "go",
        "user_id": "ann",
        "liked": ["Arrival"],
        "disliked": ["moon"],
        "seen": ["grand-budapest"],
        "constraints": {"genres_all": ["Sci-Fi"], "year_min": 2000},
        "examples": [{"history": ["Moon"], "choice": "Arrival"}],
    }
    state = client.post("/v1/recommend", json=request).json()["state"]
    assert (state["liked"], state["disliked"]) == (["arrival"], ["moon"])
    assert (state["seen"], state["history"]) == (["grand-budapest"], ["moon"])
    assert state["constraints"]["year_min"] == 2000
    assert state["examples"] == [{"history": ["Moon"], "choice": "Arrival"}]


def test_a_session_goes_on_and_is_not_shared(client: TestClient) -> None:
    first = client.post("/v1/recommend", json={"text": "sci-fi"}).json()
    onward = {"text": "more", "session_id": first["session_id"], "disliked": ["Arrival"]}
    second = client.post("/v1/recommend", json=onward).json()
    assert [r["item_id"] for r in second["recommendations"]] == ["moon"]
    other = client.post("/v1/recommend", json={"text": "more", "session_id": "another"}).json()
    assert len(other["recommendations"]) == 4
    assert next(turn["text"] for turn in other["state"]["turns"]) == "more"


def test_a_running_session_refuses_what_belongs_to_its_start(client: TestClient) -> None:
    client.post("/v1/recommend", json={"text": "go", "session_id": "s"})
    request = {"text": "go", "session_id": "s", "user_id": "ann"}
    answer = client.post("/v1/recommend", json=request)
    assert answer.status_code == 400
    assert "user_id was given, but session 's' has already begun" in _message(answer)


def test_a_session_goes_on_without_titles_that_the_catalogue_lost(
    client: TestClient, storage: Storage, recommender: FakeRecommender
) -> None:
    state = DialogueState(liked=("gone", "moon")).with_user_turn("calm").with_reply("", ["gone"])
    storage.sessions.put("local", "s", state, version=NEW)
    answer = client.post("/v1/recommend", json={"text": "more", "session_id": "s"})
    assert answer.status_code == 200
    (met,) = recommender.states
    assert (met.liked, met.shown, met.last_shown) == (("moon",), (), ())


def test_context_is_said_to_be_without_effect(client: TestClient) -> None:
    request = {"text": "go", "context": {"place": "home"}}
    assert client.post("/v1/recommend", json=request).json()["ignored"] == ["context"]


@pytest.mark.parametrize(
    ("request_body", "said"),
    [
        ({}, "text is missing"),
        ({"text": "  "}, "text: it is empty"),
        ({"text": "x" * 2001}, "at most 2000"),
        ({"text": "a", "k": 0}, "k is 0; input should be greater than or equal to 1"),
        ({"text": "a", "k": 51}, "k is 51; input should be less than or equal to 50"),
        ({"text": "a", "k": True}, "k is True"),
        ({"text": "a", "n": 3}, "unknown key 'n'; allowed are text, user_id"),
        ({"text": "a", "constraints": {"year": 1}}, "unknown key 'year'; allowed are year_min"),
        ({"text": "a", "constraints": {"year_min": "soon"}}, "constraints.year_min is 'soon'"),
        ({"text": "a", "examples": []}, "examples is []"),
        ({"text": "a", "examples": [{"history": [], "choice": "b"}]}, "history has 0 entries"),
        ({"text": "a", "examples": [{"history": ["b"], "choice": "c"}] * 9}, "at most 8"),
        ({"text": "a", "session_id": "../x"}, "session_id is '../x'"),
        ([1], "the body is [1]; send a JSON object"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(
    client: TestClient, request_body: object, said: str
) -> None:
    answer = client.post("/v1/recommend", json=request_body)
    assert answer.status_code == 422
    assert said in _message(answer)


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b'{"text": "a", "constraints": {"price_max": Infinity}}']
)
def test_bodies_that_are_not_proper_json_are_refused(client: TestClient, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = client.post("/v1/recommend", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert _message(answer)


def test_an_unknown_title_or_user_is_a_bad_request(client: TestClient) -> None:
    answer = client.post("/v1/recommend", json={"text": "a", "liked": ["Nope"]})
    assert (answer.status_code, _message(answer)) == (
        400,
        "no film is called 'Nope'; look at the catalogue",
    )
    answer = client.post("/v1/recommend", json={"text": "a", "user_id": "bob"})
    assert answer.status_code == 400


def test_a_model_that_cannot_be_reached_is_not_the_callers_fault(client: TestClient) -> None:
    answer = client.post("/v1/recommend", json={"text": "break the model"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "model_error"


def test_our_own_bug_shows_no_traceback(client: TestClient) -> None:
    answer = client.post("/v1/recommend", json={"text": "bug"})
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "KeyError" not in answer.text
    assert client.post("/v1/recommend", json={"text": "still there"}).status_code == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_above_the_limit_is_refused_unread(client: TestClient, chunked: bool) -> None:
    body = b'{"text": "' + b"x" * MAX_BODY_BYTES + b'"}'
    content = iter([body[:1000], body[1000:]]) if chunked else body
    answer = client.post("/v1/recommend", content=content)
    assert answer.status_code == 413
    assert "65536 bytes" in _message(answer)


def test_a_body_just_below_the_limit_is_read(client: TestClient) -> None:
    body = b'{"text": "a"' + b" " * (MAX_BODY_BYTES - 13) + b"}"
    assert len(body) == MAX_BODY_BYTES
    headers = {"content-type": "application/json"}
    assert client.post("/v1/recommend", content=body, headers=headers).status_code == 200


def test_status_and_models(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    ready = client.get("/ready").json()
    assert (ready["status"], ready["items"], ready["domain"]) == ("ready", 4, "film")
    assert [model["id"] for model in client.get("/v1/models").json()["data"]] == ["chatrec"]


def test_other_paths_and_methods_answer_in_the_same_shape(client: TestClient) -> None:
    answer = client.get("/v1/recommend")
    assert answer.status_code == 405
    assert "allowed: POST" in _message(answer)
    assert answer.headers["allow"] == "POST"
    assert "there is no /v1/nothing" in _message(client.get("/v1/nothing"))
    assert client.put("/v1/sessions/one").headers["allow"] == "DELETE, GET, PATCH"


def test_simultaneous_visitors_each_get_the_answer_to_what_they_said(
    client: TestClient, recommender: FakeRecommender
) -> None:
    recommender.delay_s = 0.002
    gate = threading.Barrier(8)

    def visit(number: int) -> list[str]:
        gate.wait()
        answer = client.post("/v1/recommend", json={"text": f"visitor {number}"}).json()
        return [turn["text"] for turn in answer["state"]["turns"] if turn["role"] == "user"]

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(visit, range(8)))
    assert said == [[f"visitor {number}"] for number in range(8)]


@pytest.mark.parametrize("kind", [StorageError, DataError])
def test_what_is_older_than_the_setting_is_deleted_as_the_server_starts_and_every_day(
    make_app: MakeApp, storage: Storage, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    monkeypatch.setattr("chatrec.serving.api.RETENTION_CHECK_S", 0.01)
    asked, told = [], threading.Event()

    def forget(days: int) -> None:
        asked.append(days)
        if len(asked) > 1:
            told.set()
        raise kind("the database cannot be reached")

    monkeypatch.setattr(storage, "delete_older_than", forget)
    with calling(make_app(retention_days=30)) as client:
        assert told.wait(20)
        assert client.get("/health").status_code == 200
    assert {*asked} == {30}


def test_damaged_data_is_not_the_callers_fault(
    client: TestClient, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(owner: str, session_id: str) -> None:
        raise DataError("session 's' is damaged; delete it")

    monkeypatch.setattr(storage.sessions, "get", damaged)
    answer = client.get("/v1/sessions/s")
    assert (answer.status_code, _message(answer)) == (500, "session 's' is damaged; delete it")


def _message(answer: object) -> str:
    body = answer.json()  # type: ignore[attr-defined]  # httpx.Response
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    assert set(body) == {"type", "title", "status", "detail", "code", "request_id"}
    assert body["status"] == answer.status_code  # type: ignore[attr-defined]
    message: str = body["detail"]
    assert "\n" not in message
    return message
