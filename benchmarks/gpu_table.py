"""What ``gpu.py`` wrote, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Figures = dict[str, Any]


def markdown(figures: Figures) -> str:
    """Tables of what was measured, and a list of what was not."""
    machine, entries = figures["machine"], figures["decoders"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    sections = [
        f"{machine.get('gpu', machine['device'])}, {figures['date'][:10]}; {packages}.",
        _table(
            ("decoder", "weights ready in", "weights, MiB", "adapter beside them, MiB"),
            entries,
            _loaded,
        ),
        _table(
            (
                "reading and decoding",
                "rows",
                "prompt tokens/s",
                "with `generate`",
                "tokens/s",
                "with `generate`",
                "ratio",
                "peak, MiB",
                "with `generate`",
            ),
            entries,
            _decoded,
        ),
        _table(
            (
                "ranking",
                "prompts",
                "rankings/s",
                "20 titles by `generate`/s",
                "ratio",
                "ms",
                "peak, MiB",
            ),
            entries,
            _ranked,
        ),
        _table(
            (
                "training",
                "tokens/s",
                "loss at every position",
                "ratio",
                "peak, MiB",
                "at every position",
            ),
            entries,
            _trained,
        ),
    ]
    missing = [
        f"- {_name(entry)}, {part}: not measured, {reason}"
        for entry in entries
        for part, reason in entry.get("not_measured", {}).items()
    ]
    drawn = {entry["decoder"]: entry["weights"] for entry in entries if "drawn" in entry["weights"]}
    notes = [f"- {name}: weights {words}" for name, words in drawn.items()]
    return "\n\n".join(part for part in (*sections, "\n".join([*notes, *missing])) if part) + "\n"


def _table(heads: Sequence[str], entries: Sequence[Figures], rows_of: Any) -> str:
    rows = [(_name(entry), *cells) for entry in entries for cells in rows_of(entry)]
    if not rows:
        return ""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _loaded(entry: Figures) -> Iterator[tuple[str, ...]]:
    if "weights_mib" not in entry:
        return
    ways = {"load_s": "loaded", "draw_s": "drawn", "quantise_s": "quantised"}
    told = [f"{entry[key]:.1f} s ({way})" for key, way in ways.items() if key in entry]
    yield " + ".join(told), _figure(entry["weights_mib"]), _figure(entry.get("adapter_mib"))


def _decoded(entry: Figures) -> Iterator[tuple[str, ...]]:
    for case in entry.get("decoding", []):
        own, plain = case["chatrec"], case["transformers"]
        yield (
            str(case["rows"]),
            _figure(own["prompt_tokens_per_s"]),
            _figure(plain["prompt_tokens_per_s"]),
            _figure(own["tokens_per_s"]),
            _figure(plain["tokens_per_s"]),
            f"{case['times_as_many_tokens']:.2f}",
            _figure(own.get("peak_mib")),
            _figure(plain.get("peak_mib")),
        )


def _ranked(entry: Figures) -> Iterator[tuple[str, ...]]:
    for case in entry.get("ranking", []):
        own = case["chatrec"]
        yield (
            str(case["prompts"]),
            _figure(own["rankings_per_s"]),
            _figure(case["transformers"]["rankings_per_s"]),
            _figure(case["times_as_many_rankings"]),
            _figure(own["ms"]),
            _figure(own.get("peak_mib")),
        )


def _trained(entry: Figures) -> Iterator[tuple[str, ...]]:
    if "training" not in entry:
        return
    case = entry["training"]
    own, plain = case["chatrec"], case["transformers"]
    yield (
        _speed(own),
        _speed(plain),
        f"{case['times_as_many_tokens']:.2f}",
        _figure(own.get("peak_mib")),
        _figure(plain.get("peak_mib")),
    )


def _speed(kind: Figures) -> str:
    saved = " (gradient checkpointing)" if kind["gradient_checkpointing"] else ""
    return _figure(kind["tokens_per_s"]) + saved


def _name(entry: Figures) -> str:
    return f"{entry['decoder']}, {entry['precision']}"


def _figure(value: float | None) -> str:
    """Three significant digits, or all before the point; a dash where nothing was measured."""
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
