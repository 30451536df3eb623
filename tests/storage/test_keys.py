from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatrec.errors import RequestError
from chatrec.storage import LOCAL_OWNER, Storage, acting_for, open_storage


def test_a_key_tells_whose_it_is(storage: Storage) -> None:
    ann, acme = storage.keys.create("ann"), storage.keys.create("acme", acts_for_users=True)
    found = storage.keys.identify(ann.secret)
    assert (found.owner, found.key_id, found.acts_for_users) == ("ann", ann.entry.key_id, False)
    found = storage.keys.identify(acme.secret)
    assert (found.owner, found.acts_for_users) == ("acme", True)


def test_anything_but_the_whole_secret_is_nobody_s(storage: Storage) -> None:
    secret = storage.keys.create("ann").secret
    other = storage.keys.create("ann").secret
    last = "A" if secret[-1] != "A" else "B"
    for wrong in (
        "",
        "chatrec_",
        secret[:-1],
        secret[:-1] + last,
        secret + "\n",
        secret.upper(),
        secret[:21] + other[21:],  # one key's id with another's secret
        "chatrec_" + "0" * 12 + secret[20:],
        "chatrec_é" + secret[9:],
    ):
        assert storage.keys.identify(wrong) is None, wrong
    assert storage.keys.identify(secret) is not None


def test_a_revoked_key_is_nobody_s_at_once_and_for_good(storage: Storage) -> None:
    new = storage.keys.create("ann")
    assert storage.keys.any_active()
    assert storage.keys.revoke(new.entry.key_id)
    assert not storage.keys.revoke(new.entry.key_id)
    assert storage.keys.identify(new.secret) is None
    assert not storage.keys.any_active()
    (entry,) = storage.keys.entries()
    assert entry.created <= entry.revoked <= datetime.now(UTC)


def test_revoking_what_does_not_exist_is_said(storage: Storage) -> None:
    assert not storage.keys.revoke("0" * 12)


def test_the_day_of_the_last_use_is_kept(storage: Storage) -> None:
    new = storage.keys.create("ann")
    assert storage.keys.entries()[0].last_used is None
    day = datetime.now(UTC).date()
    assert day <= storage.keys.identify(new.secret).last_used
    assert day <= storage.keys.entries()[0].last_used <= datetime.now(UTC).date()


def test_the_secret_is_long_random_and_not_stored(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "kept.db")
    made = [storage.keys.create("ann") for _ in range(3)]
    storage.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for new in made:
        random = re.fullmatch(r"chatrec_[0-9a-f]{12}_([A-Za-z0-9_-]{43})", new.secret)[1]
        assert random.encode() not in stored
        assert random not in repr(new)
    assert len({new.secret for new in made}) == 3


def test_two_keys_of_an_owner_reach_the_same_data(storage: Storage) -> None:
    first, second = storage.keys.create("ann"), storage.keys.create("ann")
    assert [entry.key_id for entry in storage.keys.entries()] == [
        first.entry.key_id,
        second.entry.key_id,
    ]
    assert storage.keys.identify(second.secret).owner == "ann"


@pytest.mark.parametrize("name", ["", "a/b", "-a", "a b", "é", "a" * 101, "a\n"])
def test_an_owner_s_name_that_could_be_another_s_is_refused(storage: Storage, name: str) -> None:
    with pytest.raises(RequestError, match="owner is"):
        storage.keys.create(name)
    with pytest.raises(RequestError, match="owner is"):
        acting_for(name, "u1")


def test_no_key_reaches_what_is_kept_without_one(storage: Storage) -> None:
    with pytest.raises(RequestError, match="owner is 'local'"):
        storage.keys.create(LOCAL_OWNER)
    assert storage.keys.entries() == ()


def test_equal_user_ids_of_two_owners_are_two_owners() -> None:
    assert acting_for("acme", "b/u1") == "acme/b/u1"
    assert acting_for("acme", "u1") != acting_for("acme.b", "u1")
    with pytest.raises(RequestError, match="user_id is"):
        acting_for("acme", "")
    with pytest.raises(RequestError, match="user_id is"):
        acting_for("acme", "u\x001")
