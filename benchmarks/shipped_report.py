"""What ``shipped_adapter.py run`` ranked, as figures with intervals and as Markdown.

Knows ranks, who they belong to, and the first form as the reference; runs no model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shipped_sets import UNRANKED, PackedSet, ranks_of

from chatrec.metrics import Resamples, bootstrap_interval, hit_rate, ndcg

DRAWS = 2000
EVERYTHING = "all sets"
SPLIT = (
    "users by hash, as the adapter was tuned: 85 % train, 5 % validation, 10 % test; {targets} "
    "last items of each test user, one after the other, all items ranked but those met before; "
    "intervals: 95 %, bootstrap over people (who are the same in a set and its -builtin)"
)
COLD = (
    "Test users of whom the last 0, 1 or 3 items before one that they liked (of their last five) "
    "are known; it is what is looked for among all items less the known ones. The message is made "
    'from its facts and names no title. "Wish as learnt": by the maker of the wishes that the '
    'adapter was trained on, which may have been about the same item; "other wish": by the other '
    "maker, in wordings that neither the adapter nor the tuned encoder was trained on, though the "
    'encoder knows its styles. "Dense" is the product\'s dense retrieval with the base encoder, '
    '"dense, tuned" with the shipped one; "blended", where it was run, shares the order between '
    "head and tuned dense retrieval by the adapter's shares. Without message and items neither has "
    "anything to look for. The wish's genres and years are not read as limits, as a conversation "
    "would."
)
BESIDE = (
    'Before this was measured, the product put the adapter beside 4-bit weights ("nf4, adapter '
    'beside"); since, it merges it first and keeps a part in int8 (next section), which later runs '
    'call "nf4".\n'
)
NEAREST = (
    '"nf4" is what the product makes: 4 bits, 8 where 4 harm most (next section), and rounded so '
    'that the errors cancel on prompts of people made up; "rounded to nearest" is the same without '
    "these. Whether a head is fitted, and how strongly, takes training and validation people.\n"
)
ORDERS = ("item head", "blended", "popularity", "dense, tuned", "dense")

Values = NDArray[np.float64]
Entry = dict[str, Any]
DIFFERENCES = (
    ("item head", "popularity"),
    ("item head", "dense, tuned"),
    ("blended", "popularity"),
    ("blended", "dense, tuned"),
)


def figures(folder: Path, forms: Sequence[Entry]) -> Entry:
    """All figures of the forms, whose first is the reference, over the sets in the folder."""
    sets = [PackedSet(path, forms[0]["every"]) for path in sorted(folder.glob("*.npz"))]
    reference = forms[0]
    targets = max(int(data.groups["warm"].column("back").max()) for data in sets)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "device": reference["device"],
        "every": reference["every"],
        "split": SPLIT.format(targets=targets),
        "reference": reference["form"],
        "forms": {form["form"]: form_figures(sets, form, reference) for form in forms},
        "cold": {f["form"]: cold_figures(sets, f["ranks"]) for f in forms if _is_cold(f)},
        "messages": json.loads((folder / "messages.json").read_text("utf-8")),
    }


def form_figures(sets: Sequence[PackedSet], form: Entry, reference: Entry) -> Entry:
    """A form's memory, its NDCG@10, and that less the reference's on the same cases."""
    told = ("device", "last", "weights_bytes", "allocated_bytes", "load_s", "read_s")
    found: Entry = {name: form[name] for name in told}
    found["weights / reference"] = round(form["weights_bytes"] / reference["weights_bytes"], 4)
    found |= {name: form[name] for name in ("cosine", "validation") if name in form}
    found["ndcg@10"] = compared(sets, form["ranks"]["warm"], form["last"], reference)
    if "refit" in form:
        own = form["refit"]
        found["refit"] = {name: own[name] for name in ("validation", "strength")}
        found["refit"]["ndcg@10"] = compared(sets, own["ranks"]["warm"], form["last"], reference)
    return found


def compared(
    sets: Sequence[PackedSet],
    ranks: Mapping[str, Sequence[int]],
    last: int | None,
    reference: Entry,
) -> Entry:
    """NDCG@10 of ranks by set and over all cases, beside the reference's on these cases."""
    users, own, theirs = {}, {}, {}
    for data in sets:
        group = data.groups["warm"]
        kept = np.isin(group.rows, group.last(last).rows)
        users[data.name] = group.last(last).column("user").astype(np.int64)
        own[data.name] = _ndcg(ranks[data.name])
        theirs[data.name] = _ndcg(reference["ranks"]["warm"][data.name])[kept]
    for columns in (users, own, theirs):
        columns[EVERYTHING] = np.concatenate(list(columns.values()))
    return {name: beside(own[name], theirs[name], users[name]) for name in users}


