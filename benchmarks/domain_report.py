"""The figures of benchmarks/domains.py, out of the ranks that its four runs wrote.

Knows ranks by mixture; knows no decoder. Orders are named in ORDERS; every share is chosen on other
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
from domain_ranks import SHARES
from domain_sets import SEED, SOURCES
from numpy.typing import NDArray

from chatrec.metrics import bootstrap_interval, hit_rate, ndcg

METRICS = {"ndcg@10": (ndcg, 10), "hr@10": (hit_rate, 10), "recall@50": (hit_rate, 50)}
HEAD, CENTRED, NONE, POPULARITY = 0, len(SHARES) - 1, 0, len(SHARES) - 1
AS_TUNED, DENSE = "head + popularity, as tuned", "dense"
BY_CASE, TOGETHER = "by case", "together"
DIFFERENCES = (
    ("head", DENSE),
    ("head + centred", DENSE),
    ("head + centred", "centred"),
    ("head + popularity", "popularity"),
    (AS_TUNED, "popularity"),
    ("head + centred + popularity", "popularity"),
    ("head + centred + popularity", "centred + popularity"),
)
COLUMNS = (
    DENSE,
    "centred",
    "head",
    "head + centred",
    "popularity",
    "centred + popularity",
    "head + popularity",
    "head + centred + popularity",
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A domain's cases, as benchmarks/domain_ranks.py ranks them, and whose they are, (C,)."""

    mixed: NDArray[np.float64]
    tuned: NDArray[np.float64]
    dense: NDArray[np.float64]
    users: NDArray[np.int64]


Runs = Mapping[str, Mapping[str, Ranked]]  # by what was left out, then by "NAME part"


def report(out: Path, to: Path) -> None:
    """Write the figures as JSON, and print them as tables for docs/quality.md."""
    names = [name for name in SOURCES if (out / f"{name}.json").is_file()]
    if len(names) < 2:
        sys.exit(f"{out} has the runs {names}: shares are chosen on others, at least 2 are needed")
    runs = {name: _read(out / f"{name}.npz") for name in names}
    facts = {name: json.loads((out / f"{name}.json").read_text("utf-8")) for name in names}
    domains = {name: _domain(name, runs) for name in names}
    first = next(iter(facts.values()))
    told = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": first["command"].split(" --left-out")[0],
        "machine": first["machine"],
        "seed": SEED,
        "not run": [name for name in SOURCES if name not in names],
        "options": first["options"],
        "shares chosen on": f"{_choosing(runs)} users of the other domains",
        "sets": first["sets"],
        "runs": {
            name: {key: f[key] for key in ("steps", "scale", "popularity weight", "seconds")}
            for name, f in facts.items()
        },
        "domains": {
            name: {k: v for k, v in d.items() if k != "by case"} for name, d in domains.items()
        },
        TOGETHER: _together([d[BY_CASE] for d in domains.values()]),
    }
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print("\n".join(tables(told)))


def chosen(ranked: Sequence[Ranked]) -> dict[str, tuple[int, int]]:
    """Which mixture each order is, (a, b) as places in SHARES.

    It is the one with the best mean over ``ranked`` of NDCG@10; of equals the first.
    """
    means = np.mean([ndcg(r.mixed, 10).mean(axis=0) for r in ranked], axis=0)  # (a, b)
    inner = slice(1, POPULARITY)  # some popularity, and not that alone
    both = np.unravel_index(means[:, inner].argmax(), means[:, inner].shape)
    return {
        "centred": (CENTRED, NONE),
        "head": (HEAD, NONE),
        "head + centred": (int(means[:, NONE].argmax()), NONE),
        "popularity": (HEAD, POPULARITY),
        "centred + popularity": (CENTRED, 1 + int(means[CENTRED, inner].argmax())),
        "head + popularity": (HEAD, 1 + int(means[HEAD, inner].argmax())),
        "head + centred + popularity": (int(both[0]), 1 + int(both[1])),
    }


def _domain(name: str, runs: Runs) -> dict[str, Any]:
    own, others = runs[name], [other for other in runs if other != name]
    test = own[f"{name} test"]
    choosing = _choosing(runs)
    places = chosen([runs[other][f"{other} {choosing}"] for other in others])
    orders = _orders(test, places)
    return {
        "users": len(np.unique(test.users)),
        "cases": len(test.users),
        "shares": _shares(places),
        "orders": {order: _figures(ranks, test.users) for order, ranks in orders.items()},
        "differences": _differences(orders, test.users),
        "shares chosen where the adapter learnt": _by_learnt(name, own, test),
        "head that learnt from the domain": [
            {"left out": other, **_figures(seen.mixed[:, HEAD, NONE], seen.users)}
            for other in others
            if (seen := runs[other].get(f"{name} test")) is not None
        ],
        BY_CASE: (orders, test.users),
    }


def _choosing(runs: Runs) -> str:
    """Whose ranks shares are chosen by: the other domains' validation users.

    Their test users where time ran out before the validation users; a domain's own are never asked.
    """
    everywhere = all(f"{name} validation" in found for name, found in runs.items())
    return "validation" if everywhere else "test"


