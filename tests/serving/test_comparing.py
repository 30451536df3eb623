from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chatrec.conversation.answers import compare
from chatrec.conversation.comparison import comparison
from chatrec.conversation.lexicon import LANGUAGES
from chatrec.conversation.recommender import Reply
from chatrec.conversation.state import DialogueState
from chatrec.errors import RequestError
from chatrec.serving.comparing import (
    MOST,
    Picks,
    compare_bar,
    compare_dialog,
    said_with_table,
    said_without_table,
    table,
)
from chatrec.types import Item
from tests.serving.fake_recommender import FILMS, NASTY

ARRIVAL, MOON = FILMS[:2]
SHOWN = frozenset(film.item_id for film in FILMS) | {"a", "b"}


def test_items_are_picked_and_taken_out_again() -> None:
    picks = Picks()
    picks.toggle("moon", SHOWN)
    picks.toggle("arrival", SHOWN)
    picks.toggle("moon", SHOWN)
    assert picks.item_ids == ("arrival",)


def test_only_what_was_shown_can_be_picked_and_no_more_than_fit() -> None:
    picks = Picks()
    with pytest.raises(RequestError, match="'heat' was not shown"):
        picks.toggle("heat", SHOWN)
    for item_id in sorted(SHOWN)[:MOST]:
        picks.toggle(item_id, SHOWN)
    assert picks.full
    with pytest.raises(RequestError, match="at most 4"):
        picks.toggle(sorted(SHOWN)[MOST], SHOWN)


def test_the_table_opens_with_two_and_closes_with_one() -> None:
    picks = Picks(("moon",))
    with pytest.raises(RequestError, match="pick 2 to 4"):
        picks.show()
    picks.toggle("arrival", SHOWN)
    picks.show()
    picks.toggle("moon", SHOWN)
    assert not picks.open
    picks.clear()
    assert picks.item_ids == ()


def test_the_bar_says_what_is_missing_and_then_opens_the_table() -> None:
    assert compare_bar((), "en") == ""
    assert "Choose another to compare with Moon" in compare_bar((MOON,), "en")
    assert "data-act='compare'" in compare_bar((MOON, ARRIVAL), "en")
    assert "Compare 2 titles" in compare_bar((MOON, ARRIVAL), "en")


def test_facts_stand_side_by_side_with_what_differs_marked() -> None:
    shown = table(comparison((ARRIVAL, MOON)))
    assert re.findall("<th scope='col'><div>(.*?)</div>", shown) == [
        "Arrival (2016)",
        "Moon (2009)",
    ]
    genre = _row("Genre", shown)
    assert "<td>Sci-Fi, <mark>Drama</mark></td><td>Sci-Fi</td>" in genre
    assert "is-different" in genre
    assert "<span class='cr-sign'>differs</span>" in genre


def test_what_the_catalogue_does_not_say_is_said() -> None:
    about = _row("About", table(comparison((ARRIVAL, MOON))))
    assert about.endswith("<td><span class='cr-missing'>not in the catalogue</span></td></tr>")
    assert "nicht im Katalog" in table(comparison((ARRIVAL, MOON), "de"))


def test_what_is_the_same_is_said_to_be() -> None:
    again = replace(MOON, item_id="again")
    shown = table(comparison((MOON, again)))
    assert "<mark>" not in shown
    assert "is-different" not in shown


def test_an_item_can_be_taken_out_of_the_dialog() -> None:
    shown = compare_dialog((ARRIVAL, MOON), "en")
    assert "role='dialog' aria-modal='true'" in shown
    assert "data-act='pick' data-item='moon' aria-label='Take Moon out'" in shown
    assert "data-act='pick'" not in table(comparison((ARRIVAL, MOON)))


def test_nothing_from_the_catalogue_becomes_markup() -> None:
    nasty = Item(NASTY, NASTY, None, (NASTY,), facts={NASTY[:30]: NASTY[:40]})
    shown = compare_dialog((nasty, MOON), "en")
    assert "<script" not in shown
    assert "<img" not in shown


@pytest.mark.parametrize("written", LANGUAGES)
def test_an_answers_text_table_is_drawn_in_whichever_language_it_was_written(written: str) -> None:
    language = next(name for name in LANGUAGES if name == written)
    text = f"{compare((ARRIVAL, MOON), language)} And a word more."
    held = comparison((ARRIVAL, MOON), "en")
    reply = Reply(text, "fusion", (), DialogueState(), (), {}, True, held)
    shown = said_with_table(reply)
    assert " | " not in re.sub("<table.*</table>", "", shown)
    assert shown.endswith("And a word more.")
    assert "Sci-Fi" in said_without_table(reply)
    assert " | " not in said_without_table(reply)


def _row(name: str, shown: str) -> str:
    return next(
        row for row in re.findall("<tr .*?</tr>", shown) if f"<th scope='row'>{name} " in row
    )