def beside(own: Values, theirs: Values, users: NDArray[np.int64]) -> Entry:
    """The means of two paired columns, their difference and the relative change."""
    change = own.mean() / theirs.mean() - 1 if theirs.any() else float("nan")
    return {
        "users": len(np.unique(users)),
        "cases": len(users),
        "mean": float(own.mean()),
        "interval": bootstrap_interval(own, users),
        "reference": float(theirs.mean()),
        "difference": float((own - theirs).mean()),
        "difference_interval": bootstrap_interval(own - theirs, users),
        "change": float(change),
        "change_interval": change_interval(own, theirs, users),
    }


def change_interval(
    own: Values, theirs: Values, users: NDArray[np.int64], *, seed: int = 0
) -> tuple[float, float]:
    """95 % interval of ``own.mean() / theirs.mean() - 1``, whole users being drawn.

    Draws in which the reference has nothing are left out.
    """
    names, index = np.unique(users, return_inverse=True)
    sums = np.stack([np.bincount(index, weights=values) for values in (own, theirs)])
    picks = np.random.default_rng(seed).integers(0, len(names), (DRAWS, len(names)))
    drawn = sums[:, picks].sum(axis=2)  # (2, DRAWS)
    drawn = drawn[:, drawn[1] > 0]
    if not drawn.size:
        return float("nan"), float("nan")
    low, high = np.quantile(drawn[0] / drawn[1] - 1, [0.025, 0.975])
    return float(low), float(high)


def cold_figures(
    sets: Sequence[PackedSet], ranks: Mapping[str, Mapping[str, Sequence[int]]]
) -> Entry:
    """Every order's HR@10 and NDCG@10 by set, kind of message and number of known items."""
    columns = {
        data.name: _cold_columns(
            data, ranks["cold"][data.name], ranks.get("cold, blended", {}).get(data.name)
        )
        for data in sets
    }
    keys = columns[sets[0].name]
    columns[EVERYTHING] = {k: np.concatenate([c[k] for c in columns.values()]) for k in keys}
    return {name: dict(_cold_rows(of)) for name, of in columns.items()}


def _cold_columns(
    data: PackedSet, ranks: Sequence[int], blended: Sequence[int] | None
) -> dict[str, NDArray[Any]]:
    """What is known of each case; without the blended order where it wasn't run."""
    group = data.groups["cold"]
    targets = group.column("target").astype(np.int64)
    found = {name: group.column(name) for name in ("user", "kind", "known", "style")}
    found["item head"] = np.array(ranks, dtype=np.float64)
    if blended is not None:
        found["blended"] = _ranked(np.array(blended))
    found["popularity"] = ranks_of(data.popularity, targets, group.before).astype(np.float64)
    for name in ("dense", "dense, tuned"):
        found[name] = _ranked(group.column(f"rank {name}"))
    return found


def _ranked(ranks: NDArray[Any]) -> Values:
    return np.where(ranks == UNRANKED, np.inf, ranks.astype(np.float64))


def _cold_rows(columns: dict[str, NDArray[Any]]) -> Iterator[tuple[str, Entry]]:
    for kind in np.unique(columns["kind"]):
        for known in np.unique(columns["known"]):
            kept = (columns["kind"] == kind) & (columns["known"] == known)
            rows = {name: column[kept] for name, column in columns.items()}
            yield f"{kind}, {known} known", _cold_row(rows)


