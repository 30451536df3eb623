import random
from dataclasses import replace

import numpy as np
import pytest

from chatrec.data.catalog import Catalog, builtin_films
from chatrec.data.interactions import Histories
from chatrec.errors import RequestError
from chatrec.training.queries import Pair, sample_pair, styles_of
from chatrec.training.query_sets import as_batch, figures_of, first_ranks
from chatrec.training.query_source import QuerySource, held_out, liked_alone
from chatrec.training.query_words import STYLES, TRAINING, VALIDATION
from chatrec.types import Item
from tests.conversation.toy_films import FILMS

NOBODY = Histories.from_pasts([], len(FILMS))
N = len(FILMS)
# Everybody goes through the films in order, from another one on.
WALKS = [[(start + step) % N for step in range(8)] for start in range(N)]


@pytest.fixture(scope="module")
def source() -> QuerySource:
    return QuerySource(FILMS, Histories.from_pasts(WALKS, N))


@pytest.fixture(scope="module")
def films() -> QuerySource:
    catalog = builtin_films()
    return QuerySource(catalog, Histories.from_pasts([], len(catalog)))


def pairs(source: QuerySource, style: str, n: int = 30, words=TRAINING, held=False) -> list[Pair]:
    rng = random.Random(3)
    return [sample_pair(source, words, rng, of_held_out=held, style=style) for _ in range(n)]


@pytest.mark.parametrize("style", STYLES)
def test_every_style_asks_for_an_item_that_is_not_held_out(films: QuerySource, style: str):
    for pair in pairs(films, style):
        assert pair.style == style
        assert pair.text.strip()
        assert any(not films.held_out[i] for i in pair.targets)
        assert not pair.targets & set(pair.named)
        assert "{" not in pair.text


def test_the_same_seed_makes_the_same_requests(films: QuerySource):
    for style in STYLES:
        assert pairs(films, style, 5) == pairs(films, style, 5)


def test_validation_asks_for_held_out_items(films: QuerySource):
    for style in STYLES:
        for pair in pairs(films, style, 10, VALIDATION, held=True):
            assert any(films.held_out[i] for i in pair.targets)


def test_no_wording_serves_both_training_and_validation():
    assert not set(TRAINING.frames) - {"{0}"} & set(VALIDATION.frames)
    assert not set(TRAINING.greetings) & set(VALIDATION.greetings)
    assert not set(TRAINING.moods) & set(VALIDATION.moods)
    for style in TRAINING.styles:
        assert not set(TRAINING.styles[style]) & set(VALIDATION.styles[style])
    shared = set(TRAINING.alike.items()) & set(VALIDATION.alike.items())
    assert not shared
    assert set(TRAINING.styles) == set(VALIDATION.styles) == set(STYLES) - {"misspelt"}


def test_a_tenth_of_the_items_is_held_out_whatever_their_catalogue():
    catalog = builtin_films()
    held = held_out(catalog)
    assert 0.07 < held.mean() < 0.13
    some = Catalog([replace(i, item_id=f"x{i.item_id}", year=1900) for i in catalog.items[:500]])
    assert (held_out(some) == held[:500]).all()


def test_a_small_catalogue_holds_out_at_least_three():
    assert held_out(FILMS).sum() >= 3
    assert held_out(Catalog([Item("1", "A")])).tolist() == [True]


def test_person_is_fulfilled_by_all_who_have_them(films: QuerySource):
    for pair in pairs(films, "person"):
        people = [
            set(films.catalog.items[i].creators + films.catalog.items[i].cast) for i in pair.targets
        ]
        shared = set.intersection(*people)
        assert any(name in pair.text for name in shared)


def test_negated_wish_is_not_fulfilled_by_what_it_refuses():
    catalog = Catalog(
        [Item(f"c{i}", f"Laugh {i}", genres=("Comedy",)) for i in range(12)]
        + [Item(f"r{i}", f"Kiss {i}", genres=("Comedy", "Romance")) for i in range(12)]
        + [Item(f"d{i}", f"Weep {i}", genres=("Drama",)) for i in range(40)]
    )
    made = pairs(QuerySource(catalog, Histories.from_pasts([], 64)), "negated", 20)
    assert made
    for pair in made:
        assert "romance" in pair.text
        assert {catalog.items[i].genres for i in pair.targets} == {("Comedy",)}


def test_history_names_what_came_before_and_asks_for_what_came_next(source: QuerySource):
    for pair in pairs(source, "history"):
        last = pair.named[-1]
        following = {(last + step) % N for step in (1, 2, 3)}
        assert (last + 1) % N in pair.targets
        assert pair.targets <= following
        assert all(FILMS.items[i].title in pair.text for i in pair.named[:1])


def test_history_without_interactions_tells_of_kin(films: QuerySource):
    index = next(i for i, f in enumerate(films.catalog) if f.title == "Alien")
    past, after = films.moment(index, random.Random(0))
    assert after == (index,)
    assert past
    assert set(past) <= set(films.kin(index))


