"""How the grounding check judges true sentences in which one thing was swapped by a rule.

Takes the hand-written true sentences of all rounds that name a liked title and pass, and puts into
each (a) another title in its place that lacks a person that the sentence names and the two share,
and (b) the opposite of its first word of order or length. Such a swap is wrong in most cases, not
in all ("two years before Heat" stays true of many titles), so the shares say where to look, not
how many planted errors would be caught; that needs sentences by hand (judged_grounding.py).
Run: ``python benchmarks/swapped_grounding.py [--seed 1] [--n 300] [--show]``
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chatrec.data.catalog import Catalog, builtin_films
from chatrec.data.titles import TitleIndex
from chatrec.generation.claims import read_claims
from chatrec.generation.evidence import evidence_for
from chatrec.generation.grounding import check
from chatrec.generation.mentions import name_key
from chatrec.types import Item, Query

CASES = Path(__file__).resolve().parent.parent / "tests" / "generation"
FILES = ("grounding_seen_true.jsonl", "grounding_true.jsonl", "grounding_practice_true.jsonl")
PAIRS = (
    ("older", "newer"), ("longer", "shorter"), ("earlier", "later"), ("before", "after"),
)  # fmt: skip
OPPOSITE = dict((*PAIRS, *((b, a) for a, b in PAIRS)))
ORDER = re.compile(rf"\b(?:{'|'.join(OPPOSITE)})\b")
TRIED = 60  # titles tried in the place of the liked one


def people(item: Item) -> set[str]:
    return {name_key(name) for name in (*item.creators, *item.cast)}


def swaps(
    sentence: str, film: Item, liked: Item, films: Catalog, rng: random.Random
) -> Iterator[tuple[str, str, Item]]:
    """Kind of swap, the sentence with it, and the title that is now the liked one."""
    order = ORDER.search(sentence)
    if order is not None:
        turned = OPPOSITE[order.group()]
        yield "order", sentence[: order.start()] + turned + sentence[order.end() :], liked
    evidence = evidence_for(film, Query(liked=(liked.item_id,)), films)
    named = set(read_claims(sentence, film, evidence, films).people.values())
    tied = named & people(film) & people(liked)
    if not tied or liked.title not in sentence:
        return
    for other in rng.sample(films.items, TRIED):
        alike = set(other.genres) & set(film.genres)
        if alike and not tied & people(other) and other.item_id != film.item_id:
            yield "title", sentence.replace(liked.title, other.title), other
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--n", type=int, default=300, help="sentences to swap in")
    parser.add_argument("--show", action="store_true", help="print what passes")
    options = parser.parse_args()
    films, rng = builtin_films(), random.Random(options.seed)
    titles = TitleIndex(films)
    years = {(film.title, film.year): film for film in films}
    lines = [line for name in FILES for line in (CASES / name).read_text("utf-8").splitlines()]
    rows = [row for row in map(json.loads, lines) if len(row["liked"]) == 1]
    made: Counter[str] = Counter()
    passed: Counter[str] = Counter()

    def stands(sentence: str, film: Item, liked: Item) -> bool:
        evidence = evidence_for(film, Query(liked=(liked.item_id,)), films)
        return check(sentence, film, evidence, films).ok

    for row in rng.sample(rows, min(options.n, len(rows))):
        film = years[row["title"], row["year"]]
        liked = films.get(titles.lookup(row["liked"][0])[0].item_id)
        if not stands(row["sentence"], film, liked):
            continue
        for kind, sentence, other in swaps(row["sentence"], film, liked, films, rng):
            made[kind] += 1
            if stands(sentence, film, other):
                passed[kind] += 1
                if options.show:
                    print(f"{kind} | {film.label} | {other.label} | {sentence}")
    print(json.dumps({kind: {"swapped": made[kind], "passed": passed[kind]} for kind in made}))


if __name__ == "__main__":
    main()
