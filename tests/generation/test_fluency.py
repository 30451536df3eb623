import pytest

from chatrec.generation.fluency import slips
from chatrec.types import Evidence, Item

FILM = Item(
    "1", "Se7en", 1995, ("Crime", "Drama"), ("David Fincher",), ("Brad Pitt",),
    keywords=("mortuary",),
    description="Two detectives hunt a killer who stages deadly sins in a rainy city.",
)  # fmt: skip
BOOK = Item("2", "Treasure Island", 1883, ("Adventure",), ("Robert Louis Stevenson",))
LIKED = Evidence("shared_genre", "Drama | Zodiac", "liked")
KNOWN = Evidence("shared_genre", "Drama | Zodiac", "history")
ASKED = Evidence("keyword", "mortuary", "your words")
THEME = Evidence("keyword", "mortuary", "catalogue")


@pytest.mark.parametrize(
    ("text", "item", "evidence"),
    [
        ("You liked Zodiac, and David Fincher directed this film too.", FILM, [LIKED]),
        ("Since you know Zodiac, here is another drama.", FILM, [KNOWN]),
        ("You asked for a mortuary, and this film has that.", FILM, [ASKED]),
        ("Here is a film with Brad Pitt in the cast. It takes in a mortuary.", FILM, [THEME]),
        ("After Zodiac, meet Brad Pitt again in this film.", FILM, [LIKED]),
        ("Two detectives hunt a killer who stages deadly sins in a rainy city.", FILM, [THEME]),
        ("Two detectives hunt a killer. Brad Pitt is in it.", FILM, [THEME]),
        ("It is a drama, with David Fincher as director.", FILM, [THEME]),
        ("This book was written by Robert Louis Stevenson.", BOOK, []),
        ("It shares the drama genre with Zodiac: Two detectives hunt a killer.", FILM, [LIKED]),
        ("Like Liar Liar, it is a drama.", FILM, [Evidence("similar", "Liar Liar", "dense")]),
    ],
)
def test_sentences_without_slips_have_none(text, item, evidence):
    assert slips(text, item, evidence) == ()


@pytest.mark.parametrize(
    ("text", "item", "evidence", "slip"),
    [
        (
            "Here is David Fincher, the director of David Fincher's film.",
            FILM,
            [THEME],
            "'david fincher' is said twice",
        ),
        ("This film takes in a mortuary, with Zodiac in the cast.", FILM, [LIKED], "a person"),
        ("Zodiac directed this film, and Brad Pitt is in it.", FILM, [LIKED], "a person"),
        ("It keeps to the years you asked for over the years.", FILM, [THEME], "is said twice"),
        ("Pick this crime film, and it is a crime film.", FILM, [THEME], "is said twice"),
        ("You liked Zodiac, and this is a drama too.", FILM, [KNOWN], "does not hold"),
        ("You named Zodiac, and this is a drama too.", FILM, [KNOWN], "does not hold"),
        ("You know Zodiac, and this is a drama too.", FILM, [THEME], "does not hold"),
        ("You asked for a mortuary, and here it is.", FILM, [THEME], "does not hold"),
        ("You liked Zodiac, which you liked.", FILM, [LIKED], "said twice"),
        ("It shares the drama genre with David Fincher.", FILM, [LIKED], "title belongs"),
        ("Like David Fincher, it is a drama.", FILM, [LIKED], "title belongs"),
        ("In the cast is mortuary.", FILM, [THEME], "person belongs"),
        ("It was directed by a mortuary.", FILM, [THEME], "person belongs"),
        ("It is a drama, with John Doe as director.", FILM, [THEME], "not known as its maker"),
        ("Robert Louis Stevenson is in it.", BOOK, [], "not known to perform"),
        ("An adventure with Robert Louis Stevenson in the cast.", BOOK, [], "known to perform"),
        ("Here is a film film with Brad Pitt.", FILM, [THEME], "said twice"),
        ("Of the years you named, this drama is from 1995, and it is a drama.", FILM, [], "twice"),
        ("It takes in a mortuary, with the years it asks for.", FILM, [THEME], "of the wish"),
        (
            "With the years you asked for (1995, within your years), try this film.",
            FILM,
            [THEME],
            "of the wish",
        ),
        ("Here is a film with a mortuary, and a film with a mortuary.", FILM, [THEME], "twice"),
        ("If Zodiac is a director you follow, try this film.", FILM, [LIKED], "a person"),
        ("Try this drama, with Zodiac to its end.", FILM, [LIKED], "a person"),
        (
            "David Fincher directed Zodiac: Two detectives hunt a killer.",
            FILM,
            [LIKED],
            "is told of 'zodiac'",
        ),
        ("Two detectives hunt a thief who stages deadly sins.", FILM, [THEME], "quotes"),
    ],
)
def test_slips_are_found_and_named(text, item, evidence, slip):
    assert any(slip in found for found in slips(text, item, evidence))
