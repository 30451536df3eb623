"""Ranks in a domain that the adapter never saw: one adapter for several domains, texts alone.

    python benchmarks/domains.py pack ../shared/data --to sets                here: small files
    python benchmarks/domains.py run sets --model MODEL --to out              on a GPU machine
    python benchmarks/domains.py report out --to benchmarks/results/NAME.json here: the figures

``run`` leaves each of four domains out in turn (``--left-out NAME``: that one alone), side by side:
LoRA and item head are tuned on the histories of the other three, then rank everything in the
domain that was left out, for users of whom nothing was learnt. The head sees text vectors less
their catalogue's mean, and popularity is withheld in half of the steps. Scores are mixed as
benchmarks/domain_ranks.py says, by shares a (likeness of centred texts) and b (popularity among
the domain's training users). ``report`` chooses them for a domain on the validation users of the
three others, each as ranked by the adapter that had it left out: nothing is chosen on a domain
that is then reported on.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from domain_report import report
from domain_sets import SEED, SOURCES, pack, read, sizes

JOINT_SHARE = 0.65  # of the time; the item side is fitted before, and all is ranked after


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    pack_command = commands.add_parser("pack")
    pack_command.add_argument("data", type=Path, help="folder of the public data sets")
    pack_command.set_defaults(run=lambda given: pack(given.data, given.to))
    run_command = commands.add_parser("run")
    run_command.add_argument("sets", type=Path, help="what pack wrote")
    run_command.add_argument("--model", help="folder or name of the decoder")
    run_command.add_argument("--left-out", choices=SOURCES)
    run_command.add_argument("--max-seconds", type=float, default=math.inf)
    run_command.add_argument("--steps", type=int, default=1000)
    run_command.add_argument("--windows", type=int, default=16)
    run_command.add_argument("--workers", type=int, default=1)
    run_command.add_argument("--item-batches", type=int, default=400)
    run_command.add_argument("--share", type=float, default=1.0, help="of the users")
    run_command.add_argument("--seed", type=int, default=SEED)
    run_command.set_defaults(run=run)
    report_command = commands.add_parser("report")
    report_command.add_argument("out", type=Path, help="what run wrote")
    report_command.set_defaults(run=lambda given: report(given.out, given.to))
    for command in (pack_command, run_command, report_command):
        command.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    given.run(given)


def run(given: argparse.Namespace) -> None:
    """Tune and rank with one domain left out, or with each in turn by processes side by side."""
    given.to.mkdir(parents=True, exist_ok=True)
    if given.left_out is not None:
        run_without(given.left_out, given)
        return
    again = [sys.executable, *sys.argv, "--left-out"]
    running = {name: subprocess.Popen([*again, name]) for name in SOURCES}
    failed = [name for name, process in running.items() if process.wait()]
    if failed:
        sys.exit(f"ended with an error: {', '.join(failed)}")


def run_without(left_out: str, given: argparse.Namespace) -> None:
    """Tune without that domain, and rank; its test users come first, and all is written at once."""
    import torch
    from domain_ranks import Ranker, cases_of, centred

    from chatrec.generation.loading import load_local
    from chatrec.training.lora import TuneOptions, tune

    begun, steps = time.monotonic(), 0
    seconds: dict[str, float] = {}

    def say(what: str) -> None:
        seconds[what] = round(time.monotonic() - begun, 1)
        print(f"without {left_out}: {seconds[what]} s: {what}", flush=True)

    def note(step: int, _: int, losses: Any) -> None:
        nonlocal steps
        steps = step
        if step % 20 == 1:
            print(f"without {left_out}: step {step}: {dict(losses)}", flush=True)

    sets = read(given.sets, given.share)
    seen = [centred(domain.learnt_from) for name, domain in sets.items() if name != left_out]
    precision: Any = "bf16" if torch.cuda.is_available() else "auto"
    decoder = load_local(given.model, adapter=None, precision=precision, device=None, cache=None)
    say("loaded")
    # Without wishes and reasons: games have no facts to wish for, and neither is measured here.
    options = TuneOptions(
        steps=given.steps,
        windows=given.windows,
        wishes=0,
        sentences=0,
        item_dropout=0.2,
        unpopular=0.5,
        item_batches=given.item_batches,
        workers=given.workers,
        seed=given.seed,
        max_seconds=JOINT_SHARE * (given.max_seconds - seconds["loaded"]),
    )
    with tempfile.TemporaryDirectory() as scratch:
        model, head = tune(decoder, seen, options, Path(scratch), report=note)
        log = (Path(scratch) / "log.jsonl").read_text("utf-8")
    say("tuned")
    (given.to / f"{left_out}-log.jsonl").write_text(log, "utf-8")
    ranker = Ranker(model, head, cache(decoder.encode_text))
    facts = {
        "left out": left_out,
        "command": shlex.join(["python", "benchmarks/domains.py", *sys.argv[1:]]),
        "machine": _machine(),
        "options": {k: v for k, v in asdict(options).items() if v != math.inf},
        "steps": steps,
        "scale": float(head.log_scale.detach().exp()),
        "popularity weight": float(head.popularity_weight.detach()),
        "sets": sizes(list(sets.values())),
        "seconds": seconds,
    }
    others = [name for name in sets if name != left_out]
    parts = [(left_out, "test"), (left_out, "validation")]
    parts += [(name, part) for part in ("validation", "test") for name in others]
    found: dict[str, Any] = {}
    for name, part in parts:
        if time.monotonic() - begun > given.max_seconds:
            say(f"no time left for {name} {part}")
            continue
        cases = cases_of(sets[name].test if part == "test" else sets[name].data.validation)
        ranks = ranker.ranks(sets[name], cases)
        found |= {f"{name} {part} {kind}": values for kind, values in ranks.items()}
        found[f"{name} {part} users"] = np.array([case.user for case in cases], dtype=np.uint16)
        say(f"ranked {name} {part}")
        np.savez_compressed(given.to / f"{left_out}.npz", **found)
        (given.to / f"{left_out}.json").write_text(json.dumps(facts, indent=1), "utf-8")


def _machine() -> dict[str, Any]:
    import torch

    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {"gpu": gpu, "processor": platform.machine(), "torch": torch.__version__}


if __name__ == "__main__":
    main()
