"""Figures, plot and Markdown of what ``few_shot.py run`` measured."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import few_shot_liking as liking
import matplotlib
import numpy as np
from few_shot_runs import read_lines
from numpy.typing import NDArray
from quality_parts import Lines, Result, figure, source, spread, table

from chatrec.metrics import Resamples, hit_rate, ndcg

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "chatrec"  # the same figures, the same file
from matplotlib import pyplot as plt  # noqa: E402  (after the backend was chosen)

ROOT = Path(__file__).resolve().parent.parent
DRAWS = 2000
PUBLISHED: Mapping[str, Mapping[int, float]] = {  # TALLRec, 7 billion parameters
    "film": {16: 0.6724, 64: 0.6748, 256: 0.7198},
    "book": {16: 0.5636, 64: 0.6039, 256: 0.6438},
}
UNTUNED = 0
Floats = NDArray[np.float64]


def write_result(packed: Path, out: Path) -> dict[str, Any]:
    """The result of all parts in ``out``, written with its plot; its file's name is under "file".

    FileExistsError where there is one of the day.
    """
    parts = {path.stem: read_lines(path) for path in sorted(out.glob("*.jsonl"))}
    result: dict[str, Any] = {
        "made_by": f"python {' '.join(sys.argv)}",
        "measured_by": "python benchmarks/few_shot.py run PACKED PART... --to OUT",
        "machines": {name: _runs(lines) for name, lines in parts.items()},
        "liking": {
            name: liking_figures(name, _packed(packed, name, parts[name]), parts[name])
            for name in PUBLISHED
            if name in parts
        },
        "ranking": {
            name.removeprefix("ranking-"): ranking_figures(lines)
            for name, lines in parts.items()
            if name.startswith("ranking-")
        },
    }
    name = f"{datetime.now(UTC):%Y-%m-%d}-few-shot.json"
    with (ROOT / "benchmarks" / "results" / name).open("x", encoding="utf-8") as file:
        file.write(json.dumps(result, indent=1) + "\n")
    draw_few_shot(result, ROOT / "docs" / "plots" / "few-shot.svg")
    return {"file": name, **result}


def liking_figures(
    name: str, parts: Mapping[str, Sequence[liking.Asked]], lines: Sequence[Result]
) -> dict[str, Any]:
    """AUC by number of examples, with intervals by users and by rows, and the baselines' AUC."""
    test = parts["test"]
    if any(line["scores"] and len(line["scores"]) != len(test) for line in _measured(lines)):
        raise ValueError(f"{name}: the scores are of other rows than the packed ones")
    liked = np.array([row.liked for row in test])
    measure = _AucIntervals(liked, np.array([row.user for row in test]))
    untuned = np.array([line["scores"] for line in _measured(lines) if line["examples"] == UNTUNED])
    share, points = _history_share(test), []
    for n, own in _by_size(lines).items():
        scores = np.array([line["scores"] for line in own])  # (seeds, rows)
        told = {"examples": n, "seeds": [line.get("seed") for line in own]}
        told |= {"by seed": [liking.auc(row, liked) for row in scores]}
        told |= {"settings": [_settings(line) for line in own]}
        told |= {"auc": measure(scores), "less untuned": measure(scores, untuned)}
        points.append(told | {"less share of liked": measure(scores, share)})
    return {
        "rows": len(test),
        "users": len({row.user for row in test}),
        "liked": int(liked.sum()),
        "training rows": len(parts["train"]),
        "points": points,
        "baselines": {
            "share of liked in the prompt": measure(share),
            "the item's share of liked in all training rows": measure(
                _item_share(parts["train"], test)
            ),
        },
        "published": {str(n): value for n, value in PUBLISHED[name].items()},
        "chosen": [line for line in lines if "chosen" in line],
    }