def test_kin_share_rare_traits(films: QuerySource):
    titles = [film.title for film in films.catalog]
    kin = [titles[i] for i in films.kin(titles.index("Alien"))[:5]]
    assert "Aliens" in kin


def test_kin_are_liked_by_the_same_people():
    catalog = Catalog([Item(str(i), f"Untold {i}") for i in range(6)])
    company = Histories.from_pasts([[0, 1], [1, 0], [0, 1], [2, 3], [3, 2]], 6)
    source = QuerySource(catalog, company)
    assert source.kin(0) == (1,)
    assert source.kin(5) == ()


def test_plot_fragment_has_one_target_and_its_words(films: QuerySource):
    for pair in pairs(films, "plot"):
        (target,) = pair.targets
        told = set(films.catalog.items[target].description.casefold().rstrip(".").split())
        assert len(told & set(pair.text.replace(".", " . ").split())) >= 2


def test_like_but_names_its_anchor_and_leaves_it_out(films: QuerySource):
    for pair in pairs(films, "like_but"):
        (anchor,) = pair.named
        assert films.catalog.items[anchor].title in pair.text
        assert anchor not in pair.targets


def test_mood_without_keywords_goes_by_genre():
    catalog = Catalog([Item("1", "A", genres=("Horror",)), Item("2", "B", genres=("Comedy",))])
    source = QuerySource(catalog, Histories.from_pasts([], 2))
    assert source.in_mood("scary") == {0}
    assert source.in_mood("funny") == {1}
    assert source.in_mood("clever") == frozenset()


def test_styles_without_facts_are_left_out():
    catalog = Catalog([Item(str(i), f"Untold {i}", genres=(f"G{i % 5}",)) for i in range(40)])
    found = styles_of(
        QuerySource(catalog, Histories.from_pasts([], 40)), TRAINING, of_held_out=False, seed=1
    )
    assert "vague" in found
    assert not {"plot", "person", "mood", "attributes"} & set(found)


def test_a_style_that_few_items_allow_is_left_out():
    plain = [Item(str(i), f"Untold {i}", genres=(f"G{i % 5}",)) for i in range(300)]
    told = [replace(item, description="One two three four five six") for item in plain[:1]]
    few, all_ = (
        QuerySource(Catalog(items), Histories.from_pasts([], 300))
        for items in (
            told + plain[1:],
            [replace(item, description=told[0].description) for item in plain],
        )
    )
    assert "plot" not in styles_of(few, TRAINING, of_held_out=False, seed=1)
    assert "plot" in styles_of(all_, TRAINING, of_held_out=False, seed=1)


def test_catalogue_without_facts_is_refused():
    catalog = Catalog([Item(str(i), f"Untold {i}") for i in range(40)])
    with pytest.raises(RequestError, match="no requests could be made"):
        styles_of(
            QuerySource(catalog, Histories.from_pasts([], 40)), TRAINING, of_held_out=False, seed=1
        )


def test_only_items_liked_at_least_as_much_as_usual_are_kept():
    everything = Histories(
        ("a", "b"),
        np.array([0, 3, 5]),
        np.array([0, 1, 2, 1, 0], dtype=np.int32),
        np.array([5, 1, 4, 3, 3], dtype=np.float32),
        np.zeros(5),
        3,
    )
    assert [past.tolist() for past in liked_alone(everything)] == [[0, 2], [1, 0]]
    alike = replace(everything, weights=np.full_like(everything.weights, 1234.5678))
    assert liked_alone(alike).items.tolist() == everything.items.tolist()


def test_batch_leaves_out_what_is_named_or_not_allowed():
    pair = Pair("history", "after a", frozenset({1, 2}), (0,))
    batch = as_batch([pair], np.array([True, True, False, True, False]))
    assert batch.targets.tolist() == [[False, True, False, False, False]]
    assert batch.negatives.tolist() == [[False, False, False, True, False]]


def test_first_rank_counts_the_negatives_ahead_of_the_best_target():
    batch = as_batch([Pair("vague", "", frozenset({2, 3}), (0,))], np.ones(5, dtype=bool))
    items = np.array([[1.0], [0.9], [0.5], [0.1], [0.7]], dtype=np.float32)
    ranks = first_ranks(np.ones((1, 1), dtype=np.float32), items, batch)
    assert ranks.tolist() == [3]  # item 0 is named; 1 and 4 stand ahead of 2


@pytest.mark.parametrize("query", [0.0, np.nan])
def test_a_model_that_tells_nothing_apart_finds_nothing_first(query: float):
    batch = as_batch([Pair("vague", "", frozenset({2, 3}), (0,))], np.ones(5, dtype=bool))
    asked = np.full((1, 1), query, dtype=np.float32)
    assert first_ranks(asked, np.ones((5, 1), dtype=np.float32), batch).tolist() == [3]


def test_figures_average_over_styles():
    figures = figures_of({"vague": np.array([1, 20]), "plot": np.array([2, 2])})
    assert figures["vague"] == {"r@10": 0.5, "mrr": pytest.approx(0.525)}
    assert figures["mean"] == {"r@10": 0.75, "mrr": pytest.approx(0.5125)}
