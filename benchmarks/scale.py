"""Search among a million items: time, memory and recall of the approximate index on one thread.

Vectors: the embeddings of the real catalogues in ``--data`` (titles of games, books, films and
anime, with what else is short), each used as often as it takes, plus Gaussian noise of ``--sigma``
in every coordinate, of unit length again. 1,000 of the real items are kept out of the index
altogether; the queries are their embeddings with the same noise.

Reported: seconds to build, resident memory before and after, and for k = 100 and 200, and with
only every tenth or hundredth row allowed, the median and 99th percentile of the time of a single
query (on the clock, and of the processor alone, as others may use this machine), and the recall
against the exact answer. ``--compare`` also builds faiss's HNSW graph on the same vectors.

Run: ``OMP_NUM_THREADS=1 python benchmarks/scale.py --data ../shared/data --cache FOLDER
[--items 1000000] [--sigma 0.025] [--compare] [--to JSON]``
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import polars as pl
from safetensors.numpy import load_file, save_file

from chatrec.retrieval.dense import TextEncoder
from chatrec.retrieval.ivf_index import IvfIndex, partitioned
from chatrec.retrieval.vector_index import Rows, Vectors

CATALOGUES = {
    "amazon-video-games": ("title",),
    "anime": ("title", "genres", "type"),
    "book-crossing": ("title", "author"),
    "ml-latest-small": ("title", "genres"),
    "steam": ("title",),
}
LONGEST_TEXT = 400
SEED = 2026
HELD_OUT = 1000
QUERIES = 500
TRUTH_BLOCK = 65_536
WARM_UP = 20
BARS = {"recall_at_100": 0.99, "p50_ms": 10.0, "build_s": 1800.0}

Search = Callable[[Vectors], Rows]


def main() -> None:
    options = _options()
    faiss.omp_set_num_threads(1)
    real = np.concatenate([real_vectors(name, options) for name in CATALOGUES])
    vectors, queries = noisy_set(real, options.items, options.sigma)
    say(f"{len(vectors):,} vectors of {len(real) - HELD_OUT:,} real items, sigma {options.sigma}")
    truth = {name: exact(vectors, queries, allowed) for name, allowed in filters(len(vectors))}
    report = {
        "made_by": " ".join(["python", *sys.argv]),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores shared, one thread used",
        "load_average": os.getloadavg(),
        "real_items": len(real) - HELD_OUT,
        "held_out_items": HELD_OUT,
        "items": len(vectors),
        "dim": int(vectors.shape[1]),
        "sigma": options.sigma,
        "seed": SEED,
        "queries": QUERIES,
        "exact": {"k100": timed(lambda query: best_of_all(vectors, query), queries[:50])},
        "ivf": ivf_figures(vectors, queries, truth),
    }
    if options.compare:
        report["hnsw"] = hnsw_figures(vectors, queries, truth["all"])
    report["bars"] = BARS
    print(json.dumps(report, indent=1))
    if options.to:
        options.to.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def real_vectors(name: str, options: argparse.Namespace) -> Vectors:
    """The embeddings of one catalogue's distinct texts, (n, dim); computed once, then kept."""
    kept = options.cache / f"{name}.safetensors"
    if kept.is_file():
        return load_file(kept)["vectors"]
    frame = pl.read_parquet(options.data / name / "items.parquet").select(CATALOGUES[name])
    texts = list(dict.fromkeys(text for text in map(joined, frame.iter_rows()) if text))
    vectors = TextEncoder().encode(texts, progress=True)
    options.cache.mkdir(parents=True, exist_ok=True)
    save_file({"vectors": vectors}, kept)
    return vectors


def joined(row: tuple[Any, ...]) -> str:
    """The texts of one row, cut to what the encoder reads."""
    parts = [", ".join(value) if isinstance(value, list) else value for value in row]
    return ". ".join(str(part) for part in parts if part)[:LONGEST_TEXT]


def noisy_set(real: Vectors, n: int, sigma: float) -> tuple[Vectors, Vectors]:
    """``n`` vectors made of the real ones, and QUERIES made of those that are held out."""
    rng = np.random.default_rng(SEED)
    shuffled = real[rng.permutation(len(real))]
    held, base = shuffled[:HELD_OUT], shuffled[HELD_OUT:]
    vectors = np.empty((n, real.shape[1]), dtype=np.float32)
    for begin in range(0, n, TRUTH_BLOCK):
        rows = np.arange(begin, min(begin + TRUTH_BLOCK, n))
        vectors[rows] = noisy(base[rows % len(base)], sigma, rng)
    return vectors, noisy(held[:QUERIES], sigma, rng)


