"""The long job behind ``chatrec evaluate simulator``: simulated users talk to the system.

Wires the system over a copy of the workspace in which the simulated users have no interactions,
so that nothing in it was learnt from what they want. Reasons are left out: nobody reads them here.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import polars as pl

from chatrec.assemble import assemble
from chatrec.conversation.asking import LEAST_GAIN, Asking
from chatrec.data.workspace import CATALOG, INTERACTIONS, MANIFEST, REPORT, Workspace, sha256_of
from chatrec.evaluation.simulated_runs import KeptDialogues
from chatrec.evaluation.simulated_systems import AtRandom, Forgetful, Silent, Whole
from chatrec.evaluation.simulator import Begin, figures, goals_of, simulate
from chatrec.evaluation.splits import SPLIT_SEED
from chatrec.generation.rationale import RationaleWriter
from chatrec.retrieval.dense import VECTORS_FILE
from chatrec.settings import Settings
from chatrec.training.examples import part_of

Part = Literal["test", "validation"]
FULL = "whole system"
Report = Callable[[int, int, Mapping[str, float]], None]


def evaluate_simulator(
    settings: Settings,
    *,
    dialogues: int = 1000,
    part: Part = "test",
    seed: int = 2026,
    least_gain: float = LEAST_GAIN,
    keep: Path | None = None,
    report: Report | None = None,
) -> dict[str, Any]:
    """What the system, and others beside it, reach with simulated users of a workspace.

    The users are those of a part that the shipped adapter was not trained on; ``validation`` is
    there to choose by. What is done stands in the file ``keep``, from which a run of the same code
    and data goes on. Raises RequestError for a workspace without enough interactions, DataError for
    a file of another run.
    """
    folder = settings.data
    assert folder is not None
    workspace = Workspace.open(folder)
    users = [u for u in workspace.histories.users if part_of(u, SPLIT_SEED) == part]
    goals = goals_of(workspace.histories, workspace.catalog, users, dialogues, seed)
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    run = {"files": manifest["files"], "part": part, "seed": seed, "least gain": least_gain}
    done_before = None if keep is None else KeptDialogues(keep, run)
    with TemporaryDirectory() as temporary:
        kept = without_users(folder, users, Path(temporary) / "workspace")
        recommender = assemble(settings.model_copy(update={"data": kept}))
        recommender.writer = RationaleWriter(None, recommender.catalog)
        catalog, likeness = recommender.catalog, recommender.likeness
        asking, silent = Asking(catalog, likeness, least_gain=least_gain), Silent()
        systems: dict[str, Begin] = {
            FULL: lambda draw: Whole(recommender, asking),
            "without state": lambda draw: Forgetful(recommender),
            "random questions": lambda draw: Whole(recommender, AtRandom(catalog, draw)),
            "no questions": lambda draw: Whole(recommender, silent),
        }
        total = dialogues * len(systems)
        told = None if report is None else partial(_told, report, total)
        done = simulate(goals, systems, seed=seed, kept=done_before, report=told)
    return {
        "command": f"chatrec evaluate simulator {folder} --dialogues {dialogues} --part {part} "
        f"--seed {seed} --json",
        "data": folder.name,
        "part": part,
        "seed": seed,
        "least gain": least_gain,
        **figures(done, FULL),
    }


def _told(report: Report, total: int, n: int) -> None:
    report(n, total, {})


def without_users(folder: Path, users: list[str], to: Path) -> Path:
    """A copy of a workspace, in the new folder ``to``, without the interactions of these users.

    What was fitted on the original is left out; the item vectors, made from texts, come along.
    """
    (to / "cache").mkdir(parents=True)
    for name in (CATALOG, REPORT):
        shutil.copyfile(folder / name, to / name)
    frame = pl.read_parquet(folder / INTERACTIONS)
    frame.filter(~pl.col("user_id").is_in(users)).write_parquet(to / INTERACTIONS)
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest["files"][INTERACTIONS]["sha256"] = sha256_of(to / INTERACTIONS)
    (to / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    vectors = folder / "cache" / VECTORS_FILE
    if vectors.is_file():
        shutil.copyfile(vectors, to / "cache" / VECTORS_FILE)
    return to
