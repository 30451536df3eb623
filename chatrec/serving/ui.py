"""The chat page: Gradio events on one side, the recommender on the other.

What the page looks like is in :mod:`chatrec.serving.cards` and ``static/``. A conversation lives
on the server in Gradio's session state, one a browser tab, and is never shared between visitors.
What comes from the browser is checked: a button can only name an item that this visitor was shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from chatrec.conversation.lexicon import Language
from chatrec.conversation.recommender import Recommender
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.errors import ChatrecError, RequestError
from chatrec.prompting import domain_words
from chatrec.serving.cards import Welcome, filter_bar, thread
from chatrec.serving.profile_panel import ProfilePanel
from chatrec.serving.rating import RatingView
from chatrec.serving.talk import Talk, number_in
from chatrec.serving.turns import Turns
from chatrec.types import Item

STATIC = Path(__file__).parent / "static"
TAGLINE = "Say what you feel like. Get picks with reasons you can check."
TICK_S = 0.25
SURPRISE = "Surprise me"  # what is asked for a taste that is told without words
FILM_PROMPTS = (
    "A mind-bending sci-fi that isn't too long",
    "Something like Arrival, but funnier",
    "A feel-good comedy for a family evening",
    "French films from the 1960s",
)
OTHERS: Mapping[Language, str] = {
    "en": "Show me others",
    "de": "Andere",
    "fr": "D'autres",
    "es": "Otras",
    "zh": "换一批",
}

# thread, filters, text box, profile
Update = tuple[Any, Any, Any, Any]
Managed = tuple[Any, Any, Any, Any, Talk]  # the same, and the conversation to go on with


class Page:
    """What the page's events do; every method gives what to show next. Keeps no conversation."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._profile = ProfilePanel(turns.recommender)
        self.welcome = welcome_for(turns.recommender.catalog)

    def show(self, talk: Talk, box: str | None = None) -> Update:
        """The page as it should now look; ``box`` None leaves the text box as it is."""
        filters = () if talk.state is None else talk.state.filters()
        again = OTHERS[talk.state.language] if talk.state is not None and talk.lifted else ""
        asked = RatingView(talk.titles.items, talk.titles.answers) if talk.titles.items else None
        return (
            thread(talk.turns, self.welcome, asked=asked, incognito=talk.incognito),
            filter_bar(filters, talk.waiting, again),
            gr.skip() if box is None else box,
            self._profile.html(talk) if talk.open else "",
        )

    def say(self, text: str, talk: Talk) -> Iterator[Update]:
        """A message was sent; the box is emptied. What is still being written ends at once."""
        if text.strip():
            yield from self._answer(text.strip(), talk, "")

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
            case other:
                raise RequestError(
                    f"unknown act {other!r}; allowed are say, unfilter, mark, rate, unrate, judge, "
                    "rated"
                )

    def fail(self, text: str, talk: Talk) -> Update:
        """An event broke: the failed message comes back unless something else is typed."""
        failed = bool(talk.turns) and bool(talk.turns[-1].error)
        return self.show(talk, talk.turns[-1].said if failed and not text else None)

    def manage(self, talk: Talk, data: Mapping[str, Any]) -> Managed:
        """A button of the header or of the profile was pressed."""
        match data.get("act"):
            case "new" | "forget_me":
                talk = self._anew(talk, incognito=talk.incognito)
                return (*self.show(talk, ""), talk)
            case "incognito":
                talk, panel = self._anew(talk, incognito=not talk.incognito), talk.open
                talk.open = panel
                return (*self.show(talk, ""), talk)
            case "profile":
                talk.open = not talk.open
            case "close":
                talk.open = False
            case _:
                self._profile.act(talk, data)
        return (*self.show(talk), talk)

    def _anew(self, talk: Talk, *, incognito: bool) -> Talk:
        """A new conversation; nothing more is worked out for the old one, and nothing kept."""
        talk.leave()
        return Talk(incognito)

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
                language = "en" if talk.state is None else talk.state.language
                yield from self._answer(OTHERS[language] if wishes else SURPRISE, talk)
                return
        yield self.show(talk)

    def _mark(self, talk: Talk, data: Mapping[str, Any]) -> Iterator[Update]:
        number, item_id, mark = (str(data.get(name)) for name in ("turn", "item", "mark"))
        if not talk.waiting:  # the buttons rest until the state is settled
            talk.mark(number_in(number), item_id, mark)
            if mark == "like" and talk.state is not None and item_id in talk.state.liked:
                label = self._turns.recommender.catalog.get(item_id).label
                yield from self._answer(f"More like {label}", talk)
                return
        yield self.show(talk)

    def _answer(self, text: str, talk: Talk, box: str | None = None) -> Iterator[Update]:
        """The page as the answer grows; nothing changes any more once something else was said."""
        if talk.waiting and talk.turns[-1].said == text:  # a button was pressed twice
            yield self.show(talk, box)
            return
        try:
            turn = talk.ask(text, self._turns)
        except ChatrecError as error:
            raise gr.Error(str(error), visible=False, print_exception=False) from error
        try:
            yield self.show(talk, box)
            for _ in turn.watch(TICK_S):  # a closed tab ends this at the next yield
                yield self.show(talk) if talk.is_newest(turn) else _unchanged()
        except ChatrecError as error:
            # On the page it stands already; ``fail`` comes next and sees what is in the box now.
            raise gr.Error(str(error), visible=False, print_exception=False) from error
        finally:
            talk.give_up(turn)
        yield _unchanged()  # Gradio sends the last update twice; a button may be pressed in between


def to_judge(
    recommender: Recommender, state: DialogueState, asked: Collection[str]
) -> tuple[Item, ...]:
    """The titles to ask about next; after a first wish those that tell most about such a taste."""
    favoured = state.last_shown if state.wish or state.near else ()
    return recommender.onboarding.titles(state, favoured=favoured, without=asked)


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
    at_any_time = private | {"concurrency_limit": None, "trigger_mode": "multiple"}

    def act(talk: Talk, event: gr.EventData) -> Iterator[Update]:
        yield from page.act(talk, event._data)

    def manage(talk: Talk, event: gr.EventData) -> Managed:
        return page.manage(talk, event._data)

    with gr.Blocks(title="chatrec", analytics_enabled=False, fill_width=True) as blocks:
        talk = gr.State(Talk())
        header = gr.HTML(_header(), js_on_load=script, apply_default_css=False, elem_id="cr-header")
        profile = gr.HTML("", js_on_load=script, apply_default_css=False, elem_id="cr-profile")
        shown = gr.HTML(
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
                submit_btn=True,
                autofocus=True,
                elem_id="cr-box",
            )
        outputs = [shown, filters, box, profile]
        events = [box.submit(page.say, [box, talk], outputs, **at_any_time)]
        events += [part.act(act, [talk], outputs, **at_any_time) for part in (shown, filters)]
        for event in events:
            event.failure(page.fail, [box, talk], outputs, **private)
        for part in (header, profile):
            part.act(manage, [talk], [*outputs, talk], **private, concurrency_limit=None)
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
        "<div class='cr-tools'>"
        "<button type='button' class='cr-new' data-act='profile' aria-haspopup='dialog'>Profile"
        "</button><button type='button' class='cr-new' data-act='new'>New conversation</button>"
        "</div></div>"
    )


def _unchanged() -> Update:
    return gr.skip(), gr.skip(), gr.skip(), gr.skip()
