import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.types import Evidence, Item

ITEM = Item(
    "1",
    "Tide",
    1990,
    genres=("Drama", "Thriller"),
    creators=("Ann Lee",),
    cast=("Bo Ray",),
    keywords=("mortuary", "drive"),
    description="A diver counts four wrecks off Hook Island in World War II.",
)
CATALOG = Catalog(
    [
        ITEM,
        Item("2", "Summit", 1985, genres=("Drama",), creators=("Ann Lee",), cast=("Bo Ray",)),
        Item("3", "Hook", 1991, genres=("Drama",)),
        Item("4", "Tide: The Return", 1995, genres=("Drama",)),
    ],
    domain="film",
)


def links(source):
    return (
        Evidence("shared_creator", "Ann Lee | Summit", source),
        Evidence("shared_genre", "Drama | Summit", source),
    )


def passes(sentence, evidence=None):
    given = links("liked") if evidence is None else evidence
    return check(sentence, ITEM, given, CATALOG).ok


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("If you liked Summit, this is by Ann Lee too.", True),
        ("If you liked Drive, this is by Ann Lee too.", False),
        ("Hook is by Ann Lee as well.", False),
        ("Drive, by the same director, was on your list.", False),
        ("Ann Lee also made Frenzy, another drama.", False),
        ("Ann Lee also made Summit, another drama.", True),
        ("Ann Lee also made Summit II, another drama.", False),
        ("Ann Lee made Summit 3 before this drama.", False),
        ("Ann Lee made Summit 5 years before this drama.", True),
        ("It shares the drama genre with Summit.", True),
        ("It shares the drama genre with Ann Lee.", False),
        ("It shares its genre with Tide.", False),
        ("You liked Tide, which is a drama.", False),
        ("You get Summit, and a drama.", False),
        ("You named Summit, and this is one.", False),
    ],
)
def test_only_a_title_of_the_evidence_stands_in_a_titles_place(sentence, ok):
    assert passes(sentence) is ok


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("In the cast is Bo Ray, in a drama.", True),
        ("In the cast is mortuary, in a drama.", False),
        ("A drama starring mortuary and a diver.", False),
        ("Ann Lee is in it, with a diver.", False),
        ("Bo Ray is in it, with a diver.", True),
        ("A drama, with sci.", False),
    ],
)
def test_only_a_person_of_the_cast_stands_in_the_cast(sentence, ok):
    assert passes(sentence) is ok


@pytest.mark.parametrize(
    ("source", "sentence", "ok"),
    [
        ("liked", "You liked Summit, also by Ann Lee.", True),
        ("named", "You liked Summit, also by Ann Lee.", False),
        ("named", "You named Summit, also by Ann Lee.", True),
        ("history", "You liked Summit, also by Ann Lee.", False),
        ("history", "You named Summit, also by Ann Lee.", False),
        ("history", "You have seen Summit, also by Ann Lee.", True),
        ("history", "If you liked Summit, this is also by Ann Lee.", True),
        ("catalogue", "You liked Summit, also by Ann Lee.", True),
    ],
)
def test_what_is_said_of_the_user_needs_evidence_of_that_kind(source, sentence, ok):
    assert passes(sentence, links(source)) is ok


def test_a_wish_needs_the_users_words():
    sentence = "You asked for a thriller, and this is one."
    assert not passes(sentence)
    assert passes(sentence, (Evidence("genre", "Thriller", "your words"),))
    assert passes(sentence, (Evidence("match", "Thriller", "your words"),))


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("A diver counts wrecks during the Second World War.", True),
        ("A diver counts wrecks in WW2.", True),
        ("A diver counts wrecks during the First World War.", False),
        ("A diver counts 4 wrecks.", True),
        ("A diver counts five wrecks.", False),
    ],
)
def test_wars_and_numbers_may_be_written_otherwise_than_in_the_facts(sentence, ok):
    assert passes(sentence, ()) is ok
