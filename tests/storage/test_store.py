from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatrec.conversation.sessions import NEW, Exchange
from chatrec.conversation.state import DialogueState
from chatrec.errors import RequestError
from chatrec.storage import Deleted, FeedbackEvent, Storage, open_storage
from tests.contracts.session_store import CALM, CALM_EXCHANGE, LOUD
from tests.storage.conftest import run_sql

LONG_AGO = datetime.now(UTC) - timedelta(days=40)
EMPTY = {"profile": None, "sessions": [], "feedback": [], "keys": []}


def fill(storage: Storage, owner: str, at: datetime | None = None) -> None:
    """One of everything for the owner."""
    storage.sessions.put(owner, "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
    at = datetime.now(UTC) if at is None else at
    storage.feedback.add(owner, FeedbackEvent("e1", "m1", "like", "a", at))
    storage.profiles.put(owner, {"always": ["calm"]}, version=NEW)


def kept(storage: Storage, owner: str) -> dict[str, object]:
    """What an export has, less what differs with the moment."""
    export = storage.export_of(owner)
    return {name: export[name] for name in EMPTY}


def test_an_export_has_all_of_one_owner_as_json(storage: Storage) -> None:
    fill(storage, "ann")
    fill(storage, "ben")
    key = storage.keys.create("ann")
    export = storage.export_of("ann")
    assert json.loads(json.dumps(export)) == export
    assert export["owner"] == "ann"
    (session,) = export["sessions"]
    assert session["state"]["wish"] == "calm"
    assert session["exchanges"][0]["record"]["shown"][0]["rationale"] == "Quiet: a man alone."
    assert [event["item_id"] for event in export["feedback"]] == ["m1"]
    assert export["profile"]["record"] == {"always": ["calm"]}
    assert [entry["key_id"] for entry in export["keys"]] == [key.entry.key_id]
    text = json.dumps(export)
    assert "ben" not in text
    assert key.secret.split("_", 2)[2] not in text
    assert "sha256" not in text


def test_an_export_of_nobody_is_empty(storage: Storage) -> None:
    assert kept(storage, "nobody") == EMPTY
    assert not storage.has("nobody")


def test_erasure_takes_all_of_one_owner_and_nothing_else(storage: Storage) -> None:
    for owner in ("ann", "ann/u1", "ben"):
        fill(storage, owner)
    others = kept(storage, "ben"), kept(storage, "ann/u1")
    assert storage.erase("ann")
    assert not storage.erase("ann")
    assert kept(storage, "ann") == EMPTY
    assert not storage.has("ann")
    assert (kept(storage, "ben"), kept(storage, "ann/u1")) == others
    fill(storage, "ann")
    assert storage.has("ann")


def test_users_of_an_owner_are_told_from_other_owners(storage: Storage) -> None:
    for owner in ("ann", "ann/u1", "ann/u2/x", "Ann/u1", "ann.b/u1", "anna"):
        fill(storage, owner)
    assert storage.users_of("ann") == ("ann/u1", "ann/u2/x")
    assert storage.users_of("ann/u2") == storage.users_of("local") == ()


def test_export_and_erasure_take_users_along_where_asked(storage: Storage) -> None:
    for owner in ("ann", "ann/u1", "ann/u2", "ben/u1"):
        fill(storage, owner)
    export = storage.export_of("ann", with_users=True)
    assert [user["owner"] for user in export["users"]] == ["ann/u1", "ann/u2"]
    assert export["users"][0]["feedback"] == storage.export_of("ann/u1")["feedback"]
    assert "users" not in storage.export_of("ann")
    assert storage.erase("ann", with_users=True)
    assert [storage.has(owner) for owner in ("ann", "ann/u1", "ann/u2", "ben/u1")] == [
        False, False, False, True
    ]  # fmt: skip
    assert not storage.erase("ann", with_users=True)


def test_erasure_keeps_keys_in_force_and_forgets_revoked_ones(storage: Storage) -> None:
    fill(storage, "ann")
    used, revoked = storage.keys.create("ann"), storage.keys.create("ann")
    storage.keys.revoke(revoked.entry.key_id)
    assert storage.erase("ann")
    assert [entry.key_id for entry in storage.keys.entries()] == [used.entry.key_id]
    assert storage.keys.identify(used.secret).owner == "ann"
    storage.keys.revoke(used.entry.key_id)
    assert storage.erase("ann")
    assert storage.keys.entries() == ()
    assert not storage.has("ann")


def test_what_was_erased_is_not_left_in_the_files_of_sqlite(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "kept.db")
    said = "an unmistakable sentence"
    state = DialogueState().with_user_turn(said)
    for number in range(20):
        exchange = Exchange(said, said, "fusion")
        storage.sessions.put("ann", f"s{number}", state, version=NEW, exchange=exchange)
    assert said.encode() in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    storage.erase("ann")
    assert said.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    storage.close()


@pytest.fixture
def aged(storage: Storage, where: str) -> Storage:
    """All of "old" is 40 days old; "ann" has an old session beside new data."""
    fill(storage, "old", at=LONG_AGO)
    fill(storage, "ann")
    storage.sessions.put("ann", "forgotten", LOUD, version=NEW)
    micros = int(LONG_AGO.timestamp()) * 1_000_000
    for table in ("sessions", "profiles"):
        run_sql(where, f"UPDATE {table} SET updated = {micros} WHERE owner = 'old'")
    run_sql(
        where,
        f"UPDATE owners SET created = {micros}",
        f"UPDATE sessions SET updated = {micros} WHERE session_id = 'forgotten'",
        f"UPDATE profiles SET updated = {micros}",
    )
    return storage


def test_retention_deletes_what_is_older_and_keeps_what_is_not(aged: Storage) -> None:
    assert aged.delete_older_than(30) == Deleted(sessions=2, feedback=1, profiles=1)
    assert kept(aged, "old") == EMPTY
    assert not aged.has("old")
    assert [entry.session_id for entry in aged.sessions.entries("ann")] == ["a"]
    assert len(aged.feedback.events("ann")) == 1
    assert aged.profiles.get("ann") is not None
    assert aged.delete_older_than(30) == Deleted(0, 0, 0)


def test_retention_longer_than_the_age_deletes_nothing(aged: Storage) -> None:
    assert aged.delete_older_than(41) == Deleted(0, 0, 0)
    assert aged.has("old")


def test_retention_keeps_owners_with_a_key(aged: Storage) -> None:
    key = aged.keys.create("old")
    aged.delete_older_than(30)
    assert aged.keys.identify(key.secret).owner == "old"


@pytest.mark.parametrize("days", [0, -1])
def test_a_retention_below_one_day_is_refused(storage: Storage, days: int) -> None:
    fill(storage, "ann")
    with pytest.raises(RequestError, match=f"retention is {days} days"):
        storage.delete_older_than(days)
    assert storage.has("ann")


def test_a_retention_longer_than_time_itself_deletes_nothing(storage: Storage) -> None:
    fill(storage, "ann")
    assert storage.delete_older_than(10**10) == Deleted(0, 0, 0)
