import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.errors import RequestError
from chatrec.retrieval.fusion_features import Traits
from chatrec.retrieval.tops import Tops
from chatrec.training import fusion as module
from chatrec.training.fusion import Cases, train_fusion
from chatrec.types import Item

N, C = 240, 200
CATALOG = Catalog([Item(str(n), f"Item {n}") for n in range(N)])
TRAITS = Traits.of(Histories.from_pasts([range(N)], N), CATALOG, np.zeros((N, 0), np.float32))


@pytest.fixture(autouse=True)
def _fewer_nets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two nets are averaged as three are, and sooner."""
    monkeypatch.setattr(module, "NETS", 2)


def cases(seed: int = 0, n: int = C, noise: float = 1.0) -> Cases:
    """One branch puts the target near the top, the other orders by chance."""
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, N, n).astype(np.int32)
    good, bad = rng.normal(size=(2, n, N)).astype(np.float32)
    good[np.arange(n), targets] += 3.0 / noise
    pasts = [np.zeros(0, np.int32)] * n
    tops = {name: Tops.of(scores, [], 150) for name, scores in (("good", good), ("bad", bad))}
    return Cases(tops, pasts, targets, np.arange(n))


def test_the_branch_that_knows_leads_and_the_order_beats_reciprocal_rank():
    fusion, figures = train_fusion(cases(), TRAITS)
    unseen = cases(seed=1)
    places = fusion.fuse(unseen.tops, unseen.pasts).places(unseen.targets)
    alone = unseen.tops["good"].places(unseen.targets)
    assert np.mean(places < 10) >= np.mean(alone < 10) - 0.02
    assert figures.better
    assert figures.learned_ndcg > figures.reciprocal_ndcg + 0.1
    assert figures.best_branch == "good"
    assert (figures.fitted, figures.held) == (C - C // 5, C // 5)


def test_the_same_seed_gives_the_same_weights():
    first, again = (train_fusion(cases(), TRAITS, seed=3)[0].tensors() for _ in range(2))
    for name, tensor in first.items():
        np.testing.assert_array_equal(tensor, again[name])


def test_another_seed_leads_to_nearly_the_same_order():
    unseen = cases(seed=1)
    orders = [
        train_fusion(cases(), TRAITS, seed=seed)[0].fuse(unseen.tops, unseen.pasts)
        for seed in (1, 2)
    ]
    assert np.mean(orders[0].items[:, 0] == orders[1].items[:, 0]) > 0.9


def test_what_is_drawn_stands_for_all_that_is_not(monkeypatch: pytest.MonkeyPatch):
    drawn = train_fusion(cases(), TRAITS)[0].explained()
    monkeypatch.setattr(module, "HARD", N)
    whole = train_fusion(cases(), TRAITS)[0].explained()
    names = list(whole)
    both = np.corrcoef([drawn[name] for name in names], [whole[name] for name in names])
    assert both[0, 1] > 0.9


def test_one_user_is_not_both_fitted_and_held_out():
    given = cases()
    whose = Cases(given.tops, given.pasts, given.targets, np.arange(C) // 4)
    held = module._held_out(whose.users, np.random.default_rng(0))
    assert 0 < held.sum() < C
    assert not set(whose.users[held]) & set(whose.users[~held])


def test_too_few_cases_are_refused():
    with pytest.raises(RequestError, match="only 30 cases"):
        train_fusion(cases(n=30, noise=0.1), TRAITS)
