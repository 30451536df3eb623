"""The figures of benchmarks/domains.py, out of the ranks that its four runs wrote.

Knows ranks by order and weight of popularity; knows no decoder. Every weight is chosen on other
domains than the one that is reported on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from domain_ranks import BY_PAST, DECODERS, LIKENESSES, ORDERS, POPULARITY, TEXTS
from domain_sets import SEED, SOURCES
from numpy.typing import NDArray

from chatrec.metrics import Resamples, hit_rate, ndcg

METRICS = {"ndcg@10": (ndcg, 10), "hr@10": (hit_rate, 10), "recall@50": (hit_rate, 50)}
TEXT, DECODER, WITH = "text score", "decoder", " + popularity"
OWN = " by past"  # chosen by each person's own past, and not by other domains
KINDS = {**{kind: (kind,) for kind in LIKENESSES}, TEXT: TEXTS, DECODER: DECODERS}
COLUMNS = (
    *KINDS,
    TEXT + OWN,
    DECODER + OWN,
    "popularity",
    *(kind + WITH for kind in KINDS),
    TEXT + WITH + OWN,
    DECODER + WITH + OWN,
)
DIFFERENCES = (
    *((kind + by, dense) for kind in (TEXT, DECODER) for by in ("", OWN) for dense in LIKENESSES),
    *((DECODER + by, TEXT + by) for by in ("", OWN)),
    ("centred" + WITH, "popularity"),
    *((kind + WITH + by, "popularity") for kind in (TEXT, DECODER) for by in ("", OWN)),
    *((kind + WITH + OWN, "centred" + WITH) for kind in (TEXT, DECODER)),
    *((DECODER + WITH + by, TEXT + WITH + by) for by in ("", OWN)),
)
BY_CASE, TOGETHER = "by case", "together"
TOLD = """## Domains left out

One adapter learns from three of four domains (1,000 users each, tails of 60 items) and ranks
everything in the fourth, by texts alone; test users' last five items, all items ranked, what they
had left out. "Dense" is the mean of the last ten items' text vectors, "history centred" that
less the catalogue's mean, "centred" the same with the items' vectors centred too. "Text score" is
the density of the met items, newer ones weighing more, at each item (nothing in it but a scale is
learnt; its kernels were looked for on validation and training users of all four domains); "decoder"
what the tuned decoder makes of that: which of the met items count, how far to trust texts, and a
direction. Dense retrieval without words was "history centred" that morning, and is the text score
with the first of four kernels since, over the last 20 items. Which kernel, how much of the
direction and how much popularity was chosen on {chosen}; "by past" on each
person's own items before, as if each were to be foretold.
Steps taken: {steps}.
"""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A domain's cases, as benchmarks/domain_ranks.py ranks them, and whose they are, (C,)."""

    mixed: NDArray[np.float64]
    by_past: NDArray[np.float64]
    popularity: NDArray[np.float64]
    users: NDArray[np.int64]


# Of each column: places in ORDERS and in POPULARITY, or a place in BY_PAST and none.
Places = Mapping[str, tuple[int, int | None]]
Orders = Mapping[str, NDArray[np.float64]]  # the cases' ranks by each column


def report(out: Path, to: Path) -> None:
    """Write the figures as JSON, and print them as tables for docs/quality.md."""
    names = [name for name in SOURCES if (out / f"{name}.json").is_file()]
    if len(names) < 2:
        sys.exit(f"{out} has the runs {names}: weights are chosen on others, at least 2 are needed")
    runs = {name: _read(out / f"{name}.npz") for name in names}
    facts = {name: json.loads((out / f"{name}.json").read_text("utf-8")) for name in names}
    choosing = "validation" if all("validation" in run for run in runs.values()) else "test"
    domains = {name: _domain(name, runs, choosing) for name in names}
    first = next(iter(facts.values()))
    told = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": first["command"].split(" --left-out")[0],
        "machine": first["machine"],
        "seed": SEED,
        "not run": [name for name in SOURCES if name not in names],
        "options": first["options"],
        "weights chosen on": f"{choosing} users of the other domains",
        "sets": first["sets"],
        "runs": {
            name: {key: f[key] for key in ("steps", "text score", "seconds")}
            for name, f in facts.items()
        },
        "domains": {
            name: {k: v for k, v in d.items() if k != BY_CASE} for name, d in domains.items()
        },
        TOGETHER: _together([d[BY_CASE] for d in domains.values()]),
    }
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print("\n".join(tables(told)))


def chosen(ranked: Sequence[Ranked]) -> Places:
    """Which mixture each column is: the best by the mean over ``ranked`` of NDCG@10.

    Of equals it is the first. With popularity there is some of it; by each person's past there may
    be none.
    """
    means = np.mean([ndcg(r.mixed, 10).mean(axis=0) for r in ranked], axis=0)
    found: dict[str, tuple[int, int | None]] = {
        order + OWN: (row, None) for row, order in enumerate(BY_PAST)
    }
    for kind, orders in KINDS.items():
        rows = [ORDERS.index(order) for order in orders]
        found[kind] = (rows[int(means[rows, 0].argmax())], 0)
        best = np.unravel_index(means[rows, 1:].argmax(), means[rows, 1:].shape)
        found[kind + WITH] = (rows[int(best[0])], 1 + int(best[1]))
    return found


