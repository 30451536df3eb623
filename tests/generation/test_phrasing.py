import random

import pytest

from chatrec.generation.evidence import IN_TITLE, TOGETHER
from chatrec.generation.forms import joined_genres, kind_of, story_of, variant
from chatrec.generation.phrasing import (
    draft,
    fact_line,
    is_stated,
    opening,
    statement_key,
    statements_of,
    wordable,
)
from chatrec.generation.plans import LEADS
from chatrec.generation.themes import is_mood, is_place, is_statement, kind_of_work, theme
from chatrec.generation.wording import FACT_LINES, STATEMENTS_OF_FACT, TAILS
from chatrec.types import EVIDENCE_KINDS, Evidence

AUTHOR = Evidence("creator", "Robert Louis Stevenson", "catalogue")
PIECES = {
    "creator": "Ann Lee",
    "cast": "Bob Ray",
    "genre": "Sci-Fi",
    "keyword": "heist",
    "year": "1984",
    "country": "France",
    "language": "French",
    "runtime": "90 minutes",
    "age_rating": "PG",
    "description": "A thief robs a bank by night.",
    "price": "9.99",
    "fact": "players: 2",
    "similar": "Moon",
    "match": "in a lonely place",
    "title": "Mega Man",
}


def every_variant():
    """A piece of every variant that plans are written for."""
    for kind in set(EVIDENCE_KINDS) - {TOGETHER}:  # stands beside the reasons, never in them
        text = PIECES[kind.removeprefix("shared_")]
        words = ["heist", "tense", "paris", "based on true events", "dark comedy"]
        for word in words if kind.endswith("keyword") else [text]:
            link = f"{word} | Arrival" if kind.startswith("shared_") else word
            for source in ("catalogue", "your words", "liked", "named", "history"):
                yield Evidence(kind, link, source)
    yield Evidence("language", "Silent", "catalogue")
    yield Evidence("price", "free", "catalogue")
    yield Evidence("match", "lonely place", IN_TITLE)
    for fact in ("mean_rating: 8.9 of 10", "founded: 1999", "publisher: Tor"):
        yield Evidence("fact", fact, "catalogue")


def test_every_variant_has_leads_and_all_plans_can_be_filled():
    variants = {variant(piece) for piece in every_variant()}
    assert variants | {"quote"} == set(LEADS)
    for piece in every_variant():
        for seed in range(25):
            text = draft([piece], "film", random.Random(seed)).text
            assert not set("{}[]|~") & set(text), text


def test_every_tail_belongs_to_a_variant_and_every_plain_variant_has_a_prompt_line():
    assert set(TAILS) | set(STATEMENTS_OF_FACT) <= set(LEADS)
    bare = {name.removeprefix("shared_").removesuffix("_asked") for name in LEADS}
    assert bare - set(STATEMENTS_OF_FACT) == set(FACT_LINES) - {"kind"}


FACTS = [
    ("mean_rating: 8.9 of 10", "8.9 of 10"),
    ("episodes: 26", "26 episodes"),
    ("founded: 1999", "founded in 1999"),
    ("publisher: Tor", "Tor"),
]


@pytest.mark.parametrize(("fact", "said"), FACTS)
@pytest.mark.parametrize("domain", ["anime", "app", "place", "anything"])
def test_facts_of_columns_are_said_by_code_in_a_sentence_of_their_own(fact, said, domain):
    piece = Evidence("fact", fact, "catalogue")
    for seed in range(20):
        found = draft([AUTHOR, piece], domain, random.Random(seed))
        assert said not in found.body
        assert not found.stated or (said in found.closing and found.closing[0].isupper())
        assert any(statement in found.closing for statement in statements_of(piece, domain)) == (
            piece in found.stated
        )
    alone = draft([piece], domain, random.Random(1))
    assert (alone.body, alone.told, alone.stated) == ("", (), (piece,))
    assert said in alone.closing


def test_what_is_described_is_quoted_and_what_is_told_is_retold():
    piece = Evidence("description", "Keep your lists and notes in one place", "catalogue")
    assert is_stated(piece, "app")
    assert statement_key(piece) == "quote"
    assert f"“{piece.text}”" in draft([piece], "app", random.Random(2)).text
    assert not is_stated(piece, "film")
    assert "“" not in draft([piece], "film", random.Random(2)).text


def test_what_cannot_be_said_is_left_out():
    pieces = [
        AUTHOR,
        Evidence("fact", "package: com.example.notes", "catalogue"),
        Evidence("description", "★ WOW!!! ★ http://example.org", "catalogue"),
    ]
    assert wordable(pieces, "app") == [AUTHOR]


@pytest.mark.parametrize(
    ("genre", "domain", "kind"),
    [
        ("Demons", "anime", "demon anime"),
        ("Sports", "anime", "sports anime"),
        ("Comedy", "anime", "comedy"),
        ("Psychological + Thriller", "anime", "psychological thriller"),
        ("Books & Reference", "app", "app in the Books & Reference category"),
        ("Science Fiction & Fantasy", "book", "book in the Science Fiction & Fantasy category"),
        ("Park", "place", "place in the Park category"),
    ],
)
def test_a_genre_names_the_kind_of_item_in_every_domain(genre, domain, kind):
    assert kind_of(genre, domain)[0] == kind


