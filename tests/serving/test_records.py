from __future__ import annotations

import threading
import time

import pytest
from fastapi.testclient import TestClient

from chatrec.errors import StorageError
from chatrec.storage import FeedbackEvent, Storage
from tests.serving.conftest import MakeApp, calling
from tests.serving.fake_recommender import FakeRecommender

SAID = "an evening that nobody should read about"


def _ask(client: TestClient, **more: object) -> dict[str, object]:
    answer = client.post("/v1/recommend", json={"text": "a calm film"} | more)
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


def _like(item_id: str = "moon", event_id: str = "e1", **more: object) -> dict[str, object]:
    return {"event_id": event_id, "item_id": item_id, "kind": "like"} | more


def test_a_conversation_survives_the_server(make_app: MakeApp) -> None:
    session_id = _ask(calling(make_app()))["session_id"]
    state = _ask(calling(make_app()), session_id=session_id)["state"]
    assert isinstance(state, dict)
    assert len(state["turns"]) == 4


def test_conversations_are_listed_shown_renamed_and_deleted(client: TestClient) -> None:
    first = _ask(client, text="first of all")["session_id"]
    second = _ask(client, text="second of all")["session_id"]
    _ask(client, text="and more", session_id=first)
    listed = client.get("/v1/sessions").json()
    assert [s["session_id"] for s in listed["sessions"]] == [first, second]
    assert listed["next_offset"] is None
    assert listed["sessions"][0]["title"] == "first of all"
    assert listed["sessions"][0]["exchanges"] == 2

    shown = client.get(f"/v1/sessions/{first}").json()
    assert [e["said"] for e in shown["exchanges"]] == ["first of all", "and more"]
    assert shown["exchanges"][0]["recommendations"][0]["rationale"].startswith("You liked")
    renamed = client.patch(f"/v1/sessions/{first}", json={"title": "  For Friday "}).json()
    assert renamed["title"] == "For Friday"
    assert client.patch(f"/v1/sessions/{first}", json={"title": "a\x07b"}).status_code == 400

    assert client.delete(f"/v1/sessions/{first}").status_code == 204
    assert client.delete(f"/v1/sessions/{first}").status_code == 404
    assert client.get(f"/v1/sessions/{first}").status_code == 404
    assert client.delete("/v1/sessions").json() == {"deleted": 1}
    assert client.get("/v1/sessions").json() == {"sessions": [], "next_offset": None}


def test_a_long_list_comes_in_parts(client: TestClient) -> None:
    for n in range(5):
        _ask(client, session_id=f"s{n}", k=1)
    first = client.get("/v1/sessions", params={"limit": 3}).json()
    rest = client.get("/v1/sessions", params={"limit": 3, "offset": first["next_offset"]}).json()
    ids = [s["session_id"] for s in first["sessions"] + rest["sessions"]]
    assert ids == ["s4", "s3", "s2", "s1", "s0"]
    assert rest["next_offset"] is None


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"page": 1}])
def test_a_list_is_asked_for_within_bounds(client: TestClient, query: dict[str, int]) -> None:
    answer = client.get("/v1/sessions", params=query)
    assert answer.status_code == 422
    assert next(iter(query)) in answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/v1/sessions/a%2Fb", "/v1/sessions/%00", "/v1/sessions/" + "a" * 101]
)
def test_an_id_that_cannot_be_one_is_not_found_or_refused(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (404, 422)


def test_an_incognito_conversation_goes_on_and_nothing_of_it_is_kept(
    client: TestClient, storage: Storage, recommender: FakeRecommender
) -> None:
    first = _ask(client, text=SAID, incognito=True)
    second = _ask(client, incognito=True, session_id=first["session_id"])
    assert isinstance(second["state"], dict)
    assert next(t["text"] for t in second["state"]["turns"]) == SAID
    assert client.get("/v1/sessions").json()["sessions"] == []
    assert SAID not in str(storage.export_of("local"))
    kept = _ask(client, session_id=first["session_id"])  # another conversation, under the id
    assert isinstance(kept["state"], dict)
    assert len(kept["state"]["turns"]) == 2


def test_a_verdict_is_kept_once_and_felt_in_the_next_turn(
    client: TestClient, storage: Storage
) -> None:
    session_id = _ask(client)["session_id"]
    verdict = _like(kind="dislike", session_id=session_id)
    first, again = (client.post("/v1/feedback", json=verdict) for _ in range(2))
    assert first.json() == {"event_id": "e1", "status": "stored"}
    assert again.json() == {"event_id": "e1", "status": "already"}
    assert len(storage.feedback.events("local")) == 1
    after = _ask(client, session_id=session_id)
    assert "moon" not in [r["item_id"] for r in after["recommendations"]]  # type: ignore[attr-defined]


def test_an_event_id_stands_for_one_verdict(client: TestClient) -> None:
    assert client.post("/v1/feedback", json=_like()).status_code == 200
    answer = client.post("/v1/feedback", json=_like("arrival"))
    assert answer.status_code == 409
    assert "already used" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"item_id": "no-such-film"}, 404),
        ({"session_id": "not-mine"}, 404),
        ({"kind": "love"}, 422),
        ({"event_id": ""}, 422),
        ({"event_id": "a\x1bb"}, 400),
        ({"stars": 5}, 422),
    ],
)
def test_a_verdict_on_nothing_is_refused_and_not_kept(
    client: TestClient, storage: Storage, change: dict[str, object], status: int
) -> None:
    assert client.post("/v1/feedback", json=_like() | change).status_code == status
    assert storage.feedback.events("local") == ()


