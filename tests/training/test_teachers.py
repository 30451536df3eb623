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
from chatrec.training.teachers import FILE, FOLDS, KEPT, Lessons, lessons_of

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

    return lessons_of(histories, fit, recent, run, seed=seed, say=lambda text: None)


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


def test_the_shares_are_a_softmax_of_the_mean_of_standard_scores(tmp_path: Path) -> None:
    lessons = taught(people(), tmp_path)
    np.testing.assert_allclose(lessons.shares.sum(axis=1), 1.0, rtol=1e-5)
    first = lessons.items[np.arange(len(lessons.items)), lessons.shares.argmax(axis=1)]
    assert set(first.tolist()) == {5}


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

    lessons_of(histories, fit, 2, tmp_path, seed=1, say=lambda text: None)
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
