"""What reasons the default set-up shows: how many the decoder wrote, how varied, how true.

Runs varied requests through the real recommender and writes every shown reason, with its item and
evidence, into a JSON file; a reader fills in ``verdict`` for the first 100. An opening is the
first three words of a reason; of each block of 100 the different ones are counted, and the worst
block is reported. The fact check here is code of its own, independent of the grounding check.
Run: ``python benchmarks/rationales.py [--n 500] [--adapter DIR] [--to FILE] [--seed 0]``
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from chatrec.assemble import assemble
from chatrec.conversation.recommender import Recommender
from chatrec.data.catalog import Catalog
from chatrec.settings import Settings
from chatrec.types import Item, Recommendation

REQUESTS = Path(__file__).resolve().parent.parent / "tests" / "requests.jsonl"
READ_BY_PERSON = 100
K = 5
OPENING_WORDS = 3


@dataclass(frozen=True, slots=True)
class Ask:
    """One conversation of one turn: items liked, disliked or met before, and the message."""

    text: str
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    history: tuple[str, ...] = ()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=500, help="reasons to collect")
    parser.add_argument("--adapter", type=Path, help="adapter folder; default: the shipped one")
    parser.add_argument("--to", type=Path, help="JSON file for the figures and every sentence")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    recommender = assemble(Settings(adapter=given.adapter))
    begun = time.perf_counter()
    shown: list[dict[str, Any]] = []
    for record in islice(reasons(recommender, given.seed), given.n):
        shown.append(record)
        if len(shown) % READ_BY_PERSON == 0 or len(shown) == given.n:
            figures = {
                **summary(shown, recommender),
                "adapter": "shipped" if given.adapter is None else str(given.adapter),
                "seed": given.seed,
                "seconds": round(time.perf_counter() - begun, 1),
            }
            print(json.dumps(figures, indent=1, ensure_ascii=False), flush=True)
            if given.to is not None:
                text = json.dumps({**figures, "reasons": shown}, indent=1, ensure_ascii=False)
                given.to.write_text(text + "\n", encoding="utf-8")


def reasons(recommender: Recommender, seed: int) -> Iterator[dict[str, Any]]:
    """Every reason shown for the asks, one record each, without end."""
    people = people_of(recommender.catalog)
    for ask in asks(recommender.catalog, random.Random(seed)):
        state = recommender.start(None, ask.liked, ask.disliked)
        state = replace(state, history=ask.history)
        reply = recommender.respond(ask.text, state, K)
        named = {*reply.state.liked, *reply.state.near, *reply.state.history}
        titles = [recommender.catalog.get(item_id).title for item_id in sorted(named)]
        for shown in reply.recommendations:
            yield {
                "request": ask.text,
                "known": titles,
                "item": shown.item.label,
                "reason": shown.rationale,
                "by": shown.rationale_by,
                "evidence": [[p.kind, p.text, p.source] for p in shown.evidence],
                "faults": faults(shown, titles, people, recommender.catalog),
                "verdict": "",
            }


def asks(catalog: Catalog, rng: random.Random) -> Iterator[Ask]:
    """The judged requests in turn with drawn likes, histories, and wishes; no end."""
    lines = [json.loads(line) for line in REQUESTS.read_text("utf-8").splitlines()]
    rng.shuffle(lines)
    position = 0
    while True:
        judged = lines[position % len(lines)]
        position += 1
        yield Ask(judged["text"], tuple(judged.get("liked", ())), tuple(judged.get("disliked", ())))
        yield Ask("something for tonight", liked=_drawn(catalog, rng, rng.randint(1, 3)))
        yield Ask("what should I see next?", history=_drawn(catalog, rng, rng.randint(3, 12)))
        yield Ask(_wish(catalog, rng))
        yield Ask(f"something like {rng.choice(catalog.items).title}")


def _drawn(catalog: Catalog, rng: random.Random, n: int) -> tuple[str, ...]:
    return tuple(item.item_id for item in rng.sample(catalog.items, n))


def _wish(catalog: Catalog, rng: random.Random) -> str:
    item = rng.choice(catalog.items)
    decade = (item.year or 2000) // 10 * 10
    genre = rng.choice(item.genres)
    wishes = [f"a {genre} film from the {decade}s", f"a {genre} film from {item.countries[0]}"]
    wishes += [f"something with {rng.choice(item.keywords)}"] if item.keywords else []
    wishes += [f"a film with {rng.choice(item.cast)}"] if item.cast else []
    return rng.choice(wishes)


def summary(shown: Sequence[dict[str, Any]], recommender: Recommender) -> dict[str, Any]:
    """The figures of the collected reasons."""
    plain = sum(record["by"] == "template" for record in shown)
    openings = [" ".join(_words(record["reason"])[:OPENING_WORDS]) for record in shown]
    blocks = [openings[i : i + 100] for i in range(0, len(openings), 100)]
    whole = [block for block in blocks if len(block) == 100] or blocks
    stats = recommender.writer.stats
    lengths = [len(record["reason"].split()) for record in shown]
    return {
        "reasons": len(shown),
        "fallback_share": round(plain / len(shown), 4),
        "regenerated_share": round(stats.regenerated / max(1, stats.written), 4),
        "different_openings_in_the_worst_100": min(len(set(block)) for block in whole),
        "mean_words": round(sum(lengths) / len(lengths), 1),
        "faults_found_by_code": sum(bool(record["faults"]) for record in shown),
        "faulty": [[r["item"], r["reason"], r["faults"]] for r in shown if r["faults"]],
    }


def people_of(catalog: Catalog) -> frozenset[str]:
    """All makers and performers with a first and a last name."""
    names = {name for item in catalog for name in (*item.creators, *item.cast)}
    return frozenset(name for name in names if " " in name)


def faults(
    shown: Recommendation, known: Sequence[str], people: frozenset[str], catalog: Catalog
) -> list[str]:
    """What in a reason is not borne out by the catalogue and the conversation, in words."""
    text, item = shown.rationale, shown.item
    titles = sorted({title for title in known if _stands(title, text)}, key=len, reverse=True)
    rest = text
    for title in titles:
        rest = rest.replace(title, "TITLE")
    met = [other for other in catalog if other.title in titles]
    return [
        *_people_faults(rest, item, met, people),
        *_number_faults(rest, item),
        *_title_faults(rest, item, titles, catalog),
        *_genre_faults(rest, item, met, catalog),
    ]


def _people_faults(
    rest: str, item: Item, met: Sequence[Item], people: frozenset[str]
) -> Iterator[str]:
    for name in re.findall(r"with ([A-Z][^,.]*?) as (?:its )?director", rest):
        if name not in item.creators:
            yield f"{name} did not direct it"
    for name in sorted(name for name in people if _stands(name, rest)):
        here = re.escape(name)
        if name not in (*item.creators, *item.cast):
            if not any(name in (*other.creators, *other.cast) for other in met):
                yield f"{name} has nothing to do with it"
            elif name not in item.description:
                yield f"{name} is only in what was named"
            continue
        made = rf"{here}(?:, who)? (?:also )?directed|directed by {here}|director,? {here}"
        if (
            re.search(rf"{made}|{here} as director|{here} is a director", rest)
            and name not in item.creators
        ):
            yield f"{name} did not direct it"
        plays = rf"cast (?:includes|is|has|shares) {here}|{here} (?:is in|appears in)"
        if re.search(rf"{plays}|with {here} in the cast", rest) and name not in item.cast:
            yield f"{name} is not in the cast"
        linked = re.search(
            rf"{here} of TITLE|{here}, (?:also )?in TITLE|with TITLE is {here}", rest
        )
        if linked and not any(name in (*o.creators, *o.cast) for o in met):
            yield f"{name} is not of the title"


def _number_faults(rest: str, item: Item) -> Iterator[str]:
    facts = " ".join((item.title, item.description, *item.keywords))
    allowed = {*re.findall(r"\d+", facts), str(item.year), str(item.runtime_min)}
    allowed |= set(re.findall(r"\d+", item.age_rating))
    for number in re.findall(r"\d+", rest):
        if number not in allowed:
            yield f"number {number}"


def _title_faults(rest: str, item: Item, titles: Sequence[str], catalog: Catalog) -> Iterator[str]:
    told = " ".join((item.description, *item.keywords, *item.cast, *item.creators)).casefold()
    for other in catalog:
        alien = len(other.title.split()) > 1 and other.title != item.title
        if alien and other.title.casefold() not in told and _stands(other.title, rest):
            yield f"title {other.title} was not named"
    if (
        "TITLE" not in rest
        and re.search(r"\bwhich you (?:liked|named|know)\b", rest)
        and not titles
    ):
        yield "speaks of a title that is not there"


def _genre_faults(rest: str, item: Item, met: Sequence[Item], catalog: Catalog) -> Iterator[str]:
    told = " ".join((*item.genres, *item.keywords, item.description)).casefold()
    folded = rest.casefold()
    for genre in sorted({genre for other in catalog for genre in other.genres}):
        called = rf"\b(?:an?|another|this|the) (?:[\w-]+ ){{0,2}}{re.escape(genre.casefold())}\b"
        if re.search(called, folded) and genre.casefold() not in told:
            yield f"genre {genre}"
    if re.search(r"\bboth\b|\blike title\b|\btoo\b", folded):
        for theme in item.keywords:
            shared = any(theme in other.keywords for other in met)
            if _stands(theme, folded) and met and not shared and f"{theme} too" in folded:
                yield f"{theme} is not shared"


def _stands(phrase: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'’-]+", text.casefold())


if __name__ == "__main__":
    main()
