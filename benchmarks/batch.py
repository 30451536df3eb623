"""``chatrec batch``: the reasons of many lists together against one list at a time, same rows.

One process, one recommender. The first so many users of a workspace get a list with its reasons
each, once user by user and once in shards; the order of the two is turned round with every
repetition. Then two processes make the same shards, one of them in the other order, and what they
wrote is compared byte for byte.

Run: ``python benchmarks/batch.py WORKSPACE [--users 40] [--repeat 2] [--to JSON]``
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from chatrec.assemble import assemble, open_workspace
from chatrec.batch import BatchOptions, ListMaker
from chatrec.batch_rows import BatchRow, read_rows
from chatrec.settings import Settings

WISH = "recommend me something"
CHATREC = [sys.executable, "-c", "from chatrec.cli import main; main()", "batch"]


def main() -> None:
    options = _options()
    settings = Settings(data=options.workspace)
    users = open_workspace(settings.data).histories.users[: options.users]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "users.jsonl"
        file.write_text("".join(json.dumps({"user": user}) + "\n" for user in users), "utf-8")
        rows = read_rows(file, WISH, 5)
        figures = {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": f"python benchmarks/batch.py {' '.join(sys.argv[1:])}",
            "machine": {
                "cores": len(os.sched_getaffinity(0)),
                "torch_threads": torch.get_num_threads(),
                "processor": platform.processor() or platform.machine(),
                "load_before": round(os.getloadavg()[0], 2),
            },
            "data": options.workspace.name,
            "users": len(users),
            "k": 5,
            **_speed(settings, rows, options.repeat),
            "same_bytes_in_another_order": _same_bytes(options.workspace, file, Path(folder)),
        }
    text = json.dumps(figures, indent=1)
    print(text)
    if options.to is not None:
        options.to.write_text(text + "\n", "utf-8")


def _speed(settings: Settings, rows: Sequence[BatchRow], repeat: int) -> dict[str, Any]:
    """Processor and clock seconds a list: one at a time, together, and without reasons."""
    recommender = assemble(settings)
    maker = ListMaker(recommender, BatchOptions(WISH, 5, True, 0, len(rows)))
    bare = ListMaker(recommender, BatchOptions(WISH, 5, False, 0, len(rows)))
    _made(maker, [rows[:1]])  # the warm-up
    ways = {
        "one_at_a_time": (maker, [[row] for row in rows]),
        "together": (maker, [rows]),
        "lists_only": (bare, [rows]),
    }
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for number in range(repeat):
        for name in list(ways)[:: 1 if number % 2 == 0 else -1]:
            runs[name].append(_made(*ways[name]))
    means = {
        name: {unit: sum(run[unit] for run in found) / repeat / len(rows) for unit in found[0]}
        for name, found in runs.items()
    }
    alone, together = means["one_at_a_time"], means["together"]
    return {
        "seconds_a_list": means,
        "times_faster_together": {unit: alone[unit] / together[unit] for unit in alone},
        "runs": runs,
    }


def _made(maker: ListMaker, shards: Sequence[Sequence[BatchRow]]) -> dict[str, float]:
    clock, processor = time.perf_counter(), time.process_time()
    for shard in shards:
        maker.replies(shard, lambda: None)
    return {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor}


def _same_bytes(workspace: Path, users: Path, folder: Path) -> bool:
    """Whether shards come out the same made in order, or the second half of them first."""
    command = [*CHATREC, str(users), "--data", str(workspace), "--shard-size", "4"]
    one, other = folder / "one.jsonl", folder / "other.jsonl"
    for to, parts in ((one, ("1/1",)), (other, ("2/2", "1/2"))):
        for part in parts:
            subprocess.run([*command, "--to", str(to), "--shards", part], check=True)
    return one.read_bytes() == other.read_bytes()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--users", type=int, default=40, help="over 16: as many are kept in mind")
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--to", type=Path, default=None)
    return parser.parse_args()


if __name__ == "__main__":
    main()
