"""The HTML of the titles that a newcomer is asked to judge.

Pure functions from value objects to strings; every text from outside goes through ``plain``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chatrec.conversation.onboarding import ANSWERS
from chatrec.serving.covers import cover
from chatrec.serving.look import Look
from chatrec.serving.markup import meta, plain, year_of
from chatrec.serving.page_words import say
from chatrec.types import NO_FACTS, Item


@dataclass(frozen=True, slots=True)
class RatingView:
    """The titles that are asked about, and the answers so far by item id."""

    items: tuple[Item, ...]
    answers: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)


def rating(view: RatingView, look: Look | None = None) -> str:
    """The titles with a button for each answer; below them what to do next."""
    look = Look() if look is None else look

    def words(name: str) -> str:
        return plain(say(name, look.language))

    titles = "".join(_title(item, view.answers.get(item.item_id, ""), look) for item in view.items)
    rest = "" if view.answers else " disabled"
    return (
        "<section class='cr-rating' aria-labelledby='cr-rating-head'>"
        f"<h2 id='cr-rating-head'>{words('know_these')}</h2><p>{words('say_most')}</p>"
        f"<ol class='cr-cards'>{titles}</ol><div class='cr-next'>"
        f"<button type='button' class='cr-go' data-act='rated'{rest}>{words('show_picks')}</button>"
        f"<button type='button' class='cr-chip' data-act='rate'>{words('other_titles')}</button>"
        f"<button type='button' class='cr-chip' data-act='unrate'>{words('not_now')}</button>"
        "</div></section>"
    )


def _title(item: Item, answer: str, look: Look) -> str:
    buttons = []
    for name in ANSWERS:
        words = plain(say(name, look.language))
        buttons.append(
            "<button type='button' class='cr-act' data-act='judge' "
            f"data-item='{plain(item.item_id)}' data-answer='{name}' "
            f"aria-pressed='{'true' if name == answer else 'false'}' "
            f"aria-label='{words}: {plain(item.title)}'>{words}</button>"
        )
    return (
        f"<li class='cr-card'>{cover(item, look.picture(item), look.language)}"
        f"<div class='cr-body'><h3>{plain(item.title)}{year_of(item)}</h3>"
        f"<p class='cr-meta'>{meta(item, look.language)}</p><div class='cr-acts' role='group' "
        f"aria-label='{plain(item.title)}'>{''.join(buttons)}</div></div></li>"
    )
