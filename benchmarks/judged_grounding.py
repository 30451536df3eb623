"""How the grounding check judges hand-written sentences that it was not built on.

Prints and writes the share of true sentences refused and of false ones caught, by kind of error.
Run: ``python benchmarks/judged_grounding.py [RESULT.json]``
"""

import json
import sys
from collections import Counter
from pathlib import Path

from chatrec.data.catalog import builtin_films
from chatrec.data.titles import TitleIndex
from chatrec.generation.evidence import evidence_for
from chatrec.generation.grounding import check
from chatrec.types import Query

CASES = Path(__file__).resolve().parent.parent / "tests" / "generation"


def main() -> None:
    films = builtin_films()
    titles = TitleIndex(films)
    years = {(film.title, film.year): film for film in films}
    figures: dict[str, object] = {}
    for name in ("true", "false"):
        lines = (CASES / f"grounding_unseen_{name}.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        passed, kinds = 0, Counter()
        for row in rows:
            film = years[row["title"], row["year"]]
            liked = tuple(titles.lookup(title)[0].item_id for title in row["liked"])
            evidence = evidence_for(film, Query(liked=liked), films)
            if check(row["sentence"], film, evidence, films).ok:
                passed += 1
                kinds[row.get("error", "")] += 1
        figures[name] = {"sentences": len(rows), "passed the check": passed}
        if name == "false":
            figures["false that passed, by kind"] = dict(kinds)
    text = json.dumps(figures, indent=1)
    print(text)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
