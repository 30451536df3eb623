"""The HTML of one recommended item: cover, facts, reason, why, and what can be done with it.

Pure functions from value objects to strings; every text from outside goes through ``plain``.
"""

from __future__ import annotations

from chatrec.conversation.lexicon import Language
from chatrec.serving.card_words import say_card
from chatrec.serving.covers import cover
from chatrec.serving.look import Look
from chatrec.serving.markup import meta, plain, rests, year_of
from chatrec.serving.why_panel import why_panel
from chatrec.types import Item, LedBy, Recommendation

_ACTIONS = ("like", "dislike", "seen")


def item_card(
    r: Recommendation,
    look: Look,
    language: Language,
    *,
    led_by: LedBy,
    mark: str,
    turn: int,
    busy: bool,
    pending: bool,
    moved: str = "",
) -> str:
    """The card in the language of its reply. ``mark`` is like, dislike, seen or "" for none.

    ``moved`` is the HTML of what moved the item.
    """
    item = r.item
    said = f"<p class='cr-mark'>{plain(say_card(f'noted_{mark}', language))}</p>" if mark else ""
    acts = _actions(item, mark, turn, busy, language) + _toggle(item, look, language)
    return (
        f"<li class='cr-card{' is-' + mark if mark else ''}' data-item='{plain(item.item_id)}'>"
        f"{cover(item, look.picture(item), language)}<div class='cr-body'>"
        f"<h3><span class='cr-hidden'>{r.rank}. </span>{plain(item.title)}{year_of(item)}</h3>"
        f"<p class='cr-meta'>{meta(item, language)}</p>{_reason(r, pending, language)}"
        f"{why_panel(r, turn, led_by, language, moved)}"
        f"<div class='cr-acts'>{acts}</div>{said}</div></li>"
    )


def _reason(r: Recommendation, pending: bool, language: Language) -> str:
    """The reason, which is written in English whatever the language of the reply."""
    if r.rationale:
        written = "" if language == "en" else " lang='en'"
        return f"<p class='cr-reason'{written}>{plain(r.rationale)}</p>"
    if pending:
        coming = plain(say_card("coming", language))
        return f"<p class='cr-reason is-coming'><span class='cr-hidden'>{coming}</span></p>"
    return ""


def _actions(item: Item, mark: str, turn: int, busy: bool, language: Language) -> str:
    buttons = []
    for name in _ACTIONS:
        label = plain(say_card(name, language))
        buttons.append(
            f"<button type='button' class='cr-act' data-act='mark' data-mark='{name}' "
            f"data-turn='{turn}' data-item='{plain(item.item_id)}' "
            f"aria-pressed='{'true' if mark == name else 'false'}' "
            f"aria-label='{label}: {plain(item.title)}'{rests(busy)}>{label}</button>"
        )
    return "".join(buttons)


def _toggle(item: Item, look: Look, language: Language) -> str:
    """Picks the item for a comparison, or takes it out again."""
    label, picked = plain(say_card("compare", language)), item.item_id in look.picked
    return (
        f"<button type='button' class='cr-act' data-act='pick' data-item='{plain(item.item_id)}' "
        f"aria-pressed='{'true' if picked else 'false'}' "
        f"aria-label='{label}: {plain(item.title)}'{rests(look.full and not picked)}>{label}"
        "</button>"
    )
