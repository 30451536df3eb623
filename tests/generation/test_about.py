import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.types import Evidence, Item

HARBOUR = Item(
    "1",
    "Harbour",
    1990,
    genres=("Drama",),
    creators=("Ann Lee",),
    cast=("Bo Ray",),
    keywords=("lighthouse",),
    description="A keeper waits in a lighthouse for a boat.",
    runtime_min=100,
)
YETIS = Item(
    "2",
    "Yetis of the Pass",
    1980,
    genres=("Comedy",),
    creators=("Ann Lee",),
    cast=("Bo Ray",),
    keywords=("snow monsters",),
    description="In the 1920s a climber from Tibet shares a tent with a yeti.",
    runtime_min=97,
)
PASS = Item("3", "Passes of Stone", 1985, genres=("Drama",), creators=("Ann Lee",))
CATALOG = Catalog([HARBOUR, YETIS, PASS], domain="film")
LINKS = (
    Evidence("shared_creator", "Ann Lee | Yetis of the Pass", "liked"),
    Evidence("shared_cast", "Bo Ray | Yetis of the Pass", "liked"),
)


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("After the comedy Yetis of the Pass, Ann Lee made this drama in a lighthouse.", True),
        ("After the western Yetis of the Pass, Ann Lee made this drama in a lighthouse.", False),
        ("Yetis of the Pass was a comedy; this is a drama in a lighthouse.", True),
        ("Bo Ray met snow monsters in Yetis of the Pass; here he waits in a lighthouse.", True),
        ("Yetis of the Pass was set in the 1920s; this is a drama in a lighthouse.", True),
        ("Yetis of the Pass was set in the 1930s; this is a drama in a lighthouse.", False),
        ("This drama in a lighthouse swaps Tibet for a boat, after Yetis of the Pass.", True),
        ("This comedy in a lighthouse comes after Yetis of the Pass.", False),
    ],
)
def test_what_is_said_of_a_title_is_judged_by_the_record_of_that_title(sentence, ok):
    verdict = check(sentence, HARBOUR, LINKS, CATALOG)
    assert verdict.ok is ok, verdict.problems


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("Ann Lee, of Yetis of the Pass and Passes of Stone, made this drama.", True),
        ("Ann Lee, of Passes of Stone, made this drama.", False),
        ("You loved Yetis of the Pass and Passes of Stone, also by Ann Lee.", False),
    ],
)
def test_a_title_unsaid_by_the_evidence_may_stand_beside_one_with_the_same_maker(sentence, ok):
    assert check(sentence, HARBOUR, LINKS, CATALOG).ok is ok


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("It has nearly the same length as Yetis of the Pass.", True),
        ("Ann Lee followed Yetis of the Pass ten years later with this drama.", True),
        ("Ann Lee followed Yetis of the Pass nine years later with this drama.", False),
        ("It is longer by 3 minutes than Yetis of the Pass.", True),
        ("It is longer by 9 minutes than Yetis of the Pass.", False),
        ("Three minutes longer than Ann Lee's Yetis of the Pass, in a lighthouse.", True),
    ],
)
def test_distances_to_a_title_are_read_in_more_orders_of_words(sentence, ok):
    assert check(sentence, HARBOUR, LINKS, CATALOG).ok is ok
