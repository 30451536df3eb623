import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.types import Evidence, Item

HARBOUR = Item(
    "1",
    "Harbour",
    1994,
    genres=("Drama",),
    creators=("Ann Lee",),
    cast=("Bo Ray", "Cy Day", "Ann Lee"),
    description="A keeper waits for a boat.",
    runtime_min=100,
)
SUMMIT = Item("2", "Summit", 1984, creators=("Ann Lee",), cast=("Bo Ray",), runtime_min=210)
VALLEY = Item("3", "Valley Song", 1980, creators=("Ann Lee",), cast=("Bo Ray",), runtime_min=98)
OTHER = Item("4", "Marsh Light", 1980, creators=("Di Fox",), cast=("Bo Ray",))
CATALOG = Catalog([HARBOUR, SUMMIT, VALLEY, OTHER], domain="movie")
EVIDENCE = (
    Evidence("shared_creator", "Ann Lee | Summit", "liked"),
    Evidence("shared_cast", "Bo Ray | Summit", "liked"),
)


def ok(sentence):
    return check(sentence, HARBOUR, EVIDENCE, CATALOG).ok


@pytest.mark.parametrize(
    ("sentence", "true"),
    [
        ("Bo Ray from Summit directed this drama about a keeper.", False),
        ("Bo Ray, known from Summit, took the director's chair for this drama.", False),
        ("Bo Ray, of Summit, wrote and directed this drama about a keeper.", False),
        ("Bo Ray from Summit stars in this drama about a keeper.", True),
        ("Ann Lee, of Summit, directed this drama about a keeper.", True),
        ("Bo Ray heads the cast of Ann Lee's drama about a keeper.", True),
        ("A drama about a keeper, with Bo Ray, Cy Day and Ann Lee directing.", True),
        ("A drama about a keeper, with Ann Lee, Cy Day and Bo Ray directing.", False),
        ("Bo Ray and Ann Lee, the star and the director of Summit, wait for a boat.", True),
    ],
)
def test_what_stands_between_a_name_and_its_verb_changes_no_role(sentence, true):
    assert ok(sentence) == true


@pytest.mark.parametrize(
    ("sentence", "true"),
    [
        ("Ann Lee of Summit made Valley Song, in which a keeper waits for a boat.", False),
        ("Bo Ray of Summit is in Marsh Light, a drama about a keeper.", False),
        ("Before Summit, Ann Lee made Valley Song, about a keeper.", False),
        ("Like Summit and Valley Song, this drama is by Ann Lee.", True),
    ],
)
def test_a_title_that_the_evidence_leaves_out_stands_only_beside_one_that_it_names(sentence, true):
    assert ok(sentence) == true


@pytest.mark.parametrize(
    ("sentence", "true"),
    [
        ("Not half the length of Summit, this drama about a keeper has Bo Ray.", True),
        ("Twice the length of Summit, this drama about a keeper has Bo Ray.", False),
        ("With 110 fewer minutes than Summit, this drama has Bo Ray as well.", True),
        ("With 110 more minutes than Summit, this drama has Bo Ray as well.", False),
        ("Ann Lee's drama about a keeper outlasts her Summit.", False),
    ],
)
def test_lengths_are_compared_however_they_are_worded(sentence, true):
    assert ok(sentence) == true
