import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.types import Item

STORY = Item(
    "1",
    "Harbour",
    genres=("Drama",),
    keywords=("suburbs", "ghost ship"),
    description="A keeper in a suburb waits for a ship with no crew.",
)
OTHER = Item("2", "Bees", genres=("Comedy",), keywords=("beekeeping", "superhero", "whimsical"))
CATALOG = Catalog([STORY, OTHER], domain="film")


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("A superhero movie about a keeper.", False),
        ("A beekeeping drama about a keeper.", False),
        ("A spy story about a keeper.", False),
        ("A ghost story about a keeper.", True),
        ("A suburban drama about a keeper.", True),
        ("A whimsical drama about a keeper.", True),
    ],
)
def test_a_kind_of_story_must_be_told_of_the_item(sentence, ok):
    verdict = check(sentence, STORY, (), CATALOG)
    assert verdict.ok is ok, verdict.problems
