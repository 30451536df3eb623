"""Makes the workspaces that the shipped adapter is tuned on, out of the MovieLens files.

    python benchmarks/movielens.py ../shared/data --to workspaces

Four of them: MovieLens latest-small and 1M as they are, and both with their ratings moved to the
built-in films (joined by title and year, which may differ by one). All go through
``chatrec import``. People of 1M who are people of latest-small too (both come from the same site)
are left out of 1M, so that nobody of latest-small who is tested was trained on under another
number: whoever shares four fifths of the smaller set of (film, rating) pairs, at least 15.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl

from chatrec.data.catalog import Catalog, builtin_films
from chatrec.data.importing import import_workspace
from chatrec.data.workspace import Workspace
from chatrec.types import Item

SAME_PERSON_SHARE = 0.8
SAME_PERSON_PAIRS = 15


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--to", type=Path, required=True)
    given = arguments.parse_args()
    small = given.data / "ml-latest-small"
    with tempfile.TemporaryDirectory() as scratch:
        ratings = Path(scratch) / "ratings.parquet"
        _timed_1m(given.data, pl.read_parquet(small / "ratings.parquet")).write_parquet(ratings)
        sources = {
            "ml-latest-small": (small / "items.parquet", small / "ratings.parquet"),
            "ml-1m": (given.data / "ml-1m" / "items.parquet", ratings),
        }
        for name, (items, interactions) in sources.items():
            _import(items, interactions, given.to / name)
            _join(Workspace.open(given.to / name), Path(scratch), given.to / f"{name}-builtin")


def _timed_1m(data: Path, small: pl.DataFrame) -> pl.DataFrame:
    """Ratings of 1M with their position as time, without people of latest-small."""
    ratings = pl.read_parquet(data / "ml-1m" / "ratings.parquet").join(
        pl.read_parquet(data / "ml-1m-order" / "order.parquet"), on=["user_id", "item_id"]
    )
    twins = _same_people(ratings, small)
    print(f"ml-1m: {len(twins)} users left out, who are users of ml-latest-small too")
    return ratings.filter(~pl.col("user_id").is_in(twins)).rename({"position": "timestamp"})


def _same_people(ratings: pl.DataFrame, small: pl.DataFrame) -> list[int]:
    films = set(ratings["item_id"].to_list())
    holders: dict[tuple[int, float], list[int]] = {}
    sizes: Counter[int] = Counter()
    for user, item, rating in ratings.select("user_id", "item_id", "rating").iter_rows():
        holders.setdefault((item, float(rating)), []).append(user)
        sizes[user] += 1
    twins = set()
    for _, rows in small.filter(pl.col("item_id").is_in(films)).group_by("user_id"):
        pairs = list(rows.select("item_id", "rating").iter_rows())
        shared = Counter(user for pair in pairs for user in holders.get(pair, ()))
        for user, count in shared.most_common(3):
            smaller = min(len(pairs), sizes[user])
            if count >= SAME_PERSON_PAIRS and count >= SAME_PERSON_SHARE * smaller:
                twins.add(user)
    return sorted(twins)


def _import(items: Path, interactions: Path, to: Path) -> None:
    report = import_workspace(items, interactions, to, domain="film")
    print(f"{to}:", *report.lines(), sep="\n  ")


def _join(workspace: Workspace, scratch: Path, to: Path) -> None:
    films = builtin_films()
    ids = _matches(workspace.catalog, films)
    rows = [
        (r.user_id, ids[r.item_id], r.timestamp, r.weight)
        for r in workspace.interactions
        if r.item_id in ids
    ]
    columns = ["user_id", "item_id", "timestamp", "rating"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    frame = frame.unique(["user_id", "item_id"], keep="first", maintain_order=True)
    frame.write_parquet(scratch / "joined.parquet")
    with (scratch / "films.jsonl").open("w", encoding="utf-8") as file:
        for film in films:
            file.write(json.dumps(_record(film), ensure_ascii=False) + "\n")
    print(f"{to}: {len(ids):,} of {len(workspace.catalog):,} films matched")
    _import(scratch / "films.jsonl", scratch / "joined.parquet", to)


def _record(item: Item) -> dict[str, Any]:
    known = {f.name: getattr(item, f.name) for f in fields(item) if f.name != "facts"}
    return {name: v for name, v in known.items() if v not in (None, (), "")} | dict(item.facts)


def _matches(catalog: Catalog, films: Catalog) -> dict[str, str]:
    """Ids of the catalogue to ids of the built-in film of the same title, its year within one."""
    known = {
        (_folded(film.title), (film.year or 0) + off): film.item_id
        for off in (1, -1, 0)
        for film in films
    }
    keys = {item.item_id: (_folded(item.title), item.year or 0) for item in catalog}
    return {item_id: known[key] for item_id, key in keys.items() if key in known}


def _folded(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^(the|a|an) ", "", title.lower()))


if __name__ == "__main__":
    main()
