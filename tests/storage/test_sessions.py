from __future__ import annotations

import random
from dataclasses import replace

import pytest

from chatrec.conversation.sessions import NEW, Exchange, SessionStore
from chatrec.errors import DataError, RequestError
from chatrec.storage import FeedbackEvent, Storage, open_storage
from tests.contracts.session_store import ANN, CALM, CALM_EXCHANGE, LOUD, SessionStoreContract
from tests.storage.conftest import run_sql


class TestStoredSessions(SessionStoreContract):
    @pytest.fixture
    def store(self, storage: Storage) -> SessionStore:
        return storage.sessions


def test_conversations_survive_a_restart(where: str) -> None:
    before = open_storage(where)
    session = before.sessions.put(ANN, "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
    before.close()
    after = open_storage(where)
    assert after.sessions.get(ANN, "a") == session
    assert after.sessions.exchanges(ANN, "a") == (CALM_EXCHANGE,)
    goes_on = after.sessions.put(ANN, "a", LOUD, version=session.version)
    assert after.sessions.get(ANN, "a") == goes_on
    after.close()


def test_two_processes_see_what_the_other_wrote(where: str) -> None:
    one, other = open_storage(where), open_storage(where)
    session = one.sessions.put(ANN, "a", CALM, version=NEW)
    assert other.sessions.get(ANN, "a") == session
    other.sessions.delete(ANN, "a")
    assert one.sessions.get(ANN, "a") is None
    one.close()
    other.close()


def test_lists_that_an_owner_was_shown_are_ids_alone(storage: Storage) -> None:
    session = storage.sessions.put(ANN, "b", CALM, version=NEW, exchange=CALM_EXCHANGE)
    two = tuple(replace(CALM_EXCHANGE.shown[0], item_id=i) for i in ("m3", "m2"))
    for exchange in (replace(CALM_EXCHANGE, shown=two), Exchange("thanks", "Enjoy.", "fusion")):
        session = storage.sessions.put(ANN, "b", LOUD, version=session.version, exchange=exchange)
    storage.sessions.put(ANN, "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
    assert storage.sessions.shown(ANN) == (("m1",), ("m1",), ("m3", "m2"))
    assert storage.sessions.shown("acme/ben") == ()


def test_an_incognito_conversation_is_refused(storage: Storage) -> None:
    with pytest.raises(RequestError, match="session 'a' is incognito"):
        storage.sessions.put(ANN, "a", replace(CALM, incognito=True), version=NEW)
    assert storage.sessions.entries(ANN) == ()


@pytest.mark.parametrize(
    "state",
    ["", "{", "[]", "null", '{"wish": 3}', '{"x": 1}', '{"wish": NaN}', "[" * 100_000, "{}{}"],
    ids=lambda state: state[:12],
)
def test_a_damaged_state_is_named_and_harms_no_other(
    storage: Storage, where: str, state: str
) -> None:
    storage.sessions.put(ANN, "broken", CALM, version=NEW)
    whole = storage.sessions.put(ANN, "whole", LOUD, version=NEW)
    run_sql(
        where,
        f"UPDATE sessions SET state = '{state}' WHERE session_id = 'broken'".replace(":", "\\:"),
    )
    with pytest.raises(DataError, match="session 'broken': its stored state is damaged"):
        storage.sessions.get(ANN, "broken")
    assert storage.sessions.get(ANN, "whole") == whole
    assert [entry.session_id for entry in storage.sessions.entries(ANN)] == ["whole", "broken"]
    assert storage.export_of(ANN)["sessions"][0]["session_id"] == "broken"
    assert storage.sessions.delete(ANN, "broken")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"said":"something calm, please"', '"said":null'),
        ('"led_by":"item_head"', '"led_by":"magic"'),
        ('"rank":1', '"rank":"1"'),
        ('"rationale_by":"model"', '"rationale_by":"a ghost"'),
        ('["year","2009","catalogue"]', '["year"]'),
        ('"shown":[{', '"shown":[3,{'),
        ('"title":"Moon (2009)",', ""),
    ],
)
def test_a_damaged_exchange_is_named(storage: Storage, where: str, old: str, new: str) -> None:
    storage.sessions.put(ANN, "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
    change = f"UPDATE exchanges SET record = replace(record, '{old}', '{new}')"
    run_sql(where, change.replace(":", "\\:"))
    with pytest.raises(DataError, match="session 'a': its stored exchange is damaged"):
        storage.sessions.exchanges(ANN, "a")
    assert storage.sessions.get(ANN, "a").state == CALM


@pytest.mark.parametrize("session_id", ["", "a\x00b", "a\nb", "\ud800", "é" * 501])
def test_an_id_that_a_database_cannot_keep_is_refused(storage: Storage, session_id: str) -> None:
    with pytest.raises(RequestError, match="session_id is"):
        storage.sessions.put(ANN, session_id, CALM, version=NEW)
    with pytest.raises(RequestError, match="owner is"):
        storage.sessions.put(session_id, "a", CALM, version=NEW)


def test_the_longest_ids_fit_every_database_s_keys(storage: Storage) -> None:
    longest = "".join(random.Random(1).choices("éàüöñç", k=500))  # which can't be compressed
    storage.sessions.put(longest, longest, CALM, version=NEW, exchange=CALM_EXCHANGE)
    assert storage.sessions.exchanges(longest, longest) == (CALM_EXCHANGE,)
    assert storage.feedback.add(longest, FeedbackEvent(longest, longest, "like")) == "stored"


def test_hostile_ids_are_only_ids(storage: Storage) -> None:
    hostile = "a'; DROP TABLE sessions; --%_\\ {{7*7}} <b>"
    storage.sessions.put(hostile, hostile, CALM, version=NEW, exchange=Exchange("", "", "fusion"))
    assert storage.sessions.get(hostile, hostile).state == CALM
    assert storage.sessions.get(ANN, hostile) is None
    assert storage.sessions.get("%", "%") is None
    assert storage.sessions.delete(hostile, hostile)
