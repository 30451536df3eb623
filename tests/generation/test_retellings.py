import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.claims import read_claims
from chatrec.generation.retellings import retelling_problems
from chatrec.types import Evidence, Item

HARBOUR = Item(
    "1",
    "Harbour",
    1990,
    genres=("Drama",),
    creators=("Ann Lee",),
    keywords=("lighthouse", "blizzard"),
    description="A widowed keeper waits in a lighthouse for the boat of a smuggler.",
)
SUMMIT = Item(
    "2",
    "Summit",
    1980,
    genres=("Drama",),
    creators=("Ann Lee",),
    keywords=("grieving father", "wedding"),
    description="A policeman with a red sledge looks for his aunt and two dogs in Nepal.",
)
HARBOUR_AGAIN = Item("3", "Harbour Again", 1995, keywords=("wedding",))
CATALOG = Catalog([HARBOUR, SUMMIT, HARBOUR_AGAIN], domain="film")
LINKS = (
    Evidence("shared_creator", "Ann Lee | Summit", "liked"),
    Evidence("similar", "Harbour Again", "liked"),
)


def problems(sentence):
    return list(retelling_problems(read_claims(sentence, HARBOUR, LINKS, CATALOG)))


@pytest.mark.parametrize(
    "telling",
    [
        "Summit, with its {}, was made by Ann Lee.",
        "After Summit, the one about a {}, here is a keeper.",
        "Summit, which was about a {}, is a drama too.",
        "In Summit there was a {}; here a keeper waits.",
        "Summit had a {}; this has a lighthouse.",
        "You liked Summit, where there is a {}.",
        "Ann Lee trades the {} of Summit for a lighthouse.",
        "Where a {} matters in Summit, a boat matters here.",
    ],
)
@pytest.mark.parametrize(
    ("told", "other"), [("policeman", "detective"), ("aunt", "uncle"), ("dog", "cat")]
)
def test_whom_the_story_of_a_title_has_must_be_told_of_it(telling, told, other):
    assert problems(telling.format(told)) == []
    assert f"{other!r} is not known of 'Summit'" in problems(telling.format(other))


def test_a_word_that_means_the_same_will_do():
    assert problems("In Summit a cop looks for his aunt; here a keeper waits.") == []


def test_colours_and_feasts_can_be_mixed_up_too():
    assert problems("Summit, with its red sledge, is older.") == []
    assert problems("Summit, with its blue sledge, is older.")
    assert problems("Summit had a funeral; this has a lighthouse.")


def test_the_story_of_the_item_is_not_told_of_a_title():
    assert problems("In Summit a smuggler sees a lighthouse; here too.") == [
        "'smuggler' is not known of 'Summit'",
        "tells of 'Summit' what is told of this: smuggler, lighthouse",
        "describes 'Summit' by what is not known of it: smuggler, lighthouse",
    ]


def test_every_word_that_describes_a_title_is_told_of_it():
    assert problems("You liked Summit and its red sledge; try this one.") == []
    assert problems("You liked Summit and its red violin; try this one.") == [
        "describes 'Summit' by what is not known of it: violin"
    ]


def test_what_may_be_meant_of_either_is_told_of_one():
    assert problems("Ann Lee made it after Summit, where a smuggler waits.") == []
    assert problems("Ann Lee made it after Summit, where a banker waits.") == [
        "'banker' is not known of 'Summit' or of this"
    ]
    assert problems("In Harbour Again there was a wedding; here there is none.") == []


def test_what_is_said_of_the_item_is_left_alone():
    assert problems("Like Summit it is by Ann Lee, about a smuggler and a cat.") == []
    assert problems("Ann Lee made Summit first, and here a monk waits.") == []
