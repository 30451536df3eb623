"""The workspace: a folder with a validated catalogue and its interactions, sealed by checksums.

catalog.parquet interactions.parquet report.json manifest.json    written once, by an import
cache/                                                            what others can compute again
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from chatrec.data.catalog import Catalog, builtin_films
from chatrec.data.interactions import Histories
from chatrec.data.quality import QualityReport
from chatrec.errors import DataError, RequestError
from chatrec.settings import cache_dir
from chatrec.types import NO_FACTS, Interaction, Item

FORMAT = 1
CATALOG, INTERACTIONS, REPORT = "catalog.parquet", "interactions.parquet", "report.json"
MANIFEST = "manifest.json"
EMPTY_INTERACTIONS = pl.DataFrame(
    schema={
        "user_id": pl.String,
        "item_id": pl.String,
        "timestamp": pl.Float64,
        "weight": pl.Float64,
    }
)
SEALED = (CATALOG, INTERACTIONS, REPORT)
_LISTS = ("genres", "creators", "cast", "countries", "keywords")
_TEXTS = ("item_id", "title", "language", "age_rating", "description", "facts")
CATALOG_SCHEMA = (
    dict.fromkeys(_TEXTS, pl.String)
    | dict.fromkeys(_LISTS, pl.List(pl.String))
    | {"year": pl.Int32, "runtime_min": pl.Int32, "price": pl.Float64}
)
_PARQUET = b"PAR1"
_AGAIN = "import the data again"


class Workspace:
    """A catalogue with its interactions. Use ``open`` or ``builtin``."""

    def __init__(self, catalog: Catalog, path: Path | None) -> None:
        self.catalog = catalog
        self.path = path

    @classmethod
    def open(cls, path: Path | str) -> Workspace:
        """The workspace in the folder ``path``.

        Raises DataError if that is none, was written by another version, or was altered since.
        """
        path = Path(path)
        try:
            manifest = _manifest(path)
            for name, checksum in _seals(path, manifest).items():
                _check_seal(path / name, checksum)
        except OSError as error:
            raise DataError(
                f"{path} can't be read ({error.strerror}): check the path and who may read it"
            ) from error
        frame = _table(path / CATALOG, CATALOG_SCHEMA)
        try:
            items = [_item(row) for row in frame.iter_rows(named=True)]
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise DataError(f"{path / CATALOG} is damaged ({error}): {_AGAIN}") from error
        return cls(Catalog(items, manifest["domain"]), path)

    @classmethod
    def builtin(cls) -> Workspace:
        """The films that come with the package; no interactions, ``path`` None."""
        return cls(builtin_films(), None)

    @property
    def domain(self) -> str:
        """What the items are, for instance "film"."""
        return self.catalog.domain

    @cached_property
    def interactions(self) -> tuple[Interaction, ...]:
        """All interactions in the order of the file; read at the first use."""
        return _interactions(self._frame)

    @cached_property
    def histories(self) -> Histories:
        """Everybody's interactions as arrays, oldest first; made at the first use."""
        return Histories.from_frame(self._frame, self.catalog)

    @cached_property
    def _frame(self) -> pl.DataFrame:
        if self.path is None:
            return EMPTY_INTERACTIONS
        return _table(self.path / INTERACTIONS, EMPTY_INTERACTIONS.schema)

    def history(self, user_id: str) -> tuple[Interaction, ...]:
        """The user's interactions, oldest first; RequestError for an unknown user.

        Interactions of one time, or without any, stay in the order of the file, those without
        before the others.
        """
        rows = self._frame.filter(pl.col("user_id") == user_id)
        if rows.is_empty():
            users = self._frame["user_id"]
            known = f"such as {users[0]!r}" if len(users) else "as it has no interactions"
            raise RequestError(
                f"unknown user {user_id!r}; the workspace has {users.n_unique():,} users, "
                f"{known}: use one of its users, or name liked titles instead"
            )
        return _interactions(rows.sort("timestamp", nulls_last=False, maintain_order=True))

    @cached_property
    def report(self) -> QualityReport | None:
        """What the import found; None for the built-in films."""
        if self.path is None:
            return None
        try:
            return QualityReport.from_json(json.loads((self.path / REPORT).read_text("utf-8")))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise DataError(
                f"{self.path / REPORT} is no quality report ({error!r}): {_AGAIN}"
            ) from error

    @cached_property
    def cache_path(self) -> Path:
        """The folder for what can be computed again, whether it is there or not.

        For the built-in films it is below ``$CHATREC_CACHE``, else below ``~/.cache/chatrec``. The
        manifest's checksums don't cover it; its files carry their own.
        """
        if self.path is None:
            return cache_dir() / f"builtin-{self.catalog.checksum[:12]}"
        return self.path / "cache"

    @cached_property
    def cache_dir(self) -> Path:
        """``cache_path``, made where it isn't there; DataError where it can't be."""
        try:
            self.cache_path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(
                f"{self.cache_path} can't be made ({error}): let chatrec write there, or set "
                "CHATREC_CACHE for the built-in films"
            ) from error
        return self.cache_path

    def write_cached(self, name: str, content: bytes) -> Path:
        """Put a file into ``cache_dir``, whole or not at all, and return its path.

        Others may write it at the same time, the last one's stays. DataError where there is no
        room.
        """
        target = self.cache_dir / name
        part = target.with_name(f".{name}.{secrets.token_hex(4)}")
        try:
            part.write_bytes(content)
            part.replace(target)
        except OSError as error:
            raise DataError(f"{target} can't be written ({error}): free space") from error
        finally:
            part.unlink(missing_ok=True)
        return target


