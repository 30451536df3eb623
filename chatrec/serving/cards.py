"""The chat page's HTML: a conversation as text, cards, chips and filters.

Pure functions from value objects to strings. Every text from outside goes through :func:`plain`,
so that nothing a user, a catalogue or a model writes becomes markup. What a button does stands in
its ``data-`` attributes; ``static/page.js`` passes these on and :mod:`chatrec.serving.ui` acts.

The page speaks the language of the :class:`Look`; what stands in a reply is in the reply's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chatrec.conversation.filters import Filter
from chatrec.conversation.lexicon import Language
from chatrec.conversation.recommender import Reply
from chatrec.conversation.state import DialogueState
from chatrec.serving.card_words import led_words
from chatrec.serving.comparing import said_with_table, said_without_table
from chatrec.serving.item_card import item_card
from chatrec.serving.look import Look
from chatrec.serving.markup import lines, plain, rests, say_button
from chatrec.serving.page_words import say
from chatrec.serving.rating import RatingView, rating
from chatrec.serving.welcome import Welcome, welcome
from chatrec.serving.why_panel import Moving, moved_part
from chatrec.types import NO_FACTS

MAX_TURNS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class TurnView:
    """One exchange on the page.

    ``marks`` maps item ids to like, dislike or seen, ``moved`` to the words for what moved them,
    which stand there once they were asked for and worked out. It is waiting while there is nothing,
    pending while there is neither a complete reply nor an ``error``.
    """

    said: str
    reply: Reply | None = None
    error: str = ""
    marks: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    moved: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    moving: Moving = "unasked"

    @property
    def waiting(self) -> bool:
        """Whether nothing of the reply has come yet."""
        return not self.error and self.reply is None

    @property
    def pending(self) -> bool:
        """Whether more of the reply is still to come."""
        return not self.error and (self.reply is None or not self.reply.complete)


def thread(
    turns: Sequence[TurnView],
    offer: Welcome,
    look: Look | None = None,
    *,
    asked: RatingView | None = None,
    incognito: bool = False,
    tail: str = "",
    news: str = "",
) -> str:
    """The whole conversation, or the welcome while there is none.

    ``asked`` are titles to judge, shown at the end or in place of the welcome. ``tail`` is the HTML
    that stands under the last answer, ``news`` what a screen reader says in place of the answer.
    """
    look = Look() if look is None else look
    words = plain(say("incognito", look.language))
    note = f"<p class='cr-incognito'>{words}</p>" if incognito else ""
    if not turns:
        return note + (welcome(offer, look.language) if asked is None else rating(asked, look))
    shown = turns[-MAX_TURNS_SHOWN:]
    first = len(turns) - len(shown)
    earlier = plain(say("earlier", look.language))
    older = f"<p class='cr-note'>{earlier}</p>" if first else ""
    last = len(turns) - 1
    parts = [
        _turn(turn, number, offer, look, tail, busy=turns[-1].waiting, last=number == last)
        for number, turn in enumerate(shown, first)
    ]
    if asked is not None and not turns[-1].waiting:
        parts.append(rating(asked, look))
    said = plain(news) if news else _spoken(turns[-1], offer, look)
    spoken = f"<span hidden data-spoken='{said}'></span>"
    return f"{note}{older}{''.join(parts)}{spoken}"


def filter_bar(
    filters: Sequence[Filter], busy: bool = False, again: str = "", language: Language = "en"
) -> str:
    """The limits in force, each a button that takes it away; empty without limits.

    ``again`` is the message of a button that searches anew, after one was taken away.
    """
    chips = "".join(_filter_chip(limit, busy, language) for limit in filters)
    if again:
        chips = say_button(again, say("search_again", language)) + chips
    group = f"<div class='cr-filters' role='group' aria-label='{plain(say('filters', language))}'>"
    return f"{group}{chips}</div>" if chips else ""


def _filter_chip(limit: Filter, busy: bool, language: Language) -> str:
    return (
        f"<button type='button' class='cr-filter' data-act='unfilter' "
        f"data-name='{plain(limit.name)}' data-value='{plain(limit.value)}' "
        f"aria-label='{plain(say('remove_filter', language, limit.label))}'{rests(busy)}>"
        f"{plain(limit.label)}<span aria-hidden='true'>×</span></button>"
    )


def _turn(
    turn: TurnView, number: int, offer: Welcome, look: Look, tail: str, *, busy: bool, last: bool
) -> str:
    spoken = look.language if turn.reply is None else turn.reply.state.language
    you = plain(say("you", look.language))
    return (
        f"<article class='cr-turn' data-turn='{number}'>"
        f"<div class='cr-said'><span class='cr-hidden'>{you} </span>{lines(turn.said)}</div>"
        f"<div class='cr-answer' lang='{spoken}'{' aria-busy=true' if turn.pending else ''}>"
        f"{_answer(turn, number, offer, look, busy=busy, last=last)}</div>"
        f"{tail if last else ''}</article>"
    )


def _answer(
    turn: TurnView, number: int, offer: Welcome, look: Look, *, busy: bool, last: bool
) -> str:
    found = "" if turn.reply is None else _reply(turn.reply, turn, number, look, busy=busy)
    if turn.error:
        sorry = plain(say("sorry", look.language, turn.error))
        return f"{found}<p class='cr-error' role='alert' lang='{look.language}'>{sorry}</p>"
    if turn.reply is None:
        bones = "<div class='cr-bone'></div>" * 3
        return f"<p class='cr-wait'>{plain(say('looking', look.language, offer.plural))}</p>{bones}"
    if not last or turn.pending:
        return found
    return found + _chips(turn.reply, rate=number == 0 and not _knows(turn.reply.state))


def _knows(state: DialogueState) -> bool:
    """Whether anything is known of the visitor's taste but the wish."""
    return bool(state.liked or state.disliked or state.seen or state.history)


