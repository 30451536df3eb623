"""What every store of conversations must do: subclass it with a ``store``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chatrec.conversation.sessions import (
    MAX_EXCHANGES,
    NEW,
    Exchange,
    SessionStore,
    Shown,
    changed,
)
from chatrec.conversation.state import DialogueState
from chatrec.errors import ConflictError, RequestError
from chatrec.types import Constraints, Evidence, Place, Query

ANN, BEN = "ann", "acme/ben"
CALM = DialogueState(wish="calm").with_user_turn("something calm, please")
LOUD = DialogueState(wish="loud").with_user_turn("loud")
SHOWN = Shown(
    "m1", "Moon (2009)", 1, 0.75, "Quiet: a man alone.", "model",
    (Evidence("keyword", "solitude", "catalogue"), Evidence("year", "2009", "catalogue")),
    (Place("lexical", 3, 40), Place("fusion", 1, 200)),
)  # fmt: skip
CALM_EXCHANGE = Exchange(
    "something calm, please",
    "Try this.",
    "item_head",
    (SHOWN,),
    chips=("Something older",),
    compared=("m1", "m2"),
    query=Query("calm", liked=("m2",), seen=frozenset({"m2", "m9"})),
)


class SessionStoreContract:
    """Needs the fixture ``store``: an empty store."""

    def test_gives_back_what_was_put(self, store: SessionStore) -> None:
        state = replace(CALM, liked=("m1", "m2"), constraints=Constraints(year_min=1990))
        before = datetime.now(UTC)
        put = store.put(ANN, "a", state, version=NEW)
        got = store.get(ANN, "a")
        assert got == put
        assert got.state == state
        assert before <= got.created == got.updated <= datetime.now(UTC)

    def test_nothing_is_there_before(self, store: SessionStore) -> None:
        assert store.get(ANN, "a") is None
        assert store.exchanges(ANN, "a") == ()
        assert store.entries(ANN) == ()

    def test_the_same_id_of_two_owners_is_two_sessions(self, store: SessionStore) -> None:
        store.put(ANN, "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
        assert store.get(BEN, "a") is None
        store.put(BEN, "a", LOUD, version=NEW)
        assert store.get(ANN, "a").state == CALM
        assert store.get(BEN, "a").state == LOUD
        assert store.exchanges(BEN, "a") == ()
        assert [entry.title for entry in store.entries(BEN)] == ["loud"]

    def test_an_owner_can_change_nothing_of_another(self, store: SessionStore) -> None:
        session = store.put(ANN, "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
        assert not store.delete(BEN, "a")
        assert not store.rename(BEN, "a", "mine")
        with pytest.raises(ConflictError):
            store.put(BEN, "a", LOUD, version=session.version)
        assert store.get(ANN, "a") == session

    def test_a_put_goes_on_from_what_was_read(self, store: SessionStore) -> None:
        first = store.put(ANN, "a", CALM, version=NEW)
        second = store.put(ANN, "a", LOUD, version=first.version)
        assert second.version not in (first.version, NEW)
        assert second.created == first.created
        assert store.get(ANN, "a") == second

    def test_a_put_over_what_was_not_read_is_a_conflict_and_stores_nothing(
        self, store: SessionStore
    ) -> None:
        first = store.put(ANN, "a", CALM, version=NEW)
        second = store.put(ANN, "a", LOUD, version=first.version)
        for stale in (NEW, first.version, "no such version"):
            with pytest.raises(ConflictError, match="session 'a' was changed or deleted"):
                store.put(ANN, "a", CALM, version=stale, exchange=CALM_EXCHANGE)
        assert store.get(ANN, "a") == second
        assert store.exchanges(ANN, "a") == ()

    def test_a_deleted_session_does_not_come_back(self, store: SessionStore) -> None:
        read = store.put(ANN, "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
        assert store.delete(ANN, "a")
        assert not store.delete(ANN, "a")
        with pytest.raises(ConflictError):
            store.put(ANN, "a", LOUD, version=read.version)
        assert store.get(ANN, "a") is None
        store.put(ANN, "a", LOUD, version=NEW)
        with pytest.raises(ConflictError):
            store.put(ANN, "a", CALM, version=read.version)
        assert store.exchanges(ANN, "a") == ()

    def test_exchanges_come_oldest_first_with_what_was_shown(self, store: SessionStore) -> None:
        session = store.put(ANN, "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
        odd = Exchange("<b>\"'; --\x00\ud800\n喜剧 =1+1", "{{ 7 }} \x1b[31m", "fusion")
        store.put(ANN, "a", LOUD, version=session.version, exchange=odd)
        assert store.exchanges(ANN, "a") == (CALM_EXCHANGE, odd)
        assert store.entries(ANN)[0].exchanges == 2

    def test_only_the_newest_exchanges_are_given_back(self, store: SessionStore) -> None:
        version = NEW
        for number in range(MAX_EXCHANGES + 2):
            exchange = Exchange(f"said {number}", "", "labels")
            version = store.put(ANN, "a", CALM, version=version, exchange=exchange).version
        said = [exchange.said for exchange in store.exchanges(ANN, "a")]
        assert said == [f"said {number}" for number in range(2, MAX_EXCHANGES + 2)]
        assert store.entries(ANN)[0].exchanges == MAX_EXCHANGES + 2

    def test_what_is_taken_back_is_gone_and_the_rest_stays(self, store: SessionStore) -> None:
        version = NEW
        for said in ("one", "two", "three"):
            exchange = Exchange(said, "", "labels")
            version = store.put(ANN, "a", CALM, version=version, exchange=exchange).version
        undone = store.put(ANN, "a", CALM, version=version, taken_back=2)
        assert [exchange.said for exchange in store.exchanges(ANN, "a")] == ["one"]
        four = Exchange("four", "", "labels")
        put = store.put(ANN, "a", LOUD, version=undone.version, exchange=four, taken_back=1)
        assert [exchange.said for exchange in store.exchanges(ANN, "a")] == ["four"]
        assert store.entries(ANN)[0].exchanges == 1
        assert put.state == LOUD

    def test_no_more_can_be_taken_back_than_there_is(self, store: SessionStore) -> None:
        session = store.put(ANN, "a", CALM, version=NEW, exchange=CALM_EXCHANGE)
        with pytest.raises(ConflictError):
            store.put(ANN, "a", LOUD, version=session.version, taken_back=2)
        assert store.get(ANN, "a") == session
        assert store.exchanges(ANN, "a") == (CALM_EXCHANGE,)

    def test_entries_come_the_one_written_last_first(self, store: SessionStore) -> None:
        versions = {name: store.put(ANN, name, CALM, version=NEW).version for name in "abc"}
        store.put(ANN, "b", LOUD, version=versions["b"])
        assert [entry.session_id for entry in store.entries(ANN)] == ["b", "c", "a"]
        assert [entry.session_id for entry in store.entries(ANN, 1, offset=1)] == ["c"]

    def test_a_session_is_called_by_its_first_message_until_it_is_renamed(
        self, store: SessionStore
    ) -> None:
        begun = store.put(ANN, "a", CALM, version=NEW)
        assert begun.title == "something calm, please"
        assert store.rename(ANN, "a", "  Sunday\u3000\n👨\u200d👧 ")
        assert not store.rename(ANN, "b", "Sunday")
        # A turn under way isn't disturbed, and leaves the title alone.
        assert store.put(ANN, "a", LOUD, version=begun.version).title == "Sunday 👨\u200d👧"
        assert store.entries(ANN)[0].title == "Sunday 👨\u200d👧"

    @pytest.mark.parametrize(
        ("said", "title"),
        [
            ("  two\nlines\x00 \u202eand\t more ", "two lines and more"),
            ("x" * 80, "x" * 59 + "…"),
            ("\ud800", ""),
            ("喜剧\u3000👨\u200d👧", "喜剧 👨\u200d👧"),
        ],
    )
    def test_a_title_is_one_short_printable_line(
        self, store: SessionStore, said: str, title: str
    ) -> None:
        state = DialogueState().with_user_turn(said)
        store.put(ANN, "a", state, version=NEW)
        assert store.get(ANN, "a").title == title
        assert store.get(ANN, "a").state == state

    @pytest.mark.parametrize("title", ["", " \n ", "x" * 61, "\x00", "\u202eevil", "\ud800"])
    def test_a_title_that_no_list_can_show_is_refused(
        self, store: SessionStore, title: str
    ) -> None:
        store.put(ANN, "a", CALM, version=NEW)
        with pytest.raises(RequestError, match="title is"):
            store.rename(ANN, "a", title)

    def test_of_writers_at_once_all_but_one_are_told(self, store: SessionStore) -> None:
        version = store.put(ANN, "a", CALM, version=NEW).version

        def write(number: int) -> bool:
            try:
                exchange = Exchange(str(number), "", "fusion")
                store.put(ANN, "a", LOUD, version=version, exchange=exchange)
            except ConflictError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            written = list(pool.map(write, range(8)))
        assert written.count(True) == 1
        assert [e.said for e in store.exchanges(ANN, "a")] == [str(written.index(True))]

    def test_changes_made_at_once_are_all_kept(self, store: SessionStore) -> None:
        store.put(ANN, "a", CALM, version=NEW)

        def like(item_id: str) -> None:
            changed(store, ANN, "a", lambda s: s.with_feedback(item_id, "like"), tries=100)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(like, "abcdefgh"))
        assert sorted(store.get(ANN, "a").state.liked) == [*"abcdefgh"]

    def test_a_change_needs_a_session(self, store: SessionStore) -> None:
        assert changed(store, ANN, "a", lambda state: state) is None

    def test_a_change_that_is_always_overtaken_ends_in_the_conflict(
        self, store: SessionStore
    ) -> None:
        store.put(ANN, "a", CALM, version=NEW)

        def overtaken(state: DialogueState) -> DialogueState:
            store.put(ANN, "a", LOUD, version=store.get(ANN, "a").version)
            return state

        with pytest.raises(ConflictError):
            changed(store, ANN, "a", overtaken, tries=3)
        assert store.get(ANN, "a").state == LOUD
