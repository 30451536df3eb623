import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.grounding import check
from chatrec.types import Item

STORY = Item(
    "1",
    "Lighthouse",
    genres=("Drama",),
    creators=("Ann Lee",),
    cast=("Bo Ray",),
    keywords=("loneliness", "secret letters"),
    description=(
        "A mute keeper without a boat ignores the harbour master, hides a jobless sailor from "
        "the police, and writes a song that nobody else can hear."
    ),
)
CATALOG = Catalog([STORY], domain="film")


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("A keeper has no boat.", True),
        ("A keeper who doesn't speak hides a sailor.", True),
        ("A keeper won't listen to the harbour master.", True),
        ("A sailor has no job.", True),
        ("A keeper writes a song no one hears.", True),
        ("Nobody knows of the letters that a keeper writes.", True),
        ("The police can't stop a keeper from hiding a sailor.", True),
        ("A sailor is not just hidden by the keeper.", True),
        ("If the police don't come, a sailor stays with the keeper.", True),
        ("A keeper can't explain it, so the harbour master waits.", True),
        ("The sailor isn't hidden from the police.", False),
        ("Nobody dies at the harbour.", False),
        ("A keeper refuses to write to the police.", False),
        ("The sailor has nothing to do with the police.", False),
        ("A keeper never leaves their harbour.", False),
        ("A keeper can't decide where to go.", True),
        ("Nobody wants the letters.", False),
        ("A keeper never goes near the police.", False),
        ("A keeper has no interest in the letters.", False),
    ],
)
def test_a_negation_of_what_is_told_needs_facts_that_deny_the_same_or_tell_the_opposite(
    sentence, ok
):
    verdict = check(sentence, STORY, (), CATALOG)
    assert verdict.ok is ok, verdict.problems


def test_what_the_facts_deny_cannot_be_affirmed():
    verdict = check("Everybody can hear the song that a keeper writes.", STORY, (), CATALOG)
    assert not verdict.ok
    assert any("affirms" in problem for problem in verdict.problems)
