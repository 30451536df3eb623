"""What docs/api.md and docs/security.md say is so: examples run, tests that are named exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient

from chatrec.data.catalog import builtin_films
from chatrec.settings import PROJECT_DIR, Settings
from chatrec.storage import Storage
from tests.serving.conftest import MakeApp, calling
from tests.serving.fake_recommender import FakeRecommender

DOCS = PROJECT_DIR / "docs"
API = (DOCS / "api.md").read_text("utf-8")
SECURITY = (DOCS / "security.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:7860"


class Asked(NamedTuple):
    """A curl line of the page."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None


class Films(FakeRecommender):
    """The stand-in with the catalogue that the page talks about."""

    def __init__(self) -> None:
        super().__init__()
        self.catalog = builtin_films()

    def _ids(self, names: Sequence[str]) -> tuple[str, ...]:
        by_title = {item.title: item.item_id for item in self.catalog}
        return tuple(by_title[name] for name in names)


@pytest.fixture
def recommender() -> FakeRecommender:
    return Films()


def _curls(text: str) -> list[Asked]:
    found = []
    for block in re.findall(r"^```bash\n(.*?)^```", text, re.M | re.S):
        for line in block.replace("\\\n", " ").splitlines():
            command, *words = shlex.split(line)
            assert command == "curl"
            found.append(_asked(words))
    return found


def _asked(words: list[str]) -> Asked:
    method, url, headers, body = None, "", {}, None
    rest = iter(words)
    for word in rest:
        match word:
            case "-s":
                continue
            case "-X":
                method = next(rest)
            case "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            case "-d":
                body = next(rest)
            case _:
                url = word
    assert url.startswith(ADDRESS)
    usual = "GET" if body is None else "POST"
    return Asked(method or usual, url.removeprefix(ADDRESS), headers, body)


def test_every_example_is_answered_as_the_page_goes_on(client: TestClient) -> None:
    asked = _curls(API)
    assert len(asked) >= 20
    for method, path, headers, body in asked:
        answer = client.request(method, path, headers=headers, content=body)
        assert answer.status_code in (200, 204), (method, path, answer.text)


def test_the_example_with_a_key_works_with_one(make_app: MakeApp, storage: Storage) -> None:
    key = storage.keys.create("ann").secret
    example = next(asked for asked in _curls(API) if "Authorization" in asked.headers)
    headers = {"Authorization": example.headers["Authorization"].replace("$CHATREC_KEY", key)}
    assert calling(make_app()).get(example.path, headers=headers).status_code == 200


def test_every_route_stands_on_the_page(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    missing = [path for path in paths if path.partition("{")[0].rstrip("/") not in API]
    assert not missing


def test_settings_have_the_defaults_that_the_page_gives() -> None:
    settings = API.partition("\nSettings, in")[2]
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ([^|]+) \|", settings, re.M)
    told = {
        name: default
        for names, defaults in rows
        for name, default in zip(re.findall(r"`(\w+)`", names), defaults.split(", "), strict=False)
        if name in Settings.model_fields
    }
    assert len(told) >= 13
    words = {"none": (), "false": False, "a file": None, "forever": None}
    for name, default in told.items():
        actual = Settings.model_fields[name].default
        assert words.get(default, default) in (actual, str(actual)), name


def test_every_threat_names_tests_that_exist() -> None:
    named = re.findall(r"`(?:([\w/]+\.py))?(?:::(\w+))?`", SECURITY)
    file, checked = "", 0
    for path, test in named:
        file = path or file
        if not (path or test):
            continue
        text = (PROJECT_DIR / "tests" / file).read_text("utf-8")
        if test:
            assert f"def {test}(" in text, (file, test)
            checked += 1
    assert checked >= 25
