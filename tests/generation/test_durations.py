import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.types import Item

STORY = Item(
    "1",
    "Harbour",
    1994,
    genres=("Drama",),
    description=(
        "Two sailors meet in secret for twenty years, after a four-day storm, and each has seven "
        "days to find the other."
    ),
)
CATALOG = Catalog([STORY], domain="film")


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("Two sailors meet in secret for two decades.", True),
        ("Two sailors meet in secret for twenty long years.", True),
        ("Two sailors meet in secret for a mere two weeks.", False),
        ("Two sailors meet in secret for thirty years.", False),
        ("Each has a week to find the other.", True),
        ("Each has a month to find the other.", False),
        ("A storm of four days and two sailors.", True),
        ("A three-day storm and two sailors.", False),
        ("A drama about two sailors for a quiet night.", True),
    ],
)
def test_spans_of_time_are_those_that_the_story_tells_in_any_unit(sentence, ok):
    verdict = check(sentence, STORY, (), CATALOG)
    assert verdict.ok is ok, verdict.problems
