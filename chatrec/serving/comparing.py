"""Comparing on the page: which items a visitor has picked, the bar that says so, and the table.

The HTML is made by pure functions; every text from outside goes through ``plain``. What stands in
the table is from :mod:`chatrec.conversation.comparison`: the catalogue's facts and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chatrec.conversation.comparison import (
    MISSING,
    ComparedFact,
    Comparison,
    as_text,
    comparison,
)
from chatrec.conversation.lexicon import LANGUAGES, Language
from chatrec.conversation.recommender import Reply
from chatrec.conversation.wordings import in_language
from chatrec.errors import RequestError, shortened
from chatrec.serving.card_words import say_comparing
from chatrec.serving.markup import lines, plain
from chatrec.types import Item

LEAST, MOST = 2, 4  # items side by side


@dataclass(slots=True)
class Picks:
    """The items that one tab's visitor has picked, oldest first; ``open``: the table is shown."""

    item_ids: tuple[str, ...] = ()
    open: bool = False

    @property
    def full(self) -> bool:
        """Whether no other item can be picked."""
        return len(self.item_ids) >= MOST

    def toggle(self, item_id: str, shown: Collection[str]) -> None:
        """Picks an item or takes it out; the table closes where too few are left.

        Raises RequestError for one that isn't ``shown`` to this visitor, or one too many.
        """
        if item_id in self.item_ids:
            self.item_ids = tuple(i for i in self.item_ids if i != item_id)
        elif item_id not in shown:
            raise RequestError(f"item {shortened(item_id)} was not shown; reload the page")
        elif self.full:
            raise RequestError(f"{MOST + 1} items were picked; at most {MOST} are compared at once")
        else:
            self.item_ids = (*self.item_ids, item_id)
        self.open = self.open and len(self.item_ids) >= LEAST

    def show(self) -> None:
        """Opens the table. RequestError where fewer than LEAST items are picked."""
        if len(self.item_ids) < LEAST:
            raise RequestError(
                f"{len(self.item_ids)} items are picked; pick {LEAST} to {MOST} to compare"
            )
        self.open = True

    def clear(self) -> None:
        """Picks nothing any more."""
        self.item_ids, self.open = (), False


def compare_bar(picked: Sequence[Item], language: Language) -> str:
    """What is picked and what can be done with it; empty while nothing is."""
    if not picked:
        return ""
    if len(picked) < LEAST:
        what = f"<span>{plain(say_comparing('more', language, picked[0].title))}</span>"
    else:
        label = plain(say_comparing("open", language, len(picked)))
        what = (
            "<button type='button' class='cr-go' data-act='compare' aria-haspopup='dialog'>"
            f"{label}</button>"
        )
    return (
        f"<div class='cr-picked'>{what}<button type='button' class='cr-link' data-act='unpick'>"
        f"{plain(say_comparing('clear', language))}</button></div>"
    )


def compare_dialog(picked: Sequence[Item], language: Language) -> str:
    """The table of the picked items as a dialog over the conversation."""

    def words(name: str) -> str:
        return plain(say_comparing(name, language))

    return (
        "<div class='cr-scrim' data-close='true'></div>"
        f"<section class='cr-panel cr-compare' role='dialog' aria-modal='true' lang='{language}' "
        f"aria-labelledby='cr-panel-head'>"
        f"<header><h2 id='cr-panel-head' tabindex='-1'>{words('title')}</h2>"
        f"<button type='button' class='cr-close' data-act='close' aria-label='{words('close')}'>"
        "<span aria-hidden='true'>×</span></button></header>"
        f"{table(comparison(picked, language), removable=True)}"
        f"<p class='cr-note'>{words('note')}</p></section>"
    )


def said_without_table(reply: Reply) -> str:
    """A reply's text, without the table where it has one."""
    return " ".join(_around_table(reply)).strip()


def said_with_table(reply: Reply) -> str:
    """A reply's text as HTML, with the comparison in it drawn as a table where there is one."""
    if reply.table is None:
        return lines(reply.text)
    before, after = _around_table(reply)
    return f"{lines(before)}{table(reply.table)}{lines(after)}"


def _around_table(reply: Reply) -> tuple[str, str]:
    """What a reply says before and after its table, in whichever language that was written."""
    items = () if reply.table is None else reply.table.items
    written = (as_text(comparison(items, language)) for language in LANGUAGES if items)
    found = next((text for text in written if text in reply.text), "")
    if not found:
        return reply.text, ""
    before, _, after = reply.text.partition(found)
    return before, after


def table(compared: Comparison, *, removable: bool = False) -> str:
    """The comparison as a table; ``removable`` gives each item a button that takes it out."""
    language = compared.language
    label = plain(say_comparing("title", language))
    heads = "".join(_head(item, language, removable) for item in compared.items)
    rows = "".join(_row(fact, language) for fact in compared.facts)
    return (
        f"<div class='cr-scroll' role='region' aria-label='{label}' tabindex='0'>"
        f"<table class='cr-table' style='--n:{len(compared.items)}'><thead><tr><th scope='col'>"
        f"{plain(say_comparing('item', language))}</th>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _head(item: Item, language: Language, removable: bool) -> str:
    take_out = plain(say_comparing("remove", language, item.title))
    button = (
        f"<button type='button' class='cr-delete' data-act='pick' "
        f"data-item='{plain(item.item_id)}' aria-label='{take_out}'>"
        "<span aria-hidden='true'>×</span></button>"
    )
    return f"<th scope='col'><div>{plain(item.label)}{button if removable else ''}</div></th>"


def _row(fact: ComparedFact, language: Language) -> str:
    sign = plain(say_comparing("differs" if fact.differs else "same", language))
    cells = "".join(f"<td>{_cell(values, fact, language)}</td>" for values in fact.values)
    return (
        f"<tr class='{'is-different' if fact.differs else 'is-same'}'>"
        f"<th scope='row'>{plain(fact.name)} <span class='cr-sign'>{sign}</span></th>{cells}</tr>"
    )


def _cell(values: Sequence[str], fact: ComparedFact, language: Language) -> str:
    """The values; what not all items have is marked, but for whole sentences."""
    if not values:
        return f"<span class='cr-missing'>{plain(in_language(MISSING, language))}</span>"
    if fact.kind == "description":
        return plain(", ".join(values))
    return ", ".join(
        plain(value) if value in fact.shared else f"<mark>{plain(value)}</mark>" for value in values
    )
