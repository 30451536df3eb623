"""Makes docs/quality.md, its tables and its plots, from the dated JSON in benchmarks/results/.

    python benchmarks/quality_report.py

Of each kind of result the newest file counts (names begin with their date). It measures nothing:
every number in the page comes from a file, which is named beside it with the command that made it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import quality_decoder_parts

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "chatrec"  # the same figures, the same file
from matplotlib import pyplot as plt  # noqa: E402  (after the backend was chosen)
from quality_parts import (  # noqa: E402  (as above)
    NAMES,
    Lines,
    Result,
    cost_part,
    dialogue_part,
    figure,
    rationale_part,
    scale_part,
    source,
    spread,
    table,
    understood_part,
    zero_shot_part,
)

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "quality.md"
PLOTS = ROOT / "docs" / "plots"
SETS = ("ml-1m", "ml-100k", "ml-latest-small", "amazon-video-games")
ACCURACY = ("hr@10", "ndcg@10", "mrr", "recall@50", "recall@100", "recall@200")
SHOWN = ("coverage@10", "novelty@10", "diversity@10", "gini@10", "popularity@10")


def main() -> None:
    PLOTS.mkdir(parents=True, exist_ok=True)
    for name, (_, draw) in DRAWN.items():
        draw(rankings(), PLOTS / f"{name}.svg")
    for stem, draw_one in {"cost": _draw_cost, **quality_decoder_parts.DRAWN}.items():
        if (found := newest(stem)) is not None:
            draw_one(found, PLOTS / f"{stem}.svg")
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {', '.join(rankings())}")


def page() -> str:
    """The whole page, from the files there are now."""
    lines = [INTRODUCTION, *ranking_part(rankings())]
    found = {name: newest(f"dialogue-{name}") for name in DIALOGUES}
    dialogues = {name: result for name, result in found.items() if result is not None}
    if dialogues:
        lines += [DIALOGUE, *dialogue_part(dialogues)]
    for stem, (heading, part) in OTHERS.items():
        if (result := newest(stem)) is not None:
            lines += [heading, *part(result)]
    return "\n".join(lines).rstrip() + "\n"


def rankings() -> dict[str, Result]:
    """The newest result of each data set that has one."""
    return {name: found for name in SETS if (found := newest(f"ranking-{name}")) is not None}


def newest(stem: str) -> Result | None:
    """The newest file ``DATE-STEM.json``, with its name under "file"; None if there is none."""
    files = sorted(RESULTS.glob(f"????-??-??-{stem}.json"))
    if not files:
        return None
    return {"file": files[-1].name, **json.loads(files[-1].read_text("utf-8"))}


def shown_name(name: str) -> str:
    return NAMES.get(name, name)


def ranking_part(results: Mapping[str, Result]) -> Lines:
    """The part on histories: bars reached, plots, then each set."""
    yield RANKING
    yield from _reached(results)
    for name, (title, _) in DRAWN.items():
        yield f"![{title}](plots/{name}.svg)\n"
    for name, result in results.items():
        yield from _one_set(name, result)


def _reached(results: Mapping[str, Result]) -> Lines:
    rows = []
    for name, result in results.items():
        leader, peer = result["leader"], result["best peer"]
        orders, pool = result["orders"], result["pool"][result["leader"]]
        branch = max(pool["unique"], key=lambda one: float(orders[one]["ndcg@10"]["mean"]))
        rows.append(
            (
                name,
                figure(orders[leader]["ndcg@10"]["mean"]),
                f"{shown_name(peer)} {figure(orders[peer]['ndcg@10']['mean'])}",
                spread(result["leader minus"][peer], signed=True),
                f"{shown_name(branch)} {figure(orders[branch]['ndcg@10']['mean'])}",
                spread(result["leader minus"][branch], signed=True),
            )
        )
    head = ("NDCG@10", "fused", "best peer", "fused less it", "best branch", "fused less it")
    yield from table(head, rows)
    yield from table(
        ("recall@200", "pool (fused)", "best branch", "gain", "all branches", "gain"),
        [
            (
                name,
                spread(pool["pool"]),
                f"{shown_name(pool['best branch'])} {figure(pool['best branch recall'])}",
                f"{pool['pool gain']:+.1%}",
                spread(pool["union"]),
                f"{pool['union gain']:+.1%}",
            )
            for name, result in results.items()
            for pool in (result["pool"][result["leader"]],)
        ],
    )


def _one_set(name: str, result: Result) -> Lines:
    yield f"### {name}\n"
    yield (
        f"{result['users']:,} users, {result['cases']:,} cases, {result['items']:,} items ranked "
        f"(of the targets {result['targets not in training']:,} are outside the training part and "
        f"count as missed). Fusion: {result['fusion']}. {source(result)}.\n"
    )
    orders = result["orders"]
    yield from table(
        ("order", *ACCURACY, "fused less this, NDCG@10"),
        [
            (
                shown_name(order),
                *(
                    spread(told[m]) if m in ("hr@10", "ndcg@10") else figure(told[m]["mean"])
                    for m in ACCURACY
                ),
                spread(result["leader minus"][order], signed=True)
                if order in result["leader minus"]
                else "",
            )
            for order, told in orders.items()
        ],
    )
    yield from _published(result)
    against = result.get("minus best peer", {})
    if "decoder" in against:
        yield (
            f"The decoder alone less {shown_name(result['best peer'])}, NDCG@10: "
            f"{spread(against['decoder'], signed=True)}.\n"
        )
    yield "What the first ten show:\n"
    yield from table(
        ("order", *SHOWN),
        [
            (
                shown_name(order),
                *(
                    figure(told[m] if isinstance(told[m], float) else told[m]["mean"])
                    for m in SHOWN
                ),
            )
            for order, told in orders.items()
        ],
    )
    yield from _pool(result)
    yield from _groups(result)


def _published(result: Result) -> Lines:
    if not result.get("published"):
        return
    told = ", ".join(
        f"{name} {figure(figures['hr@10'])} / {figure(figures['ndcg@10'])}"
        for name, figures in result["published"].items()
    )
    yield (
        f"Published for this recipe on all 6,040 users, HR@10 / NDCG@10: {told}. Here 600 of the "
        "users are missing, whose histories would also have been learnt from; the order in time is "
        "that of `ml-1m-order`.\n"
    )


def _pool(result: Result) -> Lines:
    pool = result["pool"][result["leader"]]
    without = result["ablation"]["without"]
    yield (
        f"All branches' first {pool['depth']} together hold the target in "
        f"{spread(pool['union'])} of the cases; the fused order's first {pool['depth']} keep "
        f"{pool['union kept']:.1%} of that. What a branch adds: the last cases of "
        f"{result['ablation']['cases']:,} users, the fusion learnt with and without it from 500 "
        "validation cases.\n"
    )
    yield from table(
        (
            "branch",
            "recall@200 alone",
            "hits of no other branch",
            "of them kept",
            "adds to NDCG@10",
            "adds to recall@200",
        ),
        [
            (
                shown_name(branch),
                figure(result["orders"][branch]["recall@200"]["mean"]),
                f"{unique['hits']:,}",
                f"{unique['kept']:.0%}",
                spread(without[branch]["adds"], signed=True),
                spread(without[branch]["adds to recall@200"], signed=True),
            )
            for branch, unique in pool["unique"].items()
        ],
    )


def _groups(result: Result) -> Lines:
    orders = (result["leader"], result["best peer"])
    rows = []
    for kind, by_order in result["groups"].items():
        for group, told in by_order[orders[0]]["groups"].items():
            rows.append(
                (
                    f"{kind}: {group}",
                    f"{told['users']:,}",
                    f"{told['cases']:,}",
                    *(spread(by_order[order]["groups"][group]["ndcg@10"]) for order in orders),
                )
            )
    for length, by_order in result["cold users"].items():
        rows.append(
            (
                f"known of each history: {length}",
                "",
                "",
                *(spread(by_order[order]["ndcg@10"]) for order in orders),
            )
        )
    yield "NDCG@10 by group, and on each user's last case when only their last items are known:\n"
    yield from table(
        ("group", "users", "cases", *(shown_name(order) for order in orders)),
        rows,
    )


def _draw_orders(results: Mapping[str, Result], to: Path) -> None:
    figure_, axes = _axes(len(results))
    for ax, (name, result) in zip(axes, results.items(), strict=True):
        for place, (order, told) in enumerate(result["orders"].items()):
            low, high = told["ndcg@10"]["interval"]
            mean = told["ndcg@10"]["mean"]
            colour = "tab:red" if order == result["leader"] else "tab:blue"
            ax.barh(place, mean, color=colour, height=0.7)
            ax.errorbar(mean, place, xerr=[[mean - low], [high - mean]], color="black", capsize=2)
        _label(ax, name, list(result["orders"]))
    _save(figure_, to)


def _draw_pools(results: Mapping[str, Result], to: Path) -> None:
    figure_, axes = _axes(len(results))
    for ax, (name, result) in zip(axes, results.items(), strict=True):
        pool = result["pool"][result["leader"]]
        bars = {b: result["orders"][b]["recall@200"]["mean"] for b in pool["unique"]}
        bars |= {result["leader"]: pool["pool"]["mean"], "union": pool["union"]["mean"]}
        for place, (bar, value) in enumerate(bars.items()):
            colour = {result["leader"]: "tab:red", "union": "lightgrey"}.get(bar, "tab:blue")
            ax.barh(place, value, color=colour, height=0.7)
        _label(ax, name, list(bars))
    _save(figure_, to)


def _draw_cold(results: Mapping[str, Result], to: Path) -> None:
    figure_, axes = _axes(len(results))
    for ax, (name, result) in zip(axes, results.items(), strict=True):
        lengths = list(result["cold users"])
        ax.set_prop_cycle(color=plt.get_cmap("tab20").colors)
        for order in result["cold users"][lengths[0]]:
            heights = [result["cold users"][n][order]["hr@10"]["mean"] for n in lengths]
            width = 3.0 if order == result["leader"] else 1.0
            label = shown_name(order).strip("*")
            ax.plot(lengths, heights, marker="o", markersize=3, linewidth=width, label=label)
        ax.set_title(name)
        ax.set_xlabel("last items known")
    axes[-1].legend(fontsize=7, bbox_to_anchor=(1.02, 1.0), loc="upper left")
    _save(figure_, to)


def _draw_cost(result: Result, to: Path) -> None:
    figure_, axes = _axes(2)
    for ax, sweep in zip(axes, ("items", "interactions"), strict=True):
        rows = [row for row in result["figures"] if row["sweep"] == sweep and "cpu_s" in row]
        for part in dict.fromkeys(row["part"] for row in rows):
            own = [row for row in rows if row["part"] == part]
            slope = result["exponents"].get(part, {}).get(sweep)
            label = part if slope is None else f"{part}, n^{slope:.2f}"
            sizes, seconds = [row["size"] for row in own], [row["cpu_s"] for row in own]
            ax.loglog(sizes, seconds, marker="o", markersize=3, label=label)
        ax.set_xlabel(sweep)
        ax.set_ylabel("seconds of the processor")
        ax.legend(fontsize=7)
    _save(figure_, to)


def _axes(n: int) -> tuple[Any, Any]:
    figure_, axes = plt.subplots(1, n, figsize=(4.2 * n, 3.8), squeeze=False)
    return figure_, axes[0]


def _label(ax: Any, title: str, names: Sequence[str]) -> None:
    ax.set_title(title)
    ax.set_yticks(range(len(names)), [shown_name(name).strip("*") for name in names], fontsize=8)
    ax.invert_yaxis()


def _save(figure_: Any, to: Path) -> None:
    figure_.tight_layout()
    figure_.savefig(to, metadata={"Date": None})
    plt.close(figure_)


INTRODUCTION = """# Quality

