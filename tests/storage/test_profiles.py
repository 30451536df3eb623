from __future__ import annotations

import pytest

from chatrec.conversation.sessions import NEW
from chatrec.errors import ConflictError, DataError, RequestError
from chatrec.storage import Storage
from tests.storage.conftest import run_sql

RECORD = {"always": ["calm"], "limits": {"year_min": 1990, "price_max": None}, "odd": "\x00\ud800é"}


def test_gives_back_what_was_put(storage: Storage) -> None:
    assert storage.profiles.get("ann") is None
    put = storage.profiles.put("ann", RECORD, version=NEW)
    assert put.record == RECORD
    assert storage.profiles.get("ann") == put
    assert storage.profiles.get("ben") is None


def test_a_put_over_what_was_not_read_is_a_conflict(storage: Storage) -> None:
    first = storage.profiles.put("ann", RECORD, version=NEW)
    second = storage.profiles.put("ann", {}, version=first.version)
    for stale in (NEW, first.version):
        with pytest.raises(ConflictError, match="the profile was changed"):
            storage.profiles.put("ann", RECORD, version=stale)
    assert storage.profiles.get("ann") == second


def test_a_deleted_profile_does_not_come_back(storage: Storage) -> None:
    read = storage.profiles.put("ann", RECORD, version=NEW)
    assert storage.profiles.delete("ann")
    assert not storage.profiles.delete("ann")
    with pytest.raises(ConflictError):
        storage.profiles.put("ann", RECORD, version=read.version)
    assert storage.profiles.get("ann") is None


@pytest.mark.parametrize(
    "record", [{"a": {1, 2}}, {"a": float("nan")}, {"a": "x" * 200_000}], ids=["set", "nan", "big"]
)
def test_what_is_no_small_json_is_refused(storage: Storage, record: dict[str, object]) -> None:
    with pytest.raises(RequestError, match="the profile"):
        storage.profiles.put("ann", record, version=NEW)
    assert storage.profiles.get("ann") is None


def test_a_damaged_profile_is_named(storage: Storage, where: str) -> None:
    storage.profiles.put("ann", RECORD, version=NEW)
    run_sql(where, "UPDATE profiles SET record = '[1'")
    with pytest.raises(DataError, match="stored profile of 'ann' is damaged"):
        storage.profiles.get("ann")
    assert storage.export_of("ann")["profile"]["record"] == {"damaged": "[1"}
