import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.claims import read_claims
from chatrec.generation.grounding import check
from chatrec.generation.ties import tie_problems
from chatrec.types import Evidence, Item

HARBOUR = Item(
    "1",
    "Harbour",
    1990,
    genres=("Drama",),
    creators=("Ann Lee",),
    cast=("Bo Ray", "Cy Day", "Flo Kent"),
    countries=("Iceland",),
    language="English",
    keywords=("lighthouse", "blizzard", "grief", "hopeful"),
    description="In Reykjavik a widowed keeper waits in a lighthouse for the boat of a smuggler.",
    runtime_min=100,
)
SUMMIT = Item(
    "2",
    "Summit",
    1980,
    genres=("Drama",),
    creators=("Ann Lee", "Di Fox"),
    cast=("Bo Ray", "Flo Kent"),
    countries=("Nepal",),
    language="English",
    keywords=("blizzard", "grieving father", "mountain"),
    description="A climber looks for his brother in the snow of Nepal.",
    runtime_min=130,
)
CATALOG = Catalog([HARBOUR, SUMMIT], domain="film")
LINKS = (
    Evidence("shared_creator", "Ann Lee | Summit", "liked"),
    Evidence("shared_cast", "Bo Ray | Summit", "liked"),
)


def problems(sentence):
    return list(tie_problems(read_claims(sentence, HARBOUR, LINKS, CATALOG)))


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("{}, one of the stars of Summit, waits for a boat.", "cast"),
        ("{}, whose voice you enjoyed in Summit, waits for a boat.", "cast"),
        ("{}, last seen in Summit, waits for a boat.", "cast"),
        ("Summit's {} waits for a boat.", "cast"),
        ("Bo Ray waits for {}, just as the two were paired in Summit.", "cast"),
        ("{} played opposite Bo Ray in Summit and is a keeper here.", "cast"),
        ("Summit, in which {} also appeared, is a drama.", "cast"),
        ("{}, whose Summit you liked, is back.", "cast"),
        ("Summit also has {} in it.", "cast"),
        ("Summit, which {} also directed, is a drama.", "maker"),
        ("{}, a star of Summit, waits for a boat.", "cast"),
        ("{}, met before in Summit, waits for a boat.", "cast"),
        ("{}'s Summit is another drama.", "cast"),
        ("Summit star {} waits for a boat.", "cast"),
        ("{} also worked on Summit.", "cast"),
        ("This drama has {}, like Summit.", "cast"),
        ("{} trades the blizzard of Summit for a lighthouse.", "cast"),
        ("{} left Summit for a lighthouse.", "cast"),
        ("Where Summit put {} in danger, this drama is calm.", "cast"),
        ("{} charmed you in Summit and now waits for a boat.", "cast"),
        ("{}, from the English film Summit, waits for a boat.", "cast"),
    ],
)
def test_a_person_tied_to_a_title_must_be_of_that_title(sentence, who):
    true, false = ("Flo Kent", "Cy Day") if who == "cast" else ("Ann Lee", "Bo Ray")
    assert problems(sentence.format(true)) == []
    found = set(problems(sentence.format(false)))
    assert found == {f"{false.lower()} is not known to be in 'Summit'"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Cy Day waits for a boat in a drama in the vein of Summit.",
        "Cy Day waits for a boat in the spirit of Summit.",
        "Cy Day joins Bo Ray of Summit in this drama.",
        "Cy Day is in this drama by the maker of Summit.",
        "Bo Ray leaves the mountain of Summit for a lighthouse with Cy Day.",
        "The maker of Summit put Cy Day in a lighthouse.",
        "Cy Day's drama predates Summit.",
    ],
)
def test_a_person_beside_a_title_is_not_tied_to_it(sentence):
    assert problems(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "A {} is the setting, as it was in Summit, for this drama.",
        "A {} threatens everyone, just as one did in Summit.",
        "The {} you remember from Summit is back.",
        "A {}, familiar from Summit, is the setting.",
        "A {}, where Summit also took place, is the setting.",
        "A {} was the threat in Summit too, and Bo Ray is in both.",
        "In Summit too, a {} was the threat.",
        "A {} meant danger in Summit, and it does so here.",
        "A {}, which Bo Ray had already met in Summit, is back.",
        "Bo Ray is in Summit, also set in a {}, and in this drama.",
        "Bo Ray comes from Summit, another story set in a {}.",
        "Like Summit, this is a drama set in a {}.",
        "Set, like Summit, in a {}, this drama has Bo Ray.",
        "Both Summit and this drama take place in a {}.",
        "Like Summit, it follows a {}.",
        "It takes you back to the {} of Summit.",
        "A {} counts here, the way it did in Summit.",
        "A {} was central to Summit, as it is to this drama.",
        "A {} is at the heart of both Summit and this drama.",
        "A {} links this drama to Summit.",
        "A {} drives this drama as it drives Summit.",
        "Ruled by a {}, as Summit is, this drama has Bo Ray.",
        "If you enjoyed the {} in Summit, this drama is for you.",
        "If the {} of Summit gripped you, this drama is for you.",
        "A {} again, after Summit.",
        "Summit showed a {} and this drama has Bo Ray.",
    ],
)
def test_what_is_said_to_be_shared_with_a_title_must_be_told_of_both(sentence):
    assert problems(sentence.format("blizzard")) == []
    assert problems(sentence.format("lighthouse")) == ["'lighthouse' is not known of 'Summit'"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Like Summit, this is a drama set in a blizzard, but here with a lighthouse.",
        "A blizzard blows, as it did in Summit, though the smuggler has a boat.",
        "A blizzard is back, as it was in Summit, only this time with a lighthouse.",
        "A blizzard blows as in Summit, while a keeper waits in a lighthouse.",
        "Ten years after Summit, Bo Ray waits in a lighthouse in Reykjavik.",
        "Bo Ray, whom you know from Summit, waits in a lighthouse.",
        "Grief returns, as it did in Summit.",
        "It is hopeful, as it was in Summit.",
    ],
)
def test_what_is_said_of_the_item_alone_is_not_looked_for_in_the_title(sentence):
    assert problems(sentence) == []


def test_initials_do_not_end_the_sentence():
    film = Item("3", "Cabin", genres=("Drama",), keywords=("c. s. hill adaptation",))
    links = (Evidence("shared_genre", "Drama | Summit", "liked"),)
    sentence = "Like Summit, it is a story by C. S. Hill about a cabin."
    claims = read_claims(sentence, film, links, Catalog([film, SUMMIT], domain="film"))
    assert "'hill' is not known of 'Summit'" in tie_problems(claims)


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("Ann Lee made this tale of a keeper after Summit.", True),
        ("Ann Lee made this tale of a keeper before Summit.", False),
        ("Newer than Summit but a good deal shorter, it has a keeper.", True),
        ("Newer than Summit but a good deal longer, it has a keeper.", False),
        ("Ann Lee followed this with Summit a few years later.", False),
    ],
)
def test_orders_and_lengths_beside_a_title_are_compared_with_both(sentence, ok):
    assert check(sentence, HARBOUR, LINKS, CATALOG).ok is ok


@pytest.mark.parametrize(
    "told",
    ["it takes you to a {}", "this drama brings in a {}", "it turns to a {}", "this takes up a {}"],
)
@pytest.mark.parametrize("comma", ["", ","])
def test_what_an_item_has_like_a_title_must_be_in_both(told, comma):
    sentence = f"A drama. Like Summit{comma} {told}."
    assert problems(sentence.format("lighthouse")) == ["'lighthouse' is not known of 'Summit'"]
    assert problems(sentence.format("blizzard")) == []
