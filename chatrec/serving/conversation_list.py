"""The HTML of the list of conversations: a column, on narrow windows a drawer; and one as text.

Pure functions from value objects to strings; every text from outside goes through ``plain``. Times
are given to the script, which writes them in the visitor's time zone.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatrec.conversation.lexicon import Language
from chatrec.conversation.sessions import MAX_TITLE_CHARS, SessionEntry
from chatrec.serving.conversation_words import conversation_words
from chatrec.serving.markup import plain

LISTED = 25  # conversations shown at first, and more at each asking


@dataclass(frozen=True, slots=True)
class Shared:
    """A conversation that is being shared as text."""

    session_id: str
    title: str
    text: str


@dataclass(slots=True)
class Side:
    """How one tab's list stands: how many it shows, what it says once, what is being shared."""

    count: int = LISTED
    note: str = ""
    shared: Shared | None = None


@dataclass(frozen=True, slots=True)
class ListView:
    """What the list shows. ``current`` is the id of the open conversation, "" for a stranger's.

    ``note`` is said once: what could not be done.
    """

    entries: tuple[SessionEntry, ...]
    more: bool = False
    current: str = ""
    language: Language = "en"
    note: str = ""
    shared: Shared | None = None


def conversation_list(view: ListView) -> str:
    """The list, the conversation written last first."""

    def say(name: str) -> str:
        return plain(conversation_words(name, view.language))

    entries = "".join(_entry(entry, view) for entry in view.entries)
    listed = (
        f"<ul class='cr-entries'>{entries}</ul>"
        if entries
        else f"<p class='cr-note'>{say('none_yet')}</p>"
    )
    more = (
        f"<button type='button' class='cr-chip' data-act='more'>{say('more')}</button>"
        if view.more
        else ""
    )
    note = f"<p class='cr-error' role='alert'>{plain(view.note)}</p>" if view.note else ""
    return (
        "<div class='cr-scrim' data-drawer='close'></div>"
        f"<nav class='cr-list' aria-labelledby='cr-list-head' lang='{view.language}'>"
        f"<header><h2 id='cr-list-head' tabindex='-1'>{say('conversations')}</h2>"
        "<button type='button' class='cr-close' data-drawer='close' "
        f"aria-label='{say('close')}'><span aria-hidden='true'>×</span></button></header>"
        f"<button type='button' class='cr-chip cr-begin' data-act='new'>{say('new')}</button>"
        f"{note}{listed}{more}</nav>{_shared(view)}"
    )


def _entry(entry: SessionEntry, view: ListView) -> str:
    title = plain(entry.title or conversation_words("untitled", view.language))
    is_open = entry.session_id == view.current
    when = entry.updated.isoformat(timespec="seconds")
    return (
        f"<li class='cr-entry{' is-open' if is_open else ''}'>"
        f"<button type='button' class='cr-open' data-act='open' {_names(entry)}"
        f"{' aria-current=true' if is_open else ''}><span class='cr-entry-title'>{title}</span>"
        f"<time datetime='{when}'>{when[:10]}</time></button>{_options(entry, title, view)}</li>"
    )


def _options(entry: SessionEntry, title: str, view: ListView) -> str:
    def say(name: str) -> str:
        return plain(conversation_words(name, view.language))

    label = conversation_words("options", view.language, "{}")
    named, key = plain(label).replace("{}", title), plain(entry.session_id)
    return (
        f"<details class='cr-options' data-key='options:{key}'><summary aria-label='{named}'>"
        "<span aria-hidden='true'>⋯</span></summary><div>"
        f"<form data-act='rename' {_names(entry)}><input name='title' required "
        f"maxlength='{MAX_TITLE_CHARS}' value='{plain(entry.title)}' aria-label='{say('title')}' "
        f"autocomplete='off'><button class='cr-act'>{say('rename')}</button></form>"
        f"<button type='button' class='cr-act' data-act='share' {_names(entry)} "
        f"aria-haspopup='dialog'>{say('share')}</button>"
        f"<details class='cr-sure' data-key='delete:{key}'><summary>{say('delete')}</summary>"
        f"<p>{say('delete_sure')}</p><button type='button' class='cr-danger' data-act='delete' "
        f"{_names(entry)}>{say('delete_now')}</button></details></div></details>"
    )


def _names(entry: SessionEntry) -> str:
    return f"data-session='{plain(entry.session_id)}'"


def _shared(view: ListView) -> str:
    """The text of a conversation; the script copies it, or saves it as a file."""
    if view.shared is None:
        return ""

    def say(name: str) -> str:
        return plain(conversation_words(name, view.language))

    return (
        "<div class='cr-scrim cr-over' data-close='true'></div>"
        "<section class='cr-shared' role='dialog' aria-modal='true' "
        f"aria-labelledby='cr-shared-head' lang='{view.language}'>"
        f"<header><h2 id='cr-shared-head' tabindex='-1'>{say('shared_head')}</h2>"
        f"<button type='button' class='cr-close' data-act='close' aria-label='{say('close')}'>"
        "<span aria-hidden='true'>×</span></button></header>"
        f"<p class='cr-note'>{say('shared_note')}</p>"
        f"<textarea readonly rows='12' aria-label='{say('shared_head')}' "
        f"data-title='{plain(view.shared.title)}'>\n{plain(view.shared.text)}</textarea>"
        f"<div class='cr-next'><button type='button' class='cr-go' data-copy='{say('copied')}' "
        f"data-failed='{say('copy_failed')}'>{say('copy')}</button>"
        f"<button type='button' class='cr-chip' data-save='true'>{say('save_file')}</button>"
        "<span class='cr-note' role='status'></span></div></section>"
    )
