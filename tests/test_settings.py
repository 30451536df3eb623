"""Where settings come from, and how a wrong one is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatrec.errors import RequestError
from chatrec.settings import Settings


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory; the folder itself."""
    monkeypatch.chdir(tmp_path)
    for name in ("PORT", "DATABASE", "ALLOWED_HOSTS", "SETTINGS_DIR"):
        monkeypatch.delenv(f"CHATREC_{name}", raising=False)
    return tmp_path


def refusal() -> str:
    with pytest.raises(RequestError) as caught:
        Settings()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_environment_comes_before_secrets_and_those_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chatrec.toml").write_text('port = 1\ndatabase = "file.db"\nlogs = "json"\n')
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "chatrec_database").write_text("postgresql://chatrec:word@db/chatrec\n")
    (secrets / "chatrec_port").write_text("2")
    monkeypatch.setenv("CHATREC_SETTINGS_DIR", str(secrets))
    monkeypatch.setenv("CHATREC_PORT", "3")
    found = Settings()
    assert (found.port, found.logs) == (3, "json")
    assert found.database == "postgresql://chatrec:word@db/chatrec"
    assert Settings(port=4).port == 4


def test_a_folder_of_secrets_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATREC_SETTINGS_DIR", "nowhere")
    assert refusal() == "CHATREC_SETTINGS_DIR is 'nowhere', which is no folder; give one"


def test_a_value_that_is_not_allowed_is_named_with_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATREC_PORT", "99999")
    assert refusal() == (
        "the setting port is '99999'; input should be less than or equal to 65535; "
        "correct CHATREC_PORT, chatrec.toml or the argument"
    )


def test_a_list_that_is_no_json_is_said_with_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATREC_ALLOWED_HOSTS", "films.example")
    assert "allowed_hosts" in refusal()
    assert """CHATREC_ALLOWED_HOSTS='["films.example"]'""" in refusal()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("por = 3", "'por' is no setting; is 'port' meant? Correct chatrec.toml"),
        ("x = 3", "'x' is no setting; take it out of chatrec.toml"),
        ("port = ", "chatrec.toml can't be read (Invalid value"),
        ("port = '\xff'", "chatrec.toml can't be read ('utf-8' codec"),
    ],
)
def test_a_file_of_settings_that_is_wrong_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "chatrec.toml").write_bytes(text.encode("latin-1"))
    assert refusal().startswith(said)
