"""Settings of a running chatrec: each default is stated here, once.

Read from ``chatrec.toml`` in the working directory, from files named after settings in the folder
``CHATREC_SETTINGS_DIR`` (``chatrec_database``, say: containers are handed secrets so) and from
``CHATREC_*`` environment variables; the last wins. Only the edge (command line, ``app.py``,
assemble) reads settings; the parts take plain arguments.
"""

from __future__ import annotations

import hashlib
import os
from difflib import get_close_matches
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from chatrec.errors import RequestError, shortened

PREFIX, FILE = "CHATREC_", "chatrec.toml"
SETTINGS_DIR = f"{PREFIX}SETTINGS_DIR"
Precision = Literal["auto", "bf16", "nf4"]
LoraKind = Literal["lora", "rslora", "dora", "pissa"]
Reading = Literal["both", "rules"]
Tone = Literal["plain", "warm", "playful", "expert"]
Logs = Literal["quiet", "plain", "json"]
PROJECT_DIR = Path(__file__).resolve().parent.parent


def cache_dir() -> Path:
    """Where derived files go: ``$CHATREC_CACHE``, or ``~/.cache/chatrec``."""
    given = os.environ.get("CHATREC_CACHE", "")
    return Path(given).expanduser() if given else Path.home() / ".cache" / "chatrec"


def state_dir() -> Path:
    """Where conversations are kept: ``chatrec`` in ``$XDG_STATE_HOME`` or ``~/.local/state``."""
    given = os.environ.get("XDG_STATE_HOME", "")
    return (Path(given) if given else Path.home() / ".local" / "state") / "chatrec"


class Settings(BaseSettings):
    """What can be set, with its default. Unknown keys in the file are refused.

    RequestError, in one line, for what can't be read or isn't allowed.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=FILE, extra="forbid", frozen=True
    )

    data: Path | None = Field(None, description="workspace folder; None: the built-in films")
    model: str | None = Field(None, description="decoder: name, path or URL; None: the default")
    adapter: Path | None = Field(
        None, description="adapter folder; None: the shipped one where it fits the decoder"
    )
    adapters: tuple[Path, ...] = Field(
        (), description="further adapter folders, which a request may name by the folder's name"
    )
    precision: Precision = "auto"
    tone: Tone | None = Field(
        None, description="how reasons speak: plain, warm, playful, expert; None: as the domain"
    )
    understanding: Reading = Field(
        "both",
        description="what reads messages: rules, or both rules and the default decoder on a "
        "catalogue of films",
    )
    encoder_adapter: Path | None = Field(
        None,
        description="what tunes the reading of wishes; None: the workspace's own or the shipped",
    )
    vector_database: str | None = Field(
        None, description="libpq address of a PostgreSQL with pgvector; None: vectors in memory"
    )
    database: str | None = Field(
        None,
        description="file or postgresql:// URL for conversations, feedback and keys; None: a file "
        "for each workspace in the user's state folder",
    )
    retention_days: int | None = Field(
        None, ge=1, description="days after which what is stored goes; None: it stays"
    )
    host: str = "127.0.0.1"
    port: int = Field(7860, ge=1, le=65535)
    allow_anyone: bool = Field(
        False,
        description="whether callers from other machines need no key; else a key is asked of all",
    )
    allowed_hosts: tuple[str, ...] = Field(
        (), description="further names that the server may be called by, without a port"
    )
    cors_origins: tuple[str, ...] = Field(
        (), description='origins whose pages may call the API, such as "https://shop.example"'
    )
    image_hosts: tuple[str, ...] = Field(
        (), description="hosts, by https, that the page may show pictures from"
    )
    turns_at_once: int = Field(
        8, ge=1, le=64, description="messages answered at the same time; they share the decoder"
    )
    max_waiting: int = Field(64, ge=1, le=10_000, description="messages in line at most")
    max_waiting_each: int = Field(32, ge=1, le=10_000, description="of them, of one owner")
    turn_timeout_s: float = Field(
        120, gt=0, le=3600, description="seconds in which a message must begin, and end in haste"
    )
    drain_s: float = Field(
        30, ge=0, le=3600, description="seconds that a SIGTERM leaves to what is being answered"
    )
    logs: Logs = Field(
        "quiet", description="quiet: only what is wrong; plain or json: a line a request"
    )
    pool_size: int = Field(200, ge=5, description="candidates handed to the ranker")

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise RequestError(_refused(error)) from error
        except (TOMLDecodeError, UnicodeDecodeError) as error:
            raise RequestError(f"{FILE} can't be read ({error}); correct it") from error
        except SettingsError as error:
            raise RequestError(
                f"{error}; in the environment lists are JSON, such as "
                f"{PREFIX}ALLOWED_HOSTS='[\"films.example\"]'"
            ) from error

    def database_address(self) -> str:
        """Where to keep what is stored: as set, or the workspace's file in the state folder.

        Item ids mean nothing in another catalogue, so each workspace has a file of its own.
        """
        if self.database is not None:
            return self.database
        if self.data is None:
            return str(state_dir() / "films.db")
        folder = self.data.expanduser().resolve()
        mark = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
        return str(state_dir() / f"{folder.name}-{mark}.db")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the folder of secrets, then the file."""
        folder = os.environ.get(SETTINGS_DIR)
        if folder and not Path(folder).is_dir():
            raise RequestError(f"{SETTINGS_DIR} is {folder!r}, which is no folder; give one")
        secrets = SecretsSettingsSource(settings_cls, secrets_dir=folder or None)
        return init_settings, env_settings, secrets, TomlConfigSettingsSource(settings_cls)


def _refused(error: ValidationError) -> str:
    """The first thing that isn't allowed, and where it may have come from."""
    first = error.errors(include_url=False)[0]
    name = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        near = get_close_matches(name, Settings.model_fields, 1)
        meant = f"is {near[0]!r} meant? Correct" if near else "take it out of"
        return f"{name!r} is no setting; {meant} {FILE}"
    said = first["msg"][0].lower() + first["msg"][1:]
    return (
        f"the setting {name} is {shortened(first['input'])}; {said}; "
        f"correct {PREFIX}{name.upper()}, {FILE} or the argument"
    )
