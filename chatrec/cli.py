"""The command line. It parses, calls one function of the library, prints, and sets the exit code.

Exit codes: 0 done, 2 the caller's mistake (one line on stderr says which).
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from chatrec.errors import ChatrecError, RequestError
from chatrec.settings import Precision, Settings

if TYPE_CHECKING:
    from chatrec.conversation.recommender import Recommender, Reply

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
evaluate_app = typer.Typer(no_args_is_help=True, help="Measure quality offline.")
app.add_typer(evaluate_app, name="evaluate")

Data = Annotated[Path | None, typer.Option("--data", help="workspace folder; else built-in films")]
Model = Annotated[str | None, typer.Option("--model", help="decoder: name, folder or URL")]
AdapterFolder = Annotated[Path | None, typer.Option("--adapter", help="adapter folder")]
PrecisionName = Annotated[Precision, typer.Option("--precision", help="weights of the decoder")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object on stdout")]
Titles = Annotated[list[str] | None, typer.Option(help="title or id; may be repeated")]


def main() -> None:
    """Run the command line; a caller's mistake is one line and exit code 2."""
    try:
        app()
    except ChatrecError as error:
        sys.stderr.write(f"chatrec: {error}\n")
        sys.exit(2)


@app.command()
def recommend(
    text: Annotated[str, typer.Argument(help="what you want, in your own words")],
    data: Data = None,
    user: Annotated[str | None, typer.Option(help="a user of the workspace")] = None,
    liked: Titles = None,
    disliked: Titles = None,
    k: Annotated[int, typer.Option("-k", help="how many items, 1 to 50")] = 5,
    as_json: AsJson = False,
    model: Model = None,
    adapter: AdapterFolder = None,
    precision: PrecisionName = "auto",
) -> None:
    """Answer one request."""
    recommender = _recommender(data, model, adapter, precision)
    state = recommender.start(user, liked or (), disliked or ())
    reply = recommender.respond(text, state, k)
    if as_json:
        from chatrec.serving.schema import reply_json

        typer.echo(json.dumps(reply_json(reply), ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(reply)))


@app.command()
def chat(
    data: Data = None,
    user: Annotated[str | None, typer.Option(help="a user of the workspace")] = None,
    k: Annotated[int, typer.Option("-k", help="how many items, 1 to 50")] = 5,
    model: Model = None,
    adapter: AdapterFolder = None,
    precision: PrecisionName = "auto",
) -> None:
    """Chat in the terminal; reads a pipe too. An empty line is skipped, Ctrl-D ends."""
    recommender = _recommender(data, model, adapter, precision)
    state = recommender.start(user)
    interactive = sys.stdin.isatty()
    if interactive:
        typer.echo(
            f"{len(recommender.catalog):,} items. What are you in the mood for? (Ctrl-D ends)"
        )
    while (line := _next_line(interactive)) is not None:
        if line.strip():
            told = 0
            for reply in recommender.stream(line, state, k):
                lines = _lines(reply)
                for text in lines[told:]:
                    typer.echo(text)
                told, state = len(lines), reply.state
            typer.echo()


@app.command("import")
def import_files(
    catalog: Annotated[Path, typer.Argument(help="items: csv, tsv, jsonl, parquet; .gz, .zst")],
    to: Annotated[Path, typer.Option("--to", help="the workspace folder to write")],
    interactions: Annotated[Path | None, typer.Option(help="who met what")] = None,
    domain: Annotated[
        str, typer.Option(help="film, game, book, music ... for the wording")
    ] = "item",
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="leave out at most 1 % bad rows, counted")
    ] = False,
) -> None:
    """Turn your files into a workspace; prints what was found and changed."""
    from chatrec.data.importing import import_workspace

    report = import_workspace(catalog, interactions, to, domain=domain, skip_bad_rows=skip_bad_rows)
    for line in report.lines():
        typer.echo(line)