def _cold_row(rows: dict[str, NDArray[Any]]) -> Entry:
    users = rows["user"].astype(np.int64)
    orders = [name for name in ORDERS if name in rows]
    gains = {name: ndcg(rows[name], 10) for name in orders}
    hits = {name: hit_rate(rows[name], 10) for name in orders}
    styles = [str(style) for style in np.unique(rows["style"]) if style]
    return {
        "users": len(np.unique(users)),
        "cases": len(users),
        "orders": {
            name: {"ndcg@10": _mean(gains[name], users), "hr@10": _mean(hits[name], users)}
            for name in orders
        },
        "differences": {
            f"{first} less {second}": _mean(gains[first] - gains[second], users)
            for first, second in DIFFERENCES
            if first in gains
        },
        "ndcg@10 by style": {
            style: {
                "cases": int((rows["style"] == style).sum()),
                **{n: round(float(gains[n][rows["style"] == style].mean()), 4) for n in orders},
            }
            for style in styles
        },
    }


def markdown(found: Entry, name: str) -> str:
    """The figures as text for ``docs/quality.md``; ``name`` is that of their file."""
    every = found["every"]
    part = "" if every == 1 else f" Each {every}th prompt only: a trial of the script, no result."
    lines = [
        f"## The shipped adapter in 4 bits\n\nThe split: {found['split']}. {found['device']}."
        f"{part} [{name}](../benchmarks/results/{name}).\n",
        f"| form | MiB | of {found['reference']} | set | cases | NDCG@10 | "
        f"less {found['reference']} | change |\n"
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    if "nf4, adapter beside" in found["forms"]:
        lines.insert(1, BESIDE)
    if "nf4, rounded to nearest" in found["forms"]:
        lines.insert(1, NEAREST)
    for form, entry in found["forms"].items():
        memory = f"{entry['weights_bytes'] / 2**20:.1f} | {entry['weights / reference']:.3f}"
        lines += _form_rows(form, memory, entry["ndcg@10"])
        if "refit" in entry:
            lines += _form_rows(f"{form}, head fitted to it", memory, entry["refit"]["ndcg@10"])
    for form, sets in found["cold"].items():
        lines.append(f"\n### Cold start with a wish ({form})\n\n{COLD}\n")
        for data, rows in sets.items():
            lines += _cold_table(data, rows)
    return "\n".join(lines)


def _form_rows(form: str, memory: str, sets: Mapping[str, Entry]) -> list[str]:
    return [
        f"| {form} | {memory} | {data} | {e['cases']:,} | {e['mean']:.4f} {_span(e['interval'])} | "
        f"{e['difference']:+.4f} {_span(e['difference_interval'], '+')} | "
        f"{e['change']:+.1%} [{e['change_interval'][0]:+.1%}, {e['change_interval'][1]:+.1%}] |"
        for data, e in sets.items()
    ]


def _cold_table(data: str, rows: Mapping[str, Entry]) -> list[str]:
    first = next(iter(rows.values()))
    columns = [*first["orders"], *first["differences"]]
    lines = [
        f"{data}: NDCG@10 / HR@10, and differences in NDCG@10.\n",
        f"| what is known | cases | {' | '.join(columns)} |",
        f"| --- | ---: |{' ---: |' * len(columns)}",
    ]
    for known, entry in rows.items():
        told = [
            f"{_told(e['ndcg@10'])} / {e['hr@10']['mean']:.3f}" for e in entry["orders"].values()
        ]
        told += [_told(difference, "+") for difference in entry["differences"].values()]
        lines.append(f"| {known} | {entry['cases']:,} | {' | '.join(told)} |")
    return [*lines, ""]


def _told(entry: Entry, sign: str = "") -> str:
    return f"{entry['mean']:{sign}.4f} {_span(entry['interval'], sign)}"


def _span(interval: Sequence[float], sign: str = "") -> str:
    return f"[{interval[0]:{sign}.4f}, {interval[1]:{sign}.4f}]"


def _mean(values: Values, users: NDArray[np.int64]) -> Entry:
    return Resamples(users).mean_with_interval(values)


def _ndcg(ranks: Sequence[int]) -> Values:
    return ndcg(np.array(ranks, dtype=np.float64), 10)


def _is_cold(form: Entry) -> bool:
    return "cold" in form["ranks"]
