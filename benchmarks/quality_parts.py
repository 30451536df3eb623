"""The parts of docs/quality.md on dialogues, catalogues never seen, reasons, scale and cost.

Makes Markdown of results as their scripts wrote them; measures nothing and reads no files. The part
on histories is in ``quality_report.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Result = Mapping[str, Any]
Lines = Iterator[str]
RECALLS = ("recall@1", "recall@5", "recall@10", "recall@20", "recall@50")
SHARES = {
    "grounded": "grounded",
    "specific": "specific",
    "with a fact of less than a tenth": "with a fact that less than a tenth have",
    "fallback": "by code alone",
}
COUNTS = ("openings in the worst 100", "mean words")
SYSTEMS = {
    "plain_bm25": "BM25 alone",
    "lexical": "lexical",
    "dense": "dense alone",
    "fused_without_acclaim": "fused, without how well items are received",
    "fused": "**fused**",
}
NAMES = {
    "popularity": "popularity",
    "item_knn": "item-kNN",
    "ease": "EASE",
    "ease_recent": "EASE, recent items",
    "als": "implicit ALS",
    "sequential": "SASRec",
    "next_item": "next item",
    "decoder": "decoder, item by item",
    "dense": "texts (dense)",
    "lexical": "words (lexical)",
    "fused": "**fused**",
    "reciprocal rank": "fused by reciprocal rank",
    "learned": "fused, learned",
    "fused without decoder": "fused without the decoder",
}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Lines:
    """A Markdown table; numbers to the right."""
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def figure(value: float) -> str:
    """Four decimals and no leading zero, as .1234; one decimal from 2 on."""
    if abs(value) >= 1.99995:
        return f"{value:,.1f}"
    return f"{value:.4f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.4f}"


def spread(told: Result, signed: bool = False) -> str:
    """Mean and 95 % interval."""
    low, high = told["interval"]
    if signed:
        return f"{told['mean']:+.4f} [{low:+.4f}, {high:+.4f}]"
    return f"{figure(told['mean'])} [{figure(low)}, {figure(high)}]"


def source(result: Result) -> str:
    """The file that the figures are from, and the command that made it where it says so."""
    command = result.get("command", result.get("made_by"))
    by = "" if command is None else f", made by `{command}`"
    return f"[{result['file']}](../benchmarks/results/{result['file']}){by}"


def dialogue_part(results: Mapping[str, Result]) -> Lines:
    """By set and protocol: new labels, with what was named left out, and all labels."""
    for name, result in results.items():
        yield f"### {name}\n"
        yield f"Seeds {result['seeds']}; intervals by dialogues. {source(result)}.\n"
        for protocol in result["protocols"]:
            yield from _protocol(protocol)
        if result.get("published"):
            yield "Published (He et al., CIKM 2023), zero-shot, new items:\n"
            ks = [k for k in RECALLS if k in result["published"][0]]
            yield from table(
                ("model", *ks),
                [(row["model"], *(figure(row[k]) for k in ks)) for row in result["published"]],
            )


def _protocol(told: Result) -> Lines:
    labels = told["labels"]
    yield (
        f"**{told['protocol']}**, `{told['file']}`: {told['turns']:,} turns of "
        f"{told['dialogues']:,} dialogues, {labels['new']:,} new and {labels['repeated']:,} "
        f"repeated labels, {told['items']:,} items; {told['training dialogues']:,} training "
        f"dialogues, {told['dialogue ids in training too']:,} of them also tested.\n"
    )
    for side in ("new", "all"):
        rows = [
            (order, *(spread(figures[side][k]) for k in RECALLS))
            for order, figures in told["orders"].items()
            if side in figures
        ]
        if rows:
            yield from table((f"{side} labels", *RECALLS), rows)


def understood_part(result: Result) -> Lines:
    """Recall of what was read from a dialogue against its raw text as the query."""
    ks = tuple(result["recall"]["understood"])
    yield (
        f"### {result['data'].partition(',')[0]}\n\n{result['turns']:,} turns, "
        f"{result['labels']:,} new labels. {source(result)}.\n"
    )
    yield from table(
        ("query", *(f"recall{k}" for k in ks)),
        [(name, *(spread(told[k]) for k in ks)) for name, told in result["recall"].items()],
    )
    yield from table(
        ("understood less", *(f"recall{k}" for k in ks)),
        [
            (name, *(spread(told[k], signed=True) for k in ks))
            for name, told in result["understood less"].items()
        ],
    )


def zero_shot_part(result: Result) -> Lines:
    """Each way of searching on the judged requests, and what fusing gains over it."""
    yield (
        f"{result['requests']:,} requests by hand, {result['judged_pairs']:,} judged pairs of "
        f"request and item. {source(result)}.\n"
    )
    for group in ("all", "test", "anime", "app"):
        told = result["measures"].get(group)
        if told is None:
            continue
        yield from table(
            (f"{group} ({told['requests']})", "NDCG@10", "P@5", "fused less it, NDCG@10"),
            [
                (
                    SYSTEMS.get(name, name),
                    spread(told[name]["ndcg@10"]),
                    spread(told[name]["p@5"]),
                    spread(told[f"fused - {name}"]["ndcg@10"], signed=True)
                    if f"fused - {name}" in told
                    else "",
                )
                for name in SYSTEMS
                if name in told
            ],
        )


def scale_part(result: Result) -> Lines:
    """The million vectors: milliseconds, recall, building and memory."""
    ivf = result["ivf"]
    yield (
        f"{result['items']:,} vectors of {result['dim']}: {result['real_items']:,} real ones with "
        f"noise (sigma {result['sigma']}), {result['queries']} queries kept apart; "
        f"{result['machine']}. Built in {ivf['build_s']:.0f} s; resident "
        f"{ivf['resident_mb_after']:,.0f} MB, {ivf['of_which_vectors_mb']:,.0f} of them vectors. "
        "Milliseconds of the processor, as other work shared the machine; the clock's in brackets. "
        f"{source(result)}.\n"
    )
    rows = [("exact, best 100", result["exact"]["k100"])]
    rows += [
        (name.replace("_", " "), told)
        for name, told in ivf.items()
        if "_k1" in name or "_k2" in name
    ]
    yield from table(
        ("search", "p50, ms", "p99, ms", "recall"),
        [
            (
                name,
                f"{told['p50_cpu_ms']:.1f} ({told['p50_ms']:.0f})",
                f"{told['p99_cpu_ms']:.1f} ({told['p99_ms']:.0f})",
                figure(told.get("recall", 1.0)),
            )
            for name, told in rows
        ],
    )


def cost_part(result: Result) -> Lines:
    """Seconds of the processor by size, with the exponent, for both sweeps."""
    for sweep, held in (("items", "interactions"), ("interactions", "items")):
        figures = [row for row in result["figures"] if row["sweep"] == sweep]
        sizes = sorted({row["size"] for row in figures})
        yield f"Seconds of the processor by {sweep} ({result['fixed'][held]:,} {held}):\n"
        yield from table(
            ("part", *(f"{size:,}" for size in sizes), "exponent"),
            [
                (
                    part,
                    *(_seconds(figures, part, size) for size in sizes),
                    _exponent(result, part, sweep),
                )
                for part in dict.fromkeys(row["part"] for row in figures)
            ],
        )
    yield f"{source(result)}.\n"


def rationale_part(result: Result) -> Lines:
    """Grounded, specific, by code alone, and varied by domain; then the reasons for reading."""
    yield from (f"{line}\n" for line in result["notes"])
    parts = ", ".join(
        f"{part['data']} ({part['items']:,} items) {part['n']} with seed {part['seed']}"
        for part in result["parts"]
    )
    yield f"Asked for: {parts}. {source(result)}.\n"
    yield from table(
        ("reasons", "shown", *SHARES.values(), *COUNTS),
        [
            (
                domain,
                f"{told['reasons']:,}",
                *(f"{told[name]:.1%}" for name in SHARES),
                *(f"{told[name]:,}" for name in COUNTS),
            )
            for domain, told in result["domains"].items()
        ],
    )
    read = result["read"]
    counts = Counter(one["verdict"].partition(":")[0] for one in read)
    said = ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common())
    yield (
        f"{len(read)} of them, drawn with seed {result['read seed']} and read by "
        f"{result['read by']}: {said}.\n"
    )
    yield "| domain | item | the reason that was shown | read as |"
    yield "| --- | --- | --- | --- |"
    for one in read:
        cells = (one["domain"], one["item"], one["reason"], one["verdict"])
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def _cell(text: str) -> str:
    """Text for a cell of a table: nothing in it makes a column, a mark or a tag."""
    return re.sub(r"([\\|*_`<\[\]~])", r"\\\1", " ".join(text.split()))


def _seconds(figures: Sequence[Result], part: str, size: int) -> str:
    row = next((row for row in figures if (row["part"], row["size"]) == (part, size)), None)
    if row is None or "cpu_s" not in row:
        return "-"
    return f"{row['cpu_s']:.2f} ({row['peak_mb']:,.0f} MB)"


def _exponent(result: Result, part: str, sweep: str) -> str:
    slope = result["exponents"].get(part, {}).get(sweep)
    return "-" if slope is None else f"{slope:.2f}"
