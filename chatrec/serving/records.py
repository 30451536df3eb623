"""What is kept of an owner, over HTTP: conversations, verdicts, the profile, all of it, none of it.

Only what the caller's credential owns can be reached; anything else is not there (404). Knows
nothing about recommending.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response

from chatrec.conversation.recommender import Recommender
from chatrec.conversation.sessions import NEW, changed
from chatrec.conversation.state import DialogueState
from chatrec.errors import ConflictError
from chatrec.serving.answers import (
    DeletedOut,
    FeedbackOut,
    ProfileOut,
    SessionOut,
    SessionsOut,
    entry_json,
    responses,
    session_json,
)
from chatrec.serving.identity import Caller, caller_of
from chatrec.serving.problems import RefusedError
from chatrec.serving.schema import FeedbackBody, Listed, ProfileBody, TitleBody, Whose
from chatrec.serving.standing import VERDICTS, Standing, read_standing
from chatrec.storage import FeedbackEvent, Profile, Storage
from chatrec.types import Constraints

TRIES = 10  # of a change that others may come before
PAGE = 200  # conversations deleted between two looks at the list

OneId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]
Person = Annotated[Whose, Query()]
Batch = Annotated[Listed, Query()]


class Records:
    """What an owner may do with what is kept of them. Methods block; owners are subjects."""

    def __init__(self, recommender: Recommender, storage: Storage) -> None:
        self._recommender = recommender
        self._storage = storage

    def entries(self, owner: str, limit: int, offset: int) -> dict[str, Any]:
        """A part of the list of conversations."""
        found = self._storage.sessions.entries(owner, limit + 1, offset)
        more = offset + limit if len(found) > limit else None
        return {"sessions": [entry_json(entry) for entry in found[:limit]], "next_offset": more}

    def session(self, owner: str, session_id: str) -> dict[str, Any]:
        """One conversation."""
        session = self._storage.sessions.get(owner, session_id)
        if session is None:
            raise no_session(session_id)
        return session_json(session, self._storage.sessions.exchanges(owner, session_id))

    def rename(self, owner: str, session_id: str, title: str) -> dict[str, Any]:
        """Gives a conversation another title; it as it then is."""
        if not self._storage.sessions.rename(owner, session_id, title):
            raise no_session(session_id)
        return self.session(owner, session_id)

    def delete(self, owner: str, session_id: str) -> None:
        """Forgets a conversation."""
        if not self._storage.sessions.delete(owner, session_id):
            raise no_session(session_id)

    def delete_all(self, owner: str) -> int:
        """Forgets every conversation; how many there were."""
        deleted = 0
        while found := self._storage.sessions.entries(owner, PAGE):
            deleted += sum(self._storage.sessions.delete(owner, e.session_id) for e in found)
        return deleted

    def feedback(self, owner: str, body: FeedbackBody) -> dict[str, Any]:
        """Stores a verdict exactly once, and makes it felt from the next turn on."""
        if body.item_id not in self._recommender.catalog:
            raise RefusedError(404, f"there is no item {body.item_id!r} in the catalogue")
        sessions = self._storage.sessions
        if body.session_id is not None and sessions.get(owner, body.session_id) is None:
            raise no_session(body.session_id)
        event = FeedbackEvent(body.event_id, body.item_id, body.kind, body.session_id)
        status = self._storage.feedback.add(owner, event)
        if status == "stored" or self._is_newest(owner, event):
            self._apply(owner, event)
        return {"event_id": body.event_id, "status": status}

    def profile(self, owner: str) -> dict[str, Any]:
        """What holds in every conversation."""
        kept = self._storage.profiles.get(owner)
        return _profile_json(Standing() if kept is None else read_standing(kept.record), kept)

    def change_profile(self, owner: str, body: ProfileBody) -> dict[str, Any]:
        """Puts the given fields in place of what is kept; the profile as it then is."""
        named = self._recommender.start(
            liked=body.liked or (), disliked=body.disliked or (), seen=body.seen or ()
        )

        def change(standing: Standing) -> Standing:
            given = body.model_fields_set
            for name in ("liked", "disliked", "seen"):
                if name in given:
                    standing = replace(standing, **{name: getattr(named, name)})
            if "constraints" in given:
                limits = Constraints() if body.constraints is None else body.constraints
                standing = replace(standing, constraints=limits)
            return standing

        standing, kept = self._change(owner, change, body.version)
        return _profile_json(standing, kept)

    def delete_profile(self, owner: str) -> None:
        """Forgets the profile, if there is one."""
        self._storage.profiles.delete(owner)

    def _is_newest(self, owner: str, event: FeedbackEvent) -> bool:
        """Whether no later verdict on the item was stored: then what it changes may be missing."""
        about = [
            e.event_id
            for e in self._storage.feedback.events(owner)
            if (e.session_id, e.item_id) == (event.session_id, event.item_id)
        ]
        return about[-1:] == [event.event_id]

    def _apply(self, owner: str, event: FeedbackEvent) -> None:
        if event.session_id is None:
            self._change(owner, lambda standing: standing.judged(event.item_id, event.kind))
            return

        def judged(state: DialogueState) -> DialogueState:
            return state.with_feedback(event.item_id, VERDICTS[event.kind])

        changed(self._storage.sessions, owner, event.session_id, judged)

    def _change(
        self, owner: str, change: Callable[[Standing], Standing], version: str | None = None
    ) -> tuple[Standing, Profile]:
        for tried in range(TRIES):
            kept = self._storage.profiles.get(owner)
            found = NEW if kept is None else kept.version
            if version is not None and version != found:
                raise ConflictError(
                    "the profile was changed since it was read; read it again, then change it"
                )
            standing = change(Standing() if kept is None else read_standing(kept.record))
            try:
                stored = self._storage.profiles.put(owner, standing.record(), version=found)
            except ConflictError:
                if tried == TRIES - 1:
                    raise
            else:
                return standing, stored
        raise AssertionError("the last try returns or raises")


def add_records(app: FastAPI, records: Records, storage: Storage) -> None:
    """The routes."""
    _add_sessions(app, records)
    _add_feedback(app, records)
    _add_profile(app, records)

    @app.get(
        "/v1/export",
        tags=["your data"],
        responses=responses({"description": "everything, as JSON"}, 422, 503),
    )
    def export(request: Request, person: Person) -> dict[str, Any]:
        """All that is kept of you: profile, conversations, verdicts, keys without their secrets."""
        return storage.export_of(_known(request).subject(person.user_id))

    @app.delete(
        "/v1/data", tags=["your data"], status_code=204, responses=responses(None, 422, 503)
    )
    def erase(request: Request, person: Person) -> Response:
        """Erases all that the export shows. Keys that are in force stay."""
        storage.erase(_known(request).subject(person.user_id))
        return Response(status_code=204)


def _add_sessions(app: FastAPI, records: Records) -> None:
    tags: list[str | Enum] = ["sessions"]

    @app.get("/v1/sessions", tags=tags, responses=responses(SessionsOut, 422, 503))
    def sessions(request: Request, listed: Batch) -> dict[str, Any]:
        """Your conversations, the one written last first."""
        owner = _known(request).subject(listed.user_id)
        return records.entries(owner, listed.limit, listed.offset)

    @app.delete("/v1/sessions", tags=tags, responses=responses(DeletedOut, 422, 503))
    def delete_sessions(request: Request, person: Person) -> dict[str, Any]:
        """Forgets all of your conversations."""
        return {"deleted": records.delete_all(_known(request).subject(person.user_id))}

    one = "/v1/sessions/{session_id}"

    @app.get(one, tags=tags, responses=responses(SessionOut, 404, 422, 503))
    def session(session_id: OneId, request: Request, person: Person) -> dict[str, Any]:
        """One of your conversations, with what was said and shown."""
        return records.session(caller_of(request).subject(person.user_id), session_id)

    @app.patch(
        one,
        tags=tags,
        responses=responses(SessionOut, 400, 404, 408, 413, 415, 422, 503),
    )
    def rename(
        session_id: OneId, body: TitleBody, request: Request, person: Person
    ) -> dict[str, Any]:
        """Gives a conversation another title."""
        owner = caller_of(request).subject(person.user_id)
        return records.rename(owner, session_id, body.title)

    @app.delete(one, tags=tags, status_code=204, responses=responses(None, 404, 422, 503))
    def delete_session(session_id: OneId, request: Request, person: Person) -> Response:
        """Forgets one of your conversations."""
        records.delete(caller_of(request).subject(person.user_id), session_id)
        return Response(status_code=204)


def _add_feedback(app: FastAPI, records: Records) -> None:
    @app.post(
        "/v1/feedback",
        tags=["feedback"],
        responses=responses(FeedbackOut, 400, 404, 408, 409, 413, 415, 422, 503),
    )
    def feedback(body: FeedbackBody, request: Request) -> dict[str, Any]:
        """Keeps a verdict exactly once: send it again, with its event_id, until it is answered."""
        caller = caller_of(request)
        if body.session_id is None:
            _known(request)
        return records.feedback(caller.subject(body.user_id), body)


def _add_profile(app: FastAPI, records: Records) -> None:
    tags: list[str | Enum] = ["profile"]

    @app.get("/v1/profile", tags=tags, responses=responses(ProfileOut, 422, 503))
    def profile(request: Request, person: Person) -> dict[str, Any]:
        """What holds in each of your new conversations: verdicts and hard limits."""
        return records.profile(_known(request).subject(person.user_id))

    @app.patch(
        "/v1/profile",
        tags=tags,
        responses=responses(ProfileOut, 400, 408, 409, 413, 415, 422, 503),
    )
    def change_profile(body: ProfileBody, request: Request, person: Person) -> dict[str, Any]:
        """Puts the given fields in place of what is kept; titles may be item ids."""
        return records.change_profile(_known(request).subject(person.user_id), body)

    @app.delete("/v1/profile", tags=tags, status_code=204, responses=responses(None, 422, 503))
    def delete_profile(request: Request, person: Person) -> Response:
        """Forgets the profile."""
        records.delete_profile(_known(request).subject(person.user_id))
        return Response(status_code=204)


def _known(request: Request) -> Caller:
    """The caller, if there is one whose data can be told from everybody else's."""
    caller = caller_of(request)
    if caller.anonymous:
        raise RefusedError(
            403, "without a key nothing that is kept can be told to be yours; send a key"
        )
    return caller


def no_session(session_id: str) -> RefusedError:
    """The error of a conversation that the caller has not."""
    return RefusedError(
        404, f"there is no session {session_id!r} of yours; GET /v1/sessions lists them"
    )


def _profile_json(standing: Standing, kept: Profile | None) -> dict[str, Any]:
    about = {
        "version": NEW if kept is None else kept.version,
        "updated": None if kept is None else kept.updated.isoformat(),
    }
    return standing.record() | about