class _AucIntervals:
    """Mean AUC over seeds, with 95 % intervals from one set of draws."""

    def __init__(self, liked: NDArray[np.bool_], users: NDArray[np.int64]) -> None:
        self._liked = liked
        rng = np.random.default_rng(0)
        rows = [np.flatnonzero(users == user) for user in np.unique(users)]
        n = len(liked)
        self._by_rows = [rng.integers(0, n, n) for _ in range(DRAWS)]
        self._by_users = [
            np.concatenate([rows[pick] for pick in rng.integers(0, len(rows), len(rows))])
            for _ in range(DRAWS)
        ]

    def __call__(self, scores: Floats, less: Floats | None = None) -> dict[str, Any]:
        """Of scores (seeds, rows), or of their mean AUC less that of others."""

        def mean(rows: Any) -> float:
            own, other = (
                0.0 if s is None else np.mean([liking.auc(r[rows], self._liked[rows]) for r in s])
                for s in (scores, less)
            )
            return float(own - other)

        told: dict[str, Any] = {"mean": mean(slice(None))}
        for name, draws in (("interval", self._by_users), ("by rows", self._by_rows)):
            low, high = np.nanquantile([mean(rows) for rows in draws], [0.025, 0.975])
            told[name] = (float(low), float(high))
        return told


def _history_share(rows: Sequence[liking.Asked]) -> Floats:
    past = np.array([row.past for row in rows], dtype=np.float64)  # (n, 2)
    return ((past[:, 0] + 1) / (past.sum(axis=1) + 2))[None]


def _item_share(train: Sequence[liking.Asked], rows: Sequence[liking.Asked]) -> Floats:
    """Each target's share of liked in training, with one row of the mean share added."""
    mean = float(np.mean([row.liked for row in train]))
    told: dict[str, list[bool]] = {}
    for row in train:
        told.setdefault(row.target, []).append(row.liked)
    known = [told.get(row.target, []) for row in rows]
    return np.array([[(sum(found) + mean) / (len(found) + 1) for found in known]])


def ranking_figures(lines: Sequence[Result]) -> dict[str, Any]:
    """NDCG@10 and HR@10 by number of examples, means over seeds, with intervals by users."""
    facts = next(line for line in lines if "users" in line)
    users = np.array(facts["users"])
    resamples = Resamples(users, draws=DRAWS)

    def gains(ranks: Sequence[Sequence[int]], metric: Callable[[Floats, int], Floats]) -> Floats:
        """The cases' mean over seeds, (cases,)."""
        return metric(np.array(ranks, dtype=np.float64), 10).mean(axis=0)

    untrained = next(line for line in lines if line.get("examples", -1) == UNTUNED)
    orders = {"dense": [untrained["dense"]], "popularity of all": [untrained["popularity"]]}
    points = []
    for n, own in _by_size(lines).items():
        if n == UNTUNED:
            continue
        ranks, popular = ([line[name] for line in own] for name in ("ranks", "popularity"))
        head = gains(ranks, ndcg)
        others = {"popularity": gains(popular, ndcg)}
        others |= {name: gains(ranks, ndcg) for name, ranks in orders.items()}
        points.append(
            {
                "examples": n,
                "seeds": [line["seed"] for line in own],
                "met": [line["met"] for line in own],
                "settings": [_settings(line) for line in own],
                "by seed": [float(gains([row], ndcg).mean()) for row in ranks],
                "ndcg@10": resamples.mean_with_interval(head),
                "hr@10": resamples.mean_with_interval(gains(ranks, hit_rate)),
                "popularity": resamples.mean_with_interval(others["popularity"]),
                "less": {
                    name: resamples.mean_with_interval(head - other)
                    for name, other in others.items()
                },
            }
        )
    return {
        "items": facts["items"],
        "training histories": facts["histories"],
        "interactions": facts["met"],
        "users": len(np.unique(users)),
        "cases": len(users),
        "untuned": {
            name: {
                "ndcg@10": resamples.mean_with_interval(gains(r, ndcg)),
                "hr@10": resamples.mean_with_interval(gains(r, hit_rate)),
            }
            for name, r in orders.items()
        },
        "points": points,
        "chosen": [line for line in lines if "chosen" in line],
    }


def _packed(folder: Path, name: str, lines: Sequence[Result]) -> dict[str, list[liking.Asked]]:
    return liking.unpacked(folder / f"{name}.jsonl.gz", lines[0]["share"])


