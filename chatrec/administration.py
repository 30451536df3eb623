"""``chatrec keys`` and ``chatrec data``: API keys, and what is stored of an owner.

They open the same database as ``chatrec serve`` does with the same settings.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from chatrec.data.printable import written_out
from chatrec.errors import RequestError
from chatrec.settings import Settings

if TYPE_CHECKING:
    from chatrec.storage import KeyEntry, Storage

keys_app = typer.Typer(no_args_is_help=True, help="API keys: make, list, revoke.")
data_app = typer.Typer(no_args_is_help=True, help="What is stored of an owner: export, erase.")

Database = Annotated[
    str | None, typer.Option("--database", help="file or postgresql:// URL; else as configured")
]
Data = Annotated[Path | None, typer.Option("--data", help="the workspace that is served")]
Owner = Annotated[str, typer.Argument(help="whose: local, a key's owner, or OWNER/USER")]
WithUsers = Annotated[
    bool, typer.Option("--with-users", help="and of all users that the owner's keys act for")
]


@keys_app.command("create")
def create_key(
    owner: Annotated[str, typer.Argument(help="whose data requests with the key reach")],
    acts_for_users: Annotated[
        bool, typer.Option("--acts-for-users", help="requests may name user ids, kept apart")
    ] = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Make a key. It is shown now and never again: only a hash of it is kept."""
    missing = _missing(_settings(data, database))
    with _opened(data, database, must_exist=False) as storage:
        new = storage.keys.create(owner, acts_for_users=acts_for_users)
    typer.echo(new.secret)
    if missing is not None:
        typer.echo(written_out(f"made a new database: {missing}"), err=True)


@keys_app.command("list")
def list_keys(data: Data = None, database: Database = None) -> None:
    """List the keys, without their secrets."""
    with _opened(data, database) as storage:
        entries = storage.keys.entries()
    for entry in entries:
        typer.echo(written_out(_line(entry)))


@keys_app.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(help="the 12 digits after chatrec_ in the key")],
    data: Data = None,
    database: Database = None,
) -> None:
    """End a key at once and for good."""
    with _opened(data, database) as storage:
        if not storage.keys.revoke(key_id):
            in_force = [e.key_id for e in storage.keys.entries() if e.revoked is None]
            known = ", ".join(in_force) or "none"
            raise RequestError(f"there is no key {key_id!r} in force; in force are: {known}")
    typer.echo(f"{key_id} is revoked")


@data_app.command("export")
def export_data(
    owner: Owner,
    as_: Annotated[
        Literal["json", "csv"], typer.Option("--as", help="everything, or the feedback as a table")
    ] = "json",
    to: Annotated[Path | None, typer.Option("--to", help="a new file; else stdout")] = None,
    with_users: WithUsers = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Write what is stored of an owner."""
    from chatrec.storage.feedback_csv import feedback_csv

    if as_ == "csv" and with_users:
        raise RequestError("--as csv has the feedback of one owner; leave out --with-users")
    with _opened(data, database) as storage:
        users = _known(storage, owner, with_users)
        if as_ == "csv":
            text = feedback_csv(storage.feedback.events(owner))
        else:
            text = json.dumps(storage.export_of(owner, with_users=with_users), indent=1) + "\n"
    if to is None:
        sys.stdout.write(text)
    else:
        _write_new(to, text)
    if users and not with_users:
        typer.echo(_left(owner, users, "not in this export"), err=True)


@data_app.command("erase")
def erase_data(
    owner: Owner,
    yes: Annotated[bool, typer.Option("--yes", help="don't ask")] = False,
    with_users: WithUsers = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Delete what is stored of an owner: conversations, feedback, profile. Keys in force stay."""
    with _opened(data, database) as storage:
        users = _known(storage, owner, with_users)
        if not yes:
            also = f" and of {len(users)} users of it" if with_users else ""
            typer.confirm(f"Delete all that is stored of {owner!r}{also}, for good?", abort=True)
        storage.erase(owner, with_users=with_users)
        left = [e.key_id for e in storage.keys.entries() if e.owner == owner]
    kept = f"; keys in force: {', '.join(left)}" if left else ""
    also = f" with {len(users)} users" if with_users else ""
    typer.echo(written_out(f"{owner} is erased{also}{kept}"))
    if users and not with_users:
        typer.echo(_left(owner, users, "still there"), err=True)


def _settings(data: Path | None, database: str | None) -> Settings:
    given: dict[str, Any] = {"data": data, "database": database}
    return Settings(**{name: value for name, value in given.items() if value is not None})


def _missing(settings: Settings) -> Path | None:
    """The file that the database would be made in; None where there is one, or on a server."""
    from chatrec.storage.database import address_of

    url = address_of(settings.database_address())
    path = Path(url.database or "").expanduser()
    return path if url.get_backend_name() == "sqlite" and not path.exists() else None


@contextmanager
def _opened(
    data: Path | None, database: str | None, *, must_exist: bool = True
) -> Iterator[Storage]:
    """The storage, closed afterwards; RequestError where a file that must be there is not."""
    from chatrec.storage import open_storage

    settings = _settings(data, database)
    missing = _missing(settings) if must_exist else None
    if missing is not None:
        raise RequestError(
            f"there is no database {str(missing)!r}; give the one that is served with --database "
            "or its workspace with --data, or make one with chatrec keys create"
        )
    storage = open_storage(settings.database_address())
    try:
        yield storage
    finally:
        storage.close()


def _known(storage: Storage, owner: str, with_users: bool) -> tuple[str, ...]:
    """The users that the owner's keys act for; RequestError where nothing is stored of anybody."""
    users = storage.users_of(owner)
    if not (storage.has(owner) or (with_users and users)):
        raise RequestError(
            f"nothing is stored of {owner!r}; allowed are 'local', a key's owner (chatrec keys "
            "list) or OWNER/USER for a user that a key acts for"
        )
    return users


def _left(owner: str, users: tuple[str, ...], where: str) -> str:
    """What is said of users that an act on their owner leaves alone."""
    return written_out(
        f"chatrec: {len(users)} users that keys of {owner} act for are {where} (such as "
        f"{users[0]!r}): add --with-users for them"
    )


def _line(entry: KeyEntry) -> str:
    parts = [entry.key_id, entry.owner, f"made {entry.created:%Y-%m-%d}"]
    parts.append("never used" if entry.last_used is None else f"last used {entry.last_used}")
    parts += ["acts for users"] if entry.acts_for_users else []
    parts += [] if entry.revoked is None else [f"revoked {entry.revoked:%Y-%m-%d}"]
    return "  ".join(parts)


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            path.chmod(0o600)
            file.write(text)
    except OSError as error:
        raise RequestError(
            f"cannot write {str(path)!r} ({error.strerror}); "
            "name a new file in a folder that exists"
        ) from error
