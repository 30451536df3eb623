"""How long it takes to work out which of a user's titles moved a list, beside reading a prompt.

    python benchmarks/moved.py [WORKSPACE] [--to FILE]

Lists from a wish, from a few titles and from a long history; each is asked three times, no answer
of which is kept; the median is in seconds and in times of a 511-token prefill of the same run.
``OMP_NUM_THREADS`` says on how many cores.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from chatrec.assemble import assemble
from chatrec.conversation.recommender import Recommender
from chatrec.conversation.state import DialogueState
from chatrec.generation.model import LocalDecoder
from chatrec.settings import Settings

TEXT = "the film that we saw was about a man who lost a dog and then found it again. "
PREFILL_TOKENS = 511
LONG = 120  # titles
TRIES = 3
WISH, NO_WISH = "a heist film with a twist", "something good"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path, nargs="?", help="else the built-in films")
    parser.add_argument("--to", type=Path, help="a JSON file to write")
    given = parser.parse_args()
    recommender = assemble(Settings(data=given.workspace))
    decoder = recommender.writer.decoder
    assert isinstance(decoder, LocalDecoder)
    ids = decoder.encode_text(TEXT * 60)[:PREFILL_TOKENS]
    prefill_s = seconds(lambda: decoder.last_hidden([ids]))
    found = {
        "workspace": "built-in films" if given.workspace is None else given.workspace.name,
        "items": len(recommender.catalog),
        "threads": torch.get_num_threads(),
        "precision": decoder.precision,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "prefill_s": round(prefill_s, 3),
        "lists": [measured(recommender, prefill_s, *case) for case in cases(recommender)],
    }
    text = json.dumps(found, indent=1)
    print(text)
    if given.to is not None:
        given.to.write_text(text + "\n", "utf-8")


def cases(recommender: Recommender) -> Iterator[tuple[str, str, DialogueState]]:
    """A name, a message and the state that it meets."""
    start, items = recommender.start(), recommender.catalog.items
    spread = tuple(item.item_id for item in items[:: max(1, len(items) // LONG)][:LONG])
    yield "a wish and eight liked titles", WISH, replace(start, liked=spread[:8])
    yield "three liked titles", NO_WISH, replace(start, liked=spread[:3])
    yield "a long history", NO_WISH, replace(start, history=spread)
    yield "a wish and a long history", WISH, replace(start, history=spread)


def measured(
    recommender: Recommender, prefill_s: float, name: str, text: str, state: DialogueState
) -> dict[str, Any]:
    reply = next(recommender.stream(text, state))
    ids = [r.item.item_id for r in reply.recommendations]
    assert reply.query is not None
    query, told = reply.query, []

    def ask() -> None:
        told.append(recommender.movers.of(query, ids, reply.led_by))

    took_s = seconds(ask)
    assert told[0] is not None
    return {
        "list": name,
        "led_by": reply.led_by,
        "left_out": len(told[0].left_out),
        "seconds": round(took_s, 3),
        "prefills": round(took_s / prefill_s, 2),
    }


def seconds(work: Callable[[], object]) -> float:
    """The median of TRIES after one that warms up."""
    took = []
    for _ in range(TRIES + 1):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took[1:])


if __name__ == "__main__":
    main()
