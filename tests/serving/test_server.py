"""The server as a process of its own: where it may listen, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from chatrec.errors import RequestError
from chatrec.serving.api import serve
from chatrec.serving.server import check_reach
from chatrec.storage import Storage
from tests.serving.fake_recommender import FakeRecommender

SERVER = """
from tests.serving.fake_recommender import FakeRecommender
from chatrec.serving.api import serve
serve(FakeRecommender(1.0), "127.0.0.1", 0)
"""


@contextmanager
def _serving(folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    root = Path(__file__).parents[2]
    own = {"PYTHONPATH": str(root), "CHATREC_DATABASE": str(folder / "served.db")}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=root,
        env=os.environ | own | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert found
        yield server, found.group()
    finally:
        server.kill()
        server.communicate(timeout=20)


def _wait_for(url: str, text: str, timeout_s: float = 60) -> None:
    until = time.monotonic() + timeout_s
    while text not in httpx.get(url, timeout=timeout_s).text:
        assert time.monotonic() < until, f"{url} never said {text}"
        time.sleep(0.05)


def test_serve_refuses_an_address_in_use(recommender: FakeRecommender) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RequestError, match=f"cannot listen on 127.0.0.1 port {port}"):
            serve(recommender, "127.0.0.1", port)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "films.example"])
def test_serve_goes_nowhere_that_others_reach_without_a_key(
    recommender: FakeRecommender, host: str
) -> None:
    with pytest.raises(RequestError, match="no API key; make one with `chatrec keys create"):
        serve(recommender, host, 0)


def test_a_key_or_a_setting_opens_other_addresses(storage: Storage) -> None:
    check_reach("0.0.0.0", storage.keys, allow_anyone=True)
    made = storage.keys.create("ann")
    check_reach("0.0.0.0", storage.keys, allow_anyone=False)
    storage.keys.revoke(made.entry.key_id)
    with pytest.raises(RequestError, match="no API key"):
        check_reach("0.0.0.0", storage.keys, allow_anyone=False)
    check_reach("localhost", storage.keys, allow_anyone=False)


@pytest.mark.slow
def test_a_terminated_server_answers_what_it_took_and_takes_no_more(tmp_path: Path) -> None:
    with _serving(tmp_path, CHATREC_LOGS="json") as (server, address):
        answers: list[httpx.Response] = []

        def ask() -> None:
            body = {"text": "a calm film", "session_id": "drained"}
            answers.append(httpx.post(f"{address}/v1/recommend", json=body, timeout=60))

        asking = threading.Thread(target=ask)
        asking.start()
        _wait_for(f"{address}/metrics", "chatrec_turns_running 1.0")
        server.send_signal(signal.SIGTERM)
        _wait_for(f"{address}/ready", '"closing"')
        late = httpx.post(f"{address}/v1/recommend", json={"text": "too late"})
        assert (late.status_code, late.json()["code"]) == (503, "busy")
        assert int(late.headers["retry-after"]) >= 1
        asking.join()
        assert answers[0].status_code == 200
        assert len(answers[0].json()["recommendations"]) == 4
        server.wait(20)
        assert server.stderr is not None
        assert all(line.startswith("{") for line in server.stderr.read().splitlines())


@pytest.mark.slow
def test_clients_that_leave_free_the_line(tmp_path: Path) -> None:
    with _serving(tmp_path) as (_, address):
        with httpx.Client(base_url=address) as client:
            for _ in range(3):
                with pytest.raises(httpx.ReadTimeout):
                    client.post("/v1/recommend", json={"text": "slowly"}, timeout=1)
        _wait_for(f"{address}/metrics", "chatrec_turns_running 0.0")
        _wait_for(f"{address}/metrics", "chatrec_turns_waiting 0.0")
        assert httpx.get(f"{address}/v1/sessions").json()["sessions"] == []
