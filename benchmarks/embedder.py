"""How a tuned embedding model finds items, beside its base.

On people's own words: the films recommended in ReDial's training dialogues, by what the seeker had
said before, among all its films, dense alone. And on requests generated from workspaces for items
and in wordings that no training saw. Nothing here reads a test split.
Run: ``python benchmarks/embedder.py ../shared/data --adapter adapters/retriever-films
[--dialogues redial/dialogues_train_part.jsonl.zst] [--workspace DIR]... [--to RESULT.json]``
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chatrec.data.catalog import Catalog
from chatrec.data.text_files import read_text
from chatrec.data.workspace import Workspace
from chatrec.retrieval.dense import NAMED_WEIGHT, TextEncoder, Vectors, item_vectors
from chatrec.training.query_sets import QuerySet, figures_of, first_ranks
from chatrec.types import Item

MAX_CHARS = 400  # of what was said; the newest words are kept, as in a session
PER_STYLE = 40
SPLIT_SEED = SEED = 2026
CASES_SEED = 7  # other requests than those that the step was chosen by
_ID = re.compile(r"@\d+")


@dataclass(frozen=True, slots=True)
class Said:
    """What a seeker had said, with and without titles; the films named so far; those to find."""

    dialogue: int
    text: str
    untitled: str
    named: tuple[int, ...]
    targets: tuple[int, ...]


def main() -> None:
    args = _arguments()
    encoders = {"base": TextEncoder()}
    for folder in args.adapter:
        encoders[folder.name] = TextEncoder(adapter=folder)
    figures: dict[str, Any] = {}
    for dialogues in args.dialogues:
        figures[Path(dialogues).name] = real_words(
            args.data, args.data / dialogues, encoders, args.cases
        )
    for folder in args.workspace:
        figures[folder.name] = generated(Workspace.open(folder), encoders)
    text = json.dumps(figures, indent=1)
    print(text)
    if args.to is not None:
        args.to.write_text(text + "\n", encoding="utf-8")


def real_words(
    data: Path, dialogues: Path, encoders: dict[str, TextEncoder], most: int
) -> dict[str, Any]:
    """Figures of each encoder on at most ``most`` turns, drawn by SEED, and its paired difference

    to the first.
    """
    catalog = redial_films(data / "redial" / "items.parquet")
    cases = list(said_before(dialogues, catalog))
    cases = random.Random(SEED).sample(cases, min(len(cases), most))
    vectors = item_vectors(Workspace(catalog, None), next(iter(encoders.values())), progress=True)
    forms = {
        "all words": [case.text for case in cases],
        "words and named films": [case.untitled for case in cases],
    }
    figures: dict[str, Any] = {"cases": len(cases), "items": len(catalog)}
    for form, texts in forms.items():
        named = form != "all words"
        ranks = {
            name: _ranks(encoder.encode_queries(texts), vectors, cases, named=named)
            for name, encoder in encoders.items()
        }
        base = next(iter(ranks.values()))
        users = np.array([case.dialogue for case in cases for _ in case.targets])
        figures[form] = {
            name: _summary(of) | {"R@10 minus base": _difference(of <= 10, base <= 10, users)}
            for name, of in ranks.items()
        }
    return figures


def generated(workspace: Workspace, encoders: dict[str, TextEncoder]) -> dict[str, Any]:
    """Figures by style of requests generated from a workspace, for each encoder."""
    vectors = item_vectors(workspace, next(iter(encoders.values())))
    cases = QuerySet(workspace, vectors, SPLIT_SEED).validation(PER_STYLE, CASES_SEED)
    return {
        name: figures_of(
            {
                style: first_ranks(encoder.encode_queries(batch.texts), vectors, batch)
                for style, batch in cases.items()
            }
        )
        for name, encoder in encoders.items()
    }


def redial_films(path: Path) -> Catalog:
    """ReDial's films with the facts that came with them."""
    rows = pl.read_parquet(path).iter_rows(named=True)
    return Catalog(
        [
            Item(
                str(row["item_id"]),
                row["title"],
                row["year"],
                tuple(row["genres"] or ()),
                tuple(row["director"] or ()),
                tuple(row["cast"] or ()),
                description=row["plot"] or "",
            )
            for row in rows
            if row["title"].strip()  # one film has none
        ]
    )


def said_before(path: Path, catalog: Catalog) -> Iterator[Said]:
    """Each turn in which the recommender brings up films that nobody had named before."""
    for number, line in enumerate(read_text(path).splitlines()):
        texts: list[str] = []
        untitled: list[str] = []
        named: list[int] = []
        for message in json.loads(line)["messages"]:
            ids = [str(film) for film in message["movie_ids"]]
            films = list(dict.fromkeys(catalog.index_of(i) for i in ids if i in catalog))
            if message["role"] == "seeker":
                texts.append(message["text_titles"])
                untitled.append(_ID.sub(" ", message["text"]))
            else:
                new = tuple(film for film in films if film not in named)
                if new and texts:
                    yield Said(number, _last(texts), _last(untitled), tuple(named), new)
            named += [film for film in films if film not in named]


def _last(texts: Sequence[str]) -> str:
    return " ".join(" ".join(texts).split())[-MAX_CHARS:]


def _ranks(
    queries: Vectors, vectors: Vectors, cases: Sequence[Said], *, named: bool
) -> NDArray[np.int64]:
    """The rank of every film to find, films named before left out."""
    ranks = []
    for query, case in zip(queries, cases, strict=True):
        target = query
        if named and case.named:
            mean = vectors[list(case.named)].mean(axis=0)
            target = query + NAMED_WEIGHT * mean / max(float(np.linalg.norm(mean)), 1e-9)
        scores = vectors @ target
        scores[list(case.named)] = -np.inf
        ranks += [int((scores > scores[film]).sum()) + 1 for film in case.targets]
    return np.array(ranks)


def _summary(ranks: NDArray[np.int64]) -> dict[str, Any]:
    recalls = {f"R@{k}": round(float((ranks <= k).mean()), 4) for k in (1, 10, 50)}
    return {"labels": len(ranks), **recalls, "MRR": round(float((1 / ranks).mean()), 4)}


def _difference(
    ours: NDArray[np.bool_], base: NDArray[np.bool_], users: NDArray[np.int64]
) -> dict[str, Any]:
    """Mean difference with its 95 % interval, by bootstrap over dialogues (1,000 draws)."""
    gains = ours.astype(float) - base
    sums = np.bincount(users, weights=gains)
    counts = np.bincount(users)
    rng = np.random.default_rng(SEED)
    draws = rng.integers(0, len(sums), (1000, len(sums)))
    means = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    interval = [round(float(low), 4), round(float(high), 4)]
    return {"mean": round(float(gains.mean()), 4), "interval": interval}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--adapter", type=Path, action="append", default=[])
    parser.add_argument("--dialogues", action="append", default=[])
    parser.add_argument("--workspace", type=Path, action="append", default=[])
    parser.add_argument("--cases", type=int, default=1000, help="turns of each dialogue file")
    parser.add_argument("--to", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
