"""The command line. It parses, calls one function of the library, prints, and sets the exit code.

Exit codes: 0 done, 2 the caller's mistake (one line on stderr says which).
"""

from __future__ import annotations

import json
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatrec.administration import data_app, keys_app
from chatrec.data.printable import json_line
from chatrec.errors import ChatrecError, RequestError, shortened
from chatrec.evaluating import evaluate_app
from chatrec.heaps import share_heaps
from chatrec.options import (
    AdapterFolder,
    AdapterFolders,
    AsJson,
    Data,
    Model,
    PrecisionName,
    ToneName,
    note,
    progress,
    settings_of,
    tell,
)
from chatrec.settings import Precision, Tone
from chatrec.tune_command import tune

if TYPE_CHECKING:
    from chatrec.conversation.recommender import Recommender, Reply
    from chatrec.conversation.state import DialogueState

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(keys_app, name="keys")
app.add_typer(data_app, name="data")
app.command()(tune)

Titles = Annotated[list[str] | None, typer.Option(help="title or id; may be repeated")]
History = Annotated[
    Path | None,
    typer.Option("--history", help="your past: a CSV of Letterboxd, Goodreads, Netflix ..."),
]


def main() -> None:
    """Run the command line; a caller's mistake is one line and exit code 2.

    Letters that the terminal's encoding lacks are printed by their numbers.
    """
    share_heaps()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
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
    tone: ToneName = None,
) -> None:
    """Answer one request."""
    recommender = _recommender(data, model, adapter, precision, tone)
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
    tone: ToneName = None,
) -> None:
    """Chat in the terminal; reads a pipe too. An empty line is skipped, Ctrl-D ends."""
    recommender = _recommender(data, model, adapter, precision, tone)
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
def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
    model: Model = None,
    adapters: AdapterFolders = None,
    precision: PrecisionName = "auto",
    tone: ToneName = None,
) -> None:
    """Serve the chat page and the HTTP API."""
    from chatrec.assemble import assemble
    from chatrec.serving.api import serve as run_server

    first, further = (adapters[0], adapters[1:]) if adapters else (None, [])
    settings = settings_of(data, model, first, precision, tone, further)
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
    data: Path | None,
    model: str | None,
    adapter: Path | None,
    precision: Precision,
    tone: Tone | None,
) -> Recommender:
    from chatrec.assemble import assemble

    return assemble(settings_of(data, model, adapter, precision, tone), note)


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
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise RequestError(
            f"the input has {shortened(error.object[error.start : error.end])}, which is no "
            f"{error.encoding}; send text in {error.encoding}"
        ) from error
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
