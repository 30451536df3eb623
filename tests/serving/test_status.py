from __future__ import annotations

import threading
import time

import pytest
from fastapi.testclient import TestClient

from chatrec.errors import ModelError
from chatrec.serving.status import decoder_kind
from chatrec.storage import Storage
from tests.serving.conftest import ELSEWHERE, MakeApp, calling
from tests.serving.fake_recommender import FakeRecommender
from tests.serving.test_turns import occupied


def _figures(client: TestClient) -> dict[str, float]:
    """Every sample of /metrics by its name and labels."""
    lines = client.get("/metrics").text.splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


def test_ready_is_said_when_warm_and_not_before(
    make_app: MakeApp, recommender: FakeRecommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(recommender, "warm_up", lambda: go_on.wait(20))
    app = make_app()
    with calling(app) as client:
        cold = client.get("/ready")
        assert (cold.status_code, cold.json()["status"]) == (503, "warming")
        assert client.get("/health").status_code == 200
        go_on.set()
        while app.state.turns.warmth == "warming":
            time.sleep(0.001)
        warm = client.get("/ready")
        assert (warm.status_code, warm.json()["status"]) == (200, "ready")
    gone = client.get("/ready")
    assert (gone.status_code, gone.json()["status"]) == (503, "closing")


def test_a_warm_up_that_failed_is_tried_again_when_asked_for(
    make_app: MakeApp, recommender: FakeRecommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = iter([ModelError("the decoder is not there yet"), None])

    def warm_up() -> None:
        if (error := next(tries)) is not None:
            raise error

    monkeypatch.setattr(recommender, "warm_up", warm_up)
    app = make_app()
    with calling(app) as client:
        while app.state.turns.warmth == "warming":
            time.sleep(0.001)
        assert (answer := client.get("/ready")).status_code == 503
        assert answer.json()["status"] == "failed"
        while app.state.turns.warmth != "ready":
            time.sleep(0.001)
        assert client.get("/ready").status_code == 200


def test_metrics_are_for_this_machine_or_a_key(make_app: MakeApp, storage: Storage) -> None:
    app = make_app()
    assert calling(app, client=ELSEWHERE).get("/metrics").status_code == 401
    key = storage.keys.create("prometheus").secret
    assert calling(app, key, client=ELSEWHERE).get("/metrics").status_code == 200


def test_metrics_count_requests_turns_stages_and_fallbacks(client: TestClient) -> None:
    client.post("/v1/recommend", json={"text": "a calm film"})
    client.post("/v1/recommend", json={"text": "a calm film", "k": 1000})
    client.get("/v1/nothing/at/all")
    chat = {"messages": [{"role": "user", "content": "calm"}]}
    client.post("/v1/chat/completions", json=chat)
    onward = [*chat["messages"], {"role": "user", "content": "more"}]
    client.post("/v1/chat/completions", json={"messages": onward})
    figures = _figures(client)
    request = 'chatrec_requests_total{method="POST",route="/v1/recommend",status="%d"}'
    assert (figures[request % 200], figures[request % 422]) == (1, 1)
    unknown = 'chatrec_requests_total{method="GET",route="/v1/{path:path}",status="404"}'
    assert figures[unknown] == 1
    assert figures['chatrec_replies_total{led_by="fusion"}'] == 3
    written = figures['chatrec_reasons_total{by="model"}']
    assert (written, figures['chatrec_reasons_total{by="template"}']) == (6, 6)
    assert figures['chatrec_stage_seconds_count{stage="total"}'] == 3
    assert figures['chatrec_stage_seconds_sum{stage="total"}'] == pytest.approx(3 * 0.00123)
    assert figures["chatrec_turn_wait_seconds_count"] == 3
    assert (figures["chatrec_turns_waiting"], figures["chatrec_turns_running"]) == (0, 0)
    assert figures['chatrec_replayed_states_total{kept="yes"}'] == 1
    assert figures["chatrec_ready"] == 1


def test_a_full_line_answers_429_with_a_time_to_try_again(make_app: MakeApp) -> None:
    app = make_app(max_waiting=2, max_waiting_each=1, turns_at_once=1)
    ask = {"text": "a calm film"}
    answers = []
    with calling(app) as client:
        with occupied(app.state.turns):
            waiting = threading.Thread(
                target=lambda: answers.append(client.post("/v1/recommend", json=ask))
            )
            waiting.start()
            while app.state.turns.waiting < 1:
                time.sleep(0.001)
            assert _figures(client)["chatrec_turns_waiting"] == 1
            own = client.post("/v1/recommend", json=ask)
            app.state.turns.begin(lambda haste: iter(()), "bob")
            full = client.post("/v1/recommend", json=ask)
            figures = _figures(client)
        waiting.join()
    assert [answer.status_code for answer in answers] == [200]
    assert (own.status_code, own.json()["code"]) == (429, "too_many_requests")
    assert (full.status_code, full.json()["code"]) == (503, "busy")
    for answer in (own, full):
        assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert figures['chatrec_turns_refused_total{why="owner_full"}'] == 1
    assert figures['chatrec_turns_refused_total{why="line_full"}'] == 1


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (None, "default"),
        ("http://user:secret@decoder/v1#name", "remote"),
        ("/home/ann/models/x", "local"),
    ],
)
def test_a_decoder_is_told_by_its_kind_alone(model: str | None, kind: str) -> None:
    assert decoder_kind(model) == kind
