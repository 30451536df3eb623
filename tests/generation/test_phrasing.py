import random

import pytest

from chatrec.generation.forms import story_of, variant
from chatrec.generation.phrasing import draft, fact_line, opening
from chatrec.generation.plans import LEADS
from chatrec.generation.themes import is_mood, is_place, is_statement, kind_of_work, theme
from chatrec.generation.wording import FACT_LINES, TAILS
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
}


def every_variant():
    """A piece of every variant that plans are written for."""
    for kind in EVIDENCE_KINDS:
        text = PIECES[kind.removeprefix("shared_")]
        words = ["heist", "tense", "paris", "based on true events", "dark comedy"]
        for word in words if kind.endswith("keyword") else [text]:
            link = f"{word} | Arrival" if kind.startswith("shared_") else word
            for source in ("catalogue", "your words", "liked", "named", "history"):
                yield Evidence(kind, link, source)
    yield Evidence("language", "Silent", "catalogue")


def test_every_variant_has_leads_and_all_plans_can_be_filled():
    variants = {variant(piece) for piece in every_variant()}
    assert variants == set(LEADS)
    for piece in every_variant():
        for seed in range(25):
            text = draft([piece], "film", random.Random(seed)).text
            assert not set("{}[]|~") & set(text), text


def test_every_tail_belongs_to_a_variant_and_every_plain_variant_has_a_prompt_line():
    assert set(TAILS) <= set(LEADS)
    bare = {name.removeprefix("shared_").removesuffix("_asked") for name in LEADS}
    assert bare == set(FACT_LINES)


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
        ("London, 1890: a thief robs a bank.", ""),
        ("", ""),
    ],
)
def test_a_long_description_is_cut_only_where_a_clause_ends(description, story):
    assert story_of(description) == story
