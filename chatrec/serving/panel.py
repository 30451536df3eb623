"""The HTML of the profile's panel: every belief with its cause and buttons, history, switch.

Pure functions from value objects to strings; every text from outside goes through ``plain``.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatrec.conversation.lexicon import Language
from chatrec.conversation.profile import GROUPS, Belief
from chatrec.conversation.profile_words import HEADINGS
from chatrec.serving.markup import plain
from chatrec.serving.panel_words import panel_words

MAX_LISTED = 30  # beliefs of one group, the newest
_VERDICTS = (("like", "liked"), ("seen", "seen"), ("dislike", "disliked"))


@dataclass(frozen=True, slots=True)
class PanelView:
    """What the panel shows.

    ``note`` is said once (what became of a file), ``wrong`` marks it as an error. ``got`` counts
    the parts of a file that have come of ``parts``; 0 of 0 for none. ``busy``: the state is about
    to change, so nothing can be edited.
    """

    beliefs: tuple[Belief, ...]
    language: Language = "en"
    incognito: bool = False
    busy: bool = False
    note: str = ""
    wrong: bool = False
    got: int = 0
    parts: int = 0


def panel(view: PanelView) -> str:
    """The panel as a dialog beside the conversation."""

    def say(name: str) -> str:
        return plain(panel_words(name, view.language))

    listed = "".join(_group(group, view) for group in GROUPS)
    empty = "" if view.beliefs else f"<p class='cr-note'>{say('nothing')}</p>"
    return (
        "<div class='cr-scrim' data-close='true'></div>"
        f"<section class='cr-panel' role='dialog' aria-modal='true' lang='{view.language}' "
        f"aria-labelledby='cr-panel-head' data-got='{view.got}'>"
        f"<header><h2 id='cr-panel-head' tabindex='-1'>{say('title')}</h2>"
        f"<button type='button' class='cr-close' data-act='close' aria-label='{say('close')}'>"
        f"<span aria-hidden='true'>×</span></button></header>"
        f"{_note(view)}{empty}{listed}{_bring(view)}{_switch(view)}{_forget(view)}</section>"
    )


def _note(view: PanelView) -> str:
    if not view.note:
        return ""
    kind = ("cr-error", "alert") if view.wrong else ("cr-told", "status")
    return f"<p class='{kind[0]}' role='{kind[1]}'>{plain(view.note)}</p>"


def _group(group: str, view: PanelView) -> str:
    found = [belief for belief in view.beliefs if belief.group == group]
    if not found:
        return ""
    entries = "".join(_entry(belief, view) for belief in found[-MAX_LISTED:])
    more = len(found) - MAX_LISTED
    rest = f"<p class='cr-note'>+{more}</p>" if more > 0 else ""
    heading = plain(HEADINGS[group][view.language])
    return f"<h3>{heading}</h3><ul class='cr-beliefs'>{entries}</ul>{rest}"


def _entry(belief: Belief, view: PanelView) -> str:
    cause = f"<span class='cr-cause'>{plain(belief.cause)}</span>" if belief.cause else ""
    delete = _button(
        "forget", panel_words("delete", view.language), belief, view, label=belief.text, sign="×"
    )
    return (
        f"<li><div class='cr-belief'><span>{plain(belief.text)}{cause}</span>{delete}</div>"
        f"{_edit(belief, view)}</li>"
    )


def _edit(belief: Belief, view: PanelView) -> str:
    """Another verdict for an item, other words for a limit or a wish; nothing for a history."""
    if belief.judges:
        return "".join(
            (
                "<div class='cr-acts' role='group'>",
                *(
                    _button(
                        "rejudge",
                        panel_words(name, view.language),
                        belief,
                        view,
                        label=belief.text,
                        verdict=name,
                        pressed=held == belief.group,
                    )
                    for name, held in _VERDICTS
                ),
                "</div>",
            )
        )
    if belief.what in ("history", "near"):
        return ""
    words = belief.value if belief.what in ("wish", "always") else belief.text
    edit, save = (plain(panel_words(name, view.language)) for name in ("edit", "save"))
    return (
        f"<details class='cr-edit' data-key='edit:{plain(belief.what)}:{plain(belief.value)}'>"
        f"<summary>{edit}<span class='cr-hidden'> {plain(belief.text)}</span></summary>"
        f"<form data-act='reword' {_names(belief)}><input name='words' maxlength='400' "
        f"value='{plain(words)}' aria-label='{edit}: {plain(belief.text)}' autocomplete='off'>"
        f"<button class='cr-act'{_rests(view)}>{save}</button></form></details>"
    )


def _button(
    act: str,
    words: str,
    belief: Belief,
    view: PanelView,
    *,
    label: str,
    sign: str = "",
    verdict: str = "",
    pressed: bool | None = None,
) -> str:
    state = "" if pressed is None else f" aria-pressed='{'true' if pressed else 'false'}'"
    shown = f"<span aria-hidden='true'>{sign}</span>" if sign else plain(words)
    which = f" data-verdict='{verdict}'" if verdict else ""
    kind = "cr-delete" if sign else "cr-act"
    return (
        f"<button type='button' class='{kind}' data-act='{act}' {_names(belief)}{which}{state} "
        f"aria-label='{plain(words)}: {plain(label)}'{_rests(view)}>{shown}</button>"
    )


def _names(belief: Belief) -> str:
    return f"data-what='{plain(belief.what)}' data-value='{plain(belief.value)}'"


def _rests(view: PanelView) -> str:
    return " disabled" if view.busy else ""


def _bring(view: PanelView) -> str:
    """The upload. The script sends a file in parts, each once the one before it has come."""
    heading, note, choose = (
        plain(panel_words(name, view.language)) for name in ("bring", "bring_note", "choose")
    )
    share = round(100 * view.got / view.parts) if view.parts else 0
    reading = plain(panel_words("reading", view.language, share))
    progress = f"<p class='cr-note' role='status'>{reading}</p>" if view.parts else ""
    return (
        f"<h3>{heading}</h3><p class='cr-note'>{note}</p>"
        f"<label class='cr-file'><input type='file' accept='.csv,.tsv,.txt,text/csv' "
        f"data-act='history'{_rests(view)}><span class='cr-chip'>{choose}</span></label>{progress}"
    )


def _switch(view: PanelView) -> str:
    name, note = (
        plain(panel_words(words, view.language)) for words in ("incognito", "incognito_note")
    )
    return (
        f"<div class='cr-switch'><button type='button' role='switch' data-act='incognito' "
        f"aria-checked='{'true' if view.incognito else 'false'}' aria-describedby='cr-incognito'>"
        f"<span class='cr-knob' aria-hidden='true'></span>{name}</button>"
        f"<p class='cr-note' id='cr-incognito'>{note}</p></div>"
    )


def _forget(view: PanelView) -> str:
    ask, sure, yes = (
        plain(panel_words(name, view.language)) for name in ("forget", "sure", "forget_now")
    )
    return (
        f"<details class='cr-forget' data-key='forget-me'><summary>{ask}</summary><p>{sure}</p>"
        f"<button type='button' class='cr-danger' data-act='forget_me'>{yes}</button></details>"
    )
