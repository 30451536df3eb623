import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save

from chatrec.data.interactions import Histories
from chatrec.errors import ModelError
from chatrec.retrieval.sequential import Network, SasRec, Shape
from chatrec.retrieval.together import Together

N = 12
PEOPLE = [[0, 1, 2, 3, 7]] * 3 + [[4, 5, 6]] * 6 + [[8, 9, 10, 11]] * 3
SHAPE = Shape(width=8, blocks=2, heads=2, window=6, text_width=5)


def past(*items: int) -> np.ndarray:
    return np.array(items, dtype=np.int32)


@pytest.fixture
def model() -> SasRec:
    torch.manual_seed(1)
    network = Network(SHAPE)
    rng = np.random.default_rng(1)
    own = rng.normal(size=(N, 8)).astype(np.float32)
    text = rng.normal(size=(N, 5)).astype(np.float32)
    together = Together.of(Histories.from_pasts(PEOPLE, N))
    with torch.inference_mode():
        return SasRec(network, own, network.text_part(torch.from_numpy(text)).numpy(), together)


def test_importing_chatrec_does_not_import_torch():
    program = "import chatrec, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_scores_are_log_probabilities_beside_chance(model: SasRec):
    scores = model.scores([past(1, 2, 3), past(4)])
    assert scores.shape == (2, N)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(np.exp(scores).sum(axis=1), N, rtol=1e-5)


def test_an_empty_past_scores_zero_among_others(model: SasRec):
    scores = model.scores([past(1, 2), past(), past(3)])
    assert not scores[1].any()
    assert scores[0].any()
    assert scores[2].any()
    assert model.scores([]).shape == (0, N)


def test_a_past_scores_alike_alone_and_in_company(model: SasRec):
    pasts = [past(5), past(1, 2, 3, 4, 5, 6), past(7, 8), past(*range(10))]
    together = model.scores(pasts)
    for row, alone in enumerate(pasts):
        np.testing.assert_allclose(model.scores([alone])[0], together[row], atol=1e-5)


def test_only_the_last_window_counts_and_its_order_matters(model: SasRec):
    recent = past(3, 4, 5, 6, 7, 8)
    long, short = model.scores([past(0, 1, 2, *recent), recent])
    np.testing.assert_allclose(long, short, atol=1e-5)
    turned = model.scores([recent[::-1].copy()])[0]
    assert np.abs(turned - short).max() > 0.01


def test_a_state_sees_no_later_item(model: SasRec):
    vectors = torch.randn(1, 6, 8)
    changed = vectors.clone()
    changed[0, 4:] = 9.0
    with torch.inference_mode():
        before, after = model.network(vectors), model.network(changed)
    torch.testing.assert_close(before[0, :4], after[0, :4])
    assert not torch.allclose(before[0, 4:], after[0, 4:])


def test_support_names_the_item_without_which_the_score_falls_most(model: SasRec):
    seen = past(0, 1, 2, 3)
    whole = model.scores([seen])[0]
    falls = np.stack([whole - model.scores([np.delete(seen, p)])[0] for p in range(4)])
    assert len(set(falls.argmax(axis=0).tolist())) > 1
    assert falls[:, 7].max() > 0
    item, lift = model.support(seen, 7) or (None, 0.0)
    assert item == falls[:, 7].argmax()
    assert lift == pytest.approx(3 * 12 / (3 * 3))  # 3 of 12 people had each, the same 3


def test_there_is_no_support_by_what_nobody_had_together(model: SasRec):
    assert model.support(past(0, 1, 2, 3), 4) is None
    assert model.support(past(), 3) is None


def test_tensors_give_the_same_scores_after_a_safetensors_file(model: SasRec):
    again = SasRec.from_tensors(load(save(model.tensors())))
    pasts = [past(1, 2, 3), past(9)]
    np.testing.assert_array_equal(again.scores(pasts), model.scores(pasts))


def test_missing_tensors_are_an_error_that_names_them(model: SasRec):
    tensors = model.tensors()
    del tensors["network.positions"]
    with pytest.raises(ModelError, match=r"positions.*train it again"):
        SasRec.from_tensors(tensors)
    with pytest.raises(ModelError, match="shape"):
        SasRec.from_tensors({})


def test_a_new_item_stands_where_its_text_puts_it(model: SasRec):
    text = np.random.default_rng(2).normal(size=(2, 5)).astype(np.float32)
    larger = model.with_new_items(text)
    scores = larger.scores([past(1, 2, 3), past(N)])
    assert scores.shape == (2, N + 2)
    old = model.scores([past(1, 2, 3)])[0]
    differences = scores[0, :N] - old  # the same for all: more items share the probability
    np.testing.assert_allclose(differences, differences[0], atol=1e-5)
    with torch.inference_mode():
        expected = model.network.text_part(torch.from_numpy(text)).numpy()
    np.testing.assert_allclose(larger.own[N:] + larger.text[N:], expected, atol=1e-6)


def test_new_items_with_texts_of_another_width_are_refused(model: SasRec):
    with pytest.raises(ModelError, match=r"width 4.*width 5"):
        model.with_new_items(np.zeros((1, 4), dtype=np.float32))