def test_two_genres_that_were_asked_for_are_one_kind():
    asked = [Evidence("genre", name, "your words") for name in ("Thriller", "Psychological")]
    (joined,) = joined_genres(asked, "anime")
    assert joined.text == "Psychological + Thriller"
    assert fact_line(joined, "anime") == "it is a psychological thriller, as you asked"
    assert joined_genres(asked, "app") == asked
    own = [Evidence("genre", name, "catalogue") for name in ("Thriller", "Psychological")]
    assert joined_genres(own, "anime") == own


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("liked", "theme: a heist, as Heat, which you liked"),
        ("named", "theme: a heist, as Heat, which you named"),
        ("history", "theme: a heist, as Heat, which you know"),
    ],
)
def test_a_prompt_line_says_what_a_title_is_to_the_user(source, line):
    assert fact_line(Evidence("shared_keyword", "heist | Heat", source), "film") == line


@pytest.mark.parametrize(
    ("domain", "line"),
    [
        ("film", "directed by Robert Louis Stevenson"),
        ("book", "written by Robert Louis Stevenson"),
        ("game", "developed by Robert Louis Stevenson"),
        ("music", "recorded by Robert Louis Stevenson"),
        ("course", "taught by Robert Louis Stevenson"),
        ("anything", "made by Robert Louis Stevenson"),
    ],
)
def test_makers_are_called_what_the_domain_calls_them(domain, line):
    assert fact_line(AUTHOR, domain) == line
    for seed in range(40):
        text = draft([AUTHOR], domain, random.Random(seed)).text
        assert " in the cast" not in text
        assert domain == "film" or "direct" not in text


def test_a_draft_holds_the_pieces_that_it_says():
    pieces = [AUTHOR, Evidence("keyword", "pirates", "catalogue")]
    for seed in range(30):
        found = draft(pieces, "book", random.Random(seed))
        assert found.pieces[0] == AUTHOR
        assert "Stevenson" in found.text
        assert (pieces[1] in found.pieces) == ("pirates" in found.text)


def test_an_opening_is_the_first_three_words_without_a_mark():
    assert opening("Like Moon, it is a drama.") == "Like Moon, it"
    assert opening("In short: he runs.") == "In short: he"
    assert opening("As you asked, it is.") == "As you asked"


def test_drafts_of_no_evidence_are_refused():
    with pytest.raises(ValueError, match="no evidence"):
        draft([], "film", random.Random(1))


@pytest.mark.parametrize(
    ("keyword", "phrase"),
    [
        ("taxi driver", "a taxi driver"),
        ("alien invasion", "an alien invasion"),
        ("unicorn", "a unicorn"),
        ("coming of age", "coming of age"),
        ("father and son", "father and son"),
        ("prisoner of war", "a prisoner of war"),
        ("love of cinema", "love of cinema"),
        ("world war ii", "World War II"),
        ("great depression", "the Great Depression"),
        ("joan of arc", "Joan of Arc"),
        ("witches", "witches"),
        ("policemen", "policemen"),
        ("following your dream", "following your dream"),
        ("Wireless", "Wireless"),
    ],
)
def test_themes_take_an_article_where_english_asks_for_one(keyword, phrase):
    assert theme(keyword) == phrase


def test_keywords_are_told_apart():
    assert is_mood("suspenseful")
    assert is_mood("quiet and lyrical")
    assert not is_mood("detective")
    assert is_place("paris")
    assert is_place("1970s")
    assert not is_place("french")
    assert is_statement("based on a novel")
    assert is_statement("wrongly imprisoned")
    assert kind_of_work("dark comedy") == ("dark comedy", "dark comedies")
    assert kind_of_work("comedy club") == ("", "")


@pytest.mark.parametrize(
    ("description", "story"),
    [
        ("A thief robs a bank. Then he runs.", "A thief robs a bank"),
        (
            "Solicitor Renfield visits a castle in the hills and leaves as the slave of its count, "
            "who sails to London to prey on young women.",
            "Solicitor Renfield visits a castle in the hills and leaves as the slave of its count",
        ),
        (
            "A hungry busker bear and an orphan mouse of the underground town, both of them "
            "outlaws, paint and play music together through a very long winter.",
            "",
        ),
        (
            "When a storm drives the ship of a young captain onto the rocks of a far island, he "
            "and his crew must build a boat and sail home.",
            "",
        ),
        (
            "A music teacher falls down a manhole on the day of his big jazz break and lands where "
            "nobody has ever heard of any music at all.",
            "",
        ),
        (
            "A pet detective who talks to dogs looks for the stolen mascot two weeks before the "
            "final of the season in the stadium of Miami.",
            "",
        ),
        ("London, 1890: a thief robs a bank.", ""),
        ("", ""),
    ],
)
def test_a_long_description_is_cut_only_where_a_clause_ends(description, story):
    assert story_of(description) == story
