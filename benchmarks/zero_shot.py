"""Lists for ten requests each on catalogues that nothing was tuned for, as a page for the docs.

chatrec import ../shared/data/anime/items.parquet --domain anime --to workspaces/anime
chatrec import ../shared/data/frappe/items.parquet --domain app --to workspaces/frappe
python benchmarks/zero_shot.py workspaces/anime workspaces/frappe --to docs/zero-shot-lists.md
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterator
from pathlib import Path

from chatrec.assemble import assemble
from chatrec.conversation.recommender import Recommender, Reply
from chatrec.settings import Settings

REQUESTS = {
    "anime": (
        "something like Cowboy Bebop",
        "a calm slice of life show set at school",
        "giant robots and a war in space",
        "a sports anime about a team of beginners",
        "I loved Death Note, nothing with horror",
        "funny, with magic, for children",
        "vampires, but not romance",
        "a historical drama with samurai",
        "music and a band",
        "a psychological thriller, I have seen Monster",
    ),
    "app": (
        "an app to keep my to-do list",
        "a puzzle game that trains the brain",
        "learn a foreign language",
        "track my running with GPS",
        "a weather widget for the home screen",
        "listen to podcasts and radio",
        "edit photos with filters",
        "keep an eye on my expenses",
        "something to read the news in the morning",
        "talk to my friends for free, no games",
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    lines = [
        "# Lists on catalogues that nothing was tuned for",
        "",
        "No interactions, no tuning: only the items' texts ([zero-shot.md](zero-shot.md) tells how "
        "and how good). Written on",
        f"{datetime.datetime.now(datetime.UTC).date()} by `benchmarks/zero_shot.py`, whose first "
        "lines have the commands; nothing is left out or edited.",
        "",
    ]
    for folder in given.folders:
        recommender = assemble(Settings(data=folder))
        domain = recommender.catalog.domain
        lines += [f"## {folder.name}: {len(recommender.catalog):,} items, domain {domain}", ""]
        for request in REQUESTS[domain]:
            lines += [f"### {request}", "", *shown(recommender, request), ""]
        stats = recommender.writer.stats
        lines += [
            f"Of these {stats.written} reasons the decoder wrote {stats.written - stats.fallback}; "
            f"code worded the other {stats.fallback}, whose sentences were refused.",
            "",
        ]
    given.to.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def shown(recommender: Recommender, request: str) -> Iterator[str]:
    reply: Reply = recommender.respond(request, recommender.start())
    yield f"Led by: {reply.led_by}."
    yield ""
    for recommendation in reply.recommendations:
        item = recommendation.item
        genres = ", ".join(item.genres)
        yield f"{recommendation.rank}. **{item.label}** ({genres}). {recommendation.rationale}"


if __name__ == "__main__":
    main()
