"""The HTML under the last message: stop, retry, edit, undo, and how the waiting goes; and notices.

Pure functions from value objects to strings; every text from outside goes through ``plain``.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatrec.conversation.lexicon import Language
from chatrec.errors import ModelError
from chatrec.serving.conversation_words import conversation_words
from chatrec.serving.markup import plain
from chatrec.serving.said import Said
from chatrec.serving.turns import BusyError


@dataclass(frozen=True, slots=True)
class LineView:
    """How many messages wait for the model, and whether it is still being loaded."""

    waiting: int = 0
    warming: bool = False


def last_turn(
    said: Said, line: LineView, language: Language, *, editing: bool = False, hint: str = ""
) -> str:
    """What stands below the answer of the last message; ``hint`` says what can't be done."""
    status = _waiting if said.view.waiting else _outcome
    note = _status(status(said, line, language), language)
    note += f"<p class='cr-error' role='alert'>{plain(hint)}</p>" if hint else ""
    if said.view.pending:
        return note + _tools(("stop",), language)
    if editing:
        words = conversation_words("editing", language)
        return (
            f"{note}<div class='cr-tools-last is-editing' role='group' lang='{language}'>"
            f"<span>{plain(words)}</span>{_button('unedit', 'keep', language)}</div>"
        )
    return note + _tools(("retry", "edit", "undo"), language)


def notices(trouble: str, unread: str, gone: bool, language: Language) -> str:
    """What is wrong with the keeping of the conversation; empty where nothing is."""
    said = []
    if gone:
        said.append(conversation_words("gone", language))
    if trouble:
        said.append(conversation_words("unsaved", language, _sentence(trouble)))
    if unread:
        said.append(conversation_words("unread", language, _sentence(unread)))
    return "".join(
        f"<p class='cr-error cr-notice' role='alert' lang='{language}'>{plain(words)}</p>"
        for words in said
    )


def _sentence(error: str) -> str:
    return error if error.endswith((".", "!", "?")) else f"{error}."


def _waiting(said: Said, line: LineView, language: Language) -> str:
    if said.turn is None or said.turn.begun:
        return ""
    if line.warming:
        return conversation_words("warming", language)
    return conversation_words("in_line", language, line.waiting) if line.waiting > 1 else ""


def _outcome(said: Said, line: LineView, language: Language) -> str:
    if isinstance(said.error, BusyError):
        return conversation_words("busy", language, line.waiting, said.error.retry_after_s)
    if isinstance(said.error, ModelError):
        return conversation_words("down", language)
    reply = said.view.reply
    if not said.stopped or reply is None or said.view.pending:
        return ""
    reasons = [r.rationale_by for r in reply.recommendations]
    return conversation_words("stopped", language, reasons.count("template"), len(reasons))


def _status(words: str, language: Language) -> str:
    if not words:
        return ""
    return f"<p class='cr-note cr-line' role='status' lang='{language}'>{plain(words)}</p>"


def _tools(names: tuple[str, ...], language: Language) -> str:
    buttons = "".join(_button(name, name, language) for name in names)
    label = plain(conversation_words("tools", language))
    return (
        f"<div class='cr-tools-last' role='group' aria-label='{label}' lang='{language}'>"
        f"{buttons}</div>"
    )


def _button(act: str, name: str, language: Language) -> str:
    words = plain(conversation_words(name, language))
    return f"<button type='button' class='cr-tool' data-act='{act}'>{words}</button>"
