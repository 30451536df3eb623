from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from chatrec.errors import ModelError
from chatrec.serving.logs import JsonLines, PlainLines, set_up
from chatrec.storage import Storage
from tests.serving.conftest import MakeApp, calling

SECRET_WORDS = "something that nobody else should read"


@pytest.fixture
def untouched() -> Iterator[None]:
    """The root logger as pytest has it, after what a test did to it."""
    root, own = logging.getLogger(), logging.getLogger("chatrec.serving.logs")
    handlers, level, own_level = root.handlers[:], root.level, own.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    own.setLevel(own_level)


def _json_lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.usefixtures("untouched")
def test_a_request_is_one_line_of_json_without_what_was_said(
    make_app: MakeApp, storage: Storage, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("json")
    made = storage.keys.create("ann")
    client = calling(make_app(), made.secret)
    headers = {"X-Request-Id": "from-the-shop.7"}
    answer = client.post("/v1/recommend?who=ann", json={"text": SECRET_WORDS}, headers=headers)
    assert answer.headers["x-request-id"] == "from-the-shop.7"
    said = capsys.readouterr().err
    (line,) = _json_lines(said)
    assert isinstance(line.pop("ms"), float)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", str(line.pop("time")))
    assert line == {
        "level": "info",
        "logger": "chatrec.serving.logs",
        "message": "request",
        "id": "from-the-shop.7",
        "owner": "ann",
        "key": made.entry.key_id,
        "method": "POST",
        "route": "/v1/recommend",
        "status": 200,
    }
    assert SECRET_WORDS not in said
    assert made.secret not in said


@pytest.mark.usefixtures("untouched")
def test_our_own_bug_is_logged_by_kind_and_place_without_its_words(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("json")
    try:
        raise KeyError(SECRET_WORDS)
    except KeyError as error:
        info = (type(error), error, error.__traceback__)
    logging.getLogger("uvicorn.error").error("Exception in the application", exc_info=info)
    (line,) = _json_lines(capsys.readouterr().err)
    assert re.match(r"KeyError at \S+test_logs\.py:\d+ test_our_own_bug", str(line["error"]))
    assert client.post("/v1/recommend", json={"text": "bug"}).status_code == 500
    (line,) = _json_lines(capsys.readouterr().err)
    assert (line["route"], line["status"]) == ("/v1/recommend", 500)


@pytest.mark.parametrize("given", ["a b", "x" * 65, "a;b", ""])
def test_a_request_id_that_is_not_sane_is_replaced(client: TestClient, given: str) -> None:
    answer = client.get("/health", headers={"X-Request-Id": given})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])


def _record(message: str, error: BaseException | None = None) -> logging.LogRecord:
    info = None if error is None else (type(error), error, None)
    return logging.LogRecord("chatrec", logging.WARNING, "", 0, message, (), info)


@pytest.mark.parametrize("lines", [JsonLines(), PlainLines()])
def test_no_control_character_gets_into_a_line(lines: logging.Formatter) -> None:
    line = lines.format(_record("a\r\nb\x1b[31m\u2028\x9b\u202e"))
    assert line.isprintable()
    assert "\\n" in line


def test_words_of_an_error_that_are_meant_for_readers_are_kept() -> None:
    line = PlainLines().format(_record("failed", ModelError("no decoder; start it")))
    assert line.endswith("failed: ModelError (no decoder; start it) at no known place")
    assert "hidden" not in PlainLines().format(_record("failed", ValueError("hidden")))


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("style", "lines"), [("quiet", 0), ("plain", 1)])
def test_requests_are_written_down_unless_quiet(
    client: TestClient, capsys: pytest.CaptureFixture[str], style: str, lines: int
) -> None:
    set_up(style)  # type: ignore[arg-type]  # parametrized with the Literal's values
    client.get("/health")
    said = capsys.readouterr().err.splitlines()
    assert len(said) == lines
    assert all("method=GET route=/health status=200" in line for line in said)
