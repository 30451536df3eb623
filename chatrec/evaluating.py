"""``chatrec evaluate``: quality measured offline, each figure as JSON on stdout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from chatrec.options import (
    AdapterFolder,
    AsJson,
    Data,
    Model,
    PrecisionName,
    ToneName,
    note,
    progress,
    settings_of,
)

evaluate_app = typer.Typer(no_args_is_help=True, help="Measure quality offline.")


@evaluate_app.command("ranking")
def evaluate_ranking_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="workspace with interactions")],
    protocol: Annotated[
        Literal["time", "random", "foldin"],
        typer.Option(help="every user's last items, shuffled items, or users kept from training"),
    ] = "foldin",
    targets: Annotated[
        int | None, typer.Option(help="items of each user to predict: 5, or 1 for random")
    ] = None,
    users: Annotated[int | None, typer.Option(help="a random sample of so many users")] = None,
    seed: Annotated[int, typer.Option(help="seed of the sample of users")] = 2026,
    without: Annotated[
        list[str] | None, typer.Option(help="a peer to leave out; may be repeated")
    ] = None,
    users_file: Annotated[
        Path | None, typer.Option(help="user_id with gender, age: figures for each group")
    ] = None,
    decoder: Annotated[
        bool, typer.Option(help="score the adapter's item head too: a decoder pass a case")
    ] = True,
    model: Model = None,
    adapter: AdapterFolder = None,
    precision: PrecisionName = "auto",
    as_json: AsJson = False,
) -> None:
    """Rank the whole catalogue for held-out items: retrieval, its fusion and all peers beside it.

    Every model is fitted on what comes before the held-out items. The sequential peer trains for
    minutes to an hour, which a later run takes up again; --without sequential leaves it out. On
    many thousand cases say --no-decoder: the item head takes some tenths of a second a case.
    """
    from chatrec.measuring import evaluate_ranking

    figures = evaluate_ranking(
        folder,
        protocol,
        targets=targets,
        users=users,
        seed=seed,
        without=tuple(without or ()),
        users_file=users_file,
        decoder=decoder,
        model=model,
        adapter=adapter,
        precision=precision,
    )
    typer.echo(json.dumps(figures, indent=None if as_json else 1))


@evaluate_app.command("dialogue")
def evaluate_dialogue_command(
    file: Annotated[Path, typer.Argument(help="turns; PROTOCOL_entity2id.json stands beside it")],
    protocol: Annotated[
        Literal["cikm23", "ievalm"], typer.Option(help="who made the turns: He et al., or iEvaLM")
    ] = "cikm23",
    train: Annotated[
        list[Path] | None, typer.Option(help="dialogues to learn from; may be repeated")
    ] = None,
    data: Data = None,
    seed: Annotated[int, typer.Option(help="seed of what is learnt")] = 2026,
    as_json: AsJson = False,
) -> None:
    """Recommend in the turns of dialogues: recall of what was recommended next, new and repeated.

    Retrieval from the catalogue stands beside popularity in the training dialogues, copying what
    was mentioned, and the order learnt from the training dialogues.
    """
    from chatrec.measuring import evaluate_dialogues

    figures = evaluate_dialogues(file, protocol, data, training=tuple(train or ()), seed=seed)
    typer.echo(json.dumps(figures, indent=None if as_json else 1))


@evaluate_app.command("rationale")
def evaluate_rationale_command(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="workspace; else the one that is set")
    ] = None,
    n: Annotated[int, typer.Option("--n", help="reasons to measure")] = 100,
    seed: Annotated[int, typer.Option(help="seed of the requests")] = 2026,
    tone: ToneName = None,
    model: Model = None,
    adapter: AdapterFolder = None,
    precision: PrecisionName = "auto",
    as_json: AsJson = False,
) -> None:
    """Measure the reasons that are shown for requests drawn from the catalogue and its users.

    Grounded, specific, worded by code alone (fallback), and how many begin differently. Five
    reasons take some seconds.
    """
    from chatrec.assemble import assemble, open_workspace
    from chatrec.evaluation.rationale import measure_reasons
    from chatrec.evaluation.rationale_requests import drawn_asks

    settings = settings_of(folder, model, adapter, precision, tone)
    recommender = assemble(settings, note)
    asks = drawn_asks(open_workspace(settings.data), seed)
    with progress("reasons") as (_, report):
        found = measure_reasons(recommender, asks, n, lambda done, of: report(done, of, {}))
    facts = {
        "data": "built-in films" if settings.data is None else settings.data.name,
        "domain": recommender.catalog.domain,
        "items": len(recommender.catalog),
        "seed": seed,
        "tone": recommender.writer.tone,
    }
    typer.echo(json.dumps({**facts, **found}, indent=None if as_json else 1))


@evaluate_app.command("simulator")
def evaluate_simulator_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="workspace with interactions")],
    dialogues: Annotated[int, typer.Option(help="with each system")] = 1000,
    part: Annotated[
        Literal["test", "validation"], typer.Option(help="users to report on, or to choose by")
    ] = "test",
    seed: Annotated[int, typer.Option(help="seed of the users and of what they say")] = 2026,
    keep: Annotated[
        Path | None,
        typer.Option(help="a file for the dialogues done; a killed run goes on from it"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let simulated users with hidden targets talk to the system, and to others beside it.

    Those others are the system without state, with random questions, and without questions. A turn
    takes some tenths of a second.
    """
    from chatrec.simulating import evaluate_simulator

    settings = settings_of(folder, None, None, "auto")
    with progress("talking") as (_, report):
        figures = evaluate_simulator(
            settings, dialogues=dialogues, part=part, seed=seed, keep=keep, report=report
        )
    typer.echo(json.dumps(figures, indent=None if as_json else 1))
