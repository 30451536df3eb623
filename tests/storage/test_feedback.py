from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chatrec.errors import ConflictError, RequestError
from chatrec.storage import FeedbackEvent, Storage
from chatrec.storage.feedback import KINDS
from chatrec.storage.feedback_csv import feedback_csv

NOON = datetime(2026, 11, 26, 12, 0, 0, 123456, tzinfo=UTC)
LIKED = FeedbackEvent("e1", "m1", "like", "a", NOON)


def test_an_event_is_stored_once_however_often_it_is_sent(storage: Storage) -> None:
    assert storage.feedback.add("ann", LIKED) == "stored"
    later = replace(LIKED, at=NOON + timedelta(hours=1))
    assert storage.feedback.add("ann", later) == "already"
    assert storage.feedback.add("ann", LIKED) == "already"
    assert storage.feedback.events("ann") == (LIKED,)


def test_one_event_sent_by_many_at_once_is_stored_once(storage: Storage) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: storage.feedback.add("ann", LIKED), range(24)))
    assert sorted(answers) == ["already"] * 23 + ["stored"]
    assert storage.feedback.events("ann") == (LIKED,)


@pytest.mark.parametrize(
    "other",
    [
        replace(LIKED, kind="dislike"),
        replace(LIKED, item_id="m2"),
        replace(LIKED, session_id="b"),
        replace(LIKED, session_id=None),
    ],
)
def test_another_content_under_the_same_event_id_is_a_conflict(
    storage: Storage, other: FeedbackEvent
) -> None:
    storage.feedback.add("ann", LIKED)
    with pytest.raises(ConflictError, match="event_id 'e1' was already used with another"):
        storage.feedback.add("ann", other)
    assert storage.feedback.events("ann") == (LIKED,)


def test_event_ids_are_an_owner_s_own(storage: Storage) -> None:
    assert storage.feedback.add("ann", LIKED) == "stored"
    assert storage.feedback.add("acme/ann", replace(LIKED, kind="less")) == "stored"
    assert storage.feedback.events("ann") == (LIKED,)


def test_events_come_oldest_first_with_every_kind(storage: Storage) -> None:
    events = [
        FeedbackEvent(f"e{number}", "m1", kind, None, NOON - timedelta(seconds=number))
        for number, kind in enumerate(KINDS)
    ]
    for event in events:
        storage.feedback.add("ann", event)
    assert storage.feedback.events("ann") == tuple(reversed(events))


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (
            replace(LIKED, kind="love"),
            "kind is 'love'; allowed are like, dislike, seen, more, less",
        ),
        (replace(LIKED, event_id=""), "event_id is ''"),
        (replace(LIKED, item_id="m\x00"), "item_id is"),
        (replace(LIKED, session_id="\x1b"), "session_id is"),
    ],
)
def test_an_event_that_cannot_be_kept_is_refused(
    storage: Storage, event: FeedbackEvent, message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        storage.feedback.add("ann", event)
    assert storage.feedback.events("ann") == ()


def test_owners_are_those_with_events_each_once(storage: Storage) -> None:
    assert storage.feedback.owners() == ()
    for owner in ("bob", "ann", "acme/ann"):
        storage.feedback.add(owner, LIKED)
        storage.feedback.add(owner, replace(LIKED, event_id="e2"))
    storage.profiles.put("eve", {}, version="")
    assert storage.feedback.owners() == ("acme/ann", "ann", "bob")


def test_csv_has_a_line_for_each_event_and_no_formula() -> None:
    evil = FeedbackEvent('=cmd|" /C calc"!A0', "-2+3", "seen", "@SUM(1)", NOON)
    written = feedback_csv((LIKED, replace(LIKED, session_id=None), evil))
    assert written.split("\r\n") == [
        '"event_id","session_id","item_id","kind","at"',
        '"e1","a","m1","like","2026-11-26T12:00:00.123456+00:00"',
        '"e1","","m1","like","2026-11-26T12:00:00.123456+00:00"',
        '"\'=cmd|"" /C calc""!A0","\'@SUM(1)","\'-2+3","seen","2026-11-26T12:00:00.123456+00:00"',
        "",
    ]
