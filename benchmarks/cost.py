"""What indexing and learning cost as a catalogue and its interactions grow: seconds and memory.

Two sweeps, each size in a process of its own on one thread:

- items, with 100,000 interactions however many items there are;
- interactions, with 3,000 items.

The histories are drawn: items by Zipf's law (the r-th most popular as often as 1 / (r + 10)), 50 a
user on average (geometric), no item twice by one user. Drawn independently, they have more
different pairs than people's real histories, which is the hard case for item-kNN. Seconds are the
processor's (user and system), as others may use this machine; memory is the peak while it ran less
what was resident before (libraries, data). Reading files is no part of either. What takes more
than ``--limit`` seconds is stopped, and what is bound to by its growth so far isn't begun; the
report says so. The exponent is the slope of log seconds against log size over the last three sizes
(of those that take over 0.1 s): what it grows towards.

Measured: the embedding of texts (the built-in films', MiniLM), the lexical index, the exact vector
index and the one in lists (random unit vectors of 384, which need not be embedded here), item-kNN,
EASE, ALS (64 factors, 15 iterations) and one epoch of SASRec (sampled softmax, 1,024 negatives).

Run: ``python benchmarks/cost.py --to JSON [--only ease,als] [--limit 60]`` (what the file has
already is kept), then ``python benchmarks/cost.py --to JSON --plot FILE``
"""

import argparse
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

SEED = 2026
DIM = 384
PER_USER = 50
FLATTENED = 10
FIXED_INTERACTIONS, FIXED_ITEMS = 100_000, 3_000
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
OF_ITEMS = ("embedding", "lexical", "exact", "lists")  # what interactions have no say in
SIZES_OF = {"embedding": (100, 300, 1_000), "exact": SIZES[:5], "lists": SIZES[2:]}
TELLING_S = 0.1  # below, the constant part of the cost hides how it grows
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
THREAD = dict.fromkeys(THREADS, "1")

Work = Callable[[], Any]


def main() -> None:
    options = _options()
    if options.child:
        part, sweep, size = options.child.split(":")
        print(json.dumps(measured(part, sweep, int(size))))
        return
    report = json.loads(options.to.read_text("utf-8")) if options.to.is_file() else begun()
    if options.plot:
        plot(report, options.plot)
        return
    for part in options.only.split(",") if options.only else PARTS:
        for sweep in sweeps(part):
            run_sweep(report, part, sweep, options)
    print(table(report))


def begun() -> dict[str, Any]:
    """A report without figures."""
    return {
        "made_by": "python benchmarks/cost.py",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores shared, one thread used",
        "seed": SEED,
        "fixed": {"interactions": FIXED_INTERACTIONS, "items": FIXED_ITEMS, "per_user": PER_USER},
        "figures": [],
        "exponents": {},
    }


def sweeps(part: str) -> tuple[str, ...]:
    """What can grow: only catalogues have texts, vectors and words."""
    return ("items",) if part in OF_ITEMS else ("items", "interactions")


def run_sweep(report: dict[str, Any], part: str, sweep: str, options: argparse.Namespace) -> None:
    """Measure the sizes that the report lacks, and write it after each."""
    for size in SIZES_OF.get(part, SIZES):
        rows = [row for row in report["figures"] if (row["part"], row["sweep"]) == (part, sweep)]
        if any(row["size"] == size for row in rows):
            continue
        figures = reason_to_skip(rows, size, options.limit) or outcome(part, sweep, size, options)
        report["figures"].append({"part": part, "sweep": sweep, "size": size, **figures})
        report["exponents"].setdefault(part, {})[sweep] = exponent([*rows, report["figures"][-1]])
        options.to.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        print(part, sweep, size, figures, file=sys.stderr, flush=True)


def reason_to_skip(rows: list[dict[str, Any]], size: int, limit: float) -> dict[str, str] | None:
    """Why this size needn't be tried, if so."""
    if rows and "skipped" in rows[-1]:
        return {"skipped": "a smaller size was not measured either"}
    slope = exponent(rows)
    if slope is None:
        return None
    expected = rows[-1]["cpu_s"] * (size / rows[-1]["size"]) ** slope
    if expected > 2 * limit:
        return {
            "skipped": f"by its growth it would take about {expected:.0f} s (limit {limit:g} s)"
        }
    return None