def _runs(lines: Sequence[Result]) -> dict[str, Any]:
    """Where the rows are from and how each run ended, the first one first."""
    machines = [line for line in lines if "machine" in line]
    names = dict.fromkeys(line["machine"] for line in machines)
    ended = [line["ended"] for line in lines if "ended" in line]
    return machines[0] | {"machine": ", ".join(names), "ended": "; then ".join(ended)}


def _measured(lines: Sequence[Result]) -> list[Result]:
    return [line for line in lines if "examples" in line]


def _by_size(lines: Sequence[Result]) -> dict[int | None, list[Result]]:
    """The measured rows by number of examples, ascending; None, for all, is the last."""
    sizes: dict[int | None, list[Result]] = {}
    for line in _measured(lines):
        sizes.setdefault(line["examples"], []).append(line)
    return dict(sorted(sizes.items(), key=lambda size: (size[0] is None, size[0])))


def _settings(line: Result) -> dict[str, Any]:
    names = ("rate", "batch", "item_batches", "steps", "taken", "windows", "tokens", "valid")
    return {name: line[name] for name in (*names, "seconds") if name in line}


def few_shot_part(result: Result) -> Lines:
    """The plot, then a table for each set."""
    yield "## From few examples\n\n![By number of examples](plots/few-shot.svg)\n"
    machines = sorted({told["machine"] for told in result["machines"].values()})
    yield f"SmolLM2-135M-Instruct with a LoRA of rank 16, on {', '.join(machines)}.\n{LIKING}"
    yield f"{source(result)}.\n"
    for name, told in result["liking"].items():
        yield from _liking_table(name, told)
    if result["ranking"]:
        yield RANKING
    for name, told in result["ranking"].items():
        yield from _ranking_table(name, told)


def _liking_table(name: str, told: Result) -> Lines:
    by_users = told["users"] < told["rows"]
    yield (
        f"### TALLRec, {name}s: AUC\n\n{told['rows']:,} test rows"
        + (f" of {told['users']} users" if by_users else "")
        + f", {told['liked'] / told['rows']:.0%} liked.\n"
    )
    head = ("examples", "draws", "AUC", *(("95 % by rows",) if by_users else ()))
    rows = []
    for point in told["points"]:
        low, high = point["auc"]["by rows"]
        n = point["examples"]
        value = told["published"].get(str(n))
        rows.append(
            (
                "none" if n == UNTUNED else _examples(n, told["training rows"], "rows"),
                str(len(point["seeds"])),
                spread(point["auc"]),
                *((f"[{figure(low)}, {figure(high)}]",) if by_users else ()),
                "" if n == UNTUNED else spread(point["less untuned"], signed=True),
                spread(point["less share of liked"], signed=True),
                "" if value is None else figure(value),
            )
        )
    for baseline, auc in told["baselines"].items():
        low, high = auc["by rows"]
        more = (f"[{figure(low)}, {figure(high)}]",) if by_users else ()
        rows.append((baseline, "", spread(auc), *more, "", "", ""))
    yield from table((*head, "less untuned", "less the share of liked", "TALLRec, 7B"), rows)
    for how in _of_all(told):
        yield (
            f"All rows: {how['batch']} a step; AUC of the validation rows by step: "
            f"{_by_step(how)}; the best one counts.\n"
        )


def _ranking_table(name: str, told: Result) -> Lines:
    yield (
        f"### {name}: NDCG@10\n\n{told['users']:,} test users, {told['cases']:,} cases, "
        f"{told['items']:,} items. Untuned, by texts alone: "
        f"{spread(told['untuned']['dense']['ndcg@10'])}; popularity in all "
        f"{told['training histories']:,} training histories: "
        f"{spread(told['untuned']['popularity of all']['ndcg@10'])}.\n"
    )
    yield from table(
        ("examples", "draws", "item head", "popularity in them", "head less it", "less dense"),
        [
            (
                _examples(point["examples"], told["training histories"], "histories"),
                str(len(point["seeds"])),
                spread(point["ndcg@10"]),
                spread(point["popularity"]),
                spread(point["less"]["popularity"], signed=True),
                spread(point["less"]["dense"], signed=True),
            )
            for point in told["points"]
        ],
    )
    for how in _of_all(told):
        yield (
            f"All histories: {how['taken']} steps read {how['windows']:,} windows of them, about "
            f"{how['tokens']:,} tokens; NDCG@10 of the validation users by step: "
            f"{_by_step(how)}; the best one counts.\n"
        )


