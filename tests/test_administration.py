"""``chatrec keys`` and ``chatrec data`` as a shell sees them."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chatrec.cli import app
from chatrec.conversation.sessions import NEW
from chatrec.errors import RequestError
from chatrec.storage import FeedbackEvent, Storage, open_storage
from tests.contracts.session_store import CALM, CALM_EXCHANGE


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    """The database that the environment names, with one conversation and one verdict of "ann"."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATREC_DATABASE", str(tmp_path / "kept.db"))
    opened = open_storage(tmp_path / "kept.db")
    opened.sessions.put("ann", "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
    opened.feedback.add("ann", FeedbackEvent("e1", "=m1", "like"))
    yield opened
    opened.close()


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, words, input=typed)


def done(*words: str, typed: str = "") -> str:
    result = run(*words, typed=typed)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*words: str) -> str:
    result = run(*words)
    assert isinstance(result.exception, RequestError)
    return str(result.exception)


def test_a_key_is_made_listed_and_revoked(storage: Storage) -> None:
    secret = done("keys", "create", "acme", "--acts-for-users").strip()
    entry = storage.keys.identify(secret)
    assert (entry.owner, entry.acts_for_users) == ("acme", True)
    listed = done("keys", "list")
    assert entry.key_id in listed
    assert "acts for users" in listed
    assert secret not in listed
    assert done("keys", "revoke", entry.key_id) == f"{entry.key_id} is revoked\n"
    assert storage.keys.identify(secret) is None
    assert "revoked 2" in done("keys", "list")


def test_revoking_an_unknown_key_names_those_in_force(storage: Storage) -> None:
    key_id = storage.keys.create("acme").entry.key_id
    assert refused("keys", "revoke", "x") == f"there is no key 'x' in force; in force are: {key_id}"


def test_an_owner_s_data_is_exported_as_json(storage: Storage) -> None:
    export = json.loads(done("data", "export", "ann"))
    assert export["sessions"][0]["state"]["wish"] == "calm"
    assert export["feedback"][0]["item_id"] == "=m1"


def test_feedback_is_exported_as_csv_into_a_new_file(storage: Storage, tmp_path: Path) -> None:
    done("data", "export", "ann", "--as", "csv", "--to", "ann.csv")
    path = tmp_path / "ann.csv"
    assert path.read_bytes().count(b"\r\n") == 2
    assert b'"\'=m1"' in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    message = refused("data", "export", "ann", "--to", "ann.csv")
    assert message.startswith("cannot write 'ann.csv' (File exists)")


def test_data_are_erased_when_that_is_confirmed(storage: Storage) -> None:
    key_id = storage.keys.create("ann").entry.key_id
    assert run("data", "erase", "ann", typed="n\n").exit_code == 1
    assert storage.sessions.get("ann", "a") is not None
    assert f"ann is erased; keys in force: {key_id}" in done("data", "erase", "ann", typed="y\n")
    assert storage.sessions.get("ann", "a") is None
    storage.keys.revoke(key_id)
    assert done("data", "erase", "ann", "--yes") == "ann is erased\n"


def test_users_of_an_owner_are_left_and_said_or_taken_along(storage: Storage) -> None:
    for user in ("ann/u1", "ann/u2"):
        storage.feedback.add(user, FeedbackEvent("e1", "m1", "like"))
    left = "2 users that keys of ann act for are"
    exported = run("data", "export", "ann")
    assert "users" not in json.loads(exported.stdout)
    assert f"{left} not in this export (such as 'ann/u1')" in exported.stderr
    whole = run("data", "export", "ann", "--with-users")
    assert [user["owner"] for user in json.loads(whole.stdout)["users"]] == ["ann/u1", "ann/u2"]
    assert whole.stderr == ""
    erased = run("data", "erase", "ann", "--yes")
    assert erased.stdout == "ann is erased\n"
    assert f"{left} still there" in erased.stderr
    assert storage.has("ann/u1")
    asked = run("data", "erase", "ann", "--with-users", typed="y\n")
    assert "of 'ann' and of 2 users of it, for good?" in asked.stdout
    assert asked.stdout.endswith("ann is erased with 2 users\n")
    assert not storage.has("ann/u1")


def test_feedback_of_users_has_no_table_of_its_own(storage: Storage) -> None:
    assert "leave out --with-users" in refused(
        "data", "export", "ann", "--as", "csv", "--with-users"
    )


@pytest.mark.parametrize("act", ["export", "erase"])
def test_an_owner_without_data_is_said(storage: Storage, act: str) -> None:
    assert refused("data", act, "ann/u1").startswith("nothing is stored of 'ann/u1'")


def test_each_workspace_has_a_database_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for words in ((), ("--data", "books"), ("--data", "other/books"), ("--database", "own.db")):
        done("keys", "create", "ann", *words)
        assert done("keys", "list", *words).count("\n") == 1
    made = sorted(path.name for path in (tmp_path / "state" / "chatrec").glob("*.db"))
    assert len(made) == 3
    assert made[-1] == "films.db"
    assert all(name.startswith("books-") for name in made[:2])
    assert (tmp_path / "own.db").is_file()


@pytest.mark.parametrize(
    "words",
    [
        ("keys", "list"),
        ("keys", "revoke", "1"),
        ("data", "export", "ann"),
        ("data", "erase", "ann"),
    ],
)
def test_a_database_that_is_not_there_is_said_and_not_made(
    storage: Storage, tmp_path: Path, words: tuple[str, ...]
) -> None:
    said = refused(*words, "--database", "kpet.db")
    assert said.startswith("there is no database 'kpet.db'; give the one that is served")
    assert not (tmp_path / "kpet.db").exists()


def test_a_key_in_a_new_database_says_that_one_was_made(storage: Storage) -> None:
    made = run("keys", "create", "ann", "--database", "new.db")
    assert made.stderr == "made a new database: new.db\n"
    assert run("keys", "create", "ann", "--database", "new.db").stderr == ""
