"""The command line. It parses, calls one function of the library, prints, and sets the exit code.

Exit codes: 0 done, 2 the caller's mistake (one line on stderr says which).
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatrec.administration import data_app, keys_app
from chatrec.data.printable import json_line
from chatrec.errors import ChatrecError, RequestError
from chatrec.evaluating import evaluate_app
from chatrec.heaps import share_heaps
from chatrec.options import (
    AdapterFolder,
    AsJson,
    Data,
    Model,
    PrecisionName,
    note,
    progress,
    settings_of,
    tell,
)
from chatrec.settings import Precision

if TYPE_CHECKING:
    from chatrec.conversation.recommender import Recommender, Reply
    from chatrec.conversation.state import DialogueState

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(keys_app, name="keys")
app.add_typer(data_app, name="data")

Titles = Annotated[list[str] | None, typer.Option(help="title or id; may be repeated")]
History = Annotated[
    Path | None,
    typer.Option("--history", help="your past: a CSV of Letterboxd, Goodreads, Netflix ..."),
]


def main() -> None:
    """Run the command line; a caller's mistake is one line and exit code 2."""
    share_heaps()
    try:
        app()
    except ChatrecError as error:
        tell(f"chatrec: {error}", err=True)
        sys.exit(2)


@app.command()
def recommend(
    text: Annotated[str, typer.Argument(help="what you want, in your own words")],
    data: Data = None,
    user: Annotated[str | None, typer.Option(help="a user of the workspace")] = None,
    liked: Titles = None,
    disliked: Titles = None,
    history: History = None,
    k: Annotated[int, typer.Option("-k", help="how many items, 1 to 50")] = 5,
    as_json: AsJson = False,
    model: Model = None,
    adapter: AdapterFolder = None,
    precision: PrecisionName = "auto",
) -> None:
    """Answer one request."""
    recommender = _recommender(data, model, adapter, precision)
    state = _brought(history, recommender, recommender.start(user, liked or (), disliked or ()))
    reply = recommender.respond(text, state, k)
    if as_json:
        from chatrec.serving.schema import reply_json

        typer.echo(json_line(reply_json(reply)))
    else:
        tell("\n".join(_lines(reply)))


