"""How much the decoder learns from few examples: TALLRec's task, and ranking.

    python benchmarks/few_shot.py pack ../shared/data WORKSPACE... --to packed          here
    python benchmarks/few_shot.py run packed --part PART --model FOLDER --to out        on a GPU
    python benchmarks/few_shot.py report packed out                                     here

A PART is ``film`` or ``book`` (TALLRec's task, AUC of the logits of yes and no) or ``ranking-NAME``
for a workspace of that name (NDCG@10 of the item head); parts can run side by side. Untuned, and
after 16, 64, 256 and all examples, three draws each; a part that runs out of ``--max-seconds`` ends
with what it has. The workspaces are those that ``movielens.py`` makes. ``report`` writes
``results/DATE-few-shot.json`` and ``docs/plots/few-shot.svg``, and prints the part of the page.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import few_shot_liking as liking
import few_shot_ranking as ranking
from few_shot_runs import Budget, OutOfTimeError, Rows

LIKING = ("film", "book")
READING_S = 12  # of the time, for what is read after the last step


def main() -> None:
    begun = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    pack_command = commands.add_parser("pack")
    pack_command.add_argument("data", type=Path)
    pack_command.add_argument("workspaces", type=Path, nargs="*")
    pack_command.add_argument("--to", type=Path, required=True)
    pack_command.set_defaults(run=pack)
    run_command = commands.add_parser("run")
    run_command.add_argument("packed", type=Path)
    run_command.add_argument("--part", required=True)
    run_command.add_argument("--model", help="folder or name of the decoder")
    run_command.add_argument("--to", type=Path, required=True)
    run_command.add_argument("--max-seconds", type=float, default=float("inf"))
    run_command.add_argument("--share", type=float, default=1.0, help="of rows, users and steps")
    run_command.set_defaults(run=run, begun=begun)
    report_command = commands.add_parser("report")
    report_command.add_argument("packed", type=Path)
    report_command.add_argument("out", type=Path)
    report_command.set_defaults(run=report)
    given = parser.parse_args()
    given.run(given)


def pack(given: argparse.Namespace) -> None:
    """Write what ``run`` reads: rows of prompts, and workspaces as arrays."""
    from chatrec.data.workspace import Workspace

    given.to.mkdir(parents=True)
    liking.pack_films(given.data, given.to)
    liking.pack_books(given.data, given.to)
    for folder in given.workspaces:
        ranking.pack(Workspace.open(folder), folder.name, given.to)
    for path in sorted(given.to.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 2**20:.2f} MiB")


def run(given: argparse.Namespace) -> None:
    """Measure one part until it is done or the time is over: ``PART.jsonl``."""
    import torch

    from chatrec.generation.loading import load_local

    precision = "bf16" if torch.cuda.is_available() else "auto"
    decoder = load_local(given.model, adapter=None, precision=precision, device=None, cache=None)
    budget = Budget(given.max_seconds - (time.monotonic() - given.begun) - READING_S)
    place = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    rows = Rows(given.to / f"{given.part}.jsonl")
    rows.add(machine=place, decoder=decoder.name, precision=decoder.precision, share=given.share)
    try:
        if given.part in LIKING:
            path = given.packed / f"{given.part}.jsonl.gz"
            liking.run(decoder, given.part, path, given.share, budget, rows)
        else:
            path = given.packed / f"{given.part}.npz"
            ranking.run(decoder, path, given.share, budget, rows)
    except OutOfTimeError:
        rows.add(ended=f"out of {given.max_seconds:.0f} s")
    else:
        rows.add(ended="all of it was measured")


def report(given: argparse.Namespace) -> None:
    """Write the dated result and the plot; print the part of docs/quality.md."""
    from few_shot_report import few_shot_part, write_result

    print("\n".join(few_shot_part(write_result(given.packed, given.out))))


if __name__ == "__main__":
    main()
