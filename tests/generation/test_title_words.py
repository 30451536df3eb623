"""What titles have in common, and the reasons for things of which only titles are known."""

from __future__ import annotations

import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import (
    brief,
    evidence_for,
    noted_similar,
    wording_domain,
)
from chatrec.generation.grounding import check
from chatrec.generation.rationale import RationaleWriter, plain_draft
from chatrec.generation.title_words import shared_words, titles_with
from chatrec.types import Evidence, Item, Query

TITLES = (
    "Mega Man X8 - PlayStation 2",
    "Mega Man 2",
    "The Legend of Zelda",
    "Zelda II - NES",
    "Tom Clancy's EndWar - PC",
    "Tom Clancy Rainbow Six",
    "Wireless Controller - PlayStation 2",
    *(f"Puzzle {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
)
CATALOG = Catalog([Item(str(n), title) for n, title in enumerate(TITLES)], domain="game")

SHARED = [
    ("Mega Man X8 - PlayStation 2", "Mega Man 2", "Mega Man", 2),
    ("Zelda II - NES", "The Legend of Zelda", "Zelda", 2),
    ("Tom Clancy's EndWar - PC", "Tom Clancy Rainbow Six", "Tom Clancy", 2),
    ("Wireless Controller - PlayStation 2", "Mega Man X8 - PlayStation 2", "PlayStation 2", 2),
    ("Puzzle A", "Puzzle B", "", 0),
    ("Mega Man 2", "Zelda II - NES", "", 0),
]


@pytest.mark.parametrize(("title", "other", "words", "count"), SHARED)
def test_words_that_few_titles_share_are_found(
    title: str, other: str, words: str, count: int
) -> None:
    assert shared_words(title, other, CATALOG) == (words, count)
    assert not words or titles_with(words, CATALOG) == count


@pytest.mark.parametrize(
    ("title", "other", "words"),
    [
        ("Batman Arkham Knight", "Batman: Arkham Origins", "Batman"),
        ("USB 7.1 Surround", "A 7.1 Surround Headset", "7.1 Surround"),
    ],
)
def test_the_words_stand_so_in_both(title: str, other: str, words: str) -> None:
    titles = (title, other, *(f"Puzzle {n}" for n in range(40)))
    catalog = Catalog([Item(str(n), one) for n, one in enumerate(titles)], domain="game")
    found, _ = shared_words(title, other, catalog)
    assert found == words
    assert found in title
    assert found in other


def test_no_number_nor_stop_word_alone_links_two_titles() -> None:
    catalog = Catalog([Item("0", "The Two of 2"), Item("1", "The One of 2"), Item("2", "Z")])
    assert shared_words("The Two of 2", "The One of 2", catalog) == ("", 0)


def test_a_thing_known_by_its_title_is_linked_by_the_rarest_words_of_titles() -> None:
    item = CATALOG.get("0")
    pieces = evidence_for(item, Query(liked=("6",), history=("1",)), CATALOG)
    assert pieces == (
        Evidence("shared_title", "PlayStation 2 | Wireless Controller - PlayStation 2", "liked"),
    )
    both = (*pieces, Evidence("similar", "Mega Man 2", "dense"))
    assert brief(both) == pieces


def test_no_noun_is_given_to_what_only_titles_tell_of() -> None:
    assert wording_domain(CATALOG) == "item"
    told = Catalog([Item("0", "Moon", genres=("Drama",))], domain="game")
    assert wording_domain(told) == "game"


def test_reasons_from_titles_pass_the_check_and_begin_differently() -> None:
    item = CATALOG.get("1")
    evidence = evidence_for(item, Query(liked=("0",)), CATALOG)
    drafts = [plain_draft(item, brief(evidence), CATALOG, seed=seed) for seed in range(30)]
    texts = [found.text for found in drafts if found is not None]
    assert len(texts) == 30
    assert all("“Mega Man”" in text and "game" not in text for text in texts)
    assert all(check(text, item, evidence, CATALOG).ok for text in texts)
    assert len({" ".join(text.split()[:3]) for text in texts}) >= 12


def test_words_that_the_other_title_lacks_are_refused() -> None:
    item = CATALOG.get("1")
    evidence = evidence_for(item, Query(liked=("0",)), CATALOG)
    lie = "Like Mega Man X8 - PlayStation 2, it has “Zelda” in its title."
    assert not check(lie, item, evidence, CATALOG).ok


def test_a_title_only_had_before_is_known_and_was_not_mentioned() -> None:
    noted = [Evidence("similar", "Mega Man 2", "dense"), Evidence("together", "x | 3", "als")]
    had = noted_similar(noted, Query(history=("1",)), CATALOG)
    assert had == (Evidence("similar", "Mega Man 2", "history"),)
    named = noted_similar(noted, Query(history=("1",), near=("1",)), CATALOG)
    assert named == (noted[0],)
    item = Item("9", "Mega Man 9")
    for seed in range(20):
        text = plain_draft(item, had, CATALOG, seed=seed)
        assert text is not None
        assert "mentioned" not in text.text
    lie = "You mentioned Mega Man 2, and this item is close to it."
    assert not check(lie, item, had, CATALOG).ok
    assert check(lie, item, named, CATALOG).ok


def test_words_of_the_wish_in_the_title_may_be_worded_by_a_decoder() -> None:
    item = CATALOG.get("3")
    evidence = evidence_for(item, Query(text="something with zelda"), CATALOG)
    assert [piece.kind for piece in evidence] == ["match"]
    draft = plain_draft(item, evidence, CATALOG)
    assert draft is not None
    assert draft.told == evidence
    (reason,) = RationaleWriter(None, CATALOG).write([(item, evidence)])
    assert "“Zelda”" in reason.text
