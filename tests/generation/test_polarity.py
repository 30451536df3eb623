import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.generation.polarity import denials_in, denies_the_story
from chatrec.types import Item

STORY = Item(
    "1",
    "Dowry",
    genres=("Romance",),
    creators=("Ann Lee",),
    cast=("Bo Ray",),
    keywords=("boxer", "village life"),
    description=(
        "A retired boxer weds a fiery farmer, refuses to fight her brother for the dowry, "
        "and chats to the whole village."
    ),
)
CATALOG = Catalog([STORY], domain="film")


@pytest.mark.parametrize(
    ("text", "about_the_story"),
    [
        ("a boxer who won't fight", True),
        ("her father doesn't stay", True),
        ("nobody believes him", True),
        ("<pa> plays a boxer and never fights", True),
        ("it isn't a comedy", False),
        ("not a drama", False),
        ("a story without violence", False),
        ("there is no boxer in it", False),
    ],
)
def test_a_denial_is_about_the_story_or_about_the_item(text, about_the_story):
    assert [denies_the_story(denial) for denial in denials_in(text)] == [about_the_story]


def test_an_idiom_denies_nothing():
    assert denials_in("not only funny, no doubt about it") == []


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("A boxer won't fight his wife's brother.", True),
        ("A boxer doesn't want the dowry enough to fight.", True),
        ("A boxer refuses to fight for a dowry.", True),
        ("A boxer never chats to the village.", False),
        ("A boxer who doesn't talk to the village weds a farmer.", False),
        ("A boxer refuses to chat to the village.", False),
        ("The boxer is not retired.", False),
        ("It has no boxer, but a farmer.", False),
        ("A romance without a village.", False),
        ("A romance without violence.", False),
        ("It is not a romance.", False),
        ("It is not a comedy.", True),
        ("Bo Ray is not in it.", False),
        ("Ann Lee did not direct it.", False),
        ("Ann Lee is not in the cast.", True),
    ],
)
def test_a_denial_must_not_contradict_the_facts(sentence, ok):
    assert check(sentence, STORY, (), CATALOG).ok is ok
