"""What the default set-up recommends for the requests of ``tests/requests.jsonl``.

Judges each list by its ``must`` and ``must_not`` and times the ranked list (without reasons).
Run: ``python benchmarks/judged_requests.py [RESULT.json]``
"""

import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chatrec.assemble import assemble
from chatrec.data.catalog import Catalog
from chatrec.data.titles import TitleIndex
from chatrec.settings import Settings
from chatrec.types import Item

REQUESTS = Path(__file__).resolve().parent.parent / "tests" / "requests.jsonl"

# Whether one item keeps to a demand that all items must keep to.
EACH: dict[str, Callable[[Item, Any], bool]] = {
    "year_min": lambda item, value: item.year is not None and item.year >= value,
    "year_max": lambda item, value: item.year is not None and item.year <= value,
    "genres_all": lambda item, value: set(value) <= set(item.genres),
    "genres_any_of": lambda item, value: bool(set(value) & set(item.genres)),
    "person": lambda item, value: value in item.creators + item.cast,
    "person_any_of": lambda item, value: bool(set(value) & set(item.creators + item.cast)),
    "country": lambda item, value: value in item.countries,
    "language": lambda item, value: item.language == value,
    "runtime_max": lambda item, value: item.runtime_min is not None and item.runtime_min <= value,
    "ratings_in": lambda item, value: item.age_rating in value,
}
# Whether one item does what it must not.
NONE: dict[str, Callable[[Item, list[str]], bool]] = {
    "titles": lambda item, value: item.title in value,
    "genres": lambda item, value: bool(set(value) & set(item.genres)),
    "ratings": lambda item, value: item.age_rating in value,
    "person": lambda item, value: bool(set(value) & set(item.creators + item.cast)),
    "countries": lambda item, value: bool(set(value) & set(item.countries)),
}


def main() -> None:
    recommender = assemble(Settings())
    titles = TitleIndex(recommender.catalog)
    lines = REQUESTS.read_text("utf-8").splitlines()
    failed, times = {}, []
    for request in map(json.loads, lines):
        state = recommender.start(None, request.get("liked", ()), request.get("disliked", ()))
        reply = next(iter(recommender.stream(request["text"], state, request.get("k", 5))))
        times.append(reply.timings_ms["total"])
        items = [recommendation.item for recommendation in reply.recommendations]
        faults = judge(request, items, recommender.catalog, titles)
        if faults:
            failed[request["text"]] = {"shown": [item.label for item in items], "faults": faults}
    figures = {
        "requests": len(lines),
        "passed": len(lines) - len(failed),
        "median_ms_to_the_list": round(statistics.median(times), 1),
        "failed": failed,
    }
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    print(text)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")


def judge(
    request: dict[str, Any], items: list[Item], catalog: Catalog, titles: TitleIndex
) -> list[str]:
    """What is wrong with the items, in words; empty where nothing is."""
    faults = []
    for name, value in request.get("must", {}).items():
        if name in ("count", "count_min"):
            enough = len(items) == value if name == "count" else len(items) >= value
            faults += [] if enough else [f"{name} {value}: {len(items)}"]
        elif name == "at_least":
            demands = value if isinstance(value, list) else [value]
            faults += [f"{name} {d}" for d in demands if not _enough(d, items, catalog, titles)]
        else:
            faults += [f"{name} {value}: {i.label}" for i in items if not EACH[name](i, value)]
    for name, value in request.get("must_not", {}).items():
        faults += [f"not {name} {value}: {i.label}" for i in items if NONE[name](i, value)]
    return faults


def _enough(
    demand: dict[str, Any], items: list[Item], catalog: Catalog, titles: TitleIndex
) -> bool:
    if "genre" in demand:
        return sum(demand["genre"] in item.genres for item in items) >= demand["n"]
    traits = _traits(catalog.get(titles.lookup(demand["share_with"])[0].item_id))
    return sum(bool(traits & _traits(item)) for item in items) >= demand["n"]


def _traits(item: Item) -> set[str]:
    return {*item.genres, *item.keywords, *item.creators, *item.cast}


if __name__ == "__main__":
    main()
