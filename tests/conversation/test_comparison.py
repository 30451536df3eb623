from __future__ import annotations

import pytest

from chatrec.conversation.comparison import ComparedFact, as_text, comparison
from chatrec.conversation.lexicon import Language
from chatrec.types import Item

ALIEN = Item(
    "alien",
    "Alien",
    1979,
    ("Horror", "Sci-Fi"),
    ("Ridley Scott",),
    ("Sigourney Weaver",),
    ("UK", "USA"),
    "English",
    117,
    "R",
    facts={"publisher": "Fox", "imdb_url": "https://x", "pages": "3", "review": "long " * 30},
)
THING = Item("thing", "The Thing", 1982, ("Horror",), ("John Carpenter",), language="English")


def _row(name: str, *items: Item, language: Language = "en") -> ComparedFact:
    return {fact.name: fact for fact in comparison(items, language).facts}[name]


def _names(*items: Item) -> list[str]:
    return [fact.name for fact in comparison(items).facts]


def test_what_all_items_have_is_shared_and_the_rest_differs() -> None:
    genre = _row("Genre", ALIEN, THING)
    assert genre.values == (("Horror", "Sci-Fi"), ("Horror",))
    assert genre.shared == {"Horror"}
    assert genre.differs
    assert not _row("Language", ALIEN, THING).differs


def test_what_one_lacks_is_missing_and_what_all_lack_gives_no_row() -> None:
    assert _row("Length", ALIEN, THING).values == (("1 h 57 min",), ())
    assert _row("Length", ALIEN, THING).differs
    assert "Price" not in _names(ALIEN, THING)


def test_columns_of_their_own_are_told_where_they_are_short_and_readable() -> None:
    assert _row("Publisher", ALIEN, THING).values == (("Fox",), ())
    assert _row("Pages", ALIEN, THING).values == (("3",), ())
    assert not {"Imdb url", "Review"} & set(_names(ALIEN, THING))


def test_names_are_the_languages_and_values_the_catalogues() -> None:
    assert _row("Genre", ALIEN, THING, language="de").values[1] == ("Horror",)
    assert _row("Género", ALIEN, THING, language="es").values[1] == ("terror",)
    assert _row("语言", ALIEN, THING, language="zh").values[0] == ("英语",)
    assert _row("Von", ALIEN, THING, language="de").values[0] == ("Ridley Scott",)


@pytest.mark.parametrize("n", [2, 3, 4, 5])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_text_is_aligned_and_narrow(n: int, language: Language) -> None:
    items = [ALIEN, THING, ALIEN, THING, ALIEN][:n]
    lines = as_text(comparison(items, language)).splitlines()
    places = {tuple(i for i, c in enumerate(_wide(line)) if c == "|") for line in lines}
    full = max(places, key=len)
    assert len(full) == n
    assert all(set(found) <= set(full) for found in places)
    assert max(len(_wide(line)) for line in lines) <= (80 if n < 5 else 100)


def test_the_text_says_what_the_catalogue_does_not() -> None:
    text = as_text(comparison([ALIEN, THING]))
    length = next(line for line in text.splitlines() if line.startswith("Length"))
    assert "1 h 57 min" in length
    assert "not in the catalogue" in length


def test_items_of_nothing_but_titles_make_a_head_alone() -> None:
    table = comparison([Item("1", "One"), Item("2", "Two")])
    assert table.facts == ()
    assert as_text(table).split() == ["|", "One", "|", "Two"]


def _wide(line: str) -> str:
    """The line with every Chinese letter taking its two places."""
    return "".join(c * (2 if "\u4e00" <= c <= "\u9fff" else 1) for c in line)
