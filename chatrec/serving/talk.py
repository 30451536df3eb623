"""One visitor's conversation on the page: what was said, what came back, what is on its way.

Beside it what the visitor tells about themselves: titles judged, a history brought, the profile.

A message may come while the reasons of the last answer are still being written. That answer is
then finished at once, with plain sentences, and the new message is next. Events of one tab may
meet here, and the worker writes while they read. Knows nothing about Gradio or HTML.
"""

from __future__ import annotations

import itertools
import secrets
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from chatrec.conversation.lexicon import Language
from chatrec.conversation.recommender import Recommender, Reply
from chatrec.conversation.sessions import exchange_of
from chatrec.conversation.state import MAX_UNDO, DialogueState
from chatrec.errors import ChatrecError, DataError, RequestError, StorageError
from chatrec.serving.cards import TurnView
from chatrec.serving.comparing import Picks
from chatrec.serving.conversation_list import Side
from chatrec.serving.getting_to_know import Arriving, Titles
from chatrec.serving.identity import Caller
from chatrec.serving.keeping import Change, Kept, leniently, within
from chatrec.serving.page_words import count, say
from chatrec.serving.said import Said, marked, read_back, toggled, with_mark, without
from chatrec.serving.schema import MAX_TEXT_CHARS
from chatrec.serving.turns import Hurried, Turn, Turns
from chatrec.serving.why_panel import Moving
from chatrec.storage import FeedbackEvent
from chatrec.types import NO_FACTS

Begin = Callable[[DialogueState], DialogueState]
_NUMBERS = itertools.count(1)


