"""What ``nf4_mix.py`` measured, as figures with intervals and as Markdown.

Knows chances of items, who they were for, and what moves them; runs no model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shipped_report import beside

from chatrec.metrics import bootstrap_interval, ndcg

SHOWN = 10
GAINS = ndcg(np.arange(1.0, SHOWN + 1), SHOWN)
REFERENCE = "bf16"
SETTING = (
    "The packed sets of shipped_adapter.py: people by hash, 85 % train, 5 % validation, 10 % test; "
    "a sample of their prompts by seed, the same for all forms; weights quantised as in the "
    "product and read back, all forms computing in float32 on a CPU; the item head as shipped; "
    "intervals: 95 %, bootstrap over people"
)
TEXT = """## The default decoder in 4 bits: what is kept in 8

Half of the default decoder's memory in NF4 were its embeddings in bf16. `--precision nf4` with an
adapter keeps them in int8 now, and in the room that this gives all `v_proj`, `k_proj` and
`down_proj` and then the first layers, since NF4 moves the head's order most there: {memory}.
"Chosen by the head" is the NDCG@10 where what comes is drawn by the bf16 form's own chances. It
tells small losses from chance, which NDCG@10 on what people did can't with so few cases, and
overstates them: of every map in NF4 it says {plain:+.1%}, where 11,609 test cases said -6.4 % (the
section before). The rule was chosen on training and validation people. "After a sample" is what the
product does: NF4's errors cancel on prompts of people made up, whose number was chosen on the
validation people. Not measured on a GPU yet. The states of the other forms came from the script
before it was put in order: int8 steps in float32 in the table of kinds, and other ids for the
padding.
"""

Values = NDArray[np.float64]
Entry = dict[str, Any]


def figures(harm: Sequence[Any], memory: Mapping[str, int], chances: Mapping[str, Entry]) -> Entry:
    """All figures: what each kind of map suffers, bytes by form, and the forms by part."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commands": "python benchmarks/nf4_mix.py harm, states and report, as its first lines say",
        "setting": SETTING,
        "weights_bytes": dict(memory),
        "weights / bf16": round(memory["nf4, mixed"] / memory[REFERENCE], 4),
        "harm": harm_figures(harm),
        "parts": {part: part_figures(of) for part, of in chances.items()},
    }


def harm_figures(rows: Sequence[Any]) -> Entry:
    """The mean square of each kind of map's error on a log-chance, in NF4 and in int8."""
    found: Entry = {"prompts": len(rows), "kinds": {}, "layers": {}}
    for name in rows[0][2]["nf4"]:
        parts = name.split(".")
        squares = {
            kind: float(np.mean([row[2][kind][name] ** 2 for row in rows]))
            for kind in ("nf4", "int8")
        }
        groups = [("kinds", parts[-2])]
        if parts[0] == "layers":
            groups.append(("layers", parts[1]))
        for group, key in groups:
            own = found[group].setdefault(key, {"nf4": 0.0, "int8": 0.0})
            for kind, square in squares.items():
                own[kind] += square
    return found


def part_figures(of: Entry) -> Entry:
    """Each form's NDCG@10 beside bf16's, by what people chose and by bf16's own chances."""
    users, targets = np.array(of["users"]), of["targets"]
    reference = of["forms"][REFERENCE]
    own, drawn, found = {}, {}, {}
    for form, rows in of["forms"].items():
        ranks = np.array([(row >= row[t]).sum() for row, t in zip(rows, targets, strict=True)])
        own[form] = ndcg(ranks.astype(np.float64), SHOWN)
        drawn[form] = np.array([expected(r, row) for r, row in zip(reference, rows, strict=True)])
        apart = np.array([divergence(r, row) for r, row in zip(reference, rows, strict=True)])
        found[form] = {
            "ndcg@10": beside(own[form], own[REFERENCE], users),
            "ndcg@10, chosen by the head": beside(drawn[form], drawn[REFERENCE], users),
            "divergence": {"mean": float(apart.mean()), "interval": interval(apart, users)},
        }
    return found


def expected(chances: Values, other: Values) -> float:
    """The NDCG@10 of the order by ``other`` where an item comes by the log-chances (N,).

    >>> halves = np.log(np.array([0.5, 0.25, 0.25]))
    >>> round(expected(halves, np.array([3.0, 2.0, 1.0])), 3)
    0.783
    """
    best = np.argsort(-other, kind="stable")[:SHOWN]
    return float(np.exp(chances[best]) @ GAINS[: len(best)])


def divergence(chances: Values, other: Values) -> float:
    """The Kullback-Leibler divergence of log-chances (N,) from others, in nats.

    >>> round(divergence(np.log(np.array([0.5, 0.5])), np.log(np.array([0.8, 0.2]))), 3)
    0.223
    """
    there = np.isfinite(chances)
    return float(np.exp(chances[there]) @ (chances[there] - other[there]))


def interval(values: Values, users: NDArray[np.int64]) -> tuple[float, float]:
    """95 %, bootstrapped over people."""
    low, high = bootstrap_interval(values, users)
    return low, high


def markdown(found: Entry) -> str:
    """The part of ``docs/quality.md``; "file" is the name of the figures' own."""
    of = found["weights_bytes"]
    memory = (
        f"{of['nf4, mixed'] / 2**20:.1f} of {of[REFERENCE] / 2**20:.1f} MiB, "
        f"{found['weights / bf16']:.3f}"
    )
    name = found["file"]
    plain = found["parts"]["validation"]["nf4"]["ndcg@10, chosen by the head"]["change"]
    lines = [
        TEXT.format(memory=memory, plain=plain),
        f"{found['setting']}. [{name}](../benchmarks/results/{name}).\n",
        "| people | cases | form | NDCG@10 | change | chosen by the head | change | divergence |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for part, forms in found["parts"].items():
        for form, entry in forms.items():
            own, drawn = entry["ndcg@10"], entry["ndcg@10, chosen by the head"]
            apart = entry["divergence"]
            lines.append(
                f"| {part} | {own['cases']:,} | {form} | {own['mean']:.4f} | {_change(own)} | "
                f"{drawn['mean']:.4f} | {_change(drawn)} | {apart['mean']:.4f} "
                f"[{apart['interval'][0]:.4f}, {apart['interval'][1]:.4f}] |"
            )
    kinds = found["harm"]["kinds"]
    lines += [
        f"\nMean square of what a kind's rounding adds to an item's log-chance, to the first order "
        f"({found['harm']['prompts']} prompts of training people):\n",
        f"| | {' | '.join(kinds)} |",
        f"| --- |{' ---: |' * len(kinds)}",
        *(
            f"| {kind} | {' | '.join(f'{of[kind]:.5f}' for of in kinds.values())} |"
            for kind in ("nf4", "int8")
        ),
    ]
    return "\n".join(lines)


def _change(told: Entry) -> str:
    low, high = told["change_interval"]
    return f"{told['change']:+.1%} [{low:+.1%}, {high:+.1%}]"
