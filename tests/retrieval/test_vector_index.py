import logging
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

import chatrec.retrieval.item_index
from chatrec.data.catalog import Catalog
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.retrieval.dense import DenseRetriever
from chatrec.retrieval.item_index import LISTS_FILE, item_index
from chatrec.retrieval.ivf_index import Depth, IvfIndex, measured_depths, partitioned
from chatrec.retrieval.vector_index import ExactIndex, best_of
from chatrec.types import Item, Query
from tests.contracts.vector_index import DIM, N, VectorIndexContract, unit


class TestExact(VectorIndexContract):
    @pytest.fixture
    def empty(self):
        return ExactIndex(DIM)


class TestIvfThatLooksIntoEveryList(VectorIndexContract):
    """Lists of a set that the contract's vectors are no part of; all are looked into."""

    @pytest.fixture
    def empty(self):
        other = partitioned(unit(500, 9), n_lists=4)
        lists, depths = np.zeros(0, dtype=np.int32), (Depth(100 * N, 4, 1.0),)
        partition = replace(other, lists=lists, depths=depths)
        return IvfIndex(np.zeros((0, DIM), dtype=np.float32), partition)


def test_of_equal_scores_at_the_edge_the_lower_rows_are_taken():
    scores = np.random.default_rng(0).integers(0, 3, 400).astype(np.float32)
    rows = np.random.default_rng(1).permutation(400)
    wanted = np.lexsort((rows, -scores))[:50]
    best, found = best_of(scores, rows, 50)
    assert found.tolist() == rows[wanted].tolist()
    assert best.tolist() == scores[wanted].tolist()


def texts(n: int, seed: int):
    """Unit vectors, (n, 32), that vary in 6 directions and a little in all, as texts' do."""
    directions = np.random.default_rng(0).standard_normal((6, 32))
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((n, 6)) @ directions + 0.3 * rng.standard_normal((n, 32))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def many():
    return texts(3000, 1)


@pytest.fixture(scope="module")
def partition(many):
    return partitioned(many, n_lists=32, seed=3)


def recall(found, vectors, queries, k, allowed=None):
    products = queries @ vectors.T
    if allowed is not None:
        shut = np.ones(len(vectors), dtype=bool)
        shut[allowed] = False
        products[:, shut] = -np.inf
    best = np.argsort(-products, axis=1)[:, :k]
    return np.mean([len(set(a) & set(b)) / k for a, b in zip(found, best, strict=True)])


def test_probes_measured_on_a_sample_reach_the_recall_on_other_queries(many, partition):
    index, queries = IvfIndex(many, partition), texts(200, 2)
    assert index.depths[0].k == 100
    assert index.depths[0].recall >= 0.99
    assert index.depths[0].probes < 32
    assert recall(index.search(queries, 100)[1], many, queries, 100) >= 0.99


def test_fewer_allowed_rows_are_found_as_well_as_many(many, partition):
    index, queries = IvfIndex(many, partition), texts(100, 2)
    for share in (0.5, 0.05, 0.02):
        allowed = np.random.default_rng(4).choice(len(many), int(share * len(many)), replace=False)
        _, rows = index.search(queries, 50, allowed)
        assert np.isin(rows, allowed).all()
        assert recall(rows, many, queries, 50, allowed) >= 0.99


def test_deeper_than_was_measured_is_exact(many, partition):
    index, queries = IvfIndex(many, partition), texts(20, 2)
    assert recall(index.search(queries, 2500)[1], many, queries, 2500) == 1.0


def test_more_recall_takes_more_probes(many, partition):
    few = measured_depths(many, partition.centroids, partition.lists, recall=0.8)
    assert few[0].probes < partition.depths[0].probes
    assert 0.8 <= few[0].recall < partition.depths[0].recall


def test_the_same_seed_makes_the_same_lists(many, partition):
    again = partitioned(many, n_lists=32, seed=3)
    assert (again.lists == partition.lists).all()
    assert again.depths == partition.depths


def test_the_given_vectors_are_left_as_they_were(many, partition):
    kept = many.copy()
    index = IvfIndex(many, partition)
    index.replace([0], -many[:1])
    index.remove([1])
    assert (many == kept).all()


def test_the_measured_recall_is_logged(many, caplog):
    with caplog.at_level(logging.INFO):
        found = partitioned(many, n_lists=16)
    assert f"{found.depths[0].recall:.4f} of the best 100" in caplog.text


@pytest.fixture
def workspace(toy_catalogue, tmp_path):
    return Workspace.open(shutil.copytree(toy_catalogue, tmp_path / "toy"))


def test_few_items_are_searched_exactly(workspace):
    assert isinstance(item_index(workspace, unit(50, 1)), ExactIndex)


def test_many_items_are_searched_in_lists_that_are_found_once(workspace, many, monkeypatch):
    assert isinstance(item_index(workspace, many, exact_up_to=3000), ExactIndex)
    first = item_index(workspace, many, exact_up_to=2999)
    monkeypatch.setattr(chatrec.retrieval.item_index, "partitioned", None)  # not called again
    second = item_index(workspace, many, exact_up_to=2999)
    queries = texts(20, 2)
    assert isinstance(second, IvfIndex)
    assert second.depths == first.depths
    assert (second.search(queries, 50)[1] == first.search(queries, 50)[1]).all()


def test_lists_of_other_vectors_are_not_taken(workspace, many):
    item_index(workspace, many[:500], exact_up_to=100)
    other = item_index(workspace, -many[:500], exact_up_to=100)
    assert other.search(-many[:1], 1)[1].tolist() == [[0]]


def altered(path: Path) -> None:
    with safe_open(path, framework="numpy") as stored:
        facts, lists = stored.metadata(), stored.get_tensor("lists")
        others = {name: stored.get_tensor(name) for name in ("centroids", "codebooks")}
    lists[0] = 10_000
    save_file({"lists": lists, **others}, path, metadata=facts)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(("harm", "said"), [(altered, "was altered"), (cut, "is damaged")])
def test_lists_that_were_altered_or_damaged_are_refused(workspace, many, harm, said):
    item_index(workspace, many[:500], exact_up_to=100)
    harm(workspace.cache_dir / LISTS_FILE)
    with pytest.raises(DataError, match=f"{LISTS_FILE} {said}.*delete it"):
        item_index(workspace, many[:500], exact_up_to=100)


class FindsOne:
    """Finds the first row and nothing else."""

    def search(self, queries, k):
        scores, rows = np.full((1, k), -np.inf, dtype=np.float32), np.full((1, k), -1)
        scores[0, 0], rows[0, 0] = 0.5, 0
        return scores, rows


class Even:
    def encode_queries(self, texts):
        return np.ones((len(texts), 3), dtype=np.float32)


def test_dense_retrieval_passes_over_what_its_index_did_not_find():
    catalog = Catalog([Item("a", "Alien"), Item("b", "Brazil")])
    dense = DenseRetriever(catalog, Even(), np.eye(2, 3, dtype=np.float32), FindsOne())
    assert [found.item_id for found in dense.retrieve(Query(text="space"), 2)] == ["a"]
