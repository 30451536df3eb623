"""The HTML of the titles that a newcomer is asked to judge.

Pure functions from value objects to strings; every text from outside goes through ``plain``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chatrec.conversation.onboarding import Answer
from chatrec.serving.markup import meta, plain, tile
from chatrec.types import NO_FACTS, Item

ANSWER_WORDS: Mapping[Answer, str] = {
    "loved": "Loved it",
    "fine": "It’s fine",
    "not_for_me": "Not for me",
    "unknown": "Don’t know it",
}


@dataclass(frozen=True, slots=True)
class RatingView:
    """The titles that are asked about, and the answers so far by item id."""

    items: tuple[Item, ...]
    answers: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)


def rating(view: RatingView) -> str:
    """The titles with a button for each answer; below them what to do next."""
    titles = "".join(_title(item, view.answers.get(item.item_id, "")) for item in view.items)
    rest = "" if view.answers else " disabled"
    return (
        "<section class='cr-rating' aria-labelledby='cr-rating-head'>"
        "<h2 id='cr-rating-head'>Do you know these?</h2>"
        "<p>Your answers about them say the most about your taste.</p>"
        f"<ol class='cr-cards'>{titles}</ol><div class='cr-next'>"
        f"<button type='button' class='cr-go' data-act='rated'{rest}>Show me picks</button>"
        "<button type='button' class='cr-chip' data-act='rate'>Other titles</button>"
        "<button type='button' class='cr-chip' data-act='unrate'>Not now</button>"
        "</div></section>"
    )


def _title(item: Item, answer: str) -> str:
    year = "" if item.year is None else f" <span class='cr-year'>{item.year}</span>"
    buttons = "".join(
        f"<button type='button' class='cr-act' data-act='judge' data-item='{plain(item.item_id)}' "
        f"data-answer='{name}' aria-pressed='{'true' if name == answer else 'false'}' "
        f"aria-label='{words}: {plain(item.title)}'>{words}</button>"
        for name, words in ANSWER_WORDS.items()
    )
    return (
        f"<li class='cr-card'>{tile(item)}<div class='cr-body'><h3>{plain(item.title)}{year}</h3>"
        f"<p class='cr-meta'>{meta(item)}</p><div class='cr-acts' role='group' "
        f"aria-label='{plain(item.title)}'>{buttons}</div></div></li>"
    )
