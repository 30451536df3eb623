from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from chatrec.data.interactions import Histories, Past
from chatrec.errors import DataError
from chatrec.retrieval.collaborative import HistoryModel, Scores
from chatrec.retrieval.item_knn import ItemKnn
from chatrec.training.teachers import (
    FILE,
    FOLDS,
    KEPT,
    Fit,
    Lessons,
    Teachers,
    lessons_of,
    tamed,
    weighed,
)
from chatrec.training.windows import HeldOut

N = 6
SAID: list[str] = []


class Known(ItemKnn):
    """Speaks for item 5 after every past, and more for what was met by those it was fitted on."""

    def __init__(self, fitted: Histories) -> None:
        self.fitted = fitted

    def scores(self, pasts: Sequence[Past]) -> Scores:
        row = self.fitted.counts.astype(np.float32) + 100.0 * (np.arange(self.fitted.n_items) == 5)
        return np.repeat(row[None], len(pasts), axis=0)


def people(n: int = 20) -> Histories:
    return Histories.from_pasts([[user % 3, 3, 4, 5] for user in range(n)], N)


def taught(histories: Histories, run: Path, recent: int = 2, seed: int = 1) -> Lessons:
    def fit(part: Histories) -> list[HistoryModel]:
        SAID.append("fitted")
        return [Known(part)]

    return lessons_by(fit, histories, run, recent, seed)


def lessons_by(
    fit: Fit, histories: Histories, run: Path, recent: int = 2, seed: int = 1
) -> Lessons:
    alone = Teachers(fit, (), (1.0,))
    return lessons_of(histories, alone, recent, run, seed=seed, say=lambda text: None)


class Always(ItemKnn):
    """Gives the same scores to everybody."""

    def __init__(self, row: Sequence[float]) -> None:
        self.row = np.array(row, dtype=np.float32)

    def scores(self, pasts: Sequence[Past]) -> Scores:
        return np.repeat(self.row[None], len(pasts), axis=0)


def test_each_of_the_last_items_but_a_first_one_has_a_lesson(tmp_path: Path) -> None:
    histories = Histories.from_pasts([[0, 1, 2, 3], [4], [5, 0], []], N)
    lessons = taught(histories, tmp_path)
    assert lessons.rows.tolist() == [-1, -1, 0, 1, -1, -1, 2]
    assert lessons.items.shape == lessons.shares.shape == (3, min(KEPT, N))


@pytest.mark.parametrize("how", ["truncated", "altered"])
def test_kept_lessons_that_are_no_longer_what_they_were_are_refused(
    tmp_path: Path, how: str
) -> None:
    lessons = taught(people(), tmp_path)
    file = tmp_path / FILE
    if how == "truncated":
        file.write_bytes(file.read_bytes()[:200])
    else:
        with safe_open(file, framework="numpy") as stored:
            facts = stored.metadata()
        tensors = {"rows": lessons.rows, "items": lessons.items, "shares": lessons.shares * 2}
        save_file(tensors, file, metadata=facts)
    with pytest.raises(DataError, match=r"lessons\.safetensors .*: delete it, it is made again"):
        taught(people(), tmp_path)


def test_what_was_had_and_what_nobody_met_has_no_share(tmp_path: Path) -> None:
    histories = Histories.from_pasts([[0, 1, 2], [2, 1, 0], [1, 0, 2]], N)  # 3 to 5: nobody
    lessons = taught(histories, tmp_path, recent=1)
    for row, last in enumerate([2, 0, 2]):
        shares = np.zeros(N)
        shares[lessons.items[row]] = lessons.shares[row]
        assert np.flatnonzero(shares).tolist() == [last]
        assert shares[last] == 1.0


