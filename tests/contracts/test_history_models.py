"""What every history model keeps to. A new one is added to MODELS and has to pass."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import load, save

from chatrec.retrieval.als import Als
from chatrec.retrieval.ease import Ease
from chatrec.retrieval.item_knn import ItemKnn
from chatrec.retrieval.next_item import NextItem
from chatrec.retrieval.popularity import Popularity
from tests.contracts.toy import CRIME, EVERYBODYS, NOBODYS, SPACE, past, toy_histories

MODELS = {
    "popularity": Popularity.fit,
    "item_knn": lambda histories: ItemKnn.fit(histories, neighbours=5, shrink=1.0),
    "ease": lambda histories: Ease.fit(histories, l2=20.0),
    "next_item": lambda histories: NextItem.fit(histories, l2=20.0),
    "als": lambda histories: Als.fit(histories, factors=3),
}
WITHOUT_PAST = {"popularity"}  # the past has no say
PASTS = [past(0, 1), past(4), past(), past(8, 5, 6)]


@pytest.fixture(scope="module", params=MODELS)
def model(request):
    return MODELS[request.param](toy_histories())


def test_scores_have_a_row_a_past_and_a_column_an_item(model):
    scores = model.scores(PASTS)
    assert scores.shape == (len(PASTS), NOBODYS + 1)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    assert model.scores([]).shape == (0, NOBODYS + 1)


def test_an_empty_past_gives_zeros_unless_the_past_has_no_say(model):
    assert model.scores([past()]).any() == (model.name in WITHOUT_PAST)


def test_each_past_is_scored_by_itself_and_left_as_it_is(model):
    before = [given.copy() for given in PASTS]
    together = model.scores(PASTS)
    for row, given in enumerate(PASTS):
        np.testing.assert_allclose(model.scores([given])[0], together[row], atol=1e-6)
        np.testing.assert_array_equal(given, before[row])


def test_scores_are_the_callers_to_change(model):
    first = model.scores(PASTS)
    kept = first.copy()
    first[:] = -1
    np.testing.assert_array_equal(model.scores(PASTS), kept)


def test_what_the_same_people_had_comes_first(model):
    for clan, others in ((SPACE, CRIME), (CRIME, SPACE)):
        scores = model.scores([past(clan[0], clan[1])])[0]
        if model.name in WITHOUT_PAST:
            assert scores.argmax() == EVERYBODYS
        else:
            assert scores[[clan[2], clan[3]]].min() > max(scores[list(others)].max(), 0)


def test_support_names_an_item_of_the_past_that_people_had_together_with_it(model):
    found = model.support(past(4, 0), 1)
    if model.name in WITHOUT_PAST:
        assert found is None
    else:
        item, lift = found
        assert item == 0
        assert lift == pytest.approx(12 * 48 / 18**2)  # 18 of 48 had each film, 12 both


@pytest.mark.parametrize(("given", "item"), [(past(), 1), (past(4), 1), (past(0), NOBODYS)])
def test_there_is_no_support_where_nothing_speaks_for_the_item(model, given, item):
    assert model.support(given, item) is None


def test_what_is_saved_scores_alike(model):
    again = type(model).from_tensors(load(save(model.tensors())))
    np.testing.assert_array_equal(again.scores(PASTS), model.scores(PASTS))
    assert again.support(past(4, 0), 1) == model.support(past(4, 0), 1)