def test_a_verdict_that_was_kept_but_not_felt_is_felt_when_sent_again(
    client: TestClient, storage: Storage
) -> None:
    """As after a kill between the two."""
    storage.feedback.add("local", FeedbackEvent("e1", "moon", "like"))
    assert client.get("/v1/profile").json()["liked"] == []
    assert client.post("/v1/feedback", json=_like()).json()["status"] == "already"
    assert client.get("/v1/profile").json()["liked"] == ["moon"]


def test_an_old_verdict_sent_again_does_not_undo_a_newer_one(client: TestClient) -> None:
    client.post("/v1/feedback", json=_like())
    client.post("/v1/feedback", json=_like(event_id="e2", kind="dislike"))
    client.post("/v1/feedback", json=_like())
    profile = client.get("/v1/profile").json()
    assert (profile["liked"], profile["disliked"]) == ([], ["moon"])


def test_a_verdict_given_while_the_answer_is_written_stays(
    client: TestClient, recommender: FakeRecommender
) -> None:
    session_id = _ask(client)["session_id"]
    recommender.delay_s = 0.2
    answering = threading.Thread(target=_ask, args=[client], kwargs={"session_id": session_id})
    answering.start()
    while len(recommender.texts) < 2:
        time.sleep(0.001)
    assert client.post("/v1/feedback", json=_like(session_id=session_id)).status_code == 200
    answering.join()
    session = client.get(f"/v1/sessions/{session_id}").json()
    assert session["state"]["liked"] == ["moon"]
    assert len(session["exchanges"]) == 2


def test_a_conversation_deleted_while_the_answer_is_written_stays_deleted(
    client: TestClient, recommender: FakeRecommender
) -> None:
    session_id = _ask(client)["session_id"]
    recommender.delay_s = 0.2
    statuses: list[int] = []

    def ask() -> None:
        body = {"text": "more", "session_id": session_id}
        statuses.append(client.post("/v1/recommend", json=body).status_code)

    answering = threading.Thread(target=ask)
    answering.start()
    while len(recommender.texts) < 2:
        time.sleep(0.001)
    assert client.delete(f"/v1/sessions/{session_id}").status_code == 204
    answering.join()
    assert statuses == [409]
    assert client.get(f"/v1/sessions/{session_id}").status_code == 404


def test_a_profile_holds_in_every_new_conversation(client: TestClient) -> None:
    empty = client.get("/v1/profile").json()
    assert empty == {
        "liked": [],
        "disliked": [],
        "seen": [],
        "constraints": {},
        "version": "",
        "updated": None,
    }
    change = {"liked": ["Arrival"], "seen": ["moon"], "constraints": {"genres_none": ["Horror"]}}
    changed = client.patch("/v1/profile", json=change).json()
    assert (changed["liked"], changed["seen"]) == (["arrival"], ["moon"])
    assert changed["constraints"] == {"genres_none": ["Horror"]}
    state = _ask(client)["state"]
    assert isinstance(state, dict)
    assert (state["liked"], state["seen"]) == (["arrival"], ["moon"])
    assert state["constraints"]["genres_none"] == ["Horror"]
    assert state["standing"] == ["genres_none"]
    own = _ask(client, disliked=["arrival"], constraints={"year_min": 2000})["state"]
    assert isinstance(own, dict)
    assert (own["liked"], own["disliked"]) == ([], ["arrival"])
    assert own["constraints"]["year_min"] == 2000

    client.patch("/v1/profile", json={"seen": None, "liked": []})
    assert client.get("/v1/profile").json()["constraints"] == {"genres_none": ["Horror"]}
    assert client.delete("/v1/profile").status_code == 204
    assert client.get("/v1/profile").json() == empty


def test_a_profile_that_was_changed_meanwhile_is_not_overwritten(client: TestClient) -> None:
    version = client.patch("/v1/profile", json={"liked": ["Moon"]}).json()["version"]
    client.patch("/v1/profile", json={"liked": ["Arrival"]})
    answer = client.patch("/v1/profile", json={"liked": [], "version": version})
    assert answer.status_code == 409
    assert client.get("/v1/profile").json()["liked"] == ["arrival"]


def test_what_is_kept_can_be_taken_away_and_erased(client: TestClient) -> None:
    session_id = _ask(client, text=SAID)["session_id"]
    client.post("/v1/feedback", json=_like(session_id=session_id))
    client.patch("/v1/profile", json={"liked": ["Moon"]})
    exported = client.get("/v1/export").json()
    assert exported["sessions"][0]["exchanges"][0]["record"]["said"] == SAID
    assert [e["event_id"] for e in exported["feedback"]] == ["e1"]
    assert exported["profile"]["record"]["liked"] == ["moon"]
    assert client.delete("/v1/data").status_code == 204
    after = client.get("/v1/export").json()
    assert (after["sessions"], after["feedback"], after["profile"]) == ([], [], None)


def test_a_database_that_cannot_be_reached_is_said_to_be_so(
    client: TestClient, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*args: object, **options: object) -> None:
        raise StorageError("the database cannot be reached; start it")

    monkeypatch.setattr(storage.feedback, "add", lost)
    answer = client.post("/v1/feedback", json=_like())
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "storage_error"
    monkeypatch.setattr(storage, "check", lost)
    assert client.get("/ready").status_code == 503
