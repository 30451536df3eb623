from __future__ import annotations

import re

from chatrec.serving.why_panel import why_panel
from chatrec.types import Evidence, Item, Place, Recommendation
from tests.serving.fake_recommender import NASTY

MOON = Item("moon", "Moon", 2009, ("Sci-Fi",))


def _pick(*evidence: Evidence, places: tuple[Place, ...] = ()) -> Recommendation:
    return Recommendation(MOON, 1, 1.0, "Because.", "model", evidence, places)


def test_each_part_of_the_system_says_where_it_had_the_item() -> None:
    places = (Place("dense", 3, 200), Place("fusion", 2, 180), Place("ranker", 1, 180))
    shown = why_panel(_pick(places=places), 0, "item_head", "en")
    assert "<dt>Meaning of your words</dt><dd>place 3 of 200</dd>" in shown
    assert "<dt>All of these together</dt><dd>place 2 of 180</dd>" in shown
    assert "<dt>Final order</dt><dd>place 1 of 180</dd>" in shown
    assert "Ranked by the tuned item model" in shown


def test_a_branch_without_words_is_called_by_its_name() -> None:
    assert "<dt>My branch</dt>" in why_panel(
        _pick(places=(Place("my_branch", 1, 2),)), 0, "fusion", "en"
    )


def test_all_of_it_is_in_the_language_but_for_what_is_the_catalogues() -> None:
    facts = (
        Evidence("genre", "Sci-Fi", "catalogue"),
        Evidence("shared_genre", "Sci-Fi | Arrival", "liked"),
        Evidence("together", "Heat | 3.1", "interactions"),
        Evidence("keyword", "space", "your words"),
        Evidence("runtime", "97 minutes", "catalogue"),
    )
    shown = why_panel(_pick(*facts, places=(Place("lexical", 1, 1100),)), 0, "fusion", "de")
    assert "Warum<span class='cr-hidden'> Moon</span>?" in shown
    assert "<dt>Genre</dt><dd>Science-Fiction</dd>" in shown
    assert "Science-Fiction wie in Arrival <span class='cr-source'>hat dir gefallen" in shown
    assert "Heat (3.1-mal so oft wie zufällig)" in shown
    assert "<dd>space <span class='cr-source'>wie gewünscht" in shown
    assert "Platz 1 von 1.100" in shown
    assert "<dt>Länge</dt><dd>1 h 37 min</dd>" in shown
    assert not re.search(r"\b(?:the|you|facts|place|Ranked)\b", shown)


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert why_panel(_pick(), 0, "fusion", "en") == ""


def test_no_text_from_outside_becomes_markup() -> None:
    facts = (Evidence(NASTY, NASTY, NASTY), Evidence("together", f"{NASTY} | 2", NASTY))
    shown = why_panel(_pick(*facts, places=(Place(NASTY, 1, 1),)), 0, "fusion", "zh")
    assert "<script" not in shown
    assert "onerror" not in shown