Made by `python benchmarks/quality_report.py` from the files in `benchmarks/results/`; edit those.
Intervals are 95 %, bootstrapped over users (2,000 draws of whole users). "Ahead" means that the
interval of the paired difference excludes 0.
"""

RANKING = """## Histories: what comes next

By time: each user's last five items are predicted one after the other, the past growing (on ml-1m
the last item alone, as in the papers). Models learn from what comes before the item before those;
that one is the validation item, on which settings were chosen and the fusion learnt. All items of
the training part are ranked; what the user has had is left out; ties count against the target.
Peers are popularity, item-kNN, EASE, EASE on recent items, implicit ALS and SASRec; the pool adds
next-item regression and the two searches by text. One seed (2026). ml-1m, ml-100k and
ml-latest-small lack a tenth of their users (held back), so published figures are for orientation.
The pool is the first 200 of the fused order; "all branches" counts what any branch has among its
first 200, which is up to 1,800 items. Each table's JSON has the settings.
"""

DIALOGUE = """## Dialogues: what is recommended next

New labels are items not named before in the dialogue, and what was named is left out of the order;
all labels has the repeated ones too, with nothing left out.
"""
DIALOGUES = ("redial", "inspired", "opendialkg")

UNDERSTOOD = """## Dialogues: what was understood against the raw text as the query