def noisy(vectors: Vectors, sigma: float, rng: np.random.Generator) -> Vectors:
    moved = vectors + np.float32(sigma) * rng.standard_normal(vectors.shape, dtype=np.float32)
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def filters(n: int) -> Iterator[tuple[str, Rows | None]]:
    """Which rows may be found: all, every tenth, every hundredth."""
    yield "all", None
    for name, step in (("a_tenth", 10), ("a_hundredth", 100)):
        yield name, np.arange(0, n, step)


def exact(vectors: Vectors, queries: Vectors, allowed: Rows | None, k: int = 200) -> Rows:
    """The true best ``k`` among the allowed rows, (Q, k)."""
    rows = np.arange(len(vectors)) if allowed is None else allowed
    heap = faiss.ResultHeap(len(queries), k, keep_max=True)
    for begin in range(0, len(rows), TRUTH_BLOCK):
        block = rows[begin : begin + TRUTH_BLOCK]
        scores = np.ascontiguousarray(queries @ vectors[block].T)
        heap.add_result(scores, np.ascontiguousarray(np.broadcast_to(block, scores.shape)))
    heap.finalize()
    return heap.I


def best_of_all(vectors: Vectors, query: Vectors, k: int = 100) -> Rows:
    scores = vectors @ query[0]
    top = np.argpartition(-scores, k)[:k]
    return top[np.argsort(-scores[top])][None, :]


def ivf_figures(vectors: Vectors, queries: Vectors, truth: dict[str, Rows]) -> dict[str, Any]:
    before, begin = resident_mb(), time.perf_counter()
    partition = partitioned(vectors, progress=True)
    lists_s, begin = time.perf_counter() - begin, time.perf_counter()
    index = IvfIndex(vectors, partition)
    stored_s = time.perf_counter() - begin
    figures: dict[str, Any] = {
        "build_s": lists_s + stored_s,
        "build_again_from_kept_lists_s": stored_s,
        "lists": len(partition.centroids),
        "depths": [
            {"k": depth.k, "probes": depth.probes, "sampled_recall": depth.recall}
            for depth in partition.depths
        ],
        "resident_mb_before": before,
        "resident_mb_after": resident_mb(),
        "of_which_vectors_mb": vectors.nbytes / 2**20,
        "peak_mb": peak_mb(),
    }
    for name, allowed in filters(len(vectors)):
        for k in (100, 200):
            search = searching(index, k, allowed)
            figures[f"{name}_k{k}"] = timed(search, queries, truth[name][:, :k])
            say(f"ivf {name} k={k}: {figures[f'{name}_k{k}']}")
    return figures


def searching(index: IvfIndex, k: int, allowed: Rows | None) -> Search:
    return lambda query: index.search(query, k, allowed)[1]


def hnsw_figures(vectors: Vectors, queries: Vectors, truth: Rows) -> dict[str, Any]:
    before, begin = resident_mb(), time.perf_counter()
    index = faiss.IndexHNSWFlat(vectors.shape[1], 32, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = 100
    index.add(vectors)
    figures: dict[str, Any] = {
        "build_s": time.perf_counter() - begin,
        "links": 32,
        "ef_construction": 100,
        "resident_mb_before": before,
        "resident_mb_after": resident_mb(),
    }
    for breadth in (100, 200, 400, 800):
        index.hnsw.efSearch = breadth
        figures[f"ef{breadth}_k100"] = timed(
            lambda query: index.search(query, 100)[1], queries, truth[:, :100]
        )
        say(f"hnsw ef={breadth}: {figures[f'ef{breadth}_k100']}")
    return figures


def timed(search: Search, queries: Vectors, truth: Rows | None = None) -> dict[str, float]:
    """Milliseconds of single queries, and the recall of their answers."""
    for query in queries[:WARM_UP]:
        search(query[None, :])
    clock, processor, found = [], [], []
    for query in queries:
        began, worked = time.perf_counter(), time.thread_time()
        found.append(search(query[None, :])[0])
        clock.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.thread_time() - worked))
    figures = {
        "p50_ms": float(np.median(clock)),
        "p99_ms": float(np.percentile(clock, 99)),
        "p50_cpu_ms": float(np.median(processor)),
        "p99_cpu_ms": float(np.percentile(processor, 99)),
    }
    if truth is not None:
        shared = [len(set(a) & set(b)) for a, b in zip(found, truth, strict=True)]
        figures["recall"] = sum(shared) / truth.size
    return figures


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the real catalogues")
    parser.add_argument("--cache", type=Path, required=True, help="keeps their embeddings")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--sigma", type=float, default=0.025)
    parser.add_argument("--compare", action="store_true", help="build an HNSW graph too")
    parser.add_argument("--to", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
