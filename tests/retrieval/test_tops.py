import numpy as np
import pytest

from chatrec.retrieval.tops import PAD, Tops, by_reciprocal_rank, union_hits, unique_hits

NOBODY = [np.zeros(0, np.int32), np.zeros(0, np.int32)]
SCORES = np.array([[0.1, 0.9, 0.5, 0.3], [4.0, 1.0, 2.0, 3.0]], dtype=np.float32)


def test_the_best_come_first_and_no_deeper_than_asked():
    tops = Tops.of(SCORES, NOBODY, 2)
    assert tops.items.tolist() == [[1, 2], [0, 3]]
    assert np.allclose(tops.scores, [[0.9, 0.5], [4.0, 3.0]])
    assert (tops.depth, len(tops)) == (2, 2)


def test_what_was_seen_is_left_out_and_the_given_scores_are_not_changed():
    before = SCORES.copy()
    tops = Tops.of(SCORES, [np.array([1, 2], np.int32), np.array([0], np.int32)], 4)
    assert tops.items.tolist() == [[3, 0, PAD, PAD], [3, 2, 1, PAD]]
    assert np.isneginf(tops.scores[tops.items == PAD]).all()
    assert (before == SCORES).all()


def test_a_depth_beyond_the_catalogue_gives_the_whole_catalogue():
    assert Tops.of(SCORES, NOBODY, 9).items.tolist() == [[1, 2, 3, 0], [0, 3, 2, 1]]


def test_items_that_nothing_tells_apart_are_no_finds():
    scores = np.array([[0, 0, 0, 0], [0, 2, 0, 1]], dtype=np.float32)
    assert Tops.of(scores, NOBODY, 3).items.tolist() == [[PAD, PAD, PAD], [1, 3, PAD]]


def test_equal_scores_stand_in_catalogue_order():
    scores = np.array([[1, 2, 2, 2], [3, 1, 3, 2]], dtype=np.float32)
    assert Tops.of(scores, NOBODY, 4).items.tolist() == [[1, 2, 3, 0], [0, 2, 3, 1]]


def test_of_equal_scores_at_the_edge_the_first_are_taken():
    scores = np.random.default_rng(0).integers(0, 3, (20, 500)).astype(np.float32)
    scores[:, -1] = -1.0
    wanted = np.argsort(-scores, axis=1, kind="stable")[:, :150]
    assert (Tops.of(scores, [], 150).items == wanted).all()


def test_no_cases_give_empty_arrays():
    tops = Tops.of(np.zeros((0, 5), np.float32), [], 3)
    assert tops.items.shape == tops.scores.shape == (0, 3)


def test_places_and_hits_of_targets():
    tops = Tops.of(SCORES, NOBODY, 2)
    targets = np.array([2, 1], np.int32)
    assert tops.places(targets).tolist() == [1, 2]
    assert tops.hits(targets).tolist() == [True, False]
    assert tops.cut(1).hits(targets).tolist() == [False, False]


def test_joined_parts_are_the_cases_one_after_the_other():
    whole = Tops.of(SCORES, NOBODY, 3)
    parts = [whole.pick(np.array([0])), whole.pick(np.array([False, True]))]
    assert (Tops.joined(parts).items == whole.items).all()


def test_union_and_unique_hits_of_two_branches():
    one = Tops(np.array([[0, 1], [2, PAD], [3, 1]], np.int32), np.zeros((3, 2), np.float32))
    two = Tops(np.array([[1, 4], [4, 0], [0, 2]], np.int32), np.zeros((3, 2), np.float32))
    targets = np.array([1, 4, 5], np.int32)
    branches = {"one": one, "two": two}
    assert union_hits(branches, targets).tolist() == [True, True, False]
    alone = unique_hits(branches, targets)
    assert alone["one"].tolist() == [False, False, False]
    assert alone["two"].tolist() == [False, True, False]


def test_any_depth_can_be_had_of_one_case_with_pads_at_its_end():
    one = Tops.of_one([4, 2], [2.0, 1.0])
    assert one.to(3).items.tolist() == [[4, 2, PAD]]
    assert one.to(3).scores.tolist() == [[2.0, 1.0, -np.inf]]
    assert one.to(1).items.tolist() == [[4]]
    assert Tops.of_one([], []).to(2).items.tolist() == [[PAD, PAD]]


def lists(*rows: list[int]) -> Tops:
    items = np.array(rows, np.int32)
    return Tops(items, np.where(items < 0, -np.inf, 1.0).astype(np.float32))


def test_summed_reciprocal_ranks_by_hand():
    given = [lists([4, 7], [1, PAD]), lists([7, 2], [PAD, PAD])]
    fused = by_reciprocal_rank(given, 200)
    assert fused.items.tolist() == [[7, 4, 2, PAD], [1, PAD, PAD, PAD]]
    assert fused.scores[0, :3].tolist() == pytest.approx([1 / 61 + 1 / 62, 1 / 61, 1 / 62])
    assert fused.scores[1, 0] == pytest.approx(1 / 61)
    assert np.isneginf(fused.scores[1, 1:]).all()
    assert by_reciprocal_rank(given, 1).items.tolist() == [[7], [1]]
