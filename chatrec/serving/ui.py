"""The chat page as Gradio shows it: which event of the browser goes to which of the page's methods.

What these do is in :mod:`chatrec.serving.page`, what the page looks like in
:mod:`chatrec.serving.cards` and ``static/``. A conversation lives on the server in Gradio's session
state, one a browser tab; every event says who sent it and which conversation the tab was in, so
that a server that was started anew goes on with what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from chatrec.serving.cards import thread
from chatrec.serving.header import header, language_of_visit
from chatrec.serving.identity import caller_of
from chatrec.serving.look import no_picture
from chatrec.serving.page import Managed, Page, Update, unchanged
from chatrec.serving.page_words import say
from chatrec.serving.talk import Talk
from chatrec.serving.turns import Turns
from chatrec.storage import Storage
from chatrec.types import Item

STATIC = Path(__file__).parent / "static"
# What the script puts in front of an event's inputs: the conversation that the tab is in.
_WHERE = "sessionStorage.getItem('chatrec.conversation') ?? ''"
_ASKED = f"(where, ...rest) => [{_WHERE}, ...rest]"
# The same where a message is sent; the tab keeps it until it has its answer.
_SENT = (
    "(where, text, ...rest) => { sessionStorage.setItem('chatrec.sent', text.trim());"
    " document.dispatchEvent(new Event('chatrec.sent'));"
    f" return [{_WHERE}, text, ...rest]; }}"
)

Listed = tuple[Any, Any, Any, Any, Any]  # an update, and the list of conversations
Taken = tuple[Any, Any, Any, Any, Talk, Any, Any]  # the same with talk and header


def build(
    turns: Turns,
    picture: Callable[[Item], str] = no_picture,
    storage: Storage | None = None,
) -> Any:
    """The page as Gradio blocks, not mounted yet."""
    page = Page(turns, picture, storage)
    parts = (STATIC / name for name in ("page.js", "conversations.js"))
    script = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    at_any_time = private | {"concurrency_limit": None, "trigger_mode": "multiple"}

    def settled(talk: Talk, where: object, request: gr.Request) -> None:
        assert request.request is not None
        page.settle(talk, caller_of(request.request), str(where))

    def updates(talk: Talk, found: Iterator[Update]) -> Iterator[Listed]:
        for update in found:
            yield (*update, gr.skip())
        yield (*unchanged(), page.listed(talk))
        # Gradio sends the last update twice; a button may be pressed in between.
        yield (*unchanged(), gr.skip())

    def say_it(where: str, text: str, talk: Talk, request: gr.Request) -> Iterator[Listed]:
        settled(talk, where, request)
        yield from updates(talk, page.say(text, talk))

    def act(talk: Talk, event: gr.EventData, request: gr.Request) -> Iterator[Listed]:
        settled(talk, event._data.get("conversation", ""), request)
        yield from updates(talk, page.act(talk, event._data))

    def fail(where: str, text: str, talk: Talk, request: gr.Request) -> Listed:
        settled(talk, where, request)
        return (*page.fail(text, talk), page.listed(talk))

    def manage(talk: Talk, event: gr.EventData, request: gr.Request) -> Taken:
        settled(talk, event._data.get("conversation", ""), request)
        found = page.manage(talk, event._data)
        return (*found, page.listed(found[4]))

    def begin(where: str, talk: Talk, request: gr.Request) -> Iterator[Taken]:
        settled(talk, where, request)
        accepted = request.headers.get("accept-language", "")
        found: Managed = page.begin(talk, language_of_visit(request.cookies, accepted))
        yield (*found, page.listed(talk))
        for update in page.begun(talk):
            yield (*update, gr.skip(), gr.skip(), page.listed(talk))
        # Gradio sends the last update twice; a button may be pressed in between.
        yield (*unchanged(), gr.skip(), gr.skip(), gr.skip())

    with gr.Blocks(title="chatrec", analytics_enabled=False, fill_width=True) as blocks:
        talk = gr.State(Talk())
        where = gr.Textbox(visible=False)
        top = gr.HTML(header("en"), js_on_load=script, apply_default_css=False, elem_id="cr-header")
        side = gr.HTML("", js_on_load=script, apply_default_css=False, elem_id="cr-side")
        profile = gr.HTML("", js_on_load=script, apply_default_css=False, elem_id="cr-profile")
        shown = gr.HTML(
            thread((), page.welcomes["en"]),
            js_on_load=script,
            apply_default_css=False,
            elem_id="cr-thread",
        )
        with gr.Column(elem_id="cr-dock"):
            filters = gr.HTML(
                "", js_on_load=script, apply_default_css=False, elem_id="cr-filterbar"
            )
            box = gr.Textbox(
                label=say("box", "en"),
                placeholder=say("placeholder", "en"),
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                submit_btn=True,
                autofocus=True,
                elem_id="cr-box",
            )
        outputs = [shown, filters, box, profile, side]
        said = box.submit(say_it, [where, box, talk], outputs, js=_SENT, **at_any_time)
        pressed = [part.act(act, [talk], outputs, **at_any_time) for part in (shown, filters)]
        for event in (said, *pressed):
            event.failure(fail, [where, box, talk], outputs, js=_ASKED, **private)
        managed = [shown, filters, box, profile, talk, top, side]
        for part in (top, profile, side):
            part.act(manage, [talk], managed, **private, concurrency_limit=None)
        blocks.load(begin, [where, talk], managed, js=_ASKED, **private, concurrency_limit=None)
    return blocks


def mount(
    app: FastAPI,
    turns: Turns,
    picture: Callable[[Item], str] = no_picture,
    storage: Storage | None = None,
) -> FastAPI:
    """``app`` with the page at ``/``. Fonts, styles and scripts are all served from here.

    ``picture`` gives the address of an item's picture, "" for none. Conversations are kept in the
    ``storage``, if there is one.
    """
    theme = gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=["ui-sans-serif", "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build(turns, picture, storage),
        path="/",
        theme=theme,
        css_paths=[STATIC / "page.css", STATIC / "conversations.css"],
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        max_file_size=0,
    )
    return mounted
