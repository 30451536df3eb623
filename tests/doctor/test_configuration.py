"""Variables that nothing reads, and settings that contradict each other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from chatrec.doctor.configuration import contradictions, read_settings, unknown_variables
from chatrec.settings import Settings

KEY = {"CHATREC_API_KEY": "sk-0"}
ELSEWHERE: dict[str, Any] = {
    "host": "0.0.0.0",
    "allowed_hosts": ("films.example",),
    "retention_days": 90,
}


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("CHATREC_")]:
        monkeypatch.delenv(name)


def test_a_variable_that_nothing_reads_is_named_with_the_one_that_was_meant() -> None:
    (found,) = unknown_variables({"CHATREC_PROT": "1", "CHATREC_CACHE": "/c", "HOME": "/"})
    assert found.text == "CHATREC_PROT is set, and nothing reads it"
    assert found.todo == "CHATREC_PORT may be meant"


def test_every_setting_and_what_else_is_read_is_known() -> None:
    others = ("CACHE", "API_KEY", "SETTINGS_DIR")
    names = [*map(str.upper, Settings.model_fields), *others]
    assert not unknown_variables({f"CHATREC_{name}": "1" for name in names})


def test_settings_that_are_refused_are_said_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHATREC_PORT", "none")
    monkeypatch.setenv("CHATREC_POOL", "9")
    settings, found = read_settings(None)
    assert settings is None
    assert [finding.level for finding in found] == ["warning", "wrong"]
    assert "port is 'none'" in found[1].text


def test_settings_that_are_well_are_named() -> None:
    settings, found = read_settings(Path("books"))
    assert settings is not None
    assert [finding.line().split()[-3:] for finding in found] == [["data", "are", "set"]]


@pytest.mark.parametrize(
    ("given", "environment", "level", "said"),
    [
        ({"model": "http://x/v1", "adapter": Path("a")}, {}, "wrong", "model is a server"),
        ({"model": "http://x/v1", "precision": "nf4"}, {}, "warning", "no effect"),
        ({}, KEY, "warning", "model is no server"),
        ({"model": "http://far.example:8000/v1"}, KEY, "warning", "in the clear"),
        (ELSEWHERE | {"allow_anyone": True}, {}, "warning", "lets everybody in"),
        (ELSEWHERE | {"allowed_hosts": ()}, {}, "warning", "under any name"),
        (ELSEWHERE | {"retention_days": None}, {}, "warning", "kept for ever"),
        ({"allowed_hosts": ("http://a.example/",)}, {}, "wrong", "allowed_hosts has"),
        ({"image_hosts": ("https://a.example",)}, {}, "wrong", "image_hosts has"),
        ({"cors_origins": ("shop.example",)}, {}, "wrong", "cors_origins has"),
        ({"max_waiting": 4, "max_waiting_each": 5}, {}, "warning", "max_waiting_each is 5 of 4"),
    ],
)
def test_a_contradiction_is_found(
    given: dict[str, Any], environment: dict[str, str], level: str, said: str
) -> None:
    (found,) = contradictions(Settings(**given), environment)
    assert (found.level, said in found.text) == (level, True), found.text
    assert found.todo


@pytest.mark.parametrize(
    ("given", "environment"),
    [
        ({}, {}),
        (ELSEWHERE, {}),
        ({"model": "https://far.example/v1#m"}, KEY),
        ({"model": "http://127.0.0.1:8000/v1#m"}, KEY),
        ({"image_hosts": ("a.example",), "cors_origins": ("https://a.example",)}, {}),
    ],
)
def test_what_goes_together_is_left_alone(
    given: dict[str, Any], environment: dict[str, str]
) -> None:
    assert not contradictions(Settings(**given), environment)


def test_a_vector_database_without_its_package_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatrec.doctor.configuration.find_spec", lambda name: None)
    (found,) = contradictions(Settings(vector_database="host=db"), {})
    assert (found.level, "pgvector" in found.text) == ("wrong", True)
