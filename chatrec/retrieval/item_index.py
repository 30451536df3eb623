"""The index of a workspace's items: exact while that is quick, approximate beyond.

Knows sizes and the workspace's cache folder, where the lists of an approximate index are kept
with the checksum of the vectors that they were made from, so that a later start need not find
them again; knows nothing about texts or queries. No index file of faiss is ever read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.retrieval.ivf_index import Depth, IvfIndex, Partition, partitioned
from chatrec.retrieval.pgvector_index import PgvectorIndex
from chatrec.retrieval.vector_index import ExactIndex, VectorIndex, Vectors

EXACT_UP_TO = 200_000
LISTS_FILE = "item_lists.safetensors"
TENSORS = ("centroids", "codebooks", "lists")


def exact_index(vectors: Vectors) -> ExactIndex:
    """An exact index of the vectors, (n, dim), in their order."""
    index = ExactIndex(vectors.shape[1])
    index.add(vectors)
    return index


def item_index(
    workspace: Workspace,
    vectors: Vectors,
    *,
    exact_up_to: int = EXACT_UP_TO,
    progress: bool = False,
) -> VectorIndex:
    """An index of the items' vectors, (n, dim): row numbers are item_index.

    Exact up to ``exact_up_to`` items. Beyond, an :class:`IvfIndex`, whose lists are found once
    (minutes for a million) and then read back. DataError where the kept lists were altered.
    """
    if len(vectors) <= exact_up_to:
        return exact_index(vectors)
    key = _sha256(vectors)
    partition = _kept(workspace, key, len(vectors))
    if partition is None:
        partition = partitioned(vectors, progress=progress)
        _keep(workspace, key, partition)
    return IvfIndex(vectors, partition)


def database_index(vectors: Vectors, dsn: str) -> PgvectorIndex:
    """The same over PostgreSQL with pgvector, at libpq's address ``dsn``.

    The table is named after the vectors' checksum and filled by whoever opens it first. DataError
    where the server can't be reached, has no pgvector, or has other rows in that table.
    """
    table = f"chatrec_{_sha256(vectors)[:16]}"
    index = PgvectorIndex(dsn, table, vectors.shape[1])
    index.fill(vectors)
    if (found := len(index)) != len(vectors):
        index.close()
        raise DataError(
            f"the table {table!r} has {found:,} rows, not the {len(vectors):,} items of the "
            f'catalogue: DROP TABLE "{table}", "{table}_facts"; it is filled again'
        )
    return index


def _kept(workspace: Workspace, key: str, n: int) -> Partition | None:
    from safetensors import SafetensorError, safe_open

    path = workspace.cache_path / LISTS_FILE
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="numpy") as stored:
            facts = stored.metadata() or {}
            if facts.get("key") != key:
                return None
            tensors = [stored.get_tensor(name) for name in TENSORS]
        depths = tuple(Depth(**depth) for depth in json.loads(facts["depths"]))
    except (SafetensorError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(f"{path} is damaged ({error}): delete it, it is made again") from error
    if facts.get("checksum") != _sha256(*tensors) or len(tensors[-1]) != n:
        raise DataError(f"{path} was altered since it was written: delete it, it is made again")
    centroids, codebooks, lists = tensors
    return Partition(centroids, codebooks, lists, depths)


def _keep(workspace: Workspace, key: str, partition: Partition) -> None:
    from safetensors.numpy import save

    tensors = {name: getattr(partition, name) for name in TENSORS}
    facts = {
        "key": key,
        "checksum": _sha256(*tensors.values()),
        "depths": json.dumps([asdict(depth) for depth in partition.depths]),
    }
    workspace.write_cached(LISTS_FILE, save(tensors, metadata=facts))


def _sha256(*arrays: NDArray[np.generic]) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.shape} {array.dtype}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
