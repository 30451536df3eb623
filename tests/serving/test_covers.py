from __future__ import annotations

import re
from dataclasses import replace

from chatrec.serving.covers import cover, drawn, letters
from chatrec.types import Item
from tests.serving.fake_recommender import NASTY

HOTEL = Item("1", "The Grand Budapest Hotel", 2014, ("Comedy",))


def test_the_drawn_cover_is_the_same_every_time_and_another_for_other_titles() -> None:
    assert drawn(HOTEL) == drawn(replace(HOTEL, item_id="2", description="other"))
    motifs = {"".join(_shapes(drawn(Item("1", f"Film {n}")))) for n in range(60)}
    assert len(motifs) > 3


def test_films_of_one_genre_have_one_colour() -> None:
    hues = [re.findall(r"--hue:\d+", drawn(replace(HOTEL, title=title))) for title in ("A", "B")]
    assert hues[0] == hues[1] != []
    assert re.findall(r"--hue:\d+", drawn(replace(HOTEL, genres=("Horror",)))) != hues[0]


def test_at_most_two_letters_stand_on_it() -> None:
    long = replace(HOTEL, title="Donaudampfschifffahrtsgesellschaft " * 20)
    for item, expected in ((HOTEL, "GB"), (long, "DD"), (replace(HOTEL, title="…!"), "?")):
        assert letters(item) == expected
    assert letters(replace(HOTEL, title="霸王别姬")) == "霸"


def test_a_picture_lies_over_the_drawn_cover_and_says_what_it_shows() -> None:
    shown = cover(HOTEL, "pictures/3", "de")
    assert shown.index("<svg") < shown.index("<img")
    assert "src='pictures/3' alt='Bild von The Grand Budapest Hotel'" in shown
    assert "referrerpolicy='no-referrer'" in shown
    assert "<img" not in cover(HOTEL, "")


def test_no_title_or_address_leaves_its_place() -> None:
    shown = cover(Item("1", f"x' onload='y {NASTY}"), "https://a/b' onerror='c")
    assert re.findall(r"<(\w+)", shown) == ["div", "svg", "g", *_shapes(shown), "text", "img"]
    assert "onload='" not in shown
    assert "onerror='" not in shown


def _shapes(shown: str) -> list[str]:
    motif = re.search("<g>(.*)</g>", shown)
    assert motif is not None
    return re.findall(r"<(\w+)", motif[1])
