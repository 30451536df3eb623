"""How much the decoder learns from few examples: TALLRec's task, and ranking.

    python benchmarks/few_shot.py pack ../shared/data WORKSPACE... --to packed          here
    python benchmarks/few_shot.py run packed PART... --model FOLDER --to out            on a GPU
    python benchmarks/few_shot.py report packed out                                     here

A PART is ``film`` or ``book`` (TALLRec's task, AUC of the logits of yes and no) or ``ranking-NAME``
for a workspace of that name (NDCG@10 of the item head). Untuned, and after all, 256, 64 and 16
examples, three draws of the few; a run that is out of ``--max-seconds`` ends with what it has, and
``--resume FOLDER`` of such a run takes its rows and choices over and goes on. The workspaces are
those that ``movielens.py`` makes. ``report`` writes ``results/DATE-few-shot.json`` and
``docs/plots/few-shot.svg``, and prints the part of the page.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import few_shot_liking as liking
import few_shot_ranking as ranking
from few_shot_runs import SEEDS, SIZES, Budget, OutOfTimeError, Rows

LIKING = ("film", "book")
READING_S = 12  # of the time, for what is read after the last step
ALL_SHARE = 0.2  # of the time, for all examples of a part


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
    run_command.add_argument("parts", nargs="+")
    run_command.add_argument("--model", help="folder or name of the decoder")
    run_command.add_argument("--to", type=Path, required=True)
    run_command.add_argument("--resume", type=Path, help="folder of an earlier run's rows")
    run_command.add_argument("--max-seconds", type=float, default=float("inf"))
    run_command.add_argument("--workers", type=int, default=0, help="that make ranking's steps")
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
    """Measure the parts until they are done or the time is over: ``PART.jsonl`` for each."""
    import torch

    from chatrec.generation.loading import load_local

    precision = "bf16" if torch.cuda.is_available() else "auto"
    decoder = load_local(given.model, adapter=None, precision=precision, device=None, cache=None)
    budget = Budget(given.max_seconds - (time.monotonic() - given.begun) - READING_S)
    place = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    rows: dict[str, Rows] = {}
    curves: dict[str, liking.Curve | ranking.Curve] = {}
    for part in given.parts:
        earlier = None if given.resume is None else given.resume / f"{part}.jsonl"
        told = rows[part] = Rows(given.to / f"{part}.jsonl", earlier)
        told.add(
            machine=place, decoder=decoder.name, precision=decoder.precision, share=given.share
        )
        if part in LIKING:
            path = given.packed / f"{part}.jsonl.gz"
            curves[part] = liking.Curve(decoder, part, path, given.share, told)
        else:
            path = given.packed / f"{part}.npz"
            curves[part] = ranking.Curve(decoder, path, given.share, given.workers, told)
    ended = "all of it was measured"
    try:
        for curve in curves.values():
            curve.prepare(budget)
        measure(curves, rows, budget, ALL_SHARE * given.max_seconds)
    except OutOfTimeError:
        ended = f"out of {given.max_seconds:.0f} s"
    for told in rows.values():
        told.add(ended=ended)


def measure(
    curves: Mapping[str, liking.Curve | ranking.Curve],
    rows: Mapping[str, Rows],
    budget: Budget,
    most: float,
) -> None:
    """Measure what is planned and not there yet; all examples of a part in ``most`` seconds.

    Raises OutOfTimeError if the time was too short for any of it.
    """
    all_of_it = True
    for part, n, seed in plan(tuple(curves)):
        if rows[part].find(examples=n, seed=seed) is not None:
            continue
        budget.check()
        try:
            curves[part].measure(n, seed, budget if n is not None else budget.at_most(most))
        except OutOfTimeError:
            all_of_it = False  # a quicker row may be had yet
    if not all_of_it:
        raise OutOfTimeError


def plan(parts: Sequence[str]) -> list[tuple[str, int | None, int]]:
    """Part, examples (None: all) and seed of each row, the most important first.

    By draw, ranking before liking, the most examples first; all examples are drawn but once.
    """
    few = sorted(SIZES, reverse=True)
    kinds = [[p for p in parts if (p in LIKING) is liked] for liked in (False, True)]
    return [
        (part, n, seed)
        for seed in SEEDS
        for kind in kinds
        for n in (None, *few)
        for part in kind
        if n is not None or seed == SEEDS[0]
    ]


def report(given: argparse.Namespace) -> None:
    """Write the dated result and the plot; print the part of docs/quality.md."""
    from few_shot_report import few_shot_part, write_result

    print("\n".join(few_shot_part(write_result(given.packed, given.out))))


if __name__ == "__main__":
    main()
