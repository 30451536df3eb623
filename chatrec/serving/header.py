"""The HTML of the page's header: its name, the choice of language, and its buttons.

``data-lang`` tells ``static/page.js`` the page's language, which it sets for the whole document.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.lexicon import Language
from chatrec.serving.conversation_words import conversation_words
from chatrec.serving.markup import plain
from chatrec.serving.page_words import (
    LANGUAGE_NAMES,
    language_named,
    language_wanted,
    say,
)

COOKIE = "chatrec_language"  # written by ``static/page.js``


def header(language: Language, *, listed: bool = False, sign_out: str = "") -> str:
    """The header in this language.

    ``listed``: the visitor has a list of conversations; ``sign_out``: where to sign out, if they
    have signed in.
    """

    def words(name: str) -> str:
        return plain(say(name, language))

    return (
        f"<a class='cr-skip' href='#cr-box'>{words('skip')}</a>"
        f"<header class='cr-head' data-lang='{language}' data-send='{words('send')}'>"
        f"<div><h1>chatrec</h1><p>{words('tagline')}</p></div>"
        f"<div class='cr-tools'>{_drawer(language) if listed else ''}{_choice(language)}"
        "<button type='button' class='cr-new' data-act='profile' aria-haspopup='dialog'>"
        f"{words('profile')}</button>"
        f"<button type='button' class='cr-new' data-act='new'>{words('new')}</button>"
        f"{_sign_out(language, sign_out) if sign_out else ''}</div></header>"
    )


def language_of_visit(cookies: Mapping[str, str], accepted: str) -> Language:
    """The language that this browser's visitor chose before, else the first that it accepts."""
    return language_named(cookies.get(COOKIE)) or language_wanted(accepted)


def _drawer(language: Language) -> str:
    """The button of the list, where the window is too narrow for a column of its own."""
    label = plain(conversation_words("conversations", language))
    return (
        "<button type='button' class='cr-new cr-drawer' data-drawer='open' aria-expanded='false' "
        f"aria-label='{label}'><span aria-hidden='true'>☰</span></button>"
    )


def _sign_out(language: Language, address: str) -> str:
    words = plain(conversation_words("signed_out", language))
    return (
        f"<form method='post' action='{plain(address)}'>"
        f"<button class='cr-new'>{words}</button></form>"
    )


def _choice(language: Language) -> str:
    options = "".join(
        f"<option value='{code}' lang='{code}'{' selected' if code == language else ''}>"
        f"{name}</option>"
        for code, name in LANGUAGE_NAMES.items()
    )
    label = plain(say("language", language))
    return (
        f"<select class='cr-language' data-act='language' aria-label='{label}'>{options}</select>"
    )