def _reply(reply: Reply, turn: TurnView, number: int, look: Look, *, busy: bool) -> str:
    text = f"<div class='cr-text'>{said_with_table(reply)}</div>"
    if not reply.recommendations:
        return text
    language = reply.state.language
    cards = "".join(
        item_card(
            r,
            look,
            language,
            led_by=reply.led_by,
            mark=turn.marks.get(r.item.item_id, ""),
            turn=number,
            busy=busy,
            pending=turn.pending,
            moved=_moved(turn, reply, r.item.item_id, number),
        )
        for r in reply.recommendations
    )
    led = f"<p class='cr-note'>{plain(led_words(reply.led_by, language))}</p>"
    return f"{text}<ol class='cr-cards'>{cards}</ol>{'' if turn.pending else led}"


def _moved(turn: TurnView, reply: Reply, item_id: str, number: int) -> str:
    """What moved an item, in its panel; nothing where it isn't known what the list was made for."""
    if reply.query is None:
        return ""
    told = turn.moved.get(item_id, "")
    return moved_part(item_id, number, told, turn.moving, reply.state.language)


def _chips(reply: Reply, *, rate: bool) -> str:
    """What to go on with, in the reply's language."""
    language = reply.state.language
    buttons = "".join(say_button(chip) for chip in reply.chips)
    if rate:
        buttons += (
            "<button type='button' class='cr-chip' data-act='rate'>"
            f"{plain(say('rate', language))}</button>"
        )
    group = f"<div class='cr-chips' role='group' aria-label='{plain(say('go_on', language))}'>"
    return f"{group}{buttons}</div>" if buttons else ""


def _spoken(turn: TurnView, offer: Welcome, look: Look) -> str:
    """What a screen reader says: once when the wait begins, once when the list is complete."""
    if turn.error:
        return ""  # the alert speaks for itself
    if turn.reply is None or turn.pending:
        return plain(say("looking", look.language, offer.plural))
    titles = ", ".join(r.item.label for r in turn.reply.recommendations)
    return plain(f"{said_without_table(turn.reply)} {titles}".strip())