def test_the_shares_are_a_softmax_of_the_weighed_sum_of_tamed_scores(tmp_path: Path) -> None:
    histories = Histories.from_pasts([[0, 1, 2, 3, 4, 5]] * 6, N)
    rows = [[0.0, 1, 2, 3, 4, 50], [5.0, 4, 3, 2, 1, 0]]
    teachers = Teachers(lambda _: [Always(rows[0])], (Always(rows[1]),), (2.0, 0.5))
    lessons = lessons_of(histories, teachers, 3, tmp_path, seed=1, say=lambda text: None)
    every = np.ones(N, dtype=bool)
    first, second = (tamed(Always(row).scores([[0]]), every)[0] for row in rows)
    logits = 2.0 * first + 0.5 * second
    for lesson, had in enumerate([3, 4, 5] * 6):
        left = np.exp(logits) * (np.arange(N) >= had)
        shares = np.zeros(N)
        shares[lessons.items[lesson]] = lessons.shares[lesson]
        np.testing.assert_allclose(shares, left / left.sum(), atol=1e-5)


def test_tamed_scores_keep_their_order_and_their_signs_and_stand_close() -> None:
    scores = np.array([[-1000.0, 0, 1, 1000, 9e9], [1, 2, 3, 4, 5]], dtype=np.float32)
    candidates = np.array([True, True, True, True, False])
    logs = tamed(scores, candidates)
    assert (np.diff(logs, axis=1) > 0).all()
    among = scores[:, :4]
    standard = (among - among.mean(axis=1, keepdims=True)) / among.std(axis=1, keepdims=True)
    np.testing.assert_allclose(logs[:, :4], np.sign(standard) * np.log1p(abs(standard)), atol=1e-6)


def test_who_knows_what_came_counts_more_and_nobody_less_than_nothing() -> None:
    rng = np.random.default_rng(3)
    pasts = tuple(np.array([item % 5], dtype=np.int32) for item in range(200))
    came = rng.choice([6, 7, 8, 9], p=[0.6, 0.2, 0.15, 0.05], size=200).astype(np.int32)
    knows = np.zeros(10)
    knows[6:] = [6, 3, 2, 1]
    models = [Always(knows), Always(-knows), Always(np.arange(10) % 3)]
    weights = weighed(models, HeldOut(pasts, came), np.ones(10, dtype=bool), seed=1)
    assert weights[0] > 1
    assert weights[1] == 0
    assert min(weights) >= 0


def test_where_nothing_came_that_can_be_recommended_all_count_alike() -> None:
    held = HeldOut((np.array([1, 2], dtype=np.int32),), np.array([2], dtype=np.int32))
    weights = weighed([Always(range(4)), Always(range(4))], held, np.ones(4, dtype=bool), seed=1)
    assert weights == (1.0, 1.0)


def test_lessons_of_other_weights_are_made_anew(tmp_path: Path) -> None:
    for times, weight in enumerate([1.0, 1.0, 2.0]):
        SAID.clear()
        teachers = Teachers(lambda part: [Known(part)], (), (weight,))
        made = lessons_of(people(), teachers, 2, tmp_path, seed=1, say=SAID.append)
        assert len(SAID) == (0 if times == 1 else FOLDS)
        assert made.items.shape[1] == N


def test_nobody_teaches_about_people_that_it_was_fitted_on(tmp_path: Path) -> None:
    histories = people()
    met_with: list[set[str]] = []
    asked: list[int] = []

    def fit(part: Histories) -> list[HistoryModel]:
        met_with.append(set(part.users))

        class Asked(Known):
            def scores(self, pasts: Sequence[Past]) -> Scores:
                asked.append(len(pasts))
                return super().scores(pasts)

        return [Asked(part)]

    lessons_by(fit, histories, tmp_path)
    everybody = set(histories.users)
    left_out = [everybody - fitted for fitted in met_with]
    assert len(met_with) == FOLDS
    assert set.union(*left_out) == everybody
    assert sum(map(len, left_out)) == len(everybody)  # each is left out once
    assert asked == [2 * len(people) for people in left_out if people]


def test_what_was_worked_out_is_read_again_for_the_same_people_alone(tmp_path: Path) -> None:
    first = taught(people(), tmp_path)
    SAID.clear()
    again = taught(people(), tmp_path)
    assert not SAID
    for name in ("rows", "items", "shares"):
        np.testing.assert_array_equal(getattr(again, name), getattr(first, name))
    taught(people(15), tmp_path)
    assert len(SAID) == FOLDS
