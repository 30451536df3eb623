"""The index of a workspace's items: exact while that is quick, approximate beyond.

Knows sizes and the workspace's cache folder, where the lists of an approximate index are kept
with the checksum of the vectors that they were made from, so that a later start need not find
them again; knows nothing about texts or queries. No index file of faiss is ever read.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from chatrec.data.checksums import arrays_sha256
from chatrec.data.sealed_arrays import read_sealed, seal
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
    key = arrays_sha256({"vectors": vectors})
    partition = _kept(workspace, key)
    if partition is None:
        partition = partitioned(vectors, progress=progress)
        _keep(workspace, key, partition)
    return IvfIndex(vectors, partition)


def database_index(vectors: Vectors, dsn: str) -> PgvectorIndex:
    """The same over PostgreSQL with pgvector, at libpq's address ``dsn``.

    The table is named after the vectors' checksum and filled by whoever opens it first. DataError
    where the server can't be reached, has no pgvector, or has other rows in that table.
    """
    table = f"chatrec_{arrays_sha256({'vectors': vectors})[:16]}"
    index = PgvectorIndex(dsn, table, vectors.shape[1])
    index.fill(vectors)
    if (found := len(index)) != len(vectors):
        index.close()
        raise DataError(
            f"the table {table!r} has {found:,} rows, not the {len(vectors):,} items of the "
            f'catalogue: DROP TABLE "{table}", "{table}_facts"; it is filled again'
        )
    return index


def _kept(workspace: Workspace, key: str) -> Partition | None:
    path, remedy = workspace.cache_path / LISTS_FILE, "delete it, it is made again"
    found = read_sealed(
        path, lambda metadata: metadata.get("key") == key, names=TENSORS, remedy=remedy
    )
    if found is None:
        return None
    tensors, metadata = found
    try:
        depths = tuple(Depth(**depth) for depth in json.loads(metadata["depths"]))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(f"{path} is damaged ({error}): {remedy}") from error
    return Partition(**tensors, depths=depths)


def _keep(workspace: Workspace, key: str, partition: Partition) -> None:
    from safetensors.numpy import save

    tensors = {name: getattr(partition, name) for name in TENSORS}
    depths = json.dumps([asdict(depth) for depth in partition.depths])
    workspace.write_cached(LISTS_FILE, save(tensors, seal(tensors, key=key, depths=depths)))
