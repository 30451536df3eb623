"""What several commands share: their options, a progress bar, a note to the user.

Knows the terminal; knows nothing about what a command does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from chatrec.data.printable import written_out
from chatrec.settings import Precision, Settings, Tone

Data = Annotated[Path | None, typer.Option("--data", help="workspace folder; else built-in films")]
Model = Annotated[str | None, typer.Option("--model", help="decoder: name, folder or URL")]
AdapterFolder = Annotated[Path | None, typer.Option("--adapter", help="adapter folder")]
AdapterFolders = Annotated[
    list[Path] | None,
    typer.Option("--adapter", help="adapter folder; give more for requests to choose by name"),
]
PrecisionName = Annotated[Precision, typer.Option("--precision", help="weights of the decoder")]
ToneName = Annotated[
    Tone | None, typer.Option("--tone", help="how reasons speak; else as suits the domain")
]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object on stdout")]
Report = Callable[[int, int, Mapping[str, float]], None]


@contextmanager
def progress(doing: str, pace_s: float = 30.0) -> Iterator[tuple[Callable[[str], None], Report]]:
    """A progress bar on stderr: where to say something, and where to report a step.

    The time left is estimated from the pace of the last ``pace_s`` seconds.
    """
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), speed_estimate_period=pace_s) as bars:
        bar = bars.add_task(doing, total=None)

        def report(step: int, steps: int, figures: Mapping[str, float]) -> None:
            named = ", ".join(f"{name} {value:.3f}" for name, value in figures.items()) or doing
            bars.update(bar, completed=step, total=steps, description=named)

        def say(text: str) -> None:
            bars.console.print(written_out(text), markup=False, highlight=False)

        yield say, report


def note(text: str) -> None:
    """Tell the user without touching what a program reads from stdout."""
    tell(f"chatrec: {text}", err=True)


def tell(text: str, *, err: bool = False) -> None:
    """Print text from anywhere: nothing in it steers the terminal."""
    typer.echo(written_out(text), err=err)


def settings_of(
    data: Path | None,
    model: str | None,
    adapter: Path | None,
    precision: Precision,
    tone: Tone | None = None,
    adapters: Sequence[Path] = (),
) -> Settings:
    """The configured settings with what was given on the command line in their place.

    ``adapters`` are those beside ``adapter``.
    """
    given: dict[str, Any] = {"data": data, "model": model, "adapter": adapter, "tone": tone}
    given["adapters"] = tuple(adapters) or None
    chosen = {name: value for name, value in given.items() if value is not None}
    if precision != "auto":
        chosen["precision"] = precision
    return Settings(**chosen)