class Talk:
    """The conversation of one tab. ``state`` is None until something was answered or told.

    ``lifted`` says that a limit was taken away since the last message, ``editing`` that the next
    one is to stand in for the last, ``left`` that the visitor is gone. ``open`` says that the
    profile is shown, ``note`` what it has to say once, ``wrong`` that this is an error. ``caller``
    is whose it is, None until :meth:`settle`. ``incognito`` never changes after that: who switches
    begins anew. ``trouble`` is why not all of it could be read, ``hint`` what can't be done with
    the last message, ``news`` what a screen reader is told until something else is said.
    ``language`` is the page's, and that of the conversation until a message is in another. A talk
    that a tab goes on with has a higher ``number`` than those before it.
    """

    # One lock for all, held for microseconds: Gradio copies the first, empty talk for each tab,
    # and a lock can't be copied.
    _lock = threading.Lock()

    def __init__(self, incognito: bool = False, language: Language = "en") -> None:
        self.number = next(_NUMBERS)
        self.incognito, self.language = incognito, language
        self.titles = Titles()
        self.picks = Picks()
        self.arriving = Arriving()
        self.note, self.wrong = "", False
        self.state: DialogueState | None = None
        self.open = self.lifted = self.editing = self.left = False
        self.hint = self.news = self.trouble = ""
        self.side = Side()
        self.caller: Caller | None = None
        self.kept: Kept | None = None
        self._said: tuple[Said, ...] = ()
        self._begin: Begin = lambda state: state
        self._place = ""  # in the line of turns; a copy of this talk takes its own at first use

    @property
    def turns(self) -> tuple[TurnView, ...]:
        """What was said and answered, as the page shows it."""
        return tuple(said.view for said in self._said)

    @property
    def last(self) -> Said | None:
        """The newest message."""
        return self._said[-1] if self._said else None

    @property
    def waiting(self) -> bool:
        """Whether the newest message has no answer yet, so that the state is about to change."""
        return bool(self._said) and self._said[-1].view.waiting

    @property
    def spoken(self) -> Language:
        """The language of the conversation: of its last message, else the page's."""
        return self.language if self.state is None else self.state.language

    @property
    def place(self) -> str:
        """Whose turns in line these are: a signed-in caller's, else the tab's own."""
        return self._place or self._named()

    @property
    def shown(self) -> frozenset[str]:
        """The ids of all items that this visitor was shown."""
        replies = [turn.reply for turn in self.turns if turn.reply is not None]
        listed = (r.item.item_id for reply in replies for r in reply.recommendations)
        tables = (reply.table.items for reply in replies if reply.table is not None)
        return frozenset((*listed, *(item.item_id for items in tables for item in items)))

    @property
    def conversation(self) -> Hashable:
        """What turns that must follow one another have in common."""
        return self if self.kept is None else (self.kept.owner, self.kept.session_id, False)

    def settle(self, caller: Caller, kept: Kept | None, begin: Begin) -> None:
        """Says whose it is, where it is kept (None: nowhere), and how a new one begins."""
        self.caller, self.kept, self._begin = caller, kept, begin
        self._place = "" if caller.key_id is None else caller.owner

    def ask(self, text: str, turns: Turns, *, replacing: bool = False) -> Turn:
        """Says ``text``: it stands at the end at once, and what was on its way is hurried.

        Where it is ``replacing`` the last message, that one goes. Raises ChatrecError, which stands
        on the page too, where no turn can be had now.
        """
        with self._lock:
            said = Said(TurnView(text))
            self.lifted, self.editing, self.hint, self.news = False, False, "", ""
            if replacing:
                said.replaces = old = self._taken_out()
                if old is not None and old.view.said == text:
                    said.attempt = old.attempt + 1
            self._said = (*self._said, said)
            for earlier in self._said:
                if earlier.turn is not None:
                    earlier.turn.hurry()
            try:
                answer = partial(self._answered, said, turns.recommender)
                said.turn = turns.begin(answer, self.place, conversation=self.conversation)
            except ChatrecError as error:
                self._fail(said, str(error), error)
                raise
            return said.turn

    def _named(self) -> str:
        self._place = f"tab {secrets.token_hex(8)}"
        return self._place

    def _taken_out(self) -> Said | None:
        """The answered message at the end, taken off the page with what failed after it."""
        self._check_settled()
        gone, self._said = self._said[-1], self._said[:-1]
        if gone.view.reply is None:
            if gone.replaces is not None:
                self._said = self._said[:-1]
            return gone.replaces
        return gone

    def _check_settled(self) -> None:
        if not self._said:
            raise RequestError("nothing was said yet; there is nothing to take back")
        if self._said[-1].view.pending:
            raise RequestError("the answer is still being written; stop it first")

    def edit(self) -> str:
        """The last message's text, for a message that is to stand in for it."""
        with self._lock:
            self._check_settled()
            self.editing = True
            return self._said[-1].view.said

    def undo(self) -> None:
        """Takes the last message back, with its answer and what it changed; marks stay.

        Raises RequestError where that can't be done.
        """
        with self._lock:
            self._check_settled()
            self.editing = False
            before = self.state
            gone = self._said[-1]
            if gone.view.reply is None:
                self._said = self._said[:-1]
                return
            assert before is not None
            self.state = state = without(gone, before)
            self._said = self._said[:-1]
        if self.kept is not None and gone.stored:
            self.kept.add(state, None, before=before, taken_back=1)

    def stop(self) -> None:
        """No more of the answer that is on its way: what is missing is worded plainly, at once."""
        with self._lock:
            said = self.last
            if said is None or not said.view.pending or said.turn is None:
                return
            said.stopped = True
        if not said.view.waiting:
            said.turn.hurry()
        elif said.turn.drop():
            with self._lock:
                self._fail(said, say("stopped", self.language))

    def is_newest(self, turn: Turn) -> bool:
        """Whether nothing was said after it, and the conversation goes on."""
        return not self.left and self.last is not None and turn is self.last.turn

    def leave(self) -> None:
        """The visitor is gone or has begun anew: nothing more is worked out for this one."""
        self.left = True
        for said in self._said:
            if said.turn is not None:
                self.give_up(said.turn)

    def give_up(self, turn: Turn) -> None:
        """Nobody watches this turn any more."""
        if turn.drop():
            with self._lock:
                for said in self._said:
                    if said.turn is turn:
                        self._fail(said, say("failed", self.language))

    def mark(self, number: int, item_id: str, mark: str, event_id: str = "") -> None:
        """Sets the mark of an item that turn ``number`` shows, or clears it where it was set.

        What is set is stored as a verdict too, under ``event_id``. Raises RequestError for anything
        that is not on the visitor's page.
        """
        with self._lock:
            known = toggled(self._shown(number, item_id), item_id, mark)
            judged = partial(with_mark, item_id=item_id, mark=known)
            state = self._changed(judged)
        if self.kept is not None:
            if known is not None:
                event_id = event_id or secrets.token_hex(16)
                event = FeedbackEvent(event_id, item_id, known, self.kept.session_id)
                self.kept.judged(event)
            self.kept.change(state, judged)

    def _shown(self, number: int, item_id: str) -> DialogueState:
        """The state, once it is known that turn ``number`` shows the item."""
        if self.state is None:
            raise RequestError("nothing was recommended yet; ask for something first")
        reply = self.said_at(number).view.reply
        if reply is None or item_id not in {r.item.item_id for r in reply.recommendations}:
            raise RequestError(f"item {item_id!r} was not shown there; reload the page")
        return self.state

    def said_at(self, number: int) -> Said:
        """The message of turn ``number``; RequestError where there is none."""
        if not 0 <= number < len(self._said):
            raise RequestError(f"there is no turn {number}; reload the page")
        return self._said[number]

    def put_moved(self, said: Said, moving: Moving, moved: Mapping[str, str] = NO_FACTS) -> None:
        """Says how far it is with finding out what moved the items shown, or the words for it."""
        with self._lock:
            said.view = replace(said.view, moving=moving, moved=moved)

    def lift(self, name: str, value: str) -> None:
        """Takes a limit away. Raises RequestError for one that does not exist."""
        with self._lock:
            if self.state is None:
                return
            state = self._changed(lambda state: state.without(name, value))
            self.lifted = True
        if self.kept is not None:
            self.kept.change(state, lambda state: state.without(name, value))

    def tell(self, recommender: Recommender, change: Change) -> None:
        """Changes the state outside of a message; not while an answer is about to change it.

        Raises RequestError then, and what ``change`` raises.
        """
        begun = self._begun(recommender)
        with self._lock:
            if self.waiting:
                raise RequestError("the answer is about to come; try again when it is there")
            state = self._changed(change, begun)
        if self.kept is not None:
            self.kept.change(state, change)

    def _changed(self, change: Change, begun: DialogueState | None = None) -> DialogueState:
        """Makes a change that is no message's, so that it also outlasts those taken back."""
        state = begun if self.state is None else self.state
        assert state is not None
        self.state = change(state)
        for said in self._said:
            said.view = marked(said.view, self.state)
            if said.before is not None:
                said.before = leniently(change, said.before)
        return self.state

    def say_once(self, note: str, *, wrong: bool = False) -> None:
        """What the profile's panel says until the next thing is said there."""
        self.note, self.wrong = note, wrong

    def catch_up(self, recommender: Recommender, but: Said | None = None) -> None:
        """Takes over what is stored of the conversation where that isn't what is here.

        ``but`` is the message that is about to be answered: what is stored comes before it.
        """
        self.trouble = ""
        try:
            stored = None if self.kept is None else self.kept.read()
        except (StorageError, DataError) as error:
            self.trouble = str(error)
            return
        if stored is None:
            return
        found = read_back(stored.exchanges, stored.session.state, recommender.catalog)
        with self._lock:
            mine = () if but is None else self._said[self._said.index(but) :]
            if but is not None:
                but.replaces = None  # what it was to stand in for isn't the last any more
            self._said = (*found, *mine)
            self.state = within(stored.session.state, recommender.catalog)

    def _begun(self, recommender: Recommender) -> DialogueState:
        if self.state is not None:
            return self.state
        state = replace(recommender.start(), incognito=self.incognito, language=self.language)
        try:
            return self._begin(state)
        except (StorageError, DataError) as error:
            self.trouble = str(error)
            return state

    def _answered(self, said: Said, recommender: Recommender, hurried: Hurried) -> Iterator[Reply]:
        """The replies to a message, each put on the page's record before it is given.

        The complete one is stored before that, and so is a list whose reasons fail.
        """
        text = said.view.said
        try:
            if len(text) > MAX_TEXT_CHARS:
                lengths = (count(n, self.language) for n in (len(text), MAX_TEXT_CHARS))
                raise RequestError(say("too_long", self.language, *lengths))
            self.catch_up(recommender, said)
            state = self._before(said, recommender)
            replies = recommender.stream(text, state, hurried=hurried, attempt=said.attempt)
            for reply in replies:
                self._take(said, reply, state)
                yield reply
        except ChatrecError as error:
            with self._lock:
                self._fail(said, str(error), error)
            raise
        finally:
            with self._lock:
                if said.view.pending:
                    self._fail(said, say("failed", self.language))
            self._keep(said)

    def _before(self, said: Said, recommender: Recommender) -> DialogueState:
        """The state that a message meets: without what the one did that it stands in for."""
        old = said.replaces
        now = self._begun(recommender)
        said.before = state = now if old is None else without(old, now)
        for older in self._said[:-MAX_UNDO]:
            older.before = None
        return state

    def _take(self, said: Said, reply: Reply, before: DialogueState) -> None:
        with self._lock:
            if said.view.reply is None:
                self.state = reply.state
            elif self.state is not None:  # marks may have changed the rest meanwhile
                self.state = replace(self.state, reasons=reply.state.reasons)
            if not reply.complete:
                self._see(said, reply)
                return
        self._keep(said, reply)
        with self._lock:
            self._see(said, reply)

    def _see(self, said: Said, reply: Reply) -> None:
        state = reply.state if self.state is None else self.state
        said.view = marked(replace(said.view, reply=reply), state)

    def _keep(self, said: Said, reply: Reply | None = None) -> None:
        """Stores a message with its answer, unless that has been done or there is none."""
        reply = said.view.reply if reply is None else reply
        if said.stored or reply is None:
            return
        old, said.replaces = said.replaces, None
        if self.kept is not None:
            assert self.state is not None
            assert said.before is not None
            gone = 1 if old is not None and old.stored else 0
            exchange = exchange_of(said.view.said, reply)
            self.kept.add(self.state, exchange, before=said.before, taken_back=gone)
        said.stored = True

    def _fail(self, said: Said, words: str, error: ChatrecError | None = None) -> None:
        """Says why there is no (complete) answer; what it was to stand in for is back."""
        said.view, said.error = replace(said.view, error=words), error
        at = self._said.index(said) if said in self._said else None
        if at is not None and said.view.reply is None and said.replaces is not None:
            self._said = (*self._said[:at], said.replaces, *self._said[at:])
            self.editing = said is self.last