def _of_all(told: Result) -> list[dict[str, Any]]:
    """How all examples were learnt from, for each time that they were."""
    return [
        how for point in told["points"] if point["examples"] is None for how in point["settings"]
    ]


def _by_step(how: Mapping[str, Any]) -> str:
    return ", ".join(f"{step} ({figure(value)})" for step, value in how["valid"])


def _examples(n: int | None, everything: int, of: str) -> str:
    return f"all ({everything:,} {of})" if n is None else f"{n:,}"


def draw_few_shot(result: Result, to: Path) -> None:
    """A panel for each set: the curve with its intervals, what stands beside it as lines."""
    panels = [(f"TALLRec, {name}s: AUC", told) for name, told in result["liking"].items()]
    panels += [(f"{name}: NDCG@10", told) for name, told in result["ranking"].items()]
    figure_, axes = plt.subplots(1, len(panels), figsize=(4.2 * len(panels), 3.8), squeeze=False)
    for ax, (title, told) in zip(axes[0], panels, strict=True):
        if "baselines" in told:
            curve = [(point["examples"], point["auc"]) for point in told["points"]]
            levels = {name: auc["mean"] for name, auc in told["baselines"].items()}
            places = [str(n) for n, _ in curve]
            known = {n: v for n, v in told["published"].items() if n in places}
            at = [places.index(n) for n in known]
            ax.plot(at, list(known.values()), "s--", color="grey", label="TALLRec, 7B")
        else:
            untuned = {name: own["ndcg@10"] for name, own in told["untuned"].items()}
            curve = [(UNTUNED, untuned["dense"])]
            curve += [(point["examples"], point["ndcg@10"]) for point in told["points"]]
            levels = {name: own["mean"] for name, own in untuned.items()}
            popular = [point["popularity"]["mean"] for point in told["points"]]
            ax.plot(range(1, len(curve)), popular, "^:", color="tab:green", label="popularity")
        means = [own["mean"] for _, own in curve]
        bars = [[abs(own["interval"][side] - own["mean"]) for _, own in curve] for side in (0, 1)]
        ax.errorbar(range(len(curve)), means, bars, marker="o", color="tab:red", capsize=3)
        for style, (name, level) in zip((":", "-."), levels.items(), strict=True):
            ax.axhline(level, linestyle=style, linewidth=1, color="tab:blue", label=name)
        names = {UNTUNED: "none", None: "all"}
        labels = [names.get(n, f"{n}") for n, _ in curve]
        ax.set_xticks(range(len(curve)), labels)
        ax.set_xlabel("examples")
        ax.set_title(title)
        ax.legend(fontsize=6)
    figure_.tight_layout()
    figure_.savefig(to, metadata={"Date": None})
    plt.close(figure_)


LIKING = """TALLRec's task is to say whether a user will like the target. The AUC is that of the
language head's logits of "Yes" and "No"; the answer's token alone is learnt from. Means over draws
of the examples; intervals by users for films (who are few) and by rows for books, whose users
aren't known. Neither is the paper's training sample: 11 % of the films' rows are held back, and the
books' examples are drawn from `book_valid`. Rate and steps of each size were chosen on validation
rows with another draw; for all rows, the step by the validation rows. The published figures are of
a model 50 times as large."""

RANKING = """An example for ranking is one user's window of 50 successive items. Item head, its
closed-form start, the LoRA and the popularity in it come from these alone; all examples are the
whole histories. Each test user's last five items, all items ranked, what they had left out, ties
count against the target. Steps and item batches were chosen on validation users with another draw
of 64 examples; 16 and 256 take half and twice the steps. Items are read by title, year and genres.
Untuned, by texts alone: items by the cosine to the mean text of the last ten.
"""
