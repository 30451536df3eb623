"""The collaborative models on data with a known answer, and the retriever made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories, Past
from chatrec.errors import RequestError
from chatrec.retrieval import ease
from chatrec.retrieval.als import Als, solved
from chatrec.retrieval.collaborative import HistoryRetriever
from chatrec.retrieval.ease import Ease
from chatrec.retrieval.item_knn import ItemKnn
from chatrec.retrieval.next_item import NextItem
from chatrec.retrieval.popularity import Popularity
from chatrec.retrieval.recency import Recency
from chatrec.retrieval.together import Together
from chatrec.types import Item, Query


def past(*items: int) -> Past:
    return np.array(items, dtype=np.int32)


def random_histories(people: int, n_items: int, seed: int = 0) -> Histories:
    random = np.random.default_rng(seed)
    pasts = [random.permutation(n_items)[: random.integers(1, n_items)] for _ in range(people)]
    return Histories.from_pasts(pasts, n_items)


def named(histories: Histories, *users: str) -> Histories:
    return replace(histories, users=users)


# What a past counts for.


@pytest.mark.parametrize(
    ("recency", "expected"),
    [
        (Recency(), [1, 1, 1, 1]),
        (Recency(recent=2), [0, 0, 1, 1]),
        (Recency(half_life=1.0), [0.125, 0.25, 0.5, 1]),
        (Recency(power=1.0), [0.25, 1 / 3, 0.5, 1]),
        (Recency(recent=3, half_life=2.0), [0, 0.5, 2**-0.5, 1]),
    ],
)
def test_recency_weighs_the_last_items_most(recency, expected):
    np.testing.assert_allclose(recency.weights(past(5, 6, 7, 8)), expected, rtol=1e-6)


def test_an_item_met_twice_counts_once_as_the_later_one():
    weights = Recency(half_life=1.0).weights(past(3, 4, 3))
    np.testing.assert_allclose(weights, [0, 0.5, 1])
    row = Recency(half_life=1.0).matrix([past(3, 4, 3), past()], 5).toarray()
    np.testing.assert_allclose(row, [[0, 0, 0, 1, 0.5], [0] * 5])


@pytest.mark.parametrize("wrong", [{"recent": 0}, {"half_life": 0.0}, {"power": -1.0}])
def test_recency_refuses_what_makes_no_sense(wrong):
    with pytest.raises(RequestError, match=f"{next(iter(wrong))} is"):
        Recency(**wrong)


@pytest.mark.parametrize("recency", [Recency(), Recency(4, 2.5, 0.8)])
def test_recency_comes_back_from_its_tensors(recency):
    assert Recency.from_tensors(recency.tensors()) == recency


# Who had what together.


def test_lift_is_how_much_more_often_than_by_chance():
    both = [[0, 1]] * 3
    together = Together.of(Histories.from_pasts([*both, [0], [2], [2], [2, 1], [2, 1]], 4))
    assert together.lift(0, 1) == pytest.approx(3 * 8 / (4 * 5))
    assert together.lift(1, 0) == together.lift(0, 1)
    assert together.lift(1, 2) is None  # two people are too few to tell
    assert together.lift(0, 3) is None  # nobody had it


def test_more_from_people_known_joins_what_they_had():
    old = named(Histories.from_pasts([[0, 1], [2]], 3), "ann", "bob")
    new = named(Histories.from_pasts([[3], [1, 2]], 4), "bob", "cid")
    together, before, after = Together.of(old).added(new)
    np.testing.assert_array_equal(before.toarray(), [[0, 0, 1, 0], [0, 0, 0, 0]])
    np.testing.assert_array_equal(after.toarray(), [[0, 0, 1, 1], [0, 1, 1, 0]])
    np.testing.assert_array_equal(together.counts, [1, 2, 2, 1])
    assert len(together.people) == 3


# The models.


def test_popularity_counts_and_can_look_at_the_latest_part_alone():
    histories = Histories.from_pasts([[0, 1], [0, 2], [0, 2]], 3)
    np.testing.assert_array_equal(Popularity.fit(histories).scores([past()]), [[3, 1, 2]])
    timed = replace(histories, times=np.array([1.0, 5, 2, 6, 3, 4]))
    late = Popularity.fit(timed, share=0.5)
    np.testing.assert_array_equal(late.scores([past(0)]), [[0, 1, 2]])


def test_popularity_of_a_part_needs_times():
    histories = Histories.from_pasts([[0]], 1)
    with pytest.raises(RequestError, match="have no time"):
        Popularity.fit(histories, share=0.5)
    with pytest.raises(RequestError, match="share is 0"):
        Popularity.fit(histories, share=0)


def test_item_knn_is_the_shrunk_cosine_of_the_nearest():
    histories = Histories.from_pasts([[0, 1], [0, 1], [0, 2], [3]], 4)
    model = ItemKnn.fit(histories, neighbours=5, shrink=1.0)
    cosine = 2 / (np.sqrt(3 * 2) + 1), 1 / (np.sqrt(3 * 1) + 1)
    np.testing.assert_allclose(model.scores([past(0)])[0], [0, *cosine, 0], rtol=1e-6)
    nearest = ItemKnn.fit(histories, neighbours=1, shrink=1.0)
    # Of item 0 the nearest is 1; 2 has no neighbour but 0.
    np.testing.assert_allclose(nearest.scores([past(2)])[0], 0)
    np.testing.assert_allclose(nearest.scores([past(0)])[0], [0, *cosine, 0], rtol=1e-6)


def test_ease_is_the_closed_form():
    histories = random_histories(60, 12)
    met = histories.matrix().toarray().astype(np.float64)
    inverse = np.linalg.inv(met.T @ met + 7 * np.eye(12))
    weights = np.eye(12) - inverse / np.diag(inverse)
    np.testing.assert_allclose(
        Ease.fit(histories, l2=7.0).scores(list(histories)), met @ weights, atol=1e-5
    )


def test_ease_refuses_more_items_than_its_matrix_has_room_for():
    with pytest.raises(RequestError, match=r"40,000 items needs 6.4 GB.*use item-kNN or ALS"):
        Ease.fit(Histories.from_pasts([[0]], 40_000))
    with pytest.raises(RequestError, match="40,000 items"):
        NextItem.fit(Histories.from_pasts([[0]], 40_000))


def test_ease_works_over_several_blocks(monkeypatch):
    histories = random_histories(60, 12)
    whole = Ease.fit(histories, l2=7.0).scores(list(histories))
    monkeypatch.setattr(ease, "BLOCK", 5)
    np.testing.assert_array_equal(Ease.fit(histories, l2=7.0).scores(list(histories)), whole)


def test_next_item_knows_the_order_and_ease_does_not():
    histories = Histories.from_pasts([[0, 1, 2]] * 30, 3)
    forward = NextItem.fit(histories, l2=1.0, recency=Recency(recent=2, power=1.0))
    assert forward.scores([past(0)])[0].argmax() == 1
    assert forward.scores([past(0, 1)])[0].argmax() == 2
    both = Ease.fit(histories, l2=1.0).scores([past(1)])[0]
    assert both[0] == pytest.approx(both[2], rel=1e-4)


def test_next_item_is_ridge_regression_in_whatever_batches(monkeypatch):
    histories = random_histories(40, 8)
    recency = Recency(recent=3, half_life=2.0)
    pasts, came = [], []
    for own in histories:
        for end in range(len(own)):
            pasts.append(recency.matrix([own[:end]], 8).toarray()[0])
            came.append(np.eye(8)[own[end]])
    s, y = np.array(pasts, dtype=np.float64), np.array(came)
    weights = np.linalg.solve(s.T @ s + 2 * np.eye(8), s.T @ y)
    for entries in (8_000_000, 12):
        monkeypatch.setattr("chatrec.retrieval.next_item.ENTRIES", entries)
        model = NextItem.fit(histories, l2=2.0, recency=recency)
        np.testing.assert_allclose(model.scores([past(4)])[0], weights[4], atol=1e-5)


def test_als_solves_for_each_row_exactly():
    """The gradient of what a row minimises is zero where it was put."""
    histories = random_histories(20, 9)
    others = np.random.default_rng(1).normal(size=(9, 3)).astype(np.float32)
    met, l2, unseen = histories.matrix(), 0.02, 0.3
    rows = solved(met, others, l2, unseen).astype(np.float64)
    dense = met.toarray()
    errors = dense * (rows @ others.T - 1) + unseen * (rows @ others.T)
    strength = l2 * (dense.sum(axis=1) + unseen * 9)
    np.testing.assert_allclose(errors @ others + strength[:, None] * rows, 0, atol=1e-4)


def test_als_lowers_what_it_minimises_with_every_iteration():
    histories = random_histories(40, 15)

    def loss(iterations: int) -> float:
        model = Als.fit(histories, factors=3, l2=0.01, unseen=0.2, iterations=iterations)
        met, items = histories.matrix(), model.tensors()["items"]
        people = solved(met, items, 0.01, 0.2)
        dense, guess = met.toarray(), people @ items.T
        sizes = dense.sum(axis=1) + 0.2 * 15, dense.sum(axis=0) + 0.2 * 40
        ridge = sum((n * (x**2).sum(1)).sum() for n, x in zip(sizes, (people, items), strict=True))
        return float((dense * (1 - guess) ** 2).sum() + 0.2 * (guess**2).sum() + 0.01 * ridge)

    losses = [loss(iterations) for iterations in (1, 2, 4, 8)]
    assert all(later < earlier for earlier, later in pairwise(losses))


def test_what_each_item_of_a_past_adds_makes_the_als_score():
    histories = random_histories(60, 10)
    model = Als.fit(histories, factors=4, recency=Recency(half_life=2.0))
    given = past(1, 5, 7)
    shares = model.shares(given, 2)
    assert shares.sum() == pytest.approx(model.scores([given])[0, 2], rel=1e-4)
    assert model.support(given, 2)[0] == given[shares.argmax()]


def test_the_same_seed_gives_the_same_als():
    histories = random_histories(20, 9)
    one, same = (Als.fit(histories, factors=3, seed=4).scores([past(1)]) for _ in range(2))
    np.testing.assert_array_equal(one, same)
    assert not np.allclose(one, Als.fit(histories, factors=3, seed=5).scores([past(1)]), atol=1e-7)


@pytest.mark.parametrize(
    ("fit", "options"),
    [
        (ItemKnn.fit, {"neighbours": 0}),
        (ItemKnn.fit, {"shrink": -1.0}),
        (Ease.fit, {"l2": 0.0}),
        (NextItem.fit, {"l2": 0.0}),
        (NextItem.fit, {"recency": Recency(power=1.0)}),
        (Als.fit, {"factors": 0}),
        (Als.fit, {"unseen": 0.0}),
    ],
)
def test_options_that_make_no_sense_are_refused(fit, options):
    with pytest.raises(RequestError, match=r"is|are"):
        fit(Histories.from_pasts([[0, 1]], 2), **options)


# New interactions without a new fit.


@pytest.mark.parametrize(
    ("fit", "options"),
    [
        (Popularity.fit, {}),
        (ItemKnn.fit, {"neighbours": 4, "shrink": 2.0}),
        (ItemKnn.fit, {"neighbours": 100, "shrink": 0.0}),
        (Ease.fit, {"l2": 5.0}),
    ],
)
def test_an_update_is_the_same_as_a_fit_on_everything(fit, options):
    """Ten of the people come with more than before, ten are new, and so are two items."""
    pasts = [p.tolist() for p in random_histories(80, 20)]
    before = [[item for item in p if item < 18] for p in pasts[:70]]
    cut = [p if row < 60 else p[: len(p) // 2] for row, p in enumerate(before)]
    since = [[item for item in p if item not in cut[row]] for row, p in enumerate(pasts[:70])]
    rows = [row for row in range(70) if since[row]]
    users = [str(row) for row in (*rows, *range(70, 80))]
    new = named(Histories.from_pasts([*(since[r] for r in rows), *pasts[70:]], 20), *users)
    updated = fit(Histories.from_pasts(cut, 18), **options).updated(new)
    fresh = fit(Histories.from_pasts(pasts, 20), **options)
    given = [past(*p) for p in pasts[:10]]
    np.testing.assert_allclose(updated.scores(given), fresh.scores(given), atol=2e-5)
    assert updated.support(given[0], 19) == fresh.support(given[0], 19)


def test_nothing_new_changes_nothing():
    histories = random_histories(30, 10)
    nothing = Histories.from_pasts([], 10)
    for model in (Popularity.fit(histories), ItemKnn.fit(histories), Ease.fit(histories)):
        given = [past(1, 2)]
        np.testing.assert_allclose(
            model.updated(nothing).scores(given), model.scores(given), atol=1e-5
        )


def test_als_gives_a_new_item_the_vector_that_explains_who_had_it():
    clans = [[0, 1, 2]] * 10 + [[3, 4, 5]] * 10
    model = Als.fit(Histories.from_pasts(clans, 6), factors=2)
    new = named(Histories.from_pasts([[0, 1, 6]] * 5, 7), *"abcde")
    updated = model.updated(new)
    np.testing.assert_array_equal(model.tensors()["items"], updated.tensors()["items"][:6])
    near, far = updated.scores([past(2), past(5)])[:, 6]
    assert near > far
    assert near > 0


# The retriever.

CATALOG = Catalog([Item(f"i{n}", f"Film {n}") for n in range(5)])


class Fixed:
    """Item n speaks for n + 1 with a weight of n + 1, and two films go together thrice as often."""

    name = "fixed"

    def __init__(self, lift: float = 3.14) -> None:
        self.asked: list[list[int]] = []
        self.lift = lift

    def scores(self, pasts: Sequence[Past]) -> np.ndarray:
        self.asked += [given.tolist() for given in pasts]
        scores = np.zeros((len(pasts), 5), dtype=np.float32)
        for row, given in enumerate(pasts):
            for item in given[given < 4]:
                scores[row, item + 1] += item + 1
        return scores

    def support(self, given: Past, item: int) -> tuple[int, float] | None:
        return (item - 1, self.lift) if item - 1 in given else None

    def tensors(self) -> dict[str, np.ndarray]:
        return {}


def test_the_past_is_history_then_liked_then_near_each_once_as_the_last():
    model = Fixed()
    query = Query(history=("i0", "i1", "i2"), liked=("i3", "i0"), near=("i1",), disliked=("i2",))
    HistoryRetriever(CATALOG, model).retrieve(query, 5)
    assert model.asked == [[3, 0, 1], [2]]


def test_only_unseen_items_that_something_speaks_for_are_found():
    retriever = HistoryRetriever(CATALOG, Fixed())
    found = retriever.retrieve(Query(history=("i0", "i1", "i2"), seen=frozenset({"i1", "x"})), 5)
    assert [(c.item_id, c.score) for c in found] == [("i3", 3.0), ("i2", 2.0)]
    assert retriever.retrieve(Query(text="anything"), 5) == []


def test_what_goes_with_a_disliked_item_is_lowered():
    retriever = HistoryRetriever(CATALOG, Fixed())
    found = retriever.retrieve(Query(history=("i0", "i2"), disliked=("i2",)), 5)
    assert [c.item_id for c in found] == ["i1"]


def test_a_dislike_alone_finds_nothing():
    assert HistoryRetriever(CATALOG, Fixed()).retrieve(Query(disliked=("i2",)), 5) == []


def test_evidence_names_the_item_that_people_had_with_it_and_the_lift():
    (found,) = HistoryRetriever(CATALOG, Fixed()).retrieve(Query(liked=("i0",)), 5)
    assert [(e.kind, e.text, e.source) for e in found.evidence] == [
        ("together", "Film 0 | 3.1", "interactions")
    ]


def test_a_lift_near_chance_is_not_told():
    (found,) = HistoryRetriever(CATALOG, Fixed(lift=1.2)).retrieve(Query(liked=("i0",)), 5)
    assert found.evidence == ()


def test_ids_that_the_catalogue_lacks_have_no_say():
    (found,) = HistoryRetriever(CATALOG, Fixed()).retrieve(Query(liked=("gone", "i0")), 5)
    assert found.item_id == "i1"
