"""What the profile's buttons do to a conversation, and the panel that shows the outcome.

What is wrong with a press or a file is said in the panel. Knows nothing about Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatrec.conversation import profile
from chatrec.conversation.recommender import Recommender
from chatrec.conversation.state import DialogueState, Feedback
from chatrec.conversation.warm_start import history_in, report, with_history
from chatrec.errors import ChatrecError, RequestError
from chatrec.serving.panel import PanelView, panel
from chatrec.serving.said import MARKS, number_in
from chatrec.serving.schema import MAX_TEXT_CHARS
from chatrec.serving.talk import Talk

ACTS = ("forget", "rejudge", "reword", "history")


class ProfilePanel:
    """The profile of whichever conversation it is shown for. Keeps none."""

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender

    def html(self, talk: Talk) -> str:
        """The panel as it should now look."""
        state, language, catalog = talk.state, talk.language, self._recommender.catalog
        found = () if state is None else profile.beliefs(state, catalog, language)
        return panel(
            PanelView(
                found,
                language,
                talk.incognito,
                talk.waiting,
                talk.note,
                talk.wrong,
                talk.arriving.got,
                talk.arriving.parts,
            )
        )

    def act(self, talk: Talk, data: Mapping[str, Any]) -> None:
        """Carries a press out; what it can't do is said in the panel. RequestError for no act."""
        if data.get("act") not in ACTS:
            raise RequestError(
                f"unknown act {data.get('act')!r}; allowed are new, profile, close, incognito, "
                f"forget_me, {', '.join(ACTS)}"
            )
        talk.say_once("")
        try:
            if data["act"] == "history":
                self._receive(talk, data)
            else:
                talk.tell(self._recommender, lambda state: self._changed(state, data))
        except ChatrecError as error:
            talk.say_once(str(error), wrong=True)

    def _changed(self, state: DialogueState, data: Mapping[str, Any]) -> DialogueState:
        what, value = str(data.get("what")), str(data.get("value"))
        match data["act"]:
            case "forget":
                return profile.forget(state, what, value)
            case "rejudge":
                return profile.rejudge(state, value, _verdict(data.get("verdict")))
            case _:
                words = str(data.get("words", ""))[:MAX_TEXT_CHARS]
                return profile.reword(state, what, value, words, self._read)

    def _read(self, words: str, state: DialogueState) -> DialogueState:
        return self._recommender.understanding.read(words, state).state

    def _receive(self, talk: Talk, data: Mapping[str, Any]) -> None:
        """A part of a file; with the last the history is taken in and reported on."""
        content = talk.arriving.add(
            number_in(data.get("part")), number_in(data.get("parts")), str(data.get("data", ""))
        )
        if content is None:
            return
        titles = self._recommender.understanding.titles
        matched = history_in(content, self._recommender.catalog, titles)
        talk.tell(self._recommender, lambda state: with_history(state, matched))
        talk.say_once(report(matched, talk.language))


def _verdict(name: object) -> Feedback:
    found = next((mark for mark in MARKS if mark == name), None)
    if found is None:
        raise RequestError(f"unknown verdict {name!r}; allowed are {', '.join(MARKS)}")
    return found
