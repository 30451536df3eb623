import numpy as np
import pytest

from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.errors import RequestError
from chatrec.evaluation.splits import (
    Protocol,
    Split,
    cases_of_part,
    shuffled,
    split_histories,
)
from chatrec.training.examples import part_of
from chatrec.types import Item

CATALOG = Catalog([Item(str(i), f"Film {i}") for i in range(12)])


def histories(*pasts: list[int], weights: list[float] | None = None) -> Histories:
    made = Histories.from_pasts(pasts, 12)
    times = np.concatenate([np.arange(len(past), dtype=float) for past in pasts])
    given = made.weights if weights is None else np.array(weights, np.float32)
    return Histories(made.users, made.starts, made.items, given, times, 12)


def split_of(made: Histories, protocol: Protocol = "time", targets: int = 2) -> Split:
    return split_histories(made, protocol, targets=targets)


def test_last_items_are_the_cases_the_one_before_is_for_choosing_and_the_rest_is_learnt() -> None:
    split = split_of(histories(list(range(8))))
    assert [(case.past.tolist(), case.target) for case in split.cases] == [
        ([0, 1, 2, 3, 4, 5], 6),
        ([0, 1, 2, 3, 4, 5, 6], 7),
    ]
    assert [(case.past.tolist(), case.target) for case in split.validation] == [
        ([0, 1, 2, 3, 4], 5)
    ]
    assert [past.tolist() for past in split.training] == [[0, 1, 2, 3, 4]]
    assert np.flatnonzero(split.candidates).tolist() == [0, 1, 2, 3, 4]


def test_who_has_too_little_is_not_tested_and_learnt_from_whole() -> None:
    split = split_of(histories(list(range(8)), [11, 10, 9, 8, 7, 6]))
    assert split.tested == [0]
    assert len(split.validation) == 1
    assert [past.tolist() for past in split.training][1] == [11, 10, 9, 8, 7, 6]


def test_an_item_had_before_is_no_case() -> None:
    split = split_of(histories([0, 1, 2, 3, 4, 5, 3, 6]))
    assert [case.target for case in split.cases] == [6]


def test_random_holds_out_the_ends_of_shuffled_histories_whatever_the_times() -> None:
    made = Histories.from_pasts([list(range(10)) for _ in range(20)], 12)
    split = split_of(made, "random", targets=1)
    assert len(split.cases) == 20
    assert len({case.target for case in split.cases}) > 4
    assert all(case.target not in case.past for case in split.cases)
    again = split_of(made, "random", targets=1)
    assert [case.target for case in again.cases] == [case.target for case in split.cases]


def test_shuffling_keeps_to_whom_an_item_and_its_weight_belong() -> None:
    made = histories([0, 1, 2], [3, 4, 5], weights=[0, 1, 2, 3, 4, 5])
    mixed = shuffled(made, 1)
    assert [sorted(past.tolist()) for past in mixed] == [[0, 1, 2], [3, 4, 5]]
    assert mixed.items.tolist() == mixed.weights.tolist() != made.items.tolist()
    assert not mixed.timed


def test_fold_in_tests_users_that_are_not_learnt_from() -> None:
    made = histories(*[list(range(10)) for _ in range(60)])
    split = split_of(made, "foldin")
    parts = [part_of(user, 2026) for user in made.users]
    assert split.tested == [u for u, part in enumerate(parts) if part == "test"] != []
    assert {case.user for case in split.validation} == {
        u for u, part in enumerate(parts) if part == "validation"
    }
    assert len(split.training) == parts.count("train")
    assert [case.target for case in cases_of_part(made, "test", 2)] == [
        case.target for case in split.cases
    ]


def test_a_sample_draws_users_with_all_their_cases() -> None:
    split = split_of(histories(*[list(range(8)) for _ in range(9)]))
    some = split.sample(3, seed=4)
    assert len(some.tested) == 3
    assert len(some.cases) == 6
    assert some.tested == split.sample(3, seed=4).tested != split.sample(3, seed=5).tested
    assert len(split.sample(99, seed=1).tested) == 9
    assert [case.target for case in some.last().cases] == [7, 7, 7]


def test_a_case_is_a_query_whose_worse_rated_items_are_disliked() -> None:
    made = histories(list(range(7)), weights=[5, 1, 4, 4, 4, 5, 5])
    query = split_of(made, targets=1).cases[0].query(CATALOG)
    assert query.history == ("0", "1", "2", "3", "4", "5")
    assert query.disliked == ("1",)  # the mean of these is 3.8
    assert query.seen == frozenset(query.history)


@pytest.mark.parametrize("came", [1.0, 5.0])
def test_what_came_has_no_say_in_what_was_liked_before(came: float) -> None:
    made = histories(list(range(7)), weights=[3, 3, 3, 3, 3, 2, came])
    split = split_of(made, targets=1)
    assert split.cases[0].liked.tolist() == [True] * 5 + [False]
    assert split.validation[0].liked.tolist() == [True] * 5


def test_equal_weights_are_all_liked() -> None:
    made = histories(list(range(7)), weights=[0.1] * 7)
    assert split_of(made, targets=1).cases[0].query(CATALOG).disliked == ()


def test_a_recent_case_knows_the_last_items_alone() -> None:
    case = split_of(histories(list(range(8)))).cases[0].recent(2)
    assert (case.past.tolist(), len(case.liked), case.target) == ([4, 5], 2, 6)


@pytest.mark.parametrize(
    ("made", "protocol", "targets", "message"),
    [
        (Histories.from_pasts([[1, 2, 3, 4, 5, 6]], 12), "time", 1, "needs times"),
        (histories(list(range(8))), "time", 0, "targets is 0"),
        (histories(list(range(5))), "time", 1, "no user has 6 interactions"),
        (histories(list(range(5))), "random", 1, "no user has 6 interactions"),
        (histories(list(range(9))), "foldin", 1, "no user has 6 interactions"),
    ],
)
def test_what_cannot_be_split_is_refused(
    made: Histories, protocol: Protocol, targets: int, message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        split_histories(made, protocol, targets=targets)
