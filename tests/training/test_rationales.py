from itertools import islice

import pytest

from chatrec.data.catalog import Catalog, builtin_films
from chatrec.errors import RequestError
from chatrec.generation.phrasing import opening
from chatrec.generation.plans import LEADS
from chatrec.generation.wording import STATEMENTS_OF_FACT, TAILS
from chatrec.training.rationales import rationale_examples
from chatrec.types import EVIDENCE_KINDS, Item

FILMS = builtin_films()


def test_same_seed_gives_the_same_examples():
    first = list(rationale_examples(FILMS, seed=7, n=20))
    assert first == list(rationale_examples(FILMS, seed=7, n=20))
    assert first != list(rationale_examples(FILMS, seed=8, n=20))


def test_hundred_examples_open_in_at_least_seventy_ways():
    examples = list(rationale_examples(FILMS, seed=1, n=100))
    assert len(examples) == 100
    assert len({opening(e.completion).casefold() for e in examples}) >= 70


def test_a_prompt_gives_the_opening_that_its_completion_begins_with():
    examples = list(rationale_examples(FILMS, seed=5, n=60))
    given = [e for e in examples if "Begin: " in e.prompt[1].content]
    assert len(given) >= 40
    for example in given:
        start = example.prompt[1].content.rsplit("Begin: ", 1)[1]
        assert example.completion.startswith(start)


def test_completions_have_at_most_thirty_words_and_seldom_under_ten():
    lengths = [len(e.completion.split()) for e in rationale_examples(FILMS, seed=2, n=200)]
    assert len(lengths) == 200
    assert max(lengths) <= 30
    assert sum(length >= 10 for length in lengths) >= 194


def test_examples_are_made_lazily():
    assert len(list(islice(rationale_examples(FILMS, seed=3, n=10**9), 3))) == 3


def test_prompts_are_short_and_numbered():
    for example in rationale_examples(FILMS, seed=4, n=50):
        system, user = example.prompt
        assert len((system.content + user.content).split()) <= 90
        assert "\n1. " in user.content


def test_every_kind_has_at_least_twelve_plans():
    for kind in set(EVIDENCE_KINDS) - {"fact", "together"}:  # no decoder words these
        assert len(LEADS[kind]) >= 12, kind
    lead_only = {"description", "shared_genre", "shared_title"}
    assert set(LEADS) - set(TAILS) - set(STATEMENTS_OF_FACT) == lead_only


def test_other_domains_use_their_own_words():
    books = [
        Item(
            str(n), f"Volume {n}", genres=("Fantasy",), creators=("Ann Lee",), keywords=("dragons",)
        )
        for n in range(5)
    ]
    texts = [e.completion for e in rationale_examples(Catalog(books, "book"), seed=1, n=60)]
    assert any("written by Ann Lee" in text or "Ann Lee wrote" in text for text in texts)
    assert not any("film" in text or "direct" in text for text in texts)


def test_a_catalogue_without_facts_is_refused():
    with pytest.raises(RequestError, match="needs creators"):
        next(rationale_examples(Catalog([Item("1", "Nameless")]), seed=1, n=1))
