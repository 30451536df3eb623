import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.types import Evidence, Item

LANTERN = Item(
    "1",
    "Lantern",
    1990,
    genres=("Drama",),
    creators=("Ann Lee",),
    cast=("Bo Ray",),
    countries=("Ireland",),
    language="English",
    keywords=("lighthouse", "storm"),
    description="A stubborn keeper loses her cat in a storm and finds a stranger on the rocks.",
    runtime_min=88,
)
CATALOG = Catalog([LANTERN, Item("2", "Bell", 1980, creators=("Cy Day",))], domain="movie")


def problems(sentence):
    return check(sentence, LANTERN, (Evidence("keyword", "storm", "catalogue"),), CATALOG).problems


@pytest.mark.parametrize(
    "sentence",
    [
        "The lighthouse has no place in this drama with Bo Ray.",
        "A storm never comes into this drama about a keeper.",
        "The keeper comes to no harm, and storms don't feature in this drama.",
        "The storm plays no part in Ann Lee's drama.",
        "A lighthouse is missing from this drama about a keeper.",
        "Storms never touch this drama about a keeper.",
        "No cat wanders into this drama of a keeper and a stranger.",
        "Ann Lee's drama about a keeper has no storm in it.",
        "A keeper finds a stranger in a drama that isn't in English.",
        "Bo Ray plays a keeper but does not appear in this drama.",
        "Storms are the one thing missing from this drama about a keeper.",
        "Ann Lee made a film that avoids storms entirely.",
        "Ann Lee's drama leaves the keeper out of the picture.",
        "A keeper finds a stranger without any trouble.",
    ],
)
def test_a_told_thing_that_is_said_to_have_no_part_is_refused(sentence):
    assert problems(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "A keeper never marries, and a stranger is on the rocks.",
        "A stubborn keeper doesn't sit still once a stranger lies on the rocks.",
        "A keeper finds a stranger, and the storm doesn't help.",
        "A keeper is determined not to marry, but finds a stranger.",
        "A keeper and a stranger mustn't quarrel.",
        "A keeper won't give up until the stranger is off the rocks.",
        "Not in a castle but in a lighthouse, a keeper finds a stranger.",
        "A keeper breaks free from her grief when she finds a stranger.",
        "This drama about a keeper doesn't quite reach the ninety-minute mark.",
        "This drama about a keeper barely passes 85 minutes.",
    ],
)
def test_a_negation_that_denies_no_event_is_no_claim(sentence):
    assert problems(sentence) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "This drama about a keeper doesn't even reach the eighty-minute mark.",
        "This drama about a keeper barely passes 110 minutes.",
        "This drama about a keeper sails past the two-hour mark.",
    ],
)
def test_a_length_in_a_negation_is_compared_with_the_running_time(sentence):
    assert any("length" in problem for problem in problems(sentence))