@app.command()
def chat(
    data: Data = None,
    user: Annotated[str | None, typer.Option(help="a user of the workspace")] = None,
    history: History = None,
    k: Annotated[int, typer.Option("-k", help="how many items, 1 to 50")] = 5,
    model: Model = None,
    adapter: AdapterFolder = None,
    precision: PrecisionName = "auto",
) -> None:
    """Chat in the terminal; reads a pipe too. An empty line is skipped, Ctrl-D ends."""
    recommender = _recommender(data, model, adapter, precision)
    state = _brought(history, recommender, recommender.start(user))
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
                    tell(text)
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
        tell(line)


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
    With --encoder requests are made up from each workspace's catalogue and histories, and the
    embedding model learns to read them; that is kept in the workspace too, or goes to --to. With
    --dialogues (JSON lines, as ReDial's; may be repeated) wishes are ordered as people chose there.
    """
    if to is not None and (retriever or dialogues):
        kept = "--retriever" if retriever else "--dialogues"
        raise RequestError(f"--to {to} and {kept} exclude each other: leave one out")
    if retriever:
        _fit_retrieval(folders, seed)
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
    command += ["--examples", str(examples), "--batch", str(batch)]
    command += ["--rate", str(rate), "--seed", str(seed)]
    with progress("training") as (say, report):
        figures = tune_adapter(
            folders,
            to,
            options=TuneOptions(steps=examples, seed=seed, lora_rate=rate).times(batch),
            model=model,
            precision=precision,
            notes=Notes(source, terms, shlex.join(command)),
            say=say,
            report=report,
        )
    typer.echo(json.dumps(figures, indent=1))


def _fit_retrieval(folders: list[Path], seed: int) -> None:
    from chatrec.fitting import fit_retrieval

    for folder in folders:
        with progress("fitting") as (say, report):
            figures = fit_retrieval(folder, seed=seed, say=say, report=report)
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

    settings = settings_of(data, model, adapter, precision)
    run_server(
        assemble(settings, note),
        settings.host if host is None else host,
        settings.port if port is None else port,
        settings,
    )


@app.command()
def batch(
    users: Annotated[Path, typer.Argument(help="a row a list: user, text, liked, constraints ...")],
    to: Annotated[Path, typer.Option("--to", help=".jsonl, .parquet, or a folder of shards")],
    data: Data = None,
    text: Annotated[
        str, typer.Option(help="the wish of rows without one")
    ] = "recommend me something",
    k: Annotated[int, typer.Option("-k", help="how many items, 1 to 50")] = 5,
    reasons: Annotated[bool, typer.Option(help="or lists only, which takes far less time")] = True,
    seed: Annotated[int, typer.Option(help="seed of the reasons")] = 0,
    shard_size: Annotated[int, typer.Option(help="rows made, and lost by a kill, at a time")] = 200,
    shards: Annotated[str, typer.Option(help="the part to make here, such as 2/4")] = "1/1",
    model: Model = None,
    adapter: AdapterFolder = None,
    precision: PrecisionName = "auto",
) -> None:
    """Make lists, with reasons, for many users; the same command goes on after a kill."""
    from chatrec.batch import BatchOptions, make_lists
    from chatrec.batch_run import Share

    options = BatchOptions(text, k, reasons, seed, shard_size)
    part = Share.parse(shards)
    settings = settings_of(data, model, adapter, precision)
    with progress("making lists", pace_s=3600) as (say, report):
        done = make_lists(users, to, settings, options, share=part, say=say, report=report)
    tell(done.text(to))


@app.command()
def doctor(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="workspace; else the one that is set")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check machine, packages, models, data, database and settings; changes nothing.

    A line a finding: ok, a warning, or wrong, and what to do. The exit code is 2 where anything is
    wrong, else 0.
    """
    from chatrec.doctor.examining import examined
    from chatrec.doctor.findings import report, summary, worst

    findings = []
    for finding in examined(folder):
        findings.append(finding)
        if not as_json:
            tell(finding.line())
    tell(json.dumps(report(findings), indent=1) if as_json else summary(findings))
    raise typer.Exit(2 if worst(findings) == "wrong" else 0)


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

    return assemble(settings_of(data, model, adapter, precision), note)


def _brought(history: Path | None, recommender: Recommender, state: DialogueState) -> DialogueState:
    """The state with the history in a file; what became of its rows goes to stderr."""
    if history is None:
        return state
    from chatrec.conversation.warm_start import history_at, report, with_history

    matched = history_at(history, recommender.catalog, recommender.understanding.titles)
    tell(report(matched), err=True)
    return with_history(state, matched)


def _next_line(interactive: bool) -> str | None:
    if interactive:
        sys.stdout.write("> ")
        sys.stdout.flush()
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _lines(reply: Reply) -> list[str]:
    """The reply for a terminal, up to the first item whose reason is still to come."""
    from chatrec.serving.card_words import led_words

    lines = [reply.text]
    for recommendation in reply.recommendations:
        if not (recommendation.rationale or reply.complete):
            return lines
        item = recommendation.item
        genres = f"  [{', '.join(item.genres)}]" if item.genres else ""
        lines.append(_flat(f"{recommendation.rank}. {item.label}{genres}"))
        lines.append(_flat(f"   {recommendation.rationale}"))
    if reply.recommendations and reply.complete:
        lines.append(f"   ({led_words(reply.led_by, reply.state.language)})")
    return lines


def _flat(text: str) -> str:
    """The text on one line, so that nothing in it looks like a line of ours."""
    return " ".join(text.splitlines())