@app.command()
def tune(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="workspaces")],
    to: Annotated[Path | None, typer.Option("--to", help="the adapter folder to write")] = None,
    retriever: Annotated[
        bool,
        typer.Option(
            "--retriever", help="fit retrieval to each workspace's interactions instead, in place"
        ),
    ] = False,
    examples: Annotated[
        int, typer.Option(help="training steps of 2 history windows each, with wishes and reasons")
    ] = 360,
    batch: Annotated[int, typer.Option(help="times as many examples a step, for a GPU")] = 1,
    seed: Annotated[int, typer.Option(help="seed of everything random")] = 2026,
    rate: Annotated[float, typer.Option(help="learning rate of the LoRA weights")] = 5e-4,
    source: Annotated[str, typer.Option(help="for the card: whose data this is")] = "your own data",
    terms: Annotated[str, typer.Option(help="for the card: on what terms")] = "not stated",
    model: Model = None,
    precision: PrecisionName = "auto",
) -> None:
    """Train a LoRA adapter with its item head on the histories of one or more workspaces.

    With --retriever nothing is written but into the workspaces: item-kNN, EASE, ALS, next item, the
    sequential model, and the fusion of what they find, which then order what histories ask for.
    """
    if retriever:
        _fit_retrieval(folders, to, seed)
        return
    if to is None:
        raise RequestError("--to is missing: name the adapter folder to write, or add --retriever")
    from rich.progress import Progress

    from chatrec.training.lora import TuneOptions
    from chatrec.tuning import Notes, tune_adapter

    command = ["chatrec", "tune", *map(str, folders), "--to", str(to), "--precision", precision]
    command += [] if model is None else ["--model", model]
    command += ["--examples", str(examples), "--batch", str(batch)]
    command += ["--rate", str(rate), "--seed", str(seed)]
    with Progress() as bars:
        bar = bars.add_task("training", total=examples)

        def report(step: int, steps: int, losses: Mapping[str, float]) -> None:
            named = ", ".join(f"{name} {value:.2f}" for name, value in losses.items())
            bars.update(bar, completed=step, total=steps, description=named)

        figures = tune_adapter(
            folders,
            to,
            options=TuneOptions(steps=examples, seed=seed, lora_rate=rate).times(batch),
            model=model,
            precision=precision,
            notes=Notes(source, terms, shlex.join(command)),
            say=bars.console.print,
            report=report,
        )
    typer.echo(json.dumps(figures, indent=1))


def _fit_retrieval(folders: list[Path], to: Path | None, seed: int) -> None:
    from rich.progress import Progress

    from chatrec.fitting import fit_retrieval

    if to is not None:
        raise RequestError(f"--to {to} and --retriever exclude each other: leave one out")
    for folder in folders:
        with Progress() as bars:
            bar = bars.add_task("fitting", total=None)

            def report(step: int, steps: int, figures: Mapping[str, float], bar: Any = bar) -> None:
                named = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
                bars.update(bar, completed=step, total=steps, description=named)

            figures = fit_retrieval(folder, seed=seed, say=bars.console.print, report=report)
        typer.echo(json.dumps(figures, indent=1))


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


@app.command()
def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
    model: Model = None,
    adapter: AdapterFolder = None,
    precision: PrecisionName = "auto",
) -> None:
    """Serve the chat page and the HTTP API."""
    from chatrec.assemble import assemble
    from chatrec.serving.api import serve as run_server

    settings = _settings(data, model, adapter, precision)
    run_server(
        assemble(settings),
        settings.host if host is None else host,
        settings.port if port is None else port,
    )


@app.command()
def prepare() -> None:
    """Convert the default decoder and embed the built-in films, so that later starts are quick."""
    from chatrec.data.workspace import Workspace
    from chatrec.generation.gguf import default_decoder_dir
    from chatrec.retrieval.dense import TextEncoder, item_vectors

    folder = default_decoder_dir()
    films = Workspace.builtin()
    item_vectors(films, TextEncoder(), progress=True)
    typer.echo(f"ready: decoder in {folder}, {len(films.catalog):,} films embedded")


def _recommender(
    data: Path | None, model: str | None, adapter: Path | None, precision: Precision
) -> Recommender:
    from chatrec.assemble import assemble

    return assemble(_settings(data, model, adapter, precision))


def _settings(
    data: Path | None, model: str | None, adapter: Path | None, precision: Precision
) -> Settings:
    given: dict[str, Any] = {"data": data, "model": model, "adapter": adapter}
    chosen = {name: value for name, value in given.items() if value is not None}
    if precision != "auto":
        chosen["precision"] = precision
    return Settings(**chosen)


def _next_line(interactive: bool) -> str | None:
    if interactive:
        sys.stdout.write("> ")
        sys.stdout.flush()
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _lines(reply: Reply) -> list[str]:
    """The reply for a terminal, up to the first item whose reason is still to come."""
    from chatrec.serving.cards import LED_BY_WORDS

    lines = [reply.text]
    for recommendation in reply.recommendations:
        if not (recommendation.rationale or reply.complete):
            return lines
        item = recommendation.item
        genres = f"  [{', '.join(item.genres)}]" if item.genres else ""
        lines.append(f"{recommendation.rank}. {item.label}{genres}")
        lines.append(f"   {recommendation.rationale}")
    if reply.recommendations and reply.complete:
        lines.append(f"   ({LED_BY_WORDS[reply.led_by]})")
    return lines