def _by_learnt(name: str, own: Mapping[str, Ranked], test: Ranked) -> dict[str, Any]:
    """The differences with shares chosen on the validation users of what the adapter learnt from.

    There the head knows the items, so that it may get a larger share than it is worth elsewhere.
    """
    known = [r for part, r in own.items() if part.endswith(" validation") and name not in part]
    if not known:
        return {}
    places = chosen(known)
    orders = _orders(test, places)
    return {
        "domains": len(known),
        "shares": _shares(places),
        "ndcg@10": {order: float(ndcg(ranks, 10).mean()) for order, ranks in orders.items()},
        "differences": _differences(orders, test.users),
    }


def _orders(
    ranked: Ranked, places: Mapping[str, tuple[int, int]]
) -> dict[str, NDArray[np.float64]]:
    """The cases' ranks by each order."""
    mixed = {name: ranked.mixed[:, a, b] for name, (a, b) in places.items()}
    return {**mixed, AS_TUNED: ranked.tuned, DENSE: ranked.dense}


def _together(
    domains: Sequence[tuple[Mapping[str, NDArray[np.float64]], NDArray[np.int64]]],
) -> dict[str, Any]:
    """The figures over all domains' cases; a domain's users are its own."""
    users = np.concatenate([rows + 10_000 * n for n, (_, rows) in enumerate(domains)])
    orders = {
        name: np.concatenate([found[name] for found, _ in domains]) for name in (*COLUMNS, AS_TUNED)
    }
    return {
        "orders": {name: _figures(ranks, users) for name, ranks in orders.items()},
        "differences": _differences(orders, users),
    }


def _shares(places: Mapping[str, tuple[int, int]]) -> dict[str, dict[str, float]]:
    return {
        order: {"centred": SHARES[a], "popularity": SHARES[b]} for order, (a, b) in places.items()
    }


def _figures(ranks: NDArray[np.float64], users: NDArray[np.int64]) -> dict[str, Any]:
    values = {name: metric(ranks, k) for name, (metric, k) in METRICS.items()}
    return {
        name: {"mean": float(v.mean()), "interval": bootstrap_interval(v, users)}
        for name, v in values.items()
    }


def _differences(
    orders: Mapping[str, NDArray[np.float64]], users: NDArray[np.int64]
) -> dict[str, Any]:
    found = {}
    for better, worse in DIFFERENCES:
        gains = ndcg(orders[better], 10) - ndcg(orders[worse], 10)
        interval = bootstrap_interval(gains, users)
        found[f"{better} minus {worse}"] = {"mean": float(gains.mean()), "interval": interval}
    return found


def _read(path: Path) -> dict[str, Ranked]:
    with np.load(path) as stored:
        parts = [name.removesuffix(" mixed") for name in stored if name.endswith(" mixed")]
        return {
            part: Ranked(
                *(
                    stored[f"{part} {kind}"].astype(np.float64)
                    for kind in ("mixed", "tuned", "dense")
                ),
                stored[f"{part} users"].astype(np.int64),
            )
            for part in parts
        }


def tables(told: Mapping[str, Any]) -> list[str]:
    """Markdown: NDCG@10 of every order by domain, then the paired differences."""
    everywhere = {**told["domains"], TOGETHER: told[TOGETHER]}
    lines = [
        f"| left out | {' | '.join(COLUMNS)} |",
        f"| --- | {' | '.join('---:' for _ in COLUMNS)} |",
    ]
    for name, figures in everywhere.items():
        cells = [_cell(figures["orders"][order]["ndcg@10"]) for order in COLUMNS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    names = [f"{better} minus {worse}" for better, worse in DIFFERENCES]
    lines += [
        "",
        f"| left out, NDCG@10 | {' | '.join(names)} |",
        f"| --- | {' | '.join('---:' for _ in names)} |",
    ]
    for name, figures in everywhere.items():
        cells = [_signed(figures["differences"][n]) for n in names]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += [
        "",
        "| left out | users | items | HR@10: dense / head / popularity / head + popularity "
        "| recall@50: the same | NDCG@10 of heads that learnt from the domain |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, figures in told["domains"].items():
        cells = [
            " / ".join(
                _short(figures["orders"][order][metric]["mean"])
                for order in (DENSE, "head", "popularity", "head + popularity")
            )
            for metric in ("hr@10", "recall@50")
        ]
        seen = " / ".join(
            _short(known["ndcg@10"]["mean"])
            for known in figures["head that learnt from the domain"]
        )
        items = f"{told['sets'][name]['items']:,}"
        lines.append(f"| {name} | {figures['users']} | {items} | {' | '.join(cells)} | {seen} |")
    return lines


def _cell(figure: Mapping[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{_short(figure['mean'])} [{_short(low)}, {_short(high)}]"


def _short(value: float) -> str:
    return f"{value:.4f}".removeprefix("0")


def _signed(figure: Mapping[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{figure['mean']:+.4f} [{low:+.4f}, {high:+.4f}]"
