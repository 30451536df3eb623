"""The chat page: Gradio events on one side, the recommender on the other.

What the page looks like is in :mod:`chatrec.serving.cards` and ``static/``. A conversation lives
on the server in Gradio's session state, one a browser tab, and is never shared between visitors.
What comes from the browser is checked: a button can only name an item that this visitor was shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from chatrec.conversation.recommender import Reply
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.errors import ChatrecError, RequestError
from chatrec.prompting import domain_words
from chatrec.serving.cards import TurnView, Welcome, filter_bar, thread
from chatrec.serving.schema import MAX_TEXT_CHARS
from chatrec.serving.turns import Turns

STATIC = Path(__file__).parent / "static"
TAGLINE = "Say what you feel like. Get picks with reasons you can check."
FAILED = "something went wrong on this side. Please try again."
FILM_PROMPTS = (
    "A mind-bending sci-fi that isn't too long",
    "Something like Arrival, but funnier",
    "A feel-good comedy for a family evening",
    "French films from the 1960s",
)

# thread, filters, text box, conversation
Update = tuple[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one visitor sees. ``state`` is None until something was said."""

    turns: tuple[TurnView, ...] = ()
    state: DialogueState | None = None

    @property
    def busy(self) -> bool:
        """Whether a reply is on its way; nothing else is taken up meanwhile."""
        return bool(self.turns) and self.turns[-1].pending

    def with_last(self, **changes: Any) -> Conversation:
        """The conversation with the newest turn changed."""
        return replace(self, turns=(*self.turns[:-1], replace(self.turns[-1], **changes)))


class Page:
    """What the page's events do; every method gives what to show next. Keeps no conversation."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.welcome = welcome_for(turns.recommender.catalog)

    def show(self, conversation: Conversation, box: Any) -> Update:
        """The page as it should now look; ``box`` is the text box's new value or update."""
        filters = () if conversation.state is None else conversation.state.filters()
        return (
            thread(conversation.turns, self.welcome),
            filter_bar(filters, conversation.busy),
            box,
            conversation,
        )

    def say(self, text: str, conversation: Conversation) -> Iterator[Update]:
        """A message was sent. The box is emptied, and filled again where there was an error."""
        if conversation.busy or not text.strip():
            return
        yield from self._answer(text.strip(), conversation, box="", box_on_error=text)

    def act(self, conversation: Conversation, data: Mapping[str, Any]) -> Iterator[Update]:
        """A button on the page was pressed; what the visitor has typed stays in the box."""
        keep = _unchanged()
        if conversation.busy:
            return
        match data.get("act"):
            case "say":
                text = str(data.get("text", ""))[:MAX_TEXT_CHARS]
                yield from self._answer(text, conversation, box=keep, box_on_error=text)
            case "unfilter":
                yield self.show(_unfiltered(conversation, data), keep)
            case "mark":
                marked, item_id = self._marked(conversation, data)
                liked = marked.state is not None and item_id in marked.state.liked
                if data.get("mark") == "like" and liked:
                    text = f"More like {self._turns.recommender.catalog.get(item_id).label}"
                    yield from self._answer(text, marked, box=keep, box_on_error=keep)
                else:
                    yield self.show(marked, keep)
            case other:
                raise RequestError(f"unknown act {other!r}; allowed are say, unfilter, mark")

    def fail(self, text: str, conversation: Conversation) -> Update:
        """An event broke: says so, and gives the last message back unless something is typed."""
        if not conversation.busy:
            return self.show(conversation, _unchanged())
        said = conversation.turns[-1].said
        return self.show(conversation.with_last(error=FAILED), text or said)

    def reset(self) -> Update:
        """A new conversation."""
        return self.show(Conversation(), "")

    def _answer(
        self, text: str, conversation: Conversation, *, box: Any, box_on_error: Any
    ) -> Iterator[Update]:
        conversation = replace(conversation, turns=(*conversation.turns, TurnView(text)))
        yield self.show(conversation, box)
        try:
            state = conversation.state
            if state is None:
                state = self._turns.recommender.start()
            for reply in self._turns.stream(text, state):
                conversation = _replied(conversation, reply)
                if not reply.complete:  # the last is shown once the turn has ended, see below
                    yield self.show(conversation, _unchanged())
        except ChatrecError as error:
            yield self.show(conversation.with_last(error=str(error)), box_on_error)
        else:
            # Buttons work from here on: nothing of this event may come later and undo a press.
            yield self.show(conversation, _unchanged())

    def _marked(
        self, conversation: Conversation, data: Mapping[str, Any]
    ) -> tuple[Conversation, str]:
        """The conversation with one item's mark set, or cleared where it was set already."""
        number, item_id, mark = data.get("turn"), data.get("item"), data.get("mark")
        if conversation.state is None or not isinstance(item_id, str):
            raise RequestError("nothing was recommended yet; ask for something first")
        if not str(number).isdecimal() or int(str(number)) >= len(conversation.turns):
            raise RequestError(f"there is no turn {number!r}; reload the page")
        turn = conversation.turns[int(str(number))]
        shown = () if turn.reply is None else turn.reply.recommendations
        if item_id not in {r.item.item_id for r in shown}:
            raise RequestError(f"item {item_id!r} was not shown there; reload the page")
        state, marks = _unmarked(conversation.state, item_id), dict(turn.marks)
        if marks.pop(item_id, None) != mark:
            if mark not in ("like", "dislike", "seen"):
                raise RequestError(f"unknown mark {mark!r}; allowed are like, dislike, seen")
            state, marks[item_id] = state.with_feedback(item_id, mark), mark
        turns = list(conversation.turns)
        turns[int(str(number))] = replace(turn, marks=marks)
        return replace(conversation, turns=tuple(turns), state=state), item_id