New labels only (He et al., CIKM 2023). The chat's own retrieval, ordered by what training dialogues
teach, answers all queries: what was read from the dialogue, or the text itself.
"""

OTHERS: Mapping[str, tuple[str, Callable[[Result], Lines]]] = {
    "understood-redial": (UNDERSTOOD, understood_part),
    "understood-inspired": ("", understood_part),
    "understood-rank-redial": ("Fused by reciprocal rank, without training:\n", understood_part),
    "zero-shot-judged": (
        "## Catalogues never seen: requests with judged answers\n",
        zero_shot_part,
    ),
    **quality_decoder_parts.PARTS,
    "rationales-three-domains": ("## Reasons as they are shown\n", rationale_part),
    "scale": ("## A million items\n", scale_part),
    "cost": ("## Cost against size\n\n![Seconds by size](plots/cost.svg)\n", cost_part),
}

Draw = Callable[[Mapping[str, Result], Path], None]
DRAWN: Mapping[str, tuple[str, Draw]] = {
    "ranking-ndcg": ("NDCG@10 with 95 % intervals by users", _draw_orders),
    "ranking-pool": ("Recall@200: each branch, the fused pool, all branches together", _draw_pools),
    "ranking-cold": ("HR@10 when only the last items of a history are known", _draw_cold),
}

if __name__ == "__main__":
    main()
