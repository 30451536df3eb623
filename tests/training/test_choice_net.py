import numpy as np
import pytest

from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.training.choice_net import averaged, train_net

L, N, F = 300, 12, 3


def lists(seed: int = 0) -> np.ndarray:
    """The chosen item, in place 0, has the greatest product of the first two features."""
    features = np.random.default_rng(seed).normal(size=(L, N, F)).astype(np.float32)
    best = (features[:, :, 0] * features[:, :, 1]).argmax(axis=1)
    rows = np.arange(L)
    features[rows, 0], features[rows, best] = features[rows, best], features[rows, 0].copy()
    return features


def chosen_first(net, features) -> float:
    return float((net.scores(features).argmax(axis=1) == 0).mean())


def test_the_hidden_layer_learns_what_no_sum_of_features_tells():
    net = train_net(np.concatenate([lists(seed) for seed in range(1, 13)]))
    assert chosen_first(net, lists()) > 3 / N


def test_features_that_are_left_out_or_never_change_have_no_say():
    features = lists()
    features[:, :, 2] = 5.0
    net = train_net(features, kept=np.array([True, False, True]))
    other = features.copy()
    other[:, :, 1:] += 7.0
    np.testing.assert_array_equal(net.scores(features), net.scores(other))
    assert net.slopes()[1] == net.slopes()[2] == 0.0


def test_a_feature_that_never_changes_has_no_say_however_many_rows_there_are():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(64, 2000, 2)).astype(np.float32)
    features[:, :, 1] = 2.3025851
    net = train_net(features)
    assert net.scale[1] == 0.0
    assert net.mean[1] == np.float32(2.3025851)


def test_the_mean_of_nets_scores_as_they_do_on_average():
    nets = [train_net(lists(), seed=seed) for seed in (1, 2, 3)]
    mean = np.mean([net.scores(lists(9)) for net in nets], axis=0)
    assert averaged(nets).scores(lists(9)) == pytest.approx(mean, abs=1e-5)


def test_what_stands_for_nothing_is_not_looked_at():
    features = lists()
    offsets = np.zeros((L, N), np.float32)
    offsets[:, 6:] = -np.inf
    other = features.copy()
    other[:, 6:] = features[::-1, 6:]  # the same numbers, elsewhere
    first, second = (train_net(given, offsets=offsets) for given in (features, other))
    assert first.direct == pytest.approx(second.direct, abs=1e-4)


def test_the_steepest_net_scores_without_overflow():
    one = np.ones(1, dtype=np.float32)
    net = ChoiceNet(0 * one, one, 0 * one, 100 * one[None], 0 * one, one)
    found = net.scores(np.array([[-6.0], [6.0]], dtype=np.float32))
    assert found == pytest.approx([0.0, 600.0])


def test_slopes_are_how_scores_change_around_a_usual_item():
    net = train_net(lists())
    step = np.eye(F, dtype=np.float32) * 1e-2
    middle = net.mean + np.stack([step, -step]) / net.scale
    up, down = net.scores(middle.astype(np.float32))
    assert net.slopes() == pytest.approx((up - down) / 2e-2, rel=0.05, abs=2e-3)
