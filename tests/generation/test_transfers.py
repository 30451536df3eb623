import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.types import Evidence, Item

STORM = Item(
    "1",
    "Storm",
    1990,
    genres=("Drama", "Thriller"),
    creators=("Ann Lee",),
    cast=("Bo Ray",),
    keywords=("lighthouse", "slow burn"),
    description="A keeper and her three sisters wait in a lighthouse for a boat that left in 1960.",
    runtime_min=165,
    age_rating="PG-13",
)
CATALOG = Catalog(
    [
        STORM,
        Item(
            "2",
            "Summit of the North",
            1980,
            genres=("Comedy",),
            creators=("Ann Lee",),
            cast=("Cy Day",),
            keywords=("slow burn",),
            description="A climber and a yeti share a tent and tell jokes.",
            runtime_min=90,
        ),
        Item("3", "Storm II", 1994, genres=("Drama",), creators=("Di Fox",), cast=("Bo Ray",)),
    ],
    domain="film",
)
LINKS = (
    Evidence("shared_creator", "Ann Lee | Summit of the North", "liked"),
    Evidence("shared_keyword", "slow burn | Summit of the North", "liked"),
)


def passes(sentence, evidence=LINKS):
    return check(sentence, STORM, evidence, CATALOG).ok


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("From the maker of Summit of the North, a drama in a lighthouse.", True),
        ("With the star of Summit of the North, a drama in a lighthouse.", False),
        ("The yeti of Summit of the North, which you liked, waits in a lighthouse.", False),
        ("The yeti of Summit of the North keeps a lighthouse.", False),
        ("The slow burn of Summit of the North returns in a lighthouse.", True),
        ("It shares its tent with Summit of the North and has a lighthouse.", False),
        ("It shares its slow burn with Summit of the North and has a lighthouse.", True),
        ("Another climber, as in Summit of the North, waits in a lighthouse.", False),
        ("Ann Lee leaves the jokes of Summit of the North for a lighthouse.", True),
        ("Without the jokes of Summit of the North, a drama in a lighthouse.", True),
        ("A keeper in a tent tells jokes as in Summit of the North.", False),
    ],
)
def test_only_what_both_have_is_taken_over_from_a_title(sentence, ok):
    assert passes(sentence) is ok


def test_a_title_of_the_same_row_may_bring_its_characters():
    link = (Evidence("shared_cast", "Bo Ray | Storm II", "liked"),)
    assert passes("The keeper of Storm II waits in a lighthouse.", link)


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("Ten years on from Summit of the North, this is a drama.", True),
        ("Go back five years from Summit of the North to this drama.", False),
        ("A boat left thirty years back and a keeper waits.", True),
        ("A boat left forty years back and a keeper waits.", False),
        ("A drama about four sisters in a lighthouse.", True),
        ("A keeper and her four sisters wait in a lighthouse.", False),
        ("It lasts two and three quarter hours.", True),
        ("It lasts no more than two hours.", False),
        ("It lasts no less than two hours.", True),
        ("A thirteen-year-old waits in a lighthouse.", False),
        ("Longer and newer than Summit of the North.", True),
        ("Longer and older than Summit of the North.", False),
        ("A lighthouse, a keeper and a boat: this drama has all three.", True),
        ("A lighthouse and a boat: this drama has all five.", False),
    ],
)
def test_distances_and_counts_are_worked_out_from_the_facts(sentence, ok):
    assert passes(sentence) is ok


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("The tale of a keeper is not a drama.", False),
        ("The tale of a keeper is not a comedy.", True),
        ("A keeper waits in this puzzle, which isn't directed by Ann Lee.", False),
        ("Nobody in the lonely lighthouse knows why.", True),
        ("A keeper and a boat, and neither can rest.", True),
        ("A keeper waits, and nobody has a boat.", False),
        ("A lighthouse, no money and three sisters.", True),
        ("A drama with no songs in a lighthouse.", False),
    ],
)
def test_a_denial_of_genre_or_maker_is_about_the_item_whatever_its_subject(sentence, ok):
    assert passes(sentence, ()) is ok
