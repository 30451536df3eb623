"""``chatrec tune``: which long job is asked for, and the command that repeats it, for the card.

Parses and calls; knows nothing about how anything is tuned.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from chatrec.errors import RequestError
from chatrec.options import Model, PrecisionName, note, progress, settings_of
from chatrec.settings import LoraKind, Settings


def tune(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="DIR...", help="workspaces")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="the adapter folder to write")] = None,
    retriever: Annotated[
        bool,
        typer.Option(
            "--retriever", help="fit retrieval to each workspace's interactions instead, in place"
        ),
    ] = False,
    with_decoder: Annotated[
        bool,
        typer.Option(
            "--with-decoder",
            help="with --retriever: the decoder learns to read histories too, an hour or more",
        ),
    ] = False,
    encoder: Annotated[
        bool,
        typer.Option(
            "--encoder", help="tune how the embedding model reads wishes instead, in place or --to"
        ),
    ] = False,
    dialogues: Annotated[
        list[Path] | None,
        typer.Option(
            "--dialogues", help="learn instead, in place, how people choose in these dialogues"
        ),
    ] = None,
    from_feedback: Annotated[
        bool,
        typer.Option(
            "--from-feedback", help="tune an adapter further on what people accepted and rejected"
        ),
    ] = False,
    adapter: Annotated[
        Path | None,
        typer.Option("--adapter", help="with --from-feedback: the one to go on from"),
    ] = None,
    examples: Annotated[
        int | None,
        typer.Option(
            help="training steps: 360, of 2 history windows each, with wishes and reasons; with "
            "--from-feedback as many as go through all of it"
        ),
    ] = None,
    batch: Annotated[int, typer.Option(help="times as many examples a step, for a GPU")] = 1,
    seed: Annotated[int, typer.Option(help="seed of everything random")] = 2026,
    rate: Annotated[
        float | None,
        typer.Option(help="learning rate of the LoRA weights, 5e-4"),
    ] = None,
    lora: Annotated[
        LoraKind, typer.Option(help="which LoRA: plain, rank-stabilised, DoRA or PiSSA")
    ] = "lora",
    source: Annotated[str, typer.Option(help="for the card: whose data this is")] = "your own data",
    terms: Annotated[str, typer.Option(help="for the card: on what terms")] = "not stated",
    model: Model = None,
    precision: PrecisionName = "auto",
) -> None:
    """Train a LoRA adapter with its item head on the histories of one or more workspaces.

    With --retriever nothing is written but into the workspaces: item-kNN, EASE, ALS, next item, the
    sequential model, and the fusion of what they find, which then order what histories ask for;
    --with-decoder adds the decoder's first layers, with LoRA, reading histories item by item.
    With --encoder requests are made up from each workspace's catalogue and histories, and the
    embedding model learns to read them; that is kept in the workspace too, or goes to --to. With
    --dialogues (JSON lines, as ReDial's; may be repeated) wishes are ordered as people chose there.
    With --from-feedback the adapter learns from the verdicts in the workspace's database (without
    DIR in that of the built-in films), and is written only if it ranks and words no worse.
    """
    if from_feedback:
        if retriever or encoder or dialogues:
            raise RequestError("--from-feedback tunes an adapter alone; give it without the others")
        settings = settings_of(_only(folders or []), model, adapter, precision)
        _tune_from_feedback(settings, to, examples, batch, rate, seed, source, terms)
        return
    if not folders:
        raise RequestError("DIR is missing: name the workspace to learn from")
    if adapter is not None:
        raise RequestError(
            f"--adapter {adapter} is what --from-feedback goes on from: add that, or leave it out"
        )
    if to is not None and (retriever or dialogues):
        kept = "--retriever" if retriever else "--dialogues"
        raise RequestError(f"--to {to} and {kept} exclude each other: leave one out")
    if with_decoder and not retriever:
        raise RequestError("--with-decoder is there for --retriever: add that, or leave it out")
    if retriever:
        _fit_retrieval(folders, seed, with_decoder, model)
    if encoder:
        _tune_encoders(folders, to, seed, source, terms)
    if dialogues:
        _learn_dialogues(folders, dialogues, seed)
    if retriever or encoder or dialogues:
        return
    if to is None:
        raise RequestError(
            "--to is missing: name the adapter folder to write, or add --retriever, --encoder or "
            "--dialogues"
        )
    from chatrec.training.lora import TuneOptions
    from chatrec.tuning import Notes, tune_adapter

    command = ["chatrec", "tune", *map(str, folders), "--to", str(to), "--precision", precision]
    command += [] if model is None else ["--model", model]
    steps = 360 if examples is None else examples
    rate = 5e-4 if rate is None else rate
    command += ["--examples", str(steps), "--batch", str(batch)]
    command += ["--rate", str(rate), "--lora", lora, "--seed", str(seed)]
    with progress("training") as (say, report):
        figures = tune_adapter(
            folders,
            to,
            options=TuneOptions(steps=steps, seed=seed, lora=lora, lora_rate=rate).times(batch),
            model=model,
            precision=precision,
            notes=Notes(source, terms, shlex.join(command)),
            say=say,
            report=report,
        )
    typer.echo(json.dumps(figures, indent=1))


def _only(folders: list[Path]) -> Path | None:
    """The workspace that feedback is of; None for the built-in films."""
    if len(folders) > 1:
        raise RequestError(
            f"--from-feedback takes one workspace, and {len(folders)} were given: each has its own "
            "feedback; tune on one after the other"
        )
    return folders[0] if folders else None


def _tune_from_feedback(
    settings: Settings,
    to: Path | None,
    steps: int | None,
    batch: int,
    rate: float | None,
    seed: int,
    source: str,
    terms: str,
) -> None:
    if to is None:
        raise RequestError("--to is missing: name the adapter folder to write")
    from chatrec.preference_tuning import tune_from_feedback
    from chatrec.training.preference_lora import PreferenceOptions
    from chatrec.tuning import Notes

    options = PreferenceOptions(steps=steps, seed=seed).times(batch)
    options = options if rate is None else replace(options, rate=rate)
    command = ["chatrec", "tune", *([] if settings.data is None else [str(settings.data)])]
    command += ["--from-feedback", "--to", str(to), "--precision", settings.precision]
    command += [] if settings.model is None else ["--model", settings.model]
    command += [] if settings.adapter is None else ["--adapter", str(settings.adapter)]
    command += [] if steps is None else ["--examples", str(steps)]
    command += ["--batch", str(batch), "--rate", str(options.rate), "--seed", str(seed)]
    with progress("tuning") as (say, report):
        figures = tune_from_feedback(
            settings,
            to,
            options=options,
            notes=Notes(source, terms, shlex.join(command)),
            say=say,
            report=report,
        )
    typer.echo(json.dumps(figures, indent=1))


def _fit_retrieval(folders: list[Path], seed: int, with_decoder: bool, model: str | None) -> None:
    from chatrec.fitting import fit_retrieval

    for folder in folders:
        with progress("fitting") as (say, report):
            figures = fit_retrieval(
                folder, seed=seed, decoder=with_decoder, base=model, say=say, report=report
            )
        typer.echo(json.dumps(figures, indent=1))


def _learn_dialogues(folders: list[Path], files: list[Path], seed: int) -> None:
    from chatrec.dialogue_learning import learn_from_dialogues

    for folder in folders:
        figures = learn_from_dialogues(folder, files, seed=seed, say=note)
        typer.echo(json.dumps(figures, indent=1))


def _tune_encoders(
    folders: list[Path], to: Path | None, seed: int, source: str, terms: str
) -> None:
    from chatrec.fitting import tune_encoders
    from chatrec.training.embedder import EmbedderNotes, EmbedderOptions

    command = ["chatrec", "tune", *map(str, folders), "--encoder"]
    command += [] if to is None else ["--to", str(to)]
    notes = EmbedderNotes(source, terms, shlex.join([*command, "--seed", str(seed)]))
    options = EmbedderOptions(seed=seed)
    with progress("tuning") as (say, report):
        figures = tune_encoders(folders, to, notes, options=options, say=say, report=report)
    typer.echo(json.dumps(figures, indent=1))
