"""Ranks in a domain that the adapter never saw: one adapter for several domains, texts alone.

    python benchmarks/domains.py pack ../shared/data --to sets                here: small files
    python benchmarks/domains.py run sets --model MODEL --to out              on a GPU machine
    python benchmarks/domains.py report out --to benchmarks/results/NAME.json here: the figures

``run`` leaves each of four domains out in turn (``--left-out NAME``: that one alone), side by side.
On top of a score by text vectors alone, LoRA and what a decoder's reading adds to it are learnt on
the histories of the other three; then everything in the domain that was left out is ranked, for
users of whom nothing was learnt. Scores are mixed with popularity among the domain's training users
as benchmarks/domain_ranks.py says. ``report`` chooses weights for a domain on the validation users
of the three others, each as ranked by the adapter that had it left out: nothing is chosen on a
domain that is then reported on.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import shlex
import subprocess
import sys
import time
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from domain_report import report
from domain_sets import SEED, SOURCES, pack, read, sizes

LEARNING_SHARE = 0.8  # of the time; ranking comes after


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
    run_command.add_argument("--steps", type=int, default=300)
    run_command.add_argument("--text-steps", type=int, default=50)
    run_command.add_argument("--windows", type=int, default=8, help="of each domain in a step")
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
    """Learn without that domain and rank in it; its test users come first."""
    import torch
    from domain_ranks import Ranker, cases_of
    from domain_scores import Reading, TextScore
    from domain_tune import Options, fit_reading, fit_text_score, on_device

    from chatrec.generation.loading import load_local
    from chatrec.training.lora_kinds import with_lora

    begun = time.monotonic()
    seconds: dict[str, float] = {}

    def say(what: str) -> None:
        seconds[what] = round(time.monotonic() - begun, 1)
        note(what)

    def note(what: str) -> None:
        print(f"without {left_out}: {time.monotonic() - begun:.1f} s: {what}", flush=True)

    sets = read(given.sets, given.share)
    precision: Any = "bf16" if torch.cuda.is_available() else "auto"
    decoder = load_local(given.model, adapter=None, precision=precision, device=None, cache=None)
    encode = cache(decoder.encode_text)
    say("loaded")
    options = Options(
        steps=given.steps, text_steps=given.text_steps, windows=given.windows, seed=given.seed
    )
    torch.manual_seed(options.seed)
    device = decoder.device
    learnt_from = [on_device(domain, device) for name, domain in sets.items() if name != left_out]
    text_dim = learnt_from[0].text.shape[1]
    score = TextScore().to(device)
    fit_text_score(score, learnt_from, options, note)
    say("text score fitted")
    model, _ = with_lora(decoder.model, "lora", options.rank, dropout=0.05)
    reading = Reading(decoder.hidden_size, text_dim).to(device)
    until = LEARNING_SHARE * given.max_seconds - (time.monotonic() - begun)
    steps = fit_reading(model, reading, score, learnt_from, encode, options, until, note)
    say("tuned")
    facts = {
        "left out": left_out,
        "command": shlex.join(["python", "benchmarks/domains.py", *sys.argv[1:]]),
        "machine": _machine(),
        "options": asdict(options),
        "steps": steps,
        "text score": {
            "scale": float(score.log_scale.detach().exp()),
            "popularity weight": float(score.popularity_weight.detach()),
        },
        "sets": sizes(list(sets.values())),
        "seconds": seconds,
    }
    ranker = Ranker(model, reading, score, encode)
    own, found = sets[left_out], {}
    for part, histories in (("test", own.test), ("validation", own.data.validation)):
        cases = cases_of(histories)
        ranks = ranker.ranks(own, cases)
        found |= {f"{part} {kind}": values for kind, values in ranks.items()}
        found[f"{part} users"] = np.array([case.user for case in cases], dtype=np.uint16)
        say(f"ranked {part}")
        np.savez_compressed(given.to / f"{left_out}.npz", **found)
        (given.to / f"{left_out}.json").write_text(json.dumps(facts, indent=1), "utf-8")


def _machine() -> dict[str, Any]:
    import torch

    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {"gpu": gpu, "processor": platform.machine(), "torch": torch.__version__}


if __name__ == "__main__":
    main()