def welcome_for(catalog: Catalog) -> Welcome:
    """The empty page for a catalogue: its size, and prompts that it can answer."""
    plural = domain_words(catalog.domain)["plural"]
    if catalog.domain == "film":
        return Welcome(plural, len(catalog), FILM_PROMPTS)
    prompts = [f"Something like {item.title}" for item in catalog.items[:2]]
    genres = dict.fromkeys(genre for item in catalog.items for genre in item.genres)
    prompts += [f"The best {genre.lower()} {plural}" for genre in list(genres)[:1]]
    return Welcome(plural, len(catalog), (*prompts, "Surprise me"))


def build(turns: Turns) -> Any:
    """The page as Gradio blocks, not mounted yet."""
    page = Page(turns)
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

    def act(conversation: Conversation, event: gr.EventData) -> Iterator[Update]:
        yield from page.act(conversation, event._data)

    with gr.Blocks(title="chatrec", analytics_enabled=False, fill_width=True) as blocks:
        conversation = gr.State(Conversation())
        header = gr.HTML(_header(), js_on_load=script, apply_default_css=False, elem_id="cr-header")
        talk = gr.HTML(
            thread((), page.welcome),
            js_on_load=script,
            apply_default_css=False,
            elem_id="cr-thread",
        )
        with gr.Column(elem_id="cr-dock"):
            filters = gr.HTML(
                "", js_on_load=script, apply_default_css=False, elem_id="cr-filterbar"
            )
            box = gr.Textbox(
                label="Your message",
                placeholder="Tell me what you feel like…",
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                max_length=MAX_TEXT_CHARS,
                submit_btn=True,
                autofocus=True,
                elem_id="cr-box",
            )
        outputs = [talk, filters, box, conversation]
        said = box.submit(page.say, [box, conversation], outputs, concurrency_limit=None, **private)
        acted = [
            part.act(act, [conversation], outputs, concurrency_limit=None, **private)
            for part in (talk, filters)
        ]
        for event in (said, *acted):
            event.failure(page.fail, [box, conversation], outputs, **private)
        header.act(page.reset, None, outputs, cancels=[said, *acted], **private)
    return blocks


def mount(app: FastAPI, turns: Turns) -> FastAPI:
    """``app`` with the page at ``/``. Fonts, styles and scripts are all served from here."""
    theme = gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=["ui-sans-serif", "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build(turns),
        path="/",
        theme=theme,
        css_paths=[STATIC / "page.css"],
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        max_file_size=0,
    )
    return mounted


def _header() -> str:
    return (
        f"<div class='cr-head'><div><h1>chatrec</h1><p>{TAGLINE}</p></div>"
        "<button type='button' class='cr-new' data-act='new'>New conversation</button></div>"
    )


def _replied(conversation: Conversation, reply: Reply) -> Conversation:
    conversation = conversation.with_last(reply=reply)
    return replace(conversation, state=reply.state) if reply.complete else conversation


def _unfiltered(conversation: Conversation, data: Mapping[str, Any]) -> Conversation:
    if conversation.state is None:
        return conversation
    state = conversation.state.without(str(data.get("name")), str(data.get("value")))
    return replace(conversation, state=state)


def _unmarked(state: DialogueState, item_id: str) -> DialogueState:
    def less(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in ids if i != item_id)

    return replace(
        state, liked=less(state.liked), disliked=less(state.disliked), seen=less(state.seen)
    )


def _unchanged() -> Any:
    return gr.skip()
