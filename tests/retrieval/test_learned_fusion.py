from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.errors import DataError, RequestError
from chatrec.retrieval.choice_net import ChoiceNet
from chatrec.retrieval.fusion_features import (
    BY_BRANCH,
    BY_ITEM,
    TOGETHER,
    Traits,
    feature_names,
    union_of,
)
from chatrec.retrieval.learned_fusion import LearnedFusion
from chatrec.retrieval.tops import PAD, Tops
from chatrec.types import Item

ITEMS = (
    Item("a", "A", 1990, ("Drama",)),
    Item("b", "B", 1991, ("Drama",)),
    Item("c", "C", 2020, ("Horror",)),
    Item("d", "D", None, ()),
    Item("e", "E", 2010, ("Horror",)),
)
CATALOG = Catalog(ITEMS)
TEXT = np.eye(5, dtype=np.float32)


def timed(*pasts: list[int]) -> Histories:
    made = Histories.from_pasts(pasts, 5)
    return replace(made, times=np.arange(len(made.items), dtype=float))


# c is met most, and last of all.
HISTORIES = timed([0, 1, 2], [1, 2], [0, 2], [4, 2])
TRAITS = Traits.of(HISTORIES, CATALOG, TEXT)
PASTS = [np.array([0], np.int32), np.array([3, 4], np.int32)]
ONE = Tops(np.array([[1, 2], [2, PAD]], np.int32), np.array([[3, 1], [5, -np.inf]], np.float32))
TWO = Tops(np.array([[2, 3], [0, 1]], np.int32), np.array([[9, 8], [4, 2]], np.float32))
TOPS = {"one": ONE, "two": TWO}


def weighing(name: str, weight: float = 1.0) -> LearnedFusion:
    """A net without a hidden layer's say, that looks at one feature."""
    names = feature_names(("one", "two"))
    nothing, none = np.zeros(len(names), np.float32), np.zeros((len(names), 1), np.float32)
    weights = nothing.copy()
    weights[names.index(name)] = weight
    net = ChoiceNet(nothing, nothing + 1, weights, none, none[0], none[0])
    return LearnedFusion(("one", "two"), net, TRAITS)


def column(name: str, case: int) -> dict[int, float]:
    found = union_of(TOPS, ("one", "two"), PASTS, TRAITS, 200)
    values = found.features[case, :, feature_names(("one", "two")).index(name)]
    items = found.items[case]
    return {int(i): float(v) for i, v in zip(items, values, strict=True) if i != PAD}


def test_the_union_has_every_found_item_once():
    found = union_of(TOPS, ("one", "two"), PASTS, TRAITS, 200)
    assert found.items.tolist() == [[1, 2, 3], [0, 1, 2]]
    assert found.features.shape == (2, 3, 2 * len(BY_BRANCH) + len(TOGETHER) + len(BY_ITEM))
    assert np.isfinite(found.features).all()


def test_a_branch_says_where_it_found_an_item_and_nothing_of_others():
    assert column("one: found", 0) == {1: 1.0, 2: 1.0, 3: 0.0}
    assert column("one: first", 0) == {1: 1.0, 2: 0.5, 3: 0.0}
    rank = column("one: rank", 0)
    assert rank[1] == 1.0 > rank[2] > rank[3] == 0.0
    z = column("one: z", 0)
    assert z[1] == pytest.approx(1.0)
    assert z[2] == z[3] == pytest.approx(-1.0)  # not found is as bad as the last find


def test_a_branch_tells_more_of_what_others_found_where_it_goes_deeper():
    found = union_of(TOPS, ("one", "two"), PASTS, TRAITS, 1)
    assert found.items.tolist() == [[1, 2], [0, 2]]  # the best of each
    names = feature_names(("one", "two"))
    second = dict(zip(names, found.features[0, 1], strict=True))  # item 2, the second of "one"
    assert (second["one: found"], second["two: found"]) == (0.0, 1.0)
    assert 0.0 < second["one: rank"] < second["two: rank"]
    assert second["one: first"] == 0.5


def test_items_have_what_interactions_and_the_catalogue_tell():
    popularity = column("popularity", 0)
    assert popularity[2] == max(popularity.values())
    assert column("branches", 0) == {1: 0.5, 2: 1.0, 3: 0.5}
    assert column("genres", 0) == {1: 1.0, 2: 0.0, 3: 0.0}
    near = column("same years", 0)  # the past is of 1990
    assert near[1] > near[2]
    assert near[3] == 0.0  # unknown
    assert column("text of last", 1) == {0: 0.0, 1: 0.0, 2: 0.0}


def test_the_second_best_rank_tells_what_two_branches_agree_on():
    second = column("second rank", 0)
    assert second[1] == second[3] == 0.0  # one branch alone
    assert second[2] == column("one: rank", 0)[2] > 0.0  # the other has it first
    best, mean = column("best rank", 0), column("mean rank", 0)
    assert best[1] == best[2] == 1.0
    assert mean[1] == 0.5
    assert mean[2] == pytest.approx((1.0 + second[2]) / 2)


def test_an_item_is_as_early_as_the_places_where_it_was_met():
    alike = [[0, 1, 2, 3]] * 50
    traits = Traits.of(timed(*alike), CATALOG, TEXT)
    past = [np.array([0, 1], np.int32)]  # the third place comes next
    found = union_of({"one": Tops.of_one([3, 2, 4], [3.0, 2.0, 1.0])}, ("one",), past, traits, 200)
    names = feature_names(("one",))
    stage = found.features[0, :, names.index("stage")]
    early = found.features[0, :, names.index("early")]
    assert stage[0] == stage.max()  # item 2, which was always third
    assert abs(early[0]) < 0.1 < -early[1]  # item 3 comes later


