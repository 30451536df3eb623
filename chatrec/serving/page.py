"""What the chat page's events do: each press and message, and what the page shows next.

The conversations are :mod:`chatrec.serving.talk`'s; what they look like is in
:mod:`chatrec.serving.cards`. What comes from the browser is checked: a button can only name an item
that this visitor was shown.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import gradio as gr

from chatrec.conversation.lexicon import LANGUAGES, Language
from chatrec.conversation.recommender import Recommender
from chatrec.conversation.state import DialogueState
from chatrec.errors import ChatrecError, RequestError, StorageError
from chatrec.serving.cards import filter_bar, thread
from chatrec.serving.comparing import compare_bar, compare_dialog
from chatrec.serving.conversations import ACTS as LIST_ACTS
from chatrec.serving.conversations import INCOGNITO, Conversations
from chatrec.serving.header import header
from chatrec.serving.identity import Caller
from chatrec.serving.last_turn import LineView, last_turn, notices
from chatrec.serving.look import Look, no_picture
from chatrec.serving.markup import plain
from chatrec.serving.moving import worked_out
from chatrec.serving.page_words import language_named, say
from chatrec.serving.profile_panel import ProfilePanel
from chatrec.serving.rating import RatingView
from chatrec.serving.said import number_in
from chatrec.serving.signing_in import SIGN_OUT
from chatrec.serving.talk import Talk
from chatrec.serving.turns import Turns
from chatrec.serving.welcome import welcome_for
from chatrec.storage import Storage
from chatrec.types import Item

TICK_S = 0.25
FINISH_S = 30.0  # what a reloaded page waits for an answer that is being finished

# thread, filters, text box, profile
Update = tuple[Any, Any, Any, Any]
Managed = tuple[Any, Any, Any, Any, Talk, Any]  # the same, the conversation to go on with, header


class Page:
    """What the page's events do; every method gives what to show next. Keeps no conversation."""

    def __init__(
        self,
        turns: Turns,
        picture: Callable[[Item], str] = no_picture,
        storage: Storage | None = None,
    ) -> None:
        """``picture`` gives the address of an item's picture, "" for none.

        Without a storage nothing is kept, and there is no list.
        """
        self._turns = turns
        self._picture = picture
        self._conversations = None if storage is None else Conversations(storage, turns.recommender)
        self._profile = ProfilePanel(turns.recommender)
        catalog = turns.recommender.catalog
        self.welcomes = {language: welcome_for(catalog, language) for language in LANGUAGES}

    def show(self, talk: Talk, box: str | None = None) -> Update:
        """The page as it should now look; ``box`` None leaves the text box as it is."""
        filters = () if talk.state is None else talk.state.filters()
        again = say("others", talk.spoken) if talk.state is not None and talk.lifted else ""
        asked = RatingView(talk.titles.items, talk.titles.answers) if talk.titles.items else None
        look = Look(talk.language, self._picture, talk.picks.item_ids, talk.picks.full)
        offer, catalog = self.welcomes[talk.language], self._turns.recommender.catalog
        picked = [catalog.get(item_id) for item_id in talk.picks.item_ids]
        bar = filter_bar(filters, talk.waiting, again, talk.language)
        shown = thread(
            talk.turns,
            offer,
            look,
            asked=asked,
            incognito=talk.incognito,
            tail=self._tail(talk),
            news=talk.news,
        )
        return (
            _place(talk) + shown,
            compare_bar(picked, talk.language) + bar,
            gr.skip() if box is None else box,
            self._dialog(talk, picked),
        )

    def _tail(self, talk: Talk) -> str:
        """What stands under the last answer."""
        line = LineView(self._turns.waiting, self._turns.warmth == "warming")
        if talk.last is None:
            return ""
        return last_turn(talk.last, line, talk.language, editing=talk.editing, hint=talk.hint)

    def listed(self, talk: Talk) -> str:
        """The list of the visitor's conversations."""
        return "" if self._conversations is None else self._conversations.html(talk)

    def settle(self, talk: Talk, caller: Caller, where: str) -> None:
        """To be called before anything else is done with a talk: makes it the caller's.

        ``where`` is the conversation that the tab was in. RequestError where it is another's.
        """
        if self._conversations is not None:
            self._conversations.settle(talk, caller, where)

    def begun(self, talk: Talk) -> Iterator[Update]:
        """What comes after ``begin``: first what was pressed before the browser had that page.

        Then, where a tab before this one left something under way, the page once that is done.
        """
        yield self.show(talk)
        until = time.monotonic() + FINISH_S
        if self._turns.busy(talk.conversation):
            while self._turns.busy(talk.conversation) and time.monotonic() < until:
                time.sleep(TICK_S)
            talk.catch_up(self._turns.recommender)
            yield self.show(talk)

    def _dialog(self, talk: Talk, picked: Sequence[Item]) -> str:
        """What stands over the conversation: the comparison, the profile or nothing."""
        if talk.picks.open:
            return compare_dialog(picked, talk.language)
        return self._profile.html(talk) if talk.open else ""

    def say(self, text: str, talk: Talk) -> Iterator[Update]:
        """A message was sent; the box is emptied. What is still being written ends at once."""
        if text.strip():
            yield from self._answer(text.strip(), talk, "", replacing=talk.editing)

    def act(self, talk: Talk, data: Mapping[str, Any]) -> Iterator[Update]:
        """A button on the page was pressed; what the visitor has typed stays in the box."""
        match data.get("act"):
            case "say":
                yield from self._answer(str(data.get("text", "")), talk)
            case "unfilter":
                if not talk.waiting:
                    talk.lift(str(data.get("name")), str(data.get("value")))
                yield self.show(talk)
            case "mark":
                yield from self._mark(talk, data)
            case "rate" | "unrate" | "judge" | "rated":
                yield from self._rate(talk, data)
            case "moved":
                number, item_id = number_in(data.get("turn")), str(data.get("item"))
                for changed in worked_out(talk, number, item_id, self._turns):
                    yield self.show(talk) if changed else unchanged()
            case "retry" if talk.last is not None:
                yield from self._answer(talk.last.view.said, talk, replacing=True)
            case "stop" | "edit" | "unedit" | "undo":
                yield self._settled(talk, str(data["act"]))
            case "pick" | "compare" | "unpick":
                yield self._compare(talk, data)
            case "look":  # the browser may have missed something
                yield self.show(talk)
            case other:
                raise RequestError(
                    f"unknown act {other!r}; allowed are say, unfilter, mark, rate, unrate, judge, "
                    "rated, moved, stop, retry, edit, unedit, undo, pick, compare, unpick, look"
                )

    def _settled(self, talk: Talk, act: str) -> Update:
        """A button under the last answer, but for the one that asks again."""
        box, talk.hint = None, ""
        try:
            match act:
                case "stop":
                    talk.stop()
                case "edit":
                    box = talk.edit()
                case "unedit":
                    talk.editing, box = False, ""
                case _:
                    talk.undo()
        except RequestError as error:
            talk.hint = str(error)
        return self.show(talk, box)

    def _known(self, item_ids: Collection[str]) -> frozenset[str]:
        """Those that the catalogue has: an old conversation may show others."""
        return frozenset(i for i in item_ids if i in self._turns.recommender.catalog)

    def _compare(self, talk: Talk, data: Mapping[str, Any]) -> Update:
        """An item was picked or taken out, or the table is to be shown."""
        match data.get("act"):
            case "pick":
                talk.picks.toggle(str(data.get("item")), self._known(talk.shown))
            case "compare":
                talk.picks.show()
            case _:
                talk.picks.clear()
        return self.show(talk)

    def fail(self, text: str, talk: Talk) -> Update:
        """An event broke: the failed message comes back unless something else is typed."""
        failed = bool(talk.turns) and bool(talk.turns[-1].error)
        return self.show(talk, talk.turns[-1].said if failed and not text else None)

    def manage(self, talk: Talk, data: Mapping[str, Any]) -> Managed:
        """A button of the header or of the profile was pressed."""
        match data.get("act"):
            case "new":
                talk = self._anew(talk, incognito=talk.incognito)
                return (*self.show(talk, ""), talk, gr.skip())
            case "forget_me":
                return self._forget(talk)
            case "incognito":
                talk, panel = self._anew(talk, incognito=not talk.incognito), talk.open
                talk.open = panel
                return (*self.show(talk, ""), talk, gr.skip())
            case "profile":
                talk.open = not talk.open
            case "look":
                pass
            case "close":
                talk.open = talk.picks.open = False
                talk.side.shared = None
            case "pick":
                talk.picks.toggle(str(data.get("item")), self._known(talk.shown))
            case "language":
                chosen = language_named(data.get("value"))
                return self.begin(talk, talk.language if chosen is None else chosen)
            case act if self._conversations is not None and act in LIST_ACTS:
                before, talk = talk, self._conversations.act(talk, data)
                return (*self.show(talk, None if talk is before else ""), talk, gr.skip())
            case _:
                self._profile.act(talk, data)
        return (*self.show(talk), talk, gr.skip())

    def begin(self, talk: Talk, language: Language) -> Managed:
        """The whole page in this language, its header and text box too."""
        talk.language = language
        shown, filters, _, dialog = self.show(talk)
        box = gr.update(label=say("box", language), placeholder=say("placeholder", language))
        listed = talk.caller is not None and not talk.caller.anonymous
        signed_in = talk.caller is not None and talk.caller.key_id is not None
        out = SIGN_OUT.lstrip("/") if signed_in else ""  # below whatever path a proxy adds
        top = header(language, listed=listed, sign_out=out)
        return shown, filters, box, dialog, talk, top

    def _forget(self, talk: Talk) -> Managed:
        """Erases what is kept of the visitor; where that can't be, the panel says so."""
        try:
            if self._conversations is not None:
                self._conversations.forget(talk)
        except StorageError as error:
            talk.say_once(str(error), wrong=True)
            return (*self.show(talk), talk, gr.skip())
        talk = self._anew(talk, incognito=talk.incognito)
        return (*self.show(talk, ""), talk, gr.skip())

    def _anew(self, talk: Talk, *, incognito: bool) -> Talk:
        """A new conversation; nothing more is worked out for the old one."""
        if self._conversations is not None:
            return self._conversations.follow(talk, incognito=incognito)
        talk.leave()
        return Talk(incognito, talk.language)

    def _rate(self, talk: Talk, data: Mapping[str, Any]) -> Iterator[Update]:
        """Titles to judge: shown, judged, put aside, or turned into a first list."""
        act, titles, recommender = data.get("act"), talk.titles, self._turns.recommender
        if act == "judge":
            titles.judge(str(data.get("item")), str(data.get("answer")))
        elif not talk.waiting:
            talk.tell(recommender, titles.told)
            state = talk.state if act == "rate" else None
            found = () if state is None else to_judge(recommender, state, titles.asked)
            titles.show(found)
            if act == "rated":
                wishes = talk.state is not None and bool(talk.state.wish or talk.state.near)
                yield from self._answer(say("others" if wishes else "surprise", talk.spoken), talk)
                return
        yield self.show(talk)

    def _mark(self, talk: Talk, data: Mapping[str, Any]) -> Iterator[Update]:
        number, item_id, mark = (str(data.get(name)) for name in ("turn", "item", "mark"))
        if not talk.waiting:  # the buttons rest until the state is settled
            talk.mark(number_in(number), item_id, mark, _event_id(data))
            if mark == "like" and talk.state is not None and item_id in talk.state.liked:
                label = self._turns.recommender.catalog.get(item_id).label
                yield from self._answer(say("more_like", talk.spoken, label), talk)
                return
        yield self.show(talk)

    def _answer(
        self, text: str, talk: Talk, box: str | None = None, *, replacing: bool = False
    ) -> Iterator[Update]:
        """The page as the answer grows; nothing changes any more once something else was said."""
        if talk.waiting and talk.turns[-1].said == text:  # a button was pressed twice
            yield self.show(talk, box)
            return
        try:
            turn = talk.ask(text, self._turns, replacing=replacing)
        except ChatrecError as error:
            raise gr.Error(str(error), visible=False, print_exception=False) from error
        try:
            yield self.show(talk, box)
            for _ in turn.watch(TICK_S):  # a closed tab ends this at the next yield
                yield self.show(talk) if talk.is_newest(turn) else unchanged()
        except ChatrecError as error:
            # On the page it stands already; ``fail`` comes next and sees what is in the box now.
            raise gr.Error(str(error), visible=False, print_exception=False) from error
        finally:
            talk.give_up(turn)
        yield unchanged()  # Gradio sends the last update twice; a button may be pressed in between


def to_judge(
    recommender: Recommender, state: DialogueState, asked: Collection[str]
) -> tuple[Item, ...]:
    """The titles to ask about next; after a first wish those that tell most about such a taste."""
    favoured = state.last_shown if state.wish or state.near else ()
    return recommender.onboarding.titles(state, favoured=favoured, without=asked)


def unchanged() -> Update:
    """The page as it is."""
    return gr.skip(), gr.skip(), gr.skip(), gr.skip()


def _place(talk: Talk) -> str:
    """Which conversation this is, for the script to remember, and what is wrong with keeping it."""
    kept = talk.kept
    where = INCOGNITO if talk.incognito else ("" if kept is None else kept.session_id)
    trouble, gone = ("", False) if kept is None else (kept.trouble, kept.gone)
    return (
        f"<i hidden data-conversation='{plain(where)}' data-number='{talk.number}'></i>"
        f"{notices(trouble, talk.trouble, gone, talk.language)}"
    )


def _event_id(data: Mapping[str, Any]) -> str:
    """The name that the browser gave to a press; "" for none that may be kept."""
    name = str(data.get("event", ""))
    return name if re.fullmatch("[A-Za-z0-9-]{16,64}", name) else ""