def outcome(part: str, sweep: str, size: int, options: argparse.Namespace) -> dict[str, Any]:
    """The figures of one size, measured in a process of its own."""

    def limited() -> None:
        most = math.ceil(options.limit) + options.start_s
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))

    ran = subprocess.run(
        [sys.executable, __file__, "--to", str(options.to), "--child", f"{part}:{sweep}:{size}"],
        capture_output=True, text=True, check=False, env=os.environ | THREAD, preexec_fn=limited,
    )  # fmt: skip
    if ran.returncode == 0:
        found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
        return found
    if ran.returncode < 0:
        return {"skipped": f"stopped after {options.limit:g} s of processor time"}
    return {"skipped": ran.stderr.strip().splitlines()[-1]}


def measured(part: str, sweep: str, size: int) -> dict[str, float]:
    """Seconds of processor time and on the clock, and peak memory, of one piece of work."""
    items, interactions = (size, FIXED_INTERACTIONS) if sweep == "items" else (FIXED_ITEMS, size)
    work = PARTS[part](items, interactions)
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before, clock, processor = memory_mb("VmRSS"), time.perf_counter(), time.process_time()
    kept = work()
    figures = {
        "cpu_s": time.process_time() - processor,
        "clock_s": time.perf_counter() - clock,
        "peak_mb": memory_mb("VmHWM") - before,
        "kept_mb": memory_mb("VmRSS") - before,
    }
    del kept
    return figures


