"""What every vector index must do, whatever holds its vectors: subclass it with an ``index``."""

from __future__ import annotations

import numpy as np
import pytest

from chatrec.errors import RequestError
from chatrec.retrieval.vector_index import VectorIndex, Vectors

DIM = 8
N = 300
QUERIES = 5


def unit(n: int, seed: int) -> Vectors:
    """Unit vectors, (n, DIM)."""
    vectors = np.random.default_rng(seed).standard_normal((n, DIM)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


VECTORS = unit(N, 1)
ASKED = unit(QUERIES, 2)


def best_rows(vectors: Vectors, query: Vectors, k: int) -> list[int]:
    """The rows with the largest inner products, worked out by plain sorting."""
    return np.argsort(-(vectors @ query), kind="stable")[:k].tolist()


class VectorIndexContract:
    """Needs the fixture ``empty``: an index of width DIM that looks at every vector."""

    @pytest.fixture
    def index(self, empty: VectorIndex) -> VectorIndex:
        empty.add(VECTORS)
        return empty

    def test_finds_the_largest_inner_products_best_first(self, index):
        scores, rows = index.search(ASKED, 10)
        assert scores.shape == rows.shape == (QUERIES, 10)
        assert scores.dtype == np.float32
        assert rows.dtype == np.int64
        for query, found, products in zip(ASKED, rows, scores, strict=True):
            assert found.tolist() == best_rows(VECTORS, query, 10)
            np.testing.assert_allclose(products, VECTORS[found] @ query, atol=1e-5)

    def test_rows_are_numbered_in_the_order_of_adding(self, empty):
        assert empty.add(VECTORS[:3]).tolist() == [0, 1, 2]
        assert empty.add(VECTORS[3:5]).tolist() == [3, 4]
        assert len(empty) == 5
        assert empty.search(VECTORS[4:5], 1)[1].tolist() == [[4]]

    def test_an_empty_index_finds_nothing(self, empty):
        scores, rows = empty.search(ASKED, 3)
        assert len(empty) == 0
        assert rows.tolist() == [[-1] * 3] * QUERIES
        assert np.isneginf(scores).all()

    def test_no_queries_give_no_rows(self, index):
        scores, rows = index.search(np.zeros((0, DIM), dtype=np.float32), 3)
        assert scores.shape == rows.shape == (0, 3)

    def test_more_than_there_are_is_padded(self, empty):
        empty.add(VECTORS[:2])
        scores, rows = empty.search(VECTORS[:1], 4)
        assert rows[0, 0] == 0
        assert sorted(rows[0, :2].tolist()) == [0, 1]
        assert rows[0, 2:].tolist() == [-1, -1]
        assert np.isneginf(scores[0, 2:]).all()

    def test_every_row_can_be_asked_for(self, index):
        _, rows = index.search(ASKED, N)
        assert all(sorted(found.tolist()) == list(range(N)) for found in rows)

    @pytest.mark.parametrize("n_allowed", [1, 7, 150])
    def test_only_allowed_rows_are_found_and_the_best_of_them(self, index, n_allowed):
        allowed = np.random.default_rng(n_allowed).choice(N, n_allowed, replace=False)
        _, rows = index.search(ASKED, 10, allowed)
        for query, found in zip(ASKED, rows, strict=True):
            best = [row for row in best_rows(VECTORS, query, N) if row in set(allowed.tolist())]
            assert found.tolist() == (best[:10] + [-1] * 10)[:10]

    def test_rows_that_are_not_there_are_never_allowed(self, index):
        index.remove([5])
        _, rows = index.search(VECTORS[5:6], 3, [5, 9, N, -7])
        assert rows.tolist() == [[9, -1, -1]]

    def test_where_nothing_is_allowed_nothing_is_found(self, index):
        assert index.search(ASKED, 2, [])[1].tolist() == [[-1, -1]] * QUERIES

    def test_a_removed_row_is_not_found_and_its_number_not_given_again(self, index):
        index.remove([4, N - 1])
        assert len(index) == N - 2
        _, rows = index.search(VECTORS[[4, N - 1]], N)
        assert not {4, N - 1} & set(rows.ravel().tolist())
        assert index.add(VECTORS[4:5]).tolist() == [N]
        assert index.search(VECTORS[4:5], 1)[1].tolist() == [[N]]

    def test_a_replaced_row_is_found_by_its_new_vector_alone(self, index):
        index.replace([3, 8], -VECTORS[[3, 8]])
        assert len(index) == N
        assert index.search(-VECTORS[[3, 8]], 1)[1].tolist() == [[3], [8]]
        assert index.search(VECTORS[3:4], N)[1][0].tolist()[-1] == 3

    @pytest.mark.parametrize("rows", [[N], [-1], [2, N]])
    def test_rows_that_are_not_there_cannot_be_removed(self, index, rows):
        with pytest.raises(RequestError, match=f"row {rows[-1]} is not in the index"):
            index.remove(rows)
        assert len(index) == N

    def test_a_row_cannot_be_removed_twice(self, index):
        index.remove([2])
        with pytest.raises(RequestError, match="row 2 is not in the index"):
            index.remove([2])
        with pytest.raises(RequestError, match="given twice"):
            index.remove([3, 3])
        assert len(index) == N - 1

    def test_vectors_of_another_width_are_refused(self, index):
        wide = np.ones((1, DIM + 1), dtype=np.float32)
        for refused in (
            lambda: index.add(wide),
            lambda: index.search(wide, 1),
            lambda: index.replace([0], wide),
            lambda: index.replace([0, 1], VECTORS[:1]),
        ):
            with pytest.raises(RequestError, match="do not fit this index"):
                refused()
        assert len(index) == N

    def test_vectors_that_are_not_finite_are_refused(self, index):
        bad = VECTORS[:2].copy()
        bad[1, 3] = np.nan
        with pytest.raises(RequestError, match="vector 1 has a value that is not finite"):
            index.add(bad)
        assert len(index) == N

    def test_k_below_one_is_refused(self, index):
        with pytest.raises(RequestError, match="k is 0"):
            index.search(ASKED, 0)