def test_the_order_of_histories_without_times_has_no_say():
    one, other = (
        Traits.of(Histories.from_pasts(pasts, 5), CATALOG, TEXT)
        for pasts in ([[0, 1, 2], [1, 2, 4]], [[2, 1, 0], [4, 1, 2]])
    )
    for name in ("popularity", "lately", "stage"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert not one.lately.any()
    assert (one.stage == one.stage[0]).all()


def test_popularity_stands_beside_that_of_what_the_user_had_lately():
    names = feature_names(("one", "two"))
    features = union_of(TOPS, ("one", "two"), PASTS, TRAITS, 200).features[0, 0]  # b, after a
    told = {name: features[names.index(name)] for name in BY_ITEM}
    assert told["usual popularity"] == pytest.approx(TRAITS.popularity[0])
    assert told["more popular"] == pytest.approx(TRAITS.popularity[1] - TRAITS.popularity[0])
    assert told["length"] == pytest.approx(np.log(2))


def test_likeness_is_to_the_last_item_to_the_recent_and_to_the_nearest_of_them():
    text = np.array([[1, 0], [0.6, 0.8], [0, 1], [1, 0], [0, 1]], dtype=np.float32)
    traits = Traits.of(HISTORIES, CATALOG, text)
    past = [np.array([0, 4], np.int32)]
    found = union_of({"one": Tops.of_one([1, 3], [2.0, 1.0])}, ("one",), past, traits, 200)
    names = feature_names(("one",))
    told = {n: found.features[0, :, names.index(n)].tolist() for n in names if "text" in n}
    assert told["text of last"] == pytest.approx([0.8, 0.0])
    assert told["text of recent"] == pytest.approx([0.7, 0.5])
    assert told["text of nearest"] == pytest.approx([0.8, 1.0])
    genres = found.features[0, :, names.index("genres of last")].tolist()
    assert genres == [0.0, 0.0]  # the last is horror, b is a drama, d has none


def test_without_years_genres_and_texts_their_features_are_zero():
    bare = Catalog([Item(str(n), f"Item {n}") for n in range(5)])
    traits = Traits.of(HISTORIES, bare, np.zeros((5, 0), np.float32))
    features = union_of(TOPS, ("one", "two"), PASTS, traits, 200).features
    names = feature_names(("one", "two"))
    for name in BY_ITEM[BY_ITEM.index("new") :]:
        assert (features[:, :, names.index(name)] == 0).all()


def test_an_empty_past_and_branches_that_found_nothing_give_an_empty_order():
    nothing = Tops(np.full((1, 2), PAD, np.int32), np.full((1, 2), -np.inf, np.float32))
    past = [np.zeros(0, np.int32)]
    fused = weighing("one: z").fuse({"one": nothing, "two": nothing}, past)
    assert (fused.items == PAD).all()
    some = {"one": nothing, "two": TWO.pick(np.array([0]))}
    assert np.isfinite(union_of(some, ("one", "two"), past, TRAITS, 200).features).all()
    found = weighing("two: z").fuse(some, past)
    assert found.items[0].tolist()[:2] == [2, 3]


def test_the_order_is_that_of_the_weighed_features_as_log_chances():
    fused = weighing("popularity", 2.0).fuse(TOPS, PASTS)
    assert fused.items[0].tolist() == [2, 1, 3]
    assert np.exp(fused.scores[0]).sum() == pytest.approx(1.0)
    gap = fused.scores[0, 0] - fused.scores[0, 1]
    assert gap == pytest.approx(2 * (TRAITS.popularity[2] - TRAITS.popularity[1]), abs=1e-4)
    reverse = weighing("popularity", -2.0).fuse(TOPS, PASTS, depth=1)
    assert reverse.items.tolist() == [[3], [0]]


def test_a_case_has_the_same_order_alone_and_among_others():
    fusion = weighing("two: rank", 3.0)
    together = fusion.fuse(TOPS, PASTS)
    for row, past in enumerate(PASTS):
        alone = fusion.fuse({n: t.pick(np.array([row])) for n, t in TOPS.items()}, [past])
        kept = alone.items[0] != PAD
        assert alone.items[0][kept].tolist() == together.items[row][: kept.sum()].tolist()
        assert alone.scores[0][kept] == pytest.approx(together.scores[row][: kept.sum()])


def test_it_needs_all_of_its_branches():
    with pytest.raises(RequestError, match="needs the branch 'two'"):
        weighing("one: z").fuse({"one": ONE}, PASTS)


def test_weights_for_other_branches_are_refused():
    tensors = weighing("one: z").tensors()
    with pytest.raises(DataError, match="fit it again"):
        LearnedFusion.from_tensors(tensors, ("one", "two", "three"), TRAITS)
    with pytest.raises(DataError, match="has no 'mean'"):
        LearnedFusion.from_tensors({}, ("one", "two"), TRAITS)


def test_a_saved_fusion_gives_the_same_order(tmp_path: Path):
    from safetensors.numpy import load_file, save_file

    fusion = weighing("genres", 1.5)
    save_file(fusion.tensors(), tmp_path / "fusion.safetensors")
    again = LearnedFusion.from_tensors(
        load_file(tmp_path / "fusion.safetensors"), ["one", "two"], TRAITS
    )
    assert (again.fuse(TOPS, PASTS).items == fusion.fuse(TOPS, PASTS).items).all()
    assert next(iter(again.explained().items())) == ("genres", 1.5)