def histories(items: int, interactions: int) -> Any:
    """Drawn histories with about so many interactions."""
    from chatrec.data.interactions import Histories

    rng = np.random.default_rng(SEED)
    popularity = np.cumsum(1 / (np.arange(items) + 1 + FLATTENED))
    renamed = rng.permutation(items)
    pasts, left = [], interactions
    while left > 0:
        length = min(int(rng.geometric(1 / PER_USER)), left, items // 2)
        drawn = np.searchsorted(popularity, rng.uniform(0, popularity[-1], 3 * length))
        once = drawn[np.sort(np.unique(drawn, return_index=True)[1])][:length]
        pasts.append(renamed[once].astype(np.int32))
        left -= len(once)
    return Histories.from_pasts(pasts, items)


def embedding(items: int, interactions: int) -> Work:
    from chatrec.data.catalog import builtin_films, item_text
    from chatrec.retrieval.encoder import TextEncoder

    encoder = TextEncoder()
    encoder.encode(["to load it"])
    texts = [item_text(item) for item in list(builtin_films())[:items]]
    return lambda: encoder.encode(texts)


def lexical(items: int, interactions: int) -> Work:
    from chatrec.data.catalog import Catalog, builtin_films
    from chatrec.retrieval.lexical import LexicalRetriever

    films = list(builtin_films())
    catalog = Catalog([replace(films[row % len(films)], item_id=str(row)) for row in range(items)])
    return lambda: LexicalRetriever(catalog)


def exact(items: int, interactions: int) -> Work:
    from chatrec.retrieval.item_index import exact_index

    drawn = unit_vectors(items)
    exact_index(drawn[:10])  # loads faiss
    return lambda: exact_index(drawn)


def lists(items: int, interactions: int) -> Work:
    from chatrec.retrieval.item_index import exact_index
    from chatrec.retrieval.ivf_index import IvfIndex, partitioned

    drawn = unit_vectors(items)
    exact_index(drawn[:10])
    return lambda: IvfIndex(drawn, partitioned(drawn))


def unit_vectors(n: int) -> Any:
    drawn = np.random.default_rng(SEED).standard_normal((n, DIM), dtype=np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn


def item_knn(items: int, interactions: int) -> Work:
    from chatrec.retrieval.item_knn import ItemKnn

    given = histories(items, interactions)
    return lambda: ItemKnn.fit(given)


def ease(items: int, interactions: int) -> Work:
    from chatrec.retrieval.ease import Ease

    given = histories(items, interactions)
    return lambda: Ease.fit(given)


def als(items: int, interactions: int) -> Work:
    from chatrec.retrieval.als import Als

    given = histories(items, interactions)
    return lambda: Als.fit(given)


def sasrec(items: int, interactions: int) -> Work:
    from chatrec.training.sequential import SequentialOptions, train_sequential
    from chatrec.training.windows import HeldOut

    given = histories(items, interactions)
    options = SequentialOptions(epochs=1, seed=SEED)
    nobody = HeldOut((), np.zeros(0, dtype=np.int32))

    def work() -> Any:
        with tempfile.TemporaryDirectory() as folder:
            return train_sequential(given, nobody, options, Path(folder))

    return work


PARTS: dict[str, Callable[[int, int], Work]] = {
    "embedding": embedding,
    "lexical": lexical,
    "exact": exact,
    "lists": lists,
    "item_knn": item_knn,
    "ease": ease,
    "als": als,
    "sasrec": sasrec,
}


def exponent(rows: list[dict[str, Any]]) -> float | None:
    """The slope of log seconds against log size at the end; None with fewer than two sizes."""
    told = [row for row in rows if row.get("cpu_s", 0.0) >= TELLING_S][-3:]
    if len(told) < 2:
        return None
    sizes, seconds = (np.log([row[name] for row in told]) for name in ("size", "cpu_s"))
    return float(np.polyfit(sizes, seconds, 1)[0])


def table(report: dict[str, Any]) -> str:
    """Seconds and megabytes by size, a Markdown row for each part and sweep."""
    sizes = sorted({row["size"] for row in report["figures"]})
    lines = ["| what, against | " + " | ".join(f"{size:,}" for size in sizes) + " | exponent |"]
    lines.append("| --- |" + " --- |" * (len(sizes) + 1))
    for part, by_sweep in report["exponents"].items():
        for sweep, slope in by_sweep.items():
            cells = {
                row["size"]: cell(row)
                for row in report["figures"]
                if (row["part"], row["sweep"]) == (part, sweep)
            }
            row = " | ".join(cells.get(size, "") for size in sizes)
            grows = "" if slope is None else f"{slope:.2f}"
            lines.append(f"| {part}, {sweep} | {row} | {grows} |")
    return "\n".join(lines)


def cell(row: dict[str, Any]) -> str:
    return "-" if "skipped" in row else f"{row['cpu_s']:.3g} s, {row['peak_mb']:.0f} MB"


def plot(report: dict[str, Any], to: Path) -> None:
    """Seconds and memory against items and against interactions, on logarithmic axes."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(11, 8), sharex="col", constrained_layout=True)
    for column, sweep in enumerate(("items", "interactions")):
        for part in PARTS:
            rows = [
                row
                for row in report["figures"]
                if (row["part"], row["sweep"]) == (part, sweep) and "skipped" not in row
            ]
            if not rows:
                continue
            slope = report["exponents"][part][sweep]
            label = part if slope is None else f"{part}: n^{slope:.2f}"
            look = {"marker": "o", "color": f"C{list(PARTS).index(part)}"}
            sizes = [row["size"] for row in rows]
            seconds = [max(row["cpu_s"], 1e-3) for row in rows]
            axes[0][column].plot(sizes, seconds, label=label, **look)
            axes[1][column].plot(sizes, [max(row["peak_mb"], 1) for row in rows], **look)
        axes[0][column].legend(fontsize=8)
        axes[1][column].set_xlabel(sweep)
    axes[0][0].set_ylabel("seconds of one core")
    axes[1][0].set_ylabel("peak memory, MB")
    axes[0][0].set_title(f"{FIXED_INTERACTIONS:,} interactions")
    axes[0][1].set_title(f"{FIXED_ITEMS:,} items")
    for axis in axes.ravel():
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.grid(alpha=0.3)
    figure.savefig(to, dpi=120)


def memory_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, required=True, help="the report, JSON")
    parser.add_argument("--only", help=f"of {', '.join(PARTS)}; all unless given")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of processor time")
    parser.add_argument("--start-s", type=int, default=30, help="more, for loading and drawing")
    parser.add_argument("--plot", type=Path, help="draw the report instead")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
