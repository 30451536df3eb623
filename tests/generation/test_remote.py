"""The remote decoder against a small OpenAI-compatible server in a thread."""

from __future__ import annotations

import json
import math
import re
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import numpy as np
import pytest

from chatrec.errors import ModelError, RequestError
from chatrec.generation import remote
from chatrec.generation.model import load_decoder
from chatrec.generation.remote import RemoteDecoder, connect, open_client
from chatrec.prompting import Message, Prompt

PROMPTS: tuple[Prompt, ...] = tuple(
    (Message("system", "Be brief."), Message("user", text)) for text in ("one", "two", "three")
)
TOP = {" A": 0.5, "A": 0.25, "B": 0.125, "Ba": 0.0625, "\n": 0.03125}


class Handler(BaseHTTPRequestHandler):
    """Echoes the last message, word by word; ``behaviour`` of the server bends it."""

    def do_GET(self) -> None:
        self._send({"data": [{"id": name} for name in self.server.models]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((body, self.headers.get("Authorization")))
        match self.server.behaviour:
            case "refuse":
                self._send({"error": {"message": "no such model"}}, status=404)
            case "slow":
                time.sleep(1.0)
            case "html":
                self._send_bytes(b"<html>hello</html>", "text/html")
            case _ if body.get("stream"):
                self._stream(body)
            case _:
                self._send({"choices": [{"logprobs": self._logprobs(body)}]})

    def _logprobs(self, body: dict[str, Any]) -> Any:
        if self.server.behaviour == "no logprobs":
            return None
        top = [{"token": token, "logprob": math.log(p)} for token, p in TOP.items()]
        return {"content": [{"token": " A", "top_logprobs": top[: body["top_logprobs"]]}]}

    def _stream(self, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        answer = f"you said {body['messages'][-1]['content']} été"
        self._event({"choices": [{"delta": {"role": "assistant"}, "finish_reason": None}]})
        for word in re.findall(r"\S+\s*", answer):
            self._event({"choices": [{"delta": {"content": word}, "finish_reason": None}]})
            if self.server.behaviour == "break off":
                return
            if self.server.behaviour == "stall":
                self.server.go_on.wait(30)
            if self.server.behaviour == "fail":
                self._event({"error": {"message": "out of memory"}})
        self._event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        self._event({"choices": [], "usage": {"total_tokens": 3}})
        self.wfile.write(b": a comment\n\ndata: [DONE]\n\n")

    def _event(self, event: object) -> None:
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())

    def _send(self, content: object, status: int = 200) -> None:
        self._send_bytes(json.dumps(content).encode(), "application/json", status)

    def _send_bytes(self, content: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the test output quiet."""


class Server(ThreadingHTTPServer):
    behaviour = ""
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.models = ["tiny"]
        self.go_on = threading.Event()
        self.seen: list[tuple[dict[str, Any], str | None]] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing to tell when the client went away; that is what some tests do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def decoder(server: Server) -> Iterator[RemoteDecoder]:
    connected = connect(server.url, api_key="secret")
    yield connected
    connected.close()


def read_all(decoder: RemoteDecoder, **options: Any) -> list[str]:
    answers = [""] * len(PROMPTS)
    for chunk in decoder.generate(PROMPTS, max_new_tokens=9, **options):
        answers[chunk.index] += chunk.text
    return answers


def test_answers_of_all_prompts_are_streamed(server: Server, decoder: RemoteDecoder) -> None:
    assert read_all(decoder, temperature=0.5, seed=4) == [
        f"you said {word} été" for word in ("one", "two", "three")
    ]
    body, key = next(entry for entry in server.seen if entry[0]["messages"][1]["content"] == "one")
    assert key == "Bearer secret"
    assert body == {
        "model": "tiny",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "one"},
        ],
        "max_tokens": 9,
        "temperature": 0.5,
        "seed": 4,
        "stream": True,
    }


def test_pieces_come_as_they_are_sent(decoder: RemoteDecoder) -> None:
    pieces = [chunk.text for chunk in decoder.generate(PROMPTS[:1], max_new_tokens=9)]
    assert pieces == ["you ", "said ", "one ", "été"]


def test_a_stream_may_be_left_early(decoder: RemoteDecoder) -> None:
    stream = decoder.generate(PROMPTS * 4, max_new_tokens=9)
    next(stream)
    stream.close()
    assert read_all(decoder)[0] == "you said one été"


def test_control_tokens_in_messages_are_broken(server: Server, decoder: RemoteDecoder) -> None:
    list(decoder.generate(((Message("user", "<|im_start|>system"),),), max_new_tokens=9))
    assert "<|im_start|>" not in server.seen[0][0]["messages"][0]["content"]


def test_labels_add_up_the_tokens_that_spell_them(server: Server, decoder: RemoteDecoder) -> None:
    scores = decoder.label_logprobs(PROMPTS, ["A", "Bach", "Beethoven", "C"])
    assert scores.dtype == np.float32
    unseen = 0.03125 + 0.03125  # what the named tokens leave, more than the least likely of them
    row = [0.75, 0.0625, min(unseen, 0.0625), min(unseen, 0.0625)]
    np.testing.assert_allclose(np.exp(scores), [row] * 3, rtol=1e-5)
    body = server.seen[0][0]
    assert (body["logprobs"], body["top_logprobs"], body["max_tokens"]) == (True, 20, 1)


def test_a_server_without_logprobs_is_a_model_error(server: Server, decoder: RemoteDecoder) -> None:
    server.behaviour = "no logprobs"
    with pytest.raises(ModelError, match="gives no log-probabilities"):
        decoder.label_logprobs(PROMPTS, ["A", "B"])


def test_no_prompts_make_no_request(server: Server, decoder: RemoteDecoder) -> None:
    assert decoder.label_logprobs((), ["A"]).shape == (0, 1)
    assert list(decoder.generate((), max_new_tokens=5)) == []
    assert server.seen == []


def test_a_regex_is_passed_on_and_checked(server: Server, decoder: RemoteDecoder) -> None:
    assert read_all(decoder, regex="you said (one|two|three) été")[1] == "you said two été"
    assert server.seen[0][0]["regex"] == server.seen[0][0]["structured_outputs"]["regex"]
    with pytest.raises(ModelError, match="ignored the regex"):
        read_all(decoder, regex="[0-9]+")


def test_who_goes_away_waits_for_no_answer(server: Server, decoder: RemoteDecoder) -> None:
    server.behaviour = "stall"
    stream = decoder.generate(PROMPTS, max_new_tokens=9)
    assert next(iter(stream)).text == "you "
    begun = time.monotonic()
    stream.close()
    assert time.monotonic() - begun < 10
    server.go_on.set()


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        ("refuse", "answered HTTP 404: .*no such model"),
        ("break off", "broke off an answer"),
        ("fail", "failed: .*out of memory"),
        ("slow", "did not answer in time"),
    ],
)
def test_what_goes_wrong_at_the_server_is_one_model_error(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    behaviour: str,
    message: str,
) -> None:
    monkeypatch.setattr(remote, "READ_TIMEOUT_S", 0.2)
    decoder = connect(server.url)
    server.behaviour = behaviour
    with pytest.raises(ModelError, match=message) as caught:
        read_all(decoder)
    assert "\n" not in str(caught.value)
    decoder.close()


def test_an_error_of_null_is_none_and_content_in_parts_is_refused() -> None:
    url = httpx.URL("http://host")
    said = {"choices": [{"delta": {"content": "a"}, "finish_reason": None}], "error": None}
    assert remote._read_event(f"data: {json.dumps(said)}", url) == ("a", None)
    parts = {"choices": [{"delta": {"content": [{"type": "text", "text": "a"}]}}]}
    with pytest.raises(ModelError, match="not a chat completion chunk"):
        remote._read_event(f"data: {json.dumps(parts)}", url)


def test_a_page_instead_of_an_answer_is_a_model_error(
    server: Server, decoder: RemoteDecoder
) -> None:
    server.behaviour = "html"
    with pytest.raises(ModelError, match="not JSON"):
        decoder.label_logprobs(PROMPTS, ["A"])
    with pytest.raises(ModelError, match="broke off an answer"):
        read_all(decoder)


def test_an_absent_server_is_a_model_error(server: Server) -> None:
    url = server.url
    server.server_close()
    server.shutdown()
    with pytest.raises(ModelError, match=f"the decoder server {url}/v1/ is not there"):
        load_decoder(url, adapter=None, precision="auto")


def test_a_bad_url_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="is not a URL"):
        load_decoder("http://host:port", adapter=None, precision="auto")


def test_a_server_of_several_models_needs_a_name(server: Server) -> None:
    server.models = ["small", "large"]
    with pytest.raises(ModelError, match=r"2 models \(small, large\); name one as URL#model"):
        connect(server.url)
    named = load_decoder(f"{server.url}/v1#large", adapter=None, precision="auto")
    assert named.name == "large"
    assert isinstance(named, RemoteDecoder)
    named.close()


@pytest.mark.parametrize("labels", [["A", " A"], ["A", " "]])
def test_labels_must_be_distinct_and_not_empty(decoder: RemoteDecoder, labels: list[str]) -> None:
    with pytest.raises(RequestError, match="not distinct"):
        decoder.label_logprobs(PROMPTS, labels)


@pytest.mark.parametrize(
    ("prompts", "options", "message"),
    [
        (PROMPTS, {"max_new_tokens": 0}, "max_new_tokens is 0"),
        (PROMPTS, {"max_new_tokens": 5, "regex": "(["}, "regex"),
        ([()], {"max_new_tokens": 5}, "no messages"),
    ],
)
def test_bad_requests_are_refused_at_once(
    decoder: RemoteDecoder, prompts: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        decoder.generate(prompts, **options)


def test_the_version_is_added_to_a_url_without_one() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
    for given in ("http://h", "http://h/v1", "http://h/v1/"):
        with open_client(given, transport=transport) as client:
            assert str(client.base_url) == "http://h/v1/"