def sha256_of(path: Path) -> str:
    """sha256 of a file's content, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _interactions(frame: pl.DataFrame) -> tuple[Interaction, ...]:
    columns = ("user_id", "item_id", "timestamp", "weight")
    return tuple(map(Interaction, *(frame[name].to_list() for name in columns)))


def _manifest(path: Path) -> dict[str, Any]:
    file = path / MANIFEST
    if not file.is_file():
        raise DataError(
            f"{path} is no workspace (it has no {MANIFEST}): make one with "
            f"'chatrec import CATALOG --to {path}'"
        )
    try:
        manifest = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} is damaged ({error}): {_AGAIN}") from error
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise DataError(f"{file} has the format {found!r}, this version reads {FORMAT}: {_AGAIN}")
    return dict(manifest)


def _seals(path: Path, manifest: dict[str, Any]) -> dict[str, str]:
    """The checksum of each file that the workspace must have; DataError where one has none."""
    try:
        sealed = {name: str(manifest["files"][name]["sha256"]) for name in SEALED}
        domain = manifest["domain"]
    except (KeyError, TypeError) as error:
        raise DataError(
            f"{path / MANIFEST} is damaged: it has no checksum or no domain ({error!r}): {_AGAIN}"
        ) from error
    if not isinstance(domain, str) or not domain:
        raise DataError(f"{path / MANIFEST} is damaged: its domain is {domain!r}: {_AGAIN}")
    return sealed


def _table(file: Path, schema: Mapping[str, Any]) -> pl.DataFrame:
    """The sealed table's columns of ``schema``; DataError where it is none or has others."""
    try:
        with file.open("rb") as opened:
            magic = opened.read(len(_PARQUET))
        if magic != _PARQUET:
            raise DataError(f"{file} is no Parquet file (it begins with {magic!r}): {_AGAIN}")
        frame = pl.read_parquet(file, columns=list(schema))
    except (pl.exceptions.PolarsError, OSError) as error:
        line = str(error).splitlines()[0]
        raise DataError(f"{file} can't be read as Parquet ({line}): {_AGAIN}") from error
    for name, wanted in schema.items():
        if frame.schema[name] != wanted:
            raise DataError(
                f"{file}: column {name!r} is {frame.schema[name]}, {wanted} is needed: {_AGAIN}"
            )
    return frame


def _check_seal(file: Path, checksum: str) -> None:
    if not file.is_file():
        raise DataError(f"{file} is missing from the workspace: {_AGAIN}")
    found = sha256_of(file)
    if found != checksum:
        raise DataError(
            f"{file} was altered: its sha256 is {found[:12]}..., the manifest says "
            f"{checksum[:12]}...: {_AGAIN}"
        )


def _item(row: dict[str, Any]) -> Item:
    given = json.loads(row.pop("facts"))
    facts = {name: value for name, value in given.items() if value is not None}
    values: dict[str, Any] = {n: tuple(row[n]) if n in _LISTS else row[n] for n in row}
    return Item(**values, facts=MappingProxyType(facts) if facts else NO_FACTS)
