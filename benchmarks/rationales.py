"""What reasons the default set-up shows: how true, how specific, how varied, how many by code.

Each run asks a workspace (or the built-in films, where the judged requests are among the asked) for
some reasons, and adds them as a part to a JSON file, whose figures it makes anew. ``--draw`` then
picks reasons by seed for reading: a reader fills in ``verdict``. What the figures mean stands in
chatrec/evaluation/rationale.py.

    python benchmarks/rationales.py --n 100 --seed 0 --to FILE
    python benchmarks/rationales.py --data DIR --n 100 --seed 0 --to FILE
    python benchmarks/rationales.py --draw 50 --seed 2026 --to FILE
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, get_args

from chatrec.assemble import assemble, open_workspace
from chatrec.evaluation.rationale import ShownReason, figures, shown_reasons
from chatrec.evaluation.rationale_requests import Ask, drawn_asks
from chatrec.settings import Settings, Tone
from chatrec.types import Evidence

REQUESTS = Path(__file__).resolve().parent.parent / "tests" / "requests.jsonl"
DRAWN_IN_A_ROW = 4  # between two judged requests
FOR_ADULTS = ("hentai", "ecchi", "yaoi", "yuri")  # genres: reasons for such aren't for a page
JUDGED = ("verdict", "domain", "data")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="workspace; default: the built-in films")
    parser.add_argument("--n", type=int, default=100, help="reasons to collect")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--adapter", type=Path, help="adapter folder; default: the shipped one")
    parser.add_argument("--tone", choices=get_args(Tone), help="default: the domain's")
    parser.add_argument("--draw", type=int, help="reasons to draw for reading; measures nothing")
    parser.add_argument("--to", type=Path, required=True, help="JSON file to add to")
    given = parser.parse_args()
    known = json.loads(given.to.read_text("utf-8")) if given.to.is_file() else {}
    if given.draw is not None:
        known = drawn(known, given.draw, given.seed)
    else:
        part, records = collected(given)
        known = {
            **known,
            "parts": [*known.get("parts", ()), part],
            "reasons": [*known.get("reasons", ()), *records],
        }
        known["domains"] = by_domain(known["reasons"])
        print(json.dumps(part, ensure_ascii=False))
    shown = {domain: {**told} for domain, told in known["domains"].items()}
    print(json.dumps(shown, indent=1, ensure_ascii=False))
    text = json.dumps(known, indent=1, ensure_ascii=False)
    given.to.write_text(text + "\n", encoding="utf-8")


def collected(given: argparse.Namespace) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """How a part was measured, and its reasons."""
    settings = Settings(data=given.data, adapter=given.adapter, tone=given.tone)
    recommender = assemble(settings)
    drawn_for = drawn_asks(open_workspace(settings.data), given.seed)
    asks = with_judged(drawn_for, given.seed) if given.data is None else drawn_for
    begun = time.perf_counter()
    shown = list(islice(shown_reasons(recommender, asks), given.n))
    domain = recommender.catalog.domain
    data = "built-in films" if given.data is None else given.data.name
    part = {
        "data": data,
        "domain": domain,
        "items": len(recommender.catalog),
        "n": given.n,
        "seed": given.seed,
        "tone": recommender.writer.tone,
        "adapter": "shipped" if given.adapter is None else str(given.adapter),
        "seconds": round(time.perf_counter() - begun, 1),
        "writer": asdict(recommender.writer.stats),
    }
    return part, [{"domain": domain, **reason.record()} for reason in shown]


def with_judged(asks: Iterator[Ask], seed: int) -> Iterator[Ask]:
    """The hand-written requests, shuffled, one after every few drawn ones; no end."""
    lines = [json.loads(line) for line in REQUESTS.read_text("utf-8").splitlines()]
    random.Random(seed).shuffle(lines)
    while True:
        for told in lines:
            yield from islice(asks, DRAWN_IN_A_ROW)
            liked, disliked = tuple(told.get("liked", ())), tuple(told.get("disliked", ()))
            yield Ask(told["text"], liked, disliked)


def by_domain(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of each domain's reasons and of all."""
    domains = dict.fromkeys(record["domain"] for record in records)
    found = {
        domain: figures([_reason(record) for record in records if record["domain"] == domain])
        for domain in domains
    }
    return found | {"all": figures([_reason(record) for record in records])}


def _told(record: dict[str, Any]) -> str:
    """The reason, and the genres of the item."""
    genres = [text for kind, text, _ in record["evidence"] if kind == "genre"]
    return " ".join([record["reason"], *genres]).casefold()


def drawn(known: dict[str, Any], n: int, seed: int) -> dict[str, Any]:
    """``known`` with ``n`` reasons to read, in their order; the others lose their evidence.

    What is of a genre for adults is measured like all and not drawn, as a page shows what is.
    """
    records = known["reasons"]
    fit = [
        place
        for place, record in enumerate(records)
        if not any(genre in _told(record) for genre in FOR_ADULTS)
    ]
    places = sorted(random.Random(seed).sample(fit, n))
    kept = [{k: v for k, v in r.items() if k not in ("evidence", "verdict")} for r in records]
    return {**known, "read seed": seed, "read": [records[p] for p in places], "reasons": kept}


def _reason(record: dict[str, Any]) -> ShownReason:
    """The reason that a record was made of; its evidence may have been left out."""
    facts = {name: value for name, value in record.items() if name not in JUDGED}
    evidence = tuple(Evidence(*piece) for piece in facts.pop("evidence", ()))
    return ShownReason(**facts, evidence=evidence)


if __name__ == "__main__":
    main()