def _domain(name: str, runs: Mapping[str, Mapping[str, Ranked]], choosing: str) -> dict[str, Any]:
    test = runs[name]["test"]
    places = chosen([run[choosing] for other, run in runs.items() if other != name])
    orders = _orders(test, places)
    return {
        "users": len(np.unique(test.users)),
        "cases": len(test.users),
        "weights": {
            column: {"by past": BY_PAST[row]}
            if weight is None
            else {"order": ORDERS[row], "popularity": POPULARITY[weight]}
            for column, (row, weight) in places.items()
        },
        "orders": {column: _figures(ranks, test.users) for column, ranks in orders.items()},
        "differences": _differences(orders, test.users),
        "ndcg@10 of all mixtures, to look at": {
            order: np.round(ndcg(test.mixed[:, row], 10).mean(axis=0), 4).tolist()
            for row, order in enumerate(ORDERS)
        },
        BY_CASE: (orders, test.users),
    }


def _orders(ranked: Ranked, places: Places) -> Orders:
    mixed = {
        column: ranked.by_past[:, row] if weight is None else ranked.mixed[:, row, weight]
        for column, (row, weight) in places.items()
    }
    return {**mixed, "popularity": ranked.popularity}


def _together(domains: Sequence[tuple[Orders, NDArray[np.int64]]]) -> dict[str, Any]:
    """The figures over all domains' cases; a domain's users are its own."""
    users = np.concatenate([rows + 10_000 * n for n, (_, rows) in enumerate(domains)])
    orders = {name: np.concatenate([found[name] for found, _ in domains]) for name in COLUMNS}
    return {
        "orders": {name: _figures(ranks, users) for name, ranks in orders.items()},
        "differences": _differences(orders, users),
    }


def _figures(ranks: NDArray[np.float64], users: NDArray[np.int64]) -> dict[str, Any]:
    resamples = Resamples(users)
    return {
        name: resamples.mean_with_interval(metric(ranks, k))
        for name, (metric, k) in METRICS.items()
    }


def _differences(orders: Orders, users: NDArray[np.int64]) -> dict[str, Any]:
    resamples = Resamples(users)
    return {
        f"{better} minus {worse}": resamples.mean_with_interval(
            ndcg(orders[better], 10) - ndcg(orders[worse], 10)
        )
        for better, worse in DIFFERENCES
    }


def _read(path: Path) -> dict[str, Ranked]:
    with np.load(path) as stored:
        parts = [name.removesuffix(" mixed") for name in stored if name.endswith(" mixed")]
        return {
            part: Ranked(
                stored[f"{part} mixed"].astype(np.float64),
                stored[f"{part} by past"].astype(np.float64),
                stored[f"{part} popularity"].astype(np.float64),
                stored[f"{part} users"].astype(np.int64),
            )
            for part in parts
        }


def markdown(told: Mapping[str, Any], source: str) -> str:
    """The part of docs/quality.md: what was done, where it comes from, and the tables."""
    steps = ", ".join(f"{name} {run['steps']:,}" for name, run in told["runs"].items())
    opening = TOLD.format(chosen=told["weights chosen on"], steps=steps)
    made_by = f"{source}; {told['machine']['gpu']}, seed {told['seed']}.\n\n"
    return f"{opening}\n{made_by}" + "\n".join(tables(told)) + "\n"


def tables(told: Mapping[str, Any]) -> list[str]:
    """Markdown: NDCG@10 of every column by domain, the paired differences, and other figures."""
    everywhere = {**told["domains"], TOGETHER: told[TOGETHER]}
    cells = {
        name: [_cell(figures["orders"][column]["ndcg@10"]) for column in COLUMNS]
        for name, figures in everywhere.items()
    }
    names = [f"{better} minus {worse}" for better, worse in DIFFERENCES]
    differences = {
        name: [_signed(figures["differences"][n]) for n in names]
        for name, figures in everywhere.items()
    }
    metrics = [m for m in METRICS if m != "ndcg@10"]
    others = {
        f"{name}, {metric}": [
            _short(figures["orders"][column][metric]["mean"]) for column in COLUMNS
        ]
        for name, figures in everywhere.items()
        for metric in metrics
    }
    return [
        *_table("NDCG@10, left out", everywhere, COLUMNS, cells),
        "",
        *_table("NDCG@10", names, tuple(everywhere), _turned(names, differences)),
        "",
        *_table("left out", others, COLUMNS, others),
    ]


def _turned(names: Sequence[str], by_domain: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: [row[n] for row in by_domain.values()] for n, name in enumerate(names)}


def _table(
    corner: str, rows: Sequence[str] | Mapping[str, Any], columns: Sequence[str], cells: Any
) -> list[str]:
    lines = [f"| {corner} | {' | '.join(columns)} |", "| --- |" + " ---: |" * len(columns)]
    return lines + [f"| {row} | {' | '.join(cells[row])} |" for row in rows]


def _cell(figure: Mapping[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{_short(figure['mean'])} [{_short(low)}, {_short(high)}]"


def _short(value: float) -> str:
    return f"{value:.4f}".removeprefix("0")


def _signed(figure: Mapping[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{figure['mean']:+.4f} [{low:+.4f}, {high:+.4f}]"
