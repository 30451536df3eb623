"""Conversations that outlive the process: a :class:`SessionStore` over a database.

Knows nothing about HTTP or models.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Table, and_, delete, insert, select, update

from chatrec.conversation.sessions import (
    MAX_EXCHANGES,
    NEW,
    Exchange,
    Session,
    SessionEntry,
    checked_title,
    conflict,
    first_title,
)
from chatrec.conversation.state import DialogueState
from chatrec.errors import RequestError
from chatrec.storage.database import Database, insert_once
from chatrec.storage.owners import checked_id, ensure_owner
from chatrec.storage.records import exchange_from, exchange_text, state_of, to_text
from chatrec.storage.tables import exchanges, sessions


class StoredSessions:
    """A :class:`~chatrec.conversation.sessions.SessionStore`; its protocol has the rules.

    What a database can't keep as an id, one with control characters say, is a RequestError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, owner: str, session_id: str) -> Session | None:
        query = select(sessions).where(_of(sessions, owner, session_id))
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        state = state_of(session_id, row.state)
        return Session(session_id, row.title, state, row.version, row.created, row.updated)

    def put(
        self,
        owner: str,
        session_id: str,
        state: DialogueState,
        *,
        version: str,
        exchange: Exchange | None = None,
        taken_back: int = 0,
    ) -> Session:
        if state.incognito:
            raise RequestError(
                f"session {session_id!r} is incognito, and such a conversation is never stored; "
                "keep it in memory"
            )
        now, record = datetime.now(UTC), to_text(state.to_dict())
        added = 0 if exchange is None else 1
        written = (
            update(sessions)
            .where(
                _of(sessions, owner, session_id),
                sessions.c.version == version,
                sessions.c.exchanges >= taken_back,
            )
            .values(
                version=secrets.token_hex(8),
                updated=now,
                exchanges=sessions.c.exchanges + added - taken_back,
                state=record,
            )
            .returning(
                sessions.c.title, sessions.c.version, sessions.c.created, sessions.c.exchanges
            )
        )
        with self._database.writing() as connection:
            if version == NEW:
                ensure_owner(connection, owner, now)
                insert_once(
                    connection,
                    sessions,
                    owner=owner,
                    session_id=checked_id("session_id", session_id),
                    version=NEW,
                    title=first_title(state),
                    created=now,
                    updated=now,
                    exchanges=0,
                    state=record,
                )
            row = connection.execute(written).one_or_none()
            if row is None:
                raise conflict(session_id)
            if taken_back:
                newest = exchanges.c.number > row.exchanges - added
                connection.execute(
                    delete(exchanges).where(_of(exchanges, owner, session_id), newest)
                )
            if exchange is not None:
                connection.execute(
                    insert(exchanges).values(
                        owner=owner,
                        session_id=session_id,
                        number=row.exchanges,
                        at=exchange.at,
                        record=exchange_text(exchange),
                    )
                )
        return Session(session_id, row.title, state, row.version, row.created, now)

    def delete(self, owner: str, session_id: str) -> bool:
        with self._database.writing() as connection:
            gone = connection.execute(delete(sessions).where(_of(sessions, owner, session_id)))
        return bool(gone.rowcount)

    def rename(self, owner: str, session_id: str, title: str) -> bool:
        renamed = (
            update(sessions)
            .where(_of(sessions, owner, session_id))
            .values(title=checked_title(title))
        )
        with self._database.writing() as connection:
            return bool(connection.execute(renamed).rowcount)

    def entries(self, owner: str, limit: int = 100, offset: int = 0) -> tuple[SessionEntry, ...]:
        names = ("session_id", "title", "created", "updated", "exchanges")
        query = (
            select(*(sessions.c[name] for name in names))
            .where(sessions.c.owner == owner)
            .order_by(sessions.c.updated.desc(), sessions.c.session_id.desc())
            .limit(limit)
            .offset(offset)
        )
        with self._database.reading() as connection:
            return tuple(SessionEntry(*row) for row in connection.execute(query))

    def exchanges(self, owner: str, session_id: str) -> tuple[Exchange, ...]:
        query = (
            select(exchanges.c.record, exchanges.c.at)
            .where(_of(exchanges, owner, session_id))
            .order_by(exchanges.c.number.desc())
            .limit(MAX_EXCHANGES)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(exchange_from(session_id, row.record, row.at) for row in reversed(rows))

    def shown(self, owner: str) -> tuple[tuple[str, ...], ...]:
        """The item ids of each list that the owner was shown, in rank order; nothing that was said.

        Raises DataError, naming the session, where what is stored is damaged.
        """
        query = (
            select(exchanges.c.session_id, exchanges.c.record, exchanges.c.at)
            .where(exchanges.c.owner == owner)
            .order_by(exchanges.c.session_id, exchanges.c.number)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        answers = [exchange_from(row.session_id, row.record, row.at) for row in rows]
        return tuple(tuple(s.item_id for s in answer.shown) for answer in answers if answer.shown)


def _of(table: Table, owner: str, session_id: str) -> ColumnElement[bool]:
    return and_(table.c.owner == owner, table.c.session_id == session_id)
