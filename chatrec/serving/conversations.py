"""What a visitor of the page can do with their conversations: take up, list, rename, delete, share.

Only what the visitor owns can be reached. Incognito conversations are never stored; who may be
anybody has no list, and comes back to a conversation by its unguessable id alone. Knows nothing
about HTML or Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chatrec.conversation.recommender import Recommender
from chatrec.conversation.state import DialogueState
from chatrec.errors import ChatrecError, RequestError, StorageError
from chatrec.serving.conversation_list import LISTED, ListView, Shared, conversation_list
from chatrec.serving.identity import Caller
from chatrec.serving.keeping import Kept
from chatrec.serving.sharing import as_plain_text
from chatrec.serving.standing import read_standing, with_standing
from chatrec.serving.talk import Begin, Talk
from chatrec.storage import Storage

MOST_LISTED = 1000
INCOGNITO = "incognito"  # what a browser remembers in place of an id
ACTS = ("open", "rename", "delete", "share", "more", "close")
_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")


class Conversations:
    """The stored conversations of all visitors. Keeps none itself; its methods block."""

    def __init__(self, storage: Storage, recommender: Recommender) -> None:
        self._storage = storage
        self._recommender = recommender

    def settle(self, talk: Talk, caller: Caller, where: str) -> None:
        """Makes a new tab's talk the caller's, and takes up the conversation ``where`` says.

        What is not the caller's, or not there (any more), begins a new one, of the same id: its
        first answer may still be on its way. RequestError where the talk is somebody else's.
        """
        if talk.caller is None:
            talk.incognito = talk.incognito or where == INCOGNITO
            self.place(talk, caller, where if _ID.fullmatch(where) else "")
        elif talk.caller.owner != caller.owner:
            raise RequestError("you are signed in as somebody else by now; reload the page")

    def place(self, talk: Talk, caller: Caller, session_id: str = "") -> None:
        """Says where a talk is kept, and takes up what is stored of it."""
        kept = None if talk.incognito else Kept(self._storage, caller.owner, session_id)
        talk.settle(caller, kept, self._beginning(caller))
        if session_id:
            talk.catch_up(self._recommender)

    def html(self, talk: Talk) -> str:
        """The list as it should now look; empty for who has none."""
        caller, side = talk.caller, talk.side
        if caller is None or caller.anonymous:
            return ""
        count = min(side.count, MOST_LISTED)
        note, side.note = side.note, ""
        try:
            found = self._storage.sessions.entries(caller.owner, count + 1)
        except StorageError as error:
            found, note = (), str(error)
        current = "" if talk.kept is None else talk.kept.session_id
        more = len(found) > count
        view = ListView(found[:count], more, current, talk.language, note, side.shared)
        return conversation_list(view)

    def act(self, talk: Talk, data: Mapping[str, Any]) -> Talk:
        """Carries a press in the list out, or says there why not; the talk to go on with.

        RequestError for no act of the list's.
        """
        if data.get("act") not in ACTS or talk.caller is None or talk.caller.anonymous:
            raise RequestError(f"unknown act {data.get('act')!r}; allowed are {', '.join(ACTS)}")
        talk.side.shared = None
        try:
            return self._act(talk, talk.caller, data)
        except ChatrecError as error:
            talk.side.note = str(error)
            return talk

    def forget(self, talk: Talk) -> None:
        """Erases all that is stored of the visitor; of who may be anybody, this conversation.

        Raises StorageError where that can't be done now; then nothing has changed.
        """
        caller, kept = talk.caller, talk.kept
        if caller is None:
            return
        if kept is not None:
            kept.close()
        try:
            if not caller.anonymous:
                self._storage.erase(caller.owner)
            elif kept is not None:
                self._storage.sessions.delete(caller.owner, kept.session_id)
        except StorageError:
            if kept is not None:
                kept.close(False)
            raise

    def follow(self, talk: Talk, session_id: str = "", *, incognito: bool = False) -> Talk:
        """The talk that a tab goes on with; nothing more is worked out for the one before."""
        talk.leave()
        fresh = Talk(incognito, talk.language)
        fresh.side = talk.side
        if talk.caller is not None:
            self.place(fresh, talk.caller, session_id)
        return fresh

    def _act(self, talk: Talk, caller: Caller, data: Mapping[str, Any]) -> Talk:
        sessions, session_id = self._storage.sessions, str(data.get("session"))
        current = talk.kept is not None and talk.kept.session_id == session_id
        match data["act"]:
            case "more":
                talk.side.count += LISTED
            case "open" if not current:
                if sessions.get(caller.owner, session_id) is None:
                    raise _not_there()
                return self.follow(talk, session_id)
            case "rename":
                if not sessions.rename(caller.owner, session_id, str(data.get("title", ""))):
                    raise _not_there()
            case "share":
                talk.side.shared = self._shared(caller, session_id, talk)
            case "delete":
                if not sessions.delete(caller.owner, session_id):
                    raise _not_there()
                return self.follow(talk) if current else talk
        return talk

    def _shared(self, caller: Caller, session_id: str, talk: Talk) -> Shared:
        session = self._storage.sessions.get(caller.owner, session_id)
        if session is None:
            raise _not_there()
        read = Talk(language=talk.language)
        self.place(read, caller, session_id)
        text = as_plain_text(session.title, read.turns, talk.language)
        return Shared(session_id, session.title, text)

    def _beginning(self, caller: Caller) -> Begin:
        """What a new conversation of the caller's begins with, beside what every one does."""

        def begun(state: DialogueState) -> DialogueState:
            profile = None if caller.anonymous else self._storage.profiles.get(caller.owner)
            if profile is None:
                return state
            return with_standing(state, read_standing(profile.record), self._recommender.catalog)

        return begun


def _not_there() -> RequestError:
    return RequestError("this conversation is not there any more; the list is up to date now")
