"""Names of other sources find the items they mean, and every item takes its best name."""

from chatrec.data.catalog import Catalog
from chatrec.data.title_links import TitleLookup, link_titles
from chatrec.types import Item

CATALOG = Catalog(
    [
        Item("a", "Jaws", 1975),
        Item("b", "Carrie", 1976),
        Item("c", "Carrie", 2013),
        Item("d", "Toy Story", 1995),
        Item("e", "Toy Story"),
        Item("f", "WALL·E", 2008),
        Item("g", "Speed", 1994),
    ]
)


def linked(*names: str) -> dict[str, tuple[int, ...]]:
    return link_titles({name: name for name in names}, CATALOG)


def test_a_year_in_brackets_decides_between_films_of_one_title() -> None:
    links = linked("Carrie (1976 film)", "Carrie (2013 film)")
    assert links == {"Carrie (1976 film)": (1,), "Carrie (2013 film)": (2,)}


def test_a_year_may_be_one_off_and_no_more() -> None:
    assert linked("Jaws (1976)")["Jaws (1976)"] == (0,)
    assert linked("Jaws (1980)")["Jaws (1980)"] == ()


def test_an_undated_item_takes_the_name_that_dated_ones_left() -> None:
    links = linked("Toy Story", "Toy Story (franchise)")
    assert links == {"Toy Story": (3,), "Toy Story (franchise)": (4,)}


def test_a_name_may_stand_for_several_items() -> None:
    assert linked("Toy Story")["Toy Story"] == (3, 4)


def test_film_in_brackets_goes_before_other_brackets() -> None:
    assert linked("Speed (song)", "Speed (film)") == {"Speed (song)": (), "Speed (film)": (6,)}


def test_accents_and_signs_do_not_matter_and_unknown_names_have_no_items() -> None:
    assert linked("Wall·E (film)", "Unheard") == {"Wall·E (film)": (5,), "Unheard": ()}


def test_any_number_of_names_find_one_item_by_id_title_or_year() -> None:
    named = TitleLookup(CATALOG)
    assert [named(name) for name in ("a", "Jaws", "jaws (1976)", "Jaws (film)")] == [0, 0, 0, 0]
    assert (named("Carrie"), named("Carrie (1976)")) == (2, 1)
    assert (named("Carrie (1990)"), named("Unheard")) == (None, None)
