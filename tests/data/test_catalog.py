"""The catalogue: ids, errors, checksum, the text of an item, the built-in films."""

from __future__ import annotations

import pytest

from chatrec.data.catalog import LONGEST_FACT, Catalog, builtin_films, item_text
from chatrec.errors import DataError, RequestError
from chatrec.types import Item

MOON = Item("00047", "Moon", 2009, ("Sci-Fi",), ("Duncan Jones",))
HER = Item("NA", "Her", 2013)


def test_get_and_index_keep_ids_exactly() -> None:
    catalog = Catalog([MOON, HER])
    assert catalog.get("00047") is MOON
    assert catalog.index_of("NA") == 1
    assert "47" not in catalog
    assert list(catalog) == [MOON, HER]


def test_get_names_an_unknown_id() -> None:
    with pytest.raises(RequestError, match="unknown item_id '47'"):
        Catalog([MOON]).get("47")


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "no items"),
        ([MOON, Item("00047", "Moonlight")], "'Moon' and 'Moonlight'"),
        ([Item("1", " ")], "a title are needed"),
    ],
)
def test_catalog_refuses_what_cannot_be_shown(items: list[Item], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Catalog(items)


def test_checksum_follows_content_order_and_domain() -> None:
    first = Catalog([MOON, HER])
    assert first.checksum == Catalog([MOON, HER]).checksum
    assert len({first.checksum, Catalog([HER, MOON]).checksum}) == 2
    assert first.checksum != Catalog([MOON, HER], domain="game").checksum


def test_item_text_leaves_out_ids_numbers_and_long_facts() -> None:
    facts = {"type": "OVA", "members": "12", "imdb_id": "tt1", "long": "x" * (LONGEST_FACT + 1)}
    item = Item("1", "Moon", 2009, keywords=("clone",), description="Alone?", facts=facts)
    assert item_text(item) == "Moon (2009). clone. Alone? type: OVA."


def test_builtin_films_load_once_and_are_complete() -> None:
    films = builtin_films()
    assert films is builtin_films()
    assert len(films) > 100
    assert all(film.creators and film.description and film.genres for film in films)
